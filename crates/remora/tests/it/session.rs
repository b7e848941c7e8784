//! Sessions: what earlier inputs leave behind for later ones.

use remora::{Engine, Session, SessionError, Settings};

fn session() -> Session {
    Session::new(&Engine::new(), Settings::default()).expect("an empty session compiles")
}

/// Runs inputs, each with the value that it must show; `!` and a code for one that must fail.
#[track_caller]
fn check(inputs: &[(&str, &str)]) {
    let mut session = session();
    for (input, wanted) in inputs {
        let shown = match session.run(input) {
            Ok(value) => value.unwrap_or_default(),
            Err(SessionError::Rejected(it)) => format!("!{}", it.diagnostics[0].code),
            Err(SessionError::Failed(it)) => format!("!{}", it.code()),
        };
        assert_eq!(shown, *wanted, "{input}");
    }
}

#[test]
fn inputs_wait_for_async_functions() {
    use crate::executor::block_on;
    let engine = Engine::builder().async_function("twice", |n: i64| async move { n * 2 }).build();
    let mut session = Session::new(&engine, Settings::default()).unwrap();
    assert_eq!(block_on(session.run_async("x := twice(4)")).unwrap(), None);
    assert_eq!(block_on(session.run_async("x + twice(1)")).unwrap().as_deref(), Some("10"));
    assert!(block_on(session.run_async("throw(1)")).is_err());
    assert_eq!(block_on(session.run_async("x")).unwrap().as_deref(), Some("8"));
    assert!(session.run("twice(1)").is_err());
}

#[test]
fn variables_stay_and_keep_their_kind() {
    check(&[
        ("x := 1", ""),
        ("let y := x + 1", ""),
        ("x := x + y", ""),
        ("x", "3"),
        ("x += 4", ""),
        ("[x, y]", "[7, 2]"),
        ("y := 5", "!E0103"),
        ("let y := y + 1", ""),
        ("y", "3"),
        ("mut y := 0", ""),
        ("y := 9", ""),
        ("y", "9"),
        ("[a, b] := [1, 2]", ""),
        ("a + b", "3"),
        ("nothing", "!E0101"),
    ]);
}

#[test]
fn functions_and_closures_of_earlier_inputs_can_be_called() {
    check(&[
        ("n := 10", ""),
        ("func add(k) { return n + k }", ""),
        ("add(1)", "11"),
        ("n := 20", ""),
        ("add(1)", "21"),
        ("func counter() { mut c := 0\n return func() { c := c + 1\n return c } }", ""),
        ("next := counter()", ""),
        ("next()", "1"),
        ("next()", "2"),
        ("func twice(f) { return f() + f() }", ""),
        ("twice(next)", "7"),
        (
            "func even(k) { if k == 0 { return true }\n return odd(k - 1) }\nfunc odd(k) { if k == 0 { return false }\n return even(k - 1) }",
            "",
        ),
        ("even(10)", "true"),
        ("map([1, 2], add)", "[21, 22]"),
    ]);
}

#[test]
fn a_function_declared_anew_is_seen_by_earlier_ones() {
    check(&[
        ("func f() { return 1 }", ""),
        ("func g() { return f() * 10 }", ""),
        ("g()", "10"),
        ("func f() { return 2 }", ""),
        ("g()", "20"),
        ("let f := func() { return 3 }", ""),
        ("g()", "30"),
    ]);
}

#[test]
fn structs_and_enums_stay_the_same_types() {
    check(&[
        ("struct P { x, y = 2\n func sum(self) { return self.x + self.y } }", ""),
        ("p := P { x: 1 }", ""),
        ("p.sum()", "3"),
        ("q := P { x: 5 }", ""),
        ("[p, q]", "[P { x: 1, y: 2 }, P { x: 5, y: 2 }]"),
        ("p == P { x: 1 }", "true"),
        ("q.x := 7", ""),
        ("q.sum()", "9"),
        ("enum E { A, B(v) }", ""),
        ("e := E::B(4)", ""),
        ("match e { case E::B(v) => v, case E::A => 0 }", "4"),
        ("func show(e) { return match e { case E::A => \"a\", case E::B(v) => \"b${v}\" } }", ""),
        ("show(E::A) + show(e)", "ab4"),
    ]);
}

