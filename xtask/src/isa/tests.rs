//! Malformed definitions are refused with their line, and nothing generated is stale.

use super::definition::{Definitions, Effect, Flag, Many};
use super::errors::Errors;
use super::{check, docs, json, parse, stale};
use crate::workspace;

const PREFIX: &str = "# ── prefix ──
op 0x00 extended_arg (imm)
  stack    ->
  profile  full linear
  doc      Prefix.
";

fn read(rest: &str) -> Result<Definitions, Errors> {
    parse::parse(&format!("{PREFIX}\n{rest}")).and_then(check::check)
}

/// The only message about a definition file that starts with `PREFIX` (five lines and an empty one).
#[track_caller]
fn refused(rest: &str) -> String {
    read(rest).unwrap_err().in_file("f")
}

#[test]
fn a_block_is_read_with_all_it_says() {
    let definitions =
        read("op 0x47 for_iter (label)\n  stack source:source -> source:source item\n  jump source:source ->\n  flags branch raise\n  profile full\n  doc Next.\n\nop 0x61 build_dict (count)\n  stack keys_and_values..2n -> dict\n  profile full\n  doc Makes.\n")
            .unwrap();
    let all: Vec<_> = definitions.instructions().collect();
    assert_eq!(all.len(), 3);
    assert_eq!((all[1].rust_name().as_str(), all[1].line), ("ForIter", 7));
    assert!(all[1].is(Flag::Branch) && all[1].is(Flag::Raise) && !all[1].is(Flag::End));
    let Effect::Stack { fall, jump: Some(jump) } = &all[1].effect else { panic!() };
    assert_eq!((fall.after.len(), jump.after.len()), (2, 0));
    assert_eq!(fall.spelling(), "source:source -> source:source item");
    let Effect::Stack { fall, jump: None } = &all[2].effect else { panic!() };
    assert_eq!(fall.before[0].many, Many::TwiceOperand);
}

#[test]
fn numbers_and_names_are_used_once() {
    let twice = |second: &str| {
        refused(&format!(
            "op 0x01 nop ()\n  stack ->\n  profile full\n  doc It.\nop {second} ()\n  stack ->\n  profile full\n  doc It.\n"
        ))
    };
    assert_eq!(twice("0x01 pop"), "f:11: number 0x01 is `nop`'s already (line 7)");
    assert_eq!(twice("0x02 nop"), "f:11: name `nop` clashes with `nop` (line 7)");
    assert_eq!(twice("0x02 n_op"), "f:11: name `n_op` clashes with `nop` (line 7)");
}

#[test]
fn a_malformed_head_is_refused() {
    let head = |head: &str| refused(&format!("op {head}\n  stack ->\n  profile full\n  doc It.\n"));
    assert_eq!(head("0x01 nop"), "f:7: expected `op NUMBER name (operand)`");
    assert_eq!(head("1 nop ()"), "f:7: `1` is not an opcode: expected 0x00 to 0xff");
    assert_eq!(head("0x100 nop ()"), "f:7: `0x100` is not an opcode: expected 0x00 to 0xff");
    assert_eq!(head("0x01 Nop ()"), "f:7: `Nop` is not a snake_case name");
    assert_eq!(head("0x01 nop (thing)"), "f:7: unknown operand kind `thing`");
    assert_eq!(head("0x01 nop const"), "f:7: `const` is not an operand in parentheses");
}

#[test]
fn a_malformed_property_is_refused() {
    let property =
        |line: &str| refused(&format!("op 0x01 nop ()\n  {line}\n  profile full\n  doc It.\n"));
    assert_eq!(property("stack a b"), "f:7: `nop` has no `stack`\nf:8: `a b` has no `->` in it");
    assert!(property("stack a:thing ->").contains("f:8: unknown kind of stack item `thing`"));
    assert!(property("stack a..3n ->").contains("f:8: unknown repetition `..3n` in `a..3n`"));
    assert!(property("stack A ->").contains("f:8: `A` is not a snake_case name"));
    assert!(property("stak ->").contains("f:8: unknown property `stak`"));
    assert_eq!(property("stack ->\n  flags jumpy"), "f:9: unknown flag `jumpy`");
    assert_eq!(property("stack ->\n  flags raise raise"), "f:9: flag `raise` given twice");
    assert_eq!(property("stack ->\n  stack ->"), "f:9: `stack` given twice");
    assert_eq!(property("stack ->\n  flags"), "f:9: `flags` without a value");
    assert_eq!(
        property("stack ->\n  custom it depends"),
        "f:7: `nop` has both `stack` and `custom`"
    );
}

