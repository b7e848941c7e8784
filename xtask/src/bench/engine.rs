//! Who takes part in a comparison, and how each is started.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A way to run a program.
pub(super) struct Engine {
    /// As the tables call it.
    pub(super) label: &'static str,
    /// Found on `PATH`; for `remora` it is what this repository builds.
    program: &'static str,
    /// Before the file.
    flags: &'static [&'static str],
    /// Of the file.
    extension: &'static str,
    /// What to do when it is not there.
    pub(super) how_to_get: &'static str,
}

/// The engine under test.
pub(super) const REMORA: Engine = Engine {
    label: "remora",
    program: "remora",
    flags: &["run"],
    extension: "ruff",
    how_to_get: "cargo build --release --package remora-cli",
};

/// The tree-walker that referees it.
pub(super) const TREE: Engine = Engine {
    label: "remora, tree",
    program: "remora",
    flags: &["run", "--engine", "tree"],
    extension: "ruff",
    how_to_get: "cargo build --release --package remora-cli",
};

/// What the others are measured against.
pub(super) const LUA: Engine = Engine {
    label: "Lua 5.4",
    program: "lua5.4",
    flags: &[],
    extension: "lua",
    how_to_get: "apt-get install lua5.4",
};

/// Those that Remora is compared with, beside Lua.
pub(super) const PEERS: &[Engine] = &[
    Engine {
        label: "LuaJIT, interpreter",
        program: "luajit",
        flags: &["-joff"],
        extension: "lua",
        how_to_get: "apt-get install luajit",
    },
    Engine {
        label: "LuaJIT",
        program: "luajit",
        flags: &[],
        extension: "lua",
        how_to_get: "apt-get install luajit",
    },
    Engine {
        label: "CPython",
        program: "python3",
        flags: &[],
        extension: "py",
        how_to_get: "apt-get install python3",
    },
];

/// An engine that is there.
pub(super) struct Found {
    pub(super) engine: &'static Engine,
    path: PathBuf,
}

impl Engine {
    /// Where the engine is: what this repository built, or the first on `PATH`.
    pub(super) fn find(&'static self, remora: &Path) -> Option<Found> {
        let path = if self.program == REMORA.program {
            Some(remora.to_path_buf()).filter(|it| it.is_file())
        } else {
            let directories = std::env::var_os("PATH").unwrap_or_default();
            std::env::split_paths(&directories)
                .map(|directory| directory.join(self.program))
                .find(|it| it.is_file())
        };
        Some(Found { engine: self, path: path? })
    }
}

impl Found {
    /// The command line for a program of a size, the engine itself first.
    pub(super) fn command_line(&self, programs: &Path, name: &str, size: u32) -> Vec<OsString> {
        let file = programs.join(format!("{name}.{}", self.engine.extension));
        let mut line = vec![self.path.clone().into_os_string()];
        line.extend(self.engine.flags.iter().map(OsString::from));
        line.push(file.into_os_string());
        line.push(size.to_string().into());
        line
    }

    /// What the engine says about its version, on one line.
    pub(super) fn version(&self) -> String {
        let flag = if self.engine.extension == "lua" { "-v" } else { "--version" };
        let output = Command::new(&self.path).arg(flag).output();
        let Ok(output) = output else { return "unknown".to_owned() };
        let said = if output.stdout.is_empty() { output.stderr } else { output.stdout };
        let said = String::from_utf8_lossy(&said);
        let line = said.lines().next().unwrap_or("unknown");
        line.split(" -- ").next().unwrap_or(line).split("  ").next().unwrap_or(line).to_owned()
    }
}

/// An engine as if it were there, for tests of what is written about it.
#[cfg(test)]
pub(super) fn found(engine: &'static Engine) -> Option<Found> {
    Some(Found { engine, path: PathBuf::from("/there-is-no-such-engine") })
}
