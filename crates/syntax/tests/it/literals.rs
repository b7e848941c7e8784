//! Numbers, strings and names, down to their values.

use super::{check_errors, tree};

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(tree(text), *expected, "in {text}");
    }
}

#[test]
fn numbers_have_their_values() {
    check(&[
        ("0", "0"),
        ("1_000_000", "1000000"),
        ("0xff", "255"),
        ("0xDEAD_beef", "3735928559"),
        ("0b1010", "10"),
        ("0o17", "15"),
        ("007", "7"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("-0x8000000000000000", "-9223372036854775808"),
        ("3.14", "3.14"),
        ("1e9", "1000000000.0"),
        ("1.5e-3", "0.0015"),
        ("2E+2", "200.0"),
        ("1_0.2_5", "10.25"),
        ("1..3", "(.. 1 3)"),
        ("1.5..2.5", "(.. 1.5 2.5)"),
        ("1.max(2)", "(call (. 1 max) 2)"),
        ("9223372036854775808.0", "9.223372036854776e18"),
    ]);
}

#[test]
fn strings_have_their_texts() {
    check(&[
        (r#""""#, r#""""#),
        (r#"'it is \'so\' \"here\"'"#, r#""it is 'so' \"here\"""#),
        (r#""\n\t\r\\\"\'\0\$\u{1F600}""#, "\"\\n\\t\\r\\\\\\\"'\\0$😀\""),
        ("\"two\nlines\"", "\"two\\nlines\""),
        (r#""cost \${n} $5 $ {x} $""#, r#""cost ${n} $5 $ {x} $""#),
        ("'héllo → 世界 🎉'", "\"héllo → 世界 🎉\""),
        (r##""# no comment // here /* either""##, r##""# no comment // here /* either""##),
    ]);
}

#[test]
fn strings_interpolate_expressions_and_strings_in_them() {
    check(&[
        (r#""${a}""#, "($ a)"),
        (r#""a${1}b${2}c""#, r#"($ "a" 1 "b" 2 "c")"#),
        (r#""Hi ${name}, ${n + 1} ${"x"}""#, r#"($ "Hi " name ", " (+ n 1) " " "x")"#),
        (r#""${ {"a": {}} }""#, r#"($ (dict "a":(dict)))"#),
        (r#""${"${"${x}"}"}""#, "($ ($ ($ x)))"),
        (r#"'${d["k"]}' + "${d['k']}""#, r#"(+ ($ (index d "k")) ($ (index d "k")))"#),
        (r#""${func() { return "}" }}""#, r#"($ (func () {(return "}")}))"#),
        ("\"${\n1\n+ 2\n}\"", "($ (+ 1 2))"),
        (r#""${x => y}${if a { b } else { c }}""#, "($ (=> (x) {(return y)}) (if a {b} else {c}))"),
        (r#""\\${a}\\""#, r#"($ "\\" a "\\")"#),
    ]);
}

#[test]
fn names_are_of_any_script() {
    check(&[
        ("größe := 1", "(:= größe 1)"),
        ("变量 + переменная", "(+ 变量 переменная)"),
        ("_x1", "_x1"),
        ("lettuce + iffy + selfish", "(+ (+ lettuce iffy) selfish)"),
    ]);
}

#[test]
fn malformed_numbers_are_reported_whole() {
    check_errors(
        "a := 12ab + 0b102 + 0x + 1__0 + 1_ + 1e + 0xfg + 1.5.2x",
        "
        1| a := 12ab + 0b102 + 0x + 1__0 + 1_ + 1e + 0xfg + 1.5.2x
        1|      ^^^^ E0005 `ab` does not belong to a number
        1| a := 12ab + 0b102 + 0x + 1__0 + 1_ + 1e + 0xfg + 1.5.2x
        1|             ^^^^^ E0005 `2` does not belong to a number
        1| a := 12ab + 0b102 + 0x + 1__0 + 1_ + 1e + 0xfg + 1.5.2x
        1|                     ^^ E0005 `0x` needs digits of base 16 after it
        1| a := 12ab + 0b102 + 0x + 1__0 + 1_ + 1e + 0xfg + 1.5.2x
        1|                          ^^^^ E0005 `_` may stand only between two digits
        1| a := 12ab + 0b102 + 0x + 1__0 + 1_ + 1e + 0xfg + 1.5.2x
        1|                                 ^^ E0005 `_` may stand only between two digits
        1| a := 12ab + 0b102 + 0x + 1__0 + 1_ + 1e + 0xfg + 1.5.2x
        1|                                      ^^ E0005 the exponent has no digits
        1| a := 12ab + 0b102 + 0x + 1__0 + 1_ + 1e + 0xfg + 1.5.2x
        1|                                           ^^^^ E0005 `g` does not belong to a number
        1| a := 12ab + 0b102 + 0x + 1__0 + 1_ + 1e + 0xfg + 1.5.2x
        1|                                                      ^^ E0005 `x` does not belong to a number
        ",
    );
}

#[test]
fn numbers_out_of_range_are_reported() {
    check_errors(
        "x := [9223372036854775808, -9223372036854775809, 1e999]",
        "
        1| x := [9223372036854775808, -9223372036854775809, 1e999]
        1|       ^^^^^^^^^^^^^^^^^^^ E0006 does not fit in 64 bits
           help: the largest int is 9223372036854775807; write a float if the exact digits do not matter
        1| x := [9223372036854775808, -9223372036854775809, 1e999]
        1|                             ^^^^^^^^^^^^^^^^^^^ E0006 does not fit in 64 bits
           help: the largest int is 9223372036854775807; write a float if the exact digits do not matter
        1| x := [9223372036854775808, -9223372036854775809, 1e999]
        1|                                                  ^^^^^ E0006 larger than the largest float, about 1.8e308
        ",
    );
}

#[test]
fn bad_escapes_are_reported_each() {
    check_errors(
        r#"print("\q \u0041 \u{} \u{110000} \u{1234567} \n ok", "\é")"#,
        r#"
        1| print("\q \u0041 \u{} \u{110000} \u{1234567} \n ok", "\é")
        1|        ^^ E0004 `\q` is not an escape
           help: there are \n \t \r \\ \" \' \0 \$ and \u{…}; write \\ for a backslash
        1| print("\q \u0041 \u{} \u{110000} \u{1234567} \n ok", "\é")
        1|           ^^ E0004 `\u` wants one to six hex digits in braces that name a character
           help: for example \u{1F600}
        1| print("\q \u0041 \u{} \u{110000} \u{1234567} \n ok", "\é")
        1|                  ^^^ E0004 `\u` wants one to six hex digits in braces that name a character
           help: for example \u{1F600}
        1| print("\q \u0041 \u{} \u{110000} \u{1234567} \n ok", "\é")
        1|                       ^^^^^^^^^^ E0004 `\u` wants one to six hex digits in braces that name a character
           help: for example \u{1F600}
        1| print("\q \u0041 \u{} \u{110000} \u{1234567} \n ok", "\é")
        1|                                  ^^^^^^^^^^ E0004 `\u` wants one to six hex digits in braces that name a character
           help: for example \u{1F600}
        1| print("\q \u0041 \u{} \u{110000} \u{1234567} \n ok", "\é")
        1|                                                       ^^ E0004 `\é` is not an escape
           help: there are \n \t \r \\ \" \' \0 \$ and \u{…}; write \\ for a backslash
        "#,
    );
}

#[test]
fn unterminated_strings_and_comments_are_one_error_at_their_beginning() {
    check_errors(
        "x := 1\nname := \"Ada\nprint(name)\n",
        "
        2| name := \"Ada
        2|         ^ E0002 this quote is never closed
        ",
    );
    check_errors(
        "f(\"Hello ${name\")\nprint(\"x\")\n",
        "
        1| f(\"Hello ${name\")
        1|   ^ E0002 this string is never closed
        ",
    );
    check_errors(
        "f(1)\ng([ /* about /* inner */ this",
        "
        2| g([ /* about /* inner */ this
        2|     ^^ E0003 this comment is never closed
        ",
    );
}

#[test]
fn unexpected_characters_are_named() {
    check_errors(
        "price := 5 @@ 2\nx := “a”\ny := 1\u{200B}\nz := `a`",
        "
        1| price := 5 @@ 2
        1|            ^^ E0001 `@` begins nothing in Ruff
           help: there are no decorators in Ruff
        2| x := “a”
        2|      ^ E0001 the character U+201C begins nothing in Ruff
           help: strings stand in straight quotes: \"…\"
        2| x := “a”
        2|        ^ E0001 the character U+201D begins nothing in Ruff
           help: strings stand in straight quotes: \"…\"
        3| y := 1\u{200B}
        3|       ^ E0001 the character U+200B begins nothing in Ruff
        4| z := `a`
        4|      ^ E0001 a backquote begins nothing in Ruff
           help: strings stand in `\"` or `'`
        4| z := `a`
        4|        ^ E0001 a backquote begins nothing in Ruff
           help: strings stand in `\"` or `'`
        ",
    );
}
