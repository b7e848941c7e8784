//! What is built is what is read: operands of all sizes, labels beyond one byte, spans, and code that cannot be reached.

use remora_bytecode::{
    Budget, BuildError, CodeBuilder, CompareKind, Constant, Function, LocalIdx, Module, Opcode,
};
use remora_diagnostics::Span;

use crate::fixture::{Random, function, module_of};

/// Instructions without label and without effect that depends on tables, in any order that keeps the stack from
/// running empty.
fn straight_line(random: &mut Random, len: usize) -> (CodeBuilder, Vec<(Opcode, u32)>) {
    let mut code = CodeBuilder::new(u32::MAX);
    let mut wanted = Vec::new();
    while wanted.len() < len {
        let op = Opcode::ALL[random.below(Opcode::ALL.len())];
        let (info, facts) = (op.info(), op.facts());
        let ends = info.flags.has(remora_bytecode::isa::Flags::END);
        let branches = info.flags.has(remora_bytecode::isa::Flags::BRANCH);
        if op == Opcode::ExtendedArg || facts.custom || ends || branches {
            continue;
        }
        let arg = if info.operand.is_some() { random.operand() } else { 0 };
        if facts.takes(arg) > code.depth().unwrap() {
            continue;
        }
        code.emit(op, arg);
        wanted.push((op, arg));
    }
    code.return_null();
    wanted.push((Opcode::ReturnNull, 0));
    (code, wanted)
}

#[test]
fn random_instructions_are_read_as_they_were_built_in_both_directions() {
    let mut sizes = [0; 5];
    for seed in 0..200 {
        let mut random = Random(seed);
        let len = random.below(300);
        let (code, wanted) = straight_line(&mut random, len);
        let code = code.finish().unwrap();
        let read: Vec<_> = code.instructions().collect();
        let pairs: Vec<_> = read.iter().map(|it| (it.op, it.arg)).collect();
        assert_eq!(pairs, wanted, "seed {seed}");
        let mut backward: Vec<_> = code.instructions().rev().collect();
        backward.reverse();
        assert_eq!(backward, read, "seed {seed}");
        let mut at = 0;
        for it in &read {
            assert_eq!(it.at, at);
            at = it.end();
            sizes[it.len as usize] += 1;
        }
        assert_eq!(at as usize, code.units().len());
    }
    assert!(sizes[1..].iter().all(|n| *n > 100), "all sizes of operands occur: {sizes:?}");
}

#[test]
fn both_ends_of_an_iterator_meet_in_the_middle() {
    let (code, wanted) = straight_line(&mut Random(7), 100);
    let code = code.finish().unwrap();
    let mut instructions = code.instructions();
    let mut n = 0;
    while let Some(first) = instructions.next() {
        n += 1;
        if let Some(last) = instructions.next_back() {
            n += 1;
            assert!(first.at < last.at);
        }
    }
    assert_eq!(n, wanted.len());
}

#[test]
fn operands_of_every_size_are_resolved() {
    for n in [1_u32, 200, 300, 70_000] {
        let mut code = CodeBuilder::new(0);
        for value in 0..n {
            code.load_const(Constant::Int(i64::from(value) + (1 << 40)));
            code.pop();
        }
        code.return_null();
        let code = code.finish().unwrap();
        let loads = code.instructions().filter(|it| it.op == Opcode::LoadConst);
        for (value, it) in (0..).zip(loads) {
            let remora_bytecode::view::Operand::Const(_, constant) = it.operand(&code) else {
                panic!("{it:?}")
            };
            assert_eq!(*constant, Constant::Int(value + (1 << 40)));
        }
        Module::new(module_of(Function { code, ..function(Default::default()) }))
            .verify(&Budget::default())
            .unwrap();
    }
}

#[test]
fn labels_beyond_one_byte_lead_where_they_were_bound() {
    let mut code = CodeBuilder::new(1);
    let local = LocalIdx(0);
    code.load_int(0);
    code.store_local(local);
    for n in 0..1_000 {
        let (head, skip) = (code.new_label(), code.new_label());
        code.bind(head);
        code.load_local(local);
        code.load_int(n);
        code.compare(CompareKind::Lt);
        code.jump_if_false(skip);
        code.load_int(n + 1);
        code.store_local(local);
        code.jump_back(head);
        code.bind(skip);
    }
    code.return_null();
    let code = code.finish().unwrap();
    // Where one loop ends the next begins: one label for both.
    assert_eq!(code.labels().len(), 1_001);
    for it in code.instructions() {
        let remora_bytecode::view::Operand::Label(_, target) = it.operand(&code) else { continue };
        let found = code.instructions().find(|to| to.at == target).unwrap();
        let wanted = if it.op == Opcode::JumpBack || (target as usize) + 1 < code.units().len() {
            Opcode::LoadLocal
        } else {
            Opcode::ReturnNull
        };
        assert_eq!((found.op, it.op == Opcode::JumpBack), (wanted, target < it.at));
    }
    Module::new(module_of(Function { code, ..function(Default::default()) }))
        .verify(&Budget::default())
        .unwrap();
}

