//! The table is whole, and nothing in it can be broken from outside.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::*;
use crate::heap::{Buf, Heap};
use crate::host::{Args, Host, HostCx, Native};
use crate::limits::fuel::Fuel;
use crate::object::{Array, Queue, Range};
use crate::ops::print;
use crate::shape::TypeTable;
use crate::value::{BuiltinId, Tag, Value};

#[test]
#[cfg(feature = "reference")]
fn every_row_says_all_there_is_to_say() {
    for row in all() {
        let name = row.name();
        assert!(row.signature.contains(") -> "), "{name}: signature without a result");
        assert!(row.reference.doc.ends_with('.'), "{name}: doc is no sentence");
        assert!(!row.reference.cost.is_empty() && !row.reference.since.is_empty(), "{name}");
        assert!(row.is_hidden() || !row.reference.example.0.is_empty(), "{name}: no example");
        assert!(
            !matches!(row.call, Call::Never) || !row.methods.is_empty(),
            "{name}: cannot be called"
        );
    }
}

#[test]
fn no_name_stands_for_two_functions() {
    let mut seen = BTreeSet::new();
    for row in all().filter(|it| !matches!(it.call, Call::Never)) {
        for name in row.names() {
            assert!(seen.insert(name), "two rows for {name}");
        }
    }
}

#[test]
fn script_rows_name_functions_of_the_prelude() {
    let defined = |name: &str| {
        ["func", "func*", "async func"]
            .iter()
            .any(|word| crate::prelude::SOURCE.contains(&format!("\n{word} {name}(")))
    };
    for row in all() {
        let methods = row.methods.iter().filter_map(|(_, method)| match method {
            Method::Script(name) | Method::ScriptInPlace(name) => Some(*name),
            Method::Function | Method::Native(_) | Method::InPlace(_) => None,
        });
        let call = match row.call {
            Call::Script(name) => Some(name),
            Call::Native(_) | Call::Async | Call::Task(_) | Call::Never => None,
        };
        for name in methods.chain(call) {
            assert!(defined(name), "{}: the prelude has no {name}", row.name());
        }
    }
}

#[test]
fn methods_are_found_by_kind() {
    let registry = Registry::core();
    let push = registry.methods_named("push").unwrap();
    let found = registry.method(push.find(Tag::Array).unwrap()).unwrap();
    assert!(found.how.changes());
    assert_eq!(registry.get(found.builtin).unwrap().name, "push");
    assert!(push.find(Tag::Int).is_none());
    let contains = registry.methods_named("contains").unwrap();
    assert!(contains.find(Tag::String).is_some() && contains.find(Tag::Dict).is_some());
    assert!(registry.methods_named("no_such_method").is_none());
    assert_eq!(registry.get(registry.find("append").unwrap()).unwrap().name, "append");
}

/// A heap, and what a call needs beside it.
struct Bench {
    heap: Heap,
    host: Host,
}

impl Bench {
    fn new() -> Self {
        let types = Arc::new(TypeTable::default());
        Self { heap: Heap::new(1 << 20, 7, types), host: Host::new(|_, _| Ok(()), 1) }
    }

