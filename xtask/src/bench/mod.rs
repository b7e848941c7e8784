//! `cargo xtask bench`: how fast Remora is, beside the interpreters that people compare it with.
//!
//! Small programs that do the same work in each language ([`programs`]) run in every engine that this machine has
//! ([`engine`]), interleaved ([`compare`]); the page that is written ([`report`]) carries the machine and the versions.
//! `--peers` compares with the other engines that a Rust program can embed ([`peers`]). `--callgrind` counts instructions
//! instead, which two runs agree on to the last digit, and `--instructions` compares them with those of an earlier state
//! ([`instructions`]); `--figures` measures what is promised in milliseconds, `--embedding` what embedders feel, and
//! `--limits` what is promised of programs that want to do harm.

mod callgrind;
mod compare;
mod engine;
mod figures;
mod instructions;
mod machine;
mod measure;
mod peers;
mod programs;
mod report;
mod results;
mod table;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use self::compare::Size;
use self::engine::{Built, Code, Engine, Found, LUA, LUAJIT_INTERPRETER, OTHERS, REMORA, TREE};
use self::peers::{Part, Peer};
use self::programs::{PROGRAMS, Program};
use self::table::Table;
use crate::failure::Failure;
use crate::workspace;

pub(crate) const USAGE: &str = "\
usage: cargo xtask bench [OPTIONS]

  --runs N       interleaved runs of each program in each engine (5)
  --only A,B     these programs only; nothing is written to bench/RESULTS.md
  --no-tree      without the tree-walker
  --peers [A,B]  beside other engines for Rust, all or these; builds them in bench/peers
  --host-sort [A,B]  the same where a script sorts objects of the host
  --callgrind    count instructions at the small size instead, also with --peers; needs valgrind
  --instructions  count Remora's own and compare with bench/instructions.tsv; needs valgrind
  --accept       with --instructions: write that file instead
  --figures      measure start-up, compiling and verifying instead
  --embedding    measure what embedders feel: engines, VMs, calls, memory
  --probes       measure what probes promise instead
  --limits       run programs that take memory, never end or nest without end instead
";

#[derive(Debug, PartialEq, Eq)]
enum Mode {
    Time,
    HostSort,
    Callgrind,
    Instructions,
    AcceptInstructions,
    Figures,
    Embedding,
    Probes,
    Limits,
}

#[derive(Debug)]
struct Options {
    mode: Mode,
    runs: usize,
    only: Vec<String>,
    tree: bool,
    /// The peers that were named; none of them means all.
    peers: Option<Vec<String>>,
}

/// Runs the comparison that the arguments ask for.
///
/// # Errors
/// Arguments that are not understood, a build that fails, or a page that cannot be written.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<ExitCode, Failure> {
    let options = options(args)?;
    let programs: Vec<_> = chosen(&options.only)?;
    let names = options.peers.as_deref();
    let peers = names.map(peers::chosen).transpose()?.unwrap_or_default();
    let failures = peers::build(root, &peers);
    let asked =
        peers::Asked { names: names.unwrap_or_default(), programs: &programs, runs: options.runs };
    match options.mode {
        Mode::Embedding => figures::embedding(root),
        Mode::Limits => figures::limits(root),
        Mode::Probes => figures::probes(root),
        Mode::HostSort => peers::compare_host_sort(root, &places(root)?, &peers, &asked, failures),
        Mode::Figures => figures::measure(root, &build(root)?.remora, options.runs),
        Mode::Callgrind => Ok(count(root, &build(root)?, &programs, &peers)),
        Mode::Instructions => instructions::check(root, &build(root)?, &programs),
        Mode::AcceptInstructions => instructions::accept(root, &build(root)?),
        Mode::Time if names.is_some() => {
            peers::compare(root, &build(root)?, &peers, &asked, failures)
        }
        Mode::Time => time(root, &build(root)?, &programs, &options),
    }
}

