//! Where the values of a probe live: what the closure engine asks, answered by the host.

use std::cmp::Ordering;
use std::marker::PhantomData;
use std::sync::Arc;

use remora_bytecode::closure::{Places, Truth};
use remora_bytecode::scalar::{self, Arithmetic, Number, Trouble};
use remora_bytecode::{CompareKind, Constant};
use remora_diagnostics::Code;

use crate::call::Callee;
use crate::capture::Captured;
use crate::compare;
use crate::dispatcher::{Dispatcher, ENTRY, Host, Variable};
use crate::redact::is_usually_secret;
use crate::run::Run;
use crate::text;
use crate::value::{Fault, Value};

/// The places of probes at one kind of host.
#[derive(Debug)]
pub(crate) struct Probes<H>(PhantomData<fn() -> H>);

/// A name, looked at once.
#[derive(Debug)]
pub(crate) struct Name {
    pub(crate) text: Arc<str>,
    pub(crate) kind: NameKind,
    pub(crate) is_usually_secret: bool,
}

#[derive(Debug)]
pub(crate) enum NameKind {
    /// `$req`
    Request,
    /// `$req.x` as one name, as HogTrace may load and store it.
    OfRequest(Arc<str>),
    Variable(Variable),
}

const OVERFLOW: Fault = Fault::new(Code::R0007, "the result does not fit in 64 bits");
const DIVISION: Fault = Fault::new(Code::R0003, "division by zero");
const OPERANDS: Fault = Fault::new(Code::R0002, "the operator has no result for these types");
const ORDER: Fault = Fault::new(Code::R0002, "these values have no order");
const NO_ATTRIBUTE: Fault = Fault::new(Code::R0010, "the value has no such attribute");
const NO_ITEM: Fault = Fault::new(Code::R0011, "the value cannot be indexed so");

impl<H: Host> Places for Probes<H> {
    type Frame<'f> = Run<'f, H>;
    type Value = Value<H::Object>;
    type Error = Fault;
    type Name = Name;
    type Function = Callee;

    fn name(name: &str) -> Name {
        let kind = match name.strip_prefix('$') {
            Some("req" | "request") => NameKind::Request,
            Some(rest) => match rest.split_once('.') {
                Some(("req" | "request", variable)) => NameKind::OfRequest(variable.into()),
                _ => NameKind::Variable(Variable::Named(name.into())),
            },
            None => NameKind::Variable(Variable::from_name(name)),
        };
        // What is asked for as it was at the entry is as secret as it is now.
        let text = name.strip_prefix(ENTRY).unwrap_or(name);
        Name { text: text.into(), kind, is_usually_secret: is_usually_secret(text) }
    }

    fn function(name: &str, arguments: &[Option<&Constant>]) -> Result<Callee, String> {
        Callee::new(name, arguments)
    }

    #[inline]
    fn constant(constant: &Constant) -> Self::Value {
        match constant {
            Constant::Null | Constant::Bytes(_) => Value::None,
            Constant::Bool(value) => Value::Bool(*value),
            Constant::Int(value) => Value::Int(*value),
            Constant::Float(bits) => Value::Float(f64::from_bits(*bits)),
            Constant::Str(text) => Value::Text(Arc::clone(text)),
        }
    }

    #[inline]
    fn load(run: &mut Run<'_, H>, name: &Name) -> Result<Self::Value, Fault> {
        match &name.kind {
            NameKind::Variable(_) if run.hides(name) => Ok(Value::Redacted),
            NameKind::Variable(variable) => {
                if let Variable::Arg(nth) = variable.now()
                    && run.in_body
                    && run.host.argument_name(*nth).is_some_and(|it| run.hides_text_name(it))
                {
                    return Ok(Value::Redacted);
                }
                run.spent.host_calls += 1;
                run.host.variable(variable)
            }
            NameKind::Request => Ok(Value::Request),
            NameKind::OfRequest(variable) => Ok(run.variable(variable)),
        }
    }

    fn store(run: &mut Run<'_, H>, name: &Name, value: Self::Value) -> Result<(), Fault> {
        match &name.kind {
            NameKind::OfRequest(variable) => run.set_variable(variable, value),
            NameKind::Request | NameKind::Variable(_) => {
                Err(Fault::new(Code::R0019, "a probe changes nothing but request variables"))
            }
        }
    }

