//! Stack wordcode to register form, in one linear pass over verified code.
//!
//! Locals, constants and known functions stay virtual on an abstract stack until they are used; results go straight into
//! the local they are stored to; comparisons fuse with the branch behind them, operations with small constants; calls of
//! known functions need no callee. Each stack item has a register of its own, its canonical one, in which it must be where
//! control joins. The method is that of wasmi's translator, for a stack machine with locals.

mod arith;
mod call;
mod collection;
mod control;
mod function;
mod local;
pub(crate) mod op;
mod show;
mod stack;

use std::sync::Arc;

use remora_bytecode::isa::Flags;
use remora_bytecode::view::Instruction;
use remora_bytecode::{
    Code, Debug, Function, FunctionKind, ImportKind, ModuleData, Opcode, ParamKind, TypeDef,
};

pub use function::LoweredFunction;
pub(crate) use function::LoweredRoot;
pub(crate) use function::{Const, LoweredHandler, LoweredPath, LoweredSite, LoweredStep};
pub use show::show;

use op::{Ins, Op};
use stack::Slot;

use crate::builtins::Registry;
use crate::value::{BuiltinId, FunctionId};

/// Why a verified module cannot be run here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LowerError {
    /// A function needs more registers or instructions than can be numbered.
    TooLarge(Arc<str>),
    /// It uses instructions that this version does not run.
    Unsupported(Arc<str>, Opcode),
}

/// What lowering needs to know of the program around a function.
pub(crate) struct Context<'a> {
    pub(crate) module: &'a ModuleData,
    /// What each import of the module is.
    pub(crate) imports: &'a [Linked],
    /// The number of the module's first function.
    pub(crate) first_function: u32,
    pub(crate) registry: &'a Registry,
    /// The functions before that.
    pub(crate) prelude: &'a [Arc<LoweredFunction>],
    /// Part of the prelude: not shown in traces.
    pub(crate) hidden: bool,
    /// Where the source of the module came from; its functions share it.
    pub(crate) debug: Option<Arc<Debug>>,
}

impl Context<'_> {
    /// Whether a struct of the module has a method of that name.
    fn has_method(&self, name: &str) -> bool {
        self.module.types.iter().any(|it| match it {
            TypeDef::Struct { methods, .. } => methods.iter().any(|it| *it.name == *name),
            TypeDef::Enum { .. } => false,
        })
    }

    /// Whether a function has exactly so many parameters, all required.
    fn takes_exactly(&self, id: FunctionId, n: usize) -> bool {
        let own =
            id.0.checked_sub(self.first_function)
                .and_then(|at| self.module.functions.get(at as usize));
        match own {
            Some(own) => {
                own.kind == FunctionKind::Plain
                    && own.params.len() == n
                    && own.params.iter().all(|it| it.kind == ParamKind::Required)
            }
            None => {
                self.prelude.get(id.0 as usize).is_some_and(|it| it.exact && it.params.len() == n)
            }
        }
    }
}

/// What an import turned out to be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Linked {
    Builtin(BuiltinId),
    Script(FunctionId),
}

/// Lowers one function.
pub(crate) fn lower(
    context: &Context<'_>,
    function: &Function,
) -> Result<LoweredFunction, LowerError> {
    let code = &*function.code;
    let too_large = || LowerError::TooLarge(Arc::clone(&function.name));
    let n_owned = code.n_locals() as usize + code.cells().len();
    let first_temp = u16::try_from(n_owned).map_err(|_| too_large())?;
    let mut lowering = Lowering {
        context,
        code,
        function,
        first_temp,
        consts: code.constants().iter().cloned().map(Const::Plain).collect(),
        names: vec![None; code.names().len()],
        out: Vec::with_capacity(code.units().len() + 8),
        units: Vec::with_capacity(code.units().len() + 8),
        stack: Vec::with_capacity(code.max_stack() as usize),
        max_temps: 0,
        label_ops: vec![None; code.labels().len()],
        label_depths: vec![None; code.labels().len()],
        patches: Vec::with_capacity(code.labels().len()),
        barrier: 0,
        next_label: 0,
        reachable: true,
        unit: 0,
        fuses: code.units().len() < 8_000,
        loops: Vec::new(),
        counts: Vec::new(),
        last_change: None,
        last_back: None,
    };
    lowering.run()?;
    lowering.finish().ok_or_else(too_large)
}

