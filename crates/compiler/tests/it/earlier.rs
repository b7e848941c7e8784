//! Variables of a session: they keep their numbers, and may be declared anew.

use remora_compiler::{Earlier, Options};
use remora_diagnostics::Code;

use crate::support::{compile_with, module_with};

fn options() -> Options {
    let earlier = |name: &str, mutable| Earlier { name: name.to_owned(), mutable, hidden: false };
    Options {
        earlier: vec![earlier("a", true), earlier("b", false), earlier("c", true)],
        ..Options::default()
    }
}

/// The globals of the module, with `!` behind those that cannot be assigned.
fn globals(text: &str) -> String {
    let module = module_with(text, &options());
    let names = module.globals.iter().map(|it| {
        let mark = if it.mutable { "" } else { "!" };
        format!("{}{mark}", it.name)
    });
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn they_come_first_in_their_order_whether_they_are_mentioned_or_not() {
    assert_eq!(globals(""), "a b! c");
    assert_eq!(globals("d := c + a"), "a b! c d");
    assert_eq!(globals("c := 1\nfunc f() { return b + e }\nlet e := 2"), "a b! c f! e!");
}

#[test]
fn declaring_one_anew_keeps_its_number() {
    assert_eq!(globals("let a := a + 1"), "a! b! c");
    assert_eq!(globals("func b() { return a }\nmut c := b()"), "a b! c");
    assert_eq!(globals("struct c { x }\nc { x: a }"), "a b! c");
    assert_eq!(globals("[c, d] := [1, 2]\nmut b := 1"), "a b c d");
}

#[test]
fn what_is_wrong_with_them_is_said_as_always() {
    for (text, code) in [
        ("b := 1", Code::E0103),
        ("let a := 1\na := 2", Code::E0103),
        ("z", Code::E0101),
        ("func a() { return 1 }\nfunc a() { return 2 }", Code::E0102),
    ] {
        let found = compile_with(text, &options()).diagnostics;
        assert_eq!(found.first().map(|it| it.code), Some(code), "{text}");
    }
}
