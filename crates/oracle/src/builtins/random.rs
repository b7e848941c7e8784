//! Random numbers: xoshiro256++, seeded by splitmix64, so that a seed means the same sequence for ever.

use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::stop::Eval;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("random", 0, 0, |cx, _| Ok(Value::Float(cx.session.random.borrow_mut().float()))),
    function("random_int", 2, 2, random_int),
    function("random_choice", 1, 1, random_choice),
    function("shuffle", 1, 1, shuffle),
    function("uuid_v4", 0, 0, uuid),
    function("set_random_seed", 1, 1, set_seed),
];

/// The state of a sequence.
#[derive(Debug)]
pub(crate) struct Random([u64; 4]);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        let mut at = seed;
        Self([(); 4].map(|()| {
            at = at.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut bits = at;
            bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            bits ^ (bits >> 31)
        }))
    }

    fn next(&mut self) -> u64 {
        let [a, b, c, d] = self.0;
        let (c_new, d_new) = (c ^ a, d ^ b);
        self.0 = [a ^ d_new, b ^ c_new, c_new ^ (b << 17), d_new.rotate_left(45)];
        a.wrapping_add(d).rotate_left(23).wrapping_add(a)
    }

    /// From 0 to below 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    fn float(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 to `n - 1`, each equally likely: the upper half of a product, drawn again where the lower half shows that the
    /// draw is one of the few too many. 0 if `n` is 0.
    fn below(&mut self, n: u64) -> u64 {
        let too_many = if n == 0 { 0 } else { n.wrapping_neg() % n };
        loop {
            let product = u128::from(self.next()) * u128::from(n);
            let low = u64::try_from(product & u128::from(u64::MAX)).unwrap_or(0);
            if low >= too_many {
                return u64::try_from(product >> 64).unwrap_or(0);
            }
        }
    }

    fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(u64::try_from(len).unwrap_or(u64::MAX))).unwrap_or(0)
    }
}

fn random_int<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (low, high) = (cx.arg(&input, input.int(0))?, cx.arg(&input, input.int(1))?);
    if low > high {
        return cx.arg(
            &input,
            Err(input.invalid(format_args!("a range from low to high, got {low} and {high}"))),
        );
    }
    let drawn = match high.wrapping_sub(low).cast_unsigned().checked_add(1) {
        Some(n) => cx.session.random.borrow_mut().below(n),
        None => cx.session.random.borrow_mut().next(),
    };
    Ok(Value::Int(low.wrapping_add(drawn.cast_signed())))
}

/// One of the elements; null if there is none.
fn random_choice<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let items = cx.elements(&input, 0)?;
    let at = cx.session.random.borrow_mut().index(items.len());
    Ok(items.get(at).cloned().unwrap_or(Value::Null))
}

fn shuffle<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut items = cx.elements(&input, 0)?;
    for at in (1..items.len()).rev() {
        let other = cx.session.random.borrow_mut().index(at + 1);
        items.swap(at, other);
    }
    Ok(Value::array(items))
}

/// 122 random bits, and those that say so.
fn uuid<'p>(cx: &mut Interp<'_, 'p>, _input: Input<'p>) -> Eval<'p> {
    let (high, low) = {
        let mut random = cx.session.random.borrow_mut();
        (random.next(), random.next())
    };
    let bits = u128::from(high & !0xf000 | 0x4000) << 64 | u128::from(low & !(3 << 62) | 1 << 63);
    let digits = format!("{bits:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|it| &digits[it]);
    Ok(Value::str(parts.join("-")))
}

fn set_seed<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let seed = cx.arg(&input, input.int(0))?;
    cx.session.random.replace(Random::new(seed.cast_unsigned()));
    Ok(Value::Null)
}
