//! The pages of the codes that probes have: the first program fails with the code, the second compiles.

use remora_probe::{Budget, Cost, Program};

use crate::cases::root;

#[test]
fn pages_show_a_probe_that_fails_so_and_one_that_does_not() {
    let mut n_pages = 0;
    for entry in std::fs::read_dir(root().join("docs/errors")).unwrap() {
        let path = entry.unwrap().path();
        let code = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if !code.starts_with('P') {
            continue;
        }
        let page = std::fs::read_to_string(&path).unwrap();
        let blocks: Vec<&str> = page.split("```").skip(1).step_by(2).collect();
        if matches!(&*code, "P0009" | "P0011" | "P0012" | "P0013") {
            assert!(blocks.is_empty(), "{code} is shown by another test");
            continue;
        }
        let [bad, good] = blocks.as_slice() else { panic!("{code} has {} programs", blocks.len()) };
        let bad = bad.strip_prefix("probe fails\n").unwrap();
        let good = good.strip_prefix("probe\n").unwrap();
        let found = Program::compile(bad, &Budget::default()).unwrap_err();
        assert_eq!(found[0].code.as_str(), code);
        assert!(Program::compile(good, &Budget::default()).is_ok(), "{code}: {good}");
        n_pages += 1;
    }
    assert_eq!(n_pages, 9);
}

#[test]
fn a_probe_that_may_cost_more_than_is_granted_is_refused_with_the_reason() {
    let text = "fn:app.f:entry { capture(args, args, args) }";
    let granted =
        Budget { cost: Cost { bytes: 20_000, ..Budget::default().cost }, ..Budget::default() };
    let found = Program::compile(text, &granted).unwrap_err();
    assert_eq!(found[0].code.as_str(), "P0009");
    assert!(found[0].labels[0].text.contains("24704 bytes, 20000 are granted"), "{found:?}");
    let bytes = Program::compile(text, &Budget::default()).unwrap().to_bytes();
    assert_eq!(Program::from_bytes(&bytes, &granted).unwrap_err().code.as_str(), "P0009");
}

#[test]
fn a_body_that_captures_nothing_may_still_record_its_error() {
    let program = Program::compile("fn:app.f:entry { arg0 < arg1 }", &Budget::default()).unwrap();
    assert_eq!(program.probes()[0].cost.bytes, 64);
}

#[test]
fn what_hogtrace_has_no_form_for_is_refused_with_the_reason() {
    for (text, reason) in [
        ("fn:f:entry+2 { capture(args) }", "line offsets"),
        ("py:f:entry { capture(args) }", "provider `fn`"),
        ("begin { }", "provider `fn`"),
        ("fn:f:entry { sample 1%; }", "whole programs"),
        ("fn:f:entry { @a = count(); }", "no `@count`"),
        ("fn:f:entry { capture(lower(arg0)) }", "no `lower`"),
        ("fn:f:entry { capture(\"a\", 1) }", "name of the next"),
    ] {
        let program = Program::compile(text, &Budget::default()).unwrap();
        let error = remora_probe::hogtrace::write(&program).unwrap_err();
        assert_eq!(error.code.as_str(), "P0011");
        assert!(error.message.contains(reason), "{error}");
    }
}

#[test]
fn the_samples_of_the_book_compile() {
    let page = std::fs::read_to_string(root().join("docs/probes.md")).unwrap();
    let blocks: Vec<&str> = page.split("```").skip(1).step_by(2).collect();
    let probes: Vec<&str> = blocks.iter().filter_map(|it| it.strip_prefix("probe\n")).collect();
    assert!(!probes.is_empty());
    for text in probes {
        let program = Program::compile(text, &Budget::default());
        assert!(program.is_ok(), "{text}: {program:?}");
    }
}
