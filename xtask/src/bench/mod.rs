//! `cargo xtask bench`: how fast Remora is, beside the interpreters that people compare it with.
//!
//! Small programs that do the same work in each language ([`programs`]) run in every engine that this machine has
//! ([`engine`]), interleaved ([`compare`]); the page that is written ([`report`]) carries the machine and the versions.
//! `--callgrind` counts instructions instead, which two runs agree on to the last digit; `--figures` measures what is
//! promised in milliseconds, and `--limits` what is promised of programs that want to do harm.

mod callgrind;
mod compare;
mod engine;
mod figures;
mod machine;
mod measure;
mod programs;
mod report;
mod table;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use self::compare::Size;
use self::engine::{Engine, Found, LUA, PEERS, REMORA, TREE};
use self::programs::{PROGRAMS, Program};
use self::table::Table;
use crate::failure::Failure;
use crate::workspace;

/// Where the page is written.
const RESULTS: &str = "bench/RESULTS.md";

pub(crate) const USAGE: &str = "\
usage: cargo xtask bench [OPTIONS]

  --runs N       interleaved runs of each program in each engine (5)
  --only A,B     these programs only; nothing is written to bench/RESULTS.md
  --no-tree      without the tree-walker
  --callgrind    count instructions at the small size instead; needs valgrind
  --figures      measure start-up, compiling and verifying instead
  --probes       measure what probes promise instead
  --limits       run programs that take memory, never end or nest without end instead
";

#[derive(Debug, PartialEq, Eq)]
enum Mode {
    Time,
    Callgrind,
    Figures,
    Probes,
    Limits,
}

#[derive(Debug)]
struct Options {
    mode: Mode,
    runs: usize,
    only: Vec<String>,
    tree: bool,
}

/// Runs the comparison that the arguments ask for.
///
/// # Errors
/// Arguments that are not understood, a build that fails, or a page that cannot be written.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<ExitCode, Failure> {
    let options = options(args)?;
    if options.mode == Mode::Probes {
        return figures::probes(root);
    }
    let programs: Vec<_> = chosen(&options.only)?;
    let remora = build(root)?;
    match options.mode {
        Mode::Figures => figures::measure(root, &remora, options.runs),
        Mode::Limits | Mode::Probes => figures::bench_target(root, "remora", "limits"),
        Mode::Callgrind => Ok(count(root, &remora, &programs)),
        Mode::Time => time(root, &remora, &programs, &options),
    }
}

fn options(args: &[String]) -> Result<Options, Failure> {
    let mut options = Options { mode: Mode::Time, runs: 5, only: Vec::new(), tree: true };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value =
            || args.next().ok_or_else(|| Failure::new(format!("`{arg}` needs a value\n\n{USAGE}")));
        match arg.as_str() {
            "--runs" => {
                let runs = value()?.parse().ok().filter(|runs| *runs > 0);
                options.runs =
                    runs.ok_or_else(|| Failure::new("`--runs` takes a number from 1"))?;
            }
            "--only" => options.only = value()?.split(',').map(str::to_owned).collect(),
            "--no-tree" => options.tree = false,
            "--callgrind" => options.mode = Mode::Callgrind,
            "--figures" => options.mode = Mode::Figures,
            "--probes" => options.mode = Mode::Probes,
            "--limits" => options.mode = Mode::Limits,
            _ => return Err(Failure::new(format!("no option `{arg}`\n\n{USAGE}"))),
        }
    }
    Ok(options)
}

fn chosen(only: &[String]) -> Result<Vec<&'static Program>, Failure> {
    if only.is_empty() {
        return Ok(PROGRAMS.iter().collect());
    }
    let find = |name: &String| {
        let names = || PROGRAMS.iter().map(|it| it.name).collect::<Vec<_>>().join(", ");
        PROGRAMS
            .iter()
            .find(|it| it.name == name)
            .ok_or_else(|| Failure::new(format!("no program `{name}`; there are {}", names())))
    };
    only.iter().map(find).collect()
}

/// Builds the command in release mode and says where it is.
fn build(root: &Path) -> Result<PathBuf, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--release", "--locked", "--package=remora-cli"])
        .current_dir(root)
        .status()
        .map_err(|error| Failure::new(format!("cargo build: {error}")))?;
    if !status.success() {
        return Err(Failure::new("cargo build --release --package=remora-cli failed"));
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    let target = if target.is_absolute() { target } else { root.join(target) };
    Ok(target.join("release").join(format!("remora{}", std::env::consts::EXE_SUFFIX)))
}

