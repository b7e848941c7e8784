//! Values as the host sees them: plain data of its own.

use remora_vm::value::Tag;
use remora_vm::{Res, Value as Raw, Vm, ops};

/// A script value, copied out of its VM or to be copied in. What has no plain form (functions, structs, errors) comes out as
/// its printed text.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An int.
    Int(i64),
    /// A float.
    Float(f64),
    /// Text.
    Str(String),
    /// An array.
    Array(Vec<Value>),
    /// A dict, in insertion order.
    Dict(Vec<(Value, Value)>),
    /// Anything else, as `print` shows it.
    Other(String),
}

/// Deepest nesting that is copied out; what is deeper comes as its printed text.
const MAX_DEPTH: usize = 64;

impl Value {
    /// Copies a value out; looks at it.
    pub(crate) fn from_raw(vm: &Vm, raw: Raw) -> Self {
        Self::at_depth(vm, raw, MAX_DEPTH)
    }

    fn at_depth(vm: &Vm, raw: Raw, depth: usize) -> Self {
        let heap = vm.heap();
        match raw.tag() {
            Tag::Null => Self::Null,
            Tag::Bool => Self::Bool(raw.as_bool()),
            Tag::Int => Self::Int(raw.as_int()),
            Tag::Float => Self::Float(raw.as_float()),
            Tag::String => Self::Str(heap.str(raw).unwrap_or_default().to_owned()),
            Tag::Array if depth > 0 => {
                let items =
                    heap.array(raw).map(|it| it.iter().collect::<Vec<_>>()).unwrap_or_default();
                Self::Array(items.into_iter().map(|it| Self::at_depth(vm, it, depth - 1)).collect())
            }
            Tag::Dict if depth > 0 => {
                let entries =
                    heap.dict(raw).map(|it| it.iter().collect::<Vec<_>>()).unwrap_or_default();
                let copy = |it| Self::at_depth(vm, it, depth - 1);
                Self::Dict(entries.into_iter().map(|it| (copy(it.key), copy(it.value))).collect())
            }
            _ => {
                let mut free = remora_vm::limits::Free;
                Self::Other(ops::print::display(heap, raw, &mut free).unwrap_or_default())
            }
        }
    }

    /// Copies a value in; counted for the caller.
    pub(crate) fn to_raw(&self, vm: &mut Vm) -> Res<Raw> {
        match self {
            Self::Null => Ok(Raw::NULL),
            Self::Bool(value) => Ok(Raw::bool(*value)),
            Self::Int(value) => Ok(Raw::int(*value)),
            Self::Float(value) => Ok(Raw::float(*value)),
            Self::Str(text) | Self::Other(text) => vm.heap_mut().new_string(text),
            Self::Array(items) => {
                let items = all_to_raw(vm, items)?;
                let heap = vm.heap_mut();
                let body = remora_vm::object::Array::from_values(heap.memory_mut(), &items)?;
                heap.new_array(body)
            }
            Self::Dict(entries) => {
                let body = remora_vm::object::Dict::new();
                let dict = vm.heap_mut().new_dict(body)?;
                for (key, value) in entries {
                    let (key, value) = (key.to_raw(vm)?, value.to_raw(vm)?);
                    let mut place = dict;
                    let mut free = remora_vm::limits::Free;
                    ops::index::set(vm.heap_mut(), &mut place, key, value, &mut free)?;
                    vm.heap_mut().release(key);
                }
                Ok(dict)
            }
        }
    }
}

fn all_to_raw(vm: &mut Vm, values: &[Value]) -> Res<Vec<Raw>> {
    values.iter().map(|it| it.to_raw(vm)).collect()
}
