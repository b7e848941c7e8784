//! A program that is written while it runs: what a read-eval-print loop, a notebook or a console in a game needs.
//!
//! Each input is compiled as a module of its own and linked after the earlier ones into one VM. Its first globals are the
//! variables of the session, in an order that never changes, so functions and closures of earlier inputs stay as they are
//! and a name that is declared anew is seen by them. Structs and enums are compiled again with each input, from their
//! trees, and linked to what they were: values of them stay values of them.
//!
//! All inputs together are one text, and places in messages are places in it.
//!
//! A module is compiled with the input that imports it first. Later inputs find what it exports by the numbers of its globals
//! and types. Its structs have no defaults there: these are code of the module, which is not compiled again.

mod declared;

use std::sync::Arc;
use std::time::Duration;

use remora_compiler::{After, Earlier, Files, Options};
use remora_diagnostics::{Severity, Source, SourceMap};
use remora_syntax::{ParseLimits, parse_from};

use self::declared::{Declared, carry_over};
use crate::engine::{Made, return_last};
use crate::vm::deadline;
use crate::{Engine, Error, Interrupt, Module, Rejected, Settings, Value, Vm};

/// What messages call the text of a session.
const NAME: &str = "<session>";

/// A program that is written while it runs: inputs, one after the other, in one VM.
///
/// ```
/// use remora::{Engine, Session, Settings};
///
/// let mut session = Session::new(&Engine::new(), Settings::default())?;
/// session.run("func twice(n) { return n * 2 }")?;
/// assert_eq!(session.run("twice(21)")?.as_deref(), Some("42"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Session {
    engine: Engine,
    /// All inputs that were accepted.
    text: String,
    /// The structs and enums, in the order of their numbers.
    types: Vec<Declared>,
    /// What it has imported.
    after: After,
    /// The last input that was accepted.
    module: Module,
    vm: Vm,
    fuel: Option<u64>,
    timeout: Option<Duration>,
}

/// Why an input gave no value.
#[derive(Debug)]
pub enum SessionError {
    /// It does not compile. The session is as it was.
    Rejected(Rejected),
    /// It failed while it ran. What it did before that stays done.
    Failed(Error),
}

impl std::fmt::Display for SessionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rejected(it) => it.fmt(f),
            Self::Failed(it) => it.fmt(f),
        }
    }
}

impl std::error::Error for SessionError {}

/// An input that was compiled but has not run.
struct Prepared {
    module: Module,
    text: String,
    types: Vec<Declared>,
    after: After,
}

impl Session {
    /// An empty session. `settings` hold for all of it, but fuel and timeout for each input.
    ///
    /// # Errors
    /// Never, unless the engine is broken.
    pub fn new(engine: &Engine, settings: Settings) -> Result<Self, Rejected> {
        let (fuel, timeout) = (settings.fuel, settings.timeout);
        let prepared = prepare(engine, None, "", &[], &After::default(), "")?;
        let vm = Vm::new(&prepared.module, settings);
        Ok(Self {
            engine: engine.clone(),
            text: String::new(),
            types: Vec::new(),
            after: After::default(),
            module: prepared.module,
            vm,
            fuel,
            timeout,
        })
    }

    /// Runs an input, and gives the value of its last expression as `print` shows it; `None` for null.
    ///
    /// # Errors
    /// It does not compile, or fails.
    ///
    /// # Cost
    /// Compiling is linear in the input and in the structs and enums of the session; beside that a few words for each
    /// earlier function.
    pub fn run(&mut self, input: &str) -> Result<Option<String>, SessionError> {
        self.accept(input)?;
        self.vm.run_shown().map_err(SessionError::Failed)
    }

    /// The same for inputs that wait for async functions of the host. One that is dropped has declared what it declares.
    ///
    /// # Errors
    /// As [`Session::run`].
    pub async fn run_async(&mut self, input: &str) -> Result<Option<String>, SessionError> {
        self.accept(input)?;
        match self.vm.run_async().await.map_err(SessionError::Failed)? {
            Value::Null => Ok(None),
            value => self.vm.display(&value).map(Some).map_err(SessionError::Failed),
        }
    }

