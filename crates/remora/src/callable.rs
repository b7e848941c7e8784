//! Functions of a script that the host calls.

use std::marker::PhantomData;

use remora_diagnostics::Code;
use remora_vm::Fault;

use crate::convert::{FromValue, IntoArgs, IntoValue, Mismatch};
use crate::ctx::Ctx;
use crate::{Error, Handle, Value, ValueRef, Vm};

/// A function of a script with the types that the host calls it with: found by name ([`Vm::function`]), given by the script
/// as an argument of a host function, or as a result. It is good for the VM that it comes from, as long as that lives.
///
/// ```
/// # use remora::{Engine, Function, Settings, Vm};
/// let text = "func adder(n) { return (x) => x + n }";
/// let module = Engine::new().compile("adder.ruff", text)?;
/// let mut vm = Vm::new(&module, Settings::default());
/// vm.run()?;
/// let adder: Function<(i64,), Function<(i64,), i64>> = vm.function("adder")?;
/// let add_two = adder.call(&mut vm, (2,))?;
/// assert_eq!(add_two.call(&mut vm, (40,))?, 42);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Function<Args, Ret> {
    handle: Handle,
    types: PhantomData<fn(Args) -> Ret>,
}

impl<Args: IntoArgs, Ret: FromValue> Function<Args, Ret> {
    pub(crate) const fn new(handle: Handle) -> Self {
        Self { handle, types: PhantomData }
    }

    /// Calls it.
    ///
    /// # Errors
    /// What the function did not catch, or a limit; R0004 if it gives something else than `Ret`; R0033 with another VM than its own.
    pub fn call(&self, vm: &mut Vm, args: Args) -> Result<Ret, Error> {
        vm.call_handle(&self.handle, args)
    }

    /// What keeps it.
    #[must_use]
    pub const fn handle(&self) -> &Handle {
        &self.handle
    }
}

impl<Args, Ret> Clone for Function<Args, Ret> {
    fn clone(&self) -> Self {
        Self { handle: self.handle.clone(), types: PhantomData }
    }
}

impl<Args, Ret> std::fmt::Debug for Function<Args, Ret> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Function").finish_non_exhaustive()
    }
}

impl<Args: IntoArgs, Ret: FromValue> FromValue for Function<Args, Ret> {
    const TYPE: &'static str = "function";

    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        if value.is_function() {
            Ok(Self::new(value.handle()))
        } else {
            Err(Mismatch::of::<Self>(value))
        }
    }
}

impl<Args, Ret> IntoValue for Function<Args, Ret> {
    const TYPE: &'static str = "function";

    fn into_value(self, _: &mut Ctx<'_>) -> Result<Value, Error> {
        Ok(Value::Other(self.handle))
    }
}

impl Vm {
    /// A top-level function of the program, with the types that it is called with.
    ///
    /// # Errors
    /// R0010 if there is no such function, R0006 if it does not take so many arguments.
    pub fn function<Args: IntoArgs, Ret: FromValue>(
        &mut self,
        name: &str,
    ) -> Result<Function<Args, Ret>, Error> {
        let loaded = self.inner.loaded();
        let Some((function, id)) = loaded.find_function(name) else {
            let fault = Fault::new(Code::R0010, format!("No such function: {name}"));
            return Err(Error::new(fault));
        };
        if let Some(n) = Args::COUNT
            && !function.takes(n)
        {
            let fault = Fault::new(Code::R0006, format!("{name} does not take {n} arguments"));
            return Err(Error::new(fault));
        }
        let ctx = self.ctx();
        let raw = remora_vm::Value::function(id);
        let handle = ValueRef::new(ctx.cx.heap, &ctx.cx.host.handles, raw).handle();
        Ok(Function::new(handle))
    }
}
