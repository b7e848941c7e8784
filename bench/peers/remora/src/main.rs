//! Ruff in Remora, with the settings it comes with.

use remora::{Engine, Object, ObjectType, Settings, Vm};
use runner::record::Record;
use runner::{Outcome, Rounds, Script};

struct Shared(Record);

remora::object_params!(Shared);

impl Object for Shared {
    const NAME: &'static str = "Record";

    fn describe(it: &mut ObjectType<Self>) {
        it.method("id", |it: &Shared| it.0.id());
        it.method("before", |it: &Shared, other: &Shared| it.0.before(&other.0));
    }
}

fn run(script: &Script) -> Outcome<()> {
    Err(format!("{}: programs without host objects are run by the command `remora`", script.name)
        .into())
}

fn sort(script: &Script, rounds: Rounds) -> Outcome<()> {
    let engine = Engine::builder()
        .object::<Shared>()
        .function("record", |id: i64| Shared(Record::new(id)))
        .build();
    let module = engine.compile(&script.name, &script.source).map_err(|error| error.to_string())?;
    let mut vm = Vm::new(&module, Settings::default());
    vm.run().map_err(|error| error.to_string())?;
    rounds.measure(|| {
        vm.call_as::<i64>("run", (script.size,)).map_err(|error| error.to_string().into())
    })
}

fn main() -> std::process::ExitCode {
    runner::main(run, Some(sort))
}
