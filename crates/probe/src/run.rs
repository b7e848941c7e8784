//! One hit: what probes have at hand while they run, and the gate that nothing passes but an outcome.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};

use remora_bytecode::closure::{Block, Predicate};
use remora_diagnostics::Code;

use crate::aggregate::Tables;
use crate::capture::{CaptureLimits, Captured, Capturer};
use crate::cost::{Cost, OVERHEAD};
use crate::dispatcher::Host;
use crate::places::{Name, Probes, from_kept};
use crate::program::{Probe, Program, ProgramError};
use crate::redact::Redactor;
use crate::request::Request;
use crate::value::{Fault, Value};

/// What a capture recorded.
#[derive(Clone, PartialEq, Debug)]
pub enum Record {
    /// `capture(a, b)`
    Positional(Vec<Captured>),
    /// `capture(a=1, b=2)`
    Named(Vec<(Arc<str>, Captured)>),
    /// What ended the body of a probe early.
    Failed(Arc<str>),
    /// Why the probe was switched off.
    SwitchedOff(Arc<str>),
    /// `print(@name)`: a table as it was.
    Table(crate::aggregate::Snapshot),
}

/// What all probes of a host share: limits and rules.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// How much of a value is recorded.
    pub limits: CaptureLimits,
    /// What is never recorded.
    pub redactor: Redactor,
}

static DEFAULT: LazyLock<Arc<Rules>> = LazyLock::new(Arc::default);

/// What a run has cost so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Spent {
    /// How often the host was asked.
    pub host_calls: u64,
    /// Bytes that were recorded, kept or joined.
    pub bytes: u64,
}

impl Spent {
    /// Whether it is within what was foretold.
    #[must_use]
    pub const fn is_within(&self, cost: &Cost) -> bool {
        self.host_calls <= cost.host_calls && self.bytes <= cost.bytes
    }

    pub(crate) fn text<O>(&mut self, value: &Value<O>) {
        if let Value::Text(text) = value {
            self.bytes += text.len() as u64;
        }
    }
}

/// One hit of a point, for all probes that are attached there.
pub struct Run<'f, H: Host> {
    pub(crate) host: H::Dispatcher<'f>,
    /// What the program at hand brought with it.
    program: Option<(Arc<Rules>, Arc<Tables>)>,
    request: Request,
    request_changed: bool,
    /// In a body, names of secrets give nothing; a predicate may look at them, since it records nothing.
    pub(crate) in_body: bool,
    /// `None` until one is kept, as most predicates never do: a hit must cost little to begin and to end.
    pub(crate) slots: Option<Vec<Value<H::Object>>>,
    records: Option<Vec<Record>>,
    pub(crate) spent: Spent,
}

impl<H: Host> std::fmt::Debug for Run<'_, H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("records", &self.records).finish_non_exhaustive()
    }
}

impl<'f, H: Host> Run<'f, H> {
    /// A hit, before any probe has run. Allocates nothing.
    #[inline]
    pub const fn new(host: H::Dispatcher<'f>, request: Request) -> Self {
        Self {
            host,
            program: None,
            request,
            request_changed: false,
            in_body: false,
            slots: None,
            records: None,
            spent: Spent { host_calls: 0, bytes: 0 },
        }
    }

    /// The rules and tables of the program whose probes run next; without them there are default rules and no tables.
    pub fn set_program(&mut self, rules: Arc<Rules>, tables: Arc<Tables>) {
        self.program = Some((rules, tables));
    }

    /// The request as it is now.
    #[must_use]
    pub const fn request(&self) -> &Request {
        &self.request
    }

    pub(crate) fn shared_rules(&self) -> Arc<Rules> {
        Arc::clone(self.program.as_ref().map_or(&DEFAULT, |it| &it.0))
    }

    pub(crate) fn rules(&self) -> &Rules {
        self.program.as_ref().map_or(&DEFAULT, |it| &it.0)
    }

    pub(crate) fn tables(&self) -> Option<&Arc<Tables>> {
        self.program.as_ref().map(|it| &it.1)
    }

    /// What was recorded since the last time.
    pub fn take_records(&mut self) -> Vec<Record> {
        self.records.take().unwrap_or_default()
    }

    /// What was spent since the last time.
    pub fn take_spent(&mut self) -> Spent {
        std::mem::take(&mut self.spent)
    }

    /// The request, and whether its variables have changed.
    #[must_use]
    pub fn into_request(self) -> (Request, bool) {
        (self.request, self.request_changed)
    }

    pub(crate) fn hides(&self, name: &Name) -> bool {
        self.in_body && self.rules().redactor.hides(&name.text, name.is_usually_secret)
    }