/// A jump whose distance is not known yet.
struct Patch {
    /// The instruction that jumps, or its second word.
    at: usize,
    /// From which instruction the distance counts.
    from: usize,
    label: usize,
    kind: PatchKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PatchKind {
    /// 32 bits in `b` and `c`.
    Wide,
    /// 16 bits in `c`.
    Narrow,
}

struct Lowering<'a> {
    context: &'a Context<'a>,
    code: &'a Code,
    function: &'a Function,
    first_temp: u16,
    consts: Vec<Const>,
    /// For each name of the code its constant, once it has one.
    names: Vec<Option<u16>>,
    out: Vec<Ins>,
    /// For each instruction the unit of wordcode it comes from.
    units: Vec<u32>,
    stack: Vec<Slot>,
    max_temps: usize,
    label_ops: Vec<Option<u32>>,
    label_depths: Vec<Option<usize>>,
    patches: Vec<Patch>,
    /// Instructions before this one must not be changed any more: control may come in behind them.
    barrier: usize,
    next_label: usize,
    reachable: bool,
    unit: u32,
    /// Whether distances within the function surely fit in 16 bits.
    fuses: bool,
    /// Counting loops whose head has been seen: label, register of the variable, first instruction of the body.
    loops: Vec<(usize, u16, usize)>,
    /// Depths of the stack at which a count stands, of loops that are open or were.
    counts: Vec<usize>,
    /// The unit of the last instruction that may change a place or call something that does.
    last_change: Option<u32>,
    /// The unit of the last jump back.
    last_back: Option<u32>,
}

