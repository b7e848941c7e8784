//! Builtins that call a function of the script.

use std::rc::Rc;

use remora_diagnostics::Code;

use super::collection::like;
use super::kinds::Kinds;
use super::{Builtin, Input, Method, function, method};
use crate::eval::Interp;
use crate::ops;
use crate::stop::{Args, Eval};
use crate::value::{Dict, Key, Value, Wrap};

const MAPPED: Kinds = Kinds::ITERABLE.or(Kinds::WRAPPER);

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("map", 2, 2, map),
    function("filter", 2, 2, filter),
    function("reduce", 3, 3, reduce),
    function("each", 2, 2, each),
    function("for_each", 2, 2, each),
    function("flat_map", 2, 2, flat_map),
    function("find", 2, 2, find),
    function("find_index", 2, 2, find_index),
    function("any", 1, 2, any),
    function("all", 1, 2, all),
    function("count", 2, 2, count),
    function("min_by", 2, 2, min_by),
    function("max_by", 2, 2, max_by),
    function("take_while", 2, 2, take_while),
    function("skip_while", 2, 2, skip_while),
    function("partition", 2, 2, partition),
    function("group_by", 2, 2, group_by),
    function("unique_by", 2, 2, unique_by),
    function("map_values", 2, 2, map_values),
];

pub(super) const METHODS: &[Method] = &[
    method(MAPPED, "map", 1, 1, map),
    method(Kinds::ITERABLE.or(Kinds::OPTION), "filter", 1, 1, filter),
    method(Kinds::ITERABLE, "reduce", 2, 2, reduce),
    method(Kinds::ITERABLE, "each", 1, 1, each),
    method(Kinds::ITERABLE, "for_each", 1, 1, each),
    method(Kinds::ITERABLE, "flat_map", 1, 1, flat_map),
    method(Kinds::ITERABLE, "find", 1, 1, find),
    method(Kinds::ITERABLE, "find_index", 1, 1, find_index),
    method(Kinds::ITERABLE, "any", 0, 1, any),
    method(Kinds::ITERABLE, "all", 0, 1, all),
    method(Kinds::ITERABLE, "count", 1, 1, count),
    method(Kinds::ITERABLE, "min_by", 1, 1, min_by),
    method(Kinds::ITERABLE, "max_by", 1, 1, max_by),
    method(Kinds::ITERABLE, "take_while", 1, 1, take_while),
    method(Kinds::ITERABLE, "skip_while", 1, 1, skip_while),
    method(Kinds::ITERABLE, "partition", 1, 1, partition),
    method(Kinds::ITERABLE, "group_by", 1, 1, group_by),
    method(Kinds::ITERABLE, "unique_by", 1, 1, unique_by),
    method(Kinds::DICT, "map_values", 1, 1, map_values),
];

impl<'p> Interp<'_, 'p> {
    /// Calls a function that a builtin was given.
    pub(super) fn call_back(
        &mut self,
        input: &Input<'p>,
        f: &Value<'p>,
        args: Vec<Value<'p>>,
    ) -> Eval<'p> {
        self.call(f.clone(), Args::of(args), input.span)
    }

    fn holds(&mut self, input: &Input<'p>, f: &Value<'p>, args: Vec<Value<'p>>) -> Eval<'p, bool> {
        self.call_back(input, f, args).map(|it| it.is_truthy())
    }

    /// What the first argument's elements are for a callback: key and value for a dict, else the element alone. What
    /// cannot be gone through is R0013, as in a loop.
    fn tuples(&mut self, input: &Input<'p>) -> Eval<'p, Vec<Vec<Value<'p>>>> {
        if let Value::Dict(dict) = input.value(0) {
            return Ok(dict.iter().map(|(key, value)| vec![key.value(), value.clone()]).collect());
        }
        Ok(self.looped(input)?.into_iter().map(|it| vec![it]).collect())
    }

    /// The elements that a `for` over the first argument gives.
    fn looped(&mut self, input: &Input<'p>) -> Eval<'p, Vec<Value<'p>>> {
        let mut items = Vec::new();
        self.extend(&mut items, input.value(0), input.span)?;
        Ok(items)
    }
}

fn map<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let f = input.value(1);
    match input.value(0) {
        Value::Wrapped(wrap @ (Wrap::Ok | Wrap::Some), inner) => {
            let value = cx.call_back(&input, f, vec![inner.0.clone()])?;
            return Ok(Value::wrap(*wrap, value));
        }
        other @ (Value::Wrapped(Wrap::Err, _) | Value::Nothing) => return Ok(other.clone()),
        _ => {}
    }
    let mut out = Vec::new();
    for args in cx.tuples(&input)? {
        out.push(cx.call_back(&input, f, args)?);
    }
    Ok(Value::array(out))
}

fn filter<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let f = input.value(1);
    match input.value(0) {
        Value::Dict(dict) => {
            let mut kept = Dict::default();
            for (key, value) in dict.iter() {
                if cx.holds(&input, f, vec![key.value(), value.clone()])? {
                    kept.insert(key.clone(), value.clone());
                }
            }
            return Ok(Value::dict(kept));
        }
        Value::Wrapped(Wrap::Some, inner) => {
            let holds = cx.holds(&input, f, vec![inner.0.clone()])?;
            return Ok(if holds { input.value(0).clone() } else { Value::Nothing });
        }
        other @ (Value::Wrapped(..) | Value::Nothing) => return Ok(other.clone()),
        _ => {}
    }
    let mut kept = Vec::new();
    for item in cx.looped(&input)? {
        if cx.holds(&input, f, vec![item.clone()])? {
            kept.push(item);
        }
    }
    like(cx, &input, input.value(0), kept)
}

