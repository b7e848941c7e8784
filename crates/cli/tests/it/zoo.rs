//! The error zoo: broken programs as people write them, and what each of them is told.
//!
//! `tests/zoo/*.ruff` holds the programs, many to a file, each under `=== name`. A line of carets stands under the place
//! that a finding must name first, with its code and words that must be part of what is said; it is no part of the
//! program. Findings without a caret line fail, so nothing cascades unseen. The whole text that a user reads is in
//! `tests/zoo/snapshots`, one file for each family of programs: `INSTA_UPDATE=always` writes them anew.

use std::collections::HashSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{Ran, remora_in, scratch};

/// No mistake deserves more than these.
const MAX_ERRORS: usize = 3;

/// At least so many programs.
const N_PROGRAMS: usize = 300;

/// A broken program.
struct Beast {
    name: String,
    text: String,
    marks: Vec<Mark>,
}

/// What a caret line says: where, in characters from the start of the line; which code; which words.
#[derive(PartialEq, Eq, Debug)]
struct Mark {
    line: usize,
    columns: std::ops::Range<usize>,
    code: String,
    words: String,
}

fn zoo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/zoo")
}

fn read(file: &Path) -> Vec<Beast> {
    let text = fs::read_to_string(file).expect("the family can be read");
    let mut beasts: Vec<Beast> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("=== ") {
            beasts.push(Beast { name: name.to_owned(), text: String::new(), marks: Vec::new() });
            continue;
        }
        // What stands before the first program is for readers.
        let Some(beast) = beasts.last_mut() else { continue };
        match mark(line, beast.text.lines().count()) {
            Some(mark) => beast.marks.push(mark),
            None => beast.text.extend([line, "\n"]),
        }
    }
    for beast in &mut beasts {
        beast.text.truncate(beast.text.trim_end().len());
        beast.text.push('\n');
    }
    beasts
}

/// A line that begins with a caret is no Ruff: it speaks of line `line`.
fn mark(text: &str, line: usize) -> Option<Mark> {
    let carets = text.trim_start_matches(' ');
    let rest = carets.trim_start_matches('^');
    let (start, n) = (text.len() - carets.len(), carets.len() - rest.len());
    if n == 0 {
        return None;
    }
    let rest = rest.trim_start_matches('…').trim();
    let (code, words) = rest.split_once(' ').unwrap_or((rest, ""));
    Some(Mark { line, columns: start..start + n, code: code.to_owned(), words: words.to_owned() })
}

/// The place of the first label of a finding, as a mark; an empty place and the end of a line are one caret wide.
fn place(finding: &Value, text: &str) -> Mark {
    let at =
        |name: &str| finding["labels"][0][name].as_u64().and_then(|it| usize::try_from(it).ok());
    let (start, end) = (at("start").unwrap_or(0), at("end").unwrap_or(0));
    let before = &text[..start];
    let column = before.chars().rev().take_while(|it| *it != '\n').count();
    let width = text[start..end].lines().next().unwrap_or("").chars().count().max(1);
    Mark {
        line: before.matches('\n').count() + 1,
        columns: column..column + width,
        code: finding["code"].as_str().unwrap_or("").to_owned(),
        words: String::new(),
    }
}

/// Runs it as `name.ruff`, as a user would.
fn run(folder: &Path, name: &str, flags: &[&str]) -> Ran {
    let file = format!("{name}.ruff");
    let mut args = vec!["run", "--color=never", "--stack=200", "--seed=1"];
    args.extend_from_slice(flags);
    args.push(&file);
    remora_in(folder, &args, "")
}

/// What is wrong with what is said about one program, and what is said.
fn judge(folder: &Path, beast: &Beast, wrong: &mut Vec<String>) -> String {
    let Beast { name, text, marks } = beast;
    fs::write(folder.join(format!("{name}.ruff")), text).expect("the program can be written");
    let shown = run(folder, name, &[]);
    let data = run(folder, name, &["--json"]);
    let findings: Vec<Value> =
        data.err.lines().filter_map(|it| serde_json::from_str(it).ok()).collect();
    let tree = run(folder, name, &["--engine=tree"]);
    let mut complain = |what: String| wrong.push(format!("{name}: {what}\n{}", shown.err));

    let rejected = marks.iter().any(|it| it.code.starts_with('E') && !it.code.starts_with("E02"));
    let expected: &[i32] = if rejected { &[3] } else { &[1, 5, 6] };
    if !expected.contains(&shown.code) {
        complain(format!("exit code {}", shown.code));
    }
    let n_errors = findings.iter().filter(|it| it["severity"] == "error").count();
    if n_errors == 0 || n_errors > MAX_ERRORS {
        complain(format!("{n_errors} errors"));
    }
    let places: Vec<Mark> = findings.iter().map(|it| place(it, text)).collect();
    let same = places.len() == marks.len()
        && places.iter().zip(marks).all(|(it, mark)| {
            (&it.code, it.line, &it.columns) == (&mark.code, mark.line, &mark.columns)
        });
    if !same {
        complain(format!("marked are {marks:?}, found {places:?}"));
    }
    // How deep calls nest is each engine's own: there the calls are counted otherwise.
    let is_deep = shown.code == 5 && tree.code == 5;
    if !is_deep && (tree.code, &tree.out, &tree.err) != (shown.code, &shown.out, &shown.err) {
        complain(format!("the tree-walker says:\n{}\nand the loop:", tree.err));
    }
    for mark in marks.iter().filter(|it| !shown.err.contains(&it.words)) {
        complain(format!("nobody says `{}`", mark.words));
    }
    shown.err
}

#[test]
fn each_mistake_is_told_once_and_where_it_is() {
    let folder = scratch("zoo");
    let mut names = HashSet::new();
    let mut wrong = Vec::new();
    let mut files: Vec<PathBuf> = fs::read_dir(zoo())
        .expect("the zoo is there")
        .map(|it| it.expect("an entry").path())
        .filter(|it| it.extension().is_some_and(|it| it == "ruff"))
        .collect();
    files.sort();
    for file in files {
        let mut album = String::new();
        for beast in read(&file) {
            assert!(names.insert(beast.name.clone()), "two programs are called {}", beast.name);
            let shown = judge(&folder, &beast, &mut wrong);
            write!(album, "=== {}\n{}\n", beast.name, shown.trim_end()).expect("memory");
        }
        let family = file.file_stem().and_then(|it| it.to_str()).expect("a name").to_owned();
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(zoo().join("snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(family, album));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(names.len() >= N_PROGRAMS, "{} programs", names.len());
}
