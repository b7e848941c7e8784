//! Judges what the instructions of a definition file say together, before anything is generated from them.
//!
//! Promise to the writers and to the crate that is generated: numbers and names are unique, a branch has a label and a
//! label is only on a branch, `..n` has a count to stand for, the prefix is number 0, and each doc is a sentence. A rule
//! that is broken is reported with the line of its `op`; all rules are tried.

use std::collections::HashMap;

use super::definition::{Definitions, Effect, Flag, Instruction, Item, Many, Operand, Profile};
use super::errors::Errors;

/// Says yes to definitions from which a consistent table can be written.
///
/// # Errors
/// Every broken rule.
pub(crate) fn check(definitions: Definitions) -> Result<Definitions, Errors> {
    let mut errors = Errors::default();
    check_unique(&definitions, &mut errors);
    check_sections(&definitions, &mut errors);
    for instruction in definitions.instructions() {
        for message in rules_broken_by(instruction) {
            errors.add(instruction.line, format!("`{}`: {message}", instruction.name));
        }
    }
    errors.into_result(definitions)
}

fn check_unique(definitions: &Definitions, errors: &mut Errors) {
    let mut numbers: HashMap<u8, &Instruction> = HashMap::new();
    let mut names: HashMap<String, &Instruction> = HashMap::new();
    for it in definitions.instructions() {
        if let Some(first) = numbers.insert(it.number, it) {
            let (number, name, line) = (it.number, &first.name, first.line);
            errors
                .add(it.line, format!("number 0x{number:02x} is `{name}`'s already (line {line})"));
        }
        // Two names may differ in text and still be one identifier in Rust: `a_b1` and `a_b_1` do not, `ab` and `a_b` do.
        if let Some(first) = names.insert(it.rust_name().to_ascii_lowercase(), it) {
            errors.add(
                it.line,
                format!("name `{}` clashes with `{}` (line {})", it.name, first.name, first.line),
            );
        }
    }
    if !definitions.instructions().any(|it| it.number == 0 && it.name == "extended_arg") {
        errors.add(1, "no `op 0x00 extended_arg (imm)`: the wordcode prefix must be number 0");
    }
}

fn check_sections(definitions: &Definitions, errors: &mut Errors) {
    for section in &definitions.sections {
        if section.instructions.is_empty() {
            errors.add(1, format!("section `{}` is empty", section.title));
        }
        for pair in section.instructions.windows(2) {
            if let [earlier, later] = pair
                && earlier.number > later.number
            {
                errors.add(
                    later.line,
                    format!(
                        "`{}` stands after a higher number, 0x{:02x}",
                        later.name, earlier.number
                    ),
                );
            }
        }
    }
}

fn rules_broken_by(it: &Instruction) -> Vec<&'static str> {
    let mut broken = Vec::new();
    let mut rule = |holds: bool, message| {
        if !holds {
            broken.push(message);
        }
    };
    let has_label = it.operand == Some(Operand::Label);
    rule(it.is(Flag::Branch) == has_label, "flag `branch` and a label go together");
    rule(!it.is(Flag::Back) || it.is(Flag::Branch), "flag `back` needs flag `branch`");
    rule(
        !(it.is(Flag::Branch) && it.profiles.contains(&Profile::Linear)),
        "a branch cannot be in profile `linear`",
    );
    rule(!it.is(Flag::Suspend) || !it.profiles.contains(&Profile::Linear), {
        "what suspends cannot be in profile `linear`"
    });
    rule(it.doc.ends_with(['.', '?']), "doc must be a sentence that ends with a full stop");
    rule(
        !it.doc.contains('|'),
        "doc must not contain `|`, which ends a cell of the manual's tables",
    );
    match &it.effect {
        Effect::Custom(_) => {
            rule(!it.is(Flag::Branch), "a branch must say its effect with `stack` and `jump`");
        }
        Effect::Stack { fall, jump } => {
            let runs = |items: &[Item]| items.iter().any(|item| item.many != Many::One);
            rule(
                !runs(&fall.before) || it.operand == Some(Operand::Count),
                "`..n` needs the operand kind `count`",
            );
            rule(!runs(&fall.after), "`..n` may stand before the arrow only");
            if it.is(Flag::End) && !it.is(Flag::Branch) {
                rule(
                    fall.after.is_empty(),
                    "nothing can be left on the stack where nothing follows",
                );
            }
            if let Some(jump) = jump {
                rule(it.is(Flag::Branch), "`jump` needs flag `branch`");
                rule(jump.before == fall.before, "`jump` must take the same items as `stack`");
                rule(!runs(&jump.after), "`..n` may stand before the arrow only");
            }
        }
    }
    broken
}
