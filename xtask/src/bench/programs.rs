//! The programs that engines are compared on: `bench/programs/NAME.EXTENSION`, one for each language.
//!
//! Each does the same work in each language, written as a user of that language would write it, takes its size as its
//! only argument and prints one checksum; a run whose checksum differs from the others' counts as failed. Where a language
//! has no word for a part of the work, the program does that part with what there is, and says so in its first lines.

/// A program and how large it is run.
pub(super) struct Program {
    pub(super) name: &'static str,
    /// Takes Lua 5.4 between 0.2 and 0.5 seconds.
    pub(super) size: u32,
    /// About an eighth of the work, for tree-walkers and instruction counts: enough that the start of the process, a few
    /// milliseconds, is little of it.
    pub(super) small: u32,
}

/// All of them.
pub(super) const PROGRAMS: &[Program] = &[
    Program { name: "fib", size: 33, small: 28 },
    Program { name: "loop", size: 10_000_000, small: 1_250_000 },
    Program { name: "sieve", size: 4_000_000, small: 500_000 },
    Program { name: "nbody", size: 150_000, small: 20_000 },
    Program { name: "spectral_norm", size: 350, small: 125 },
    Program { name: "mandelbrot", size: 500, small: 175 },
    Program { name: "strings", size: 40_000, small: 10_000 },
    Program { name: "dict", size: 3_000_000, small: 400_000 },
    Program { name: "sort", size: 250_000, small: 16_000 },
    Program { name: "objects", size: 1_000_000, small: 125_000 },
    Program { name: "closures", size: 500_000, small: 60_000 },
    Program { name: "binary_trees", size: 16, small: 13 },
    Program { name: "lexer", size: 16_000, small: 2_000 },
];

/// The languages that each program is written in, by the extension of its file.
#[cfg(test)]
const LANGUAGES: [&str; 9] = ["js", "koto", "lua", "py", "rhai", "rn", "rs", "ruff", "star"];

#[cfg(test)]
mod tests {
    use super::{LANGUAGES, PROGRAMS};
    use crate::workspace;

    #[test]
    fn each_program_is_there_in_each_language_and_nothing_else_is() {
        let directory = workspace::root().join("bench/programs");
        let mut expected: Vec<_> = PROGRAMS
            .iter()
            .flat_map(|it| LANGUAGES.map(|ext| directory.join(format!("{}.{ext}", it.name))))
            .collect();
        expected.sort();
        assert_eq!(workspace::files(&directory, &|_| true).unwrap(), expected);
    }
}
