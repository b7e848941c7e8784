//! Files, input and time come from the host; the value of a program and its end go back.

use remora_diagnostics::Code;
use remora_oracle::{Host, HostError};

use crate::{run, run_with};

struct Notes(Vec<String>);

impl Host for Notes {
    fn read_file(&mut self, path: &str) -> Result<String, HostError> {
        match path {
            "a.txt" => Ok("one\ntwo\n".to_owned()),
            _ => Err(HostError::Failed("no such file".to_owned())),
        }
    }

    fn write_file(&mut self, path: &str, text: &str) -> Result<(), HostError> {
        self.0.push(format!("{path}: {text}"));
        Ok(())
    }
}

#[test]
fn files_come_from_the_host() {
    let source = "print(read_lines(\"a.txt\"))\nwrite_file(\"b.txt\", \"x\")\ntry { read_file(\"c\") } except e { print(e.code) }";
    let mut notes = Notes(Vec::new());
    let (out, end) = run_with(source, &mut notes, 100, 1000);
    assert_eq!(out, "[one, two]\nR0025\n");
    assert_eq!(end.unwrap().exit_code, 0);
    assert_eq!(notes.0, ["b.txt: x"]);
}

#[test]
fn what_the_host_does_not_grant_is_denied() {
    for source in ["read_file(\"a\")", "input()", "now()", "env(\"HOME\")", "sleep(1)"] {
        assert_eq!(run(source).1.unwrap_err().code, Code::R0030, "{source}");
    }
}

#[test]
fn the_value_of_the_last_statement_comes_back() {
    assert_eq!(run("x := 1\nx + 1").1.unwrap().value.as_deref(), Some("2"));
    assert_eq!(run("x := 1").1.unwrap().value, None);
    assert_eq!(run("exit(4)").1.unwrap().exit_code, 4);
}

#[test]
fn an_uncaught_error_knows_its_place_and_stack() {
    let source = "func f() { throw(\"deep\") }\nfunc g() { r := f() return r }\ng()";
    let error = run(source).1.unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (Code::R0001, "deep"));
    assert_eq!(&source[error.span.range()], "throw(\"deep\")");
    assert_eq!(error.stack, ["g", "f"]);
}
