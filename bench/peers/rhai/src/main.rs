//! Rhai, with the settings it comes with.

use std::rc::Rc;

use rhai::{Array, Engine, INT, Scope};
use runner::record::Record;
use runner::{Outcome, Rounds, Script};

/// Values are copied when they are read from a variable, so that a host shares what is large.
#[derive(Clone)]
struct Shared(Rc<Record>);

fn run(script: &Script) -> Outcome<()> {
    let engine = Engine::new();
    let mut scope = Scope::new();
    scope.push_constant("args", Array::from([script.size.to_string().into()]));
    engine.run_with_scope(&mut scope, &script.source)?;
    Ok(())
}

fn sort(script: &Script, rounds: Rounds) -> Outcome<()> {
    let mut engine = Engine::new();
    engine
        .register_type_with_name::<Shared>("Record")
        .register_fn("record", |id: INT| Shared(Rc::new(Record::new(id))))
        .register_fn("id", |it: &mut Shared| it.0.id())
        .register_fn("before", |it: &mut Shared, other: Shared| it.0.before(&other.0));
    let ast = engine.compile(&script.source)?;
    let mut scope = Scope::new();
    rounds.measure(|| Ok(engine.call_fn::<INT>(&mut scope, &ast, "run", (script.size,))?))
}

fn main() -> std::process::ExitCode {
    runner::main(run, Some(sort))
}
