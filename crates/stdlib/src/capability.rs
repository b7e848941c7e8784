//! What a program is allowed to reach, and the one place where that is decided.
//!
//! Paths are compared after links and `..` have been resolved by the system, and what is opened is the resolved path, not
//! the one that the script wrote. What does not exist yet is resolved as far as it exists; a link that leads nowhere is
//! refused, because writing through it would make a file where it points. Somebody who can exchange directories for links
//! while a program runs can still win a race against the check: give scripts directories that only they write to.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{BufRead, Empty, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::time::Instant;

use remora_diagnostics::{Advice, Code};
use remora_vm::{Fault, Res};

/// What a program may reach. By default nothing.
pub struct Capabilities {
    /// Files and directories that may be read, with all that is in them.
    pub read: Paths,
    /// Files and directories that may be written, with all that is in them.
    pub write: Paths,
    /// Environment variables that may be read.
    pub env: Names,
    /// What `args()` gives.
    pub args: Vec<String>,
    /// What `input()` reads.
    pub input: Box<dyn BufRead + Send>,
    /// When the program's own clock began.
    pub started: Instant,
    /// What builtins remember from one call to the next; a new one for each program.
    pub memory: Memory,
}

/// What builtins remember from one call to the next: nothing, in the beginning.
#[derive(Debug, Default)]
pub struct Memory {
    /// Regular expressions that have been used lately.
    #[cfg(feature = "regex")]
    pub(crate) patterns: crate::regex::Cache,
}

impl Default for Capabilities {
    fn default() -> Self {
        Self {
            read: Paths::default(),
            write: Paths::default(),
            env: Names::default(),
            args: Vec::new(),
            input: Box::new(Empty::default()),
            started: Instant::now(),
            memory: Memory::default(),
        }
    }
}

/// Some paths.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Paths {
    /// None.
    #[default]
    Nothing,
    /// These, resolved, with all that is in them.
    Below(Vec<PathBuf>),
    /// All.
    Everything,
}

impl Paths {
    /// These paths and all that is in them. A path that does not exist yet is resolved as far as it exists.
    ///
    /// # Errors
    /// What the system says where a path cannot be resolved.
    pub fn below<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> std::io::Result<Self> {
        let resolved: Result<Vec<PathBuf>, _> =
            paths.into_iter().map(|it| resolve(it.as_ref())).collect();
        resolved.map(Self::Below)
    }

    fn allow(&self, resolved: &Path) -> bool {
        match self {
            Self::Nothing => false,
            Self::Below(paths) => paths.iter().any(|allowed| resolved.starts_with(allowed)),
            Self::Everything => true,
        }
    }
}

/// Some names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Names {
    /// None.
    #[default]
    Nothing,
    /// These.
    These(BTreeSet<String>),
    /// All.
    Everything,
}

impl Names {
    /// Whether that name is one of them.
    #[must_use]
    pub fn allow(&self, name: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::These(names) => names.contains(name),
            Self::Everything => true,
        }
    }
}

/// What somebody wants to do with a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    Read,
    Write,
}

impl Access {
    const fn flag(self) -> &'static str {
        match self {
            Self::Read => "--allow-read",
            Self::Write => "--allow-write",
        }
    }
}

impl Capabilities {
    /// The path to open for what a script wrote, if that is allowed.
    ///
    /// # Errors
    /// R0030 if it is not; R0025 if it is, but the path cannot be resolved.
    pub(crate) fn path(&self, access: Access, path: &str) -> Res<PathBuf> {
        let paths = match access {
            Access::Read => &self.read,
            Access::Write => &self.write,
        };
        if *paths == Paths::Nothing {
            return Err(denied(access.flag(), path));
        }
        match resolve(Path::new(path)) {
            Ok(resolved) if paths.allow(&resolved) => Ok(resolved),
            // What cannot be resolved is told only to those who may see it: all others learn nothing.
            Err(error) if *paths == Paths::Everything => Err(failed(path, &error)),
            Ok(_) | Err(_) => Err(denied(access.flag(), path)),
        }
    }
}

