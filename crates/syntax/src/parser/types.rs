//! Type annotations: `int`, `string?`, `int[]`, `[int]`, `Result<int, string>`, `func(int) -> bool`, `int | string`.
//!
//! Like expressions they wait on a stack of their own, `types`, so that nested ones cost little native stack.

use remora_diagnostics::Span;

use super::{Parse, Parser, cut};
use crate::ast::{TypeExpr, TypeKind};
use crate::token::TokenKind;

impl Parser<'_> {
    /// Parses a type and takes it.
    #[inline(never)]
    pub(super) fn boxed_ty(&mut self) -> Parse<Box<TypeExpr>> {
        self.ty()?;
        Ok(Box::new(self.take_ty()))
    }

    /// Parses `: type`, if it is there, and takes it.
    #[inline(never)]
    pub(super) fn annotation(&mut self) -> Parse<Option<Box<TypeExpr>>> {
        if self.eat(TokenKind::Colon) {
            return self.boxed_ty().map(Some);
        }
        Ok(None)
    }

    fn take_ty(&mut self) -> TypeExpr {
        self.types.pop().unwrap_or_else(|| {
            debug_assert!(false, "every type is taken once");
            let kind = TypeKind::Union(Vec::new());
            TypeExpr { kind, span: Span::at(self.last_end()) }
        })
    }

    #[inline(never)]
    fn push_ty(&mut self, start: u32, make: impl FnOnce(&mut Self) -> TypeKind) {
        let kind = make(self);
        let span = self.span_from(start);
        self.types.push(TypeExpr { kind, span });
    }

    /// Parses a type and leaves it on the stack.
    fn ty(&mut self) -> Parse {
        self.enter()?;
        let start = self.token().span.start;
        let mark = self.mark();
        let base = self.types.len();
        self.suffixed_ty()?;
        while self.eat(TokenKind::Pipe) {
            self.suffixed_ty()?;
        }
        if self.types.len() > base + 1 {
            self.push_ty(start, |it| TypeKind::Union(cut(&mut it.types, base)));
        }
        let height = self.grown(mark)?;
        self.count_height(height);
        self.leave();
        Ok(())
    }

    /// A type with the `?` and `[]` after it.
    fn suffixed_ty(&mut self) -> Parse {
        let start = self.token().span.start;
        let mark = self.mark();
        self.base_ty(start)?;
        while !self.line_ends() {
            if self.at(TokenKind::LBracket) && self.nth(1).kind == TokenKind::RBracket {
                self.bump();
                self.bump();
                self.push_ty(start, |it| TypeKind::Array(Box::new(it.take_ty())));
            } else if self.eat(TokenKind::Question) {
                self.push_ty(start, |it| TypeKind::Optional(Box::new(it.take_ty())));
            } else {
                break;
            }
            let height = self.grown(0)?;
            self.count_height(height);
        }
        self.count_height(mark);
        Ok(())
    }

    fn base_ty(&mut self, start: u32) -> Parse {
        match self.kind() {
            TokenKind::LBracket => self.array_ty(start),
            TokenKind::Func => self.func_ty(start),
            TokenKind::LParen => self.grouped_ty(),
            TokenKind::Name | TokenKind::Null => self.named_ty(start),
            _ => Err(self.expected("a type")),
        }
    }

    #[inline(never)]
    fn named_ty(&mut self, start: u32) -> Parse {
        let name = self.bump().span;
        let base = self.types.len();
        if self.at(TokenKind::Lt) {
            let context = self.inside_brackets();
            self.bump();
            self.ty_list(TokenKind::Gt)?;
            self.context = context;
            self.expect(TokenKind::Gt, "after the types")?;
        }
        self.push_ty(start, |it| TypeKind::Named {
            args: cut(&mut it.types, base),
            name: it.slice(name).into(),
        });
        Ok(())
    }

    #[inline(never)]
    fn array_ty(&mut self, start: u32) -> Parse {
        let open = self.pos;
        let context = self.inside_brackets();
        self.bump();
        self.ty()?;
        self.context = context;
        self.close(open, TokenKind::RBracket, "")?;
        self.push_ty(start, |it| TypeKind::Array(Box::new(it.take_ty())));
        Ok(())
    }

    #[inline(never)]
    fn grouped_ty(&mut self) -> Parse {
        let open = self.pos;
        let context = self.inside_brackets();
        self.bump();
        self.ty()?;
        self.context = context;
        self.close(open, TokenKind::RParen, "")?;
        Ok(())
    }

    #[inline(never)]
    fn func_ty(&mut self, start: u32) -> Parse {
        self.bump();
        let open = self.pos;
        let base = self.types.len();
        let context = self.inside_brackets();
        self.expect(TokenKind::LParen, "and the types of the parameters")?;
        self.ty_list(TokenKind::RParen)?;
        self.context = context;
        self.close(open, TokenKind::RParen, "`,` or ")?;
        let has_result = self.eat(TokenKind::Arrow);
        if has_result {
            self.ty()?;
        }
        self.push_ty(start, |it| {
            let result = has_result.then(|| Box::new(it.take_ty()));
            TypeKind::Func { params: cut(&mut it.types, base), result }
        });
        Ok(())
    }

    /// Types with commas between them, up to but not with `end`.
    fn ty_list(&mut self, end: TokenKind) -> Parse {
        while !self.at(end) {
            self.ty()?;
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        Ok(())
    }
}
