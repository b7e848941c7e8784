//! Objects of the host: values of its own types, which scripts see through what their type gives them.
//!
//! They are shared, not copied: all who have one see what becomes of it. The heap knows nothing of what is inside, so no
//! object of a script hangs on one, and the cycle collector need not look. Nobody is inside when anything else runs, because
//! functions of the host do not call back; what can meet are two arguments of one call, and that is an error, never a panic.

use std::any::Any;
use std::cell::{Ref, RefCell, RefMut};

use crate::heap::Memory;
use crate::host::dropped;
use crate::value::TypeId;

/// What is behind an object of the host.
pub struct HostObject {
    ty: TypeId,
    /// Bytes that were booked for it beside its block; no more are counted of one than this has room for.
    booked: u32,
    /// What scripts call its type.
    name: &'static str,
    data: RefCell<Option<Box<dyn Any + Send>>>,
}

/// Why an object of the host cannot be looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// It is of another type.
    OtherType,
    /// The host has taken it back.
    Gone,
    /// It is being changed, or is to be changed while somebody looks at it.
    InUse,
}

impl HostObject {
    /// A new one of that type, for which so many bytes are booked.
    #[must_use]
    pub(crate) const fn new(
        (ty, name): (TypeId, &'static str),
        data: Option<Box<dyn Any + Send>>,
        booked: u32,
    ) -> Self {
        Self { ty, booked, name, data: RefCell::new(data) }
    }

    /// What scripts call its type.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        self.name
    }

    /// Of which type: see [`crate::host::ObjectTypes`].
    #[inline(always)]
    #[must_use]
    pub const fn ty(&self) -> TypeId {
        self.ty
    }

    /// Looks at it.
    ///
    /// # Errors
    /// Why not.
    #[inline]
    pub fn read<T: Any>(&self) -> Result<Ref<'_, T>, Refused> {
        let data = self.data.try_borrow().map_err(|_| Refused::InUse)?;
        Ref::filter_map(data, |it| it.as_ref()?.downcast_ref()).map_err(|it| why_not(&it))
    }

    /// Looks at it, to change it.
    ///
    /// # Errors
    /// Why not.
    #[inline]
    pub fn write<T: Any>(&self) -> Result<RefMut<'_, T>, Refused> {
        let data = self.data.try_borrow_mut().map_err(|_| Refused::InUse)?;
        RefMut::filter_map(data, |it| it.as_mut()?.downcast_mut()).map_err(|it| why_not(&it))
    }

    /// Puts the host's value into one that holds nothing yet.
    ///
    /// # Errors
    /// The value, if there is one in it.
    pub fn put(&self, inside: Box<dyn Any + Send>) -> Result<(), Box<dyn Any + Send>> {
        match self.data.try_borrow_mut() {
            Ok(mut data) if data.is_none() => {
                *data = Some(inside);
                Ok(())
            }
            _ => Err(inside),
        }
    }

    /// Takes it back: whoever still has the object finds nothing in it. What was booked for it stays booked until the object
    /// dies.
    ///
    /// # Errors
    /// Why not.
    pub fn take<T: Any>(&self) -> Result<Box<T>, Refused> {
        let mut data = self.data.try_borrow_mut().map_err(|_| Refused::InUse)?;
        match data.take().ok_or(Refused::Gone)?.downcast() {
            Ok(inside) => Ok(inside),
            Err(other) => {
                *data = Some(other);
                Err(Refused::OtherType)
            }
        }
    }

    /// Drops what is inside, and gives the bytes back. A panic of the host's `drop` ends here.
    pub(crate) fn free(&mut self, mem: &mut Memory) {
        dropped(self.data.get_mut().take());
        mem.account_mut().unbook(self.booked as usize);
    }
}

#[cold]
fn why_not(inside: &Option<Box<dyn Any + Send>>) -> Refused {
    if inside.is_some() { Refused::OtherType } else { Refused::Gone }
}

impl std::fmt::Debug for HostObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HostObject").field("ty", &self.ty).finish_non_exhaustive()
    }
}
