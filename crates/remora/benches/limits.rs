//! What is promised of limits, measured: `cargo xtask bench --limits`.
//!
//! The programs of `bench/limits` are run one after the other in this process: those that take memory, those that never end,
//! those that nest. A promise that is not kept makes the run fail. The test `limits` of the crate `remora-testkit` runs
//! the same programs without looking at a clock.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a report for developers")]

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use remora::{Engine, Error, Settings, Value, Vm};

const BOMBS: &str = include_str!("../../../bench/limits/bombs.ruff");
const LOOPS: &str = include_str!("../../../bench/limits/loops.ruff");
const SHAPES: &str = include_str!("../../../bench/limits/shapes.ruff");

/// The argument before the name of the only program to be run.
const ONE: &str = "--one";

/// Blocks from this size on go back to the system when they are freed. glibc raises that bound, up to 32 MiB, when such a
/// block is freed, and from then on keeps what it is given back: then the peak is that of the host's allocator.
const THRESHOLD: (&str, &str) = ("MALLOC_MMAP_THRESHOLD_", "131072");

const MIB: usize = 1 << 20;
/// What a program that takes memory may have.
const MEMORY: usize = 64 * MIB;
/// The largest resident set that it may lead to: a quarter more than the limit, and 8 MiB.
const PEAK: usize = MEMORY + MEMORY / 4 + 8 * MIB;
/// When a program that never ends is stopped.
const DEADLINE: Duration = Duration::from_millis(100);
/// How much later it may stop.
const LATE: Duration = Duration::from_millis(10);
/// How long a program that nests may take.
const NESTING: Duration = Duration::from_secs(2);
/// The native stack of the thread for those.
const STACK: usize = 256 << 10;
/// How many times as long as benign keys hostile ones may take.
const HOSTILE: f64 = 3.0;

fn main() -> ExitCode {
    if let Some(name) = std::env::args().skip_while(|it| it != ONE).nth(1) {
        return one_bomb(&name);
    }
    let mut report = Report { broken: 0 };
    bombs(&mut report);
    loops(&mut report);
    shapes(&mut report);
    hostile_keys(&mut report);
    if report.broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Report {
    broken: usize,
}

impl Report {
    fn promise(&mut self, holds: bool) -> &'static str {
        self.broken += usize::from(!holds);
        if holds { "kept" } else { "BROKEN" }
    }
}

/// The programs of a file, with their names.
fn programs(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.split("\n=== ").skip(1).filter_map(|it| it.split_once('\n'))
}

fn settings() -> Settings {
    Settings { memory: MEMORY, output: Some(Box::new(|_, _| Ok(()))), ..Settings::default() }
}

/// Runs a program to its end; afterwards the VM has to answer a call.
fn run(text: &str, settings: Settings) -> (Result<(), Error>, bool) {
    let text = format!("func still_alive() {{ return 42 }}\n{text}");
    let module =
        Engine::new().compile("limits", &text).unwrap_or_else(|it| panic!("{text}: {it:?}"));
    let mut vm = Vm::new(&module, settings);
    let ended = vm.run().map(drop);
    let alive = vm.call("still_alive", &[]).is_ok_and(|it| it == Value::Int(42));
    (ended, alive)
}

/// Each in a process of its own, so that what it takes is not hidden by what the one before has left.
fn bombs(report: &mut Report) {
    let program = std::env::current_exe().expect("the path of this program");
    let mut highest = 0;
    let mut n = 0;
    for (name, _) in programs(BOMBS) {
        let ran = Command::new(&program)
            .args([ONE, name])
            .env(THRESHOLD.0, THRESHOLD.1)
            .output()
            .expect("this program runs again");
        let said = String::from_utf8_lossy(&ran.stdout);
        let peak: usize =
            said.split_whitespace().next().and_then(|it| it.parse().ok()).unwrap_or(usize::MAX);
        if !ran.status.success() || peak > PEAK {
            println!("  {name}: {}{}", said.trim(), String::from_utf8_lossy(&ran.stderr));
            report.broken += usize::from(!ran.status.success());
        }
        highest = highest.max(peak);
        n += 1;
    }
    println!(
        "{n} programs that take memory, limit {} MiB: peak resident {} MiB; at most {} MiB promised: {}",
        MEMORY / MIB,
        highest / MIB,
        PEAK / MIB,
        report.promise(highest <= PEAK)
    );
}

