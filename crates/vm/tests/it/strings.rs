//! Strings: characters, joining, growing in place, hashing.

use remora_vm::limits::Free;
use remora_vm::ops::arith::add_to;
use remora_vm::ops::index;
use remora_vm::value::Value;

use crate::fixture::{assert_empty, heap, string};

#[test]
fn characters_are_found_by_code_point() {
    let mut heap = heap();
    for text in ["", "abc", "héllo → 世界 🎉", &"ä".repeat(300)] {
        let value = string(&mut heap, text);
        let chars: Vec<char> = text.chars().collect();
        let view = heap.string(value).unwrap();
        assert_eq!(view.char_count(), chars.len());
        assert_eq!(view.is_ascii(), text.is_ascii());
        for (at, char) in chars.iter().enumerate() {
            let view = heap.string(value).unwrap();
            assert_eq!(view.char_at(at), Some(char.to_string().as_str()));
            let at = i64::try_from(at).unwrap();
            let found = index::get(&mut heap, value, Value::int(at), &mut Free).unwrap();
            assert_eq!(heap.str(found), Some(char.to_string().as_str()));
            heap.release(found);
        }
        let view = heap.string(value).unwrap();
        assert_eq!(view.char_at(chars.len()), None);
        assert_eq!(view.offset_of(chars.len()), Some(text.len()));
        heap.release(value);
    }
    assert_empty(&mut heap);
}

#[test]
fn a_string_with_one_owner_grows_in_place() {
    let mut heap = heap();
    let piece = string(&mut heap, "é+");
    let mut text = string(&mut heap, "");
    let mut moves = 0;
    for _ in 0..10_000 {
        let before = text;
        add_to(&mut heap, &mut text, piece, &mut Free).unwrap();
        moves += u32::from(!before.is_same(text));
    }
    assert!(moves < 20, "moved {moves} times");
    let view = heap.string(text).unwrap();
    assert_eq!((view.char_count(), view.as_str().len()), (20_000, 30_000));
    assert_eq!(view.as_str(), "é+".repeat(10_000));
    heap.release_all([piece, text]);
    assert_empty(&mut heap);
}

#[test]
fn what_others_see_does_not_grow() {
    let mut heap = heap();
    let mut text = string(&mut heap, "a");
    let other = text;
    heap.retain(other);
    add_to(&mut heap, &mut text, other, &mut Free).unwrap();
    assert_eq!((heap.str(text), heap.str(other)), (Some("aa"), Some("a")));
    // A string joined with itself, while it has one owner.
    let itself = text;
    add_to(&mut heap, &mut text, itself, &mut Free).unwrap();
    assert_eq!(heap.str(text), Some("aaaa"));
    heap.release_all([text, other]);
    assert_empty(&mut heap);
}

#[test]
fn growing_forgets_the_hash() {
    let mut heap = heap();
    let more = string(&mut heap, "b");
    let mut text = string(&mut heap, "a");
    let before = heap.key(text).unwrap();
    assert!(before.is(text));
    heap.append(&mut text, more).unwrap();
    let fresh = string(&mut heap, "ab");
    assert!(heap.key(fresh).unwrap().is(text) || heap.key(text).unwrap().is(fresh));
    heap.release_all([more, text, fresh]);
    assert_empty(&mut heap);
}
