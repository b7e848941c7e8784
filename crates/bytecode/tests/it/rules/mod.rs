//! Each rule of the verifier rejects a module that is right but for one change.

mod code;
mod module;
mod state;

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

fn import(name: &str, kind: ImportKind) -> Import {
    Import { name: name.into(), kind }
}

pub(crate) fn all() -> Vec<Case> {
    let mut cases = Cases::default();
    for family in [
        code::spelling,
        code::operands,
        code::control,
        code::stacks,
        state::assigned,
        state::handlers,
        state::handled,
        module::functions,
        module::sites,
        module::modules,
        state::complexity,
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
    let right = state::try_module();
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
