//! Modules to damage: what the programs of this repository compile to, and a small choice of them that has everything.
//!
//! The choice is made anew from the programs that are there, so that it follows the instruction set; it is the same on
//! every machine.

use std::collections::BTreeSet;
use std::path::Path;

use remora::Module;
use remora_bytecode::ModuleData;

use crate::corpus;

/// A module and its bytes.
#[derive(Clone, Debug)]
pub struct Golden {
    /// The case or file of its source.
    pub name: String,
    /// The module.
    pub data: ModuleData,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Golden {
    fn new(name: &str, module: &Module, strip: bool) -> Self {
        let mut data = ModuleData::clone(module.bytecode());
        if strip {
            data.debug = None;
        }
        Self { name: name.to_owned(), data, bytes: module.to_bytes(strip) }
    }

    /// The opcodes in its code, and which tables hold something.
    fn features(&self) -> BTreeSet<(u8, u8)> {
        let data = &self.data;
        let tables = [data.globals.len(), data.types.len(), data.imports.len()];
        let mut found: BTreeSet<_> =
            (0u8..).zip(tables).filter(|it| it.1 > 0).map(|it| (1, it.0)).collect();
        for function in &data.functions {
            let code = &function.code;
            found.extend(code.units().iter().map(|unit| (0, unit[0])));
            let tables = [
                function.captures.len(),
                function.params.len(),
                code.cells().len(),
                code.handlers().len(),
                code.paths().len(),
                code.sites().len(),
                code.variants().len(),
            ];
            found.extend((0u8..).zip(tables).filter(|it| it.1 > 0).map(|it| (2, it.0)));
        }
        found
    }
}

/// The modules of all programs in `conformance/` and `bench/programs/` that compile and do not wait for the clock.
///
/// # Errors
/// When a file cannot be read.
pub fn all(strip: bool) -> std::io::Result<Vec<Golden>> {
    let engine = remora::Engine::new();
    let sources = sources()?;
    let modules =
        sources.iter().filter(|(_, text)| !text.contains("sleep")).filter_map(|(name, text)| {
            let module = engine.compile(name, text).ok()?;
            Some(Golden::new(name, &module, strip))
        });
    Ok(modules.collect())
}

/// Names and texts of all programs in `conformance/` and `bench/programs/`.
///
/// # Errors
/// When a file cannot be read.
pub fn sources() -> std::io::Result<Vec<(String, String)>> {
    let cases = corpus::read(&corpus::root())?;
    let mut sources: Vec<_> = cases.into_iter().map(|it| (it.name, it.source)).collect();
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/programs");
    let mut files: Vec<_> = std::fs::read_dir(programs)?.collect::<Result<_, _>>()?;
    files.sort_by_key(std::fs::DirEntry::path);
    for file in files.iter().map(std::fs::DirEntry::path) {
        if file.extension().is_some_and(|it| it == "ruff") {
            sources.push((file.display().to_string(), std::fs::read_to_string(&file)?));
        }
    }
    Ok(sources)
}

/// `n` modules of at most `longest` bytes: again and again the one that adds most of what is not among them yet, for its
/// length.
#[must_use]
pub fn choose(mut from: Vec<Golden>, n: usize, longest: usize) -> Vec<Golden> {
    from.retain(|it| it.bytes.len() <= longest);
    let mut seen = BTreeSet::new();
    let mut chosen = Vec::new();
    while chosen.len() < n && !from.is_empty() {
        let worth = |it: &Golden| it.features().difference(&seen).count() * 10_000 / it.bytes.len();
        // The first of those that are worth the same.
        let best = (0..from.len()).rev().max_by_key(|at| worth(&from[*at])).unwrap_or(0);
        let best = from.remove(best);
        let known = seen.len();
        seen.extend(best.features());
        if seen.len() == known {
            // Nothing adds anything any more: begin again, for other uses of the same.
            seen = best.features();
        }
        chosen.push(best);
    }
    chosen
}
