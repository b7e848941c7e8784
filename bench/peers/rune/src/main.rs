//! Rune, with its default modules.

use std::sync::Arc;

use rune::{Any, Context, Diagnostics, Module, Source, Sources, Vm};
use runner::record::Record;
use runner::{Outcome, Rounds, Script};

#[derive(Any)]
#[rune(name = Record)]
struct Shared(Record);

impl Shared {
    #[rune::function]
    fn id(&self) -> i64 {
        self.0.id()
    }

    #[rune::function]
    fn before(&self, other: &Self) -> bool {
        self.0.before(&other.0)
    }
}

#[rune::function]
fn record(id: i64) -> Shared {
    Shared(Record::new(id))
}

fn load(script: &Script, context: &Context) -> Outcome<Vm> {
    let mut sources = Sources::new();
    sources.insert(Source::new(&script.name, &script.source)?)?;
    let mut diagnostics = Diagnostics::new();
    let unit = rune::prepare(&mut sources)
        .with_context(context)
        .with_diagnostics(&mut diagnostics)
        .build();
    if diagnostics.has_error() {
        let colors = rune::termcolor::ColorChoice::Never;
        diagnostics.emit(&mut rune::termcolor::StandardStream::stderr(colors), &sources)?;
    }
    Ok(Vm::new(Arc::new(context.runtime()?), Arc::new(unit?)))
}

fn run(script: &Script) -> Outcome<()> {
    let mut vm = load(script, &Context::with_default_modules()?)?;
    vm.call(["main"], (script.size,))?;
    Ok(())
}

fn sort(script: &Script, rounds: Rounds) -> Outcome<()> {
    let mut module = Module::new();
    module.ty::<Shared>()?;
    module.function_meta(Shared::id)?;
    module.function_meta(Shared::before)?;
    module.function_meta(record)?;
    let mut context = Context::with_default_modules()?;
    context.install(module)?;
    let mut vm = load(script, &context)?;
    rounds.measure(|| Ok(rune::from_value(vm.call(["run"], (script.size,))?)?))
}

fn main() -> std::process::ExitCode {
    runner::main(run, Some(sort))
}
