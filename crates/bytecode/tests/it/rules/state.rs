//! Rules about what is assigned, and about handlers.

use super::*;

pub(super) fn assigned(cases: &mut Cases) {
    let code = [(Op::LoadNull, 0), (Op::StoreLocal, 0), (Op::LoadLocal, 0), (Op::Return, 0)];
    let right = module(1, 1, &code);
    cases.edit(Code::V0011, "never assigned", &right, |it| it.units[1] = [Op::Pop as u8, 0]);
    cases.edit(Code::V0011, "moved away", &right, |it| {
        it.units[2] = [Op::MoveLocal as u8, 0];
        it.units.splice(3..3, [[Op::Pop as u8, 0], [Op::LoadLocal as u8, 0]]);
    });

    let right = super::code::a_loop();
    cases.edit(Code::V0011, "moved in a loop", &right, |it| it.units[2][0] = Op::MoveLocal as u8);
    cases.edit(Code::V0011, "assigned on one way only", &right, |it| {
        it.units = encoded(&[
            (Op::LoadNull, 0),
            (Op::JumpIfFalse, 0),
            (Op::LoadNull, 0),
            (Op::StoreLocal, 0),
            (Op::LoadLocal, 0),
            (Op::Return, 0),
        ]);
        it.labels = vec![4];
    });

    let mut right = module(1, 0, &[(Op::MakeCell, 0), (Op::LoadCell, 0), (Op::Return, 0)]);
    edit(&mut right, |it| it.cells = vec!["c".into()]);
    cases.edit(Code::V0011, "a cell before it is made", &right, |it| {
        it.units[0] = [Op::Nop as u8, 0];
    });
    let maker = [(Op::MakeCell, 0), (Op::MakeClosure, 1), (Op::Return, 0)];
    let right = closure_module(&maker);
    cases.edit(Code::V0011, "a cell captured before it is made", &right, |it| {
        it.units[0] = [Op::Nop as u8, 0];
    });

    let mut right = try_module();
    edit(&mut right, |it| {
        it.n_locals = 1;
        it.units = encoded(&[
            (Op::LoadNull, 0),
            (Op::StoreLocal, 0),
            (Op::LoadLocal, 0),
            (Op::Raise, 0),
            (Op::Pop, 0),
            (Op::LoadLocal, 0),
            (Op::Return, 0),
        ]);
        it.labels = vec![2, 4];
        it.max_stack = 1;
    });
    cases.edit(Code::V0011, "moved before an error", &right, |it| {
        it.units[2][0] = Op::MoveLocal as u8;
    });
    cases.edit(Code::V0011, "assigned within the handler's range", &right, |it| it.labels[0] = 0);

    let mut right = module(
        1,
        1,
        &[
            (Op::LoadNull, 0),
            (Op::StoreLocal, 0),
            (Op::LoadNull, 0),
            (Op::StorePath, 0),
            (Op::ReturnNull, 0),
        ],
    );
    edit(&mut right, |it| {
        it.names = vec!["x".into()];
        it.paths =
            vec![Path { root: Root::Local(LocalIdx(0)), steps: [Step::Field(NameIdx(0))].into() }];
    });
    cases.edit(Code::V0011, "a place inside nothing", &right, |it| {
        it.units[1] = [Op::Pop as u8, 0];
    });
}

/// `try { raise } except e { return e }`
pub(super) fn try_module() -> ModuleData {
    let code = [(Op::LoadNull, 0), (Op::LoadNull, 0), (Op::Raise, 0), (Op::Return, 0)];
    let mut module = with_labels(module(2, 0, &code), &[1, 3]);
    let handler = Handler { start: LabelIdx(0), end: LabelIdx(1), target: LabelIdx(1), depth: 0 };
    edit(&mut module, |it| it.handlers = vec![handler]);
    module
}

pub(super) fn handlers(cases: &mut Cases) {
    let right = try_module();
    cases.edit(Code::V0013, "no such label", &right, |it| it.handlers[0].target = LabelIdx(7));
    cases.edit(Code::V0013, "a range of nothing", &right, |it| it.handlers[0].end = LabelIdx(0));
    cases.edit(Code::V0013, "a target before the end", &right, |it| {
        it.handlers[0].target = LabelIdx(0);
    });
    cases.edit(Code::V0013, "more kept than there is", &right, |it| it.handlers[0].depth = 2);
    cases.edit(Code::V0007, "more taken than the handler leaves", &right, |it| {
        it.handlers[0].depth = 1;
        it.units[1] = [Op::Pop as u8, 0];
        it.units.insert(2, [Op::LoadNull as u8, 0]);
        it.labels[1] = 4;
    });
    cases.edit(Code::V0010, "no room for the error", &right, |it| {
        it.units[1] = [Op::Nop as u8, 0];
        it.units[2] = [Op::ReturnNull as u8, 0];
        it.handlers[0].depth = 1;
        it.max_stack = 1;
    });

    // Two handlers, the inner one inside of the outer one.
    let code =
        [(Op::LoadNull, 0), (Op::LoadNull, 0), (Op::Raise, 0), (Op::Raise, 0), (Op::Return, 0)];
    let mut right = with_labels(module(2, 0, &code), &[0, 1, 3, 4]);
    let handler = |start, end, depth| Handler {
        start: LabelIdx(start),
        end: LabelIdx(end),
        target: LabelIdx(end),
        depth,
    };
    edit(&mut right, |it| it.handlers = vec![handler(0, 3, 0), handler(1, 2, 1)]);
    cases.edit(Code::V0013, "inner before outer", &right, |it| it.handlers.swap(0, 1));
    cases.edit(Code::V0013, "overlapping ranges", &right, |it| {
        it.handlers[0].end = LabelIdx(2);
        it.handlers[0].target = LabelIdx(3);
        it.handlers[1].end = LabelIdx(3);
        it.handlers[1].target = LabelIdx(3);
    });
    cases.edit(Code::V0013, "an inner one that keeps less", &right, |it| {
        it.units.insert(0, [Op::LoadNull as u8, 0]);
        it.labels = vec![1, 2, 4, 5];
        it.max_stack = 4;
        it.handlers[0].depth = 1;
        it.handlers[1].depth = 0;
    });

    // Behind `get_iter` the handler keeps both halves of the iteration.
    let code =
        [(Op::LoadNull, 0), (Op::GetIter, 0), (Op::LoadNull, 0), (Op::Raise, 0), (Op::Return, 0)];
    let mut right = with_labels(module(3, 0, &code), &[2, 4]);
    edit(&mut right, |it| it.handlers = vec![handler(0, 1, 2)]);
    cases.edit(Code::V0013, "half an iteration kept", &right, |it| it.handlers[0].depth = 1);

    // A jump into a handler's range from outside of it.
    let code = [
        (Op::LoadNull, 0),
        (Op::JumpIfTrue, 1),
        (Op::LoadNull, 0),
        (Op::LoadNull, 0),
        (Op::Raise, 0),
        (Op::ReturnNull, 0),
        (Op::Return, 0),
    ];
    let mut right = with_labels(module(2, 0, &code), &[3, 5, 6]);
    edit(&mut right, |it| it.handlers = vec![handler(0, 2, 0)]);
    cases.edit(Code::V0013, "a jump under what a handler keeps", &right, |it| {
        it.handlers[0].depth = 1;
    });
}

