//! Modules as files in folders. Nothing outside of the folders is read, whatever links say.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Modules, NotFound, SourceFile, candidates};

/// Longest text that is read: one byte more than a source may have, so that the parser says that it is too long.
const MAX_FILE: u64 = (1 << 20) + 1;

/// Folders with modules, in the order in which they are searched.
#[derive(Clone, Debug)]
pub struct Folders {
    roots: Vec<Root>,
    names: Vec<String>,
}

#[derive(Clone, Debug)]
struct Root {
    /// As it was given: files are called by it.
    given: PathBuf,
    /// With links followed.
    real: PathBuf,
}

impl Folders {
    /// The modules below these folders. An empty path is the working folder.
    ///
    /// # Errors
    /// What the system says about a folder that is not there.
    pub fn new<P: AsRef<Path>>(roots: impl IntoIterator<Item = P>) -> std::io::Result<Self> {
        let (mut found, mut names) = (Vec::new(), Vec::new());
        for given in roots {
            let given = given.as_ref();
            let folder = if given.as_os_str().is_empty() { Path::new(".") } else { given };
            found.push(Root { given: given.to_owned(), real: folder.canonicalize()? });
            names.push(given.to_string_lossy().into_owned());
        }
        Ok(Self { roots: found, names })
    }

    /// What a file is called, if it is below one of the folders: the same whichever way it was found.
    fn name_of(&self, real: &Path) -> Option<String> {
        self.roots.iter().find_map(|root| {
            let inside = real.strip_prefix(&root.real).ok()?;
            Some(root.given.join(inside).to_string_lossy().into_owned())
        })
    }
}

impl Modules for Folders {
    fn find(&self, importer: &str, name: &str) -> Result<SourceFile, NotFound> {
        let tried = candidates(importer, name, &self.names);
        for path in &tried {
            let Ok(real) = Path::new(path).canonicalize() else { continue };
            if !real.is_file() {
                continue;
            }
            let refused = |why: String| {
                Err(NotFound {
                    tried: Vec::new(),
                    why: Some(format!("`{path}` {why}")),
                    help: None,
                })
            };
            let Some(name) = self.name_of(&real) else {
                return refused("lies outside of all roots".to_owned());
            };
            return match text(&real) {
                Ok(text) => Ok(SourceFile { name, text }),
                Err(why) => refused(why),
            };
        }
        Err(NotFound { tried, ..NotFound::default() })
    }
}

fn text(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|it| it.take(MAX_FILE).read_to_end(&mut bytes));
    read.map_err(|error| format!("cannot be read: {error}"))?;
    String::from_utf8(bytes)
        .map_err(|error| format!("is not UTF-8 at byte {}", error.utf8_error().valid_up_to()))
}
