//! The register form: instructions of eight bytes that name registers. Made when a program is loaded, never saved.
//!
//! `a` is nearly always the register that is written, `b` and `c` those that are read. Some have a second word
//! ([`Op::Word`]) with what does not fit.

/// One instruction, or the second word of one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub(crate) struct Ins {
    /// What to do.
    pub(crate) op: Op,
    /// First operand.
    pub(crate) a: u16,
    /// Second operand.
    pub(crate) b: u16,
    /// Third operand.
    pub(crate) c: u16,
}

const _: () = assert!(size_of::<Ins>() == 8);

impl Ins {
    pub(crate) const fn new(op: Op, a: u16, b: u16, c: u16) -> Self {
        Self { op, a, b, c }
    }

    /// An instruction with a number of 32 bits in `b` and `c`.
    #[expect(clippy::cast_possible_truncation, reason = "split in halves")]
    pub(crate) const fn wide(op: Op, a: u16, wide: i32) -> Self {
        let bits = wide.cast_unsigned();
        Self { op, a, b: (bits >> 16) as u16, c: bits as u16 }
    }

    /// The number of 32 bits in `b` and `c`.
    #[inline(always)]
    #[must_use]
    pub(crate) const fn wide_operand(self) -> i32 {
        ((self.b as u32) << 16 | self.c as u32).cast_signed()
    }

    /// `c` as a signed number.
    #[inline(always)]
    #[must_use]
    pub(crate) const fn signed_c(self) -> i16 {
        self.c.cast_signed()
    }
}

