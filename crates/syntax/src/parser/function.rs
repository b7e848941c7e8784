//! Function literals, parameters, and the bodies of both.

use remora_diagnostics::{Code, Diagnostic, Span};

use super::{Parse, Parser};
use crate::ast::{
    Block, ExprKind, FuncExpr, FuncKind, Param, ParamKind, Pattern, PatternKind, Stmt, StmtKind,
    TypeExpr,
};
use crate::token::TokenKind;

/// Whose parameters are being parsed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// A method of a struct: the first may be `self` or `mut self`.
    Struct,
    /// Any other function.
    None,
}

impl Parser<'_> {
    /// True when the bracket at `idx` holds the parameters of `(…) => e`.
    pub(super) fn is_arrow(&self, idx: usize) -> bool {
        !self.context.condition
            && self.after_pair(idx).is_some_and(|it| {
                it.kind == TokenKind::FatArrow && !(self.context.lines && it.after_newline)
            })
    }

    /// `x => e`, `(a, b = 1, ...r) => e`
    #[inline(never)]
    pub(super) fn arrow_func(&mut self) -> Parse {
        let start = self.token().span.start;
        let mark = self.mark();
        let mut func = new_func(FuncKind::Plain, true);
        if self.at(TokenKind::LParen) {
            self.params(Owner::None, &mut func.params)?;
        } else {
            self.lone_param(&mut func.params);
        }
        self.expect(TokenKind::FatArrow, "and the value of the function")?;
        if self.at(TokenKind::LBrace) && !self.looks_like_dict(self.pos) {
            self.arrow_block();
            func.body = self.block()?;
        } else {
            self.expr()?;
            func.body = self.returned();
        }
        let span = self.span_from(start);
        self.push_node(mark, span, |_| ExprKind::Func(func))
    }

    #[inline(never)]
    fn lone_param(&mut self, params: &mut Vec<Param>) {
        let span = self.bump().span;
        let pattern = Pattern { kind: self.bind_kind(span), span };
        params.push(Param { pattern, ty: None, kind: ParamKind::Required });
    }

    /// `_` or a name, as a pattern.
    pub(super) fn bind_kind(&self, span: Span) -> PatternKind {
        match self.slice(span) {
            "_" => PatternKind::Wildcard,
            _ => PatternKind::Bind(self.ident(span)),
        }
    }

    #[cold]
    #[inline(never)]
    fn arrow_block(&mut self) {
        let label = "after `=>` stands one expression, and a brace there begins a dict";
        let error = Diagnostic::error(Code::E0009).label(self.token().span, label);
        self.note(error.help("write `func(…) { … }` for a function with statements"));
    }

    /// The expression on the stack as the body of a function.
    #[inline(never)]
    fn returned(&mut self) -> Block {
        let span = self.top_outer();
        let value = self.take();
        Block { stmts: vec![Stmt { kind: StmtKind::Return(Some(value)), span }], span }
    }

    /// `func(…) { … }`, `func*(…) { … }`, `async func(…) { … }`
    #[inline(never)]
    pub(super) fn func_expr(&mut self) -> Parse {
        let start = self.token().span.start;
        let kind = self.func_kind();
        let mark = self.mark();
        let mut func = new_func(kind, false);
        if self.at(TokenKind::Name) {
            let label = "a function in an expression has no name";
            let help = "declare it as a statement of its own, or leave the name out";
            return Err(self.refuse(Code::E0009, self.token().span, label, help));
        }
        self.params(Owner::None, &mut func.params)?;
        self.result(&mut func.result)?;
        func.body = self.block()?;
        let span = self.span_from(start);
        self.push_node(mark, span, |_| ExprKind::Func(func))
    }

    /// Takes `func`, `func*` or `async func`.
    pub(super) fn func_kind(&mut self) -> FuncKind {
        let is_async = self.eat_word("async");
        self.bump();
        if self.eat(TokenKind::Star) {
            FuncKind::Generator
        } else if is_async {
            FuncKind::Async
        } else {
            FuncKind::Plain
        }
    }

    /// `-> type` after the parameters, if it is there.
    #[inline(never)]
    pub(super) fn result(&mut self, result: &mut Option<TypeExpr>) -> Parse {
        if self.eat(TokenKind::Arrow) {
            *result = Some(*self.boxed_ty()?);
        }
        Ok(())
    }

    /// Parses parameters in their parentheses into `params`. Gives `self` of a method: whether it is `mut self`.
    pub(super) fn params(&mut self, owner: Owner, params: &mut Vec<Param>) -> Parse<Option<bool>> {
        let open = self.pos;
        if !self.at(TokenKind::LParen) {
            return Err(self.expected("`(` and parameters"));
        }
        let context = self.inside_brackets();
        self.bump();
        let mut self_param = None;
        while !self.at(TokenKind::RParen) {
            let mutable = self.at(TokenKind::Mut) && self.nth(1).kind == TokenKind::SelfWord;
            if mutable || self.at(TokenKind::SelfWord) {
                let first = params.is_empty() && self_param.is_none();
                self.self_param(mutable, owner, first);
                self_param = Some(mutable);
            } else {
                self.param(params)?;
            }
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.context = context;
        self.close(open, TokenKind::RParen, "`,` or ")?;
        Ok(self_param)
    }

    fn self_param(&mut self, mutable: bool, owner: Owner, first: bool) {
        if mutable {
            self.bump();
        }
        let span = self.bump().span;
        if owner == Owner::None {
            let label = "only a function in a struct has a `self`";
            self.complain(Code::E0119, span, label);
        } else if !first {
            let label = "`self` comes first";
            self.complain(Code::E0009, span, label);
        }
    }

    fn param(&mut self, params: &mut Vec<Param>) -> Parse {
        let variadic = self.eat(TokenKind::Ellipsis);
        self.param_head(params, variadic)?;
        if !variadic && matches!(self.kind(), TokenKind::Eq | TokenKind::Assign) {
            self.bump();
            self.expr()?;
            self.param_default(params);
        }
        Ok(())
    }

    #[inline(never)]
    fn param_head(&mut self, params: &mut Vec<Param>, variadic: bool) -> Parse {
        if variadic && !self.at(TokenKind::Name) {
            return Err(self.expected("a name for the rest"));
        }
        if self.at(TokenKind::And) {
            let help = "write `self`, which is a copy, or `mut self`";
            let label = "expected a parameter, found `&`";
            return Err(self.refuse(Code::E0009, self.token().span, label, help));
        }
        self.binding_pattern("a parameter")?;
        let ty = self.annotation()?.map(|it| *it);
        let kind = if variadic { ParamKind::Variadic } else { ParamKind::Required };
        let pattern = self.take_pattern();
        params.push(Param { pattern, ty, kind });
        Ok(())
    }

    #[inline(never)]
    fn param_default(&mut self, params: &mut [Param]) {
        let value = self.take();
        if let Some(param) = params.last_mut() {
            param.kind = ParamKind::Default(value);
        }
    }
}

#[inline(never)]
fn new_func(kind: FuncKind, arrow: bool) -> Box<FuncExpr> {
    Box::new(FuncExpr { kind, params: Vec::new(), result: None, body: Block::default(), arrow })
}
