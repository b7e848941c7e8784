//! Rules about single instructions, about jumps, and about what is on the stack.

use super::*;

pub(super) fn spelling(cases: &mut Cases) {
    let right = module(1, 0, &[(Op::LoadInt, 300), (Op::Return, 0)]);
    cases.edit(Code::V0001, "a number that is no opcode", &right, |it| it.units[1][0] = 0xff);
    cases.edit(Code::V0001, "a prefix at the end", &right, |it| it.units.push([0, 1]));
    cases.edit(Code::V0001, "four prefixes", &right, |it| {
        for _ in 0..3 {
            it.units.insert(0, [0, 1]);
        }
    });
    cases.edit(Code::V0002, "a prefix of 0", &right, |it| it.units[0][1] = 0);
    cases.edit(Code::V0002, "a prefix of 0 before another", &right, |it| {
        it.units.insert(0, [0, 0]);
    });
    cases.edit(Code::V0002, "an argument that means nothing", &right, |it| it.units[2][1] = 1);
    cases.edit(Code::V0002, "a prefix that means nothing", &right, |it| {
        it.units.insert(2, [0, 1]);
    });
    cases.instead(Code::V0003, "no return", &right, &[(Op::LoadInt, 300)]);
    cases.edit(Code::V0003, "no code", &right, |it| it.units.clear());
}

pub(super) fn operands(cases: &mut Cases) {
    let mut right = module(1, 1, &[(Op::LoadConst, 0), (Op::StoreLocal, 0), (Op::ReturnNull, 0)]);
    edit(&mut right, |it| it.constants = vec![Constant::Null]);
    cases.edit(Code::V0004, "no such constant", &right, |it| it.constants.clear());
    cases.edit(Code::V0004, "no such local", &right, |it| it.n_locals = 0);
    for op in
        [Op::LoadGlobal, Op::LoadFree, Op::LoadHost, Op::LoadImport, Op::MakeClosure, Op::LoadType]
    {
        let code = [(op, 9), (Op::Return, 0)];
        cases.instead(Code::V0004, "an index beyond its table", &right, &code);
    }
    cases.instead(Code::V0004, "no such cell", &right, &[(Op::MakeCell, 0), (Op::ReturnNull, 0)]);
    let code = [(Op::LoadNull, 0), (Op::GetAttr, 0), (Op::Return, 0)];
    cases.instead(Code::V0004, "no such name", &right, &code);
    let right = module(2, 0, &[(Op::LoadNull, 0), (Op::Dup, 0), (Op::Compare, 5), (Op::Return, 0)]);
    cases.edit(Code::V0004, "no such comparison", &right, |it| it.units[2][1] = 6);
    let right = module(1, 0, &[(Op::LoadNull, 0), (Op::MakeResult, 2), (Op::Return, 0)]);
    cases.edit(Code::V0004, "no such result", &right, |it| it.units[1][1] = 4);
    let right = module(1, 0, &[(Op::LoadNull, 0), (Op::Return, 0)]);
    let code = [(Op::LoadNull, 0), (Op::StorePath, 0), (Op::ReturnNull, 0)];
    cases.instead(Code::V0004, "no such path", &right, &code);
    let code = [(Op::LoadNull, 0), (Op::CallMethod, 0), (Op::Return, 0)];
    cases.instead(Code::V0004, "no such site", &right, &code);
    let code = [(Op::LoadNull, 0), (Op::JumpIfTrue, 0), (Op::ReturnNull, 0)];
    cases.instead(Code::V0004, "no such label", &right, &code);

    let mut right = module(2, 0, &[(Op::LoadNull, 0), (Op::MakeStruct, 0), (Op::Return, 0)]);
    right.types = [point(), shape()].into();
    cases.edit(Code::V0004, "an enum made as a struct", &right, |it| it.units[1][1] = 1);
}

pub(super) fn control(cases: &mut Cases) {
    let right = a_loop();
    cases.edit(Code::V0005, "labels that do not ascend", &right, |it| it.labels.swap(0, 1));
    cases.edit(Code::V0005, "a label twice", &right, |it| it.labels[1] = 2);
    cases.edit(Code::V0005, "a label behind the end", &right, |it| it.labels[1] = 6);
    cases.edit(Code::V0005, "a label that nothing uses", &right, |it| it.labels.insert(0, 0));
    cases.edit(Code::V0005, "a label amid prefixes", &right, |it| {
        it.units.splice(5..5, [[0, 1], [Op::LoadInt as u8, 0], [Op::Pop as u8, 0]]);
        it.labels[1] = 6;
    });
    cases.edit(Code::V0006, "a jump that goes back", &right, |it| it.units[4][0] = Op::Jump as u8);
    cases.edit(Code::V0006, "a jump back that does not", &right, |it| {
        it.units[4] = [Op::JumpBack as u8, 1];
        it.labels.remove(0);
        it.units[3][1] = 0;
        it.units[4][1] = 0;
    });
    cases.instead(
        Code::V0012,
        "a loop that nothing leads into",
        &right,
        &[
            (Op::LoadNull, 0),
            (Op::Return, 0),
            (Op::LoadNull, 0),
            (Op::JumpIfFalse, 1),
            (Op::JumpBack, 0),
            (Op::ReturnNull, 0),
        ],
    );
    let right = module(1, 0, &[(Op::LoadNull, 0), (Op::Return, 0)]);
    cases.edit(Code::V0012, "code behind a return", &right, |it| it.units.push([Op::Nop as u8, 0]));
}

