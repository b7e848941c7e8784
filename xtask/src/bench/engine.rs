//! Who takes part in a comparison, and how each is started.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A way to run a program.
pub(super) struct Engine {
    /// As the tables call it.
    pub(super) label: &'static str,
    pub(super) home: Home,
    /// Before the file.
    pub(super) flags: &'static [&'static str],
    /// Of the file.
    pub(super) extension: &'static str,
    pub(super) code: Code,
}

/// Where an engine comes from.
#[derive(Clone, Copy)]
pub(super) enum Home {
    /// This repository.
    Product,
    /// The system: found on `PATH` by this name.
    System { program: &'static str, how_to_get: &'static str },
    /// The package of this name in `bench/peers`, which is built from these crates.
    Peer { package: &'static str, crates: &'static [&'static str] },
}

/// What an engine makes of a program.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    /// Something that it interprets.
    Interpreted,
    /// Machine code, sooner or later: counting instructions would count its compiler.
    Machine,
}

/// The engine under test.
pub(super) const REMORA: Engine = Engine {
    label: "remora",
    home: Home::Product,
    flags: &["run"],
    extension: "ruff",
    code: Code::Interpreted,
};

/// The same with closures for what calls nobody.
pub(super) const CLOSURES: Engine = Engine {
    label: "remora, closures",
    home: Home::Product,
    flags: &["run", "--engine", "closure"],
    extension: "ruff",
    code: Code::Interpreted,
};

/// The tree-walker that referees it.
pub(super) const TREE: Engine = Engine {
    label: "remora, tree",
    home: Home::Product,
    flags: &["run", "--engine", "tree"],
    extension: "ruff",
    code: Code::Interpreted,
};

/// What the others are measured against.
pub(super) const LUA: Engine = Engine {
    label: "Lua 5.4",
    home: Home::System { program: "lua5.4", how_to_get: "apt-get install lua5.4" },
    flags: &[],
    extension: "lua",
    code: Code::Interpreted,
};

pub(super) const LUAJIT_INTERPRETER: Engine = Engine {
    label: "LuaJIT, interpreter",
    home: Home::System { program: "luajit", how_to_get: "apt-get install luajit" },
    flags: &["-joff"],
    extension: "lua",
    code: Code::Interpreted,
};

const LUAJIT: Engine = Engine {
    label: "LuaJIT",
    home: Home::System { program: "luajit", how_to_get: "apt-get install luajit" },
    flags: &[],
    extension: "lua",
    code: Code::Machine,
};

pub(super) const PYTHON: Engine = Engine {
    label: "CPython",
    home: Home::System { program: "python3", how_to_get: "apt-get install python3" },
    flags: &[],
    extension: "py",
    code: Code::Interpreted,
};

/// Those that Remora is compared with, beside Lua, when nothing is said.
pub(super) const OTHERS: &[&Engine] = &[&LUAJIT_INTERPRETER, &LUAJIT, &PYTHON];

/// Where what was built is.
pub(super) struct Built {
    /// The command `remora`.
    pub(super) remora: PathBuf,
    /// The directory of the runners of `bench/peers`.
    pub(super) peers: PathBuf,
    /// The text of their lock file.
    pub(super) lock: String,
}

/// An engine that is there.
pub(super) struct Found {
    pub(super) engine: &'static Engine,
    path: PathBuf,
    pub(super) version: String,
}

impl Engine {
    /// Where the engine is; what to do about it, if it is not there.
    pub(super) fn find(&'static self, built: &Built) -> Result<Found, String> {
        let (path, missing) = match self.home {
            Home::Product => (
                Some(built.remora.clone()).filter(|it| it.is_file()),
                "cargo build --release --package remora-cli".to_owned(),
            ),
            Home::System { program, how_to_get } => (on_path(program), how_to_get.to_owned()),
            Home::Peer { package, .. } => {
                let path = built.peers.join(format!("{package}{}", std::env::consts::EXE_SUFFIX));
                (Some(path).filter(|it| it.is_file()), format!("{package} was not built"))
            }
        };
        let path = path.ok_or(missing)?;
        let version = match self.home {
            Home::Peer { crates, .. } => locked(&built.lock, crates),
            Home::Product | Home::System { .. } => version(&path, self.extension),
        };
        Ok(Found { engine: self, path, version })
    }
}

fn on_path(program: &str) -> Option<PathBuf> {
    let directories = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::split_paths(&directories)
        .map(|directory| directory.join(program))
        .find(|it| it.is_file())?;
    if program == "python3" { behind_launcher(&path).or(Some(path)) } else { Some(path) }
}

/// The interpreter itself: what stands on `PATH` may be a script of a version manager, whose time is not the engine's.
fn behind_launcher(python: &Path) -> Option<PathBuf> {
    let output =
        Command::new(python).args(["-c", "import sys; print(sys.executable)"]).output().ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    path.is_file().then_some(path)
}

/// What an engine says about its version, on one line.
fn version(path: &Path, extension: &str) -> String {
    let flag = if extension == "lua" { "-v" } else { "--version" };
    let output = Command::new(path).arg(flag).output();
    let Ok(output) = output else { return "unknown".to_owned() };
    let said = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    let said = String::from_utf8_lossy(&said);
    let line = said.lines().next().unwrap_or("unknown");
    line.split(" -- ").next().unwrap_or(line).split("  ").next().unwrap_or(line).to_owned()
}

/// The versions of crates in a lock file: `mlua 0.12.2, lua-src 550.0.0`.
fn locked(lock: &str, crates: &[&str]) -> String {
    let version = |name: &str| {
        let after = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?.1;
        Some(format!("{name} {}", after.split_once('"')?.0))
    };
    let versions: Vec<_> = crates.iter().filter_map(|it| version(it)).collect();
    if versions.is_empty() { "built here".to_owned() } else { versions.join(", ") }
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
}

/// An engine as if it were there, for tests of what is written about it.
#[cfg(test)]
pub(super) fn found(engine: &'static Engine) -> Found {
    let path = PathBuf::from("/there-is-no-such-engine");
    Found { engine, path, version: "1.0".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::locked;

    #[test]
    fn versions_are_read_from_the_lock() {
        let lock = "[[package]]\nname = \"mlua\"\nversion = \"0.12.2\"\n\n[[package]]\nname = \"mlua-sys\"\nversion = \"0.13.0\"\n";
        assert_eq!(locked(lock, &["mlua", "mlua-sys"]), "mlua 0.12.2, mlua-sys 0.13.0");
        assert_eq!(locked(lock, &[]), "built here");
    }
}
