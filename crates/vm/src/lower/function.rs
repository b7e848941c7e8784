//! What lowering makes of a function: immutable, shared by all VMs.

use std::sync::Arc;

use remora_bytecode::{
    Capture, Constant, Debug, FilePlace, FunctionKind, LineTable, ParamKind, Receiver, Root, Step,
};
use remora_diagnostics::Span;

use super::op::{Ins, Op};
use super::{Lowering, PatchKind, narrow};
use crate::builtins::MethodTable;
use crate::closure::Pieces;
use crate::value::{BuiltinId, FunctionId, TypeId};

/// A function in register form.
#[derive(Debug)]
pub struct LoweredFunction {
    /// Its name.
    pub name: Arc<str>,
    /// What it does.
    pub(crate) code: Box<[Ins]>,
    /// For each instruction the unit of wordcode it comes from.
    pub(crate) units: Box<[u32]>,
    /// Values that instructions name.
    pub(crate) consts: Box<[Const]>,
    /// In order.
    pub(crate) params: Box<[Parameter]>,
    /// What a call of it gives.
    pub(crate) kind: FunctionKind,
    /// How many arguments there must be.
    pub n_required: u16,
    /// Whether a call only opens a frame on its arguments: every parameter is required, and it runs at once.
    pub(crate) exact: bool,
    /// Whether the last parameter takes all arguments that are left.
    pub variadic: bool,
    /// The first register that is a temporary; those before own what they hold until the function ends.
    pub(crate) first_temp: u16,
    /// How many registers it uses.
    pub window: u32,
    pub(crate) handlers: Box<[LoweredHandler]>,
    pub(crate) sites: Box<[LoweredSite]>,
    pub(crate) paths: Box<[LoweredPath]>,
    pub(crate) variants: Box<[(TypeId, u16)]>,
    /// Where a closure of it takes its cells from: registers of the maker, or captured variables of the maker.
    pub(crate) captures: Box<[(bool, u16)]>,
    /// Names of its captured variables, for messages.
    pub(crate) free: Box<[Arc<str>]>,
    /// Names of its own captured variables, for messages.
    pub(crate) cells: Box<[Arc<str>]>,
    pub(crate) n_locals: u16,
    /// Part of the prelude: not shown in traces.
    pub(crate) hidden: bool,
    /// Pieces of its code that have closures.
    pub(crate) pieces: Option<Box<Pieces>>,
    lines: LineTable,
    debug: Option<Arc<Debug>>,
}

impl LoweredFunction {
    /// Whether it can be called with that many arguments.
    #[must_use]
    pub fn takes(&self, n: usize) -> bool {
        n >= usize::from(self.n_required) && (self.variadic || n <= self.params.len())
    }
}

/// A parameter.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    /// Its name.
    pub name: Arc<str>,
    /// Whether it may be left out.
    pub optional: bool,
}

/// A constant of lowered code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Const {
    /// One of the code.
    Plain(Constant),
    /// A function without captures.
    Function(FunctionId),
    /// A builtin.
    Builtin(BuiltinId),
    /// A struct or enum.
    Type(u32),
    /// The Option that holds nothing.
    None,
}

/// What happens to an error raised by instructions from `start` up to `end`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LoweredHandler {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) target: u32,
    /// The register that takes the error; it and those behind it are released.
    pub(crate) error: u16,
}

/// A call site.
#[derive(Debug)]
pub(crate) struct LoweredSite {
    /// The method's name.
    pub(crate) method: Arc<str>,
    /// The same as a constant, for methods that are fields.
    pub(crate) name: u16,
    /// What the name means on builtin kinds.
    pub(crate) builtin: Option<MethodTable>,
    /// Positional arguments.
    pub(crate) args: u16,
    /// Names of the named ones.
    pub(crate) named: Box<[Arc<str>]>,
    pub(crate) spread: bool,
    /// The immutable variable that it is called on.
    pub(crate) immutable: Option<Arc<str>>,
    /// The place that it is called on.
    pub(crate) place: Option<u16>,
    /// The variant that is made.
    pub(crate) variant: Option<(TypeId, u16)>,
}

/// A place.
#[derive(Debug)]
pub(crate) struct LoweredPath {
    pub(crate) root: LoweredRoot,
    pub(crate) steps: Box<[LoweredStep]>,
    pub(crate) n_keys: u16,
}

/// Where a place begins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LoweredRoot {
    /// A local in a register.
    Local(u16),
    /// A cell in a register.
    Cell(u16),
    /// A captured variable.
    Free(u16),
    /// A global.
    Global(u32),
}

/// A step into a place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LoweredStep {
    /// `.name`, the name as a constant.
    Field(u16),
    /// `[key]`
    Index,
}

impl LoweredFunction {
    /// Where an instruction comes from.
    #[must_use]
    pub(crate) fn span(&self, index: u32) -> Span {
        let unit = self.units.get(index as usize).or(self.units.last()).copied().unwrap_or(0);
        self.lines.span(unit)
    }

    /// The same function before its code has come: a call of it waits.
    pub(crate) fn on_its_way(self) -> Self {
        let wait = Ins::new(Op::AwaitCode, 0, 0, 0);
        Self { code: [wait].into(), units: [0].into(), ..self }
    }

    /// Whether its code has not come.
    pub(crate) fn is_on_its_way(&self) -> bool {
        self.code.first().is_some_and(|it| it.op == Op::AwaitCode)
    }

    /// Gives it the places of its instructions.
    pub(crate) fn set_places(&mut self, lines: LineTable, debug: Arc<Debug>) {
        (self.lines, self.debug) = (lines, Some(debug));
    }

