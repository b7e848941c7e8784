//! Each rule of the verifier rejects a module that is right but for one change.

use std::collections::BTreeSet;
use std::sync::Arc;

use remora_bytecode::Opcode as Op;
use remora_bytecode::{
    Budget, Capture, CellIdx, CodeParts, Constant, FnIdx, FreeIdx, Function, FunctionKind,
    GlobalIdx, Handler, Import, ImportKind, LabelIdx, LocalIdx, Method, MethodKind, Module,
    ModuleData, NameIdx, ParamDef, ParamKind, Path, PathIdx, Payload, Profile, Receiver, Root,
    Site, Step, TypeDef, TypeIdx, VariantDef, VariantIdx, VariantRef,
};
use remora_diagnostics::Code;

use crate::fixture::{encoded, function, module_of};

/// A rule, what breaks it, the module that is right, and the same module broken.
pub(crate) struct Case {
    pub(crate) code: Code,
    pub(crate) what: &'static str,
    pub(crate) right: ModuleData,
    pub(crate) broken: ModuleData,
}

#[derive(Default)]
struct Cases(Vec<Case>);

impl Cases {
    fn add(
        &mut self,
        code: Code,
        what: &'static str,
        right: &ModuleData,
        change: impl FnOnce(&mut ModuleData),
    ) {
        let mut broken = right.clone();
        change(&mut broken);
        self.0.push(Case { code, what, right: right.clone(), broken });
    }

    /// A change of the first function's code.
    fn edit(
        &mut self,
        code: Code,
        what: &'static str,
        right: &ModuleData,
        change: impl FnOnce(&mut CodeParts),
    ) {
        self.add(code, what, right, |module| edit(module, change));
    }

    /// Other instructions for the first function.
    fn instead(
        &mut self,
        code: Code,
        what: &'static str,
        right: &ModuleData,
        instructions: &[(Op, u32)],
    ) {
        self.edit(code, what, right, |parts| parts.units = encoded(instructions));
    }
}

fn edit(module: &mut ModuleData, change: impl FnOnce(&mut CodeParts)) {
    let mut parts = CodeParts::from((*module.functions[0].code).clone());
    change(&mut parts);
    module.functions[0].code = Arc::new(parts.into());
}

fn module(max_stack: u32, n_locals: u32, instructions: &[(Op, u32)]) -> ModuleData {
    let units = encoded(instructions);
    module_of(function(CodeParts { units, max_stack, n_locals, ..CodeParts::default() }))
}

fn with_labels(mut module: ModuleData, labels: &[u32]) -> ModuleData {
    edit(&mut module, |parts| parts.labels = labels.to_vec());
    module
}

fn param(kind: ParamKind) -> ParamDef {
    ParamDef { name: "p".into(), kind }
}

fn spelling(cases: &mut Cases) {
    let right = module(1, 0, &[(Op::LoadInt, 300), (Op::Return, 0)]);
    cases.edit(Code::V0001, "a number that is no opcode", &right, |it| it.units[1][0] = 0xff);
    cases.edit(Code::V0001, "a prefix at the end", &right, |it| it.units.push([0, 1]));
    cases.edit(Code::V0001, "four prefixes", &right, |it| {
        for _ in 0..3 {
            it.units.insert(0, [0, 1]);
        }
    });
    cases.edit(Code::V0002, "a prefix of 0", &right, |it| it.units[0][1] = 0);
    cases.edit(Code::V0002, "a prefix of 0 before another", &right, |it| {
        it.units.insert(0, [0, 0]);
    });
    cases.edit(Code::V0002, "an argument that means nothing", &right, |it| it.units[2][1] = 1);
    cases.edit(Code::V0002, "a prefix that means nothing", &right, |it| {
        it.units.insert(2, [0, 1]);
    });
    cases.instead(Code::V0003, "no return", &right, &[(Op::LoadInt, 300)]);
    cases.edit(Code::V0003, "no code", &right, |it| it.units.clear());
}