/// A path without links, `.` and `..`, as far as it exists; the rest may only be plain names.
fn resolve(path: &Path) -> std::io::Result<PathBuf> {
    let absolute = std::path::absolute(path)?;
    let mut existing = absolute.as_path();
    let mut missing: Vec<&OsStr> = Vec::new();
    loop {
        match existing.canonicalize() {
            Ok(resolved) => {
                return Ok(missing.iter().rev().fold(resolved, |path, name| path.join(name)));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                // There, but leads nowhere.
                if existing.symlink_metadata().is_ok() {
                    return Err(error);
                }
                let (Some(parent), Some(Component::Normal(name))) =
                    (existing.parent(), existing.components().next_back())
                else {
                    return Err(error);
                };
                missing.push(name);
                existing = parent;
            }
            Err(error) => return Err(error),
        }
    }
}

/// The error for what is not allowed; `flag` is what would allow it.
#[cold]
pub(crate) fn denied(flag: &str, what: &str) -> Box<Fault> {
    Fault::new(Code::R0030, format!("Permission denied: needs {flag}={what}"))
        .with_advice(Advice::not_allowed(&format!("{flag}={what}")))
}

/// The error for what the system refuses.
#[cold]
pub(crate) fn failed(path: &str, error: &std::io::Error) -> Box<Fault> {
    let why = match error.kind() {
        ErrorKind::NotFound => "no such file or directory".to_owned(),
        ErrorKind::PermissionDenied => "the system does not permit it".to_owned(),
        ErrorKind::AlreadyExists => "it exists already".to_owned(),
        ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        _ => error.to_string(),
    };
    Fault::new(Code::R0025, format!("Cannot access '{path}': {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory of its own for each test, gone in the end.
    struct Dir(PathBuf);

    impl Dir {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("remora-{}-{name}", std::process::id()));
            std::fs::create_dir_all(path.join("inside")).unwrap();
            std::fs::create_dir_all(path.join("inside-not")).unwrap();
            std::fs::write(path.join("secret"), "s").unwrap();
            std::fs::write(path.join("inside/file"), "f").unwrap();
            Self(path.canonicalize().unwrap())
        }

        fn at(&self, path: &str) -> String {
            self.0.join(path).to_str().unwrap().to_owned()
        }
    }

    impl Drop for Dir {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn allowing(dir: &Dir) -> Capabilities {
        let inside = Paths::below([dir.at("inside")]).unwrap();
        Capabilities { read: inside.clone(), write: inside, ..Capabilities::default() }
    }

    fn code(result: Res<PathBuf>) -> Result<PathBuf, Code> {
        result.map_err(|fault| fault.code)
    }

    #[test]
    fn inside_is_allowed_and_outside_is_not() {
        let dir = Dir::new("plain");
        let caps = allowing(&dir);
        assert!(caps.path(Access::Read, &dir.at("inside/file")).is_ok());
        assert!(caps.path(Access::Write, &dir.at("inside/new/deep")).is_ok());
        for path in [
            "secret",
            "inside/../secret",
            "inside-not/x",
            "inside/new/../../secret",
            "inside/missing/../../secret",
        ] {
            assert_eq!(code(caps.path(Access::Read, &dir.at(path))), Err(Code::R0030), "{path}");
            assert_eq!(code(caps.path(Access::Write, &dir.at(path))), Err(Code::R0030), "{path}");
        }
        assert_eq!(
            code(Capabilities::default().path(Access::Read, &dir.at("inside/file"))),
            Err(Code::R0030)
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_nowhere_else() {
        use std::os::unix::fs::symlink;
        let dir = Dir::new("links");
        symlink(dir.at("secret"), dir.at("inside/link")).unwrap();
        symlink(&dir.0, dir.at("inside/up")).unwrap();
        symlink(dir.at("not-there"), dir.at("inside/dangling")).unwrap();
        let caps = allowing(&dir);
        for path in ["inside/link", "inside/up/secret", "inside/dangling", "inside/up/new"] {
            assert_eq!(code(caps.path(Access::Write, &dir.at(path))), Err(Code::R0030), "{path}");
            assert_eq!(code(caps.path(Access::Read, &dir.at(path))), Err(Code::R0030), "{path}");
        }
    }

    #[test]
    fn the_error_names_what_to_allow() {
        let fault = Capabilities::default().path(Access::Read, "data.txt").unwrap_err();
        assert!(fault.message.contains("--allow-read=data.txt"), "{}", fault.message);
    }
}
