//! Functions of the host, as scripts call them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use remora::{Ctx, Engine, EngineBuilder, Error, ErrorKind, Function, Rest, Settings, Value, Vm};
use remora_diagnostics::Code;

type OfInt = Function<(i64,), i64>;

fn twice(n: i64) -> i64 {
    n * 2
}

fn builder() -> EngineBuilder {
    Engine::builder()
        .function("nothing", || ())
        .function("twice", twice)
        .function("mix", |a: i64, b: &str, c: f64, d: bool| format!("{a}{b}{c}{d}"))
        .function("maybe", |a: Option<i64>, b: Option<&str>| (a, b.map(str::to_owned)))
        .function("count", |first: &str, rest: Rest<i64>| {
            format!("{first}{}", rest.iter().sum::<i64>())
        })
        .function("small", |n: u8| n)
        .function("parse", |text: &str| text.parse::<i64>())
        .function("all", |items: Vec<i64>| items.into_iter().map(|it| it + 1).collect::<Vec<_>>())
        .function("sums", |by: BTreeMap<String, Vec<f64>>| {
            by.into_iter()
                .map(|(key, it)| (key, it.iter().sum::<f64>()))
                .collect::<BTreeMap<_, _>>()
        })
        .function("say", |ctx: &mut Ctx<'_>, text: &str| ctx.print(text))
        .function("tally", |ctx: &mut Ctx<'_>, n: i64| -> Option<i64> {
            let sum = ctx.get::<i64>()?;
            *sum += n;
            Some(*sum)
        })
        .function("eight", |a: i64, b: i64, c: i64, d: i64, e: i64, f: i64, g: i64, h: i64| {
            a + b + c + d + e + f + g + h
        })
        .function("size", |bytes: &[u8]| bytes.len())
        .function("huge", || u64::MAX)
        .function("burst", |text: String| -> i64 { panic!("no {text}") })
        .module("db", |it| it.function("find", |n: i64| n + 100).function("name", || "db"))
}

fn vm(text: &str) -> Vm {
    let module = builder().build().compile("host.ruff", text).expect("the program compiles");
    Vm::new(&module, Settings::default())
}

/// What the last expression of a program gives.
fn value(text: &str) -> Result<Value, Error> {
    let module = builder().build().compile_expression("host.ruff", text).expect("it compiles");
    Vm::new(&module, Settings::default()).run()
}

fn shown(text: &str) -> String {
    let module = builder().build().compile_expression("host.ruff", text).expect("it compiles");
    Vm::new(&module, Settings::default()).run_shown().expect("it runs").unwrap_or_default()
}

#[test]
fn arguments_and_results_have_their_types() {
    assert_eq!(value("nothing()").unwrap(), Value::Null);
    assert_eq!(value("twice(21)").unwrap(), Value::Int(42));
    assert_eq!(shown("mix(1, \"x\", 2, true)"), "1x2true");
    assert_eq!(
        shown("[maybe(), maybe(1), maybe(null, \"b\"), maybe(Some(3), \"b\")]"),
        "[[null, null], [1, null], [null, b], [3, b]]"
    );
    assert_eq!(shown("count(\"n\")"), "n0");
    assert_eq!(shown("count(\"n\", 1, 2, 3)"), "n6");
    assert_eq!(shown("all(map([1, 2], twice))"), "[3, 5]");
    assert_eq!(shown("sums({\"b\": [1, 2.5], \"a\": [1]})"), "{\"a\": 1, \"b\": 3.5}");
    assert_eq!(shown("eight(1, 2, 3, 4, 5, 6, 7, 8)"), "36");
    assert_eq!(shown("size(bytes([1, 2, 3]))"), "3");
    assert_eq!(shown("4 |> twice() |> twice()"), "16");
}

#[test]
fn what_does_not_fit_is_an_error_that_says_so() {
    let error = |text: &str| {
        let error = value(text).unwrap_err();
        (error.code(), error.message().to_owned())
    };
    assert_eq!(
        error("twice(\"x\")"),
        (Code::R0004, "twice expects an int as argument 1, got string".to_owned())
    );
    assert_eq!(
        error("small(256)"),
        (Code::R0004, "small expects an int from 0 to 255 as argument 1, got 256".to_owned())
    );
    assert_eq!(
        error("all([1, null])"),
        (Code::R0004, "all expects an int as element 1 as argument 1, got null".to_owned())
    );
    assert_eq!(error("twice()"), (Code::R0006, "twice expects 1 arguments, got 0".to_owned()));
    assert_eq!(error("maybe(1, \"\", 3)").0, Code::R0006);
    assert_eq!(error("huge()").0, Code::R0020);
    assert_eq!(shown("func f() { try { twice(null) } except e { return e.code } }\nf()"), "R0004");
}

#[test]
fn names_are_known_to_the_compiler() {
    let engine = builder().build();
    let rejected = engine.compile("a.ruff", "twise(1)").unwrap_err();
    let help = rejected.diagnostics[0].help.join("");
    assert!(help.contains("`twice`"), "{help}");
    let rejected = engine.compile("a.ruff", "db.fnd(1)").unwrap_err();
    let help = rejected.diagnostics[0].help.join("");
    assert!(help.contains("`db.find`"), "{help}");
    assert!(Engine::new().compile("a.ruff", "twice(1)").is_err(), "other engines do not know it");
}

#[test]
fn functions_of_modules_are_called_through_their_name() {
    assert_eq!(shown("db.find(1)"), "101");
    assert_eq!(shown("map([1, 2], db.find)"), "[101, 102]");
    assert_eq!(shown("1 |> db.find()"), "101");
    assert_eq!(shown("f := db.name; f()"), "db");
    assert_eq!(shown("db := [1, 2]; db.find((n) => n > 1)"), "2", "a variable comes first");
}