fn operands(cases: &mut Cases) {
    let mut right = module(1, 1, &[(Op::LoadConst, 0), (Op::StoreLocal, 0), (Op::ReturnNull, 0)]);
    edit(&mut right, |it| it.constants = vec![Constant::Null]);
    cases.edit(Code::V0004, "no such constant", &right, |it| it.constants.clear());
    cases.edit(Code::V0004, "no such local", &right, |it| it.n_locals = 0);
    for op in
        [Op::LoadGlobal, Op::LoadFree, Op::LoadHost, Op::LoadImport, Op::MakeClosure, Op::LoadType]
    {
        let code = [(op, 9), (Op::Return, 0)];
        cases.instead(Code::V0004, "an index beyond its table", &right, &code);
    }
    cases.instead(Code::V0004, "no such cell", &right, &[(Op::MakeCell, 0), (Op::ReturnNull, 0)]);
    let code = [(Op::LoadNull, 0), (Op::GetAttr, 0), (Op::Return, 0)];
    cases.instead(Code::V0004, "no such name", &right, &code);
    let right = module(2, 0, &[(Op::LoadNull, 0), (Op::Dup, 0), (Op::Compare, 5), (Op::Return, 0)]);
    cases.edit(Code::V0004, "no such comparison", &right, |it| it.units[2][1] = 6);
    let right = module(1, 0, &[(Op::LoadNull, 0), (Op::MakeResult, 2), (Op::Return, 0)]);
    cases.edit(Code::V0004, "no such result", &right, |it| it.units[1][1] = 4);
    let right = module(1, 0, &[(Op::LoadNull, 0), (Op::Return, 0)]);
    let code = [(Op::LoadNull, 0), (Op::StorePath, 0), (Op::ReturnNull, 0)];
    cases.instead(Code::V0004, "no such path", &right, &code);
    let code = [(Op::LoadNull, 0), (Op::CallMethod, 0), (Op::Return, 0)];
    cases.instead(Code::V0004, "no such site", &right, &code);
    let code = [(Op::LoadNull, 0), (Op::JumpIfTrue, 0), (Op::ReturnNull, 0)];
    cases.instead(Code::V0004, "no such label", &right, &code);

    let mut right = module(2, 0, &[(Op::LoadNull, 0), (Op::MakeStruct, 0), (Op::Return, 0)]);
    right.types = [point(), shape()].into();
    cases.edit(Code::V0004, "an enum made as a struct", &right, |it| it.units[1][1] = 1);
}

fn point() -> TypeDef {
    TypeDef::Struct { name: "P".into(), fields: ["x".into()].into(), methods: [].into() }
}

fn shape() -> TypeDef {
    let variant = |name: &str, payload| VariantDef { name: name.into(), payload };
    let fields = Payload::Struct(["w".into(), "h".into()].into());
    TypeDef::Enum {
        name: "Shape".into(),
        variants: [variant("Circle", Payload::Tuple(1)), variant("Rect", fields)].into(),
    }
}

/// `while c { }`: labels 0 at the condition and 1 behind the loop.
fn a_loop() -> ModuleData {
    let code = [
        (Op::LoadNull, 0),
        (Op::StoreLocal, 0),
        (Op::LoadLocal, 0),
        (Op::JumpIfFalse, 1),
        (Op::JumpBack, 0),
        (Op::ReturnNull, 0),
    ];
    with_labels(module(1, 1, &code), &[2, 5])
}

fn control(cases: &mut Cases) {
    let right = a_loop();
    cases.edit(Code::V0005, "labels that do not ascend", &right, |it| it.labels.swap(0, 1));
    cases.edit(Code::V0005, "a label twice", &right, |it| it.labels[1] = 2);
    cases.edit(Code::V0005, "a label behind the end", &right, |it| it.labels[1] = 6);
    cases.edit(Code::V0005, "a label that nothing uses", &right, |it| it.labels.insert(0, 0));
    cases.edit(Code::V0005, "a label amid prefixes", &right, |it| {
        it.units.splice(5..5, [[0, 1], [Op::LoadInt as u8, 0], [Op::Pop as u8, 0]]);
        it.labels[1] = 6;
    });
    cases.edit(Code::V0006, "a jump that goes back", &right, |it| it.units[4][0] = Op::Jump as u8);
    cases.edit(Code::V0006, "a jump back that does not", &right, |it| {
        it.units[4] = [Op::JumpBack as u8, 1];
        it.labels.remove(0);
        it.units[3][1] = 0;
        it.units[4][1] = 0;
    });
    cases.instead(
        Code::V0012,
        "a loop that nothing leads into",
        &right,
        &[
            (Op::LoadNull, 0),
            (Op::Return, 0),
            (Op::LoadNull, 0),
            (Op::JumpIfFalse, 1),
            (Op::JumpBack, 0),
            (Op::ReturnNull, 0),
        ],
    );
    let right = module(1, 0, &[(Op::LoadNull, 0), (Op::Return, 0)]);
    cases.edit(Code::V0012, "code behind a return", &right, |it| it.units.push([Op::Nop as u8, 0]));
}

