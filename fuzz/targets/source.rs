//! Any text: diagnostics with places in it, or a module that passes the verifier.
#![no_main]

use remora_testkit::targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = targets::source(data);
});