#[test]
fn errors_keep_their_source() {
    let error = value("parse(\"x\")").unwrap_err();
    assert_eq!((error.code(), error.kind()), (Code::R0026, ErrorKind::Host));
    assert_eq!(error.message(), "invalid digit found in string");
    let source = std::error::Error::source(&error).expect("the host's error");
    assert!(source.is::<std::num::ParseIntError>());
    let again = value("try { parse(\"x\") } except e { throw(e) }").unwrap_err();
    assert!(std::error::Error::source(&again).is_some(), "thrown again it is the same");
    assert_eq!(
        shown("func f() { try { parse(\"x\") } except e { return e.message } }\nf()"),
        "invalid digit found in string"
    );
    #[cfg(feature = "render")]
    assert!(error.render().contains("parse(\"x\")"), "{}", error.render());
    assert_eq!(error.frames().count(), 1);
}

#[test]
fn a_panic_is_an_error_of_the_script() {
    let mut vm = vm(
        "func f() { return burst(\"luck\") }\nfunc g() { try { burst(\"a\") } except e { return e.code } }",
    );
    vm.run().unwrap();
    let error = vm.call("f", ()).unwrap_err();
    assert_eq!((error.code(), error.kind()), (Code::R0032, ErrorKind::Panic));
    assert_eq!(error.message(), "burst panicked: no luck");
    assert_eq!(vm.call_as::<String>("g", ()).unwrap(), "R0032");
}

#[test]
fn the_host_keeps_things_with_the_vm() {
    let mut vm = vm("func f(n) { return tally(n) }");
    vm.run().unwrap();
    assert_eq!(vm.call("f", (1,)).unwrap(), Value::Null);
    assert_eq!(vm.insert(40_i64), None);
    assert_eq!(vm.call_as::<i64>("f", (2,)).unwrap(), 42);
    assert_eq!(vm.get::<i64>(), Some(&mut 42));
}

#[test]
fn functions_have_types_and_closures_come_out() {
    let mut vm = vm(
        "func add(a, b) { return a + b }\nfunc adder(n) { return (x) => x + n }\nfunc bad() { return \"x\" }",
    );
    vm.run().unwrap();
    let add: Function<(i64, i64), i64> = vm.function("add").unwrap();
    assert_eq!(add.call(&mut vm, (1, 2)).unwrap(), 3);
    assert_eq!(vm.function::<(i64,), i64>("add").unwrap_err().code(), Code::R0006);
    assert_eq!(vm.function::<(), i64>("sub").unwrap_err().code(), Code::R0010);
    let bad: Function<(), i64> = vm.function("bad").unwrap();
    assert_eq!(bad.call(&mut vm, ()).unwrap_err().code(), Code::R0004);

    let adder: Function<(i64,), Function<(i64,), i64>> = vm.function("adder").unwrap();
    let before = vm.live_objects();
    let five = adder.call(&mut vm, (5,)).unwrap();
    assert!(vm.live_objects() > before);
    assert_eq!(five.call(&mut vm, (37,)).unwrap(), 42);
    drop(five);
    vm.call("add", (1, 1)).unwrap();
    assert_eq!(vm.live_objects(), before, "nothing is held without its handle");
}

#[test]
fn closures_go_into_the_host_and_handles_know_their_vm() {
    let kept: Arc<Mutex<Vec<OfInt>>> = Arc::default();
    let shelf = Arc::clone(&kept);
    let engine =
        Engine::builder().function("on", move |f: OfInt| shelf.lock().unwrap().push(f)).build();
    let module = engine.compile("on.ruff", "n := 10\non((x) => x + n)\non((x) => x * n)").unwrap();
    let mut vm = Vm::new(&module, Settings::default());
    vm.run().unwrap();
    let functions: Vec<_> = std::mem::take(&mut *kept.lock().unwrap());
    let results: Vec<i64> = functions.iter().map(|it| it.call(&mut vm, (5,)).unwrap()).collect();
    assert_eq!(results, [15, 50]);
    let mut other = Vm::new(&module, Settings::default());
    assert_eq!(functions[0].call(&mut other, (5,)).unwrap_err().code(), Code::R0033);
    drop(vm);
    drop(functions);
}

#[test]
fn builtins_are_called_as_values() {
    let mut vm = vm("func pick(n) { return [upper, map, twice, db.find][n] }");
    vm.run().unwrap();
    let upper: Function<(&str,), String> = vm.call_as("pick", (0,)).unwrap();
    assert_eq!(upper.call(&mut vm, ("a",)).unwrap(), "A");
    let map: Function<(Vec<i64>, OfInt), Vec<i64>> = vm.call_as("pick", (1,)).unwrap();
    let twice: Function<(i64,), i64> = vm.call_as("pick", (2,)).unwrap();
    assert_eq!(map.call(&mut vm, (vec![1, 2], twice.clone())).unwrap(), [2, 4]);
    assert_eq!(twice.call(&mut vm, (4,)).unwrap(), 8);
    let wrong: Function<(&str, i64), String> = vm.call_as("pick", (0,)).unwrap();
    assert_eq!(wrong.call(&mut vm, ("a", 1)).unwrap_err().code(), Code::R0006);
}

#[test]
fn engines_are_shared_between_threads() {
    let sum = Arc::new(AtomicI64::new(0));
    let counter = Arc::clone(&sum);
    let engine = Engine::builder()
        .function("note", move |n: i64| {
            counter.fetch_add(n, Ordering::Relaxed);
        })
        .build();
    let module = engine.compile("note.ruff", "for i in 0..100 { note(i) }").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| Vm::new(&module, Settings::default()).run().unwrap());
        }
    });
    assert_eq!(sum.load(Ordering::Relaxed), 4 * 4950);
}