fn stacks(cases: &mut Cases) {
    let right =
        module(2, 0, &[(Op::LoadNull, 0), (Op::Dup, 0), (Op::BuildArray, 2), (Op::Return, 0)]);
    cases.edit(Code::V0007, "more taken than there is", &right, |it| it.units[2][1] = 3);
    cases.edit(Code::V0007, "a copy from below the stack", &right, |it| {
        it.units[1] = [Op::Copy as u8, 1];
    });
    cases.instead(
        Code::V0007,
        "an operand that overflows",
        &right,
        &[(Op::LoadNull, 0), (Op::BuildDict, u32::MAX), (Op::Return, 0)],
    );
    cases.edit(Code::V0010, "deeper than declared", &right, |it| it.max_stack = 1);
    cases.instead(
        Code::V0010,
        "deeper than numbers go",
        &right,
        &[(Op::LoadNull, 0), (Op::UnpackArray, u32::MAX), (Op::ReturnNull, 0)],
    );

    let iterate = [(Op::LoadNull, 0), (Op::GetIter, 0), (Op::PopIter, 0), (Op::ReturnNull, 0)];
    let right = module(4, 0, &iterate);
    cases.edit(Code::V0008, "half an iteration dropped", &right, |it| {
        it.units[2][0] = Op::Pop as u8;
    });
    cases.edit(Code::V0008, "an iteration returned", &right, |it| {
        it.units[2][0] = Op::Return as u8;
        it.units.pop();
    });
    cases.edit(Code::V0008, "an iteration copied", &right, |it| {
        it.units[2] = [Op::Copy as u8, 1];
    });
    cases.edit(Code::V0008, "values taken for an iteration", &right, |it| {
        it.units[1][0] = Op::Dup as u8;
    });
    cases.edit(Code::V0008, "an iteration below values", &right, |it| {
        it.units.insert(2, [Op::LoadNull as u8, 0]);
    });

    // if c { 1 } else { 2 }
    let code = [
        (Op::LoadNull, 0),
        (Op::JumpIfFalse, 0),
        (Op::LoadInt, 1),
        (Op::Jump, 1),
        (Op::LoadInt, 2),
        (Op::Return, 0),
    ];
    let right = with_labels(module(2, 0, &code), &[4, 5]);
    cases.edit(Code::V0009, "different depths", &right, |it| it.units[4] = [Op::Nop as u8, 0]);
    let mut other = right.clone();
    other.imports = [import("print", ImportKind::Host), import("map", ImportKind::Script)].into();
    edit(&mut other, |it| it.units[2] = [Op::LoadImport as u8, 0]);
    edit(&mut other, |it| it.units[4] = [Op::LoadImport as u8, 1]);
    cases.edit(Code::V0009, "a value and a host function", &other, |it| {
        it.units[2] = [Op::LoadHost as u8, 0];
    });

    // for i in 5 { }
    let code = [
        (Op::LoadInt, 10),
        (Op::GetIter, 0),
        (Op::ForIter, 1),
        (Op::Pop, 0),
        (Op::JumpBack, 0),
        (Op::ReturnNull, 0),
    ];
    let right = with_labels(module(3, 0, &code), &[2, 5]);
    cases.edit(Code::V0009, "a loop that grows the stack", &right, |it| {
        it.units[3] = [Op::Nop as u8, 0];
    });
}

