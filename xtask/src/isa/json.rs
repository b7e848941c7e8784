//! Writes `isa.json`: the instruction set for tools that are not written in Rust.
//!
//! The keys are those of the definition file, so that one page explains both. Written by hand because the order of the
//! keys and the line breaks are part of what the freshness test compares: one instruction a line.

use std::fmt::Write as _;

use super::definition::{Definitions, Effect, Instruction, Item, Many, Transition};

/// The instruction set as JSON, ending with a newline.
pub(crate) fn write(definitions: &Definitions) -> String {
    let mut out = String::from("{\n  \"instructions\": [\n");
    let all = definitions.by_number();
    for (index, it) in all.iter().enumerate() {
        let comma = if index + 1 == all.len() { "" } else { "," };
        let _ = writeln!(out, "    {}{comma}", instruction(it));
    }
    out.push_str("  ]\n}\n");
    out
}

fn instruction(it: &Instruction) -> String {
    let mut fields = vec![
        format!("\"number\": {}", it.number),
        format!("\"name\": {}", string(&it.name)),
        format!("\"operand\": {}", it.operand.map_or("null".to_owned(), |o| string(o.spelling()))),
    ];
    match &it.effect {
        Effect::Custom(reason) => fields.push(format!("\"custom\": {}", string(reason))),
        Effect::Stack { fall, jump } => {
            fields.push(format!("\"stack\": {}", transition(fall)));
            fields.extend(jump.as_ref().map(|jump| format!("\"jump\": {}", transition(jump))));
        }
    }
    fields.push(format!("\"flags\": {}", strings(it.flags.iter().map(|flag| flag.spelling()))));
    fields.push(format!("\"profile\": {}", strings(it.profiles.iter().map(|it| it.spelling()))));
    fields.push(format!("\"doc\": {}", string(&it.doc)));
    format!("{{{}}}", fields.join(", "))
}

fn transition(it: &Transition) -> String {
    let side = |items: &[Item]| items.iter().map(item).collect::<Vec<_>>().join(", ");
    format!("{{\"before\": [{}], \"after\": [{}]}}", side(&it.before), side(&it.after))
}

fn item(it: &Item) -> String {
    let (name, kind) = (string(&it.name), string(it.kind.spelling()));
    let many = match it.many {
        Many::One => "",
        Many::Operand => ", \"repeat\": 1",
        Many::TwiceOperand => ", \"repeat\": 2",
    };
    format!("{{\"name\": {name}, \"kind\": {kind}{many}}}")
}

fn strings<'a>(words: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", words.map(string).collect::<Vec<_>>().join(", "))
}

fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            letter if u32::from(letter) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
