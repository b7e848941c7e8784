//! Where the modules come from that a program imports. Nothing is found unless the host says where to look.
//!
//! The rule is the same for files and for texts in memory: `a.b` is `a/b.ruff` beside the importing file, then
//! `src/a/b.ruff` there, then the same below each root.

mod folders;
mod texts;

use std::sync::Arc;

pub use remora_compiler::{NotFound, SourceFile};

pub use self::folders::Folders;
pub use self::texts::Texts;

/// Finds the modules that programs import.
pub trait Modules: Send + Sync {
    /// The source of the module `name` (words joined by dots), imported by the file that is called `importer`.
    ///
    /// The name that comes back with the text says which file it is: the same for everybody who imports it, and for the
    /// program itself the name that it is compiled under. Messages show it.
    ///
    /// # Errors
    /// There is none: with what was tried, and why, for the message of E0121.
    fn find(&self, importer: &str, name: &str) -> Result<SourceFile, NotFound>;
}

/// What an engine finds modules with.
#[derive(Clone, Default)]
pub(crate) struct Finder(pub(crate) Option<Arc<dyn Modules>>);

impl std::fmt::Debug for Finder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "Finder(some)" } else { "Finder(none)" })
    }
}

/// One after the other.
struct Both(Arc<dyn Modules>, Arc<dyn Modules>);

impl Modules for Both {
    fn find(&self, importer: &str, name: &str) -> Result<SourceFile, NotFound> {
        self.0.find(importer, name).or_else(|_| self.1.find(importer, name))
    }
}

impl Finder {
    /// These, and others for what they do not know.
    pub(crate) fn or(self, others: Arc<dyn Modules>) -> Self {
        Self(Some(match self.0 {
            Some(own) => Arc::new(Both(own, others)),
            None => others,
        }))
    }

    pub(crate) fn find(&self, importer: &str, name: &str) -> Result<SourceFile, NotFound> {
        match &self.0 {
            Some(modules) => modules.find(importer, name),
            None => Err(NotFound {
                why: Some("this host has no modules to import".to_owned()),
                help: Some(
                    "give the engine some: `Engine::with_modules(Folders::new([\"…\"])?)`"
                        .to_owned(),
                ),
                ..NotFound::default()
            }),
        }
    }
}

/// The files that a name may mean, in the order in which they are looked for.
fn candidates(importer: &str, name: &str, roots: &[String]) -> Vec<String> {
    let words_only =
        |it: &str| !it.is_empty() && it.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !name.split('.').all(words_only) {
        return Vec::new();
    }
    let path = format!("{}.ruff", name.replace('.', "/"));
    let beside = match importer.rfind(['/', std::path::MAIN_SEPARATOR]) {
        Some(at) => &importer[..=at],
        None => "",
    };
    let mut files = Vec::new();
    for folder in std::iter::once(beside).chain(roots.iter().map(String::as_str)) {
        let slash = if folder.is_empty() || folder.ends_with(['/', std::path::MAIN_SEPARATOR]) {
            ""
        } else {
            "/"
        };
        for file in [format!("{folder}{slash}{path}"), format!("{folder}{slash}src/{path}")] {
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    files
}
