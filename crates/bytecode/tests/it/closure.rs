//! Linear code as closures: the order of what has an effect is that of the code, whatever is done to the stack.

use remora_bytecode::closure::{Block, CompileError, MAX_HEIGHT, Places, Predicate};
use remora_bytecode::scalar::{Arithmetic, Number, numbers};
use remora_bytecode::{
    Budget, CodeBuilder, CompareKind, Constant, FnIdx, Function, FunctionKind, ImportKind, Module,
    ModuleBuilder, Profile, Verified,
};

/// Ints; each name has its length as its value, and everything that is asked is written down.
struct Ints;

#[derive(Default)]
struct Log {
    said: Vec<String>,
    slots: Vec<i64>,
}

impl Places for Ints {
    type Frame<'f> = Log;
    type Value = i64;
    type Error = String;
    type Name = String;
    type Function = String;

    fn name(name: &str) -> String {
        name.to_owned()
    }

    fn function(name: &str, _: &[Option<&Constant>]) -> Result<String, String> {
        if name == "unknown" { Err("no such function".to_owned()) } else { Ok(name.to_owned()) }
    }

    fn constant(constant: &Constant) -> i64 {
        if let Constant::Int(value) = constant { *value } else { 0 }
    }

    fn load(log: &mut Log, name: &String) -> Result<i64, String> {
        log.said.push(name.clone());
        if name == "wrong" { Err("wrong".to_owned()) } else { Ok(name.len() as i64) }
    }

    fn store(log: &mut Log, name: &String, value: i64) -> Result<(), String> {
        log.said.push(format!("{name}={value}"));
        Ok(())
    }

    fn attribute(log: &mut Log, object: &i64, name: &String) -> Result<i64, String> {
        log.said.push(format!("{object}.{name}"));
        Ok(object + 1)
    }

    fn set_attribute(log: &mut Log, object: i64, name: &String, value: i64) -> Result<(), String> {
        log.said.push(format!("{object}.{name}={value}"));
        Ok(())
    }

    fn item(log: &mut Log, object: &i64, key: &i64) -> Result<i64, String> {
        log.said.push(format!("{object}[{key}]"));
        Ok(object * key)
    }

    fn call(log: &mut Log, name: &String, arguments: &mut [Option<i64>]) -> Result<i64, String> {
        let arguments: Vec<i64> = arguments.iter_mut().filter_map(Option::take).collect();
        log.said.push(format!("{name}{arguments:?}"));
        Ok(arguments.iter().sum())
    }

    fn arithmetic(_: &mut Log, op: Arithmetic, a: &i64, b: &i64) -> Result<i64, String> {
        match numbers(op, Number::Int(*a), Number::Int(*b)) {
            Ok(Number::Int(value)) => Ok(value),
            other => Err(format!("{other:?}")),
        }
    }

    fn negate(_: &mut Log, value: &i64) -> Result<i64, String> {
        Ok(-value)
    }

    fn compare(_: &mut Log, kind: CompareKind, a: &i64, b: &i64) -> Result<bool, String> {
        Ok(remora_bytecode::scalar::holds(kind, Some(a.cmp(b))))
    }

    fn compare_constant(
        log: &mut Log,
        kind: CompareKind,
        a: &i64,
        b: &Constant,
    ) -> Result<bool, String> {
        Self::compare(log, kind, a, &Self::constant(b))
    }

    fn bool(value: bool) -> i64 {
        i64::from(value)
    }

    fn truth(value: &i64) -> bool {
        *value != 0
    }

    fn invert(value: &i64) -> Result<bool, String> {
        Ok(*value == 0)
    }

    fn array(_: &mut Log, items: &mut [Option<i64>]) -> Result<i64, String> {
        Ok(items.len() as i64)
    }

    fn recover(_: &mut Log, name: &String, error: String) -> Result<i64, String> {
        if name == "any" { Ok(-1) } else { Err(error) }
    }

    fn keep(log: &mut Log, slot: u32, value: i64) {
        let slot = slot as usize;
        log.slots.resize(log.slots.len().max(slot + 1), 0);
        log.slots[slot] = value;
    }

    fn kept(log: &mut Log, slot: u32) -> i64 {
        log.slots[slot as usize]
    }
}

fn module(fill: impl FnOnce(&mut ModuleBuilder, &mut CodeBuilder)) -> Module<Verified> {
    let mut module = ModuleBuilder::new("m", Profile::Linear);
    let mut code = CodeBuilder::new(0);
    fill(&mut module, &mut code);
    let at = module.reserve_function();
    let function = Function {
        name: "f".into(),
        params: Box::default(),
        kind: FunctionKind::Plain,
        captures: Box::default(),
        code: code.finish().unwrap(),
    };
    module.set_function(at, function);
    module.finish().unwrap().verify(&Budget::default()).unwrap()
}