fn assigned(cases: &mut Cases) {
    let code = [(Op::LoadNull, 0), (Op::StoreLocal, 0), (Op::LoadLocal, 0), (Op::Return, 0)];
    let right = module(1, 1, &code);
    cases.edit(Code::V0011, "never assigned", &right, |it| it.units[1] = [Op::Pop as u8, 0]);
    cases.edit(Code::V0011, "moved away", &right, |it| {
        it.units[2] = [Op::MoveLocal as u8, 0];
        it.units.splice(3..3, [[Op::Pop as u8, 0], [Op::LoadLocal as u8, 0]]);
    });

    let right = a_loop();
    cases.edit(Code::V0011, "moved in a loop", &right, |it| it.units[2][0] = Op::MoveLocal as u8);
    cases.edit(Code::V0011, "assigned on one way only", &right, |it| {
        it.units = encoded(&[
            (Op::LoadNull, 0),
            (Op::JumpIfFalse, 0),
            (Op::LoadNull, 0),
            (Op::StoreLocal, 0),
            (Op::LoadLocal, 0),
            (Op::Return, 0),
        ]);
        it.labels = vec![4];
    });

    let mut right = module(1, 0, &[(Op::MakeCell, 0), (Op::LoadCell, 0), (Op::Return, 0)]);
    edit(&mut right, |it| it.cells = vec!["c".into()]);
    cases.edit(Code::V0011, "a cell before it is made", &right, |it| {
        it.units[0] = [Op::Nop as u8, 0]
    });
    let maker = [(Op::MakeCell, 0), (Op::MakeClosure, 1), (Op::Return, 0)];
    let right = closure_module(&maker);
    cases.edit(Code::V0011, "a cell captured before it is made", &right, |it| {
        it.units[0] = [Op::Nop as u8, 0];
    });

    let mut right = try_module();
    edit(&mut right, |it| {
        it.n_locals = 1;
        it.units = encoded(&[
            (Op::LoadNull, 0),
            (Op::StoreLocal, 0),
            (Op::LoadLocal, 0),
            (Op::Raise, 0),
            (Op::Pop, 0),
            (Op::LoadLocal, 0),
            (Op::Return, 0),
        ]);
        it.labels = vec![2, 4];
        it.max_stack = 1;
    });
    cases.edit(Code::V0011, "moved before an error", &right, |it| {
        it.units[2][0] = Op::MoveLocal as u8;
    });
    cases.edit(Code::V0011, "assigned within the handler's range", &right, |it| it.labels[0] = 0);

    let mut right = module(
        1,
        1,
        &[
            (Op::LoadNull, 0),
            (Op::StoreLocal, 0),
            (Op::LoadNull, 0),
            (Op::StorePath, 0),
            (Op::ReturnNull, 0),
        ],
    );
    edit(&mut right, |it| {
        it.names = vec!["x".into()];
        it.paths =
            vec![Path { root: Root::Local(LocalIdx(0)), steps: [Step::Field(NameIdx(0))].into() }];
    });
    cases.edit(Code::V0011, "a place inside nothing", &right, |it| {
        it.units[1] = [Op::Pop as u8, 0];
    });
}

/// The first function makes the second, which captures its cell.
fn closure_module(maker: &[(Op, u32)]) -> ModuleData {
    let mut module = module(1, 0, maker);
    edit(&mut module, |it| it.cells = vec!["c".into()]);
    let code = CodeParts {
        units: encoded(&[(Op::LoadFree, 0), (Op::Return, 0)]),
        free: vec!["c".into()],
        max_stack: 1,
        ..CodeParts::default()
    };
    let made = Function { captures: [Capture::Cell(CellIdx(0))].into(), ..function(code) };
    module.functions = [module.functions[0].clone(), made].into();
    module
}

/// `try { raise } except e { return e }`
fn try_module() -> ModuleData {
    let code = [(Op::LoadNull, 0), (Op::LoadNull, 0), (Op::Raise, 0), (Op::Return, 0)];
    let mut module = with_labels(module(2, 0, &code), &[1, 3]);
    let handler = Handler { start: LabelIdx(0), end: LabelIdx(1), target: LabelIdx(1), depth: 0 };
    edit(&mut module, |it| it.handlers = vec![handler]);
    module
}

