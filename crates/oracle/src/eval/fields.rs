//! Methods of the older style: without `self`, seeing the fields by their bare names.
//!
//! Such a method takes its value if its body mentions a field that no variable of its own hides, and changes it if it
//! assigns one. Otherwise it is a function of the struct.

use remora_syntax::ast::{
    Arg, AssignOp, Block, Call, DictEntry, Element, Expr, ExprKind, FuncDecl, Interpolated, Match,
    MatchBody, Param, ParamKind, Pattern, PatternKind, Stmt, StmtKind, StructDecl,
};

use super::hoist::{pattern_names, unexported};
use crate::value::MethodKind;

/// What kind of method one without a `self` parameter is.
pub(super) fn kind_without_self(decl: &StructDecl, method: &FuncDecl) -> MethodKind {
    let fields = decl.fields.iter().map(|it| &*it.name.name).collect();
    let mut search =
        Search { fields, hidden: Vec::new(), mentions: false, assigns: false, n_closures: 0 };
    search.function(&method.params, &method.body);
    match search {
        Search { assigns: true, .. } => MethodKind::Mutating,
        Search { mentions: true, .. } => MethodKind::Value,
        _ => MethodKind::Static,
    }
}

struct Search<'a> {
    fields: Vec<&'a str>,
    /// Names declared inside the method, the nearest last.
    hidden: Vec<&'a str>,
    mentions: bool,
    assigns: bool,
    /// How many closures are around: what they assign is their own copy.
    n_closures: usize,
}

impl<'a> Search<'a> {
    fn is_field(&self, name: &str) -> bool {
        self.fields.contains(&name) && !self.hidden.contains(&name)
    }

    fn mention(&mut self, name: &str) {
        self.mentions |= self.is_field(name);
    }

    /// Looks at `place`, which is assigned or may be changed.
    fn assign(&mut self, place: &'a Expr) {
        let mut root = place;
        while let ExprKind::Field { object, .. } | ExprKind::Index { object, .. } = &root.kind {
            root = object;
        }
        if let ExprKind::Name(name) = &root.kind {
            self.assign_name(name);
        }
        self.expr(place);
    }

    fn assign_name(&mut self, name: &str) {
        self.assigns |= self.n_closures == 0 && self.is_field(name);
        self.mention(name);
    }

    fn scoped(&mut self, work: impl FnOnce(&mut Self)) {
        let n = self.hidden.len();
        work(self);
        self.hidden.truncate(n);
    }

    fn function(&mut self, params: &'a [Param], body: &'a Block) {
        self.scoped(|this| {
            for param in params {
                if let ParamKind::Default(expr) = &param.kind {
                    this.expr(expr);
                }
                pattern_names(&param.pattern, &mut this.hidden);
            }
            this.stmts(&body.stmts);
        });
    }

    fn closure(&mut self, params: &'a [Param], body: &'a Block) {
        self.n_closures += 1;
        self.function(params, body);
        self.n_closures -= 1;
    }

    fn block(&mut self, block: &'a Block) {
        self.scoped(|this| this.stmts(&block.stmts));
    }

