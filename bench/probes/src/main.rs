//! `arg0 > 10`, false, in engines that hosts use for such expressions, each with its program prepared and its variable set.

use std::hint::black_box;
use std::time::Instant;

use evalexpr::{ContextWithMutableVariables, HashMapContext, Value as EvalexprValue};
use remora_probe::{
    Answer, Budget, Compiled, Dispatcher, Fault, Host, Program, Request, Run, Value, Variable,
};

struct One;

impl Host for One {
    type Object = ();
    type Dispatcher<'h> = Hit;
}

struct Hit(i64);

const NOTHING: Fault = Fault::host("there is nothing");

impl Dispatcher for Hit {
    type Object = ();

    fn variable(&mut self, variable: &Variable) -> Answer<()> {
        if let Variable::Arg(0) = variable { Ok(Value::Int(self.0)) } else { Err(NOTHING) }
    }
}

/// Best nanoseconds for one turn of `work`, of some rounds; `work` gives what the expression gave.
fn measure(name: &str, mut work: impl FnMut() -> bool) {
    const TURNS: u32 = 200_000;
    assert!(!work(), "{name}: 5 is not above 10");
    let rounds = (0..9).map(|_| {
        let start = Instant::now();
        for _ in 0..TURNS {
            black_box(work());
        }
        start.elapsed().as_secs_f64() * 1e9 / f64::from(TURNS)
    });
    println!("{name:<28} {:>10.1} ns", rounds.fold(f64::INFINITY, f64::min));
}

fn main() {
    let closure: Box<dyn Fn(i64) -> bool> = Box::new(|arg0| arg0 > black_box(10));
    measure("native closure", || closure(black_box(5)));

    let probe = "fn:f:entry / arg0 > 10 / { capture(arg0) }";
    let program = Program::compile(probe, &Budget::default()).expect("it compiles");
    let compiled = Compiled::<One>::new(&program).expect("it compiles");
    measure("remora-probe", || {
        let mut run = Run::<One>::new(Hit(black_box(5)), Request::none());
        compiled.holds(0, &mut run)
    });

    let tree = evalexpr::build_operator_tree::<evalexpr::DefaultNumericTypes>("arg0 > 10")
        .expect("it compiles");
    let mut context = HashMapContext::new();
    measure("evalexpr", || {
        context.set_value("arg0".into(), EvalexprValue::Int(black_box(5))).expect("it is set");
        tree.eval_boolean_with_context(&context).expect("it runs")
    });

    let program = cel::Program::compile("arg0 > 10").expect("it compiles");
    let mut context = cel::Context::default();
    measure("cel", || {
        context.add_variable_from_value("arg0", black_box(5_i64));
        program.execute(&context).expect("it runs") == cel::Value::Bool(true)
    });

    let engine = rhai::Engine::new();
    let tree = engine.compile_expression("arg0 > 10").expect("it compiles");
    let mut scope = rhai::Scope::new();
    scope.push("arg0", 0_i64);
    measure("rhai", || {
        scope.set_value("arg0", black_box(5_i64));
        engine.eval_ast_with_scope::<bool>(&mut scope, &tree).expect("it runs")
    });
}
