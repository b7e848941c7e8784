//! `remora doc`: what builtins do.

use std::fmt::Write;

use remora::{Engine, Registry};
use remora_diagnostics::{closest, escape_controls};

use crate::args::DocArgs;
use crate::exit::Exit;
use crate::terminal::{complain, print};

pub(crate) fn doc(args: &DocArgs) -> Exit {
    let engine = Engine::new();
    let registry = engine.registry();
    let Some(wanted) = &args.name else {
        let mut out = String::new();
        for entry in
            registry.entries().iter().filter(|it| !it.row.is_hidden() && it.name == it.row.name())
        {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{}", entry.row.signature);
        }
        print(&out);
        return Exit::Ok;
    };
    match page(registry, wanted) {
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
pub(super) fn page(registry: &Registry, wanted: &str) -> Result<String, String> {
    let mut found = registry.entries().iter().filter(|it| it.name == wanted && !it.row.is_hidden());
    let Some(entry) = found.next() else {
        let near = closest(wanted, registry.entries().iter().map(|it| it.name));
        let hint = near.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
        return Err(format!("there is no builtin `{}`{hint}", escape_controls(wanted)));
    };
    let row = entry.row;
    let mut out =
        format!("{}\n\n{}\n\nCost: {}. Since {}.\n", row.signature, row.doc, row.cost, row.since);
    if !row.raises.is_empty() {
        let codes: Vec<_> = row.raises.iter().map(|it| it.as_str()).collect();
        let _ = writeln!(out, "Raises: {}.", codes.join(", "));
    }
    let (program, shown) = row.example;
    let indent = |text: &str| text.lines().map(|it| format!("    {it}\n")).collect::<String>();
    let _ = write!(out, "\nExample:\n\n{}\nprints\n\n{}", indent(program), indent(shown));
    Ok(out)
}
