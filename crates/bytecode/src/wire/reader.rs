//! Bytes to module, bounded and strict.

use std::sync::Arc;

use remora_diagnostics::Span;

use super::budget::Meter;
use super::pool::PoolReader;
use super::protobuf::{Packed, Reader};
use super::stream::{Draft, Signature};
use super::{VERSION, WireBudget, WireError};
use crate::code::{Code, Handler, VariantRef};
use crate::function::{Capture, Function, FunctionKind, ParamDef, ParamKind};
use crate::ids::{
    CellIdx, FnIdx, FreeIdx, GlobalIdx, LabelIdx, LocalIdx, NameIdx, PathIdx, TypeIdx, VariantIdx,
};
use crate::isa::{Profile, SET_HASH};
use crate::lines::LineTable;
use crate::module::{
    Debug, Global, Import, ImportKind, ImportedSource, Method, MethodKind, Module, ModuleData,
    Payload, TypeDef, Unverified, VariantDef,
};
use crate::site::{Path, Receiver, Root, Site, Step};
use crate::unit::{Unit, unzigzag};

type Read<T> = Result<T, WireError>;

/// The module that bytes spell.
///
/// # Errors
/// V0091 for what is not a module in canonical form, V0092 for bytes that end too early, V0093 for another version, L0008
/// for what exceeds the budget.
///
/// # Cost
/// Linear in the bytes; allocates at most what the budget says.
pub fn read(bytes: &[u8], budget: &WireBudget) -> Read<Module<Unverified>> {
    let (mut module, functions) = read_parts(bytes, budget, &mut Meter::new(budget))?;
    module.functions = functions.into_iter().map(Function::from).collect();
    Ok(Module::new(module))
}

/// The module without its functions, and these: they can still be given debug information.
pub(super) fn read_parts(
    bytes: &[u8],
    budget: &WireBudget,
    meter: &mut Meter,
) -> Read<(ModuleData, Vec<Draft>)> {
    if bytes.len() > budget.max_bytes {
        return Err(WireError::too_large("it is longer than allowed"));
    }
    let mut file = Reader::new(bytes);
    let Some(mut header) = file.repeated(1)? else {
        return Err(if bytes.is_empty() {
            WireError::truncated(0)
        } else {
            file.error("this is no module")
        });
    };
    let HeaderParts { mut module, mut pool, sizes, signatures } = read_header(&mut header, meter)?;
    header.end()?;

    let mut functions = meter.list(sizes.len())?;
    for (size, signature) in sizes.iter().zip(signatures) {
        let Some(mut from) = file.repeated(2)? else {
            return Err(WireError::truncated(file.offset()));
        };
        if from.rest().len() != *size as usize {
            return Err(from.error("a function is not as long as the header says"));
        }
        let code = read_code(&mut from, &mut pool, meter)?;
        functions.push(Draft { signature, code });
        from.end()?;
    }
    pool.end()?;
    if let Some(mut debug) = file.repeated(3)? {
        module.debug = Some(Arc::new(read_debug(&mut debug, &mut functions, meter)?));
        debug.end()?;
    }
    file.end()?;
    Ok((module, functions))
}

/// What a header holds.
pub(super) struct HeaderParts {
    /// Without functions.
    pub(super) module: ModuleData,
    pub(super) pool: PoolReader,
    /// Bytes of each function.
    pub(super) sizes: Vec<u32>,
    /// One for each function.
    pub(super) signatures: Box<[Signature]>,
}

