//! A program: some probes, checked, with their cost known. Immutable; it can be shared between threads and sent as bytes.

use std::collections::HashMap;
use std::sync::Arc;

use remora_bytecode::view::Operand;
use remora_bytecode::wire::{self, WireBudget, WriteOptions};
use remora_bytecode::{
    Budget as Sizes, FnIdx, ImportKind, Module, Opcode, Profile, Unverified, Verified,
};
use remora_diagnostics::{Code, Diagnostic, Sink, Span};

use crate::codegen::generate;
use crate::cost::{Budget, Cost};
use crate::dispatcher::Variable;
use crate::functions::Function;
use crate::parser::{self, MAX_PROBES};
use crate::request::Request;
use crate::sample;
use crate::spec::Spec;

/// Probes that have passed every check.
#[derive(Clone, Debug)]
pub struct Program {
    module: Module<Verified>,
    probes: Box<[Probe]>,
    sampling: f32,
}

/// One probe of a program.
#[derive(Clone, Debug)]
pub struct Probe {
    /// `probe_0`, `probe_1`, …
    pub id: Arc<str>,
    /// Where it is attached.
    pub spec: Spec,
    /// The part of requests in which it runs, from 0 to 1, its program's rate included.
    pub sampling: f32,
    /// The most that a hit costs.
    pub cost: Cost,
    /// The variables that it looks at, each once.
    pub reads: Arc<[Variable]>,
    pub(crate) own_sampling: Option<f32>,
    pub(crate) predicate: Option<FnIdx>,
    pub(crate) body: FnIdx,
}

/// Why bytes are not a program that this host runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProgramError {
    /// Which kind of fault.
    pub code: Code,
    /// What is wrong, in words.
    pub message: String,
}

impl ProgramError {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl std::fmt::Display for ProgramError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for ProgramError {}

/// Metadata of the program's own rate.
pub(crate) const SAMPLING: &str = "sampling";

pub(crate) fn probe_id(nth: usize) -> String {
    format!("probe_{nth}")
}

pub(crate) fn sampling_key(id: &str) -> String {
    format!("{id} sampling")
}

pub(crate) fn predicate_name(id: &str) -> String {
    format!("{id} predicate")
}

pub(crate) fn body_name(id: &str) -> String {
    format!("{id} body")
}

impl Probe {
    /// Whether the probe looks at this request. Without a request each hit is decided by itself.
    #[must_use]
    pub fn takes(&self, request: &Request) -> bool {
        self.sampling >= 1.0 || sample::takes(self.sampling, request.lot())
    }
}

impl Program {
    /// Compiles the text of some probes.
    ///
    /// # Errors
    /// Everything that is wrong with it: P0001 to P0010 for the language of probes, E0001 to E0008 for its tokens.
    ///
    /// # Cost
    /// Linear in the text.
    pub fn compile(text: &str, budget: &Budget) -> Result<Self, Vec<Diagnostic>> {
        let (source, found) = parser::parse(text);
        if !found.is_empty() {
            return Err(found);
        }
        let mut sink = Sink::new(20);
        let module = generate(&source, &mut sink);
        if sink.has_errors() {
            return Err(sink.finish());
        }
        let whole = source.probes.first().map_or(Span::at(0), |it| it.span);
        let failed =
            |error: ProgramError| vec![Diagnostic::error(error.code).label(whole, error.message)];
        let module =
            module.map_err(|error| failed(ProgramError::new(Code::P0009, error.to_string())))?;
        let program = Self::verified(module, budget).map_err(failed)?;
        for (probe, source) in program.probes.iter().zip(&source.probes) {
            if let Some(over) = probe.cost.exceeds(&budget.cost) {
                sink.push(
                    Diagnostic::error(Code::P0009)
                        .label(source.span, over)
                        .help("capture fewer values, or split the probe"),
                );
            }
        }
        if sink.has_errors() { Err(sink.finish()) } else { Ok(program) }
    }

    /// Reads a program from the bytes that [`Program::to_bytes`] gives.
    ///
    /// # Errors
    /// V0001 to V0095 if the bytes are no well-formed module, P0012 if the module holds no probes, P0009 if one of them
    /// may cost more than is granted.
    pub fn from_bytes(bytes: &[u8], budget: &Budget) -> Result<Self, ProgramError> {
        let limits = WireBudget { max_bytes: 1 << 20, max_memory: 8 << 20 };
        let module = wire::read(bytes, &limits)
            .map_err(|error| ProgramError::new(error.code, error.to_string()))?;
        Self::within(module, budget)
    }

