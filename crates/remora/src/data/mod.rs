//! Plain data in and out by serde: whatever is `Serialize` becomes a value, whatever is `Deserialize` is made of one.
//!
//! | Rust | Ruff |
//! |---|---|
//! | `bool`, ints, floats, `char`, strings, bytes | bool, int, float (also NaN and infinity), string, bytes |
//! | `()`, `None`, unit structs | null |
//! | `Some(x)`, newtype structs | what is inside |
//! | sequences, tuples | array |
//! | maps | dict; keys are ints, strings, bools or floats |
//! | structs | dict from the names of the fields |
//! | enums | the name of the variant, or a dict of one entry from that to what it carries |
//!
//! On the way back structs of a script are like dicts, sets, queues and stacks like arrays, `Some(x)` and `None` are options,
//! `Ok(x)` and `Err(e)` and values of enums are enums. Functions, channels, objects of the host and the like are no data.

mod error;
mod from;
mod into;
mod value;

use ::serde::Serialize;
use ::serde::de::DeserializeOwned;
use remora_vm::{Res, Value as Raw};

use crate::convert::{FromValue, IntoValue, Mismatch};
use crate::ctx::Ctx;
use crate::value::MAX_DEPTH;
use crate::{Error, Value, ValueRef, Vm};

/// Makes a value of data.
///
/// ```
/// # use remora::{Value, from_value, to_value};
/// # let module = remora::Engine::new().compile("a.ruff", "")?;
/// # let mut vm = remora::Vm::new(&module, remora::Settings::default());
/// let scores = std::collections::BTreeMap::from([(1, vec![0.5]), (2, vec![])]);
/// let value = to_value(&scores)?;
/// assert_eq!(value.kind(), "dict");
/// let again: std::collections::BTreeMap<i64, Vec<f64>> = from_value(&mut vm, &value)?;
/// assert_eq!(again, scores);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// R0020 for an int that does not fit, for what is nested deeper than 64 levels, and for what the data itself refuses; R0021
/// for a key that is none.
pub fn to_value<T: Serialize + ?Sized>(data: &T) -> Result<Value, Error> {
    data.serialize(into::IntoData { depth: MAX_DEPTH })
}

/// Makes data of a value; handles are looked at in their VM.
///
/// # Errors
/// R0004 for what does not fit, R0020 for what is nested too deeply, R0033 for a handle of another VM.
///
/// # Cost
/// A copy into the VM first: [`Serde`] as the result of a call does without.
pub fn from_value<T: DeserializeOwned>(vm: &mut Vm, value: &Value) -> Result<T, Error> {
    let mut ctx = vm.ctx();
    let handle = ctx.keep(value)?;
    T::deserialize(from::FromData::new(ctx.view(&handle)?))
}

/// Data as an argument or result of a function, on either side.
///
/// ```
/// # use remora::{Engine, Serde, Settings, Vm};
/// let engine = Engine::builder()
///     .function("area", |Serde((w, h)): Serde<(f64, f64)>| w * h)
///     .build();
/// let module = engine.compile("a.ruff", "func f(size) { return {\"area\": area(size)} }")?;
/// let mut vm = Vm::new(&module, Settings::default());
/// let Serde(made): Serde<std::collections::HashMap<String, f64>> = vm.call_as("f", (Serde((2, 4)),))?;
/// assert_eq!(made["area"], 8.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Serde<T>(pub T);

impl<T: DeserializeOwned> FromValue for Serde<T> {
    const TYPE: &'static str = "any";

    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        match T::deserialize(from::FromData::new(value)) {
            Ok(data) => Ok(Self(data)),
            Err(error) => Err(Mismatch::value("data that fits", error.message())),
        }
    }
}

impl<T: Serialize> IntoValue for Serde<T> {
    fn into_value(self, _: &mut Ctx<'_>) -> Result<Value, Error> {
        to_value(&self.0)
    }

    fn into_raw(self, ctx: &mut Ctx<'_>) -> Res<Raw> {
        to_value(&self.0).map_err(Error::into_fault)?.to_raw(ctx)
    }
}
