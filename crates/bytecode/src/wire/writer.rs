//! Module to bytes.

use super::VERSION;
use super::pool::PoolWriter;
use super::protobuf::Writer;
use crate::code::Code;
use crate::function::{Capture, Function, FunctionKind, ParamKind};
use crate::ids::NameIdx;
use crate::isa::{Profile, SET_HASH};
use crate::module::{Debug, ImportKind, MethodKind, ModuleData, Payload, TypeDef};
use crate::site::{Path, Receiver, Root, Site, Step};
use crate::unit::zigzag;

/// What is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct WriteOptions {
    /// Leave out names of locals and places in the source, which only messages need.
    pub strip: bool,
}

/// The bytes of a module. Linear in its size.
#[must_use]
pub fn write(module: &ModuleData, options: WriteOptions) -> Vec<u8> {
    let mut pool = PoolWriter::default();
    // The tables of the header use the pool before the functions do.
    let mut tables = Writer::default();
    write_tables(module, &mut pool, &mut tables);
    let mut signatures = Writer::default();
    for function in &module.functions {
        signatures.message(12, |out| write_signature(function, &mut pool, out));
    }
    let functions: Vec<Vec<u8>> =
        module.functions.iter().map(|it| write_code(&it.code, &mut pool)).collect();

    let mut header = Writer::default();
    header.number(1, VERSION);
    header.fixed64(2, SET_HASH);
    header.bytes(3, module.name.as_bytes());
    header.number(4, u32::from(module.profile == Profile::Linear));
    pool.write(5, &mut header);
    let mut header = header.into_bytes();
    header.extend(tables.into_bytes());
    let mut tail = Writer::default();
    tail.packed(9, functions.iter().map(|it| number(it.len())));
    tail.number(10, module.start.map_or(0, |it| it.0.saturating_add(1)));
    for (key, value) in &module.metadata {
        tail.message(11, |out| {
            out.bytes(1, key.as_bytes());
            out.bytes(2, value.as_bytes());
        });
    }
    header.extend(tail.into_bytes());
    header.extend(signatures.into_bytes());

    let mut out = Writer::default();
    out.message_bytes(1, &header);
    for function in &functions {
        out.message_bytes(2, function);
    }
    if let Some(debug) = module.debug.as_ref().filter(|_| !options.strip) {
        out.message(3, |out| write_debug_part(module, debug, out));
    }
    out.into_bytes()
}

pub(super) fn write_debug_part(module: &ModuleData, debug: &Debug, out: &mut Writer) {
    out.bytes(1, debug.source.as_bytes());
    out.packed(2, distances(&debug.line_starts));
    for function in &module.functions {
        out.message(3, |out| write_debug(&function.code, out));
    }
    let mut before = 0;
    for it in &debug.imported {
        out.message(4, |out| {
            out.bytes(1, it.name.as_bytes());
            out.number(2, it.start.wrapping_sub(std::mem::replace(&mut before, it.start)));
            out.packed(3, distances(&it.line_starts));
        });
    }
}

/// Each place as the distance from the one before.
fn distances(places: &[u32]) -> impl Iterator<Item = u32> {
    let mut last = 0;
    places.iter().map(move |it| it.wrapping_sub(std::mem::replace(&mut last, *it)))
}

