//! What all tasks and generators of a run share: the program's modules, the world, the limits, the schedule.
//!
//! Only one of them runs at a time, so plain cells do; nothing keeps one borrowed while the script goes on.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use remora_diagnostics::{Advice, Code, Span};
use remora_syntax::ast::{FuncDecl, Program};

use crate::builtins::{self, Builtin, Random};
use crate::env;
use crate::eval::exported_names;
use crate::fiber::Schedule;
use crate::foreign::Foreign;
use crate::host::Host;
use crate::run::Options;
use crate::value::{Boxed, Dict, ErrorValue, FiberId, MethodKind, Value};

pub(crate) struct Session<'p> {
    pub(crate) host: RefCell<&'p mut dyn Host>,
    output: RefCell<&'p mut dyn FnMut(&str)>,
    pub(crate) args: Vec<String>,
    pub(crate) max_frames: usize,
    pub(crate) native_stack: usize,
    pub(crate) check_types: bool,
    pub(crate) foreign: Foreign,
    pub(crate) random: RefCell<Random>,
    /// Values that all tasks see by name.
    pub(crate) shared: RefCell<Dict<'p>>,
    pub(crate) steps_left: Cell<u64>,
    /// The main program, then the others.
    pub(crate) modules: Vec<Module<'p>>,
    pub(crate) builtins: HashMap<&'static str, &'static Builtin>,
    /// What kind each method without `self` is, once it is known.
    pub(crate) method_kinds: RefCell<HashMap<*const FuncDecl, MethodKind>>,
    pub(crate) schedule: RefCell<Schedule<'p>>,
    /// Fibers that nobody can resume any more.
    pub(crate) abandoned: Rc<RefCell<Vec<FiberId>>>,
}

/// A source file and its top-level names.
pub(crate) struct Module<'p> {
    /// None for the main program.
    pub(crate) file: Option<&'p str>,
    pub(crate) source: &'p str,
    pub(crate) program: &'p Program,
    /// The names that importers may use.
    pub(crate) exports: Vec<&'p str>,
    /// Which module the import statement at that offset means.
    pub(crate) imports: HashMap<u32, usize>,
    pub(crate) globals: RefCell<HashMap<&'p str, Global<'p>>>,
    /// The modules that names stand for.
    pub(crate) bound: RefCell<HashMap<&'p str, usize>>,
    /// Its top level has run, or runs.
    pub(crate) has_run: Cell<bool>,
}

impl<'p> Module<'p> {
    pub(crate) fn new(
        file: Option<&'p str>,
        source: &'p str,
        program: &'p Program,
        imports: HashMap<u32, usize>,
    ) -> Self {
        Self {
            file,
            source,
            program,
            exports: exported_names(program),
            imports,
            globals: RefCell::default(),
            bound: RefCell::default(),
            has_run: Cell::new(false),
        }
    }
}

/// A top-level name.
#[derive(Clone)]
pub(crate) struct Global<'p> {
    pub(crate) cell: Rc<env::Cell<'p>>,
    /// Its statement has run: top-level code sees it.
    pub(crate) declared: bool,
}

impl<'p> Session<'p> {
    pub(crate) fn new(modules: Vec<Module<'p>>, options: Options<'p>) -> Self {
        Self {
            host: RefCell::new(options.host),
            output: RefCell::new(options.output),
            args: options.args,
            max_frames: options.max_frames,
            native_stack: options.native_stack,
            check_types: options.check_types,
            shared: RefCell::default(),
            foreign: options.foreign,
            random: RefCell::new(Random::new(options.seed)),
            steps_left: Cell::new(options.max_steps),
            modules,
            builtins: builtins::table(),
            method_kinds: RefCell::default(),
            schedule: RefCell::default(),
            abandoned: Rc::default(),
        }
    }

    pub(crate) fn print(&self, text: &str) {
        (self.output.borrow_mut())(text);
    }

    /// The line of a place in a module, from 1.
    pub(crate) fn line(&self, module: usize, span: Span) -> i64 {
        let source = self.modules[module].source.as_bytes();
        let before = source.get(..span.start as usize).unwrap_or(source);
        let n_newlines = before.iter().filter(|it| **it == b'\n').count();
        i64::try_from(n_newlines + 1).unwrap_or(i64::MAX)
    }

    /// The limit that is reached when no stack for another generator or task is to be had.
    pub(crate) fn out_of_stacks(&self) -> Rc<ErrorValue<'p>> {
        Rc::new(ErrorValue {
            code: Code::L0002,
            message: "Memory limit reached".into(),
            module: 0,
            span: Span::default(),
            line: 1,
            stack: Vec::new(),
            advice: Advice::default(),
            thrown: Boxed(Value::Null),
            cause: None,
        })
    }
}
