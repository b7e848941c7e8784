//! The evaluator: what it knows while it runs, and how names are looked up.

mod assign;
mod call;
mod control;
mod coroutine;
mod declared;
mod errors;
mod expr;
mod fields;
mod foreign;
mod hoist;
mod import;
mod iterate;
mod lazy;
mod method;
mod operator;
mod pattern;
mod place;
mod stmt;
mod structs;

use std::rc::Rc;

use remora_diagnostics::{Advice, Code, Span};
use remora_syntax::ast::{Block, Stmt, StmtKind};

pub(crate) use self::import::exported_names;
pub(crate) use self::iterate::Iteration;
pub(crate) use self::place::{key_of, position};
use crate::builtins::Builtin;
use crate::env::{Cell, Env, Found, Unreadable};
use crate::fiber::{Frames, Link};
use crate::foreign::ForeignFunction;
use crate::session::{Global, Session};
use crate::stop::{Eval, Raise, Stop};
use crate::value::{Boxed, ErrorValue, FuncRef, Task, Value};

/// What runs on one fiber. `'h` is the fiber, `'p` the program.
pub(crate) struct Interp<'h, 'p> {
    pub(crate) session: &'h Session<'p>,
    link: &'h Link<'p>,
    /// The task that runs.
    pub(crate) task: Rc<Task<'p>>,
    /// Names of the functions that run, outermost first; also those below a generator.
    frames: Frames<'p>,
    /// Where the call that a tail call goes on with was made.
    site: Option<Span>,
    /// The module of the function that runs.
    pub(crate) module: usize,
    /// Where the native stack begins, and how much of it calls may use up.
    stack_base: usize,
    stack_limit: usize,
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
    /// `yield` may stand here.
    in_generator: bool,
    /// What runs here, if that is a function.
    func: Option<FuncRef<'p>>,
}

impl<'p> Frame<'p> {
    /// Of a function that sees `env`.
    fn of_call(env: Env<'p>, this: Option<Rc<Cell<'p>>>) -> Self {
        Self {
            env,
            ahead: Vec::new(),
            this,
            in_function: true,
            is_top: false,
            may_tail_call: false,
            in_generator: false,
            func: None,
        }
    }

    /// Of the top level of a module.
    fn of_module() -> Self {
        Self { in_function: false, is_top: true, ..Self::of_call(Env::default(), None) }
    }
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
    Foreign(&'static ForeignFunction),
    /// The name of an imported module.
    Module(usize),
    /// The name `None`.
    Nothing,
    Unknown,
}

impl<'h, 'p> Interp<'h, 'p> {
    pub(crate) fn new(
        session: &'h Session<'p>,
        link: &'h Link<'p>,
        stack_limit: usize,
        task: Rc<Task<'p>>,
        frames: Frames<'p>,
    ) -> Self {
        Self {
            session,
            link,
            task,
            frames,
            site: None,
            module: 0,
            stack_base: stack_address(),
            stack_limit,
        }
    }

    pub(crate) fn into_frames(self) -> Frames<'p> {
        self.frames
    }

    pub(crate) fn enter_module(&mut self, module: usize) {
        self.module = module;
    }

    /// Runs the main program.
    pub(crate) fn main(&mut self) -> Eval<'p> {
        self.hoist_modules();
        let program = self.session.modules[self.module].program;
        self.stmts(&mut Frame::of_module(), &program.stmts)
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
            module: self.module,
            span,
            line: self.session.line(self.module, span),
            stack: self.frames.clone(),
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

    /// Counts work; L0001 when there has been too much.
    pub(crate) fn charge(&mut self, span: Span, steps: usize) -> Eval<'p, ()> {
        let steps_left = &self.session.steps_left;
        match u64::try_from(steps).ok().and_then(|it| steps_left.get().checked_sub(it)) {
            Some(left) => {
                steps_left.set(left);
                Ok(())
            }
            None => {
                steps_left.set(0);
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
        let mut steps_left = self.session.steps_left.get();
        let equal = crate::ops::equal(left, right, &mut steps_left);
        self.session.steps_left.set(if equal.is_some() { steps_left } else { 0 });
        match equal {
            Some(equal) => Ok(equal),
            None => self.fail(span, Code::L0001, "Fuel used up"),
        }
    }

    /// Whether so much native stack is used that no further call may be made.
    fn is_stack_used_up(&self) -> bool {
        self.stack_base.abs_diff(stack_address()) > self.stack_limit
    }

    fn meaning(&self, frame: &Frame<'p>, name: &str) -> Meaning<'p> {
        match frame.env.find(name) {
            Some(Found::Variable(cell)) => return Meaning::Variable(cell),
            Some(Found::Field(field)) => return Meaning::Field(field),
            None => {}
        }
        if let Some(global) = self.session.modules[self.module].globals.borrow().get(name)
            && (frame.in_function || global.declared)
        {
            return Meaning::Variable(Rc::clone(&global.cell));
        }
        if let Some(module) = self.session.modules[self.module].bound.borrow().get(name) {
            return Meaning::Module(*module);
        }
        if let Some(function) = self.foreign_named(name) {
            return Meaning::Foreign(function);
        }
        match self.session.builtins.get(name) {
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
            Meaning::Foreign(function) => Ok(Value::Foreign(function)),
            Meaning::Nothing => Ok(Value::Nothing),
            Meaning::Module(_) => {
                self.fail(span, Code::E0120, format!("A module is not a value: {name}"))
            }
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
            let mut globals = self.session.modules[self.module].globals.borrow_mut();
            let global = globals.entry(name).or_insert_with(cell);
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

/// About where the native stack ends now.
#[inline(never)]
pub(crate) fn stack_address() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}
