//! What is said about texts that are wrong, at which place, with what to do about it.

use super::check_errors;

#[test]
fn a_binding_without_its_sign() {
    check_errors(
        r#"let total 5
print(total)
"#,
        r#"
        1| let total 5
        1|           ^ E0009 expected `:=`, found `5`
        "#,
    );
}

#[test]
fn assignments_are_no_values() {
    check_errors(
        r#"a := b := 1
x += y = 2
"#,
        r#"
        1| a := b := 1
        1|        ^^ E0011 an assignment gives no value that could be assigned
           help: write two statements
        2| x += y = 2
        2|        ^ E0011 an assignment gives no value that could be assigned
           help: write two statements
        "#,
    );
}

#[test]
fn only_places_are_assigned() {
    check_errors(
        r#"1 + 2 := 3
f(x).y := 2
self := 3
a?.b := 1
(x) := 2
f(x) += 1
"#,
        r#"
        1| 1 + 2 := 3
        1| ^^^^^ E0012 this is a value, not a place that can be assigned
        2| f(x).y := 2
        2| ^^^^ E0012 this gives a copy, which would be lost
           help: bind it to a name, change that, and store it back
        3| self := 3
        3| ^^^^ E0012 `self` as a whole stays what it is
           help: assign to its fields
        4| a?.b := 1
        4| ^^^^ E0012 there may be nothing here to assign to
        6| f(x) += 1
        6| ^^^^ E0012 this is a value, not a place that can be assigned
        "#,
    );
}

#[test]
fn bindings_must_always_fit() {
    check_errors(
        r#"let [a, 5] := [1, 5]
for Ok(x) in y { }
func f(1, P { x }) { }
"#,
        r#"
        1| let [a, 5] := [1, 5]
        1|         ^ E0014 this may not fit, so it can stand only in a `case`
        2| for Ok(x) in y { }
        2|     ^^^^^ E0014 this may not fit, so it can stand only in a `case`
        3| func f(1, P { x }) { }
        3|        ^ E0014 this may not fit, so it can stand only in a `case`
        3| func f(1, P { x }) { }
        3|             ^ E0009 expected `,` or `)`, found `{`
        "#,
    );
}

#[test]
fn patterns_do_not_calculate() {
    check_errors(
        r#"match x { case 1 + 2 { } case y.z { } case "a${b}" { } case [...a, ...b] { } case f() => g() }
"#,
        r#"
        1| match x { case 1 + 2 { } case y.z { } case "a${b}" { } case [...a, ...b] { } case f() => g() }
        1|                  ^ E0014 `+` cannot stand in a pattern: patterns do not calculate
           help: bind a name and write `if` and a condition after it
        1| match x { case 1 + 2 { } case y.z { } case "a${b}" { } case [...a, ...b] { } case f() => g() }
        1|                                ^ E0014 `.` cannot stand in a pattern: patterns do not calculate
           help: bind a name and write `if` and a condition after it
        1| match x { case 1 + 2 { } case y.z { } case "a${b}" { } case [...a, ...b] { } case f() => g() }
        1|                                            ^^^^ E0014 a pattern has no interpolation
        1| match x { case 1 + 2 { } case y.z { } case "a${b}" { } case [...a, ...b] { } case f() => g() }
        1|                                                                    ^^^^ E0014 a pattern has one rest
        "#,
    );
}

#[test]
fn imports_and_exports_stand_at_the_top() {
    check_errors(
        r#"func f() {
    export x := 1
    import y
    from a import b
}
export print(1)
export
"#,
        r#"
        2|     export x := 1
        2|     ^^^^^^ E0015 an export belongs at the top level
        3|     import y
        3|     ^^^^^^ E0015 an import belongs at the top level
        4|     from a import b
        4|     ^^^^ E0015 an import belongs at the top level
        6| export print(1)
        6|        ^^^^^^^^ E0015 only declarations and bindings can be exported
        7| export
        7|       ^ E0009 expected a declaration or a binding after `export`, found the end of the text
        "#,
    );
}

#[test]
fn bindings_have_values() {
    check_errors(
        r#"let x
mut y: int
const z
x := 1
"#,
        r#"
        1| let x
        1| ^^^^^ E0016 this has no value
           help: write `:= null` if there is none yet
        2| mut y: int
        2| ^^^^^^^^^^ E0016 this has no value
           help: write `:= null` if there is none yet
        3| const z
        3| ^^^^^^^ E0016 this has no value
           help: write `:= null` if there is none yet
        "#,
    );
}

