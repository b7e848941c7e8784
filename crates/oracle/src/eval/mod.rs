//! The evaluator: what it knows while it runs, and how names are looked up.

mod assign;
mod call;
mod control;
mod errors;
mod expr;
mod fields;
mod hoist;
mod iterate;
mod method;
mod pattern;
mod place;
mod stmt;
mod structs;

use std::collections::HashMap;
use std::rc::Rc;

use remora_diagnostics::{Advice, Code, Span};
use remora_syntax::ast::{Block, FuncDecl, Program, Stmt, StmtKind};

pub(crate) use self::iterate::Iteration;
pub(crate) use self::place::{key_of, position};
use crate::builtins::{self, Builtin};
use crate::env::{Cell, Env, Found, Unreadable};
use crate::run::{Options, OracleError, Outcome};
use crate::stop::{Eval, Raise, Stop};
use crate::value::{Boxed, ErrorValue, MethodKind, Value};

/// A program that runs. `'h` is the host, `'p` the program.
pub(crate) struct Interp<'h, 'p> {
    pub(crate) options: Options<'h>,
    pub(crate) random: crate::builtins::Random,
    /// Values that all tasks see by name.
    pub(crate) shared: crate::value::Dict<'p>,
    source: &'h str,
    globals: HashMap<&'p str, Global<'p>>,
    builtins: HashMap<&'static str, &'static Builtin>,
    /// Names of the functions that run, outermost first.
    frames: Vec<&'p str>,
    /// Where each of them was called.
    sites: Vec<Span>,
    /// Where the call that a tail call goes on with was made.
    site: Option<Span>,
    steps_left: u64,
    /// What kind each method without `self` is, once it is known.
    method_kinds: HashMap<*const FuncDecl, MethodKind>,
    /// Address of a local variable of [`Interp::program`].
    stack_base: usize,
}

/// A top-level name.
struct Global<'p> {
    cell: Rc<Cell<'p>>,
    /// Its statement has run: top-level code sees it.
    declared: bool,
}

/// One call of a function, or the top level.
pub(crate) struct Frame<'p> {
    /// Names seen here.
    env: Env<'p>,
    /// Cells that the functions of this block captured before their statements have run.
    ahead: Vec<Rc<Cell<'p>>>,
    /// `self`, in methods and in closures made there.
    this: Option<Rc<Cell<'p>>>,
    /// False at the top level.
    in_function: bool,
    /// Names declared here are globals.
    is_top: bool,
    /// `return f(x)` may leave before the call: not in methods, and not inside `try`.
    may_tail_call: bool,
}

/// Where an expression stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    /// Its value is used here.
    Value,
    /// Its value is what the function returns, so that a call in its place may leave the function before it is made.
    Returned,
}

