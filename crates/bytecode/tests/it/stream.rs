//! Modules that come in pieces: the same as whole ones, and as much of them as there is.

use remora_bytecode::wire::{Stream, WireBudget, WireError, WriteOptions, read, write};
use remora_bytecode::{
    Budget, CodeBuilder, Debug, FnIdx, Function, FunctionKind, Global, Method, MethodKind, Module,
    ModuleBuilder, ModuleData, ParamDef, ParamKind, Profile, TypeDef, Unverified,
};
use remora_diagnostics::Code;

use crate::program::random_module;

fn function(name: &str, params: u32, fill: impl FnOnce(&mut CodeBuilder)) -> Function {
    let mut code = CodeBuilder::new(params);
    fill(&mut code);
    code.return_null();
    let param = |nth| ParamDef { name: format!("p{nth}").into(), kind: ParamKind::Required };
    Function {
        name: name.into(),
        params: (0..params).map(param).collect(),
        kind: FunctionKind::Plain,
        captures: Box::default(),
        code: code.finish().expect("the code is sound"),
    }
}

/// Seven functions: the start, function 1, calls function 3 and makes a `Point`, whose method is function 4.
fn staged() -> Module<Unverified> {
    let mut module = ModuleBuilder::new("staged", Profile::Full);
    let at: Vec<_> = (0..7).map(|_| module.reserve_function()).collect();
    let methods = [(4, MethodKind::Value), (5, MethodKind::Static)];
    let types = methods.map(|(nth, kind)| TypeDef::Struct {
        name: format!("Type{nth}").into(),
        fields: Box::default(),
        methods: [Method { name: "m".into(), function: at[nth], kind }].into(),
    });
    let [point, other] = types.map(|it| module.add_type(it));
    module.add_global(Global { name: "g".into(), mutable: true, exported: true });
    for nth in [0, 2, 3, 5] {
        module.set_function(at[nth], function(&format!("f{nth}"), 0, |_| ()));
    }
    module.set_function(
        at[1],
        function("start", 0, |code| {
            code.load_function(at[3]);
            code.call(0);
            code.pop();
            code.make_struct(point, 0);
            code.pop();
        }),
    );
    module.set_function(at[4], function("m", 1, |_| ()));
    module.set_function(
        at[6],
        function("last", 0, |code| {
            code.load_type(other);
            code.pop();
        }),
    );
    module.set_start(at[1]);
    module.set_debug(Debug {
        source: "staged.ruff".into(),
        line_starts: [0, 4].into(),
        imported: crate::fixture::imported(),
    });
    module.finish().expect("every function was given")
}

/// Feeds bytes in pieces of `size`, and ends.
fn streamed(bytes: &[u8], size: usize) -> Result<Module<Unverified>, WireError> {
    let mut stream = Stream::new(&WireBudget::default());
    bytes.chunks(size).try_for_each(|it| stream.feed(it))?;
    stream.end()
}

#[test]
fn pieces_of_any_size_make_the_same_module() {
    let mut all: Vec<ModuleData> = (0..30).map(|seed| random_module(seed, 40)).collect();
    all.push(ModuleData::clone(&staged()));
    for data in all {
        for strip in [false, true] {
            let bytes = write(&Module::new(data.clone()), WriteOptions { strip });
            let whole = read(&bytes, &WireBudget::default()).expect("it was written");
            for size in [1, 2, 7, 64, bytes.len()] {
                assert_eq!(*streamed(&bytes, size).expect("it is whole"), *whole);
            }
        }
    }
}

#[test]
fn the_header_comes_first_and_says_when_the_start_function_ends() {
    let module = staged();
    let bytes = write(&module, WriteOptions::default());
    let mut stream = Stream::new(&WireBudget::default());
    let (mut header_at, mut begin_at, mut come) = (None, None, Vec::new());
    for (nth, byte) in bytes.iter().enumerate() {
        stream.feed(&[*byte]).expect("it is sound");
        let Some((n_come, 7)) = stream.functions() else {
            assert!(stream.outline().is_none() && stream.bytes_before_start().is_none());
            continue;
        };
        header_at.get_or_insert(nth + 1);
        if n_come > come.len() {
            come.push(nth as u64 + 1);
        }
        if stream.can_begin() {
            begin_at.get_or_insert(n_come);
        }
        assert_eq!(&*stream.outline().expect("the header has come").name, "staged");
    }
    // The start function is the second.
    assert_eq!(stream.bytes_before_start(), Some(come[1]));
    assert!((header_at.expect("the header came") as u64) < come[0]);
    assert_eq!((begin_at, come.len()), (Some(2), 7));
    assert_eq!(*stream.end().expect("all has come"), *module);
}

