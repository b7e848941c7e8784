//! The programs in `examples/` print what `examples/expected/` says, in every engine.

use std::fs;

use crate::command::{remora_in, root};

/// A program, the arguments it gets, and the file that is its input.
struct Example {
    name: &'static str,
    args: &'static [&'static str],
    input: Option<&'static str>,
}

const fn example(name: &'static str, args: &'static [&'static str]) -> Example {
    Example { name, args, input: None }
}

/// Each of `examples/*.ruff`.
const EXAMPLES: &[Example] = &[
    Example { name: "adventure", args: &[], input: Some("adventure.txt") },
    example("bank_simulation", &["2"]),
    example("calculator", &[]),
    example("csv_join", &["examples/data/people.csv", "id", "examples/data/visits.csv", "person"]),
    example("interpreter", &["examples/data/program.lisp"]),
    example("inventory", &[]),
    example("json_report", &["examples/data/orders.json"]),
    example("life", &[]),
    example("log_analyser", &["examples/data/access.log"]),
    example("mandelbrot", &[]),
    example("markdown", &["examples/data/page.md"]),
    example("nbody", &[]),
    example("recipes", &["6"]),
    example("sudoku", &["examples/data/sudoku.txt"]),
    example("word_count", &["examples/data/remora.txt"]),
];

#[test]
fn each_example_prints_what_it_should() {
    let folder = root().join("examples");
    let bless = std::env::var_os("REMORA_BLESS").is_some();
    for Example { name, args, input } in EXAMPLES {
        let input = input.map_or(String::new(), |it| {
            fs::read_to_string(folder.join("data").join(it)).expect("the input is there")
        });
        let file = format!("examples/{name}.ruff");
        let expected = folder.join("expected").join(format!("{name}.txt"));
        for engine in ["--engine=loop", "--engine=closure", "--engine=tree"] {
            let mut all = vec!["run", "--allow-read=examples/data", engine, &file];
            all.extend_from_slice(args);
            let ran = remora_in(&root(), &all, &input);
            assert_eq!(ran.code, 0, "{name}, {engine}: {}", ran.err);
            let shown = ran.out + &ran.err;
            if bless {
                fs::write(&expected, &shown).expect("the expected output can be written");
            }
            let wanted = fs::read_to_string(&expected).expect("the expected output is there");
            assert_eq!(shown, wanted, "{name}, {engine}");
        }
    }
}

#[test]
fn no_example_is_without_a_test_and_a_word_on_top() {
    for entry in fs::read_dir(root().join("examples")).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|it| it != "ruff") {
            continue;
        }
        let name = path.file_stem().and_then(|it| it.to_str()).expect("a name");
        assert!(EXAMPLES.iter().any(|it| it.name == name), "{name} is not run by a test");
        let text = fs::read_to_string(&path).expect("a text");
        assert!(text.starts_with("# ") || text.starts_with("// "), "{name} says not what it does");
        assert!(text.lines().count() < 150, "{name} is long");
    }
}
