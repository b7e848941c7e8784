//! `remora doc`: what builtins do.

use std::fmt::Write;

use remora::Engine;
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
    let mut found = registry.entries().iter().filter(|it| it.name == wanted && !it.row.is_hidden());
    let Some(entry) = found.next() else {
        let near = closest(wanted, registry.entries().iter().map(|it| it.name));
        let hint = near.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
        complain(&format!("error: there is no builtin `{}`{hint}\n", escape_controls(wanted)));
        return Exit::Usage;
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
    print(&out);
    Exit::Ok
}
