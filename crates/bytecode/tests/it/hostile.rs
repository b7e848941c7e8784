//! Modules that were changed by chance: the verifier never panics, and what it passes keeps its promises.

use std::sync::Arc;

use remora_bytecode::{
    Budget, CodeParts, Handler, LabelIdx, Module, ModuleData, Opcode, Path, Root,
};

use crate::fixture::Random;
use crate::program::random_module;
use crate::rules;
use crate::walk::walk;

#[test]
fn random_programs_pass_and_walk() {
    let (mut n_steps, mut n_handlers, mut n_labels) = (0, 0, 0);
    for seed in 0..150 {
        let data = random_module(seed, 60);
        let module = Module::new(data).verify(&Budget::default());
        let module = module.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        n_handlers += module.functions[0].code.handlers().len();
        n_labels += module.functions[0].code.labels().len();
        for nth in 0..20 {
            let mut random = Random(1_000 * seed + nth);
            n_steps += walk(&module, &module.functions[0], &mut random, 1_000);
        }
    }
    assert!(n_steps > 100_000 && n_handlers > 300 && n_labels > 3_000);
}

#[test]
fn changed_programs_are_refused_or_keep_every_promise() {
    let mut n_passed = 0;
    for seed in 0..400 {
        let right = random_module(seed % 40, 25);
        let mut random = Random(seed);
        for _ in 0..25 {
            let mut changed = right.clone();
            for _ in 0..=random.below(2) {
                change(&mut changed, &mut random);
            }
            let Ok(module) = Module::new(changed).verify(&Budget::default()) else { continue };
            n_passed += 1;
            for _ in 0..4 {
                walk(&module, &module.functions[0], &mut random, 300);
            }
        }
    }
    assert!(n_passed > 500, "only {n_passed} passed: the test says little");
}

/// Modules on the edge of a rule, changed once more.
#[test]
fn changed_cases_of_rules_are_refused_or_keep_every_promise() {
    let cases = rules::all();
    for seed in 0..200 {
        let mut random = Random(seed);
        for case in &cases {
            for data in [&case.right, &case.broken] {
                let mut changed = data.clone();
                change(&mut changed, &mut random);
                let Ok(module) = Module::new(changed).verify(&Budget::default()) else { continue };
                walk(&module, &module.functions[0], &mut random, 100);
            }
        }
    }
}

fn change(module: &mut ModuleData, random: &mut Random) {
    let mut code = CodeParts::from((*module.functions[0].code).clone());
    change_code(&mut code, random);
    module.functions[0].code = Arc::new(code.into());
}

fn change_code(code: &mut CodeParts, random: &mut Random) {
    let n_units = code.units.len().max(1);
    let at = random.below(n_units);
    let byte = u8::try_from(random.below(256)).unwrap();
    let opcode = Opcode::ALL[random.below(Opcode::ALL.len())] as u8;
    let few = u32::try_from(random.below(12)).unwrap();
    let label = |random: &mut Random| LabelIdx(u32::try_from(random.below(40)).unwrap());
    match random.below(16) {
        0..=3 => {
            let Some(unit) = code.units.get_mut(at) else { return };
            unit[0] = opcode;
        }
        4..=6 => {
            let Some(unit) = code.units.get_mut(at) else { return };
            unit[1] = if byte < 128 { byte % 8 } else { byte };
        }
        7 => {
            if at < code.units.len() {
                code.units.remove(at);
            }
        }
        8 => code.units.insert(at.min(code.units.len()), [opcode, byte % 4]),
        9 => {
            let n_labels = code.labels.len().max(1);
            let Some(it) = code.labels.get_mut(random.below(n_labels)) else { return };
            *it = u32::try_from(at).unwrap();
        }
        10 => {
            let n_handlers = code.handlers.len().max(1);
            let Some(it) = code.handlers.get_mut(random.below(n_handlers)) else { return };
            match random.below(4) {
                0 => it.start = label(random),
                1 => it.end = label(random),
                2 => it.target = label(random),
                _ => it.depth = few,
            }
        }
        11 => {
            let (start, end) = (label(random), label(random));
            code.handlers.push(Handler { start, end, target: end, depth: few % 3 });
            code.handlers.sort_by_key(|it| (it.start, std::cmp::Reverse(it.end)));
        }
        12 => code.n_locals = few,
        13 => code.max_stack = few,
        14 => code.cells.clear(),
        _ => {
            let root = Root::Local(remora_bytecode::LocalIdx(few));
            code.paths.insert(0, Path { root, steps: [].into() });
        }
    }
}

#[test]
fn bytes_of_chance_never_panic() {
    let mut random = Random(42);
    for _ in 0..20_000 {
        let n_units = random.below(24);
        let units: Vec<_> = (0..n_units)
            .map(|_| {
                let op = Opcode::ALL[random.below(Opcode::ALL.len())] as u8;
                [op, u8::try_from(random.below(256)).unwrap() % 5]
            })
            .collect();
        let labels = (0..random.below(4)).map(|_| random.operand() % 16).collect();
        let (n_locals, max_stack) = (random.operand(), random.operand());
        let code = CodeParts { units, labels, n_locals, max_stack, ..CodeParts::default() };
        let module = crate::fixture::module_of(crate::fixture::function(code));
        let _ = Module::new(module).verify(&Budget::default());
    }
}
