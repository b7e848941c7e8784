//! Any bytes as a program of HogTrace: refused, or written as they were read, and run within their cost.
#![no_main]

use remora_testkit::targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = targets::hogtrace(data);
});
