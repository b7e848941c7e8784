//! Damages modules in their structure: what comes out is written in canonical form, so that it gets past the decoder and
//! meets the verifier.

use std::sync::Arc;

use remora_bytecode::ids::{
    CellIdx, FnIdx, FreeIdx, GlobalIdx, LabelIdx, LocalIdx, NameIdx, PathIdx, TypeIdx, VariantIdx,
};
use remora_bytecode::{
    Capture, CodeParts, Constant, Function, FunctionKind, Handler, ImportKind, MethodKind,
    ModuleData, Opcode, ParamDef, ParamKind, Path, Payload, Profile, Receiver, Root, Site, Step,
    TypeDef, VariantRef,
};

use super::Random;

/// One to three random changes to a copy of `original`; pieces may come from `other`.
#[must_use]
pub fn module(original: &ModuleData, other: &ModuleData, random: &mut Random) -> ModuleData {
    let mut changed = original.clone();
    for _ in 0..=random.below(3) {
        if random.chance(75) {
            change_function(&mut changed, other, random);
        } else {
            change_tables(&mut changed, other, random);
        }
    }
    changed
}

/// A small number; now and then a large one.
fn number(random: &mut Random) -> u32 {
    const LARGE: [u32; 6] = [127, 255, 256, 65_535, 65_536, u32::MAX];
    match random.below(20) {
        0 => random.pick(&LARGE).copied().unwrap_or(0),
        1..=4 => u32::try_from(random.below(40)).unwrap_or(0),
        _ => u32::try_from(random.below(6)).unwrap_or(0),
    }
}

fn one<'a, T>(items: &'a mut [T], random: &mut Random) -> Option<&'a mut T> {
    let at = random.below(items.len());
    items.get_mut(at)
}

/// Removes, doubles or swaps an item of a table.
fn shuffle<T: Clone>(items: &mut Vec<T>, random: &mut Random) {
    if items.is_empty() {
        return;
    }
    let (at, to) = (random.below(items.len()), random.below(items.len()));
    match random.below(3) {
        0 => drop(items.remove(at)),
        1 => items.insert(to, items[at].clone()),
        _ => items.swap(at, to),
    }
}

fn shuffle_boxed<T: Clone>(items: &mut Box<[T]>, random: &mut Random) {
    let mut list = std::mem::take(items).into_vec();
    shuffle(&mut list, random);
    *items = list.into();
}

fn change_function(module: &mut ModuleData, other: &ModuleData, random: &mut Random) {
    let names: Vec<_> = module.functions.iter().map(|it| Arc::clone(&it.name)).collect();
    let start = module.start.map(FnIdx::index);
    let at = random.below(module.functions.len());
    let Some(function) = module.functions.get_mut(at) else { return };
    // How the start function is called can hardly change without breaking the one rule about it.
    let choices = if Some(at) == start && random.chance(95) { 3..24 } else { 0..24 };
    match choices.start + random.below(choices.len()) {
        0 => change_params(function, random),
        1 => {
            function.kind = match random.below(3) {
                0 => FunctionKind::Plain,
                1 => FunctionKind::Generator,
                _ => FunctionKind::Async,
            }
        }
        2 => change_captures(function, random),
        3 => {
            if let Some(donor) = random.pick(&other.functions) {
                function.code = Arc::clone(&donor.code);
            }
        }
        4 => function.name = random.pick(&names).cloned().unwrap_or_default(),
        _ => {
            let mut code = CodeParts::from((*function.code).clone());
            for _ in 0..=random.below(2) {
                change_code(&mut code, random);
            }
            function.code = Arc::new(code.into());
        }
    }
}

fn change_params(function: &mut Function, random: &mut Random) {
    let mut params = std::mem::take(&mut function.params).into_vec();
    let kind = match random.below(3) {
        0 => ParamKind::Required,
        1 => ParamKind::Optional,
        _ => ParamKind::Variadic,
    };
    match one(&mut params, random) {
        Some(param) if random.chance(50) => param.kind = kind,
        Some(_) if random.chance(70) => shuffle(&mut params, random),
        _ => params.push(ParamDef { name: format!("p{}", number(random)).into(), kind }),
    }
    function.params = params.into();
}

fn change_captures(function: &mut Function, random: &mut Random) {
    let mut captures = std::mem::take(&mut function.captures).into_vec();
    let at = number(random) & 0x7fff_ffff;
    let new =
        if random.chance(50) { Capture::Cell(CellIdx(at)) } else { Capture::Free(FreeIdx(at)) };
    match one(&mut captures, random) {
        Some(capture) if random.chance(50) => *capture = new,
        Some(_) if random.chance(70) => shuffle(&mut captures, random),
        _ => captures.push(new),
    }
    function.captures = captures.into();
}

