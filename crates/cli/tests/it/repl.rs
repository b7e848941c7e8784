//! The read-eval-print loop in a pseudo-terminal: what a person types, and what they must see.

use std::path::Path;
use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

use crate::command::{remora_in, scratch};

/// What happens in a scenario.
enum Step {
    /// A line is typed, with the return key.
    Type(&'static str),
    /// These keys are pressed.
    Keys(&'static str),
    /// This must be seen before too long.
    See(&'static str),
    /// The loop must end with that code.
    End(i32),
}

use Step::{End, Keys, See, Type};

/// Ctrl-D on an empty line.
const CTRL_D: Step = Keys("\u{4}");
const CTRL_C: Step = Keys("\u{3}");

fn start(state: &Path, args: &[&str]) -> PtySession {
    let mut command = Command::new(env!("CARGO_BIN_EXE_remora"));
    command.args(args).env("XDG_STATE_HOME", state).env("NO_COLOR", "1").env("TERM", "xterm");
    let mut session = spawn_command(command, Some(20_000)).expect("the loop starts");
    session.exp_string(":help lists the commands").expect("the greeting");
    session.exp_string("> ").expect("the prompt");
    session
}

fn play(name: &str, args: &[&str], steps: &[Step]) {
    play_in(&scratch(&format!("repl-{name}")), name, args, steps);
}

fn play_in(state: &Path, name: &str, args: &[&str], steps: &[Step]) {
    let mut session = start(state, args);
    for (nth, step) in steps.iter().enumerate() {
        let done = match step {
            Type(line) => session.send_line(line).map(|_| ()),
            // Keys mean something else until the loop reads again.
            Keys(keys) => after_prompt(&mut session, nth, steps)
                .and_then(|()| session.send(keys))
                .and_then(|_| session.flush()),
            See(text) => session.exp_string(text).map(|_| ()),
            End(code) => {
                let ended = session.process().wait().expect("the loop ends");
                let ended = format!("{ended:?}");
                let as_wanted =
                    ended.starts_with("Exited") && ended.ends_with(&format!(" {code})"));
                assert!(as_wanted, "{name}: {ended}");
                Ok(())
            }
        };
        done.unwrap_or_else(|error| panic!("{name}, step {nth}: {error}"));
    }
}

/// Waits for the prompt, if something was seen before this step.
fn after_prompt(
    session: &mut PtySession,
    nth: usize,
    steps: &[Step],
) -> Result<(), rexpect::error::Error> {
    match nth.checked_sub(1).map(|it| &steps[it]) {
        Some(See(text)) if text.ends_with('\n') => session.exp_string("> ").map(|_| ()),
        _ => Ok(()),
    }
}

#[test]
fn values_and_variables() {
    play("value", &[], &[Type("20 + 22"), See("42\r\n"), CTRL_D, End(0)]);
    play("strings", &[], &[Type("[\"a\" + \"b\", 1.5]"), See("[ab, 1.5]\r\n")]);
    play("null", &[], &[Type("null"), Type("print(6 * 7)"), See("42\r\n")]);
    play("variable", &[], &[Type("x := 5"), Type("x * 11"), See("55\r\n")]);
    play(
        "let",
        &[],
        &[
            Type("let x := 5"),
            Type("x := 6"),
            See("E0103"),
            Type("let x := 7"),
            Type("x * 11"),
            See("77\r\n"),
        ],
    );
    play("without-word", &["repl"], &[Type("1 + 1"), See("2\r\n"), CTRL_D, End(0)]);
}

#[test]
fn functions_and_types_of_earlier_inputs() {
    play("function", &[], &[Type("func f(n) { return n * 3 }"), Type("f(14)"), See("42\r\n")]);
    play(
        "redefine",
        &[],
        &[
            Type("func f() { return 1 }"),
            Type("func g() { return f() + 40 }"),
            Type("func f() { return 2 }"),
            Type("g()"),
            See("42\r\n"),
        ],
    );
    play(
        "closure",
        &[],
        &[
            Type("func make() { mut c := 40; return func() { c := c + 1; return c } }"),
            Type("next := make()"),
            Type("next()"),
            See("41\r\n"),
            Type("next()"),
            See("42\r\n"),
        ],
    );
    play(
        "struct",
        &[],
        &[
            Type("struct P { x, y }"),
            Type("p := P { x: 1, y: 2 }"),
            Type("p.x := 40"),
            Type("p.x + p.y"),
            See("42\r\n"),
            Type("p"),
            See("P { x: 40, y: 2 }\r\n"),
        ],
    );
}

#[test]
fn inputs_of_several_lines() {
    play(
        "block",
        &[],
        &[Type("func f(n) {"), Type("return n + 1"), Type("}"), Type("f(41)"), See("42\r\n")],
    );
    play("brackets", &[], &[Type("sum(["), Type("40,"), Type("2])"), See("42\r\n")]);
    play("operator", &[], &[Type("40 +"), Type("2"), See("42\r\n")]);
    play(
        "given-up",
        &[],
        &[Type("func f(n) {"), CTRL_C, See("?2004h"), Type("6 * 7"), See("42\r\n")],
    );
}

#[test]
fn errors_leave_the_loop_alive() {
    play(
        "unknown",
        &[],
        &[Type("xyz"), See("E0101"), See("unknown name"), Type("6 * 7"), See("42\r\n")],
    );
    play("syntax", &[], &[Type("let 5"), See("error[E"), Type("6 * 7"), See("42\r\n")]);
    play(
        "thrown",
        &[],
        &[
            Type("x := 41"),
            Type("x := 42; throw(\"oh no\")"),
            See("R0001"),
            See("oh no"),
            Type("x"),
            See("42\r\n"),
        ],
    );
    play(
        "place",
        &[],
        &[
            Type("func f() { return [1][7] }"),
            Type("f()"),
            See("<session>:1:"),
            See("return [1][7]"),
        ],
    );
}

#[test]
fn what_runs_can_be_stopped() {
    play(
        "interrupt",
        &[],
        &[
            Type("x := 42"),
            Type("print(\"go\" + \"ing\"); loop { }"),
            See("going"),
            CTRL_C,
            See("L0007"),
            Type("x"),
            See("42\r\n"),
            CTRL_D,
            End(0),
        ],
    );
    play(
        "fuel",
        &["repl", "--fuel=1000"],
        &[Type("loop { }"), See("L0001"), Type("6 * 7"), See("42\r\n")],
    );
    play("exit", &[], &[Type("exit(3)"), End(3)]);
}

#[test]
fn commands() {
    play("type", &[], &[Type(":type [1]"), See("array\r\n")]);
    play("time", &[], &[Type(":time 6 * 7"), See("42\r\n"), See("fuel ")]);
    play("dis", &[], &[Type(":dis 1 + len(args())"), See("func"), See("add")]);
    play("doc", &[], &[Type(":doc assert_equal"), See("assert_equal(actual: any")]);
    play("doc-near", &[], &[Type(":doc assert_equl"), See("did you mean `assert_equal`?")]);
    play("engine", &[], &[Type(":engine"), See("loop")]);
    play("closure", &["repl", "--engine=closure"], &[Type(":engine"), See("closure")]);
    play("help", &[], &[Type(":h"), See(":quit"), Type(":quit"), End(0)]);
    play("wrong", &[], &[Type(":tipe 1"), See("did you mean :type?")]);
}

#[test]
fn names_complete_and_inputs_are_remembered() {
    play(
        "complete",
        &[],
        &[
            Type("wonderful := 42"),
            Keys("wonderf\t\r"),
            See("42\r\n"),
            Type("struct P { breadth }"),
            Type("p := P { breadth: 43 }"),
            Keys("p.bre\t\r"),
            See("43\r\n"),
            Keys("to_upp\t(\"xy\")\r"),
            See("XY\r\n"),
        ],
    );
    let state = scratch("repl-history");
    play_in(
        &state,
        "history",
        &[],
        &[Type("6 * 7"), See("42\r\n"), Keys("\u{1b}[A\r"), See("42\r\n"), CTRL_D, End(0)],
    );
    play_in(&state, "history-kept", &[], &[Keys("\u{1b}[A\r"), See("42\r\n")]);
}

#[test]
fn colours_mark_kinds_of_words() {
    let state = scratch("repl-colours");
    let mut command = Command::new(env!("CARGO_BIN_EXE_remora"));
    command.args(["repl", "--color=always"]).env("XDG_STATE_HOME", state).env("TERM", "xterm");
    let mut session = spawn_command(command, Some(20_000)).expect("the loop starts");
    session.exp_string("> ").expect("the prompt");
    session.send_line("let x := 1").expect("it takes a line");
    session.exp_string("\u{1b}[1;34mlet\u{1b}[0m").expect("a keyword in its colour");
}

#[test]
fn inputs_can_come_from_a_pipe() {
    let folder = scratch("repl-pipe");
    let ran = remora_in(&folder, &["repl"], "x := 40\nfunc f() {\n    return x + 2\n}\nf()\n");
    assert_eq!((ran.code, ran.out.as_str()), (0, "42\n"), "{}", ran.err);
}
