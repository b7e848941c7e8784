//! What stands one to a line: statements, cases, members; with the comments and empty lines between them.

use super::layout::Doc;
use super::roles::Body;
use super::{Formatter, Piece};
use crate::token::TokenKind;

impl<'a> Formatter<'a> {
    /// The parts between the tokens `from` and `to` (not with it), each on its own line. They begin at `starts`.
    pub(super) fn body(&self, from: usize, to: usize, body: Body, starts: &[u32]) -> Piece<'a> {
        let mut docs = Vec::new();
        let mut at = from;
        let mut starts = starts.iter().map(|&it| self.token_at(it)).peekable();
        while at < to {
            let is_part = starts.peek() == Some(&at);
            if !is_part && !self.kind(at).is_comment() {
                // A separator: lines separate now.
                at += 1;
                continue;
            }
            let trailing = !is_part && at > from && !self.on_new_line(at) && !docs.is_empty();
            if trailing {
                docs.push(Doc::Text("  "));
            } else if !docs.is_empty() {
                docs.push(Doc::Hard);
                if self.between(at - 1, at).matches('\n').count() > 1 {
                    docs.push(Doc::Blank);
                }
            }
            if is_part {
                starts.next();
                let end = self.part_end(at, starts.peek().copied().unwrap_or(to));
                docs.extend(self.run(at, end).docs);
                if self.wants_comma(body, at) {
                    docs.push(Doc::Text(","));
                }
                at = end;
            } else {
                docs.push(Doc::Text(self.slice(at)));
                at += 1;
            }
        }
        Piece { docs, hard: true }
    }

    fn token_at(&self, offset: u32) -> usize {
        self.tokens.partition_point(|it| it.span.start < offset)
    }

    /// One past the last token of the part that begins at `start`, which ends before `next`.
    fn part_end(&self, start: usize, next: usize) -> usize {
        let belongs = |idx: &usize| {
            let kind = self.kind(*idx);
            !kind.is_comment() && !matches!(kind, TokenKind::Comma | TokenKind::Semicolon)
        };
        (start..next).rev().find(belongs).unwrap_or(start) + 1
    }

    /// Fields and variants end with a comma where they stand on lines of their own.
    fn wants_comma(&self, body: Body, start: usize) -> bool {
        match body {
            Body::Stmts | Body::Cases => false,
            Body::Enum => true,
            Body::Struct => !self.is_method(start),
        }
    }

    /// True when the member of a struct that begins at `start` is a method.
    fn is_method(&self, start: usize) -> bool {
        let is_func = |idx| self.kind(idx) == TokenKind::Func;
        (is_func(start) && self.kind(start + 1) != TokenKind::Colon)
            || (self.slice(start) == "async" && is_func(start + 1))
    }

    /// `{ … }` with a body: on one line if it was and fits, else one part to a line.
    pub(super) fn block(&self, open: usize, body: Body, starts: &[u32]) -> Piece<'a> {
        let close = self.pair(open);
        let inside = open + 1..close;
        if inside.clone().all(|it| !self.kind(it).is_comment()) && starts.is_empty() {
            return Piece { docs: vec![Doc::Text("{}")], hard: false };
        }
        if let Some(docs) = self.one_line(open, close, body, starts) {
            return Piece { docs, hard: false };
        }
        let mut parts = vec![Doc::Hard];
        parts.extend(self.body(open + 1, close, body, starts).docs);
        let docs = vec![Doc::Text("{"), Doc::Indent(parts), Doc::Hard, Doc::Text("}")];
        Piece { docs, hard: true }
    }

    /// The braces as a group that may stay on one line, if they were on one line and hold little enough.
    fn one_line(
        &self,
        open: usize,
        close: usize,
        body: Body,
        starts: &[u32],
    ) -> Option<Vec<Doc<'a>>> {
        let source = self.between(open, close);
        let comments = (open + 1..close).any(|it| self.kind(it).is_comment());
        if source.contains('\n') || comments {
            return None;
        }
        let starts: Vec<usize> = starts.iter().map(|&it| self.token_at(it)).collect();
        match body {
            Body::Stmts if starts.len() > 1 => return None,
            Body::Struct if starts.iter().any(|&it| self.is_method(it)) => return None,
            _ => {}
        }
        let mut parts = vec![Doc::Line];
        for (i, &start) in starts.iter().enumerate() {
            let next = starts.get(i + 1).copied();
            let end = self.part_end(start, next.unwrap_or(close));
            let part = self.run(start, end);
            if part.hard {
                return None;
            }
            parts.extend(part.docs);
            let comma = self.wants_comma(body, start)
                || body == Body::Cases && !self.roles.bodies.contains_key(&self.opener(end - 1));
            match next {
                // On lines of their own cases need no commas.
                Some(_) if comma && body == Body::Cases => {
                    parts.extend([Doc::IfFlat(","), Doc::Line]);
                }
                Some(_) if comma => parts.extend([Doc::Text(","), Doc::Line]),
                Some(_) => parts.push(Doc::Line),
                None if comma && body != Body::Cases => parts.push(Doc::IfBroken(",")),
                None => {}
            }
        }
        let group = vec![Doc::Text("{"), Doc::Indent(parts), Doc::Line, Doc::Text("}")];
        Some(vec![Doc::Group(false, group)])
    }

    /// The index of the bracket that the token at `idx` closes, or `idx`.
    fn opener(&self, idx: usize) -> usize {
        let pair = self.tokens[idx].pair as usize;
        if pair < idx { pair } else { idx }
    }
}
