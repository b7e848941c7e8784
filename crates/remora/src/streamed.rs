//! A program that runs while its module comes.
//!
//! A call of a function that has not come waits for it, and the program does nothing else meanwhile: so it prints and gives
//! what it would if all of it were there, whatever the pieces. As with [`Loading`], nothing here waits by itself or knows a
//! runtime.

use std::sync::Arc;

use remora_bytecode::{Budget, FnIdx, VerifiedCode};
use remora_vm::{ArrivalError, Outcome, Res};

use crate::engine::{no_module, not_linked, not_sound};
use crate::{Error, IntoArgs, Loading, Module, Progress, Rejected, Settings, Value, Vm};

/// A program that runs while its module comes.
///
/// ```
/// use remora::{Engine, Progress, Settings, Streamed, Turn, Value};
///
/// let text = "print(1)\nfunc later() { return 2 }\nprint(later())";
/// let bytes = Engine::new().compile("a.ruff", text)?.to_bytes(false);
/// let mut pieces = bytes.chunks(16);
/// let mut next = || pieces.next().unwrap_or_default();
///
/// let mut loading = Engine::new().load_stream("a.rmod");
/// while loading.progress() < Progress::Header {
///     loading.feed(next())?;
/// }
/// let mut program = loading.begin(Settings::default())?;
/// let result = loop {
///     match program.run()? {
///         Turn::Done(value) => break value,
///         // A real program ends here when its connection does: `program.end()` says what is missing.
///         Turn::Waits { .. } => program.feed(next())?,
///     };
/// };
/// assert_eq!(result, Value::Null);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Streamed {
    loading: Loading,
    /// As its header tells of it.
    outline: remora_bytecode::Module,
    vm: Vm,
    /// Functions that the VM has.
    n_taken: usize,
    has_debug: bool,
    has_started: bool,
    /// Why there will be no more of it.
    broken: Option<Rejected>,
    /// Why what ran has ended, which nobody has been told.
    failed: Option<Error>,
}

/// How far a program has come.
#[derive(Clone, PartialEq, Debug)]
pub enum Turn {
    /// To its end, with this result.
    Done(Value),
    /// To a call of a function that has not come: [`Streamed::feed`] it, then [`Streamed::run`].
    Waits {
        /// Its name; `<main>` for the top level of the program.
        function: Arc<str>,
    },
}

/// Why a program that came as a stream did not come to its end.
#[derive(Debug)]
pub enum StreamError {
    /// The stream: what has come is not sound, or what has not come never will.
    Rejected(Rejected),
    /// The program: what it did not catch, or a limit.
    Failed(Error),
}

impl std::fmt::Display for StreamError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rejected(it) => it.fmt(f),
            Self::Failed(it) => it.fmt(f),
        }
    }
}

impl std::error::Error for StreamError {}

impl From<Rejected> for StreamError {
    fn from(it: Rejected) -> Self {
        Self::Rejected(it)
    }
}

impl From<Error> for StreamError {
    fn from(it: Error) -> Self {
        Self::Failed(it)
    }
}

impl Streamed {
    pub(crate) fn new(
        loading: Loading,
        module: &Module,
        settings: Settings,
    ) -> Result<Self, Rejected> {
        let mut new = Self {
            outline: module.bytecode().clone(),
            vm: Vm::new(module, settings),
            loading,
            n_taken: 0,
            has_debug: false,
            has_started: false,
            broken: None,
            failed: None,
        };
        new.take()?;
        Ok(new)
    }

