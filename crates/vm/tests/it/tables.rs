//! Dicts and sets: order, holes, keys of several kinds.

use remora_vm::heap::Heap;
use remora_vm::limits::Free;
use remora_vm::object::{Dict, Set};
use remora_vm::ops::equal::equal;
use remora_vm::ops::{index, make_unique};
use remora_vm::value::{Tag, Value};

use crate::fixture::{Numbers, assert_empty, heap, string};

fn keys(heap: &Heap, dict: Value) -> Vec<String> {
    let dict = heap.dict(dict).unwrap();
    dict.keys().map(|it| remora_vm::ops::print::debug(heap, it, &mut Free).unwrap()).collect()
}

/// One of a few keys, of any kind that can be one; a string is counted for the caller.
fn some_key(heap: &mut Heap, numbers: &mut Numbers, range: u64) -> Value {
    let n = i64::try_from(numbers.below(range)).unwrap();
    match n % 4 {
        0 => Value::int(n),
        1 => Value::float(n as f64 / 8.0),
        2 => Value::bool(n > 4),
        _ => string(heap, &format!("key {n}")),
    }
}

#[test]
fn random_operations_do_what_a_list_of_pairs_does() {
    for seed in 1..=40 {
        let mut heap = heap();
        let mut numbers = Numbers(seed);
        let range = [6, 20, 300][usize::try_from(seed % 3).unwrap()];
        let ours = heap.new_dict(Dict::new()).unwrap();
        let mut model: Vec<(String, i64)> = Vec::new();
        for n in 0..1500 {
            let key = some_key(&mut heap, &mut numbers, range);
            let name = remora_vm::ops::print::debug(&heap, key, &mut Free).unwrap();
            let known = heap.key(key).unwrap();
            let place = model.iter().position(|(it, _)| *it == name);
            let (dict, mem) = heap.dict_mut(ours).unwrap();
            let mut unused = vec![key];
            match numbers.below(4) {
                0 | 1 => match dict.insert(mem, known, Value::int(n)).unwrap() {
                    Some(old) => {
                        let place = place.expect("the key is there");
                        assert_eq!(old.value.to_int(), Some(model[place].1));
                        model[place].1 = n;
                    }
                    None => {
                        assert_eq!(place, None);
                        model.push((name, n));
                        unused.clear();
                    }
                },
                2 => {
                    let old = dict.remove(mem, known);
                    let was = place.map(|place| model.remove(place).1);
                    assert_eq!(old.and_then(|it| it.value.to_int()), was);
                    unused.extend(old.map(|it| it.key));
                }
                _ => {
                    let found = dict.get(known).and_then(Value::to_int);
                    assert_eq!(found, place.map(|place| model[place].1));
                }
            }
            heap.release_all(unused);
            assert_eq!(heap.dict(ours).unwrap().len(), model.len());
            if n % 50 == 0 {
                let names: Vec<&String> = model.iter().map(|(name, _)| name).collect();
                assert_eq!(keys(&heap, ours).iter().collect::<Vec<_>>(), names);
                let mut at = 0;
                let mut seen = Vec::new();
                while let Some((next, entry)) = heap.dict(ours).unwrap().next(at) {
                    seen.push(entry.value.as_int());
                    at = next;
                }
                assert_eq!(seen, model.iter().map(|it| it.1).collect::<Vec<_>>());
            }
        }
        heap.release(ours);
        assert_empty(&mut heap);
    }
}

#[test]
fn an_int_and_the_float_of_its_value_are_one_key() {
    let mut heap = heap();
    let mut dict = heap.new_dict(Dict::new()).unwrap();
    for (key, value) in [
        (Value::int(1), 1),
        (Value::float(1.0), 2),
        (Value::float(-0.0), 3),
        (Value::int(0), 4),
        (Value::TRUE, 5),
        (Value::int(9_007_199_254_740_993), 6),
        (Value::float(9_007_199_254_740_992.0), 7),
        (Value::float(0.5), 8),
        (Value::float(f64::INFINITY), 9),
    ] {
        index::set(&mut heap, &mut dict, key, Value::int(value), &mut Free).unwrap();
    }
    let values: Vec<i64> = heap.dict(dict).unwrap().iter().map(|it| it.value.as_int()).collect();
    assert_eq!(values, [2, 4, 5, 6, 7, 8, 9]);
    assert!(heap.key(Value::float(f64::NAN)).is_none());
    assert!(heap.key(Value::NULL).is_none());
    heap.release(dict);
    assert_empty(&mut heap);
}

