//! Arrays behave the same however their elements are stored.

use remora_vm::heap::Heap;
use remora_vm::limits::Free;
use remora_vm::object::Queue;
use remora_vm::ops::equal::equal;
use remora_vm::ops::{index, make_unique};
use remora_vm::value::Value;

use crate::fixture::{Numbers, array, assert_empty, heap, string};

/// A value of one of the kinds that arrays tell apart; strings are counted for the caller.
fn element(heap: &mut Heap, numbers: &mut Numbers, kinds: u64) -> Value {
    let n = i64::try_from(numbers.below(5)).unwrap();
    match numbers.below(kinds) {
        0 => Value::int(n),
        1 => Value::float(n as f64 + 0.5),
        2 => Value::bool(n > 2),
        3 => Value::NULL,
        _ => string(heap, &format!("text {n}")),
    }
}

fn show(heap: &Heap, value: Value) -> String {
    remora_vm::ops::print::debug(heap, value, &mut Free).unwrap()
}

#[test]
fn random_operations_do_what_a_vec_does() {
    for seed in 1..=60 {
        let mut heap = heap();
        let mut numbers = Numbers(seed);
        // Few kinds in the first rounds, so that packed arrays live long enough.
        let kinds = 1 + seed % 5;
        let mut ours = array(&mut heap, &[]);
        let mut model: Vec<String> = Vec::new();
        for _ in 0..400 {
            let item = element(&mut heap, &mut numbers, kinds);
            let shown = show(&heap, item);
            make_unique(&mut heap, &mut ours, &mut Free).unwrap();
            let at = numbers.index(model.len() + 1);
            let (array, mem) = heap.array_mut(ours).unwrap();
            let mut unused = item;
            match numbers.below(7) {
                0 | 1 => {
                    array.push(mem, item).unwrap();
                    model.push(shown);
                    unused = Value::NULL;
                }
                2 => {
                    array.insert(mem, at, item).unwrap();
                    model.insert(at, shown);
                    unused = Value::NULL;
                }
                3 if at < model.len() => {
                    let old = array.set(mem, at, item).unwrap();
                    let was = std::mem::replace(&mut model[at], shown);
                    assert_eq!(show(&heap, old), was);
                    unused = old;
                }
                4 => {
                    let last = array.pop();
                    assert_eq!(last.map(|it| show(&heap, it)), model.pop());
                    heap.release(last.unwrap_or_default());
                }
                5 if at < model.len() => {
                    let old = array.remove(at).unwrap();
                    assert_eq!(show(&heap, old), model.remove(at));
                    heap.release(old);
                }
                _ => {
                    array.reverse();
                    model.reverse();
                }
            }
            heap.release(unused);
            let items: Vec<String> =
                heap.array(ours).unwrap().iter().map(|it| show(&heap, it)).collect();
            assert_eq!(items, model);
        }
        heap.release(ours);
        assert_empty(&mut heap);
    }
}

#[test]
fn elements_of_one_kind_are_packed_until_another_comes() {
    let mut heap = heap();
    for first in [Value::int(1), Value::float(1.0), Value::TRUE] {
        let packed = array(&mut heap, &[first, first]);
        assert!(heap.array(packed).unwrap().is_packed());
        let text = string(&mut heap, "other");
        let (array, mem) = heap.array_mut(packed).unwrap();
        array.push(mem, first).unwrap();
        assert!(array.is_packed());
        array.push(mem, text).unwrap();
        assert!(!array.is_packed());
        assert!(array.get(0).unwrap().is_same(first));
        assert_eq!(array.len(), 4);
        heap.release(packed);
    }
    assert_empty(&mut heap);
}

#[test]
fn ints_stay_ints_beside_floats() {
    let mut heap = heap();
    let mixed = array(&mut heap, &[Value::int(9_007_199_254_740_993), Value::float(0.5)]);
    let found = index::get(&mut heap, mixed, Value::int(0), &mut Free).unwrap();
    assert_eq!(found.to_int(), Some(9_007_199_254_740_993));
    heap.release(mixed);
    assert_empty(&mut heap);
}

#[test]
fn joining_and_slicing_count_what_is_shared() {
    let mut heap = heap();
    let texts = [string(&mut heap, "a"), string(&mut heap, "b")];
    let from = array(&mut heap, &texts);
    for begin in [&[][..], &[Value::int(1)], &[Value::NULL], &[Value::TRUE]] {
        let to = array(&mut heap, begin);
        heap.extend_array(to, from, 0..2).unwrap();
        let part = heap.slice_array(to, begin.len()..9).unwrap();
        assert!(equal(&heap, part, from, &mut Free).unwrap());
        assert!(!heap.is_unique(texts[0]));
        heap.release_all([to, part]);
        assert!(heap.is_unique(texts[0]));
    }
    heap.release(from);
    assert_empty(&mut heap);
}

#[test]
fn how_elements_are_stored_does_not_show_in_equality() {
    let mut heap = heap();
    let packed = array(&mut heap, &[Value::int(1), Value::int(2)]);
    let floats = array(&mut heap, &[Value::float(1.0), Value::float(2.0)]);
    let wide = array(&mut heap, &[Value::int(1), Value::NULL]);
    let old = {
        let (array, mem) = heap.array_mut(wide).unwrap();
        array.set(mem, 1, Value::float(2.0)).unwrap()
    };
    assert!(old.is_null());
    for (a, b) in [(packed, floats), (packed, wide), (wide, floats), (wide, wide)] {
        assert!(equal(&heap, a, b, &mut Free).unwrap());
        assert!(equal(&heap, b, a, &mut Free).unwrap());
    }
    heap.release_all([packed, floats, wide]);
    assert_empty(&mut heap);
}

#[test]
fn a_queue_does_what_a_deque_does() {
    let mut heap = heap();
    let mut numbers = Numbers(7);
    let ours = heap.new_queue(Queue::new()).unwrap();
    let mut model = std::collections::VecDeque::new();
    for n in 0..5000 {
        let (queue, mem) = heap.queue_mut(ours).unwrap();
        match numbers.below(if n % 1000 < 500 { 3 } else { 9 }) {
            0 | 1 => {
                queue.push_back(mem, Value::int(n)).unwrap();
                model.push_back(n);
            }
            2 => assert_eq!(queue.pop_back().and_then(Value::to_int), model.pop_back()),
            _ => assert_eq!(queue.pop_front().and_then(Value::to_int), model.pop_front()),
        }
        assert!(queue.iter().map(Value::as_int).eq(model.iter().copied()));
    }
    heap.release(ours);
    assert_empty(&mut heap);
}
