//! Any text as probes: diagnostics with places in it, or a program that runs within its cost.
#![no_main]

use remora_testkit::targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = targets::probe(data);
});
