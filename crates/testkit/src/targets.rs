//! What a fuzzer drives: each target takes any bytes, and panics if a promise is broken.
//!
//! `fuzz/` has one libFuzzer target of a few lines for each; `cargo xtask fuzz` runs them with seeded inputs.

use std::sync::LazyLock;

use remora_bytecode::wire::{WireBudget, WriteOptions, read, write};
use remora_bytecode::{Budget, Module, text};

use crate::case::Case;
use crate::generate::{self, Random, mutate};
use crate::golden::{self, Golden};
use crate::judge::{self, Verdict};
use crate::probes;
pub use crate::probes::{hogtrace, probe};

/// A target: its name, what it does with bytes, and an input for each seed.
pub struct Target {
    /// Its name, that of its file in `fuzz/`.
    pub name: &'static str,
    /// What is to be found out about bytes.
    pub run: fn(&[u8]) -> Verdict,
    /// An input.
    pub input: fn(u64) -> Vec<u8>,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "source", run: source, input: some_source },
    Target { name: "wire", run: wire, input: some_bytes },
    Target { name: "verifier", run: verifier, input: some_choices },
    Target { name: "run", run, input: some_choices },
    Target { name: "engines", run: engines, input: some_choices },
    Target { name: "closures", run: closures, input: some_choices },
    Target { name: "programs", run: programs, input: some_source },
    Target { name: "builder", run: builder, input: some_choices },
    Target { name: "probe", run: probe, input: probes::some_text },
    Target { name: "hogtrace", run: hogtrace, input: probes::some_program },
];

static MODULES: LazyLock<Vec<Golden>> =
    LazyLock::new(|| golden::all(false).unwrap_or_else(|error| panic!("{error}")));
static SOURCES: LazyLock<Vec<(String, String)>> =
    LazyLock::new(|| golden::sources().unwrap_or_else(|error| panic!("{error}")));

/// Text is compiled or refused, with places in the text.
#[must_use]
pub fn source(data: &[u8]) -> Verdict {
    judge::source(&String::from_utf8_lossy(data))
}

/// Bytes are refused, or are the one spelling of a module, which is refused or runs.
#[must_use]
pub fn wire(data: &[u8]) -> Verdict {
    judge::module_bytes(data)
}

/// A changed module is refused by a rule, or keeps all that it is in text form and on the wire.
///
/// # Panics
/// If it does not.
#[must_use]
pub fn verifier(data: &[u8]) -> Verdict {
    let mutant = Module::new(changed(data));
    let verified = match mutant.clone().verify(&Budget::default()) {
        Ok(verified) => verified,
        Err(error) => return Verdict::Refused(error.code),
    };
    let bytes = write(&verified, WriteOptions::default());
    match read(&bytes, &WireBudget::default()) {
        Ok(again) => assert_eq!(*again, *mutant, "another module comes from the wire"),
        Err(error) => panic!("a sound module is not read: {error}"),
    }
    let printed = text::print(&mutant);
    match text::parse(&printed) {
        Ok(again) => assert_eq!(text::print(&again), printed, "another module comes from text"),
        Err(error) => panic!("a sound module is not read as text: {error}\n{printed}"),
    }
    Verdict::Ran
}

/// A changed module is refused, or runs under small limits in the interpreter that checks what it was promised.
#[must_use]
pub fn run(data: &[u8]) -> Verdict {
    judge::module(changed(data))
}

/// A program that always ends does the same in interpreter and oracle, optimised or not. On a thread with a large stack.
#[must_use]
pub fn engines(data: &[u8]) -> Verdict {
    let source = generate::program_of(Random::from_bytes(data), 25);
    judge::engines(&Case { name: "random".to_owned(), source, ..Case::default() })
}

/// The same for a program that mostly computes in loops.
#[must_use]
pub fn closures(data: &[u8]) -> Verdict {
    let source = generate::loops_of(Random::from_bytes(data));
    judge::engines(&Case { name: "random".to_owned(), source, ..Case::default() })
}

/// A changed program that compiles does the same in interpreter and oracle. On a thread with a large stack.
#[must_use]
pub fn programs(data: &[u8]) -> Verdict {
    let source = String::from_utf8_lossy(data).into_owned();
    let stdin = "one\ntwo\n".repeat(9);
    judge::engines_within_limits(&Case {
        name: "program".to_owned(),
        source,
        stdin,
        ..Case::default()
    })
}

/// What the builder was told is what can be read, forward and backward.
///
/// # Panics
/// If it is not.
#[must_use]
pub fn builder(data: &[u8]) -> Verdict {
    let built = generate::straight_line(&mut Random::from_bytes(data), 4 + data.len() / 4);
    let read: Vec<_> = built.code.instructions().map(|it| (it.op, it.arg)).collect();
    assert_eq!(read, built.told, "forward");
    let mut backward: Vec<_> = built.code.instructions().rev().map(|it| (it.op, it.arg)).collect();
    backward.reverse();
    assert_eq!(backward, read, "backward");
    Verdict::Ran
}

/// A golden module with changes, each of which makes a sound module where that is to be had.
fn changed(data: &[u8]) -> remora_bytecode::ModuleData {
    let mut random = Random::from_bytes(data);
    let mut module = MODULES[random.below(MODULES.len())].data.clone();
    for _ in 0..random.below(6) {
        let other = &MODULES[random.below(MODULES.len())].data;
        let next = generate::module(&module, other, &mut random);
        if Module::new(next.clone()).verify(&Budget::default()).is_ok() {
            module = next;
        }
    }
    let other = &MODULES[random.below(MODULES.len())].data;
    generate::module(&module, other, &mut random)
}

fn some_source(seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let (one, other) = (random.below(SOURCES.len()), random.below(SOURCES.len()));
    generate::text(&SOURCES[one].1, &SOURCES[other].1, &mut random).into_bytes()
}

fn some_bytes(seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let (one, other) = (random.below(MODULES.len()), random.below(MODULES.len()));
    mutate::bytes(&MODULES[one].bytes, &MODULES[other].bytes, &mut random)
}

fn some_choices(seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    (0..256).map(|_| random.next_u64().to_le_bytes()[0]).collect()
}
