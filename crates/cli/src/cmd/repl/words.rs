//! The commands of the loop: words after a colon.

use std::time::Instant;

use remora::Tier;
use remora_diagnostics::{closest, escape_controls};

use super::Repl;
use crate::cmd::{doc, measure};
use crate::exit::Exit;
use crate::terminal::{complain, print, show};

/// A command and what it does; in the order in which a beginning of a word is looked up.
pub(super) const WORDS: &[(&str, &str, &str)] = &[
    ("type", "EXPR", "run it and print the type of its value"),
    ("time", "INPUT", "run it and print what it has used"),
    ("dis", "INPUT", "compile it and print its code, without running it"),
    ("doc", "NAME", "explain a builtin"),
    ("engine", "", "print what runs the inputs"),
    ("help", "", "print this"),
    ("quit", "", "end; so does Ctrl-D"),
];

impl Repl<'_> {
    /// Does what a command says; gives the exit code if it was the last.
    pub(super) fn command(&mut self, command: &str) -> Option<Exit> {
        let (word, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        let found = WORDS.iter().find(|it| !word.is_empty() && it.0.starts_with(word));
        match (found.map(|it| it.0), rest.trim()) {
            (Some("type"), rest) if !rest.is_empty() => {
                return self.run(&format!("type({rest}\n)"));
            }
            (Some("time"), rest) if !rest.is_empty() => return self.time(rest),
            (Some("dis"), rest) => self.dis(rest),
            (Some("doc"), rest) if !rest.is_empty() => match doc::page(self.cli, rest) {
                Ok(page) => {
                    print(&page);
                }
                Err(why) => complain(&format!("error: {why}\n")),
            },
            (Some("engine"), _) => {
                print(match self.cli.engine.tier() {
                    Tier::Loop => "loop: register form in the interpreter loop\n",
                    Tier::Closures => "closure: register form, with closures for loops\n",
                });
            }
            (Some("help"), _) => help(),
            (Some("quit"), _) => return Some(Exit::Ok),
            (Some(word), _) => complain(&format!("error: write something after :{word}\n")),
            (None, _) => {
                let near = closest(word, WORDS.iter().map(|it| it.0));
                let hint = near.map_or_else(
                    || "; try :help".to_owned(),
                    |it| format!("; did you mean :{it}?"),
                );
                complain(&format!("error: there is no command :{}{hint}\n", escape_controls(word)));
            }
        }
        None
    }

    fn time(&mut self, input: &str) -> Option<Exit> {
        let started = Instant::now();
        let exit = self.run(input);
        let time = measure::time(started.elapsed());
        let vm = self.session.vm();
        let (fuel, live) = (vm.fuel_used(), vm.live_bytes());
        print(&format!("{time}, fuel {fuel}, {live} bytes live\n"));
        exit
    }

    fn dis(&self, input: &str) {
        match self.session.compile(input) {
            Ok(module) => {
                print(&remora_bytecode::text::print(module.bytecode()));
            }
            Err(it) => show(&it.diagnostics, &it.sources, self.output),
        }
    }
}

fn help() {
    let mut text = String::from("Write Ruff: the value of the last expression is printed.\n\n");
    for (word, rest, does) in WORDS {
        text.push_str(&format!("  :{:14} {does}\n", format!("{word} {rest}")));
    }
    text.push_str(
        "\nCtrl-C stops what runs, or gives up what is being written. Tab completes names.\n",
    );
    print(&text);
}
