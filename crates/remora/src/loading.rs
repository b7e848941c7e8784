//! A module that is loaded while its bytes come, from any source: its owner pushes what has come, when it comes.
//!
//! Nothing here waits or knows a runtime: read from a file, a socket or a channel as you like, and [`Loading::feed`] each
//! piece. The program may run while the rest of it comes: [`Loading::begin`].

use remora_bytecode::wire::{Stream, WireBudget};

use crate::engine::no_module;
use crate::{Engine, Module, Rejected, Settings, Streamed};

/// How much of a module has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Progress {
    /// Not even the header.
    Nothing,
    /// The header, which says how many bytes there are up to the end of the start function.
    Header,
    /// The start function: the program can do something.
    Beginning,
    /// All functions. What may follow is for messages only.
    Functions,
}

/// A module that is being loaded.
#[derive(Debug)]
pub struct Loading {
    engine: Engine,
    pub(crate) name: String,
    pub(crate) stream: Stream,
}

impl Loading {
    pub(crate) fn new(engine: Engine, name: &str) -> Self {
        Self { engine, name: name.to_owned(), stream: Stream::new(&WireBudget::default()) }
    }

    /// Takes the bytes that come next, in a piece of any size.
    ///
    /// # Errors
    /// V0091, V0093 or L0008, as soon as it can be seen that this is no module.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Progress, Rejected> {
        match self.stream.feed(bytes) {
            Ok(()) => Ok(self.progress()),
            Err(error) => Err(no_module(&self.name, &error)),
        }
    }

    /// How much has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        match self.stream.functions() {
            None => Progress::Nothing,
            Some((come, all)) if come == all => Progress::Functions,
            Some(_) if self.stream.can_begin() => Progress::Beginning,
            Some(_) => Progress::Header,
        }
    }

    /// How many bytes there are from the first one to the end of the start function; `None` before the header has come,
    /// and if there is no such function.
    #[must_use]
    pub fn bytes_before_start(&self) -> Option<u64> {
        self.stream.bytes_before_start()
    }

    /// Begins to run the program while the rest of it comes: see [`Streamed`]. Nothing runs yet.
    ///
    /// # Errors
    /// V-codes if the header breaks a rule, or a function that has come; V0095 before [`Progress::Header`].
    pub fn begin(self, settings: Settings) -> Result<Streamed, Rejected> {
        match self.stream.outline() {
            Some(outline) => {
                let module = self.engine.accept_outline(&self.name, outline)?;
                Streamed::new(self, &module, settings)
            }
            None => Err(no_module(&self.name, &self.stream.missing())),
        }
    }

    /// The whole module, after its last byte.
    ///
    /// # Errors
    /// V0095, naming what is missing; else as [`Engine::load`].
    pub fn finish(self) -> Result<Module, Rejected> {
        let module = self.stream.end().map_err(|error| no_module(&self.name, &error))?;
        self.engine.accept_read(&self.name, module)
    }
}
