//! The text form: what is printed is read back the same, and no text does harm.

use std::sync::Arc;

use remora_bytecode::text::{parse, print};
use remora_bytecode::{
    Budget, Capture, CellIdx, CodeBuilder, CodeParts, Constant, Debug, FnIdx, FreeIdx, Function,
    FunctionKind, Global, Import, ImportKind, Method, MethodKind, ModuleData, NameIdx, Opcode,
    ParamDef, ParamKind, Path, PathIdx, Payload, Receiver, Root, Site, Step, TypeDef, TypeIdx,
    VariantDef, VariantIdx, VariantRef,
};
use remora_diagnostics::Span;

use crate::fixture::{Random, encoded, function, module_of};
use crate::program::random_module;

fn goes_round(module: &ModuleData) -> String {
    let text = print(module);
    match parse(&text) {
        Ok(read) => assert!(*read == *module, "{text}\n{}", print(&read)),
        Err(error) => panic!("{error}\n{text}"),
    }
    text
}

#[test]
fn random_modules_go_round() {
    for seed in 0..300 {
        goes_round(&random_module(seed, 60));
    }
}

/// A module that has some of everything, with names that need quotes.
fn everything() -> ModuleData {
    let odd = "a \"b\"\\\n\t\u{7}\u{202e};{é";
    let mut code = CodeBuilder::new(2);
    let tables = code.tables();
    tables.set_local_names(vec!["p".into(), odd.into()]);
    // Cells and captured variables are numbered apart, and hold different names.
    tables.new_cell("first cell");
    tables.new_cell("c");
    tables.new_free("outer");
    // A table that is not in the order of first use.
    let (later, sooner) = (tables.name("later"), tables.name("sooner"));
    code.set_span(Span::new(3, 9));
    for constant in [
        Constant::Null,
        Constant::Bool(true),
        Constant::Int(i64::MIN),
        Constant::float(0.1),
        Constant::float(-0.0),
        Constant::float(1e300),
        Constant::float(5e-324),
        Constant::float(f64::NEG_INFINITY),
        Constant::Float(0x7ff8_0000_0000_0001),
        Constant::Float(0xfff0_0000_dead_beef),
        Constant::text(odd),
        Constant::text(&"long ".repeat(50)),
        Constant::Bytes([0, b'"', b'\\', b'a', 255].as_slice().into()),
    ] {
        code.load_const(constant);
        code.pop();
    }
    code.load_int(-3);
    code.set_span(Span::new(u32::MAX, 0));
    let site = Site {
        method: Some(sooner),
        named: [later, sooner].into(),
        receiver: Receiver::Immutable(later),
        spread: true,
        ..Site::call(1)
    };
    code.load_null();
    code.load_null();
    code.load_null();
    code.call_method(site);
    code.load_null();
    code.load_null();
    let path = Path {
        root: Root::Cell(CellIdx(1)),
        steps: [Step::Index, Step::Field(sooner), Step::Index].into(),
    };
    code.store_path(path);
    let made = Site { variant: Some(VariantIdx(0)), ..Site::call(0) };
    code.tables().variant(VariantRef { ty: TypeIdx(1), variant: 2 });
    code.make_variant(made);
    code.return_null();
    let body = CodeParts::from((*code.finish().unwrap()).clone());
    let names = |all: &[&str]| all.iter().map(|it| (*it).into()).collect::<Box<[_]>>();
    ModuleData {
        name: odd.into(),
        globals: [
            Global { name: "g".into(), mutable: true, exported: false },
            Global { name: "mutable".into(), mutable: false, exported: true },
        ]
        .into(),
        imports: [
            Import { name: "print".into(), kind: ImportKind::Host },
            Import { name: "a.b".into(), kind: ImportKind::HostAsync },
            Import { name: "map".into(), kind: ImportKind::Script },
        ]
        .into(),
        types: [
            TypeDef::Struct {
                name: "S".into(),
                fields: names(&["x", "1y", ""]),
                methods: [
                    Method { name: "m".into(), function: FnIdx(0), kind: MethodKind::Mutating },
                    Method { name: "value".into(), function: FnIdx(7), kind: MethodKind::Static },
                ]
                .into(),
            },
            TypeDef::Enum {
                name: "E".into(),
                variants: [
                    VariantDef { name: "A".into(), payload: Payload::Open },
                    VariantDef { name: "B".into(), payload: Payload::Tuple(u32::MAX) },
                    VariantDef { name: "C".into(), payload: Payload::Struct(names(&["struct"])) },
                ]
                .into(),
            },
        ]
        .into(),
        functions: [Function {
            name: "<lambda>".into(),
            params: [
                ParamDef { name: "optional".into(), kind: ParamKind::Required },
                ParamDef { name: "q".into(), kind: ParamKind::Variadic },
            ]
            .into(),
            kind: FunctionKind::Async,
            captures: [Capture::Free(FreeIdx(3)), Capture::Cell(CellIdx(1))].into(),
            ..function(body)
        }]
        .into(),
        start: Some(FnIdx(0)),
        metadata: [("k".into(), odd.into()), ("k".into(), "".into())].into(),
        debug: Some(Arc::new(Debug {
            source: "a.ruff".into(),
            line_starts: [0, 7, 7].into(),
            imported: crate::fixture::imported(),
        })),
        ..ModuleData::default()
    }
}

