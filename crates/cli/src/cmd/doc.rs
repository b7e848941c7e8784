//! `remora doc`: what builtins there are, and what one does.

use std::fmt::Write;

use remora::Engine;
use remora_diagnostics::{closest, escape_controls};

use crate::args::DocArgs;
use crate::exit::Exit;
use crate::terminal::{complain, print};

pub(crate) fn doc(args: &DocArgs) -> Exit {
    match &args.name {
        None => families(),
        Some(name) => one(name),
    }
}

/// The names of all builtins, family by family.
fn families() -> Exit {
    let engine = Engine::new();
    let entries = engine.registry().entries();
    let shown = || entries.iter().filter(|it| !it.row.is_hidden() && it.name == it.row.name());
    let mut titles: Vec<&str> = Vec::new();
    for entry in shown() {
        if !titles.contains(&entry.title) {
            titles.push(entry.title);
        }
    }
    let mut out = String::new();
    for title in titles {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{title}");
        let mut line = String::from(" ");
        for entry in shown().filter(|it| it.title == title) {
            if line.len() + 1 + entry.name.len() > 78 {
                let _ = writeln!(out, "{line}");
                line = String::from(" ");
            }
            let _ = write!(line, " {}", entry.name);
        }
        let _ = writeln!(out, "{line}\n");
    }
    out.push_str("`remora doc NAME` says what one of them does.\n");
    print(&out);
    Exit::Ok
}

/// All there is to know about one.
fn one(wanted: &str) -> Exit {
    let engine = Engine::new();
    let registry = engine.registry();
    let mut found = registry.entries().iter().filter(|it| it.name == wanted && !it.row.is_hidden());
    let Some(entry) = found.next() else {
        let names = registry.entries().iter().filter(|it| !it.row.is_hidden()).map(|it| it.name);
        let hint = match closest(wanted, names) {
            Some(near) => format!("; did you mean `{near}`?"),
            None => "; `remora doc` lists all".to_owned(),
        };
        complain(&format!("error: there is no builtin `{}`{hint}\n", escape_controls(wanted)));
        return Exit::Usage;
    };
    let row = entry.row;
    let mut out = format!("{}\n\n{}\n\n", row.signature, row.doc);
    let names: Vec<_> = row.names().filter(|it| *it != wanted).collect();
    if !names.is_empty() {
        let _ = writeln!(out, "Also: {}.", names.join(", "));
    }
    let kinds: Vec<_> = row.methods.iter().flat_map(|(kinds, _)| kinds.names()).collect();
    if !kinds.is_empty() {
        let _ = writeln!(out, "Method of: {}.", kinds.join(", "));
    }
    let _ = writeln!(out, "Cost: {}. Since {}. Family: {}.", row.cost, row.since, entry.title);
    if !row.raises.is_empty() {
        let codes: Vec<_> = row.raises.iter().map(|it| it.as_str()).collect();
        let _ = writeln!(out, "Raises: {}.", codes.join(", "));
    }
    let (program, shown) = row.example;
    let indent = |text: &str| text.lines().map(|it| format!("    {it}\n")).collect::<String>();
    let _ = write!(out, "\nExample:\n\n{}\nprints\n\n{}", indent(program), indent(shown));
    print(&out);
    Exit::Ok
}
