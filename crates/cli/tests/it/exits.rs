//! Exit codes, and what is said with each.

use std::time::Duration;

use crate::command::{remora, remora_in, run_text, scratch};

#[test]
fn each_way_to_end_has_its_exit_code() {
    let cases: &[(&str, &[&str], i32, &str)] = &[
        ("print(1)", &[], 0, ""),
        ("throw(\"x\")", &[], 1, "R0001"),
        ("let x := 1\nx := 2", &[], 3, "E0103"),
        ("loop { }", &["--fuel=1000"], 5, "L0001"),
        ("loop { }", &["--timeout=20ms"], 5, "L0004"),
        ("mut s := \"x\"\nloop { s += s }", &["--mem=1M"], 5, "L0002"),
        ("func f(n) { return 1 + f(n) }\nf(1)", &["--stack=100"], 5, "L0003"),
        ("print(read_file(\"Cargo.toml\"))", &[], 6, "--allow-read"),
        ("print(env(\"HOME\"))", &[], 6, "--allow-env"),
        ("write_file(\"x.txt\", \"\")", &["--allow-read=."], 6, "--allow-write"),
        ("exit(7)", &[], 7, ""),
    ];
    for (text, flags, code, said) in cases {
        let ran = run_text(text, flags);
        assert!(ran.code == *code && ran.err.contains(said), "{text}: {ran:?}");
    }
}

#[test]
fn a_wrong_command_line_is_usage() {
    for args in [
        &["run"][..],
        &["run", "--fuel", "many", "x.ruff"],
        &["frobnicate.ruff"],
        &["run", "no-such.ruff"],
        &["--engine=tree", "-n", "1"],
        &["--engine=tree", "--stats", "-e", "1"],
        &["repl", "--engine=tree"],
    ] {
        let ran = remora(args);
        assert!(ran.code == 2 && !ran.err.is_empty(), "{args:?}: {ran:?}");
    }
}

#[test]
fn a_program_runs_without_the_word_run_and_gets_its_arguments() {
    let folder = scratch("arguments");
    std::fs::write(folder.join("a.ruff"), "print(args())").unwrap();
    let ran = remora_in(&folder, &["a.ruff", "one", "--two"], "");
    assert_eq!((ran.code, ran.out.as_str()), (0, "[one, --two]\n"), "{}", ran.err);
}

#[test]
fn an_expression_prints_its_value() {
    for (text, shown) in
        [("1", "1\n"), ("[1, \"a\"]", "[1, a]\n"), ("print(2)", "2\n"), ("null", "")]
    {
        let ran = remora(&["-e", text]);
        assert_eq!((ran.code, ran.out.as_str()), (0, shown), "{text}: {}", ran.err);
    }
}

#[test]
fn a_built_module_runs_like_its_source_and_a_damaged_one_is_rejected() {
    let folder = scratch("modules");
    let text = "func twice(n) { return n * 2 }\nprint(twice(21))\nthrow(\"end\")\n";
    std::fs::write(folder.join("a.ruff"), text).unwrap();
    assert_eq!(remora_in(&folder, &["build", "a.ruff"], "").code, 0);
    assert_eq!(remora_in(&folder, &["verify", "a.rmod"], "").code, 0);
    let (source, module) =
        (remora_in(&folder, &["a.ruff"], ""), remora_in(&folder, &["a.rmod"], ""));
    assert_eq!((module.code, &module.out), (1, &"42\n".to_owned()));
    assert_eq!(source.out, module.out);
    assert!(module.err.contains("R0001") && module.err.contains("a.ruff:3:1"), "{}", module.err);

    let mut bytes = std::fs::read(folder.join("a.rmod")).unwrap();
    bytes.truncate(bytes.len() / 2);
    std::fs::write(folder.join("b.rmod"), bytes).unwrap();
    for verb in ["run", "verify", "dis"] {
        let ran = remora_in(&folder, &[verb, "b.rmod"], "");
        assert!(ran.code == 4 && ran.err.contains("error[V"), "{verb}: {ran:?}");
    }
}

#[test]
fn what_dis_prints_asm_reads() {
    let folder = scratch("assembly");
    std::fs::write(
        folder.join("a.ruff"),
        "mut n := 0\nfor i in 5 { n += i }\nprint(n, \"x\\ny\")\n",
    )
    .unwrap();
    let text = remora_in(&folder, &["dis", "a.ruff"], "");
    assert_eq!(text.code, 0, "{}", text.err);
    std::fs::write(folder.join("b.rasm"), text.out).unwrap();
    let ran = remora_in(&folder, &["asm", "b.rasm", "-o", "b.rmod"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(remora_in(&folder, &["b.rmod"], "").out, "10 x\ny\n");
    assert!(remora_in(&folder, &["dis", "--registers", "a.ruff"], "").out.contains("for_iter"));
}

#[test]
fn findings_as_json_are_one_object_a_line() {
    let ran = run_text("let x := 1\nx := 2\nprint(y)\n", &["--json"]);
    let findings: Vec<serde_json::Value> =
        ran.err.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let codes: Vec<_> = findings.iter().map(|it| it["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["E0103", "E0101"]);
    assert_eq!(
        (&findings[0]["labels"][0]["line"], &findings[0]["labels"][0]["column"]),
        (&2.into(), &1.into())
    );
}

#[test]
fn colours_only_where_wanted() {
    assert!(!run_text("x", &[]).err.contains('\u{1b}'));
    assert!(run_text("x", &["--color=always"]).err.contains('\u{1b}'));
}

#[test]
fn a_script_cannot_write_control_codes_into_a_diagnostic() {
    let ran = run_text("throw(\"\u{1b}[2J\\u{1b}[31m\")", &[]);
    assert!(ran.code == 1 && !ran.err.contains('\u{1b}'), "{ran:?}");
}

#[cfg(unix)]
#[test]
fn control_c_stops_a_run_with_130() {
    for args in [["-e", "loop { }"], ["-n", "print(line)"]] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_remora"))
            .args(args)
            .stdin(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(300));
        let id = child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        // Waiting would close its input.
        let mut code = None;
        for _ in 0..200 {
            code = child.try_wait().unwrap();
            if code.is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(code.and_then(|it| it.code()), Some(130), "{args:?}");
    }
}
