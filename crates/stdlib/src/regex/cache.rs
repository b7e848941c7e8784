//! Compiled patterns, kept for the program that uses them.

use ::regex::{Error, Regex, RegexBuilder};
use remora_diagnostics::Code;
use remora_vm::host::HostCx;
use remora_vm::value::Value;
use remora_vm::{Fault, Res};

use crate::arg;
use crate::capability::Capabilities;

/// How many patterns are kept.
const MAX_KEPT: usize = 16;
/// Most bytes of a pattern.
const MAX_PATTERN: usize = 4096;
/// Most bytes of a compiled pattern: what small ones get, and what the others get.
const SIZES: [usize; 2] = [64 << 10, 1 << 20];
/// A compiled pattern, its reverse, and the states that searching keeps, in sizes.
const PARTS: usize = 4;
/// What the tree of a pattern may take for each of its bytes while it is compiled: a class of all letters is two bytes.
const BYTES_OF_TREE: usize = 8 << 10;

/// A pattern that is ready.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub(crate) regex: Regex,
    /// How much slower it may be than a small one.
    pub(crate) weight: u64,
}

/// The patterns that a program has used lately, the last one used last.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    kept: Vec<Kept>,
}

#[derive(Debug)]
struct Kept {
    pattern: String,
    compiled: Compiled,
    booked: usize,
}

impl Cache {
    fn find(&mut self, pattern: &str) -> Option<Compiled> {
        let at = self.kept.iter().position(|it| it.pattern == pattern)?;
        // What is used stays longest.
        let kept = self.kept.remove(at);
        let compiled = kept.compiled.clone();
        self.kept.push(kept);
        Some(compiled)
    }

    /// Gives up the one that has not been used for longest; how many bytes that were.
    fn evict(&mut self) -> Option<usize> {
        (!self.kept.is_empty()).then(|| self.kept.remove(0).booked)
    }
}

/// The pattern that an argument is, compiled.
pub(super) fn compiled(cx: &mut HostCx<'_>, value: Value, at: usize) -> Res<Compiled> {
    let Some(pattern) = cx.heap.str(value) else {
        return Err(arg::wrong(cx, at, "a string", value));
    };
    if pattern.len() > MAX_PATTERN {
        let len = pattern.len();
        return Err(arg::invalid(
            cx,
            format_args!("a pattern of at most {MAX_PATTERN} bytes, got {len}"),
        ));
    }
    let pattern = pattern.to_owned();
    cx.charge(pattern.len() as u64 / 16)?;
    if let Some(known) = cx.data::<Capabilities>().and_then(|it| it.memory.patterns.find(&pattern))
    {
        return Ok(known);
    }
    cx.charge(2000 + 200 * pattern.len() as u64)?;
    let tree = pattern.len() * BYTES_OF_TREE;
    for (size, weight) in SIZES.into_iter().zip([1, 8]) {
        let booked = size * PARTS;
        book(cx, tree + booked)?;
        let built = RegexBuilder::new(&pattern).size_limit(size).dfa_size_limit(size).build();
        let account = cx.heap.memory_mut().account_mut();
        account.unbook(tree);
        match built {
            Ok(regex) => {
                let compiled = Compiled { regex, weight };
                keep(cx, Kept { pattern, compiled: compiled.clone(), booked });
                return Ok(compiled);
            }
            Err(error) => {
                account.unbook(booked);
                if !matches!(error, Error::CompiledTooBig(_)) {
                    return Err(invalid(cx, &pattern, &error));
                }
            }
        }
    }
    let [_, most] = SIZES;
    Err(arg::invalid(cx, format_args!("a pattern that compiles to at most {most} bytes")))
}

/// Books memory; old patterns make room.
fn book(cx: &mut HostCx<'_>, bytes: usize) -> Res<()> {
    loop {
        let Err(fault) = cx.heap.memory_mut().account_mut().book(bytes) else { return Ok(()) };
        let evicted = cx.data::<Capabilities>().and_then(|it| it.memory.patterns.evict());
        let Some(evicted) = evicted else { return Err(fault) };
        cx.heap.memory_mut().account_mut().unbook(evicted);
    }
}

/// Keeps a pattern, whose memory is booked; without a place for it, it is gone after its first use.
fn keep(cx: &mut HostCx<'_>, kept: Kept) {
    let mut given_back = kept.booked;
    if let Some(capabilities) = cx.data::<Capabilities>() {
        let cache = &mut capabilities.memory.patterns;
        given_back = 0;
        if cache.kept.len() >= MAX_KEPT {
            given_back = cache.evict().unwrap_or(0);
        }
        cache.kept.push(kept);
    }
    cx.heap.memory_mut().account_mut().unbook(given_back);
}

/// The library's reason is the last line of what it says; those before it draw the pattern.
fn invalid(cx: &HostCx<'_>, pattern: &str, error: &Error) -> Box<Fault> {
    let said = error.to_string();
    let why = said.lines().last().unwrap_or_default();
    let why = why.strip_prefix("error: ").unwrap_or(why);
    let shown = &pattern[..pattern.floor_char_boundary(100)];
    let name = cx.name();
    Fault::new(Code::R0012, format!("{name} expects a regular expression, got '{shown}': {why}"))
}