#[test]
fn equal_keys_have_equal_hashes() {
    let mut heap = heap();
    let texts = [string(&mut heap, "same"), string(&mut heap, "same"), string(&mut heap, "other")];
    let mut values = vec![Value::TRUE, Value::FALSE];
    values.extend(texts);
    for n in [0, 1, -1, i64::MIN, i64::MAX, 1 << 53] {
        values.extend([Value::int(n), Value::float(n as f64), Value::float(n as f64 + 0.5)]);
    }
    for &a in &values {
        for &b in &values {
            let same = heap.key(a).unwrap().is(heap.key(b).unwrap().value());
            assert_eq!(same, equal(&heap, a, b, &mut Free).unwrap(), "{a:?} {b:?}");
            let mut set = Set::new();
            for key in [a, b] {
                let key = heap.key(key).unwrap();
                set.insert(heap.memory_mut(), key, ()).unwrap();
            }
            assert_eq!(set.len() == 1, same, "{a:?} {b:?}");
            set.free(heap.memory_mut());
        }
    }
    heap.release_all(texts);
    assert_empty(&mut heap);
}

#[test]
fn keys_taken_from_the_front_stay_cheap() {
    // A queue made of a dict: quadratic if each look for the first entry went over all holes.
    let mut heap = heap();
    let dict = heap.new_dict(Dict::new()).unwrap();
    let n = 200_000;
    for at in 0..n {
        let key = heap.key(Value::int(at)).unwrap();
        let (dict, mem) = heap.dict_mut(dict).unwrap();
        dict.insert(mem, key, Value::NULL).unwrap();
    }
    for at in 0..n {
        let (_, first) = heap.dict(dict).unwrap().next(0).unwrap();
        assert_eq!(first.key.to_int(), Some(at));
        let key = heap.key(first.key).unwrap();
        let (dict, mem) = heap.dict_mut(dict).unwrap();
        dict.remove(mem, key).unwrap();
    }
    assert!(heap.dict(dict).unwrap().is_empty());
    heap.release(dict);
    assert_empty(&mut heap);
}

#[test]
fn chosen_keys_do_not_collide() {
    // Multiples of powers of two, which cluster under a hash that keeps low bits.
    let mut heap = heap();
    let dict = heap.new_dict(Dict::new()).unwrap();
    for shift in [0, 8, 16, 32, 48] {
        for at in 0..10_000_i64 {
            let key = heap.key(Value::int(at.wrapping_shl(shift))).unwrap();
            let (dict, mem) = heap.dict_mut(dict).unwrap();
            dict.insert(mem, key, Value::NULL).unwrap();
        }
    }
    assert!(heap.dict(dict).unwrap().len() > 40_000);
    heap.release(dict);
    assert_empty(&mut heap);
}

#[test]
fn a_copy_is_independent() {
    let mut heap = heap();
    let mut one = heap.new_dict(Dict::new()).unwrap();
    for at in 0..20 {
        let text = string(&mut heap, &format!("{at}"));
        index::set(&mut heap, &mut one, text, text, &mut Free).unwrap();
    }
    let mut two = one;
    heap.retain(two);
    make_unique(&mut heap, &mut two, &mut Free).unwrap();
    let name = string(&mut heap, "7");
    let key = heap.key(name).unwrap();
    let (dict, mem) = heap.dict_mut(two).unwrap();
    let old = dict.remove(mem, key).unwrap();
    heap.release_all([old.key, old.value]);
    assert_eq!(heap.dict(one).unwrap().len(), 20);
    assert_eq!(heap.dict(two).unwrap().len(), 19);
    assert!(heap.dict(one).unwrap().contains(key));
    assert_eq!(heap.dict(one).unwrap().keys().filter(|it| it.tag() == Tag::String).count(), 20);
    heap.release_all([one, two, name]);
    assert_empty(&mut heap);
}
