//! A module that comes in pieces: the header first, then one function after the other.
//!
//! Promise: whatever the pieces, the same modules and faults as from [`read`](super::read); each part is decoded as soon
//! as its last byte has come, and no byte is kept longer. The header holds the signature of each function, so it alone
//! makes a module that can be verified and linked, [`Stream::outline`]; the code of its functions follows:
//! [`Stream::code`]. The outline counts against the budget, too.

use std::sync::Arc;

use super::budget::Meter;
use super::pool::PoolReader;
use super::protobuf::Reader;
use super::reader::{HeaderParts, read_code, read_debug, read_header};
use super::{WireBudget, WireError};
use crate::builder::CodeBuilder;
use crate::code::Code;
use crate::function::{Capture, Function, FunctionKind, ParamDef};
use crate::ids::FnIdx;
use crate::module::{Debug, Module, ModuleData, Unverified};
use remora_diagnostics::Code as ErrorCode;

/// How a function is called.
#[derive(Clone, Debug)]
pub(super) struct Signature {
    pub(super) name: Arc<str>,
    pub(super) params: Box<[ParamDef]>,
    pub(super) kind: FunctionKind,
    pub(super) captures: Box<[Capture]>,
}

impl Signature {
    fn with(self, code: Arc<Code>) -> Function {
        let Self { name, params, kind, captures } = self;
        Function { name, params, kind, captures, code }
    }

    /// A function that is called like this and does nothing.
    fn stand_in(&self, meter: &mut Meter) -> Result<Function, WireError> {
        let no_stand_in = |_| WireError::too_large("a function has too many parameters");
        let n_params = u32::try_from(self.params.len()).unwrap_or(u32::MAX);
        let mut code = CodeBuilder::new(n_params);
        // What the signature holds is in here and in the draft once more.
        let copies = 2 * (size_of_val(&*self.params) + size_of_val(&*self.captures));
        let free = self.captures.len() * 2 * size_of::<Arc<str>>();
        meter.charge(size_of::<Code>() + copies + free)?;
        for _ in &self.captures {
            code.tables().new_free("");
        }
        code.return_null();
        Ok(self.clone().with(code.finish().map_err(no_stand_in)?))
    }
}

/// A function whose code can still be given its debug information.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) signature: Signature,
    pub(super) code: Code,
}

impl From<Draft> for Function {
    fn from(it: Draft) -> Self {
        it.signature.with(Arc::new(it.code))
    }
}

/// A module of which only a part may have come.
#[derive(Debug)]
pub struct Stream {
    meter: Meter,
    max_bytes: usize,
    /// What has come of the part that is not complete, and where in the file it begins.
    rest: Vec<u8>,
    offset: usize,
    head: Option<Head>,
    /// The debug information has come, and nothing may follow.
    complete: bool,
    fault: Option<WireError>,
}

/// What is known once the header has come.
#[derive(Debug)]
struct Head {
    /// With a function that does nothing in the place of each.
    module: ModuleData,
    pool: PoolReader,
    /// Bytes of each function.
    sizes: Vec<u32>,
    signatures: Box<[Signature]>,
    functions: Vec<Draft>,
    /// Bytes of the file up to the end of the start function.
    before_start: Option<u64>,
}

impl Stream {
    /// A stream of which nothing has come.
    #[must_use]
    pub fn new(budget: &WireBudget) -> Self {
        Self {
            meter: Meter::new(budget),
            max_bytes: budget.max_bytes,
            rest: Vec::new(),
            offset: 0,
            head: None,
            complete: false,
            fault: None,
        }
    }

