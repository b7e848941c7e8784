//! Counting, freeing, accounting, cycles.

use remora_diagnostics::Code;
use remora_vm::heap::{Buf, Heap};
use remora_vm::object::{Dict, ErrorObject, Queue, Range, Set};
use remora_vm::value::{FunctionId, Tag, Value};

use crate::fixture::{EMPTY, Numbers, P, SHAPE, array, assert_empty, dict, heap, heap_of, string};

#[test]
fn a_value_is_freed_with_its_last_owner() {
    let mut heap = heap();
    let text = string(&mut heap, "hello");
    heap.retain(text);
    assert!(!heap.is_unique(text));
    heap.release(text);
    assert!(heap.is_unique(text));
    assert_eq!(heap.str(text), Some("hello"));
    heap.release(text);
    assert_empty(&mut heap);
}

/// One value of each kind, each with a value inside where it can have one.
fn one_of_each(heap: &mut Heap) -> Vec<Value> {
    let s = |heap: &mut Heap| string(heap, "a text of some length");
    let mut all = vec![s(heap)];
    let bytes = Buf::copy_of(heap.memory_mut(), b"bytes").unwrap();
    all.push(heap.new_bytes(bytes).unwrap());
    let items = [s(heap), s(heap), Value::int(1)];
    all.push(array(heap, &items));
    let pairs = [(s(heap), s(heap))];
    all.push(dict(heap, &pairs));
    let member = s(heap);
    let key = heap.key(member).unwrap();
    let mut set = Set::new();
    assert!(set.insert(heap.memory_mut(), key, ()).unwrap().is_none());
    all.push(heap.new_set(set).unwrap());
    let item = s(heap);
    let mut queue = Queue::new();
    queue.push_back(heap.memory_mut(), item).unwrap();
    all.push(heap.new_queue(queue).unwrap());
    let item = s(heap);
    let stack = Buf::copy_of(heap.memory_mut(), &[item]).unwrap();
    all.push(heap.new_stack(stack).unwrap());
    let fields = [s(heap), s(heap)];
    all.push(heap.new_record(P, &fields).unwrap());
    all.push(heap.new_record(EMPTY, &[]).unwrap());
    let payload = [s(heap)];
    all.push(heap.new_variant(SHAPE, 0, &payload).unwrap());
    for make in [Heap::new_ok, Heap::new_err, Heap::new_some] {
        let inner = s(heap);
        all.push(make(heap, inner).unwrap());
    }
    let held = s(heap);
    let cell = heap.new_cell(held).unwrap();
    all.push(heap.new_closure(FunctionId(0), &[cell]).unwrap());
    all.push(heap.new_range(Range::new(0, 3)).unwrap());
    let values = [s(heap), s(heap), Value::NULL, Value::NULL, s(heap)];
    let origin = Some(remora_vm::fault::Fault::new(Code::R0001, "boom"));
    all.push(heap.new_error(ErrorObject { values, line: 1, origin }).unwrap());
    all
}

#[test]
fn every_kind_is_freed_to_the_last_byte() {
    let mut heap = heap();
    let all = one_of_each(&mut heap);
    assert!(heap.live_objects() > all.len());
    heap.release_all(all);
    assert_empty(&mut heap);
}

#[test]
fn a_heap_that_is_dropped_frees_what_is_left() {
    // What leaks here is found by the address sanitizer.
    let mut heap = heap();
    let all = one_of_each(&mut heap);
    let many = array(&mut heap, &all);
    let long = string(&mut heap, &"x".repeat(10_000));
    let cell = heap.new_cell(many).unwrap();
    let closure = heap.new_closure(FunctionId(0), &[cell]).unwrap();
    let _ = heap.cell_replace(cell, closure);
    let _ = long;
}

#[test]
fn every_kind_copies_to_an_equal_of_its_own() {
    let mut heap = heap();
    for value in one_of_each(&mut heap) {
        let mut copy = value;
        heap.retain(copy);
        heap.make_unique(&mut copy).unwrap();
        let shares = matches!(
            value.tag(),
            Tag::String | Tag::Range | Tag::Ok | Tag::Err | Tag::Some | Tag::Closure | Tag::Error
        );
        assert_eq!(copy.is_same(value), shares, "{value:?}");
        let equal = remora_vm::ops::equal::equal(&heap, copy, value, &mut remora_vm::limits::Free);
        assert!(equal.unwrap(), "{value:?}");
        heap.release(copy);
        assert!(heap.is_unique(value), "{value:?}");
        heap.release(value);
    }
    assert_empty(&mut heap);
}

