//! Each error code has a page; the failing program on it fails with that code, the repaired one runs.

use crate::command::{Ran, remora, remora_in, root, run_text, scratch};

/// Codes whose page shows no program, with the reason.
const WITHOUT_PROGRAM: &[(&str, &str)] = &[
    ("E0007", "needs a text of more than 1 MiB; tests/it/hostile.rs makes one"),
    ("E0018", "needs more than twenty errors; tests/it/hostile.rs makes them"),
    ("E0114", "needs a function of more than 60000 variables"),
    ("R0026", "needs a host function that fails; crate remora tests it"),
    ("R0032", "needs a host function that panics; crate remora tests it"),
    ("R0033", "needs two VMs; crate remora tests it"),
    ("R0035", "needs a type of the host; crate remora tests it"),
    ("R0036", "needs a type of the host; crate remora tests it"),
    ("L0005", "needs a value nested deeper than the host allows; tests/it/hostile.rs makes one"),
    ("L0006", "the command sets no limit on output; crate remora tests it"),
    ("L0007", "needs an interruption; tests/it/exits.rs makes one"),
    ("L0008", "needs a module of many MiB; crate bytecode tests it"),
    ("L0009", "needs a machine without memory; crate vm tests it"),
];

struct Sample {
    info: String,
    code: String,
}

/// The fenced blocks of a Markdown text.
fn fences(text: &str) -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> = lines.by_ref().take_while(|it| *it != "```").collect();
        samples.push(Sample { info: info.to_owned(), code: body.join("\n") + "\n" });
    }
    samples
}

/// The files that stand beside the programs of a page, told apart from these.
fn beside(samples: Vec<Sample>) -> (Vec<(String, String)>, Vec<Sample>) {
    let name = |it: &Sample| {
        it.info.split_whitespace().find_map(|it| it.strip_prefix("file=")).map(str::to_owned)
    };
    let (files, samples): (Vec<_>, Vec<_>) = samples.into_iter().partition(|it| name(it).is_some());
    (files.into_iter().filter_map(|it| Some((name(&it)?, it.code))).collect(), samples)
}

/// Runs a program of a page; one with files beside it from a folder, and there by the tree-walker as well.
fn run(page: &str, program: &str, files: &[(String, String)], flags: &[&str]) -> Ran {
    if files.is_empty() {
        return run_text(program, flags);
    }
    let folder = scratch(&format!("page-{page}"));
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("the file can be written");
    }
    std::fs::write(folder.join("main.ruff"), program).expect("the file can be written");
    let by_loop = remora_in(&folder, &["run", "main.ruff"], "");
    let by_tree = remora_in(&folder, &["run", "--engine=tree", "main.ruff"], "");
    assert_eq!((by_loop.code, &by_loop.out), (by_tree.code, &by_tree.out), "{page}");
    by_loop
}

#[test]
fn each_page_shows_a_program_that_fails_so_and_one_that_does_not() {
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(root().join("docs/errors")).unwrap() {
        let path = entry.unwrap().path();
        let code = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if code.starts_with(['V', 'P']) || WITHOUT_PROGRAM.iter().any(|(it, _)| *it == code) {
            continue;
        }
        let samples = fences(&std::fs::read_to_string(&path).unwrap());
        let (files, samples) = beside(samples);
        let [bad, good] = samples.as_slice() else {
            wrong.push(format!("{code}: has {} programs instead of two", samples.len()));
            continue;
        };
        let flags: Vec<&str> =
            bad.info.split_whitespace().filter_map(|it| it.strip_prefix("flags=")).collect();
        let warns = bad.info.contains("warns");
        let ran = run(&code, &bad.code, &files, &flags);
        let marker = if warns { format!("warning[{code}]") } else { format!("error[{code}]") };
        if !ran.err.contains(&marker) || (ran.code == 0) != warns {
            wrong.push(format!("{code}: the failing program gave {ran:?}"));
        }
        let ran = run(&code, &good.code, &files, &flags);
        if ran.code != 0 || !ran.err.is_empty() || ran.out.is_empty() {
            wrong.push(format!("{code}: the repaired program gave {ran:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn explain_prints_the_page_and_suggests_for_a_code_that_is_none() {
    let ran = remora(&["explain", "r0007"]);
    assert!(ran.code == 0 && ran.out.starts_with("# R0007: integer overflow"), "{ran:?}");
    let ran = remora(&["explain", "R007"]);
    assert!(ran.code == 2 && ran.err.contains("R0007"), "{ran:?}");
    let ran = remora(&["explain"]);
    assert!(ran.code == 0 && ran.out.contains("L0001") && ran.out.contains("V0001"), "{ran:?}");
}
