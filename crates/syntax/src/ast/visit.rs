//! Going through the tree without naming every kind of node: each node lists the nodes directly below it.
//!
//! For searches and checks that care about a few kinds only. A pass that gives each kind a meaning matches on the
//! kinds itself, so that the compiler points out a new one.

use remora_diagnostics::Span;

use super::{
    Arg, Block, Call, DictEntry, Element, Expr, ExprKind, FieldPattern, FuncDecl, FuncExpr, Ident,
    If, Import, Interpolated, Match, MatchBody, Param, ParamKind, Pattern, PatternKind, Program,
    Rest, Stmt, StmtKind, StructDecl, Try, TypeExpr, TypeKind, VariantKind,
};

/// Anything in the tree that has a span.
#[derive(Clone, Copy, Debug)]
pub enum Node<'a> {
    /// A statement.
    Stmt(&'a Stmt),
    /// A block.
    Block(&'a Block),
    /// An expression.
    Expr(&'a Expr),
    /// A pattern.
    Pattern(&'a Pattern),
    /// A type annotation.
    Type(&'a TypeExpr),
    /// A name that stands for itself: what is declared, a field, a label, a part of a path.
    Ident(&'a Ident),
}

impl Program {
    /// Calls `found` for every node, a parent before what is below it. Goes as deep as the tree is.
    pub fn walk<'a>(&'a self, found: &mut dyn FnMut(Node<'a>)) {
        for stmt in &self.stmts {
            Node::Stmt(stmt).walk(found);
        }
    }
}

impl<'a> Node<'a> {
    /// Where the node stands.
    #[must_use]
    pub const fn span(self) -> Span {
        match self {
            Self::Stmt(it) => it.span,
            Self::Block(it) => it.span,
            Self::Expr(it) => it.span,
            Self::Pattern(it) => it.span,
            Self::Type(it) => it.span,
            Self::Ident(it) => it.span,
        }
    }

    /// Calls `found` for this node and then for every one below it.
    pub fn walk(self, found: &mut dyn FnMut(Node<'a>)) {
        found(self);
        self.children(&mut |child| child.walk(found));
    }

    /// Calls `found` for each node directly below this one, nearly in source order: methods come after fields.
    pub fn children(self, found: &mut dyn FnMut(Node<'a>)) {
        match self {
            Self::Stmt(it) => stmt(&it.kind, found),
            Self::Block(it) => it.stmts.iter().for_each(|it| found(Node::Stmt(it))),
            Self::Expr(it) => expr(&it.kind, found),
            Self::Pattern(it) => pattern(&it.kind, found),
            Self::Type(it) => ty(&it.kind, found),
            Self::Ident(_) => {}
        }
    }
}

type Found<'f, 'a> = &'f mut dyn FnMut(Node<'a>);

fn idents<'a>(idents: impl IntoIterator<Item = &'a Ident>, found: Found<'_, 'a>) {
    idents.into_iter().for_each(|it| found(Node::Ident(it)));
}

fn exprs<'a>(exprs: impl IntoIterator<Item = &'a Expr>, found: Found<'_, 'a>) {
    exprs.into_iter().for_each(|it| found(Node::Expr(it)));
}

fn patterns<'a>(patterns: impl IntoIterator<Item = &'a Pattern>, found: Found<'_, 'a>) {
    patterns.into_iter().for_each(|it| found(Node::Pattern(it)));
}

fn types<'a>(types: impl IntoIterator<Item = &'a TypeExpr>, found: Found<'_, 'a>) {
    types.into_iter().for_each(|it| found(Node::Type(it)));
}

fn stmt<'a>(kind: &'a StmtKind, found: Found<'_, 'a>) {
    match kind {
        StmtKind::Error => {}
        StmtKind::Expr(it) => found(Node::Expr(it)),
        StmtKind::Bind { mode: _, pattern, ty, value } => {
            found(Node::Pattern(pattern));
            types(ty, found);
            found(Node::Expr(value));
        }
        StmtKind::Assign { place, op: _, ty, value } => {
            found(Node::Expr(place));
            types(ty, found);
            found(Node::Expr(value));
        }
        StmtKind::AssignPattern { pattern, value } => {
            found(Node::Pattern(pattern));
            found(Node::Expr(value));
        }
        StmtKind::Func(it) => func(it, found),
        StmtKind::Struct(it) => structure(it, found),
        StmtKind::Enum(it) => {
            found(Node::Ident(&it.name));
            for variant in &it.variants {
                found(Node::Ident(&variant.name));
                match &variant.kind {
                    VariantKind::Open => {}
                    VariantKind::Tuple(names) | VariantKind::Struct(names) => idents(names, found),
                }
            }
        }
        StmtKind::While { label, condition, body } => {
            idents(label, found);
            found(Node::Expr(condition));
            found(Node::Block(body));
        }
        StmtKind::Loop { label, body } => {
            idents(label, found);
            found(Node::Block(body));
        }
        StmtKind::For { label, pattern, iterable, body } => {
            idents(label, found);
            found(Node::Pattern(pattern));
            found(Node::Expr(iterable));
            found(Node::Block(body));
        }
        StmtKind::Break(label) | StmtKind::Continue(label) => idents(label, found),
        StmtKind::Return(value) => exprs(value, found),
        StmtKind::Block(it) => found(Node::Block(it)),
        StmtKind::Try(it) => attempt(it, found),
        StmtKind::Export(it) => found(Node::Stmt(it)),
        StmtKind::Import(it) => import(it, found),
        StmtKind::Test(it) => found(Node::Block(&it.body)),
    }
}

fn func<'a>(it: &'a FuncDecl, found: Found<'_, 'a>) {
    found(Node::Ident(&it.name));
    params(&it.params, found);
    types(&it.result, found);
    found(Node::Block(&it.body));
}