fn number(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

fn write_tables(module: &ModuleData, pool: &mut PoolWriter, out: &mut Writer) {
    for global in &module.globals {
        out.message(6, |out| {
            out.number(1, pool.name(&global.name));
            out.number(2, global.mutable.into());
            out.number(3, global.exported.into());
        });
    }
    for import in &module.imports {
        out.message(7, |out| {
            out.number(1, pool.name(&import.name));
            out.number(
                2,
                match import.kind {
                    ImportKind::Host => 0,
                    ImportKind::HostAsync => 1,
                    ImportKind::Script => 2,
                },
            );
        });
    }
    for ty in &module.types {
        out.message(8, |out| write_type(ty, pool, out));
    }
}

fn write_type(ty: &TypeDef, pool: &mut PoolWriter, out: &mut Writer) {
    out.number(1, pool.name(ty.name()));
    match ty {
        TypeDef::Struct { fields, methods, .. } => {
            out.packed(2, fields.iter().map(|it| pool.name(it)));
            for method in methods {
                out.message(3, |out| {
                    out.number(1, pool.name(&method.name));
                    out.number(2, method.function.0);
                    out.number(
                        3,
                        match method.kind {
                            MethodKind::Value => 0,
                            MethodKind::Mutating => 1,
                            MethodKind::Static => 2,
                        },
                    );
                });
            }
        }
        TypeDef::Enum { variants, .. } => {
            for variant in variants {
                out.message(4, |out| {
                    out.number(1, pool.name(&variant.name));
                    match &variant.payload {
                        Payload::Open => {}
                        Payload::Tuple(n) => {
                            out.number(2, 1);
                            out.number(3, *n);
                        }
                        Payload::Struct(fields) => {
                            out.number(2, 2);
                            out.packed(4, fields.iter().map(|it| pool.name(it)));
                        }
                    }
                });
            }
            out.number(5, 1);
        }
    }
}

fn write_signature(function: &Function, pool: &mut PoolWriter, out: &mut Writer) {
    out.number(1, pool.name(&function.name));
    for param in &function.params {
        out.message(2, |out| {
            out.number(1, pool.name(&param.name));
            out.number(
                2,
                match param.kind {
                    ParamKind::Required => 0,
                    ParamKind::Optional => 1,
                    ParamKind::Variadic => 2,
                },
            );
        });
    }
    out.number(
        3,
        match function.kind {
            FunctionKind::Plain => 0,
            FunctionKind::Generator => 1,
            FunctionKind::Async => 2,
        },
    );
    out.packed(
        4,
        function.captures.iter().map(|it| match it {
            Capture::Cell(cell) => cell.0 << 1,
            Capture::Free(free) => free.0 << 1 | 1,
        }),
    );
}

fn write_code(code: &Code, pool: &mut PoolWriter) -> Vec<u8> {
    let mut out = Writer::default();
    out.bytes(5, code.units().as_flattened());
    out.packed(6, code.constants().iter().map(|it| pool.constant(it)));
    out.packed(7, code.names().iter().map(|it| pool.name(it)));
    let mut last = 0;
    out.packed(
        8,
        code.labels().iter().map(|at| at.wrapping_sub(std::mem::replace(&mut last, *at))),
    );
    out.number(9, code.n_locals());
    out.packed(10, code.cells().iter().map(|it| pool.name(it)));
    out.packed(11, code.free().iter().map(|it| pool.name(it)));
    out.packed(12, code.variants().iter().flat_map(|it| [it.ty.0, it.variant]));
    for path in code.paths() {
        out.message(13, |out| write_path(path, out));
    }
    for site in code.sites() {
        out.message(14, |out| write_site(site, out));
    }
    for handler in code.handlers() {
        out.message(15, |out| {
            out.number(1, handler.start.0);
            out.number(2, handler.end.0);
            out.number(3, handler.target.0);
            out.number(4, handler.depth);
        });
    }
    out.number(16, code.max_stack());
    out.into_bytes()
}

fn write_path(path: &Path, out: &mut Writer) {
    let (kind, root) = match path.root {
        Root::Local(it) => (0, it.0),
        Root::Cell(it) => (1, it.0),
        Root::Free(it) => (2, it.0),
        Root::Global(it) => (3, it.0),
    };
    out.number(1, kind);
    out.number(2, root);
    out.packed(
        3,
        path.steps.iter().map(|it| match it {
            Step::Index => 0,
            Step::Field(name) => name.0.saturating_add(1),
        }),
    );
}

fn write_site(site: &Site, out: &mut Writer) {
    let plus_one = |it: Option<NameIdx>| it.map_or(0, |it| it.0.saturating_add(1));
    out.number(1, plus_one(site.method));
    out.number(2, site.args);
    out.packed(3, site.named.iter().map(|it| it.0));
    let (kind, receiver) = match site.receiver {
        Receiver::Value => (0, 0),
        Receiver::Immutable(name) => (1, name.0),
        Receiver::Place(path) => (2, path.0),
    };
    out.number(4, kind);
    out.number(5, receiver);
    out.number(6, site.spread.into());
    out.number(7, site.variant.map_or(0, |it| it.0.saturating_add(1)));
}

/// Spans as triples: units since the last change, distance of the start, length.
fn write_debug(code: &Code, out: &mut Writer) {
    let (mut last_unit, mut last_start) = (0u32, 0u32);
    out.packed(
        1,
        code.lines().iter().flat_map(|(unit, span)| {
            let distance = span.start.wrapping_sub(last_start).cast_signed();
            let triple = [unit.wrapping_sub(last_unit), zigzag(distance), span.len()];
            (last_unit, last_start) = (unit, span.start);
            triple
        }),
    );
    for name in code.local_names() {
        out.message_bytes(2, name.as_bytes());
    }
}
