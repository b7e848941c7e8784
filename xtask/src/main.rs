//! What Remora's developers run: `cargo xtask COMMAND`.
//!
//! Everything that a person or a machine does to this repository beside editing it is a command here, so that there is
//! one way to do it and one place to read how. No command needs the network but for crates.io.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program for developers: its output is its purpose"
)]

mod asan;
mod bench;
mod failure;
mod footprint;
mod fuzz;
mod isa;
mod suite;
mod tidy;
mod workspace;

use std::process::ExitCode;

use failure::Failure;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  isa            write what is generated from isa/instructions.isa
  tidy           hold the rules that neither the compiler nor clippy can
  test           pass every test: format, clippy, tidy, the tests of all crates
  ci             what the CI runs: `test`, then the documentation and what an embedder pays
  footprint      measure what an embedder pays: bytes of the binary, seconds of the build
  fuzz TARGET    run a fuzz target on seeded inputs: `--runs N --seed S`; without a target it names all
  asan           run the tests of what is unsafe under AddressSanitizer; `--fuzz N` adds that many changed modules
  bench          compare with other interpreters; `cargo xtask bench --help` lists its options
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<ExitCode, Failure> {
    let root = workspace::root();
    let Some((command, rest)) = args.split_first() else {
        return Err(Failure::new(USAGE));
    };
    if !matches!(command.as_str(), "bench" | "fuzz" | "asan") && !rest.is_empty() {
        return Err(Failure::new(format!("`{command}` takes no arguments\n\n{USAGE}")));
    }
    match command.as_str() {
        "isa" => {
            let written = isa::generate(&root)?;
            for path in &written {
                println!("wrote {path}");
            }
            if written.is_empty() {
                println!("nothing to write: all is fresh");
            }
        }
        "tidy" => {
            let findings = tidy::check(&root)?.lines();
            for line in &findings {
                println!("{line}");
            }
            if !findings.is_empty() {
                return Err(Failure::new(format!("{} findings", findings.len())));
            }
            println!("tidy");
        }
        "bench" if rest.iter().any(|arg| arg == "--help") => print!("{}", bench::USAGE),
        "bench" => return bench::run(&root, rest),
        "asan" => return asan::run(&root, rest),
        "fuzz" => return fuzz::run(&root, rest),
        "footprint" => return footprint::run(&root),
        "test" => return suite::run(&root, suite::TEST),
        "ci" => return suite::run(&root, suite::CI),
        "help" | "--help" | "-h" => print!("{USAGE}"),
        _ => return Err(Failure::new(format!("no command `{command}`\n\n{USAGE}"))),
    }
    Ok(ExitCode::SUCCESS)
}
