//! What a function of a script is called with.

use remora_vm::{Res, Value as Raw};

use super::IntoValue;
use crate::Value;
use crate::ctx::Ctx;

/// Arguments for a function of a script: `()`, a tuple of up to eight, or values in a row.
pub trait IntoArgs {
    /// How many there are, if that is known.
    #[doc(hidden)]
    const COUNT: Option<usize>;

    #[doc(hidden)]
    type Raws: AsRef<[Raw]>;

    /// The values, counted for the caller.
    #[doc(hidden)]
    fn into_raws(self, ctx: &mut Ctx<'_>) -> Res<Self::Raws>;
}

/// The values of a tuple.
pub(super) fn all<T: IntoArgs>(ctx: &mut Ctx<'_>, tuple: T) -> Res<T::Raws> {
    tuple.into_raws(ctx)
}

impl IntoArgs for () {
    const COUNT: Option<usize> = Some(0);
    type Raws = [Raw; 0];

    fn into_raws(self, _: &mut Ctx<'_>) -> Res<Self::Raws> {
        Ok([])
    }
}

impl IntoArgs for &[Value] {
    const COUNT: Option<usize> = None;
    type Raws = Vec<Raw>;

    fn into_raws(self, ctx: &mut Ctx<'_>) -> Res<Self::Raws> {
        let mut raws = Vec::with_capacity(self.len());
        for value in self {
            match value.to_raw(ctx) {
                Ok(raw) => raws.push(raw),
                Err(fault) => {
                    ctx.cx.heap.release_all(raws);
                    return Err(fault);
                }
            }
        }
        Ok(raws)
    }
}

impl<const N: usize> IntoArgs for &[Value; N] {
    const COUNT: Option<usize> = Some(N);
    type Raws = Vec<Raw>;

    fn into_raws(self, ctx: &mut Ctx<'_>) -> Res<Self::Raws> {
        self.as_slice().into_raws(ctx)
    }
}

impl IntoArgs for Vec<Value> {
    const COUNT: Option<usize> = None;
    type Raws = Vec<Raw>;

    fn into_raws(self, ctx: &mut Ctx<'_>) -> Res<Self::Raws> {
        self.as_slice().into_raws(ctx)
    }
}

macro_rules! tuples {
    ($($n:literal: $($name:ident $at:tt),+;)*) => {$(
        impl<$($name: IntoValue),+> IntoArgs for ($($name,)+) {
            const COUNT: Option<usize> = Some($n);
            type Raws = [Raw; $n];

            #[inline]
            fn into_raws(self, ctx: &mut Ctx<'_>) -> Res<Self::Raws> {
                let mut raws = [Raw::NULL; $n];
                $(match self.$at.into_raw(ctx) {
                    Ok(raw) => raws[$at] = raw,
                    Err(fault) => {
                        // Those that are not made yet are null.
                        ctx.cx.heap.release_all(raws);
                        return Err(fault);
                    }
                })+
                Ok(raws)
            }
        }
    )*};
}

tuples! {
    1: A 0;
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
    7: A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}
