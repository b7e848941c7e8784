//! Values against the types that a program declares for them: what the compiler calls when it is asked to check types.
//!
//! A type comes in prefix form, the number of parts behind each name: `|/2 array/1 int/0 null/0` is `int[]?`. A name that
//! begins with a dot is that of a struct or enum. A type has at most [`MAX_PARTS`] parts, whoever wrote the module, and
//! the recursion is no deeper than that; each element that is looked at is paid for before.

use remora_diagnostics::Code;

use super::{Builtin, Call, Row, arg, rows};
use crate::fault::{Fault, Res};
use crate::heap::Heap;
use crate::host::{Args, HostCx};
use crate::limits::Charge;
use crate::limits::fuel::Fuel;
use crate::ops::arith::operand;
use crate::value::{Tag, Value, View};

pub(super) const ROWS: &[Row] = &rows([Builtin {
    signature: "__check_type(value: any, type: string, declared: string) -> any",
    doc: "The value, if it is of that type.",
    raises: &[Code::R0004, Code::R0012, Code::R0034],
    cost: "one unit for each element looked at",
    call: Call::Native(check_type),
    ..Builtin::ROW
}]);

/// Parts of a type; the compiler refuses more.
const MAX_PARTS: usize = 64;

fn check_type(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let (value, ty, declared) = (args.peek(0), args.peek(1), args.peek(2));
    let (ty, declared) = (arg::text(cx, &ty, 1)?, arg::text(cx, &declared, 2)?);
    let mut parts = [Part::default(); MAX_PARTS];
    let Some(ty) = Type::read(ty.as_str(), &mut parts) else {
        return Err(arg::invalid(cx, "a type in prefix form"));
    };
    let Some(misfit) = ty.misfit(cx.heap, cx.fuel, 0, value)? else { return Ok(args.take(0)) };
    let mut got = phrase(cx.heap, value);
    if let Misfit::Inside(culprit) = misfit {
        got = format!("{got} with {} in it", phrase(cx.heap, culprit));
    }
    Err(Fault::new(Code::R0034, format!("{}, got {got}", declared.as_str())))
}

/// A value as the message tells of it.
fn phrase(heap: &Heap, value: Value) -> String {
    match heap.view(value) {
        View::Null => "null".to_owned(),
        View::Struct(it) => heap.types().type_name(it.ty).to_owned(),
        View::Variant(it) => heap.types().type_name(it.ty).to_owned(),
        _ => {
            let operand = operand(value, heap.str(value));
            match operand.shown {
                Some(shown) => format!("{} {shown}", operand.kind),
                None => operand.kind.to_owned(),
            }
        }
    }
}

/// One part of a type in prefix form.
#[derive(Clone, Copy, Default)]
struct Part<'t> {
    name: &'t str,
    n_args: usize,
    /// Where the part behind it and its own parts begins.
    end: usize,
}

/// A type that was read.
#[derive(Clone, Copy)]
struct Type<'p, 't> {
    parts: &'p [Part<'t>],
}

/// What is of another type.
#[derive(Clone, Copy)]
enum Misfit {
    /// The value itself.
    Whole,
    /// Something in it.
    Inside(Value),
}

impl Misfit {
    /// Seen from what it is in.
    const fn of(self, item: Value) -> Self {
        match self {
            Self::Whole => Self::Inside(item),
            inside @ Self::Inside(_) => inside,
        }
    }
}

