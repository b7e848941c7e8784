//! Random numbers, the same for the same seed.

use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::stop::Eval;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("random", 0, 0, |cx, _| Ok(Value::Float(cx.random.float()))),
    function("random_int", 2, 2, random_int),
    function("random_choice", 1, 1, random_choice),
    function("set_random_seed", 1, 1, set_seed),
];

/// splitmix64.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// From 0 to below 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    fn float(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 to `n - 1`; 0 stands for 2^64.
    fn below(&mut self, n: u64) -> u64 {
        if n == 0 { self.next() } else { self.next() % n }
    }
}

fn random_int<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (low, high) = (cx.arg(&input, input.int(0))?, cx.arg(&input, input.int(1))?);
    if low > high {
        return cx.arg(&input, Err(input.invalid(format_args!("a range that is not empty, got {low} to {high}"))));
    }
    let n = high.wrapping_sub(low).cast_unsigned().wrapping_add(1);
    Ok(Value::Int(low.wrapping_add(cx.random.below(n).cast_signed())))
}

fn random_choice<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let items = cx.elements(&input, 0)?;
    let n = u64::try_from(items.len()).unwrap_or(u64::MAX);
    if n == 0 {
        return cx.arg(&input, Err(input.invalid("something to choose from")));
    }
    let at = usize::try_from(cx.random.below(n)).unwrap_or(0);
    Ok(items.get(at).cloned().unwrap_or(Value::Null))
}

fn set_seed<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let seed = cx.arg(&input, input.int(0))?;
    cx.random = Random::new(seed.cast_unsigned());
    Ok(Value::Null)
}