    /// A value of each kind and of each size that has ever hurt anybody; each new, with one owner.
    fn values(&mut self) -> Vec<Value> {
        let ints = [0, 1, -1, 2, 3, 64, 1 << 31, 1 << 32, 1 << 53, i64::MAX, i64::MIN];
        let floats =
            [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 2.5, 1e308, -1e-320, 9.3e18];
        let mut values =
            vec![Value::NULL, Value::TRUE, Value::FALSE, Value::NONE, Value::builtin(BuiltinId(0))];
        values.extend(ints.map(Value::int));
        values.extend(floats.map(Value::float));
        let heap = &mut self.heap;
        let long = "long ".repeat(300);
        for text in [
            "",
            "a",
            ",",
            "b",
            "a,b,,c",
            "héllo → 世界 🎉",
            "%s%5d%-3.1f%",
            "%99999999999d",
            " 42 ",
            "1e5",
            "aGk=",
            "../a//b.c",
            &long,
        ] {
            values.push(heap.new_string(text).unwrap());
        }
        let inner = |heap: &mut Heap, items: &[Value]| {
            let body = Array::from_values(heap.memory_mut(), items).unwrap();
            heap.new_array(body).unwrap()
        };
        let text = |heap: &mut Heap, text: &str| heap.new_string(text).unwrap();
        let (a, b) = (text(heap, "b"), text(heap, "a"));
        let nested = inner(heap, &[Value::int(1), Value::TRUE]);
        let lists = [
            vec![],
            vec![Value::int(3), Value::int(1), Value::int(2), Value::int(1)],
            vec![Value::float(f64::NAN), Value::float(-0.0), Value::float(0.0), Value::float(1.5)],
            vec![Value::TRUE, Value::FALSE],
            vec![a, b],
            vec![Value::int(i64::MAX), Value::int(i64::MAX), Value::float(0.5)],
            vec![nested, Value::NULL, Value::int(1), Value::float(f64::NAN)],
        ];
        for list in &lists {
            values.push(inner(heap, list));
        }
        let pair = inner(heap, &[Value::int(1), Value::int(2)]);
        let pairs = inner(heap, &[pair]);
        values.push(pairs);
        for len in [0, 1, 40] {
            let mut cx_values = Vec::new();
            for at in 0..len {
                cx_values.push((Value::int(at), Value::int(at % 3)));
            }
            let dict = heap.new_dict(crate::object::Dict::new()).unwrap();
            let set = heap.new_set(crate::object::Set::new()).unwrap();
            for (key, value) in cx_values {
                let key = heap.key(key).unwrap();
                let (body, mem) = heap.dict_mut(dict).unwrap();
                body.insert(mem, key, value).unwrap();
                let (body, mem) = heap.set_mut(set).unwrap();
                body.insert(mem, key, ()).unwrap();
            }
            values.extend([dict, set]);
        }
        let mut queue = Queue::new();
        queue.push_back(heap.memory_mut(), Value::int(1)).unwrap();
        values.push(heap.new_queue(queue).unwrap());
        let stack = Buf::copy_of(heap.memory_mut(), &[Value::int(1), Value::int(2)]).unwrap();
        values.push(heap.new_stack(stack).unwrap());
        let bytes = Buf::copy_of(heap.memory_mut(), &[0u8, 104, 255]).unwrap();
        values.push(heap.new_bytes(bytes).unwrap());
        for range in [
            Some(Range::new(0, 3)),
            Some(Range::inclusive(i64::MIN, i64::MAX)),
            Range::stepped(i64::MAX, i64::MIN, -7),
        ]
        .into_iter()
        .flatten()
        {
            values.push(heap.new_range(range).unwrap());
        }
        values.push(heap.new_ok(Value::int(1)).unwrap());
        values.push(heap.new_err(Value::NULL).unwrap());
        values.push(heap.new_some(Value::float(f64::NAN)).unwrap());
        values
    }

    /// Calls one with these arguments, which stay the caller's; `owned` gives it a first one that nobody else sees. `room`
    /// is how many bytes it may use.
    fn call(
        &mut self,
        name: &'static str,
        call: MethodHow,
        given: &[Value],
        fuel: u64,
        room: usize,
        owned: bool,
    ) {
        let mut slots = given.to_vec();
        slots.iter().for_each(|it| self.heap.retain(*it));
        if owned && let Some(first) = slots.first_mut() {
            self.heap.make_unique(first).unwrap();
        }
        let live = self.heap.live_bytes();
        self.heap.memory_mut().account_mut().set_limit(live + room);
        let mut fuel = Fuel::new(fuel, None);
        let native = Native::named(name);
        let mut cx = HostCx::new(&mut self.heap, &mut fuel, &mut self.host, &native);
        let result = match call {
            MethodHow::Native(call) => call(&mut cx, Args::new(&mut slots)),
            MethodHow::InPlace(call) => match slots.split_first_mut() {
                Some((place, args)) => call(&mut cx, place, Args::new(args)),
                None => return,
            },
            MethodHow::Script(_) | MethodHow::ScriptInPlace(_) => return,
        };
        match result {
            Ok(value) => {
                let shown = print::debug(&self.heap, value, &mut crate::limits::Free);
                assert!(shown.is_ok(), "{name}: a result that cannot be shown");
                self.heap.release(value);
            }
            Err(fault) => self.heap.release(fault.thrown.unwrap_or_default()),
        }
        self.heap.release_all(slots);
        self.heap.memory_mut().account_mut().set_limit(1 << 20);
    }
}

