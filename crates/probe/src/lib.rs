//! Probes: see inside a live program, and harm nothing.
//!
//! A probe is a few lines of text: where it is attached, when it looks, what it records. [`Program::compile`] makes
//! wordcode of it, in the linear profile, whose cost is known before it runs; [`Compiled`] makes closures of that for one
//! kind of [`Host`], and a [`Run`] is one hit. A [`Registry`] attaches and detaches programs while the host runs. Programs travel as
//! bytes of the module format.
//!
//! Nothing a probe does can change the program that it looks at, and nothing that program answers, not even a panic, can
//! do more than make a predicate false or a captured value an error.
#![forbid(unsafe_code)]

mod aggregate;
mod budget;
mod call;
mod capture;
mod codegen;
mod compare;
mod cost;
mod dispatcher;
mod expr;
mod functions;
pub mod hogtrace;
mod parser;
mod places;
mod program;
mod queue;
mod redact;
mod registry;
mod request;
mod run;
pub mod rust;
mod sample;
pub mod sink;
#[cfg(unix)]
pub mod socket;
mod spec;
mod sync;
mod text;
mod trace;
mod value;

pub use aggregate::{Aggregate, Histogram, Key, Part, Row, Snapshot, Tables};
pub use budget::Quota;
pub use capture::{CaptureLimits, Captured};
pub use cost::{Budget, Cost};
pub use dispatcher::{Answer, Dispatcher, Host, Shape, Variable};
pub use program::{Probe, Program, ProgramError};
pub use queue::Event;
pub use redact::Redactor;
pub use registry::{AttachId, Flag, Registry, Settings, Site};
pub use request::{Following, Request};
pub use run::{Compiled, Outcome, Record, Rules, Run, Spent};
pub use spec::{Point, Provider, Spec, matches};
pub use text::MAX_TEXT;
pub use trace::{Room, Target, Targets, Trace, list};
pub use value::{Fault, Value};

/// The Rust sample of the book runs with the documentation's tests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/probes.md")]
mod book {}