pub(super) fn read_header(from: &mut Reader<'_>, meter: &mut Meter) -> Read<HeaderParts> {
    let version = from.number(1)?;
    if version != VERSION {
        return Err(WireError::unsupported(format!(
            "it is of version {version} of the format, this is {VERSION}"
        )));
    }
    if from.fixed64(2)? != Some(SET_HASH) {
        return Err(WireError::unsupported("it was made for another instruction set".to_owned()));
    }
    let name = text(from, 3, meter)?;
    let profile = match from.number(4)? {
        0 => Profile::Full,
        1 => Profile::Linear,
        _ => return Err(from.error("there is no such profile")),
    };
    let mut pool = PoolReader::read(5, from, meter)?;
    let globals = messages(from, 6, meter, |from, _| {
        let name = pool.name(from.number(1)?)?;
        Ok(Global { name, mutable: from.flag(2)?, exported: from.flag(3)? })
    })?;
    let imports = messages(from, 7, meter, |from, _| {
        let name = pool.name(from.number(1)?)?;
        let kind = match from.number(2)? {
            0 => ImportKind::Host,
            1 => ImportKind::HostAsync,
            2 => ImportKind::Script,
            _ => return Err(from.error("there is no such kind of import")),
        };
        Ok(Import { name, kind })
    })?;
    let types = messages(from, 8, meter, |from, meter| read_type(from, &mut pool, meter))?;
    let sizes = numbers(from.packed(9)?, meter, |it, _| Ok(it))?.into_vec();
    let start = from.number(10)?.checked_sub(1).map(FnIdx);
    let metadata = messages(from, 11, meter, |from, meter| {
        Ok((text(from, 1, meter)?, text(from, 2, meter)?))
    })?;
    let signatures =
        messages(from, 12, meter, |from, meter| read_signature(from, &mut pool, meter))?;
    if signatures.len() != sizes.len() {
        return Err(from.error("there is not one signature for each function"));
    }
    let module = ModuleData {
        name,
        profile,
        globals,
        imports,
        types,
        functions: Box::default(),
        start,
        metadata,
        debug: None,
    };
    Ok(HeaderParts { module, pool, sizes, signatures })
}

fn text(from: &mut Reader<'_>, field: u32, meter: &mut Meter) -> Read<Arc<str>> {
    let text = from.text(field)?;
    meter.charge(text.len())?;
    Ok(text.into())
}

