//! The tree as a compact s-expression, one statement a line: for tests and for looking at what was understood.
//!
//! Spans are left out, so two texts of the same meaning dump alike.

mod expr;
mod pattern;

use std::fmt::Write;

use super::{
    AssignOp, BindMode, Block, EnumDecl, Expr, FuncDecl, FuncKind, Ident, Import, Param, ParamKind,
    Pattern, Program, Stmt, StmtKind, StructDecl, TestDecl, TestKind, Try, TypeExpr, VariantKind,
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
}

const fn func_word(kind: FuncKind) -> &'static str {
    match kind {
        FuncKind::Plain => "func",
        FuncKind::Generator => "func*",
        FuncKind::Async => "async-func",
    }
}
