//! The fuzz targets, a little of each: a target that breaks is found before a fuzzer is asked.

use remora_testkit::campaign::Tally;
use remora_testkit::judge::Verdict;
use remora_testkit::targets::TARGETS;

#[test]
fn every_target_takes_what_a_fuzzer_may_think_of() {
    for target in TARGETS {
        let tally = remora_oracle::on_big_stack(|| {
            let mut tally = Tally::default();
            for seed in 0..300 {
                let input = (target.input)(seed);
                tally.judge(|| format!("{} seed {seed}", target.name), || (target.run)(&input));
            }
            for bytes in [&[][..], &[0], &[255; 64], b"print(1)"] {
                tally.judge(|| format!("{} {bytes:?}", target.name), || (target.run)(bytes));
            }
            tally
        });
        let worked = tally.0.get(&Verdict::Ran).copied().unwrap_or(0);
        assert!(worked >= 10 || target.name == "wire", "{}: {tally:?}", target.name);
    }
}

#[test]
fn each_target_has_a_file_for_the_fuzzer() {
    let fuzz = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let manifest = std::fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    for target in TARGETS {
        let name = target.name;
        let text = std::fs::read_to_string(fuzz.join(format!("targets/{name}.rs"))).unwrap();
        assert!(text.contains(&format!("targets::{name}(")), "{name}");
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}
