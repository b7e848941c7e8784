//! The tree as a compact s-expression, one statement a line: for tests and for looking at what was understood.
//!
//! Spans are left out, so two texts of the same meaning dump alike.

use std::fmt::Write;

use super::{
    Arg, AssignOp, BindMode, Block, Call, DictEntry, Element, EnumDecl, Expr, ExprKind,
    FieldPattern, FuncDecl, FuncExpr, FuncKind, Ident, If, Import, Interpolated, Match, MatchBody,
    Param, ParamKind, Pattern, PatternKind, Program, Rest, Stmt, StmtKind, StructDecl, TestDecl,
    TestKind, Try, TypeExpr, TypeKind, UnaryOp, VariantKind,
};

/// Writes the statements of `program`, one a line.
#[must_use]
pub fn dump(program: &Program) -> String {
    let mut dump = Dump { out: String::new() };
    for stmt in &program.stmts {
        dump.stmt(stmt);
        dump.out.push('\n');
    }
    dump.out
}

struct Dump {
    out: String,
}

impl Dump {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// `(head …)` around what `inside` writes.
    fn list(&mut self, head: &str, inside: impl FnOnce(&mut Self)) {
        self.put("(");
        self.put(head);
        inside(self);
        self.put(")");
    }

    fn quoted(&mut self, text: &str) {
        // Writing to a string cannot fail.
        let _ok = write!(self.out, "{text:?}");
    }

