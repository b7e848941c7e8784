//! Habits from other languages: what is said, and that parsing goes on as if it had been written in Ruff.

use super::check_errors;

#[test]
fn operators_of_other_languages() {
    check_errors(
        r#"print(true and false or not true)
print(2 ** 3, 5 & 3, 1 | 2, 1 ^ 2, 1 === 2, 1 !== 2, 1 << 2, 8 >> 1, 1 <> 2)
x++
y--
print(1 in [1], 2 not in [2], a is b)
x := c ? 1 : 2
y := [a for a in b]
"#,
        r#"
        1| print(true and false or not true)
        1|            ^^^ E0013 there is no `and`
           help: write `&&`
        1| print(true and false or not true)
        1|                      ^^ E0013 there is no `or`
           help: write `||`
        1| print(true and false or not true)
        1|                         ^^^ E0013 there is no `not`
           help: write `!`
        2| print(2 ** 3, 5 & 3, 1 | 2, 1 ^ 2, 1 === 2, 1 !== 2, 1 << 2, 8 >> 1, 1 <> 2)
        2|         ^^ E0013 there is no `**`
           help: write `pow(a, b)`
        2| print(2 ** 3, 5 & 3, 1 | 2, 1 ^ 2, 1 === 2, 1 !== 2, 1 << 2, 8 >> 1, 1 <> 2)
        2|                 ^ E0013 there is no `&`
           help: write `&&` for and, `bit_and(a, b)` for bits
        2| print(2 ** 3, 5 & 3, 1 | 2, 1 ^ 2, 1 === 2, 1 !== 2, 1 << 2, 8 >> 1, 1 <> 2)
        2|                        ^ E0013 there is no `|`
           help: write `||` for or, `bit_or(a, b)` for bits
        2| print(2 ** 3, 5 & 3, 1 | 2, 1 ^ 2, 1 === 2, 1 !== 2, 1 << 2, 8 >> 1, 1 <> 2)
        2|                               ^ E0013 there is no `^`
           help: write `bit_xor(a, b)`
        2| print(2 ** 3, 5 & 3, 1 | 2, 1 ^ 2, 1 === 2, 1 !== 2, 1 << 2, 8 >> 1, 1 <> 2)
        2|                                      ^^^ E0013 there is no `===`
           help: write `==`
        2| print(2 ** 3, 5 & 3, 1 | 2, 1 ^ 2, 1 === 2, 1 !== 2, 1 << 2, 8 >> 1, 1 <> 2)
        2|                                               ^^^ E0013 there is no `!==`
           help: write `!=`
        2| print(2 ** 3, 5 & 3, 1 | 2, 1 ^ 2, 1 === 2, 1 !== 2, 1 << 2, 8 >> 1, 1 <> 2)
        2|                                                        ^^ E0013 there is no `<<`
           help: write `bit_shl(a, n)`
        2| print(2 ** 3, 5 & 3, 1 | 2, 1 ^ 2, 1 === 2, 1 !== 2, 1 << 2, 8 >> 1, 1 <> 2)
        2|                                                                ^^ E0013 there is no `>>`
           help: write `bit_shr(a, n)`
        2| print(2 ** 3, 5 & 3, 1 | 2, 1 ^ 2, 1 === 2, 1 !== 2, 1 << 2, 8 >> 1, 1 <> 2)
        2|                                                                        ^^ E0013 there is no `<>`
           help: write `!=`
        3| x++
        3|  ^^ E0013 there is no `++`
           help: write `x += 1`
        4| y--
        4|  ^^ E0013 there is no `--`
           help: write `y -= 1`
        5| print(1 in [1], 2 not in [2], a is b)
        5|         ^^ E0013 there is no `in`
           help: write `xs.contains(x)`, or `d.has_key(k)`
        5| print(1 in [1], 2 not in [2], a is b)
        5|                   ^^^^^^ E0013 there is no `not in`
           help: write `!xs.contains(x)`
        5| print(1 in [1], 2 not in [2], a is b)
        5|                                 ^^ E0013 there is no `is`
           help: write `==`
        6| x := c ? 1 : 2
        6|        ^ E0013 there is no `a ? b : c`; a `?` after a value takes what is in Ok or Some
           help: write `if a { b } else { c }`
        7| y := [a for a in b]
        7|         ^^^ E0013 there are no comprehensions in Ruff
           help: write `xs.filter(x => …).map(x => …)`
        "#,
    );
}

