//! The register form as text, for people: `remora dis --registers`, and the tests of lowering.

use std::fmt::Write;

use remora_bytecode::Constant;

use super::op::{Ins, Op};
use super::{Const, LoweredFunction};
use crate::loaded::Loaded;
use crate::value::{BuiltinId, FunctionId, TypeId};

/// The instructions of a function, one a line. Not meant to be read back.
#[must_use]
pub fn show(loaded: &Loaded, function: &LoweredFunction) -> String {
    let name = if function.name.is_empty() { "<start>" } else { &function.name };
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "function {name}: {} registers, temporaries from r{}",
        function.window, function.first_temp
    );
    let mut words = function.code.iter().enumerate();
    while let Some((at, ins)) = words.next() {
        let _ = write!(out, "{at:5}  {}", ins.op.name());
        let word = if ins.op.is_wide() { words.next().map(|(_, word)| *word) } else { None };
        let line = Line { loaded, function, at, ins: *ins, word };
        line.operands(&mut out);
        out.push('\n');
    }
    for handler in &function.handlers {
        let (start, end, target, error) =
            (handler.start, handler.end, handler.target, handler.error);
        let _ = writeln!(out, "       {start}..{end} caught at {target} in r{error}");
    }
    out
}

struct Line<'a> {
    loaded: &'a Loaded,
    function: &'a LoweredFunction,
    at: usize,
    ins: Ins,
    word: Option<Ins>,
}

impl Line<'_> {
    fn operands(&self, out: &mut String) {
        let ins = self.ins;
        for (letter, operand) in ins.op.shape().chars().zip([ins.a, ins.b, ins.c, 0]) {
            let _ = match letter {
                'r' => write!(out, " r{operand}"),
                'i' => write!(out, " {}", operand.cast_signed()),
                'u' => write!(out, " {operand}"),
                'k' => write!(out, " {}", self.constant(operand)),
                'g' => write!(out, " {}", self.global(operand)),
                'f' => write!(out, " {}", name(self.function.free.get(usize::from(operand)))),
                'w' => write!(out, " {}", ins.wide_operand()),
                's' => write!(out, " -> {}", self.target(1, ins.signed_c().into())),
                'j' => write!(out, " -> {}", self.target(1, ins.wide_operand())),
                'J' => write!(out, " -> {}", self.target(1, self.wide())),
                'W' => write!(out, " {}", self.meaning()),
                'X' => write!(out, " on r{} {}", self.word.map_or(0, |it| it.a), self.meaning()),
                _ => Ok(()),
            };
        }
    }

    fn wide(&self) -> i32 {
        self.word.map_or(0, Ins::wide_operand)
    }

    fn target(&self, words: usize, by: i32) -> i64 {
        i64::try_from(self.at + words).unwrap_or(i64::MAX) + i64::from(by)
    }

    /// What the number in the second word stands for.
    fn meaning(&self) -> String {
        let number = self.wide().cast_unsigned();
        let at = number as usize;
        let types = &self.loaded.types;
        match self.ins.op {
            Op::CallFunction | Op::CallArranged | Op::MakeClosure => {
                types.function_name(FunctionId(number)).to_owned()
            }
            Op::CallHost
            | Op::CallHostAny
            | Op::CallHostAsync
            | Op::CallLook1
            | Op::HasKey
            | Op::HasKeyIf => types.builtin_name(BuiltinId(number)).to_owned(),
            Op::MakeStruct => types.type_name(TypeId(number)).to_owned(),
            Op::CallMethod | Op::CallOn | Op::PushOn | Op::CallPlace => {
                name(self.function.sites.get(at).map(|it| &it.method)).to_owned()
            }
            Op::InRange => format!("r{number}"),
            _ => format!("#{number}"),
        }
    }

    fn constant(&self, at: u16) -> String {
        match self.function.consts.get(usize::from(at)) {
            Some(Const::Plain(Constant::Null)) => "null".to_owned(),
            Some(Const::Plain(Constant::Bool(value))) => value.to_string(),
            Some(Const::Plain(Constant::Int(value))) => value.to_string(),
            Some(Const::Plain(Constant::Float(bits))) => format!("{:?}", f64::from_bits(*bits)),
            Some(Const::Plain(Constant::Str(text))) => format!("{text:?}"),
            Some(Const::Plain(Constant::Bytes(bytes))) => format!("bytes of {}", bytes.len()),
            Some(Const::Function(id)) => format!("<{}>", self.loaded.types.function_name(*id)),
            Some(Const::Builtin(id)) => format!("<{}>", self.loaded.types.builtin_name(*id)),
            Some(Const::Type(at)) => {
                format!("<struct {}>", self.loaded.types.type_name(TypeId(*at)))
            }
            Some(Const::None) => "None".to_owned(),
            None => "?".to_owned(),
        }
    }

    fn global(&self, at: u16) -> String {
        let global = self.loaded.module().globals.get(usize::from(at));
        format!("@{}", name(global.map(|it| &it.name)))
    }
}

fn name(name: Option<&std::sync::Arc<str>>) -> &str {
    name.map_or("?", |it| it)
}
