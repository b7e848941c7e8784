//! Loops, leaving them, and `finally`.

use crate::support::{assert_lines, function};

#[test]
fn counting_makes_no_range() {
    let found = function(
        "func f(n) { for i in range(n) { print(i) } for i in range(1, n) { print(i) } for i in 0..=n { print(i) } }",
        "f",
    );
    let wanted = "
        load_int 0
        load_local 0
        iter_range
    L0:
        for_iter L1
        store_local 1
        load_host print
        move_local 1
        call_host 1
        pop
        jump_back L0
    L1:
        load_int 1
        load_local 0
        iter_range
    L2:
        for_iter L3
        store_local 1
        load_host print
        move_local 1
        call_host 1
        pop
        jump_back L2
    L3:
        load_int 0
        move_local 0
        iter_range_inclusive
    L4:
        for_iter L5
        store_local 1
        load_host print
        move_local 1
        call_host 1
        pop
        jump_back L4
    L5:
        return_null
    ";
    assert_lines(&found, wanted);
}

#[test]
fn a_shadowed_range_is_called() {
    let found = function("func f(range) { for i in range(3) { print(i) } }", "f");
    let wanted = "
        move_local 0
        load_int 3
        call 1
        get_iter
    L0:
        for_iter L1
        store_local 1
        load_host print
        move_local 1
        call_host 1
        pop
        jump_back L0
    L1:
        return_null
    ";
    assert_lines(&found, wanted);
}

#[test]
fn break_drops_the_iteration_once() {
    let found =
        function("func f(xs) { for x in xs { if x { break } if x { break } print(x) } }", "f");
    let wanted = "
        move_local 0
        get_iter
    L0:
        for_iter L2
        store_local 1
        load_local 1
        jump_if_true L1
        load_local 1
        jump_if_true L1
        load_host print
        move_local 1
        call_host 1
        pop
        jump_back L0
    L1:
        pop_iter
    L2:
        return_null
    ";
    assert_lines(&found, wanted);
}

#[test]
fn labels_leave_several_loops() {
    let found = function(
        "func f(xs) { outer: for x in xs { for y in x { if y == 1 { continue outer } if y == 2 { break outer } } } }",
        "f",
    );
    let wanted = "
        move_local 0
        get_iter
    L0:
        for_iter L6
        get_iter
    L1:
        for_iter L4
        store_local 2
        load_local 2
        load_int 1
        compare eq
        jump_if_false L2
        pop_iter
        jump_back L0
    L2:
        move_local 2
        load_int 2
        compare eq
        jump_if_false L3
        pop_iter
        jump L5
    L3:
        jump_back L1
    L4:
        jump_back L0
    L5:
        pop_iter
    L6:
        return_null
    ";
    assert_lines(&found, wanted);
}

#[test]
fn leaving_drops_what_lies_on_the_stack() {
    let found = function("func f(xs) { loop { print(1, if xs { break } else { 2 }) } }", "f");
    let wanted = "
    L0:
        load_host print
        load_int 1
        load_local 0
        jump_if_false L1
        pop
        pop
        return_null
    L1:
        load_int 2
        call_host 2
        pop
        jump_back L0
    ";
    assert_lines(&found, wanted);
}

#[test]
fn a_handler_covers_the_body() {
    let found = function("func f() { try { print(1) } except e { print(e) } print(2) }", "f");
    let wanted = "
    L0:
        load_host print
        load_int 1
        call_host 1
        pop
    L1:
        jump L6
    L2:
        store_local 0
        load_local 0
        store_local 1
    L3:
        load_host print
        move_local 1
        call_host 1
        pop
    L4:
        jump L6
    L5:
        move_local 0
        reraise_from
    L6:
        load_host print
        load_int 2
        call_host 1
        pop
        return_null
        handler L0..L1 -> L2 keeps 0
        handler L3..L4 -> L5 keeps 0
    ";
    assert_lines(&found, wanted);
}

#[test]
fn what_a_handler_covers_leaves_the_stack_below_alone() {
    let found = function(
        "func f(xs) { return 1 + match xs { case [] { for x in xs { try { break } except { } } 5 } default => 7 } }",
        "f",
    );
    let wanted = "
        load_int 1
        load_local 0
        test_array 0
        jump_if_false L5
        pop
        move_local 0
        get_iter
    L0:
        for_iter L4
        store_local 1
    L1:
        jump L3
    L2:
        pop
        jump_back L0
    L3:
        pop_iter
    L4:
        load_int 5
        jump L6
    L5:
        pop
        load_int 7
    L6:
        binary_add
        return
        handler L1..L2 -> L2 keeps 3
    ";
    assert_lines(&found, wanted);
}

#[test]
fn every_way_out_goes_through_finally() {
    let found = function(
        r#"func f(xs) { for x in xs { try { if x { return x } if len(x) { break } print(x) } finally { print("done") } } }"#,
        "f",
    );
    let wanted = r#"
        move_local 0
        get_iter
    L0:
        for_iter L10
        store_local 1
        load_int 0
        store_local 2
        load_null
        store_local 3
    L1:
        load_local 1
        jump_if_false L2
        move_local 1
        store_local 3
        load_int 2
        store_local 2
        jump L6
    L2:
        load_host len
        load_local 1
        call_host 1
        jump_if_false L3
        load_int 3
        store_local 2
        jump L6
    L3:
        load_host print
        move_local 1
        call_host 1
        pop
    L4:
        jump L6
    L5:
        store_local 3
        load_int 1
        store_local 2
    L6:
        load_host print
        load_const Str("done")
        call_host 1
        pop
        load_local 2
        jump_if_false L8
        load_local 2
        load_int 2
        compare eq
        jump_if_false L7
        move_local 3
        return
    L7:
        move_local 2
        load_int 3
        compare eq
        jump_if_true L9
        move_local 3
        reraise
    L8:
        jump_back L0
    L9:
        pop_iter
    L10:
        return_null
        handler L1..L4 -> L5 keeps 2
    "#;
    assert_lines(&found, wanted);
}

#[test]
fn the_try_operator_leaves_through_finally_too() {
    let found = function(r#"func f(x) { try { return x? } finally { print("done") } }"#, "f");
    let wanted = r#"
        load_int 0
        store_local 1
        load_null
        store_local 2
    L0:
        move_local 0
        test_result Err
        jump_if_true L1
        test_result None
        jump_if_false L2
    L1:
        store_local 2
        load_int 2
        store_local 1
        jump L4
    L2:
        try_unwrap
        store_local 2
        load_int 2
        store_local 1
        jump L4
    L3:
        store_local 2
        load_int 1
        store_local 1
    L4:
        load_host print
        load_const Str("done")
        call_host 1
        pop
        load_local 1
        jump_if_false L6
        move_local 1
        load_int 2
        compare eq
        jump_if_false L5
        move_local 2
        return
    L5:
        move_local 2
        reraise
    L6:
        return_null
        handler L0..L3 -> L3 keeps 0
    "#;
    assert_lines(&found, wanted);
}