#[test]
fn words_of_other_languages() {
    check_errors(
        r#"def f(x) { return x }
fn g() { return 1 }
function h() { x := := 2 }
var x := 1
class P { x }
impl P { func f() { } }
elif x { }
unless x { }
switch x { case 1 { } }
throw "x"
print "x"
whle x < 3 { x := }
"#,
        r#"
        1| def f(x) { return x }
        1| ^^^ E0013 there is no `def`
           help: write `func name(…) { … }`
        2| fn g() { return 1 }
        2| ^^ E0013 there is no `fn`
           help: write `func name(…) { … }`
        3| function h() { x := := 2 }
        3| ^^^^^^^^ E0013 there is no `function`
           help: write `func name(…) { … }`
        3| function h() { x := := 2 }
        3|                     ^^ E0009 expected an expression, found `:=`
        4| var x := 1
        4| ^^^ E0013 there is no `var`
           help: write `mut name := value`
        5| class P { x }
        5| ^^^^^ E0013 there is no `class`
           help: write `struct Name { … }`
        6| impl P { func f() { } }
        6| ^^^^ E0013 there is no `impl`
           help: methods stand inside `struct Name { … }`
        8| unless x { }
        8| ^^^^^^ E0013 there is no `unless`
           help: write `if !(…)`
        9| switch x { case 1 { } }
        9| ^^^^^^ E0013 there is no `switch`
           help: write `match`
        10| throw "x"
        10| ^^^^^ E0013 this is a function; its arguments stand in parentheses
           help: write `throw(value)`
        11| print "x"
        11| ^^^^^ E0013 this is a function; its arguments stand in parentheses
           help: write `print(…)`
        12| whle x < 3 { x := }
        12|      ^ E0009 expected the end of the statement, found `x`
           help: did you mean `while`?
        "#,
    );
}

#[test]
fn parts_of_statements_of_other_languages() {
    check_errors(
        r#"if a { } elif b { } else { }
try { } catch e { }
match x { case 1 { } else { } }
"#,
        r#"
        1| if a { } elif b { } else { }
        1|          ^^^^ E0013 there is no `elif`
           help: write `else if`
        2| try { } catch e { }
        2|         ^^^^^ E0013 there is no `catch`
           help: write `except`
        3| match x { case 1 { } else { } }
        3|                      ^^^^ E0013 there is no `else`
           help: write `default`
        "#,
    );
}

#[test]
fn heads_of_for() {
    check_errors(
        r#"for k, v in d { }
for i = 0 { }
for (i in x) { }
"#,
        r#"
        1| for k, v in d { }
        1|      ^ E0009 expected `in`, found `,`
           help: write `for [k, v] in items(d)` to take pairs apart
        2| for i = 0 { }
        2|       ^ E0009 expected `in`, found `=`
           help: write `for i in 1..=3 { … }`
        3| for (i in x) { }
        3|     ^ E0009 a `for` has no parentheses
           help: write `for x in xs { … }`, or `for i in 0..n { … }` to count
        "#,
    );
}

#[test]
fn braces_and_parentheses_that_mean_something_else() {
    check_errors(
        r#"x := (1, 2)
f := () => { return 5 }
{1, 2}
s := {1, 2}
d := {a}
"#,
        r#"
        1| x := (1, 2)
        1|        ^ E0009 expected `)`, found `,`
           help: there are no tuples in Ruff; write `[a, b]`
        2| f := () => { return 5 }
        2|            ^ E0009 after `=>` stands one expression, and a brace there begins a dict
           help: write `func(…) { … }` for a function with statements
        3| {1, 2}
        3|   ^ E0009 expected the end of the statement, found `,`
           help: several values are taken apart with `[a, b] := [1, 2]`
        4| s := {1, 2}
        4|        ^ E0009 expected `:` after the key, found `,`
           help: a dict has `key: value` entries; a set is `Set([a, b])`
        5| d := {a}
        5|        ^ E0009 expected `:` after the key, found `}`
           help: a dict has `key: value` entries; a set is `Set([a, b])`
        "#,
    );
}

#[test]
fn lines_that_begin_with_an_operator() {
    check_errors(
        r#"x := 1
  + 2
y := a
  && b
"#,
        r#"
        2|   + 2
        2|   ^ E0009 a line cannot begin with this operator: the newline ended the statement before it
           help: put the operator at the end of the line before
        4|   && b
        4|   ^^ E0009 a line cannot begin with this operator: the newline ended the statement before it
           help: put the operator at the end of the line before
        "#,
    );
}

#[test]
fn assignments_in_conditions() {
    check_errors(
        r#"if x = 5 { }
while x := 5 { }
"#,
        r#"
        1| if x = 5 { }
        1|      ^ E0009 expected `{`, found `=`
           help: write `==` to compare; an assignment has no value
        2| while x := 5 { }
        2|         ^^ E0009 expected `{`, found `:=`
           help: write `==` to compare; an assignment has no value
        "#,
    );
}

#[test]
fn several_values() {
    check_errors(
        r#"x := 1, 2
a, b := 1, 2
"#,
        r#"
        1| x := 1, 2
        1|       ^ E0009 expected the end of the statement, found `,`
           help: several values are taken apart with `[a, b] := [1, 2]`
        2| a, b := 1, 2
        2|  ^ E0009 expected the end of the statement, found `,`
           help: several values are taken apart with `[a, b] := [1, 2]`
        "#,
    );
}