/// `while c { }`: labels 0 at the condition and 1 behind the loop.
pub(super) fn a_loop() -> ModuleData {
    let code = [
        (Op::LoadNull, 0),
        (Op::StoreLocal, 0),
        (Op::LoadLocal, 0),
        (Op::JumpIfFalse, 1),
        (Op::JumpBack, 0),
        (Op::ReturnNull, 0),
    ];
    with_labels(module(1, 1, &code), &[2, 5])
}

pub(super) fn stacks(cases: &mut Cases) {
    let right =
        module(2, 0, &[(Op::LoadNull, 0), (Op::Dup, 0), (Op::BuildArray, 2), (Op::Return, 0)]);
    cases.edit(Code::V0007, "more taken than there is", &right, |it| it.units[2][1] = 3);
    cases.edit(Code::V0007, "a copy from below the stack", &right, |it| {
        it.units[1] = [Op::Copy as u8, 1];
    });
    cases.instead(
        Code::V0007,
        "an operand that overflows",
        &right,
        &[(Op::LoadNull, 0), (Op::BuildDict, u32::MAX), (Op::Return, 0)],
    );
    cases.edit(Code::V0010, "deeper than declared", &right, |it| it.max_stack = 1);
    cases.instead(
        Code::V0010,
        "deeper than numbers go",
        &right,
        &[(Op::LoadNull, 0), (Op::UnpackArray, u32::MAX), (Op::ReturnNull, 0)],
    );

    let iterate = [(Op::LoadNull, 0), (Op::GetIter, 0), (Op::PopIter, 0), (Op::ReturnNull, 0)];
    let right = module(4, 0, &iterate);
    cases.edit(Code::V0008, "half an iteration dropped", &right, |it| {
        it.units[2][0] = Op::Pop as u8;
    });
    cases.edit(Code::V0008, "an iteration returned", &right, |it| {
        it.units[2][0] = Op::Return as u8;
        it.units.pop();
    });
    cases.edit(Code::V0008, "an iteration copied", &right, |it| {
        it.units[2] = [Op::Copy as u8, 1];
    });
    cases.edit(Code::V0008, "values taken for an iteration", &right, |it| {
        it.units[1][0] = Op::Dup as u8;
    });
    cases.edit(Code::V0008, "an iteration below values", &right, |it| {
        it.units.insert(2, [Op::LoadNull as u8, 0]);
    });

    // if c { 1 } else { 2 }
    let code = [
        (Op::LoadNull, 0),
        (Op::JumpIfFalse, 0),
        (Op::LoadInt, 1),
        (Op::Jump, 1),
        (Op::LoadInt, 2),
        (Op::Return, 0),
    ];
    let right = with_labels(module(2, 0, &code), &[4, 5]);
    cases.edit(Code::V0009, "different depths", &right, |it| it.units[4] = [Op::Nop as u8, 0]);
    let mut other = right.clone();
    other.imports = [import("print", ImportKind::Host), import("map", ImportKind::Script)].into();
    edit(&mut other, |it| it.units[2] = [Op::LoadImport as u8, 0]);
    edit(&mut other, |it| it.units[4] = [Op::LoadImport as u8, 1]);
    cases.edit(Code::V0009, "a value and a host function", &other, |it| {
        it.units[2] = [Op::LoadHost as u8, 0];
    });

    edit(&mut other, |it| it.units[2] = [Op::LoadHost as u8, 0]);
    edit(&mut other, |it| it.units[4] = [Op::LoadHost as u8, 0]);
    other.imports[1].kind = ImportKind::Host;
    cases.edit(Code::V0009, "two host functions", &other, |it| it.units[4][1] = 1);

    // for i in 5 { }
    let code = [
        (Op::LoadInt, 10),
        (Op::GetIter, 0),
        (Op::ForIter, 1),
        (Op::Pop, 0),
        (Op::JumpBack, 0),
        (Op::ReturnNull, 0),
    ];
    let right = with_labels(module(3, 0, &code), &[2, 5]);
    cases.edit(Code::V0009, "a loop that grows the stack", &right, |it| {
        it.units[3] = [Op::Nop as u8, 0];
    });
}
