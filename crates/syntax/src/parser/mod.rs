//! Tokens to the syntax tree, with every error that can be found.
//!
//! Recursive descent for statements, operator precedence for expressions (`precedence`). Never panics, never runs out
//! of native stack, linear in the number of tokens. An error unwinds (as [`Stop`]) to the nearest statement, field or
//! case, which skips to where the next one begins (`recover`), so that one slip is one error.
//!
//! Finished expressions, patterns, types and statements lie on stacks (`operands`, `patterns`, …), and not in the return values of the
//! functions that parse them: the functions that call each other recursively hold next to nothing in their frames,
//! and a list is cut off its stack in one piece, exactly as long as it is.

mod collection;
mod control;
mod cursor;
mod elsewhere;
mod expr;
mod function;
mod habits;
mod item;
mod limits;
mod matching;
mod pattern;
mod precedence;
mod recover;
mod stmt;
mod types;

use remora_diagnostics::{Diagnostic, Sink, Span};

pub use self::limits::ParseLimits;
pub(crate) use self::limits::check_size;
use self::precedence::Operator;
use crate::ast::{
    Arg, DictEntry, Element, Expr, ExprKind, Interpolated, Pattern, Program, Stmt, StructField,
    TypeExpr,
};
use crate::lexer::{self, Unfinished};
use crate::token::Token;

/// What [`parse`] gives.
#[derive(Clone, PartialEq, Debug)]
pub struct Parsed {
    /// The tree. With errors among the diagnostics it may hold error nodes and lack what could not be understood.
    pub program: Program,
    /// What was found, in order of place. The tree is sound when there is no error among them.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses a whole source text.
///
/// Every span of the result lies in `text` on character boundaries. Costs time and memory linear in the length of
/// the text: about half a millisecond for a thousand lines.
#[must_use]
pub fn parse(text: &str, limits: &ParseLimits) -> Parsed {
    parse_from(text, 0, limits)
}

/// Parses the source text that begins at the byte `begin` of a longer one; spans are places in the longer one. So
/// several files, or the inputs of a session, share one numbering of places.
///
/// Costs as much as [`parse`] does for the part that is parsed. A `begin` that is no place in `text` counts as its end.
#[must_use]
pub fn parse_from(text: &str, begin: usize, limits: &ParseLimits) -> Parsed {
    let begin = if text.is_char_boundary(begin) { begin } else { text.len() };
    if let Some(error) = check_size(text, begin, limits.max_source) {
        return Parsed { program: Program::default(), diagnostics: vec![error] };
    }
    let mut sink = Sink::new(limits.max_errors);
    let lexed = lexer::lex(text, begin, &mut sink);
    let mut parser = Parser {
        text,
        tokens: &lexed.tokens,
        docs: &lexed.docs,
        pos: 0,
        context: Context { lines: true, condition: false },
        operands: Vec::new(),
        operators: Vec::new(),
        patterns: Vec::new(),
        types: Vec::new(),
        stmts: Vec::new(),
        lists: Lists::default(),
        nesting: 0,
        blocks: 0,
        tallest: 0,
        limits,
        sink,
        last_error: None,
        silent_from: match lexed.unfinished {
            Some(Unfinished::Text(at)) => lexed.tokens.partition_point(|it| it.span.start < at),
            Some(Unfinished::Bracket) | None => usize::MAX,
        },
        halted: false,
    };
    parser.statements(None);
    let program = Program { stmts: std::mem::take(&mut parser.stmts) };
    Parsed { program, diagnostics: parser.sink.finish() }
}

/// An error was reported; whoever can go on from here shall do so.
struct Stop;

type Parse<T = ()> = Result<T, Stop>;

/// What surrounds the tokens ahead.
#[derive(Clone, Copy)]
struct Context {
    /// A newline ends a statement: not inside brackets.
    lines: bool,
    /// Between `if`, `while`, `for … in`, `match`, `case … if` and the block after it, outside of brackets: a brace
    /// after a name most likely opens that block, and `=>` belongs to the case.
    condition: bool,
}

/// A finished expression on the stack.
struct Node {
    expr: Expr,
    /// With the parentheses around it, which count for the span of the expression it becomes a part of.
    outer: Span,
    /// How tall its tree is.
    height: u32,
}

/// Parts of literals and calls that are not closed yet, those of the innermost last.
#[derive(Default)]
struct Lists {
    args: Vec<Arg>,
    elements: Vec<Element>,
    entries: Vec<DictEntry>,
    fields: Vec<StructField>,
    parts: Vec<Interpolated>,
}

/// Cuts what is above `base` off a stack, into a vector without room to spare.
#[inline(never)]
fn cut<T>(stack: &mut Vec<T>, base: usize) -> Vec<T> {
    stack.drain(base..).collect()
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    docs: &'a [(u32, Span)],
    pos: usize,
    context: Context,
    operands: Vec<Node>,
    operators: Vec<Operator>,
    patterns: Vec<Pattern>,
    types: Vec<TypeExpr>,
    stmts: Vec<Stmt>,
    lists: Lists,
    nesting: u32,
    blocks: u32,
    /// The tallest expression taken off the stack since the last mark.
    tallest: u32,
    limits: &'a ParseLimits,
    sink: Sink,
    /// The token at which the last error was reported.
    last_error: Option<usize>,
    /// The token from which on nothing is reported, because the text ends inside a string or comment.
    silent_from: usize,
    /// A limit was reached: no more errors are reported.
    halted: bool,
}

impl Parser<'_> {
    /// Puts a leaf on the stack: the token of `span`, already taken.
    fn push_leaf(&mut self, kind: ExprKind, span: Span) {
        self.operands.push(Node { expr: Expr { kind, span }, outer: span, height: 1 });
    }

    /// Puts a node on the stack that `make` builds; its parts were or will be taken since `mark`.
    ///
    /// Never inlined, here as in its like: what is being built shall not take room in the frames of the functions that
    /// call each other recursively.
    #[inline(never)]
    fn push_node(
        &mut self,
        mark: u32,
        span: Span,
        make: impl FnOnce(&mut Self) -> ExprKind,
    ) -> Parse {
        let kind = make(self);
        self.put_node(mark, span, kind)
    }

    /// What is the same for all kinds of nodes stands here once.
    #[inline(never)]
    fn put_node(&mut self, mark: u32, span: Span, kind: ExprKind) -> Parse {
        let height = self.grown(mark)?;
        self.operands.push(Node { expr: Expr { kind, span }, outer: span, height });
        Ok(())
    }

    /// Takes the expression on top of the stack.
    #[inline(never)]
    fn take(&mut self) -> Expr {
        self.take_node().expr
    }

    /// Takes the expression on top of the stack with what is known of it.
    fn take_node(&mut self) -> Node {
        match self.operands.pop() {
            Some(node) => {
                self.count_height(node.height);
                node
            }
            None => {
                debug_assert!(false, "every expression is taken once");
                let span = Span::at(self.last_end());
                Node { expr: Expr { kind: ExprKind::Error, span }, outer: span, height: 1 }
            }
        }
    }

    /// Takes the expression on top of the stack into a box.
    #[inline(never)]
    fn take_boxed(&mut self) -> Box<Expr> {
        Box::new(self.take())
    }

    /// The outer span of the expression on top of the stack.
    fn top_outer(&self) -> Span {
        self.operands.last().map_or_else(Span::default, |it| it.outer)
    }
}
