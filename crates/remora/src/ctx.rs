//! What a function of the host may use while it is called.

use std::any::{Any, TypeId};

use remora_vm::host::{HostCx, Stream};
use remora_vm::limits::Charge;

use crate::convert::IntoValue;
use crate::{Error, Handle, Value, ValueRef};

/// What a function of the host may use while it is called: taken as its first parameter, `|ctx: &mut Ctx, …|`. It cannot call
/// back into the script; see [`crate::Vm::call_async`] for functions that wait.
pub struct Ctx<'a> {
    pub(crate) cx: HostCx<'a>,
}

impl<'a> Ctx<'a> {
    pub(crate) const fn new(cx: HostCx<'a>) -> Self {
        Self { cx }
    }

    /// Under which name the function was called.
    #[must_use]
    pub fn function_name(&self) -> &str {
        self.cx.name()
    }

    /// What the host keeps with this VM of that type: see [`crate::Vm::insert`].
    #[must_use]
    pub fn get<T: Any + Send>(&mut self) -> Option<&mut T> {
        self.cx.host.kept.get_mut(&TypeId::of::<T>())?.downcast_mut()
    }

    /// Pays for work before it is done: a unit is about what a turn of a loop costs.
    ///
    /// # Errors
    /// L0001, L0004, L0007: give them back to the script, which ends with them.
    pub fn charge(&mut self, units: u64) -> Result<(), Error> {
        self.cx.fuel.charge(units).map_err(Error::new)
    }

    /// Prints as the script would.
    ///
    /// # Errors
    /// L0006 past the limit on output, R0025 if nobody takes it.
    pub fn print(&mut self, text: &str) -> Result<(), Error> {
        self.cx.write(Stream::Out, text).map_err(Error::new)
    }

    /// Looks at the value of a handle.
    ///
    /// # Errors
    /// R0033 if it is of another VM.
    pub fn view(&self, handle: &Handle) -> Result<ValueRef<'_>, Error> {
        let raw = handle.find(&self.cx.host.handles).map_err(Error::new)?;
        Ok(ValueRef::new(self.cx.heap, &self.cx.host.handles, raw))
    }

    /// Puts a value into the VM and holds on to it.
    ///
    /// # Errors
    /// L0002 without memory for it.
    pub fn keep(&mut self, value: impl IntoValue) -> Result<Handle, Error> {
        let raw = value.into_raw(self).map_err(Error::new)?;
        let handle = ValueRef::new(self.cx.heap, &self.cx.host.handles, raw).handle();
        self.cx.heap.release(raw);
        Ok(handle)
    }

    /// What `print` shows of a value.
    ///
    /// # Errors
    /// As [`Ctx::keep`].
    pub fn display(&mut self, value: &Value) -> Result<String, Error> {
        let handle = self.keep(value.clone())?;
        self.view(&handle)?.display()
    }
}