#[test]
fn heads_of_functions() {
    check_errors(
        r#"func (x) { }
func name { }
func f(x { }
print(1)
"#,
        r#"
        2| func name { }
        2|           ^ E0009 expected `(` and parameters, found `{`
        3| func f(x { }
        3|       ^ E0010 this `(` is never closed
        "#,
    );
}

#[test]
fn enum_members() {
    check_errors(
        r#"enum E { A(1), B }
enum { A }
"#,
        r#"
        1| enum E { A(1), B }
        1|            ^ E0009 expected a name, found `1`
        2| enum { A }
        2|      ^ E0009 expected the name of the enum, found `{`
        "#,
    );
}

#[test]
fn two_things_on_one_line() {
    check_errors(
        r#"a b
a "x"
foo 5
"#,
        r#"
        1| a b
        1|   ^ E0009 expected the end of the statement, found `b`
           help: arguments stand in parentheses: `a(…)`
        2| a "x"
        2|   ^^^ E0009 expected the end of the statement, found a string
           help: arguments stand in parentheses: `a(…)`
        3| foo 5
        3|     ^ E0009 expected the end of the statement, found `5`
           help: did you mean `for`?
        "#,
    );
}

#[test]
fn a_lonely_try() {
    check_errors(
        r#"try { }
x := 1
"#,
        r#"
        1| try { }
        1|        ^ E0009 expected `except` or `finally`, found the end of the line
        "#,
    );
}

#[test]
fn ranges_of_three() {
    check_errors(
        r#"0..1..2
"#,
        r#"
        1| 0..1..2
        1|     ^^ E0009 a range has one beginning and one end
        "#,
    );
}

#[test]
fn imports() {
    check_errors(
        r#"import "x"
import a.
from a import
"#,
        r#"
        1| import "x"
        1|        ^^^ E0009 expected the name of a module, found a string
        2| import a.
        2|          ^ E0009 expected the name of a module, found the end of the line
        3| from a import
        3|              ^ E0009 expected a name to import, found the end of the text
        "#,
    );
}

#[test]
fn words_of_the_language_are_no_names() {
    check_errors(
        r#"let in = 1
let if = 1
let let = 1
struct match { }
"#,
        r#"
        2| let if = 1
        2|     ^^ E0009 expected a name or pattern, found `if`
        3| let let = 1
        3|     ^^^ E0009 expected a name or pattern, found `let`
        4| struct match { }
        4|        ^^^^^ E0009 expected the name of the struct, but `match` is a word of the language
        "#,
    );
}

#[test]
fn statements_are_no_expressions() {
    check_errors(
        r#"return return
yield yield
"#,
        r#"
        1| return return
        1|        ^^^^^^ E0009 expected an expression, found `return`
        "#,
    );
}

#[test]
fn named_function_literals() {
    check_errors(
        r#"x := func named() { }
"#,
        r#"
        1| x := func named() { }
        1|           ^^^^^ E0009 a function in an expression has no name
           help: declare it as a statement of its own, or leave the name out
        "#,
    );
}

#[test]
fn struct_literals() {
    check_errors(
        r#"P { x = 1 }
P { 1 }
P { x: 1 y: 2 }
"#,
        r#"
        1| P { x = 1 }
        1|       ^ E0009 expected `,` or `}`, found `=`
        2| P { 1 }
        2|     ^ E0009 expected the name of a field, found `1`
        3| P { x: 1 y: 2 }
        3|          ^ E0009 expected `,` or `}`, found `y`
        "#,
    );
}

#[test]
fn arguments() {
    check_errors(
        r#"f(a: )
f(, )
f(a b)
"#,
        r#"
        1| f(a: )
        1|      ^ E0009 expected an expression, found `)`
        2| f(, )
        2|   ^ E0009 expected an expression, found `,`
        3| f(a b)
        3|     ^ E0009 expected `,` or `)`, found `b`
        "#,
    );
}

#[test]
fn interpolations() {
    check_errors(
        r#""${}" + "${a b}"
"#,
        r#"
        1| "${}" + "${a b}"
        1|    ^^ E0009 expected an expression, found the end of the interpolation
        "#,
    );
}

#[test]
fn typed_bindings() {
    check_errors(
        r#"x: int
x: := 1
x: int = 
"#,
        r#"
        1| x: int
        1|       ^ E0009 expected `:=`, found the end of the line
        2| x: := 1
        2|    ^^ E0009 expected a type, found `:=`
        3| x: int = 
        3|         ^ E0009 expected an expression, found the end of the text
        "#,
    );
}

#[test]
fn words_that_are_free_elsewhere() {
    check_errors(
        r#"test { }
test "a"
spawn 1
async x
"#,
        r#"
        2| test "a"
        2|         ^ E0009 expected `{`, found the end of the line
        3| spawn 1
        3|       ^ E0009 expected the end of the statement, found `1`
        4| async x
        4|       ^ E0009 expected the end of the statement, found `x`
        "#,
    );
}

#[test]
fn self_parameters() {
    check_errors(
        r#"func f(self) { }
struct P { func f(x, self) { } }
"#,
        r#"
        1| func f(self) { }
        1|        ^^^^ E0119 only a function in a struct has a `self`
        2| struct P { func f(x, self) { } }
        2|                      ^^^^ E0009 `self` comes first
        "#,
    );
}

#[test]
fn labels() {
    check_errors(
        r#"label: x := 1
label: print(1)
"#,
        r#"
        2| label: print(1)
        2|             ^ E0009 expected `:=`, found `(`
        "#,
    );
}

#[test]
fn characters_that_are_nothing() {
    check_errors(
        r#"x := 5 @ 2
y := @
z := f(@)
"#,
        r#"
        1| x := 5 @ 2
        1|        ^ E0001 `@` begins nothing in Ruff
           help: there are no decorators in Ruff
        2| y := @
        2|      ^ E0001 `@` begins nothing in Ruff
           help: there are no decorators in Ruff
        3| z := f(@)
        3|        ^ E0001 `@` begins nothing in Ruff
           help: there are no decorators in Ruff
        "#,
    );
}
