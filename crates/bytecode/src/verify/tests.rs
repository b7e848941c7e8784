//! Verifying is linear: for code of a shape that invites quadratic work, twice the code is twice the work. Counted, not
//! timed.

use std::sync::Arc;

use super::Budget;
use crate::builder::CodeBuilder;
use crate::code::{Code, CodeParts, Handler};
use crate::function::{Capture, Function, FunctionKind};
use crate::ids::{CellIdx, FnIdx, ImportIdx, LabelIdx, LocalIdx, NameIdx};
use crate::isa::Opcode;
use crate::module::{Import, ImportKind, Module, ModuleData};
use crate::site::Site;
use crate::unit::encode;

fn function(code: Arc<Code>) -> Function {
    Function {
        name: "f".into(),
        params: [].into(),
        kind: FunctionKind::Plain,
        captures: [].into(),
        code,
    }
}

/// The work of verifying a module whose first function has that code.
#[track_caller]
fn work(code: CodeBuilder, others: &[Function]) -> u64 {
    let code = code.finish().unwrap();
    let functions = [function(code)].iter().chain(others).cloned().collect();
    let import = Import { name: "print".into(), kind: ImportKind::Host };
    let data = ModuleData { functions, imports: [import].into(), ..ModuleData::default() };
    Module::new(data).verify_counting(&Budget::default()).unwrap().1
}

/// Work for `n` and for twice that is in proportion.
#[track_caller]
fn linear(work: impl Fn(u32) -> u64) {
    let (once, twice) = (work(2_000), work(4_000));
    assert!(twice < once * 9 / 4, "{once} then {twice}");
}

#[test]
fn in_long_code() {
    linear(|n| {
        let mut code = CodeBuilder::new(1);
        for _ in 0..n {
            code.load_int(1);
            code.store_local(LocalIdx(0));
        }
        code.return_null();
        work(code, &[])
    });
}

/// `n` host functions on the stack wherever one of `n` jumps leads; all of them are dropped there.
#[test]
fn with_deep_stacks_at_many_labels() {
    linear(|n| {
        let mut code = CodeBuilder::new(0);
        let labels: Vec<_> = (0..n).map(|_| code.new_label()).collect();
        for _ in 0..n {
            code.load_host(ImportIdx(0));
        }
        for label in &labels {
            code.load_null();
            code.jump_if_true(*label);
        }
        code.return_null();
        for label in &labels {
            code.bind(*label);
            code.build_array(n);
            code.pop();
            code.return_null();
        }
        work(code, &[])
    });
}

/// The same stack of `n` host functions, made in two ways that meet at `n` labels.
#[test]
fn with_deep_stacks_made_in_two_ways() {
    linear(|n| {
        let mut code = CodeBuilder::new(0);
        let labels: Vec<_> = (0..n).map(|_| code.new_label()).collect();
        let other = code.new_label();
        code.load_null();
        code.jump_if_true(other);
        for turn in 0..2 {
            for _ in 0..n {
                code.load_host(ImportIdx(0));
            }
            for label in &labels {
                code.load_null();
                code.jump_if_true(*label);
            }
            code.return_null();
            if turn == 0 {
                code.bind(other);
            }
        }
        for label in &labels {
            code.bind(*label);
            code.return_null();
        }
        work(code, &[])
    });
}

/// Iterations within iterations, and copies of the bottom of the stack within the innermost.
#[test]
fn with_nested_iterations() {
    linear(|n| {
        let mut code = CodeBuilder::new(0);
        code.load_null();
        for _ in 0..n {
            code.load_null();
            code.get_iter();
        }
        for _ in 0..n {
            code.copy(2 * n);
            code.pop();
        }
        code.return_null();
        work(code, &[])
    });
}

/// A closure over many cells, made many times.
#[test]
fn with_many_captures() {
    let made = |n: u32| {
        let cells: Vec<Arc<str>> = vec!["c".into(); n as usize];
        let captures = (0..n).map(|nth| Capture::Cell(CellIdx(nth))).collect();
        let mut inner = CodeBuilder::new(0);
        inner.return_null();
        let mut parts = CodeParts::from((*inner.finish().unwrap()).clone());
        parts.free = cells;
        Function { captures, ..function(Arc::new(parts.into())) }
    };
    linear(|n| {
        let mut code = CodeBuilder::new(0);
        for _ in 0..200 {
            code.tables().new_cell("c");
        }
        for nth in 0..200 {
            code.make_cell(CellIdx(nth));
        }
        for _ in 0..n {
            code.make_closure(FnIdx(1));
            code.pop();
        }
        code.return_null();
        work(code, &[made(200)])
    });
}

/// A call with many named arguments, made many times.
#[test]
fn with_large_call_sites() {
    linear(|n| {
        let mut code = CodeBuilder::new(0);
        let named: Box<[NameIdx]> =
            (0..200).map(|it| code.tables().name(&it.to_string())).collect();
        for _ in 0..n / 100 {
            for _ in 0..201 {
                code.load_null();
            }
            code.call_named(Site { named: named.clone(), ..Site::call(0) });
            code.pop();
        }
        code.return_null();
        work(code, &[])
    });
}

/// Handlers in handlers, and as many labels inside of all of them as outside.
#[test]
fn with_nested_handlers() {
    linear(|n| {
        let mut units = Vec::new();
        let depth = 250;
        // Labels 0 to depth-1 begin ranges; n more are jumped to from inside; then all ranges end at one label.
        let mut labels: Vec<u32> = (0..depth).collect();
        for _ in 0..depth {
            encode(Opcode::LoadNull, 0, &mut units);
        }
        for nth in 0..n {
            encode(Opcode::LoadNull, 0, &mut units);
            encode(Opcode::JumpIfTrue, depth + nth, &mut units);
            labels.push(u32::try_from(units.len()).unwrap());
        }
        encode(Opcode::ReturnNull, 0, &mut units);
        labels.push(u32::try_from(units.len()).unwrap());
        encode(Opcode::ReturnNull, 0, &mut units);
        let end = LabelIdx(depth + n);
        let handlers = (0..depth)
            .map(|nth| Handler { start: LabelIdx(nth), end, target: end, depth: 0 })
            .collect();
        let parts = CodeParts { units, labels, handlers, max_stack: 300, ..CodeParts::default() };
        let functions = [function(Arc::new(parts.into()))].into();
        let data = ModuleData { functions, ..ModuleData::default() };
        Module::new(data).verify_counting(&Budget::default()).unwrap().1
    });
}

/// As many locals as are always allowed, and jumps everywhere.
#[test]
fn with_many_locals_and_jumps() {
    linear(|n| {
        let mut code = CodeBuilder::new(4_000);
        for _ in 0..n {
            let label = code.new_label();
            code.load_null();
            code.jump_if_true(label);
            code.load_null();
            code.store_local(LocalIdx(7));
            code.bind(label);
        }
        code.return_null();
        work(code, &[])
    });
}