/// What a name means.
pub(crate) enum Meaning<'p> {
    Variable(Rc<Cell<'p>>),
    /// A field of `self`, in a method of the older style.
    Field(&'p str),
    Builtin(&'static Builtin),
    /// The name `None`.
    Nothing,
    Unknown,
}

impl<'h, 'p> Interp<'h, 'p> {
    pub(crate) fn new(source: &'h str, options: Options<'h>) -> Self {
        Self {
            random: crate::builtins::Random::new(options.seed),
            shared: crate::value::Dict::default(),
            steps_left: options.max_steps,
            options,
            source,
            globals: HashMap::new(),
            builtins: builtins::table(),
            frames: Vec::new(),
            sites: Vec::new(),
            site: None,
            method_kinds: HashMap::new(),
            stack_base: 0,
        }
    }

    /// Runs the whole program.
    pub(crate) fn program(&mut self, program: &'p Program) -> Result<Outcome, OracleError> {
        self.stack_base = stack_address();
        let mut frame = Frame {
            env: Env::default(),
            ahead: Vec::new(),
            this: None,
            in_function: false,
            is_top: true,
            may_tail_call: false,
        };
        self.hoist_globals(&program.stmts);
        let end = self.stmts(&mut frame, &program.stmts);
        let (value, exit_code) = match end {
            Ok(Value::Null) => (None, 0),
            Ok(value) => (Some(crate::print::display(&value)), 0),
            Err(Stop::Throw(error)) => return Err(reported(&error)),
            Err(Stop::Exit(code)) => (None, code),
            Err(_) => (None, 0),
        };
        Ok(Outcome { value, exit_code })
    }

    /// An error thrown now, at `span`.
    pub(crate) fn raise(&self, span: Span, raise: Raise) -> Stop<'p> {
        let stop = self.throw_new(span, raise.code, raise.message.into(), Value::Null);
        if let Stop::Throw(mut error) = stop {
            Rc::make_mut(&mut error).advice = raise.advice;
            return Stop::Throw(error);
        }
        stop
    }

    pub(crate) fn throw_new(
        &self,
        span: Span,
        code: Code,
        message: Rc<str>,
        thrown: Value<'p>,
    ) -> Stop<'p> {
        Stop::Throw(Rc::new(ErrorValue {
            code,
            message,
            span,
            line: self.line(span),
            stack: self.frames.clone(),
            sites: self.sites.clone(),
            advice: Advice::default(),
            thrown: Boxed(thrown),
            cause: None,
        }))
    }

    pub(crate) fn fail<T>(
        &self,
        span: Span,
        code: Code,
        message: impl Into<String>,
    ) -> Eval<'p, T> {
        Err(self.raise(span, Raise::new(code, message)))
    }

    /// Gives an error its place.
    pub(crate) fn at<T>(&self, span: Span, result: Result<T, Raise>) -> Eval<'p, T> {
        result.map_err(|it| self.raise(span, it))
    }

    /// The line of a place, from 1.
    fn line(&self, span: Span) -> i64 {
        let before =
            self.source.as_bytes().get(..span.start as usize).unwrap_or(self.source.as_bytes());
        let n_newlines = before.iter().filter(|it| **it == b'\n').count();
        i64::try_from(n_newlines + 1).unwrap_or(i64::MAX)
    }

    /// Counts work; L0001 when there has been too much.
    pub(crate) fn charge(&mut self, span: Span, steps: usize) -> Eval<'p, ()> {
        match u64::try_from(steps).ok().and_then(|it| self.steps_left.checked_sub(it)) {
            Some(left) => {
                self.steps_left = left;
                Ok(())
            }
            None => {
                self.steps_left = 0;
                self.fail(span, Code::L0001, "Fuel used up")
            }
        }
    }

    pub(crate) fn equal(
        &mut self,
        span: Span,
        left: &Value<'p>,
        right: &Value<'p>,
    ) -> Eval<'p, bool> {
        match crate::ops::equal(left, right, &mut self.steps_left) {
            Some(equal) => Ok(equal),
            None => self.fail(span, Code::L0001, "Fuel used up"),
        }
    }

    /// Whether so much native stack is used that no further call may be made.
    fn is_stack_used_up(&self) -> bool {
        self.stack_base.abs_diff(stack_address()) > self.options.native_stack
    }

    fn meaning(&self, frame: &Frame<'p>, name: &str) -> Meaning<'p> {
        match frame.env.find(name) {
            Some(Found::Variable(cell)) => return Meaning::Variable(cell),
            Some(Found::Field(field)) => return Meaning::Field(field),
            None => {}
        }
        if let Some(global) = self.globals.get(name)
            && (frame.in_function || global.declared)
        {
            return Meaning::Variable(Rc::clone(&global.cell));
        }
        match self.builtins.get(name) {
            Some(builtin) => Meaning::Builtin(builtin),
            None if name == "None" => Meaning::Nothing,
            None => Meaning::Unknown,
        }
    }

    /// What a name holds.
    fn name(&self, frame: &Frame<'p>, name: &str, span: Span) -> Eval<'p> {
        match self.meaning(frame, name) {
            Meaning::Variable(cell) => self.read(&cell, span),
            Meaning::Field(field) => {
                let this = self.this(frame, span)?;
                self.at(span, place::attr(&this, field))
            }
            Meaning::Builtin(builtin) => Ok(Value::Builtin(builtin)),
            Meaning::Nothing => Ok(Value::Nothing),
            Meaning::Unknown => self.fail(span, Code::E0101, format!("Unknown name: {name}")),
        }
    }

    fn read(&self, cell: &Cell<'p>, span: Span) -> Eval<'p> {
        cell.read().map_err(|why| self.unreadable(cell.name, why, span))
    }

    fn write(&self, cell: &Cell<'p>, value: Value<'p>, span: Span) -> Eval<'p, ()> {
        cell.write(value).map_err(|why| self.unreadable(cell.name, why, span))
    }

    fn unreadable(&self, name: &str, why: Unreadable, span: Span) -> Stop<'p> {
        self.raise(
            span,
            match why {
                Unreadable::Undefined => {
                    Raise::new(Code::R0014, format!("Variable used before it is defined: {name}"))
                }
                Unreadable::BeingChanged => {
                    Raise::new(Code::R0022, format!("Variable is being changed: {name}"))
                }
            },
        )
    }

    /// The value of `self`.
    fn this(&self, frame: &Frame<'p>, span: Span) -> Eval<'p> {
        match &frame.this {
            Some(cell) => self.read(cell, span),
            None => self.fail(span, Code::E0119, "self outside a method"),
        }
    }

    /// Declares a name here with its first value.
    fn declare(
        &mut self,
        frame: &mut Frame<'p>,
        name: &'p str,
        mutable: bool,
        value: Value<'p>,
    ) -> Rc<Cell<'p>> {
        let cell = self.declare_empty(frame, name, mutable);
        cell.put_back(value);
        cell
    }

    /// Declares a name here; it has no value yet.
    fn declare_empty(
        &mut self,
        frame: &mut Frame<'p>,
        name: &'p str,
        mutable: bool,
    ) -> Rc<Cell<'p>> {
        if frame.is_top {
            let cell = || Global { cell: Cell::empty(name, mutable), declared: false };
            let global = self.globals.entry(name).or_insert_with(cell);
            global.declared = true;
            return Rc::clone(&global.cell);
        }
        let known = frame.ahead.iter().find(|it| it.name == name);
        let cell = known.map_or_else(|| Cell::empty(name, mutable), Rc::clone);
        frame.env.declare(Rc::clone(&cell));
        cell
    }

    /// Does `work` in a scope inside the current one.
    fn scoped<T>(
        &mut self,
        frame: &mut Frame<'p>,
        work: impl FnOnce(&mut Self, &mut Frame<'p>) -> Eval<'p, T>,
    ) -> Eval<'p, T> {
        let env = frame.env.clone();
        let ahead = std::mem::take(&mut frame.ahead);
        let is_top = std::mem::replace(&mut frame.is_top, false);
        let result = work(self, frame);
        frame.env = env;
        frame.ahead = ahead;
        frame.is_top = is_top;
        result
    }

    /// Runs a block in a scope of its own; its value is that of its last statement.
    fn block(&mut self, frame: &mut Frame<'p>, block: &'p Block) -> Eval<'p> {
        self.block_in(frame, block, Position::Value)
    }

    fn block_in(&mut self, frame: &mut Frame<'p>, block: &'p Block, place: Position) -> Eval<'p> {
        self.scoped(frame, |this, frame| {
            this.hoist(frame, &block.stmts);
            match block.stmts.split_last() {
                Some((Stmt { kind: StmtKind::Expr(last), .. }, before)) => {
                    this.stmts(frame, before)?;
                    this.expr_in(frame, last, place)
                }
                _ => this.stmts(frame, &block.stmts),
            }
        })
    }
}

/// What the embedder is told of an uncaught error.
fn reported(error: &ErrorValue<'_>) -> OracleError {
    OracleError {
        code: error.code,
        span: error.span,
        message: error.message.to_string(),
        stack: error.stack.iter().map(|it| (*it).to_owned()).collect(),
        sites: error.sites.clone(),
        advice: Box::new(error.advice.clone()),
    }
}

/// About where the native stack ends now.
#[inline(never)]
fn stack_address() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}
