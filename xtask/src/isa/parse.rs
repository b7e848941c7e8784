//! Reads the text of `isa/instructions.isa` into [`Definitions`], or says on which lines it is malformed.
//!
//! The grammar is in the header of that file. Only spelling is judged here; what the instructions say together (numbers
//! used twice, a jump without a label) is [`super::check`]'s. All errors of a file are found in one go: a malformed line
//! is skipped, a block that lacks a line is dropped.

use super::definition::{
    Definitions, Effect, Flag, Instruction, Item, ItemKind, Many, Operand, Profile, Section,
    Transition,
};
use super::errors::Errors;

/// Reads a definition file.
///
/// # Errors
/// Every malformed line, with its number.
pub(crate) fn parse(text: &str) -> Result<Definitions, Errors> {
    let mut parser = Parser::default();
    for (index, line) in text.lines().enumerate() {
        parser.line(index + 1, line);
    }
    parser.finish_block();
    parser.errors.into_result(parser.definitions)
}

#[derive(Default)]
struct Parser {
    definitions: Definitions,
    block: Option<Block>,
    errors: Errors,
}

/// An `op` block whose end has not been seen yet.
struct Block {
    line: usize,
    number: u8,
    name: String,
    operand: Option<Operand>,
    stack: Option<Transition>,
    jump: Option<Transition>,
    custom: Option<String>,
    flags: Option<Vec<Flag>>,
    profiles: Option<Vec<Profile>>,
    doc: Option<String>,
}

impl Parser {
    fn line(&mut self, at: usize, line: &str) {
        let trimmed = line.trim();
        if let Some(comment) = trimmed.strip_prefix('#') {
            if let Some(title) = ruler_title(comment) {
                self.finish_block();
                let title = title.to_owned();
                self.definitions.sections.push(Section { title, instructions: Vec::new() });
            }
        } else if trimmed.is_empty() {
            self.finish_block();
        } else if let Some(head) = line.strip_prefix("op ") {
            self.finish_block();
            match head_of_block(at, head) {
                Ok(block) => self.block = Some(block),
                Err(message) => self.errors.add(at, message),
            }
        } else if line.starts_with(' ') {
            self.property(at, trimmed);
        } else {
            self.errors.add(at, "expected `op`, an indented property or a comment");
        }
    }

