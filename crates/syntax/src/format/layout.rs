//! From pieces with places where a line may break to lines of at most a given width.
//!
//! The algorithm is Wadler's, in the form most formatters use: a group is put on one line if it fits there, else all
//! its breaks become newlines, and the groups inside it are asked again. Iterative; each group is measured for one
//! line at most, so the cost is linear in the text times the width.

/// A piece of a laid-out text.
pub(super) enum Doc<'a> {
    /// Printed as it is; may hold newlines (a string of several lines).
    Text(&'a str),
    /// A blank, or a newline if the group is broken.
    Line,
    /// Nothing, or a newline if the group is broken.
    SoftLine,
    /// A newline.
    Hard,
    /// An empty line, after a [`Doc::Hard`] that ends the line before it.
    Blank,
    /// Printed only if the group is broken.
    IfBroken(&'static str),
    /// Printed only if the group is not broken.
    IfFlat(&'static str),
    /// Pieces one after another, in the group around them.
    Concat(Vec<Doc<'a>>),
    /// One level further in.
    Indent(Vec<Doc<'a>>),
    /// One level further in if the group around it is broken.
    IndentIfBroken(Vec<Doc<'a>>),
    /// Broken as a whole or not at all; `true` if it must be.
    Group(bool, Vec<Doc<'a>>),
}

/// Spaces of one level.
const INDENT: usize = 4;

#[derive(Clone, Copy)]
struct Todo<'d, 'a> {
    doc: &'d Doc<'a>,
    indent: usize,
    broken: bool,
}

/// Lays `docs` out in lines of at most `width` characters where that can be done.
pub(super) fn print(docs: &[Doc<'_>], width: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    // What the next text on this line is to be preceded by: newlines do not leave blanks behind.
    let mut pending = 0;
    let mut stack: Vec<Todo<'_, '_>> = Vec::new();
    push_all(&mut stack, docs, 0, true);
    while let Some(Todo { doc, indent, broken }) = stack.pop() {
        match doc {
            Doc::Text(text) => {
                put(&mut out, &mut pending, &mut column, text);
            }
            Doc::IfBroken(text) if broken => put(&mut out, &mut pending, &mut column, text),
            Doc::IfFlat(text) if !broken => put(&mut out, &mut pending, &mut column, text),
            Doc::IfBroken(_) | Doc::IfFlat(_) => {}
            Doc::Line if !broken => put(&mut out, &mut pending, &mut column, " "),
            Doc::SoftLine if !broken => {}
            Doc::Line | Doc::SoftLine | Doc::Hard => {
                out.push('\n');
                (pending, column) = (indent, indent);
            }
            Doc::Blank => out.push('\n'),
            Doc::Concat(docs) => push_all(&mut stack, docs, indent, broken),
            Doc::Indent(docs) => push_all(&mut stack, docs, indent + INDENT, broken),
            Doc::IndentIfBroken(docs) => {
                push_all(&mut stack, docs, indent + if broken { INDENT } else { 0 }, broken);
            }
            Doc::Group(must_break, docs) => {
                let room = width.saturating_sub(column);
                let broken = *must_break || !fits(docs, &stack, room, width);
                push_all(&mut stack, docs, indent, broken);
            }
        }
    }
    out
}

fn push_all<'d, 'a>(
    stack: &mut Vec<Todo<'d, 'a>>,
    docs: &'d [Doc<'a>],
    indent: usize,
    broken: bool,
) {
    stack.extend(docs.iter().rev().map(|doc| Todo { doc, indent, broken }));
}

fn put(out: &mut String, pending: &mut usize, column: &mut usize, text: &str) {
    out.extend(std::iter::repeat_n(' ', std::mem::take(pending)));
    out.push_str(text);
    match text.rfind('\n') {
        Some(at) => *column = text[at + 1..].chars().count(),
        None => *column += text.chars().count(),
    }
}

/// True when `docs` unbroken, and what follows them up to the next newline, take at most `room` characters. A string of
/// several lines in `docs` begins a new line of `width` characters, on which the rest must fit as well: what does not would be
/// broken further in, and then not be what the same text is laid out to again.
fn fits(docs: &[Doc<'_>], after: &[Todo<'_, '_>], room: usize, width: usize) -> bool {
    let mut left = room;
    let mut stack: Vec<Todo<'_, '_>> = Vec::new();
    push_all(&mut stack, docs, 0, false);
    let mut after = after.iter().rev();
    let mut is_own = true;
    loop {
        let is_inside = !stack.is_empty();
        let Some(todo) = stack.pop().or_else(|| after.next().copied()) else { return true };
        // The group itself has been measured, and all that is left belongs to lines of its own.
        is_own &= is_inside;
        let text = match todo.doc {
            Doc::Text(text) => text,
            Doc::IfBroken(text) if todo.broken => text,
            Doc::IfFlat(text) if !todo.broken => text,
            Doc::Line if !todo.broken => " ",
            Doc::IfBroken(_) | Doc::IfFlat(_) => continue,
            Doc::SoftLine if !todo.broken => continue,
            Doc::Line | Doc::SoftLine | Doc::Hard | Doc::Blank => return true,
            Doc::Concat(docs) | Doc::Indent(docs) | Doc::IndentIfBroken(docs) => {
                push_all(&mut stack, docs, 0, todo.broken);
                continue;
            }
            Doc::Group(must_break, docs) => {
                // A group after this one can still be broken: its first break ends the measuring.
                push_all(&mut stack, docs, 0, *must_break || todo.broken);
                continue;
            }
        };
        let line = text.lines().next().unwrap_or_default();
        match left.checked_sub(line.chars().count()) {
            Some(rest) => left = rest,
            None => return false,
        }
        if let Some(at) = text.rfind('\n') {
            if !is_own {
                return true;
            }
            left = match width.checked_sub(text[at + 1..].chars().count()) {
                Some(left) => left,
                None => return true,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Doc, print};

    fn list() -> Vec<Doc<'static>> {
        let items =
            vec![Doc::SoftLine, Doc::Text("one,"), Doc::Line, Doc::Text("two"), Doc::IfBroken(",")];
        let group = vec![Doc::Text("f("), Doc::Indent(items), Doc::SoftLine, Doc::Text(")")];
        vec![Doc::Group(false, group), Doc::Text(" + x")]
    }

    #[test]
    fn a_group_stays_on_its_line_if_it_fits_with_what_follows_it() {
        assert_eq!(print(&list(), 15), "f(one, two) + x");
        assert_eq!(print(&list(), 14), "f(\n    one,\n    two,\n) + x");
    }

    #[test]
    fn newlines_leave_no_blanks_behind() {
        let docs = vec![Doc::Indent(vec![Doc::Text("a"), Doc::Hard, Doc::Blank, Doc::Text("b")])];
        assert_eq!(print(&docs, 80), "a\n\n    b");
    }
}