fn options(args: &[String]) -> Result<Options, Failure> {
    let mut options =
        Options { mode: Mode::Time, runs: 5, only: Vec::new(), tree: true, peers: None };
    let mut args = args.iter().peekable();
    let list = |it: &String| it.split(',').map(str::to_owned).collect::<Vec<_>>();
    while let Some(arg) = args.next() {
        if matches!(arg.as_str(), "--peers" | "--host-sort") {
            let names = args.next_if(|it| !it.starts_with("--"));
            options.peers = Some(names.map(list).unwrap_or_default());
            if arg == "--host-sort" {
                options.mode = Mode::HostSort;
            }
            continue;
        }
        let mut value =
            || args.next().ok_or_else(|| Failure::new(format!("`{arg}` needs a value\n\n{USAGE}")));
        match arg.as_str() {
            "--runs" => {
                let runs = value()?.parse().ok().filter(|runs| *runs > 0);
                options.runs =
                    runs.ok_or_else(|| Failure::new("`--runs` takes a number from 1"))?;
            }
            "--only" => options.only = list(value()?),
            "--no-tree" => options.tree = false,
            "--callgrind" => options.mode = Mode::Callgrind,
            "--instructions" => options.mode = Mode::Instructions,
            "--accept" if options.mode == Mode::Instructions => {
                options.mode = Mode::AcceptInstructions;
            }
            "--figures" => options.mode = Mode::Figures,
            "--embedding" => options.mode = Mode::Embedding,
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

/// Where cargo puts what it builds.
fn target_directory(root: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    if target.is_absolute() { target } else { root.join(target) }
}

/// Builds the command in release mode and says where things are.
fn build(root: &Path) -> Result<Built, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--release", "--locked", "--package=remora-cli"])
        .current_dir(root)
        .status()
        .map_err(|error| Failure::new(format!("cargo build: {error}")))?;
    if !status.success() {
        return Err(Failure::new("cargo build --release --package=remora-cli failed"));
    }
    places(root)
}

/// Where cargo puts what it builds, and which versions the peers have.
fn places(root: &Path) -> Result<Built, Failure> {
    let target = target_directory(root);
    Ok(Built {
        remora: target.join("release").join(format!("remora{}", std::env::consts::EXE_SUFFIX)),
        peers: target.join("peers/release"),
        lock: workspace::read(&root.join("bench/peers/Cargo.lock"))?,
    })
}

/// The engines that are there; says of the others how to get them.
fn present(engines: &[&'static Engine], built: &Built) -> Vec<Found> {
    let mut found = Vec::new();
    for engine in engines {
        match engine.find(built) {
            Ok(it) => found.push(it),
            Err(why) => println!("not here: {} ({why})", engine.label),
        }
    }
    found
}

fn time(
    root: &Path,
    built: &Built,
    programs: &[&'static Program],
    options: &Options,
) -> Result<ExitCode, Failure> {
    let directory = root.join("bench/programs");
    let mut engines = vec![&LUA, &REMORA];
    engines.extend(OTHERS);
    let engines = present(&engines, built);
    let full = compare::compare(&directory, programs, &engines, Size::Full, options.runs);
    let small = options.tree.then(|| {
        let pair = present(&[&REMORA, &TREE], built);
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
        results::write_section(root, "programs", &text)?;
    }
    let failed = full.failures.len() + small.map_or(0, |it| it.failures.len());
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn count(
    root: &Path,
    built: &Built,
    programs: &[&'static Program],
    peers: &[&'static Peer],
) -> ExitCode {
    let directory = root.join("bench/programs");
    let mut engines = vec![&LUA, &REMORA, &LUAJIT_INTERPRETER];
    engines.extend(peers.iter().filter(|it| it.part != Part::HostSort).map(|it| it.engine));
    // A JIT under valgrind counts its compiler, not the program.
    engines.retain(|it| it.code == Code::Interpreted);
    let engines = present(&engines, built);
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
    use super::{Mode, chosen, options};

    fn read(args: &[&str]) -> Result<super::Options, crate::failure::Failure> {
        options(&args.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn options_are_read_or_refused() {
        let read_well = read(&["--runs", "3", "--only", "fib,loop", "--callgrind"]).unwrap();
        assert_eq!((read_well.runs, read_well.mode), (3, Mode::Callgrind));
        assert_eq!(chosen(&read_well.only).unwrap().len(), 2);
        let peers = |args: &[&str]| read(args).unwrap().peers;
        assert_eq!(peers(&[]), None);
        assert_eq!(peers(&["--peers", "--runs", "3"]), Some(Vec::new()));
        assert_eq!(peers(&["--host-sort", "boa"]), Some(vec!["boa".to_owned()]));
        for wrong in [&["--runs"][..], &["--runs", "0"], &["--fast"], &["--accept"]] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
        let said = chosen(&["fibb".to_owned()]).err().unwrap().to_string();
        assert!(said.starts_with("no program `fibb`; there are fib, loop, "), "{said}");
    }
}