/// The engines that are there; says of the others how to get them.
fn present(engines: &[&'static Engine], remora: &Path) -> Vec<Found> {
    let mut found = Vec::new();
    for engine in engines {
        match engine.find(remora) {
            Some(it) => found.push(it),
            None => println!("not here: {} ({})", engine.label, engine.how_to_get),
        }
    }
    found
}

fn time(
    root: &Path,
    remora: &Path,
    programs: &[&'static Program],
    options: &Options,
) -> Result<ExitCode, Failure> {
    let directory = root.join("bench/programs");
    let mut engines = vec![&LUA, &REMORA];
    engines.extend(PEERS);
    let engines = present(&engines, remora);
    let full = compare::compare(&directory, programs, &engines, Size::Full, options.runs);
    let small = options.tree.then(|| {
        let pair = present(&[&REMORA, &TREE], remora);
        // The referee is so much slower that its noise does not show.
        compare::compare(&directory, programs, &pair, Size::Small, options.runs.min(3))
    });
    let page = report::Page {
        machine: machine::describe(root),
        engines: &engines,
        programs,
        runs: options.runs,
        full: &full,
        small: small.as_ref(),
    };
    let text = page.markdown();
    println!("{text}");
    if options.only.is_empty() && options.tree {
        workspace::write(&root.join(RESULTS), &text)?;
        println!("wrote {RESULTS}");
    }
    let failed = full.failures.len() + small.map_or(0, |it| it.failures.len());
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn count(root: &Path, remora: &Path, programs: &[&'static Program]) -> ExitCode {
    let directory = root.join("bench/programs");
    // A JIT under valgrind counts its compiler, not the program.
    let engines = present(&[&LUA, &REMORA, &PEERS[0]], remora);
    let mut head = vec!["program".to_owned(), "size".to_owned()];
    head.extend(engines.iter().map(|it| it.engine.label.to_owned()));
    head.push("Lua 5.4 / remora".to_owned());
    let mut table = Table::new(head);
    let mut outcome = ExitCode::SUCCESS;
    let mut ratios = Vec::new();
    for program in programs {
        eprintln!("counting: {}", program.name);
        let mut row = vec![program.name.to_owned(), program.small.to_string()];
        let mut counts = Vec::new();
        for found in &engines {
            let counted = callgrind::count(&directory, program, found, Size::Small);
            if let Err(why) = &counted {
                eprintln!("failed: {} in {}: {why}", program.name, found.engine.label);
                outcome = ExitCode::FAILURE;
            }
            let millions = counted.ok().map(millions);
            counts.push((found.engine.label, millions));
            row.push(millions.map_or("–".to_owned(), |it| format!("{it:.1} M")));
        }
        let of = |label| counts.iter().find(|it| it.0 == label).and_then(|it| it.1);
        let ratio = of(LUA.label).zip(of(REMORA.label)).map(|(lua, ours)| lua / ours);
        ratios.extend(ratio);
        row.push(ratio.map_or("–".to_owned(), |it| format!("{it:.2}")));
        table.row(row);
    }
    let mut row = vec![String::new(); engines.len() + 2];
    row[0] = "geometric mean".to_owned();
    row.push(measure::geometric_mean(&ratios).map_or("–".to_owned(), |it| format!("{it:.2}")));
    table.row(row);
    println!("{}", table.markdown());
    outcome
}

fn millions(count: u64) -> f64 {
    let thousands = u32::try_from(count / 1_000).unwrap_or(u32::MAX);
    f64::from(thousands) / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::{Mode, PROGRAMS, chosen, options};
    use crate::workspace;

    fn read(args: &[&str]) -> Result<super::Options, crate::failure::Failure> {
        options(&args.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn options_are_read_or_refused() {
        let read_well = read(&["--runs", "3", "--only", "fib,loop", "--callgrind"]).unwrap();
        assert_eq!((read_well.runs, read_well.mode), (3, Mode::Callgrind));
        assert_eq!(chosen(&read_well.only).unwrap().len(), 2);
        for wrong in [&["--runs"][..], &["--runs", "0"], &["--fast"]] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
        let said = chosen(&["fibb".to_owned()]).err().unwrap().to_string();
        assert!(said.starts_with("no program `fibb`; there are fib, loop, "), "{said}");
    }

    #[test]
    fn each_program_is_there_in_each_language_and_nothing_else_is() {
        let directory = workspace::root().join("bench/programs");
        let mut expected: Vec<_> = PROGRAMS
            .iter()
            .flat_map(|it| {
                ["lua", "py", "ruff"].map(|ext| directory.join(format!("{}.{ext}", it.name)))
            })
            .collect();
        expected.sort();
        assert_eq!(workspace::files(&directory, &|_| true).unwrap(), expected);
    }
}
