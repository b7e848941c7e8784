//! Modules that a host has in memory, by the names of files.

use std::collections::HashMap;

use super::{Modules, NotFound, SourceFile, candidates};

/// Texts by the names of files: `tools/text.ruff` is the module `tools.text`.
///
/// ```
/// use remora::{Engine, Settings, Texts, Vm};
///
/// let texts = Texts::new().with("greet.ruff", "func hello(name) { return \"Hello, ${name}\" }");
/// let engine = Engine::new().with_modules(texts);
/// let module = engine.compile("main.ruff", "import greet\nprint(greet.hello(\"Ann\"))")?;
/// Vm::new(&module, Settings::default()).run()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Texts(HashMap<String, String>);

impl Texts {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// These and one more, below a root whose name is empty.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.0.insert(name.into(), text.into());
        self
    }
}

impl Modules for Texts {
    fn find(&self, importer: &str, name: &str) -> Result<SourceFile, NotFound> {
        let tried = candidates(importer, name, &[String::new()]);
        for name in &tried {
            if let Some(text) = self.0.get(name) {
                return Ok(SourceFile { name: name.clone(), text: text.clone() });
            }
        }
        Err(NotFound { tried, ..NotFound::default() })
    }
}
