//! The body of a function as text.
//!
//! Entries of tables stand where they are used. The reader numbers them in that order; where that would give another table
//! than the code has, the table is written out first. An entry that is long, or is there twice, is told by its number.

use std::fmt::{Result, Write as _};

use super::print::{name, names, text};
use super::tables::{Pool, Pools};
use crate::code::{Code, VariantRef};
use crate::constant::Constant;
use crate::ids::{NameIdx, PathIdx, VariantIdx};
use crate::isa::{OperandKind, ResultKind};
use crate::module::{ModuleData, TypeDef};
use crate::site::{Path, Receiver, Root, Site, Step};
use crate::unit::unzigzag;
use crate::view::Instruction;

/// The longest text that is written at each place of use, in bytes.
const MAX_INLINE: usize = 64;
/// The same for lists of names and steps.
const MAX_INLINE_ITEMS: usize = 8;
/// The longest name in a comment, in characters.
const MAX_COMMENT: usize = 40;

/// Which tables have to be written out.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one for each table")]
struct Explicit {
    constants: bool,
    names: bool,
    variants: bool,
    paths: bool,
    sites: bool,
}

pub(super) fn print_body(out: &mut String, module: &ModuleData, code: &Code) -> Result {
    let pools = Pools::of(code);
    let printer = Printer { module, code, pools: &pools };
    write!(out, "  locals {}", code.n_locals())?;
    if !code.local_names().is_empty() {
        out.push(' ');
        names(out, code.local_names());
    }
    writeln!(out, "\n  stack {}", code.max_stack())?;
    for (what, list) in [("cells", code.cells()), ("free", code.free())] {
        if !list.is_empty() {
            write!(out, "  {what} ")?;
            names(out, list);
            out.push('\n');
        }
    }
    printer.tables(out)?;
    for it in code.handlers() {
        let (start, end, target) = (it.start.0, it.end.0, it.target.0);
        writeln!(out, "  handler L{start} L{end} L{target} depth {}", it.depth)?;
    }
    printer.instructions(out)
}

struct Printer<'a> {
    module: &'a ModuleData,
    code: &'a Code,
    pools: &'a Pools,
}

