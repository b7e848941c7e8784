//! What a type of the host says of itself.

use std::any::TypeId;
use std::cmp::Ordering;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use remora_bytecode::scalar::Arithmetic;
use remora_vm::host::{
    Args, Begin, GetField, HostCall, HostCx, HostFunction as Row, HostFuture, ObjectField,
};
use remora_vm::host::{ObjectMethod, ObjectShape, Run, SetField};
use remora_vm::object::HostObject;
use remora_vm::value::BuiltinId;
use remora_vm::{Registry, Res, shape};

use super::{Object, write};
use crate::builder::check_name;
use crate::convert::{FromValue, IntoValue, Mismatch};
use crate::ctx::Ctx;
use crate::function::{
    AsyncHostFunction, HostFunction, IntoReply, ParamShape, argument, describe, finish,
};

/// An operator that a type of the host can give a meaning to. The left operand decides; where that says nothing, the right
/// one may.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
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
    Rem,
    /// `b + a`, with the object on the right
    AddRight,
    /// `b - a`
    SubRight,
    /// `b * a`
    MulRight,
    /// `b / a`
    DivRight,
    /// `b % a`
    RemRight,
    /// `-a`
    Neg,
    /// `a[b]`
    Index,
    /// `a[b] := c`
    IndexSet,
    /// `a(b, …)`
    Call,
}

impl Operator {
    /// The name under which scripts see its function.
    const fn name(self) -> &'static str {
        match self {
            Self::Add => "op_add",
            Self::Sub => "op_sub",
            Self::Mul => "op_mul",
            Self::Div => "op_div",
            Self::Rem => "op_mod",
            Self::AddRight => "op_add_right",
            Self::SubRight => "op_sub_right",
            Self::MulRight => "op_mul_right",
            Self::DivRight => "op_div_right",
            Self::RemRight => "op_mod_right",
            Self::Neg => "op_neg",
            Self::Index => "op_index",
            Self::IndexSet => "op_index_set",
            Self::Call => "op_call",
        }
    }

    /// Where its function stands in a shape.
    const fn place(self, shape: &mut ObjectShape) -> &mut Option<BuiltinId> {
        let own = match self {
            Self::Add => shape::Operator::Add,
            Self::Sub => shape::Operator::Sub,
            Self::Mul => shape::Operator::Mul,
            Self::Div => shape::Operator::Div,
            Self::Rem => shape::Operator::Mod,
            Self::Neg => shape::Operator::Neg,
            Self::Index => shape::Operator::Index,
            Self::Call => shape::Operator::Call,
            Self::IndexSet => return &mut shape.set_index,
            Self::AddRight => return &mut shape.right[Arithmetic::Add as usize],
            Self::SubRight => return &mut shape.right[Arithmetic::Sub as usize],
            Self::MulRight => return &mut shape.right[Arithmetic::Mul as usize],
            Self::DivRight => return &mut shape.right[Arithmetic::Div as usize],
            Self::RemRight => return &mut shape.right[Arithmetic::Mod as usize],
        };
        &mut shape.operators[own as usize]
    }
}

/// Takes down what scripts can do with a type: see [`Object::describe`]. Of two that have one name the later counts.
#[derive(Debug)]
pub struct ObjectType<T> {
    registry: Registry,
    /// The name of the module that the type is in, with a dot.
    module: String,
    shape: ObjectShape,
    ty: PhantomData<fn(T)>,
}

impl<T: Object> ObjectType<T> {
    /// Adds the type to a registry, in a module or none.
    pub(crate) fn add_to(registry: Registry, module: &str) -> Registry {
        check_name(T::NAME);
        let shape = ObjectShape::new(T::NAME, TypeId::of::<T>());
        let mut it = Self { registry, module: module.to_owned(), shape, ty: PhantomData };
        T::describe(&mut it);
        it.registry.add_object(it.shape);
        it.registry
    }

    /// A field, or something computed that is read like one.
    ///
    /// # Panics
    /// If the name is none that a script can say.
    pub fn field<R: IntoReply>(
        &mut self,
        name: &'static str,
        get: impl Fn(&T) -> R + Send + Sync + 'static,
    ) -> &mut Self {
        self.getter(name, move |it, cx| finish(get(it), cx))
    }