fn reduce<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut acc = input.value(1).clone();
    for item in cx.looped(&input)? {
        acc = cx.call_back(&input, input.value(2), vec![acc, item])?;
    }
    Ok(acc)
}

fn each<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    for args in cx.tuples(&input)? {
        cx.call_back(&input, input.value(1), args)?;
    }
    Ok(Value::Null)
}

fn flat_map<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut out = Vec::new();
    for item in cx.looped(&input)? {
        let items = cx.call_back(&input, input.value(1), vec![item])?;
        let given = Input { name: "extend", span: input.span, values: vec![Value::Null, items] };
        out.extend(cx.elements(&given, 1)?);
    }
    Ok(Value::array(out))
}

fn find<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    for mut args in cx.tuples(&input)? {
        if cx.holds(&input, input.value(1), args.clone())? {
            return Ok(if args.len() == 1 { args.remove(0) } else { Value::array(args) });
        }
    }
    Ok(Value::Null)
}

fn find_index<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    for (at, item) in cx.looped(&input)?.into_iter().enumerate() {
        if cx.holds(&input, input.value(1), vec![item])? {
            return Ok(Value::len(at));
        }
    }
    Ok(Value::Int(-1))
}

fn any<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    is_there(cx, &input, true).map(Value::Bool)
}

fn all<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    is_there(cx, &input, false).map(|it| Value::Bool(!it))
}

/// Whether for some element the condition is `wanted`; without a condition, the element itself.
fn is_there<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, wanted: bool) -> Eval<'p, bool> {
    if !input.is_given(1) {
        return Ok(cx.looped(input)?.iter().any(|it| it.is_truthy() == wanted));
    }
    for args in cx.tuples(input)? {
        if cx.holds(input, input.value(1), args)? == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

fn count<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let what = input.value(1);
    let mut n = 0;
    if matches!(what, Value::Function(_) | Value::Builtin(_) | Value::Foreign(_)) {
        for args in cx.tuples(&input)? {
            n += usize::from(cx.holds(&input, what, args)?);
        }
        return Ok(Value::len(n));
    }
    if let (Value::Str(text), Value::Str(part)) = (input.value(0), what) {
        let n = if part.is_empty() { 0 } else { text.matches(&**part).count() };
        return Ok(Value::len(n));
    }
    for item in cx.elements(&input, 0)? {
        n += usize::from(cx.equal(input.span, &item, what)?);
    }
    Ok(Value::len(n))
}

fn min_by<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    best_by(cx, &input, remora_syntax::ast::BinaryOp::Lt)
}

fn max_by<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    best_by(cx, &input, remora_syntax::ast::BinaryOp::Gt)
}

/// The first element whose key no other is `better` than; null if there is none.
fn best_by<'p>(
    cx: &mut Interp<'_, 'p>,
    input: &Input<'p>,
    better: remora_syntax::ast::BinaryOp,
) -> Eval<'p> {
    let mut best: Option<(Value<'p>, Value<'p>)> = None;
    for item in cx.looped(input)? {
        let key = cx.call_back(input, input.value(1), vec![item.clone()])?;
        let is_better = match &best {
            None => true,
            Some((_, so_far)) => cx.arg(input, ops::binary(better, &key, so_far))?.is_truthy(),
        };
        if is_better {
            best = Some((item, key));
        }
    }
    Ok(best.map_or(Value::Null, |it| it.0))
}

fn take_while<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut out = Vec::new();
    for item in cx.looped(&input)? {
        if !cx.holds(&input, input.value(1), vec![item.clone()])? {
            break;
        }
        out.push(item);
    }
    like(cx, &input, input.value(0), out)
}

fn skip_while<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut out = Vec::new();
    let mut skipping = true;
    for item in cx.looped(&input)? {
        skipping = skipping && cx.holds(&input, input.value(1), vec![item.clone()])?;
        if !skipping {
            out.push(item);
        }
    }
    like(cx, &input, input.value(0), out)
}

fn partition<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (mut yes, mut no) = (Vec::new(), Vec::new());
    for item in cx.looped(&input)? {
        let holds = cx.holds(&input, input.value(1), vec![item.clone()])?;
        if holds { yes.push(item) } else { no.push(item) }
    }
    let yes = like(cx, &input, input.value(0), yes)?;
    let no = like(cx, &input, input.value(0), no)?;
    Ok(Value::array(vec![yes, no]))
}

fn group_by<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut groups = Dict::default();
    for item in cx.looped(&input)? {
        let key = cx.call_back(&input, input.value(1), vec![item.clone()])?;
        let key = cx.arg(&input, crate::eval::key_of(&key))?;
        match groups.find_mut(&key) {
            Some(Value::Array(group)) => Rc::make_mut(group).0.push(item),
            _ => groups.insert(key, Value::array(vec![item])),
        }
    }
    Ok(Value::dict(groups))
}

fn unique_by<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut seen = Dict::default();
    let mut out = Vec::new();
    for item in cx.looped(&input)? {
        let key = cx.call_back(&input, input.value(1), vec![item.clone()])?;
        let key = cx.arg(&input, crate::eval::key_of(&key))?;
        if !seen.contains(&key) {
            seen.insert(key, Value::Null);
            out.push(item);
        }
    }
    Ok(Value::array(out))
}

fn map_values<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let Value::Dict(dict) = input.value(0) else {
        return cx.fail(input.span, Code::R0004, input.wrong(0, "a dict").message);
    };
    let mut out = Dict::default();
    let entries: Vec<(Key, Value<'p>)> = dict.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
    for (key, value) in entries {
        let value = cx.call_back(&input, input.value(1), vec![value])?;
        out.insert(key, value);
    }
    Ok(Value::dict(out))
}
