//! Sizes and bytes that are promised.

use remora_probe::{Budget, Program, hogtrace};

fn program(text: &str) -> Program {
    Program::compile(text, &Budget::default()).unwrap_or_else(|found| panic!("{text}: {found:?}"))
}

/// Bytes of the code of a function, with its return.
fn size(program: &Program, name: &str) -> usize {
    let functions = &program.module().functions;
    2 * functions.iter().find(|it| &*it.name == name).unwrap().code.units().len()
}

#[test]
fn a_comparison_and_a_capture_are_eight_bytes_each_with_their_return() {
    let program = program("fn:app.f:entry / arg0 > 10 / { capture(arg0) }");
    assert_eq!(size(&program, "probe_0 predicate"), 8);
    assert_eq!(size(&program, "probe_0 body"), 8);
    assert_eq!(program.probes()[0].cost.instructions, 8);
}

#[test]
fn hogtrace_bytes_are_those_of_its_format() {
    let program = program(
        "sample 50%; fn:app.f:exit / arg0 > 10 && !$req.seen / { $req.seen = True; capture(arg0); send(n=1.5); }",
    );
    let bytes = hogtrace::write(&program).unwrap();
    let predicate = [
        0x10, 0, 0, 0x01, 1, 0, 0x33, // arg0 > 10
        0x10, 2, 0, 0x50, 3, 0, 0x42, // !$req.seen
        0x40,
    ];
    let body = [
        0x10, 2, 0, 0x01, 4, 0, 0x52, 3, 0, // $req.seen = True
        0x10, 0, 0, 0x60, 5, 0, 1, 0x02, // capture(arg0)
        0x01, 6, 0, 0x01, 7, 0, 0x60, 5, 0, 2, 0x02, // send(n=1.5)
    ];
    let mut pool = Vec::new();
    let mut constant = |field: &[u8]| {
        pool.extend([0x0a, field.len() as u8]);
        pool.extend(field);
    };
    constant(b"\x32\x04arg0");
    constant(b"\x08\x0a");
    constant(b"\x32\x04$req");
    constant(b"\x3a\x04seen");
    constant(b"\x20\x01");
    constant(b"\x42\x07capture");
    constant(b"\x1a\x01n");
    constant(b"\x11\0\0\0\0\0\0\xf8\x3f");
    let mut probe = b"\x0a\x07probe_0\x12\x0b\x0a\x09\x0a\x05app.f\x10\x01\x22".to_vec();
    probe.push(predicate.len() as u8);
    probe.extend(predicate);
    probe.extend([0x2a, body.len() as u8]);
    probe.extend(body);
    let mut expected = vec![0x08, 0x01, 0x12, pool.len() as u8];
    expected.extend(pool);
    expected.extend([0x1a, probe.len() as u8]);
    expected.extend(probe);
    expected.extend([0x25, 0, 0, 0, 0x3f]);
    assert_eq!(bytes, expected);
    let again = hogtrace::read(&bytes, &Budget::default()).unwrap();
    assert_eq!(hogtrace::write(&again).unwrap(), bytes);
}

#[test]
fn what_a_body_leaves_on_the_stack_is_popped_once() {
    // Four values, of which a call takes one, and one `POP`.
    let bytes = b"\x08\x01\x12$\n\x06\x1a\x04self\n\x02\x08\x01\n\x07\x1a\x05match\n\x02\x08\x02\n\tB\x07capture\
        \x1a\x27\n\x07probe_0\x12\t\n\x07\n\x05app.f*\x11\x01\0\0\x01\x01\0\x01\x02\0\x01\x03\0\x60\x04\0\x01\x02\
        %\0\0\x80?";
    let program = hogtrace::read(bytes, &Budget::default()).unwrap();
    let written = hogtrace::write(&program).unwrap();
    let again = hogtrace::read(&written, &Budget::default()).unwrap();
    assert_eq!(hogtrace::write(&again).unwrap(), written);
}

#[test]
fn hogtrace_code_that_is_wrong_is_an_error() {
    let probe = |predicate: &[u8]| {
        let mut probe = b"\x12\x05\x0a\x03\x0a\x01f\x22".to_vec();
        probe.push(predicate.len() as u8);
        probe.extend(predicate);
        let mut bytes = b"\x08\x01\x12\x0f\x0a\x06\x42\x04eval\x0a\x05\x32\x03arg\x1a".to_vec();
        bytes.push(probe.len() as u8);
        bytes.extend(probe);
        hogtrace::read(&bytes, &Budget::default()).map(|_| ()).map_err(|it| it.code.as_str())
    };
    assert_eq!(probe(&[0x10, 1, 0]), Ok(()));
    assert_eq!(probe(&[0x60, 0, 0, 0]), Err("P0004"), "eval");
    assert_eq!(probe(&[0x10, 1, 0, 0x03]), Err("P0012"), "dup");
    assert_eq!(probe(&[0x20]), Err("P0012"), "underflow");
    assert_eq!(probe(&[0x10, 9, 0]), Err("P0012"), "no such constant");
    assert_eq!(probe(&[0x10, 1]), Err("P0012"), "cut");
    assert_eq!(probe(&[0x99]), Err("P0012"), "unknown");
    assert_eq!(probe(&[0x10, 1, 0, 0x10, 1, 0]), Ok(()), "more than one value is left");
    let read = |bytes: &[u8]| {
        hogtrace::read(bytes, &Budget::default()).map(|_| ()).map_err(|it| it.code.as_str())
    };
    assert_eq!(read(&[]), Err("P0012"));
    assert_eq!(read(b"\x08\x02"), Err("P0012"), "version 2");
}
