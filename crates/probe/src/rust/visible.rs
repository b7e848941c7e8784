//! What probes see of Rust values: plain data by itself, anything else through `Debug`.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

/// What a value is to a probe.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Seen<'a> {
    /// Nothing: `()` and `None`.
    None,
    /// A bool.
    Bool(bool),
    /// An int.
    Int(i64),
    /// A float, and an int that does not fit in 64 bits with a sign.
    Float(f64),
    /// A text.
    Text(&'a str),
    /// A text that was made for the probe.
    Shown(&'a str),
    /// That many elements.
    List(usize),
    /// That many keys with values.
    Map(usize),
    /// Something else, by a name for it.
    Opaque(&'a str),
}

/// A value that probes can look into.
pub trait Visible {
    /// What it is.
    fn see(&self) -> Seen<'_>;

    /// An element of a list.
    fn element(&self, _nth: usize) -> Option<&dyn Visible> {
        None
    }

    /// A key of a map, with its value.
    fn entry(&self, _nth: usize) -> Option<(&str, &dyn Visible)> {
        None
    }

    /// A field, or the value of a key.
    fn field(&self, name: &str) -> Option<&dyn Visible> {
        let Seen::Map(len) = self.see() else { return None };
        (0..len).filter_map(|nth| self.entry(nth)).find(|it| it.0 == name).map(|it| it.1)
    }
}

impl fmt::Debug for dyn Visible + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.see().fmt(f)
    }
}

/// Shows a value as its `Debug` form: `probe!("a.b", order = Debugged::new(&order))`. Made only while a probe is attached.
#[derive(Debug)]
pub struct Debugged(String);

impl Debugged {
    /// The text of a value.
    pub fn new(value: &impl fmt::Debug) -> Self {
        Self(format!("{value:?}"))
    }
}

impl Visible for Debugged {
    fn see(&self) -> Seen<'_> {
        Seen::Shown(&self.0)
    }
}

macro_rules! scalars {
    ($($ty:ty: $value:ident => $seen:expr;)*) => {$(
        impl Visible for $ty {
            #[inline]
            fn see(&self) -> Seen<'_> {
                let $value = self;
                $seen
            }
        }
    )*};
}

scalars! {
    bool: it => Seen::Bool(*it);
    i8: it => Seen::Int((*it).into());
    i16: it => Seen::Int((*it).into());
    i32: it => Seen::Int((*it).into());
    i64: it => Seen::Int(*it);
    u8: it => Seen::Int((*it).into());
    u16: it => Seen::Int((*it).into());
    u32: it => Seen::Int((*it).into());
    u64: it => large((*it).into());
    isize: it => large(*it as i128);
    usize: it => large(*it as i128);
    i128: it => large(*it);
    f32: it => Seen::Float((*it).into());
    f64: it => Seen::Float(*it);
    (): _it => Seen::None;
    str: it => Seen::Text(it);
    String: it => Seen::Text(it);
}

#[expect(clippy::cast_precision_loss, reason = "what does not fit is shown rounded")]
fn large(value: i128) -> Seen<'static> {
    i64::try_from(value).map_or(Seen::Float(value as f64), Seen::Int)
}

macro_rules! pointers {
    ($($ty:ty)*) => {$(
        impl<T: Visible + ?Sized> Visible for $ty {
            fn see(&self) -> Seen<'_> {
                (**self).see()
            }
            fn element(&self, nth: usize) -> Option<&dyn Visible> {
                (**self).element(nth)
            }
            fn entry(&self, nth: usize) -> Option<(&str, &dyn Visible)> {
                (**self).entry(nth)
            }
            fn field(&self, name: &str) -> Option<&dyn Visible> {
                (**self).field(name)
            }
        }
    )*};
}

pointers! { &T &mut T Box<T> Rc<T> Arc<T> }

impl<T: Visible> Visible for Option<T> {
    fn see(&self) -> Seen<'_> {
        self.as_ref().map_or(Seen::None, Visible::see)
    }

    fn element(&self, nth: usize) -> Option<&dyn Visible> {
        self.as_ref()?.element(nth)
    }

    fn entry(&self, nth: usize) -> Option<(&str, &dyn Visible)> {
        self.as_ref()?.entry(nth)
    }

    fn field(&self, name: &str) -> Option<&dyn Visible> {
        self.as_ref()?.field(name)
    }
}

impl<T: Visible> Visible for [T] {
    fn see(&self) -> Seen<'_> {
        Seen::List(self.len())
    }

    fn element(&self, nth: usize) -> Option<&dyn Visible> {
        self.get(nth).map(|it| it as &dyn Visible)
    }
}

impl<T: Visible> Visible for Vec<T> {
    fn see(&self) -> Seen<'_> {
        Seen::List(self.len())
    }

    fn element(&self, nth: usize) -> Option<&dyn Visible> {
        self.get(nth).map(|it| it as &dyn Visible)
    }
}

macro_rules! maps {
    ($($map:ident)*) => {$(
        impl<V: Visible> Visible for $map<String, V> {
            fn see(&self) -> Seen<'_> {
                Seen::Map(self.len())
            }

            fn entry(&self, nth: usize) -> Option<(&str, &dyn Visible)> {
                self.iter().nth(nth).map(|(key, value)| (&**key, value as &dyn Visible))
            }

            fn field(&self, name: &str) -> Option<&dyn Visible> {
                self.get(name).map(|it| it as &dyn Visible)
            }
        }
    )*};
}

maps! { BTreeMap HashMap }
