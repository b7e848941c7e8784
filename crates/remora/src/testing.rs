//! Test blocks as functions, so that each can be called by its name in a VM of its own.
//!
//! A change of the tree, before names are looked up: `test "b"` in `test_group "a"` becomes the function `a / b`. What the
//! groups around it declare and set up stands before its body, in blocks of their own, so that the test sees it and two
//! tests never share it; what they tear down stands in `finally`. After this a test is code like any other.

use remora_diagnostics::Span;
use remora_syntax::ast::{
    Block, FuncDecl, FuncKind, Ident, Program, Stmt, StmtKind, TestDecl, TestKind, Try,
};

use crate::{Engine, Module, Rejected};

/// A test that can be run: call the function of that name after the module's top-level code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TestCase {
    /// The names of its groups and its own, joined by ` / `.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

/// A program whose test blocks are functions.
#[derive(Clone, Debug)]
pub struct Tests {
    /// The program; each of `cases` is a function of it.
    pub module: Module,
    /// In the order of the text.
    pub cases: Vec<TestCase>,
}

impl Engine {
    /// Compiles a program with its test blocks.
    ///
    /// # Errors
    /// As [`Engine::compile`]; what is wrong in a setup is reported once, not for each test.
    pub fn compile_tests(&self, name: &str, text: &str) -> Result<Tests, Rejected> {
        let mut cases = Vec::new();
        let made = self.compile_changed(name, text, |program| cases = lift_tests(program));
        match made {
            Ok(module) => Ok(Tests { module, cases }),
            Err(mut rejected) => {
                let mut seen = Vec::new();
                rejected.diagnostics.retain(|it| {
                    let place = (it.code, it.labels.first().map(|it| it.span));
                    let new = !seen.contains(&place);
                    seen.push(place);
                    new
                });
                Err(rejected)
            }
        }
    }
}

/// What a group, or the file, gives to its tests.
struct Level {
    /// Declarations and setups.
    before: Vec<Stmt>,
    /// Teardowns.
    after: Vec<Stmt>,
    span: Span,
}

/// Makes functions of the test blocks of a program, for engines that walk its tree; [`Engine::compile_tests`] does so too.
pub fn lift_tests(program: &mut Program) -> Vec<TestCase> {
    let stmts = std::mem::take(&mut program.stmts);
    let (tests, others) = stmts.into_iter().partition(|it| matches!(it.kind, StmtKind::Test(_)));
    program.stmts = others;
    let mut lifted = Lifted { cases: Vec::new(), stmts: Vec::new() };
    lifted.group(tests, &mut Vec::new(), "", Span::default());
    program.stmts.append(&mut lifted.stmts);
    lifted.cases
}

struct Lifted {
    cases: Vec<TestCase>,
    stmts: Vec<Stmt>,
}

impl Lifted {
    /// The statements of a group; how deep groups nest is bounded by the parser.
    fn group(&mut self, stmts: Vec<Stmt>, levels: &mut Vec<Level>, path: &str, span: Span) {
        let (mut before, mut after, mut tests) = (Vec::new(), Vec::new(), Vec::new());
        let (mut set_up, mut functions) = (Vec::new(), Vec::new());
        for stmt in stmts {
            match stmt.kind {
                StmtKind::Test(TestDecl { kind: TestKind::Setup, body, .. }) => {
                    set_up.extend(body.stmts);
                }
                StmtKind::Test(TestDecl { kind: TestKind::Teardown, body, .. }) => {
                    after.extend(body.stmts);
                }
                StmtKind::Test(test) => tests.push((test, stmt.span)),
                StmtKind::Func(_) => functions.push(stmt),
                _ => before.push(stmt),
            }
        }
        // Functions can be called from anywhere in a block, but see only the variables that stand before them.
        before.append(&mut set_up);
        before.append(&mut functions);
        levels.push(Level { before, after, span });
        for (test, span) in tests {
            let name = if path.is_empty() {
                test.name.to_string()
            } else {
                format!("{path} / {}", test.name)
            };
            if test.kind == TestKind::Group {
                self.group(test.body.stmts, levels, &name, span);
            } else {
                self.test(name, test.body, levels, span);
            }
        }
        levels.pop();
    }

    fn test(&mut self, name: String, body: Block, levels: &[Level], span: Span) {
        let name = self.distinct(name);
        let end = Span::new(span.end.saturating_sub(1), span.end);
        let body = levels.iter().rev().fold(body, |inside, level| level.around(inside));
        let func = FuncDecl {
            name: Ident { name: name.as_str().into(), span },
            kind: FuncKind::Plain,
            self_param: None,
            params: Vec::new(),
            result: None,
            body: Block { span: Span::new(span.start, end.end), ..body },
            doc: None,
        };
        let func = Stmt { kind: StmtKind::Func(Box::new(func)), span };
        // Exported, for nothing in the program calls it.
        self.stmts.push(Stmt { kind: StmtKind::Export(Box::new(func)), span });
        self.cases.push(TestCase { name, span });
    }

    /// A second test of the same name is told apart by a number.
    fn distinct(&self, name: String) -> String {
        let taken = |name: &str| self.cases.iter().any(|it| it.name == name);
        let mut numbered = (2..).map(|nth: u32| format!("{name} ({nth})"));
        if taken(&name) { numbered.find(|it| !taken(it)).unwrap_or(name) } else { name }
    }
}

impl Level {
    /// A block that does what belongs to this level around `inside`.
    fn around(&self, inside: Block) -> Block {
        let span = inside.span;
        let kind = if self.after.is_empty() {
            StmtKind::Block(inside)
        } else {
            let finally = Block { stmts: self.after.clone(), span: self.span };
            StmtKind::Try(Box::new(Try { body: inside, except: None, finally: Some(finally) }))
        };
        let mut stmts = self.before.clone();
        stmts.push(Stmt { kind, span });
        Block { stmts, span }
    }
}
