//! Instructions through the builder: read as they were told.
#![no_main]

use remora_testkit::targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = targets::builder(data);
});