macro_rules! ops {
    ($($(#[$doc:meta])* $name:ident $text:literal)*) => {
        /// What an instruction of the register form does.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u16)]
        pub(crate) enum Op {
            $($(#[$doc])* $name,)*
        }

        impl Op {
            /// As it is printed.
            #[must_use]
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

ops! {
    /// The second word of the instruction before it.
    Word ".word"
    /// a = b, counted
    Copy "copy"
    /// a = b, moved
    Take "take"
    /// a = constant b, counted
    LoadConst "load_const"
    /// a = the small int in b and c
    LoadInt "load_int"
    /// Releases a.
    Drop "drop"
    /// a = global b
    LoadGlobal "load_global"
    /// global b = a, moved
    StoreGlobal "store_global"
    /// a = a fresh cell
    MakeCell "make_cell"
    /// a = what cell b holds
    LoadCell "load_cell"
    /// cell a holds b, moved
    StoreCell "store_cell"
    /// a = what captured variable b holds
    LoadFree "load_free"
    /// captured variable a holds b, moved
    StoreFree "store_free"
    /// a = a closure of function (b, c)
    MakeClosure "make_closure"
    /// a = whether parameter b was given
    ParamGiven "param_given"

    /// a = b + c
    Add "add"
    /// a = b - c
    Sub "sub"
    /// a = b * c
    Mul "mul"
    /// a = b / c
    Div "div"
    /// a = b % c
    Rem "rem"
    /// a = b + the int c
    AddInt "add_int"
    /// a = b - the int c
    SubInt "sub_int"
    /// a = b * the int c
    MulInt "mul_int"
    /// a = b / the int c
    DivInt "div_int"
    /// a = b % the int c
    RemInt "rem_int"
    /// a = b + constant c
    AddConst "add_const"
    /// a = b - constant c
    SubConst "sub_const"
    /// a = b * constant c
    MulConst "mul_const"
    /// a = b / constant c
    DivConst "div_const"
    /// a = constant b - c
    ConstSub "const_sub"
    /// a = constant b * c
    ConstMul "const_mul"
    /// a = constant b / c
    ConstDiv "const_div"
    /// a = -b
    Neg "neg"
    /// a = !b
    Not "not"
    /// a = the truth of b
    ToBool "to_bool"
    /// a = b and c are truthy
    And "and"
    /// a = b or c is truthy
    Or "or"
    /// a = a <= value < a+1, the value in b; c is 1 if the end is included
    InRange "in_range"

    /// a = b == c
    Eq "eq"
    /// a = b != c
    Ne "ne"
    /// a = b < c
    Lt "lt"
    /// a = b <= c
    Le "le"
    /// a = b > c
    Gt "gt"
    /// a = b >= c
    Ge "ge"

    /// Jumps by (b, c).
    Jump "jump"
    /// Jumps back by (b, c), for one fuel.
    JumpBack "jump_back"
    /// Jumps by (b, c) if a is truthy.
    JumpIf "jump_if"
    /// Jumps by (b, c) if a is not truthy.
    JumpIfNot "jump_if_not"
    /// Jumps by (b, c) if a is null.
    JumpIfNull "jump_if_null"
    /// Jumps by (b, c) if a is neither null nor None; else releases it.
    JumpIfSome "jump_if_some"
    /// Jumps by c if a == b.
    IfEq "if_eq"
    /// Jumps by c if a != b.
    IfNe "if_ne"
    /// Jumps by c if a < b.
    IfLt "if_lt"
    /// Jumps by c unless a < b.
    UnlessLt "unless_lt"
    /// Jumps by c if a <= b.
    IfLe "if_le"
    /// Jumps by c unless a <= b.
    UnlessLe "unless_le"
    /// Jumps by c if a > b.
    IfGt "if_gt"
    /// Jumps by c unless a > b.
    UnlessGt "unless_gt"
    /// Jumps by c if a >= b.
    IfGe "if_ge"
    /// Jumps by c unless a >= b.
    UnlessGe "unless_ge"
    /// Jumps by c if a == the int b.
    IfEqInt "if_eq_int"
    /// Jumps by c if a != the int b.
    IfNeInt "if_ne_int"
    /// Jumps by c if a < the int b.
    IfLtInt "if_lt_int"
    /// Jumps by c unless a < the int b.
    UnlessLtInt "unless_lt_int"
    /// Jumps by c if a <= the int b.
    IfLeInt "if_le_int"
    /// Jumps by c unless a <= the int b.
    UnlessLeInt "unless_le_int"
    /// Jumps by c if a > the int b.
    IfGtInt "if_gt_int"
    /// Jumps by c unless a > the int b.
    UnlessGtInt "unless_gt_int"
    /// Jumps by c if a >= the int b.
    IfGeInt "if_ge_int"
    /// Jumps by c unless a >= the int b.
    UnlessGeInt "unless_ge_int"

    /// a, a+1 = an iteration over b
    GetIter "get_iter"
    /// b = the next item of the iteration a, a+1; at its end jumps by the second word
    ForIter "for_iter"
    /// a, a+1 = counting from b up to c
    IterRange "iter_range"
    /// a, a+1 = counting from b up to and with c
    IterRangeInclusive "iter_range_inclusive"
    /// b = the next number of the count a, a+1; at its end jumps by the second word
    ForRange "for_range"
    /// As for_range at the end of the loop: jumps back by the second word if there is a next number, for one fuel
    NextRange "next_range"
    /// As for_iter at the end of the loop: jumps back by the second word if there is a next item, for one fuel
    NextIter "next_iter"

    /// Returns a, moved.
    Return "return"
    /// Returns null.
    ReturnNull "return_null"
    /// Throws a, moved.
    Raise "raise"
    /// Throws the error a again, moved.
    Reraise "reraise"
    /// a = what is in b; or returns b
    TryUnwrap "try_unwrap"

    /// b = the result of calling a with the c arguments behind it
    Call "call"
    /// b = the result of calling function (word) with the c arguments behind a
    CallFunction "call_function"
    /// Returns the result of calling a with the c arguments behind it.
    TailCall "tail_call"
    /// b = the result of builtin (word) with the c arguments from a on
    CallHost "call_host"
    /// b = the result of async host function (word) with the c arguments from a on
    CallHostAsync "call_host_async"
    /// b = the result of calling a with the elements of the array behind it
    CallSpread "call_spread"
    /// b = the result of calling a with the arguments behind it as site (word) names them
    CallNamed "call_named"
    /// b = the result of the method of site (word) on a, with the arguments behind it
    CallMethod "call_method"
    /// b = the result of the method of site (word) on its place, with keys and arguments from a on
    CallPlace "call_place"

    /// a = an array of the c values from b on
    BuildArray "build_array"
    /// a = a dict of the c pairs from b on
    BuildDict "build_dict"
    /// a = the printed forms of the c values from b on
    BuildString "build_string"
    /// a = b..c
    BuildRange "build_range"
    /// a = b..=c
    BuildRangeInclusive "build_range_inclusive"
    /// Appends b to the array a, moved.
    ArrayPush "array_push"
    /// Appends what b yields to the array a.
    ArrayExtend "array_extend"
    /// Sets the key b of the dict a to c, both moved.
    DictInsert "dict_insert"
    /// Sets all keys of the dict b in the dict a.
    DictMerge "dict_merge"
    /// a = a struct of type (word) of the c fields from b on
    MakeStruct "make_struct"
    /// a = a variant of site (word) of the c values from b on
    MakeVariant "make_variant"
    /// a = the Ok, Err or Some (c) of b, moved
    MakeResult "make_result"

    /// a = b[c]
    GetIndex "get_index"
    /// a = b[the int c]
    GetIndexInt "get_index_int"
    /// a = b.attribute c
    GetAttr "get_attr"
    /// a[b] = c, c moved
    SetIndex "set_index"
    /// a.attribute b = c, c moved
    SetAttr "set_attr"
    /// The place of path (word) with keys from b on = a, moved
    StorePath "store_path"
    /// The c registers from a on = the elements of b, the first last
    UnpackArray "unpack_array"

    /// a = b is an array of c elements
    TestArray "test_array"
    /// a = b is an array of at least c elements
    TestArrayMin "test_array_min"
    /// a = b is a dict
    TestDict "test_dict"
    /// a = b is a dict that has the key constant c
    TestKey "test_key"
    /// a = b is a struct of type c
    TestStruct "test_struct"
    /// a = b is the variant c of the code
    TestVariant "test_variant"
    /// a = b is the Ok, Err, Some or None c
    TestResult "test_result"
    /// a = b has the tag constant c
    TestTag "test_tag"
    /// a = b[the int c], which is there
    Element "element"
    /// a = b[constant c]
    ElementKey "element_key"
    /// a = b.attribute c
    ElementField "element_field"
    /// a = value c of the payload of b
    Payload "payload"
    /// a = b carries c values
    TestPayload "test_payload"
    /// a = the elements of b from c on
    RestFrom "rest_from"
    /// a = b without its last c elements
    DropLast "drop_last"
    /// a = the dict b without the c keys behind it
    DictWithout "dict_without"
    /// Fails with the constant b unless a is true.
    CheckPattern "check_pattern"
}
