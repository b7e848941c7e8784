//! Operators, constants and conditions.

use crate::support::{assert_lines, function, module};

#[test]
fn fib_is_thirty_six_bytes() {
    let found =
        function("func fib(n) { if n < 2 { return n } return fib(n - 1) + fib(n - 2) }", "fib");
    let wanted = "
        load_local 0
        load_int 2
        compare lt
        jump_if_false L0
        move_local 0
        return
    L0:
        load_function fib
        load_local 0
        load_int 1
        binary_sub
        call 1
        load_function fib
        move_local 0
        load_int 2
        binary_sub
        call 1
        binary_add
        return
    ";
    assert_lines(&found, wanted);
    let module = module("func fib(n) { if n < 2 { return n } return fib(n - 1) + fib(n - 2) }");
    assert_eq!(module.functions[1].code.units().len() * 2, 36);
}

#[test]
fn constants_are_folded_but_never_what_would_fail() {
    let found = function(
        r#"func f() { return [1 + 2 * 3, "a" + "b", 1 == 1.0, !true, -(2.5), null ?? 4, 1 / 0, 1 < "a", 9223372036854775807 + 1] }"#,
        "f",
    );
    let wanted = r#"
        load_int 7
        load_const Str("ab")
        load_true
        load_false
        load_const Float(13836183955189006336)
        load_int 4
        load_int 1
        load_int 0
        binary_div
        load_int 1
        load_const Str("a")
        compare lt
        load_const Int(9223372036854775807)
        load_int 1
        binary_add
        build_array 9
        return
    "#;
    assert_lines(&found, wanted);
}

#[test]
fn conditions_jump_without_making_bools() {
    let found = function(
        "func f(a, b, c) { if a && (b || !(a < b)) || c { print(1) } else { print(2) } }",
        "f",
    );
    let wanted = "
        load_local 0
        jump_if_false L0
        load_local 1
        jump_if_true L1
        move_local 0
        move_local 1
        compare lt
        unary_not
        jump_if_true L1
    L0:
        move_local 2
        jump_if_false L2
    L1:
        load_host print
        load_int 1
        call_host 1
        pop
        return_null
    L2:
        load_host print
        load_int 2
        call_host 1
        pop
        return_null
    ";
    assert_lines(&found, wanted);
}

#[test]
fn not_of_anything_but_a_bool_must_be_able_to_fail() {
    let found = function("func f(a) { if !a { print(1) } }", "f");
    let wanted = "
        move_local 0
        unary_not
        jump_if_false L0
        load_host print
        load_int 1
        call_host 1
        pop
    L0:
        return_null
    ";
    assert_lines(&found, wanted);
}

#[test]
fn a_bool_is_made_where_a_value_is_wanted() {
    let found = function("func f(a, b) { return a < b && b }", "f");
    let wanted = "
        move_local 0
        load_local 1
        compare lt
        jump_if_false L0
        move_local 1
        to_bool
        return
    L0:
        load_false
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn if_is_an_expression() {
    let found = function(
        "func f(a) { x := if a { 1 } else if len(a) { 2 }
return [x, x] }",
        "f",
    );
    let wanted = "
        load_local 0
        jump_if_false L0
        load_int 1
        jump L2
    L0:
        load_host len
        move_local 0
        call_host 1
        jump_if_false L1
        load_int 2
        jump L2
    L1:
        load_null
    L2:
        store_local 1
        load_local 1
        move_local 1
        build_array 2
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn parts_of_known_conditions_are_not_written() {
    let found = function(
        "func f(a) { if 1 > 2 { print(1) } else if true { print(2) } else { print(3) }
while true { a += 1 if a > 9 { break } } }",
        "f",
    );
    let wanted = "
        load_host print
        load_int 2
        call_host 1
        pop
    L0:
        move_local 0
        load_int 1
        binary_add
        store_local 0
        load_local 0
        load_int 9
        compare gt
        jump_if_true L1
        jump_back L0
    L1:
        return_null
    ";
    assert_lines(&found, wanted);
}

#[test]
fn optional_access_short_circuits_that_access_only() {
    let found = function("func f(a) { return a?.b.c ?? 0 }", "f");
    let wanted = "
        move_local 0
        jump_if_null L0
        get_attr b
    L0:
        get_attr c
        jump_if_some L1
        load_int 0
    L1:
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn interpolation_joins_parts() {
    let found = function(r#"func f(a) { return "x=${a}, ${1 + 1}" }"#, "f");
    let wanted = r#"
        load_const Str("x=")
        move_local 0
        load_const Str(", ")
        load_int 2
        build_string 4
        return
    "#;
    assert_lines(&found, wanted);
}

#[test]
fn spread_in_literals() {
    let found = function(r#"func f(a) { return [[1, ...a, 2], {"k": 1, ...a, "l": 2}] }"#, "f");
    let wanted = r#"
        load_int 1
        build_array 1
        load_local 0
        array_extend
        load_int 2
        array_push
        load_const Str("k")
        load_int 1
        build_dict 1
        move_local 0
        dict_merge
        load_const Str("l")
        load_int 2
        dict_insert
        build_array 2
        return
    "#;
    assert_lines(&found, wanted);
}

#[test]
fn keys_that_may_fail_are_put_in_one_by_one() {
    let found = function(r#"func f(a, b) { return {"k": 1, a: 2, b: 3} }"#, "f");
    let wanted = r#"
        load_const Str("k")
        load_int 1
        move_local 0
        load_int 2
        build_dict 2
        move_local 1
        load_int 3
        dict_insert
        return
    "#;
    assert_lines(&found, wanted);
}