#[test]
fn everything_that_a_module_holds_goes_round() {
    goes_round(&everything());
    goes_round(&ModuleData::default());
}

#[test]
fn tables_that_no_builder_makes_go_round() {
    let path = |name| Path {
        root: Root::Global(remora_bytecode::GlobalIdx(9)),
        steps: [Step::Field(NameIdx(name))].into(),
    };
    let parts = CodeParts {
        units: encoded(&[
            (Opcode::LoadConst, 1),
            (Opcode::LoadConst, 70_000),
            (Opcode::GetAttr, 2),
            (Opcode::Compare, 99),
            (Opcode::StorePath, 1),
            (Opcode::StorePath, 5),
            (Opcode::Jump, 40),
            (Opcode::CallPlace, 0),
            (Opcode::MakeResult, 4),
        ]),
        constants: vec![Constant::Null, Constant::Null],
        names: vec!["x".into(), "y".into(), "x".into()],
        paths: vec![path(2), path(2), path(77)],
        sites: vec![
            Site { receiver: Receiver::Place(PathIdx(1)), ..Site::call(4) },
            Site { receiver: Receiver::Place(PathIdx(12)), ..Site::call(4) },
        ],
        max_stack: 4,
        ..CodeParts::default()
    };
    goes_round(&module_of(function(parts)));
}

#[test]
fn long_values_are_written_once() {
    let mut code = CodeBuilder::new(0);
    for _ in 0..1_000 {
        code.load_const(Constant::text(&"x".repeat(10_000)));
        code.pop();
    }
    code.return_null();
    let parts = CodeParts::from((*code.finish().unwrap()).clone());
    assert!(goes_round(&module_of(function(parts))).len() < 60_000);
}

#[test]
fn text_by_hand_needs_neither_tables_nor_depths() {
    let text = "module \"m\" full ; a comment
        import print host
        struct P [x y] {}
        func main () plain {
          locals 1
          handler try end caught depth 0
          load_int 1 store_local 0
        try:
          load_host 0 load_local 0 load_const \"one\" call_host 2 pop
          load_null load_null make_struct 0 get_attr x jump_if_false done
        end:
        done:
          return_null
        caught: return
        }
        start 0";
    let module = parse(text).unwrap();
    let code = &module.functions[0].code;
    assert_eq!((code.max_stack(), code.labels().len()), (3, 3));
    goes_round(&module);
    module.verify(&Budget::default()).unwrap();
}

#[test]
fn errors_say_where() {
    for (text, line, column, part) in [
        ("module \"m\"\n  half", 2, 3, "full or linear"),
        ("func f () plain {\n jump nowhere }", 2, 7, "no label nowhere"),
        ("func f () plain {\n frobnicate }", 2, 2, "no instruction frobnicate"),
        ("func f () plain { extended_arg 1 }", 1, 19, "no instruction"),
        ("func f () plain { L: nop L: nop }", 1, 26, "two places"),
        ("start 4294967296", 1, 7, "too large"),
        ("start -1", 1, 7, "too large"),
        ("global \"é\" §", 1, 12, "begins nothing"),
        ("global \"x", 1, 10, "does not end"),
        ("global \"\\u{d800}\"", 1, 10, "number of a character"),
        ("func f () plain { load_const 1e999 }", 1, 30, "too large"),
        ("func f () plain { load_int 2147483648 }", 1, 28, "too large"),
        ("func f () plain {", 1, 18, "end of the text"),
    ] {
        let error = parse(text).unwrap_err();
        assert!(error.message.contains(part), "{text}: {error}");
        assert_eq!((error.line, error.column), (line, column), "{text}: {error}");
    }
}

#[test]
fn no_text_does_harm() {
    for text in ["[".repeat(200_000), "func f (".repeat(50_000), "\"\\".into(), "b\"\\x".into()] {
        assert!(parse(&text).is_err());
    }
    parse("func f () plain { locals 4294967295 stack 4294967295 build_array 4294967295 }").unwrap();
    let seed = print(&everything());
    let pieces: Vec<char> = seed.chars().collect();
    let mut random = Random(7);
    for _ in 0..3_000 {
        let mut text = pieces.clone();
        for _ in 0..=random.below(4) {
            let at = random.below(text.len());
            match random.below(3) {
                0 => drop(text.remove(at)),
                1 => text.insert(at, pieces[random.below(pieces.len())]),
                _ => text.truncate(at.max(8)),
            }
        }
        let text: String = text.into_iter().collect();
        if let Ok(module) = parse(&text) {
            // Whatever could be read can be printed and read again, and then stays the same.
            goes_round(&module);
            let _ = module.verify(&Budget::default());
        }
    }
}