#[test]
fn what_cannot_be_reached_is_left_out() {
    let mut code = CodeBuilder::new(0);
    let (head, out, handler) = (code.new_label(), code.new_label(), code.new_label());
    code.load_null();
    code.r#return();
    code.bind(head);
    code.load_const(Constant::text("never"));
    code.jump_if_true(out);
    let (start, end) = (code.new_label(), code.new_label());
    code.bind(start);
    code.add_handler(start, end, handler, 0);
    code.get_attr("never");
    code.bind(end);
    code.jump_back(head);
    code.bind(handler);
    code.pop();
    code.bind(out);
    code.return_null();
    let code = code.finish().unwrap();
    let read: Vec<_> = code.instructions().map(|it| it.op).collect();
    assert_eq!(read, [Opcode::LoadNull, Opcode::Return]);
    assert!(code.constants().is_empty() && code.names().is_empty());
    assert!(code.labels().is_empty() && code.handlers().is_empty());
}

#[test]
fn handlers_are_sorted_and_lead_to_live_code() {
    let mut code = CodeBuilder::new(0);
    let labels: Vec<_> = (0..6).map(|_| code.new_label()).collect();
    let [outer, inner, inner_end, outer_end, caught, caught_outside] = labels[..] else { panic!() };
    code.bind(outer);
    code.load_null();
    code.bind(inner);
    code.load_null();
    code.raise();
    code.bind(inner_end);
    // Added from the inside out: the table is from the outside in.
    code.add_handler(inner, inner_end, caught, 1);
    code.add_handler(outer, outer_end, caught_outside, 0);
    code.bind(caught);
    code.raise();
    code.bind(outer_end);
    code.bind(caught_outside);
    code.r#return();
    let code = code.finish().unwrap();
    assert_eq!(code.handlers().iter().map(|it| it.depth).collect::<Vec<_>>(), [0, 1]);
    Module::new(module_of(Function { code, ..function(Default::default()) }))
        .verify(&Budget::default())
        .unwrap();
}

#[test]
fn spans_stick_until_the_next() {
    let mut code = CodeBuilder::new(0);
    code.set_span(Span::new(3, 7));
    code.load_int(1_000);
    code.load_null();
    code.set_span(Span::new(9, 12));
    code.binary_add();
    code.r#return();
    let code = code.finish().unwrap();
    let spans: Vec<_> = code.instructions().map(|it| code.lines().span(it.at)).collect();
    let (first, second) = (Span::new(3, 7), Span::new(9, 12));
    assert_eq!(spans, [first, first, second, second]);
    assert_eq!(code.lines().iter().count(), 2);
}

#[test]
fn mistakes_are_told_by_finish() {
    let finish = |build: &dyn Fn(&mut CodeBuilder)| {
        let mut code = CodeBuilder::new(0);
        build(&mut code);
        code.finish().unwrap_err()
    };
    assert_eq!(finish(&|_| {}), BuildError::NoEnd);
    assert_eq!(
        finish(&|code| {
            code.pop();
            code.return_null();
        }),
        BuildError::Underflow { op: Opcode::Pop, at: 0 }
    );
    assert!(matches!(
        finish(&|code| {
            let label = code.new_label();
            code.jump(label);
        }),
        BuildError::Unbound(_)
    ));
    assert!(matches!(
        finish(&|code| {
            let label = code.new_label();
            code.bind(label);
            code.bind(label);
            code.return_null();
        }),
        BuildError::BoundTwice(_)
    ));
    assert!(matches!(
        finish(&|code| {
            let label = code.new_label();
            code.bind(label);
            code.jump(label);
        }),
        BuildError::WrongDirection(_)
    ));
    assert!(matches!(
        finish(&|code| {
            let label = code.new_label();
            code.load_null();
            code.jump_if_true(label);
            code.load_null();
            code.bind(label);
            code.return_null();
        }),
        BuildError::DepthMismatch(_)
    ));
    assert_eq!(
        finish(&|code| {
            code.emit(Opcode::MakeVariant, 0);
            code.return_null();
        }),
        BuildError::OutOfRange(Opcode::MakeVariant)
    );
}
