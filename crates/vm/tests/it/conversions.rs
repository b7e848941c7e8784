//! Truthiness, texts from values and values from texts, arithmetic off the fast path.

use remora_bytecode::CompareKind;
use remora_bytecode::scalar::Arithmetic;
use remora_diagnostics::Code;
use remora_vm::heap::Heap;
use remora_vm::limits::Free;
use remora_vm::object::{Dict, Set};
use remora_vm::ops::arith::{binary, neg, not};
use remora_vm::ops::compare::compare;
use remora_vm::ops::convert::{float_to_int, parse_float, parse_int, to_string};
use remora_vm::ops::{field, truthy};
use remora_vm::value::Value;

use crate::fixture::{P, array, assert_empty, heap, string};

#[test]
fn only_empty_things_and_zero_are_falsy() {
    let heap = &mut heap();
    let falsy = [
        Value::NULL,
        Value::FALSE,
        Value::int(0),
        Value::float(0.0),
        Value::float(-0.0),
        string(heap, ""),
        array(heap, &[]),
        heap.new_dict(Dict::new()).unwrap(),
        heap.new_set(Set::new()).unwrap(),
    ];
    let truthful = [
        Value::TRUE,
        Value::int(-1),
        Value::float(f64::NAN),
        Value::NONE,
        string(heap, "false"),
        array(heap, &[Value::NULL]),
        heap.new_ok(Value::int(0)).unwrap(),
        heap.new_record(P, &[Value::NULL, Value::NULL]).unwrap(),
    ];
    assert!(falsy.iter().all(|&it| !truthy(heap, it)));
    assert!(truthful.iter().all(|&it| truthy(heap, it)));
    heap.release_all(falsy.into_iter().chain(truthful));
    assert_empty(heap);
}

#[test]
fn texts_become_numbers() {
    assert_eq!(parse_int(" -42 ").unwrap(), -42);
    assert_eq!(parse_int("9223372036854775807").unwrap(), i64::MAX);
    for text in ["", "4.0", "9223372036854775808", "0x10", "1_000"] {
        let fault = parse_int(text).unwrap_err();
        assert_eq!(fault.code, Code::R0020);
        assert_eq!(fault.message, format!("Cannot parse '{text}' as integer"));
    }
    assert!((parse_float("2.5e1").unwrap() - 25.0).abs() < f64::EPSILON);
    for text in ["nan", "inf", "infinity", "", "1e999", "1.2.3"] {
        assert_eq!(parse_float(text).unwrap_err().code, Code::R0020, "{text}");
    }
    assert_eq!(float_to_int(-3.9), Some(-3));
    assert_eq!(float_to_int(1e19), None);
    assert_eq!(float_to_int(f64::NAN), None);
}

#[test]
fn a_string_is_its_own_text() {
    let heap = &mut heap();
    let text = string(heap, "abc");
    let same = to_string(heap, text, &mut Free).unwrap();
    assert!(same.is_same(text));
    let other = to_string(heap, Value::float(2.0), &mut Free).unwrap();
    assert_eq!(heap.str(other), Some("2"));
    heap.release_all([text, same, other]);
    assert_empty(heap);
}

fn message(heap: &mut Heap, op: Arithmetic, a: Value, b: Value) -> (Code, String) {
    let fault = binary(heap, op, a, b, &mut Free).unwrap_err();
    (fault.code, fault.message.clone())
}

#[test]
fn errors_name_the_operands() {
    let heap = &mut heap();
    let text = string(heap, "a");
    let max = Value::int(i64::MAX);
    for (op, a, b, code, wanted) in [
        (
            Arithmetic::Add,
            text,
            Value::int(1),
            Code::R0002,
            "Invalid binary operation: string + int",
        ),
        (Arithmetic::Mul, text, text, Code::R0002, "Invalid binary operation: string * string"),
        (Arithmetic::Sub, Value::NULL, max, Code::R0002, "Invalid binary operation: null - int"),
        (
            Arithmetic::Add,
            max,
            Value::int(1),
            Code::R0007,
            "Integer overflow: 9223372036854775807 + 1",
        ),
        (Arithmetic::Div, max, Value::int(0), Code::R0003, "Division by zero"),
        (Arithmetic::Mod, max, Value::float(0.0), Code::R0003, "Modulo by zero"),
    ] {
        assert_eq!(message(heap, op, a, b), (code, wanted.to_owned()));
    }
    let least = Value::int(i64::MIN);
    assert_eq!(neg(least).unwrap_err().message, "Integer overflow: --9223372036854775808");
    assert_eq!(neg(text).unwrap_err().message, "Invalid unary operation: - string");
    assert_eq!(not(max).unwrap_err().message, "Invalid unary operation: ! int");
    let fault = compare(heap, CompareKind::Lt, max, text, &mut Free).unwrap_err();
    assert_eq!(fault.message, "Invalid binary operation: int < string");
    heap.release(text);
    assert_empty(heap);
}

#[test]
fn nothing_is_ordered_with_nan() {
    let heap = &heap();
    for op in [CompareKind::Lt, CompareKind::Le, CompareKind::Gt, CompareKind::Ge] {
        let nan = Value::float(f64::NAN);
        assert!(!compare(heap, op, nan, Value::int(1), &mut Free).unwrap());
        assert!(!compare(heap, op, nan, nan, &mut Free).unwrap());
    }
}

#[test]
fn fields_are_found_by_name() {
    let heap = &mut heap();
    let record = heap.new_record(P, &[Value::int(1), Value::int(2)]).unwrap();
    let [x, z] = [string(heap, "x"), string(heap, "z")];
    assert_eq!(field::get(heap, record, x).unwrap().to_int(), Some(2));
    let fault = field::get(heap, record, z).unwrap_err();
    assert_eq!((fault.code, fault.message.as_str()), (Code::R0010, "Field not found: z"));
    let fault = field::get(heap, Value::int(1), x).unwrap_err();
    assert_eq!(fault.message, "Cannot access field or method 'x' on non-struct value");
    heap.release_all([record, x, z]);
    assert_empty(heap);
}
