//! Starlark, with its extensions: structs and `print`, and `sqrt` from the host.

use runner::{Outcome, Script};
use starlark::environment::{GlobalsBuilder, LibraryExtension, Module};
use starlark::eval::Evaluator;
use starlark::syntax::{AstModule, Dialect};
use starlark::{PrintHandler, starlark_module};

/// Prints to standard output, where the engine would take standard error.
struct Printer;

impl PrintHandler for Printer {
    fn println(&self, text: &str) -> starlark::Result<()> {
        println!("{text}");
        Ok(())
    }
}

#[starlark_module]
fn host(builder: &mut GlobalsBuilder) {
    fn sqrt(x: f64) -> anyhow::Result<f64> {
        Ok(x.sqrt())
    }
}

fn run(script: &Script) -> Outcome<()> {
    let said = |error: starlark::Error| error.to_string();
    let ast = AstModule::parse(&script.name, script.source.clone(), &Dialect::Extended);
    let ast = ast.map_err(said)?;
    let extensions = [LibraryExtension::Print, LibraryExtension::StructType];
    let globals = GlobalsBuilder::extended_by(&extensions).with(host).build();
    let done = Module::with_temp_heap(|module| {
        module.set("args", module.heap().alloc(vec![script.size.to_string()]));
        let mut evaluator = Evaluator::new(&module);
        evaluator.set_print_handler(&Printer);
        evaluator.eval_module(ast, &globals).map(|_| ())
    });
    done.map_err(said)?;
    Ok(())
}

fn main() -> std::process::ExitCode {
    runner::main(run, None)
}
