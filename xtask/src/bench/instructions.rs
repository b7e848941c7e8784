//! `--instructions`: how many instructions Remora executes for each program, beside how many it did.
//!
//! The counts of an accepted state are in `bench/instructions.tsv`. They hold for one compiler and one machine's libraries;
//! what matters is how a change moves them. A program that needs more than [`TOLERANCE`] more fails the command: either the
//! change is mended, or the new counts are accepted and the file shows what it cost.
//!
//! Beside it: how many of them are those of the limits (fuel, deadline, memory), which are always on. That is promised to be
//! little, and is written into the page of results when counts are accepted. So is what a program pays for what it does not use:
//! probes and tasks.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use super::compare::Size;
use super::engine::{Built, REMORA};
use super::programs::{PROGRAMS, Program};
use super::table::Table;
use super::{callgrind, machine};
use crate::failure::Failure;
use crate::workspace;

/// Where the accepted counts are: a line for each program, its name and its count, with a tab between.
const ACCEPTED: &str = "bench/instructions.tsv";

/// What may change without being said, as a part of the accepted count.
const TOLERANCE: f64 = 0.02;

/// Where the limits are written.
const LIMITS: &str = "crates/vm/src/limits/";

/// A program that is nothing but calls, the same inside a task, and their size.
const CALLS: &str = "programs/fib.ruff";
const AWAITED: &str = "tasks/fib_awaited.ruff";
const CALLS_SIZE: &str = "24";

/// What they may take of all instructions.
const MOST_FOR_LIMITS: f64 = 0.05;

