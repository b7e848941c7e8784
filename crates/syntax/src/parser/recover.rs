//! How parsing goes on after an error: what is given up, and where it begins anew.
//!
//! An error gives up one statement, one case of a `match` or one member of a struct or enum. Brackets that were open
//! in it are left behind as a whole, so that their insides are not read as statements; only the blocks of a broken
//! `if`, loop or function are still parsed, for the errors in them.

use remora_diagnostics::{Code, Diagnostic};

use super::{Context, Lists, Parser};
use crate::token::TokenKind;

impl Lists {
    fn lens(&self) -> [usize; 5] {
        let Self { args, elements, entries, fields, parts } = self;
        [args.len(), elements.len(), entries.len(), fields.len(), parts.len()]
    }

    fn truncate(&mut self, lens: [usize; 5]) {
        let [args, elements, entries, fields, parts] = lens;
        self.args.truncate(args);
        self.elements.truncate(elements);
        self.entries.truncate(entries);
        self.fields.truncate(fields);
        self.parts.truncate(parts);
    }
}

/// What to go back to after an error.
pub(super) struct Checkpoint {
    context: Context,
    nesting: u32,
    blocks: u32,
    tallest: u32,
    operands: usize,
    operators: usize,
    patterns: usize,
    types: usize,
    stmts: usize,
    lists: [usize; 5],
}

impl Parser<'_> {
    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            context: self.context,
            nesting: self.nesting,
            blocks: self.blocks,
            tallest: self.tallest,
            operands: self.operands.len(),
            operators: self.operators.len(),
            patterns: self.patterns.len(),
            types: self.types.len(),
            stmts: self.stmts.len(),
            lists: self.lists.lens(),
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn restore(&mut self, checkpoint: &Checkpoint) {
        self.context = checkpoint.context;
        self.nesting = checkpoint.nesting;
        self.blocks = checkpoint.blocks;
        self.tallest = checkpoint.tallest;
        self.operands.truncate(checkpoint.operands);
        self.operators.truncate(checkpoint.operators);
        self.patterns.truncate(checkpoint.patterns);
        self.types.truncate(checkpoint.types);
        self.stmts.truncate(checkpoint.stmts);
        self.lists.truncate(checkpoint.lists);
    }

    /// After an error in the statement that began at the token `first`: goes to where the next one can begin.
    #[cold]
    #[inline(never)]
    pub(super) fn recover_stmt(&mut self, first: usize) {
        let has_block = self.has_block(first);
        self.leave_brackets(first);
        loop {
            let token = self.token();
            let fresh_line = token.after_newline && self.pos > first;
            match token.kind {
                TokenKind::Eof | TokenKind::RBrace | TokenKind::Semicolon => return,
                TokenKind::LBrace if has_block => self.parse_for_errors(),
                kind if fresh_line && kind.starts_stmt() && !self.goes_on_after_block() => return,
                _ => self.skip_one(),
            }
        }
    }

    /// After an error in the case that began at the token `first`: goes to the next `case`, `default` or `}`.
    #[cold]
    #[inline(never)]
    pub(super) fn recover_case(&mut self, first: usize) {
        self.leave_brackets(first);
        loop {
            let at_case = self.at_word("case") || self.at_word("default");
            match self.kind() {
                TokenKind::Eof | TokenKind::RBrace => return,
                _ if at_case && self.pos > first => return,
                TokenKind::LBrace => self.parse_for_errors(),
                _ => self.skip_one(),
            }
        }
    }

    /// After an error in the member that began at the token `first`: goes to the next one or to `}`.
    #[cold]
    #[inline(never)]
    pub(super) fn recover_member(&mut self, first: usize) {
        self.leave_brackets(first);
        loop {
            let moved = self.pos > first;
            match self.kind() {
                TokenKind::Eof | TokenKind::RBrace => return,
                TokenKind::Comma | TokenKind::Semicolon | TokenKind::Func if moved => return,
                _ if moved && self.token().after_newline => return,
                _ => self.skip_one(),
            }
        }
    }

    /// Goes behind the outermost bracket that was opened since `first` and is still open.
    fn leave_brackets(&mut self, first: usize) {
        let mut at = first;
        while at < self.pos {
            match self.pair_of(at) {
                Some(pair) if pair >= self.pos => {
                    self.pos = (pair + 1).min(self.tokens.len() - 1);
                    return;
                }
                Some(pair) => at = pair + 1,
                None => at += 1,
            }
        }
    }

    fn skip_one(&mut self) {
        match self.pair_of(self.pos) {
            Some(pair) => self.pos = (pair + 1).min(self.tokens.len() - 1),
            None => {
                self.bump();
            }
        }
    }

    /// True for statements whose braces hold statements.
    fn has_block(&self, first: usize) -> bool {
        use TokenKind as T;
        let token = self.at_index(first);
        match token.kind {
            T::If | T::While | T::For | T::Loop | T::Func | T::Try => true,
            T::Name => matches!(
                self.slice(token.span),
                "async"
                    | "case"
                    | "catch"
                    | "do"
                    | "except"
                    | "test"
                    | "test_group"
                    | "unless"
                    | "until"
                    | "elif"
                    | "elsif"
                    | "elseif"
            ),
            _ => false,
        }
    }

    /// True at a word that begins the next part of the statement before it.
    fn goes_on_after_block(&self) -> bool {
        ["except", "finally", "catch", "elif"].iter().any(|it| self.at_word(it))
    }

    /// At a brace: parses the block, keeps its errors, drops its statements.
    fn parse_for_errors(&mut self) {
        let checkpoint = self.checkpoint();
        let before = self.pos;
        // An unclosed or too deep block has been reported.
        let _reported = self.block();
        self.restore(&checkpoint);
        if self.pos == before {
            self.bump();
        }
    }

    /// At a closing bracket that closes nothing.
    #[cold]
    #[inline(never)]
    pub(super) fn unmatched(&mut self) {
        let token = self.token();
        let label = format!("this `{}` closes nothing", token.kind.text());
        let _stop = self.report(Diagnostic::error(Code::E0009).label(token.span, label));
        self.bump();
    }
}
