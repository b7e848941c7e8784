//! Variables: cells, and the chain of names that a piece of code sees.
//!
//! A chain only grows at its end, and whoever holds an earlier end does not see what was added after it. So a closure
//! that keeps the chain of the moment it is made sees exactly the names that stood before it in the text.

use std::cell::RefCell;
use std::rc::Rc;

use remora_syntax::ast::StructDecl;

use crate::value::{Garbage, Value, teardown};

/// A variable. Closures that capture it and the code that declared it share it.
#[derive(Debug)]
pub(crate) struct Cell<'p> {
    pub(crate) name: &'p str,
    pub(crate) mutable: bool,
    slot: RefCell<Slot<'p>>,
}

#[derive(Debug)]
enum Slot<'p> {
    /// Declared further down, or not yet run.
    Empty,
    /// A method that changes the value has hold of it.
    Taken,
    Full(Value<'p>),
    /// Another module's variable, which has another name there. Never written.
    Alias(Rc<Cell<'p>>),
}

/// Why a variable cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unreadable {
    Undefined,
    BeingChanged,
}

impl<'p> Cell<'p> {
    /// A variable without a value.
    pub(crate) fn empty(name: &'p str, mutable: bool) -> Rc<Self> {
        Rc::new(Self { name, mutable, slot: RefCell::new(Slot::Empty) })
    }

    pub(crate) fn new(name: &'p str, mutable: bool, value: Value<'p>) -> Rc<Self> {
        Rc::new(Self { name, mutable, slot: RefCell::new(Slot::Full(value)) })
    }

    /// Another name for a variable, by which it can only be read.
    pub(crate) fn alias(name: &'p str, of: Rc<Self>) -> Rc<Self> {
        Rc::new(Self { name, mutable: false, slot: RefCell::new(Slot::Alias(of)) })
    }

    pub(crate) fn read(&self) -> Result<Value<'p>, Unreadable> {
        match &*self.slot.borrow() {
            Slot::Full(value) => Ok(value.clone()),
            Slot::Empty => Err(Unreadable::Undefined),
            Slot::Taken => Err(Unreadable::BeingChanged),
            Slot::Alias(of) => of.read(),
        }
    }

    /// Gives the variable a value, unless a method has hold of it.
    pub(crate) fn write(&self, value: Value<'p>) -> Result<(), Unreadable> {
        // The old value is dropped after the borrow has ended.
        let old = match &mut *self.slot.borrow_mut() {
            Slot::Taken => return Err(Unreadable::BeingChanged),
            slot => std::mem::replace(slot, Slot::Full(value)),
        };
        drop(old);
        Ok(())
    }

    /// Takes the value out; until [`Cell::put_back`] nobody can read or write the variable.
    pub(crate) fn take(&self) -> Result<Value<'p>, Unreadable> {
        let slot = &mut *self.slot.borrow_mut();
        match std::mem::replace(slot, Slot::Taken) {
            Slot::Full(value) => Ok(value),
            Slot::Taken => Err(Unreadable::BeingChanged),
            other => {
                *slot = other;
                Err(Unreadable::Undefined)
            }
        }
    }

    fn copied(&self) -> Rc<Self> {
        match self.read() {
            Ok(value) => Self::new(self.name, self.mutable, value),
            Err(_) => Self::empty(self.name, self.mutable),
        }
    }

    pub(crate) fn put_back(&self, value: Value<'p>) {
        let old = self.slot.replace(Slot::Full(value));
        drop(old);
    }

    pub(crate) fn take_value(&mut self) -> Option<Value<'p>> {
        match std::mem::replace(self.slot.get_mut(), Slot::Empty) {
            Slot::Full(value) => Some(value),
            Slot::Empty | Slot::Taken | Slot::Alias(_) => None,
        }
    }
}

impl Drop for Cell<'_> {
    fn drop(&mut self) {
        if let Some(value) = self.take_value() {
            teardown(vec![Garbage::Value(value)]);
        }
    }
}

/// The names that code sees, the nearest last.
#[derive(Clone, Default, Debug)]
pub(crate) struct Env<'p>(Option<Rc<Node<'p>>>);

#[derive(Debug)]
struct Node<'p> {
    binding: Binding<'p>,
    outer: Env<'p>,
}

#[derive(Debug)]
enum Binding<'p> {
    Variable(Rc<Cell<'p>>),
    /// From here on inwards the fields of `self` are seen by their bare names (methods of the older style).
    Fields(&'p StructDecl),
}

/// What a name stands for.
pub(crate) enum Found<'p> {
    Variable(Rc<Cell<'p>>),
    /// A field of `self`.
    Field(&'p str),
}

impl<'p> Env<'p> {
    pub(crate) fn declare(&mut self, cell: Rc<Cell<'p>>) {
        self.push(Binding::Variable(cell));
    }

    pub(crate) fn show_fields(&mut self, decl: &'p StructDecl) {
        self.push(Binding::Fields(decl));
    }

    fn push(&mut self, binding: Binding<'p>) {
        let outer = std::mem::take(self);
        self.0 = Some(Rc::new(Node { binding, outer }));
    }

    /// The same names, with variables of their own that hold what these hold now.
    pub(crate) fn copied(&self) -> Self {
        let mut bindings = Vec::new();
        let mut at = self;
        while let Some(node) = &at.0 {
            bindings.push(match &node.binding {
                Binding::Variable(cell) => Binding::Variable(cell.copied()),
                Binding::Fields(decl) => Binding::Fields(decl),
            });
            at = &node.outer;
        }
        let mut copy = Self::default();
        bindings.into_iter().rev().for_each(|it| copy.push(it));
        copy
    }

    pub(crate) fn find(&self, name: &str) -> Option<Found<'p>> {
        let mut at = self;
        while let Some(node) = &at.0 {
            match &node.binding {
                Binding::Variable(cell) if cell.name == name => {
                    return Some(Found::Variable(Rc::clone(cell)));
                }
                Binding::Variable(_) => {}
                Binding::Fields(decl) => {
                    let field = decl.fields.iter().find(|it| &*it.name.name == name);
                    if let Some(field) = field {
                        return Some(Found::Field(&field.name.name));
                    }
                }
            }
            at = &node.outer;
        }
        None
    }

    /// Cuts off the names that nobody else sees; their cells go to `pending`.
    pub(crate) fn take_apart(&mut self, pending: &mut Vec<Garbage<'p>>) {
        while let Some(mut node) = self.0.take().and_then(Rc::into_inner) {
            if let Binding::Variable(cell) = node.binding {
                pending.push(Garbage::Cell(cell));
            }
            self.0 = node.outer.0.take();
        }
    }
}

impl Drop for Env<'_> {
    fn drop(&mut self) {
        let mut pending = Vec::new();
        self.take_apart(&mut pending);
        teardown(pending);
    }
}