fn handlers(cases: &mut Cases) {
    let right = try_module();
    cases.edit(Code::V0013, "no such label", &right, |it| it.handlers[0].target = LabelIdx(7));
    cases.edit(Code::V0013, "a range of nothing", &right, |it| it.handlers[0].end = LabelIdx(0));
    cases.edit(Code::V0013, "a target before the end", &right, |it| {
        it.handlers[0].target = LabelIdx(0);
    });
    cases.edit(Code::V0013, "more kept than there is", &right, |it| it.handlers[0].depth = 2);
    cases.edit(Code::V0007, "more taken than the handler leaves", &right, |it| {
        it.handlers[0].depth = 1;
        it.units[1] = [Op::Pop as u8, 0];
        it.units.insert(2, [Op::LoadNull as u8, 0]);
        it.labels[1] = 4;
    });
    cases.edit(Code::V0010, "no room for the error", &right, |it| {
        it.units[1] = [Op::Nop as u8, 0];
        it.units[2] = [Op::ReturnNull as u8, 0];
        it.handlers[0].depth = 1;
        it.max_stack = 1;
    });

    // Two handlers, the inner one inside of the outer one.
    let code =
        [(Op::LoadNull, 0), (Op::LoadNull, 0), (Op::Raise, 0), (Op::Raise, 0), (Op::Return, 0)];
    let mut right = with_labels(module(2, 0, &code), &[0, 1, 3, 4]);
    let handler = |start, end, depth| Handler {
        start: LabelIdx(start),
        end: LabelIdx(end),
        target: LabelIdx(end),
        depth,
    };
    edit(&mut right, |it| it.handlers = vec![handler(0, 3, 0), handler(1, 2, 1)]);
    cases.edit(Code::V0013, "inner before outer", &right, |it| it.handlers.swap(0, 1));
    cases.edit(Code::V0013, "overlapping ranges", &right, |it| {
        it.handlers[0].end = LabelIdx(2);
        it.handlers[0].target = LabelIdx(3);
        it.handlers[1].end = LabelIdx(3);
        it.handlers[1].target = LabelIdx(3);
    });
    cases.edit(Code::V0013, "an inner one that keeps less", &right, |it| {
        it.units.insert(0, [Op::LoadNull as u8, 0]);
        it.labels = vec![1, 2, 4, 5];
        it.max_stack = 4;
        it.handlers[0].depth = 1;
        it.handlers[1].depth = 0;
    });

    // Behind `get_iter` the handler keeps both halves of the iteration.
    let code =
        [(Op::LoadNull, 0), (Op::GetIter, 0), (Op::LoadNull, 0), (Op::Raise, 0), (Op::Return, 0)];
    let mut right = with_labels(module(3, 0, &code), &[2, 4]);
    edit(&mut right, |it| it.handlers = vec![handler(0, 1, 2)]);
    cases.edit(Code::V0013, "half an iteration kept", &right, |it| it.handlers[0].depth = 1);

    // A jump into a handler's range from outside of it.
    let code = [
        (Op::LoadNull, 0),
        (Op::JumpIfTrue, 1),
        (Op::LoadNull, 0),
        (Op::LoadNull, 0),
        (Op::Raise, 0),
        (Op::ReturnNull, 0),
        (Op::Return, 0),
    ];
    let mut right = with_labels(module(2, 0, &code), &[3, 5, 6]);
    edit(&mut right, |it| it.handlers = vec![handler(0, 2, 0)]);
    cases.edit(Code::V0013, "a jump under what a handler keeps", &right, |it| {
        it.handlers[0].depth = 1;
    });
}

fn import(name: &str, kind: ImportKind) -> Import {
    Import { name: name.into(), kind }
}

