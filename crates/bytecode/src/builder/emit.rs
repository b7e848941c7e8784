//! One method for each instruction, with the type of operand that it takes; made from the table of instructions.

use super::{CodeBuilder, Label};
use crate::code::VariantRef;
use crate::constant::Constant;
use crate::ids::{CellIdx, FnIdx, FreeIdx, GlobalIdx, ImportIdx, LocalIdx, TypeIdx};
use crate::isa::{CompareKind, Opcode, ResultKind, for_each_instruction};
use crate::site::{Path, Site};
use crate::unit::zigzag;

macro_rules! methods {
    ($(($op:ident $name:ident $kind:ident $doc:literal))*) => {
        impl CodeBuilder {
            $(method! { $kind $op $name $doc })*
        }
    };
}

/// The method of one instruction, by the kind of its operand. The first few have methods written by hand below.
macro_rules! method {
    (imm ExtendedArg $name:ident $doc:literal) => {};
    (imm LoadInt $name:ident $doc:literal) => {};
    (const CheckPattern $name:ident $doc:literal) => {};
    (type MakeStruct $name:ident $doc:literal) => {};
    (none $op:ident $name:ident $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&mut self) {
            self.emit(Opcode::$op, 0);
        }
    };
    (const $op:ident $name:ident $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&mut self, constant: Constant) {
            if self.is_live() {
                let at = self.tables().constant(constant);
                self.emit(Opcode::$op, at.0);
            }
        }
    };
    (name $op:ident $name:ident $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&mut self, name: &str) {
            if self.is_live() {
                let at = self.tables().name(name);
                self.emit(Opcode::$op, at.0);
            }
        }
    };
    (variant $op:ident $name:ident $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&mut self, variant: VariantRef) {
            if self.is_live() {
                let at = self.tables().variant(variant);
                self.emit(Opcode::$op, at.0);
            }
        }
    };
    (path $op:ident $name:ident $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&mut self, path: Path) {
            if self.is_live() {
                let at = self.tables().path(path);
                self.emit(Opcode::$op, at.0);
            }
        }
    };
    (site $op:ident $name:ident $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&mut self, site: Site) {
            if self.is_live() {
                let at = self.tables().site(site);
                self.emit(Opcode::$op, at.0);
            }
        }
    };
    (label $op:ident $name:ident $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&mut self, label: Label) {
            self.branch(Opcode::$op, label);
        }
    };
    (imm $op:ident $name:ident $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&mut self, value: i32) {
            self.emit(Opcode::$op, zigzag(value));
        }
    };
    (compare $op:ident $name:ident $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&mut self, kind: CompareKind) {
            self.emit(Opcode::$op, kind as u32);
        }
    };
    (result $op:ident $name:ident $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&mut self, kind: ResultKind) {
            self.emit(Opcode::$op, kind as u32);
        }
    };
    (count $op:ident $name:ident $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&mut self, count: u32) {
            self.emit(Opcode::$op, count);
        }
    };
    (depth $op:ident $name:ident $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&mut self, depth: u32) {
            self.emit(Opcode::$op, depth);
        }
    };
    (local $($rest:tt)*) => { method! { @index LocalIdx $($rest)* } };
    (cell $($rest:tt)*) => { method! { @index CellIdx $($rest)* } };
    (free $($rest:tt)*) => { method! { @index FreeIdx $($rest)* } };
    (global $($rest:tt)*) => { method! { @index GlobalIdx $($rest)* } };
    (function $($rest:tt)*) => { method! { @index FnIdx $($rest)* } };
    (import $($rest:tt)*) => { method! { @index ImportIdx $($rest)* } };
    (type $($rest:tt)*) => { method! { @index TypeIdx $($rest)* } };
    (@index $index:ident $op:ident $name:ident $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&mut self, at: $index) {
            self.emit(Opcode::$op, at.0);
        }
    };
}

for_each_instruction!(methods);

impl CodeBuilder {
    /// Pushes an int: in the operand if it is small, else as a constant.
    pub fn load_int(&mut self, value: i64) {
        // Up to two units, as a constant would take one and a place in the table.
        match i32::try_from(value).map(zigzag) {
            Ok(small) if small <= 0xffff => self.emit(Opcode::LoadInt, small),
            _ => self.load_const(Constant::Int(value)),
        }
    }

    /// Pushes a constant in the shortest way there is for it.
    pub fn load(&mut self, constant: Constant) {
        match constant {
            Constant::Null => self.load_null(),
            Constant::Bool(true) => self.load_true(),
            Constant::Bool(false) => self.load_false(),
            Constant::Int(value) => self.load_int(value),
            other => self.load_const(other),
        }
    }

    /// R0016 if the value is false; `wanted` says what it should have been. For patterns in bindings.
    pub fn check_pattern(&mut self, wanted: &str) {
        if self.is_live() {
            let at = self.tables().text(wanted);
            self.emit(Opcode::CheckPattern, at.0);
        }
    }

    /// Makes a value of a struct that has that many fields.
    pub fn make_struct(&mut self, ty: TypeIdx, n_fields: u32) {
        self.add(Opcode::MakeStruct, ty.0, (n_fields, 1));
    }
}