    /// A field that the object has.
    #[doc(hidden)]
    pub fn own_field<F: IntoValue + Clone>(
        &mut self,
        name: &'static str,
        get: impl Fn(&T) -> &F + Send + Sync + 'static,
    ) -> &mut Self {
        self.getter(name, move |it, cx| get(it).raw_of(&mut Ctx::new(cx.lend())));
        self.field_named(name).is_plain = F::IS_PLAIN;
        self
    }

    #[doc(hidden)]
    pub fn getter(
        &mut self,
        name: &'static str,
        get: impl Fn(&T, &mut HostCx<'_>) -> Res<remora_vm::Value> + Send + Sync + 'static,
    ) -> &mut Self {
        let get: Arc<GetField> =
            Arc::new(move |object: &HostObject, cx: &mut HostCx<'_>| match object.read::<T>() {
                Ok(it) => get(&it, cx),
                Err(why) => Err(remora_vm::host::refused(T::NAME, why)),
            });
        let field = self.field_named(name);
        (field.get, field.is_plain) = (Some(get), false);
        self
    }

    /// What assigning to a field does.
    ///
    /// # Panics
    /// If the name is none that a script can say.
    pub fn setter<V: FromValue, R: IntoReply>(
        &mut self,
        name: &'static str,
        set: impl Fn(&mut T, V) -> R + Send + Sync + 'static,
    ) -> &mut Self {
        let set: Arc<SetField> = Arc::new(move |cx: &mut HostCx<'_>, args: Args<'_>| {
            let value = V::from_value(argument(&args, 1, cx));
            let value = value.map_err(|it| it.field(T::NAME, name))?;
            let object = write::<T>(&args, 0, cx);
            let mut object = object.map_err(|it: Mismatch| it.argument(cx, 0))?;
            let given = finish(set(&mut object, value), cx)?;
            cx.heap.release(given);
            Ok(())
        });
        self.field_named(name).set = Some(set);
        self
    }

    fn field_named(&mut self, name: &'static str) -> &mut ObjectField {
        check_name(name);
        let fields = &mut self.shape.fields;
        let at = fields.iter().position(|it| it.name == name).unwrap_or(fields.len());
        if at == fields.len() {
            fields.push(ObjectField { name, get: None, is_plain: false, set: None });
        }
        &mut fields[at]
    }

    /// A method: a function whose first parameter is `&T` or `&mut T`. Scripts call it as `object.name(…)`, or as
    /// `Type.name(object, …)`.
    ///
    /// # Panics
    /// If the name is none that a script can say.
    pub fn method<M, F: HostFunction<M>>(&mut self, name: &'static str, method: F) -> &mut Self {
        self.raw_method(name, &F::signature(), method.into_call())
    }

    /// A function of the type, which scripts call as `Type.name(…)`: what makes objects, for instance.
    ///
    /// # Panics
    /// If the name is none that a script can say.
    pub fn function<M, F: HostFunction<M>>(&mut self, name: &str, function: F) -> &mut Self {
        self.add(name, &F::signature(), function.into_call(), 0);
        self
    }

    /// The same for one that the script waits for.
    ///
    /// # Panics
    /// If the name is none that a script can say.
    pub fn async_function<M, F: AsyncHostFunction<M>>(
        &mut self,
        name: &str,
        function: F,
    ) -> &mut Self {
        self.add(name, &F::signature(), function.into_call(), 0);
        self
    }

    /// A method that the script waits for. It is given the object as the function reads it, a [`crate::Shared`] or a copy,
    /// because nothing may be borrowed while a program waits.
    ///
    /// # Panics
    /// If the name is none that a script can say.
    pub fn async_method<M, F: AsyncHostFunction<M>>(
        &mut self,
        name: &'static str,
        method: F,
    ) -> &mut Self {
        self.raw_method(name, &F::signature(), method.into_call())
    }

    /// What an operator does; the first parameter is `&T` or `&mut T`.
    pub fn operator<M, F: HostFunction<M>>(&mut self, operator: Operator, does: F) -> &mut Self {
        self.raw_operator(operator, &F::signature(), does.into_call())
    }

    /// What a loop goes through: an array, or anything else that a script can go through. The parameter is `&T`.
    pub fn items<M, F: HostFunction<M>>(&mut self, items: F) -> &mut Self {
        self.raw_items(&F::signature(), items.into_call())
    }

