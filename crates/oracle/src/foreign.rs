//! What an embedder adds to the language, for the oracle: functions and types of its own.
//!
//! Described plainly: tables of names and functions, which read their arguments one by one. Objects are shared; each is
//! borrowed for a call, and one that is borrowed otherwise already is an error.

use std::any::Any;
use std::cell::{Ref, RefCell, RefMut};
use std::cmp::Ordering;
use std::rc::Rc;

use remora_diagnostics::{Advice, Code};

use crate::ops;
use crate::stop::Raise;
use crate::value::{Value, Wrap};

/// All that an embedder adds.
#[derive(Clone, Copy, Default, Debug)]
pub struct Foreign {
    /// Functions; those of modules and types with a dot in their names.
    pub functions: &'static [ForeignFunction],
    /// Types.
    pub types: &'static [&'static ForeignType],
}

/// What a function of the embedder does.
pub type ForeignCall = for<'p> fn(&ForeignArgs<'p>) -> Result<Given<'p>, Refusal>;

/// Whether two objects of a type are equal.
pub type ForeignEqual = fn(&dyn Any, &dyn Any) -> bool;

/// How two objects of a type are ordered; nothing if they are not.
pub type ForeignOrder = fn(&dyn Any, &dyn Any) -> Option<Ordering>;

/// A function of the embedder.
#[derive(Clone, Copy, Debug)]
pub struct ForeignFunction {
    /// Its whole name.
    pub name: &'static str,
    /// Fewest arguments, without the object of a method.
    pub min: usize,
    /// Most arguments.
    pub max: usize,
    /// What it does; for a method the object comes first.
    pub call: ForeignCall,
    /// For one that the script waits for: how many rounds of all tasks it takes.
    pub waits: Option<fn(&ForeignArgs<'_>) -> u32>,
}

/// A field, or what looks like one.
#[derive(Clone, Copy, Debug)]
pub struct ForeignField {
    /// Its name.
    pub name: &'static str,
    /// Reads it from the object, the only argument.
    pub get: Option<ForeignCall>,
    /// Sets it on the object, the first argument, to the second.
    pub set: Option<ForeignCall>,
}

/// A type of the embedder.
#[derive(Clone, Copy, Debug)]
pub struct ForeignType {
    /// What scripts call it.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [ForeignField],
    /// Its methods, under their whole names.
    pub methods: &'static [ForeignFunction],
    /// What operators and other signs do, under the names that structs have for them, whole as those of methods;
    /// `op_index_set` and `op_items` as well, and `op_add_right` and its like where the object stands on the right.
    pub operators: &'static [ForeignFunction],
    /// Whether two objects are equal; without, an object equals itself.
    pub equal: Option<ForeignEqual>,
    /// How two are ordered.
    pub order: Option<ForeignOrder>,
    /// What `print` shows; without, the name.
    pub display: Option<fn(&dyn Any) -> String>,
    /// What `len` gives.
    pub len: Option<fn(&dyn Any) -> usize>,
}

/// An object of the embedder.
pub(crate) struct Object {
    pub(crate) ty: &'static ForeignType,
    held: RefCell<Box<dyn Any>>,
}

impl std::fmt::Debug for Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.ty.name)
    }
}

/// A value that goes in or out.
#[derive(Clone, Debug)]
pub struct Given<'p>(pub(crate) Value<'p>);

impl<'p> Given<'p> {
    /// Null.
    #[must_use]
    pub const fn null() -> Self {
        Self(Value::Null)
    }

    /// A bool.
    #[must_use]
    pub const fn bool(it: bool) -> Self {
        Self(Value::Bool(it))
    }

    /// An int.
    #[must_use]
    pub const fn int(it: i64) -> Self {
        Self(Value::Int(it))
    }

    /// A float.
    #[must_use]
    pub const fn float(it: f64) -> Self {
        Self(Value::Float(it))
    }

    /// A string.
    #[must_use]
    pub fn text(it: &str) -> Self {
        Self(Value::str(it))
    }

    /// An array.
    #[must_use]
    pub fn array(items: impl IntoIterator<Item = Self>) -> Self {
        Self(Value::array(items.into_iter().map(|it| it.0).collect()))
    }

    /// An object of that type.
    #[must_use]
    pub fn object(ty: &'static ForeignType, held: impl Any) -> Self {
        Self(Value::Object(Rc::new(Object { ty, held: RefCell::new(Box::new(held)) })))
    }
}

