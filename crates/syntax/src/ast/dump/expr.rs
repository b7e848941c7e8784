//! Expressions, as s-expressions.

use std::fmt::Write;

use super::{Dump, func_word};
use crate::ast::{
    Arg, Call, DictEntry, Element, Expr, ExprKind, FuncExpr, If, Interpolated, Match, MatchBody,
    UnaryOp,
};

impl Dump {
    pub(super) fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Error => self.put("<error>"),
            ExprKind::Null => self.put("null"),
            ExprKind::Bool(value) => self.put(if *value { "true" } else { "false" }),
            ExprKind::Int(value) => {
                let _ok = write!(self.out, "{value}");
            }
            ExprKind::Float(value) => {
                let _ok = write!(self.out, "{value:?}");
            }
            ExprKind::Str(text) => self.quoted(text),
            ExprKind::Name(name) => self.put(name),
            ExprKind::SelfValue => self.put("self"),
            ExprKind::Path { base, name } => {
                self.put(&base.name);
                self.put("::");
                self.put(&name.name);
            }
            ExprKind::Interpolated(parts) => self.list("$", |it| it.parts(parts)),
            ExprKind::Array(elements) => self.array(elements),
            ExprKind::Dict(entries) => self.list("dict", |it| it.dict(entries)),
            ExprKind::Struct { name, variant, fields } => self.list("new ", |it| {
                it.put(&name.name);
                if let Some(variant) = variant {
                    it.put("::");
                    it.put(&variant.name);
                }
                for field in fields {
                    it.idents([&field.name]);
                    it.put(":");
                    it.expr(&field.value);
                }
            }),
            _ => self.compound(expr),
        }
    }

    fn parts(&mut self, parts: &[Interpolated]) {
        for part in parts {
            self.put(" ");
            match part {
                Interpolated::Text(text) => self.quoted(text),
                Interpolated::Expr(expr) => self.expr(expr),
            }
        }
    }

    fn array(&mut self, elements: &[Element]) {
        self.put("[");
        for (i, element) in elements.iter().enumerate() {
            self.put(if i == 0 { "" } else { " " });
            match element {
                Element::Item(expr) => self.expr(expr),
                Element::Spread(expr) => {
                    self.put("...");
                    self.expr(expr);
                }
            }
        }
        self.put("]");
    }

    fn dict(&mut self, entries: &[DictEntry]) {
        for entry in entries {
            self.put(" ");
            match entry {
                DictEntry::Pair(key, value) => {
                    self.expr(key);
                    self.put(":");
                    self.expr(value);
                }
                DictEntry::Spread(expr) => {
                    self.put("...");
                    self.expr(expr);
                }
            }
        }
    }

    fn compound(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Unary { op, operand } => {
                let head = if *op == UnaryOp::Neg { "-" } else { "!" };
                self.list(head, |it| it.exprs([&**operand]));
            }
            ExprKind::Binary { op, left, right, .. } => {
                self.list(op.symbol(), |it| it.exprs([&**left, &**right]));
            }
            ExprKind::Range { start, end, inclusive } => {
                let head = if *inclusive { "..=" } else { ".." };
                self.list(head, |it| it.exprs([&**start, &**end]));
            }
            ExprKind::Pipe { value, call } => self.list("|>", |it| {
                it.exprs([&**value]);
                it.put(" ");
                it.call(call);
            }),
            ExprKind::Call(call) => self.call(call),
            ExprKind::Field { object, name, optional } => {
                self.list(if *optional { "?." } else { "." }, |it| {
                    it.exprs([&**object]);
                    it.idents([name]);
                });
            }
            ExprKind::Index { object, index } => {
                self.list("index", |it| it.exprs([&**object, &**index]));
            }
            ExprKind::Try(inner) => self.list("?", |it| it.exprs([&**inner])),
            ExprKind::Await(inner) => self.list("await", |it| it.exprs([&**inner])),
            ExprKind::Yield(value) => self.list("yield", |it| it.exprs(value.as_deref())),
            ExprKind::Spawn(body) => self.list("spawn ", |it| it.block(body)),
            ExprKind::Func(func) => self.func_expr(func),
            ExprKind::If(made) => self.if_expr(made),
            ExprKind::Match(made) => self.match_expr(made),
            _ => {}
        }
    }

    fn call(&mut self, call: &Call) {
        self.list("call", |it| {
            it.exprs([&call.callee]);
            for arg in &call.args {
                it.put(" ");
                match arg {
                    Arg::Positional(expr) => it.expr(expr),
                    Arg::Spread(expr) => {
                        it.put("...");
                        it.expr(expr);
                    }
                    Arg::Named(name, expr) => {
                        it.put(&name.name);
                        it.put(":");
                        it.expr(expr);
                    }
                }
            }
        });
    }

    fn func_expr(&mut self, func: &FuncExpr) {
        self.list(if func.arrow { "=> " } else { func_word(func.kind) }, |it| {
            it.put(if func.arrow { "(" } else { " (" });
            it.params(&func.params);
            it.put(")");
            it.result(func.result.as_ref());
            it.put(" ");
            it.block(&func.body);
        });
    }

    fn if_expr(&mut self, made: &If) {
        self.list("if", |it| {
            for branch in &made.branches {
                it.exprs([&branch.condition]);
                it.put(" ");
                it.block(&branch.body);
            }
            if let Some(body) = &made.otherwise {
                it.put(" else ");
                it.block(body);
            }
        });
    }

    fn match_expr(&mut self, made: &Match) {
        self.list("match", |it| {
            it.exprs([&made.subject]);
            for case in &made.cases {
                it.put(" ");
                it.list("case ", |it| {
                    for (i, pattern) in case.patterns.iter().enumerate() {
                        it.put(if i == 0 { "" } else { " | " });
                        it.pattern(pattern);
                    }
                    if let Some(guard) = &case.guard {
                        it.put(" if");
                        it.exprs([guard]);
                    }
                    it.match_body(&case.body);
                });
            }
            if let Some(body) = &made.default {
                it.put(" ");
                it.list("default", |it| it.match_body(body));
            }
        });
    }

    fn match_body(&mut self, body: &MatchBody) {
        self.put(" ");
        match body {
            MatchBody::Block(block) => self.block(block),
            MatchBody::Expr(expr) => self.expr(expr),
        }
    }
}
