/* Remora for C: run Ruff programs inside a program that is already alive.
 *
 * Handles are numbers: 0 is none, and one that is wrong or was given back is REMORA_STATUS_MISUSE, as is a null pointer. A
 * pointer that is not null must point to as much as its length says, and functions of the host must be callable on any
 * thread that uses their VM. A VM is used by one thread at a time; only remora_interrupt may be called meanwhile.
 *
 * Written from crates/capi/src: REMORA_BLESS=1 cargo test -p remora-capi header */

#ifndef REMORA_H
#define REMORA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

// How a call went. `remora_last_error` says more if it is not `REMORA_OK`.
typedef enum RemoraStatus {
  // All went well.
  REMORA_STATUS_OK = 0,
  // The program does not compile, or the bytes are no sound module.
  REMORA_STATUS_REJECTED = 1,
  // The script failed with an error that it did not catch.
  REMORA_STATUS_FAILED = 2,
  // The run reached a limit, or was interrupted. The VM can be used again.
  REMORA_STATUS_LIMIT = 3,
  // The script called `exit`: no failure. The code is `exit_code` of the last error.
  REMORA_STATUS_EXIT = 4,
  // The call was wrong: a null pointer, a handle that is none, text that is not UTF-8. Nothing has happened.
  REMORA_STATUS_MISUSE = 5,
  // A defect of Remora. What was being used should be freed.
  REMORA_STATUS_PANIC = 6,
} RemoraStatus;

// What kind of value it is.
typedef enum RemoraKind {
  // Null.
  REMORA_KIND_NULL = 0,
  // A bool: `integer` is 0 or 1.
  REMORA_KIND_BOOL = 1,
  // An int: `integer`.
  REMORA_KIND_INT = 2,
  // A float: `number`.
  REMORA_KIND_FLOAT = 3,
  // Text: `text` and `length`, in UTF-8.
  REMORA_KIND_STRING = 4,
  // Bytes: `text` and `length`.
  REMORA_KIND_BYTES = 5,
  // An array: `length`, `remora_at`.
  REMORA_KIND_ARRAY = 6,
  // A dict: `length`, `remora_field`, `remora_key`, `remora_at`.
  REMORA_KIND_DICT = 7,
  // Anything else, such as a function or a struct: it can be shown, and given back to its VM.
  REMORA_KIND_OTHER = 8,
} RemoraKind;

// What went wrong. All texts end with a zero and are good until the next call of a function of Remora on the same thread.
typedef struct RemoraError {
  // What the failing call gave.
  enum RemoraStatus status;
  // What `exit` was called with; 0 otherwise.
  int32_t exit_code;
  // The code of the error, such as `R0007`; empty for a misuse.
  const char *code;
  // The message, in a line.
  const char *message;
  // The error with an excerpt of the source, in several lines.
  const char *rendered;
  // The line of the program where it happened, from 1; 0 if unknown.
  uint32_t line;
} RemoraError;

// A value. Whoever is given one with a `handle` that is not 0 releases it with `remora_release`; arguments of functions of
// the host are released by Remora. What `text` points to is good as long as the handle.
typedef struct RemoraValue {
  // The kind: one of `RemoraKind`.
  uint32_t kind;
  // What is behind it; 0 if everything stands here.
  uint64_t handle;
  // The int, or 0 or 1 for a bool.
  int64_t integer;
  // The float.
  double number;
  // The text or the bytes.
  const char *text;
  // How many bytes, elements or entries.
  size_t length;
} RemoraValue;

// A function of the host: looks at its arguments and writes its result, which is null unless it does. Gives 0, or anything
// else if it fails, after `remora_fail`. It may be called on any thread that runs a VM of its engine, and cannot run that VM.
typedef int32_t (*RemoraFunction)(void *user_data,
                                  const struct RemoraValue *arguments,
                                  size_t n_arguments,
                                  struct RemoraValue *result);

// A function of the host, as an engine is told of it.
typedef struct RemoraHostFunction {
  // What scripts call it: `name`, or `module.name`.
  const char *name;
  // How many arguments it takes; below 0 for any number.
  int32_t n_parameters;
  // What is called.
  RemoraFunction function;
  // What it is given with each call. It must be good as long as the engine and its modules and VMs.
  void *user_data;
} RemoraHostFunction;

// Takes what a program prints: `stream` is 1 for standard output, 2 for standard error. Gives 0, or anything else to end the
// program.
typedef int32_t (*RemoraWrite)(void *user_data, int32_t stream, const char *text, size_t length);

// What a VM may use. All zero is what scripts may use unless said otherwise: 1 GiB, 200,000 calls.
typedef struct RemoraSettings {
  // Units of work: calls, turns of loops, work of builtins; 0 for no limit.
  uint64_t fuel;
  // Live bytes of values; 0 for 1 GiB.
  uint64_t memory;
  // Calls that may be open at once; 0 for 200,000.
  uint32_t frames;
  // How long the VM may run, in milliseconds from when it is made; 0 for no limit.
  uint64_t timeout;
  // Most bytes that may be printed; 0 for no limit.
  uint64_t output;
  // Takes what is printed; null for the process's own streams.
  RemoraWrite write;
  // What that is given. It must be good as long as the VM, on any thread that uses the VM.
  void *user_data;
} RemoraSettings;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// What went wrong in the last call on this thread that gave anything but `REMORA_OK`; all zero if none did.
enum RemoraStatus remora_last_error(struct RemoraError *error);