fn change_code(code: &mut CodeParts, random: &mut Random) {
    match random.below(30) {
        0..=13 => change_units(code, random),
        14 => {
            if let Some(it) = one(&mut code.constants, random) {
                *it = constant(random);
            } else {
                code.constants.push(constant(random));
            }
        }
        15 => shuffle(&mut code.constants, random),
        16 => shuffle(&mut code.names, random),
        17 => {
            let at = number(random);
            if let Some(it) = one(&mut code.labels, random) {
                *it = if random.chance(50) { it.wrapping_add(1) } else { at };
            }
            if random.chance(90) {
                code.labels.sort_unstable();
            }
        }
        18 => shuffle(&mut code.labels, random),
        19 => code.n_locals = near(code.n_locals, random),
        20 => code.max_stack = near(code.max_stack, random),
        21 => shuffle(&mut code.cells, random),
        22 => shuffle(&mut code.free, random),
        23 => {
            let new = VariantRef { ty: TypeIdx(number(random)), variant: number(random) };
            match one(&mut code.variants, random) {
                Some(it) if random.chance(70) => it.variant = new.variant,
                Some(it) => *it = new,
                None => code.variants.push(new),
            }
        }
        24 | 25 => change_paths(code, random),
        26 | 27 => change_sites(code, random),
        _ => change_handlers(code, random),
    }
}

fn near(value: u32, random: &mut Random) -> u32 {
    match random.below(4) {
        0 => value.wrapping_sub(1),
        1 => number(random),
        _ => value.wrapping_add(1),
    }
}

fn change_units(code: &mut CodeParts, random: &mut Random) {
    let opcode = random.pick(Opcode::ALL).map_or(0, |it| *it as u8);
    let arg = number(random).to_le_bytes()[0];
    let at = random.below(code.units.len());
    let Some(unit) = code.units.get_mut(at) else { return };
    match random.below(12) {
        0 => unit[0] = opcode,
        1..=3 => unit[0] = peer(unit[0], random),
        4..=6 => unit[1] = if random.chance(60) { unit[1] ^ (1 << random.below(3)) } else { arg },
        7 => {
            code.units.insert(at, [opcode, arg]);
            move_labels(code, at, 1);
        }
        8 => {
            code.units.remove(at);
            move_labels(code, at, -1);
        }
        9 | 10 => {
            // A piece of the same code at another place.
            let from = random.below(code.units.len());
            let piece = (1 + random.below(6)).min(code.units.len() - from);
            let copy = code.units[from..from + piece].to_vec();
            code.units.splice(at..at, copy);
            move_labels(code, at, i32::try_from(piece).unwrap_or(0));
        }
        _ => shuffle(&mut code.units, random),
    }
    if random.chance(70) {
        code.max_stack = code.max_stack.saturating_add(2);
    }
}

/// An opcode that takes and leaves as much as another, with the same kind of operand.
fn peer(opcode: u8, random: &mut Random) -> u8 {
    let Some(facts) = Opcode::from_byte(opcode).map(Opcode::facts) else { return opcode };
    let other_kinds = random.chance(10);
    let alike = |it: &Opcode| {
        let other = it.facts();
        let stack = (other.takes, other.per_operand, other.leaves, other.jump_leaves);
        stack == (facts.takes, facts.per_operand, facts.leaves, facts.jump_leaves)
            && (other.operand == facts.operand || other_kinds)
    };
    let peers: Vec<u8> = Opcode::ALL.iter().copied().filter(alike).map(|it| it as u8).collect();
    random.pick(&peers).copied().unwrap_or(opcode)
}

/// Keeps labels at the instructions they stood at.
fn move_labels(code: &mut CodeParts, at: usize, by: i32) {
    for label in &mut code.labels {
        if *label as usize > at {
            *label = label.wrapping_add_signed(by);
        }
    }
    code.labels.dedup();
}

fn constant(random: &mut Random) -> Constant {
    const INTS: [i64; 7] = [0, 1, -1, 255, i64::MAX, i64::MIN, 1 << 62];
    const FLOATS: [f64; 7] = [0.0, -0.0, 1.5, 1e300, f64::INFINITY, f64::NAN, f64::MIN_POSITIVE];
    match random.below(8) {
        0 => Constant::Null,
        1 => Constant::Bool(random.chance(50)),
        2 | 3 => Constant::Int(random.pick(&INTS).copied().unwrap_or_default()),
        4 => Constant::float(random.pick(&FLOATS).copied().unwrap_or_default()),
        5 => Constant::Float(random.next_u64()),
        6 => Constant::text(
            ["", "x", "éß", "{}", "a longer text than fits in a value"][random.below(5)],
        ),
        _ => Constant::Bytes([0, 255, 128][..random.below(4)].into()),
    }
}

fn change_paths(code: &mut CodeParts, random: &mut Random) {
    let at = number(random);
    let root = match random.below(4) {
        0 => Root::Local(LocalIdx(at)),
        1 => Root::Cell(CellIdx(at)),
        2 => Root::Free(FreeIdx(at)),
        _ => Root::Global(GlobalIdx(at)),
    };
    let steps = |random: &mut Random| -> Box<[Step]> {
        let step = |random: &mut Random| {
            if random.chance(50) {
                Step::Index
            } else {
                Step::Field(NameIdx(number(random).min(u32::MAX - 1)))
            }
        };
        (0..random.below(4)).map(|_| step(random)).collect()
    };
    match one(&mut code.paths, random) {
        Some(path) => match random.below(3) {
            0 => path.root = root,
            1 => path.steps = steps(random),
            _ => shuffle_boxed(&mut path.steps, random),
        },
        None => code.paths.push(Path { root, steps: steps(random) }),
    }
}

