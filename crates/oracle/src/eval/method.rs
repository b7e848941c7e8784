//! Calls of methods: on variables and places inside them, which a method may change, and on other values.

use std::rc::Rc;

use remora_diagnostics::{Advice, Code, Span};
use remora_syntax::ast::{Arg, Expr, FuncDecl, Ident};

use super::call::arity_message;
use super::place::{Place, attr, not_a_struct, walk};
use super::{Frame, Interp, fields};
use crate::builtins::{self, Input, Method, MethodCall};
use crate::env::Cell;
use crate::foreign::{ForeignFunction, Object};
use crate::stop::{Args, Eval, Raise};
use crate::value::{FuncRef, Key, MethodKind, StructType, Value};

/// What `receiver.name(…)` calls.
enum Target<'p> {
    Script(Rc<StructType<'p>>, &'p FuncDecl, MethodKind),
    Builtin(&'static Method),
    /// Of an object of the embedder.
    Object(&'static ForeignFunction),
    /// A function that a field or key holds.
    Value(Value<'p>),
}

impl<'p> Interp<'_, 'p> {
    #[expect(clippy::too_many_arguments, reason = "the parts of one syntax node")]
    pub(super) fn method_call(
        &mut self,
        frame: &mut Frame<'p>,
        object: &'p Expr,
        name: &'p Ident,
        optional: bool,
        first: Option<Value<'p>>,
        args: &'p [Arg],
        span: Span,
    ) -> Eval<'p> {
        if let Some(module) = self.module_of(frame, object) {
            let callee = self.member_value(module, name, span)?;
            let args = self.args(frame, first, args)?;
            return self.call(callee, args, span);
        }
        let name = &*name.name;
        if let Some(function) = self.foreign_member(frame, object, name) {
            let args = self.args(frame, first, args)?;
            return self.call_foreign(function, args, span);
        }
        let written = self.written_place(frame, object);
        let immutable = written.as_ref().map(|it| it.root.name);
        if let Some(written) = written.filter(|it| it.root.mutable) {
            let place = self.place(frame, written)?;
            if optional && matches!(self.read_place(&place, object.span)?, Value::Null) {
                return Ok(Value::Null);
            }
            let args = self.args(frame, first, args)?;
            return self.call_at_place(&place, name, args, span);
        }
        let receiver = self.expr(frame, object)?;
        if optional && matches!(receiver, Value::Null) {
            return Ok(Value::Null);
        }
        let args = self.args(frame, first, args)?;
        let target = self.method(&receiver, name, span)?;
        if let Some(variable) = immutable
            && target.changes()
        {
            let message = format!("Cannot change immutable '{variable}'");
            let raise = Raise::new(Code::R0019, message).advised(Advice::immutable(variable));
            return Err(self.raise(span, raise));
        }
        self.call_on_value(receiver, target, args, span)
    }

    /// A method called on a variable, or on a place inside one. While a method that changes it runs, it has hold of the
    /// variable; what it has done to it stays, also when it fails.
    fn call_at_place(
        &mut self,
        place: &Place<'p>,
        name: &str,
        args: Args<'p>,
        span: Span,
    ) -> Eval<'p> {
        let receiver = self.read_place(place, span)?;
        let target = self.method(&receiver, name, span)?;
        if !target.changes() {
            return self.call_on_value(receiver, target, args, span);
        }
        if let Some((at, object, inside)) = self.object_on(place, span)? {
            return self.change_in_object(
                (at, &object, inside),
                place,
                (receiver, target),
                args,
                span,
            );
        }
        drop(receiver);
        let mut root =
            place.root.take().map_err(|why| self.unreadable(place.root.name, why, span))?;
        let result = match walk(&mut root, &place.steps) {
            Ok(at) => self.call_changing(at, target, args, span),
            Err(raise) => Err(self.raise(span, raise)),
        };
        place.root.put_back(root);
        result
    }

    /// The same where an object of the embedder gives the receiver: that is changed and given back to it.
    fn change_in_object(
        &mut self,
        (at, object, inside): (usize, &Rc<Object>, Option<Value<'p>>),
        place: &Place<'p>,
        (mut receiver, target): (Value<'p>, Target<'p>),
        args: Args<'p>,
        span: Span,
    ) -> Eval<'p> {
        if matches!(target, Target::Script(..)) {
            return self.fail(span, Code::R0019, "Cannot change this where it is");
        }
        let result = self.call_changing(&mut receiver, target, args, span)?;
        self.store_in_object((object, inside), &place.steps[at..], receiver, span)?;
        Ok(result)
    }

    fn call_changing(
        &mut self,
        at: &mut Value<'p>,
        target: Target<'p>,
        args: Args<'p>,
        span: Span,
    ) -> Eval<'p> {
        match target {
            Target::Script(ty, decl, kind) => {
                let this = Cell::new("self", true, std::mem::replace(at, Value::Null));
                let result =
                    self.call_script_method(&ty, decl, kind, Some(Rc::clone(&this)), args, span);
                *at = this.read().unwrap_or(Value::Null);
                result
            }
            Target::Builtin(method) => {
                let mut input = self.method_input(method, args, span)?;
                match method.call {
                    MethodCall::Change(call) => call(self, at, input),
                    MethodCall::Read(call) => {
                        input.values.insert(0, at.clone());
                        call(self, input)
                    }
                }
            }
            Target::Object(function) => self.call_foreign_method(function, at.clone(), args, span),
            Target::Value(callee) => self.call(callee, args, span),
        }
    }

    fn call_on_value(
        &mut self,
        receiver: Value<'p>,
        target: Target<'p>,
        args: Args<'p>,
        span: Span,
    ) -> Eval<'p> {
        match target {
            Target::Script(ty, decl, kind) => {
                let this = (kind != MethodKind::Static).then(|| Cell::new("self", true, receiver));
                self.call_script_method(&ty, decl, kind, this, args, span)
            }
            target => {
                let mut receiver = receiver;
                self.call_changing(&mut receiver, target, args, span)
            }
        }
    }

    fn call_script_method(
        &mut self,
        ty: &Rc<StructType<'p>>,
        decl: &'p FuncDecl,
        kind: MethodKind,
        this: Option<Rc<Cell<'p>>>,
        args: Args<'p>,
        span: Span,
    ) -> Eval<'p> {
        let mut env = ty.env.clone();
        if kind != MethodKind::Static && decl.self_param.is_none() {
            env.show_fields(ty.decl);
        }
        self.charge(span, 1)?;
        self.invoke(FuncRef::named(decl, ty.module), env, this, args, span, false)
    }

    fn method_input(&mut self, method: &Method, args: Args<'p>, span: Span) -> Eval<'p, Input<'p>> {
        self.charge(span, 1)?;
        if let Some((name, _)) = args.named.first() {
            return self.fail(span, Code::R0023, format!("Unknown argument: {name}"));
        }
        let given = args.positional.len();
        if given < method.min || given > method.max {
            let message = arity_message(method.name, method.min, method.max, given);
            return self.fail(span, Code::R0006, message);
        }
        Ok(Input { name: method.name, span, values: args.positional })
    }

    /// Finds what a method call calls: a method of the struct, else of the kind of value, else a function in a field.
    fn method(&mut self, receiver: &Value<'p>, name: &str, span: Span) -> Eval<'p, Target<'p>> {
        if let Value::Struct(it) = receiver
            && let Some(decl) = it.ty.method(name)
        {
            let kind = self.method_kind(it.ty.decl, decl);
            return Ok(Target::Script(Rc::clone(&it.ty), decl, kind));
        }
        if let Value::Object(it) = receiver
            && let Some(function) = it.method(name)
        {
            return Ok(Target::Object(function));
        }
        if let Some(method) = builtins::method_of(receiver, name) {
            return Ok(Target::Builtin(method));
        }
        let raise = match receiver {
            Value::Struct(it) => match it.field(name) {
                Some(value) => return Ok(Target::Value(value.clone())),
                None => Raise::new(Code::R0010, format!("Unknown method: {name}")),
            },
            Value::StructType(ty) => match ty.method(name) {
                Some(decl) if self.method_kind(ty.decl, decl) == MethodKind::Static => {
                    return Ok(Target::Script(Rc::clone(ty), decl, MethodKind::Static));
                }
                _ => Raise::new(Code::R0010, format!("Unknown method: {name}")),
            },
            Value::Dict(it) => match it.find(&Key::str(name)) {
                Some(value) => return Ok(Target::Value(value.clone())),
                None => not_a_struct(name),
            },
            Value::Object(it) => match it.field(name) {
                Ok(_) => return self.object_field(it, name, span).map(Target::Value),
                Err(_) => return Err(self.raise(span, it.no_method(name))),
            },
            Value::Error(_) | Value::Enum(_) => match attr(receiver, name) {
                Ok(value) => return Ok(Target::Value(value)),
                Err(_) => not_a_struct(name),
            },
            _ => not_a_struct(name),
        };
        let advice = match receiver {
            Value::Struct(it) => {
                let decl = it.ty.decl;
                let methods = decl.methods.iter().map(|it| &*it.name.name);
                Advice::no_method(&decl.name.name, name, methods)
            }
            Value::StructType(ty) => {
                let methods = ty.decl.methods.iter().map(|it| &*it.name.name);
                Advice::no_method(&ty.decl.name.name, name, methods)
            }
            _ => Advice::no_method(receiver.type_name(), name, builtins::methods_of(receiver)),
        };
        Err(self.raise(span, raise.advised(advice)))
    }

    fn method_kind(
        &mut self,
        decl: &'p remora_syntax::ast::StructDecl,
        method: &'p FuncDecl,
    ) -> MethodKind {
        match method.self_param {
            Some(true) => MethodKind::Mutating,
            Some(false) => MethodKind::Value,
            None => {
                let mut kinds = self.session.method_kinds.borrow_mut();
                let known = kinds.entry(std::ptr::from_ref(method));
                *known.or_insert_with(|| fields::kind_without_self(decl, method))
            }
        }
    }
}

impl Target<'_> {
    fn changes(&self) -> bool {
        match self {
            Self::Script(_, _, kind) => *kind == MethodKind::Mutating,
            Self::Builtin(method) => matches!(method.call, MethodCall::Change(_)),
            Self::Object(_) | Self::Value(_) => false,
        }
    }
}
