//! The door: runs a whole program.

use remora_diagnostics::{Advice, Code, Span};
use remora_syntax::ast::Program;

use crate::fiber::drive;
use crate::foreign::Foreign;
use crate::host::Host;
use crate::load::{Loader, load};
use crate::print;
use crate::session::{Module, Session};
use crate::stop::Stop;
use crate::value::{ErrorValue, Value};

/// Stack of the thread that [`on_big_stack`] makes: address space, used only as far as a script recurses.
pub const BIG_STACK: usize = 1 << 30;

/// How a program is run.
pub struct Options<'h> {
    /// What `args()` gives.
    pub args: Vec<String>,
    /// How many calls may be nested before L0003.
    pub max_frames: usize,
    /// How many calls, turns of loops and units of work of builtins are allowed before L0001.
    pub max_steps: u64,
    /// Bytes of native stack that may be used before L0003.
    pub native_stack: usize,
    /// Where printed text goes.
    pub output: &'h mut dyn FnMut(&str),
    /// The world around.
    pub host: &'h mut dyn Host,
    /// What the embedder adds to the language.
    pub foreign: Foreign,
    /// Where random numbers begin.
    pub seed: u64,
    /// Values are checked against type annotations.
    pub check_types: bool,
    /// What the main program's file is called.
    pub file: String,
    /// Finds the modules that are imported.
    pub loader: &'h mut Loader<'h>,
}

impl<'h> Options<'h> {
    /// The same for a shorter time: that of the modules that the program imports.
    fn shortened<'s>(self) -> Options<'s>
    where
        'h: 's,
    {
        Options {
            args: self.args,
            max_frames: self.max_frames,
            max_steps: self.max_steps,
            native_stack: self.native_stack,
            output: self.output,
            host: self.host,
            foreign: self.foreign,
            seed: self.seed,
            check_types: self.check_types,
            file: self.file,
            loader: self.loader,
        }
    }
}

/// How a program ended that ended well.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// The printed form of the last statement's value, if that was an expression.
    pub value: Option<String>,
    /// What `exit` was given, else 0.
    pub exit_code: i32,
}

/// An error that nobody caught.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OracleError {
    /// Which kind.
    pub code: Code,
    /// Where it was thrown.
    pub span: Span,
    /// What the script would see as `e.message`.
    pub message: String,
    /// Names of the running functions, outermost first.
    pub stack: Vec<String>,
    /// Where each of them was called; the module that is in, none for the main program.
    pub sites: Vec<(Option<String>, Span)>,
    /// What people are told besides the message.
    pub advice: Box<Advice>,
    /// The module that `span` is in; none for the main program.
    pub file: Option<String>,
}

/// Runs a program. `source` is the text that it was parsed from.
///
/// # Errors
/// The error that nobody caught, or the limit that was reached.
pub fn run(program: &Program, source: &str, options: Options<'_>) -> Result<Outcome, OracleError> {
    let mut files = load(program, &options.file, &mut *options.loader)?;
    let mut imports = std::mem::take(&mut files.imports).into_iter();
    let mut modules = vec![Module::new(None, source, program, imports.next().unwrap_or_default())];
    for (it, imports) in files.loaded.iter().zip(imports) {
        let (file, source) = (Some(&*it.file.name), &*it.file.text);
        modules.push(Module::new(file, source, &it.program, imports));
    }
    let session = Session::new(modules, options.shortened());
    let (value, exit_code) = match drive(&session) {
        Ok(Value::Null) => (None, 0),
        Ok(value) => (Some(print::display(&value)), 0),
        Err(Stop::Throw(error)) => return Err(reported(&session, &error)),
        Err(Stop::Exit(code)) => (None, code),
        Err(_) => (None, 0),
    };
    Ok(Outcome { value, exit_code })
}

/// What the embedder is told of an uncaught error.
fn reported(session: &Session<'_>, error: &ErrorValue<'_>) -> OracleError {
    let file = |module: usize| session.modules[module].file.map(str::to_owned);
    OracleError {
        code: error.code,
        span: error.span,
        message: error.message.to_string(),
        stack: error.stack.iter().map(|it| it.0.to_owned()).collect(),
        sites: error.stack.iter().map(|it| (file(it.2), it.1)).collect(),
        advice: Box::new(error.advice.clone()),
        file: file(error.module),
    }
}

/// Does `work` on a thread of its own with a stack of [`BIG_STACK`] bytes, for deep recursion in scripts.
/// Give [`Options::native_stack`] a little less than that.
///
/// # Panics
/// When `work` does, or when the system gives no thread.
pub fn on_big_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("oracle".to_owned()).stack_size(BIG_STACK);
        let handle = thread.spawn_scoped(scope, work).expect("the system gives a thread");
        handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
