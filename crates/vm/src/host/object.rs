//! Types of the host: what scripts can do with their objects.
//!
//! A type is described once, when an engine is made. Names are looked up once for each place in the code that uses one: an
//! inline cache then knows the slot or the function (see `interp::object`).

use std::any;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use remora_diagnostics::Code;

use super::HostCx;
use super::call::panicked;
use crate::fault::{Fault, Res};
use crate::object::{HostObject, Refused};
use crate::shape::Operator;
use crate::value::{BuiltinId, TypeId, Value};

/// Gives a field's value, counted for the caller.
pub type GetField = dyn Fn(&HostObject, &mut HostCx<'_>) -> Res<Value> + Send + Sync;
/// Sets a field; looks at the arguments, of which the first is the object and the second the value.
pub type SetField = dyn Fn(&mut HostCx<'_>, super::Args<'_>) -> Res<()> + Send + Sync;
/// Whether two objects of the type are equal.
pub type Equal = dyn Fn(&HostObject, &HostObject) -> Result<bool, Refused> + Send + Sync;
/// How two objects of the type are ordered; nothing if they are not.
pub type Order =
    dyn Fn(&HostObject, &HostObject) -> Result<Option<Ordering>, Refused> + Send + Sync;
/// What `print` shows.
pub type Display = dyn Fn(&HostObject) -> Result<String, Refused> + Send + Sync;
/// How many elements there are.
pub type Len = dyn Fn(&HostObject) -> Result<usize, Refused> + Send + Sync;

/// A field of a type of the host, or what looks like one.
#[derive(Clone)]
pub struct ObjectField {
    /// The name.
    pub name: &'static str,
    /// How it is read.
    pub get: Option<Arc<GetField>>,
    /// Whether reading it runs no code of the host that could panic.
    pub is_plain: bool,
    /// How it is set.
    pub set: Option<Arc<SetField>>,
}

/// A method of a type of the host.
#[derive(Clone, Copy, Debug)]
pub struct ObjectMethod {
    /// The name.
    pub name: &'static str,
    /// The function, which takes the object as its first argument.
    pub function: BuiltinId,
    /// Whether the script waits for it.
    pub is_async: bool,
}

/// A type of the host.
#[derive(Clone)]
pub struct ObjectShape {
    /// What scripts call it.
    pub name: &'static str,
    /// Which type it is for the host.
    pub rust: any::TypeId,
    /// The fields.
    pub fields: Vec<ObjectField>,
    /// The methods.
    pub methods: Vec<ObjectMethod>,
    /// What operators call, by [`Operator`].
    pub operators: [Option<BuiltinId>; Operator::NAMES.len()],
    /// What arithmetic operators call where the object stands on the right, with the object first: those of `+ - * / %`.
    pub right: [Option<BuiltinId>; 5],
    /// What `object[key] := value` calls.
    pub set_index: Option<BuiltinId>,
    /// What gives the value that a loop goes through.
    pub items: Option<BuiltinId>,
    /// What `==` asks; without, an object equals itself.
    pub equal: Option<Arc<Equal>>,
    /// What `<` and the others ask.
    pub order: Option<Arc<Order>>,
    /// What `print` shows; without, the name of the type.
    pub display: Option<Arc<Display>>,
    /// What `len` gives.
    pub len: Option<Arc<Len>>,
}

impl ObjectShape {
    /// A type of that name with nothing in it yet.
    #[must_use]
    pub fn new(name: &'static str, rust: any::TypeId) -> Self {
        Self {
            name,
            rust,
            fields: Vec::new(),
            methods: Vec::new(),
            operators: [None; Operator::NAMES.len()],
            right: [None; 5],
            set_index: None,
            items: None,
            equal: None,
            order: None,
            display: None,
            len: None,
        }
    }

    /// The slot of a field.
    #[must_use]
    pub fn slot(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|it| it.name == field)
    }

    /// The method of a name.
    #[must_use]
    pub fn method(&self, name: &str) -> Option<ObjectMethod> {
        self.methods.iter().find(|it| it.name == name).copied()
    }

    /// Asks something of the host's code; a panic is a fault.
    ///
    /// # Errors
    /// R0032, R0035, R0036.
    pub fn ask<T>(&self, ask: impl FnOnce() -> Result<T, Refused>) -> Res<T> {
        match catch_unwind(AssertUnwindSafe(ask)) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(why)) => Err(refused(self.name, why)),
            Err(panic) => Err(panicked(self.name, &*panic)),
        }
    }
}

impl std::fmt::Debug for ObjectShape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ObjectShape").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The error for an object that cannot be looked at.
#[cold]
#[must_use]
pub fn refused(name: &str, why: Refused) -> Box<Fault> {
    match why {
        Refused::OtherType => Fault::new(Code::R0004, format!("Not of type {name}")),
        Refused::Gone => Fault::new(Code::R0036, format!("This {name} is gone"))
            .with_help("the host has taken it back: it was lent for one call only"),
        Refused::InUse => Fault::new(Code::R0035, format!("This {name} is in use"))
            .with_help("it cannot be changed and be another argument of the same call"),
    }
}

/// All types of the host that an engine knows. Their numbers are not those of structs and enums.
#[derive(Clone, Debug, Default)]
pub struct ObjectTypes {
    shapes: Vec<ObjectShape>,
    by_type: BTreeMap<any::TypeId, u32>,
}

/// The first number of a type of the host: above those of structs and enums.
const FIRST: u32 = 1 << 31;

impl ObjectTypes {
    /// Adds a type; one that is there already means the new one from now on.
    pub fn add(&mut self, shape: ObjectShape) {
        let next = u32::try_from(self.shapes.len()).unwrap_or(u32::MAX);
        let at = *self.by_type.entry(shape.rust).or_insert(next);
        match self.shapes.get_mut(at as usize) {
            Some(known) => *known = shape,
            None => self.shapes.push(shape),
        }
    }

    /// Whether there are none.
    #[inline(always)]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }

    /// The number of a type, if it is known.
    #[must_use]
    pub fn find<T: any::Any>(&self) -> Option<TypeId> {
        self.by_type.get(&any::TypeId::of::<T>()).map(|at| TypeId(FIRST | at))
    }

    /// The type of that number.
    #[inline(always)]
    #[must_use]
    pub fn get(&self, ty: TypeId) -> Option<&ObjectShape> {
        self.shapes.get((ty.0 & !FIRST) as usize)
    }

    /// What the type of an object is called.
    #[must_use]
    pub fn name(&self, object: &HostObject) -> &'static str {
        self.get(object.ty()).map_or("object", |it| it.name)
    }
}