    /// Takes the bytes that come next, in pieces of any size.
    ///
    /// # Errors
    /// As [`read`](super::read), as soon as it can be known; and the same again for whatever comes after a fault.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let done = self.take(bytes);
        self.fault = done.clone().err();
        done
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        let total = self.offset.saturating_add(self.rest.len()).saturating_add(bytes.len());
        if total > self.max_bytes {
            return Err(WireError::too_large("it is longer than allowed"));
        }
        let no_memory = |_| WireError::too_large("the machine has no memory for it");
        self.rest.try_reserve(bytes.len()).map_err(no_memory)?;
        self.rest.extend_from_slice(bytes);
        let rest = std::mem::take(&mut self.rest);
        let mut file = Reader::at(&rest, self.offset, self.last_field());
        while !file.rest().is_empty() && self.part(&mut file)? {}
        self.offset = file.offset();
        self.rest = file.rest().to_vec();
        Ok(())
    }

    /// The field that the last complete part had.
    fn last_field(&self) -> u32 {
        match &self.head {
            None => 0,
            Some(_) if self.complete => 3,
            Some(head) if head.functions.is_empty() => 1,
            Some(_) => 2,
        }
    }

    /// Reads the next part if all of it is there.
    fn part(&mut self, file: &mut Reader<'_>) -> Result<bool, WireError> {
        if self.complete {
            file.end()?;
        }
        let field = match &self.head {
            None => 1,
            Some(head) if head.functions.len() < head.sizes.len() => 2,
            Some(_) => 3,
        };
        let mut ahead = file.clone();
        let mut part = match ahead.repeated(field) {
            Ok(Some(part)) => part,
            Ok(None) => return Err(file.error("another part of a module is missing here")),
            Err(error) if error.code == ErrorCode::V0092 => return Ok(false),
            Err(error) => return Err(error),
        };
        match &mut self.head {
            None => self.head = Some(Head::read(&mut part, ahead.offset(), &mut self.meter)?),
            Some(head) if field == 2 => head.function(&mut part, &mut self.meter)?,
            Some(head) => {
                let debug = read_debug(&mut part, &mut head.functions, &mut self.meter)?;
                part.end()?;
                head.module.debug = Some(Arc::new(debug));
                self.complete = true;
            }
        }
        *file = ahead;
        Ok(true)
    }

    /// The module as its header tells of it, once that has come: its functions have their signatures, and do nothing.
    /// Code comes with [`Stream::code`], to be checked by [`Module::verify_code`].
    #[must_use]
    pub fn outline(&self) -> Option<Module<Unverified>> {
        self.head.as_ref().map(|it| Module::new(it.module.clone()))
    }

    /// The code of a function, if it has come: without its debug information until [`Stream::debug`].
    #[must_use]
    pub fn code(&self, at: FnIdx) -> Option<&Code> {
        self.head.as_ref()?.functions.get(at.index()).map(|it| &it.code)
    }

    /// The debug information, which comes last if there is any.
    #[must_use]
    pub fn debug(&self) -> Option<&Arc<Debug>> {
        self.head.as_ref()?.module.debug.as_ref()
    }

    /// How many functions have come, and how many there are; `None` before the header.
    #[must_use]
    pub fn functions(&self) -> Option<(usize, usize)> {
        self.head.as_ref().map(|it| (it.functions.len(), it.sizes.len()))
    }

    /// How many bytes, from the first of the file on, there are up to the end of the start function; `None` before the
    /// header, and of a module that has none.
    #[must_use]
    pub fn bytes_before_start(&self) -> Option<u64> {
        self.head.as_ref()?.before_start
    }

    /// Whether the start function has come.
    #[must_use]
    pub fn can_begin(&self) -> bool {
        let begins = |it: &Head| it.module.start.is_some_and(|at| at.index() < it.functions.len());
        self.fault.is_none() && self.head.as_ref().is_some_and(begins)
    }

    /// Whether nothing is missing, if nothing more comes.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let all = self.functions().is_some_and(|(come, all)| come == all);
        all && self.rest.is_empty() && self.fault.is_none()
    }

    /// The whole module, when the last byte has come.
    ///
    /// # Errors
    /// V0095 with what is missing; what was wrong before.
    pub fn end(mut self) -> Result<Module<Unverified>, WireError> {
        let whole = self.is_whole();
        let Some(head) = self.head.take_if(|_| whole) else { return Err(self.missing()) };
        let mut module = head.module;
        module.functions = head.functions.into_iter().map(Function::from).collect();
        Ok(Module::new(module))
    }

    /// What is wrong with the stream if nothing more comes: the fault that was found, or V0095 with what is missing.
    #[must_use]
    pub fn missing(&self) -> WireError {
        if let Some(fault) = &self.fault {
            return fault.clone();
        }
        let n_more = self.rest.len();
        let message = match &self.head {
            None => format!("the header has not come, only {n_more} bytes of it"),
            Some(head) => {
                let (n_come, n) = (head.functions.len(), head.sizes.len());
                match head.sizes.get(n_come).zip(head.signatures.get(n_come)) {
                    Some((size, Signature { name, .. })) => format!(
                        "function {n_come} of {n}, `{name}`, has not come, only {n_more} bytes of about {size}, and none after it"
                    ),
                    None => "the debug information has not come to its end".to_owned(),
                }
            }
        };
        WireError { code: ErrorCode::V0095, offset: self.offset + n_more, message }
    }
}

impl Head {
    fn read(from: &mut Reader<'_>, end: usize, meter: &mut Meter) -> Result<Self, WireError> {
        let HeaderParts { mut module, pool, sizes, signatures } = read_header(from, meter)?;
        from.end()?;
        let functions = meter.list(sizes.len())?;
        let stand_ins = signatures.iter().map(|it| it.stand_in(meter));
        module.functions = stand_ins.collect::<Result<_, _>>()?;
        let start = module.start.and_then(|it| sizes.get(..=it.index()));
        let before_start = start.map(|sizes| {
            let framed = sizes.iter().map(|it| 1 + varint_len(*it) + u64::from(*it));
            framed.fold(end as u64, u64::saturating_add)
        });
        let mut head = Self { module, pool, sizes, signatures, functions, before_start };
        head.check_end()?;
        Ok(head)
    }

    fn function(&mut self, from: &mut Reader<'_>, meter: &mut Meter) -> Result<(), WireError> {
        let size = self.sizes.get(self.functions.len()).copied();
        if size.is_none_or(|size| from.rest().len() != size as usize) {
            return Err(from.error("a function is not as long as the header says"));
        }
        let Some(signature) = self.signatures.get(self.functions.len()).cloned() else {
            return Err(from.error("there is not one signature for each function"));
        };
        let code = read_code(from, &mut self.pool, meter)?;
        self.functions.push(Draft { signature, code });
        from.end()?;
        self.check_end()
    }

    fn check_end(&mut self) -> Result<(), WireError> {
        if self.functions.len() == self.sizes.len() { self.pool.end() } else { Ok(()) }
    }
}

/// How many bytes a number takes.
fn varint_len(value: u32) -> u64 {
    u64::from((32 - (value | 1).leading_zeros()).div_ceil(7))
}
