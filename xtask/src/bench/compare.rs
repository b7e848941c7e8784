//! Runs every program in every engine, interleaved, and keeps what each run cost.
//!
//! Interleaved means: the first run of each engine on each program, then the second of each, and so on. A machine that
//! slows down for a while then slows all engines down, and the medians still compare.

use std::collections::BTreeMap;
use std::path::Path;

use super::engine::Found;
use super::measure::{self, Run};
use super::programs::Program;

/// Which size of each program is run.
#[derive(Clone, Copy)]
pub(super) enum Size {
    Full,
    Small,
    /// As little as there can be: what is left is start and end.
    One,
}

impl Size {
    pub(super) fn of(self, program: &Program) -> u32 {
        match self {
            Self::Full => program.size,
            Self::Small => program.small,
            Self::One => 1,
        }
    }
}

/// What was measured, by program and engine label.
#[derive(Default)]
pub(super) struct Results {
    /// CPU seconds of each run.
    pub(super) seconds: BTreeMap<(&'static str, &'static str), Vec<f64>>,
    /// The largest resident set seen, in bytes.
    pub(super) peak: BTreeMap<(&'static str, &'static str), u64>,
    /// What went wrong.
    pub(super) failures: Vec<String>,
}

impl Results {
    /// The median CPU time in seconds, if the engine ran the program without failing.
    pub(super) fn median(&self, program: &'static str, engine: &'static str) -> Option<f64> {
        measure::median(self.seconds.get(&(program, engine))?)
    }

    /// How many times as long as `other` the engine took.
    pub(super) fn ratio(
        &self,
        program: &'static str,
        engine: &'static str,
        other: &'static str,
    ) -> Option<f64> {
        Some(self.median(program, engine)? / self.median(program, other)?)
    }
}

/// Measures `runs` runs of each program in each engine.
pub(super) fn compare(
    directory: &Path,
    programs: &[&'static Program],
    engines: &[Found],
    size: Size,
    runs: usize,
) -> Results {
    let mut results = Results::default();
    let mut expected: BTreeMap<&str, (String, &str)> = BTreeMap::new();
    for turn in 1..=runs {
        for program in programs {
            eprintln!("run {turn} of {runs}: {}", program.name);
            for found in engines {
                let key = (program.name, found.engine.label);
                if turn > 1 && !results.seconds.contains_key(&key) {
                    continue;
                }
                let line = found.command_line(directory, program.name, size.of(program));
                let checked = measure::run(&line).and_then(|run| {
                    let (output, by) = expected
                        .entry(program.name)
                        .or_insert_with(|| (run.stdout.clone(), found.engine.label));
                    same_output(&run, output, by).map(|()| run)
                });
                match checked {
                    Ok(run) => {
                        results.seconds.entry(key).or_default().push(run.cpu.as_secs_f64());
                        let peak = results.peak.entry(key).or_default();
                        *peak = run.peak.max(*peak);
                    }
                    Err(why) => {
                        let failure = format!("{} in {}: {why}", key.0, key.1);
                        eprintln!("failed: {failure}");
                        results.failures.push(failure);
                        results.seconds.remove(&key);
                    }
                }
            }
        }
    }
    results
}

fn same_output(run: &Run, expected: &str, by: &str) -> Result<(), String> {
    if run.stdout == expected {
        return Ok(());
    }
    Err(format!("printed {:?}, {by} printed {:?}", run.stdout.trim_end(), expected.trim_end()))
}
