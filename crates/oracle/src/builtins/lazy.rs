//! Generators and iterators: what is done to each element when it is asked for, and what asks for all.

use remora_diagnostics::Code;

use super::kinds::Kinds;
use super::{Builtin, Input, Method, function, method};
use crate::eval::{Interp, Iteration};
use crate::stop::Eval;
use crate::value::{Chain, Lazy, Value, Wrap};

pub(super) const FUNCTIONS: &[Builtin] =
    &[function("next", 1, 1, next), function("iter", 1, 1, iter)];

const ITERATED: Kinds = Kinds::ITERABLE.or(Kinds::LAZY).or(Kinds::CHANNEL).or(Kinds::NUMBER);

/// Those on generators and iterators are also what the functions of these names do with one.
pub(super) const METHODS: &[Method] = &[
    method(ITERATED, "iter", 0, 0, iter),
    method(Kinds::LAZY, "next", 0, 0, next),
    method(Kinds::LAZY, "map", 1, 1, |_, input| with_function(input, Chain::Map)),
    method(Kinds::LAZY, "filter", 1, 1, |_, input| with_function(input, Chain::Filter)),
    method(Kinds::LAZY, "take_while", 1, 1, |_, input| with_function(input, Chain::TakeWhile)),
    method(Kinds::LAZY, "skip_while", 1, 1, |_, input| {
        with_function(input, |of, f| Chain::SkipWhile(of, Some(f)))
    }),
    method(Kinds::LAZY, "flat_map", 1, 1, |_, input| {
        with_function(input, |of, f| Chain::FlatMap(of, f, None))
    }),
    method(Kinds::LAZY, "take", 1, 1, |cx, input| with_count(cx, input, Chain::Take)),
    method(Kinds::LAZY, "skip", 1, 1, |cx, input| with_count(cx, input, Chain::Skip)),
    method(Kinds::LAZY, "chunk", 1, 1, chunk),
    method(Kinds::LAZY, "enumerate", 0, 1, enumerate),
    method(Kinds::LAZY, "zip", 0, super::ANY_NUMBER, zip),
    method(Kinds::LAZY, "chain", 1, 1, chain),
    method(Kinds::LAZY, "collect", 0, 0, collect),
    method(Kinds::LAZY, "to_array", 0, 0, collect),
    method(Kinds::LAZY, "array", 0, 0, collect),
    method(Kinds::LAZY, "reduce", 2, 2, reduce),
    method(Kinds::LAZY, "each", 1, 1, each),
    method(Kinds::LAZY, "for_each", 1, 1, each),
    method(Kinds::LAZY, "find", 1, 1, find),
    method(Kinds::LAZY, "any", 0, 1, |cx, input| is_there(cx, &input, true).map(Value::Bool)),
    method(Kinds::LAZY, "all", 0, 1, |cx, input| {
        is_there(cx, &input, false).map(|it| Value::Bool(!it))
    }),
    method(Kinds::LAZY, "count", 0, 1, count),
    method(Kinds::LAZY, "first", 0, 0, next),
    method(Kinds::LAZY, "sum", 0, 0, |cx, input| on_array(cx, input, "sum")),
    method(Kinds::LAZY, "min", 0, 0, |cx, input| on_array(cx, input, "min")),
    method(Kinds::LAZY, "max", 0, 0, |cx, input| on_array(cx, input, "max")),
    method(Kinds::LAZY, "join", 0, 1, |cx, input| on_array(cx, input, "join")),
];

/// What a function of that name does with a first argument that is a generator or iterator, if it is special.
pub(crate) fn lazy_form(name: &str, first: &Value<'_>) -> Option<&'static Method> {
    let is_lazy = matches!(first, Value::Generator(_) | Value::Iterator(_));
    METHODS.iter().find(|it| is_lazy && it.name == name && name != "next" && name != "iter")
}

fn lazy(chain: Chain<'_>) -> Value<'_> {
    Value::Iterator(Lazy::new(chain))
}

fn option(item: Option<Value<'_>>) -> Value<'_> {
    item.map_or(Value::Nothing, |it| Value::wrap(Wrap::Some, it))
}

fn with_function<'p>(
    mut input: Input<'p>,
    make: impl FnOnce(Value<'p>, Value<'p>) -> Chain<'p>,
) -> Eval<'p> {
    Ok(lazy(make(input.take(0), input.take(1))))
}

fn with_count<'p>(
    cx: &mut Interp<'_, 'p>,
    mut input: Input<'p>,
    make: fn(Value<'p>, usize) -> Chain<'p>,
) -> Eval<'p> {
    let n = cx.arg(&input, input.count(1))?;
    Ok(lazy(make(input.take(0), n)))
}

