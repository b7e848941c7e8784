//! The optimiser: what it rewrites, what it must not, and that nothing else changes.

use remora_bytecode::peephole::optimise;
use remora_bytecode::scalar::{Arithmetic, holds, ints};
use remora_bytecode::{
    Budget, Code, CodeBuilder, CompareKind, ConstIdx, Constant, Function, Label, LabelIdx,
    LocalIdx, Module, Opcode, TypeDef, TypeIdx,
};

use crate::fixture::{Random, function, module_of};
use crate::program::random_module;
use crate::walk::walk;

/// The opcodes that are left of a function with ten locals, which must pass the verifier before and after.
fn optimised(build: impl FnOnce(&mut CodeBuilder)) -> Code {
    let mut code = CodeBuilder::new(10);
    for local in 0..10 {
        code.load_int(0);
        code.store_local(LocalIdx(local));
    }
    build(&mut code);
    let draft = code.into_draft().unwrap();
    verify(&draft.clone().finish().unwrap());
    let code = optimise(draft).finish().unwrap();
    verify(&code);
    Code::clone(&code)
}

fn verify(code: &Code) {
    let module = module_of(Function { code: code.clone().into(), ..function(Default::default()) });
    if let Err(error) = Module::new(module.clone()).verify(&Budget::default()) {
        panic!("{error}\n{}", remora_bytecode::text::print(&module));
    }
}

fn ops(build: impl FnOnce(&mut CodeBuilder)) -> Vec<Opcode> {
    optimised(build).instructions().skip(20).map(|it| it.op).collect()
}

#[test]
fn constants_are_computed_in_chains() {
    let code = optimised(|code| {
        code.load_int(2);
        code.load_int(3);
        code.binary_mul();
        code.load_const(Constant::Int(1 << 40));
        code.binary_add();
        code.unary_neg();
        code.r#return();
    });
    let left: Vec<_> = code.instructions().skip(20).collect();
    assert_eq!(left[0].op, Opcode::LoadConst);
    assert_eq!(code.constant(ConstIdx(left[0].arg)), Some(&Constant::Int(-6 - (1 << 40))));
    assert_eq!(left.len(), 2);
}

#[test]
fn what_raises_or_is_not_portable_stays() {
    type Build = fn(&mut CodeBuilder);
    let cases: [(Constant, Constant, Build); 5] = [
        (Constant::Int(1), Constant::Int(0), CodeBuilder::binary_div),
        (Constant::Int(i64::MIN), Constant::Int(-1), CodeBuilder::binary_div),
        (Constant::float(1.0), Constant::float(-0.0), CodeBuilder::binary_mod),
        (Constant::Int(i64::MAX), Constant::Int(1), CodeBuilder::binary_add),
        (Constant::float(f64::INFINITY), Constant::float(0.0), CodeBuilder::binary_mul),
    ];
    for (left, right, op) in cases {
        let n = ops(|code| {
            code.load_const(left.clone());
            code.load_const(right.clone());
            op(code);
            code.r#return();
        })
        .len();
        assert_eq!(n, 4, "{left:?} {right:?}");
    }
}

#[test]
fn bits_of_zero_survive() {
    let code = optimised(|code| {
        code.load_const(Constant::float(0.0));
        code.unary_neg();
        code.r#return();
    });
    let load = code.instructions().nth(20).unwrap();
    assert_eq!(code.constant(ConstIdx(load.arg)), Some(&Constant::float(-0.0)));
}

#[test]
fn no_rewrite_spans_a_label() {
    // `1 + (local or 2)`: the jump brings its own value to the addition.
    let left = ops(|code| {
        let (other, end) = (code.new_label(), code.new_label());
        code.load_int(1);
        code.load_local(LocalIdx(0));
        code.jump_if_false(other);
        code.load_local(LocalIdx(0));
        code.jump(end);
        code.bind(other);
        code.load_int(2);
        code.bind(end);
        code.binary_add();
        code.r#return();
    });
    assert_eq!(left.len(), 8);
    // The same with a tuple of one, and with a handler's label instead of a jump's.
    let left = ops(|code| {
        let (start, end, caught) = (code.new_label(), code.new_label(), code.new_label());
        code.add_handler(start, end, caught, 0);
        code.load_int(1);
        code.bind(start);
        code.load_int(2);
        code.binary_add();
        code.load_local(LocalIdx(0));
        code.binary_add();
        code.bind(end);
        code.r#return();
        code.bind(caught);
        code.r#return();
    });
    assert_eq!(left.len(), 7);
}

