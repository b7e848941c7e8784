//! What functions and objects of the embedder do in a program.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use remora_diagnostics::{Advice, Code, Span};
use remora_syntax::ast::{BinaryOp, Expr, ExprKind};

use super::call::arity_message;
use super::place::{Place, Step, index, walk};
use super::{Frame, Interp, Meaning, place};
use crate::foreign::{ForeignArgs, ForeignCall, ForeignFunction, Given, Object, Refusal, Speaks};
use crate::stop::{Args, Eval, Raise};
use crate::value::Value;

/// The last object that a place goes through: which step leads on from it, and what that gives if it is not the end.
pub(super) type OnPlace<'p> = (usize, Rc<Object>, Option<Value<'p>>);

/// How long a round of all tasks takes on the clock of the schedule, in milliseconds: no time that anybody sees.
const ROUND: f64 = 1e-6;

impl<'p> Interp<'_, 'p> {
    /// The function of the embedder of that name.
    pub(super) fn foreign_named(&self, name: &str) -> Option<&'static ForeignFunction> {
        let foreign = &self.session.foreign;
        let of_types = foreign.types.iter().flat_map(|it| it.methods);
        foreign.functions.iter().chain(of_types).find(|it| it.name == name)
    }

    /// The function that `name.member` means, where no variable is called `name`.
    pub(super) fn foreign_member(
        &self,
        frame: &Frame<'p>,
        object: &Expr,
        member: &str,
    ) -> Option<&'static ForeignFunction> {
        if self.session.foreign.functions.is_empty() {
            return None;
        }
        let (first, before) = match &object.kind {
            ExprKind::Name(first) => (first, first.to_string()),
            ExprKind::Field { object, name, optional: false } => match &object.kind {
                ExprKind::Name(first) => (first, format!("{first}.{}", name.name)),
                _ => return None,
            },
            _ => return None,
        };
        if !matches!(self.meaning(frame, first), Meaning::Unknown) {
            return None;
        }
        self.foreign_named(&format!("{before}.{member}"))
    }

    /// Calls a function of the embedder; a method that is called as a function has its object among the arguments.
    pub(super) fn call_foreign(
        &mut self,
        function: &'static ForeignFunction,
        args: Args<'p>,
        span: Span,
    ) -> Eval<'p> {
        let n_hidden = usize::from(self.is_method(function));
        self.check_foreign(function, &args, n_hidden, span)?;
        self.run_foreign(function, args.positional, n_hidden, span)
    }

    /// Calls a method of an object.
    pub(super) fn call_foreign_method(
        &mut self,
        function: &'static ForeignFunction,
        object: Value<'p>,
        args: Args<'p>,
        span: Span,
    ) -> Eval<'p> {
        self.check_foreign(function, &args, 0, span)?;
        let mut values = vec![object];
        values.extend(args.positional);
        self.run_foreign(function, values, 1, span)
    }

    fn is_method(&self, function: &ForeignFunction) -> bool {
        let mut methods = self.session.foreign.types.iter().flat_map(|it| it.methods);
        methods.any(|it| it.name == function.name)
    }

    /// Whether the arguments can be those of a function; `more` of them belong to it beside those that it counts.
    fn check_foreign(
        &mut self,
        function: &ForeignFunction,
        args: &Args<'p>,
        more: usize,
        span: Span,
    ) -> Eval<'p, ()> {
        self.charge(span, 1)?;
        if let Some((name, _)) = args.named.first() {
            return self.fail(span, Code::R0023, format!("Unknown argument: {name}"));
        }
        let (min, max) = (function.min + more, function.max.saturating_add(more));
        let given = args.positional.len();
        if given < min || given > max {
            return self.fail(span, Code::R0006, arity_message(function.name, min, max, given));
        }
        Ok(())
    }

    fn run_foreign(
        &mut self,
        function: &'static ForeignFunction,
        values: Vec<Value<'p>>,
        n_hidden: usize,
        span: Span,
    ) -> Eval<'p> {
        let args = ForeignArgs { values, speaks: Speaks::Function(function.name, n_hidden) };
        let answer = answer(function.name, function.call, &args);
        // What does not fit is said at once.
        let fits = !matches!(&answer, Err(it) if it.code == Code::R0004);
        if let Some(waits) = function.waits
            && fits
        {
            for _ in 0..waits(&args) {
                self.sleep(ROUND, span)?;
            }
        }
        self.given(answer, span)
    }

    fn given(&self, answer: Result<Given<'p>, Refusal>, span: Span) -> Eval<'p> {
        match answer {
            Ok(it) => Ok(it.0),
            Err(it) => self.fail(span, it.code, it.message),
        }
    }

    /// What an operator of an object, the first value, does; nothing if its type does not have it.
    fn operate_object(&mut self, op: &str, values: Vec<Value<'p>>, span: Span) -> Option<Eval<'p>> {
        let Some(Value::Object(object)) = values.first() else { return None };
        let function = object.operator(op)?;
        Some(self.charge(span, 1).and_then(|()| self.run_foreign(function, values, 1, span)))
    }

    /// `left op right` where an object decides what that means; nothing if none does.
    pub(super) fn operate_foreign(
        &mut self,
        op: BinaryOp,
        left: &Value<'p>,
        right: &Value<'p>,
        span: Span,
    ) -> Option<Eval<'p>> {
        let (name, name_right) = match op {
            BinaryOp::Add => ("op_add", "op_add_right"),
            BinaryOp::Sub => ("op_sub", "op_sub_right"),
            BinaryOp::Mul => ("op_mul", "op_mul_right"),
            BinaryOp::Div => ("op_div", "op_div_right"),
            BinaryOp::Mod => ("op_mod", "op_mod_right"),
            _ => return None,
        };
        self.operate_object(name, vec![left.clone(), right.clone()], span)
            .or_else(|| self.operate_object(name_right, vec![right.clone(), left.clone()], span))
    }

    /// `object.name`
    pub(super) fn object_field(&self, object: &Rc<Object>, name: &str, span: Span) -> Eval<'p> {
        let field = self.at(span, object.field(name))?;
        let Some(get) = field.get else {
            return self.fail(span, Code::R0019, cannot(object, name, "read"));
        };
        let speaks = Speaks::Field(object.ty.name, field.name);
        let args = ForeignArgs { values: vec![Value::Object(Rc::clone(object))], speaks };
        self.given(answer(field.name, get, &args), span)
    }

    fn set_object_field(
        &self,
        object: &Rc<Object>,
        name: &str,
        value: Value<'p>,
        span: Span,
    ) -> Eval<'p, ()> {
        let field = self.at(span, object.field(name))?;
        let Some(set) = field.set else {
            return self.fail(span, Code::R0019, cannot(object, name, "set"));
        };
        let speaks = Speaks::Field(object.ty.name, field.name);
        let args = ForeignArgs { values: vec![Value::Object(Rc::clone(object)), value], speaks };
        self.given(answer(field.name, set, &args), span).map(|_| ())
    }

    /// `value.name`, also of an object.
    pub(super) fn field_of(&self, value: &Value<'p>, name: &str, span: Span) -> Eval<'p> {
        match value {
            Value::Object(object) => self.object_field(object, name, span),
            _ => self.at(span, place::attr(value, name)),
        }
    }

    /// What is at the end of some steps.
    pub(super) fn read_steps(
        &mut self,
        mut value: Value<'p>,
        steps: &[Step<'p>],
        span: Span,
    ) -> Eval<'p> {
        for step in steps {
            value = self.read_step(&value, step, span)?;
        }
        Ok(value)
    }

    fn read_step(&mut self, value: &Value<'p>, step: &Step<'p>, span: Span) -> Eval<'p> {
        match step {
            Step::Field(name) => self.field_of(value, name, span),
            Step::Index(key) => self.index_value(value, key, span),
        }
    }

    /// The last object that a place goes through, with the step that leads on from it, and what that gives if it is not the
    /// end.
    pub(super) fn object_on(
        &mut self,
        place: &Place<'p>,
        span: Span,
    ) -> Eval<'p, Option<OnPlace<'p>>> {
        let steps = &place.steps;
        if steps.is_empty() || self.session.foreign.types.is_empty() {
            return Ok(None);
        }
        let mut found: Option<OnPlace<'p>> = None;
        let mut value = self.read(&place.root, span)?;
        for (nth, step) in steps.iter().enumerate() {
            let is_object = if let Value::Object(object) = &value {
                found = Some((nth, Rc::clone(object), None));
                true
            } else {
                false
            };
            if nth + 1 == steps.len() {
                break;
            }
            match self.read_step(&value, step, span) {
                Ok(next) => value = next,
                // The way is walked again, by what changes it, which says so.
                Err(_) if found.is_none() => return Ok(None),
                Err(stop) => return Err(stop),
            }
            if is_object && let Some(found) = &mut found {
                found.2 = Some(value.clone());
            }
        }
        Ok(found)
    }

    /// Puts a value where some steps lead from an object. What the object gives on the way is changed and given back to it.
    pub(super) fn store_in_object(
        &mut self,
        (object, inside): (&Rc<Object>, Option<Value<'p>>),
        steps: &[Step<'p>],
        value: Value<'p>,
        span: Span,
    ) -> Eval<'p, ()> {
        let Some((first, rest)) = steps.split_first() else { return Ok(()) };
        let value = match (rest.split_last(), inside) {
            (Some((last, between)), Some(mut inside)) => {
                let target = self.at(span, walk(&mut inside, between))?;
                self.at(span, place::store(target, last, value))?;
                inside
            }
            _ => value,
        };
        match first {
            Step::Field(name) => self.set_object_field(object, name, value, span),
            Step::Index(key) => {
                let values = vec![Value::Object(Rc::clone(object)), key.clone(), value];
                match self.operate_object("op_index_set", values, span) {
                    Some(done) => done.map(|_| ()),
                    None => {
                        let raise = Raise::new(Code::R0019, "Invalid index assignment");
                        let advice = Advice::no_place(object.ty.name);
                        Err(self.raise(span, raise.advised(advice)))
                    }
                }
            }
        }
    }

    /// `object[key]`
    pub(super) fn index_object(
        &mut self,
        object: &Value<'p>,
        key: &Value<'p>,
        span: Span,
    ) -> Eval<'p> {
        match self.operate_object("op_index", vec![object.clone(), key.clone()], span) {
            Some(done) => done,
            None => self.at(span, index(object, key)),
        }
    }

    /// `object(args…)`
    pub(super) fn call_object(
        &mut self,
        object: &Rc<Object>,
        args: Args<'p>,
        span: Span,
    ) -> Eval<'p> {
        let value = Value::Object(Rc::clone(object));
        match object.operator("op_call") {
            Some(function) => self.call_foreign_method(function, value, args, span),
            None => self.not_callable(&value, span),
        }
    }

    /// `-operand`; nothing if the type does not have it.
    pub(super) fn negate_object(&mut self, operand: &Value<'p>, span: Span) -> Option<Eval<'p>> {
        self.operate_object("op_neg", vec![operand.clone()], span)
    }

    /// What is gone through in place of an object.
    pub(crate) fn items_of(&mut self, value: &Value<'p>, span: Span) -> Eval<'p> {
        match self.operate_object("op_items", vec![value.clone()], span) {
            Some(items) => items,
            None => Ok(value.clone()),
        }
    }
}

fn cannot(object: &Object, field: &str, what: &str) -> String {
    format!("Field {field} of {} cannot be {what}", object.ty.name)
}

/// What a function of the embedder says; a panic is an answer.
fn answer<'p>(name: &str, call: ForeignCall, args: &ForeignArgs<'p>) -> Result<Given<'p>, Refusal> {
    catch_unwind(AssertUnwindSafe(|| call(args))).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<&str>().map(|it| (*it).to_owned());
        let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
        let said = said.unwrap_or_else(|| "no message".to_owned());
        Err(Refusal { code: Code::R0032, message: format!("{name} panicked: {said}") })
    })
}
