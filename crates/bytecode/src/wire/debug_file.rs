//! Debug information as a file of its own: what a stripped module has lost, and the text of its source.
//!
//! The file names its module by a hash of the stripped bytes, so that messages never show the places of another program.
//! Promise, as of modules: bounded, never a panic, and one spelling only. The hash keeps mistakes out, not forgers: whatever
//! a forged file says can change what messages show, but not what the module does.

use remora_diagnostics::{Code, Span, line_starts};

use super::budget::Meter;
use super::protobuf::{Reader, Writer};
use super::reader::{read_debug, read_parts};
use super::writer::write_debug_part;
use super::{WireBudget, WireError, WriteOptions, write};
use crate::function::Function;
use crate::isa::hash_bytes;
use crate::module::{Module, ModuleData, Unverified};

/// Version of the format of these files.
const VERSION: u32 = 1;

/// A debug file whose frame has been read.
#[derive(Clone, Debug)]
pub struct DebugFile<'a> {
    module: u64,
    debug: Reader<'a>,
    text: &'a str,
}

/// The debug file of a module, with the text of its source; `None` if the module has no debug information. Linear.
#[must_use]
pub fn write_debug_file(module: &ModuleData, text: &str) -> Option<Vec<u8>> {
    let debug = module.debug.as_ref()?;
    let stripped = write(module, WriteOptions { strip: true });
    let mut out = Writer::default();
    out.number(1, VERSION);
    out.fixed64(2, hash_bytes(&stripped));
    out.message(3, |out| write_debug_part(module, debug, out));
    out.bytes(4, text.as_bytes());
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
        let text = file.text(4)?;
        file.end()?;
        Ok(Self { module, debug, text })
    }

    /// Whether it was made for the stripped module with these bytes.
    #[must_use]
    pub fn belongs_to(&self, module: &[u8]) -> bool {
        self.module == hash_bytes(module)
    }

    /// The text of the source; empty if it is not known.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
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
        if !self.text.is_empty() {
            let n_lines = 1 + self.text.bytes().filter(|it| *it == b'\n').count();
            meter.charge(n_lines.saturating_mul(size_of::<u32>()))?;
            let lines = line_starts(self.text);
            if *lines != *debug.line_starts {
                return Err(inside.error("lines begin elsewhere in the text"));
            }
            let stands =
                |span: &Span| self.text.get(span.start as usize..span.end as usize).is_some();
            let mut spans = functions.iter().flat_map(|it| it.code.lines().iter());
            if !spans.all(|(_, span)| stands(&span)) {
                return Err(inside.error("a place is not in the text"));
            }
        }
        module.debug = Some(debug);
        module.functions = functions.into_iter().map(Function::from).collect();
        Ok(Module::new(module))
    }
}