#[test]
fn conditions_lose_what_the_jump_does_anyway() {
    let condition = |first: fn(&mut CodeBuilder)| {
        ops(move |code| {
            let end = code.new_label();
            code.load_local(LocalIdx(0));
            code.load_local(LocalIdx(1));
            first(code);
            code.jump_if_false(end);
            code.load_null();
            code.raise();
            code.bind(end);
            code.return_null();
        })
    };
    let bool_left = condition(|code| {
        code.pop();
        code.to_bool();
    });
    assert_eq!(bool_left[..2], [Opcode::LoadLocal, Opcode::JumpIfFalse]);
    let both = condition(|code| {
        code.logical_and();
        code.unary_not();
    });
    assert_eq!(both[2..4], [Opcode::LogicalAnd, Opcode::JumpIfTrue]);
    // Of a value that may be no bool, `not` raises; an operator method may give such a one.
    let raises = condition(|code| {
        code.compare(CompareKind::Lt);
        code.unary_not();
    });
    assert_eq!(raises[2..5], [Opcode::Compare, Opcode::UnaryNot, Opcode::JumpIfFalse]);
}

#[test]
fn conditions_that_are_known_are_decided() {
    let decided = |load: fn(&mut CodeBuilder)| {
        ops(move |code| {
            let end = code.new_label();
            load(code);
            code.jump_if_false(end);
            code.load_local(LocalIdx(0));
            code.raise();
            code.bind(end);
            code.return_null();
        })
    };
    assert_eq!(decided(CodeBuilder::load_true), [Opcode::LoadLocal, Opcode::Raise]);
    assert_eq!(decided(|it| it.load_int(7)), [Opcode::LoadLocal, Opcode::Raise]);
    assert_eq!(decided(CodeBuilder::load_null), [Opcode::ReturnNull]);
    assert_eq!(decided(|it| it.load_const(Constant::float(-0.0))), [Opcode::ReturnNull]);
}

#[test]
fn a_jump_over_a_jump_turns_around() {
    let left = ops(|code| {
        let (over, end) = (code.new_label(), code.new_label());
        code.load_local(LocalIdx(0));
        code.jump_if_false(over);
        code.jump(end);
        code.bind(over);
        code.load_local(LocalIdx(1));
        code.raise();
        code.bind(end);
        code.load_local(LocalIdx(2));
        code.r#return();
    });
    assert_eq!(left[..3], [Opcode::LoadLocal, Opcode::JumpIfTrue, Opcode::LoadLocal]);
    assert_eq!(left.len(), 6);
}

#[test]
fn ways_get_shorter_and_what_nothing_reaches_goes() {
    let left = ops(|code| {
        let labels: Vec<Label> = (0..100).map(|_| code.new_label()).collect();
        code.load_local(LocalIdx(0));
        code.jump_if_false(labels[0]);
        code.nop();
        code.jump(labels[0]);
        for pair in labels.windows(2) {
            code.bind(pair[0]);
            code.jump(pair[1]);
        }
        code.bind(labels[99]);
        code.return_null();
    });
    assert_eq!(left, [Opcode::ReturnNull], "both ways end in the same place");
}

#[test]
fn arrays_that_are_taken_apart_at_once_are_not_made() {
    let left = ops(|code| {
        code.load_local(LocalIdx(0));
        code.load_local(LocalIdx(1));
        code.build_array(2);
        code.unpack_array(2);
        code.store_local(LocalIdx(2));
        code.store_local(LocalIdx(3));
        code.return_null();
    });
    assert_eq!(left[2], Opcode::RotTwo);
    let left = ops(|code| {
        (0..3).for_each(|local| code.load_local(LocalIdx(local)));
        code.build_array(3);
        code.unpack_array(3);
        (3..6).for_each(|local| code.store_local(LocalIdx(local)));
        code.return_null();
    });
    assert_eq!(left[3..5], [Opcode::RotThree, Opcode::RotTwo]);
    let left = ops(|code| {
        code.load_local(LocalIdx(0));
        code.build_array(1);
        code.unpack_array(2);
        code.pop();
        code.pop();
        code.return_null();
    });
    assert!(left.contains(&Opcode::UnpackArray), "this raises");
}

#[test]
fn a_loop_keeps_its_head() {
    let left = ops(|code| {
        let (head, body, end) = (code.new_label(), code.new_label(), code.new_label());
        code.jump(head);
        code.bind(head);
        code.jump(body);
        code.bind(body);
        code.load_local(LocalIdx(0));
        code.jump_if_true(end);
        code.jump_back(head);
        code.bind(end);
        code.return_null();
    });
    let wanted = [Opcode::LoadLocal, Opcode::JumpIfTrue, Opcode::JumpBack, Opcode::ReturnNull];
    assert_eq!(left, wanted);
}

#[test]
fn a_handler_that_covers_nothing_any_more_goes_with_its_code() {
    let left = optimised(|code| {
        let (start, end, caught) = (code.new_label(), code.new_label(), code.new_label());
        code.add_handler(start, end, caught, 0);
        code.bind(start);
        code.load_int(1);
        code.pop();
        code.bind(end);
        code.return_null();
        code.bind(caught);
        code.r#return();
    });
    assert_eq!(
        left.instructions().skip(20).map(|it| it.op).collect::<Vec<_>>(),
        [Opcode::ReturnNull]
    );
    assert!(left.handlers().is_empty() && left.labels().is_empty());
}

