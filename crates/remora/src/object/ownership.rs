//! Objects that the host and scripts share.

use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use remora_vm::host::{self, HostCx};
use remora_vm::object::{HostObject, Refused};

use super::Object;
use super::convert::type_of;
use crate::convert::{FromValue, IntoValue, Mismatch};
use crate::ctx::Ctx;
use crate::{Error, Handle, Value, ValueRef, Vm};

/// An object in a VM that the host holds on to: it looks at it and changes it between calls, and gives it to scripts as an
/// argument. Cloning shares.
///
/// ```
/// # use remora::{Engine, Object, ObjectType, Settings, Vm};
/// # struct Counter { n: i64 }
/// # remora::object_params!(Counter);
/// # impl Object for Counter {
/// #     const NAME: &'static str = "Counter";
/// #     fn describe(it: &mut ObjectType<Self>) {
/// #         it.method("add", |counter: &mut Counter, by: i64| counter.n += by);
/// #     }
/// # }
/// # let engine = Engine::builder().object::<Counter>().build();
/// let module = engine.compile("tick.ruff", "func tick(c) { c.add(1) }")?;
/// let mut vm = Vm::new(&module, Settings::default());
/// vm.run()?;
/// let counter = vm.object(Counter { n: 40 })?;
/// vm.call("tick", (&counter,))?;
/// counter.with_mut(&mut vm, |it| it.n += 1)?;
/// assert_eq!(counter.with(&mut vm, |it| it.n)?, 42);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Shared<T> {
    handle: Handle,
    ty: PhantomData<fn() -> T>,
}

impl<T: Object> Shared<T> {
    /// Looks at the object.
    ///
    /// # Errors
    /// R0033 with another VM than its own, R0036 if it is gone.
    pub fn with<R>(&self, vm: &mut Vm, look: impl FnOnce(&T) -> R) -> Result<R, Error> {
        vm.ctx().with(self, look)
    }

    /// Changes the object.
    ///
    /// # Errors
    /// As [`Shared::with`].
    pub fn with_mut<R>(&self, vm: &mut Vm, change: impl FnOnce(&mut T) -> R) -> Result<R, Error> {
        vm.ctx().with_mut(self, change)
    }

    /// Takes the object out of the VM. A script that still has it finds nothing there: R0036.
    ///
    /// # Errors
    /// As [`Shared::with`].
    pub fn take(self, vm: &mut Vm) -> Result<T, Error> {
        let ctx = vm.ctx();
        find::<T, _>(&ctx.cx, &self.handle, |it| it.take()).map(|it| *it)
    }

    /// What keeps it.
    #[must_use]
    pub const fn handle(&self) -> &Handle {
        &self.handle
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self { handle: self.handle.clone(), ty: PhantomData }
    }
}

impl<T> std::fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// The object of a handle.
fn find<'a, T: Object, R>(
    cx: &'a HostCx<'_>,
    handle: &Handle,
    open: impl FnOnce(&'a HostObject) -> Result<R, Refused>,
) -> Result<R, Error> {
    let raw = handle.find(&cx.host.handles).map_err(Error::new)?;
    let object = cx.heap.object(raw).ok_or(Refused::OtherType);
    object.and_then(open).map_err(|why| Error::new(host::refused(T::NAME, why)))
}

impl Vm {
    /// Gives the VM an object, and holds on to it.
    ///
    /// # Errors
    /// R0020 if the engine does not know the type, L0002 without memory for it.
    pub fn object<T: Object>(&mut self, object: T) -> Result<Shared<T>, Error> {
        self.ctx().object(object)
    }
}