    fn property(&mut self, at: usize, line: &str) {
        let (key, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let Some(block) = &mut self.block else {
            // The head of this block was malformed, which has been said; only a stray property is news.
            if self.errors.is_empty() {
                self.errors.add(at, format!("`{key}` outside an `op` block"));
            }
            return;
        };
        let outcome = match key {
            "stack" => transition(rest).and_then(|it| set(&mut block.stack, key, it)),
            "jump" => transition(rest).and_then(|it| set(&mut block.jump, key, it)),
            "custom" => text(rest, key).and_then(|it| set(&mut block.custom, key, it)),
            "flags" => words(rest, key, "flag", Flag::from_spelling)
                .and_then(|it| set(&mut block.flags, key, it)),
            "profile" => words(rest, key, "profile", Profile::from_spelling)
                .and_then(|it| set(&mut block.profiles, key, it)),
            "doc" => text(rest, key).and_then(|it| set(&mut block.doc, key, it)),
            _ => Err(format!("unknown property `{key}`")),
        };
        if let Err(message) = outcome {
            self.errors.add(at, message);
        }
    }

    fn finish_block(&mut self) {
        let Some(block) = self.block.take() else { return };
        let at = block.line;
        match block.finish() {
            Ok(instruction) => match self.definitions.sections.last_mut() {
                Some(section) => section.instructions.push(instruction),
                None => self.errors.add(at, "an instruction before the first `# ── section ──`"),
            },
            Err(message) => self.errors.add(at, message),
        }
    }
}

impl Block {
    fn finish(self) -> Result<Instruction, String> {
        let missing = |key: &str| format!("`{}` has no `{key}`", self.name);
        let effect = match (self.stack, self.custom) {
            (Some(fall), None) => Effect::Stack { fall, jump: self.jump },
            (None, Some(_)) if self.jump.is_some() => {
                return Err(format!("`{}` has `jump` beside `custom`", self.name));
            }
            (None, Some(reason)) => Effect::Custom(reason),
            (Some(_), Some(_)) => {
                return Err(format!("`{}` has both `stack` and `custom`", self.name));
            }
            (None, None) => return Err(missing("stack")),
        };
        Ok(Instruction {
            effect,
            flags: self.flags.unwrap_or_default(),
            profiles: self.profiles.ok_or_else(|| missing("profile"))?,
            doc: self.doc.ok_or_else(|| missing("doc"))?,
            line: self.line,
            number: self.number,
            operand: self.operand,
            name: self.name,
        })
    }
}

/// `── title ──────` as in the rulers between sections.
fn ruler_title(comment: &str) -> Option<&str> {
    let title = comment.trim().strip_prefix("──")?.trim_matches(['─', ' ']);
    (!title.is_empty()).then_some(title)
}

/// `0x34 binary_add ()`, what follows `op`.
fn head_of_block(at: usize, head: &str) -> Result<Block, String> {
    let mut words = head.split_whitespace();
    let (Some(number), Some(name), Some(operand), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err("expected `op NUMBER name (operand)`".to_owned());
    };
    let digits = number.strip_prefix("0x").filter(|digits| digits.len() == 2);
    let number = digits
        .and_then(|digits| u8::from_str_radix(digits, 16).ok())
        .ok_or_else(|| format!("`{number}` is not an opcode: expected 0x00 to 0xff"))?;
    check_name(name)?;
    let inner = operand
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .ok_or_else(|| format!("`{operand}` is not an operand in parentheses"))?;
    let operand = match inner {
        "" => None,
        kind => Some(
            Operand::from_spelling(kind).ok_or_else(|| format!("unknown operand kind `{kind}`"))?,
        ),
    };
    Ok(Block {
        line: at,
        number,
        name: name.to_owned(),
        operand,
        stack: None,
        jump: None,
        custom: None,
        flags: None,
        profiles: None,
        doc: None,
    })
}

/// `left right -> sum`.
fn transition(text: &str) -> Result<Transition, String> {
    let (before, after) =
        text.split_once("->").ok_or_else(|| format!("`{text}` has no `->` in it"))?;
    let side = |items: &str| items.split_whitespace().map(item).collect::<Result<Vec<_>, _>>();
    Ok(Transition { before: side(before)?, after: side(after)? })
}

/// `name`, `name:kind`, `name..n` or `name..2n`.
fn item(text: &str) -> Result<Item, String> {
    let (rest, kind) = match text.split_once(':') {
        Some((rest, kind)) => {
            let kind = ItemKind::from_spelling(kind)
                .ok_or_else(|| format!("unknown kind of stack item `{kind}`"))?;
            (rest, kind)
        }
        None => (text, ItemKind::Value),
    };
    let (name, many) = match rest.split_once("..") {
        None => (rest, Many::One),
        Some((name, "n")) => (name, Many::Operand),
        Some((name, "2n")) => (name, Many::TwiceOperand),
        Some((_, other)) => return Err(format!("unknown repetition `..{other}` in `{text}`")),
    };
    check_name(name)?;
    Ok(Item { name: name.to_owned(), kind, many })
}

fn check_name(name: &str) -> Result<(), String> {
    let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    let rest = name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    if first && rest && !name.ends_with('_') && !name.contains("__") {
        return Ok(());
    }
    Err(format!("`{name}` is not a snake_case name"))
}

fn words<T: Copy + PartialEq>(
    text: &str,
    key: &str,
    what: &str,
    from_spelling: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, String> {
    let mut found = Vec::new();
    for word in text.split_whitespace() {
        let it = from_spelling(word).ok_or_else(|| format!("unknown {what} `{word}`"))?;
        if found.contains(&it) {
            return Err(format!("{what} `{word}` given twice"));
        }
        found.push(it);
    }
    if found.is_empty() {
        return Err(format!("`{key}` without a value"));
    }
    Ok(found)
}

fn text(rest: &str, key: &str) -> Result<String, String> {
    if rest.is_empty() { Err(format!("`{key}` without a value")) } else { Ok(rest.to_owned()) }
}

fn set<T>(slot: &mut Option<T>, key: &str, it: T) -> Result<(), String> {
    if slot.is_some() {
        return Err(format!("`{key}` given twice"));
    }
    *slot = Some(it);
    Ok(())
}
