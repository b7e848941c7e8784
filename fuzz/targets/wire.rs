//! Any bytes: refused, or the one spelling of a module.
#![no_main]

use remora_testkit::targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = targets::wire(data);
});
