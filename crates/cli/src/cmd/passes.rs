//! `remora dis --before`: what the optimiser did, as one listing in which lines that went are marked `-`, new ones `+`.
//!
//! Works on the printed form of the module before and after. Lines are the same if they do the same: numbers of labels,
//! constants and functions shift when something goes, so they are not compared where a name or value stands beside them.

use std::fmt::Write as _;

/// Functions with more lines than this are shown one form after the other: comparing takes their product.
const MAX_LINES: usize = 3_000;

/// A function of a listing.
struct Listed<'a> {
    /// `func name (params) kind`
    header: &'a str,
    lines: Vec<&'a str>,
    /// From the first to the last byte of the source that an instruction comes from.
    source: (u32, u32),
}

/// The listing of both forms in one.
pub(super) fn compare(before: &str, after: &str) -> String {
    let (before, after) = (functions(before), functions(after));
    let count = |all: &[Listed<'_>]| {
        let lines = all.iter().flat_map(|it| &it.lines);
        lines.filter(|it| it.starts_with("  ")).count()
    };
    let mut out = String::from(
        "; before and after the optimiser: - has gone, + is new, all other lines stay\n",
    );
    let (n_before, n_after) = (count(&before), count(&after));
    let _ = writeln!(out, "; {n_before} instructions before, {n_after} after");
    let mut after = after.into_iter().peekable();
    for old in &before {
        let same = |new: &Listed<'_>| {
            new.header == old.header && old.source.0 <= new.source.0 && new.source.1 <= old.source.1
        };
        let Some(new) = after.next_if(same) else {
            let _ = writeln!(out, "\n- {}: nothing leads to it", old.header);
            continue;
        };
        let _ = writeln!(out, "\n  {}", old.header);
        write_lines(&old.lines, &new.lines, &mut out);
    }
    out
}

/// The functions of a printed module.
fn functions(text: &str) -> Vec<Listed<'_>> {
    let mut all: Vec<Listed<'_>> = Vec::new();
    for line in text.lines() {
        if line.starts_with("func ") {
            let header = line.trim_end_matches(" {");
            all.push(Listed { header, lines: Vec::new(), source: (u32::MAX, 0) });
        } else if let Some(it) = all.last_mut() {
            if let Some(span) = line.strip_prefix('@') {
                let ends = span.split_once("..").map(|(start, end)| (start.parse(), end.parse()));
                if let Some((Ok(start), Ok(end))) = ends {
                    it.source = (it.source.0.min(start), it.source.1.max(end));
                }
            } else if is_code(line) {
                it.lines.push(line);
            }
        }
    }
    all
}

/// Instructions, labels and handlers; not the sizes at the head of a function.
fn is_code(line: &str) -> bool {
    let size = ["  locals ", "  stack ", "  cells ", "  free ", "  captures "];
    let instruction = line.starts_with("  ") && !size.iter().any(|it| line.starts_with(it));
    instruction || (line.starts_with('L') && line.ends_with(':'))
}

/// What a line does: the instruction and what it names.
fn meaning(line: &str) -> (&str, &str) {
    let line = line.trim();
    if line.ends_with(':') {
        return ("label", "");
    }
    let (op, operand) = line.split_once(' ').unwrap_or((line, ""));
    match operand.split_once("; ") {
        Some((_, named)) => (op, named),
        None if operand.starts_with('L') => (op, ""),
        None => (op, operand),
    }
}

/// The lines of both, each that they have in common once: the longest such list.
fn write_lines(before: &[&str], after: &[&str], out: &mut String) {
    let mut write = |mark: char, line: &str| {
        let indent = if line.starts_with(' ') { "  " } else { "" };
        let _ = writeln!(out, "{mark} {indent}{}", line.trim_start());
    };
    if before.len().max(after.len()) > MAX_LINES {
        before.iter().for_each(|it| write('-', it));
        after.iter().for_each(|it| write('+', it));
        return;
    }
    // How many lines the rests from here on have in common, row by row.
    let width = after.len() + 1;
    let mut common = vec![0_u16; (before.len() + 1) * width];
    for (i, old) in before.iter().enumerate().rev() {
        for (j, new) in after.iter().enumerate().rev() {
            let at = i * width + j;
            common[at] = if meaning(old) == meaning(new) {
                common[at + width + 1] + 1
            } else {
                common[at + width].max(common[at + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < before.len() || j < after.len() {
        let at = i * width + j;
        match (before.get(i), after.get(j)) {
            (Some(old), Some(new)) if meaning(old) == meaning(new) => {
                write(' ', new);
                (i, j) = (i + 1, j + 1);
            }
            (Some(old), new) if new.is_none() || common[at + width] >= common[at + 1] => {
                write('-', old);
                i += 1;
            }
            (_, Some(new)) => {
                write('+', new);
                j += 1;
            }
            _ => break,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifted_numbers_are_no_difference() {
        let before = "func f () plain {\n  locals 0\n@3..9\n  load_const 4 ; \"a\"\n  jump L7\n  pop\nL7:\n  return\n}";
        let after = "func f () plain {\n  locals 0\n@3..9\n  load_const 1 ; \"a\"\n  jump L0\nL0:\n  return\n}";
        let text = compare(before, after);
        let body: Vec<&str> = text.lines().skip(4).collect();
        assert_eq!(
            body,
            ["    load_const 1 ; \"a\"", "    jump L0", "-   pop", "  L0:", "    return"]
        );
    }
}
