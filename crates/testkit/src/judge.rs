//! What may become of hostile input: each function here takes any input at all, and panics if a promise is broken.
//!
//! Tests call them with seeded corpora, fuzz targets with what a fuzzer thinks of.

use std::time::Duration;

use remora::{Rejected, Settings, Vm};
use remora_bytecode::wire::{WriteOptions, write};
use remora_bytecode::{Module, ModuleData};
use remora_diagnostics::Code;

/// What became of an input.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// It was not taken, and this was said.
    Refused(Code),
    /// It ran, until this ended it.
    Failed(Code),
    /// It ran to its end.
    Ran,
}

/// Bytes that say to be a module: refused with a code, or run under small limits.
///
/// # Panics
/// If Remora does.
#[must_use]
pub fn module_bytes(bytes: &[u8]) -> Verdict {
    match remora::Engine::new().load("module", bytes) {
        Ok(module) => {
            assert_eq!(module.to_bytes(false), bytes, "a module has one spelling");
            run(&module)
        }
        Err(rejected) => Verdict::Refused(first_code(&rejected)),
    }
}

/// A module in memory, well formed or not: it is sent as bytes.
///
/// # Panics
/// If Remora does.
#[must_use]
pub fn module(data: ModuleData) -> Verdict {
    module_bytes(&write(&Module::new(data), WriteOptions::default()))
}

fn first_code(rejected: &Rejected) -> Code {
    let Some(first) = rejected.diagnostics.first() else { unreachable!("refused for no reason") };
    assert!(first.code.as_str().starts_with(['V', 'L']), "{}: {}", first.code, first.message);
    first.code
}

/// Runs a module with little of everything.
#[must_use]
pub fn run(module: &remora::Module) -> Verdict {
    let settings = Settings {
        fuel: Some(3_000),
        memory: 1 << 20,
        frames: 200,
        timeout: Some(Duration::from_secs(5)),
        output_bytes: 10_000,
        output: Some(Box::new(|_, _| Ok(()))),
        seed: Some(0),
        ..Settings::default()
    };
    match Vm::new(module, settings).run() {
        Ok(_) => Verdict::Ran,
        Err(error) => Verdict::Failed(error.code()),
    }
}
