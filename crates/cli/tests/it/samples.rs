//! Every sample in the documents does what the document says.

use crate::command::{Ran, remora_in, root, run_text, scratch};

/// Runs each `ruff` block that is followed by an `output` block.
fn check(document: &str) -> usize {
    let text = std::fs::read_to_string(root().join(document)).expect("the document is there");
    let blocks: Vec<&str> = text.split("```").collect();
    let mut n_checked = 0;
    let mut files: Vec<(&str, &str)> = Vec::new();
    for (nth, block) in blocks.iter().enumerate().filter(|(nth, _)| nth % 2 == 1) {
        if let Some(file) = block.strip_prefix("ruff file=") {
            files.extend(file.split_once('\n'));
            continue;
        }
        let Some((flags, program)) = sample(block) else { continue };
        let Some(expected) = blocks.get(nth + 2).and_then(|it| it.strip_prefix("output\n")) else {
            continue;
        };
        if !matches!(blocks[nth + 1].trim(), "" | "prints") {
            continue;
        }
        for engine in ["--engine=loop", "--engine=closure", "--engine=tree"] {
            let ran = match files.as_slice() {
                [] => run_text(program, &[&[engine], flags.as_slice()].concat()),
                files => run_beside(document, program, files, engine),
            };
            assert_eq!(ran.out, expected, "{document}, {engine}:\n{program}\n{}", ran.err);
            assert_eq!(ran.code, 0, "{}", ran.err);
        }
        files.clear();
        n_checked += 1;
    }
    n_checked
}

/// The program of a `ruff` block, and the flags that the block names: ```` ```ruff flags=--check-types ````.
fn sample(block: &str) -> Option<(Vec<&str>, &str)> {
    let (info, program) = block.split_once('\n')?;
    let info = info.strip_prefix("ruff")?;
    let flags: Option<Vec<&str>> =
        info.split_whitespace().map(|it| it.strip_prefix("flags=")).collect();
    Some((flags?, program))
}

/// Runs a program with files beside it.
fn run_beside(document: &str, program: &str, files: &[(&str, &str)], engine: &str) -> Ran {
    let folder = scratch(&document.replace('/', "-"));
    for (name, text) in files.iter().chain(&[("main.ruff", program)]) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(path, text).expect("the file is written");
    }
    remora_in(&folder, &["run", engine, "main.ruff"], "")
}

#[test]
fn the_language_page_is_true() {
    assert!(check("docs/language.md") >= 9);
}

#[test]
fn the_other_pages_are_true() {
    let mut n_checked = 0;
    for page in pages("docs").chain(pages("docs/dev")) {
        n_checked += check(&page);
    }
    assert!(n_checked >= 24, "{n_checked} samples");
}

/// The Markdown files of a folder.
fn pages(folder: &str) -> impl Iterator<Item = String> {
    let entries = std::fs::read_dir(root().join(folder)).expect("the folder is there");
    let names = entries.map(|it| it.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter(|it| it.ends_with(".md")).map(move |it| format!("{folder}/{it}"))
}

#[test]
fn each_page_stands_in_the_book() {
    let summary = std::fs::read_to_string(root().join("docs/SUMMARY.md")).expect("the summary");
    for page in pages("docs").chain(pages("docs/dev")) {
        let link = page.strip_prefix("docs/").expect("a page of the book");
        let stands = link == "SUMMARY.md" || summary.contains(&format!("({link})"));
        assert!(stands, "{link} is missing in docs/SUMMARY.md");
    }
}

#[test]
fn the_page_of_the_command_names_no_flag_that_is_not_there() {
    let help: String = ["run", "check", "build", "dis", "asm", "verify", "fmt", "doc", "explain"]
        .iter()
        .map(|word| crate::command::remora(&[word, "--help"]).out)
        .collect();
    let text = std::fs::read_to_string(root().join("docs/command.md")).expect("the page");
    for (at, _) in text.match_indices("--").filter(|(at, _)| !text[..*at].ends_with('-')) {
        let end = text[at + 2..].find(|c: char| !c.is_ascii_lowercase() && c != '-');
        let flag = &text[at..at + 2 + end.unwrap_or(0)];
        assert!(flag.len() < 4 || flag.starts_with("---") || help.contains(flag), "{flag}");
    }
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
