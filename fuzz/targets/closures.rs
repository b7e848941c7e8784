//! Random programs that compute in loops: closures, interpreter and oracle do the same.
#![no_main]

use remora_testkit::targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = remora_oracle::on_big_stack(|| targets::closures(data));
});
