//! Statements: where they begin and end, bindings, assignments, jumps.
//!
//! A newline or `;` ends a statement. On one line another may follow as soon as the one before cannot go on
//! (`{ c := c + 1 return c }`), except after a lone name, which is a slip of the pen.

use remora_diagnostics::{Code, Diagnostic, Span, closest};

use super::habits::Foreign;
use super::{Parse, Parser, Stop};
use crate::ast::{AssignOp, BindMode, Expr, ExprKind, Stmt, StmtKind, TypeExpr};
use crate::token::TokenKind;

impl Parser<'_> {
    /// Parses statements up to the `}` of the block opened at the token `open`, or else to the end of the text.
    pub(super) fn statements(&mut self, open: Option<usize>) {
        use TokenKind as T;
        loop {
            match self.kind() {
                T::Semicolon => {
                    self.bump();
                    continue;
                }
                T::Eof => return,
                T::RBrace if open.is_some() => return,
                T::RBrace | T::RParen | T::RBracket => {
                    self.unmatched();
                    continue;
                }
                _ => {}
            }
            let first = self.pos;
            let checkpoint = self.checkpoint();
            let parsed = self.statement();
            if parsed.is_err() || self.end_of_stmt(first).is_err() {
                self.restore(&checkpoint);
                self.recover_stmt(first);
            }
        }
    }

    /// Puts a statement on the stack that `make` builds, which began at `start` and ends with the last token taken.
    #[inline(never)]
    pub(super) fn push_stmt(&mut self, start: u32, make: impl FnOnce(&mut Self) -> StmtKind) {
        let kind = make(self);
        self.put_stmt(start, kind);
    }

    /// What is the same for all kinds of statements stands here once.
    #[inline(never)]
    fn put_stmt(&mut self, start: u32, kind: StmtKind) {
        let span = self.span_from(start);
        self.stmts.push(Stmt { kind, span });
    }

    /// Parses one statement and leaves it on the stack.
    pub(super) fn statement(&mut self) -> Parse {
        use TokenKind as T;
        let start = self.token().span.start;
        match self.kind() {
            T::Let => self.bind(BindMode::Let),
            T::Const => self.bind(BindMode::Const),
            T::Mut => self.bind(BindMode::Mut),
            T::Func if matches!(self.nth(1).kind, T::Name | T::Star) => self.func_stmt(),
            T::Struct => self.struct_decl(),
            T::Enum => self.enum_decl(),
            T::While => self.while_stmt(start, None),
            T::Loop => self.loop_stmt(start, None),
            T::For => self.for_stmt(start, None),
            T::If => self.block_like(Parser::if_expr),
            T::Match => self.block_like(Parser::match_expr),
            T::Break | T::Continue => self.jump(),
            T::Return => self.return_stmt(),
            T::Try => self.try_stmt(),
            T::Import => self.import(),
            T::Export => self.export(),
            T::LBrace if !self.is_pattern_assign() => self.block_stmt(),
            T::LBrace | T::LBracket if self.is_pattern_assign() => self.assign_pattern(),
            T::Name => self.name_stmt(),
            T::Minus if self.is_dash_comment() => Err(self.dash_comment()),
            _ => self.expr_stmt(),
        }
    }

    /// Checks that the statement which began at the token `first` ends here.
    fn end_of_stmt(&mut self, first: usize) -> Parse {
        use TokenKind as T;
        let token = self.token();
        if token.after_newline || matches!(token.kind, T::Semicolon | T::RBrace | T::Eof) {
            return if token.after_newline
                && token.kind.class() == crate::token::TokenClass::Operator
            {
                self.operator_at_line_start()
            } else {
                Ok(())
            };
        }
        let lone_name = self.pos == first + 1 && self.at_index(first).kind == T::Name;
        if token.kind.starts_stmt() && !lone_name {
            return Ok(());
        }
        Err(self.no_end_of_stmt(first, lone_name))
    }

    /// At an operator at the start of a line. `-x` and `!x` are statements, useless but fine.
    #[cold]
    #[inline(never)]
    fn operator_at_line_start(&mut self) -> Parse {
        use TokenKind as T;
        let is_statement = matches!(self.kind(), T::Minus | T::Bang) && !self.is_dash_comment();
        if is_statement || self.halted {
            return Ok(());
        }
        if self.at(T::Plus) && self.is_glued(T::Plus) {
            return Err(self.increment());
        }
        if self.is_dash_comment() {
            return Err(self.dash_comment());
        }
        let label =
            "a line cannot begin with this operator: the newline ended the statement before it";
        let help = "put the operator at the end of the line before";
        Err(self.refuse(Code::E0009, self.token().span, label, help))
    }

    #[cold]
    #[inline(never)]
    fn no_end_of_stmt(&mut self, first: usize, lone_name: bool) -> Stop {
        let found = self.found();
        let token = self.token();
        let mut error = Diagnostic::error(Code::E0009)
            .label(token.span, format!("expected the end of the statement, found {found}"));
        if token.kind == TokenKind::Comma {
            error = error.help("several values are taken apart with `[a, b] := [1, 2]`");
        }
        if lone_name {
            let name = self.slice(self.at_index(first).span);
            if let Some(word) = closest(name, KEYWORDS.iter().copied()) {
                error = error.help(format!("did you mean `{word}`?"));
            } else if let Some(help) = self.lone_name_help(name) {
                error = error.help(help);
            }
        }
        self.report(error)
    }

    /// `let p: type := e`, `const …`, `mut …`
    #[inline(never)]
    fn bind(&mut self, mode: BindMode) -> Parse {
        let start = self.bump().span.start;
        if self.at(TokenKind::Mut) {
            self.foreign_mut();
        }
        self.binding_pattern("a name or pattern")?;
        let ty = self.annotation()?;
        if !matches!(self.kind(), TokenKind::Assign | TokenKind::Eq) {
            return Err(self.no_value(start));
        }
        self.bump();
        self.expr()?;
        self.no_chain()?;
        self.push_bind(start, mode, ty);
        Ok(())
    }

    #[inline(never)]
    fn push_bind(&mut self, start: u32, mode: BindMode, ty: Option<Box<TypeExpr>>) {
        self.push_stmt(start, |it| {
            let (pattern, value) = (it.take_pattern(), it.take());
            StmtKind::Bind { mode, pattern, ty: ty.map(|ty| *ty), value }
        });
    }

    #[cold]
    #[inline(never)]
    fn no_value(&mut self, start: u32) -> Stop {
        if !self.stmt_ends() {
            return self.expected("`:=`");
        }
        let help = "write `:= null` if there is none yet";
        self.refuse(Code::E0016, self.span_from(start), "this has no value", help)
    }

    /// Refuses `a := b := c`.
    fn no_chain(&mut self) -> Parse {
        if !self.kind().is_assign() || self.line_ends() {
            return Ok(());
        }
        let label = "an assignment gives no value that could be assigned";
        Err(self.refuse(Code::E0011, self.token().span, label, "write two statements"))
    }

    /// At a name: a label, a contextual word, `x: type := e`, or any expression.
    #[inline(never)]
    fn name_stmt(&mut self) -> Parse {
        use TokenKind as T;
        let next = self.nth(1);
        match next.kind {
            T::Colon => self.label_or_typed(),
            T::Func if self.at_word("async") && self.nth(2).kind != T::LParen => self.func_stmt(),
            T::Str if self.is_test() => self.test(),
            T::LBrace if self.is_test_step() => self.test(),
            T::Name if self.at_word("from") && !next.after_newline && self.is_from_import() => {
                self.import()
            }
            kind if kind.starts_expr() && !next.after_newline => match self.foreign_start() {
                Some(foreign) => self.foreign_stmt(foreign),
                None => self.expr_stmt(),
            },
            _ => self.expr_stmt(),
        }
    }

    /// At a word that begins a statement in another language: reports it and goes on as if it were ours.
    #[cold]
    #[inline(never)]
    fn foreign_stmt(&mut self, foreign: Foreign) -> Parse {
        let start = self.token().span.start;
        match self.report_foreign(foreign)? {
            TokenKind::Func => self.func_stmt(),
            TokenKind::Mut => self.bind(BindMode::Mut),
            TokenKind::Let => self.bind(BindMode::Let),
            TokenKind::Struct => self.struct_decl(),
            TokenKind::For => self.for_stmt(start, None),
            TokenKind::Match => self.block_like(Parser::match_expr),
            _ => self.import(),
        }
    }

    /// `outer: for …` or `x: type := e`
    #[inline(never)]
    fn label_or_typed(&mut self) -> Parse {
        let span = self.bump().span;
        let start = span.start;
        self.bump();
        match self.kind() {
            TokenKind::While => self.while_stmt(start, Some(span)),
            TokenKind::Loop => self.loop_stmt(start, Some(span)),
            TokenKind::For => self.for_stmt(start, Some(span)),
            _ => self.typed_assign(span),
        }
    }

    #[inline(never)]
    fn typed_assign(&mut self, name: Span) -> Parse {
        let ty = self.boxed_ty()?;
        if !matches!(self.kind(), TokenKind::Assign | TokenKind::Eq) {
            return Err(self.expected("`:=`"));
        }
        self.bump();
        self.expr()?;
        self.no_chain()?;
        self.push_stmt(name.start, |it| {
            let place = Expr { kind: ExprKind::Name(it.slice(name).into()), span: name };
            StmtKind::Assign { place, op: AssignOp::Set, ty: Some(*ty), value: it.take() }
        });
        Ok(())
    }

    /// An expression, or an assignment to one.
    #[inline(never)]
    fn expr_stmt(&mut self) -> Parse {
        let start = self.token().span.start;
        self.expr()?;
        self.expr_or_assign(start)
    }

    fn expr_or_assign(&mut self, start: u32) -> Parse {
        if self.kind().is_assign() && !self.line_ends() {
            return self.assign(start);
        }
        self.push_stmt(start, |it| StmtKind::Expr(it.take()));
        Ok(())
    }

    #[inline(never)]
    fn assign(&mut self, start: u32) -> Parse {
        let op = match self.bump().kind {
            TokenKind::PlusEq => AssignOp::Add,
            TokenKind::MinusEq => AssignOp::Sub,
            TokenKind::StarEq => AssignOp::Mul,
            TokenKind::SlashEq => AssignOp::Div,
            TokenKind::PercentEq => AssignOp::Mod,
            _ => AssignOp::Set,
        };
        self.check_place();
        self.expr()?;
        self.no_chain()?;
        self.push_stmt(start, |it| {
            let value = it.take();
            StmtKind::Assign { place: it.take(), op, ty: None, value }
        });
        Ok(())
    }

    /// Refuses what cannot be assigned to: the expression on top of the stack.
    #[inline(never)]
    fn check_place(&mut self) {
        if let Some(node) = self.operands.last()
            && let Some(error) = not_a_place(&node.expr)
        {
            self.note(error);
        }
    }

    /// `if` and `match` at the start of a statement end with their brace, unless a `.`, `?` or `|>` follows.
    #[inline(never)]
    fn block_like(&mut self, parse: fn(&mut Self) -> Parse) -> Parse {
        use TokenKind as T;
        let start = self.token().span.start;
        self.enter()?;
        parse(self)?;
        self.leave();
        let goes_on = match self.kind() {
            T::Dot | T::QuestionDot | T::PipeGt => true,
            T::Question => !self.token().after_newline,
            _ => false,
        };
        if goes_on {
            self.expr_goes_on()?;
            return self.expr_or_assign(start);
        }
        self.push_stmt(start, |it| StmtKind::Expr(it.take()));
        Ok(())
    }

    #[inline(never)]
    fn block_stmt(&mut self) -> Parse {
        let start = self.token().span.start;
        let block = self.block()?;
        self.push_stmt(start, |_| StmtKind::Block(block));
        Ok(())
    }

    /// At `[` or `{`: true when an assignment sign follows the closing bracket.
    fn is_pattern_assign(&self) -> bool {
        self.after_pair(self.pos).is_some_and(|it| {
            !it.after_newline && matches!(it.kind, TokenKind::Assign | TokenKind::Eq)
        })
    }

    /// `[a, b] := e`, `{x, y} := e`
    #[inline(never)]
    fn assign_pattern(&mut self) -> Parse {
        let start = self.token().span.start;
        self.binding_pattern("a pattern")?;
        self.bump();
        self.expr()?;
        self.no_chain()?;
        self.push_stmt(start, |it| {
            let (pattern, value) = (it.take_pattern(), it.take());
            StmtKind::AssignPattern { pattern, value }
        });
        Ok(())
    }

    /// `break`, `continue`, with a label on the same line or not.
    #[inline(never)]
    fn jump(&mut self) -> Parse {
        let word = self.bump();
        let has_label = self.at(TokenKind::Name) && !self.token().after_newline;
        let label = if has_label { Some(self.name("a label")?) } else { None };
        self.push_stmt(word.span.start, |_| match word.kind {
            TokenKind::Break => StmtKind::Break(label),
            _ => StmtKind::Continue(label),
        });
        Ok(())
    }

    /// `return`, with a value that begins on the same line or not.
    #[inline(never)]
    fn return_stmt(&mut self) -> Parse {
        let start = self.bump().span.start;
        let has_value = !self.stmt_ends();
        if has_value {
            self.expr()?;
        }
        self.push_stmt(start, |it| StmtKind::Return(has_value.then(|| it.take())));
        Ok(())
    }
}

