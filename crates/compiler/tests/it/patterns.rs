//! Taking values apart, and `match`.

use crate::support::{assert_lines, function};

#[test]
fn arrays_in_bindings() {
    let found = function(
        "func f(v) { let [a, [_, b]] := v
let [c, ...d, e] := v
return [a, b, c, d, e] }",
        "f",
    );
    let wanted = r#"
        load_local 0
        unpack_array 2
        store_local 1
        unpack_array 2
        pop
        store_local 2
        move_local 0
        test_array_min 2
        check_pattern Str("array of at least 2")
        element 0
        store_local 3
        rest_from 1
        drop_last 1
        store_local 4
        element -1
        store_local 5
        pop
        move_local 1
        move_local 2
        move_local 3
        move_local 4
        move_local 5
        build_array 5
        return
    "#;
    assert_lines(&found, wanted);
}

#[test]
fn dicts_in_bindings() {
    let found = function(
        r#"func f(v) { let {k, "q r": [x], ...rest} := v
return [k, x, rest] }"#,
        "f",
    );
    let wanted = r#"
        move_local 0
        test_dict
        check_pattern Str("dict")
        element_key Str("k")
        store_local 1
        element_key Str("q r")
        unpack_array 1
        store_local 2
        dup
        load_const Str("k")
        load_const Str("q r")
        dict_without 2
        store_local 3
        pop
        move_local 1
        move_local 2
        move_local 3
        build_array 3
        return
    "#;
    assert_lines(&found, wanted);
}

#[test]
fn swapping_makes_no_array() {
    let found = function("func f(a, b) { [a, b] := [b, a] return [a, b] }", "f");
    let wanted = "
        move_local 1
        move_local 0
        store_local 1
        move_local 1
        build_array 2
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn nothing_is_assigned_unless_all_fits() {
    let found = function("func f(a, b, v) { [a, ...b] := v return [a, b] }", "f");
    let wanted = r#"
        move_local 2
        test_array_min 1
        check_pattern Str("array of at least 1")
        element 0
        store_local 3
        rest_from 1
        store_local 4
        pop
        move_local 3
        store_local 0
        move_local 4
        store_local 1
        move_local 0
        move_local 1
        build_array 2
        return
    "#;
    assert_lines(&found, wanted);
}

#[test]
fn literals_are_compared_in_a_local() {
    let found = function(
        r#"func f(n) { return match n { case 1 | 2 => "low", case 3..=5 => "mid", case "x" => "text", case m => m } }"#,
        "f",
    );
    let wanted = r#"
        load_local 0
        load_int 1
        compare eq
        jump_if_true L0
        load_local 0
        load_int 2
        compare eq
        jump_if_false L1
    L0:
        load_const Str("low")
        return
    L1:
        load_local 0
        load_int 3
        load_int 5
        in_range_inclusive
        jump_if_false L2
        load_const Str("mid")
        return
    L2:
        load_local 0
        load_const Str("x")
        compare eq
        jump_if_false L3
        load_const Str("text")
        return
    L3:
        move_local 0
        return
    "#;
    assert_lines(&found, wanted);
}

#[test]
fn the_guard_follows_the_first_alternative_that_fits() {
    let found =
        function("func f(v) { match v { case [a, _] | [_, _, a] if a > 1 { print(a) } } }", "f");
    let wanted = "
        move_local 0
        test_array 2
        jump_if_false L0
        element 0
        store_local 1
        jump L1
    L0:
        test_array 3
        jump_if_false L2
        element 2
        store_local 1
    L1:
        load_local 1
        load_int 1
        compare gt
        jump_if_false L2
        pop
        load_host print
        move_local 1
        call_host 1
        pop
        return_null
    L2:
        pop
        return_null
    ";
    assert_lines(&found, wanted);
}

#[test]
fn parts_are_taken_off_where_a_test_fails() {
    let found = function(
        r#"func f(v) { match v { case [1, [x, 2]] { print(x) } case {"k": y} { print(y) } default { print(v) } } }"#,
        "f",
    );
    let wanted = r#"
        load_local 0
        test_array 2
        jump_if_false L1
        element 0
        load_int 1
        compare eq
        jump_if_false L1
        element 1
        test_array 2
        jump_if_false L0
        element 0
        store_local 1
        element 1
        load_int 2
        compare eq
        jump_if_false L0
        pop
        pop
        load_host print
        move_local 1
        call_host 1
        pop
        return_null
    L0:
        pop
    L1:
        test_key Str("k")
        jump_if_false L2
        element_key Str("k")
        store_local 1
        pop
        load_host print
        move_local 1
        call_host 1
        pop
        return_null
    L2:
        pop
        load_host print
        move_local 0
        call_host 1
        pop
        return_null
    "#;
    assert_lines(&found, wanted);
}

#[test]
fn variants_and_results() {
    let found = function(
        "enum S { Circle(r), Rect { w, h }, Open }
func f(s) { match s { case S::Circle(r) { print(r) } case S::Rect { w: 1, h } { print(h) } case S::Open(a) { print(a) } case Ok(Some(v)) { print(v) } } }",
        "f",
    );
    let wanted = "
        move_local 0
        test_variant S::0
        jump_if_false L0
        payload 0
        store_local 1
        pop
        load_host print
        move_local 1
        call_host 1
        pop
        return_null
    L0:
        test_variant S::1
        jump_if_false L1
        element_field w
        load_int 1
        compare eq
        jump_if_false L1
        element_field h
        store_local 1
        pop
        load_host print
        move_local 1
        call_host 1
        pop
        return_null
    L1:
        test_variant S::2
        jump_if_false L2
        test_payload 1
        jump_if_false L2
        payload 0
        store_local 1
        pop
        load_host print
        move_local 1
        call_host 1
        pop
        return_null
    L2:
        test_result Ok
        jump_if_false L4
        payload 0
        test_result Some
        jump_if_false L3
        payload 0
        store_local 1
        pop
        pop
        load_host print
        move_local 1
        call_host 1
        pop
        return_null
    L3:
        pop
    L4:
        pop
        return_null
    ";
    assert_lines(&found, wanted);
}

#[test]
fn the_older_form_tests_tags() {
    let found = function(
        "func f(r) { match r { case Ok(v): { print(v) } case circle: { print(1) } case Box(v): { print(v) } } }",
        "f",
    );
    let wanted = "
        move_local 0
        test_result Ok
        jump_if_false L0
        payload 0
        store_local 1
        pop
        load_host print
        move_local 1
        call_host 1
        pop
        return_null
    L0:
        test_tag circle
        jump_if_false L1
        pop
        load_host print
        load_int 1
        call_host 1
        pop
        return_null
    L1:
        test_tag Box
        jump_if_false L2
        test_payload 1
        jump_if_false L2
        payload 0
        store_local 1
        pop
        load_host print
        move_local 1
        call_host 1
        pop
        return_null
    L2:
        pop
        return_null
    ";
    assert_lines(&found, wanted);
}
