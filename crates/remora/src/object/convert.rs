//! Objects become values, and values objects.

use remora_diagnostics::Code;
use remora_vm::object::Refused;
use remora_vm::{Fault, Res, Value as Raw};

use super::Object;
use crate::convert::{FromValue, IntoValue, Mismatch};
use crate::ctx::Ctx;
use crate::{Error, Value, ValueRef};

/// The VM gets the object.
impl<T: Object> IntoValue for T {
    const TYPE: &'static str = T::NAME;

    fn into_value(self, ctx: &mut Ctx<'_>) -> Result<Value, Error> {
        ctx.keep(self).map(Value::Other)
    }

    fn into_raw(self, ctx: &mut Ctx<'_>) -> Res<Raw> {
        let heap = &mut *ctx.cx.heap;
        let Some(ty) = heap.types().objects.find::<T>() else {
            return Err(unknown_type(T::NAME));
        };
        let extra = self.extra_bytes();
        heap.new_object(ty, Box::new(self), extra)
    }
}

#[cold]
fn unknown_type(name: &str) -> Box<Fault> {
    Fault::new(Code::R0020, format!("{name} is no type of this engine"))
        .with_help(format!("make the engine with `.object::<{name}>()`"))
}

/// A copy of the object.
impl<T: Object + Clone> FromValue for T {
    const TYPE: &'static str = T::NAME;

    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        let found = value.object().ok_or(Refused::OtherType).and_then(|it| it.read::<T>());
        let found = found.map_err(|why| Mismatch::refused(T::NAME, value, why))?;
        Ok(found.clone())
    }
}
