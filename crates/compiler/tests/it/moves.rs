//! Last uses.

use crate::support::{assert_lines, function};

#[test]
fn an_overwritten_variable_is_moved() {
    let found = function("func f(xs) { xs := push(xs, 1) return xs }", "f");
    let wanted = "
        load_host push
        move_local 0
        load_int 1
        call_host 2
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn what_the_next_turn_reads_is_not_moved() {
    let found = function(
        "func f(xs, n) { for i in n { print(xs) } for i in n { xs := push(xs, i) } return xs }",
        "f",
    );
    let wanted = "
        load_local 1
        get_iter
    L0:
        for_iter L1
        store_local 2
        load_host print
        load_local 0
        call_host 1
        pop
        jump_back L0
    L1:
        move_local 1
        get_iter
    L2:
        for_iter L3
        store_local 2
        load_host push
        move_local 0
        move_local 2
        call_host 2
        store_local 0
        jump_back L2
    L3:
        move_local 0
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn what_a_handler_reads_is_not_moved() {
    let found =
        function("func f(xs) { try { xs := push(xs, 1) } except e { print(xs) } return 1 }", "f");
    let wanted = "
    L0:
        load_host push
        load_local 0
        load_int 1
        call_host 2
        store_local 0
    L1:
        jump L6
    L2:
        store_local 1
        load_local 1
        store_local 2
    L3:
        load_host print
        move_local 0
        call_host 1
        pop
    L4:
        jump L6
    L5:
        move_local 1
        reraise_from
    L6:
        load_int 1
        return
        handler L0..L1 -> L2 keeps 0
        handler L3..L4 -> L5 keeps 0
    ";
    assert_lines(&found, wanted);
}

#[test]
fn both_branches_may_end_a_value() {
    let found = function("func f(xs, c) { if c { return push(xs, 1) } return push(xs, 2) }", "f");
    let wanted = "
        move_local 1
        jump_if_false L0
        load_host push
        move_local 0
        load_int 1
        call_host 2
        return
    L0:
        load_host push
        move_local 0
        load_int 2
        call_host 2
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn a_local_that_a_loop_finds_assigned_stays_so() {
    let found = function(
        "func f(n) { mut t := 0
while n > 0 { t := [n] n := len(t) } }",
        "f",
    );
    let wanted = "
        load_int 0
        store_local 1
    L0:
        load_local 0
        load_int 0
        compare gt
        jump_if_false L1
        move_local 0
        build_array 1
        store_local 1
        load_host len
        load_local 1
        call_host 1
        store_local 0
        jump_back L0
    L1:
        return_null
    ";
    assert_lines(&found, wanted);
}
