//! Operands: every index in range of its table, every entry of a table that is used well formed, every local and cell
//! assigned before it is read.

use remora_diagnostics::{Code as ErrorCode, order};

use super::assign::Slots;
use super::rule::{Checked, Fault};
use crate::code::Code;
use crate::function::{Capture, Function, ParamKind};
use crate::ids::{CellIdx, FnIdx, LocalIdx, PathIdx, SiteIdx, TypeIdx, VariantIdx};
use crate::isa::{CompareKind, Flags, Opcode, OperandKind, ResultKind, Tables, custom_effect};
use crate::module::{ImportKind, ModuleData, Payload, TypeDef};
use crate::site::{Path, Receiver, Root, Site, Step};
use crate::view::Instruction;

/// The tables of one function, looked through once, so that each instruction that uses an entry costs the same.
#[derive(Debug)]
pub(super) struct Index<'a> {
    pub(super) module: &'a ModuleData,
    pub(super) function: &'a Function,
    pub(super) code: &'a Code,
    /// For each path how many keys it takes from the stack.
    n_keys: Vec<u32>,
    sites: Vec<SiteUse>,
}

/// What a site is for, and how many items it takes.
#[derive(Clone, Copy, Debug)]
struct SiteUse {
    op: Opcode,
    takes: u32,
    path: Option<PathIdx>,
}

impl<'a> Index<'a> {
    /// Looks through the tables of a function.
    pub(super) fn new(module: &'a ModuleData, function: &'a Function) -> Checked<Self> {
        let code = &*function.code;
        let mut index = Self { module, function, code, n_keys: Vec::new(), sites: Vec::new() };
        for variant in 0..code.variants().len() {
            if index.payload(variant).is_none() {
                return Err(Fault::new(
                    ErrorCode::V0019,
                    format!("variant {variant} is of no enum"),
                ));
            }
        }
        for path in code.paths() {
            index.check_path(path)?;
            index.n_keys.push(path.n_keys());
        }
        for (nth, site) in code.sites().iter().enumerate() {
            let it = index
                .site_use(site)
                .map_err(|what| Fault::new(ErrorCode::V0018, format!("call site {nth}: {what}")))?;
            index.sites.push(it);
        }
        Ok(index)
    }

    fn check_path(&self, path: &Path) -> Checked {
        let root = match path.root {
            Root::Local(local) => local.0 < self.code.n_locals(),
            Root::Cell(cell) => cell.index() < self.code.cells().len(),
            Root::Free(free) => free.index() < self.code.free().len(),
            Root::Global(global) => global.index() < self.module.globals.len(),
        };
        if !root {
            return Err(Fault::new(ErrorCode::V0022, "a path begins at no variable"));
        }
        let n_names = self.code.names().len();
        let named = |step: &Step| !matches!(step, Step::Field(name) if name.index() >= n_names);
        if path.steps.iter().all(named) {
            return Ok(());
        }
        Err(Fault::new(ErrorCode::V0022, "a path names no field"))
    }

