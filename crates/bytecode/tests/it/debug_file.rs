//! Debug information as a file of its own: it comes back, belongs to one module, and has one spelling.

use remora_bytecode::wire::{DebugFile, WireBudget, WriteOptions, read, write, write_debug_file};
use remora_bytecode::{
    CodeBuilder, Debug, Function, LocalIdx, Module, ModuleBuilder, Profile, Unverified,
};
use remora_diagnostics::{Code, Span};

use crate::fixture::function;

const TEXT: &str = "x := 1\nprint(x)\n";

/// A module that says which locals and places it has.
fn sample(value: i64) -> Module<Unverified> {
    let mut module = ModuleBuilder::new("sample", Profile::Full);
    let start = module.reserve_function();
    let mut code = CodeBuilder::new(1);
    code.tables().set_local_names(vec!["x".into()]);
    code.set_span(Span::new(5, 6));
    code.load_int(value);
    code.set_span(Span::new(0, 1));
    code.store_local(LocalIdx(0));
    code.set_span(Span::new(7, 15));
    code.return_null();
    let code = code.finish().unwrap();
    module.set_function(start, Function { code, ..function(Default::default()) });
    module.set_start(start);
    module.set_debug(Debug {
        source: "a.ruff".into(),
        line_starts: [0, 7, 16].into(),
        ..Debug::default()
    });
    module.finish().unwrap()
}

fn files(value: i64) -> (Vec<u8>, Vec<u8>) {
    let module = sample(value);
    let stripped = write(&module, WriteOptions { strip: true });
    (stripped, write_debug_file(&module, &[TEXT]).unwrap())
}

fn together(module: &[u8], debug: &[u8]) -> Result<(Module<Unverified>, String), Code> {
    let budget = WireBudget::default();
    let file = DebugFile::read(debug, &budget).map_err(|it| it.code)?;
    let module = file.read_module(module, &budget).map_err(|it| it.code)?;
    Ok((module, file.texts().join("|")))
}

/// What was written, given what was read.
fn texts_of(text: &str) -> Vec<&str> {
    if text.is_empty() { Vec::new() } else { vec![text] }
}

#[test]
fn a_module_and_its_file_are_the_whole_module() {
    let (stripped, debug) = files(1);
    let (module, text) = together(&stripped, &debug).unwrap();
    assert_eq!((&*module, &*text), (&*sample(1), TEXT));
    assert!(read(&stripped, &WireBudget::default()).unwrap().debug.is_none());
    let without = read(&stripped, &WireBudget::default()).unwrap();
    assert_eq!(write_debug_file(&without, &[TEXT]), None);
    let no_text = write_debug_file(&sample(1), &[]).unwrap();
    assert_eq!(together(&stripped, &no_text).unwrap().1, "");
}

#[test]
fn a_file_of_another_module_is_refused() {
    let ((one, _), (_, other)) = (files(1), files(2));
    assert_eq!(together(&one, &other).unwrap_err(), Code::V0096);
    let whole = write(&sample(1), WriteOptions::default());
    assert_eq!(together(&whole, &files(1).1).unwrap_err(), Code::V0096);
}

#[test]
fn what_does_not_fit_the_text_is_refused() {
    let (stripped, _) = files(1);
    let two = write_debug_file(&sample(1), &[TEXT, ""]).unwrap();
    assert_eq!(together(&stripped, &two).unwrap_err(), Code::V0091);
    for text in ["x := 1\nprint(x)", "x := 1 print(x)\n", "x := 1\nprint(é)\n", "x := 1\n\n"] {
        let debug = write_debug_file(&sample(1), &[text]).unwrap();
        assert_eq!(together(&stripped, &debug).unwrap_err(), Code::V0091, "{text:?}");
    }
}

#[test]
fn every_truncation_is_refused() {
    let (stripped, debug) = files(1);
    let no_text = write_debug_file(&sample(1), &[]).unwrap().len();
    for end in (0..debug.len()).filter(|end| *end != no_text) {
        let code = together(&stripped, &debug[..end]).unwrap_err();
        assert!(matches!(code, Code::V0091 | Code::V0092), "cut to {end}: {code}");
    }
}

#[test]
fn every_flipped_bit_is_refused_or_another_spelling_of_something_else() {
    let (stripped, debug) = files(1);
    let mut accepted = 0;
    for bit in 0..debug.len() * 8 {
        let mut changed = debug.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let Ok((module, text)) = together(&stripped, &changed) else { continue };
        accepted += 1;
        assert_eq!(write_debug_file(&module, &texts_of(&text)).unwrap(), changed, "bit {bit}");
        assert_eq!(write(&module, WriteOptions { strip: true }), stripped, "bit {bit}");
    }
    assert!(accepted > 10 && accepted < debug.len() * 8 / 2, "{accepted}");
}

#[test]
fn a_small_budget_is_kept() {
    let (stripped, debug) = files(1);
    let short = WireBudget { max_bytes: debug.len() - 1, ..WireBudget::default() };
    assert_eq!(DebugFile::read(&debug, &short).unwrap_err().code, Code::L0008);
    let file = DebugFile::read(&debug, &WireBudget::default()).unwrap();
    let (mut refused, mut passed) = (0, 0);
    for max_memory in 0..2_000 {
        match file.read_module(&stripped, &WireBudget { max_memory, ..WireBudget::default() }) {
            Ok(_) => passed += 1,
            Err(error) => {
                assert_eq!((error.code, passed), (Code::L0008, 0));
                refused += 1;
            }
        }
    }
    assert!(refused > 100 && passed > 100, "{refused} {passed}");
}
