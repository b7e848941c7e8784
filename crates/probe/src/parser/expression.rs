//! Expressions, by precedence: `||`, `&&`, equality, order, sums, products, prefixes, accesses.

use std::sync::Arc;

use remora_bytecode::{CompareKind, scalar::Arithmetic};
use remora_diagnostics::{Code, Diagnostic, Span, closest};
use remora_syntax::{Token, TokenKind, float_value, int_magnitude, unescape};

use super::wanted::SIGNS;
use super::{MAX_HEIGHT, Parsed, Parser, Reported, is_word};
use crate::expr::{Argument, Expr, ExprKind};
use crate::functions::{Function, ROWS};

/// An operator with a left and a right side.
#[derive(Clone, Copy)]
enum Binary {
    Or,
    And,
    Compare(CompareKind),
    Arithmetic(Arithmetic),
}

/// How strongly an operator binds, from 1; `None` if it is none.
const fn binary(kind: TokenKind) -> Option<(u8, Binary)> {
    Some(match kind {
        TokenKind::OrOr => (1, Binary::Or),
        TokenKind::AndAnd => (2, Binary::And),
        TokenKind::EqEq => (3, Binary::Compare(CompareKind::Eq)),
        TokenKind::BangEq => (3, Binary::Compare(CompareKind::Ne)),
        TokenKind::Lt => (4, Binary::Compare(CompareKind::Lt)),
        TokenKind::LtEq => (4, Binary::Compare(CompareKind::Le)),
        TokenKind::Gt => (4, Binary::Compare(CompareKind::Gt)),
        TokenKind::GtEq => (4, Binary::Compare(CompareKind::Ge)),
        TokenKind::Plus => (5, Binary::Arithmetic(Arithmetic::Add)),
        TokenKind::Minus => (5, Binary::Arithmetic(Arithmetic::Sub)),
        TokenKind::Star => (6, Binary::Arithmetic(Arithmetic::Mul)),
        TokenKind::Slash => (6, Binary::Arithmetic(Arithmetic::Div)),
        TokenKind::Percent => (6, Binary::Arithmetic(Arithmetic::Mod)),
        _ => return None,
    })
}

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        self.binary(1)
    }

    fn binary(&mut self, least: u8) -> Parsed<Expr> {
        self.depth += 1;
        if self.depth > MAX_HEIGHT {
            self.depth -= 1;
            return Err(self.too_deep(self.peek().span));
        }
        let parsed = self.binary_chain(least);
        self.depth -= 1;
        parsed
    }

    fn binary_chain(&mut self, least: u8) -> Parsed<Expr> {
        let mut left = self.prefix()?;
        loop {
            let kind = self.kind();
            let Some((power, op)) = binary(kind).filter(|it| it.0 >= least) else {
                return Ok(left);
            };
            let ends_predicate = self.in_predicate
                && kind == TokenKind::Slash
                && self.next_kind() == TokenKind::LBrace;
            if ends_predicate {
                return Ok(left);
            }
            self.at += 1;
            let right = self.binary(power + 1)?;
            let (height, span) = (left.height.max(right.height), left.span.to(right.span));
            let (left_side, right_side) = (Box::new(left), Box::new(right));
            let kind = match op {
                Binary::Or => ExprKind::Or(left_side, right_side),
                Binary::And => ExprKind::And(left_side, right_side),
                Binary::Compare(kind) => ExprKind::Compare(kind, left_side, right_side),
                Binary::Arithmetic(op) => ExprKind::Arithmetic(op, left_side, right_side),
            };
            left = self.made(kind, span, height)?;
        }
    }

    fn made(&mut self, kind: ExprKind, span: Span, height: u32) -> Parsed<Expr> {
        if height >= MAX_HEIGHT {
            return Err(self.too_deep(span));
        }
        Ok(Expr { kind, span, height: height + 1 })
    }

    fn too_deep(&mut self, span: Span) -> Reported {
        let label = format!("more than {MAX_HEIGHT} operators inside one another");
        self.error(Code::E0008, span, label);
        Reported
    }

    fn prefix(&mut self) -> Parsed<Expr> {
        let start = self.peek();
        if !matches!(start.kind, TokenKind::Bang | TokenKind::Minus) {
            return self.postfix();
        }
        self.at += 1;
        if start.kind == TokenKind::Minus
            && let Some(number) = self.negative(start.span)
        {
            return Ok(number);
        }
        self.depth += 1;
        let inner =
            if self.depth > MAX_HEIGHT { Err(self.too_deep(start.span)) } else { self.prefix() };
        self.depth -= 1;
        let inner = inner?;
        let (height, span) = (inner.height, start.span.to(inner.span));
        let inner = Box::new(inner);
        let kind = match start.kind {
            TokenKind::Bang => ExprKind::Not(inner),
            _ => ExprKind::Negate(inner),
        };
        self.made(kind, span, height)
    }

    /// A number after `-`, as one constant: the least int has no magnitude of its own.
    fn negative(&mut self, minus: Span) -> Option<Expr> {
        let it = self.peek();
        let text = self.slice(it.span);
        let kind = match it.kind {
            TokenKind::Int => {
                let magnitude = int_magnitude(text).filter(|it| *it <= 1 << 63)?;
                ExprKind::Int((magnitude as i64).wrapping_neg())
            }
            TokenKind::Float => ExprKind::Float(-float_value(text)?),
            _ => return None,
        };
        self.at += 1;
        Some(Expr { kind, span: minus.to(it.span), height: 1 })
    }

    fn postfix(&mut self) -> Parsed<Expr> {
        let mut object = self.primary()?;
        loop {
            let (start, height) = (object.span, object.height);
            let kind = match self.kind() {
                TokenKind::Dot => {
                    self.at += 1;
                    let word = self.peek();
                    if !self.names(word) {
                        self.unexpected("the name of an attribute follows `.`");
                        return Err(Reported);
                    }
                    self.at += 1;
                    ExprKind::Attribute(Box::new(object), self.slice(word.span).into())
                }
                TokenKind::LBracket => {
                    self.at += 1;
                    self.index(object)?
                }
                _ => return Ok(object),
            };
            object = self.made(kind, start.to(self.previous()), height)?;
        }
    }

    /// `[key]`, `[a:b]`
    fn index(&mut self, object: Expr) -> Parsed<ExprKind> {
        let object = Box::new(object);
        let mut low = None;
        if self.kind() != TokenKind::Colon {
            low = Some(Box::new(self.expression()?));
        }
        if !self.eat(TokenKind::Colon) {
            self.expect(TokenKind::RBracket, "`]` ends the index")?;
            let Some(key) = low else { return Err(Reported) };
            return Ok(ExprKind::Item(object, key));
        }
        let mut high = None;
        if self.kind() != TokenKind::RBracket {
            high = Some(Box::new(self.expression()?));
        }
        self.expect(TokenKind::RBracket, "`]` ends the slice")?;
        Ok(ExprKind::Slice(object, low, high))
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let it = self.peek();
        let text = self.slice(it.span);
        let kind = match it.kind {
            TokenKind::Int | TokenKind::Float if text.contains(SIGNS) => {
                self.unexpected("numbers have no `$` or `@` in them");
                return Err(Reported);
            }
            TokenKind::Int => match int_magnitude(text).and_then(|it| i64::try_from(it).ok()) {
                Some(value) => ExprKind::Int(value),
                None => return Err(self.out_of_range(it, "this int does not fit in 64 bits")),
            },
            TokenKind::Float => match float_value(text) {
                Some(value) => ExprKind::Float(value),
                None => return Err(self.out_of_range(it, "this float is too large")),
            },
            TokenKind::Str => {
                let raw = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
                ExprKind::Text(Arc::from(unescape(raw)))
            }
            TokenKind::LParen => {
                self.at += 1;
                let outer = std::mem::replace(&mut self.in_predicate, false);
                let inner = self.expression();
                self.in_predicate = outer;
                let mut inner = inner?;
                self.expect(TokenKind::RParen, "`)` ends the group")?;
                inner.span = it.span.to(self.previous());
                return Ok(inner);
            }
            kind if is_word(kind) && text.starts_with('$') => return Ok(self.request(it.span)),
            _ if text.contains(SIGNS) => {
                self.unexpected("names have no `$` or `@` in them");
                return Err(Reported);
            }
            kind if is_word(kind) => match text {
                "None" | "null" => ExprKind::None,
                "True" | "true" => ExprKind::Bool(true),
                "False" | "false" => ExprKind::Bool(false),
                _ if self.next_kind() == TokenKind::LParen => return self.call(it),
                _ => ExprKind::Name(text.into()),
            },
            TokenKind::BadNumber => {
                self.error(Code::E0005, it.span, "this is no number");
                ExprKind::Wrong
            }
            _ => {
                self.unexpected("an expression stands here");
                return Err(Reported);
            }
        };
        self.at += 1;
        Ok(Expr { kind, span: it.span, height: 1 })
    }

    fn out_of_range(&mut self, it: Token, label: &str) -> Reported {
        self.error(Code::E0006, it.span, label);
        Reported
    }

    /// `$req` and `$request`
    fn request(&mut self, span: Span) -> Expr {
        self.at += 1;
        let name = self.slice(span);
        if matches!(name, "$req" | "$request") {
            return Expr { kind: ExprKind::Request, span, height: 1 };
        }
        self.sink.push(
            Diagnostic::error(Code::P0005)
                .label(span, format!("there is no `{name}`"))
                .help("variables of a request are `$req.name`; arguments have no `$`"),
        );
        Expr { kind: ExprKind::Wrong, span, height: 1 }
    }

    fn call(&mut self, word: Token) -> Parsed<Expr> {
        let name = self.slice(word.span);
        self.at += 2;
        let outer = std::mem::replace(&mut self.in_predicate, false);
        let arguments = self.arguments();
        self.in_predicate = outer;
        let arguments = arguments?;
        let span = word.span.to(self.previous());
        let Some(row) = ROWS.iter().find(|it| it.name == name) else {
            self.unknown_function(word.span, name);
            return Ok(Expr { kind: ExprKind::Wrong, span, height: 1 });
        };
        let mut function = row.function;
        let n_named = arguments.iter().filter(|it| it.name.is_some()).count();
        let mut most = row.most;
        if n_named > 0 && function == Function::Capture {
            function = Function::CaptureNamed;
            most = row.most / 2;
        }
        if n_named > 0 && (function != Function::CaptureNamed || n_named != arguments.len()) {
            let label = match function {
                Function::CaptureNamed => "either all values have names or none",
                _ => "only `capture` takes named values",
            };
            self.error(Code::P0006, span, label);
        } else if !(row.least..=most).contains(&arguments.len()) {
            let takes = match (row.least, row.most) {
                (1, 1) => "1 argument".to_owned(),
                (least, same) if least == same => format!("{least} arguments"),
                (least, _) => format!("{least} to {most} arguments"),
            };
            let label = format!("`{name}` takes {takes}, {} given", arguments.len());
            self.error(Code::P0006, span, label);
        }
        let height = arguments.iter().map(|it| it.value.height).max().unwrap_or(0);
        self.made(ExprKind::Call(function, arguments), span, height)
    }

    fn arguments(&mut self) -> Parsed<Vec<Argument>> {
        let mut arguments = Vec::new();
        while self.kind() != TokenKind::RParen {
            let word = self.peek();
            let mut name = None;
            if self.names(word) && self.next_kind() == TokenKind::Eq {
                name = Some(self.slice(word.span).into());
                self.at += 2;
            }
            arguments.push(Argument { name, value: self.expression()? });
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.expect(TokenKind::RParen, "`)` ends the arguments")?;
        Ok(arguments)
    }

    fn unknown_function(&mut self, span: Span, name: &str) {
        let error =
            Diagnostic::error(Code::P0004).label(span, format!("there is no function `{name}`"));
        let error = match closest(name, ROWS.iter().map(|it| it.name)) {
            Some(near) => error.help(format!("did you mean `{near}`?")).edit(span, near),
            None => error.help("a probe calls only the functions of its language, such as `len`"),
        };
        self.sink.push(error);
    }
}