/// Runs on a small native stack.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(run).unwrap();
    thread.join().unwrap();
}

#[test]
fn a_million_levels_are_freed_without_recursion() {
    on_a_small_stack(|| {
        let mut heap = heap_of(1 << 30);
        let mut arrays = Value::NULL;
        let mut options = Value::NULL;
        let mut dicts = Value::NULL;
        let mut records = Value::NULL;
        for _ in 0..1_000_000 {
            arrays = array(&mut heap, &[arrays]);
            options = heap.new_some(options).unwrap();
            records = heap.new_record(P, &[Value::NULL, records]).unwrap();
        }
        for _ in 0..100_000 {
            dicts = dict(&mut heap, &[(Value::int(0), dicts)]);
        }
        heap.release_all([arrays, options, dicts, records]);
        assert_empty(&mut heap);
    });
}

#[test]
fn a_wide_and_shared_graph_is_freed_once() {
    let mut heap = heap();
    let shared = string(&mut heap, "shared by all");
    let mut layer = shared;
    for _ in 0..20 {
        heap.retain(layer);
        layer = array(&mut heap, &[layer, layer]);
    }
    heap.release(layer);
    assert_empty(&mut heap);
}

#[test]
#[cfg(not(feature = "system-blocks"))]
fn the_limit_is_exact() {
    let mut heap = heap_of(1000);
    let mut kept = Vec::new();
    let fault = loop {
        match heap.new_string("abc") {
            Ok(text) => kept.push(text),
            Err(fault) => break fault,
        }
    };
    assert_eq!(fault.code, Code::L0002);
    // A short string is one block of 32 bytes.
    assert_eq!((kept.len(), heap.live_bytes()), (31, 992));
    heap.release_all(kept);
    let whole = heap.new_string(&"x".repeat(900)).unwrap();
    assert_eq!(heap.new_string(&"x".repeat(100)).unwrap_err().code, Code::L0002);
    heap.release(whole);
    assert_empty(&mut heap);
}

#[test]
fn growing_past_the_limit_changes_nothing() {
    let mut heap = heap_of(2000);
    let list = array(&mut heap, &[]);
    let mut n = 0;
    loop {
        let (array, mem) = heap.array_mut(list).unwrap();
        if let Err(fault) = array.push(mem, Value::int(n)) {
            assert_eq!(fault.code, Code::L0002);
            break;
        }
        n += 1;
    }
    let kept = heap.array(list).unwrap();
    assert_eq!(kept.as_ints().unwrap(), (0..n).collect::<Vec<_>>());
    // Doubling would not fit any more, but one more did, up to the limit.
    assert!(n > 200, "{n}");
    heap.release(list);
    assert_empty(&mut heap);
}

#[test]
fn memory_that_is_free_goes_back() {
    let limit = 8 << 20;
    let mut heap = heap_of(limit);
    for size in [8, 40, 70, 100] {
        let text = "x".repeat(size);
        let mut all = Vec::new();
        while let Ok(made) = heap.new_string(&text) {
            all.push(made);
        }
        heap.release_all(all);
        let held = heap.memory().held_bytes();
        assert!(held <= 3 * limit + (1 << 20), "{held} bytes held after strings of {size}");
    }
    heap.memory_mut().trim();
    assert_eq!(heap.memory().held_bytes(), 0);
    let again = string(&mut heap, "still works");
    heap.release(again);
    assert_empty(&mut heap);
}

/// A cell that holds an array of a closure over that cell.
fn cycle(heap: &mut Heap) -> Value {
    let cell = heap.new_cell(Value::NULL).unwrap();
    heap.retain(cell);
    let closure = heap.new_closure(FunctionId(0), &[cell]).unwrap();
    let text = string(heap, "caught in a cycle");
    let inside = array(heap, &[closure, text]);
    let old = heap.cell_replace(cell, inside);
    assert!(old.is_null());
    cell
}