fn change_sites(code: &mut CodeParts, random: &mut Random) {
    let few = number(random);
    let index = few.min(u32::MAX - 1);
    let Some(site) = one(&mut code.sites, random) else {
        code.sites.push(Site::call(few));
        return;
    };
    match random.below(7) {
        0 => site.method = random.chance(70).then_some(NameIdx(index)),
        1 => site.args = near(site.args, random),
        2 => {
            let mut named = std::mem::take(&mut site.named).into_vec();
            if random.chance(50) {
                named.push(NameIdx(few));
            } else {
                shuffle(&mut named, random);
            }
            site.named = named.into();
        }
        3 => {
            site.receiver = match random.below(3) {
                0 => Receiver::Value,
                1 => Receiver::Immutable(NameIdx(few)),
                _ => Receiver::Place(PathIdx(few)),
            }
        }
        4 => site.spread = !site.spread,
        5 => site.variant = random.chance(70).then_some(VariantIdx(index)),
        _ => shuffle(&mut code.sites, random),
    }
}

fn change_handlers(code: &mut CodeParts, random: &mut Random) {
    let n_labels = code.labels.len();
    let label =
        |random: &mut Random| LabelIdx(u32::try_from(random.below(n_labels + 1)).unwrap_or(0));
    let depth = number(random);
    match one(&mut code.handlers, random) {
        Some(handler) => match random.below(5) {
            0 => handler.start = label(random),
            1 => handler.end = label(random),
            2 => handler.target = label(random),
            3 => handler.depth = depth,
            _ => shuffle(&mut code.handlers, random),
        },
        None if n_labels < 2 => {}
        None => {
            let mut at = [label(random), label(random), label(random)];
            at.sort_unstable();
            code.handlers.push(Handler { start: at[0], end: at[1], target: at[2], depth });
        }
    }
}

fn change_tables(module: &mut ModuleData, other: &ModuleData, random: &mut Random) {
    match random.below(12) {
        0 => shuffle_boxed(&mut module.globals, random),
        1 => {
            if let Some(global) = one(&mut module.globals, random) {
                global.mutable = !global.mutable;
            }
        }
        2 => shuffle_boxed(&mut module.imports, random),
        3 => {
            if let Some(import) = one(&mut module.imports, random) {
                import.kind = match random.below(3) {
                    0 => ImportKind::Host,
                    1 => ImportKind::HostAsync,
                    _ => ImportKind::Script,
                }
            }
        }
        4 => {
            // Another function of the host at the same call: other arguments than the compiler lets through.
            if let Some((import, donor)) =
                one(&mut module.imports, random).zip(random.pick(&other.imports))
            {
                *import = donor.clone();
            }
        }
        5 => shuffle_boxed(&mut module.types, random),
        6 => {
            if let Some(ty) = one(&mut module.types, random) {
                change_type(ty, random);
            }
        }
        7 => {
            if let Some((ty, donor)) = one(&mut module.types, random).zip(random.pick(&other.types))
            {
                *ty = donor.clone();
            }
        }
        8 => change_functions(module, random),
        9 if random.chance(30) => {
            module.start = random.chance(80).then_some(FnIdx(number(random).min(u32::MAX - 1)));
        }
        10 => {
            module.profile =
                if module.profile == Profile::Full { Profile::Linear } else { Profile::Full }
        }
        _ => change_functions(module, random),
    }
}

/// Swaps, removes or doubles functions; what is first named, the start function, mostly stays.
fn change_functions(module: &mut ModuleData, random: &mut Random) {
    let mut functions = std::mem::take(&mut module.functions).into_vec();
    if functions.len() == 1 {
        functions.push(functions[0].clone());
    } else if random.chance(90) {
        let mut rest = functions.split_off(1);
        shuffle(&mut rest, random);
        functions.append(&mut rest);
    } else {
        shuffle(&mut functions, random);
    }
    module.functions = functions.into();
}

fn change_type(ty: &mut TypeDef, random: &mut Random) {
    let few = number(random);
    match ty {
        TypeDef::Struct { fields, methods, .. } => match (random.below(4), one(methods, random)) {
            (0, Some(method)) => method.function = FnIdx(few),
            (1, Some(method)) => {
                method.kind = match random.below(3) {
                    0 => MethodKind::Value,
                    1 => MethodKind::Mutating,
                    _ => MethodKind::Static,
                }
            }
            (2, Some(_)) => shuffle_boxed(methods, random),
            _ => shuffle_boxed(fields, random),
        },
        TypeDef::Enum { variants, .. } => {
            if random.chance(40) {
                shuffle_boxed(variants, random);
            } else if let Some(variant) = one(variants, random) {
                variant.payload = match random.below(3) {
                    0 => Payload::Open,
                    1 => Payload::Tuple(few),
                    _ => Payload::Struct(
                        (0..random.below(3)).map(|it| format!("f{it}").into()).collect(),
                    ),
                }
            }
        }
    }
}
