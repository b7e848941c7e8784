//! What tokens mean, as far as the formatter must know: read from the tree, kept by place.
//!
//! A `-` may be a sign, a `{` may open a block, a dict or the members of a struct; the tokens alone do not say.

use std::collections::{BTreeMap, BTreeSet};

use crate::ast::{Call, ExprKind, Ident, Node, Program, Stmt, StmtKind, TypeKind};
use crate::token::{NO_PAIR, Token, TokenKind};

/// What stands one to a line in braces.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// Statements.
    Stmts,
    /// Fields and methods of a struct.
    Struct,
    /// Variants of an enum.
    Enum,
    /// Cases of a `match`.
    Cases,
}

/// The roles of tokens, by their first byte or by the index of the token.
#[derive(Default)]
pub(super) struct Roles {
    /// Braces with a body: the index of the token of `{`, and the offsets at which its parts begin.
    pub(super) bodies: BTreeMap<usize, (Body, Vec<u32>)>,
    /// The offsets of brackets around arguments, elements, entries: a comma may follow the last one.
    pub(super) lists: BTreeSet<u32>,
    /// The offsets of `-` and `!` before an operand.
    pub(super) signs: BTreeSet<u32>,
    /// The indices of `<` and `>` around types.
    pub(super) angles: BTreeSet<usize>,
    /// The indices of names that are words of the language where they stand: `in`, `case`.
    pub(super) words: BTreeSet<usize>,
}

impl Roles {
    /// Finds the roles of `tokens`, whose tree is `program`.
    pub(super) fn of(program: &Program, tokens: &[Token], text: &str) -> Self {
        let mut finder = Finder { tokens, text, roles: Self::default() };
        program.walk(&mut |node| finder.node(node));
        finder.roles
    }
}

struct Finder<'a> {
    tokens: &'a [Token],
    text: &'a str,
    roles: Roles,
}

impl Finder<'_> {
    /// The index of the first token that begins at `offset` or later.
    fn at(&self, offset: u32) -> usize {
        self.tokens.partition_point(|it| it.span.start < offset)
    }

    /// The index of the brace that the token ending at `end` closes.
    fn opener(&self, end: u32) -> Option<usize> {
        let closer = self.tokens.partition_point(|it| it.span.end < end);
        let pair = self.tokens.get(closer)?.pair;
        (pair != NO_PAIR).then_some(pair as usize)
    }

    /// The first token after `offset` that is no comment.
    fn next_token(&self, offset: u32) -> usize {
        let mut at = self.at(offset);
        while self.tokens[at].kind.is_comment() {
            at += 1;
        }
        at
    }

    fn node(&mut self, node: Node<'_>) {
        match node {
            Node::Stmt(stmt) => self.stmt(stmt),
            Node::Block(block) => {
                let open = self.at(block.span.start);
                if self.tokens[open].kind == TokenKind::LBrace {
                    let starts = block.stmts.iter().map(|it| it.span.start).collect();
                    self.roles.bodies.insert(open, (Body::Stmts, starts));
                }
            }
            Node::Expr(expr) => self.expr(&expr.kind, expr.span.start, expr.span.end),
            Node::Type(ty) => {
                if let TypeKind::Named { args, .. } = &ty.kind
                    && !args.is_empty()
                {
                    let open = self.next_token(ty.span.start) + 1;
                    self.roles.angles.insert(self.next_token(self.tokens[open].span.start));
                    self.roles.angles.insert(self.at(ty.span.end - 1));
                }
            }
            Node::Pattern(_) | Node::Ident(_) => {}
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::For { pattern, .. } => {
                let word = self.next_token(pattern.span.end);
                self.roles.words.insert(word);
            }
            StmtKind::Struct(decl) => {
                let mut starts: Vec<u32> =
                    decl.fields.iter().map(|it| it.name.span.start).collect();
                starts.extend(decl.methods.iter().map(|it| self.method_start(&it.name)));
                starts.sort_unstable();
                self.members(stmt.span.end, Body::Struct, starts);
            }
            StmtKind::Enum(decl) => {
                let starts = decl.variants.iter().map(|it| it.name.span.start).collect();
                self.members(stmt.span.end, Body::Enum, starts);
            }
            _ => {}
        }
    }

    fn members(&mut self, end: u32, body: Body, starts: Vec<u32>) {
        if let Some(open) = self.opener(end) {
            self.roles.bodies.insert(open, (body, starts));
        }
    }

    /// Where the method called `name` begins: at its `func` or `async`.
    fn method_start(&self, name: &Ident) -> u32 {
        let before = |at: usize| {
            (0..at).rev().find(|&it| !self.tokens[it].kind.is_comment()).unwrap_or_default()
        };
        let mut at = before(self.at(name.span.start));
        if self.tokens[at].kind == TokenKind::Star {
            at = before(at);
        }
        let ahead = before(at);
        if &self.text[self.tokens[ahead].span.range()] == "async" {
            at = ahead;
        }
        self.tokens[at].span.start
    }

    fn expr(&mut self, kind: &ExprKind, start: u32, end: u32) {
        match kind {
            ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Unary { .. } => {
                if matches!(self.tokens[self.at(start)].kind, TokenKind::Minus | TokenKind::Bang) {
                    self.roles.signs.insert(start);
                }
            }
            ExprKind::Array(_) => {
                self.roles.lists.insert(start);
            }
            ExprKind::Dict(_) => {
                self.roles.lists.insert(start);
                // The body of an arrow function is a block in the tree, and here its value begins with a brace.
                let open = self.at(start);
                self.roles.bodies.remove(&open);
            }
            ExprKind::Struct { .. } => {
                if let Some(open) = self.opener(end) {
                    self.roles.lists.insert(self.tokens[open].span.start);
                }
            }
            ExprKind::Call(call) => self.call(call),
            ExprKind::Pipe { call, .. } => self.call(call),
            ExprKind::Match(made) => {
                let Some(open) = self.opener(end) else { return };
                let mut starts: Vec<u32> = made.cases.iter().map(|it| it.span.start).collect();
                for &start in &starts {
                    let word = self.at(start);
                    self.roles.words.insert(word);
                }
                if made.default.is_some() {
                    starts.extend(self.default_start(open, &made.cases));
                    starts.sort_unstable();
                }
                self.roles.bodies.insert(open, (Body::Cases, starts));
            }
            _ => {}
        }
    }

    fn call(&mut self, call: &Call) {
        if !call.args_span.is_empty() {
            self.roles.lists.insert(call.args_span.start);
        }
    }

    /// Where `default` stands in the match whose brace is the token `open`.
    fn default_start(&self, open: usize, cases: &[crate::ast::MatchCase]) -> Option<u32> {
        let mut at = open + 1;
        let mut cases = cases.iter().peekable();
        while let Some(token) = self.tokens.get(at) {
            if let Some(case) = cases.peek()
                && case.span.start <= token.span.start
            {
                at = self.at(case.span.end);
                cases.next();
            } else if &self.text[token.span.range()] == "default" {
                return Some(token.span.start);
            } else {
                at += 1;
            }
        }
        None
    }
}
