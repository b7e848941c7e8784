//! Debug information as a file of its own: what a stripped module has lost, and the texts of its sources.
//!
//! The file names its module by a hash of the stripped bytes, so that messages never show the places of another program.
//! Promise, as of modules: bounded, never a panic, and one spelling only. The hash keeps mistakes out, not forgers: whatever
//! a forged file says can change what messages show, but not what the module does.

use std::sync::Arc;

use remora_diagnostics::{Code, Span, line_starts};

use super::budget::Meter;
use super::protobuf::{Reader, Writer};
use super::reader::{read_debug, read_parts};
use super::stream::Draft;
use super::writer::write_debug_part;
use super::{WireBudget, WireError, WriteOptions, write};
use crate::function::Function;
use crate::isa::hash_bytes;
use crate::module::{Debug, Module, ModuleData, Unverified};

/// Version of the format of these files.
const VERSION: u32 = 1;

/// A debug file whose frame has been read.
#[derive(Clone, Debug)]
pub struct DebugFile<'a> {
    module: u64,
    debug: Reader<'a>,
    texts: Vec<&'a str>,
}

/// The debug file of a module, with the texts of its sources: of the program, then of each file that it imports, or none;
/// `None` if the module has no debug information. Linear.
#[must_use]
pub fn write_debug_file(module: &ModuleData, texts: &[&str]) -> Option<Vec<u8>> {
    let debug = module.debug.as_ref()?;
    let stripped = write(module, WriteOptions { strip: true });
    let mut out = Writer::default();
    out.number(1, VERSION);
    out.fixed64(2, hash_bytes(&stripped));
    out.message(3, |out| write_debug_part(module, debug, out));
    for text in texts {
        out.message_bytes(4, text.as_bytes());
    }
    Some(out.into_bytes())
}

impl<'a> DebugFile<'a> {
    /// Reads the frame of a debug file; its inside is read with the module.
    ///
    /// # Errors
    /// V0091 for what is no debug file, V0092 for one that ends too early, V0093 for another version, L0008 for one that is
    /// too long.
    pub fn read(bytes: &'a [u8], budget: &WireBudget) -> Result<Self, WireError> {
        if bytes.len() > budget.max_bytes {
            return Err(WireError::too_large("it is longer than allowed"));
        }
        if bytes.is_empty() {
            return Err(WireError::truncated(0));
        }
        let mut file = Reader::new(bytes);
        match file.number(1)? {
            VERSION => {}
            0 => return Err(file.error("this is no debug file")),
            version => {
                return Err(WireError::unsupported(format!(
                    "it is of version {version} of the format, this is {VERSION}"
                )));
            }
        }
        let Some(module) = file.fixed64(2)? else {
            return Err(file.error("this is no debug file"));
        };
        let Some(debug) = file.repeated(3)? else {
            return Err(WireError::truncated(file.offset()));
        };
        let mut texts = Meter::new(budget).list(file.count(4)?)?;
        while let Some(text) = file.repeated(4)? {
            let text = std::str::from_utf8(text.rest());
            texts.push(text.map_err(|_| file.error("a text is not UTF-8"))?);
        }
        file.end()?;
        Ok(Self { module, debug, texts })
    }

    /// Whether it was made for the stripped module with these bytes.
    #[must_use]
    pub fn belongs_to(&self, module: &[u8]) -> bool {
        self.module == hash_bytes(module)
    }

    /// The texts of the sources, the program's first; empty if they are not known.
    #[must_use]
    pub fn texts(&self) -> &[&'a str] {
        &self.texts
    }

    /// The module with these bytes and this debug information.
    ///
    /// # Errors
    /// V0096 if it belongs to another module; as [`read`](super::read) for the module, and for what is in this file.
    pub fn read_module(
        &self,
        bytes: &[u8],
        budget: &WireBudget,
    ) -> Result<Module<Unverified>, WireError> {
        if !self.belongs_to(bytes) {
            let message = "the hash in it is that of another module".to_owned();
            return Err(WireError { code: Code::V0096, offset: 0, message });
        }
        let mut meter = Meter::new(budget);
        let (mut module, mut functions) = read_parts(bytes, budget, &mut meter)?;
        if module.debug.is_some() {
            let message = "the module has debug information of its own".to_owned();
            return Err(WireError { code: Code::V0096, offset: 0, message });
        }
        let mut inside = self.debug.clone();
        let debug = read_debug(&mut inside, &mut functions, &mut meter)?;
        inside.end()?;
        self.check_texts(&debug, &functions, &inside, &mut meter)?;
        module.debug = Some(Arc::new(debug));
        module.functions = functions.into_iter().map(Function::from).collect();
        Ok(Module::new(module))
    }

    /// Whether the texts, if there are any, have the lines and places that the rest speaks of.
    fn check_texts(
        &self,
        debug: &Debug,
        functions: &[Draft],
        from: &Reader<'_>,
        meter: &mut Meter,
    ) -> Result<(), WireError> {
        if self.texts.is_empty() {
            return Ok(());
        }
        if self.texts.len() != 1 + debug.imported.len() {
            return Err(from.error("there is not one text for each source"));
        }
        let imported = debug.imported.iter().map(|it| &it.line_starts);
        for (text, lines) in
            self.texts.iter().zip(std::iter::once(&debug.line_starts).chain(imported))
        {
            let n_lines = 1 + text.bytes().filter(|it| *it == b'\n').count();
            meter.charge(n_lines.saturating_mul(size_of::<u32>()))?;
            if *line_starts(text) != **lines {
                return Err(from.error("lines begin elsewhere in the text"));
            }
        }
        let stands = |span: Span| {
            let file = debug.imported.partition_point(|it| it.start <= span.start);
            let start = file.checked_sub(1).and_then(|nth| debug.imported.get(nth));
            let start = start.map_or(0, |it| it.start);
            let (Some(from), Some(to)) =
                (span.start.checked_sub(start), span.end.checked_sub(start))
            else {
                return false;
            };
            let text = self.texts.get(file);
            text.is_some_and(|it| it.get(from as usize..to as usize).is_some())
        };
        if functions.iter().flat_map(|it| it.code.lines().iter()).all(|(_, span)| stands(span)) {
            Ok(())
        } else {
            Err(from.error("a place is not in the text"))
        }
    }
}