impl From<Option<Self>> for Given<'_> {
    /// Null for nothing.
    fn from(it: Option<Self>) -> Self {
        it.unwrap_or(Self::null())
    }
}

/// Why a function of the embedder gives nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    pub(crate) code: Code,
    pub(crate) message: String,
}

impl Refusal {
    /// An error of the embedder's own.
    pub fn new(message: impl Into<String>) -> Self {
        Self { code: Code::R0026, message: message.into() }
    }

    fn in_use(ty: &str) -> Self {
        Self { code: Code::R0035, message: format!("This {ty} is in use") }
    }
}

/// How arguments are spoken of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Speaks {
    /// Of a function; that many of its arguments the script does not write as such.
    Function(&'static str, usize),
    /// Of a field of a type.
    Field(&'static str, &'static str),
}

/// The arguments of a call.
#[derive(Debug)]
pub struct ForeignArgs<'p> {
    pub(crate) values: Vec<Value<'p>>,
    pub(crate) speaks: Speaks,
}

impl<'p> ForeignArgs<'p> {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.values.len()
    }

    /// One as it is; null if there is none.
    #[must_use]
    pub fn value(&self, at: usize) -> Given<'p> {
        Given(self.values.get(at).cloned().unwrap_or(Value::Null))
    }

    fn raw(&self, at: usize) -> &Value<'p> {
        self.values.get(at).unwrap_or(&Value::Null)
    }

    /// What `read` makes of one that may be missing: of what is in `Some`, too.
    ///
    /// # Errors
    /// As `read`.
    pub fn optional<T>(
        &self,
        at: usize,
        read: impl FnOnce(&Self, usize) -> Result<T, Refusal>,
    ) -> Result<Option<T>, Refusal> {
        match self.values.get(at) {
            None | Some(Value::Null | Value::Nothing) => Ok(None),
            Some(Value::Wrapped(Wrap::Some, inner)) => {
                let mut values = self.values.clone();
                values[at] = inner.0.clone();
                read(&Self { values, speaks: self.speaks }, at).map(Some)
            }
            Some(_) => read(self, at).map(Some),
        }
    }

    fn mismatch(&self, at: usize, wanted: &str, got: &str) -> Refusal {
        let message = match self.speaks {
            Speaks::Field(ty, field) if at == 1 => {
                format!("{ty}.{field} expects {wanted}, got {got}")
            }
            Speaks::Field(ty, field) => {
                format!("{ty}.{field} is a field of {wanted}, not of {got}")
            }
            Speaks::Function(name, n_hidden) => match (at + 1).checked_sub(n_hidden) {
                Some(0) => format!("{name} is a method of {wanted}, not of {got}"),
                place => {
                    let place = place.unwrap_or(at + 1);
                    format!("{name} expects {wanted} as argument {place}, got {got}")
                }
            },
        };
        Refusal { code: Code::R0004, message }
    }

    /// One that is an int.
    ///
    /// # Errors
    /// For anything else.
    pub fn int(&self, at: usize) -> Result<i64, Refusal> {
        match self.raw(at) {
            Value::Int(it) => Ok(*it),
            other => Err(self.mismatch(at, "an int", other.type_name())),
        }
    }

    /// One that is an int of that type.
    ///
    /// # Errors
    /// For anything else.
    pub fn small<T: TryFrom<i64>>(&self, at: usize, range: &str) -> Result<T, Refusal> {
        let it = self.int(at)?;
        let wanted = format!("an int from {range}");
        T::try_from(it).map_err(|_| self.mismatch(at, &wanted, &it.to_string()))
    }

    /// One that is an int or a float.
    ///
    /// # Errors
    /// For anything else.
    pub fn number(&self, at: usize) -> Result<f64, Refusal> {
        let value = self.raw(at);
        ops::number(value).ok_or_else(|| self.mismatch(at, "a number", value.type_name()))
    }

    /// One that is a bool.
    ///
    /// # Errors
    /// For anything else.
    pub fn bool(&self, at: usize) -> Result<bool, Refusal> {
        match self.raw(at) {
            Value::Bool(it) => Ok(*it),
            other => Err(self.mismatch(at, "a bool", other.type_name())),
        }
    }

    /// One that is a string.
    ///
    /// # Errors
    /// For anything else.
    pub fn text(&self, at: usize) -> Result<String, Refusal> {
        match self.raw(at) {
            Value::Str(it) => Ok(it.to_string()),
            other => Err(self.mismatch(at, "a string", other.type_name())),
        }
    }

    /// One that is an array of ints.
    ///
    /// # Errors
    /// For anything else.
    pub fn ints(&self, at: usize) -> Result<Vec<i64>, Refusal> {
        let Value::Array(items) = self.raw(at) else {
            return Err(self.mismatch(at, "an array", self.raw(at).type_name()));
        };
        let int = |(nth, it): (usize, &Value<'p>)| match it {
            Value::Int(it) => Ok(*it),
            it => Err(self.mismatch(at, &format!("an int as element {nth}"), it.type_name())),
        };
        items.0.iter().enumerate().map(int).collect()
    }

    fn opened(&self, at: usize, ty: &'static ForeignType) -> Result<&Object, Refusal> {
        match self.values.get(at) {
            Some(Value::Object(it)) if std::ptr::eq(it.ty, ty) => Ok(it),
            other => {
                let got = other.map_or("null", Value::type_name);
                Err(self.mismatch(at, &format!("a {}", ty.name), got))
            }
        }
    }

    /// An object of that type, to look at.
    ///
    /// # Errors
    /// For anything else, and for one that is being changed.
    pub fn object<T: Any>(
        &self,
        at: usize,
        ty: &'static ForeignType,
    ) -> Result<Ref<'_, T>, Refusal> {
        let held = self.opened(at, ty)?.held.try_borrow().map_err(|_| Refusal::in_use(ty.name))?;
        Ref::filter_map(held, |it| it.downcast_ref()).map_err(|_| Refusal::in_use(ty.name))
    }

    /// An object of that type, to change.
    ///
    /// # Errors
    /// For anything else, and for one that is looked at.
    pub fn object_mut<T: Any>(
        &self,
        at: usize,
        ty: &'static ForeignType,
    ) -> Result<RefMut<'_, T>, Refusal> {
        let held =
            self.opened(at, ty)?.held.try_borrow_mut().map_err(|_| Refusal::in_use(ty.name))?;
        RefMut::filter_map(held, |it| it.downcast_mut()).map_err(|_| Refusal::in_use(ty.name))
    }
}