fn functions(cases: &mut Cases) {
    let mut right = module(1, 0, &[(Op::LoadName, 0), (Op::Return, 0)]);
    edit(&mut right, |it| it.names = vec!["arg0".into()]);
    right.profile = Profile::Linear;
    cases.add(Code::V0014, "a probe's instruction in a program", &right, |it| {
        it.profile = Profile::Full;
    });
    cases.edit(Code::V0014, "a local in linear code", &right, |it| it.n_locals = 1);
    cases.instead(
        Code::V0014,
        "a call in linear code",
        &right,
        &[(Op::LoadName, 0), (Op::Call, 0), (Op::Return, 0)],
    );

    let code = [(Op::ParamGiven, 1), (Op::Return, 0)];
    let mut right = module(1, 3, &code);
    let kinds = [ParamKind::Required, ParamKind::Optional, ParamKind::Variadic];
    right.functions[0].params = kinds.map(param).into();
    cases.add(Code::V0015, "an optional parameter before a required one", &right, |it| {
        it.functions[0].params[0].kind = ParamKind::Optional;
        it.functions[0].params[1].kind = ParamKind::Required;
        edit(it, |code| code.units[0][1] = 0);
    });
    cases.edit(Code::V0015, "fewer locals than parameters", &right, |it| it.n_locals = 2);
    cases.edit(Code::V0015, "whether a required one is given", &right, |it| it.units[0][1] = 0);
    cases.add(Code::V0015, "two variadic parameters", &right, |it| {
        let kinds = [ParamKind::Optional, ParamKind::Variadic, ParamKind::Variadic];
        it.functions[0].params = kinds.map(param).into();
        edit(it, |code| code.units[0][1] = 0);
    });

    let right = closure_module(&[(Op::MakeCell, 0), (Op::MakeClosure, 1), (Op::Return, 0)]);
    cases.edit(Code::V0016, "loaded without what it captures", &right, |it| {
        it.units[1][0] = Op::LoadFunction as u8;
    });
    cases.add(Code::V0016, "captures what its maker has not captured", &right, |it| {
        it.functions[1].captures = [Capture::Free(FreeIdx(0))].into();
    });
    cases.add(Code::V0016, "fewer captures than it uses", &right, |it| {
        it.functions[1].captures = [].into();
    });
    cases.add(Code::V0004, "captures a cell its maker does not have", &right, |it| {
        it.functions[1].captures = [Capture::Cell(CellIdx(1))].into();
    });

    let mut right =
        module(2, 0, &[(Op::LoadHost, 0), (Op::LoadNull, 0), (Op::CallHost, 1), (Op::Return, 0)]);
    right.imports = [import("print", ImportKind::Host)].into();
    cases.edit(Code::V0017, "called as if it were async", &right, |it| {
        it.units[2][0] = Op::CallHostAsync as u8;
    });
    cases.add(Code::V0017, "an async one called as if it were not", &right, |it| {
        it.imports[0].kind = ImportKind::HostAsync;
    });
    cases.add(Code::V0017, "written in Ruff", &right, |it| it.imports[0].kind = ImportKind::Script);
    cases.edit(Code::V0008, "a value called as a host function", &right, |it| {
        it.units[0] = [Op::LoadNull as u8, 0];
    });

    let mut right = module(1, 0, &[(Op::LoadNull, 0), (Op::Yield, 0), (Op::Return, 0)]);
    right.functions[0].kind = FunctionKind::Generator;
    cases.add(Code::V0023, "yield outside a generator", &right, |it| {
        it.functions[0].kind = FunctionKind::Plain;
    });
    let right = module(1, 0, &[(Op::LoadNull, 0), (Op::TailCall, 0)]);
    cases.add(Code::V0023, "a tail call in an async function", &right, |it| {
        it.functions[0].kind = FunctionKind::Async;
    });
    cases.edit(Code::V0023, "a tail call under a handler", &right, |it| {
        it.units = encoded(&[(Op::LoadNull, 0), (Op::TailCall, 0), (Op::Return, 0)]);
        it.labels = vec![0, 2];
        it.handlers =
            vec![Handler { start: LabelIdx(0), end: LabelIdx(1), target: LabelIdx(1), depth: 0 }];
    });
}

