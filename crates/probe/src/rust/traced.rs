//! What `#[traced]` functions call: their entry and their exit.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use super::visible::{Seen, Visible};
use super::{End, Hit, Rust, UNKNOWN, registry};
use crate::capture::Captured;
use crate::dispatcher::Variable;
use crate::registry::{Flag, Site};
use crate::spec::{Point, Provider};

/// A function that is traced. Made by `#[traced]`, as a static.
#[derive(Debug)]
pub struct Function {
    module: &'static str,
    name: &'static str,
    arguments: &'static [&'static str],
    /// A bit each for entry and exit, and one until they are known.
    is_on: AtomicU8,
    sites: OnceLock<Sites>,
}

#[derive(Debug)]
struct Sites {
    entry: Arc<Site<Rust>>,
    exit: Arc<Site<Rust>>,
}

impl Function {
    /// A function of a module, and the names of its arguments.
    #[must_use]
    pub const fn new(
        module: &'static str,
        name: &'static str,
        arguments: &'static [&'static str],
    ) -> Self {
        Self { module, name, arguments, is_on: AtomicU8::new(UNKNOWN), sites: OnceLock::new() }
    }

    /// Whether its arguments are to be looked at: one relaxed load.
    #[inline(always)]
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.is_on.load(Ordering::Relaxed) != 0
    }

    /// Makes the function known before it is called.
    pub fn declare(&'static self) {
        self.sites();
    }

    fn sites(&'static self) -> &'static Sites {
        self.sites.get_or_init(|| {
            let mut name = self.module.replace("::", ".");
            if !name.is_empty() {
                name.push('.');
            }
            name.push_str(self.name);
            let add = |point, bit| {
                let flag = Flag { bits: &self.is_on, bit };
                registry().add_flagged_site(Provider::Rust, &name, point, flag)
            };
            let sites = Sites { entry: add(Point::Entry(0), 1), exit: add(Point::Exit(0), 2) };
            self.is_on.fetch_and(!UNKNOWN, Ordering::Relaxed);
            sites
        })
    }

    /// Runs the probes at the entry. What it gives is wanted again at the exit.
    #[cold]
    pub fn enter(&'static self, values: &[&dyn Visible]) -> Option<Entered> {
        let sites = self.sites();
        if sites.entry.is_on() {
            registry().hit(&sites.entry, Hit::new(self.arguments, values));
        }
        if !sites.exit.is_on() {
            return None;
        }
        let mut kept: Vec<(Variable, Arc<Captured>)> = Vec::new();
        let mut hit = Hit::new(self.arguments, values);
        for variable in sites.exit.reads() {
            let variable = variable.now();
            if !matches!(variable, Variable::Retval | Variable::Exception) {
                let value = registry().snapshot(&mut hit, variable);
                kept.push((variable.clone(), Arc::new(value)));
            }
        }
        Some(Entered { function: self, at: Instant::now(), kept, left: false })
    }
}

/// A call that is seen again when it ends.
#[derive(Debug)]
pub struct Entered {
    function: &'static Function,
    pub(super) at: Instant,
    kept: Vec<(Variable, Arc<Captured>)>,
    left: bool,
}

impl Entered {
    pub(super) fn kept(&self, variable: &Variable) -> Option<&Arc<Captured>> {
        self.kept.iter().find(|it| it.0 == *variable).map(|it| &it.1)
    }

    /// The function has a result.
    pub fn leave(&mut self, result: &dyn Visible) {
        self.left = true;
        self.end(Some(result), "");
    }

    fn end(&self, result: Option<&dyn Visible>, exception: &'static str) {
        let sites = self.function.sites();
        if sites.exit.is_on() {
            let mut hit = Hit::new(self.function.arguments, &[]);
            hit.end = Some(End { result, exception, entered: self });
            registry().hit(&sites.exit, hit);
        }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        if !self.left {
            let why = if std::thread::panicking() { "panicked" } else { "dropped" };
            self.end(None, why);
        }
    }
}

/// A value on its way to a probe: looked into if it can be, else shown, else named. Of the three traits behind it the first
/// one that fits is used, which is what the references in `(&&Show(&value)).shown()` are for.
#[derive(Debug)]
pub struct Show<'a, T>(pub &'a T);

/// How a value is seen by a probe.
#[derive(Debug)]
pub enum Shown<'a> {
    /// As it is.
    Visible(&'a dyn Visible),
    /// As a text.
    Text(String),
    /// By the name of its type.
    Opaque(&'static str),
}

impl Visible for Shown<'_> {
    fn see(&self) -> Seen<'_> {
        match self {
            Self::Visible(it) => it.see(),
            Self::Text(it) => Seen::Shown(it),
            Self::Opaque(it) => Seen::Opaque(it),
        }
    }

    fn element(&self, nth: usize) -> Option<&dyn Visible> {
        if let Self::Visible(it) = self { it.element(nth) } else { None }
    }

    fn entry(&self, nth: usize) -> Option<(&str, &dyn Visible)> {
        if let Self::Visible(it) = self { it.entry(nth) } else { None }
    }

    fn field(&self, name: &str) -> Option<&dyn Visible> {
        if let Self::Visible(it) = self { it.field(name) } else { None }
    }
}

/// What is [`Visible`].
pub trait ShowVisible<'a> {
    /// The value as it is.
    fn shown(&self) -> Shown<'a>;
}

impl<'a, T: Visible> ShowVisible<'a> for &Show<'a, T> {
    fn shown(&self) -> Shown<'a> {
        Shown::Visible(self.0)
    }
}

/// What is only `Debug`.
pub trait ShowDebug<'a> {
    /// Its text.
    fn shown(&self) -> Shown<'a>;
}

impl<'a, T: Debug> ShowDebug<'a> for &&Show<'a, T> {
    fn shown(&self) -> Shown<'a> {
        Shown::Text(format!("{:?}", self.0))
    }
}

/// What is neither.
pub trait ShowAny<'a> {
    /// The name of its type.
    fn shown(&self) -> Shown<'a>;
}

impl<'a, T> ShowAny<'a> for Show<'a, T> {
    fn shown(&self) -> Shown<'a> {
        Shown::Opaque(std::any::type_name::<T>())
    }
}

/// Calls the body of a traced function: once, so that it may give what it has taken.
pub fn call<R>(body: impl FnOnce() -> R) -> R {
    body()
}
