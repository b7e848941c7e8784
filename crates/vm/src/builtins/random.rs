//! Random numbers: xoshiro256++ by Blackman and Vigna, seeded through splitmix64.
//!
//! Fast and even, not for secrets. The same seed gives the same numbers on every machine and in every version.

use remora_diagnostics::Code;

use super::{Builtin, Call, Kinds, Method, Row, arg, items, rows};
use crate::fault::Res;
use crate::host::{Args, HostCx};
use crate::value::Value;

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "random() -> float",
        doc: "A random float from 0 to below 1.",
        example: ("x := random()\nprint(x >= 0 && x < 1)", "true"),
        call: Call::Native(random),
        ..Builtin::ROW
    },
    Builtin {
        signature: "random_int(low: int, high: int) -> int",
        doc: "A random int from `low` to `high`, both included.",
        raises: &[Code::R0004, Code::R0012],
        example: ("n := random_int(1, 6)\nprint(n >= 1 && n <= 6)", "true"),
        call: Call::Native(random_int),
        ..Builtin::ROW
    },
    Builtin {
        signature: "random_choice(items: array | string | range | set) -> any",
        doc: "One of the elements; null if there is none.",
        raises: &[Code::R0004],
        cost: "nothing more for an array, one unit for each 16 elements of other kinds",
        example: ("print(random_choice([7, 7]), random_choice([]))", "7 null"),
        call: Call::Native(random_choice),
        methods: &[(Kinds::ARRAY.or(Kinds::RANGE), Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "shuffle(items: array | range | string) -> array",
        doc: "The elements in a random order.",
        raises: &[Code::R0004],
        cost: "one unit for each element",
        example: ("print(sort(shuffle([1, 2, 3])))", "[1, 2, 3]"),
        call: Call::Native(shuffle),
        ..Builtin::ROW
    },
    Builtin {
        signature: "uuid_v4() -> string",
        doc: "A random name that nobody else will have (RFC 9562). As guessable as other random numbers here.",
        example: ("print(len(uuid_v4()), char_at(uuid_v4(), 14))", "36 4"),
        call: Call::Native(uuid_v4),
        ..Builtin::ROW
    },
    Builtin {
        signature: "set_random_seed(seed: int) -> null",
        doc: "Begins the sequence of random numbers that belongs to a seed.",
        raises: &[Code::R0004],
        example: (
            "set_random_seed(1)\na := random()\nset_random_seed(1)\nprint(a == random())",
            "true",
        ),
        call: Call::Native(set_seed),
        ..Builtin::ROW
    },
]);

/// The state of a sequence of random numbers.
#[derive(Clone, Debug)]
pub struct Random {
    state: [u64; 4],
}

impl Random {
    /// The sequence of that seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut mixed = seed;
        Self { state: [(); 4].map(|()| splitmix(&mut mixed)) }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        let s = &mut self.state;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// The next float from 0 to below 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn next_float(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// The next number below `n`, each equally likely (Lemire's method); 0 if `n` is 0.
    #[expect(clippy::cast_possible_truncation, reason = "the halves of a product")]
    pub fn below(&mut self, n: u64) -> u64 {
        let fair = n.wrapping_neg().checked_rem(n).unwrap_or(0);
        loop {
            let product = u128::from(self.next_u64()) * u128::from(n);
            if product as u64 >= fair {
                return (product >> 64) as u64;
            }
        }
    }
}

/// The next number of a sequence (`SplitMix64`, Vigna 2015): for seeds, every bit of which then matters.
pub(crate) const fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn random(cx: &mut HostCx<'_>, _args: Args<'_>) -> Res<Value> {
    Ok(Value::float(cx.host.random.next_float()))
}

fn random_int(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let (low, high) = (arg::int(cx, &args, 0)?, arg::int(cx, &args, 1)?);
    if low > high {
        return Err(arg::invalid(
            cx,
            format_args!("a range from low to high, got {low} and {high}"),
        ));
    }
    let span = high.wrapping_sub(low).cast_unsigned();
    let random = &mut cx.host.random;
    // All of i64 has one int more than fits into `below`.
    let drawn = match span.checked_add(1) {
        Some(n) => random.below(n),
        None => random.next_u64(),
    };
    Ok(Value::int(low.wrapping_add(drawn.cast_signed())))
}

fn random_choice(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    if let Some(range) = cx.heap.range(value).copied() {
        let at = cx.host.random.below(range.len());
        // What is too far from the start for an index is counted from the end.
        let at = i64::try_from(at).unwrap_or_else(|_| at.wrapping_sub(range.len()).cast_signed());
        return Ok(range.member(at).map_or(Value::NULL, Value::int));
    }
    items::with(cx, &args, 0, |cx, array| {
        let at = cx.host.random.below(array.len() as u64);
        let chosen = usize::try_from(at).ok().and_then(|at| array.get(at)).unwrap_or_default();
        cx.heap.retain(chosen);
        Ok(chosen)
    })
}

fn shuffle(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let units = cx.heap.len_of(args.peek(0)).unwrap_or(0) as u64;
    cx.charge(units)?;
    let shuffled = items::take(cx, &mut args, 0)?;
    let HostCx { heap, host, .. } = cx;
    if let Some((array, _)) = heap.array_mut(shuffled) {
        for at in (1..array.len()).rev() {
            let other = host.random.below(at as u64 + 1);
            array.swap(at, usize::try_from(other).unwrap_or(at));
        }
    }
    Ok(shuffled)
}

fn uuid_v4(cx: &mut HostCx<'_>, _args: Args<'_>) -> Res<Value> {
    let random = &mut cx.host.random;
    let (high, low) = (random.next_u64(), random.next_u64());
    let high = high & !0xf000 | 0x4000;
    let low = low & !(3 << 62) | 1 << 63;
    let (a, b, c) = (high >> 32, high >> 16 & 0xffff, high & 0xffff);
    let (d, e) = (low >> 48, low & 0xffff_ffff_ffff);
    cx.heap.new_string(&format!("{a:08x}-{b:04x}-{c:04x}-{d:04x}-{e:012x}"))
}

fn set_seed(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let seed = arg::int(cx, &args, 0)?;
    cx.host.random = Random::new(seed.cast_unsigned());
    Ok(Value::NULL)
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn a_seed_means_the_same_sequence_for_ever() {
        let mut random = Random::new(42);
        let first: Vec<u64> = (0..3).map(|_| random.next_u64()).collect();
        assert_eq!(
            first,
            [15_021_278_609_987_233_951, 5_881_210_131_331_364_753, 18_149_643_915_985_481_100]
        );
    }

    #[test]
    fn below_is_below() {
        let mut random = Random::new(7);
        assert_eq!(random.below(0), 0);
        assert_eq!(random.below(1), 0);
        assert!((0..1000).all(|_| random.below(3) < 3));
        assert!((0..1000).all(|_| (0.0..1.0).contains(&random.next_float())));
        let _ = random.below(u64::MAX);
    }
}
