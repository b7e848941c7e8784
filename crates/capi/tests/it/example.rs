//! The host in C: built with the system's compiler and run, also under the address sanitizer.

use std::path::{Path, PathBuf};
use std::process::Command;

const SAYS: &str = "\
hello Ann, you are number 41
hello Ann, you are number 42
total 10.0
fails: status 2, code R0026, line 4: count takes one text
hungry: status 3, code L0002, line 7: Memory limit of 1048576 bytes reached";

/// The static library of this crate, which is built beside this test.
fn library() -> PathBuf {
    let test = std::env::current_exe().expect("this binary");
    let folder = test.ancestors().nth(2).expect("the folder of the profile");
    let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["rustc", "--quiet", "--locked", "--lib", "--crate-type=staticlib"])
        .args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")])
        .args(if folder.ends_with("release") { &["--release"][..] } else { &[] })
        .env("CARGO_TARGET_DIR", folder.parent().expect("the target folder"))
        .status()
        .expect("cargo starts");
    assert!(built.success(), "the library is built");
    folder.join("libremora_capi.a")
}

/// Builds the example with these flags; `None`, and what the compiler said, if it cannot.
fn build(library: &Path, name: &str, flags: &[&str]) -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let to = library.with_file_name(name);
    let output = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()))
        .args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-g", "-pthread"])
        .args(flags)
        .arg("-I")
        .arg(root.join("include"))
        .arg(root.join("examples/embed.c"))
        .arg(library)
        .args(["-lm", "-ldl", "-o"])
        .arg(&to)
        .output()
        .map_err(|it| format!("no C compiler: {it}"))?;
    if output.status.success() {
        Ok(to)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn run(program: &Path) {
    let output = Command::new(program).output().expect("it starts");
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    assert!(out.starts_with(SAYS), "{out}{err}");
    for part in [
        "no such function: status 2, code R0010, line 0: No such function: greets",
        "no VM: status 5, code , line 0: handle 1 is an engine, not a VM",
        "no place: status 5, code , line 0: vm is null",
        "wrong: status 1, code E0101, line 1: E0101: unknown name `coun`",
        "stopped: yes",
        "freed: status 5, code , line 0: there is no handle",
    ] {
        assert!(out.contains(part), "it does not say {part:?}:\n{out}{err}");
    }
}

#[test]
fn a_host_in_c() {
    let text = include_str!("../../examples/embed.c");
    assert!(text.lines().count() < 120, "{}", text.lines().count());
    if !cfg!(unix) {
        eprintln!("left out: the C example wants a Unix");
        return;
    }
    let library = library();
    match build(&library, "embed-c", &[]) {
        Ok(program) => run(&program),
        Err(why) if why.starts_with("no C compiler") => {
            eprintln!("left out: {why}");
            return;
        }
        Err(why) => panic!("{why}"),
    }
    match build(&library, "embed-c-asan", &["-fsanitize=address"]) {
        Ok(program) => run(&program),
        Err(why) => eprintln!("left out: this compiler has no address sanitizer: {why}"),
    }
}