#[test]
fn cycles_are_found_and_only_they() {
    let mut heap = heap();
    let kept = cycle(&mut heap);
    let lost = cycle(&mut heap);
    heap.release(lost);
    let (objects, bytes) = (heap.live_objects(), heap.live_bytes());
    assert_eq!(heap.collect_cycles(), 4);
    assert_eq!(heap.live_objects(), objects - 4);
    assert_eq!(heap.live_bytes() * 2, bytes);
    assert_eq!(heap.collect_cycles(), 0);
    let inside = heap.cell(kept);
    assert_eq!(heap.array(inside).unwrap().len(), 2);
    heap.release(kept);
    assert_eq!(heap.collect_cycles(), 4);
    assert_empty(&mut heap);
}

#[test]
fn what_a_cycle_shares_with_the_living_stays() {
    let mut heap = heap();
    let shared = string(&mut heap, "shared");
    let cell = cycle(&mut heap);
    let inside = heap.cell(cell);
    heap.retain(shared);
    let (array, mem) = heap.array_mut(inside).unwrap();
    array.push(mem, shared).unwrap();
    heap.release(cell);
    assert_eq!(heap.collect_cycles(), 4);
    assert!(heap.is_unique(shared));
    heap.release(shared);
    assert_empty(&mut heap);
}

#[test]
fn cycles_are_collected_without_being_asked() {
    let mut heap = heap_of(16 << 20);
    for _ in 0..200_000 {
        let lost = cycle(&mut heap);
        heap.release(lost);
    }
    assert!(heap.live_objects() < 100_000);
    heap.collect_cycles();
    assert_empty(&mut heap);
}

#[test]
fn a_long_cycle_is_collected_without_recursion() {
    on_a_small_stack(|| {
        let mut heap = heap_of(1 << 30);
        let first = heap.new_cell(Value::NULL).unwrap();
        heap.retain(first);
        let mut last = first;
        for _ in 0..300_000 {
            last = heap.new_some(last).unwrap();
        }
        let _ = heap.cell_replace(first, last);
        heap.release(first);
        assert_eq!(heap.collect_cycles(), 300_001);
        assert_empty(&mut heap);
    });
}

/// Many random steps over a few variables: whatever happens, in the end nothing is left.
#[test]
fn random_graphs_leave_nothing_behind() {
    for seed in 1..=20 {
        let mut heap = heap();
        let mut numbers = Numbers(seed);
        let mut vars = [Value::NULL; 8];
        for _ in 0..2000 {
            let (a, b) = (numbers.index(8), numbers.index(8));
            heap.retain(vars[a]);
            let (left, right) = (vars[a], vars[b]);
            let made = match numbers.below(8) {
                0 => {
                    heap.retain(right);
                    array(&mut heap, &[left, right])
                }
                1 => heap.new_some(left).unwrap(),
                2 => dict(&mut heap, &[(Value::int(1), left)]),
                3 => heap.new_cell(left).unwrap(),
                4 if right.tag() == Tag::Cell => heap.cell_replace(right, left),
                5 => {
                    heap.retain(right);
                    heap.new_record(P, &[left, right]).unwrap()
                }
                6 => {
                    let mut copy = left;
                    heap.make_unique(&mut copy).unwrap();
                    copy
                }
                _ => {
                    heap.release(left);
                    string(&mut heap, "leaf")
                }
            };
            let old = std::mem::replace(&mut vars[numbers.index(8)], made);
            heap.release(old);
            if numbers.below(200) == 0 {
                heap.collect_cycles();
            }
        }
        heap.release_all(vars);
        heap.collect_cycles();
        assert_empty(&mut heap);
    }
}

#[test]
fn dicts_give_back_what_they_replace() {
    let mut heap = heap();
    let dict = heap.new_dict(Dict::new()).unwrap();
    for round in 0..3 {
        for at in 0..100 {
            let name = string(&mut heap, &format!("key {at}"));
            let value = string(&mut heap, &format!("value {round}"));
            let key = heap.key(name).unwrap();
            let (table, mem) = heap.dict_mut(dict).unwrap();
            if let Some(old) = table.insert(mem, key, value).unwrap() {
                heap.release_all([old.key, old.value]);
            }
        }
    }
    assert_eq!(heap.dict(dict).unwrap().len(), 100);
    heap.release(dict);
    assert_empty(&mut heap);
}