/// Runs one of them and prints its peak in bytes and how it ended; fails if that was no limit's error, or the VM is lost.
fn one_bomb(name: &str) -> ExitCode {
    let (_, text) = programs(BOMBS).find(|(it, _)| *it == name).expect("a program of that name");
    let start = Instant::now();
    let limited = Settings { timeout: Some(Duration::from_secs(20)), ..settings() };
    let (ended, alive) = run(text, limited);
    let code = ended.err().map_or("no error", |it| it.code().as_str());
    let peak = peak_resident();
    println!(
        "{peak} bytes ({} MiB), {code}, alive: {alive}, {:.0} ms",
        peak / MIB,
        milliseconds(start.elapsed())
    );
    if alive && (code.starts_with('L') || code == "R0012") {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn loops(report: &mut Report) {
    let mut latest = Duration::ZERO;
    let mut n = 0;
    for (name, text) in programs(LOOPS) {
        let module =
            Engine::new().compile("loop", text).unwrap_or_else(|it| panic!("{name}: {it:?}"));
        let limited = Settings { timeout: Some(DEADLINE), memory: 1 << 30, ..settings() };
        let mut vm = Vm::new(&module, limited);
        let start = Instant::now();
        let ended = vm.run();
        let late = start.elapsed().saturating_sub(DEADLINE);
        let code = ended.err().map_or("no error", |it| it.code().as_str());
        if code != "L0004" || late > LATE {
            println!("  {name}: {code}, {:.1} ms after the deadline", milliseconds(late));
            report.broken += usize::from(code != "L0004");
        }
        latest = latest.max(late);
        n += 1;
    }
    println!(
        "{n} programs that never end: stopped at most {:.1} ms after the deadline; at most {} ms promised: {}",
        milliseconds(latest),
        LATE.as_millis(),
        report.promise(latest <= LATE)
    );
}

fn shapes(report: &mut Report) {
    let mut longest = Duration::ZERO;
    let mut n = 0;
    for (name, text) in programs(SHAPES) {
        let work = move || {
            let start = Instant::now();
            let (ended, alive) = run(text, Settings { memory: 1 << 30, ..settings() });
            (start.elapsed(), ended.err().map_or("a result", |it| it.code().as_str()), alive)
        };
        let thread = std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread");
        let (time, end, alive) = thread.join().expect("no panic");
        if time > NESTING || !alive {
            println!("  {name}: {end}, alive: {alive}, {:.0} ms", milliseconds(time));
            report.broken += usize::from(!alive);
        }
        longest = longest.max(time);
        n += 1;
    }
    println!(
        "{n} shapes of depth 1,000,000 on {} KiB of stack: at most {:.0} ms; at most {} ms promised: {}",
        STACK >> 10,
        milliseconds(longest),
        NESTING.as_millis(),
        report.promise(longest <= NESTING)
    );
}

/// Keys that would collide without a seed, or in a table that takes the lower bits as they are.
fn hostile_keys(report: &mut Report) {
    let benign = keys_ms("i", 300_000);
    for (what, key) in [
        ("ints a power of two apart", "i * 65536"),
        ("ints with the same lower half", "i * 4294967296"),
        ("floats", "i * 0.5"),
        ("large floats", "i * 1048576.5"),
    ] {
        let ratio = keys_ms(key, 300_000) / benign;
        println!(
            "300,000 keys, {what}: {ratio:.2} times benign ones; at most {HOSTILE} promised: {}",
            report.promise(ratio <= HOSTILE)
        );
    }
    let benign = keys_ms("\"key ${i}\"", 300_000);
    let ratio = keys_ms("\"${i}\" + \"aaaaaaaaaaaaaaaa\"", 300_000) / benign;
    println!(
        "300,000 keys, strings with the same end: {ratio:.2} times benign ones; at most {HOSTILE} promised: {}",
        report.promise(ratio <= HOSTILE)
    );
}

fn keys_ms(key: &str, n: usize) -> f64 {
    let text = format!(
        "mut d := {{}}\nfor i in {n} {{ d[{key}] := i }}\nfor i in {n} {{ d[{key}] += 1 }}"
    );
    let module = Engine::new().compile("keys", &text).unwrap_or_else(|it| panic!("{it:?}"));
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let mut vm = Vm::new(&module, Settings { memory: 1 << 30, ..settings() });
            let start = Instant::now();
            vm.run().unwrap_or_else(|it| panic!("{it}"));
            milliseconds(start.elapsed())
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// The largest resident set since then, in bytes.
fn peak_resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
    let kib = line.and_then(|it| it.trim().trim_end_matches(" kB").parse::<usize>().ok());
    kib.unwrap_or(0) * 1_024
}