fn next<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    if !matches!(input.value(0), Value::Generator(_) | Value::Iterator(_)) {
        return cx.arg(&input, Err(input.wrong(0, "iterator")));
    }
    cx.next_lazy(input.value(0), input.span).map(option)
}

/// An iterator over a value; generators and iterators are themselves what goes through them.
fn iter<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    if let Value::Generator(_) | Value::Iterator(_) = input.value(0) {
        return Ok(input.take(0));
    }
    Ok(lazy(Chain::Over(cx.iterate_plain(input.value(0), input.span)?)))
}

fn chunk<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    let size = cx.arg(&input, input.size(1))?;
    Ok(lazy(Chain::Chunk(input.take(0), size)))
}

fn enumerate<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    let first = cx.arg(&input, input.int_or(1, 0))?;
    Ok(lazy(Chain::Enumerate(input.take(0), first)))
}

/// What another argument gives when it is gone through; R0004 if it has no elements.
fn other<'p>(cx: &Interp<'_, 'p>, input: &Input<'p>, at: usize) -> Eval<'p, Iteration<'p>> {
    let items = match input.value(at) {
        Value::Int(_) | Value::Float(_) => None,
        value => Iteration::of(value),
    };
    cx.arg(input, items.ok_or_else(|| input.wrong(at, super::input::ELEMENTS)))
}

fn zip<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    let others =
        (1..input.values.len()).map(|at| other(cx, &input, at)).collect::<Eval<'p, _>>()?;
    Ok(lazy(Chain::Zip(input.take(0), others)))
}

fn chain<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    let rest = other(cx, &input, 1)?;
    Ok(lazy(Chain::Then(Some(input.take(0)), rest)))
}

fn collect<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    cx.elements(&input, 0).map(Value::array)
}

/// Does with an array of all elements what the function of that name does.
fn on_array<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>, name: &str) -> Eval<'p> {
    input.values[0] = Value::array(cx.elements(&input, 0)?);
    match cx.session.builtins.get(name) {
        Some(builtin) => (builtin.call)(cx, input),
        None => cx.fail(input.span, Code::R0010, format!("Unknown method: {name}")),
    }
}

impl<'p> Interp<'_, 'p> {
    /// The next element of the generator or iterator that is the first argument.
    fn pull(&mut self, input: &Input<'p>) -> Eval<'p, Option<Value<'p>>> {
        self.next_lazy(input.value(0), input.span)
    }
}

fn reduce<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut acc = input.value(1).clone();
    while let Some(item) = cx.pull(&input)? {
        acc = cx.call_back(&input, input.value(2), vec![acc, item])?;
    }
    Ok(acc)
}

fn each<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    while let Some(item) = cx.pull(&input)? {
        cx.call_back(&input, input.value(1), vec![item])?;
    }
    Ok(Value::Null)
}

fn find<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    while let Some(item) = cx.pull(&input)? {
        if cx.call_back(&input, input.value(1), vec![item.clone()])?.is_truthy() {
            return Ok(item);
        }
    }
    Ok(Value::Null)
}

/// Whether for some element the condition is `wanted`; without a condition, the element itself. Asks for no more.
fn is_there<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, wanted: bool) -> Eval<'p, bool> {
    while let Some(item) = cx.pull(input)? {
        let holds = match input.is_given(1) {
            true => cx.call_back(input, input.value(1), vec![item])?.is_truthy(),
            false => item.is_truthy(),
        };
        if holds == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How many elements there are; with a condition, for how many it holds.
fn count<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut n = 0;
    while let Some(item) = cx.pull(&input)? {
        let counts = match input.value(1) {
            Value::Null => true,
            Value::Function(_) | Value::Builtin(_) | Value::Foreign(_) => {
                cx.call_back(&input, input.value(1), vec![item])?.is_truthy()
            }
            wanted => cx.equal(input.span, &item, wanted)?,
        };
        n += usize::from(counts);
    }
    Ok(Value::len(n))
}