fn sites(cases: &mut Cases) {
    let mut right = module(
        3,
        1,
        &[
            (Op::LoadNull, 0),
            (Op::StoreLocal, 0),
            (Op::LoadNull, 0),
            (Op::LoadNull, 0),
            (Op::CallMethod, 0),
            (Op::Return, 0),
        ],
    );
    let method = Site { method: Some(NameIdx(0)), ..Site::call(1) };
    edit(&mut right, |it| {
        it.names = vec!["push".into(), "xs".into()];
        it.sites = vec![method];
    });
    cases.edit(Code::V0018, "of no name", &right, |it| it.sites[0].method = Some(NameIdx(2)));
    cases.edit(Code::V0018, "an argument of no name", &right, |it| {
        it.sites[0].named = [NameIdx(5)].into();
        it.sites[0].args = 0;
    });
    cases.edit(Code::V0018, "an immutable variable of no name", &right, |it| {
        it.sites[0].receiver = Receiver::Immutable(NameIdx(2));
    });
    cases.edit(Code::V0018, "for a call without method", &right, |it| it.sites[0].method = None);
    cases.edit(Code::V0018, "for a place", &right, |it| {
        it.paths = vec![Path { root: Root::Local(LocalIdx(0)), steps: [Step::Index].into() }];
        it.sites[0].receiver = Receiver::Place(PathIdx(0));
    });
    cases.edit(Code::V0018, "of no path", &right, |it| {
        it.sites[0].receiver = Receiver::Place(PathIdx(0));
    });
    cases.edit(Code::V0018, "spread arguments that are not one", &right, |it| {
        it.sites[0].spread = true;
        it.sites[0].args = 0;
        it.units.remove(3);
    });
    cases.edit(Code::V0018, "a method and a variant", &right, |it| {
        it.sites[0].variant = Some(VariantIdx(0));
    });

    let mut right = module(
        2,
        0,
        &[(Op::LoadNull, 0), (Op::LoadNull, 0), (Op::MakeVariant, 0), (Op::Return, 0)],
    );
    right.types = [shape(), point()].into();
    edit(&mut right, |it| {
        it.names = vec!["w".into(), "h".into(), "x".into()];
        it.variants = vec![VariantRef { ty: TypeIdx(0), variant: 1 }];
        let named = [NameIdx(1), NameIdx(0)].into();
        it.sites = vec![Site { variant: Some(VariantIdx(0)), named, ..Site::call(0) }];
    });
    cases.edit(Code::V0018, "a field twice", &right, |it| {
        it.sites[0].named = [NameIdx(0), NameIdx(0)].into();
    });
    cases.edit(Code::V0018, "a field that the variant has not", &right, |it| {
        it.sites[0].named = [NameIdx(0), NameIdx(2)].into();
    });
    cases.edit(Code::V0018, "values for named fields", &right, |it| {
        it.sites[0].named = [].into();
        it.sites[0].args = 2;
    });
    cases.edit(Code::V0018, "too many values", &right, |it| {
        it.variants[0].variant = 0;
        it.sites[0].named = [].into();
        it.sites[0].args = 2;
    });
    cases.edit(Code::V0018, "no such variant", &right, |it| {
        it.sites[0].variant = Some(VariantIdx(1));
    });
    cases.edit(Code::V0019, "a variant of no enum", &right, |it| it.variants[0].ty = TypeIdx(1));
    cases.edit(Code::V0019, "a variant that the enum has not", &right, |it| {
        it.variants[0].variant = 2;
    });
    cases.add(Code::V0019, "two variants of one name", &right, |it| {
        let TypeDef::Enum { variants, .. } = &mut it.types[0] else { panic!() };
        variants[0].name = "Rect".into();
    });
    cases.add(Code::V0019, "two fields of one name", &right, |it| {
        let TypeDef::Struct { fields, .. } = &mut it.types[1] else { panic!() };
        *fields = ["x".into(), "x".into()].into();
    });
    cases.add(Code::V0019, "imported twice", &right, |it| {
        it.imports = [import("f", ImportKind::Host), import("f", ImportKind::Host)].into();
    });

    let mut right = module(1, 0, &[(Op::LoadNull, 0), (Op::StorePath, 0), (Op::ReturnNull, 0)]);
    let global = remora_bytecode::Global { name: "g".into(), mutable: true, exported: false };
    right.globals = [global].into();
    edit(&mut right, |it| {
        it.names = vec!["x".into()];
        let steps = [Step::Field(NameIdx(0))].into();
        it.paths = vec![Path { root: Root::Global(GlobalIdx(0)), steps }];
    });
    cases.edit(Code::V0022, "a path without steps", &right, |it| it.paths[0].steps = [].into());
    cases.edit(Code::V0022, "a path of no name", &right, |it| it.names.clear());
    cases.add(Code::V0022, "a path from no global", &right, |it| it.globals = [].into());
    for root in [Root::Local(LocalIdx(0)), Root::Cell(CellIdx(0)), Root::Free(FreeIdx(0))] {
        cases.edit(Code::V0022, "a path from no variable", &right, |it| it.paths[0].root = root);
    }
}