    #[inline]
    fn attribute(
        run: &mut Run<'_, H>,
        object: &Self::Value,
        name: &Name,
    ) -> Result<Self::Value, Fault> {
        match object {
            _ if run.hides(name) => Ok(Value::Redacted),
            Value::Object(object) => {
                run.spent.host_calls += 1;
                run.host.attribute(object, &name.text)
            }
            Value::Request => Ok(run.variable(&name.text)),
            Value::Kept(kept) => kept_entry(kept, &name.text).ok_or(NO_ATTRIBUTE),
            Value::Redacted => Ok(Value::Redacted),
            _ => Err(NO_ATTRIBUTE),
        }
    }

    fn set_attribute(
        run: &mut Run<'_, H>,
        object: Self::Value,
        name: &Name,
        value: Self::Value,
    ) -> Result<(), Fault> {
        match object {
            Value::Request => run.set_variable(&name.text, value),
            _ => Err(Fault::new(Code::R0019, "a probe changes nothing but request variables")),
        }
    }

    fn item(
        run: &mut Run<'_, H>,
        object: &Self::Value,
        key: &Self::Value,
    ) -> Result<Self::Value, Fault> {
        if run.in_body && matches!(key, Value::Text(_) | Value::Object(_) | Value::Kept(_)) {
            run.spent.host_calls += 1;
            if text::of(&run.host, key)?.is_some_and(|key| run.hides_text_name(key)) {
                return Ok(Value::Redacted);
            }
        }
        match (object, key) {
            (Value::Object(object), key) => {
                run.spent.host_calls += 1;
                run.host.item(object, key)
            }
            (Value::Kept(kept), Value::Text(key)) => kept_entry(kept, key).ok_or(NO_ITEM),
            (Value::Kept(kept), Value::Int(nth)) => kept_element(kept, *nth).ok_or(NO_ITEM),
            (Value::Redacted, _) => Ok(Value::Redacted),
            _ => Err(NO_ITEM),
        }
    }

    #[inline]
    fn call(
        run: &mut Run<'_, H>,
        callee: &Callee,
        arguments: &mut [Option<Self::Value>],
    ) -> Result<Self::Value, Fault> {
        callee.call(run, arguments)
    }

    fn arithmetic(
        run: &mut Run<'_, H>,
        op: Arithmetic,
        left: &Self::Value,
        right: &Self::Value,
    ) -> Result<Self::Value, Fault> {
        let trouble = |trouble| match trouble {
            Trouble::Overflow => OVERFLOW,
            Trouble::DivisionByZero => DIVISION,
        };
        if let (Some(left), Some(right)) = (number(left), number(right)) {
            return scalar::numbers(op, left, right).map(value_of).map_err(trouble);
        }
        if matches!((left, right), (Value::Redacted, _) | (_, Value::Redacted)) {
            return Ok(Value::Redacted);
        }
        if op != Arithmetic::Add {
            return Err(OPERANDS);
        }
        run.spent.host_calls += 2;
        let joined = text::join(&run.host, left, right)?.ok_or(OPERANDS)?;
        run.spent.text(&joined);
        Ok(joined)
    }

    fn negate(_: &mut Run<'_, H>, value: &Self::Value) -> Result<Self::Value, Fault> {
        let number = number(value).ok_or(OPERANDS)?;
        scalar::negate(number).map(value_of).map_err(|_| OVERFLOW)
    }

    fn compare_name(name: &str, kind: CompareKind, constant: Constant) -> Truth<Self> {
        compare::name(Self::name(name), kind, constant)
    }

    #[inline]
    fn compare(
        run: &mut Run<'_, H>,
        kind: CompareKind,
        left: &Self::Value,
        right: &Self::Value,
    ) -> Result<bool, Fault> {
        if let (Some(left), Some(right)) = (number(left), number(right)) {
            return Ok(scalar::holds(kind, scalar::order(left, right)));
        }
        compare_others(run, kind, left, right)
    }

    #[inline]
    fn compare_constant(
        run: &mut Run<'_, H>,
        kind: CompareKind,
        left: &Self::Value,
        right: &Constant,
    ) -> Result<bool, Fault> {
        match (left, right) {
            (Value::Int(left), Constant::Int(right)) => {
                Ok(scalar::holds(kind, Some(left.cmp(right))))
            }
            (Value::Float(left), Constant::Float(right)) => {
                Ok(scalar::holds(kind, left.partial_cmp(&f64::from_bits(*right))))
            }
            (Value::Object(_), Constant::Str(right)) => {
                run.spent.host_calls += 1;
                match text::of(&run.host, left)? {
                    Some(left) => Ok(scalar::holds(kind, Some(left.cmp(right)))),
                    None => by_equality(kind, false),
                }
            }
            (left, right) => Self::compare(run, kind, left, &Self::constant(right)),
        }
    }