#[test]
fn a_loop_that_only_a_lost_handler_led_to_is_left_as_it_is() {
    let left = ops(|code| {
        let (start, end, caught) = (code.new_label(), code.new_label(), code.new_label());
        let merge = code.new_label();
        code.add_handler(start, end, caught, 0);
        code.bind(start);
        code.load_int(1);
        code.pop();
        code.bind(end);
        code.load_null();
        code.jump(merge);
        code.bind(caught);
        code.pop();
        code.load_null();
        code.bind(merge);
        code.jump_back(caught);
    });
    assert!(left.contains(&Opcode::JumpBack));
}

/// Builds code again as it is, to have a draft of it.
fn rebuilt(code: &Code, types: &[TypeDef]) -> CodeBuilder {
    let mut out = CodeBuilder::new(code.n_locals());
    let tables = out.tables();
    code.constants().iter().for_each(|it| {
        let _ = tables.constant(it.clone());
    });
    code.names().iter().for_each(|it| {
        let _ = tables.name(it);
    });
    code.variants().iter().for_each(|it| {
        let _ = tables.variant(*it);
    });
    code.paths().iter().for_each(|it| {
        let _ = tables.path(it.clone());
    });
    code.sites().iter().for_each(|it| {
        let _ = tables.site(it.clone());
    });
    code.cells().iter().for_each(|it| {
        let _ = tables.new_cell(it);
    });
    code.free().iter().for_each(|it| {
        let _ = tables.new_free(it);
    });
    let labels: Vec<Label> = code.labels().iter().map(|_| out.new_label()).collect();
    let label = |it: LabelIdx| labels[it.index()];
    for it in code.handlers() {
        out.add_handler(label(it.start), label(it.end), label(it.target), it.depth);
    }
    let mut next = 0;
    for it in code.instructions() {
        if code.labels().get(next) == Some(&it.at) {
            out.bind(labels[next]);
            next += 1;
        }
        let to = || label(LabelIdx(it.arg));
        match it.op {
            Opcode::Jump => out.jump(to()),
            Opcode::JumpBack => out.jump_back(to()),
            Opcode::JumpIfFalse => out.jump_if_false(to()),
            Opcode::JumpIfTrue => out.jump_if_true(to()),
            Opcode::JumpIfNull => out.jump_if_null(to()),
            Opcode::JumpIfSome => out.jump_if_some(to()),
            Opcode::ForIter => out.for_iter(to()),
            Opcode::MakeStruct => {
                let Some(TypeDef::Struct { fields, .. }) = types.get(it.arg as usize) else {
                    panic!("no struct")
                };
                out.make_struct(TypeIdx(it.arg), u32::try_from(fields.len()).unwrap());
            }
            op => out.emit(op, it.arg),
        }
    }
    out
}

#[test]
fn random_modules_stay_valid() {
    let (mut before, mut after) = (0, 0);
    for seed in 0..400 {
        let mut module = random_module(seed, 80);
        Module::new(module.clone()).verify(&Budget::default()).unwrap();
        let draft = rebuilt(&module.functions[0].code, &module.types).into_draft().unwrap();
        assert_eq!(*draft.clone().finish().unwrap().units(), *module.functions[0].code.units());
        before += draft.instructions.len();
        let draft = optimise(draft);
        after += draft.instructions.len();
        module.functions[0].code = draft.finish().unwrap();
        if let Err(error) = Module::new(module.clone()).verify(&Budget::default()) {
            panic!("seed {seed}: {error}\n{}", remora_bytecode::text::print(&module));
        }
        let mut random = Random(seed);
        for _ in 0..10 {
            walk(&module, &module.functions[0], &mut random, 2_000);
        }
    }
    assert!(after < before, "{after} of {before}");
}

