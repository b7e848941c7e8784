//! Remora's instruction set, code objects, verifier and wire form: everything about modules that needs no engine.
//!
//! A [`Module`] is made by a [`ModuleBuilder`], read from bytes by [`wire::read`], and can only be run once
//! [`Module::verify`] has passed it: that is the one way from `Module<Unverified>` to `Module<Verified>`.
#![forbid(unsafe_code)]

mod builder;
pub mod closure;
mod code;
mod constant;
mod function;
pub mod ids;
pub mod isa;
mod lines;
mod module;
pub mod peephole;
pub mod scalar;
mod site;
pub mod text;
pub mod unit;
pub mod verify;
pub mod view;
pub mod wire;

pub use builder::{
    BuildError, CodeBuilder, CodeTables, Draft, DraftHandler, DraftInstruction, Label,
    ModuleBuilder,
};
pub use code::{Code, CodeParts, Handler, VariantRef};
pub use constant::Constant;
pub use function::{Capture, Function, FunctionKind, ParamDef, ParamKind};
pub use ids::*;
pub use isa::{CompareKind, Opcode, Profile, ResultKind};
pub use lines::LineTable;
pub use module::{
    Debug, FilePlace, Global, Import, ImportKind, ImportedSource, Method, MethodKind, Module,
    ModuleData, Payload, TypeDef, Unverified, VariantDef, Verified,
};
pub use site::{Path, Receiver, Root, Site, Step};
pub use verify::{Budget, VerifyError};