impl Vm {
    /// Lends the VM an object for as long as `run` takes. A script that keeps it finds nothing in it afterwards: R0036.
    ///
    /// The object is moved in and back out; while it is away, `object` is the default. It comes back also if `run` panics.
    ///
    #[cfg_attr(feature = "macros", doc = "```")]
    #[cfg_attr(not(feature = "macros"), doc = "```ignore")]
    /// # use remora::{Engine, Settings, Vm};
    /// #[derive(remora::Object, Default)]
    /// struct World {
    ///     pub ticks: i64,
    /// }
    ///
    /// let engine = Engine::builder().object::<World>().build();
    /// let text = "kept := null\nfunc tick(w) { kept := w; w.ticks += 1 }\nfunc late() { return kept.ticks }";
    /// let module = engine.compile("tick.ruff", text)?;
    /// let mut vm = Vm::new(&module, Settings::default());
    /// vm.run()?;
    /// let mut world = World { ticks: 41 };
    /// vm.lend(&mut world, |vm, it| vm.call("tick", (it,)))??;
    /// assert_eq!(world.ticks, 42);
    /// assert_eq!(vm.call("late", ()).unwrap_err().message(), "This World is gone");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// R0020 if the engine does not know the type, L0002 without memory for it: `run` is not called then. R0036 if `run` takes
    /// the object itself: [`Shared::take`].
    pub fn lend<T: Object + Default, R>(
        &mut self,
        object: &mut T,
        run: impl FnOnce(&mut Self, &Shared<T>) -> R,
    ) -> Result<R, Error> {
        let shared = self.ctx().empty_object::<T>(object.extra_bytes())?;
        let inside = Box::new(std::mem::take(object));
        find::<T, _>(&self.ctx().cx, &shared.handle, |it| {
            it.put(inside).map_err(|_| Refused::InUse)
        })?;
        let ran = catch_unwind(AssertUnwindSafe(|| run(self, &shared)));
        let back = shared.take(self);
        let back = back.map(|it| *object = it);
        match ran {
            Ok(ran) => back.map(|()| ran),
            Err(panic) => resume_unwind(panic),
        }
    }
}

impl Ctx<'_> {
    /// An object with nothing in it yet.
    fn empty_object<T: Object>(&mut self, extra: usize) -> Result<Shared<T>, Error> {
        let heap = &mut *self.cx.heap;
        let raw = type_of::<T>(heap)
            .and_then(|ty| heap.new_empty_object(ty, size_of::<T>().saturating_add(extra)))
            .map_err(Error::new)?;
        let handle = ValueRef::new(self.cx.heap, &self.cx.host.handles, raw).handle();
        self.cx.heap.release(raw);
        Ok(Shared { handle, ty: PhantomData })
    }

    /// As [`Vm::object`].
    ///
    /// # Errors
    /// As there.
    pub fn object<T: Object>(&mut self, object: T) -> Result<Shared<T>, Error> {
        Ok(Shared { handle: self.keep(object)?, ty: PhantomData })
    }

    /// As [`Shared::with`].
    ///
    /// # Errors
    /// As there; R0035 if it is being changed by the call that this is part of.
    pub fn with<T: Object, R>(
        &mut self,
        object: &Shared<T>,
        look: impl FnOnce(&T) -> R,
    ) -> Result<R, Error> {
        let inside = find::<T, _>(&self.cx, &object.handle, |it| it.read::<T>())?;
        Ok(look(&inside))
    }

    /// As [`Shared::with_mut`].
    ///
    /// # Errors
    /// As there; R0035 if it is an argument of the call that this is part of.
    pub fn with_mut<T: Object, R>(
        &mut self,
        object: &Shared<T>,
        change: impl FnOnce(&mut T) -> R,
    ) -> Result<R, Error> {
        let mut inside = find::<T, _>(&self.cx, &object.handle, |it| it.write::<T>())?;
        Ok(change(&mut inside))
    }
}

impl<T: Object> FromValue for Shared<T> {
    const TYPE: &'static str = T::NAME;

    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        // One that is in use is of the type all the same.
        match value.object().map_or(Err(Refused::OtherType), |it| it.read::<T>().map(drop)) {
            Ok(()) | Err(Refused::InUse) => Ok(Self { handle: value.handle(), ty: PhantomData }),
            Err(why) => Err(Mismatch::refused(T::NAME, value, why)),
        }
    }
}

impl<T: Object> IntoValue for Shared<T> {
    const TYPE: &'static str = T::NAME;

    fn into_value(self, _: &mut Ctx<'_>) -> Result<Value, Error> {
        Ok(Value::Other(self.handle))
    }
}

impl<T: Object> IntoValue for &Shared<T> {
    const TYPE: &'static str = T::NAME;

    fn into_value(self, _: &mut Ctx<'_>) -> Result<Value, Error> {
        Ok(Value::Other(self.handle.clone()))
    }
}