#[test]
fn a_block_must_be_complete_and_stand_in_a_section() {
    assert_eq!(refused("op 0x01 nop ()\n  stack ->\n  doc It.\n"), "f:7: `nop` has no `profile`");
    assert_eq!(refused("op 0x01 nop ()\n  stack ->\n  profile full\n"), "f:7: `nop` has no `doc`");
    assert_eq!(refused("  doc It.\n"), "f:7: `doc` outside an `op` block");
    assert_eq!(refused("nop\n"), "f:7: expected `op`, an indented property or a comment");
    let early = parse::parse("op 0x00 extended_arg (imm)\n  stack ->\n  profile full\n  doc It.\n");
    assert_eq!(
        early.unwrap_err().in_file("f"),
        "f:1: an instruction before the first `# ── section ──`"
    );
}

#[test]
fn instructions_must_make_sense_together() {
    let rule = |head: &str, rest: &str| {
        refused(&format!("op 0x01 {head}\n  profile full\n  doc It.\n{rest}"))
    };
    assert_eq!(
        rule("go ()", "  stack ->\n  flags branch\n"),
        "f:7: `go`: flag `branch` and a label go together"
    );
    assert_eq!(
        rule("go (label)", "  stack ->\n"),
        "f:7: `go`: flag `branch` and a label go together"
    );
    assert_eq!(
        rule("go ()", "  stack ->\n  flags back\n"),
        "f:7: `go`: flag `back` needs flag `branch`"
    );
    assert_eq!(
        rule("make (local)", "  stack items..n -> array\n"),
        "f:7: `make`: `..n` needs the operand kind `count`"
    );
    assert_eq!(
        rule("go (label)", "  stack a ->\n  jump -> a\n  flags branch\n"),
        "f:7: `go`: `jump` must take the same items as `stack`"
    );
    assert_eq!(rule("go ()", "  stack ->\n  jump ->\n"), "f:7: `go`: `jump` needs flag `branch`");
    assert_eq!(
        rule("stop ()", "  stack -> a\n  flags end\n"),
        "f:7: `stop`: nothing can be left on the stack where nothing follows"
    );
    assert_eq!(
        refused(
            "op 0x01 go (label)\n  stack ->\n  flags branch\n  profile full linear\n  doc It.\n"
        ),
        "f:7: `go`: a branch cannot be in profile `linear`"
    );
    assert_eq!(
        refused(
            "op 0x02 b ()\n  stack ->\n  profile full\n  doc It.\nop 0x01 a ()\n  stack ->\n  profile full\n  doc It.\n"
        ),
        "f:11: `a` stands after a higher number, 0x02"
    );
    assert_eq!(
        refused("op 0x01 nop ()\n  stack ->\n  profile full\n  doc no sentence\n"),
        "f:7: `nop`: doc must be a sentence that ends with a full stop"
    );
    let nothing = parse::parse("# ── empty ──\n").and_then(check::check).unwrap_err().in_file("f");
    assert!(nothing.contains("no `op 0x00 extended_arg (imm)`"), "{nothing}");
    assert!(nothing.contains("section `empty` is empty"), "{nothing}");
}

#[test]
fn all_errors_of_a_file_are_found_at_once() {
    let message = refused("op 0x01 nop ()\n  stack a\n  flags wrong\n\nop 1 pop ()\n");
    assert_eq!(message.lines().count(), 4, "{message}");
    assert!(message.starts_with("f:7: "), "{message}");
}

#[test]
fn json_escapes_and_separates() {
    let definitions = read(
        "op 0x01 say ()\n  custom a \"quoted\" \\ word\n  flags raise\n  profile full\n  doc It.\n",
    )
    .unwrap();
    let json = json::write(&definitions);
    assert!(json.contains(r#""custom": "a \"quoted\" \\ word""#), "{json}");
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["instructions"][1]["flags"][0], "raise");
    assert_eq!(value["instructions"].as_array().unwrap().len(), 2);
}

#[test]
fn the_manual_has_a_row_for_each_instruction() {
    let definitions = read("op 0x01 nop ()\n  stack ->\n  profile full\n  doc It.\n").unwrap();
    let manual = docs::write(&definitions);
    assert!(manual.contains("| `0x01` | `nop` | `->` |  | full | It. |"), "{manual}");
    assert!(manual.contains("2 instructions: 1 of them may stand in linear code"), "{manual}");
}

#[test]
fn nothing_generated_is_stale() {
    let stale = stale(&workspace::root()).unwrap();
    assert!(stale.is_empty(), "stale, run `cargo xtask isa`: {stale:?}");
}