fn params<'a>(params: &'a [Param], found: Found<'_, 'a>) {
    for param in params {
        found(Node::Pattern(&param.pattern));
        types(&param.ty, found);
        if let ParamKind::Default(value) = &param.kind {
            found(Node::Expr(value));
        }
    }
}

fn structure<'a>(it: &'a StructDecl, found: Found<'_, 'a>) {
    found(Node::Ident(&it.name));
    for field in &it.fields {
        found(Node::Ident(&field.name));
        types(&field.ty, found);
        exprs(&field.default, found);
    }
    it.methods.iter().for_each(|it| func(it, found));
}

fn attempt<'a>(it: &'a Try, found: Found<'_, 'a>) {
    found(Node::Block(&it.body));
    if let Some((name, body)) = &it.except {
        idents(name, found);
        found(Node::Block(body));
    }
    it.finally.iter().for_each(|it| found(Node::Block(it)));
}

fn import<'a>(it: &'a Import, found: Found<'_, 'a>) {
    idents(it.path.iter().chain(&it.alias), found);
    for item in it.items.iter().flatten() {
        idents(std::iter::once(&item.name).chain(&item.alias), found);
    }
}

fn expr<'a>(kind: &'a ExprKind, found: Found<'_, 'a>) {
    match kind {
        ExprKind::Error
        | ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Str(_)
        | ExprKind::Name(_)
        | ExprKind::SelfValue => {}
        ExprKind::Interpolated(parts) => {
            for part in parts {
                if let Interpolated::Expr(it) = part {
                    found(Node::Expr(it));
                }
            }
        }
        ExprKind::Path { base, name } => idents([base, name], found),
        ExprKind::Array(elements) => {
            for Element::Item(it) | Element::Spread(it) in elements {
                found(Node::Expr(it));
            }
        }
        ExprKind::Dict(entries) => {
            for entry in entries {
                match entry {
                    DictEntry::Pair(key, value) => exprs([key, value], found),
                    DictEntry::Spread(it) => found(Node::Expr(it)),
                }
            }
        }
        ExprKind::Struct { name, variant, fields } => {
            idents(std::iter::once(name).chain(variant), found);
            for field in fields {
                found(Node::Ident(&field.name));
                found(Node::Expr(&field.value));
            }
        }
        ExprKind::Unary { op: _, operand } => found(Node::Expr(operand)),
        ExprKind::Binary { op: _, op_span: _, left, right } => exprs([&**left, &**right], found),
        ExprKind::Range { start, end, inclusive: _ } => exprs([&**start, &**end], found),
        ExprKind::Pipe { value, call: it } => {
            found(Node::Expr(value));
            call(it, found);
        }
        ExprKind::Call(it) => call(it, found),
        ExprKind::Field { object, name, optional: _ } => {
            found(Node::Expr(object));
            found(Node::Ident(name));
        }
        ExprKind::Index { object, index } => exprs([&**object, &**index], found),
        ExprKind::Try(it) | ExprKind::Await(it) => found(Node::Expr(it)),
        ExprKind::Yield(it) => exprs(it.as_deref(), found),
        ExprKind::Spawn(it) => found(Node::Block(it)),
        ExprKind::Func(it) => func_expr(it, found),
        ExprKind::If(it) => conditional(it, found),
        ExprKind::Match(it) => matching(it, found),
    }
}

