//! Runs of tokens with the brackets in them: where lines may break inside a statement.
//!
//! Inside brackets: around each element. Outside: after the loosest operators, and before `.` and `|>` where the
//! writer did, because a newline anywhere else would end the statement.

use super::layout::Doc;
use super::{Formatter, Piece};
use crate::token::TokenKind;

/// A run as far as it is laid out.
#[derive(Default)]
struct Run<'a> {
    docs: Vec<Doc<'a>>,
    /// What comes after the first place where the run may break: one level further in.
    tail: Option<Vec<Doc<'a>>>,
    /// Newlines that are there in any case, outside of brackets.
    must_break: bool,
    /// The writer broke the line at a place where it may break.
    broken_by_writer: bool,
    hard: bool,
}

impl<'a> Run<'a> {
    fn push(&mut self, doc: Doc<'a>) {
        self.tail.as_mut().unwrap_or(&mut self.docs).push(doc);
    }

    fn break_here(&mut self, doc: Doc<'a>) {
        self.tail.get_or_insert_default().push(doc);
    }

    /// Ends the part that hangs together: what follows is at the level of the statement again.
    #[inline(never)]
    fn settle(&mut self) {
        if let Some(tail) = self.tail.take() {
            let head = std::mem::take(&mut self.docs);
            // Brackets that span lines would let the rest fit that was broken because of them.
            let kept = std::mem::take(&mut self.broken_by_writer) && self.hard;
            let must_break = std::mem::take(&mut self.must_break) || kept;
            let mut docs = head;
            docs.push(if must_break { Doc::Indent(tail) } else { Doc::IndentIfBroken(tail) });
            self.docs.push(Doc::Group(kept, docs));
        }
    }
}

