//! `remora doc`: what builtins there are, and what one does.

use std::fmt::Write;

use remora_diagnostics::{closest, escape_controls};

use crate::Cli;
use crate::args::DocArgs;
use crate::exit::Exit;
use crate::terminal::{complain, print};

pub(crate) fn doc(cli: &Cli, args: &DocArgs) -> Exit {
    match &args.name {
        None => families(cli),
        Some(name) => one(cli, name),
    }
}

/// The names of all builtins, family by family.
fn families(cli: &Cli) -> Exit {
    let entries = cli.engine.registry().entries();
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
    let _ = writeln!(out, "`{} doc NAME` says what one of them does.", cli.name);
    print(&out);
    Exit::Ok
}

/// All there is to know about one.
fn one(cli: &Cli, wanted: &str) -> Exit {
    match page(cli, wanted) {
        Ok(page) => {
            print(&page);
            Exit::Ok
        }
        Err(why) => {
            complain(&format!("error: {why}\n"));
            Exit::Usage
        }
    }
}

/// What there is to say about a builtin.
///
/// # Errors
/// There is none of that name.
pub(super) fn page(cli: &Cli, wanted: &str) -> Result<String, String> {
    let registry = cli.engine.registry();
    let mut found = registry.entries().iter().filter(|it| it.name == wanted && !it.row.is_hidden());
    let Some(entry) = found.next() else {
        let names = registry.entries().iter().filter(|it| !it.row.is_hidden()).map(|it| it.name);
        let hint = match closest(wanted, names) {
            Some(near) => format!("; did you mean `{near}`?"),
            None => format!("; `{} doc` lists all", cli.name),
        };
        return Err(format!("there is no builtin `{}`{hint}", escape_controls(wanted)));
    };
    let row = entry.row;
    let about = &row.reference;
    let mut out = format!("{}\n\n{}\n\n", row.signature, about.doc);
    let names: Vec<_> = row.names().filter(|it| *it != wanted).collect();
    if !names.is_empty() {
        let _ = writeln!(out, "Also: {}.", names.join(", "));
    }
    let kinds: Vec<_> = row.methods.iter().flat_map(|(kinds, _)| kinds.names()).collect();
    if !kinds.is_empty() {
        let _ = writeln!(out, "Method of: {}.", kinds.join(", "));
    }
    let _ = writeln!(out, "Cost: {}. Since {}. Family: {}.", about.cost, about.since, entry.title);
    if !about.raises.is_empty() {
        let codes: Vec<_> = about.raises.iter().map(|it| it.as_str()).collect();
        let _ = writeln!(out, "Raises: {}.", codes.join(", "));
    }
    let (program, shown) = about.example;
    let indent = |text: &str| text.lines().map(|it| format!("    {it}\n")).collect::<String>();
    let _ = write!(out, "\nExample:\n\n{}\nprints\n\n{}", indent(program), indent(shown));
    Ok(out)
}