    fn stmts(&mut self, stmts: &'a [Stmt]) {
        for stmt in stmts {
            match &unexported(stmt).kind {
                StmtKind::Func(it) => self.hidden.push(&it.name.name),
                StmtKind::Struct(it) => self.hidden.push(&it.name.name),
                StmtKind::Enum(it) => self.hidden.push(&it.name.name),
                _ => {}
            }
        }
        for stmt in stmts {
            self.stmt(unexported(stmt));
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        match &stmt.kind {
            StmtKind::Expr(expr) | StmtKind::Return(Some(expr)) => self.expr(expr),
            StmtKind::Bind { pattern, value, .. } => {
                self.expr(value);
                pattern_names(pattern, &mut self.hidden);
            }
            StmtKind::Assign { place, op, value, .. } => {
                self.expr(value);
                match &place.kind {
                    ExprKind::Name(name) if *op == AssignOp::Set && !self.is_field(name) => {
                        self.hidden.push(name);
                    }
                    _ => self.assign(place),
                }
            }
            StmtKind::AssignPattern { pattern, value } => {
                self.expr(value);
                let mut names = Vec::new();
                pattern_names(pattern, &mut names);
                for name in names {
                    if self.is_field(name) {
                        self.assign_name(name);
                    } else {
                        self.hidden.push(name);
                    }
                }
            }
            StmtKind::Func(it) => self.closure(&it.params, &it.body),
            StmtKind::While { condition, body, .. } => {
                self.expr(condition);
                self.block(body);
            }
            StmtKind::Loop { body, .. } | StmtKind::Block(body) => self.block(body),
            StmtKind::For { pattern, iterable, body, .. } => {
                self.expr(iterable);
                self.scoped(|this| {
                    pattern_names(pattern, &mut this.hidden);
                    this.block(body);
                });
            }
            StmtKind::Try(it) => {
                self.block(&it.body);
                if let Some((name, body)) = &it.except {
                    self.scoped(|this| {
                        this.hidden.extend(name.as_ref().map(|it| &*it.name));
                        this.block(body);
                    });
                }
                it.finally.iter().for_each(|it| self.block(it));
            }
            _ => {}
        }
    }

    fn expr(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Name(name) => self.mention(name),
            ExprKind::Interpolated(parts) => {
                for part in parts {
                    if let Interpolated::Expr(expr) = part {
                        self.expr(expr);
                    }
                }
            }
            ExprKind::Array(elements) => {
                for Element::Item(expr) | Element::Spread(expr) in elements {
                    self.expr(expr);
                }
            }
            ExprKind::Dict(entries) => {
                for entry in entries {
                    match entry {
                        DictEntry::Pair(key, value) => {
                            self.expr(key);
                            self.expr(value);
                        }
                        DictEntry::Spread(expr) => self.expr(expr),
                    }
                }
            }
            ExprKind::Struct { fields, .. } => fields.iter().for_each(|it| self.expr(&it.value)),
            ExprKind::Unary { operand, .. } | ExprKind::Try(operand) | ExprKind::Await(operand) => {
                self.expr(operand);
            }
            ExprKind::Binary { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Range { start, end, .. } => {
                self.expr(start);
                self.expr(end);
            }
            ExprKind::Pipe { value, call } => {
                self.expr(value);
                self.call(call);
            }
            ExprKind::Call(call) => self.call(call),
            ExprKind::Field { object, .. } => self.expr(object),
            ExprKind::Index { object, index } => {
                self.expr(object);
                self.expr(index);
            }
            ExprKind::Yield(value) => value.iter().for_each(|it| self.expr(it)),
            ExprKind::Spawn(block) => self.block(block),
            ExprKind::Func(func) => self.closure(&func.params, &func.body),
            ExprKind::If(it) => {
                for branch in &it.branches {
                    self.expr(&branch.condition);
                    self.block(&branch.body);
                }
                it.otherwise.iter().for_each(|it| self.block(it));
            }
            ExprKind::Match(it) => self.match_expr(it),
            ExprKind::Error
            | ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::SelfValue
            | ExprKind::Path { .. } => {}
        }
    }

    fn call(&mut self, call: &'a Call) {
        self.expr(&call.callee);
        for Arg::Positional(expr) | Arg::Spread(expr) | Arg::Named(_, expr) in &call.args {
            self.expr(expr);
        }
    }

    fn match_expr(&mut self, it: &'a Match) {
        self.expr(&it.subject);
        for case in &it.cases {
            self.scoped(|this| {
                case.patterns.iter().for_each(|it| this.hide_matched(it));
                case.guard.iter().for_each(|it| this.expr(it));
                this.match_body(&case.body);
            });
        }
        it.default.iter().for_each(|it| self.match_body(it));
    }

    fn match_body(&mut self, body: &'a MatchBody) {
        match body {
            MatchBody::Block(block) => self.block(block),
            MatchBody::Expr(expr) => self.expr(expr),
        }
    }

    /// The names that a pattern of `match` binds.
    fn hide_matched(&mut self, pattern: &'a Pattern) {
        match &pattern.kind {
            PatternKind::Struct { fields, .. } | PatternKind::VariantStruct { fields, .. } => {
                fields.iter().for_each(|it| self.hide_matched(&it.pattern));
            }
            PatternKind::Variant { payload, .. } => {
                payload.iter().flatten().for_each(|it| self.hide_matched(it));
            }
            PatternKind::Array { before, rest, after } => {
                before.iter().chain(after).for_each(|it| self.hide_matched(it));
                self.hidden
                    .extend(rest.iter().filter_map(|it| it.name.as_ref()).map(|it| &*it.name));
            }
            PatternKind::Dict { entries, rest } => {
                entries.iter().for_each(|it| self.hide_matched(&it.pattern));
                self.hidden
                    .extend(rest.iter().filter_map(|it| it.name.as_ref()).map(|it| &*it.name));
            }
            _ => pattern_names(pattern, &mut self.hidden),
        }
    }
}
