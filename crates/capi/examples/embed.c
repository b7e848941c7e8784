/* A host in C: a function of its own, a call with text and a dict, an error with its line, limits, and a stop from another
 * thread. Prints what it has seen; the test of the crate compares that. */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "remora.h"

static const char PROGRAM[] =
    "func greet(name) { return \"hello ${name}, you are number ${count(name)}\" }\n"
    "func total(order) { return order[\"price\"] * order[\"count\"] }\n"
    "func fails() {\n"
    "    return count(1, 2)\n"
    "}\n"
    "func forever() { loop { } }\n"
    "func hungry() { mut xs := []; loop { xs.push(xs) } }\n";

/* Counts its calls, and takes only text. */
static int32_t count(void *user_data, const RemoraValue *arguments, size_t n, RemoraValue *result) {
    int *calls = user_data;
    if (n != 1 || arguments[0].kind != REMORA_KIND_STRING) {
        remora_fail("count takes one text");
        return 1;
    }
    *result = remora_int(++*calls);
    return 0;
}

static int32_t print(void *user_data, int32_t stream, const char *text, size_t length) {
    (void)user_data;
    (void)stream;
    fwrite(text, 1, length, stdout);
    return 0;
}

/* Says what went wrong; gives whether anything did. */
static int failed(const char *what, RemoraStatus status) {
    RemoraError error;
    if (status == REMORA_STATUS_OK) return 0;
    remora_last_error(&error);
    printf("%s: status %d, code %s, line %" PRIu32 ": %s\n", what, (int)status, error.code, error.line,
           error.message);
    return 1;
}

static void *stop(void *vm) {
    remora_interrupt(*(uint64_t *)vm);
    return NULL;
}

int main(void) {
    int calls = 40;
    RemoraHostFunction functions[] = {{"count", -1, count, &calls}};
    uint64_t engine, module, vm;
    if (failed("engine", remora_engine_new(functions, 1, &engine))) return 1;
    if (failed("compile", remora_compile(engine, "program.ruff", PROGRAM, strlen(PROGRAM), &module))) return 1;
    RemoraSettings settings = {.fuel = 50000000, .memory = 1 << 20, .write = print};
    if (failed("vm", remora_vm_new(module, &settings, &vm))) return 1;
    if (failed("run", remora_run(vm, NULL))) return 1;

    /* A call with text. */
    RemoraValue name, result;
    remora_string("Ann", 3, &name);
    for (int n = 0; n < 2; n++) {
        if (failed("greet", remora_call(vm, "greet", &name, 1, &result))) return 1;
        printf("%.*s\n", (int)result.length, result.text);
        remora_release(&result);
    }
    remora_release(&name);

    /* A call with a dict. */
    RemoraValue order, key, item;
    remora_dict(&order);
    remora_string("price", 5, &key);
    item = remora_float(2.5);
    remora_dict_set(&order, &key, &item);
    remora_release(&key);
    remora_string("count", 5, &key);
    item = remora_int(4);
    remora_dict_set(&order, &key, &item);
    remora_release(&key);
    if (failed("total", remora_call(vm, "total", &order, 1, &result))) return 1;
    printf("total %.1f\n", result.number);
    remora_release(&order);

    /* What goes wrong is said, and the VM goes on. */
    failed("fails", remora_call(vm, "fails", NULL, 0, NULL));
    failed("hungry", remora_call(vm, "hungry", NULL, 0, NULL));
    failed("no such function", remora_call(vm, "greets", NULL, 0, NULL));
    failed("no VM", remora_call(engine, "greet", NULL, 0, NULL));
    failed("no place", remora_vm_new(module, NULL, NULL));
    uint64_t other;
    failed("wrong", remora_compile(engine, "wrong.ruff", "print(coun(1))", 14, &other));

    /* A stop from another thread. */
    pthread_t thread;
    pthread_create(&thread, NULL, stop, &vm);
    RemoraStatus stopped = remora_call(vm, "forever", NULL, 0, NULL);
    pthread_join(thread, NULL);
    printf("stopped: %s\n", stopped == REMORA_STATUS_LIMIT ? "yes" : "no");

    remora_vm_free(vm);
    failed("freed", remora_run(vm, NULL));
    remora_module_free(module);
    remora_engine_free(engine);
    return 0;
}
