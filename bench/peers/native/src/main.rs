//! The programs in Rust, which is as fast as it gets: the program's name picks the function.

use std::cmp::Ordering;

macro_rules! programs {
    ($($name:literal $module:ident $path:literal)*) => {
        $(
            #[path = $path]
            mod $module;
        )*

        fn find(name: &str) -> Option<fn(i64) -> i64> {
            match name {
                $($name => Some($module::run),)*
                _ => None,
            }
        }
    };
}

programs! {
    "binary_trees" binary_trees "../../../programs/binary_trees.rs"
    "closures" closures "../../../programs/closures.rs"
    "dict" dict "../../../programs/dict.rs"
    "fib" fib "../../../programs/fib.rs"
    "lexer" lexer "../../../programs/lexer.rs"
    "loop" loops "../../../programs/loop.rs"
    "mandelbrot" mandelbrot "../../../programs/mandelbrot.rs"
    "nbody" nbody "../../../programs/nbody.rs"
    "objects" objects "../../../programs/objects.rs"
    "sieve" sieve "../../../programs/sieve.rs"
    "sort" sort "../../../programs/sort.rs"
    "spectral_norm" spectral_norm "../../../programs/spectral_norm.rs"
    "strings" strings "../../../programs/strings.rs"
}

fn run(script: &runner::Script) -> runner::Outcome<()> {
    let run = find(&script.name).ok_or_else(|| format!("no program `{}`", script.name))?;
    println!("{}", run(script.size));
    Ok(())
}

fn sort(script: &runner::Script, rounds: runner::Rounds) -> runner::Outcome<()> {
    rounds.measure(|| {
        let mut records: Vec<_> = (0..script.size).map(runner::record::Record::new).collect();
        records.sort_by(|a, b| if a.before(b) { Ordering::Less } else { Ordering::Greater });
        Ok(records.iter().fold(0, |sum, record| (sum * 31 + record.id()) % 1_000_003))
    })
}

fn main() -> std::process::ExitCode {
    runner::main(run, Some(sort))
}
