//! Sorting through one copy of the sorting code, whatever is sorted.
//!
//! The standard library's sorts are compiled once for each type and order, at 5 to 15 KB each. What is sorted seldom, or is
//! short, is sorted here: the positions are, by a comparison that is called through a pointer, and then each thing is
//! moved to its place.

use core::cmp::Ordering;

/// Sorts; equal ones keep their order. Linear moves, as many comparisons as `slice::sort_by`.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    if items.len() < 2 {
        return;
    }
    let mut order = positions(items.len(), &mut |a, b| compare(&items[a], &items[b]));
    for start in 0..order.len() {
        // What belongs here is swapped in, what was here goes to where that came from, and so on around the cycle.
        let mut at = start;
        loop {
            let from = core::mem::replace(&mut order[at], at);
            if from == start {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

/// Sorts by a key; equal ones keep their order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts texts.
pub fn sort_texts(texts: &mut [&str]) {
    sort_by(texts, |a, b| a.cmp(b));
}

/// The positions below `len` in order.
#[inline(never)]
fn positions(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_the_standard_library_does() {
        let mut seed = 7u32;
        for len in 0..200usize {
            let mut items: Vec<(u32, usize)> = Vec::new();
            for at in 0..len {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                items.push(((seed >> 24) % 40, at));
            }
            let mut expected = items.clone();
            expected.sort_by_key(|it| it.0);
            sort_by_key(&mut items, |it| it.0);
            assert_eq!(items, expected);
        }
        let mut words = ["b", "", "a", "ab"];
        sort_texts(&mut words);
        assert_eq!(words, ["", "a", "ab", "b"]);
    }
}
