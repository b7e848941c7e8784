//! `--stats` and `--profile`.

use crate::command::{remora_in, scratch};

const PROGRAM: &str = "func inner(n) {\n    mut t := 0\n    for i in n { t += i }\n    return t\n}\n\
    func outer(n) {\n    return inner(n) + 1\n}\nprint(outer(200000))\n";

#[test]
fn stats_say_what_a_run_has_used() {
    let folder = scratch("stats");
    std::fs::write(folder.join("a.ruff"), PROGRAM).unwrap();
    let ran = remora_in(&folder, &["--stats", "a.ruff"], "");
    assert_eq!(ran.out, "19999900001\n");
    for part in ["fuel 2000", "peak memory ", "collections 0", "loading ", "running "] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    let failed = remora_in(&folder, &["--stats", "-e", "throw(\"x\")"], "");
    assert!(failed.code == 1 && failed.err.contains("fuel "), "{failed:?}");
    let lines = remora_in(&folder, &["--stats", "-n", "print(line)"], "a\n");
    assert!(lines.code == 0 && lines.err.contains("fuel "), "{lines:?}");
}

#[test]
fn a_profile_names_the_calls_and_is_the_same_each_time() {
    let folder = scratch("profile");
    std::fs::write(folder.join("a.ruff"), PROGRAM).unwrap();
    let profile = |name: &str| {
        let ran = remora_in(&folder, &["--profile", name, "a.ruff"], "");
        assert_eq!(ran.code, 0, "{}", ran.err);
        std::fs::read_to_string(folder.join(name)).unwrap()
    };
    let folded = profile("a.folded");
    let inner = folded.lines().find_map(|it| it.strip_prefix("main;outer;inner "));
    let n: u64 = inner.unwrap_or_else(|| panic!("{folded}")).parse().unwrap();
    assert!((40..=60).contains(&n), "200000 units are about 49 slices of 4096: {folded}");
    assert_eq!(profile("b.folded"), folded);
    let all = ["--engine=closure", "--profile", "closures.folded", "a.ruff"];
    assert_eq!(remora_in(&folder, &all, "").code, 0);
    assert_eq!(std::fs::read_to_string(folder.join("closures.folded")).unwrap(), folded);
    let text = "func work(k) { for i in k { map([1, 2, 3, 4], (x) => x * i) } }\nwork(20000)\n";
    std::fs::write(folder.join("b.ruff"), text).unwrap();
    assert_eq!(remora_in(&folder, &["--profile", "c.folded", "b.ruff"], "").code, 0);
    let folded = std::fs::read_to_string(folder.join("c.folded")).unwrap();
    assert!(folded.contains("main;work;<lambda> "), "{folded}");
    let svg = profile("a.svg");
    assert!(svg.starts_with("<svg ") && svg.contains("<title>inner ("), "{svg}");
    let bad = remora_in(&folder, &["--profile", "no/such/folder", "a.ruff"], "");
    assert!(bad.code == 2 && bad.out == "19999900001\n", "{bad:?}");
}
