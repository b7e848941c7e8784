//! What the heap's tests have in common: a heap to work on, and numbers that look random and never change.

use std::sync::Arc;

use remora_vm::heap::Heap;
use remora_vm::object::{Array, Dict};
use remora_vm::shape::{EnumShape, Method, Shape, StructShape, TypeTable, VariantShape};
use remora_vm::value::{TypeId, Value};

/// `struct P { y, x }`
pub(crate) const P: TypeId = TypeId(0);
/// `enum Shape { Circle(r), Rect { w, h }, Unit }`
pub(crate) const SHAPE: TypeId = TypeId(1);
/// `struct Empty {}`
pub(crate) const EMPTY: TypeId = TypeId(2);

pub(crate) fn types() -> Arc<TypeTable> {
    let names = |names: &[&str]| names.iter().map(|&it| it.into()).collect::<Box<[Arc<str>]>>();
    let no_methods = Vec::<Method>::new;
    Arc::new(TypeTable {
        types: vec![
            Shape::Struct(StructShape::new("P".into(), names(&["y", "x"]), no_methods())),
            Shape::Enum(EnumShape {
                name: "Shape".into(),
                variants: Box::new([
                    VariantShape::new("Circle".into(), None),
                    VariantShape::new("Rect".into(), Some(names(&["w", "h"]))),
                    VariantShape::new("Unit".into(), None),
                ]),
            }),
            Shape::Struct(StructShape::new("Empty".into(), names(&[]), no_methods())),
        ],
        functions: vec!["main".into(), "".into()],
        n_prelude: 0,
        builtins: ["print"].into(),
        objects: Arc::default(),
    })
}

pub(crate) fn heap() -> Heap {
    heap_of(64 << 20)
}

pub(crate) fn heap_of(limit: usize) -> Heap {
    Heap::new(limit, 42, types())
}

/// An array of values that it takes over.
pub(crate) fn array(heap: &mut Heap, items: &[Value]) -> Value {
    let array = Array::from_values(heap.memory_mut(), items).unwrap();
    heap.new_array(array).unwrap()
}

/// A dict of keys and values that it takes over.
pub(crate) fn dict(heap: &mut Heap, pairs: &[(Value, Value)]) -> Value {
    let dict = heap.new_dict(Dict::new()).unwrap();
    for &(key, value) in pairs {
        let key = heap.key(key).unwrap();
        let (dict, mem) = heap.dict_mut(dict).unwrap();
        assert!(dict.insert(mem, key, value).unwrap().is_none());
    }
    dict
}

pub(crate) fn string(heap: &mut Heap, text: &str) -> Value {
    heap.new_string(text).unwrap()
}

/// Fails if anything is left on the heap.
#[track_caller]
pub(crate) fn assert_empty(heap: &mut Heap) {
    heap.clear_caches();
    assert_eq!((heap.live_objects(), heap.live_bytes()), (0, 0), "objects and bytes left");
}

/// Numbers from a seed (xorshift64*).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) fn index(&mut self, end: usize) -> usize {
        usize::try_from(self.below(end as u64)).unwrap()
    }
}
