//! An engine with functions of the host.

use remora_diagnostics::Code;
use remora_vm::host::{Begin, HostCall, HostFunction as Row};
use remora_vm::{Fault, Registry};

use crate::Engine;
use crate::function::{AsyncHostFunction, HostFunction};
use crate::object::{Object, ObjectType};

/// Makes an [`Engine`]: all builtins, and what the host adds.
///
/// ```
/// # use remora::{Engine, Ctx, Rest};
/// let engine = Engine::builder()
///     .function("add", |a: i64, b: i64| a + b)
///     .function("join", |between: &str, parts: Rest<String>| parts.join(between))
///     .function("parse", |text: &str| text.parse::<i64>())
///     .module("log", |it| it.function("info", |ctx: &mut Ctx, text: &str| ctx.print(text)))
///     .build();
/// assert!(engine.compile("a.ruff", "log.info(join(\"-\", \"a\", \"b\"))").is_ok());
/// assert!(engine.compile("a.ruff", "ad(1, 2)").is_err(), "did you mean `add`?");
/// ```
#[derive(Debug)]
pub struct EngineBuilder {
    functions: Functions,
}

/// Functions that are being added, under a common first name if they are those of a module.
#[derive(Debug)]
pub struct Functions {
    registry: Registry,
    prefix: String,
}

impl EngineBuilder {
    pub(crate) const fn new(registry: Registry) -> Self {
        Self { functions: Functions { registry, prefix: String::new() } }
    }

    /// Adds a function: see [`HostFunction`] for what that can be. One of a name that is there already takes its place.
    ///
    /// # Panics
    /// If the name is none that a script can say.
    #[must_use]
    pub fn function<M>(self, name: &str, function: impl HostFunction<M>) -> Self {
        Self { functions: self.functions.function(name, function) }
    }

    /// Adds a function that the script waits for; see [`AsyncHostFunction`]. Programs that call it are run with
    /// [`crate::Vm::run_async`] or [`crate::Vm::call_async`].
    ///
    /// # Panics
    /// If the name is none that a script can say.
    #[must_use]
    pub fn async_function<M>(self, name: &str, function: impl AsyncHostFunction<M>) -> Self {
        Self { functions: self.functions.async_function(name, function) }
    }

    /// Adds an async function that the host does by hand, with that many parameters: see [`crate::Vm::start`] and
    /// [`crate::Suspended`].
    ///
    /// # Panics
    /// If the name is none that a script can say.
    #[must_use]
    pub fn request(self, name: &str, n_params: usize) -> Self {
        Self { functions: self.functions.request(name, n_params) }
    }

    /// Adds functions that scripts call as `name.function(…)`, where no variable has that name.
    ///
    /// # Panics
    /// If a name is none that a script can say.
    #[must_use]
    pub fn module(mut self, name: &str, add: impl FnOnce(Functions) -> Functions) -> Self {
        check_name(name);
        self.functions.prefix = format!("{name}.");
        let mut functions = add(self.functions);
        functions.prefix.clear();
        Self { functions }
    }

    /// Adds a type of the host, with its functions: see [`Object`].
    ///
    /// # Panics
    /// If a name is none that a script can say.
    #[must_use]
    pub fn object<T: Object>(self) -> Self {
        Self { functions: self.functions.object::<T>() }
    }

    /// The engine.
    #[must_use]
    pub fn build(self) -> Engine {
        Engine::with_registry(self.functions.registry)
    }
}

impl Functions {
    /// As [`EngineBuilder::function`].
    ///
    /// # Panics
    /// As there.
    #[must_use]
    pub fn function<M, F: HostFunction<M>>(self, name: &str, function: F) -> Self {
        self.add(name, &F::signature(), function.into_call())
    }

    /// As [`EngineBuilder::async_function`].
    ///
    /// # Panics
    /// As there.
    #[must_use]
    pub fn async_function<M, F: AsyncHostFunction<M>>(self, name: &str, function: F) -> Self {
        self.add(name, &F::signature(), function.into_call())
    }

    /// As [`EngineBuilder::object`]: in a module, scripts call the functions of the type as `module.Type.function(…)`.
    ///
    /// # Panics
    /// As there.
    #[must_use]
    pub fn object<T: Object>(mut self) -> Self {
        self.registry = ObjectType::<T>::add_to(self.registry, &self.prefix);
        self
    }

    /// As [`EngineBuilder::request`].
    ///
    /// # Panics
    /// As there.
    #[must_use]
    pub fn request(self, name: &str, n_params: usize) -> Self {
        let params: Vec<String> = (1..=n_params).map(|it| format!("p{it}: any")).collect();
        let signature = format!("({}) -> any", params.join(", "));
        let begin: Box<Begin> = Box::new(|cx, _| {
            let what = format!("{} needs a host that resumes by hand", cx.name());
            Err(Fault::new(Code::R0026, what))
        });
        self.add(name, &signature, HostCall::Later(begin))
    }

    fn add(mut self, name: &str, signature: &str, call: HostCall) -> Self {
        check_name(name);
        let signature = format!("{}{name}{signature}", self.prefix);
        self.registry.add_function(signature, Row { call, n_hidden: 0 });
        self
    }
}

/// Names end up in signatures, which are read again: a mistake in one must not go further.
pub(crate) fn check_name(name: &str) {
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|it| it.is_ascii_alphabetic() || it == '_');
    let named = first && chars.all(|it| it.is_ascii_alphanumeric() || it == '_');
    assert!(named, "`{name}` is no name that a script can say");
}
