//! Captured variables, cells and hoisted functions.

use crate::support::{assert_lines, function};

#[test]
fn closures_share_cells_and_loop_variables_are_fresh() {
    let found = function(
        "func f() { mut n := 0
for i in 3 { let sq := i * i
print(func() { n += i return sq }) } }",
        "f",
    );
    let wanted = "
        load_int 0
        make_cell 0
        store_cell 0
        load_int 3
        get_iter
    L0:
        for_iter L1
        make_cell 1
        store_cell 1
        load_cell 1
        load_cell 1
        binary_mul
        make_cell 2
        store_cell 2
        load_host print
        make_closure <lambda>
        call_host 1
        pop
        jump_back L0
    L1:
        return_null
    ";
    assert_lines(&found, wanted);
}

#[test]
fn functions_that_capture_nothing_are_loaded() {
    let found = function(
        "func f() { func even(n) { return n == 0 || odd(n - 1) }
func odd(n) { return n != 0 && even(n - 1) }
return even(3) }",
        "f",
    );
    let wanted = "
        load_function even
        load_int 3
        tail_call 1
    ";
    assert_lines(&found, wanted);
}

#[test]
fn named_closures_are_made_when_their_block_begins() {
    let found = function(
        "func f(k) { print(up())
mut n := k
func up() { n += 1 return down }
func down() { n -= 1 return up } }",
        "f",
    );
    let wanted = "
        make_cell 0
        make_cell 1
        make_cell 2
        make_closure up
        store_cell 0
        make_closure down
        store_cell 1
        load_host print
        load_cell 0
        call 0
        call_host 1
        pop
        move_local 0
        store_cell 2
        return_null
    ";
    assert_lines(&found, wanted);
}

#[test]
fn a_literal_sees_the_name_it_is_bound_to() {
    let found = function(
        "func f() { let fact := func(n) { return n * fact(n - 1) }
return fact }",
        "f",
    );
    let wanted = "
        make_cell 0
        make_closure <lambda>
        store_cell 0
        load_cell 0
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn closures_in_methods_copy_self() {
    let found = function("struct P { x, func get(mut self) { return () => self.x } }", "get");
    let wanted = "
        make_cell 0
        load_local 0
        store_cell 0
        make_closure <lambda>
        return
    ";
    assert_lines(&found, wanted);
}

#[test]
fn globals_that_functions_use_are_globals() {
    let found = function(
        "seen := 0
only_here := 1
func f() { seen += 1 }
f()
print(seen, only_here)",
        "<main>",
    );
    let wanted = "
        load_int 0
        store_global seen
        load_int 1
        store_local 0
        load_function f
        call 0
        pop
        load_host print
        load_global seen
        move_local 0
        call_host 2
        pop
        return_null
    ";
    assert_lines(&found, wanted);
}
