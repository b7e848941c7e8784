//! Making values and taking them apart.

use remora_bytecode::{Opcode, PathIdx, Root, Step};

use super::op::{Ins, Op};
use super::stack::Slot;
use super::{Lowering, narrow, narrow_len};

impl Lowering<'_> {
    pub(super) fn build(&mut self, op: Op, count: usize, times: usize) {
        let first = self.pop_run(count.saturating_mul(times));
        let to = self.push_temp();
        self.op(op, to, first, narrow_len(count));
    }

    /// A collection that is being built stays in its register; what is added may be read where it is.
    pub(super) fn add_to_collection(&mut self, op: Opcode) {
        let depth = self.stack.len().saturating_sub(2);
        self.settle(depth);
        let collection = self.temp(depth);
        if op == Opcode::ArrayPush {
            let item = self.pop_owned();
            self.op(Op::ArrayPush, collection, item, 0);
            return;
        }
        let other = self.pop_owned();
        let op = if op == Opcode::ArrayExtend { Op::ArrayExtend } else { Op::DictMerge };
        self.op(op, collection, other, 0);
    }

    pub(super) fn dict_insert(&mut self) {
        let key = self.pop_run(2);
        let depth = self.stack.len().saturating_sub(1);
        self.settle(depth);
        self.op(Op::DictInsert, self.temp(depth), key, key.saturating_add(1));
    }

    pub(super) fn make_struct(&mut self, ty: u32) {
        use remora_bytecode::TypeDef;
        let count = match self.context.module.types.get(ty as usize) {
            Some(TypeDef::Struct { fields, .. }) => fields.len(),
            _ => 0,
        };
        let first = self.pop_run(count);
        let to = self.push_temp();
        self.op_word(Op::MakeStruct, to, first, narrow_len(count), ty);
    }

    pub(super) fn make_variant(&mut self, site: u32) {
        let count = self
            .code
            .sites()
            .get(site as usize)
            .and_then(remora_bytecode::Site::n_arguments)
            .unwrap_or(0);
        let first = self.pop_run(count as usize);
        let to = self.push_temp();
        self.op_word(Op::MakeVariant, to, first, narrow(count), site);
    }

    pub(super) fn make_result(&mut self, kind: u32) {
        if kind == remora_bytecode::ResultKind::None as u32 {
            return self.push_constant(super::Const::None);
        }
        let value = self.pop_owned();
        let to = self.push_temp();
        self.op(Op::MakeResult, to, value, narrow(kind));
    }

    pub(super) fn get_index(&mut self) {
        let key = self.pop();
        let from = self.pop();
        let depth = self.stack.len();
        let object = self.readable(from, depth);
        match key {
            Slot::Int(value) if i16::try_from(value).is_ok() => {
                let to = self.push_temp();
                self.op(Op::GetIndexInt, to, object, super::signed(value));
            }
            _ => {
                let key = self.readable(key, depth + 1);
                let to = self.push_temp();
                self.op(Op::GetIndex, to, object, key);
            }
        }
        self.give_up(from);
    }

    /// After the last use of a local that only looked at it: gives up what it holds, so that a change of the place that it
    /// was read from finds one owner. Not where nothing can be changed any more before the function ends.
    fn give_up(&mut self, slot: Slot) {
        let Slot::Moved(local) = slot else { return };
        let Some(change) = self.last_change else { return };
        if change > self.unit || self.last_back.is_some_and(|back| back > self.unit) {
            self.release_local(local);
            self.op(Op::Drop, local, 0, 0);
        }
    }

    pub(super) fn get_attr(&mut self, name: u32) {
        let name = self.name(name);
        let from = self.pop();
        let object = self.readable(from, self.stack.len());
        self.join_index(from, object);
        let to = self.push_temp();
        self.op(Op::GetAttr, to, object, name);
        self.give_up(from);
    }

    /// Lets the instruction before, if it is the one that reads the object from an array, know that an attribute is all that
    /// is wanted of it.
    fn join_index(&mut self, from: Slot, object: u16) {
        let is_joined = self.out.len() > self.barrier && from == Slot::Temp;
        if let Some(last) = self.out.last_mut().filter(|_| is_joined)
            && last.op == Op::GetIndex
            && last.a == object
        {
            last.op = Op::GetIndexAttr;
        }
    }

    /// Lets the instruction that reads a place, if the one behind it adds to what was read or subtracts from it, know that it
    /// is stored back by the one to come. What is added is in a local, or small.
    fn join_update(&mut self, read: Ins, joined: Op) {
        if let Some([.., first, change]) = self.out.get_mut(self.barrier..)
            && *first == read
            && matches!(
                change.op,
                Op::Add | Op::AddInt | Op::AddConst | Op::Sub | Op::SubInt | Op::SubConst
            )
            && change.a == read.a
            && change.b == read.a
        {
            first.op = joined;
        }
    }

    /// Assignment to a place. One step into a local, the usual case, needs no path at run time.
    pub(super) fn store_path(&mut self, path: u32) {
        let Some(it) = self.code.path(PathIdx(path)) else { return };
        if let (Root::Local(local), [step]) = (it.root, &*it.steps) {
            let local = narrow(local.0);
            match *step {
                Step::Index => {
                    let value = self.pop_owned();
                    let key = self.pop_read();
                    self.release_local(local);
                    if key < self.first_temp {
                        let read = Ins::new(Op::GetIndex, value, local, key);
                        self.join_update(read, Op::GetIndexUpdate);
                    }
                    self.op(Op::SetIndex, local, key, value);
                }
                Step::Field(name) => {
                    let name = self.name(name.0);
                    let value = self.pop_owned();
                    self.release_local(local);
                    let read = Ins::new(Op::GetAttr, value, local, name);
                    self.join_update(read, Op::GetAttrUpdate);
                    self.op(Op::SetAttr, local, name, value);
                }
            }
            return;
        }
        if let (Root::Local(local), [Step::Index, Step::Field(name)]) = (it.root, &*it.steps) {
            let name = self.name(name.0);
            return self.store_item_attr(narrow(local.0), name, path);
        }
        let keys = it.n_keys() as usize;
        let root = it.root;
        let first = self.pop_run(keys + 1);
        if let Root::Local(local) = root {
            self.release_local(narrow(local.0));
        }
        let value = first.saturating_add(narrow_len(keys));
        self.op_word(Op::StorePath, value, first, narrow_len(keys), path);
    }

    /// `xs[i].name := value` for a local `xs`. A key that is a local is read where it is; the register below the value's is
    /// its own all the same, for the long way.
    fn store_item_attr(&mut self, local: u16, name: u16, path: u32) {
        let value = self.pop_owned();
        let key = match self.stack.last() {
            Some(Slot::Local(_)) => self.pop_read(),
            _ => self.pop_owned(),
        };
        self.release_local(local);
        self.op(Op::StoreItemAttr, value, key, name);
        self.emit(Ins::wide(Op::Word, local, path.cast_signed()));
    }

    /// The first element ends on top, so the registers hold them last first.
    pub(super) fn unpack_array(&mut self, count: usize) {
        let array = self.pop_owned();
        let first = self.temp(self.stack.len());
        for _ in 0..count {
            self.push(Slot::Temp);
        }
        self.op(Op::UnpackArray, first, array, narrow_len(count));
    }

    /// A test or an element of the top, which stays.
    pub(super) fn test(&mut self, op: Op, operand: u16) {
        let depth = self.stack.len().saturating_sub(1);
        let slot = self.stack.last().copied().unwrap_or(Slot::Temp);
        let value = self.readable(slot, depth);
        if !matches!(slot, Slot::Local(_) | Slot::Moved(_)) {
            self.stack[depth] = Slot::Temp;
        }
        let to = self.push_temp();
        self.op(op, to, value, operand);
    }

    pub(super) fn drop_last(&mut self, count: u16) {
        let array = self.pop_owned();
        self.push(Slot::Temp);
        self.op(Op::DropLast, array, array, count);
    }

    pub(super) fn dict_without(&mut self, count: usize) {
        let dict = self.pop_run(count + 1);
        self.push(Slot::Temp);
        self.op(Op::DictWithout, dict, dict, narrow_len(count));
    }
}
