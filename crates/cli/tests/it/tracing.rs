//! `remora trace`.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::command::{remora_in, scratch};

const PROGRAM: &str = "func create(id, amount) {\n    if amount > 100 { throw(\"too much\") }\n    return amount * 2\n}\n\
    for i in 5 {\n    try { print(create(i, i * 40)) } except e { print(e.message) }\n}\n";

fn folder(name: &str) -> std::path::PathBuf {
    let folder = scratch(name);
    std::fs::write(folder.join("a.ruff"), PROGRAM).expect("a writable folder");
    folder
}

#[test]
fn a_program_is_probed_and_prints_what_it_always_prints() {
    let folder = folder("trace-run");
    let plain = remora_in(&folder, &["a.ruff"], "");
    let probe = "fn:main.create:entry / amount > 40 / { capture(id=id, amount=amount) }";
    let ran = remora_in(&folder, &["trace", "-e", probe, "a.ruff"], "");
    assert_eq!((ran.code, &ran.out), (0, &plain.out));
    assert_eq!(
        ran.err,
        "main.create  id=2  amount=80\nmain.create  id=3  amount=120\nmain.create  id=4  amount=160\n"
    );
    let failed = "fn:main.*:exit / exception != None / { capture(exception.message, arg0) }";
    let ran = remora_in(&folder, &["trace", "-e", failed, "--json", "-o", "t.jsonl", "a.ruff"], "");
    assert_eq!((ran.code, ran.out, ran.err), (0, plain.out, String::new()));
    let lines = std::fs::read_to_string(folder.join("t.jsonl")).unwrap();
    let sites: Vec<_> = lines
        .lines()
        .map(|it| serde_json::from_str::<serde_json::Value>(it).unwrap()["values"].to_string())
        .collect();
    assert_eq!(sites, ["[\"too much\",3]", "[\"too much\",4]"]);
}

