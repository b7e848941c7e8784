//! Random programs: interpreter and oracle do the same.
#![no_main]

use remora_testkit::targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    remora_oracle::on_big_stack(|| drop(std::hint::black_box(targets::engines(data))));
});
