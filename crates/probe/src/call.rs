//! Calls of the functions of the probe language.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use remora_bytecode::Constant;
use remora_diagnostics::Code;

use crate::aggregate::{self, Key, Misfit};
use crate::capture::Captured;
use crate::cost::MAX_KEY;
use crate::dispatcher::{Dispatcher, Host, Shape};
use crate::functions::{Fold, Function};
use crate::run::{Record, Run};
use crate::sample;
use crate::text;
use crate::value::{Fault, Value};

/// A function, with what its constant arguments say.
#[derive(Debug)]
pub(crate) struct Callee {
    function: Function,
    /// Names of a named capture, or the name of a table.
    names: Box<[Arc<str>]>,
}

/// Deepest stack that is recorded.
const MAX_STACK: i64 = 32;

impl Callee {
    pub(crate) fn new(name: &str, arguments: &[Option<&Constant>]) -> Result<Self, String> {
        let function =
            Function::from_import(name).ok_or_else(|| format!("there is no function `{name}`"))?;
        let (least, most) = function.arity();
        if !(least..=most).contains(&arguments.len()) {
            return Err(format!("`{name}` is called with {} arguments", arguments.len()));
        }
        let text = |argument: &Option<&Constant>| match argument {
            Some(Constant::Str(text)) => Some(Arc::clone(text)),
            _ => None,
        };
        let named = match function {
            Function::CaptureNamed if arguments.len() % 2 == 1 => None,
            Function::CaptureNamed => arguments.iter().step_by(2).map(text).collect(),
            Function::Fold(_) | Function::Print | Function::Clear => {
                arguments.iter().take(1).map(text).collect()
            }
            Function::Matches => arguments.iter().skip(1).map(text).collect(),
            _ => Some(Vec::new()),
        };
        let names = named.ok_or_else(|| format!("`{name}` is called without a name"))?;
        Ok(Self { function, names: names.into() })
    }

    /// Whether an argument that cannot be had becomes an error among the values.
    pub(crate) const fn takes_errors(&self) -> bool {
        matches!(self.function, Function::Capture | Function::CaptureNamed)
    }

    pub(crate) fn call<H: Host>(
        &self,
        run: &mut Run<'_, H>,
        arguments: &mut [Option<Value<H::Object>>],
    ) -> Result<Value<H::Object>, Fault> {
        let none = Value::None;
        let argument = |nth: usize| arguments.get(nth).and_then(Option::as_ref).unwrap_or(&none);
        let made = match self.function {
            Function::Capture => {
                let mut values = Vec::with_capacity(arguments.len());
                for value in arguments.iter_mut().filter_map(Option::take) {
                    values.push(run.capture(value));
                }
                run.record(Record::Positional(values));
                Value::None
            }
            Function::CaptureNamed => {
                self.capture_named(run, arguments);
                Value::None
            }
            Function::Timestamp => {
                let now = SystemTime::now().duration_since(UNIX_EPOCH);
                Value::Float(now.map_or(0.0, |it| it.as_secs_f64()))
            }
            Function::Rand => Value::Float(sample::fraction(sample::random())),
            Function::Len => length(run, argument(0))?,
            Function::Str
            | Function::Lower
            | Function::Upper
            | Function::StartsWith
            | Function::EndsWith
            | Function::Contains
            | Function::Matches => {
                run.spent.host_calls += arguments.len() as u64;
                let host = &run.host;
                let made = match self.function {
                    Function::Str => text::shown(host, argument(0))?,
                    Function::Lower | Function::Upper => {
                        text::cased(host, self.function, argument(0))?
                    }
                    _ => text::test(host, self.function, argument(0), argument(1))?,
                };
                run.spent.text(&made);
                made
            }
            Function::Int => {
                run.spent.host_calls += 1;
                text::to_int(&run.host, argument(0))?
            }
            Function::Float => {
                run.spent.host_calls += 1;
                text::to_float(&run.host, argument(0))?
            }
            Function::Slice => slice(run, argument(0), bound(argument(1))?, bound(argument(2))?)?,
            Function::Stack => {
                let most = match arguments.first() {
                    None => MAX_STACK,
                    Some(_) => bound(argument(0))?.unwrap_or(MAX_STACK),
                };
                stack(run, most)
            }
            Function::Elapsed => match run.host.elapsed() {
                Some(elapsed) => Value::Float(elapsed.as_secs_f64()),
                None => return Err(Fault::host("the time of the entry is not known")),
            },
            Function::Print | Function::Clear => {
                if let (Some(tables), Some(name)) = (run.tables(), self.names.first()) {
                    if self.function == Function::Clear {
                        tables.clear(name);
                    } else {
                        run.record_free(Record::Table(tables.snapshot(name)));
                    }
                }
                Value::None
            }
            Function::Fold(fold) => {
                self.fold(run, fold, arguments)?;
                Value::None
            }
        };
        Ok(made)
    }

