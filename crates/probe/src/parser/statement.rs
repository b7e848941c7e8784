//! Statements: calls, assignments to request variables, aggregates.

use std::sync::Arc;

use remora_diagnostics::{Code, Diagnostic, Span, closest};
use remora_syntax::TokenKind;

use super::wanted::SIGNS;
use super::{Parsed, Parser, Reported, is_word};
use crate::expr::{ExprKind, Statement};
use crate::functions::{Fold, Function, MAX_KEYS};

impl Parser<'_> {
    pub(super) fn statement(&mut self) -> Parsed<Statement> {
        if self.is_table() {
            let statement = self.fold()?;
            self.end_of_statement()?;
            return Ok(statement);
        }
        for function in [Function::Print, Function::Clear] {
            if self.is_word(function.import()) && self.next_kind() == TokenKind::LParen {
                let start = self.peek().span;
                self.at += 2;
                let (table, _) = self.table()?;
                self.expect(TokenKind::RParen, "`)` ends the arguments")?;
                let span = start.to(self.previous());
                self.end_of_statement()?;
                return Ok(Statement::Table { function, table, span });
            }
        }
        let target = self.expression()?;
        if matches!(self.kind(), TokenKind::Eq | TokenKind::Assign) {
            self.at += 1;
            let value = self.expression()?;
            self.end_of_statement()?;
            let span = target.span;
            return match target.kind {
                ExprKind::Attribute(object, name) if matches!(object.kind, ExprKind::Request) => {
                    Ok(Statement::SetRequest { name, value, span })
                }
                _ => {
                    self.sink.push(
                        Diagnostic::error(Code::P0010)
                            .label(span, "a probe changes nothing but request variables")
                            .help("write `$req.name = value`"),
                    );
                    Err(Reported)
                }
            };
        }
        self.end_of_statement()?;
        Ok(Statement::Expr(target))
    }

    /// `@calls[arg0, arg1] = count()`
    fn fold(&mut self) -> Parsed<Statement> {
        let (table, start) = self.table()?;
        let mut keys = Vec::new();
        if self.eat(TokenKind::LBracket) {
            while self.kind() != TokenKind::RBracket {
                keys.push(self.expression()?);
                if !self.eat(TokenKind::Comma) {
                    break;
                }
            }
            self.expect(TokenKind::RBracket, "`]` ends the keys")?;
        }
        if keys.len() > MAX_KEYS {
            let span = start.to(self.previous());
            self.error(Code::P0006, span, format!("an entry has at most {MAX_KEYS} keys"));
        }
        if !self.eat(TokenKind::Eq) && !self.eat(TokenKind::Assign) {
            self.unexpected("`=` and an aggregate, such as `count()`, follow the table");
            return Err(Reported);
        }
        let word = self.peek();
        let name = self.slice(word.span);
        let Some(fold) = Fold::from_name(name) else {
            return Err(self.wrong_fold(word.span));
        };
        self.at += 1;
        self.expect(TokenKind::LParen, "`(` begins the arguments")?;
        let mut arguments = Vec::new();
        while self.kind() != TokenKind::RParen {
            arguments.push(self.expression()?);
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.expect(TokenKind::RParen, "`)` ends the arguments")?;
        if arguments.len() != fold.n_arguments() {
            let (n, given) = (fold.n_arguments(), arguments.len());
            let s = if n == 1 { "" } else { "s" };
            let label = format!("`{name}` takes {n} argument{s}, {given} given");
            self.error(Code::P0006, word.span, label);
        }
        let span = start.to(self.previous());
        Ok(Statement::Fold { table, keys, fold, arguments, span })
    }

    fn wrong_fold(&mut self, span: Span) -> Reported {
        let name = self.slice(span);
        let error =
            Diagnostic::error(Code::P0004).label(span, format!("`{name}` aggregates nothing"));
        let error = match closest(name, Fold::ALL.iter().map(|it| it.name())) {
            Some(near) => error.help(format!("did you mean `{near}`?")).edit(span, near),
            None => error.help(
                "write `count()`, or `sum`, `avg`, `min`, `max`, `quantize`, `lquantize` of a value",
            ),
        };
        self.sink.push(error);
        Reported
    }

    fn is_table(&self) -> bool {
        self.slice(self.peek().span).starts_with('@')
    }

    /// `@name`
    fn table(&mut self) -> Parsed<(Arc<str>, Span)> {
        let word = self.peek();
        let name = self.slice(word.span).strip_prefix('@');
        match name.filter(|it| !it.is_empty() && !it.contains(SIGNS)) {
            Some(name) if is_word(word.kind) => {
                self.at += 1;
                Ok((name.into(), word.span))
            }
            _ => {
                self.unexpected("a table, such as `@calls`, stands here");
                Err(Reported)
            }
        }
    }
}