/// All that can be called natively, with the least and most arguments to try.
fn natives() -> Vec<(&'static str, MethodHow, Signature, Kinds)> {
    let mut found = Vec::new();
    for row in all() {
        let signature = || Signature::read(row.signature);
        if let Call::Native(call) = row.call {
            found.push((row.name(), MethodHow::Native(call), signature(), Kinds::ANY));
        }
        for &(kinds, method) in row.methods {
            match method {
                Method::Native(call) => {
                    found.push((row.name(), MethodHow::Native(call), signature(), kinds));
                }
                Method::InPlace(call) => {
                    found.push((row.name(), MethodHow::InPlace(call), signature(), kinds));
                }
                Method::Function | Method::Script(_) | Method::ScriptInPlace(_) => {}
            }
        }
    }
    found
}

/// Runs `check` on every native row with many lists of arguments, and asks that nothing stays behind.
fn with_hostile_arguments(
    n_lists: u64,
    mut check: impl FnMut(&mut Bench, &'static str, MethodHow, &[Value], u64),
) {
    let mut bench = Bench::new();
    let mut random = random::Random::new(11);
    for (name, call, signature, kinds) in natives() {
        let most = signature.max.unwrap_or(3);
        for n_args in signature.min..=most {
            let n_lists = if n_args == 0 { 2 } else { n_lists * n_args as u64 };
            let values = bench.values();
            bench.heap.clear_caches();
            let before = (bench.heap.live_objects(), bench.heap.live_bytes());
            for turn in 0..n_lists {
                let mut pick = |at: usize| {
                    // The first argument takes each value in turn; the others are drawn.
                    let drawn = if at == 0 { turn } else { random.next_u64() };
                    values[usize::try_from(drawn % values.len() as u64).unwrap()]
                };
                let args: Vec<Value> = (0..n_args).map(&mut pick).collect();
                if args.first().is_some_and(|it| !kinds.has(it.tag())) {
                    continue;
                }
                check(&mut bench, name, call, &args, turn);
                bench.heap.clear_caches();
                let after = (bench.heap.live_objects(), bench.heap.live_bytes());
                assert_eq!(before, after, "{name}{args:?} leaves something behind");
            }
            bench.heap.release_all(values);
        }
    }
}

#[test]
fn hostile_arguments_do_no_harm() {
    with_hostile_arguments(200, |bench, name, call, args, turn| {
        bench.call(name, call, args, 1 << 20, 1 << 19, turn % 3 == 0);
    });
}

#[test]
fn fuel_may_end_anywhere() {
    with_hostile_arguments(200, |bench, name, call, args, turn| {
        bench.call(name, call, args, turn % 37, 1 << 19, turn % 3 == 0);
    });
}

#[test]
fn memory_may_end_anywhere() {
    with_hostile_arguments(200, |bench, name, call, args, turn| {
        let room = usize::try_from(turn % 13).unwrap() * 48;
        bench.call(name, call, args, 1 << 20, room, turn % 3 == 0);
    });
}

#[test]
fn what_has_one_owner_is_changed_in_place() {
    let mut bench = Bench::new();
    let body = Array::from_values(bench.heap.memory_mut(), &[Value::int(1)]).unwrap();
    let array = bench.heap.new_array(body).unwrap();
    let mut fuel = Fuel::new(u64::MAX, None);
    let native = Native::named("push");
    let mut cx = HostCx::new(&mut bench.heap, &mut fuel, &mut bench.host, &native);
    let registry = Registry::core();
    let Call::Native(push) = registry.get(registry.find("push").unwrap()).unwrap().row.call else {
        panic!()
    };
    let pushed = push(&mut cx, Args::new(&mut [array, Value::int(2)])).unwrap();
    assert!(pushed.is_same(array), "moved in, so it is not copied");
    bench.heap.retain(pushed);
    let mut cx = HostCx::new(&mut bench.heap, &mut fuel, &mut bench.host, &native);
    let copy = push(&mut cx, Args::new(&mut [pushed, Value::int(3)])).unwrap();
    assert!(!copy.is_same(pushed), "somebody else sees it, so it is copied");
    assert_eq!(bench.heap.len_of(pushed), Some(2));
}
