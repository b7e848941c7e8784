//! Changed modules in the interpreter that checks what the verifier promised.
#![no_main]

use remora_testkit::targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = targets::run(data);
});