/// All messages of a repeated field.
fn messages<T>(
    from: &mut Reader<'_>,
    field: u32,
    meter: &mut Meter,
    mut read: impl FnMut(&mut Reader<'_>, &mut Meter) -> Read<T>,
) -> Read<Box<[T]>> {
    let mut items = meter.list(from.count(field)?)?;
    while let Some(mut item) = from.repeated(field)? {
        items.push(read(&mut item, meter)?);
        item.end()?;
    }
    Ok(items.into())
}

/// All numbers of a packed field.
fn numbers<T>(
    mut from: Packed<'_>,
    meter: &mut Meter,
    mut read: impl FnMut(u32, &Packed<'_>) -> Read<T>,
) -> Read<Box<[T]>> {
    let mut items = meter.list(from.count())?;
    while let Some(number) = from.next()? {
        items.push(read(number, &from)?);
    }
    Ok(items.into())
}

fn names(
    from: &mut Reader<'_>,
    field: u32,
    pool: &mut PoolReader,
    meter: &mut Meter,
) -> Read<Box<[Arc<str>]>> {
    numbers(from.packed(field)?, meter, |it, _| pool.name(it))
}

fn read_type(from: &mut Reader<'_>, pool: &mut PoolReader, meter: &mut Meter) -> Read<TypeDef> {
    let name = pool.name(from.number(1)?)?;
    let fields = names(from, 2, pool, meter)?;
    let methods = messages(from, 3, meter, |from, _| {
        let name = pool.name(from.number(1)?)?;
        let function = FnIdx(from.number(2)?);
        let kind = match from.number(3)? {
            0 => MethodKind::Value,
            1 => MethodKind::Mutating,
            2 => MethodKind::Static,
            _ => return Err(from.error("there is no such kind of method")),
        };
        Ok(Method { name, function, kind })
    })?;
    let variants = messages(from, 4, meter, |from, meter| {
        let name = pool.name(from.number(1)?)?;
        let (kind, count) = (from.number(2)?, from.number(3)?);
        let fields = names(from, 4, pool, meter)?;
        let payload = match (kind, count) {
            (0, 0) if fields.is_empty() => Payload::Open,
            (1, count) if fields.is_empty() => Payload::Tuple(count),
            (2, 0) => Payload::Struct(fields),
            _ => return Err(from.error("a variant carries what its kind does not")),
        };
        Ok(VariantDef { name, payload })
    })?;
    match from.flag(5)? {
        true if fields.is_empty() && methods.is_empty() => Ok(TypeDef::Enum { name, variants }),
        false if variants.is_empty() => Ok(TypeDef::Struct { name, fields, methods }),
        _ => Err(from.error("a type is neither a struct nor an enum")),
    }
}

fn read_signature(
    from: &mut Reader<'_>,
    pool: &mut PoolReader,
    meter: &mut Meter,
) -> Read<Signature> {
    let name = pool.name(from.number(1)?)?;
    let params = messages(from, 2, meter, |from, _| {
        let name = pool.name(from.number(1)?)?;
        let kind = match from.number(2)? {
            0 => ParamKind::Required,
            1 => ParamKind::Optional,
            2 => ParamKind::Variadic,
            _ => return Err(from.error("there is no such kind of parameter")),
        };
        Ok(ParamDef { name, kind })
    })?;
    let kind = match from.number(3)? {
        0 => FunctionKind::Plain,
        1 => FunctionKind::Generator,
        2 => FunctionKind::Async,
        _ => return Err(from.error("there is no such kind of function")),
    };
    let captures = numbers(from.packed(4)?, meter, |it, _| {
        Ok(if it & 1 == 0 {
            Capture::Cell(CellIdx(it >> 1))
        } else {
            Capture::Free(FreeIdx(it >> 1))
        })
    })?;
    Ok(Signature { name, params, kind, captures })
}

pub(super) fn read_code(
    from: &mut Reader<'_>,
    pool: &mut PoolReader,
    meter: &mut Meter,
) -> Read<Code> {
    meter.charge(size_of::<Code>())?;
    Ok(Code {
        units: read_units(from, meter)?,
        constants: numbers(from.packed(6)?, meter, |it, _| pool.constant(it))?,
        names: names(from, 7, pool, meter)?,
        labels: deltas(from.packed(8)?, meter)?,
        n_locals: from.number(9)?,
        local_names: Box::default(),
        cells: names(from, 10, pool, meter)?,
        free: names(from, 11, pool, meter)?,
        variants: read_variants(from, meter)?,
        paths: messages(from, 13, meter, read_path)?,
        sites: messages(from, 14, meter, read_site)?,
        handlers: messages(from, 15, meter, |from, _| {
            let (start, end) = (LabelIdx(from.number(1)?), LabelIdx(from.number(2)?));
            Ok(Handler { start, end, target: LabelIdx(from.number(3)?), depth: from.number(4)? })
        })?,
        lines: LineTable::default(),
        max_stack: from.number(16)?,
    })
}

fn read_units(from: &mut Reader<'_>, meter: &mut Meter) -> Read<Box<[Unit]>> {
    let bytes = from.bytes(5)?;
    let (units, odd) = bytes.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(from.error("a unit of wordcode is two bytes"));
    }
    meter.charge(bytes.len())?;
    Ok(units.into())
}

/// Numbers written as distances from the one before.
fn deltas(from: Packed<'_>, meter: &mut Meter) -> Read<Box<[u32]>> {
    let mut last = 0u32;
    numbers(from, meter, |distance, from| {
        last = last
            .checked_add(distance)
            .ok_or_else(|| from.error("a place does not fit in 32 bits"))?;
        Ok(last)
    })
}

fn read_variants(from: &mut Reader<'_>, meter: &mut Meter) -> Read<Box<[VariantRef]>> {
    let flat = numbers(from.packed(12)?, meter, |it, _| Ok(it))?;
    let (pairs, odd) = flat.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(from.error("a variant is a pair"));
    }
    Ok(pairs
        .iter()
        .map(|[ty, variant]| VariantRef { ty: TypeIdx(*ty), variant: *variant })
        .collect())
}

fn read_path(from: &mut Reader<'_>, meter: &mut Meter) -> Read<Path> {
    let (kind, root) = (from.number(1)?, from.number(2)?);
    let root = match kind {
        0 => Root::Local(LocalIdx(root)),
        1 => Root::Cell(CellIdx(root)),
        2 => Root::Free(FreeIdx(root)),
        3 => Root::Global(GlobalIdx(root)),
        _ => return Err(from.error("there is no such kind of variable")),
    };
    let step = |it: u32, _: &Packed<'_>| {
        Ok(it.checked_sub(1).map_or(Step::Index, |name| Step::Field(NameIdx(name))))
    };
    Ok(Path { root, steps: numbers(from.packed(3)?, meter, step)? })
}