/// What running the code gives and says, both as a block and as a predicate.
fn run(
    fill: impl FnOnce(&mut ModuleBuilder, &mut CodeBuilder),
) -> (Result<Option<i64>, String>, String) {
    let module = module(fill);
    let mut log = Log::default();
    let result = Block::<Ints>::compile(&module, FnIdx(0)).unwrap().run(&mut log);
    let mut other = Log::default();
    let holds = Predicate::<Ints>::compile(&module, FnIdx(0)).unwrap().holds(&mut other);
    assert_eq!(holds, result.clone().map(|it| it.is_some_and(|it| it != 0)));
    assert_eq!(log.said, other.said, "both ask the same in the same order");
    (result, log.said.join(" "))
}

#[test]
fn operands_are_evaluated_from_left_to_right() {
    let (result, said) = run(|_, code| {
        code.load_name("a");
        code.load_name("bb");
        code.get_attr("x");
        code.binary_sub();
        code.load_name("ccc");
        code.get_index();
        code.r#return();
    });
    assert_eq!((result, &*said), (Ok(Some(-6)), "a bb 2.x ccc -2[3]"));
}

#[test]
fn what_lies_below_a_statement_is_evaluated_before_it() {
    let (result, said) = run(|_, code| {
        code.load_name("a");
        code.load_name("bb");
        code.store_name("v");
        code.load_name("ccc");
        code.binary_add();
        code.r#return();
    });
    assert_eq!((result, &*said), (Ok(Some(4)), "a bb v=2 ccc"));
}

#[test]
fn copies_and_moves_evaluate_once_and_in_order() {
    let (result, said) = run(|_, code| {
        code.load_name("a");
        code.load_name("bb");
        code.rot_two();
        code.binary_sub();
        code.dup();
        code.binary_mul();
        code.r#return();
    });
    assert_eq!((result, &*said), (Ok(Some(1)), "a bb"));
    let (result, said) = run(|_, code| {
        code.load_name("a");
        code.load_name("bb");
        code.load_name("ccc");
        code.rot_three();
        code.copy(2);
        code.dup_two();
        code.build_array(6);
        code.r#return();
    });
    assert_eq!((result, &*said), (Ok(Some(6)), "a bb ccc"));
}

#[test]
fn both_sides_of_and_and_or_are_evaluated() {
    let (result, said) = run(|_, code| {
        code.load_false();
        code.load_name("a");
        code.logical_and();
        code.load_name("bb");
        code.load_int(2);
        code.compare(CompareKind::Eq);
        code.logical_or();
        code.unary_not();
        code.r#return();
    });
    assert_eq!((result, &*said), (Ok(Some(0)), "a bb"));
}

#[test]
fn calls_take_errors_as_values_if_they_want() {
    let call = |name: &'static str| {
        run(move |module, code| {
            let import = module.import(name, ImportKind::Host);
            code.load_host(import);
            for argument in ["a", "wrong", "bb", "a", "a"] {
                code.load_name(argument);
            }
            code.call_host(5);
            code.r#return();
        })
    };
    let (result, said) = call("any");
    assert_eq!((result, &*said), (Ok(Some(4)), "a wrong bb a a any[1, -1, 2, 1, 1]"));
    let (result, said) = call("sum");
    assert_eq!((result, &*said), (Err("wrong".to_owned()), "a wrong"));
}

#[test]
fn an_error_ends_the_run() {
    let (result, said) = run(|_, code| {
        code.load_name("a");
        code.pop();
        code.load_name("wrong");
        code.pop();
        code.load_name("bb");
        code.r#return();
    });
    assert_eq!((result, &*said), (Err("wrong".to_owned()), "a wrong"));
}

#[test]
fn what_cannot_be_made_into_closures_is_an_error() {
    let compile = |fill: &dyn Fn(&mut ModuleBuilder, &mut CodeBuilder)| {
        Block::<Ints>::compile(&module(fill), FnIdx(0)).map(|_| ())
    };
    let deep = |n: u32| {
        compile(&move |_, code| {
            code.load_name("a");
            for _ in 1..n {
                code.unary_neg();
            }
            code.r#return();
        })
    };
    assert_eq!(deep(MAX_HEIGHT), Ok(()));
    assert_eq!(deep(MAX_HEIGHT + 1), Err(CompileError::TooDeep));
    let host_as_value = compile(&|module, code| {
        let import = module.import("f", ImportKind::Host);
        code.load_host(import);
        code.r#return();
    });
    assert_eq!(host_as_value, Err(CompileError::NoValue));
    let unknown = compile(&|module, code| {
        let import = module.import("unknown", ImportKind::Host);
        code.load_host(import);
        code.call_host(0);
        code.r#return();
    });
    assert_eq!(unknown, Err(CompileError::Function("no such function".to_owned())));
    let many = compile(&|_, code| {
        for _ in 0..300 {
            code.load_int(1);
        }
        code.build_array(300);
        code.r#return();
    });
    assert_eq!(many, Err(CompileError::TooManyArguments));
}
