//! HogTrace to a program of ours. Believes nothing: what is read is bounded before it is kept, and verified afterwards.

use std::collections::HashMap;
use std::str;
use std::sync::Arc;

use remora_bytecode::{
    CodeBuilder, Constant as Own, Function as Compiled, FunctionKind, ImportKind, ModuleBuilder,
    Opcode, Profile,
};
use remora_diagnostics::Code;

use super::opcode::Instruction;
use super::protobuf::{Field, Fields};
use super::{Constant, VERSION};
use crate::cost::Budget;
use crate::functions::Function;
use crate::parser::MAX_PROBES;
use crate::program::{Program, ProgramError, SAMPLING, body_name, predicate_name, probe_id};
use crate::spec::{Point, Provider, Spec};

/// Longest program.
const MAX_BYTES: usize = 1 << 20;
/// Most bytes of names that code may use, each time counted: names are copied to where they are used.
const MAX_NAMES: usize = 4 << 20;
/// Most constants: what 16 bits number.
const MAX_CONSTANTS: usize = 1 << 16;

/// Reads a program of HogTrace, version 1.
///
/// Its probes run as they do there, but where a probe could do harm: an int that does not fit is an error, and only the
/// functions of the probe language can be called. A rate that is not written is 1.
///
/// # Errors
/// P0012 if the bytes are no such program, P0004 if it calls a function that probes cannot call, P0009 if a probe may cost
/// more than is granted.
///
/// # Cost
/// Linear in the bytes; keeps at most a few times as much memory.
pub fn read(bytes: &[u8], budget: &Budget) -> Result<Program, ProgramError> {
    let malformed = |what: String| ProgramError::new(Code::P0012, what);
    if bytes.len() > MAX_BYTES {
        return Err(malformed(format!("a program has at most {MAX_BYTES} bytes")));
    }
    let message = Message::read(bytes).map_err(|what| malformed(what.to_owned()))?;
    let mut module = ModuleBuilder::new("hogtrace", Profile::Linear);
    if let Some(rate) = message.sampling {
        module.add_metadata(SAMPLING, &rate.to_string());
    }
    let mut names = MAX_NAMES;
    for (nth, probe) in message.probes.iter().enumerate() {
        let id = probe_id(nth);
        module.add_metadata(&id, &probe.spec.to_string());
        let parts = [
            (probe.predicate, predicate_name(&id), Left::Result),
            (probe.body, body_name(&id), Left::Nothing),
        ];
        for (code, name, left) in parts {
            if left == Left::Result && code.is_empty() {
                continue;
            }
            let code = build(code, &message.constants, &mut module, &mut names, left);
            let code = code.map_err(|error| {
                ProgramError::new(error.code, format!("{id}: {}", error.message))
            })?;
            let code = code.finish().map_err(|error| malformed(format!("{id}: {error}")))?;
            let at = module.reserve_function();
            let function = Compiled {
                name: name.into(),
                params: Box::default(),
                kind: FunctionKind::Plain,
                captures: Box::default(),
                code,
            };
            module.set_function(at, function);
        }
    }
    let module = module.finish().map_err(|error| malformed(error.to_string()))?;
    Program::within(module, budget)
}

struct Message<'a> {
    constants: Vec<Constant>,
    probes: Vec<MessageProbe<'a>>,
    sampling: Option<f32>,
}

struct MessageProbe<'a> {
    spec: Spec,
    predicate: &'a [u8],
    body: &'a [u8],
}

type Read<T> = Result<T, &'static str>;

impl<'a> Message<'a> {
    fn read(bytes: &'a [u8]) -> Read<Self> {
        let mut message = Self { constants: Vec::new(), probes: Vec::new(), sampling: None };
        let mut version = 0;
        let mut fields = Fields(bytes);
        while let Some(field) = fields.next()? {
            match field {
                (1, Field::Varint(value)) => version = value,
                (2, Field::Bytes(pool)) => message.read_pool(pool)?,
                (3, Field::Bytes(_)) if message.probes.len() >= MAX_PROBES => {
                    return Err("a program has at most 1000 probes");
                }
                (3, Field::Bytes(probe)) => message.probes.push(MessageProbe::read(probe)?),
                (4, Field::Fixed32(bits)) => message.sampling = Some(f32::from_bits(bits)),
                (1..=4, _) => return Err(WRONG_TYPE),
                _ => {}
            }
        }
        if version != VERSION {
            return Err("the program is of another version than 1");
        }
        Ok(message)
    }