    /// Whether two objects are equal. Without, an object equals itself only.
    pub fn equal(&mut self, equal: impl Fn(&T, &T) -> bool + Send + Sync + 'static) -> &mut Self {
        self.shape.equal = Some(Arc::new(move |a: &HostObject, b: &HostObject| {
            Ok(equal(&*a.read::<T>()?, &*b.read::<T>()?))
        }));
        self
    }

    /// How two objects are ordered, for `<`, `<=`, `>` and `>=`.
    pub fn order<O: Into<Option<Ordering>>>(
        &mut self,
        order: impl Fn(&T, &T) -> O + Send + Sync + 'static,
    ) -> &mut Self {
        self.shape.order = Some(Arc::new(move |a: &HostObject, b: &HostObject| {
            Ok(order(&*a.read::<T>()?, &*b.read::<T>()?).into())
        }));
        self
    }

    /// What `print` shows. Without, the name of the type.
    pub fn display<S: Into<String>>(
        &mut self,
        display: impl Fn(&T) -> S + Send + Sync + 'static,
    ) -> &mut Self {
        self.shape.display =
            Some(Arc::new(move |it: &HostObject| Ok(display(&*it.read::<T>()?).into())));
        self
    }

    /// What `len` gives.
    pub fn len(&mut self, len: impl Fn(&T) -> usize + Send + Sync + 'static) -> &mut Self {
        self.shape.len = Some(Arc::new(move |it: &HostObject| Ok(len(&*it.read::<T>()?))));
        self
    }

    #[doc(hidden)]
    pub fn raw_method(&mut self, name: &'static str, signature: &str, call: HostCall) -> &mut Self {
        let is_async = matches!(call, HostCall::Later(_));
        let function = self.add(name, signature, call, 1);
        self.shape.methods.retain(|it| it.name != name);
        self.shape.methods.push(ObjectMethod { name, function, is_async });
        self
    }

    #[doc(hidden)]
    pub fn raw_operator(
        &mut self,
        operator: Operator,
        signature: &str,
        call: HostCall,
    ) -> &mut Self {
        let id = self.add(operator.name(), signature, call, 1);
        *operator.place(&mut self.shape) = Some(id);
        self
    }

    #[doc(hidden)]
    pub fn raw_items(&mut self, signature: &str, call: HostCall) -> &mut Self {
        self.shape.items = Some(self.add("op_items", signature, call, 1));
        self
    }

    #[doc(hidden)]
    pub fn raw_function(&mut self, name: &str, signature: &str, call: HostCall) -> &mut Self {
        self.add(name, signature, call, 0);
        self
    }

    fn add(&mut self, name: &str, signature: &str, call: HostCall, n_hidden: usize) -> BuiltinId {
        check_name(name);
        let signature = format!("{}{}.{name}{signature}", self.module, T::NAME);
        self.registry.add_function(signature, Row { call, n_hidden })
    }
}

/// What a type has that no `#[remora::methods]` is for.
#[doc(hidden)]
pub trait NoMethods: Object {
    /// Adds nothing.
    fn __remora_methods(_: &mut ObjectType<Self>) {}
}

impl<T: Object> NoMethods for T {}

/// What a function of the host may use.
#[doc(hidden)]
#[must_use]
pub const fn ctx<'a>(cx: &'a mut HostCx<'_>) -> Ctx<'a> {
    Ctx::new(cx.lend())
}

/// What stands behind the name of a function in its signature, for those that the macros make.
#[doc(hidden)]
#[must_use]
pub fn signature<R: IntoReply>(params: &[ParamShape]) -> String {
    describe(params, R::TYPE)
}

/// A function that gives its result at once.
#[doc(hidden)]
#[must_use]
pub fn now(run: Box<Run>) -> HostCall {
    HostCall::Now(run)
}

/// A function that the script waits for.
#[doc(hidden)]
#[must_use]
pub fn later(begin: Box<Begin>) -> HostCall {
    HostCall::Later(begin)
}

/// What such a function gives: a future that owns what it needs.
#[doc(hidden)]
pub fn begun<F>(future: F) -> Res<Pin<Box<dyn HostFuture>>>
where
    F: Future<Output: IntoReply> + Send + 'static,
{
    Ok(remora_vm::host::future(future, finish))
}
