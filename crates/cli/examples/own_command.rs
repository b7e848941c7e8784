//! A command of one's own: `pricing run`, `check`, `test`, `repl`, `fmt`, `doc` and all else that `remora` does, for programs
//! that call the host's functions.

use std::process::ExitCode;

use remora::{Ctx, Engine};
use remora_cli::Cli;

/// What each VM of the command knows: what things cost.
struct Prices(Vec<(&'static str, f64)>);

fn price(ctx: &mut Ctx<'_>, name: &str) -> Result<f64, String> {
    let prices = ctx.get::<Prices>().map_or(&[][..], |it| &it.0);
    let found = prices.iter().find(|(it, _)| *it == name);
    found.map(|it| it.1).ok_or_else(|| format!("nobody sells {name}"))
}

pub(crate) fn cli() -> Cli {
    let engine = Engine::builder()
        .function("price", price)
        .async_function("stock", |name: String| async move { name.len() })
        .module("tax", |it| it.function("add", |net: f64| net * 1.2))
        .build();
    Cli::new(engine)
        .name("pricing")
        .version("2.1")
        .about("Runs pricing rules")
        .prepare_vms(|vm| drop(vm.insert(Prices(vec![("tea", 2.5), ("cake", 4.0)]))))
}

#[allow(dead_code, reason = "the test that runs this takes the command without the process")]
fn main() -> ExitCode {
    cli().run_process()
}
