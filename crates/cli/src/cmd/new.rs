//! `remora new`: a folder with a program, a module with a test, and what is needed around them.

use std::path::Path;

use remora_diagnostics::escape_controls;

use super::input;
use crate::args::NewArgs;
use crate::exit::Exit;
use crate::terminal::{complain, print};

/// Nothing in it depends on the name, so a folder can be renamed later.
const PROGRAM: &str = r#"import greet

print(greet.greeting("world"))
"#;

/// The module that it imports.
const MODULE: &str = r#"/// Says hello to somebody.
func greeting(name) {
    return "Hello, ${name}!"
}

test "greets by name" {
    assert_equal(greeting("Ann"), "Hello, Ann!")
}
"#;

const IGNORED: &str = "# Compiled modules\n*.rmod\n";

pub(crate) fn new(args: &NewArgs) -> Exit {
    let folder = &args.path;
    let shown = escape_controls(&folder.to_string_lossy()).into_owned();
    let Some(name) = folder.file_name().map(|it| it.to_string_lossy().into_owned()) else {
        complain(&format!("error: `{shown}` is no name for a folder\n"));
        return Exit::Usage;
    };
    if folder.exists() {
        complain(&format!("error: `{shown}` is already there\n"));
        return Exit::Usage;
    }
    if let Err(error) = std::fs::create_dir_all(folder.join("src")) {
        complain(&format!("error: cannot create `{shown}`: {error}\n"));
        return Exit::Usage;
    }
    let readme = format!(
        "# {name}\n\nRun it: `remora src/main.ruff`\n\nTest it: `remora test`\n\nBring it into shape: `remora fmt src`\n"
    );
    let files = [
        ("src/main.ruff", PROGRAM),
        ("src/greet.ruff", MODULE),
        ("README.md", readme.as_str()),
        (".gitignore", IGNORED),
    ];
    for (file, text) in files {
        let written = input::write(&folder.join(Path::new(file)), text.as_bytes());
        if written != Exit::Ok {
            return written;
        }
    }
    print(&format!("Made {shown}. Try: cd {shown} && remora src/main.ruff && remora test\n"));
    Exit::Ok
}