#[test]
fn the_outline_is_a_sound_module_and_takes_the_code_that_comes() {
    let module = staged();
    let bytes = write(&module, WriteOptions::default());
    let mut stream = Stream::new(&WireBudget::default());
    let mut bytes = bytes.iter();
    let outline = loop {
        stream.feed(&[*bytes.next().expect("the header comes")]).expect("it is sound so far");
        if let Some(outline) = stream.outline() {
            break outline.verify(&Budget::default()).expect("an outline is sound");
        }
    };
    assert_eq!(outline.functions.len(), 7);
    for (found, wanted) in outline.functions.iter().zip(&module.functions) {
        assert_eq!((&found.name, &found.params), (&wanted.name, &wanted.params));
        assert_eq!((found.kind, &found.captures), (wanted.kind, &wanted.captures));
    }
    assert!(stream.code(FnIdx(0)).is_none() && stream.debug().is_none());
    bytes.for_each(|it| stream.feed(&[*it]).expect("it is sound"));
    for nth in 0..7 {
        let (at, code) = (FnIdx(nth), stream.code(FnIdx(nth)).expect("all has come"));
        let verified = outline.verify_code(at, code.clone(), &Budget::default());
        let verified = verified.expect("the code is sound");
        assert!(verified.is_of(&outline) && verified.at() == at);
        assert_eq!(Some(verified.function()), module.function(at));
    }
    assert_eq!(stream.debug(), module.debug.as_ref());
}

#[test]
fn code_is_checked_against_the_signature_that_the_header_has() {
    let outline = staged().verify(&Budget::default()).expect("it is sound");
    let wants_no_parameter = outline.function(FnIdx(0)).expect("it is there").code.clone();
    let check = |at| outline.verify_code(at, (*wants_no_parameter).clone(), &Budget::default());
    assert_eq!(check(FnIdx(4)).map(drop).unwrap_err().code, Code::V0015);
    assert_eq!(check(FnIdx(7)).map(drop).unwrap_err().code, Code::V0021);
    let other = staged().verify(&Budget::default()).expect("it is sound");
    assert!(!check(FnIdx(0)).expect("it is sound").is_of(&other));
}

#[test]
fn an_end_that_comes_too_early_names_what_is_missing() {
    let bytes = write(&staged(), WriteOptions::default());
    let mut said = Vec::new();
    for end in 0..bytes.len() {
        match streamed(&bytes[..end], 5) {
            Ok(module) => assert_eq!(write(&module, WriteOptions::default()), bytes[..end]),
            Err(error) => {
                assert_eq!((error.code, error.offset), (Code::V0095, end), "{error}");
                let what: Vec<&str> = error.message.split(' ').take(2).collect();
                said.push(what.join(" "));
            }
        }
    }
    said.dedup();
    let functions = (0..7).map(|it| format!("function {it}"));
    let wanted: Vec<String> = std::iter::once("the header".to_owned())
        .chain(functions)
        .chain(["the debug".to_owned()])
        .collect();
    assert_eq!(said, wanted);
}

#[test]
fn a_stream_finds_the_faults_that_reading_finds() {
    let bytes = write(&staged(), WriteOptions::default());
    let mut n_refused = 0;
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let whole = read(&flipped, &WireBudget::default());
        match (streamed(&flipped, 3), whole) {
            (Ok(streamed), Ok(whole)) => assert_eq!(*streamed, *whole, "bit {bit}"),
            (Err(_), Err(_)) => n_refused += 1,
            (streamed, whole) => panic!("bit {bit}: {streamed:?} and {whole:?}"),
        }
    }
    assert!(n_refused > bytes.len());
}

#[test]
fn after_a_fault_nothing_is_taken() {
    let mut stream = Stream::new(&WireBudget::default());
    let first = stream.feed(b"print(1)").expect_err("this is no module");
    assert_eq!(stream.feed(&[]), Err(first.clone()));
    assert!(!stream.can_begin());
    assert_eq!(stream.end().map(drop), Err(first));
    let mut stream = Stream::new(&WireBudget { max_bytes: 10, ..WireBudget::default() });
    let bytes = write(&staged(), WriteOptions::default());
    let fault = bytes.chunks(1).find_map(|it| stream.feed(it).err());
    assert_eq!(fault.map(|it| it.code), Some(Code::L0008));
}
