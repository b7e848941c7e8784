//! Errors as serde makes and shows them.

use std::fmt::Display;

use ::serde::ser::SerializeStruct;
use ::serde::{Serialize, Serializer};
use remora_diagnostics::Code;
use remora_vm::Fault;

use crate::Error;
use crate::error::Place;

impl ::serde::ser::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(Fault::new(Code::R0020, message.to_string()))
    }
}

impl ::serde::de::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(Fault::new(Code::R0004, message.to_string()))
    }
}

/// As [`Error::to_json`] writes it.
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let places: Vec<Place<'_>> = self.places().collect();
        let mut out = serializer.serialize_struct("Error", 5)?;
        out.serialize_field("kind", self.kind().as_str())?;
        out.serialize_field("code", self.code().as_str())?;
        out.serialize_field("message", self.message())?;
        out.serialize_field("sources", &self.causes())?;
        out.serialize_field("frames", &places)?;
        out.end()
    }
}

impl Serialize for Place<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Frame", 6)?;
        out.serialize_field("function", self.function)?;
        out.serialize_field("file", &self.file)?;
        out.serialize_field("line", &self.line)?;
        out.serialize_field("column", &self.column)?;
        out.serialize_field("start", &self.span.start)?;
        out.serialize_field("end", &self.span.end)?;
        out.end()
    }
}
