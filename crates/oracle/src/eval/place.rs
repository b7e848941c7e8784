//! Places: a variable and the steps into it, read and changed.

use std::rc::Rc;

use remora_diagnostics::{Advice, Code, Span};
use remora_syntax::ast::{Expr, ExprKind};

use super::{Frame, Interp, Meaning, errors};
use crate::env::Cell;
use crate::stop::{Eval, Raise};
use crate::value::{Dict, Key, StructValue, Value};

/// A place whose indices have been evaluated.
pub(super) struct Place<'p> {
    pub(super) root: Rc<Cell<'p>>,
    pub(super) steps: Vec<Step<'p>>,
}

/// One step into a value.
pub(super) enum Step<'p> {
    Field(&'p str),
    Index(Value<'p>),
}

/// A place as it is written.
pub(super) struct WrittenPlace<'p> {
    pub(super) root: Rc<Cell<'p>>,
    steps: Vec<WrittenStep<'p>>,
}

impl WrittenPlace<'_> {
    /// Whether it is a variable and not something in it.
    pub(super) fn is_whole(&self) -> bool {
        self.steps.is_empty()
    }
}

enum WrittenStep<'p> {
    Field(&'p str),
    Index(&'p Expr),
}

impl<'p> Interp<'_, 'p> {
    /// The place that an expression names, if it is one: fields and indices over a variable or `self`.
    pub(super) fn written_place(
        &self,
        frame: &Frame<'p>,
        expr: &'p Expr,
    ) -> Option<WrittenPlace<'p>> {
        let mut steps = Vec::new();
        let mut at = expr;
        let root = loop {
            match &at.kind {
                ExprKind::Field { object, name, optional: false } => {
                    if let Some(module) = self.module_of(frame, object) {
                        break self.member(module, name).ok()?;
                    }
                    steps.push(WrittenStep::Field(&name.name));
                    at = object;
                }
                ExprKind::Index { object, index } => {
                    steps.push(WrittenStep::Index(index));
                    at = object;
                }
                ExprKind::SelfValue => break frame.this.clone()?,
                ExprKind::Name(name) => match self.meaning(frame, name) {
                    Meaning::Variable(cell) => break cell,
                    Meaning::Field(field) => {
                        steps.push(WrittenStep::Field(field));
                        break frame.this.clone()?;
                    }
                    Meaning::Module(_)
                    | Meaning::Builtin(_)
                    | Meaning::Foreign(_)
                    | Meaning::Nothing
                    | Meaning::Unknown => return None,
                },
                _ => return None,
            }
        };
        steps.reverse();
        Some(WrittenPlace { root, steps })
    }

    /// Evaluates the indices of a place, left to right.
    pub(super) fn place(
        &mut self,
        frame: &mut Frame<'p>,
        written: WrittenPlace<'p>,
    ) -> Eval<'p, Place<'p>> {
        let mut steps = Vec::with_capacity(written.steps.len());
        for step in written.steps {
            steps.push(match step {
                WrittenStep::Field(name) => Step::Field(name),
                WrittenStep::Index(index) => Step::Index(self.expr(frame, index)?),
            });
        }
        Ok(Place { root: written.root, steps })
    }

    /// What is at a place.
    pub(super) fn read_place(&mut self, place: &Place<'p>, span: Span) -> Eval<'p> {
        let value = self.read(&place.root, span)?;
        self.read_steps(value, &place.steps, span)
    }

    /// Puts a value at a place.
    pub(super) fn write_place(
        &mut self,
        place: &Place<'p>,
        value: Value<'p>,
        span: Span,
    ) -> Eval<'p, ()> {
        let Some((last, steps)) = place.steps.split_last() else {
            return self.write(&place.root, value, span);
        };
        if let Some((at, object, inside)) = self.object_on(place, span)? {
            return self.store_in_object((&object, inside), &place.steps[at..], value, span);
        }
        self.change_root(place, span, |root| {
            let target = walk(root, steps)?;
            store(target, last, value)
        })
    }

    /// Takes the variable's value out, changes it, and puts it back.
    pub(super) fn change_root<T>(
        &self,
        place: &Place<'p>,
        span: Span,
        change: impl FnOnce(&mut Value<'p>) -> Result<T, Raise>,
    ) -> Eval<'p, T> {
        let mut root =
            place.root.take().map_err(|why| self.unreadable(place.root.name, why, span))?;
        let result = change(&mut root);
        place.root.put_back(root);
        self.at(span, result)
    }
}