/// Counts, and prints what has changed.
///
/// # Errors
/// If there are no accepted counts, or the programs cannot be run under valgrind.
pub(super) fn check(
    root: &Path,
    built: &Built,
    programs: &[&'static Program],
) -> Result<ExitCode, Failure> {
    let path = root.join(ACCEPTED);
    if !path.is_file() {
        return Err(Failure::new(format!(
            "there is no {ACCEPTED}: write it with `cargo xtask bench --instructions --accept`"
        )));
    }
    let accepted = parse(&workspace::read(&path)?);
    let (counted, page) = count(root, built, programs)?;
    println!("{}", page.text);
    let changes = changes(&accepted, &counted);
    for change in &changes {
        println!("{}", change.line);
    }
    println!("{} programs, {} of them changed by more than 2 %", counted.len(), changes.len());
    let worse = changes.iter().any(|it| it.is_worse) || !page.is_kept;
    Ok(if worse { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Counts, and writes the counts as the accepted ones.
///
/// # Errors
/// If the programs cannot be run under valgrind, or the file cannot be written.
pub(super) fn accept(root: &Path, built: &Built) -> Result<ExitCode, Failure> {
    let programs: Vec<_> = PROGRAMS.iter().collect();
    let (counted, page) = count(root, built, &programs)?;
    println!("{}", page.text);
    let lines = counted.iter().map(|(name, count)| format!("{name}\t{count}\n"));
    workspace::write(&root.join(ACCEPTED), &lines.collect::<String>())?;
    println!("wrote {ACCEPTED}");
    let machine: String =
        machine::describe(root).iter().map(|line| format!("- {line}\n")).collect();
    let text = page.text.replacen("\n\n", &format!("\n\n{machine}\n"), 1);
    super::results::write_section(root, "instructions", &text)?;
    Ok(if page.is_kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is printed of the counts.
struct Page {
    text: String,
    is_kept: bool,
}

fn count(
    root: &Path,
    built: &Built,
    programs: &[&'static Program],
) -> Result<(BTreeMap<String, u64>, Page), Failure> {
    let directory = root.join("bench/programs");
    let remora = REMORA.find(built).map_err(Failure::new)?;
    let mut counted = BTreeMap::new();
    let head = ["program", "size", "instructions, millions", "for limits"];
    let mut table = Table::new(head.map(str::to_owned).to_vec());
    let mut most: f64 = 0.0;
    for program in programs {
        let (count, limits) =
            callgrind::count_with_part(&directory, program, &remora, Size::Small, LIMITS)
                .map_err(|why| Failure::new(format!("{}: {why}", program.name)))?;
        let share = thousands(limits) / thousands(count);
        most = most.max(share);
        table.row(vec![
            program.name.to_owned(),
            program.small.to_string(),
            format!("{:.1}", thousands(count) / 1_000.0),
            format!("{:.1} %", share * 100.0),
        ]);
        counted.insert(program.name.to_owned(), count);
    }
    let calls = Calls::count(&root.join("bench"), built)?;
    let is_kept = most <= MOST_FOR_LIMITS;
    let promise = if is_kept { "kept" } else { "BROKEN" };
    let text = format!(
        "## Instructions\n\nOf the whole process by callgrind, start and end included, and how many of them are those of fuel, deadline and memory limits, inlined or not.\n\n{}\nAt most {} % for limits promised: {promise}.\n\n{}\n",
        table.markdown(),
        MOST_FOR_LIMITS * 100.0,
        calls.text(),
    );
    Ok((counted, Page { text, is_kept }))
}

/// Millions of instructions of a program that asks for nothing.
struct Calls {
    plain: f64,
    /// While it could be probed.
    watched: f64,
    /// Inside a task.
    awaited: f64,
}

impl Calls {
    fn count(directory: &Path, built: &Built) -> Result<Self, Failure> {
        let count = |words: &[&str], name: &str| {
            let mut command = vec![OsString::from(&built.remora)];
            command.extend(words.iter().map(OsString::from));
            command.push(directory.join(name).into());
            command.push(CALLS_SIZE.into());
            let counted = callgrind::count_command(&command);
            counted.map(|it| thousands(it) / 1_000.0).map_err(Failure::new)
        };
        Ok(Self {
            plain: count(&["run"], CALLS)?,
            watched: count(&["trace", "-e", "fn:nowhere.*:entry { capture(1) }"], CALLS)?,
            awaited: count(&["run"], AWAITED)?,
        })
    }

    fn text(&self) -> String {
        let Self { plain, watched, awaited } = self;
        format!(
            "fib {CALLS_SIZE} takes {plain:.2} million instructions; with the provider of probes, and no probe that fits, \
             {watched:.2} million; inside a task that is awaited {awaited:.2} million."
        )
    }
}

fn parse(text: &str) -> BTreeMap<String, u64> {
    let entry = |line: &str| {
        let (name, count) = line.split_once('\t')?;
        Some((name.to_owned(), count.parse().ok()?))
    };
    text.lines().filter_map(entry).collect()
}

/// A program whose count is not what it was.
struct Change {
    line: String,
    is_worse: bool,
}

fn changes(accepted: &BTreeMap<String, u64>, counted: &BTreeMap<String, u64>) -> Vec<Change> {
    let change = |(name, count): (&String, &u64)| {
        let Some(before) = accepted.get(name) else {
            return Some(Change {
                line: format!("{name}: {count}, with nothing to compare with"),
                is_worse: true,
            });
        };
        let part = thousands(*count) / thousands(*before) - 1.0;
        (part.abs() > TOLERANCE).then(|| Change {
            line: format!("{name}: {before} -> {count}, {:+.1} %", part * 100.0),
            is_worse: part > 0.0,
        })
    };
    counted.iter().filter_map(change).collect()
}

fn thousands(count: u64) -> f64 {
    f64::from(u32::try_from(count / 1_000).unwrap_or(u32::MAX).max(1))
}

#[cfg(test)]
mod tests {
    use super::{changes, parse};

    #[test]
    fn changes_above_the_tolerance_are_told() {
        let accepted = parse("dict\t100000000\nfib\t100000000\nloop\t100000000\n");
        let counted = parse("dict\t101900000\nfib\t97000000\nloop\t103000000\nnew\t5\n");
        let changes = changes(&accepted, &counted);
        let lines: Vec<_> = changes.iter().map(|it| (it.line.as_str(), it.is_worse)).collect();
        assert_eq!(
            lines,
            [
                ("fib: 100000000 -> 97000000, -3.0 %", false),
                ("loop: 100000000 -> 103000000, +3.0 %", true),
                ("new: 5, with nothing to compare with", true),
            ]
        );
    }
}