/// What code on ints and bools gives: `None` if it raises.
fn run(code: &Code, locals: [i64; 2]) -> Option<i64> {
    let truth = |it: i64| it != 0;
    let all: Vec<_> = code.instructions().collect();
    let nth_at = |at: u32| all.binary_search_by_key(&at, |it| it.at).unwrap();
    let (mut at, mut stack, mut locals) = (0, Vec::new(), locals);
    loop {
        let it = all[at];
        at += 1;
        let mut pop = || stack.pop().unwrap();
        let arithmetic = match it.op {
            Opcode::BinaryAdd => Some(Arithmetic::Add),
            Opcode::BinarySub => Some(Arithmetic::Sub),
            Opcode::BinaryMul => Some(Arithmetic::Mul),
            Opcode::BinaryDiv => Some(Arithmetic::Div),
            _ => None,
        };
        if let Some(op) = arithmetic {
            let (right, left) = (pop(), pop());
            stack.push(ints(op, left, right).ok()?);
            continue;
        }
        let target = || nth_at(code.label(LabelIdx(it.arg)).unwrap());
        match it.op {
            Opcode::Nop => {}
            Opcode::Pop => drop(pop()),
            Opcode::Dup => {
                let top = pop();
                stack.extend([top, top]);
            }
            Opcode::RotTwo => {
                let (right, left) = (pop(), pop());
                stack.extend([right, left]);
            }
            Opcode::LoadInt => stack.push(remora_bytecode::unit::unzigzag(it.arg).into()),
            Opcode::LoadConst => match code.constant(ConstIdx(it.arg)) {
                Some(Constant::Int(value)) => stack.push(*value),
                other => panic!("{other:?}"),
            },
            Opcode::LoadTrue => stack.push(1),
            Opcode::LoadFalse => stack.push(0),
            Opcode::LoadLocal => stack.push(locals[it.arg as usize]),
            Opcode::StoreLocal => locals[it.arg as usize] = pop(),
            Opcode::Compare => {
                let (right, left) = (pop(), pop());
                let kind = CompareKind::from_operand(it.arg).unwrap();
                stack.push(holds(kind, Some(left.cmp(&right))).into());
            }
            Opcode::UnaryNot | Opcode::ToBool => {
                let value = pop();
                stack.push((truth(value) != (it.op == Opcode::UnaryNot)).into());
            }
            Opcode::Jump => at = target(),
            Opcode::JumpIfFalse | Opcode::JumpIfTrue => {
                if truth(pop()) == (it.op == Opcode::JumpIfTrue) {
                    at = target();
                }
            }
            Opcode::Return => return Some(pop()),
            op => panic!("{}", op.name()),
        }
    }
}

/// Random code on two locals, which need not be assigned here: they are given.
fn random_code(random: &mut Random) -> CodeBuilder {
    let mut code = CodeBuilder::new(2);
    // Labels still to be bound, each with its depth.
    let mut open: Vec<(Label, u32)> = Vec::new();
    let mut left = 60;
    while left > 0 || !open.is_empty() {
        left -= i32::from(left > 0);
        let depth = code.depth();
        let fits = open.iter().position(|(_, at)| depth.is_none_or(|here| here == *at));
        if let Some(nth) = fits
            && (depth.is_none() || left == 0 || random.below(4) == 0)
        {
            code.bind(open.swap_remove(nth).0);
            continue;
        }
        let Some(depth) = depth else { break };
        if left == 0 {
            let Some((_, wanted)) = open.first().copied() else { break };
            if depth > wanted {
                code.pop();
            } else {
                code.load_int(1);
            }
            continue;
        }
        let local = LocalIdx(u32::try_from(random.below(2)).unwrap());
        match (random.below(16), depth) {
            (0..=2, _) => code.load_int(i64::try_from(random.below(4)).unwrap()),
            (3, _) => code.load_const(Constant::Int(i64::MAX)),
            (4, _) => code.load_local(local),
            (5, _) => code.nop(),
            (6, 1..) => code.store_local(local),
            (7, 2..) => code.binary_add(),
            (8, 2..) => code.binary_div(),
            (9, 2..) => {
                code.compare(CompareKind::ALL[random.below(6)]);
                if random.below(2) == 0 {
                    code.unary_not();
                }
            }
            (10, 1..) => code.to_bool(),
            (11, 1..) => code.pop(),
            (12, 2..) => code.rot_two(),
            (13 | 14, 1..) => {
                let label = code.new_label();
                open.push((label, depth - 1));
                if random.below(2) == 0 {
                    code.jump_if_true(label);
                } else {
                    code.jump_if_false(label);
                }
            }
            (15, _) => {
                let label = code.new_label();
                open.push((label, depth));
                code.jump(label);
            }
            _ => {}
        }
    }
    code.load_local(LocalIdx(0));
    code.r#return();
    code
}

#[test]
fn random_code_gives_the_same() {
    let (mut raised, mut shorter) = (0, 0);
    for seed in 0..3_000 {
        let draft = random_code(&mut Random(seed)).into_draft().unwrap();
        let before = draft.clone().finish().unwrap();
        let after = optimise(draft).finish().unwrap();
        shorter += usize::from(after.units().len() < before.units().len());
        for locals in [[0, 0], [1, 0], [3, i64::MAX], [-1, 2]] {
            let wanted = run(&before, locals);
            raised += usize::from(wanted.is_none());
            assert_eq!(run(&after, locals), wanted, "seed {seed} {locals:?}");
        }
    }
    assert!(raised > 100 && shorter > 1_000, "{raised} {shorter}");
}
