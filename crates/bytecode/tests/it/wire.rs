//! The form in which modules travel: one spelling, bounded, and nothing else accepted.

use std::sync::Arc;

use remora_bytecode::wire::{WireBudget, WriteOptions, read, write};
use remora_bytecode::{
    CodeBuilder, Constant, Debug, Function, FunctionKind, Global, ImportKind, Module,
    ModuleBuilder, ModuleData, Profile, Unverified,
};
use remora_diagnostics::{Code, Span};

/// A module with something in most tables.
fn sample() -> Module<Unverified> {
    let mut module = ModuleBuilder::new("sample", Profile::Full);
    let print = module.import("print", ImportKind::Host);
    module.add_global(Global { name: "total".into(), mutable: true, exported: true });
    module.add_metadata("made by", "a test");
    let start = module.reserve_function();
    let mut code = CodeBuilder::new(1);
    code.load_const(Constant::float(-0.0));
    code.store_local(remora_bytecode::LocalIdx(0));
    code.load_host(print);
    code.load_const(Constant::text("é"));
    code.call_host(1);
    code.pop();
    code.return_null();
    let code = code.finish().expect("the code is sound");
    let function = Function {
        name: "main".into(),
        params: Box::default(),
        kind: FunctionKind::Plain,
        captures: Box::default(),
        code,
    };
    module.set_function(start, function);
    module.set_start(start);
    module.set_debug(Debug {
        source: "sample.ruff".into(),
        line_starts: [0, 10].into(),
        imported: crate::fixture::imported(),
    });
    module.finish().expect("every function was given")
}

fn code_of(bytes: &[u8]) -> Option<Code> {
    read(bytes, &WireBudget::default()).err().map(|it| it.code)
}

#[test]
fn what_is_written_reads_back_and_has_one_spelling() {
    let module = sample();
    let bytes = write(&module, WriteOptions::default());
    let again = read(&bytes, &WireBudget::default()).unwrap();
    assert_eq!(*again, *module);
    assert_eq!(write(&again, WriteOptions::default()), bytes);
}

#[test]
fn every_truncation_is_refused() {
    let bytes = write(&sample(), WriteOptions::default());
    let mut short = 0;
    for end in 0..bytes.len() {
        if let Ok(stripped) = read(&bytes[..end], &WireBudget::default()) {
            // The debug information stands last and may be left out.
            assert_eq!(write(&stripped, WriteOptions::default()), bytes[..end], "{end}");
            continue;
        }
        let code = code_of(&bytes[..end]);
        assert!(matches!(code, Some(Code::V0091 | Code::V0092 | Code::V0093)), "{end}: {code:?}");
        short += usize::from(code == Some(Code::V0092));
    }
    assert!(short > bytes.len() / 2, "most truncations are called so: {short}");
}

#[test]
fn every_flipped_bit_is_refused_or_reads_as_what_it_spells() {
    let bytes = write(&sample(), WriteOptions::default());
    for at in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[at / 8] ^= 1 << (at % 8);
        if let Ok(module) = read(&flipped, &WireBudget::default()) {
            assert_eq!(write(&module, WriteOptions::default()), flipped, "bit {at}");
        }
    }
}

#[test]
fn strangers_are_told_what_is_wrong() {
    assert_eq!(code_of(b"print(1)"), Some(Code::V0091));
    assert_eq!(code_of(b""), Some(Code::V0092));
    let bytes = write(&sample(), WriteOptions::default());
    // The version is the first number of the header.
    let at = bytes.iter().position(|it| *it == 0x08).unwrap() + 1;
    let mut newer = bytes.clone();
    newer[at] = 2;
    assert_eq!(code_of(&newer), Some(Code::V0093));
    let mut other_set = bytes;
    other_set[at + 2] ^= 1;
    assert_eq!(code_of(&other_set), Some(Code::V0093));
}

#[test]
fn a_module_costs_no_more_memory_than_allowed() {
    let bytes = write(&sample(), WriteOptions::default());
    let budget = WireBudget { max_memory: 100, ..WireBudget::default() };
    assert_eq!(read(&bytes, &budget).map(drop).unwrap_err().code, Code::L0008);
    let budget = WireBudget { max_bytes: 10, ..WireBudget::default() };
    assert_eq!(read(&bytes, &budget).map(drop).unwrap_err().code, Code::L0008);
}

#[test]
fn files_that_do_not_follow_each_other_are_refused() {
    for starts in [[0, 20], [20, 20], [20, 7]] {
        let mut data = ModuleData::clone(&sample());
        let debug = Arc::make_mut(data.debug.as_mut().expect("there is debug information"));
        for (it, start) in debug.imported.iter_mut().zip(starts) {
            it.start = start;
        }
        let bytes = write(&Module::new(data), WriteOptions { strip: false });
        assert_eq!(code_of(&bytes), Some(Code::V0091), "{starts:?}");
    }
}

#[test]
fn a_span_says_which_file_it_is_in() {
    let module = sample();
    let debug = module.debug.as_ref().expect("there is debug information");
    let place = |start| {
        let it = debug.place(Span::new(start, start + 2));
        (it.file, &**it.name, it.span.start, it.line)
    };
    assert_eq!(place(0), (0, "sample.ruff", 0, 1));
    assert_eq!(place(19), (0, "sample.ruff", 19, 2));
    assert_eq!(place(20), (1, "lib/a.ruff", 0, 1));
    assert_eq!(place(299), (1, "lib/a.ruff", 279, 2));
    assert_eq!(place(u32::MAX - 2), (2, "", u32::MAX - 302, 0));
}
