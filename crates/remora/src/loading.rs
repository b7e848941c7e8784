//! A module that is loaded while its bytes come, from any source: its owner pushes what has come, when it comes.
//!
//! Nothing here waits or knows a runtime: read from a file, a socket or a channel as you like, and [`Loading::feed`] each
//! piece. The program may begin before the last piece: [`Loading::beginning`].

use remora_bytecode::wire::{Stream, WireBudget};

use crate::engine::no_module;
use crate::{Engine, Module, Rejected};

/// How much of a module has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Progress {
    /// Not even the header.
    Nothing,
    /// The header, which says how many bytes there are up to the end of the start function.
    Header,
    /// The start function, and all that it can come to call: the program can begin.
    Beginning,
    /// All functions. What may follow is for messages only.
    Functions,
}

/// A module that is being loaded.
#[derive(Debug)]
pub struct Loading {
    engine: Engine,
    name: String,
    stream: Stream,
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

    /// The program, as far as its top level can come to use it. To call other functions of it, wait for
    /// [`Loading::finish`]: they have no names here yet.
    ///
    /// # Errors
    /// V-codes if what has come breaks a rule; V0095 before [`Progress::Beginning`].
    pub fn beginning(&self) -> Result<Module, Rejected> {
        match self.stream.beginning() {
            Some(module) => self.engine.accept_read(&self.name, module),
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