// Null.
struct RemoraValue remora_null(void);

// A bool: false for 0.
struct RemoraValue remora_bool(int32_t it);

// An int.
struct RemoraValue remora_int(int64_t it);

// A float.
struct RemoraValue remora_float(double it);

// Copies a text in UTF-8, which need not end with a zero. The value is to be released.
enum RemoraStatus remora_string(const char *text, size_t length, struct RemoraValue *value);

// Makes an empty array, which is to be released.
enum RemoraStatus remora_array(struct RemoraValue *value);

// Appends a copy of an item to an array.
enum RemoraStatus remora_array_push(struct RemoraValue *array, const struct RemoraValue *item);

// Makes an empty dict, which is to be released.
enum RemoraStatus remora_dict(struct RemoraValue *value);

// Adds an entry with copies of key and item to a dict. Of two entries with the same key the later one counts.
enum RemoraStatus remora_dict_set(struct RemoraValue *dict,
                                  const struct RemoraValue *key,
                                  const struct RemoraValue *item);

// How many elements or entries a collection has, or bytes a text.
enum RemoraStatus remora_length(const struct RemoraValue *value, size_t *length);

// Copies an element of an array, or the value of an entry of a dict, counted from 0. The copy is to be released.
enum RemoraStatus remora_at(const struct RemoraValue *value,
                            size_t index,
                            struct RemoraValue *item);

// Copies the key of an entry of a dict, counted from 0. The copy is to be released.
enum RemoraStatus remora_key(const struct RemoraValue *value, size_t index, struct RemoraValue *key);

// Copies what a dict holds under a text, which ends with a zero. The copy is to be released.
enum RemoraStatus remora_field(const struct RemoraValue *value, const char *name, struct RemoraValue *item);

// Gives a value back, and makes it null. Nothing happens to one without a handle.
enum RemoraStatus remora_release(struct RemoraValue *value);

// Says why the function of the host that runs on this thread is about to fail. The script sees it as `e.message`.
enum RemoraStatus remora_fail(const char *message);

// Makes an engine with all builtins and these functions of the host. `functions` may be null if there are none.
//
// Names are those that a script can say, also `module.name`.
enum RemoraStatus remora_engine_new(const struct RemoraHostFunction *functions,
                                    size_t n_functions,
                                    uint64_t *engine);

// Gives an engine back; its modules stay. 0 is nothing.
enum RemoraStatus remora_engine_free(uint64_t engine);

// Compiles a program. `name` is what messages call it.
enum RemoraStatus remora_compile(uint64_t engine,
                                 const char *name,
                                 const char *text,
                                 size_t length,
                                 uint64_t *module);

// Loads a module from bytes, as `remora_module_bytes` or `remora build` write them. They are checked first: bytes of
// strangers do no harm.
enum RemoraStatus remora_load(uint64_t engine,
                              const char *name,
                              const uint8_t *bytes,
                              size_t length,
                              uint64_t *module);

// The bytes of a module, as a value of the kind `REMORA_BYTES`, which is to be released.
enum RemoraStatus remora_module_bytes(uint64_t module, struct RemoraValue *bytes);

// Gives a module back; its VMs stay. 0 is nothing.
enum RemoraStatus remora_module_free(uint64_t module);

// Makes a VM for a module. Nothing runs yet. `settings` may be null.
enum RemoraStatus remora_vm_new(uint64_t module, const struct RemoraSettings *settings, uint64_t *vm);

// Gives a VM back; one that runs goes when it has ended. 0 is nothing.
enum RemoraStatus remora_vm_free(uint64_t vm);

// Runs the top level of the program. `result` may be null; else it is to be released.
enum RemoraStatus remora_run(uint64_t vm, struct RemoraValue *result);

// Calls a function of the program by its name. `result` may be null; else it is to be released.
enum RemoraStatus remora_call(uint64_t vm,
                              const char *name,
                              const struct RemoraValue *arguments,
                              size_t n_arguments,
                              struct RemoraValue *result);

// What `print` shows of a value, as a value of the kind `REMORA_STRING`, which is to be released.
enum RemoraStatus remora_show(uint64_t vm, const struct RemoraValue *value, struct RemoraValue *text);

// Stops what the VM runs, from any thread, with `REMORA_LIMIT` and the code L0007. One that does not run stops as soon as it
// does.
enum RemoraStatus remora_interrupt(uint64_t vm);

// Units of work that the VM has used.
enum RemoraStatus remora_vm_fuel_used(uint64_t vm, uint64_t *fuel);

// Bytes of values that live in the VM.
enum RemoraStatus remora_vm_live_bytes(uint64_t vm, uint64_t *bytes);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* REMORA_H */