    fn capture_named<H: Host>(
        &self,
        run: &mut Run<'_, H>,
        arguments: &mut [Option<Value<H::Object>>],
    ) {
        let mut values = Vec::with_capacity(self.names.len());
        let given = arguments.iter_mut().skip(1).step_by(2).filter_map(Option::take);
        for (name, value) in self.names.iter().zip(given) {
            let hidden = run.hides_text_name(name);
            let captured = if hidden { Captured::Redacted } else { run.capture(value) };
            values.push((Arc::clone(name), captured));
        }
        run.record(Record::Named(values));
    }

    fn fold<H: Host>(
        &self,
        run: &mut Run<'_, H>,
        fold: Fold,
        arguments: &[Option<Value<H::Object>>],
    ) -> Result<(), Fault> {
        let (Some(tables), Some(name)) = (run.tables().cloned(), self.names.first()) else {
            return Ok(());
        };
        let split = arguments.len() - fold.n_arguments();
        let (keys, values) = arguments.split_at(split);
        let mut key = Key::default();
        for part in keys.iter().skip(1).flatten() {
            run.spent.host_calls += 1;
            key.push(key_part(run, part)?);
        }
        run.spent.bytes += key.len() as u64;
        let mut numbers = [0.0; 4];
        for (number, value) in numbers.iter_mut().zip(values) {
            *number = match value {
                #[expect(clippy::cast_precision_loss, reason = "aggregates are floats")]
                Some(Value::Int(value)) => *value as f64,
                Some(Value::Float(value)) => *value,
                _ => return Err(Fault::new(Code::R0004, "only numbers can be aggregated")),
            };
        }
        tables.add(name, key, fold, numbers).map_err(|misfit| match misfit {
            Misfit::Kind => Fault::new(Code::R0012, "the table holds aggregates of another kind"),
            Misfit::Steps => Fault::new(Code::R0012, "a histogram has from 1 to 100 steps"),
        })
    }
}

fn key_part<H: Host>(run: &Run<'_, H>, value: &Value<H::Object>) -> Result<aggregate::Part, Fault> {
    Ok(match value {
        Value::None => aggregate::Part::None,
        Value::Bool(value) => aggregate::Part::Bool(*value),
        Value::Int(value) => aggregate::Part::Int(*value),
        Value::Float(value) => aggregate::Part::Float(value.to_bits()),
        Value::Redacted => aggregate::Part::Text("[redacted]".into()),
        other => match text::of(&run.host, other)? {
            Some(text) if run.rules().redactor.hides_text(text) => {
                aggregate::Part::Text("[redacted]".into())
            }
            Some(text) => {
                let end = text.floor_char_boundary(text.len().min(MAX_KEY));
                aggregate::Part::Text(text[..end].into())
            }
            None => return Err(Fault::new(Code::R0021, "only numbers and texts are keys")),
        },
    })
}

