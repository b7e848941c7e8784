//! Calls, methods, arguments, tail calls.

use crate::support::{assert_lines, function};

#[test]
fn host_and_script_builtins() {
    let found = function("func f(g) { return [len(g), map(g, f), fetch(g), len(...g)] }", "f");
    let wanted = "
        load_host len
        load_local 0
        call_host 1
        load_import map
        load_local 0
        load_function f
        call 2
        load_host fetch
        load_local 0
        call_host_async 1
        load_import len
        build_array 0
        move_local 0
        array_extend
        call_spread
        build_array 4
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn constructors_and_throw() {
    let found = function(
        "func f(v) { return [Ok(v), Err(v), Some(v), None, Result::Ok(1), throw(v)] }",
        "f",
    );
    let wanted = "
        load_local 0
        make_result Ok
        load_local 0
        make_result Err
        load_local 0
        make_result Some
        make_result None
        load_int 1
        make_result Ok
        move_local 0
        raise
    ";
    assert_lines(&found, wanted);
}

#[test]
fn shadowed_words_are_plain_functions() {
    let found = function("func f(throw, print) { return [print(1), throw(2)] }", "f");
    let wanted = "
        move_local 1
        load_int 1
        call 1
        move_local 0
        load_int 2
        call 1
        build_array 2
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn tail_calls_reuse_the_frame() {
    let found = function("func f(n) { if n { return f(n - 1) } return (n)(1, 2) }", "f");
    let wanted = "
        load_local 0
        jump_if_false L0
        load_function f
        move_local 0
        load_int 1
        binary_sub
        tail_call 1
    L0:
        move_local 0
        load_int 1
        load_int 2
        tail_call 2
    ";
    assert_lines(&found, wanted);
}

#[test]
fn branches_of_if_and_match_are_tail_places() {
    let found = function(
        "func f(n) { return if n { f(1) } else { match n { case 2 => f(n), default => n } } }",
        "f",
    );
    let wanted = "
        load_local 0
        jump_if_false L0
        load_function f
        load_int 1
        tail_call 1
    L0:
        load_local 0
        load_int 2
        compare eq
        jump_if_false L1
        load_function f
        move_local 0
        tail_call 1
    L1:
        move_local 0
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn no_tail_call_where_something_is_left_to_do() {
    let found = function("func f(n) { try { return f(n) } except e { } return 1 + f(n) }", "f");
    let wanted = "
    L0:
        load_function f
        load_local 0
        call 1
        return
    L1:
        store_local 1
        load_int 1
        load_function f
        move_local 0
        call 1
        binary_add
        return
        handler L0..L1 -> L1 keeps 0
    ";
    assert_lines(&found, wanted);
}

#[test]
fn named_and_spread_arguments() {
    let found = function(
        "func f(g, xs) { return [g(1, b: 2, c: 3), g(...xs, 4), g.m(...xs), g.m(1, b: 2)] }",
        "f",
    );
    let wanted = "
        load_local 0
        load_int 1
        load_int 2
        load_int 3
        call_named 1 b: c:
        load_local 0
        build_array 0
        load_local 1
        array_extend
        load_int 4
        array_push
        call_spread
        build_array 0
        move_local 1
        array_extend
        call_place local 0 m 1 spread
        load_int 1
        load_int 2
        call_place local 0 m 1 b:
        build_array 4
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn a_method_of_a_variable_can_change_it() {
    let found = function("func f(xs) { xs.push(1) xs.rows[len(xs)].push(2) return xs }", "f");
    let wanted = "
        load_int 1
        call_place local 0 push 1
        pop
        load_host len
        load_local 0
        call_host 1
        load_int 2
        call_place local 0.rows[] push 1
        pop
        move_local 0
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn a_method_of_an_immutable_name_is_told_so() {
    let found = function(
        "func f(v) { let xs := v
xs.items.push(1) }",
        "f",
    );
    let wanted = "
        move_local 0
        get_attr items
        load_int 1
        call_method let xs push 1
        pop
        return_null
    ";
    assert_lines(&found, wanted);
}

#[test]
fn an_optional_call_of_a_place_tests_it_first() {
    let found = function("func f(xs, i) { xs[i]?.push(1) xs[i + 1]?.push(2) return [xs, i] }", "f");
    let wanted = "
        load_local 0
        load_local 1
        get_index
        jump_if_null L0
        pop
        load_local 1
        load_int 1
        call_place local 0[] push 1
    L0:
        pop
        load_local 1
        load_int 1
        binary_add
        store_local 2
        load_local 0
        load_local 2
        get_index
        jump_if_null L1
        pop
        move_local 2
        load_int 2
        call_place local 0[] push 1
    L1:
        pop
        move_local 0
        move_local 1
        build_array 2
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn the_piped_value_is_the_first_argument() {
    let found = function("func f(x) { return x |> len |> f(2) |> x.go(3) }", "f");
    let wanted = "
        load_function f
        load_host len
        load_local 0
        call_host 1
        load_int 2
        call 2
        load_int 3
        call_place local 0 go 2
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn parameters_have_defaults_and_patterns() {
    let found = function(
        "func f(a, b = a + 1, [c, d] = [1, 2], ...rest) { return [a, b, c, d, rest] }",
        "f",
    );
    let wanted = "
        param_given 1
        jump_if_true L0
        load_local 0
        load_int 1
        binary_add
        store_local 1
    L0:
        param_given 2
        jump_if_true L1
        load_int 1
        load_int 2
        build_array 2
        store_local 2
    L1:
        move_local 2
        unpack_array 2
        store_local 4
        store_local 5
        move_local 0
        move_local 1
        move_local 4
        move_local 5
        move_local 3
        build_array 5
        return
    ";
    assert_lines(&found, wanted);
}