    /// The file and line of an instruction; `None` without debug information.
    #[must_use]
    pub(crate) fn place(&self, index: u32) -> Option<FilePlace<'_>> {
        self.debug.as_ref().map(|it| it.place(self.span(index)))
    }
}

impl Lowering<'_> {
    /// The finished function; `None` if it needs more than can be numbered.
    pub(super) fn finish(mut self) -> Option<LoweredFunction> {
        self.note_temps();
        let window = usize::from(self.first_temp) + self.max_temps + 4;
        let limit = usize::from(u16::MAX);
        if window >= limit
            || self.consts.len() + self.code.names().len() >= limit
            || self.context.module.globals.len() >= limit
        {
            return None;
        }
        self.patch()?;
        let sites = (0..self.code.sites().len()).map(|at| self.site(at)).collect();
        let paths = (0..self.code.paths().len()).map(|at| self.path(at)).collect();
        let end = u32::try_from(self.out.len()).ok()?;
        let place = |label: remora_bytecode::LabelIdx| {
            self.label_ops.get(label.index()).copied().flatten().unwrap_or(end)
        };
        let handlers = self.code.handlers().iter().map(|it| LoweredHandler {
            start: place(it.start),
            end: place(it.end),
            target: place(it.target),
            error: self.temp(it.depth as usize),
        });
        let handlers = handlers.collect();
        let function = self.function;
        let n_locals = self.code.n_locals();
        let captures = function.captures.iter().map(|it| match it {
            Capture::Cell(cell) => (true, narrow(cell.0)),
            Capture::Free(free) => (false, narrow(free.0)),
        });
        let params = function.params.iter();
        let n_required = params.clone().filter(|it| it.kind == ParamKind::Required).count();
        Some(LoweredFunction {
            name: Arc::clone(&function.name),
            code: self.out.into(),
            units: self.units.into(),
            consts: self.consts.into(),
            params: params
                .clone()
                .map(|it| Parameter {
                    name: Arc::clone(&it.name),
                    optional: it.kind != ParamKind::Required,
                })
                .collect(),
            n_required: u16::try_from(n_required).ok()?,
            kind: function.kind,
            exact: n_required == function.params.len() && function.kind == FunctionKind::Plain,
            variadic: params.clone().any(|it| it.kind == ParamKind::Variadic),
            first_temp: self.first_temp,
            window: u32::try_from(window).ok()?,
            handlers,
            sites,
            paths,
            variants: self
                .code
                .variants()
                .iter()
                .map(|it| (TypeId(it.ty.0), u16::try_from(it.variant).unwrap_or(u16::MAX)))
                .collect(),
            captures: captures.collect(),
            free: self.code.free().into(),
            cells: self.code.cells().into(),
            n_locals: narrow(n_locals),
            hidden: self.context.hidden,
            pieces: None,
            lines: self.code.lines().clone(),
            debug: self.context.debug.clone(),
        })
    }

    /// Writes the distances of all jumps.
    fn patch(&mut self) -> Option<()> {
        for patch in &self.patches {
            let target = (*self.label_ops.get(patch.label)?)? as usize;
            let distance = super::control::distance(patch.from, target);
            let ins = self.out.get_mut(patch.at)?;
            match patch.kind {
                PatchKind::Wide => *ins = Ins::wide(ins.op, ins.a, distance),
                PatchKind::Narrow => ins.c = i16::try_from(distance).ok()?.cast_unsigned(),
            }
        }
        // Code never runs off its end: verified code ends in an instruction that does not go on, but what was fused away
        // behind it may have left nothing.
        if self.out.is_empty() {
            self.op(Op::ReturnNull, 0, 0, 0);
        }
        Some(())
    }

    fn site(&mut self, at: usize) -> LoweredSite {
        let site = &self.code.sites()[at];
        let text =
            |name: &remora_bytecode::NameIdx| self.code.name(*name).cloned().unwrap_or_default();
        let method = site.method.as_ref().map(text).unwrap_or_default();
        let named = site.named.iter().map(text).collect();
        let immutable = match &site.receiver {
            Receiver::Immutable(name) => Some(text(name)),
            _ => None,
        };
        let place = match site.receiver {
            Receiver::Place(path) => Some(narrow(path.0)),
            _ => None,
        };
        let variant = site.variant.and_then(|it| self.code.variant(it));
        LoweredSite {
            builtin: self.context.registry.methods_named(&method).copied(),
            name: site.method.map_or(0, |name| self.name(name.0)),
            method,
            args: narrow(site.args),
            named,
            spread: site.spread,
            immutable,
            place,
            variant: variant
                .map(|it| (TypeId(it.ty.0), u16::try_from(it.variant).unwrap_or(u16::MAX))),
        }
    }

    fn path(&mut self, at: usize) -> LoweredPath {
        let path = &self.code.paths()[at];
        let root = match path.root {
            Root::Local(local) => LoweredRoot::Local(narrow(local.0)),
            Root::Cell(cell) => LoweredRoot::Cell(self.cell(cell.0)),
            Root::Free(free) => LoweredRoot::Free(narrow(free.0)),
            Root::Global(global) => LoweredRoot::Global(global.0),
        };
        let n_keys = narrow(path.n_keys());
        let steps = path.steps.iter().map(|it| match it {
            Step::Field(name) => LoweredStep::Field(self.name(name.0)),
            Step::Index => LoweredStep::Index,
        });
        LoweredPath { root, steps: steps.collect(), n_keys }
    }
}