impl Lowering<'_> {
    fn run(&mut self) -> Result<(), LowerError> {
        let mut all: Vec<Instruction> = Vec::with_capacity(self.code.units().len());
        all.extend(self.code.instructions());
        let last =
            |wanted: &dyn Fn(Opcode) -> bool| all.iter().rfind(|it| wanted(it.op)).map(|it| it.at);
        self.last_back = last(&|op| op == Opcode::JumpBack);
        self.last_change = last(&|op| {
            op == Opcode::StorePath || (op.info().flags.has(Flags::CALL) && op != Opcode::TailCall)
        });
        for (nth, it) in all.iter().enumerate() {
            self.unit = it.at;
            self.bind_labels(it.at);
            if !self.reachable {
                continue;
            }
            let next = all.get(nth + 1).filter(|next| !self.is_label(next.at));
            self.instruction(*it, next)?;
        }
        Ok(())
    }

    fn is_label(&self, unit: u32) -> bool {
        self.code.labels().get(self.next_label).is_some_and(|label| *label == unit)
    }

    fn bind_labels(&mut self, unit: u32) {
        if !self.is_label(unit) {
            return;
        }
        let label = self.next_label;
        self.next_label += 1;
        if self.reachable {
            self.settle_all();
        } else if let Some(depth) = self.label_depths[label] {
            self.skip_jump(label);
            self.stack.clear();
            self.stack.resize(depth, Slot::Temp);
            self.reachable = true;
        }
        self.note_temps();
        self.label_ops[label] = u32::try_from(self.out.len()).ok();
        self.label_depths[label] = Some(self.stack.len());
        self.barrier = self.out.len();
        for handler in self.code.handlers() {
            if handler.start.index() == label {
                self.label_depths[handler.target.index()] = Some(handler.depth as usize + 1);
            }
        }
    }

    fn emit(&mut self, ins: Ins) {
        self.out.push(ins);
        self.units.push(self.unit);
    }

    fn op(&mut self, op: Op, a: u16, b: u16, c: u16) {
        self.emit(Ins::new(op, a, b, c));
    }

    /// An instruction of two words.
    fn op_word(&mut self, op: Op, a: u16, b: u16, c: u16, word: u32) {
        self.op(op, a, b, c);
        self.emit(Ins::wide(Op::Word, 0, word.cast_signed()));
    }

    /// A conditional or plain jump to a label, with its distance to come. The stack is as the label expects it.
    fn branch(&mut self, op: Op, a: u16, label: u32) {
        let at = self.out.len();
        self.emit(Ins::wide(op, a, 0));
        self.patches.push(Patch { at, from: at + 1, label: label as usize, kind: PatchKind::Wide });
        self.note_edge(label as usize, self.stack.len());
    }

    fn note_edge(&mut self, label: usize, depth: usize) {
        self.label_depths[label] = Some(depth);
    }

    fn instruction(
        &mut self,
        it: Instruction,
        next: Option<&Instruction>,
    ) -> Result<(), LowerError> {
        use Opcode as O;
        match it.op {
            O::ExtendedArg | O::Nop => {}
            O::Pop => self.pop_drop(),
            O::Dup => self.duplicate(0),
            O::DupTwo => {
                self.duplicate(1);
                self.duplicate(1);
            }
            O::RotTwo => self.rotate(2),
            O::RotThree => self.rotate(3),
            O::Copy => self.duplicate(it.arg as usize),
            O::LoadConst => self.push(Slot::Const(narrow(it.arg))),
            O::LoadNull => self.push_constant(Const::Plain(remora_bytecode::Constant::Null)),
            O::LoadTrue => self.push_constant(Const::Plain(remora_bytecode::Constant::Bool(true))),
            O::LoadFalse => {
                self.push_constant(Const::Plain(remora_bytecode::Constant::Bool(false)));
            }
            O::LoadInt => self.push(Slot::Int(remora_bytecode::unit::unzigzag(it.arg))),
            O::LoadLocal => self.push(Slot::Local(narrow(it.arg))),
            O::MoveLocal => self.push(Slot::Moved(narrow(it.arg))),
            O::StoreLocal => self.store_local(narrow(it.arg)),
            O::MakeCell => self.op(Op::MakeCell, self.cell(it.arg), 0, 0),
            O::LoadCell => self.load(Op::LoadCell, self.cell(it.arg)),
            O::StoreCell => self.store(Op::StoreCell, self.cell(it.arg)),
            O::LoadFree => self.load(Op::LoadFree, narrow(it.arg)),
            O::StoreFree => self.store(Op::StoreFree, narrow(it.arg)),
            O::LoadGlobal => self.load(Op::LoadGlobal, narrow(it.arg)),
            O::StoreGlobal => self.store_global(narrow(it.arg)),
            O::LoadFunction => {
                self.push(Slot::Function(FunctionId(self.context.first_function + it.arg)));
            }
            O::MakeClosure => self.make_closure(it.arg),
            O::LoadHost | O::LoadImport => self.load_import(it.arg),
            O::LoadType => self.push_constant(Const::Type(it.arg)),
            O::ParamGiven => self.load(Op::ParamGiven, narrow(it.arg)),
            O::BinaryAdd | O::BinarySub | O::BinaryMul | O::BinaryDiv | O::BinaryMod => {
                self.arithmetic(it.op);
            }
            O::UnaryNeg => self.unary(Op::Neg),
            O::UnaryNot => self.not(next),
            O::ToBool => self.unary(Op::ToBool),
            O::LogicalAnd => self.binary(Op::And),
            O::LogicalOr => self.binary(Op::Or),
            O::InRange => self.in_range(0),
            O::InRangeInclusive => self.in_range(1),
            O::Compare => return self.compare(it, next),
            O::Jump
            | O::JumpBack
            | O::JumpIfFalse
            | O::JumpIfTrue
            | O::JumpIfNull
            | O::JumpIfSome => self.jump(it),
            O::GetIter => self.get_iter(),
            O::ForIter => self.for_iter(it, next),
            O::IterRange => self.iter_range(Op::IterRange),
            O::IterRangeInclusive => self.iter_range(Op::IterRangeInclusive),
            O::PopIter => {
                self.pop_drop();
                self.pop_drop();
            }
            O::Return => self.return_value(),
            O::ReturnNull => {
                self.drop_temps();
                self.op(Op::ReturnNull, 0, 0, 0);
                self.end();
            }
            O::Raise => self.raise(Op::Raise),
            O::Reraise => self.raise(Op::Reraise),
            O::ReraiseFrom => self.raise_from(),
            O::TryUnwrap => self.try_unwrap(),
            O::Call => self.call(it.arg),
            O::TailCall => self.tail_call(it.arg),
            O::CallHost => self.call_host(Op::CallHost, it.arg),
            O::CallHostAsync => self.call_host(Op::CallHostAsync, it.arg),
            O::CallSpread => self.call_window(Op::CallSpread, 1, None),
            O::CallNamed => self.call_site(Op::CallNamed, it.arg),
            O::CallMethod => self.call_site(Op::CallMethod, it.arg),
            O::CallPlace => self.call_place(it.arg),
            O::BuildArray => self.build(Op::BuildArray, it.arg as usize, 1),
            O::BuildDict => self.build(Op::BuildDict, it.arg as usize, 2),
            O::BuildString => self.build(Op::BuildString, it.arg as usize, 1),
            O::BuildRange => self.binary(Op::BuildRange),
            O::BuildRangeInclusive => self.binary(Op::BuildRangeInclusive),
            O::ArrayPush | O::ArrayExtend | O::DictMerge => self.add_to_collection(it.op),
            O::DictInsert => self.dict_insert(),
            O::MakeStruct => self.make_struct(it.arg),
            O::MakeVariant => self.make_variant(it.arg),
            O::MakeResult => self.make_result(it.arg),
            O::GetIndex => self.get_index(),
            O::GetAttr => self.get_attr(it.arg),
            O::StorePath => self.store_path(it.arg),
            O::UnpackArray => self.unpack_array(it.arg as usize),
            O::TestArray => self.test(Op::TestArray, narrow(it.arg)),
            O::TestArrayMin => self.test(Op::TestArrayMin, narrow(it.arg)),
            O::TestDict => self.test(Op::TestDict, 0),
            O::TestKey => self.test(Op::TestKey, narrow(it.arg)),
            O::TestStruct => self.test(Op::TestStruct, narrow(it.arg)),
            O::TestVariant => self.test(Op::TestVariant, narrow(it.arg)),
            O::TestResult => self.test(Op::TestResult, narrow(it.arg)),
            O::TestTag => {
                let name = self.name(it.arg);
                self.test(Op::TestTag, name);
            }
            O::Element => self.test(Op::Element, signed(remora_bytecode::unit::unzigzag(it.arg))),
            O::ElementKey => self.test(Op::ElementKey, narrow(it.arg)),
            O::ElementField => {
                let name = self.name(it.arg);
                self.test(Op::ElementField, name);
            }
            O::Payload => self.test(Op::Payload, narrow(it.arg)),
            O::TestPayload => self.test(Op::TestPayload, narrow(it.arg)),
            O::RestFrom => self.test(Op::RestFrom, narrow(it.arg)),
            O::DropLast => self.drop_last(narrow(it.arg)),
            O::DictWithout => self.dict_without(it.arg as usize),
            O::CheckPattern => {
                let condition = self.pop_read();
                // What was tested lies below, for the message.
                let tested = match self.stack.last() {
                    Some(Slot::Local(local) | Slot::Moved(local)) => *local,
                    _ => self.temp(self.stack.len().saturating_sub(1)),
                };
                self.op(Op::CheckPattern, condition, narrow(it.arg), tested);
            }
            O::Await => self.pause(Op::Await),
            O::Yield => self.pause(Op::Yield),
            O::Spawn => {
                let to = self.push_temp();
                self.op_word(Op::Spawn, to, 0, 0, self.context.first_function + it.arg);
            }
            O::LoadName | O::StoreName | O::SetAttr => {
                return Err(LowerError::Unsupported(Arc::clone(&self.function.name), it.op));
            }
        }
        Ok(())
    }

    /// The register of a cell: cells come behind the locals.
    fn cell(&self, cell: u32) -> u16 {
        narrow(self.code.n_locals().saturating_add(cell))
    }

    /// What an import is, on the stack.
    fn load_import(&mut self, import: u32) {
        let kind = self.context.module.imports.get(import as usize).map(|it| it.kind);
        match self.context.imports.get(import as usize) {
            Some(Linked::Builtin(id)) if kind != Some(ImportKind::Script) => {
                self.push(Slot::Host(*id));
            }
            Some(Linked::Builtin(id)) => self.push_constant(Const::Builtin(*id)),
            Some(Linked::Script(id)) => self.push(Slot::Function(*id)),
            None => self.push_constant(Const::Plain(remora_bytecode::Constant::Null)),
        }
    }

    /// The constant that holds a name of the code.
    fn name(&mut self, name: u32) -> u16 {
        let at = name as usize;
        if let Some(Some(known)) = self.names.get(at) {
            return *known;
        }
        let text = self.code.names().get(at).cloned().unwrap_or_default();
        let constant = self.constant(Const::Plain(remora_bytecode::Constant::Str(text)));
        if let Some(slot) = self.names.get_mut(at) {
            *slot = Some(constant);
        }
        constant
    }

    /// The index of a constant that lowering adds.
    fn constant(&mut self, constant: Const) -> u16 {
        let own = self.code.constants().len();
        if let Some(known) = self.consts.iter().skip(own).position(|it| *it == constant) {
            return narrow_len(own + known);
        }
        self.consts.push(constant);
        narrow_len(self.consts.len() - 1)
    }

    fn push_constant(&mut self, constant: Const) {
        let at = self.constant(constant);
        self.push(Slot::Const(at));
    }

    fn end(&mut self) {
        self.reachable = false;
        self.stack.clear();
    }
}

/// An index that the size check of [`Lowering::finish`] has bounded.
fn narrow(arg: u32) -> u16 {
    u16::try_from(arg).unwrap_or(u16::MAX)
}

fn narrow_len(len: usize) -> u16 {
    u16::try_from(len).unwrap_or(u16::MAX)
}

/// A small signed number in an operand; what does not fit is an index that no array has.
fn signed(value: i32) -> u16 {
    i16::try_from(value).unwrap_or(if value < 0 { i16::MIN } else { i16::MAX }).cast_unsigned()
}
