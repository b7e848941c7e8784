//! Searching. Matches are places in the text, which stays where it is: nothing is copied but the results.

use ::regex::Regex;
use remora_diagnostics::Code;
use remora_vm::host::{Args, HostCx};
use remora_vm::limits::Charge;
use remora_vm::value::Value;
use remora_vm::{Fault, Res};

use super::cache::{Compiled, compiled};
use crate::{arg, make};

/// A search through the first argument for the second.
struct Search {
    text: Value,
    len: usize,
    pattern: Compiled,
    /// Where the next search begins.
    at: usize,
    /// Where the last match ended: no empty match follows it at once.
    last: Option<usize>,
    done: bool,
}

impl Search {
    fn new(cx: &mut HostCx<'_>, args: &Args<'_>) -> Res<Self> {
        let text = args.peek(0);
        let Some(len) = cx.heap.str(text).map(str::len) else {
            return Err(arg::wrong(cx, 0, "a string", text));
        };
        let pattern = compiled(cx, args.peek(1), 1)?;
        cx.charge((len as u64 / 16).saturating_mul(pattern.weight))?;
        Ok(Self { text, len, pattern, at: 0, last: None, done: false })
    }

    /// Pays for a search from here. All together mostly read the text once, which is paid; but each may look as far as the
    /// end, so that it costs a little for all that is left.
    fn pay(&self, fuel: &mut impl Charge) -> Res<()> {
        let units = (self.len - self.at) as u64 / 256;
        fuel.charge((1 + units).saturating_mul(self.pattern.weight))
    }

    /// The next match, by whatever finds it and says where it is.
    fn next<'t, M>(
        &mut self,
        text: &'t str,
        fuel: &mut impl Charge,
        find: impl Fn(&Regex, &'t str, usize) -> Option<M>,
        place: impl Fn(&M) -> (usize, usize),
    ) -> Res<Option<M>> {
        while !self.done {
            self.pay(fuel)?;
            let Some(found) = find(&self.pattern.regex, text, self.at) else { break };
            let (start, end) = place(&found);
            if start == end && self.last == Some(end) {
                self.step(text);
                continue;
            }
            self.at = end;
            self.last = Some(end);
            return Ok(Some(found));
        }
        self.done = true;
        Ok(None)
    }

    /// One character on.
    fn step(&mut self, text: &str) {
        match text.get(self.at..).and_then(|it| it.chars().next()) {
            Some(char) => self.at += char.len_utf8(),
            None => self.done = true,
        }
    }

    fn next_place(&mut self, cx: &mut HostCx<'_>) -> Res<Option<(usize, usize)>> {
        let text = cx.heap.str(self.text).unwrap_or_default();
        let find = |regex: &Regex, text: &str, at| {
            regex.find_at(text, at).map(|it| (it.start(), it.end()))
        };
        self.next(text, cx.fuel, find, |it| *it)
    }

    /// A new string of a part of the text.
    fn part(&self, cx: &mut HostCx<'_>, start: usize, end: usize) -> Res<Value> {
        cx.charge(1 + (end - start) as u64 / 64)?;
        make::booked(cx, end - start, |cx| {
            let text = cx.heap.str(self.text).and_then(|it| it.get(start..end));
            let part = text.unwrap_or_default().to_owned();
            cx.heap.new_string(&part)
        })
    }

    fn push_part(&self, cx: &mut HostCx<'_>, out: Value, start: usize, end: usize) -> Res<()> {
        let part = self.part(cx, start, end)?;
        make::push(cx, out, part)
    }
}

pub(super) fn regex_match(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let search = Search::new(cx, &args)?;
    search.pay(cx.fuel)?;
    let text = cx.heap.str(search.text).unwrap_or_default();
    Ok(Value::bool(search.pattern.regex.is_match(text)))
}

pub(super) fn regex_find(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let mut search = Search::new(cx, &args)?;
    match search.next_place(cx)? {
        Some((start, end)) => search.part(cx, start, end),
        None => Ok(Value::NULL),
    }
}

pub(super) fn regex_find_all(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let mut search = Search::new(cx, &args)?;
    make::array(cx, |cx, out| {
        while let Some((start, end)) = search.next_place(cx)? {
            search.push_part(cx, out, start, end)?;
        }
        Ok(())
    })
}

pub(super) fn regex_split(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let mut search = Search::new(cx, &args)?;
    make::array(cx, |cx, out| {
        let mut from = 0;
        while let Some((start, end)) = search.next_place(cx)? {
            search.push_part(cx, out, from, start)?;
            from = end;
        }
        search.push_part(cx, out, from, search.len)
    })
}

pub(super) fn regex_captures(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let search = Search::new(cx, &args)?;
    search.pay(cx.fuel)?;
    let regex = &search.pattern.regex;
    cx.charge(regex.captures_len() as u64)?;
    let mut places = regex.capture_locations();
    let text = cx.heap.str(search.text).unwrap_or_default();
    if regex.captures_read(&mut places, text).is_none() {
        return Ok(Value::NULL);
    }
    make::dict(cx, |cx, out| {
        for (group, name) in regex.capture_names().enumerate() {
            let part = match places.get(group) {
                Some((start, end)) => search.part(cx, start, end)?,
                None => Value::NULL,
            };
            if let Some(name) = name {
                cx.heap.retain(part);
                if let Err(fault) = make::put(cx, out, name, part) {
                    cx.heap.release(part);
                    return Err(fault);
                }
            }
            let number = i64::try_from(group).unwrap_or(i64::MAX);
            make::put_key(cx, out, Value::int(number), part)?;
        }
        Ok(())
    })
}

pub(super) fn regex_replace(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let mut search = Search::new(cx, &args)?;
    let replacement = args.peek(2);
    let room = cx.heap.memory_mut().account().remaining();
    let (Some(text), Some(to)) = (cx.heap.str(search.text), cx.heap.str(replacement)) else {
        return Err(arg::wrong(cx, 2, "a string", replacement));
    };
    let n_groups = to.bytes().filter(|it| *it == b'$').count();
    // What is made is outside the heap, but must fit into it in the end.
    let mut out = String::new();
    let mut from = 0;
    let find = |regex: &Regex, text, at| regex.captures_at(text, at);
    let place = |it: &::regex::Captures<'_>| it.get(0).map_or((0, 0), |it| (it.start(), it.end()));
    while let Some(found) = search.next(text, cx.fuel, find, place)? {
        let (start, end) = place(&found);
        // A group is no longer than the match.
        let most = n_groups.saturating_mul(end - start).saturating_add(to.len() + start - from);
        if most > room.saturating_sub(out.len()) {
            return Err(full());
        }
        Charge::charge(cx.fuel, most as u64 / 64)?;
        out.push_str(text.get(from..start).unwrap_or_default());
        found.expand(to, &mut out);
        from = end;
    }
    let rest = text.get(from..).unwrap_or_default();
    if rest.len() > room.saturating_sub(out.len()) {
        return Err(full());
    }
    out.push_str(rest);
    cx.charge(out.len() as u64 / 64)?;
    cx.heap.new_string(&out)
}

#[cold]
fn full() -> Box<Fault> {
    Fault::new(Code::L0002, "Memory limit reached")
}
