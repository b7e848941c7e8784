//! Places inside variables: only what is on the way is copied, and failures leave everything as it was.

use remora_diagnostics::Code;
use remora_vm::heap::Heap;
use remora_vm::limits::Free;
use remora_vm::ops::path::{Step, load, store, with_place};
use remora_vm::ops::print::display;
use remora_vm::value::Value;

use crate::fixture::{P, array, assert_empty, dict, heap, string};

fn show(heap: &Heap, value: Value) -> String {
    display(heap, value, &mut Free).unwrap()
}

/// `{"rows": [P { y: [1, 2], x: 0 }, 5]}`, and the names it is made of.
fn nested(heap: &mut Heap) -> (Value, [Value; 2]) {
    let names = [string(heap, "rows"), string(heap, "y")];
    let cells = array(heap, &[Value::int(1), Value::int(2)]);
    let record = heap.new_record(P, &[cells, Value::int(0)]).unwrap();
    let rows = array(heap, &[record, Value::int(5)]);
    heap.retain(names[0]);
    (dict(heap, &[(names[0], rows)]), names)
}

#[test]
fn a_store_copies_what_others_see() {
    let mut heap = heap();
    let (mut mine, [rows, y]) = nested(&mut heap);
    let yours = mine;
    heap.retain(yours);
    let path = [
        Step::Index(rows),
        Step::Index(Value::int(0)),
        Step::Field(y),
        Step::Index(Value::int(-1)),
    ];
    store(&mut heap, &mut mine, &path, Value::int(9), &mut Free).unwrap();
    assert_eq!(show(&heap, mine), "{\"rows\": [P { x: 0, y: [1, 9] }, 5]}");
    assert_eq!(show(&heap, yours), "{\"rows\": [P { x: 0, y: [1, 2] }, 5]}");
    let found = load(&mut heap, mine, &path, &mut Free).unwrap();
    assert_eq!(found.to_int(), Some(9));
    heap.release_all([mine, yours, rows, y]);
    assert_empty(&mut heap);
}

#[test]
fn a_store_into_what_is_owned_copies_nothing() {
    let mut heap = heap();
    let (mut mine, [rows, y]) = nested(&mut heap);
    let before = (heap.live_objects(), heap.live_bytes());
    let path = [Step::Field(rows), Step::Index(Value::int(0)), Step::Field(y)];
    let at = [path[0], path[1], path[2], Step::Index(Value::int(0))];
    store(&mut heap, &mut mine, &at, Value::int(7), &mut Free).unwrap();
    assert_eq!((heap.live_objects(), heap.live_bytes()), before);
    let pushed = with_place(&mut heap, &mut mine, &path, &mut Free, |heap, place| {
        heap.make_unique(place)?;
        let (array, mem) = heap.array_mut(*place).unwrap();
        array.push(mem, Value::int(3))?;
        Ok(array.len())
    });
    assert_eq!(pushed.unwrap(), 3);
    assert_eq!(show(&heap, mine), "{\"rows\": [P { x: 0, y: [7, 2, 3] }, 5]}");
    heap.release_all([mine, rows, y]);
    assert_empty(&mut heap);
}

#[test]
fn elements_of_packed_arrays_are_places_too() {
    let mut heap = heap();
    let mut numbers = array(&mut heap, &[Value::int(1), Value::int(2)]);
    let path = [Step::Index(Value::int(1))];
    let text = string(&mut heap, "now a text");
    with_place(&mut heap, &mut numbers, &path, &mut Free, |_, place| {
        assert_eq!(place.to_int(), Some(2));
        *place = text;
        Ok(())
    })
    .unwrap();
    assert_eq!(show(&heap, numbers), "[1, now a text]");
    heap.release(numbers);
    assert_empty(&mut heap);
}

#[test]
fn a_store_that_fails_changes_nothing() {
    let mut heap = heap();
    let (mut mine, [rows, y]) = nested(&mut heap);
    let yours = mine;
    heap.retain(yours);
    let first = [Step::Index(rows), Step::Index(Value::int(0))];
    let z = string(&mut heap, "z");
    let cases: [(&[Step], Code, &str); 8] = [
        (&[Step::Index(y), first[1]], Code::R0009, "Missing map key: \"y\""),
        (&[first[0], Step::Index(Value::int(2))], Code::R0008, "Index out of bounds: 2"),
        (
            &[first[0], Step::Index(Value::int(-3)), Step::Field(y)],
            Code::R0008,
            "Index out of bounds: -3",
        ),
        (&[first[0], first[1], Step::Field(z)], Code::R0010, "Field not found: z"),
        (&[first[0], first[1], first[1]], Code::R0019, "Invalid index assignment"),
        (
            &[first[0], Step::Index(Value::int(1)), Step::Field(y)],
            Code::R0010,
            "Cannot access field or method 'y' on non-struct value",
        ),
        (&[Step::Index(Value::NULL)], Code::R0021, "Cannot use null as a key"),
        (&[first[0], Step::Index(rows)], Code::R0019, "Invalid index assignment"),
    ];
    for (path, code, message) in cases {
        let value = string(&mut heap, "never stored");
        let fault = store(&mut heap, &mut mine, path, value, &mut Free).unwrap_err();
        assert_eq!((fault.code, fault.message.as_str()), (code, message));
        assert_eq!(show(&heap, mine), show(&heap, yours));
    }
    heap.release_all([mine, yours, rows, y, z]);
    assert_empty(&mut heap);
}
