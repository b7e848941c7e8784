//! What programs reach with capabilities, and what they do not.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::PathBuf;

use remora_stdlib::{Capabilities, Names, Paths};

use crate::script::run;

/// A directory of its own for each test, gone in the end.
struct Dir(PathBuf);

impl Dir {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("remora-reach-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }

    /// The program with `DIR` standing for the directory.
    fn run(&self, program: &str) -> String {
        let paths = Paths::below([&self.0]).unwrap();
        let caps = Capabilities { read: paths.clone(), write: paths, ..Capabilities::default() };
        run(&program.replace("DIR", self.0.to_str().unwrap()), caps)
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn files_can_be_written_read_listed_and_deleted() {
    let dir = Dir::new("files");
    let program = r#"
create_dir("DIR/a/b")
write_file("DIR/a/x.txt", "one\ntwo\n")
append_file("DIR/a/x.txt", "three")
print(read_file("DIR/a/x.txt"))
print(read_lines("DIR/a/x.txt"), file_size("DIR/a/x.txt"))
copy_file("DIR/a/x.txt", "DIR/a/y.txt")
rename_file("DIR/a/y.txt", "DIR/a/z.txt")
print(list_dir("DIR/a"), is_dir("DIR/a/b"), is_file("DIR/a/b"))
delete_file("DIR/a/z.txt")
print(file_exists("DIR/a/z.txt"))
try { read_file("DIR/nope") } except e { print(e.code, contains(e.message, "no such file")) }
"#;
    let expected =
        "one\ntwo\nthree\n[one, two, three] 13\n[b, x.txt, z.txt] true false\nfalse\nR0025 1\n";
    assert_eq!(dir.run(program), expected);
}

#[test]
fn outside_stays_outside() {
    let dir = Dir::new("outside");
    for path in ["/etc/passwd", "DIR/../../etc/passwd", "DIR/missing/../../x", "relative"] {
        for call in [
            "read_file(P)",
            "write_file(P, \"\")",
            "file_exists(P)",
            "delete_file(P)",
            "list_dir(P)",
        ] {
            let call = call.replace('P', &format!("\"{path}\""));
            let program = format!("try {{ {call} }} except e {{ print(e.code) }}");
            assert_eq!(dir.run(&program), "R0030\n", "{call}");
        }
    }
    assert_eq!(dir.run("copy_file(\"/etc/passwd\", \"DIR/x\")").get(..5), Some("R0030"));
    assert_eq!(
        dir.run("write_file(\"DIR/x\", \"\")\nrename_file(\"DIR/x\", \"DIR/../stolen\")").get(..5),
        Some("R0030")
    );
}

#[test]
fn a_file_larger_than_the_memory_limit_is_refused() {
    let dir = Dir::new("large");
    std::fs::File::create(dir.0.join("large")).unwrap().set_len(64 << 20).unwrap();
    assert!(dir.run("read_file(\"DIR/large\")").starts_with("L0002"));
}

#[test]
fn only_listed_variables_are_seen() {
    let env = Names::These(BTreeSet::from([
        "PATH".to_owned(),
        "REMORA_NOT_SET".to_owned(),
        "A=B".to_owned(),
    ]));
    let caps = Capabilities { env, ..Capabilities::default() };
    let program = r#"
print(len(env("PATH")) > 0, env("REMORA_NOT_SET"), env_or("REMORA_NOT_SET", 5), env("A=B"))
print(keys(env_list()))
try { env_required("REMORA_NOT_SET") } except e { print(e.message) }
try { env("HOME") } except e { print(e.code) }
"#;
    let expected =
        "true null 5 null\n[PATH]\nEnvironment variable is not set: REMORA_NOT_SET\nR0030\n";
    assert_eq!(run(program, caps), expected);
}

#[test]
fn arguments_and_input_arrive() {
    let input = Box::new(Cursor::new("first\r\nsecond\nrest\nof it"));
    let caps = Capabilities {
        args: vec!["a".to_owned(), "b c".to_owned()],
        input,
        ..Capabilities::default()
    };
    let program =
        "print(args())\nprint(input(\"? \"), read_line())\nprint(read_input())\nprint(input())";
    assert_eq!(run(program, caps), "[a, b c]\n? first second\nrest\nof it\nnull\n");
}

#[test]
fn input_that_is_no_text_is_an_error() {
    let caps =
        Capabilities { input: Box::new(Cursor::new([0xff, 0xfe])), ..Capabilities::default() };
    assert_eq!(run("input()", caps), "R0025 The input is not UTF-8 text\n");
}
