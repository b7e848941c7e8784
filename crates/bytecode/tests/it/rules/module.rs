//! Rules about functions, the tables they use, and modules.

use super::*;

pub(super) fn functions(cases: &mut Cases) {
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

pub(super) fn sites(cases: &mut Cases) {
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

pub(super) fn modules(cases: &mut Cases) {
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
