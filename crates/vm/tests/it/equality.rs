//! Deep equality.

use remora_vm::heap::Heap;
use remora_vm::limits::Free;
use remora_vm::ops::equal::equal;
use remora_vm::value::Value;

use crate::fixture::{P, SHAPE, array, assert_empty, dict, heap, heap_of, string};

/// Compares both ways round, and releases both.
fn same(heap: &mut Heap, a: Value, b: Value) -> bool {
    let forth = equal(heap, a, b, &mut Free).unwrap();
    assert_eq!(forth, equal(heap, b, a, &mut Free).unwrap());
    heap.release_all([a, b]);
    forth
}

#[test]
fn numbers_compare_by_value() {
    let heap = &mut heap();
    assert!(same(heap, Value::int(1), Value::float(1.0)));
    assert!(!same(heap, Value::int(9_007_199_254_740_993), Value::float(9_007_199_254_740_992.0)));
    assert!(!same(heap, Value::float(f64::NAN), Value::float(f64::NAN)));
    assert!(!same(heap, Value::TRUE, Value::int(1)));
    assert!(!same(heap, Value::NULL, Value::FALSE));
    assert!(!same(heap, Value::NULL, Value::NONE));
    assert!(same(heap, Value::float(0.0), Value::float(-0.0)));
}

#[test]
fn nan_shows_inside_a_shared_array() {
    let heap = &mut heap();
    for items in [&[Value::float(f64::NAN)][..], &[Value::NULL, Value::float(f64::NAN)]] {
        let array = array(heap, items);
        heap.retain(array);
        assert!(!same(heap, array, array));
    }
    assert_empty(heap);
}

#[test]
fn the_order_of_a_dict_does_not_matter() {
    let heap = &mut heap();
    let build = |heap: &mut Heap, order: &[i64]| {
        let pairs: Vec<_> = order.iter().map(|&at| (Value::int(at), Value::int(at))).collect();
        dict(heap, &pairs)
    };
    let (a, b) = (build(heap, &[1, 2, 3]), build(heap, &[3, 1, 2]));
    assert!(same(heap, a, b));
    let (a, b) = (build(heap, &[1, 2, 3]), build(heap, &[1, 2, 4]));
    assert!(!same(heap, a, b));
    let (a, b) = (build(heap, &[1, 2, 3]), build(heap, &[1, 2]));
    assert!(!same(heap, a, b));
    assert_empty(heap);
}

#[test]
fn structs_and_enum_values_compare_by_type_and_content() {
    let heap = &mut heap();
    let record = |heap: &mut Heap, x| heap.new_record(P, &[Value::int(1), Value::int(x)]).unwrap();
    let (a, b) = (record(heap, 2), record(heap, 2));
    assert!(same(heap, a, b));
    let (a, b) = (record(heap, 2), record(heap, 3));
    assert!(!same(heap, a, b));
    let variant = |heap: &mut Heap, at| heap.new_variant(SHAPE, at, &[Value::int(1)]).unwrap();
    let (a, b) = (variant(heap, 0), variant(heap, 0));
    assert!(same(heap, a, b));
    let (a, b) = (variant(heap, 0), variant(heap, 2));
    assert!(!same(heap, a, b));
    let (a, b) = (heap.new_ok(Value::int(1)).unwrap(), heap.new_err(Value::int(1)).unwrap());
    assert!(!same(heap, a, b));
    assert_empty(heap);
}

#[test]
fn deep_values_compare_without_recursion() {
    let run = || {
        let heap = &mut heap_of(1 << 30);
        let deep = |heap: &mut Heap, end: &str| {
            let mut value = string(heap, end);
            for at in 0..300_000 {
                value = if at % 2 == 0 {
                    array(heap, &[Value::int(1), value])
                } else {
                    heap.new_some(value).unwrap()
                };
            }
            value
        };
        let (a, b) = (deep(heap, "end"), deep(heap, "end"));
        assert!(same(heap, a, b));
        let (a, b) = (deep(heap, "end"), deep(heap, "other"));
        assert!(!same(heap, a, b));
        assert_empty(heap);
    };
    std::thread::Builder::new().stack_size(256 * 1024).spawn(run).unwrap().join().unwrap();
}

#[test]
fn comparing_is_charged() {
    struct Little(u64);
    impl remora_vm::limits::Charge for Little {
        fn charge(&mut self, units: u64) -> remora_vm::fault::Res<()> {
            match self.0.checked_sub(units) {
                Some(left) => self.0 = left,
                None => {
                    let code = remora_diagnostics::Code::L0001;
                    return Err(remora_vm::fault::Fault::new(code, "no fuel left"));
                }
            }
            Ok(())
        }
    }
    let heap = &mut heap();
    let mut value = Value::NULL;
    for _ in 0..60 {
        heap.retain(value);
        value = array(heap, &[value, value]);
    }
    // 2^60 elements, in 60 objects.
    assert!(equal(heap, value, value, &mut Little(100_000)).is_err());
    heap.release(value);
    assert_empty(heap);
}

#[test]
fn errors_and_closures_have_an_identity() {
    let heap = &mut heap();
    let error = |heap: &mut Heap| {
        let values = [Value::NULL; 5];
        let error = remora_vm::object::ErrorObject { values, line: 1, origin: None };
        heap.new_error(error).unwrap()
    };
    let (a, b) = (error(heap), error(heap));
    assert!(!same(heap, a, b));
    let a = error(heap);
    heap.retain(a);
    assert!(same(heap, a, a));
    assert_empty(heap);
}
