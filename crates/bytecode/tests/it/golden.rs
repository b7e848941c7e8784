//! Sizes that EVIDENCE promises, in bytes with the return.

use remora_bytecode::{
    Budget, Code, CodeBuilder, CompareKind, Function, FunctionKind, Import, ImportIdx, ImportKind,
    Module, ModuleBuilder, ParamDef, ParamKind, Profile,
};

use crate::fixture::{function, module_of};

fn bytes(code: &Code) -> usize {
    2 * code.units().len()
}

/// Encodings, bytes including return: wordcode 8, one-byte op + u16 8, register form 32, Lua 5.4 24, CPython 3.11 14.
#[test]
fn a_predicate_takes_eight_bytes() {
    let mut code = CodeBuilder::new(0);
    code.load_name("arg0");
    code.load_int(10);
    code.compare(CompareKind::Gt);
    code.r#return();
    let code = code.finish().unwrap();
    assert_eq!(bytes(&code), 8);

    let mut data = module_of(Function { code, ..function(Default::default()) });
    data.profile = Profile::Linear;
    let module = Module::new(data).verify(&Budget::default()).unwrap();
    assert_eq!(module.static_cost(remora_bytecode::FnIdx(0)), Some(4));
}

/// Wordcode 8, one-byte op + u16 9, register form 32, Lua 5.4 20, CPython 3.11 32.
#[test]
fn a_capture_takes_eight_bytes() {
    let mut code = CodeBuilder::new(0);
    code.load_host(ImportIdx(0));
    code.load_name("arg0");
    code.call_host(1);
    code.r#return();
    let code = code.finish().unwrap();
    assert_eq!(bytes(&code), 8);

    let mut data = module_of(Function { code, ..function(Default::default()) });
    data.profile = Profile::Linear;
    data.imports = [Import { name: "capture".into(), kind: ImportKind::Host }].into();
    Module::new(data).verify(&Budget::default()).unwrap();
}

/// Wordcode 36, one-byte op + u16 40, register form 144, Lua 5.4 60, CPython 3.11 92.
#[test]
fn fib_takes_thirty_six_bytes() {
    let mut module = ModuleBuilder::new("fib", Profile::Full);
    let fib = module.reserve_function();
    let mut code = CodeBuilder::new(1);
    let n = remora_bytecode::LocalIdx(0);
    let larger = code.new_label();
    code.load_local(n);
    code.load_int(2);
    code.compare(CompareKind::Lt);
    code.jump_if_false(larger);
    code.load_local(n);
    code.r#return();
    code.bind(larger);
    for less in [1, 2] {
        code.load_function(fib);
        code.load_local(n);
        code.load_int(less);
        code.binary_sub();
        code.call(1);
    }
    code.binary_add();
    code.r#return();
    let code = code.finish().unwrap();
    assert_eq!(bytes(&code), 36);
    assert_eq!(code.max_stack(), 4);

    module.set_function(
        fib,
        Function {
            name: "fib".into(),
            params: [ParamDef { name: "n".into(), kind: ParamKind::Required }].into(),
            kind: FunctionKind::Plain,
            captures: [].into(),
            code,
        },
    );
    let module = module.finish().unwrap().verify(&Budget::default()).unwrap();
    assert_eq!(module.static_cost(fib), None);
}
