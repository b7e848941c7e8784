//! Probe points in Rust programs: `probe!("orders.create", order_id, amount)`.
//!
//! A point that no probe is attached to costs one relaxed load and a branch that is not taken; its arguments are not
//! looked at. A point becomes known when control first comes to it, or when it is declared with [`Point::declare`]; no
//! tricks of the linker are needed, so that it works in each kind of crate and on each platform.

mod traced;
mod visible;

use std::cell::RefCell;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::capture::Captured;
use crate::dispatcher::{Answer, Dispatcher, Host, Shape, Variable};
use crate::redact::is_usually_secret;
use crate::registry::{Flag, Registry, Site};
use crate::spec::{Point as At, Provider};
use crate::value::{Fault, Value};

pub use traced::{Entered, Function, Show, ShowAny, ShowDebug, ShowVisible, Shown, call};
pub use visible::{Debugged, Seen, Visible};

/// Values of the Rust program itself.
#[derive(Debug)]
pub struct Rust;

impl Host for Rust {
    type Object = usize;
    type Dispatcher<'h> = Hit<'h>;
}

/// The registry of all points of this process. Made at the first use, with default settings.
pub fn registry() -> &'static Arc<Registry<Rust>> {
    static REGISTRY: OnceLock<Arc<Registry<Rust>>> = OnceLock::new();
    REGISTRY.get_or_init(Arc::default)
}

/// Points that are known so far and whose name fits the pattern.
#[must_use]
pub fn list(pattern: &str) -> Vec<String> {
    let shown = registry().list(pattern);
    shown.iter().map(|it| it.trim_end_matches(":entry").to_owned()).collect()
}

/// The bit of a point that is not known yet.
const UNKNOWN: u8 = 128;

/// A probe point. Made by [`probe!`](crate::probe!), as a static.
#[derive(Debug)]
pub struct Point {
    name: &'static str,
    arguments: &'static [&'static str],
    /// Not zero while a probe is attached, and before the point is known.
    is_on: AtomicU8,
    site: OnceLock<Arc<Site<Rust>>>,
}

impl Point {
    /// A point with a dotted name, and the names of its arguments.
    #[must_use]
    pub const fn new(name: &'static str, arguments: &'static [&'static str]) -> Self {
        Self { name, arguments, is_on: AtomicU8::new(UNKNOWN), site: OnceLock::new() }
    }

    /// Whether its arguments are to be looked at: one relaxed load.
    #[inline(always)]
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.is_on.load(Ordering::Relaxed) != 0
    }

    /// Makes the point known before control has come to it.
    pub fn declare(&'static self) -> &'static Arc<Site<Rust>> {
        self.site.get_or_init(|| {
            let flag = Flag { bits: &self.is_on, bit: 1 };
            let site = registry().add_flagged_site(Provider::Rust, self.name, At::Entry(0), flag);
            self.is_on.fetch_and(!UNKNOWN, Ordering::Relaxed);
            site
        })
    }

    /// Runs the probes that are attached here.
    #[cold]
    pub fn hit(&'static self, values: &[&dyn Visible]) {
        let site = self.declare();
        if site.is_on() {
            registry().hit(site, Hit::new(self.arguments, values));
        }
    }
}

/// One hit of a point. Handles are places: first those of the arguments, then what was given since.
#[derive(Debug)]
pub struct Hit<'h> {
    arguments: &'static [&'static str],
    values: &'h [&'h dyn Visible],
    end: Option<End<'h>>,
    given: RefCell<Vec<&'h dyn Visible>>,
}

/// How a function has ended.
#[derive(Debug)]
struct End<'h> {
    result: Option<&'h dyn Visible>,
    /// Why there is no result.
    exception: &'static str,
    entered: &'h Entered,
}

const NO_VALUE: Fault = Fault::host("there is no such value");
const NO_ARGUMENT: Fault = Fault::host("the point has no such argument");

/// Stands for the arguments together: a map, so that each has its name.
const ARGUMENTS: usize = usize::MAX;

impl<'h> Hit<'h> {
    fn new(arguments: &'static [&'static str], values: &'h [&'h dyn Visible]) -> Self {
        Self { arguments, values, end: None, given: RefCell::default() }
    }

    /// What was kept of a variable at the entry.
    fn kept(&self, variable: &Variable) -> Answer<usize> {
        let kept = self.end.as_ref().and_then(|it| it.entered.kept(variable.now()));
        kept.map(Captured::to_value).ok_or(NO_ARGUMENT)
    }

    fn at(&self, object: usize) -> Result<&'h dyn Visible, Fault> {
        let found = match object.checked_sub(self.values.len()) {
            None => self.values.get(object).copied(),
            Some(nth) => self.given.borrow().get(nth).copied(),
        };
        found.ok_or(NO_VALUE)
    }

    fn give(&self, value: &'h dyn Visible) -> Value<usize> {
        immediate(value).unwrap_or_else(|| {
            let mut given = self.given.borrow_mut();
            given.push(value);
            Value::Object(self.values.len() + given.len() - 1)
        })
    }

    fn argument(&self, nth: usize) -> Answer<usize> {
        let value = self.values.get(nth).ok_or(NO_ARGUMENT)?;
        Ok(immediate(*value).unwrap_or(Value::Object(nth)))
    }
}

/// A value that needs no handle.
fn immediate(value: &dyn Visible) -> Option<Value<usize>> {
    match value.see() {
        Seen::None => Some(Value::None),
        Seen::Bool(value) => Some(Value::Bool(value)),
        Seen::Int(value) => Some(Value::Int(value)),
        Seen::Float(value) => Some(Value::Float(value)),
        Seen::Text(_) | Seen::Shown(_) | Seen::List(_) | Seen::Map(_) | Seen::Opaque(_) => None,
    }
}

