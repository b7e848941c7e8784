//! Printed forms.

use remora_vm::heap::{Buf, Heap};
use remora_vm::limits::Free;
use remora_vm::object::{ErrorObject, Queue, Range, Set};
use remora_vm::ops::print::{self, MAX_BYTES};
use remora_vm::value::{BuiltinId, FunctionId, TypeId, Value};

use crate::fixture::{EMPTY, P, SHAPE, array, assert_empty, dict, heap, heap_of, string};

/// Prints a value and releases it.
fn display(heap: &mut Heap, value: Value) -> String {
    let shown = print::display(heap, value, &mut Free).unwrap();
    heap.release(value);
    shown
}

/// The debug form of a value, which is released.
fn debug(heap: &mut Heap, value: Value) -> String {
    let shown = print::debug(heap, value, &mut Free).unwrap();
    heap.release(value);
    shown
}

#[test]
fn numbers_and_other_immediates() {
    let heap = &mut heap();
    for (value, shown) in [
        (Value::NULL, "null"),
        (Value::NONE, "None"),
        (Value::TRUE, "true"),
        (Value::int(i64::MIN), "-9223372036854775808"),
        (Value::float(10.0), "10"),
        (Value::float(-0.0), "-0"),
        (Value::float(0.1 + 0.2), "0.30000000000000004"),
        (Value::float(1e21), "1000000000000000000000"),
        (Value::float(1e-7), "0.0000001"),
        (Value::float(123_456_789_012_345_680.0), "123456789012345680"),
        (Value::function(FunctionId(0)), "<function main>"),
        (Value::function(FunctionId(1)), "<function <lambda>>"),
        (Value::builtin(BuiltinId(0)), "<native function: print>"),
        (Value::type_ref(P), "<struct P>"),
        (Value::type_ref(TypeId(1)), "<enum Shape>"),
    ] {
        assert_eq!(display(heap, value), shown);
    }
    let long = display(heap, Value::float(f64::MIN_POSITIVE));
    assert_eq!(long.parse::<f64>().unwrap().to_bits(), f64::MIN_POSITIVE.to_bits());
    assert!(!long.contains('e'));
}

#[test]
fn containers() {
    let heap = &mut heap();
    let text = string(heap, "a");
    let inner = array(heap, &[Value::float(2.0), Value::NULL]);
    let value = array(heap, &[Value::int(1), text, inner]);
    assert_eq!(display(heap, value), "[1, a, [2, null]]");
    let value = heap.new_record(P, &[Value::int(1), Value::float(2.5)]).unwrap();
    assert_eq!(display(heap, value), "P { x: 2.5, y: 1 }");
    let value = heap.new_record(EMPTY, &[]).unwrap();
    assert_eq!(display(heap, value), "P {  }".replace('P', "Empty"));
    for (variant, payload, shown) in [
        (0, &[Value::int(5)][..], "Shape::Circle(5)"),
        (1, &[Value::int(3), Value::int(4)], "Shape::Rect { h: 4, w: 3 }"),
        (2, &[], "Shape::Unit"),
    ] {
        let value = heap.new_variant(SHAPE, variant, payload).unwrap();
        assert_eq!(display(heap, value), shown);
    }
    let text = string(heap, "e");
    let value = heap.new_err(text).unwrap();
    assert_eq!(display(heap, value), "Err(e)");
    let value = heap.new_some(Value::NONE).unwrap();
    assert_eq!(display(heap, value), "Some(None)");
    let value = heap.new_range(Range::new(0, 3)).unwrap();
    assert_eq!(display(heap, value), "0..3");
    let values = [string(heap, "boom"), Value::NULL, Value::NULL, Value::NULL, array(heap, &[])];
    let value = heap.new_error(ErrorObject { values, line: 3, origin: None }).unwrap();
    assert_eq!(display(heap, value), "Error { line: 3, message: boom, stack: [] }");
    assert_empty(heap);
}

#[test]
fn keys_are_sorted_and_strings_among_them_quoted() {
    let heap = &mut heap();
    let keys = ["b", "a", "é", "Z"].map(|it| string(heap, it));
    let mut pairs: Vec<_> = keys.into_iter().map(|key| (key, Value::int(0))).collect();
    pairs.extend([
        (Value::TRUE, Value::int(1)),
        (Value::int(10), Value::int(2)),
        (Value::float(2.5), Value::int(3)),
        (Value::int(-1), Value::int(4)),
    ]);
    let value = dict(heap, &pairs);
    assert_eq!(
        display(heap, value),
        "{-1: 4, 2.5: 3, 10: 2, \"Z\": 0, \"a\": 0, \"b\": 0, \"é\": 0, true: 1}"
    );
    assert_empty(heap);
}

#[test]
fn kinds_that_are_only_made_by_functions() {
    let heap = &mut heap();
    let mut set = Set::new();
    for key in [3, 1, 2] {
        let key = heap.key(Value::int(key)).unwrap();
        set.insert(heap.memory_mut(), key, ()).unwrap();
    }
    let value = heap.new_set(set).unwrap();
    assert_eq!(display(heap, value), "Set {1, 2, 3}");
    let mut queue = Queue::new();
    queue.push_back(heap.memory_mut(), Value::int(1)).unwrap();
    let value = heap.new_queue(queue).unwrap();
    assert_eq!(display(heap, value), "Queue [1]");
    let stack = Buf::copy_of(heap.memory_mut(), &[Value::int(1), Value::int(2)]).unwrap();
    let value = heap.new_stack(stack).unwrap();
    assert_eq!(display(heap, value), "Stack [1, 2]");
    let bytes = Buf::copy_of(heap.memory_mut(), b"hi").unwrap();
    let value = heap.new_bytes(bytes).unwrap();
    assert_eq!(display(heap, value), "bytes [104, 105]");
    assert_empty(heap);
}

#[test]
fn debug_names_kinds() {
    let heap = &mut heap();
    let text = string(heap, "a\"\n\u{1}");
    let inner = array(heap, &[Value::int(1), Value::float(2.5), text]);
    assert_eq!(debug(heap, inner), "Array[Int(1), Float(2.5), String(\"a\\\"\\n\\u{1}\")]");
    let key = string(heap, "k");
    let value = dict(heap, &[(key, Value::NULL)]);
    assert_eq!(debug(heap, value), "Dict{k: Null}");
    assert_empty(heap);
}

#[test]
fn deep_values_are_cut_without_recursion() {
    let run = || {
        let heap = &mut heap_of(1 << 30);
        let mut value = Value::NULL;
        for _ in 0..300_000 {
            value = array(heap, &[value]);
        }
        let shown = display(heap, value);
        assert_eq!(shown, format!("{}...{}", "[".repeat(128), "]".repeat(128)));
        assert_empty(heap);
    };
    std::thread::Builder::new().stack_size(256 * 1024).spawn(run).unwrap().join().unwrap();
}

#[test]
fn a_value_that_prints_exponentially_is_cut() {
    let heap = &mut heap();
    let mut value = string(heap, "ä");
    for _ in 0..60 {
        heap.retain(value);
        value = array(heap, &[value, value]);
    }
    let shown = display(heap, value);
    assert!(shown.len() <= MAX_BYTES + 3 && shown.len() > MAX_BYTES - 3, "{}", shown.len());
    assert!(shown.ends_with("..."));
    let long = string(heap, &"x".repeat(3 * MAX_BYTES));
    assert_eq!(display(heap, long).len(), 3 * MAX_BYTES);
    assert_empty(heap);
}