    fn read_pool(&mut self, bytes: &[u8]) -> Read<()> {
        let mut fields = Fields(bytes);
        while let Some(field) = fields.next()? {
            match field {
                (1, Field::Bytes(_)) if self.constants.len() >= MAX_CONSTANTS => {
                    return Err("a program has at most 65536 constants");
                }
                (1, Field::Bytes(constant)) => self.constants.push(read_constant(constant)?),
                (1, _) => return Err(WRONG_TYPE),
                _ => {}
            }
        }
        Ok(())
    }
}

const WRONG_TYPE: &str = "a field is written in another form than its type";

fn text(bytes: &[u8]) -> Read<Arc<str>> {
    str::from_utf8(bytes).map(Arc::from).map_err(|_| "a text is not UTF-8")
}

fn read_constant(bytes: &[u8]) -> Read<Constant> {
    let mut constant = None;
    let mut fields = Fields(bytes);
    while let Some(field) = fields.next()? {
        constant = Some(match field {
            (1, Field::Varint(value)) => Constant::Int(value.cast_signed()),
            (2, Field::Fixed64(bits)) => Constant::Float(bits),
            (3, Field::Bytes(bytes)) => Constant::Text(text(bytes)?),
            (4, Field::Varint(value)) => Constant::Bool(value != 0),
            (5, Field::Bytes(_)) => Constant::None,
            (6, Field::Bytes(bytes)) => Constant::Identifier(text(bytes)?),
            (7, Field::Bytes(bytes)) => Constant::Field(text(bytes)?),
            (8, Field::Bytes(bytes)) => Constant::Function(text(bytes)?),
            (1..=8, _) => return Err(WRONG_TYPE),
            _ => continue,
        });
    }
    constant.ok_or("a constant has no value")
}

impl<'a> MessageProbe<'a> {
    fn read(bytes: &'a [u8]) -> Read<Self> {
        let (mut spec, mut predicate, mut body): (Option<Spec>, &[u8], &[u8]) = (None, &[], &[]);
        let mut fields = Fields(bytes);
        while let Some(field) = fields.next()? {
            match field {
                (2, Field::Bytes(bytes)) => spec = read_spec(bytes)?.or(spec),
                (4, Field::Bytes(bytes)) => predicate = bytes,
                (5, Field::Bytes(bytes)) => body = bytes,
                (1 | 2 | 4 | 5, Field::Varint(_) | Field::Fixed32(_) | Field::Fixed64(_)) => {
                    return Err(WRONG_TYPE);
                }
                // The id is not needed: probes are numbered.
                _ => {}
            }
        }
        Ok(Self { spec: spec.ok_or("a probe is attached nowhere")?, predicate, body })
    }
}

fn read_spec(bytes: &[u8]) -> Read<Option<Spec>> {
    let mut spec = None;
    let mut fields = Fields(bytes);
    while let Some(field) = fields.next()? {
        let (1, Field::Bytes(bytes)) = field else { continue };
        let (mut pattern, mut point) = (Arc::from(""), Point::Entry(0));
        let mut fields = Fields(bytes);
        while let Some(field) = fields.next()? {
            match field {
                (1, Field::Bytes(bytes)) => pattern = text(bytes)?,
                (2, Field::Varint(0)) => point = Point::Entry(0),
                (2, Field::Varint(1)) => point = Point::Exit(0),
                (1 | 2, _) => return Err("a probe is attached to an unknown point"),
                _ => {}
            }
        }
        spec = Some(Spec::Function { provider: Provider::Fn, pattern, point });
    }
    Ok(spec)
}

fn malformed(what: &str) -> ProgramError {
    ProgramError::new(Code::P0012, what)
}

/// What is made of the values that code leaves on the stack.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Left {
    /// The topmost is the result of a predicate.
    Result,
    /// Nobody looks at them: a body gives nothing.
    Nothing,
}

/// Code as wordcode. A call names its function after the arguments here and before them there: for each value on the stack
/// it is followed where its code begins, and the function goes in front of that.
fn build(
    code: &[u8],
    constants: &[Constant],
    module: &mut ModuleBuilder,
    names: &mut usize,
    left: Left,
) -> Result<CodeBuilder, ProgramError> {
    let mut instructions = Vec::new();
    let mut rest = code;
    while !rest.is_empty() {
        let decoded = Instruction::decode(&mut rest);
        instructions.push(decoded.ok_or_else(|| malformed("an instruction is unknown or cut"))?);
    }
    let calls = Calls::find(&instructions, constants)?;
    let mut builder = CodeBuilder::new(0);
    for (at, instruction) in instructions.iter().enumerate() {
        for function in calls.before.get(&at).into_iter().flatten().rev() {
            let import = module.import(function.import(), ImportKind::Host);
            builder.load_host(import);
        }
        emit(&mut builder, *instruction, constants, names)?;
    }
    if left == Left::Result && calls.depth > 0 {
        builder.r#return();
    } else {
        (0..calls.depth).for_each(|_| builder.pop());
        builder.return_null();
    }
    Ok(builder)
}