impl Dispatcher for Hit<'_> {
    type Object = usize;

    fn variable(&mut self, variable: &Variable) -> Answer<usize> {
        match variable {
            Variable::Retval => match &self.end {
                Some(end) => Ok(end.result.map_or(Value::None, |it| self.give(it))),
                None => Err(NO_ARGUMENT),
            },
            Variable::Exception => match &self.end {
                Some(end) if end.result.is_none() => Ok(Value::Text(end.exception.into())),
                Some(_) => Ok(Value::None),
                None => Err(NO_ARGUMENT),
            },
            _ if self.end.is_some() => self.kept(variable),
            Variable::Itself => self.variable(&Variable::Named("self".into())),
            Variable::Arg(nth) => self.argument(*nth),
            Variable::Args => Ok(Value::Object(ARGUMENTS)),
            Variable::Named(name) => {
                let nth = self.arguments.iter().position(|it| **it == **name);
                self.argument(nth.ok_or(NO_ARGUMENT)?)
            }
            _ => Err(NO_ARGUMENT),
        }
    }

    fn elapsed(&mut self) -> Option<Duration> {
        self.end.as_ref().map(|it| it.entered.at.elapsed())
    }

    fn argument_name(&self, nth: usize) -> Option<&str> {
        self.arguments.get(nth).copied()
    }

    fn attribute(&mut self, object: &usize, name: &str) -> Answer<usize> {
        if *object == ARGUMENTS {
            return self.variable(&Variable::Named(name.into()));
        }
        let found = self.at(*object)?.field(name);
        found.map(|it| self.give(it)).ok_or(Fault::host("there is no such field"))
    }

    fn item(&mut self, object: &usize, key: &Value<usize>) -> Answer<usize> {
        if *object == ARGUMENTS {
            return match key {
                Value::Int(nth) => {
                    let nth = usize::try_from(*nth).map_err(|_| NO_ARGUMENT)?;
                    let name = self.argument_name(nth).ok_or(NO_ARGUMENT)?;
                    if is_usually_secret(name) { Ok(Value::Redacted) } else { self.argument(nth) }
                }
                Value::Text(name) => self.variable(&Variable::Named(Arc::clone(name))),
                _ => Err(NO_ARGUMENT),
            };
        }
        match key {
            Value::Int(nth) => self.element(object, usize::try_from(*nth).map_err(|_| NO_VALUE)?),
            Value::Text(key) => self.attribute(object, key),
            _ => Err(NO_VALUE),
        }
    }

    fn shape<'a>(&'a self, object: &'a usize) -> Result<Shape<'a>, Fault> {
        if *object == ARGUMENTS {
            return Ok(Shape::Map(self.values.len()));
        }
        Ok(match self.at(*object)?.see() {
            Seen::Text(text) => Shape::Text(text),
            Seen::List(len) => Shape::List(len),
            Seen::Map(len) => Shape::Map(len),
            Seen::Opaque(name) => Shape::Opaque(name),
            // It is made once, at the hit, and stays where it is.
            Seen::Shown(text) => Shape::Text(text),
            Seen::None | Seen::Bool(_) | Seen::Int(_) | Seen::Float(_) => Shape::Opaque("value"),
        })
    }

    fn element(&mut self, object: &usize, nth: usize) -> Answer<usize> {
        self.at(*object)?.element(nth).map(|it| self.give(it)).ok_or(NO_VALUE)
    }

    fn entry(&mut self, object: &usize, nth: usize) -> Result<(Arc<str>, Value<usize>), Fault> {
        if *object == ARGUMENTS {
            let name = self.argument_name(nth).ok_or(NO_ARGUMENT)?.into();
            return Ok((name, self.argument(nth)?));
        }
        let (key, value) = self.at(*object)?.entry(nth).ok_or(NO_VALUE)?;
        Ok((key.into(), self.give(value)))
    }
}

/// A point that probes can be attached to.
///
/// `probe!("orders.create", order_id, total = price * n)`: a name, then values that are [`Visible`](crate::rust::Visible):
/// variables by their own names, or `name = expression`. Values are only looked at while a probe is attached.
///
/// ```standalone_crate
/// use remora_probe::{Budget, Program, probe, rust};
///
/// fn create(order_id: u64, amount: f64) {
///     probe!("orders.create", order_id, amount, rounded = amount.round());
/// }
///
/// create(1, 9.5);
/// assert_eq!(rust::list("orders.*"), ["rust:orders.create"]);
/// let program = Program::compile("rust:orders.* / amount > 10 / { capture(order_id) }", &Budget::default());
/// let id = rust::registry().attach(program.unwrap().into()).unwrap();
/// create(2, 9.5);
/// create(3, 12.5);
/// rust::registry().detach(id);
/// create(4, 99.0);
/// let (events, dropped) = rust::registry().drain();
/// assert_eq!((events.len(), dropped), (1, 0));
/// ```
#[macro_export]
macro_rules! probe {
    ($name:literal $(, $key:ident $(= $value:expr)?)* $(,)?) => {{
        static POINT: $crate::rust::Point =
            $crate::rust::Point::new($name, &[$(stringify!($key)),*]);
        if POINT.is_on() {
            POINT.hit(&[$($crate::probe!(@value $key $(= $value)?)),*]);
        }
    }};
    (@value $key:ident) => { &$key as &dyn $crate::rust::Visible };
    (@value $key:ident = $value:expr) => { &$value as &dyn $crate::rust::Visible };
}