    fn site_use(&self, site: &Site) -> Result<SiteUse, &'static str> {
        let n_names = self.code.names().len();
        let receiver = match site.receiver {
            Receiver::Immutable(name) => Some(name),
            Receiver::Value | Receiver::Place(_) => None,
        };
        if site.named.iter().chain(&site.method).chain(&receiver).any(|it| it.index() >= n_names) {
            return Err("it names what is not there");
        }
        if site.spread && site.args != 1 {
            return Err("spread arguments come as one array");
        }
        let Some(n_arguments) = site.n_arguments() else {
            return Err("it has too many arguments");
        };
        let takes = |more: u32| n_arguments.checked_add(more).ok_or("it has too many arguments");
        match (site.method, site.variant, site.receiver) {
            (None, None, Receiver::Value) if !site.spread => {
                Ok(SiteUse { op: Opcode::CallNamed, takes: takes(1)?, path: None })
            }
            (Some(_), None, Receiver::Value | Receiver::Immutable(_)) => {
                Ok(SiteUse { op: Opcode::CallMethod, takes: takes(1)?, path: None })
            }
            (Some(_), None, Receiver::Place(path)) => {
                let Some(keys) = self.n_keys.get(path.index()) else {
                    return Err("there is no such path");
                };
                Ok(SiteUse { op: Opcode::CallPlace, takes: takes(*keys)?, path: Some(path) })
            }
            (None, Some(variant), Receiver::Value) if !site.spread => {
                let payload = self.payload(variant.index()).ok_or("there is no such variant")?;
                if !self.carries(payload, site) {
                    return Err("it gives what the variant does not carry");
                }
                Ok(SiteUse { op: Opcode::MakeVariant, takes: n_arguments, path: None })
            }
            _ => Err("it is made for no instruction"),
        }
    }

    fn payload(&self, variant: usize) -> Option<&'a Payload> {
        let it = self.code.variant(VariantIdx(u32::try_from(variant).ok()?))?;
        match self.module.ty(it.ty)? {
            TypeDef::Enum { variants, .. } => {
                variants.get(it.variant as usize).map(|it| &it.payload)
            }
            TypeDef::Struct { .. } => None,
        }
    }

    /// Whether a site gives what a variant carries.
    fn carries(&self, payload: &Payload, site: &Site) -> bool {
        match payload {
            Payload::Open => site.named.is_empty(),
            Payload::Tuple(n) => site.named.is_empty() && site.args == *n,
            Payload::Struct(fields) => {
                let names = site.named.iter().filter_map(|it| self.code.name(*it));
                let mut given: Vec<&str> = names.map(|it| &**it).collect();
                let mut wanted: Vec<&str> = fields.iter().map(|it| &**it).collect();
                order::sort_texts(&mut given);
                order::sort_texts(&mut wanted);
                site.args == 0 && given == wanted
            }
        }
    }

    /// Checks the operand of an instruction, and follows what it does to locals and cells. Gives the slot that it leaves
    /// unassigned, if it does.
    #[inline]
    pub(super) fn check(
        &self,
        it: Instruction,
        kind: OperandKind,
        slots: &mut Slots,
    ) -> Checked<Option<usize>> {
        let (code, module, arg) = (self.code, self.module, it.arg as usize);
        let fits = match kind {
            OperandKind::Count | OperandKind::Depth | OperandKind::Imm => true,
            OperandKind::Local => return self.local(it, slots),
            OperandKind::Const => arg < code.constants().len(),
            OperandKind::Name => arg < code.names().len(),
            OperandKind::Label => return self.label(it),
            OperandKind::Cell => return self.cell(it, slots),
            OperandKind::Free => arg < code.free().len(),
            OperandKind::Global => arg < module.globals.len(),
            OperandKind::Import => return self.import(it),
            OperandKind::Compare => CompareKind::from_operand(it.arg).is_some(),
            OperandKind::Result => ResultKind::from_operand(it.arg).is_some(),
            OperandKind::Function => return self.closure(it, slots),
            OperandKind::Type => match module.ty(TypeIdx(it.arg)) {
                Some(TypeDef::Struct { .. }) => true,
                Some(TypeDef::Enum { .. }) => it.op == Opcode::LoadType,
                None => false,
            },
            OperandKind::Variant => arg < code.variants().len(),
            OperandKind::Path => return self.store(it, slots),
            OperandKind::Site => return self.site(it, slots),
        };
        if fits { Ok(None) } else { Err(out_of_range(it)) }
    }

    fn label(&self, it: Instruction) -> Checked<Option<usize>> {
        let Some(target) = self.code.labels().get(it.arg as usize) else {
            return Err(out_of_range(it));
        };
        if it.op.facts().flags.has(Flags::BACK) == (*target <= it.at) {
            return Ok(None);
        }
        let message = format!("{} goes in the wrong direction", it.op.name());
        Err(Fault::new(ErrorCode::V0006, message))
    }

    #[inline]
    fn local(&self, it: Instruction, slots: &mut Slots) -> Checked<Option<usize>> {
        let slot = it.arg as usize;
        if it.arg >= self.code.n_locals() {
            return Err(out_of_range(it));
        }
        match it.op {
            Opcode::StoreLocal => slots.insert(slot),
            Opcode::ParamGiven => {
                let param = self.function.params.get(slot);
                if param.is_none_or(|it| it.kind != ParamKind::Optional) {
                    let message = "param_given asks about what is no optional parameter";
                    return Err(Fault::new(ErrorCode::V0015, message));
                }
            }
            _ => {
                assigned_local(LocalIdx(it.arg), slots)?;
                if it.op == Opcode::MoveLocal {
                    slots.remove(slot);
                    return Ok(Some(slot));
                }
            }
        }
        Ok(None)
    }

    /// Cells are numbered after the locals in the set of assigned slots.
    fn cell(&self, it: Instruction, slots: &mut Slots) -> Checked<Option<usize>> {
        if it.op != Opcode::MakeCell {
            self.assigned_cell(CellIdx(it.arg), slots)?;
        } else if it.arg as usize >= self.code.cells().len() {
            return Err(out_of_range(it));
        } else {
            slots.insert(self.code.n_locals() as usize + it.arg as usize);
        }
        Ok(None)
    }

    fn assigned_cell(&self, cell: CellIdx, slots: &Slots) -> Checked {
        if cell.index() >= self.code.cells().len() {
            return Err(Fault::new(ErrorCode::V0004, format!("there is no cell {}", cell.0)));
        }
        if slots.contains(self.code.n_locals() as usize + cell.index()) {
            return Ok(());
        }
        Err(Fault::new(ErrorCode::V0011, format!("cell {} is used before it is made", cell.0)))
    }

    fn import(&self, it: Instruction) -> Checked<Option<usize>> {
        let Some(import) = self.module.imports.get(it.arg as usize) else {
            return Err(out_of_range(it));
        };
        if it.op == Opcode::LoadHost && import.kind == ImportKind::Script {
            let message =
                "load_host takes functions of the host; load_import those written in Ruff";
            return Err(Fault::new(ErrorCode::V0017, message));
        }
        Ok(None)
    }

    fn closure(&self, it: Instruction, slots: &mut Slots) -> Checked<Option<usize>> {
        let Some(made) = self.module.function(FnIdx(it.arg)) else { return Err(out_of_range(it)) };
        if it.op == Opcode::LoadFunction && !made.captures.is_empty() {
            let message = "a function that captures is loaded instead of made";
            return Err(Fault::new(ErrorCode::V0016, message));
        }
        slots.charge(made.captures.len())?;
        for capture in &made.captures {
            match capture {
                Capture::Cell(cell) => self.assigned_cell(*cell, slots)?,
                Capture::Free(free) if free.index() < self.code.free().len() => {}
                Capture::Free(_) => {
                    let message = "a function captures what its maker has not captured";
                    return Err(Fault::new(ErrorCode::V0016, message));
                }
            }
        }
        Ok(None)
    }

    fn root(&self, path: &Path, slots: &Slots) -> Checked {
        match path.root {
            Root::Local(local) => assigned_local(local, slots),
            Root::Cell(cell) => self.assigned_cell(cell, slots),
            Root::Free(_) | Root::Global(_) => Ok(()),
        }
    }

    fn store(&self, it: Instruction, slots: &Slots) -> Checked<Option<usize>> {
        let Some(path) = self.code.path(PathIdx(it.arg)) else { return Err(out_of_range(it)) };
        if path.steps.is_empty() {
            return Err(Fault::new(ErrorCode::V0022, "store_path needs at least one step"));
        }
        self.root(path, slots).map(|()| None)
    }

    fn site(&self, it: Instruction, slots: &Slots) -> Checked<Option<usize>> {
        let Some(site) = self.sites.get(it.arg as usize) else { return Err(out_of_range(it)) };
        if site.op != it.op {
            let message = format!("{}: its call site is made for {}", it.op.name(), site.op.name());
            return Err(Fault::new(ErrorCode::V0018, message));
        }
        if let Some(path) = site.path.and_then(|path| self.code.path(path)) {
            self.root(path, slots)?;
        }
        Ok(None)
    }

    /// How many plain values an instruction without a fixed effect takes and leaves. Its operand has been checked.
    pub(super) fn custom_effect(&self, it: Instruction) -> Checked<(u32, u32)> {
        let arg = it.arg as usize;
        let effect = match it.op {
            Opcode::StorePath => self.n_keys.get(arg).map(|keys| (keys.saturating_add(1), 0)),
            Opcode::CallNamed | Opcode::CallMethod | Opcode::CallPlace | Opcode::MakeVariant => {
                self.sites.get(arg).map(|site| (site.takes, 1))
            }
            _ => custom_effect(it.op, it.arg, self),
        };
        effect.ok_or_else(|| out_of_range(it))
    }
}

impl Tables for Index<'_> {
    fn n_fields(&self, ty: TypeIdx) -> Option<u32> {
        match self.module.ty(ty)? {
            TypeDef::Struct { fields, .. } => u32::try_from(fields.len()).ok(),
            TypeDef::Enum { .. } => None,
        }
    }

    fn path(&self, path: PathIdx) -> Option<&Path> {
        self.code.path(path)
    }

    fn site(&self, site: SiteIdx) -> Option<&Site> {
        self.code.site(site)
    }
}

#[cold]
fn out_of_range(it: Instruction) -> Fault {
    let message = format!("the operand {} of {} is out of range", it.arg, it.op.name());
    Fault::new(ErrorCode::V0004, message)
}

#[inline]
fn assigned_local(local: LocalIdx, slots: &Slots) -> Checked {
    if slots.contains(local.index()) {
        return Ok(());
    }
    Err(Fault::new(ErrorCode::V0011, format!("local {} is read before it is assigned", local.0)))
}
