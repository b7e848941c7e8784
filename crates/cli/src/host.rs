//! The command as a host ships it: under its own name, with its own functions.
//!
//! Whatever the command does, it does with the host's engine: programs are checked against its functions, with did-you-mean,
//! the repl completes them, `doc` lists them, `test` and `run` call them, and modules are linked with them.

use std::ffi::OsString;
use std::pin::pin;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use clap::{CommandFactory, FromArgMatches};
use remora::{Engine, Error, Module, Session, SessionError, Settings, Tier, Value, Vm};

use crate::args::{Command, EngineKind, Verb};
use crate::cmd;
use crate::exit::Exit;

/// Makes a VM ready for the host's functions.
type Prepare = Rc<dyn Fn(&mut Vm)>;

/// A command line for an engine.
///
/// ```
/// # use remora::Engine;
/// # use remora_cli::{Cli, Exit};
/// let engine = Engine::builder().function("discount", |price: f64| price * 0.9).build();
/// let cli = Cli::new(engine).name("pricing").about("Runs pricing rules");
/// assert_eq!(cli.run(["pricing", "-e", "print(discount(10.0))"]), Exit::Ok);
/// assert_eq!(cli.run(["pricing", "-e", "print(discont(10.0))"]), Exit::Source);
/// ```
///
/// In the `main` of a host it is `Cli::new(engine).run_process()`.
#[derive(Clone)]
pub struct Cli {
    pub(crate) engine: Engine,
    pub(crate) name: &'static str,
    version: &'static str,
    about: Option<&'static str>,
    prepare: Option<Prepare>,
}

impl Cli {
    /// The command `remora` for that engine, until it is told another name.
    #[must_use]
    pub const fn new(engine: Engine) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        Self { engine, name: "remora", version, about: None, prepare: None }
    }

    /// What the command is called, in its help, its messages and the file of its history.
    #[must_use]
    pub fn name(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// What `--version` says.
    #[must_use]
    pub fn version(self, version: &'static str) -> Self {
        Self { version, ..self }
    }

    /// The first line of its help.
    #[must_use]
    pub fn about(self, about: &'static str) -> Self {
        Self { about: Some(about), ..self }
    }

    /// Makes each VM ready before anything runs in it: with [`Vm::insert`], what the host's functions look for in their
    /// [`Ctx`](remora::Ctx).
    #[must_use]
    pub fn prepare_vms(self, prepare: impl Fn(&mut Vm) + 'static) -> Self {
        Self { prepare: Some(Rc::new(prepare)), ..self }
    }

    /// Reads the command line of the process and does what it says.
    #[must_use]
    pub fn run_process(&self) -> ExitCode {
        self.run(std::env::args_os()).into()
    }

    /// Does what a command line says, whose first word is the command itself.
    pub fn run<T: Into<OsString> + Clone>(&self, words: impl IntoIterator<Item = T>) -> Exit {
        let matches = self.command().try_get_matches_from(words);
        match matches.and_then(|it| Command::from_arg_matches(&it)) {
            Ok(command) => self.dispatch(&command),
            Err(error) => {
                // Help and version come this way too, and go to standard output.
                drop(error.print());
                if error.use_stderr() { Exit::Usage } else { Exit::Ok }
            }
        }
    }

    /// The same command, whose programs run in that engine.
    pub(crate) fn with_engine(&self, kind: EngineKind) -> Self {
        let tier = if kind == EngineKind::Closure { Tier::Closures } else { Tier::Loop };
        Self { engine: self.engine.clone().with_tier(tier), ..self.clone() }
    }

    fn dispatch(&self, command: &Command) -> Exit {
        match &command.verb {
            None => cmd::run::run(self, &command.run),
            Some(Verb::Run(args)) => cmd::run::run(self, args),
            Some(Verb::Check(args)) => cmd::check::check(self, args),
            Some(Verb::Build(args)) => cmd::build::build(self, args),
            Some(Verb::Dis(args)) => cmd::dis::dis(self, args),
            Some(Verb::Asm(args)) => cmd::asm::asm(self, args),
            Some(Verb::Verify(args)) => cmd::verify::verify(self, args),
            Some(Verb::Explain(args)) => cmd::explain::explain(args),
            Some(Verb::Doc(args)) => cmd::doc::doc(self, args),
            Some(Verb::Repl(args)) => cmd::repl::repl(self, args),
            Some(Verb::Fmt(args)) => cmd::fmt::fmt(args),
            Some(Verb::Test(args)) => cmd::test::test(self, args),
            Some(Verb::Trace(args)) => cmd::trace::trace(self, args),
            Some(Verb::New(args)) => cmd::new::new(args),
            Some(Verb::Completions(args)) => cmd::completions::completions(self, args),
        }
    }

    /// The command line, as clap reads it.
    pub(crate) fn command(&self) -> clap::Command {
        let command = Command::command().name(self.name).bin_name(self.name).version(self.version);
        match self.about {
            Some(about) => command.about(about),
            None => command,
        }
    }

    /// How the repl introduces itself.
    pub(crate) fn title(&self) -> String {
        let name = if self.name == "remora" { "Remora" } else { self.name };
        format!("{name} {}", self.version)
    }

    /// A VM that is ready for the host's functions.
    pub(crate) fn vm(&self, module: &Module, settings: Settings) -> Vm {
        let mut vm = Vm::new(module, settings);
        self.prepare(&mut vm);
        vm
    }

    pub(crate) fn prepare(&self, vm: &mut Vm) {
        if let Some(prepare) = &self.prepare {
            prepare(vm);
        }
    }

    /// Runs a program, and gives its result as `print` shows it; `None` for null.
    pub(crate) fn run_shown(&self, vm: &mut Vm) -> Result<Option<String>, Error> {
        if !self.engine.has_async_functions() {
            return vm.run_shown();
        }
        match block_on(vm.run_async())? {
            Value::Null => Ok(None),
            value => vm.display(&value).map(Some),
        }
    }

    /// Calls a function.
    pub(crate) fn call(&self, vm: &mut Vm, name: &str, args: &[Value]) -> Result<Value, Error> {
        if self.engine.has_async_functions() {
            return block_on(vm.call_async(name, args));
        }
        vm.call(name, args)
    }

    /// The same, and gives the result as `print` shows it; `None` for null.
    pub(crate) fn call_shown(
        &self,
        vm: &mut Vm,
        name: &str,
        args: &[Value],
    ) -> Result<Option<String>, Error> {
        if !self.engine.has_async_functions() {
            return vm.call_shown(name, args);
        }
        match self.call(vm, name, args)? {
            Value::Null => Ok(None),
            value => vm.display(&value).map(Some),
        }
    }

    /// Runs an input of the repl.
    pub(crate) fn run_input(
        &self,
        session: &mut Session,
        input: &str,
    ) -> Result<Option<String>, SessionError> {
        if self.engine.has_async_functions() {
            return block_on(session.run_async(input));
        }
        session.run(input)
    }
}

impl std::fmt::Debug for Cli {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cli").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Wakes the thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a future on this thread, inside whatever runtime the host has entered.
fn block_on<F: Future>(future: F) -> F::Output {
    /// How long a program waits at most before its limits are looked at.
    const LOOK: Duration = Duration::from_millis(10);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            // Ctrl-C and a deadline wake nobody.
            Poll::Pending => std::thread::park_timeout(LOOK),
        }
    }
}