impl<'a> Formatter<'a> {
    /// The tokens `from..to` of one statement, member, case or element.
    pub(super) fn run(&self, from: usize, to: usize) -> Piece<'a> {
        let loosest = self.loosest(from, to);
        let mut run = Run::default();
        let mut at = from;
        // The last token that is no comment, and whether a line was ended after it.
        let mut prev: Option<usize> = None;
        let mut fresh = true;
        while at < to {
            if self.kind(at).is_comment() {
                self.comment(&mut run, at, fresh);
                fresh = self.is_line_comment(at);
                if fresh {
                    run.break_here(Doc::Hard);
                }
                at += 1;
                continue;
            }
            if let Some(prev) = prev.filter(|_| !fresh) {
                self.separator(&mut run, prev, at, loosest);
            } else if prev.is_none() && !fresh {
                run.push(Doc::Text(" "));
            }
            let last = self.element(&mut run, at);
            prev = Some(last);
            fresh = false;
            at = last + 1;
        }
        run.settle();
        Piece { docs: run.docs, hard: run.hard }
    }

    /// Lays out the token or the bracket at `at`; gives its last token.
    fn element(&self, run: &mut Run<'a>, at: usize) -> usize {
        match self.kind(at) {
            TokenKind::StrHead => {
                let last = self.string_end(at);
                let (start, end) = (self.tokens[at].span.start, self.tokens[last].span.end);
                run.push(Doc::Text(&self.text[start as usize..end as usize]));
                last
            }
            TokenKind::LBrace if self.roles.bodies.contains_key(&at) => {
                run.settle();
                if let Some((body, starts)) = self.roles.bodies.get(&at) {
                    let block = self.block(at, *body, starts);
                    run.hard |= block.hard;
                    run.docs.push(Doc::Concat(block.docs));
                }
                self.pair(at)
            }
            TokenKind::LParen | TokenKind::LBracket | TokenKind::LBrace => {
                let list = self.list(at);
                run.hard |= list.hard;
                run.push(Doc::Concat(list.docs));
                self.pair(at)
            }
            _ => {
                run.push(Doc::Text(self.slice(at)));
                at
            }
        }
    }

    /// The last token of the string whose head is at `at`.
    fn string_end(&self, at: usize) -> usize {
        let mut at = at;
        while self.kind(at) != TokenKind::StrTail && self.pair(at) > at {
            at = self.pair(at);
        }
        at
    }

    #[inline(never)]
    fn comment(&self, run: &mut Run<'a>, at: usize, fresh: bool) {
        if !fresh {
            run.push(Doc::Text(if self.is_line_comment(at) { "  " } else { " " }));
        }
        run.push(Doc::Text(self.slice(at)));
        if self.is_line_comment(at) {
            run.must_break = true;
            run.hard = true;
        }
    }

    /// What stands between two tokens that follow one another.
    #[inline(never)]
    fn separator(&self, run: &mut Run<'a>, prev: usize, cur: usize, loosest: Option<u8>) {
        use TokenKind as T;
        let kind = self.kind(cur);
        if matches!(kind, T::Dot | T::QuestionDot | T::PipeGt) && self.tokens[cur].after_newline {
            run.must_break = true;
            run.hard = true;
            run.break_here(Doc::Hard);
        } else if self.breaks(prev, cur, loosest) {
            run.broken_by_writer |= self.tokens[cur].after_newline;
            run.break_here(Doc::Line);
        } else if self.kind(prev).is_comment() || self.spaced(prev, cur) {
            run.push(Doc::Text(" "));
        }
    }

    /// True where a line may break: after the loosest operators of the run, but before `|>`.
    fn breaks(&self, prev: usize, cur: usize, loosest: Option<u8>) -> bool {
        match loosest {
            None => false,
            Some(0) => self.kind(cur) == TokenKind::PipeGt,
            Some(_) => self.looseness(prev) == loosest,
        }
    }

    /// How loose the loosest operator of a run is.
    fn loosest(&self, from: usize, to: usize) -> Option<u8> {
        let mut found: Option<u8> = None;
        let mut at = from;
        while at < to {
            let here = self.looseness(at);
            found = match (found, here) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
            at = self.forward(at) + 1;
        }
        found
    }

    /// Brackets with elements between commas.
    fn list(&self, open: usize) -> Piece<'a> {
        let mut items = Vec::new();
        self.items(open + 1, self.pair(open), &mut items);
        self.join_list(open, items)
    }

    #[inline(never)]
    fn join_list(&self, open: usize, items: Vec<Item<'a>>) -> Piece<'a> {
        let (before, after) = (self.slice(open), self.slice(self.pair(open)));
        let Some(last) = items.last() else {
            return Piece { docs: vec![Doc::Text(before), Doc::Text(after)], hard: false };
        };
        let is_list = self.roles.lists.contains(&self.tokens[open].span.start);
        let commented = items.iter().any(|it| !it.is_element || !it.trailing.is_empty());
        let earlier_hard = items[..items.len() - 1].iter().any(|it| it.piece.hard);
        let last_hard = last.piece.hard;
        let broken_by_writer =
            self.on_new_line(open + 1) && (is_list || items.len() > 1 || last_hard);
        let hugs = last_hard && last.hugs && !earlier_hard && !commented && !broken_by_writer;
        let must_break = commented || broken_by_writer || earlier_hard || last_hard && !hugs;
        let in_braces = self.kind(open) == TokenKind::LBrace;
        let mut docs = Vec::new();
        let last_element = items.iter().rposition(|it| it.is_element);
        for (i, item) in items.into_iter().enumerate() {
            if i > 0 {
                docs.push(Doc::Line);
            }
            docs.extend(item.piece.docs);
            if item.is_element && Some(i) != last_element {
                docs.push(Doc::Text(","));
            } else if item.is_element && (is_list || item.comma) {
                docs.push(Doc::IfBroken(","));
            }
            for comment in item.trailing {
                docs.extend([Doc::Text("  "), Doc::Text(comment)]);
            }
        }
        let edge = || if in_braces { Doc::Line } else { Doc::SoftLine };
        let inside = vec![edge(), Doc::Concat(docs)];
        // The last element of a list that hugs it has the only newlines, and closes where the list does.
        let inside = if hugs { Doc::IndentIfBroken(inside) } else { Doc::Indent(inside) };
        let group = vec![Doc::Text(before), inside, edge(), Doc::Text(after)];
        Piece { docs: vec![Doc::Group(must_break, group)], hard: must_break || hugs }
    }

    /// The elements between the tokens `from` and `to`, and the comments that stand on lines of their own.
    fn items(&self, from: usize, to: usize, items: &mut Vec<Item<'a>>) {
        let mut at = from;
        while at < to {
            if self.ends_its_line(at) {
                self.list_comment(at, items);
                at += 1;
                continue;
            }
            let comma = self.next_comma(at, to);
            // Comments behind the element belong behind its comma.
            let end = (at..comma).rev().find(|&it| !self.kind(it).is_comment()).unwrap_or(at) + 1;
            let piece = self.run(at, end);
            self.push_item(items, piece, [at, end, comma, to]);
            (end..comma).for_each(|it| self.list_comment(it, items));
            at = comma + 1;
        }
    }

    #[inline(never)]
    fn list_comment(&self, at: usize, items: &mut Vec<Item<'a>>) {
        match items.last_mut() {
            Some(item) if !self.on_new_line(at) => item.trailing.push(self.slice(at)),
            _ => items.push(Item::comment(self.slice(at))),
        }
    }

    /// Adds the element from `at` to `end`, whose comma would stand at `comma`, of the list that ends at `to`.
    #[inline(never)]
    fn push_item(
        &self,
        items: &mut Vec<Item<'a>>,
        piece: Piece<'a>,
        [at, end, comma, to]: [usize; 4],
    ) {
        let opener = self.tokens[end - 1].pair as usize;
        items.push(Item {
            piece,
            is_element: true,
            comma: comma < to,
            trailing: Vec::new(),
            hugs: opener >= at && opener < end - 1,
        });
    }

    /// True for a comment with nothing but comments behind it on its line or before the end of the list.
    fn ends_its_line(&self, idx: usize) -> bool {
        let mut at = idx;
        while self.kind(at).is_comment() {
            if self.is_line_comment(at) || self.on_new_line(at + 1) {
                return true;
            }
            at += 1;
        }
        let closes =
            matches!(self.kind(at), TokenKind::RParen | TokenKind::RBracket | TokenKind::RBrace);
        at > idx && closes
    }

    /// The next comma at this level, or `to`.
    fn next_comma(&self, from: usize, to: usize) -> usize {
        let mut at = from;
        while at < to && self.kind(at) != TokenKind::Comma {
            at = if self.kind(at) == TokenKind::StrHead {
                self.string_end(at)
            } else {
                self.forward(at)
            } + 1;
        }
        at.min(to)
    }

    /// The token that closes the bracket at `at`, or `at` itself.
    fn forward(&self, at: usize) -> usize {
        let pair = self.tokens[at].pair as usize;
        if pair > at && pair < self.tokens.len() { pair } else { at }
    }
}

/// One element of a list, or a comment on a line of its own.
struct Item<'a> {
    piece: Piece<'a>,
    is_element: bool,
    /// A comma follows in the source.
    comma: bool,
    /// Comments at the end of its line.
    trailing: Vec<&'a str>,
    /// Ends with a bracket, so that the brackets around it can close on the same line.
    hugs: bool,
}

impl<'a> Item<'a> {
    fn comment(text: &'a str) -> Self {
        Self {
            piece: Piece { docs: vec![Doc::Text(text)], hard: true },
            is_element: false,
            comma: false,
            trailing: Vec::new(),
            hugs: false,
        }
    }
}
