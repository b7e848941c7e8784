//! Calls of functions.

use std::rc::Rc;

use remora_diagnostics::{Advice, Code, Span};
use remora_syntax::ast::{Arg, Call, ExprKind, FuncKind, Param, ParamKind, PatternKind};

use super::declared::checked_result;
use super::{Frame, Interp, Meaning};
use crate::builtins::{Builtin, Input, Method, MethodCall, lazy_form};
use crate::env::{Cell, Env};
use crate::fiber::Invocation;
use crate::ops;
use crate::stop::{Args, Eval, Raise, Stop};
use crate::value::{Closure, FuncRef, Value};

impl<'p> Interp<'_, 'p> {
    /// A call expression. `first` is what a pipe puts before the written arguments.
    pub(super) fn call_expr(
        &mut self,
        frame: &mut Frame<'p>,
        call: &'p Call,
        first: Option<Value<'p>>,
        span: Span,
    ) -> Eval<'p> {
        match &call.callee.kind {
            ExprKind::Field { object, name, optional } => {
                self.method_call(frame, object, name, *optional, first, &call.args, span)
            }
            ExprKind::Path { base, name } => {
                let args = self.args(frame, first, &call.args)?;
                self.variant_call(frame, base, name, args, span)
            }
            _ => {
                let callee = self.expr(frame, &call.callee)?;
                let args = self.args(frame, first, &call.args)?;
                self.call(callee, args, span)
            }
        }
    }

    /// Evaluates arguments from left to right.
    pub(super) fn args(
        &mut self,
        frame: &mut Frame<'p>,
        first: Option<Value<'p>>,
        args: &'p [Arg],
    ) -> Eval<'p, Args<'p>> {
        let mut evaluated = Args::default();
        evaluated.positional.extend(first);
        for arg in args {
            match arg {
                Arg::Positional(expr) => evaluated.positional.push(self.expr(frame, expr)?),
                Arg::Spread(expr) => {
                    let all = self.expr(frame, expr)?;
                    self.extend(&mut evaluated.positional, &all, expr.span)?;
                }
                Arg::Named(name, expr) => {
                    let value = self.expr(frame, expr)?;
                    evaluated.named.push((&name.name, value));
                }
            }
        }
        Ok(evaluated)
    }

    /// Callee and arguments of a call that can be a tail call: of a script function, with plain arguments.
    pub(super) fn tail_callee(
        &mut self,
        frame: &mut Frame<'p>,
        call: &'p Call,
    ) -> Eval<'p, Option<(Value<'p>, Args<'p>)>> {
        let is_plain = call.args.iter().all(|it| matches!(it, Arg::Positional(_)));
        let is_function = match &call.callee.kind {
            ExprKind::Name(name) => matches!(self.meaning(frame, name), Meaning::Variable(_)),
            ExprKind::Field { .. } | ExprKind::Path { .. } => false,
            _ => true,
        };
        if !is_plain || !is_function {
            return Ok(None);
        }
        let callee = self.expr(frame, &call.callee)?;
        let args = self.args(frame, None, &call.args)?;
        Ok(Some((callee, args)))
    }

    /// Calls a value.
    pub(crate) fn call(&mut self, callee: Value<'p>, args: Args<'p>, span: Span) -> Eval<'p> {
        match callee {
            Value::Function(closure) => self.call_closure(closure, args, span),
            Value::Builtin(builtin) => self.call_builtin(builtin, args, span),
            Value::Foreign(function) => self.call_foreign(function, args, span),
            Value::Object(object) => self.call_object(&object, args, span),
            Value::Struct(this) => self.call_struct(&this, args, span),
            other => self.not_callable(&other, span),
        }
    }

    pub(super) fn not_callable(&self, value: &Value<'p>, span: Span) -> Eval<'p> {
        let message = format!("Cannot call non-function; {} is not callable", value.type_name());
        let advice = Advice::not_callable(&ops::operand(value, false));
        Err(self.raise(span, Raise::new(Code::R0005, message).advised(advice)))
    }

    fn call_closure(&mut self, closure: Rc<Closure<'p>>, args: Args<'p>, span: Span) -> Eval<'p> {
        self.charge(span, 1)?;
        let (env, this) = (closure.env.clone(), closure.this.clone());
        let end = self.invoke(closure.func, env, this, args, span, true);
        self.tail_calls(end, span)
    }

    /// Makes the calls that a function has left to its caller.
    fn tail_calls(&mut self, end: Eval<'p>, site: Span) -> Eval<'p> {
        let mut end = end;
        while let Err(Stop::TailCall(next)) = end {
            self.charge(next.span, 1)?;
            self.site = Some(site);
            let (env, this) = (next.callee.env.clone(), next.callee.this.clone());
            end = self.invoke(next.callee.func, env, this, next.args, next.span, true);
        }
        end
    }

    /// Calls a function: runs it, or gives the generator or task that it is the body of.
    pub(super) fn invoke(
        &mut self,
        func: FuncRef<'p>,
        env: Env<'p>,
        this: Option<Rc<Cell<'p>>>,
        args: Args<'p>,
        span: Span,
        may_tail_call: bool,
    ) -> Eval<'p> {
        self.check_args(func.name, func.params, &args, span)?;
        let site = self.site.take().unwrap_or(span);
        let call = Invocation { func, env, this, args, site };
        if func.kind != FuncKind::Plain {
            return Ok(self.begin(call));
        }
        self.check_depth(func.name, span)?;
        self.enter(call, may_tail_call)
    }

    /// Whether one more function may run.
    pub(super) fn check_depth(&self, name: &str, span: Span) -> Eval<'p, ()> {
        let n = self.session.max_frames;
        // The top-level code is one of them.
        if self.frames.len() + 1 < n && !self.is_stack_used_up() {
            return Ok(());
        }
        let message = format!("Maximum call stack depth of {n} exceeded while calling {name}");
        Err(self.raise(span, Raise::new(Code::L0003, message).advised(Advice::endless())))
    }

    /// Runs the body of a generator or of an async function, on its own fiber.
    pub(crate) fn call_body(&mut self, call: Invocation<'p>) -> Eval<'p> {
        self.enter(call, false)
    }

    /// Runs a function with a frame of its own.
    fn enter(&mut self, call: Invocation<'p>, may_tail_call: bool) -> Eval<'p> {
        let Invocation { func, env, this, args, site } = call;
        self.frames.push((func.name, site, self.module));
        let module = std::mem::replace(&mut self.module, func.module);
        let mut frame = Frame::of_call(env, this);
        let checks_result = self.session.check_types && checked_result(func).is_some();
        frame.may_tail_call = may_tail_call && !checks_result;
        frame.func = Some(func);
        frame.in_generator = func.kind == FuncKind::Generator;
        let end = self.body(&mut frame, func, args);
        self.module = module;
        self.frames.pop();
        match end {
            Ok(_) => Ok(Value::Null),
            Err(Stop::Return(value)) => Ok(value),
            Err(stop) => Err(stop),
        }
    }

    fn body(&mut self, frame: &mut Frame<'p>, func: FuncRef<'p>, args: Args<'p>) -> Eval<'p> {
        self.bind_params(frame, func, args)?;
        self.hoist(frame, &func.body.stmts);
        self.stmts(frame, &func.body.stmts)?;
        let end = func.body.span.end;
        self.check_result(frame, &Value::Null, Span::new(end.saturating_sub(1), end))?;
        Ok(Value::Null)
    }

    /// Whether these arguments fit these parameters.
    pub(super) fn check_args(
        &self,
        name: &str,
        params: &[Param],
        args: &Args<'p>,
        span: Span,
    ) -> Eval<'p, ()> {
        let is_variadic = params.last().is_some_and(|it| it.kind == ParamKind::Variadic);
        let max = if is_variadic { usize::MAX } else { params.len() };
        let min = params.iter().filter(|it| it.kind == ParamKind::Required).count();
        let given = args.positional.len();
        if given > max || (args.named.is_empty() && given < min) {
            let names: Vec<&str> = params.iter().map(param_name).collect();
            let raise = Raise::new(Code::R0006, arity_message(name, min, max, given));
            return Err(self.raise(span, raise.advised(Advice::arity(name, &names, min, given))));
        }
        for (idx, (name, _)) in args.named.iter().enumerate() {
            match params.iter().position(|it| is_called(it, name)) {
                None => {
                    let raise = Raise::new(Code::R0023, format!("Unknown argument: {name}"));
                    let advice = Advice::unknown_argument(name, params.iter().map(param_name));
                    return Err(self.raise(span, raise.advised(advice)));
                }
                Some(at) if at < given || args.named[..idx].iter().any(|it| it.0 == *name) => {
                    return self.fail(span, Code::R0023, format!("Argument given twice: {name}"));
                }
                Some(_) => {}
            }
        }
        for param in params.iter().skip(given).filter(|it| it.kind == ParamKind::Required) {
            if !args.named.iter().any(|it| is_called(param, it.0)) {
                let message = format!("Missing argument: {}", param_name(param));
                return self.fail(span, Code::R0023, message);
            }
        }
        Ok(())
    }

    /// Declares the parameters, which have been checked; defaults see the ones before them.
    fn bind_params(
        &mut self,
        frame: &mut Frame<'p>,
        func: FuncRef<'p>,
        args: Args<'p>,
    ) -> Eval<'p, ()> {
        let mut positional = args.positional.into_iter();
        let mut named = args.named;
        for param in func.params {
            let by_name = named.iter().position(|it| is_called(param, it.0));
            let value = match (&param.kind, by_name) {
                (ParamKind::Variadic, _) => Value::array(positional.by_ref().collect()),
                (_, Some(idx)) => named.swap_remove(idx).1,
                (kind, None) => match (positional.next(), kind) {
                    (Some(value), _) => value,
                    (None, ParamKind::Default(expr)) => self.expr(frame, expr)?,
                    (None, _) => Value::Null,
                },
            };
            self.check_param(frame, func, param, &value)?;
            self.declare_pattern(frame, &param.pattern, true, value)?;
        }
        Ok(())
    }

    pub(crate) fn call_builtin(
        &mut self,
        builtin: &'static Builtin,
        args: Args<'p>,
        span: Span,
    ) -> Eval<'p> {
        self.charge(span, 1)?;
        if let Some((name, _)) = args.named.first() {
            return self.fail(span, Code::R0023, format!("Unknown argument: {name}"));
        }
        let given = args.positional.len();
        // The same function does something else, step by step, with a generator or iterator.
        let lazy = args.positional.first().and_then(|it| lazy_form(builtin.name, it));
        let (min, max, call) = match lazy {
            Some(Method { min, max, call: MethodCall::Read(call), .. }) => {
                (min + 1, max.saturating_add(1), *call)
            }
            _ => (builtin.min, builtin.max, builtin.call),
        };
        if given < min || given > max {
            let message = arity_message(builtin.name, min, max, given);
            return self.fail(span, Code::R0006, message);
        }
        call(self, Input { name: builtin.name, span, values: args.positional })
    }
}

fn is_called(param: &Param, name: &str) -> bool {
    param.kind != ParamKind::Variadic
        && matches!(&param.pattern.kind, PatternKind::Bind(ident) if &*ident.name == name)
}

fn param_name(param: &Param) -> &str {
    match &param.pattern.kind {
        PatternKind::Bind(ident) => &ident.name,
        _ => "_",
    }
}

pub(super) fn arity_message(name: &str, min: usize, max: usize, given: usize) -> String {
    let wanted = match max {
        usize::MAX => format!("at least {min}"),
        _ if min == max => min.to_string(),
        _ => format!("{min} to {max}"),
    };
    format!("{name} expects {wanted} arguments, got {given}")
}