    fn exprs<'a>(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) {
        for expr in exprs {
            self.put(" ");
            self.expr(expr);
        }
    }

    fn idents<'a>(&mut self, idents: impl IntoIterator<Item = &'a Ident>) {
        for ident in idents {
            self.put(" ");
            self.put(&ident.name);
        }
    }

    fn block(&mut self, block: &Block) {
        self.put("{");
        self.stmts(&block.stmts);
        self.put("}");
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        for (i, stmt) in stmts.iter().enumerate() {
            self.put(if i == 0 { "" } else { " " });
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Error => self.put("<error>"),
            StmtKind::Expr(expr) => self.expr(expr),
            StmtKind::Bind { mode, pattern, ty, value } => {
                self.bind(*mode, pattern, ty.as_ref(), value);
            }
            StmtKind::Assign { place, op, ty, value } => {
                self.assign(place, *op, ty.as_ref(), value);
            }
            StmtKind::AssignPattern { pattern, value } => self.list(":= ", |it| {
                it.pattern(pattern);
                it.exprs([value]);
            }),
            StmtKind::Func(func) => self.func_decl(func),
            StmtKind::Struct(decl) => self.struct_decl(decl),
            StmtKind::Enum(decl) => self.enum_decl(decl),
            StmtKind::While { label, condition, body } => {
                self.labelled(label.as_ref(), "while", |it| {
                    it.exprs([condition]);
                    it.put(" ");
                    it.block(body);
                });
            }
            StmtKind::Loop { label, body } => {
                self.labelled(label.as_ref(), "loop ", |it| it.block(body));
            }
            StmtKind::For { label, pattern, iterable, body } => {
                self.labelled(label.as_ref(), "for ", |it| {
                    it.pattern(pattern);
                    it.exprs([iterable]);
                    it.put(" ");
                    it.block(body);
                });
            }
            StmtKind::Break(label) => self.list("break", |it| it.idents(label)),
            StmtKind::Continue(label) => self.list("continue", |it| it.idents(label)),
            StmtKind::Return(value) => self.list("return", |it| it.exprs(value)),
            StmtKind::Block(block) => self.block(block),
            StmtKind::Try(made) => self.try_stmt(made),
            StmtKind::Export(inner) => self.list("export ", |it| it.stmt(inner)),
            StmtKind::Import(import) => self.import(import),
            StmtKind::Test(test) => self.test(test),
        }
    }

    fn labelled(&mut self, label: Option<&Ident>, head: &str, inside: impl FnOnce(&mut Self)) {
        if let Some(label) = label {
            self.put(&label.name);
            self.put(":");
        }
        self.list(head, inside);
    }

    fn bind(&mut self, mode: BindMode, pattern: &Pattern, ty: Option<&TypeExpr>, value: &Expr) {
        let word = match mode {
            BindMode::Let => "let ",
            BindMode::Const => "const ",
            BindMode::Mut => "mut ",
        };
        self.list(word, |it| {
            it.pattern(pattern);
            it.annotation(ty);
            it.exprs([value]);
        });
    }

    fn assign(&mut self, place: &Expr, op: AssignOp, ty: Option<&TypeExpr>, value: &Expr) {
        let op = match op {
            AssignOp::Set => ":= ",
            AssignOp::Add => "+= ",
            AssignOp::Sub => "-= ",
            AssignOp::Mul => "*= ",
            AssignOp::Div => "/= ",
            AssignOp::Mod => "%= ",
        };
        self.list(op, |it| {
            it.expr(place);
            it.annotation(ty);
            it.exprs([value]);
        });
    }

    fn annotation(&mut self, ty: Option<&TypeExpr>) {
        if let Some(ty) = ty {
            self.put(":");
            self.ty(ty);
        }
    }

    fn func_decl(&mut self, func: &FuncDecl) {
        self.list(func_word(func.kind), |it| {
            it.idents([&func.name]);
            it.put(" (");
            it.put(match func.self_param {
                None => "",
                Some(false) => "self",
                Some(true) => "mut self",
            });
            if func.self_param.is_some() && !func.params.is_empty() {
                it.put(" ");
            }
            it.params(&func.params);
            it.put(")");
            it.result(func.result.as_ref());
            if let Some(doc) = &func.doc {
                it.put(" ");
                it.quoted(doc);
            }
            it.put(" ");
            it.block(&func.body);
        });
    }

    fn params(&mut self, params: &[Param]) {
        for (i, param) in params.iter().enumerate() {
            self.put(if i == 0 { "" } else { " " });
            if param.kind == ParamKind::Variadic {
                self.put("...");
            }
            self.pattern(&param.pattern);
            self.annotation(param.ty.as_ref());
            if let ParamKind::Default(value) = &param.kind {
                self.put("=");
                self.expr(value);
            }
        }
    }

    fn result(&mut self, ty: Option<&TypeExpr>) {
        if let Some(ty) = ty {
            self.put(" ->");
            self.ty(ty);
        }
    }

    fn struct_decl(&mut self, decl: &StructDecl) {
        self.list("struct", |it| {
            it.idents([&decl.name]);
            for field in &decl.fields {
                it.idents([&field.name]);
                it.annotation(field.ty.as_ref());
                if let Some(value) = &field.default {
                    it.put("=");
                    it.expr(value);
                }
            }
            for method in &decl.methods {
                it.put(" ");
                it.func_decl(method);
            }
        });
    }

    fn enum_decl(&mut self, decl: &EnumDecl) {
        self.list("enum", |it| {
            it.idents([&decl.name]);
            for variant in &decl.variants {
                match &variant.kind {
                    VariantKind::Open => it.idents([&variant.name]),
                    VariantKind::Tuple(names) => {
                        it.put(" ");
                        it.list(&variant.name.name, |it| it.idents(names));
                    }
                    VariantKind::Struct(names) => {
                        it.idents([&variant.name]);
                        it.put("{");
                        it.idents(names);
                        it.put(" }");
                    }
                }
            }
        });
    }

    fn try_stmt(&mut self, made: &Try) {
        self.list("try ", |it| {
            it.block(&made.body);
            if let Some((name, body)) = &made.except {
                it.put(" except ");
                it.put(name.as_ref().map_or("_", |it| &*it.name));
                it.put(" ");
                it.block(body);
            }
            if let Some(body) = &made.finally {
                it.put(" finally ");
                it.block(body);
            }
        });
    }

    fn import(&mut self, import: &Import) {
        self.list("import ", |it| {
            for (i, name) in import.path.iter().enumerate() {
                it.put(if i == 0 { "" } else { "." });
                it.put(&name.name);
            }
            if let Some(alias) = &import.alias {
                it.put(" as");
                it.idents([alias]);
            }
            for item in import.items.iter().flatten() {
                it.idents([&item.name]);
                if let Some(alias) = &item.alias {
                    it.put("=");
                    it.put(&alias.name);
                }
            }
        });
    }

    fn test(&mut self, test: &TestDecl) {
        let head = match test.kind {
            TestKind::Test => "test ",
            TestKind::Group => "test_group ",
            TestKind::Setup => "test_setup ",
            TestKind::Teardown => "test_teardown ",
        };
        self.list(head, |it| {
            if matches!(test.kind, TestKind::Test | TestKind::Group) {
                it.quoted(&test.name);
                it.put(" ");
            }
            it.block(&test.body);
        });
    }

    fn expr(&mut self, expr: &Expr) {
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

    fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::Wildcard => self.put("_"),
            PatternKind::Bind(name) => self.put(&name.name),
            PatternKind::Tag(name) => {
                self.put("#");
                self.put(&name.name);
            }
            PatternKind::Literal(expr) => self.expr(expr),
            PatternKind::Range { start, end, inclusive } => {
                self.list(if *inclusive { "..=" } else { ".." }, |it| it.exprs([&**start, &**end]));
            }
            PatternKind::Array { before, rest, after } => {
                self.array_pattern(before, rest.as_ref(), after);
            }
            PatternKind::Dict { entries, rest } => {
                self.put("{");
                for entry in entries {
                    self.exprs([&entry.key]);
                    self.put(":");
                    self.pattern(&entry.pattern);
                }
                if let Some(rest) = rest {
                    self.put(" ");
                    self.rest(rest);
                }
                self.put(" }");
            }
            PatternKind::Struct { name, fields } => {
                self.put(&name.name);
                self.field_patterns(fields);
            }
            PatternKind::VariantStruct { base, name, fields } => {
                self.put(&base.name);
                self.put("::");
                self.put(&name.name);
                self.field_patterns(fields);
            }
            PatternKind::Variant { base, name, payload } => {
                if let Some(base) = base {
                    self.put(&base.name);
                }
                self.put("::");
                self.put(&name.name);
                if let Some(payload) = payload {
                    self.put("(");
                    self.patterns(payload);
                    self.put(")");
                }
            }
        }
    }

    fn patterns(&mut self, patterns: &[Pattern]) {
        for (i, pattern) in patterns.iter().enumerate() {
            self.put(if i == 0 { "" } else { " " });
            self.pattern(pattern);
        }
    }

    fn array_pattern(&mut self, before: &[Pattern], rest: Option<&Rest>, after: &[Pattern]) {
        self.put("[");
        self.patterns(before);
        if let Some(rest) = rest {
            self.put(if before.is_empty() { "" } else { " " });
            self.rest(rest);
            self.put(if after.is_empty() { "" } else { " " });
        }
        self.patterns(after);
        self.put("]");
    }

    fn rest(&mut self, rest: &Rest) {
        self.put("...");
        if let Some(name) = &rest.name {
            self.put(&name.name);
        }
    }

    fn field_patterns(&mut self, fields: &[FieldPattern]) {
        self.put("{");
        for field in fields {
            self.idents([&field.name]);
            self.put(":");
            self.pattern(&field.pattern);
        }
        self.put(" }");
    }

    fn ty(&mut self, ty: &TypeExpr) {
        match &ty.kind {
            TypeKind::Named { name, args } if args.is_empty() => self.put(name),
            TypeKind::Named { name, args } => self.list(name, |it| it.types(args)),
            TypeKind::Optional(inner) => self.list("?", |it| it.types([&**inner])),
            TypeKind::Array(inner) => self.list("array", |it| it.types([&**inner])),
            TypeKind::Func { params, result } => self.list("func", |it| {
                it.types(params);
                it.result(result.as_deref());
            }),
            TypeKind::Union(members) => self.list("|", |it| it.types(members)),
        }
    }

    fn types<'a>(&mut self, types: impl IntoIterator<Item = &'a TypeExpr>) {
        for ty in types {
            self.put(" ");
            self.ty(ty);
        }
    }
}

const fn func_word(kind: FuncKind) -> &'static str {
    match kind {
        FuncKind::Plain => "func",
        FuncKind::Generator => "func*",
        FuncKind::Async => "async-func",
    }
}
