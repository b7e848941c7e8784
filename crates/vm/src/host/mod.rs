//! What functions of the host see of a running program, and where its output goes.

mod args;
mod call;
mod future;
mod handle;
mod object;
mod row;

pub use args::Args;
pub use call::{Begin, HostCall, HostFunction, Run};
pub(crate) use call::{NOBODY, Native, Opened, call_now, caught, dropped};
pub(crate) use future::poll;
pub use future::{HostFuture, future};
pub use handle::{Handle, Handles};
pub use object::{
    Display, Equal, GetField, Len, ObjectField, ObjectMethod, ObjectShape, ObjectTypes, Order,
    SetField, refused,
};
pub(crate) use row::row;

use std::any::{Any, TypeId};
use std::collections::BTreeMap;

use remora_diagnostics::Code;

use crate::fault::{Fault, Res};
use crate::heap::Heap;
use crate::limits::Charge;
use crate::limits::fuel::Fuel;

/// Where a text goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stream {
    /// What the program says.
    Out,
    /// What it says beside.
    Err,
}

/// Takes what a program prints; an error ends the program.
pub type Write = Box<dyn FnMut(Stream, &str) -> Result<(), String> + Send>;

/// What the embedder gives a program beside values: a place for its output, and whatever its functions need.
pub struct Host {
    /// Takes what the program prints.
    pub write: Write,
    /// Most bytes that the program may print.
    pub max_output: u64,
    /// Data of the embedder's functions, such as what the program is allowed.
    pub data: Box<dyn Any + Send>,
    /// What else the embedder keeps with a program: one value of each type.
    pub kept: BTreeMap<TypeId, Box<dyn Any + Send>>,
    /// Values that the embedder holds on to.
    pub handles: Handles,
    /// State of the random numbers that the program draws.
    pub random: crate::builtins::random::Random,
    written: u64,
}

impl Host {
    /// A host that takes output with `write`.
    pub fn new(
        write: impl FnMut(Stream, &str) -> Result<(), String> + Send + 'static,
        seed: u64,
    ) -> Self {
        Self {
            write: Box::new(write),
            max_output: u64::MAX,
            data: Box::new(()),
            kept: BTreeMap::new(),
            handles: Handles::default(),
            random: crate::builtins::random::Random::new(seed),
            written: 0,
        }
    }
}

/// What a function of the host may use while it is called. It cannot call back into the script.
pub struct HostCx<'a> {
    /// All values live here.
    pub heap: &'a mut Heap,
    /// Work that grows with the arguments is paid from here before it is done.
    pub fuel: &'a mut Fuel,
    /// What the embedder gave.
    pub host: &'a mut Host,
    native: &'a Native,
}

impl<'a> HostCx<'a> {
    pub(crate) const fn new(
        heap: &'a mut Heap,
        fuel: &'a mut Fuel,
        host: &'a mut Host,
        native: &'a Native,
    ) -> Self {
        Self { heap, fuel, host, native }
    }

    /// The same, lent on.
    pub const fn lend(&mut self) -> HostCx<'_> {
        HostCx { heap: self.heap, fuel: self.fuel, host: self.host, native: self.native }
    }

    /// The function of the embedder that runs, if it is one.
    #[must_use]
    pub fn function(&self) -> Option<&'a HostFunction> {
        self.native.function.as_deref()
    }

    /// Under which name the function was called, for messages.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.native.name
    }

    /// How many arguments of the function of the embedder that runs a script does not write as such.
    #[must_use]
    pub fn n_hidden(&self) -> usize {
        self.function().map_or(0, |it| it.n_hidden)
    }

    /// Pays for work before it is done.
    ///
    /// # Errors
    /// L0001, L0004, L0007.
    #[inline]
    pub fn charge(&mut self, units: u64) -> Res<()> {
        self.fuel.charge(units)
    }

    /// Prints.
    ///
    /// # Errors
    /// L0006 past the limit on output, R0025 if the host cannot take it.
    pub fn write(&mut self, stream: Stream, text: &str) -> Res<()> {
        let len = text.len() as u64;
        self.charge(len / 64)?;
        let host = &mut *self.host;
        host.written = host.written.saturating_add(len);
        if host.written > host.max_output {
            let limit = host.max_output;
            return Err(Fault::new(Code::L0006, format!("Output limit reached: {limit} bytes")));
        }
        (host.write)(stream, text).map_err(|why| Fault::new(Code::R0025, why))
    }

    /// The embedder's data, if it is of that type.
    #[must_use]
    pub fn data<T: 'static>(&mut self) -> Option<&mut T> {
        self.host.data.downcast_mut()
    }
}