    /// Makes an input the program that runs next.
    fn accept(&mut self, input: &str) -> Result<(), SessionError> {
        let Prepared { module, text, types, after } =
            self.prepare(input).map_err(SessionError::Rejected)?;
        let grown = self.vm.inner.grow(Arc::clone(module.loaded()));
        grown.map_err(|it| SessionError::Failed(Error::new(it)))?;
        (self.module, self.text, self.types, self.after) = (module, text, types, after);
        let fuel = self.vm.inner.fuel_mut();
        fuel.refill(self.fuel.unwrap_or(u64::MAX));
        fuel.set_watch(self.timeout.and_then(deadline));
        fuel.interrupt_flag().store(false, std::sync::atomic::Ordering::Relaxed);
        Ok(())
    }

    /// The VM in which all inputs run, to give its functions what they need: see [`Vm::insert`].
    pub const fn vm_mut(&mut self) -> &mut Vm {
        &mut self.vm
    }

    /// Compiles an input without running it; the session stays as it is.
    ///
    /// # Errors
    /// It does not compile.
    pub fn compile(&self, input: &str) -> Result<Module, Rejected> {
        self.prepare(input).map(|it| it.module)
    }

    fn prepare(&self, input: &str) -> Result<Prepared, Rejected> {
        let before = Some(&self.module);
        prepare(&self.engine, before, &self.text, &self.types, &self.after, input)
    }

    /// The last input that was accepted: its warnings, its code, and the text that places refer to.
    #[must_use]
    pub const fn module(&self) -> &Module {
        &self.module
    }

    /// The VM, to see what it has used.
    pub const fn vm(&mut self) -> &mut Vm {
        &mut self.vm
    }

    /// Stops what runs, from another thread.
    #[must_use]
    pub fn interrupt(&self) -> Interrupt {
        self.vm.interrupt()
    }

    /// The names that the session has declared.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let globals = self.module.bytecode().globals.iter().zip(&self.after.hidden);
        let globals = globals.filter(|(_, hidden)| !**hidden).map(|(it, _)| &*it.name);
        let globals = globals.chain(self.after.imports.iter().map(|it| it.name.as_str()));
        let types = self.types.iter().filter(|it| !it.hidden);
        globals.chain(types.filter_map(Declared::name))
    }

    /// The names of fields, methods and variants of the session's structs and enums.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        self.types.iter().filter(|it| !it.hidden).flat_map(Declared::members)
    }
}

fn prepare(
    engine: &Engine,
    before: Option<&Module>,
    earlier_text: &str,
    earlier_types: &[Declared],
    after: &After,
    input: &str,
) -> Result<Prepared, Rejected> {
    let text = format!("{earlier_text}{input}\n");
    // Places are places in the whole text.
    let parsed = parse_from(&text, earlier_text.len(), &ParseLimits::default());
    if parsed.diagnostics.iter().any(|it| it.severity == Severity::Error) {
        let sources = SourceMap::single(Source::new(NAME, text.as_str()));
        return Err(Rejected::new(parsed.diagnostics, sources));
    }
    let mut program = parsed.program;
    return_last(&mut program);
    let mut types = carry_over(earlier_types, &mut program);
    let globals = before.map(|it| &it.bytecode().globals).into_iter().flatten();
    let hidden = after.hidden.iter().copied().chain(std::iter::repeat(false));
    let earlier = globals.zip(hidden).map(|(it, hidden)| Earlier {
        name: it.name.to_string(),
        mutable: it.mutable,
        hidden,
    });
    let options = Options {
        module_name: NAME.to_owned(),
        check_types: engine.checks_types(),
        earlier: earlier.collect(),
        earlier_modules: after.modules.clone(),
        earlier_imports: after.imports.clone(),
        ..Options::default()
    };
    let mut files = Files::of_program(NAME, &text, program);
    // The sources after the first are the modules that were imported.
    for it in before.into_iter().flat_map(|it| it.sources().iter().skip(1)) {
        files.add_earlier(it.name(), it.text());
    }
    let Made { module, sources, warnings, after } =
        engine.compile_loaded(files, parsed.diagnostics, &options)?;
    for (nth, def) in module.types.iter().enumerate().skip(types.len()) {
        types.push(Declared::nameless(def, nth));
    }
    let before = before.map(|it| &**it.loaded());
    let module = engine.accept_after(before, module, Arc::new(sources), warnings)?;
    Ok(Prepared { module, text, types, after })
}
