//! `docs/builtins.md` says what the table of builtins says.
//!
//! To renew it: `REMORA_BLESS=1 cargo test -p remora builtins_page`.

use std::fmt::Write;

use remora::Engine;
use remora_vm::builtins::{Call, Entry, Method};

/// The titles of the families, in the order of the table.
fn titles(entries: &[&Entry]) -> Vec<&'static str> {
    let mut titles = Vec::new();
    for entry in entries {
        if !titles.contains(&entry.title) {
            titles.push(entry.title);
        }
    }
    titles
}

fn anchor(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

fn page() -> String {
    let engine = Engine::new();
    let entries: Vec<&Entry> = engine
        .registry()
        .entries()
        .iter()
        .filter(|it| !it.row.is_hidden() && it.name == it.row.name())
        .collect();
    let mut out = String::from(
        "# Builtins\n\nGenerated from the table of builtins by `REMORA_BLESS=1 cargo test -p remora builtins_page`; a test \
         runs every example. `remora doc NAME` shows one of these in a terminal.\n\n",
    );
    for title in titles(&entries) {
        let _ = writeln!(out, "- [{title}](#{})", anchor(title));
    }
    for title in titles(&entries) {
        let _ = write!(out, "\n## {title}\n");
        for entry in entries.iter().filter(|it| it.title == title) {
            section(&mut out, entry);
        }
    }
    out
}

fn section(out: &mut String, entry: &Entry) {
    let row = entry.row;
    let _ = write!(out, "\n### {}\n\n`{}`\n\n{}\n\n", row.name(), row.signature, row.reference.doc);
    if !row.aliases.is_empty() {
        let names: Vec<_> = row.aliases.iter().map(|it| format!("`{it}`")).collect();
        let _ = writeln!(out, "- Also called {}", names.join(", "));
    }
    if matches!(row.call, Call::Never) {
        let _ = writeln!(out, "- A method only");
    }
    for (changes, what) in [(false, "Method of"), (true, "Method that changes")] {
        let kinds: Vec<_> = row
            .methods
            .iter()
            .filter(|(_, how)| {
                matches!(how, Method::InPlace(_) | Method::ScriptInPlace(_)) == changes
            })
            .flat_map(|(kinds, _)| kinds.names())
            .collect();
        if !kinds.is_empty() {
            let _ = writeln!(out, "- {what}: {}", kinds.join(", "));
        }
    }
    if !row.reference.raises.is_empty() {
        let codes: Vec<_> = row
            .reference
            .raises
            .iter()
            .map(|it| format!("[{it}](errors/{it}.md)", it = it.as_str()))
            .collect();
        let _ = writeln!(out, "- Raises {}", codes.join(", "));
    }
    let _ = writeln!(out, "- Costs: {}", row.reference.cost);
    let (program, printed) = row.reference.example;
    let _ = write!(out, "\n```ruff\n{program}\n```\n\nprints\n\n```text\n{printed}\n```\n");
}

#[test]
fn the_page_of_builtins_is_fresh() {
    let page = page();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/builtins.md");
    if std::env::var_os("REMORA_BLESS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).is_ok_and(|it| it == page),
        "docs/builtins.md is stale: REMORA_BLESS=1 cargo test -p remora builtins_page"
    );
}

#[test]
fn every_builtin_belongs_to_a_family_and_has_an_example() {
    let engine = Engine::new();
    for entry in engine.registry().entries().iter().filter(|it| !it.row.is_hidden()) {
        let (program, printed) = entry.row.reference.example;
        assert!(!entry.title.is_empty() && !program.is_empty(), "{}", entry.name);
        // What is written to standard error is not seen here.
        assert!(!printed.is_empty() || entry.name.starts_with("eprint"), "{}", entry.name);
        assert!(entry.row.reference.doc.ends_with('.') && entry.row.signature.contains(") -> "));
    }
}