    /// Takes the bytes that come next, in a piece of any size. Runs nothing.
    ///
    /// # Errors
    /// As [`Loading::feed`], and V-codes for a function that breaks a rule. What runs is given up then; the same error comes
    /// from whatever is called after.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Progress, Rejected> {
        self.check()?;
        let fed = self.loading.feed(bytes).and_then(|progress| self.take().map(|()| progress));
        fed.map_err(|it| self.break_off(it))
    }

    /// Says that no more bytes come.
    ///
    /// # Errors
    /// V0095 with what is missing, and which call waits for it; then as [`Streamed::feed`].
    pub fn end(&mut self) -> Result<(), Rejected> {
        self.check()?;
        if self.loading.stream.is_whole() {
            return Ok(());
        }
        let mut missing = no_module(&self.loading.name, &self.loading.stream.missing());
        if let (Some(name), Some(it)) =
            (self.vm.inner.awaited_function(), missing.diagnostics.first_mut())
        {
            it.notes.push(format!("the program calls `{name}`"));
        }
        Err(self.break_off(missing))
    }

    /// Goes on with what waits; if nothing does, runs the top level of the program, once.
    ///
    /// # Errors
    /// What the program did not catch, or a limit that it reached; R0026 if there is nothing to go on with. What is wrong
    /// with the stream.
    pub fn run(&mut self) -> Result<Turn, StreamError> {
        self.check_run()?;
        let waits = self.vm.inner.awaited_function().is_some();
        let outcome = if waits || std::mem::replace(&mut self.has_started, true) {
            self.vm.inner.go_on()
        } else {
            self.vm.inner.start()
        };
        self.turn(outcome)
    }

    /// Begins to call a top-level function by its name; if it waits, [`Streamed::run`] goes on.
    ///
    /// # Errors
    /// R0010 if there is no such function; R0026 if something else waits; else as [`Streamed::run`].
    pub fn call(&mut self, name: &str, args: impl IntoArgs) -> Result<Turn, StreamError> {
        self.check_run()?;
        let started = self.vm.begin_call(name, args)?;
        self.turn(Ok(started))
    }

    /// How much has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.loading.progress()
    }

    /// The VM, to see what it has used, or to call functions when all have come. A call there that would have to wait is
    /// R0026.
    pub const fn vm(&mut self) -> &mut Vm {
        &mut self.vm
    }

    fn turn(&mut self, outcome: Res<Outcome>) -> Result<Turn, StreamError> {
        match self.vm.proceed(outcome).map_err(|it| self.vm.error(it))? {
            Some(raw) => Ok(Turn::Done(self.vm.keep(raw))),
            None => {
                let function = self.vm.inner.awaited_function().unwrap_or_default();
                Ok(Turn::Waits { function })
            }
        }
    }

    /// Hands the VM what has come.
    fn take(&mut self) -> Result<(), Rejected> {
        let stream = &self.loading.stream;
        let sources = || remora_diagnostics::Source::new(self.loading.name.as_str(), "");
        let reject = |it| Rejected::new(vec![it], remora_diagnostics::SourceMap::single(sources()));
        let mut codes: Vec<VerifiedCode> = Vec::new();
        let index = |at: usize| FnIdx(u32::try_from(at).unwrap_or(u32::MAX));
        while let Some(code) = stream.code(index(self.n_taken)) {
            let at = index(self.n_taken);
            let code = self.outline.verify_code(at, code.clone(), &Budget::default());
            codes.push(code.map_err(|it| reject(not_sound(&it)))?);
            self.n_taken += 1;
        }
        if !codes.is_empty() {
            match self.vm.inner.arrive(&codes) {
                Ok(()) => {}
                Err(ArrivalError::Link(error)) => return Err(reject(not_linked(&error))),
                Err(ArrivalError::Fault(fault)) => self.failed = Some(Error::new(fault)),
            }
        }
        if let Some(debug) = stream.debug().filter(|_| !self.has_debug) {
            self.has_debug = true;
            let lines = (0..self.n_taken).map(index);
            let lines = lines.filter_map(|at| Some((at, stream.code(at)?.lines().clone())));
            self.vm.inner.add_debug(debug, lines);
        }
        Ok(())
    }

    fn check(&self) -> Result<(), Rejected> {
        self.broken.clone().map_or(Ok(()), Err)
    }

    fn check_run(&mut self) -> Result<(), StreamError> {
        self.check()?;
        self.failed.take().map_or(Ok(()), |it| Err(it.into()))
    }

    /// There will be no more: what runs is given up.
    fn break_off(&mut self, why: Rejected) -> Rejected {
        self.vm.inner.cancel();
        self.broken = Some(why.clone());
        why
    }
}
