//! Straight-line code as closures: each expression becomes one closure with its operands captured.
//!
//! The engine of code that is short, runs often and holds no jumps: [`Profile::Linear`](crate::Profile). Made once from
//! verified code ([`Block::compile`]), it runs without decoding, without a stack, and without allocating by itself. It
//! does not know where values live: [`Places`] says what a value is, where names are looked up, and what a host function
//! does; everything is compiled for that one type, so that no call is dynamic but that of a closure.
//!
//! Evaluation order is that of the code. What stands on the stack while something with an effect runs is evaluated before
//! it and kept in a slot ([`tree`]); what is consumed where it is made never touches one. Common shapes, such as a name
//! compared with a constant, are one closure instead of three ([`merge`]).

mod emit;
mod merge;
mod tree;

use std::marker::PhantomData;

use crate::constant::Constant;
use crate::function::Function;
use crate::isa::CompareKind;
use crate::module::{Module, Verified};
use crate::scalar::Arithmetic;
use crate::{FnIdx, Profile};

pub use emit::{Expr, Truth};

/// Where the values of a run live, and what the operators mean on them.
///
/// An implementation is chosen when code is compiled to closures; it is never asked through a pointer.
pub trait Places: Sized + 'static {
    /// What a run has at hand: the host, slots, what it collects.
    type Frame<'f>;
    /// A value.
    type Value: 'static;
    /// Why an operation has no result.
    type Error: 'static;
    /// A name, resolved when code is compiled.
    type Name: Send + Sync + 'static;
    /// A function of the host with the number of its arguments, resolved when code is compiled.
    type Function: Send + Sync + 'static;

    /// Resolves the name of a variable or attribute.
    fn name(name: &str) -> Self::Name;

    /// Resolves a function of the host that is called with `arguments`; constants among them are given, so that what they
    /// say can be prepared.
    ///
    /// # Errors
    /// If the host has no such function, or not with these arguments.
    fn function(name: &str, arguments: &[Option<&Constant>]) -> Result<Self::Function, String>;

    /// The value of a constant.
    fn constant(constant: &Constant) -> Self::Value;

    /// The variable of that name.
    ///
    /// # Errors
    /// Whatever the host says.
    fn load(frame: &mut Self::Frame<'_>, name: &Self::Name) -> Result<Self::Value, Self::Error>;

    /// Gives the variable of that name a value.
    ///
    /// # Errors
    /// Whatever the host says.
    fn store(
        frame: &mut Self::Frame<'_>,
        name: &Self::Name,
        value: Self::Value,
    ) -> Result<(), Self::Error>;

    /// An attribute.
    ///
    /// # Errors
    /// Whatever the host says.
    fn attribute(
        frame: &mut Self::Frame<'_>,
        object: &Self::Value,
        name: &Self::Name,
    ) -> Result<Self::Value, Self::Error>;

    /// Sets an attribute.
    ///
    /// # Errors
    /// Whatever the host says.
    fn set_attribute(
        frame: &mut Self::Frame<'_>,
        object: Self::Value,
        name: &Self::Name,
        value: Self::Value,
    ) -> Result<(), Self::Error>;

    /// The element at an index or key.
    ///
    /// # Errors
    /// Whatever the host says.
    fn item(
        frame: &mut Self::Frame<'_>,
        object: &Self::Value,
        key: &Self::Value,
    ) -> Result<Self::Value, Self::Error>;

    /// Calls a function of the host. It takes the arguments out of the vector; what it leaves is dropped.
    ///
    /// # Errors
    /// Whatever the host says.
    fn call(
        frame: &mut Self::Frame<'_>,
        function: &Self::Function,
        arguments: &mut [Option<Self::Value>],
    ) -> Result<Self::Value, Self::Error>;

    /// `left op right`
    ///
    /// # Errors
    /// If the operator has no result for these.
    fn arithmetic(
        frame: &mut Self::Frame<'_>,
        op: Arithmetic,
        left: &Self::Value,
        right: &Self::Value,
    ) -> Result<Self::Value, Self::Error>;

    /// `-value`
    ///
    /// # Errors
    /// If it is no number, or has no negative.
    fn negate(frame: &mut Self::Frame<'_>, value: &Self::Value)
    -> Result<Self::Value, Self::Error>;

    /// Whether the comparison holds.
    ///
    /// # Errors
    /// If the values have no order.
    fn compare(
        frame: &mut Self::Frame<'_>,
        kind: CompareKind,
        left: &Self::Value,
        right: &Self::Value,
    ) -> Result<bool, Self::Error>;

    /// The same with a constant at the right.
    ///
    /// # Errors
    /// If the values have no order.
    fn compare_constant(
        frame: &mut Self::Frame<'_>,
        kind: CompareKind,
        left: &Self::Value,
        right: &Constant,
    ) -> Result<bool, Self::Error>;

    /// Whether a variable stands in a relation to a constant, as one closure: the commonest predicate. Who knows how its
    /// names are looked up can prepare more than this does.
    fn compare_name(name: &str, kind: CompareKind, constant: Constant) -> Truth<Self> {
        let name = Self::name(name);
        Box::new(move |frame| {
            let value = Self::load(frame, &name)?;
            Self::compare_constant(frame, kind, &value, &constant)
        })
    }

    /// A bool as a value.
    fn bool(value: bool) -> Self::Value;

    /// Whether a value counts as true.
    fn truth(value: &Self::Value) -> bool;

    /// The opposite of a bool.
    ///
    /// # Errors
    /// If it is no bool.
    fn invert(value: &Self::Value) -> Result<bool, Self::Error>;

    /// An array of the values, which are taken out of the vector.
    ///
    /// # Errors
    /// If values of this kind do not exist here.
    fn array(
        frame: &mut Self::Frame<'_>,
        items: &mut [Option<Self::Value>],
    ) -> Result<Self::Value, Self::Error>;

    /// An argument of a call could not be evaluated: the value that stands for it, or the error again.
    ///
    /// # Errors
    /// The same error, unless the function takes errors as values.
    fn recover(
        frame: &mut Self::Frame<'_>,
        function: &Self::Function,
        error: Self::Error,
    ) -> Result<Self::Value, Self::Error>;

    /// Keeps a value in a slot below the code's depth of stack.
    fn keep(frame: &mut Self::Frame<'_>, slot: u32, value: Self::Value);

    /// The value of a slot.
    fn kept(frame: &mut Self::Frame<'_>, slot: u32) -> Self::Value;
}

/// Why verified code cannot be made into closures.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CompileError {
    /// The module is not of the linear profile, or there is no such function.
    NotLinear,
    /// A call of more arguments than a closure holds, or an array of more items.
    TooManyArguments,
    /// An expression of more than [`MAX_HEIGHT`] operators inside one another.
    TooDeep,
    /// A value of an operation that gives none, or a function of the host used as a value.
    NoValue,
    /// The host has no such function.
    Function(String),
}

impl std::fmt::Display for CompileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotLinear => f.write_str("the code is not linear"),
            Self::TooManyArguments => {
                write!(f, "a call has more than {MAX_ARGUMENTS} arguments")
            }
            Self::TooDeep => {
                write!(f, "an expression is nested deeper than {MAX_HEIGHT} operators")
            }
            Self::NoValue => f.write_str("a function of the host is used as a value"),
            Self::Function(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for CompileError {}

/// Most arguments of a call: those of a named capture of HogTrace, which are twice 127.
pub const MAX_ARGUMENTS: usize = 255;

/// How high an expression may be: running it takes native stack in proportion.
pub const MAX_HEIGHT: u32 = 200;

/// One function as closures, run from its first instruction to its `return`.
pub struct Block<P: Places> {
    steps: Box<[emit::Step<P>]>,
    result: Option<Expr<P>>,
    n_slots: u32,
    places: PhantomData<fn() -> P>,
}

impl<P: Places> std::fmt::Debug for Block<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Block({} steps)", self.steps.len())
    }
}

impl<P: Places> Block<P> {
    /// Makes closures of a function of a linear module.
    ///
    /// # Errors
    /// If the module is not linear or the host lacks a function.
    ///
    /// # Cost
    /// Linear in the code: one allocation for each closure that is left after merging.
    pub fn compile(module: &Module<Verified>, at: FnIdx) -> Result<Self, CompileError> {
        let tree = tree::Tree::of(module, linear(module, at)?)?;
        let steps = tree.steps.into_iter().map(emit::step::<P>).collect::<Result<Box<[_]>, _>>()?;
        let result = tree.result.map(emit::value::<P>).transpose()?;
        Ok(Self { steps, result, n_slots: tree.n_slots, places: PhantomData })
    }

    /// How many slots it keeps values in; nearly always none.
    #[must_use]
    pub const fn n_slots(&self) -> u32 {
        self.n_slots
    }

    /// Runs it; the value that it returns, unless that is null.
    ///
    /// # Errors
    /// The first that an operation has.
    #[inline]
    pub fn run(&self, frame: &mut P::Frame<'_>) -> Result<Option<P::Value>, P::Error> {
        for step in &self.steps {
            step(frame)?;
        }
        self.result.as_ref().map(|result| result(frame)).transpose()
    }
}

/// One function that is only asked whether what it returns is true.
pub struct Predicate<P: Places> {
    steps: Box<[emit::Step<P>]>,
    result: Option<Truth<P>>,
    n_slots: u32,
}

impl<P: Places> std::fmt::Debug for Predicate<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Predicate({} steps)", self.steps.len())
    }
}