fn read_site(from: &mut Reader<'_>, meter: &mut Meter) -> Read<Site> {
    let method = from.number(1)?.checked_sub(1).map(NameIdx);
    let args = from.number(2)?;
    let named = numbers(from.packed(3)?, meter, |it, _| Ok(NameIdx(it)))?;
    let receiver = match (from.number(4)?, from.number(5)?) {
        (0, 0) => Receiver::Value,
        (1, name) => Receiver::Immutable(NameIdx(name)),
        (2, path) => Receiver::Place(PathIdx(path)),
        _ => return Err(from.error("there is no such kind of receiver")),
    };
    let spread = from.flag(6)?;
    let variant = from.number(7)?.checked_sub(1).map(VariantIdx);
    Ok(Site { method, args, named, receiver, spread, variant })
}

pub(super) fn read_debug(
    from: &mut Reader<'_>,
    functions: &mut [Draft],
    meter: &mut Meter,
) -> Read<Debug> {
    let source = text(from, 1, meter)?;
    let line_starts = deltas(from.packed(2)?, meter)?;
    for function in functions {
        let Some(mut one) = from.repeated(3)? else {
            return Err(from.error("debug information is missing"));
        };
        function.code.lines = read_lines(&mut one, meter)?;
        let mut names = meter.list(one.count(2)?)?;
        while let Some(name) = one.repeated(2)? {
            let name =
                std::str::from_utf8(name.rest()).map_err(|_| one.error("a text is not UTF-8"))?;
            meter.charge(name.len())?;
            names.push(name.into());
        }
        function.code.local_names = names.into();
        one.end()?;
    }
    let imported = read_imported(from, meter)?;
    Ok(Debug { source, line_starts, imported })
}

/// The files that a program imports: each begins behind the one before.
fn read_imported(from: &mut Reader<'_>, meter: &mut Meter) -> Read<Box<[ImportedSource]>> {
    let mut imported: Vec<ImportedSource> = meter.list(from.count(4)?)?;
    let mut start = 0u32;
    while let Some(mut one) = from.repeated(4)? {
        let name = text(&mut one, 1, meter)?;
        let distance = one.number(2)?;
        let next = start.checked_add(distance).filter(|_| distance > 0);
        start = next.ok_or_else(|| one.error("files do not follow each other"))?;
        let line_starts = deltas(one.packed(3)?, meter)?;
        one.end()?;
        imported.push(ImportedSource { name, start, line_starts });
    }
    Ok(imported.into())
}

fn read_lines(from: &mut Reader<'_>, meter: &mut Meter) -> Read<LineTable> {
    let flat = numbers(from.packed(1)?, meter, |it, _| Ok(it))?;
    let (triples, odd) = flat.as_chunks::<3>();
    if !odd.is_empty() {
        return Err(from.error("a span is three numbers"));
    }
    let (mut unit, mut start) = (0u32, 0u32);
    let mut spans: Vec<(u32, Span)> = meter.list(triples.len())?;
    for (nth, [units, distance, len]) in triples.iter().enumerate() {
        let moved = start.checked_add_signed(unzigzag(*distance));
        let next = unit
            .checked_add(*units)
            .zip(moved)
            .and_then(|(unit, start)| Some((unit, start, start.checked_add(*len)?)));
        let Some((next_unit, next_start, end)) = next else {
            return Err(from.error("a span does not fit in 32 bits"));
        };
        let span = Span::new(next_start, end);
        let repeats = spans.last().is_some_and(|(_, last)| *last == span);
        if (nth > 0 && *units == 0) || repeats {
            return Err(from.error("spans are not in their shortest form"));
        }
        (unit, start) = (next_unit, next_start);
        spans.push((unit, span));
    }
    Ok(LineTable::new(spans))
}
