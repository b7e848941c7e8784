//! Arrays, dicts and ranges.
//!
//! Long literals are put together in parts, so that the stack stays shallow.

use remora_bytecode::{CodeBuilder, Constant};
use remora_diagnostics::Span;
use remora_syntax::ast::{Arg, DictEntry, Element, Expr};

use super::{Codegen, count};
use crate::fold;
use crate::limits::CHUNK;

impl<'a> Codegen<'a, '_> {
    #[inline(never)]
    pub(super) fn array(&mut self, elements: &'a [Element], span: Span) {
        let n_first =
            elements.iter().take_while(|it| matches!(it, Element::Item(_))).take(CHUNK).count();
        let (first, others) = elements.split_at(n_first);
        for element in first {
            let (Element::Item(it) | Element::Spread(it)) = element;
            self.expr(it);
        }
        self.emit(span, |code| code.build_array(count(n_first)));
        for element in others {
            match element {
                Element::Item(it) => {
                    self.expr(it);
                    self.emit(span, CodeBuilder::array_push);
                }
                Element::Spread(it) => {
                    self.expr(it);
                    self.emit(it.span, CodeBuilder::array_extend);
                }
            }
        }
    }

    /// All arguments of a call as one array; the first `n_before` lie on the stack.
    pub(super) fn spread_arguments(&mut self, args: &'a [Arg], n_before: u32) {
        let n_first =
            args.iter().take_while(|it| matches!(it, Arg::Positional(_))).take(CHUNK).count();
        let (first, others) = args.split_at(n_first);
        let span = self.code.span();
        for arg in first {
            let (Arg::Positional(it) | Arg::Spread(it) | Arg::Named(_, it)) = arg;
            self.expr(it);
        }
        self.emit(span, |code| code.build_array(n_before + count(n_first)));
        for arg in others {
            let (Arg::Positional(it) | Arg::Spread(it) | Arg::Named(_, it)) = arg;
            self.expr(it);
            self.emit(it.span, |code| match arg {
                Arg::Spread(_) => code.array_extend(),
                Arg::Positional(_) | Arg::Named(..) => code.array_push(),
            });
        }
    }

    /// Each key is checked when its pair is put in, so only the last pair of a run that is put in at once may have a key
    /// that could turn out not to be one.
    #[inline(never)]
    pub(super) fn dict(&mut self, entries: &'a [DictEntry], span: Span) {
        let is_sure = |it: &&DictEntry| match it {
            DictEntry::Pair(key, _) => fold::constant(key).is_some_and(|it| is_key(&it)),
            DictEntry::Spread(_) => false,
        };
        let mut n_first = entries.iter().take_while(is_sure).take(CHUNK).count();
        let mut at = span;
        if let Some(DictEntry::Pair(key, _)) = entries.get(n_first) {
            n_first += 1;
            at = key.span;
        }
        let (first, others) = entries.split_at(n_first);
        for entry in first {
            if let DictEntry::Pair(key, value) = entry {
                self.expr(key);
                self.expr(value);
            }
        }
        self.emit(at, |code| code.build_dict(count(n_first)));
        for entry in others {
            match entry {
                DictEntry::Pair(key, value) => {
                    self.expr(key);
                    self.expr(value);
                    self.emit(key.span, CodeBuilder::dict_insert);
                }
                DictEntry::Spread(dict) => {
                    self.expr(dict);
                    self.emit(dict.span, CodeBuilder::dict_merge);
                }
            }
        }
    }

    #[inline(never)]
    pub(super) fn range(&mut self, start: &'a Expr, end: &'a Expr, inclusive: bool, span: Span) {
        self.expr(start);
        self.expr(end);
        self.emit(span, |code| match inclusive {
            true => code.build_range_inclusive(),
            false => code.build_range(),
        });
    }
}

/// Whether a constant can be the key of a dict.
fn is_key(value: &Constant) -> bool {
    match value {
        Constant::Bool(_) | Constant::Int(_) | Constant::Str(_) => true,
        Constant::Float(bits) => !f64::from_bits(*bits).is_nan(),
        Constant::Null | Constant::Bytes(_) => false,
    }
}
