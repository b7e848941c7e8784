//! The programs in Rust, which is as fast as it gets: the script's name picks the function.

use runner::{Outcome, Rounds, Script};

/// What each script is here.
macro_rules! programs {
    ($find:ident: $($name:literal $module:ident $path:literal)*) => {
        $(
            #[path = $path]
            mod $module;
        )*

        fn $find(name: &str) -> Outcome<fn(i64) -> i64> {
            match name {
                $($name => Ok($module::run),)*
                _ => Err(format!("no program `{name}`").into()),
            }
        }
    };
}

programs! {
    program:
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

programs! {
    host_sort:
    "quicksort" host_quicksort "../../../host_sort/quicksort.rs"
    "sort" host_builtin_sort "../../../host_sort/sort.rs"
}

fn main() -> std::process::ExitCode {
    runner::main(
        |script: &Script| {
            println!("{}", program(&script.name)?(script.size));
            Ok(())
        },
        Some(|script: &Script, rounds: Rounds| {
            let sorted = host_sort(&script.name)?;
            rounds.measure(|| Ok(sorted(script.size)))
        }),
    )
}