/// Goes into a value that is to be changed; what is shared is copied on the way.
pub(super) fn walk<'v, 'p>(
    root: &'v mut Value<'p>,
    steps: &[Step<'p>],
) -> Result<&'v mut Value<'p>, Raise> {
    let mut target = root;
    for step in steps {
        target = match step {
            Step::Field(name) => attr_mut(target, name)?,
            Step::Index(key) => index_mut(target, key)?,
        };
    }
    Ok(target)
}

pub(super) fn store<'p>(
    target: &mut Value<'p>,
    step: &Step<'p>,
    value: Value<'p>,
) -> Result<(), Raise> {
    match (target, step) {
        (Value::Dict(dict), Step::Index(key)) => {
            let key = key_of(key)?;
            Rc::make_mut(dict).insert(key, value);
        }
        (Value::Dict(dict), Step::Field(name)) => Rc::make_mut(dict).insert(Key::str(name), value),
        (target, Step::Index(key)) => *index_mut(target, key)? = value,
        (target, Step::Field(name)) => *attr_mut(target, name)? = value,
    }
    Ok(())
}

/// `value.name`
pub(super) fn attr<'p>(value: &Value<'p>, name: &str) -> Result<Value<'p>, Raise> {
    match value {
        Value::Struct(it) => it.field(name).cloned().ok_or_else(|| no_field_in(it, name)),
        Value::Dict(it) => {
            it.find(&Key::str(name)).cloned().ok_or_else(|| missing(it, &Key::str(name)))
        }
        Value::Error(it) => errors::property(it, name).ok_or_else(|| no_field(name)),
        Value::Enum(it) => it.field(name).cloned().ok_or_else(|| no_field(name)),
        Value::StructType(it) => {
            Err(not_a_struct(name).advised(Advice::no_member(&it.decl.name.name, name)))
        }
        Value::EnumType(it) => {
            Err(not_a_struct(name).advised(Advice::no_member(&it.decl.name.name, name)))
        }
        _ => {
            let methods = crate::builtins::methods_of(value);
            let advice = Advice::no_field(value.type_name(), name, [], methods);
            Err(not_a_struct(name).advised(advice))
        }
    }
}

/// `value[key]`
pub(super) fn index<'p>(value: &Value<'p>, key: &Value<'p>) -> Result<Value<'p>, Raise> {
    match (value, key) {
        (Value::Array(items), Value::Int(at)) => {
            items.0.get(position(*at, items.0.len())?).cloned().ok_or_else(|| out_of_bounds(*at))
        }
        (Value::Str(text), Value::Int(at)) => {
            let nth = position(*at, text.chars().count())?;
            let char = text.chars().nth(nth).ok_or_else(|| out_of_bounds(*at))?;
            Ok(Value::str(char.to_string()))
        }
        (Value::Bytes(bytes), Value::Int(at)) => {
            let byte = bytes.get(position(*at, bytes.len())?).ok_or_else(|| out_of_bounds(*at))?;
            Ok(Value::Int(i64::from(*byte)))
        }
        (Value::Range(range), Value::Int(at)) => {
            range.member(*at).map(Value::Int).ok_or_else(|| out_of_bounds(*at))
        }
        (Value::Dict(dict), key) => {
            let key = key_of(key)?;
            dict.find(&key).cloned().ok_or_else(|| missing(dict, &key))
        }
        _ => Err(Raise::new(Code::R0011, "Invalid index operation")
            .advised(Advice::not_indexable(value.type_name(), key.type_name()))),
    }
}

