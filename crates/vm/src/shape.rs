//! What the structs and enums of a loaded program look like, and what its functions are called.
//!
//! Built once when a module is loaded, never changed, shared by all VMs that run it. Objects carry a [`TypeId`], one number,
//! which is also what inline caches compare.

use std::sync::Arc;

use remora_diagnostics::order;

use crate::host::ObjectTypes;
use crate::value::{BuiltinId, FunctionId, TypeId};

/// A struct: its name, its fields and methods.
#[derive(Clone, Debug)]
pub struct StructShape {
    /// The name.
    pub name: Arc<str>,
    /// The fields, in declared order: the order of the slots.
    pub fields: Box<[Arc<str>]>,
    /// The slots in the order in which fields are printed: by name.
    pub sorted: Box<[u32]>,
    /// The methods, by name.
    pub methods: Vec<Method>,
    /// The methods that operators call, by [`Operator`].
    pub operators: [Option<FunctionId>; Operator::NAMES.len()],
}

/// An operator that a struct can give a meaning to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Operator {
    /// `a + b`
    Add,
    /// `a - b`
    Sub,
    /// `a * b`
    Mul,
    /// `a / b`
    Div,
    /// `a % b`
    Mod,
    /// `-a`
    Neg,
    /// `!a`
    Not,
    /// `a == b`
    Eq,
    /// `a != b`
    Ne,
    /// `a < b`
    Lt,
    /// `a <= b`
    Le,
    /// `a > b`
    Gt,
    /// `a >= b`
    Ge,
    /// `a[b]`
    Index,
    /// `a(b)`
    Call,
}

impl Operator {
    /// The methods' names, in the order of the operators.
    pub const NAMES: [&str; 15] = [
        "op_add", "op_sub", "op_mul", "op_div", "op_mod", "op_neg", "op_not", "op_eq", "op_ne",
        "op_lt", "op_le", "op_gt", "op_ge", "op_index", "op_call",
    ];
}

/// A method of a struct.
#[derive(Clone, Debug)]
pub struct Method {
    /// The name.
    pub name: Arc<str>,
    /// What is called.
    pub function: FunctionId,
    /// What it does with the value it is called on.
    pub receiver: Receiver,
}

/// What a method does with the value it is called on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Receiver {
    /// Takes it as its first argument.
    Value,
    /// Changes it in place.
    Mutating,
    /// Has none.
    Static,
}

impl StructShape {
    /// A struct of that name with these fields.
    #[must_use]
    pub fn new(name: Arc<str>, fields: Box<[Arc<str>]>, methods: Vec<Method>) -> Self {
        let sorted = sorted(&fields);
        let operators = Operator::NAMES.map(|wanted| {
            let found = methods.iter().find(|it| *it.name == *wanted);
            found.filter(|it| it.receiver != Receiver::Static).map(|it| it.function)
        });
        Self { name, fields, sorted, methods, operators }
    }

    /// The slot of a field.
    #[must_use]
    pub fn slot(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|it| **it == *field)
    }

    /// The method that an operator calls.
    #[must_use]
    pub const fn operator(&self, operator: Operator) -> Option<FunctionId> {
        self.operators[operator as usize]
    }

    /// The method of that name.
    #[must_use]
    pub fn method(&self, name: &str) -> Option<&Method> {
        self.methods.iter().find(|it| *it.name == *name)
    }
}

/// An enum: its name and its variants.
#[derive(Clone, Debug)]
pub struct EnumShape {
    /// The name.
    pub name: Arc<str>,
    /// The variants, in declared order.
    pub variants: Box<[VariantShape]>,
}

impl EnumShape {
    /// The variant of that name.
    #[must_use]
    pub fn variant(&self, name: &str) -> Option<u16> {
        let at = self.variants.iter().position(|it| *it.name == *name)?;
        u16::try_from(at).ok()
    }
}

