//! Programs that are run for each line of an input, as by perl, awk or jq.
//!
//! The text becomes the body of a function of the line, compiled once. What it declares with a word is fresh for each line;
//! a variable that is merely assigned stays from line to line and is null at first, so that it can count or remember. Named
//! functions, structs and enums are the program's.

use remora_diagnostics::{Severity, Source, SourceMap, Span};
use remora_syntax::ast::{
    AssignOp, Block, ExprKind, FuncDecl, FuncKind, Ident, Node, Param, ParamKind, Pattern,
    PatternKind, Program, Stmt, StmtKind,
};
use remora_syntax::{ParseLimits, Parsed, parse, parse_from};

use crate::engine::return_last;
use crate::{Engine, Module, Rejected};

/// The texts of a program for lines.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lines<'a> {
    /// Run before the first line.
    pub begin: &'a str,
    /// Run for each line, which is `line`; its number, from 1, is `n`; what the host makes of it is `it`.
    pub each: &'a str,
    /// Run after the last line.
    pub end: &'a str,
}

impl Lines<'_> {
    /// The function to call for each line, with `line`, `n` and `it`; gives the value of the last expression.
    pub const EACH: &'static str = "each line";
    /// The function to call after the last line.
    pub const END: &'static str = "the end";
}

impl Engine {
    /// Compiles a program for lines: its top-level code is `begin`; see [`Lines::EACH`] and [`Lines::END`].
    ///
    /// # Errors
    /// As [`Engine::compile`].
    pub fn compile_lines(&self, name: &str, lines: Lines<'_>) -> Result<Module, Rejected> {
        let mut text = String::new();
        let mut diagnostics = Vec::new();
        let [begin, each, end] = [lines.begin, lines.each, lines.end].map(|part| {
            let begin = text.len();
            text.push_str(part);
            text.push('\n');
            // Places are places in the whole text.
            let parsed = parse_from(&text, begin, &ParseLimits::default());
            diagnostics.extend(parsed.diagnostics);
            parsed.program
        });
        if diagnostics.iter().any(|it| it.severity == Severity::Error) {
            let sources = SourceMap::single(Source::new(name, text));
            return Err(Rejected::new(diagnostics, sources));
        }
        let program = assembled(begin, each, end);
        self.compile_parsed(name, &text, Parsed { program, diagnostics })
    }
}

fn assembled(begin: Program, mut each: Program, end: Program) -> Program {
    return_last(&mut each);
    let (declarations, body): (Vec<_>, Vec<_>) = each.stmts.into_iter().partition(|it| {
        matches!(
            it.kind,
            StmtKind::Func(_) | StmtKind::Struct(_) | StmtKind::Enum(_) | StmtKind::Import(_)
        )
    });
    let mut known = vec!["line".to_owned(), "n".to_owned(), "it".to_owned()];
    begin.walk(&mut |node| known.extend(declared(node)));
    let mut kept = Vec::new();
    for stmt in body.iter().chain(&end.stmts) {
        assigned(Node::Stmt(stmt), &mut kept);
    }
    let mut stmts: Vec<Stmt> = Vec::new();
    for name in kept {
        if !known.contains(&name) {
            stmts.extend(parse(&format!("{name} := null"), &ParseLimits::default()).program.stmts);
            known.push(name);
        }
    }
    stmts.extend(begin.stmts);
    stmts.extend(declarations);
    stmts.push(function(Lines::EACH, &["line", "n", "it"], body));
    stmts.push(function(Lines::END, &[], end.stmts));
    Program { stmts }
}

/// An exported function: nothing in the program calls it.
fn function(name: &str, params: &[&str], stmts: Vec<Stmt>) -> Stmt {
    let first = stmts.first().map_or(0, |it| it.span.start);
    let span = Span::new(first, stmts.last().map_or(first, |it| it.span.end));
    let ident = |name: &str| Ident { name: name.into(), span: Span::at(first) };
    let params = params.iter().map(|name| Param {
        pattern: Pattern { kind: PatternKind::Bind(ident(name)), span: Span::at(first) },
        ty: None,
        kind: ParamKind::Required,
    });
    let decl = FuncDecl {
        name: ident(name),
        kind: FuncKind::Plain,
        self_param: None,
        params: params.collect(),
        result: None,
        body: Block { stmts, span },
        doc: None,
    };
    let func = Stmt { kind: StmtKind::Func(Box::new(decl)), span };
    Stmt { kind: StmtKind::Export(Box::new(func)), span }
}

/// The names that a node of the begin text declares.
fn declared(node: Node<'_>) -> Vec<String> {
    match node {
        Node::Ident(name) => vec![name.name.to_string()],
        Node::Pattern(Pattern { kind: PatternKind::Bind(name), .. }) => vec![name.name.to_string()],
        _ => Vec::new(),
    }
}

/// The variables that are assigned by their bare names, outside of functions.
fn assigned(node: Node<'_>, names: &mut Vec<String>) {
    match node {
        Node::Expr(expr) if matches!(expr.kind, ExprKind::Func(_)) => return,
        Node::Stmt(stmt) => match &stmt.kind {
            StmtKind::Func(_) | StmtKind::Struct(_) => return,
            StmtKind::Assign { place, op: AssignOp::Set, .. } => {
                if let ExprKind::Name(name) = &place.kind {
                    names.push(name.to_string());
                }
            }
            StmtKind::AssignPattern { pattern, .. } => {
                Node::Pattern(pattern).walk(&mut |it| names.extend(declared(it)));
            }
            _ => {}
        },
        _ => {}
    }
    node.children(&mut |child| assigned(child, names));
}