#[test]
fn tables_are_drawn_at_the_end_and_at_each_interval() {
    let folder = folder("trace-tables");
    std::fs::write(
        folder.join("p.probes"),
        "fn:main.create:exit / exception == None / { @amounts = quantize(amount); @calls[retval] = count(); }\nend { print(@calls); }",
    )
    .unwrap();
    let ran = remora_in(&folder, &["trace", "p.probes", "a.ruff"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let expected = "@calls
  0    1
  80   1
  160  1

@amounts
    [0, 1)                        1 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
    [1, 2)                        0 |                                        |
    [2, 4)                        0 |                                        |
    [4, 8)                        0 |                                        |
    [8, 16)                       0 |                                        |
    [16, 32)                      0 |                                        |
    [32, 64)                      1 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
    [64, 128)                     1 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|

@calls
  0    1
  80   1
  160  1
";
    assert_eq!(ran.err, expected);
    let text = "interval:50ms { print(@n); clear(@n); } fn:main.f:entry { @n = count(); }";
    std::fs::write(
        folder.join("b.ruff"),
        "func f() { }\nmut i := 0\nwhile true { f()\n i += 1 }\n",
    )
    .unwrap();
    let ran = remora_in(&folder, &["trace", "-e", text, "--duration", "400ms", "b.ruff"], "");
    assert_eq!(ran.code, 0, "the end of the time is no failure: {}", ran.err);
    assert!(ran.err.matches("@n  ").count() >= 2, "{}", ran.err);
}

#[test]
fn points_are_listed_and_costs_shown_without_running() {
    let folder = folder("trace-list");
    let listed = remora_in(&folder, &["trace", "-l", "main.c*", "a.ruff"], "");
    assert_eq!(listed.out, "ruff:main.create:entry\nruff:main.create:exit\n");
    let probe = "fn:main.create:entry / amount > 40 / { capture(id) }";
    let dry = remora_in(&folder, &["trace", "--dry-run", "-e", probe], "");
    assert_eq!(dry.code, 0);
    for part in
        ["load_name", "compare", "; probe_0 fn:main.create:entry: at most ", "; granted: at most "]
    {
        assert!(dry.out.contains(part), "{part}: {}", dry.out);
    }
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let folder = folder("trace-wrong");
    let wrong =
        remora_in(&folder, &["trace", "-e", "fn:main.create:entri { captur(id) }", "a.ruff"], "");
    assert_eq!((wrong.code, wrong.out.as_str()), (3, ""));
    for part in ["error[P0003]", "<command line>:1:16", "did you mean `entry`?"] {
        assert!(wrong.err.contains(part), "{part}: {}", wrong.err);
    }
    for (args, says) in [
        (&["trace"][..], "give a probe with -e"),
        (&["trace", "-e", "begin { capture(1) }"], "name the program to run"),
        (&["trace", "-l", "*"], "name a program"),
        (&["trace", "--attach", "nowhere", "-l", "*"], "nowhere: "),
        (
            &["trace", "--attach", "nowhere", "-e", "begin { capture(1) }", "a.ruff"],
            "not a program",
        ),
    ] {
        let ran = remora_in(&folder, args, "");
        assert!(ran.code == 2 && ran.err.contains(says), "{args:?}: {ran:?}");
    }
    let failing = remora_in(&folder, &["trace", "-e", "end { capture(1) }", "b.ruff"], "");
    assert_eq!(failing.code, 2, "there is no such program");
    std::fs::write(folder.join("c.ruff"), "throw(\"x\")").unwrap();
    let failing = remora_in(&folder, &["trace", "-e", "end { capture(1) }", "c.ruff"], "");
    assert!(failing.code == 1 && failing.err.starts_with("probe_0  1\n"), "{failing:?}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_prints_what_was_gathered() {
    let folder = folder("trace-interrupt");
    let text =
        "func f(n) { return n }\nprint(\"ready\")\nmut i := 0\nwhile true { i := f(i + 1) }\n";
    std::fs::write(folder.join("b.ruff"), text).unwrap();
    let mut child = start(&folder, &["trace", "-e", "fn:main.f:entry { @n = count(); }", "b.ruff"]);
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    std::thread::sleep(Duration::from_millis(100));
    interrupt(&child);
    let (code, err) = end(child);
    assert_eq!(code, 130);
    assert!(err.contains("@n  "), "{err}");
}

#[cfg(unix)]
fn start(folder: &Path, args: &[&str]) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_remora"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs")
}

#[cfg(unix)]
fn interrupt(child: &std::process::Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    let sent = sent.expect("kill runs");
    assert!(sent.success());
}

#[cfg(unix)]
fn end(mut child: std::process::Child) -> (i32, String) {
    let until = Instant::now() + Duration::from_secs(60);
    while Instant::now() < until {
        if let Some(status) = child.try_wait().expect("a child") {
            let mut err = String::new();
            let mut stderr = child.stderr.take().expect("a pipe");
            stderr.read_to_string(&mut err).expect("text");
            return (status.code().unwrap_or(-1), err);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    drop(child.kill());
    panic!("it does not end");
}

/// This process opens its socket, and the command looks at it.
#[cfg(unix)]
#[test]
fn another_process_is_probed_through_its_socket() {
    let folder = scratch("trace-attach");
    let socket = folder.join("s");
    let _server = remora::probe::serve(&socket).unwrap();
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    std::thread::scope(|scope| {
        // Ends with the sender, however this does.
        let _stop = stop;
        scope.spawn(move || {
            let mut n = 0_u64;
            let pause = Duration::from_micros(200);
            while matches!(
                stopped.recv_timeout(pause),
                Err(std::sync::mpsc::RecvTimeoutError::Timeout)
            ) {
                n += 1;
                remora::probe::probe!("shop.tick", n, half = n / 2);
            }
        });
        while remora::probe::rust::list("shop.tick").is_empty() {
            std::thread::yield_now();
        }
        let listed = remora_in(&folder, &["trace", "--attach", "s", "-l", "shop.*"], "");
        assert_eq!(listed.out, "rust:shop.tick:entry\n");
        let probe = "rust:shop.* / n % 10 == 0 / { capture(n=n, half=half); @n = count(); }";
        let args = ["trace", "--attach", "s", "-e", probe, "--duration", "300ms"];
        let ran = remora_in(&folder, &args, "");
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.starts_with("shop.tick  n=") && ran.out.contains("\n@n  "), "{}", ran.out);
    });
}

/// Runs each command on the page of probes, beside the program that stands there, and compares what it says; `…` stands for
/// anything.
#[cfg(unix)]
#[test]
fn the_commands_on_the_page_of_probes_say_what_stands_there() {
    let page = std::fs::read_to_string(crate::command::root().join("docs/probes.md")).unwrap();
    let blocks: Vec<&str> = page.split("```").skip(1).step_by(2).collect();
    let folder = scratch("trace-page");
    let program = blocks.iter().find_map(|it| it.strip_prefix("ruff file=shop.ruff\n")).unwrap();
    std::fs::write(folder.join("shop.ruff"), program).unwrap();
    let bin = Path::new(env!("CARGO_BIN_EXE_remora")).parent().unwrap();
    let paths =
        std::env::join_paths([bin.to_path_buf(), "/usr/bin".into(), "/bin".into()]).unwrap();
    let mut n_commands = 0;
    for block in blocks.iter().filter_map(|it| it.strip_prefix("console\n$ ")) {
        let (command, expected) = block.split_once('\n').unwrap();
        let ran = Command::new("sh")
            .args(["-c", &format!("{command} 2>&1")])
            .current_dir(&folder)
            .env("PATH", &paths)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        let pattern = expected.replace('…', "*");
        assert!(remora::probe::matches(&pattern, &said), "{command}\n{said}");
        n_commands += 1;
    }
    assert_eq!(n_commands, 13);
}