/// A variant of an enum.
#[derive(Clone, Debug)]
pub struct VariantShape {
    /// The name.
    pub name: Arc<str>,
    /// The names of what it carries, if it was declared like a struct; the order of the payload.
    pub fields: Option<Box<[Arc<str>]>>,
    /// The places of the payload in the order in which it is printed: by name for struct-like variants.
    pub sorted: Box<[u32]>,
}

impl VariantShape {
    /// A variant of that name; `fields` if it is like a struct.
    #[must_use]
    pub fn new(name: Arc<str>, fields: Option<Box<[Arc<str>]>>) -> Self {
        let sorted = fields.as_deref().map(sorted).unwrap_or_default();
        Self { name, fields, sorted }
    }

    /// Where in the payload a named field is.
    #[must_use]
    pub fn slot(&self, field: &str) -> Option<usize> {
        self.fields.as_ref()?.iter().position(|it| **it == *field)
    }
}

/// The places of names in their order.
fn sorted(names: &[Arc<str>]) -> Box<[u32]> {
    let mut order: Box<[u32]> = (0u32..).take(names.len()).collect();
    order::sort_by_key(&mut order, |&at| usize::try_from(at).ok().and_then(|at| names.get(at)));
    order
}

/// A struct or an enum.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A struct.
    Struct(StructShape),
    /// An enum.
    Enum(EnumShape),
}

impl Shape {
    /// The name.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        match self {
            Self::Struct(shape) => &shape.name,
            Self::Enum(shape) => &shape.name,
        }
    }
}

/// All types of a loaded program, by [`TypeId`], and the names of its functions.
#[derive(Clone, Debug, Default)]
pub struct TypeTable {
    /// Structs and enums.
    pub types: Vec<Shape>,
    /// What script functions are called, by [`FunctionId`]; an empty name is a lambda's.
    pub functions: Vec<Arc<str>>,
    /// How many of those, the first, are builtins that happen to be written in Ruff.
    pub n_prelude: u32,
    /// What builtins and host functions are called, by [`BuiltinId`].
    pub builtins: Arc<[&'static str]>,
    /// The types of the host.
    pub objects: Arc<ObjectTypes>,
}

impl TypeTable {
    /// The type of that number.
    #[inline(always)]
    #[must_use]
    pub fn get(&self, id: TypeId) -> Option<&Shape> {
        self.types.get(id.0 as usize)
    }

    /// The struct of that number.
    #[inline(always)]
    #[must_use]
    pub fn structure(&self, id: TypeId) -> Option<&StructShape> {
        match self.get(id)? {
            Shape::Struct(shape) => Some(shape),
            Shape::Enum(_) => None,
        }
    }

    /// The variant of an enum.
    #[inline(always)]
    #[must_use]
    pub fn variant(&self, id: TypeId, variant: u16) -> Option<(&EnumShape, &VariantShape)> {
        match self.get(id)? {
            Shape::Enum(shape) => Some((shape, shape.variants.get(usize::from(variant))?)),
            Shape::Struct(_) => None,
        }
    }

    /// What a type is called.
    #[must_use]
    pub fn type_name(&self, id: TypeId) -> &str {
        self.get(id).map_or("?", |shape| shape.name())
    }

    /// What a script function is called; lambdas are `<lambda>`.
    #[must_use]
    pub fn function_name(&self, id: FunctionId) -> &str {
        match self.functions.get(id.0 as usize) {
            Some(name) if !name.is_empty() => name,
            _ => "<lambda>",
        }
    }

    /// Whether a script function is a builtin to its users.
    #[must_use]
    pub const fn is_prelude(&self, id: FunctionId) -> bool {
        id.0 < self.n_prelude
    }

    /// What a builtin is called.
    #[must_use]
    pub fn builtin_name(&self, id: BuiltinId) -> &str {
        self.builtins.get(id.0 as usize).map_or("?", |name| name)
    }
}
