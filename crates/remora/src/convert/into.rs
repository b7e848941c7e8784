//! Types of the host become values.

use std::collections::{BTreeMap, HashMap};

use remora_diagnostics::Code;
use remora_vm::{Fault, Res, Value as Raw};

use super::IntoValue;
use crate::ctx::Ctx;
use crate::value::{new_array, new_dict};
use crate::{Error, Handle, Value};

/// An implementation by [`IntoValue::into_raw`], whose value is looked at for [`IntoValue::into_value`].
macro_rules! raw {
    ($self:ident, $ctx:ident, $ty:literal, $raw:expr) => {
        const TYPE: &'static str = $ty;

        fn into_value(self, ctx: &mut Ctx<'_>) -> Result<Value, Error> {
            let handle = ctx.keep(self)?;
            Ok(ctx.view(&handle)?.to_value())
        }

        #[inline]
        fn into_raw($self, $ctx: &mut Ctx<'_>) -> Res<Raw> {
            $raw
        }
    };
}

impl IntoValue for Value {
    fn into_value(self, _: &mut Ctx<'_>) -> Result<Value, Error> {
        Ok(self)
    }
}

impl IntoValue for &Value {
    fn into_value(self, _: &mut Ctx<'_>) -> Result<Value, Error> {
        Ok(self.clone())
    }

    fn into_raw(self, ctx: &mut Ctx<'_>) -> Res<Raw> {
        self.to_raw(ctx)
    }
}

impl IntoValue for Handle {
    fn into_value(self, _: &mut Ctx<'_>) -> Result<Value, Error> {
        Ok(Value::Other(self))
    }
}

impl IntoValue for &Handle {
    fn into_value(self, _: &mut Ctx<'_>) -> Result<Value, Error> {
        Ok(Value::Other(self.clone()))
    }
}

impl IntoValue for () {
    raw!(self, _ctx, "null", Ok(Raw::NULL));
}

impl IntoValue for bool {
    const IS_PLAIN: bool = true;
    raw!(self, _ctx, "bool", Ok(Raw::bool(self)));
}

impl IntoValue for f64 {
    const IS_PLAIN: bool = true;
    raw!(self, _ctx, "float", Ok(Raw::float(self)));
}

impl IntoValue for f32 {
    const IS_PLAIN: bool = true;
    raw!(self, _ctx, "float", Ok(Raw::float(self.into())));
}

macro_rules! ints {
    ($($ty:ty),*) => {$(
        impl IntoValue for $ty {
            const IS_PLAIN: bool = true;

            raw!(self, _ctx, "int", Ok(Raw::int(self.into())));
        }
    )*};
}

ints!(i8, i16, i32, i64, u8, u16, u32);

/// R0020 for what does not fit.
macro_rules! large_ints {
    ($($ty:ty),*) => {$(
        impl IntoValue for $ty {
            raw!(self, _ctx, "int", match i64::try_from(self) {
                Ok(int) => Ok(Raw::int(int)),
                Err(_) => Err(Fault::new(Code::R0020, format!("{self} does not fit into an int"))),
            });
        }
    )*};
}

large_ints!(u64, isize, usize, i128, u128);

impl IntoValue for &str {
    raw!(self, ctx, "string", ctx.cx.heap.new_string(self));
}

impl IntoValue for String {
    const IS_PLAIN: bool = true;
    raw!(self, ctx, "string", ctx.cx.heap.new_string(&self));

    fn raw_of(&self, ctx: &mut Ctx<'_>) -> Res<Raw> {
        ctx.cx.heap.new_string(self)
    }
}

impl IntoValue for &String {
    raw!(self, ctx, "string", ctx.cx.heap.new_string(self));
}

impl IntoValue for char {
    raw!(self, ctx, "string", ctx.cx.heap.new_char(self));
}

/// Nothing is null; something is what it is.
impl<T: IntoValue> IntoValue for Option<T> {
    raw!(
        self,
        ctx,
        "any",
        match self {
            Some(it) => it.into_raw(ctx),
            None => Ok(Raw::NULL),
        }
    );
}

impl<T: IntoValue> IntoValue for Vec<T> {
    raw!(self, ctx, "array", new_array(ctx, self.into_iter(), |ctx, it| it.into_raw(ctx)));
}

impl<T: IntoValue + Clone> IntoValue for &[T] {
    raw!(self, ctx, "array", new_array(ctx, self.iter().cloned(), |ctx, it| it.into_raw(ctx)));
}

impl<T: IntoValue, const N: usize> IntoValue for [T; N] {
    raw!(self, ctx, "array", new_array(ctx, self.into_iter(), |ctx, it| it.into_raw(ctx)));
}

fn pair<K: IntoValue, V: IntoValue>(ctx: &mut Ctx<'_>, (key, value): (K, V)) -> Res<(Raw, Raw)> {
    let key = key.into_raw(ctx)?;
    match value.into_raw(ctx) {
        Ok(value) => Ok((key, value)),
        Err(fault) => {
            ctx.cx.heap.release(key);
            Err(fault)
        }
    }
}

impl<K: IntoValue, V: IntoValue> IntoValue for BTreeMap<K, V> {
    raw!(self, ctx, "dict", new_dict(ctx, self.into_iter(), pair));
}

/// In the order of the keys, so that a program does the same each time.
impl<K: IntoValue + Ord, V: IntoValue, S> IntoValue for HashMap<K, V, S> {
    raw!(self, ctx, "dict", {
        let mut entries: Vec<(K, V)> = self.into_iter().collect();
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        new_dict(ctx, entries.into_iter(), pair)
    });
}

macro_rules! tuples {
    ($($($name:ident $at:tt),+;)*) => {$(
        impl<$($name: IntoValue),+> IntoValue for ($($name,)+) {
            raw!(self, ctx, "array", {
                let raws = super::args::all(ctx, ($((self.$at),)+))?;
                new_array(ctx, raws.into_iter(), |_, raw| Ok(raw))
            });
        }
    )*};
}

tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
}
