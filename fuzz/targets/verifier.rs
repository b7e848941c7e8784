//! Changed modules: refused by a rule, or the same again from text and from the wire.
#![no_main]

use remora_testkit::targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = targets::verifier(data);
});
