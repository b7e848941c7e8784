//! Every sample in the documents does what the document says.

use crate::command::{root, run_text};

/// Runs each `ruff` block that is followed by an `output` block.
fn check(document: &str) -> usize {
    let text = std::fs::read_to_string(root().join(document)).expect("the document is there");
    let blocks: Vec<&str> = text.split("```").collect();
    let mut n_checked = 0;
    for (nth, block) in blocks.iter().enumerate().filter(|(nth, _)| nth % 2 == 1) {
        let Some(program) = block.strip_prefix("ruff\n") else { continue };
        let Some(expected) = blocks.get(nth + 2).and_then(|it| it.strip_prefix("output\n")) else {
            continue;
        };
        if !matches!(blocks[nth + 1].trim(), "" | "prints") {
            continue;
        }
        for engine in ["--engine=loop", "--engine=tree"] {
            let ran = run_text(program, &[engine]);
            assert_eq!(ran.out, expected, "{document}, {engine}:\n{program}\n{}", ran.err);
            assert_eq!(ran.code, 0, "{}", ran.err);
        }
        n_checked += 1;
    }
    n_checked
}

#[test]
fn the_language_page_is_true() {
    assert!(check("docs/language.md") >= 9);
}

#[test]
fn the_sample_in_the_readme_is_true() {
    assert_eq!(check("README.md"), 1);
}

#[test]
fn the_first_command_of_the_readme_works() {
    let text = std::fs::read_to_string(root().join("README.md")).unwrap();
    let line = text
        .lines()
        .find(|it| it.contains("cargo run --release -- "))
        .expect("the command stands in the README");
    let args: Vec<&str> = line.split(" -- ").nth(1).unwrap().split_whitespace().collect();
    let ran = crate::command::remora(&args);
    assert!(ran.code == 0 && ran.err.is_empty() && ran.out.lines().count() > 3, "{ran:?}");
}