/// Says why `expr` cannot be assigned to, if it cannot.
fn not_a_place(expr: &Expr) -> Option<Diagnostic> {
    let mut at = expr;
    let mut inside = false;
    loop {
        at = match &at.kind {
            ExprKind::Name(_) | ExprKind::Error => return None,
            ExprKind::SelfValue if inside => return None,
            ExprKind::Field { object, optional: false, .. } | ExprKind::Index { object, .. } => {
                object
            }
            _ => break,
        };
        inside = true;
    }
    let error = Diagnostic::error(Code::E0012);
    Some(match &at.kind {
        ExprKind::SelfValue => {
            error.label(at.span, "`self` as a whole stays what it is").help("assign to its fields")
        }
        ExprKind::Field { optional: true, .. } => {
            error.label(at.span, "there may be nothing here to assign to")
        }
        ExprKind::Call(_) if inside => error
            .label(at.span, "this gives a copy, which would be lost")
            .help("bind it to a name, change that, and store it back"),
        _ => error.label(at.span, "this is a value, not a place that can be assigned"),
    })
}

/// Words that begin statements, for "did you mean".
const KEYWORDS: &[&str] = &[
    "let", "const", "mut", "func", "struct", "enum", "if", "else", "match", "while", "loop", "for",
    "break", "continue", "return", "try", "import", "export", "test", "spawn", "async", "await",
    "yield",
];
