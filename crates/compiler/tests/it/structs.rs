//! Struct and enum values, methods, fields.

use crate::support::{assert_lines, function};

#[test]
fn fields_in_order_are_evaluated_in_place() {
    let found = function(
        "struct P { x, y = 2, z = [1] }
func f(a) { return P { x: a } }",
        "f",
    );
    let wanted = "
        move_local 0
        load_int 2
        load_function z
        call 0
        make_struct P
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn fields_out_of_order_wait_in_locals() {
    let found = function(
        "struct P { x, y, z }
func f(a) { return P { z: len(a), y: 3, x: len(1) } }",
        "f",
    );
    let wanted = "
        load_host len
        move_local 0
        call_host 1
        store_local 1
        load_host len
        load_int 1
        call_host 1
        load_int 3
        move_local 1
        make_struct P
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn variants() {
    let found = function(
        "enum S { Circle(r), Rect { w, h }, Open }
func f() { return [S::Circle(1), S::Rect { h: 2, w: 1 }, S::Rect(w: 1, h: 2), S::Open, S::Open(1, 2)] }",
        "f",
    );
    let wanted = "
        load_int 1
        make_variant S::0 1
        load_int 2
        load_int 1
        make_variant S::1 0 h: w:
        load_int 1
        load_int 2
        make_variant S::1 0 w: h:
        make_variant S::2 0
        load_int 1
        load_int 2
        make_variant S::2 2
        build_array 5
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn methods_of_the_older_style_see_fields() {
    let found =
        function("struct P { x, y, func shift(by) { x += by y := x return () => y } }", "shift");
    let wanted = "
        load_local 0
        get_attr x
        move_local 1
        binary_add
        store_path local 0.x
        load_local 0
        get_attr x
        store_path local 0.y
        make_cell 0
        load_local 0
        store_cell 0
        make_closure <lambda>
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn a_mutating_self_is_never_moved() {
    let found =
        function("struct P { x, func reset(mut self) { self.x := 0 return self } }", "reset");
    let wanted = "
        load_int 0
        store_path local 0.x
        load_local 0
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn types_are_values() {
    let found = function(
        "struct P { x, func origin() { return P { x: 0 } } }
func f() { return [P, P.origin()] }",
        "f",
    );
    let wanted = "
        load_type P
        load_type P
        call_method origin 0
        build_array 2
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn compound_assignment_evaluates_keys_once() {
    let found = function(r#"func f(m) { m.rows[len(m)]["k"] += 1 m.x.y -= 2 return m }"#, "f");
    let wanted = r#"
        load_host len
        load_local 0
        call_host 1
        load_const Str("k")
        load_local 0
        get_attr rows
        copy 2
        get_index
        load_const Str("k")
        get_index
        load_int 1
        binary_add
        store_path local 0.rows[][]
        load_local 0
        get_attr x
        get_attr y
        load_int 2
        binary_sub
        store_path local 0.x.y
        move_local 0
        return
    "#;
    assert_lines(&found, wanted);
}
