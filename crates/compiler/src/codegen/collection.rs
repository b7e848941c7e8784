//! Arrays, dicts and ranges.
//!
//! Long literals are put together in parts, so that the stack stays shallow.

use remora_bytecode::CodeBuilder;
use remora_diagnostics::Span;
use remora_syntax::ast::{Arg, DictEntry, Element, Expr};

use super::{Codegen, count};
use crate::limits::CHUNK;

impl<'a> Codegen<'a, '_> {
    #[inline(never)]
    pub(super) fn array(&mut self, elements: &'a [Element], span: Span) {
        let n_first = elements.iter().take_while(|it| matches!(it, Element::Item(_))).take(CHUNK).count();
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
        let n_first = args.iter().take_while(|it| matches!(it, Arg::Positional(_))).take(CHUNK).count();
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

    #[inline(never)]
    pub(super) fn dict(&mut self, entries: &'a [DictEntry], span: Span) {
        let is_pair = |it: &&DictEntry| matches!(it, DictEntry::Pair(..));
        let n_first = entries.iter().take_while(is_pair).take(CHUNK).count();
        let (first, others) = entries.split_at(n_first);
        for entry in first {
            if let DictEntry::Pair(key, value) = entry {
                self.expr(key);
                self.expr(value);
            }
        }
        // Which key cannot be one, the run-time message says; the place is that of the key if there is but one.
        let key_span = match first {
            [DictEntry::Pair(key, _)] => key.span,
            _ => span,
        };
        self.emit(key_span, |code| code.build_dict(count(n_first)));
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
