//! Blocks, and the statements and expressions that are made of them: `if`, loops, `try`, `spawn`.

use remora_diagnostics::{Code, Span};

use super::{Context, Parse, Parser, cut};
use crate::ast::{Block, Branch, ExprKind, If, StmtKind, Try};
use crate::token::TokenKind;

impl Parser<'_> {
    /// `{ … }` with statements.
    pub(super) fn block(&mut self) -> Parse<Block> {
        let open = self.pos;
        if !self.at(TokenKind::LBrace) {
            return Err(self.no_block());
        }
        if self.blocks >= self.limits.max_blocks {
            return Err(self.too_deep("blocks", self.limits.max_blocks));
        }
        self.blocks += 1;
        let base = self.stmts.len();
        let inside = Context { lines: true, condition: false };
        let context = std::mem::replace(&mut self.context, inside);
        self.bump();
        self.statements(Some(open));
        self.context = context;
        self.blocks -= 1;
        self.close(open, TokenKind::RBrace, "")?;
        let span = self.span_from(self.at_index(open).span.start);
        Ok(Block { stmts: cut(&mut self.stmts, base), span })
    }

    /// `if c { … } else if d { … } else { … }`
    #[inline(never)]
    pub(super) fn if_expr(&mut self) -> Parse {
        let start = self.token().span.start;
        let mark = self.mark();
        let mut branches = Vec::new();
        let mut otherwise = None;
        loop {
            self.bump();
            if self.lacks_condition() {
                return Err(self.no_condition());
            }
            self.condition()?;
            let body = self.block()?;
            self.push_branch(&mut branches, body);
            if self.at(TokenKind::Else) {
                self.bump();
                if !self.at(TokenKind::If) {
                    otherwise = Some(self.block()?);
                    break;
                }
            } else if !self.is_elif() {
                break;
            }
        }
        let span = self.span_from(start);
        self.push_node(mark, span, |_| ExprKind::If(Box::new(If { branches, otherwise })))
    }

    #[inline(never)]
    fn push_branch(&mut self, branches: &mut Vec<Branch>, body: Block) {
        let condition = self.take();
        branches.push(Branch { condition, body });
    }

    /// True at `elif` and its kin, which are reported.
    fn is_elif(&mut self) -> bool {
        if !self.at(TokenKind::Name) || self.nth(1).after_newline || !self.nth(1).kind.starts_expr()
        {
            return false;
        }
        let word = self.slice(self.token().span);
        let found = matches!(word, "elif" | "elsif" | "elseif");
        if found {
            let word = word.to_owned();
            self.foreign(&word, "else if");
        }
        found
    }

    /// `spawn { … }`
    #[inline(never)]
    pub(super) fn spawn(&mut self) -> Parse {
        let start = self.bump().span.start;
        let mark = self.mark();
        let body = self.block()?;
        let span = self.span_from(start);
        self.push_node(mark, span, |_| ExprKind::Spawn(body))
    }

    /// `while c { … }`; for `loop while c { … }` the caller has taken `loop`.
    #[inline(never)]
    pub(super) fn while_stmt(&mut self, start: u32, label: Option<Span>) -> Parse {
        self.bump();
        self.condition()?;
        let body = self.block()?;
        self.push_stmt(start, |it| {
            let label = label.map(|span| it.ident(span));
            StmtKind::While { label, condition: it.take(), body }
        });
        Ok(())
    }

    /// `loop { … }`, `loop while c { … }`
    #[inline(never)]
    pub(super) fn loop_stmt(&mut self, start: u32, label: Option<Span>) -> Parse {
        self.bump();
        if self.at(TokenKind::While) {
            return self.while_stmt(start, label);
        }
        let body = self.block()?;
        self.push_stmt(start, |it| {
            let label = label.map(|span| it.ident(span));
            StmtKind::Loop { label, body }
        });
        Ok(())
    }

    /// `for p in e { … }`
    #[inline(never)]
    pub(super) fn for_stmt(&mut self, start: u32, label: Option<Span>) -> Parse {
        self.bump();
        self.for_pattern()?;
        if !self.eat_word("in") {
            return Err(self.no_in());
        }
        self.condition()?;
        let body = self.block()?;
        self.push_stmt(start, |it| {
            let label = label.map(|span| it.ident(span));
            let (pattern, iterable) = (it.take_pattern(), it.take());
            StmtKind::For { label, pattern, iterable, body }
        });
        Ok(())
    }

    #[inline(never)]
    fn for_pattern(&mut self) -> Parse {
        if self.at(TokenKind::LParen) {
            return Err(self.for_in_parens());
        }
        self.binding_pattern("a name for the items")?;
        if self.at(TokenKind::Comma) {
            let help = "write `for [k, v] in items(d)` to take pairs apart";
            return Err(self.refuse(
                Code::E0009,
                self.token().span,
                "expected `in`, found `,`",
                help,
            ));
        }
        Ok(())
    }

    /// `try { … } except e { … } finally { … }`
    #[inline(never)]
    pub(super) fn try_stmt(&mut self) -> Parse {
        let start = self.bump().span.start;
        let mut made = new_try();
        made.body = self.block()?;
        if self.eat_except() {
            self.except(&mut made)?;
        }
        if self.eat_word("finally") {
            made.finally = Some(self.block()?);
        }
        if made.except.is_none() && made.finally.is_none() {
            return Err(self.expected("`except` or `finally`"));
        }
        self.push_stmt(start, |_| StmtKind::Try(made));
        Ok(())
    }

    /// Takes `except`, or `catch` with a word about it.
    fn eat_except(&mut self) -> bool {
        for foreign in ["catch", "rescue"] {
            if self.at_word(foreign) {
                self.foreign(foreign, "except");
                self.bump();
                return true;
            }
        }
        self.eat_word("except")
    }

    fn except(&mut self, made: &mut Try) -> Parse {
        // Parentheses around the name are a habit that costs nothing to allow.
        let open = self.at(TokenKind::LParen).then_some(self.pos);
        if open.is_some() {
            self.bump();
        }
        let name = if self.at(TokenKind::LBrace) {
            None
        } else {
            Some(self.name("a name for the error, or `{`")?)
        };
        if let Some(open) = open {
            self.close(open, TokenKind::RParen, "")?;
        }
        made.except = Some((name, self.block()?));
        Ok(())
    }
}

#[inline(never)]
fn new_try() -> Box<Try> {
    Box::new(Try { body: Block::default(), except: None, finally: None })
}