/// What handlers may rely on: what holds wherever an error may come from.
pub(super) fn handled(cases: &mut Cases) {
    let handler = |start, end, target, depth| Handler {
        start: LabelIdx(start),
        end: LabelIdx(end),
        target: LabelIdx(target),
        depth,
    };
    let store = [(Op::LoadNull, 0), (Op::StoreLocal, 0)];
    let jump = [(Op::LoadNull, 0), (Op::JumpIfTrue, 1)];
    let rest = [
        (Op::Nop, 0),
        (Op::LoadNull, 0),
        (Op::Raise, 0),
        (Op::Pop, 0),
        (Op::LoadLocal, 0),
        (Op::Return, 0),
    ];
    let code = [&store[..], &jump, &rest].concat();
    let mut right = with_labels(module(1, 1, &code), &[4, 5, 7]);
    edit(&mut right, |it| it.handlers = vec![handler(0, 2, 2, 0)]);
    let code = [&jump[..], &store, &rest].concat();
    cases.instead(Code::V0011, "not assigned where a jump comes into the range", &right, &code);

    let code = [
        (Op::LoadNull, 0),
        (Op::StoreLocal, 0),
        (Op::Nop, 0),
        (Op::LoadLocal, 0),
        (Op::BuildArray, 1),
        (Op::StoreLocal, 0),
        (Op::LoadNull, 0),
        (Op::Raise, 0),
        (Op::Pop, 0),
        (Op::LoadLocal, 0),
        (Op::Return, 0),
        (Op::Return, 0),
    ];
    let mut right = with_labels(module(1, 1, &code), &[2, 3, 6, 8, 11]);
    edit(&mut right, |it| it.handlers = vec![handler(0, 3, 3, 0), handler(1, 2, 4, 0)]);
    cases.edit(Code::V0011, "moved under an inner handler", &right, |it| {
        it.units[3][0] = Op::MoveLocal as u8;
    });

    let code = [
        (Op::LoadNull, 0),
        (Op::StoreLocal, 0),
        (Op::LoadLocal, 0),
        (Op::Return, 0),
        (Op::Return, 0),
    ];
    let mut right = with_labels(module(1, 1, &code), &[0, 2, 4]);
    edit(&mut right, |it| it.handlers = vec![handler(0, 1, 2, 0)]);
    cases.edit(Code::V0011, "not assigned behind the range", &right, |it| {
        it.units[1] = [Op::Pop as u8, 0];
    });

    // Two ways into the range, both with one item that the handler keeps.
    let code = [
        (Op::LoadNull, 0),
        (Op::JumpIfTrue, 0),
        (Op::LoadNull, 0),
        (Op::Jump, 2),
        (Op::LoadNull, 0),
        (Op::LoadNull, 0),
        (Op::Raise, 0),
        (Op::LoadNull, 0),
        (Op::Raise, 0),
        (Op::Return, 0),
    ];
    let mut right = with_labels(module(2, 0, &code), &[4, 5, 7, 9]);
    right.imports = [import("print", ImportKind::Host)].into();
    edit(&mut right, |it| it.handlers = vec![handler(1, 3, 3, 1)]);
    cases.edit(Code::V0009, "another kind under what a handler keeps", &right, |it| {
        it.units[2] = [Op::LoadHost as u8, 0];
    });
}

/// Many locals and many jumps: more work than the code is long.
pub(super) fn complexity(cases: &mut Cases) {
    let n = 1_000;
    let mut code = vec![];
    for _ in 0..n {
        code.extend([(Op::LoadNull, 0), (Op::JumpIfTrue, 0)]);
    }
    code.push((Op::ReturnNull, 0));
    let right = with_labels(module(1, 1, &code), &[2 * n]);
    cases.edit(Code::V0020, "many jumps and many locals", &right, |it| it.n_locals = 60_000);
}