impl Object {
    /// What an operator does.
    pub(crate) fn operator(&self, name: &str) -> Option<&'static ForeignFunction> {
        self.ty.operators.iter().find(|it| last_part(it.name) == name)
    }

    pub(crate) fn method(&self, name: &str) -> Option<&'static ForeignFunction> {
        self.ty.methods.iter().find(|it| last_part(it.name) == name)
    }

    pub(crate) fn field(&self, name: &str) -> Result<&'static ForeignField, Raise> {
        self.ty.fields.iter().find(|it| it.name == name).ok_or_else(|| {
            let fields = self.ty.fields.iter().map(|it| it.name);
            let methods = self.ty.methods.iter().map(|it| last_part(it.name));
            Raise::new(Code::R0010, format!("Field not found: {name}")).advised(Advice::no_field(
                self.ty.name,
                name,
                fields,
                methods,
            ))
        })
    }

    pub(crate) fn no_method(&self, name: &str) -> Raise {
        let methods = self.ty.methods.iter().map(|it| last_part(it.name));
        Raise::new(Code::R0010, format!("Unknown method: {name}")).advised(Advice::no_method(
            self.ty.name,
            name,
            methods,
        ))
    }

    pub(crate) fn equals(&self, other: &Self) -> bool {
        match self.ty.equal {
            Some(equal) if std::ptr::eq(self.ty, other.ty) => {
                equal(&**self.held.borrow(), &**other.held.borrow())
            }
            _ => std::ptr::eq(self, other),
        }
    }

    /// Nothing if the types have no order.
    pub(crate) fn compare(&self, other: &Self) -> Option<Option<Ordering>> {
        let order = self.ty.order.filter(|_| std::ptr::eq(self.ty, other.ty))?;
        Some(order(&**self.held.borrow(), &**other.held.borrow()))
    }

    pub(crate) fn shown(&self) -> String {
        match self.ty.display {
            Some(display) => display(&**self.held.borrow()),
            None => format!("<{}>", self.ty.name),
        }
    }

    pub(crate) fn len(&self) -> Option<usize> {
        self.ty.len.map(|len| len(&**self.held.borrow()))
    }
}

/// The name of a function without that of its type or module.
fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
