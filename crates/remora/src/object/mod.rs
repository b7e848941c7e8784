//! Types of the host: Rust values that scripts hold, with the fields, methods and operators that their type gives them.
//!
//! Objects are shared, not copied: after `b := a` both are the same object. A VM owns its objects; each drops when nobody
//! has it any more.

mod convert;
mod describe;
mod ownership;
mod param;

#[doc(hidden)]
pub use self::describe::{NoMethods, begun, ctx, later, now, signature};
pub use self::describe::{ObjectType, Operator};
pub use self::ownership::Shared;
#[doc(hidden)]
pub use self::param::{read, write};

/// A type of the host that scripts can use. Derived by `#[derive(remora::Object)]`, or written by hand:
///
/// ```
/// use remora::{Engine, Object, ObjectType, Settings, Vm};
///
/// struct Counter {
///     n: i64,
/// }
///
/// remora::object_params!(Counter);
///
/// impl Object for Counter {
///     const NAME: &'static str = "Counter";
///
///     fn describe(it: &mut ObjectType<Self>) {
///         it.function("new", |n: i64| Counter { n });
///         it.field("n", |counter| counter.n);
///         it.method("add", |counter: &mut Counter, by: i64| counter.n += by);
///         it.display(|counter| format!("Counter({})", counter.n));
///     }
/// }
///
/// let engine = Engine::builder().object::<Counter>().build();
/// let text = "c := Counter.new(40)\nc.add(2)\nreturn \"${c} ${c.n}\"";
/// let module = engine.compile("counter.ruff", text)?;
/// let mut vm = Vm::new(&module, Settings::default());
/// assert_eq!(vm.run()?, remora::Value::from("Counter(42) 42"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Object: Sized + Send + 'static {
    /// What scripts call the type: `type(x)` gives it, and functions of the type are called through it.
    const NAME: &'static str;

    /// Says what scripts can do with it: called once, when an engine is made.
    fn describe(it: &mut ObjectType<Self>);

    /// How many bytes it owns beside its own, for the limit on memory: asked once, when a VM gets it.
    #[must_use]
    fn extra_bytes(&self) -> usize {
        0
    }
}