fn modules(cases: &mut Cases) {
    let mut right = module(1, 1, &[(Op::LoadLocal, 0), (Op::Return, 0)]);
    right.functions[0].params = [param(ParamKind::Required)].into();
    let method = Method { name: "m".into(), function: FnIdx(0), kind: MethodKind::Value };
    right.types =
        [TypeDef::Struct { name: "P".into(), fields: [].into(), methods: [method].into() }].into();
    fn methods(module: &mut ModuleData) -> &mut Box<[Method]> {
        let TypeDef::Struct { methods, .. } = &mut module.types[0] else { panic!() };
        methods
    }
    cases.add(Code::V0019, "a method without function", &right, |it| {
        methods(it)[0].function = FnIdx(1);
    });
    cases.add(Code::V0019, "a method without self", &right, |it| {
        it.functions[0].params[0].kind = ParamKind::Optional;
    });
    cases.add(Code::V0019, "two methods of one name", &right, |it| {
        let one = methods(it)[0].clone();
        *methods(it) = [one.clone(), one].into();
    });
    let mut other = closure_module(&[(Op::MakeCell, 0), (Op::MakeClosure, 1), (Op::Return, 0)]);
    other.types = right.types.clone();
    methods(&mut other)[0].kind = MethodKind::Static;
    cases.add(Code::V0019, "a method that captures", &other, |it| {
        methods(it)[0].function = FnIdx(1);
    });

    let mut right = closure_module(&[(Op::MakeCell, 0), (Op::MakeClosure, 1), (Op::Return, 0)]);
    right.start = Some(FnIdx(0));
    cases.add(Code::V0021, "no such function", &right, |it| it.start = Some(FnIdx(2)));
    cases.add(Code::V0021, "one that captures", &right, |it| it.start = Some(FnIdx(1)));
    cases.add(Code::V0021, "a generator", &right, |it| {
        it.functions[0].kind = FunctionKind::Generator;
    });
    cases.add(Code::V0021, "one with parameters", &right, |it| {
        it.functions[0].params = [param(ParamKind::Required)].into();
        edit(it, |code| code.n_locals = 1);
    });
}

/// Many locals and many jumps: more work than the code is long.
fn complexity(cases: &mut Cases) {
    let n = 1_000;
    let mut code = vec![];
    for _ in 0..n {
        code.extend([(Op::LoadNull, 0), (Op::JumpIfTrue, 0)]);
    }
    code.push((Op::ReturnNull, 0));
    let right = with_labels(module(1, 1, &code), &[2 * n]);
    cases.edit(Code::V0020, "many jumps and many locals", &right, |it| it.n_locals = 60_000);
}

pub(crate) fn all() -> Vec<Case> {
    let mut cases = Cases::default();
    for family in [
        spelling, operands, control, stacks, assigned, handlers, functions, sites, modules,
        complexity,
    ] {
        family(&mut cases);
    }
    cases.0
}

#[test]
fn each_rule_rejects_what_only_it_rejects() {
    let mut seen = BTreeSet::new();
    for Case { code, what, right, broken } in all() {
        if let Err(error) = Module::new(right).verify(&Budget::default()) {
            panic!("{code} {what}: the module that is right is refused: {error}");
        }
        match Module::new(broken).verify(&Budget::default()) {
            Ok(_) => panic!("{code} {what}: passed"),
            Err(error) => assert_eq!(error.code, code, "{what}: {error}"),
        }
        seen.insert(code.as_str());
    }
    let rules = Code::ALL.iter().map(|it| it.as_str());
    let rules: BTreeSet<_> = rules.filter(|it| *it > "V" && *it < "V0090").collect();
    assert_eq!(seen, rules);
}

#[test]
fn budgets_are_kept() {
    let right = try_module();
    let refused = |change: fn(&mut Budget)| {
        let mut budget = Budget::default();
        change(&mut budget);
        let error = Module::new(right.clone()).verify(&budget).unwrap_err();
        assert!(matches!(error.code, Code::L0008 | Code::V0013), "{error}");
    };
    refused(|it| it.max_functions = 0);
    refused(|it| it.max_units = 3);
    refused(|it| it.max_stack = 1);
    refused(|it| it.max_registers = 1);
    refused(|it| it.max_handlers = 0);
}

#[test]
fn an_error_says_where() {
    let mut module = module(1, 0, &[(Op::LoadInt, 300), (Op::Pop, 0), (Op::Pop, 0)]);
    module.functions = [
        function(CodeParts { units: encoded(&[(Op::ReturnNull, 0)]), ..CodeParts::default() }),
        module.functions[0].clone(),
    ]
    .into();
    let error = Module::new(module).verify(&Budget::default()).unwrap_err();
    assert_eq!((error.code, error.function, error.at), (Code::V0007, Some(FnIdx(1)), Some(3)));
    assert_eq!(
        error.to_string(),
        "V0007: it takes more than the stack holds here, in function 1 at unit 3"
    );
}