#[test]
fn a_type_declared_anew_leaves_values_of_the_earlier_one_alone() {
    check(&[
        ("struct P { x\n func name(self) { return \"old\" } }", ""),
        ("p := P { x: 1 }", ""),
        ("func make(v) { return P { x: v } }", ""),
        ("struct P { a, b\n func name(self) { return \"new\" } }", ""),
        ("q := P { a: 1, b: 2 }", ""),
        ("[p, q, make(3)]", "[P { x: 1 }, P { a: 1, b: 2 }, P { x: 3 }]"),
        ("[p.name(), q.name(), make(3).name()]", "[old, new, old]"),
        ("enum P { C }", ""),
        ("[p, q, P::C]", "[P { x: 1 }, P { a: 1, b: 2 }, P::C]"),
        ("let P := 5", ""),
        ("P + 1", "6"),
    ]);
}

#[test]
fn types_declared_in_functions_keep_their_place() {
    check(&[
        (
            "func make() { struct L { v }\n enum M { N(a, b), O { c } }\n return [L { v: 1 }, M::N(1, 2)] }",
            "",
        ),
        ("a := make()", ""),
        ("struct S { w }", ""),
        ("[S { w: 2 }, make()[0], a[1]]", "[S { w: 2 }, L { v: 1 }, M::N(1, 2)]"),
        ("func other() { struct L { z, y }\n return L { z: 1, y: 2 } }", ""),
        ("[other(), make()[0], S { w: 1 }]", "[L { y: 2, z: 1 }, L { v: 1 }, S { w: 1 }]"),
    ]);
}

#[test]
fn what_fails_leaves_the_session_usable() {
    check(&[
        ("x := 1", ""),
        ("x := 2\nthrow(\"no\")", "!R0001"),
        ("x", "2"),
        ("let z := 1 / 0", "!R0003"),
        ("z", "!R0014"),
        ("x := (", "!E0009"),
        ("struct Q { a }\nlet w := nothing", "!E0101"),
        ("Q { a: 1 }", "!E0108"),
        ("x + 1", "3"),
    ]);
}

#[test]
fn places_are_places_in_the_whole_text() {
    let mut session = session();
    session.run("func fails() {\n    return [1][5]\n}").expect("runs");
    session.run("x := 1").expect("runs");
    let Err(SessionError::Failed(error)) = session.run("fails()") else { panic!("it fails") };
    let lines: Vec<_> = error.calls().map(|(_, line)| line).collect();
    assert_eq!(lines, [2, 5]);
    let text = session
        .module()
        .sources()
        .source(remora_diagnostics::SourceId(0))
        .map(|it| it.slice(error.span().unwrap()));
    assert_eq!(text, Some("[1][5]"));
}

#[test]
fn limits_hold_for_each_input() {
    let settings = Settings { fuel: Some(1000), ..Settings::default() };
    let mut session = Session::new(&Engine::new(), settings).expect("an empty session compiles");
    for _ in 0..3 {
        let Err(SessionError::Failed(error)) = session.run("loop { }") else { panic!("it fails") };
        assert_eq!(error.code().as_str(), "L0001");
        assert_eq!(session.run("1 + 1").expect("runs").as_deref(), Some("2"));
    }
}

#[test]
fn a_long_session_stays_quick() {
    let mut session = session();
    session.run("mut total := 0").expect("runs");
    for nth in 0..300 {
        session.run(&format!("func f{nth}() {{ return {nth} }}\ntotal += f{nth}()")).expect("runs");
    }
    assert_eq!(session.run("total").expect("runs").as_deref(), Some("44850"));
}

#[test]
fn a_session_may_be_longer_than_one_program() {
    let mut session = session();
    let comment = format!("# {}\n", "x".repeat(700_000));
    for nth in 0..3 {
        let shown = session.run(&format!("{comment}{nth} + 1")).expect("runs");
        assert_eq!(shown, Some((nth + 1).to_string()));
    }
}