/// The functions that are called, by the instruction that they go in front of; the inner one first.
struct Calls {
    before: HashMap<usize, Vec<Function>>,
    depth: usize,
}

impl Calls {
    fn find(code: &[Instruction], constants: &[Constant]) -> Result<Self, ProgramError> {
        let mut before: HashMap<usize, Vec<Function>> = HashMap::new();
        // For each value on the stack where its code begins, and whether it is a text of the pool.
        let mut stack: Vec<(usize, bool)> = Vec::new();
        for (at, instruction) in code.iter().enumerate() {
            let (takes, leaves) = instruction.effect();
            let from = stack.len().checked_sub(takes);
            let from = from.ok_or_else(|| malformed("an instruction takes more than there is"))?;
            let start = stack.get(from).map_or(at, |it| it.0);
            match *instruction {
                Instruction::Dup => return Err(malformed("`DUP` does not run in HogTrace")),
                Instruction::CallFunc(name, n) => {
                    let texts = stack[from..].iter().step_by(2).all(|it| it.1);
                    let function = called(name, constants)?;
                    let is_named = n > 0 && n % 2 == 0 && texts && function == Function::Capture;
                    let function = if is_named { Function::CaptureNamed } else { function };
                    before.entry(start).or_default().push(function);
                }
                _ => {}
            }
            let is_text = matches!(instruction, Instruction::PushConst(at)
                if matches!(constants.get(usize::from(*at)), Some(Constant::Text(_))));
            stack.truncate(from);
            stack.extend(std::iter::repeat_n((start, is_text), leaves));
        }
        Ok(Self { before, depth: stack.len() })
    }
}

fn called(name: u16, constants: &[Constant]) -> Result<Function, ProgramError> {
    let Some(Constant::Function(name)) = constants.get(usize::from(name)) else {
        return Err(malformed("a call names no function of the pool"));
    };
    let function = match &**name {
        "send" => Some(Function::Capture),
        name => Function::from_import(name).filter(|it| it.is_in_hogtrace()),
    };
    function.filter(|it| *it != Function::CaptureNamed).ok_or_else(|| {
        let shown: String = name.chars().take(40).collect();
        ProgramError::new(Code::P0004, format!("a probe cannot call `{shown}`"))
    })
}

fn emit(
    builder: &mut CodeBuilder,
    instruction: Instruction,
    constants: &[Constant],
    names: &mut usize,
) -> Result<(), ProgramError> {
    let constant = |at: u16| constants.get(usize::from(at));
    let mut charged = |name: &Arc<str>| {
        *names = names.checked_sub(name.len()).ok_or_else(|| malformed("names are too long"))?;
        Ok::<_, ProgramError>(Arc::clone(name))
    };
    match instruction {
        Instruction::PushConst(at) => match constant(at) {
            Some(Constant::Int(value)) => builder.load(Own::Int(*value)),
            Some(Constant::Float(bits)) => builder.load(Own::Float(*bits)),
            Some(Constant::Text(text)) => builder.load(Own::Str(Arc::clone(text))),
            Some(Constant::Bool(value)) => builder.load(Own::Bool(*value)),
            Some(Constant::None) => builder.load_null(),
            _ => return Err(malformed("an instruction pushes what is no value")),
        },
        Instruction::LoadVar(at) | Instruction::StoreVar(at) => {
            let Some(Constant::Identifier(name)) = constant(at) else {
                return Err(malformed("an instruction names no variable"));
            };
            let name = charged(name)?;
            match instruction {
                Instruction::LoadVar(_) => builder.load_name(&name),
                _ => builder.store_name(&name),
            }
        }
        Instruction::GetAttr(at) | Instruction::SetAttr(at) => {
            let Some(Constant::Field(name)) = constant(at) else {
                return Err(malformed("an instruction names no field"));
            };
            let name = charged(name)?;
            match instruction {
                Instruction::GetAttr(_) => builder.get_attr(&name),
                _ => builder.set_attr(&name),
            }
        }
        Instruction::Pop | Instruction::Dup => builder.pop(),
        Instruction::Arithmetic(op) => builder.emit(crate::codegen::arithmetic(op), 0),
        Instruction::Compare(kind) => builder.compare(kind),
        Instruction::And => builder.emit(Opcode::LogicalAnd, 0),
        Instruction::Or => builder.emit(Opcode::LogicalOr, 0),
        Instruction::Not => {
            builder.to_bool();
            builder.unary_not();
        }
        Instruction::GetItem => builder.get_index(),
        Instruction::CallFunc(_, n) => builder.call_host(n.into()),
    }
    Ok(())
}
