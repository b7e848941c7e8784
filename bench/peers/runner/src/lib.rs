//! What every runner does in the same way: read the arguments, read the script, run it, say what went wrong.
//!
//! Each engine is a program of its own: one that does not build stops none of the others, and no engine shares a process,
//! an allocator's state or a feature of a common dependency with another. All of them start in the same way:
//!
//! - `peer-NAME FILE SIZE` compiles FILE and runs it with SIZE as its argument; the script prints one checksum.
//! - `peer-NAME --interpret FILE SIZE` the same without machine code, where the engine can make some.
//! - `peer-NAME --sort FILE N ROUNDS`, likewise, compiles FILE, calls its function `run` with N for ROUNDS times and once before, and
//!   prints the checksum, then the milliseconds of each round: see [`record`].

pub mod record;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

/// What went wrong, as the engine says it.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// A script to run.
pub struct Script {
    /// Its text.
    pub source: String,
    /// The name of its file, without directories and extension.
    pub name: String,
    /// Its argument.
    pub size: i64,
    /// With machine code or without.
    pub tier: Tier,
}

/// How an engine that can make machine code runs a script; the others have only one way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// With machine code.
    Native,
    /// Without.
    Interpreter,
}

/// Runs a whole script.
pub type Run = fn(&Script) -> Outcome<()>;

/// Makes host objects known to a script, loads it and gives [`Rounds::measure`] a call of its function `run`.
pub type Sort = fn(&Script, Rounds) -> Outcome<()>;

/// Counts and times the calls of a script's function.
pub struct Rounds(usize);

impl Rounds {
    /// Calls `round` once for its checksum, then times the rounds that were asked for.
    ///
    /// # Errors
    /// What `round` fails with, or another checksum than that of the first call.
    pub fn measure(self, mut round: impl FnMut() -> Outcome<i64>) -> Outcome<()> {
        let checksum = round()?;
        println!("{checksum}");
        for _ in 0..self.0 {
            let begin = cpu_time();
            let found = round()?;
            let took = cpu_time() - begin;
            if found != checksum {
                return Err(format!("{found} after {checksum}").into());
            }
            println!("{:.4}", took.as_secs_f64() * 1_000.0);
        }
        Ok(())
    }
}

/// The CPU time that this process has had, in all its threads.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// The `main` of a runner; `sort` is for engines that can be given host objects.
pub fn main(run: Run, sort: Option<Sort>) -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match start(&args, run, sort) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start(args: &[String], run: Run, sort: Option<Sort>) -> Outcome<()> {
    let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut has = |flag| {
        let before = args.len();
        args.retain(|it| *it != flag);
        args.len() < before
    };
    let tier = if has("--interpret") { Tier::Interpreter } else { Tier::Native };
    let sort = if has("--sort") { Some(sort.ok_or("no host objects here")?) } else { None };
    match (args.as_slice(), sort) {
        ([file, size], None) => run(&script(file, size, tier)?),
        ([file, size, rounds], Some(sort)) => {
            sort(&script(file, size, tier)?, Rounds(usize::try_from(count(rounds)?)?))
        }
        _ => Err("usage: [--interpret] FILE SIZE, or --sort [--interpret] FILE N ROUNDS".into()),
    }
}

fn script(file: &str, size: &str, tier: Tier) -> Outcome<Script> {
    let source = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let stem = std::path::Path::new(file).file_stem().unwrap_or_default();
    let name = stem.to_string_lossy().into_owned();
    Ok(Script { source, name, size: count(size)?, tier })
}

fn count(text: &str) -> Outcome<i64> {
    text.parse().map_err(|_| format!("`{text}` is not a number").into())
}
