//! Declarations: functions, structs, enums, imports, exports, tests.

use remora_diagnostics::{Code, Span};

use super::expr::string_body;
use super::function::Owner;
use super::{Parse, Parser};
use crate::ast::{
    Block, EnumDecl, Field, FuncDecl, Ident, Import, ImportItem, Stmt, StmtKind, StructDecl,
    TestDecl, TestKind, Variant, VariantKind,
};
use crate::lexer::string::unescape;
use crate::token::TokenKind;

impl Parser<'_> {
    /// The text of the `///` lines before the token `first`, without the slashes.
    fn doc_before(&self, first: usize) -> Option<Box<str>> {
        let end = self.docs.partition_point(|(idx, _)| *idx as usize <= first);
        let start = self.docs[..end].partition_point(|(idx, _)| (*idx as usize) < first);
        let lines: Vec<&str> = self.docs[start..end]
            .iter()
            .map(|(_, span)| {
                let text = &self.slice(*span)[3..];
                text.strip_prefix(' ').unwrap_or(text).trim_end()
            })
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n").into_boxed_str())
    }

    /// The documentation before the declaration that begins here; `export` may stand between them.
    fn doc(&self) -> Option<Box<str>> {
        let exported = self.pos > 0 && self.tokens[self.pos - 1].kind == TokenKind::Export;
        self.doc_before(self.pos - usize::from(exported))
    }

    #[inline(never)]
    pub(super) fn func_stmt(&mut self) -> Parse {
        let start = self.token().span.start;
        let func = self.func_decl(Owner::None)?;
        self.push_stmt(start, |_| StmtKind::Func(func));
        Ok(())
    }

    /// At `func`, `func*` or `async func` with a name after it.
    fn func_decl(&mut self, owner: Owner) -> Parse<Box<FuncDecl>> {
        let mut func = self.func_head()?;
        func.self_param = self.params(owner, &mut func.params)?;
        self.result(&mut func.result)?;
        func.body = self.block()?;
        Ok(func)
    }

    #[inline(never)]
    fn func_head(&mut self) -> Parse<Box<FuncDecl>> {
        let doc = self.doc();
        let kind = self.func_kind();
        let name = self.name("the name of the function")?;
        let (params, body) = (Vec::new(), Block::default());
        Ok(Box::new(FuncDecl { name, kind, self_param: None, params, result: None, body, doc }))
    }

    /// `struct P { x: int, y = 0, func len(self) { … } }`
    #[inline(never)]
    pub(super) fn struct_decl(&mut self) -> Parse {
        let doc = self.doc();
        let start = self.bump().span.start;
        let name = self.name("the name of the struct")?;
        let mut made = new_struct(name, doc);
        let open = self.members_open("and fields")?;
        while !matches!(self.kind(), TokenKind::RBrace | TokenKind::Eof) {
            let first = self.pos;
            let checkpoint = self.checkpoint();
            if self.member(&mut made).and_then(|()| self.end_of_member()).is_err() {
                self.restore(&checkpoint);
                self.recover_member(first);
            }
            while matches!(self.kind(), TokenKind::Comma | TokenKind::Semicolon) {
                self.bump();
            }
        }
        self.close(open, TokenKind::RBrace, "")?;
        self.push_stmt(start, |_| StmtKind::Struct(made));
        Ok(())
    }

    /// Takes the `{` of a struct or enum.
    fn members_open(&mut self, what: &str) -> Parse<usize> {
        let open = self.pos;
        self.expect(TokenKind::LBrace, what)?;
        Ok(open)
    }

    fn member(&mut self, made: &mut StructDecl) -> Parse {
        let is_async = self.at_word("async") && self.nth(1).kind == TokenKind::Func;
        if is_async || self.at(TokenKind::Func) && self.nth(1).kind != TokenKind::Colon {
            return self.method(made);
        }
        self.field_head(made)?;
        if matches!(self.kind(), TokenKind::Eq | TokenKind::Assign) {
            self.bump();
            self.expr()?;
            self.field_default(made);
        }
        Ok(())
    }

    fn method(&mut self, made: &mut StructDecl) -> Parse {
        if self.blocks >= self.limits.max_blocks {
            return Err(self.too_deep("blocks", self.limits.max_blocks));
        }
        self.blocks += 1;
        let method = self.func_decl(Owner::Struct)?;
        self.blocks -= 1;
        push_method(&mut made.methods, method);
        Ok(())
    }

    #[inline(never)]
    fn field_head(&mut self, made: &mut StructDecl) -> Parse {
        let name = self.word("a field or a method")?;
        let ty = self.annotation()?.map(|it| *it);
        made.fields.push(Field { name, ty, default: None });
        Ok(())
    }

    #[inline(never)]
    fn field_default(&mut self, made: &mut StructDecl) {
        let value = self.take();
        if let Some(field) = made.fields.last_mut() {
            field.default = Some(value);
        }
    }

    /// Members end at a comma, a newline or the brace; a method may follow anything.
    fn end_of_member(&mut self) -> Parse {
        use TokenKind as T;
        let ends = matches!(self.kind(), T::Comma | T::Semicolon | T::RBrace | T::Eof | T::Func);
        if ends || self.token().after_newline || self.tokens[self.pos - 1].kind == T::RBrace {
            return Ok(());
        }
        Err(self.expected("`,` or a newline"))
    }

    /// `enum Shape { Circle(r), Rect { w, h }, Unit }`
    #[inline(never)]
    pub(super) fn enum_decl(&mut self) -> Parse {
        let doc = self.doc();
        let start = self.bump().span.start;
        let name = self.name("the name of the enum")?;
        let mut variants = Vec::new();
        let open = self.members_open("and variants")?;
        while !matches!(self.kind(), TokenKind::RBrace | TokenKind::Eof) {
            let first = self.pos;
            let checkpoint = self.checkpoint();
            if self.variant(&mut variants).and_then(|()| self.end_of_member()).is_err() {
                self.restore(&checkpoint);
                self.recover_member(first);
            }
            while matches!(self.kind(), TokenKind::Comma | TokenKind::Semicolon) {
                self.bump();
            }
        }
        self.close(open, TokenKind::RBrace, "")?;
        self.push_stmt(start, |_| StmtKind::Enum(Box::new(EnumDecl { name, variants, doc })));
        Ok(())
    }

    fn variant(&mut self, variants: &mut Vec<Variant>) -> Parse {
        let name = self.word("the name of a variant")?;
        let kind = match self.kind() {
            TokenKind::LParen => VariantKind::Tuple(self.payload(TokenKind::RParen)?),
            TokenKind::LBrace => VariantKind::Struct(self.payload(TokenKind::RBrace)?),
            _ => VariantKind::Open,
        };
        variants.push(Variant { name, kind });
        Ok(())
    }

    /// The names in the brackets after a variant. A type after a name is allowed and not kept.
    fn payload(&mut self, end: TokenKind) -> Parse<Vec<Ident>> {
        let open = self.pos;
        let mut names = Vec::new();
        let context = self.inside_brackets();
        self.bump();
        while !self.at(end) {
            names.push(self.word("a name")?);
            self.annotation()?;
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.context = context;
        self.close(open, end, "`,` or ")?;
        Ok(names)
    }

    /// At the name `from`: true when it begins `from a.b import …`.
    pub(super) fn is_from_import(&self) -> bool {
        let mut ahead = 1;
        while self.nth(ahead + 1).kind == TokenKind::Dot && self.nth(ahead + 2).kind.is_word() {
            ahead += 2;
        }
        self.nth(ahead + 1).kind == TokenKind::Import
    }

    /// `import a.b as c`, `from a.b import x, y as z`
    #[inline(never)]
    pub(super) fn import(&mut self) -> Parse {
        let word = self.bump();
        if self.blocks > 0 {
            self.not_top_level(word.span, "an import");
        }
        let mut import = Import { path: Vec::new(), alias: None, items: None };
        loop {
            if self.line_ends() {
                return Err(self.expected("the name of a module"));
            }
            import.path.push(self.word("the name of a module")?);
            if !self.eat(TokenKind::Dot) {
                break;
            }
        }
        if word.kind == TokenKind::Import {
            import.alias = self.alias()?;
        } else {
            self.expect(TokenKind::Import, "after the name of the module")?;
            let mut items = Vec::new();
            loop {
                let name = self.name("a name to import")?;
                items.push(ImportItem { name, alias: self.alias()? });
                if !self.eat(TokenKind::Comma) {
                    break;
                }
            }
            import.items = Some(items);
        }
        self.push_stmt(word.span.start, |_| StmtKind::Import(import));
        Ok(())
    }

    fn alias(&mut self) -> Parse<Option<Ident>> {
        if self.at_word("as") && !self.token().after_newline {
            self.bump();
            return self.name("another name").map(Some);
        }
        Ok(None)
    }

    #[cold]
    #[inline(never)]
    fn not_top_level(&mut self, span: Span, what: &str) {
        self.complain(Code::E0015, span, &format!("{what} belongs at the top level"));
    }

    /// `export` before a declaration or a binding.
    #[inline(never)]
    pub(super) fn export(&mut self) -> Parse {
        let word = self.bump().span;
        if self.blocks > 0 {
            self.not_top_level(word, "an export");
        }
        if !self.kind().starts_stmt() || self.at(TokenKind::Export) {
            return Err(self.expected("a declaration or a binding after `export`"));
        }
        self.statement()?;
        self.join_export(word);
        Ok(())
    }

    #[inline(never)]
    fn join_export(&mut self, word: Span) {
        let Some(Stmt { kind, span }) = self.stmts.pop() else { return };
        let exportable = matches!(
            kind,
            StmtKind::Func(_)
                | StmtKind::Struct(_)
                | StmtKind::Enum(_)
                | StmtKind::Bind { .. }
                | StmtKind::Assign { .. }
                | StmtKind::AssignPattern { .. }
        );
        if !exportable {
            let label = "only declarations and bindings can be exported";
            self.complain(Code::E0015, span, label);
        }
        self.push_stmt(word.start, |_| StmtKind::Export(Box::new(Stmt { kind, span })));
    }

    /// At `test` or `test_group` and a string.
    pub(super) fn is_test(&self) -> bool {
        !self.nth(1).after_newline && (self.at_word("test") || self.at_word("test_group"))
    }

    /// At `test_setup` or `test_teardown` and a brace.
    pub(super) fn is_test_step(&self) -> bool {
        !self.nth(1).after_newline && (self.at_word("test_setup") || self.at_word("test_teardown"))
    }

    #[inline(never)]
    pub(super) fn test(&mut self) -> Parse {
        let word = self.bump().span;
        let kind = match self.slice(word) {
            "test" => TestKind::Test,
            "test_group" => TestKind::Group,
            "test_setup" => TestKind::Setup,
            _ => TestKind::Teardown,
        };
        let name = if self.at(TokenKind::Str) {
            let text = self.bump().span;
            unescape(string_body(self.slice(text)))
        } else {
            Box::default()
        };
        let body = self.block()?;
        self.push_stmt(word.start, |_| StmtKind::Test(TestDecl { kind, name, body }));
        Ok(())
    }
}

#[inline(never)]
fn new_struct(name: Ident, doc: Option<Box<str>>) -> Box<StructDecl> {
    Box::new(StructDecl { name, fields: Vec::new(), methods: Vec::new(), doc })
}

#[inline(never)]
#[expect(
    clippy::boxed_local,
    reason = "unboxed here, not in the frame of the caller, which recurses"
)]
fn push_method(methods: &mut Vec<FuncDecl>, method: Box<FuncDecl>) {
    methods.push(*method);
}
