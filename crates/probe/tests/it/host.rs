//! A host whose values are JSON, for tests: `{"args": [...], "kwargs": {...}, "self": ..., "retval": ...}` is a hit.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use remora_probe::{Answer, Captured, Dispatcher, Fault, Host, Record, Shape, Value, Variable};
use serde_json::Value as Json;

pub(crate) struct JsonHost;

impl Host for JsonHost {
    type Object = usize;
    type Dispatcher<'h> = Hit<'h>;
}

/// One hit. Handles are places in a list of what has been given so far.
pub(crate) struct Hit<'h> {
    root: &'h Json,
    given: RefCell<Vec<&'h Json>>,
}

impl<'h> Hit<'h> {
    pub(crate) fn new(root: &'h Json) -> Self {
        Self { root, given: RefCell::default() }
    }

    fn give(&self, value: &'h Json) -> Value<usize> {
        match value {
            Json::Null => Value::None,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => match number.as_i64() {
                Some(value) => Value::Int(value),
                None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(_) | Json::Array(_) | Json::Object(_) => {
                let mut given = self.given.borrow_mut();
                given.push(value);
                Value::Object(given.len() - 1)
            }
        }
    }

    fn at(&self, object: usize) -> Result<&'h Json, Fault> {
        self.given.borrow().get(object).copied().ok_or(Fault::host("no such object"))
    }

    fn maybe(&self, value: Option<&'h Json>, otherwise: &'static str) -> Answer<usize> {
        let value = value.ok_or(Fault::host(otherwise))?;
        if value.as_str() == Some("!panic") {
            panic!("the host panics");
        }
        Ok(self.give(value))
    }
}

impl Dispatcher for Hit<'_> {
    type Object = usize;

    fn variable(&mut self, variable: &Variable) -> Answer<usize> {
        let root = self.root;
        match variable {
            Variable::Args => self.maybe(root.get("args"), "there are no arguments"),
            Variable::Arg(nth) => {
                let args = root.get("args").and_then(Json::as_array);
                self.maybe(args.and_then(|it| it.get(*nth)), "there is no such argument")
            }
            Variable::Kwargs => self.maybe(root.get("kwargs"), "there are no named arguments"),
            Variable::Itself => self.maybe(root.get("self"), "there is no self"),
            Variable::Locals => self.maybe(root.get("locals"), "there are no locals"),
            Variable::Globals => self.maybe(root.get("globals"), "there are no globals"),
            Variable::Retval => self.maybe(root.get("retval"), "nothing was returned"),
            Variable::Exception => {
                Ok(root.get("exception").map_or(Value::None, |it| self.give(it)))
            }
            Variable::AtEntry(variable) => {
                let before = root.get("entry").ok_or(Fault::host("nothing was kept"))?;
                Hit::new(before).variable(variable)?;
                let value = match &**variable {
                    Variable::Arg(nth) => before.get("args").and_then(|it| it.get(*nth)),
                    Variable::Named(name) => before.get("locals").and_then(|it| it.get(&**name)),
                    _ => None,
                };
                self.maybe(value, "nothing was kept of it")
            }
            Variable::Named(name) => {
                let named = root.get("locals").and_then(|it| it.get(&**name));
                self.maybe(named, "there is no such variable")
            }
        }
    }

    fn attribute(&mut self, object: &usize, name: &str) -> Answer<usize> {
        self.maybe(self.at(*object)?.get(name), "there is no such attribute")
    }

    fn item(&mut self, object: &usize, key: &Value<usize>) -> Answer<usize> {
        let object = self.at(*object)?;
        let found = match key {
            Value::Int(nth) => {
                let len = object.as_array().map_or(0, Vec::len) as i64;
                let nth = if *nth < 0 { nth + len } else { *nth };
                usize::try_from(nth).ok().and_then(|nth| object.get(nth))
            }
            Value::Text(key) => object.get(&**key),
            Value::Object(key) => self.at(*key)?.as_str().and_then(|key| object.get(key)),
            _ => None,
        };
        self.maybe(found, "there is no such item")
    }

    fn shape<'a>(&'a self, object: &'a usize) -> Result<Shape<'a>, Fault> {
        Ok(match self.at(*object)? {
            Json::String(text) => Shape::Text(text),
            Json::Array(items) => Shape::List(items.len()),
            Json::Object(items) => Shape::Map(items.len()),
            _ => Shape::Opaque("?"),
        })
    }

    fn element(&mut self, object: &usize, nth: usize) -> Answer<usize> {
        self.maybe(self.at(*object)?.get(nth), "there is no such element")
    }

    fn entry(&mut self, object: &usize, nth: usize) -> Result<(Arc<str>, Value<usize>), Fault> {
        let entry = self.at(*object)?.as_object().and_then(|it| it.iter().nth(nth));
        let (key, value) = entry.ok_or(Fault::host("there is no such entry"))?;
        Ok((Arc::from(&**key), self.give(value)))
    }

    fn equal(&mut self, left: &usize, right: &usize) -> Result<bool, Fault> {
        Ok(self.at(*left)? == self.at(*right)?)
    }

    fn elapsed(&mut self) -> Option<Duration> {
        self.root.get("elapsed").and_then(Json::as_f64).map(Duration::from_secs_f64)
    }

    fn caller(&mut self, nth: usize) -> Option<Arc<str>> {
        self.root.get("stack")?.get(nth)?.as_str().map(Arc::from)
    }
}

/// A recorded value as JSON.
pub(crate) fn json(captured: &Captured) -> Json {
    match captured {
        Captured::None => Json::Null,
        Captured::Bool(value) => (*value).into(),
        Captured::Int(value) => (*value).into(),
        Captured::Float(value) => serde_json::Number::from_f64(*value)
            .map_or_else(|| format!("{value}").into(), Json::Number),
        Captured::Text(text) => (&**text).into(),
        Captured::CutText(text, n) => format!("{text}… {n} bytes more").into(),
        Captured::List(items) => items.iter().map(json).collect(),
        Captured::Map(items) => {
            Json::Object(items.iter().map(|(key, it)| (key.to_string(), json(it))).collect())
        }
        Captured::Opaque(name) => format!("<{name}>").into(),
        Captured::Cut(n) => format!("… {n} more").into(),
        Captured::Redacted => "[redacted]".into(),
        Captured::Error(what) => serde_json::json!({ "error": &**what }),
    }
}

/// What was recorded, a line each.
pub(crate) fn line(record: &Record) -> String {
    match record {
        Record::Positional(values) => values.iter().map(json).collect::<Json>().to_string(),
        Record::Named(values) => {
            Json::Object(values.iter().map(|(key, it)| (key.to_string(), json(it))).collect())
                .to_string()
        }
        Record::Failed(what) => format!("failed: {what}"),
        Record::SwitchedOff(why) => format!("switched off: {why}"),
        Record::Table(table) => {
            let mut lines = vec![format!("@{}", table.name)];
            for row in &table.rows {
                let key = match &row.key {
                    Some(key) => {
                        key.parts().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
                    }
                    None => "(others)".to_owned(),
                };
                let shown = match &row.aggregate {
                    remora_probe::Aggregate::Histogram(it) => format!("{:?}", it.buckets()),
                    other => format!("{other:?}"),
                };
                lines.push(format!("  [{key}] {shown}"));
            }
            lines.join("\n")
        }
    }
}
