//! The structs and enums of a session, which each of its modules repeats in the same order.

use remora_bytecode::{Payload, TypeDef};
use remora_diagnostics::Span;
use remora_syntax::ast::{
    EnumDecl, Field, Ident, Pattern, PatternKind, Program, Stmt, StmtKind, StructDecl, Variant,
    VariantKind,
};

/// A struct or enum of an earlier input.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    stmt: Stmt,
    /// No program can name it: something of the same name was declared later, or it was declared in a function.
    pub(super) hidden: bool,
}

impl Declared {
    /// One of that form that no program can name: it only keeps its place among the types.
    pub(super) fn nameless(def: &TypeDef, nth: usize) -> Self {
        let ident = |name: &str| Ident { name: name.into(), span: Span::default() };
        let kind = match def {
            TypeDef::Struct { name, fields, .. } => {
                let field = |name| Field { name: ident(name), ty: None, default: None };
                let fields = fields.iter().map(|it| field(it)).collect();
                let name = ident(name);
                StmtKind::Struct(Box::new(StructDecl {
                    name,
                    fields,
                    methods: Vec::new(),
                    doc: None,
                }))
            }
            TypeDef::Enum { name, variants } => {
                let variants = variants.iter().map(|it| Variant {
                    name: ident(&it.name),
                    kind: match &it.payload {
                        Payload::Open => VariantKind::Open,
                        Payload::Tuple(n) => VariantKind::Tuple(
                            (0..*n).map(|nth| ident(&format!("p{nth}"))).collect(),
                        ),
                        Payload::Struct(names) => {
                            VariantKind::Struct(names.iter().map(|it| ident(it)).collect())
                        }
                    },
                });
                let variants = variants.collect();
                StmtKind::Enum(Box::new(EnumDecl { name: ident(name), variants, doc: None }))
            }
        };
        let mut stmt = Stmt { kind, span: Span::default() };
        hide(&mut stmt, nth);
        Self { stmt, hidden: true }
    }

    pub(super) fn name(&self) -> Option<&str> {
        type_name(&self.stmt).map(|it| &*it.name)
    }

    /// The names of fields and methods, or of variants.
    pub(super) fn members(&self) -> Vec<&str> {
        members(&self.stmt)
    }
}

/// Puts the earlier structs and enums before a program; gives all of them, with the program's.
pub(super) fn carry_over(earlier: &[Declared], program: &mut Program) -> Vec<Declared> {
    let mut names = Vec::new();
    for stmt in &program.stmts {
        declared_names(stmt, &mut names);
    }
    let mut types: Vec<Declared> = earlier.to_vec();
    for (nth, it) in types.iter_mut().enumerate() {
        if !it.hidden && it.name().is_some_and(|name| names.contains(&name)) {
            hide(&mut it.stmt, nth);
            it.hidden = true;
        }
    }
    let new = program.stmts.iter().filter(|it| type_name(it).is_some());
    let new: Vec<_> = new.map(|it| Declared { stmt: it.clone(), hidden: false }).collect();
    program.stmts.splice(0..0, types.iter().map(|it| it.stmt.clone()));
    types.extend(new);
    types
}

/// Makes a type that no program can name, with the same parts.
fn hide(stmt: &mut Stmt, nth: usize) {
    // No name of a program has a place in it; the number keeps two of the same name apart.
    let name = format!("{} {nth}", type_name(stmt).map_or("", |it| &*it.name));
    match &mut stmt.kind {
        StmtKind::Struct(decl) => {
            decl.name.name = name.into();
            decl.methods.clear();
            decl.fields.iter_mut().for_each(|it| it.default = None);
        }
        StmtKind::Enum(decl) => decl.name.name = name.into(),
        StmtKind::Export(inner) => hide(inner, nth),
        _ => {}
    }
}

/// The name of a struct or enum that a statement declares.
fn type_name(stmt: &Stmt) -> Option<&Ident> {
    match &stmt.kind {
        StmtKind::Struct(decl) => Some(&decl.name),
        StmtKind::Enum(decl) => Some(&decl.name),
        StmtKind::Export(inner) => type_name(inner),
        _ => None,
    }
}

fn members(stmt: &Stmt) -> Vec<&str> {
    match &stmt.kind {
        StmtKind::Struct(decl) => {
            let fields = decl.fields.iter().map(|it| &*it.name.name);
            fields.chain(decl.methods.iter().map(|it| &*it.name.name)).collect()
        }
        StmtKind::Enum(decl) => decl.variants.iter().map(|it| &*it.name.name).collect(),
        StmtKind::Export(inner) => members(inner),
        _ => Vec::new(),
    }
}

/// The names that a statement declares with a word: those that hide a type.
fn declared_names<'a>(stmt: &'a Stmt, names: &mut Vec<&'a str>) {
    match &stmt.kind {
        StmtKind::Func(decl) => names.push(&decl.name.name),
        StmtKind::Bind { pattern: Pattern { kind: PatternKind::Bind(name), .. }, .. } => {
            names.push(&name.name);
        }
        StmtKind::Export(inner) => declared_names(inner, names),
        _ => names.extend(type_name(stmt).map(|it| &*it.name)),
    }
}
