//! The register form as text, for people.

use std::fmt::Write;

use super::LoweredFunction;
use super::op::Op;

/// The instructions of a function, one a line. Not meant to be read back.
#[must_use]
pub fn show(function: &LoweredFunction) -> String {
    let name = if function.name.is_empty() { "<start>" } else { &function.name };
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "function {name}: {} registers, temporaries from r{}",
        function.window, function.first_temp
    );
    for (nth, ins) in function.code.iter().enumerate() {
        let name = ins.op.name();
        let _ = match ins.op {
            Op::Jump | Op::JumpBack | Op::Word => {
                writeln!(out, "{nth:5}  {name} {:+}", ins.wide_operand())
            }
            Op::JumpIf | Op::JumpIfNot | Op::JumpIfNull | Op::JumpIfSome | Op::LoadInt => {
                writeln!(out, "{nth:5}  {name} r{} {:+}", ins.a, ins.wide_operand())
            }
            _ => writeln!(out, "{nth:5}  {name} {} {} {}", ins.a, ins.b, ins.c),
        };
    }
    out
}