    /// The program as bytes of the module format.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::write(&self.module, WriteOptions::default())
    }

    /// The same, for a module of any origin.
    pub(crate) fn within(
        module: Module<Unverified>,
        budget: &Budget,
    ) -> Result<Self, ProgramError> {
        let program = Self::verified(module, budget)?;
        for probe in &program.probes {
            if let Some(over) = probe.cost.exceeds(&budget.cost) {
                return Err(ProgramError::new(Code::P0009, format!("{}: {over}", probe.id)));
            }
        }
        Ok(program)
    }

    fn verified(module: Module<Unverified>, budget: &Budget) -> Result<Self, ProgramError> {
        let sizes = Sizes { max_stack: 1_000, max_functions: 2_100, ..Sizes::default() };
        let module = module
            .verify(&sizes)
            .map_err(|error| ProgramError::new(error.code, error.to_string()))?;
        let wrong = |what: String| ProgramError::new(Code::P0012, what);
        if module.profile != Profile::Linear {
            return Err(wrong("the module holds a program of Ruff, no probes".to_owned()));
        }
        for import in &module.imports {
            if import.kind != ImportKind::Host || Function::from_import(&import.name).is_none() {
                let what = format!("there is no function `{}` for probes", import.name);
                return Err(ProgramError::new(Code::P0004, what));
            }
        }
        let said: HashMap<&str, &str> = module.metadata.iter().map(|it| (&*it.0, &*it.1)).collect();
        let functions: HashMap<&str, FnIdx> =
            (0..).zip(&module.functions).map(|(at, it)| (&*it.name, FnIdx(at))).collect();
        let sampling = rate(said.get(SAMPLING))?.unwrap_or(1.0);
        let mut probes = Vec::new();
        for nth in 0..MAX_PROBES {
            let id = probe_id(nth);
            let Some(spec) = said.get(&*id) else { break };
            let spec = parser::parse_spec(spec)
                .ok_or_else(|| wrong(format!("`{id}` is attached nowhere")))?;
            let body = *functions
                .get(&*body_name(&id))
                .ok_or_else(|| wrong(format!("`{id}` has no body")))?;
            let predicate = functions.get(&*predicate_name(&id)).copied();
            let parts = predicate.into_iter().chain([body]);
            let reads = reads(&module, parts);
            let own_sampling = rate(said.get(&*sampling_key(&id)))?;
            let mut cost = Cost::of_a_hit();
            for part in predicate.into_iter().chain([body]) {
                cost.add(&module, part, &budget.capture);
            }
            probes.push(Probe {
                id: id.into(),
                spec,
                sampling: sampling * own_sampling.unwrap_or(1.0),
                cost,
                reads,
                own_sampling,
                predicate,
                body,
            });
        }
        if probes.is_empty() {
            return Err(wrong("the module holds no probes".to_owned()));
        }
        Ok(Self { module, probes: probes.into(), sampling })
    }

    /// Its probes.
    #[must_use]
    pub fn probes(&self) -> &[Probe] {
        &self.probes
    }

    /// The part of requests in which its probes run, from 0 to 1.
    #[must_use]
    pub const fn sampling(&self) -> f32 {
        self.sampling
    }

    /// The module that holds the code.
    #[must_use]
    pub const fn module(&self) -> &Module<Verified> {
        &self.module
    }
}

fn reads(module: &Module<Verified>, parts: impl Iterator<Item = FnIdx>) -> Arc<[Variable]> {
    let mut reads: Vec<Variable> = Vec::new();
    for function in parts.filter_map(|it| module.function(it)) {
        for it in function.code.instructions() {
            if let (Opcode::LoadName, Operand::Name(_, name)) = (it.op, it.operand(&function.code))
                && !name.starts_with('$')
            {
                let variable = Variable::from_name(name);
                if !reads.contains(&variable) {
                    reads.push(variable);
                }
            }
        }
    }
    reads.into()
}

fn rate(text: Option<&&str>) -> Result<Option<f32>, ProgramError> {
    let Some(text) = text else { return Ok(None) };
    let rate = text.parse::<f32>().ok().filter(|it| (0.0..=1.0).contains(it));
    match rate {
        Some(rate) => Ok(Some(rate)),
        None => Err(ProgramError::new(Code::P0008, format!("`{text}` is no rate from 0 to 1"))),
    }
}