impl<'p, 't> Type<'p, 't> {
    /// Reads exactly one type.
    fn read(text: &'t str, parts: &'p mut [Part<'t>; MAX_PARTS]) -> Option<Self> {
        let mut n = 0;
        for word in text.split(' ') {
            let (name, n_args) = word.rsplit_once('/')?;
            *parts.get_mut(n)? = Part { name, n_args: n_args.parse().ok()?, end: 0 };
            n += 1;
        }
        for at in (0..n).rev() {
            let mut end = at + 1;
            for _ in 0..parts[at].n_args {
                if end >= n {
                    return None;
                }
                end = parts[end].end;
            }
            parts[at].end = end;
        }
        (parts[0].end == n).then_some(Self { parts: &parts[..n] })
    }

    /// Where the arguments of a part begin.
    fn args(self, at: usize) -> impl Iterator<Item = usize> + use<'p, 't> {
        let parts = self.parts;
        let first = (parts[at].n_args > 0).then_some(at + 1);
        let next = move |it: &usize| Some(parts[*it].end);
        std::iter::successors(first, next).take(parts[at].n_args)
    }

    /// What keeps a value from being of the type that begins there.
    fn misfit(self, heap: &Heap, fuel: &mut Fuel, at: usize, value: Value) -> Res<Option<Misfit>> {
        let part = self.parts[at];
        if part.name == "|" {
            return self.misfit_of_each(heap, fuel, at, value);
        }
        if !is_kind(heap, part.name, value) {
            return Ok(Some(Misfit::Whole));
        }
        let mut args = self.args(at);
        let Some(first) = args.next() else { return Ok(None) };
        match heap.view(value) {
            View::Array(it) => self.misfit_in(heap, fuel, first, it.iter(), it.len()),
            View::Queue(it) => self.misfit_in(heap, fuel, first, it.iter(), it.len()),
            View::Stack(it) => self.misfit_in(heap, fuel, first, it.iter().copied(), it.len()),
            View::Set(it) => self.misfit_in(heap, fuel, first, it.keys(), it.len()),
            View::Dict(it) => {
                fuel.charge(2 * it.len() as u64)?;
                let second = args.next().unwrap_or(first);
                for entry in it.iter() {
                    for (at, item) in [(first, entry.key), (second, entry.value)] {
                        if let Some(misfit) = self.misfit(heap, fuel, at, item)? {
                            return Ok(Some(misfit.of(item)));
                        }
                    }
                }
                Ok(None)
            }
            View::Ok(inner) | View::Some(inner) => {
                self.misfit_in(heap, fuel, first, std::iter::once(inner), 1)
            }
            View::Err(inner) => match args.next() {
                Some(second) => self.misfit_in(heap, fuel, second, std::iter::once(inner), 1),
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// The same for elements, of which there are so many.
    fn misfit_in(
        self,
        heap: &Heap,
        fuel: &mut Fuel,
        at: usize,
        items: impl Iterator<Item = Value>,
        n_items: usize,
    ) -> Res<Option<Misfit>> {
        fuel.charge(n_items as u64)?;
        for item in items {
            if let Some(misfit) = self.misfit(heap, fuel, at, item)? {
                return Ok(Some(misfit.of(item)));
            }
        }
        Ok(None)
    }

    /// The same for a value that may be of any of several types. Where only one of them is of the kind of the whole, it says
    /// what is wrong inside.
    fn misfit_of_each(
        self,
        heap: &Heap,
        fuel: &mut Fuel,
        at: usize,
        value: Value,
    ) -> Res<Option<Misfit>> {
        let (mut n_inside, mut found) = (0, Misfit::Whole);
        for at in self.args(at) {
            match self.misfit(heap, fuel, at, value)? {
                None => return Ok(None),
                Some(Misfit::Whole) => {}
                Some(inside) => {
                    n_inside += 1;
                    found = inside;
                }
            }
        }
        Ok(Some(if n_inside == 1 { found } else { Misfit::Whole }))
    }
}

/// Whether a value is of the kind with that name, whatever is in it.
fn is_kind(heap: &Heap, name: &str, value: Value) -> bool {
    if let Some(declared) = name.strip_prefix('.') {
        return match heap.view(value) {
            View::Struct(it) => heap.types().type_name(it.ty) == declared,
            View::Variant(it) => heap.types().type_name(it.ty) == declared,
            _ => false,
        };
    }
    match name {
        "any" => true,
        "float" | "number" => matches!(value.tag(), Tag::Int | Tag::Float),
        name => value.type_name() == name,
    }
}