    pub(crate) fn hides_text_name(&self, name: &str) -> bool {
        self.in_body && self.rules().redactor.hides_name(name)
    }

    pub(crate) fn variable(&self, name: &str) -> Value<H::Object> {
        self.request.variable(name).map_or(Value::None, from_kept)
    }

    pub(crate) fn set_variable(
        &mut self,
        name: &Arc<str>,
        value: Value<H::Object>,
    ) -> Result<(), Fault> {
        let captured = self.capture(value);
        self.request_changed = true;
        if self.request.set(name, captured) {
            return Ok(());
        }
        Err(Fault::new(Code::R0012, "the request has too many variables"))
    }

    /// A copy of a value, within limits.
    pub(crate) fn capture(&mut self, value: Value<H::Object>) -> Captured {
        let rules = self.program.as_ref().map_or(&*DEFAULT, |it| &it.0);
        let mut capturer = Capturer::new(&rules.limits, &rules.redactor);
        let captured = capturer.value(&mut self.host, value);
        self.spent.bytes += capturer.spent() as u64;
        self.spent.host_calls += capturer.host_calls;
        captured
    }

    pub(crate) fn record(&mut self, record: Record) {
        self.spent.bytes += OVERHEAD;
        self.record_free(record);
    }

    /// The same for what the tables hold already: it is not counted again.
    pub(crate) fn record_free(&mut self, record: Record) {
        self.records.get_or_insert_default().push(record);
    }
}

/// A program compiled to closures for one kind of host.
pub struct Compiled<H: Host> {
    probes: Box<[CompiledProbe<H>]>,
}

struct CompiledProbe<H: Host> {
    predicate: Option<Predicate<Probes<H>>>,
    body: Block<Probes<H>>,
}

impl<H: Host> std::fmt::Debug for Compiled<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Compiled({} probes)", self.probes.len())
    }
}

/// What became of a probe at a hit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The predicate does not hold, or failed.
    Passed,
    /// The body has run.
    Fired,
    /// The host panicked; what was recorded until then is kept.
    Panicked,
}

impl<H: Host> Compiled<H> {
    /// Makes closures of a program.
    ///
    /// # Errors
    /// P0012 if its code calls functions in a way that they cannot be called.
    ///
    /// # Cost
    /// Linear in the program: an allocation for each closure.
    pub fn new(program: &Program) -> Result<Self, ProgramError> {
        let probes = program.probes().iter().map(|it| compile(program, it));
        Ok(Self { probes: probes.collect::<Result<_, _>>()? })
    }

    /// Whether the predicate of the nth probe holds. Allocates nothing, unless it joins or makes texts, or the host does.
    #[inline]
    pub fn holds(&self, nth: usize, run: &mut Run<'_, H>) -> bool {
        let Some(probe) = self.probes.get(nth) else { return false };
        let Some(predicate) = &probe.predicate else { return true };
        run.in_body = false;
        let held = catch_unwind(AssertUnwindSafe(|| predicate.holds(run)));
        matches!(held, Ok(Ok(true)))
    }

    /// Runs the nth probe: its predicate and, if that holds, its body.
    #[inline]
    pub fn hit(&self, nth: usize, run: &mut Run<'_, H>) -> Outcome {
        if self.holds(nth, run) { self.fire(nth, run) } else { Outcome::Passed }
    }

    /// Runs the body of the nth probe.
    pub fn fire(&self, nth: usize, run: &mut Run<'_, H>) -> Outcome {
        let Some(probe) = self.probes.get(nth) else { return Outcome::Passed };
        run.in_body = true;
        match catch_unwind(AssertUnwindSafe(|| probe.body.run(run))) {
            Ok(Ok(_)) => Outcome::Fired,
            Ok(Err(fault)) => {
                run.record(Record::Failed(fault.to_string().into()));
                Outcome::Fired
            }
            Err(_) => {
                run.record(Record::Failed("the host panicked".into()));
                Outcome::Panicked
            }
        }
    }
}

fn compile<H: Host>(program: &Program, probe: &Probe) -> Result<CompiledProbe<H>, ProgramError> {
    let wrong = |error: remora_bytecode::closure::CompileError| {
        ProgramError::new(Code::P0012, format!("{}: {error}", probe.id))
    };
    let module = program.module();
    let predicate = probe.predicate.map(|at| Predicate::compile(module, at)).transpose();
    Ok(CompiledProbe {
        predicate: predicate.map_err(wrong)?,
        body: Block::compile(module, probe.body).map_err(wrong)?,
    })
}
