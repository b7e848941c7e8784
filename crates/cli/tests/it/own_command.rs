//! The command of a host: the example is run as a process of its own, by this test binary.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::command::{root, scratch};

#[path = "../../examples/own_command.rs"]
mod example;

/// The words of the command line that the child runs, one a line.
const WORDS: &str = "OWN_COMMAND_WORDS";

/// Is the command, when this binary is started by [`pricing`].
#[test]
fn child() {
    if let Ok(words) = std::env::var(WORDS) {
        let exit = example::cli().run(std::iter::once("pricing").chain(words.lines()));
        println!("exit {exit:?}");
    }
}

/// What the command prints, both streams, and how it ends.
fn pricing(words: &[&str], input: &str) -> String {
    let child = std::env::current_exe().expect("this binary");
    let mut child = Command::new(child)
        .args(["own_command::child", "--exact", "--nocapture", "--test-threads=1"])
        .env(WORDS, words.join("\n"))
        .env("NO_COLOR", "1")
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    // Who does not read its input may have ended by now.
    drop(stdin.write_all(input.as_bytes()));
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn says(words: &[&str], parts: &[&str]) {
    reads(words, "", parts);
}

fn reads(words: &[&str], input: &str, parts: &[&str]) {
    let said = pricing(words, input);
    for part in parts {
        assert!(said.contains(part), "{words:?} does not say {part:?}:\n{said}");
    }
}

#[test]
fn it_goes_by_its_own_name() {
    says(&["--version"], &["pricing 2.1", "exit Ok"]);
    says(&["--help"], &["Runs pricing rules", "Usage: pricing"]);
    says(&["sell"], &["exit Usage"]);
    says(&["completions", "bash"], &["_pricing", "exit Ok"]);
}

#[test]
fn programs_call_the_functions_of_the_host() {
    says(&["-e", "price(\"tea\") + tax.add(10.0)"], &["14.5", "exit Ok"]);
    says(&["-e", "price(\"gold\")"], &["nobody sells gold", "R0026", "exit Script"]);
    says(&["-n", "print(price(line))", "/dev/null"], &["exit Ok"]);
    says(&["-e", "[stock(\"tea\"), 1]"], &["[3, 1]", "exit Ok"]);
    says(&["--timeout", "50ms", "-e", "loop { stock(\"tea\") }"], &["L0004", "exit Limit"]);
}

#[test]
fn programs_for_each_line_and_the_repl_wait_for_the_host() {
    reads(&["-n", "print(stock(line))"], "tea\ncake\n", &["3\n4\n", "exit Ok"]);
    reads(&["-p", "stock(line) * 10"], "tea\ncake\n", &["30\n40\n", "exit Ok"]);
    reads(&["--json", "-p", "[stock(it), it]"], "\"tea\"\n", &["[3,\"tea\"]", "exit Ok"]);
    reads(&["-n", "stock(1)"], "tea\n", &["R0004", "at line 1 of", "exit Script"]);
    reads(&["repl"], "n := stock(\"tea\")\nn + stock(\"cake\")\n", &["7\n", "exit Ok"]);
}

#[test]
fn the_tools_know_the_functions_of_the_host() {
    says(&["doc", "price"], &["price(a: string) -> float", "exit Ok"]);
    says(&["doc", "prize"], &["did you mean `price`?", "exit Usage"]);
    says(&["doc"], &["Functions of the host\n  price stock tax.add", "`pricing doc NAME`"]);

    let folder = scratch("own-command");
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("it is written");
        path.to_string_lossy().into_owned()
    };
    let wrong = file("wrong.ruff", "print(prise(\"tea\"))\n");
    says(&["check", &wrong], &["did you mean `price`?", "exit Source"]);
    let right = file(
        "right.ruff",
        "func total(name) { return tax.add(price(name)) + stock(name) }\ntest \"cake\" { assert_equal(total(\"cake\"), 8.8) }\n",
    );
    says(&["check", &right], &["exit Ok"]);
    says(&["test", &right], &["1 passed, 0 failed", "exit Ok"]);
    says(&["dis", &right], &["price", "exit Ok"]);
    let module = folder.join("right.rmod").to_string_lossy().into_owned();
    says(&["build", &right, "-o", &module], &["exit Ok"]);
    says(&["run", &module], &["exit Ok"]);
    says(&["verify", &module], &["sound", "exit Ok"]);
    let plain = Command::new(env!("CARGO_BIN_EXE_remora")).args(["run", &module]).output();
    let plain = plain.expect("it starts");
    assert!(String::from_utf8_lossy(&plain.stderr).contains("V0094"), "another host lacks it");
}