    fn bool(value: bool) -> Self::Value {
        Value::Bool(value)
    }

    fn truth(value: &Self::Value) -> bool {
        value.truth()
    }

    fn invert(value: &Self::Value) -> Result<bool, Fault> {
        match value {
            Value::Bool(value) => Ok(!value),
            _ => Err(Fault::new(Code::R0002, "only a bool can be inverted")),
        }
    }

    fn array(
        run: &mut Run<'_, H>,
        items: &mut [Option<Self::Value>],
    ) -> Result<Self::Value, Fault> {
        let items = items.iter_mut().filter_map(Option::take);
        let captured = items.map(|it| run.capture(it)).collect();
        Ok(Value::Kept(Arc::new(Captured::List(captured))))
    }

    fn recover(_: &mut Run<'_, H>, callee: &Callee, error: Fault) -> Result<Self::Value, Fault> {
        if callee.takes_errors() { Ok(Value::Failed(error.to_string().into())) } else { Err(error) }
    }

    fn keep(run: &mut Run<'_, H>, slot: u32, value: Self::Value) {
        let slot = slot as usize;
        let slots = run.slots.get_or_insert_default();
        if slots.len() <= slot {
            slots.resize_with(slot + 1, || Value::None);
        }
        slots[slot] = value;
    }

    fn kept(run: &mut Run<'_, H>, slot: u32) -> Self::Value {
        run.slots.as_ref().and_then(|it| it.get(slot as usize)).cloned().unwrap_or(Value::None)
    }
}

#[inline]
const fn number<O>(value: &Value<O>) -> Option<Number> {
    match value {
        Value::Int(value) => Some(Number::Int(*value)),
        Value::Float(value) => Some(Number::Float(*value)),
        _ => None,
    }
}

const fn value_of<O>(number: Number) -> Value<O> {
    match number {
        Number::Int(value) => Value::Int(value),
        Number::Float(value) => Value::Float(value),
    }
}

fn by_equality(kind: CompareKind, equal: bool) -> Result<bool, Fault> {
    match kind {
        CompareKind::Eq => Ok(equal),
        CompareKind::Ne => Ok(!equal),
        CompareKind::Lt | CompareKind::Le | CompareKind::Gt | CompareKind::Ge => Err(ORDER),
    }
}

fn compare_others<H: Host>(
    run: &mut Run<'_, H>,
    kind: CompareKind,
    left: &Value<H::Object>,
    right: &Value<H::Object>,
) -> Result<bool, Fault> {
    let equal = match (left, right) {
        (Value::None, Value::None) | (Value::Request, Value::Request) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Redacted | Value::Failed(_), _) | (_, Value::Redacted | Value::Failed(_)) => {
            return Err(ORDER);
        }
        (Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Request, _)
        | (_, Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Request) => {
            false
        }
        (left, right) => {
            run.spent.host_calls += 2;
            let order: Option<Ordering> = text::order(&run.host, left, right)?;
            if order.is_some() {
                return Ok(scalar::holds(kind, order));
            }
            match (left, right) {
                (Value::Object(left), Value::Object(right)) => {
                    run.spent.host_calls += 1;
                    run.host.equal(left, right)?
                }
                (Value::Kept(left), Value::Kept(right)) => left == right,
                _ => false,
            }
        }
    };
    by_equality(kind, equal)
}

/// What a recorded value is as a value again.
pub(crate) fn from_kept<O>(kept: &Arc<Captured>) -> Value<O> {
    match &**kept {
        Captured::None => Value::None,
        Captured::Bool(value) => Value::Bool(*value),
        Captured::Int(value) => Value::Int(*value),
        Captured::Float(value) => Value::Float(*value),
        Captured::Text(text) => Value::Text(Arc::clone(text)),
        Captured::Redacted => Value::Redacted,
        _ => Value::Kept(Arc::clone(kept)),
    }
}

fn kept_entry<O>(kept: &Captured, key: &str) -> Option<Value<O>> {
    let Captured::Map(entries) = kept else { return None };
    let entry = entries.iter().find(|it| &*it.0 == key)?;
    Some(from_kept(&Arc::new(entry.1.clone())))
}

fn kept_element<O>(kept: &Captured, nth: i64) -> Option<Value<O>> {
    let Captured::List(items) = kept else { return None };
    let len = i64::try_from(items.len()).ok()?;
    let nth = if nth < 0 { nth + len } else { nth };
    let item = items.get(usize::try_from(nth).ok()?)?;
    Some(from_kept(&Arc::new(item.clone())))
}