/// A bound of a slice; None is none.
fn bound<O>(value: &Value<O>) -> Result<Option<i64>, Fault> {
    match value {
        Value::None => Ok(None),
        Value::Int(value) => Ok(Some(*value)),
        _ => Err(Fault::new(Code::R0004, "an int is needed here")),
    }
}

fn length<H: Host>(
    run: &mut Run<'_, H>,
    value: &Value<H::Object>,
) -> Result<Value<H::Object>, Fault> {
    let wrong = Fault::new(Code::R0004, "the value has no length");
    let len = match value {
        Value::Text(text) => text.chars().count(),
        Value::Object(object) => {
            run.spent.host_calls += 1;
            match run.host.shape(object)? {
                Shape::Text(text) if text.len() > text::MAX_TEXT => {
                    return Err(Fault::new(Code::R0012, "the text is too long for a probe"));
                }
                Shape::Text(text) => text.chars().count(),
                Shape::List(len) | Shape::Map(len) => len,
                Shape::Opaque(_) => return Err(wrong),
            }
        }
        Value::Kept(kept) => match &**kept {
            Captured::Text(text) | Captured::CutText(text, _) => text.chars().count(),
            Captured::List(items) => items.len(),
            Captured::Map(items) => items.len(),
            _ => return Err(wrong),
        },
        _ => return Err(wrong),
    };
    Ok(Value::Int(i64::try_from(len).unwrap_or(i64::MAX)))
}

/// A part of a text, or copies of a part of a list.
fn slice<H: Host>(
    run: &mut Run<'_, H>,
    value: &Value<H::Object>,
    low: Option<i64>,
    high: Option<i64>,
) -> Result<Value<H::Object>, Fault> {
    run.spent.host_calls += 1;
    if let Some(part) = text::slice(&run.host, value, low, high)? {
        run.spent.text(&part);
        return Ok(part);
    }
    let wrong = Fault::new(Code::R0011, "the value cannot be sliced");
    if let Value::Kept(kept) = value {
        let Captured::List(items) = &**kept else { return Err(wrong) };
        let (low, high) = text::bounds(items.len(), low, high);
        let part = Captured::List(items[low..high].to_vec());
        return Ok(Value::Kept(Arc::new(part)));
    }
    let Value::Object(object) = value else { return Err(wrong) };
    run.spent.host_calls += 1;
    let Shape::List(len) = run.host.shape(object)? else { return Err(wrong) };
    let (low, high) = text::bounds(len, low, high);
    let taken = (high - low).min(run.rules().limits.elements);
    let rules = run.shared_rules();
    let mut capturer = crate::capture::Capturer::new(&rules.limits, &rules.redactor);
    let mut part = Vec::with_capacity(taken);
    for nth in low..low + taken {
        run.spent.host_calls += 1;
        let item = run.host.element(object, nth);
        let item = item.unwrap_or_else(|fault| Value::Failed(fault.to_string().into()));
        part.push(capturer.value(&mut run.host, item));
    }
    if low + taken < high {
        part.push(Captured::Cut(high - low - taken));
    }
    run.spent.bytes += capturer.spent() as u64;
    run.spent.host_calls += capturer.host_calls;
    Ok(Value::Kept(Arc::new(Captured::List(part))))
}

fn stack<H: Host>(run: &mut Run<'_, H>, most: i64) -> Value<H::Object> {
    let most = usize::try_from(most.clamp(0, MAX_STACK)).unwrap_or(0);
    let mut names = Vec::new();
    while names.len() < most {
        run.spent.host_calls += 1;
        let Some(name) = run.host.caller(names.len()) else { break };
        let end = name.floor_char_boundary(name.len().min(MAX_KEY));
        run.spent.bytes += end as u64;
        names.push(Captured::Text(name[..end].into()));
    }
    Value::Kept(Arc::new(Captured::List(names)))
}