fn call<'a>(it: &'a Call, found: Found<'_, 'a>) {
    found(Node::Expr(&it.callee));
    for arg in &it.args {
        match arg {
            Arg::Positional(it) | Arg::Spread(it) => found(Node::Expr(it)),
            Arg::Named(name, it) => {
                found(Node::Ident(name));
                found(Node::Expr(it));
            }
        }
    }
}

fn func_expr<'a>(it: &'a FuncExpr, found: Found<'_, 'a>) {
    params(&it.params, found);
    types(&it.result, found);
    found(Node::Block(&it.body));
}

fn conditional<'a>(it: &'a If, found: Found<'_, 'a>) {
    for branch in &it.branches {
        found(Node::Expr(&branch.condition));
        found(Node::Block(&branch.body));
    }
    it.otherwise.iter().for_each(|it| found(Node::Block(it)));
}

fn matching<'a>(it: &'a Match, found: Found<'_, 'a>) {
    found(Node::Expr(&it.subject));
    for case in &it.cases {
        patterns(&case.patterns, found);
        exprs(&case.guard, found);
        body(&case.body, found);
    }
    it.default.iter().for_each(|it| body(it, found));
}

fn body<'a>(it: &'a MatchBody, found: Found<'_, 'a>) {
    found(match it {
        MatchBody::Block(it) => Node::Block(it),
        MatchBody::Expr(it) => Node::Expr(it),
    });
}

fn pattern<'a>(kind: &'a PatternKind, found: Found<'_, 'a>) {
    match kind {
        PatternKind::Wildcard => {}
        PatternKind::Bind(name) | PatternKind::Tag(name) => found(Node::Ident(name)),
        PatternKind::Literal(it) => found(Node::Expr(it)),
        PatternKind::Range { start, end, inclusive: _ } => exprs([&**start, &**end], found),
        PatternKind::Array { before, rest: it, after } => {
            patterns(before, found);
            rest(it.as_ref(), found);
            patterns(after, found);
        }
        PatternKind::Dict { entries, rest: it } => {
            for entry in entries {
                found(Node::Expr(&entry.key));
                found(Node::Pattern(&entry.pattern));
            }
            rest(it.as_ref(), found);
        }
        PatternKind::Struct { name, fields } => {
            found(Node::Ident(name));
            field_patterns(fields, found);
        }
        PatternKind::Variant { base, name, payload } => {
            idents(base.iter().chain([name]), found);
            patterns(payload.iter().flatten(), found);
        }
        PatternKind::VariantStruct { base, name, fields } => {
            idents([base, name], found);
            field_patterns(fields, found);
        }
    }
}

fn rest<'a>(rest: Option<&'a Rest>, found: Found<'_, 'a>) {
    idents(rest.and_then(|it| it.name.as_ref()), found);
}

fn field_patterns<'a>(fields: &'a [FieldPattern], found: Found<'_, 'a>) {
    for field in fields {
        found(Node::Ident(&field.name));
        found(Node::Pattern(&field.pattern));
    }
}

fn ty<'a>(kind: &'a TypeKind, found: Found<'_, 'a>) {
    match kind {
        TypeKind::Named { name: _, args } => types(args, found),
        TypeKind::Optional(it) | TypeKind::Array(it) => found(Node::Type(it)),
        TypeKind::Func { params, result } => {
            types(params, found);
            types(result.as_deref(), found);
        }
        TypeKind::Union(members) => types(members, found),
    }
}