impl<'a> Printer<'a> {
    fn constant(&self, at: u32) -> Option<&'a Constant> {
        self.pools.constants.by_value(at).filter(|it| match it {
            Constant::Str(text) => text.len() <= MAX_INLINE,
            Constant::Bytes(bytes) => bytes.len() <= MAX_INLINE,
            _ => true,
        })
    }

    fn name(&self, at: NameIdx) -> Option<&'a str> {
        self.pools.names.by_value(at.0).map(|it| &**it).filter(|it| it.len() <= MAX_INLINE)
    }

    fn path(&self, at: PathIdx) -> Option<&'a Path> {
        self.pools.paths.by_value(at.0).filter(|it| it.steps.len() <= MAX_INLINE_ITEMS)
    }

    fn site(&self, at: u32) -> Option<&'a Site> {
        self.pools.sites.by_value(at).filter(|it| it.named.len() <= MAX_INLINE_ITEMS)
    }

    /// The tables that a reader would make, given those that are written out.
    fn as_read(&self, explicit: Explicit) -> Pools {
        let mut read = Pools::default();
        if explicit.constants {
            read.constants = Pool::of(self.code.constants());
        }
        if explicit.names {
            read.names = Pool::of(self.code.names());
        }
        if explicit.variants {
            read.variants = Pool::of(self.code.variants());
        }
        if explicit.paths {
            read.paths = Pool::of(self.code.paths());
        }
        if explicit.sites {
            read.sites = Pool::of(self.code.sites());
        }
        for it in self.code.instructions() {
            match it.op.info().operand {
                Some(OperandKind::Const) => {
                    if let Some(constant) = self.constant(it.arg) {
                        read.constants.add(constant.clone());
                    }
                }
                Some(OperandKind::Name) => self.read_name(&mut read, NameIdx(it.arg)),
                Some(OperandKind::Variant) => self.read_variant(&mut read, VariantIdx(it.arg)),
                Some(OperandKind::Path) => self.read_path(&mut read, PathIdx(it.arg)),
                Some(OperandKind::Site) => self.read_site(&mut read, it.arg),
                _ => {}
            }
        }
        read
    }

    fn read_name(&self, read: &mut Pools, at: NameIdx) {
        if let (Some(_), Some(name)) = (self.name(at), self.code.name(at)) {
            read.names.add(name.clone());
        }
    }

    fn read_variant(&self, read: &mut Pools, at: VariantIdx) {
        if let Some(variant) = self.pools.variants.by_value(at.0) {
            read.variants.add(*variant);
        }
    }

    fn read_path(&self, read: &mut Pools, at: PathIdx) {
        let Some(path) = self.path(at) else { return };
        for step in &path.steps {
            if let Step::Field(name) = step {
                self.read_name(read, *name);
            }
        }
        read.paths.add(path.clone());
    }

    fn read_site(&self, read: &mut Pools, at: u32) {
        let Some(site) = self.site(at) else { return };
        for name in site.method.iter().chain(&site.named) {
            self.read_name(read, *name);
        }
        match site.receiver {
            Receiver::Value => {}
            Receiver::Immutable(name) => self.read_name(read, name),
            Receiver::Place(path) => self.read_path(read, path),
        }
        if let Some(variant) = site.variant {
            self.read_variant(read, variant);
        }
        read.sites.add(site.clone());
    }

    /// Which tables a reader would get wrong.
    fn explicit(&self) -> Explicit {
        let mut explicit = Explicit::default();
        let code = self.code;
        // One more each time, so that this ends.
        loop {
            let read = self.as_read(explicit);
            if read.constants.items != *code.constants() {
                explicit.constants = true;
            } else if read.names.items != *code.names() {
                explicit.names = true;
            } else if read.variants.items != *code.variants() {
                explicit.variants = true;
            } else if read.paths.items != *code.paths() {
                (explicit.names, explicit.paths) = (true, true);
            } else if read.sites.items != *code.sites() {
                let constants = explicit.constants;
                explicit =
                    Explicit { constants, names: true, variants: true, paths: true, sites: true };
            } else {
                return explicit;
            }
        }
    }

    fn tables(&self, out: &mut String) -> Result {
        let (explicit, code) = (self.explicit(), self.code);
        if explicit.constants {
            out.push_str("  constants [");
            for it in code.constants() {
                out.push_str("\n    ");
                constant(out, it)?;
            }
            out.push_str("]\n");
        }
        if explicit.names && !code.names().is_empty() {
            out.push_str("  names ");
            names(out, code.names());
            out.push('\n');
        }
        if explicit.variants && !code.variants().is_empty() {
            out.push_str("  variants [");
            for (nth, it) in code.variants().iter().enumerate() {
                out.push_str(if nth == 0 { "" } else { " " });
                variant(out, *it)?;
            }
            out.push_str("]\n");
        }
        if explicit.paths && !code.paths().is_empty() {
            out.push_str("  paths [");
            for it in code.paths() {
                out.push_str("\n    ");
                self.write_path(out, it)?;
            }
            out.push_str("]\n");
        }
        if explicit.sites && !code.sites().is_empty() {
            out.push_str("  sites [");
            for it in code.sites() {
                out.push_str("\n    ");
                self.write_site(out, it)?;
            }
            out.push_str("]\n");
        }
        Ok(())
    }

    fn instructions(&self, out: &mut String) -> Result {
        let mut labels = self.code.labels().iter().enumerate().peekable();
        let mut spans = self.code.lines().iter().peekable();
        let mut instructions = self.code.instructions();
        for it in instructions.by_ref() {
            while let Some((nth, _)) = labels.next_if(|(_, at)| **at <= it.at) {
                writeln!(out, "L{nth}:")?;
            }
            while let Some((_, span)) = spans.next_if(|(at, _)| *at <= it.at) {
                writeln!(out, "@{}..{}", span.start, span.end)?;
            }
            write!(out, "  {}", it.op.name())?;
            self.operand(out, it)?;
            out.push('\n');
        }
        for (nth, _) in labels {
            writeln!(out, "L{nth}:")?;
        }
        if instructions.rest() < self.code.units().len() {
            writeln!(out, "; what begins at unit {} cannot be read", instructions.rest())?;
        }
        Ok(())
    }

    fn operand(&self, out: &mut String, it: Instruction) -> Result {
        let arg = it.arg;
        let Some(kind) = it.op.info().operand else {
            return if arg == 0 { Ok(()) } else { write!(out, " #{arg}") };
        };
        out.push(' ');
        match kind {
            OperandKind::Const => match self.constant(arg) {
                Some(it) => constant(out, it),
                None => write!(out, "#{arg}"),
            },
            OperandKind::Name => self.write_name(out, NameIdx(arg)),
            OperandKind::Label if (arg as usize) < self.code.labels().len() => {
                write!(out, "L{arg}")
            }
            OperandKind::Variant => self.write_variant(out, VariantIdx(arg)),
            OperandKind::Path => match self.path(PathIdx(arg)) {
                Some(it) => self.write_path(out, it),
                None => write!(out, "#{arg}"),
            },
            OperandKind::Site => match self.site(arg) {
                Some(it) => self.write_site(out, it),
                None => write!(out, "#{arg}"),
            },
            OperandKind::Imm => write!(out, "{}", unzigzag(arg)),
            OperandKind::Compare => match crate::isa::CompareKind::from_operand(arg) {
                Some(it) => out.write_str(it.name()),
                None => write!(out, "#{arg}"),
            },
            OperandKind::Result => match ResultKind::from_operand(arg) {
                Some(it) => out.write_str(it.name()),
                None => write!(out, "#{arg}"),
            },
            OperandKind::Count | OperandKind::Depth => write!(out, "{arg}"),
            OperandKind::Label => write!(out, "#{arg}"),
            OperandKind::Local
            | OperandKind::Cell
            | OperandKind::Free
            | OperandKind::Global
            | OperandKind::Function
            | OperandKind::Import
            | OperandKind::Type => {
                write!(out, "{arg}")?;
                self.comment(out, kind, arg as usize);
                Ok(())
            }
        }
    }

    /// What a variable, function or type is called.
    fn comment(&self, out: &mut String, kind: OperandKind, at: usize) {
        let (module, code) = (self.module, self.code);
        let called = match kind {
            OperandKind::Local => code.local_names().get(at),
            OperandKind::Cell => code.cells().get(at),
            OperandKind::Free => code.free().get(at),
            OperandKind::Global => module.globals.get(at).map(|it| &it.name),
            OperandKind::Function => module.functions.get(at).map(|it| &it.name),
            OperandKind::Import => module.imports.get(at).map(|it| &it.name),
            OperandKind::Type => module.types.get(at).map(TypeDef::name),
            _ => None,
        };
        if let Some(called) = called {
            out.push_str(" ; ");
            let short = called.chars().take(MAX_COMMENT);
            out.extend(short.map(|it| if it.is_control() { '?' } else { it }));
        }
    }

    fn write_name(&self, out: &mut String, at: NameIdx) -> Result {
        let Some(it) = self.name(at) else { return write!(out, "#{}", at.0) };
        name(out, it);
        Ok(())
    }

    fn write_variant(&self, out: &mut String, at: VariantIdx) -> Result {
        match self.pools.variants.by_value(at.0) {
            Some(it) => variant(out, *it),
            None => write!(out, "#{}", at.0),
        }
    }

    fn write_path(&self, out: &mut String, path: &Path) -> Result {
        match path.root {
            Root::Local(it) => write!(out, "local {}", it.0)?,
            Root::Cell(it) => write!(out, "cell {}", it.0)?,
            Root::Free(it) => write!(out, "free {}", it.0)?,
            Root::Global(it) => write!(out, "global {}", it.0)?,
        }
        for step in &path.steps {
            match step {
                Step::Index => out.push_str(" []"),
                Step::Field(name) => {
                    out.push_str(" .");
                    self.write_name(out, *name)?;
                }
            }
        }
        Ok(())
    }

    fn write_site(&self, out: &mut String, site: &Site) -> Result {
        out.push('(');
        if let Some(method) = site.method {
            out.push_str("method ");
            self.write_name(out, method)?;
            out.push(' ');
        }
        write!(out, "args {}", site.args)?;
        if !site.named.is_empty() {
            out.push_str(" named [");
            for (nth, name) in site.named.iter().enumerate() {
                out.push_str(if nth == 0 { "" } else { " " });
                self.write_name(out, *name)?;
            }
            out.push(']');
        }
        match site.receiver {
            Receiver::Value => {}
            Receiver::Immutable(name) => {
                out.push_str(" immutable ");
                self.write_name(out, name)?;
            }
            Receiver::Place(path) => {
                out.push_str(" place ");
                match self.path(path) {
                    Some(it) => self.write_path(out, it)?,
                    None => write!(out, "#{}", path.0)?,
                }
            }
        }
        if let Some(variant) = site.variant {
            out.push_str(" variant ");
            self.write_variant(out, variant)?;
        }
        out.push_str(if site.spread { " spread)" } else { ")" });
        Ok(())
    }
}

fn variant(out: &mut String, variant: VariantRef) -> Result {
    write!(out, "{}:{}", variant.ty.0, variant.variant)
}

/// A constant as a literal. Floats that no number spells exactly are written as their bits.
fn constant(out: &mut String, constant: &Constant) -> Result {
    match constant {
        Constant::Null => out.write_str("null"),
        Constant::Bool(it) => write!(out, "{it}"),
        Constant::Int(it) => write!(out, "{it}"),
        Constant::Float(bits) if f64::from_bits(*bits).is_finite() => {
            write!(out, "{:?}", f64::from_bits(*bits))
        }
        Constant::Float(bits) => write!(out, "f0x{bits:016x}"),
        Constant::Str(it) => {
            text(out, it);
            Ok(())
        }
        Constant::Bytes(it) => {
            out.push_str("b\"");
            for byte in it.iter() {
                match byte {
                    b'"' | b'\\' => write!(out, "\\x{byte:02x}")?,
                    b' '..=b'~' => out.push(char::from(*byte)),
                    _ => write!(out, "\\x{byte:02x}")?,
                }
            }
            out.write_str("\"")
        }
    }
}