impl<P: Places> Predicate<P> {
    /// Makes closures of a function of a linear module.
    ///
    /// # Errors
    /// If the module is not linear or the host lacks a function.
    pub fn compile(module: &Module<Verified>, at: FnIdx) -> Result<Self, CompileError> {
        let tree = tree::Tree::of(module, linear(module, at)?)?;
        let steps = tree.steps.into_iter().map(emit::step::<P>).collect::<Result<Box<[_]>, _>>()?;
        let result = tree.result.map(emit::truth::<P>).transpose()?;
        Ok(Self { steps, result, n_slots: tree.n_slots })
    }

    /// How many slots it keeps values in; nearly always none.
    #[must_use]
    pub const fn n_slots(&self) -> u32 {
        self.n_slots
    }

    /// Whether what the function returns is true; null is not.
    ///
    /// # Errors
    /// The first that an operation has.
    #[inline]
    pub fn holds(&self, frame: &mut P::Frame<'_>) -> Result<bool, P::Error> {
        for step in &self.steps {
            step(frame)?;
        }
        match &self.result {
            Some(result) => result(frame),
            None => Ok(false),
        }
    }
}

fn linear(module: &Module<Verified>, at: FnIdx) -> Result<&Function, CompileError> {
    let function = module.function(at).ok_or(CompileError::NotLinear)?;
    let is_linear = module.profile == Profile::Linear && function.params.is_empty();
    is_linear.then_some(function).ok_or(CompileError::NotLinear)
}