fn attr_mut<'v, 'p>(value: &'v mut Value<'p>, name: &str) -> Result<&'v mut Value<'p>, Raise> {
    match value {
        Value::Struct(it) => {
            let idx = it.ty.field_idx(name).ok_or_else(|| no_field_in(it, name))?;
            Rc::make_mut(it).fields.get_mut(idx).ok_or_else(|| no_field(name))
        }
        Value::Dict(it) => entry_mut(it, &Key::str(name)),
        Value::Enum(it) => Rc::make_mut(it).field_mut(name).ok_or_else(|| no_field(name)),
        Value::Error(_) => Err(Raise::new(Code::R0019, "Cannot change an error")),
        _ => Err(not_a_struct(name)),
    }
}

fn index_mut<'v, 'p>(
    value: &'v mut Value<'p>,
    key: &Value<'p>,
) -> Result<&'v mut Value<'p>, Raise> {
    match (value, key) {
        (Value::Array(items), Value::Int(at)) => {
            let position = position(*at, items.0.len())?;
            Rc::make_mut(items).0.get_mut(position).ok_or_else(|| out_of_bounds(*at))
        }
        (Value::Dict(dict), key) => entry_mut(dict, &key_of(key)?),
        (value, _) => Err(Raise::new(Code::R0019, "Invalid index assignment")
            .advised(Advice::no_place(value.type_name()))),
    }
}

fn entry_mut<'v, 'p>(dict: &'v mut Rc<Dict<'p>>, key: &Key) -> Result<&'v mut Value<'p>, Raise> {
    if !dict.contains(key) {
        return Err(missing(dict, key));
    }
    let absent = missing(&Dict::default(), key);
    Rc::make_mut(dict).find_mut(key).ok_or(absent)
}

/// The position that an index means: negative ones count from the end.
pub(crate) fn position(at: i64, len: usize) -> Result<usize, Raise> {
    let from_end = if at < 0 { i64::try_from(len).unwrap_or(i64::MAX) } else { 0 };
    let position = at.checked_add(from_end).and_then(|it| usize::try_from(it).ok());
    position
        .filter(|it| *it < len)
        .ok_or_else(|| out_of_bounds(at).advised(Advice::out_of_bounds(at, len)))
}

/// The key that a value is.
pub(crate) fn key_of(value: &Value<'_>) -> Result<Key, Raise> {
    Key::of(value).ok_or_else(|| {
        let kind = if matches!(value, Value::Float(_)) { "NaN" } else { value.type_name() };
        Raise::new(Code::R0021, format!("Cannot use {kind} as a key"))
    })
}

/// Keys that "did you mean" looks at.
const MAX_COMPARED: usize = 1_000;

fn out_of_bounds(at: i64) -> Raise {
    Raise::new(Code::R0008, format!("Index out of bounds: {at}"))
}

fn missing(dict: &Dict<'_>, key: &Key) -> Raise {
    let shown = match key {
        Key::Str(text) => format!("\"{}\"", crate::builtins::shortened(text)),
        other => crate::print::display(&other.value()),
    };
    let wanted = if let Key::Str(text) = key { Some(&**text) } else { None };
    let keys = dict.iter().take(MAX_COMPARED).filter_map(|(key, _)| match key {
        Key::Str(text) => Some(&**text),
        _ => None,
    });
    let advice = Advice::missing_key(&shown, wanted, keys);
    Raise::new(Code::R0009, format!("Missing map key: {shown}")).advised(advice)
}

/// The error for a field that a struct has not, with what it has.
fn no_field_in(value: &StructValue<'_>, name: &str) -> Raise {
    let decl = value.ty.decl;
    let fields = decl.fields.iter().map(|it| &*it.name.name);
    let methods = decl.methods.iter().map(|it| &*it.name.name);
    no_field(name).advised(Advice::no_field(&decl.name.name, name, fields, methods))
}

fn no_field(name: &str) -> Raise {
    Raise::new(Code::R0010, format!("Field not found: {name}"))
}

pub(super) fn not_a_struct(name: &str) -> Raise {
    Raise::new(Code::R0010, format!("Cannot access field or method '{name}' on non-struct value"))
}
