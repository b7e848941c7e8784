//! A module that comes in pieces: the header first, then one function after the other.
//!
//! Promise: whatever the pieces, the same modules and faults as from [`read`](super::read); each part is decoded as soon
//! as its last byte has come, and no byte is kept longer. The start function and all that it can come to call may be
//! run before the rest has come: [`Stream::beginning`].

use std::sync::Arc;

use super::budget::Meter;
use super::needs::Needs;
use super::pool::PoolReader;
use super::protobuf::Reader;
use super::reader::{read_debug, read_function, read_header};
use super::{WireBudget, WireError};
use crate::builder::CodeBuilder;
use crate::code::Code;
use crate::function::{Capture, Function, FunctionKind, ParamDef, ParamKind};
use crate::ids::FnIdx;
use crate::module::{MethodKind, Module, ModuleData, TypeDef, Unverified};
use remora_diagnostics::Code as ErrorCode;

/// A function whose code can still be given its debug information.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) name: Arc<str>,
    pub(super) params: Box<[ParamDef]>,
    pub(super) kind: FunctionKind,
    pub(super) captures: Box<[Capture]>,
    pub(super) code: Code,
}

impl From<Draft> for Function {
    fn from(it: Draft) -> Self {
        Self {
            name: it.name,
            params: it.params,
            kind: it.kind,
            captures: it.captures,
            code: Arc::new(it.code),
        }
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
    module: ModuleData,
    pool: PoolReader,
    /// Bytes of each function.
    sizes: Vec<u32>,
    functions: Vec<Draft>,
    needs: Needs,
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
                head.module.debug = Some(debug);
                self.complete = true;
            }
        }
        *file = ahead;
        Ok(true)
    }

    /// The module without its functions, once the header has come.
    #[must_use]
    pub fn header(&self) -> Option<&ModuleData> {
        self.head.as_ref().map(|it| &it.module)
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

    /// Whether the start function and all that it can come to call have come.
    #[must_use]
    pub fn can_begin(&self) -> bool {
        let begins = |it: &Head| it.module.start.is_some() && it.needs.are_met();
        self.fault.is_none() && self.head.as_ref().is_some_and(begins)
    }

    /// The module as far as its start function needs it: in the places of all other functions stand some that do
    /// nothing, and that nothing comes to call. `None` before [`Stream::can_begin`].
    #[must_use]
    pub fn beginning(&self) -> Option<Module<Unverified>> {
        let head = self.head.as_ref().filter(|_| self.can_begin())?;
        let mut module = head.module.clone();
        let function = |at: usize| match head.functions.get(at) {
            Some(draft) if head.needs.function(at) => Some(draft.clone().into()),
            _ => stand_in(&module, FnIdx(u32::try_from(at).ok()?)),
        };
        let functions: Option<Box<[Function]>> = (0..head.sizes.len()).map(function).collect();
        module.functions = functions?;
        // Without the debug information, which comes last.
        module.debug = None;
        Some(Module::new(module))
    }

    /// The whole module, when the last byte has come.
    ///
    /// # Errors
    /// V0095 with what is missing; what was wrong before.
    pub fn end(mut self) -> Result<Module<Unverified>, WireError> {
        let all = self.functions().is_some_and(|(come, all)| come == all);
        let whole = all && self.rest.is_empty() && self.fault.is_none();
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
                match head.sizes.get(n_come) {
                    Some(size) => format!(
                        "function {n_come} of {n} has not come, only {n_more} bytes of about {size}, and none after it"
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
        let (module, pool, sizes) = read_header(from, meter)?;
        from.end()?;
        let functions = meter.list(sizes.len())?;
        let needs = Needs::new(&module, sizes.len());
        let start = module.start.and_then(|it| sizes.get(..=it.index()));
        let before_start = start.map(|sizes| {
            let framed = sizes.iter().map(|it| 1 + varint_len(*it) + u64::from(*it));
            framed.fold(end as u64, u64::saturating_add)
        });
        let mut head = Self { module, pool, sizes, functions, needs, before_start };
        head.check_end()?;
        Ok(head)
    }

    fn function(&mut self, from: &mut Reader<'_>, meter: &mut Meter) -> Result<(), WireError> {
        let size = self.sizes.get(self.functions.len()).copied();
        if size.is_none_or(|size| from.rest().len() != size as usize) {
            return Err(from.error("a function is not as long as the header says"));
        }
        self.functions.push(read_function(from, &mut self.pool, meter)?);
        from.end()?;
        self.needs.came(&self.module, &self.functions);
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

/// A function that does nothing, of the kind that the tables of the module need at an index.
fn stand_in(module: &ModuleData, at: FnIdx) -> Option<Function> {
    let takes_self = module.types.iter().any(|it| match it {
        TypeDef::Struct { methods, .. } => {
            methods.iter().any(|it| it.function == at && it.kind != MethodKind::Static)
        }
        TypeDef::Enum { .. } => false,
    });
    let this = ParamDef { name: "self".into(), kind: ParamKind::Required };
    let params: Box<[_]> = takes_self.then_some(this).into_iter().collect();
    let mut code = CodeBuilder::new(u32::from(takes_self));
    code.return_null();
    Some(Function {
        name: "<on its way>".into(),
        params,
        kind: FunctionKind::Plain,
        captures: Box::default(),
        code: code.finish().ok()?,
    })
}
