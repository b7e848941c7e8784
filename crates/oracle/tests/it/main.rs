//! What the oracle promises beyond the conformance corpus, which testkit runs in it: it ends, whatever the program, and
//! asks the host for everything.

mod hostile;
mod world;

use remora_oracle::{
    BIG_STACK, Host, NoHost, Options, OracleError, Outcome, no_modules, on_big_stack,
};
use remora_syntax::{ParseLimits, parse};

/// Runs a program on a large stack; gives what it printed, and how it ended.
fn run(source: &str) -> (String, Result<Outcome, OracleError>) {
    on_big_stack(|| run_with(source, &mut NoHost, 1000, 10_000_000))
}

fn run_with(
    source: &str,
    host: &mut dyn Host,
    max_frames: usize,
    max_steps: u64,
) -> (String, Result<Outcome, OracleError>) {
    let parsed = parse(source, &ParseLimits::default());
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    let mut out = String::new();
    let options = Options {
        foreign: remora_oracle::Foreign::default(),
        args: Vec::new(),
        max_frames,
        max_steps,
        native_stack: BIG_STACK / 2,
        output: &mut |text| out.push_str(text),
        host,
        seed: 0,
        check_types: false,
        file: "main.ruff".to_owned(),
        loader: &mut no_modules,
    };
    let end = remora_oracle::run(&parsed.program, source, options);
    (out, end)
}
