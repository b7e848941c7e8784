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

    /// The same when the instruction behind it cannot be looked at.
    #[must_use]
    pub(crate) const fn alone(self) -> Self {
        match self.op {
            Op::GetIndexAttr | Op::GetIndexUpdate => Self { op: Op::GetIndex, ..self },
            Op::GetAttrUpdate => Self { op: Op::GetAttr, ..self },
            Op::HasKeyIf => Self { op: Op::HasKey, ..self },
            Op::AddIntLoop => Self { op: Op::AddInt, ..self },
            Op::LoadConstIf => Self { op: Op::LoadConst, c: 0, ..self },
            _ => self,
        }
    }

    /// `c` as a signed number.
    #[inline(always)]
    #[must_use]
    pub(crate) const fn signed_c(self) -> i16 {
        self.c.cast_signed()
    }
}

macro_rules! ops {
    ($($(#[$doc:meta])* $name:ident $text:literal $shape:literal)*) => {
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

            /// What its operands are, one letter each: `r` a register, `i` an int, `u` a count or number, `k` a constant, `g` a
            /// global, `f` a captured variable, `s` a distance in `c`, `w` an int and `j` a distance in `b` and `c`, `-` nothing. A
            /// fourth, capital letter is for the second word: `W` a number, `J` a distance, `X` a register and a number.
            pub(crate) const fn shape(self) -> &'static str {
                match self { $(Self::$name => $shape),* }
            }

            /// Whether a second word belongs to it.
            pub(crate) const fn is_wide(self) -> bool {
                self.shape().len() == 4
            }
        }
    };
}

ops! {
    /// The second word of the instruction before it.
    Word ".word" "w"
    /// a = b, counted
    Copy "copy" "rr"
    /// a = b, moved
    Take "take" "rr"
    /// a = constant b, counted
    LoadConst "load_const" "rk"
    /// The same for a string or a float with the comparison behind it that jumps on it, and is all that wants it; c has a bit
    /// for each of less, equal, greater and neither, set where it jumps
    LoadConstIf "load_const_if" "rku"
    /// a = the small int in b and c
    LoadInt "load_int" "rw"
    /// Releases a.
    Drop "drop" "r"
    /// a = global b
    LoadGlobal "load_global" "rg"
    /// global b = a, moved
    StoreGlobal "store_global" "rg"
    /// a = a fresh cell
    MakeCell "make_cell" "r"
    /// a = what cell b holds
    LoadCell "load_cell" "rr"
    /// cell a holds b, moved
    StoreCell "store_cell" "rr"
    /// a = what captured variable b holds
    LoadFree "load_free" "rf"
    /// captured variable a holds b, moved
    StoreFree "store_free" "fr"
    /// a = a closure of function (b, c)
    MakeClosure "make_closure" "r--W"
    /// a = whether parameter b was given
    ParamGiven "param_given" "rr"

    /// a = b + c
    Add "add" "rrr"
    /// a = b - c
    Sub "sub" "rrr"
    /// a = b * c
    Mul "mul" "rrr"
    /// a = b / c
    Div "div" "rrr"
    /// a = b % c
    Rem "rem" "rrr"
    /// a = b + the int c
    AddInt "add_int" "rri"
    /// The same where a is b, with the end of a loop behind it, `loop_lt` or `loop_lt_int`
    AddIntLoop "add_int_loop" "rri"
    /// a = b - the int c
    SubInt "sub_int" "rri"
    /// a = b * the int c
    MulInt "mul_int" "rri"
    /// a = b / the int c
    DivInt "div_int" "rri"
    /// a = b % the int c
    RemInt "rem_int" "rri"
    /// a = b + constant c
    AddConst "add_const" "rrk"
    /// a = b - constant c
    SubConst "sub_const" "rrk"
    /// a = b * constant c
    MulConst "mul_const" "rrk"
    /// a = b / constant c
    DivConst "div_const" "rrk"
    /// a = b % constant c
    RemConst "rem_const" "rrk"
    /// a = constant b - c
    ConstSub "const_sub" "rkr"
    /// a = constant b * c
    ConstMul "const_mul" "rkr"
    /// a = constant b / c
    ConstDiv "const_div" "rkr"
    /// a = -b
    Neg "neg" "rr"
    /// a = !b
    Not "not" "rr"
    /// a = the truth of b
    ToBool "to_bool" "rr"
    /// a = b and c are truthy
    And "and" "rrr"
    /// a = b or c is truthy
    Or "or" "rrr"
    /// a = a <= value < a+1, the value in b; c is 1 if the end is included
    InRange "in_range" "rruW"

    /// a = b == c
    Eq "eq" "rrr"
    /// a = b != c
    Ne "ne" "rrr"
    /// a = b < c
    Lt "lt" "rrr"
    /// a = b <= c
    Le "le" "rrr"
    /// a = b > c
    Gt "gt" "rrr"
    /// a = b >= c
    Ge "ge" "rrr"

    /// Jumps by (b, c).
    Jump "jump" "j"
    /// Jumps back by (b, c), for one fuel.
    JumpBack "jump_back" "j"
    /// Jumps by (b, c) if a is truthy.
    JumpIf "jump_if" "rj"
    /// Jumps by (b, c) if a is not truthy.
    JumpIfNot "jump_if_not" "rj"
    /// Jumps by (b, c) if a is false; R0002 unless it is a bool.
    IfFalse "if_false" "rj"
    /// Jumps by (b, c) if a is true; R0002 unless it is a bool.
    UnlessFalse "unless_false" "rj"
    /// Jumps by (b, c) if a is null.
    JumpIfNull "jump_if_null" "rj"
    /// Jumps by (b, c) if a is neither null nor None; else releases it.
    JumpIfSome "jump_if_some" "rj"
    /// Jumps by c if a == b.
    IfEq "if_eq" "rrs"
    /// Jumps by c if a != b.
    IfNe "if_ne" "rrs"
    /// Jumps by c if a < b.
    IfLt "if_lt" "rrs"
    /// Jumps by c unless a < b.
    UnlessLt "unless_lt" "rrs"
    /// Jumps by c if a <= b.
    IfLe "if_le" "rrs"
    /// Jumps by c unless a <= b.
    UnlessLe "unless_le" "rrs"
    /// Jumps by c if a > b.
    IfGt "if_gt" "rrs"
    /// Jumps by c unless a > b.
    UnlessGt "unless_gt" "rrs"
    /// Jumps by c if a >= b.
    IfGe "if_ge" "rrs"
    /// Jumps by c unless a >= b.
    UnlessGe "unless_ge" "rrs"
    /// Jumps by c if a == the int b.
    IfEqInt "if_eq_int" "ris"
    /// Jumps by c if a != the int b.
    IfNeInt "if_ne_int" "ris"
    /// Jumps by c if a < the int b.
    IfLtInt "if_lt_int" "ris"
    /// Jumps by c unless a < the int b.
    UnlessLtInt "unless_lt_int" "ris"
    /// Jumps by c if a <= the int b.
    IfLeInt "if_le_int" "ris"
    /// Jumps by c unless a <= the int b.
    UnlessLeInt "unless_le_int" "ris"
    /// Jumps by c if a > the int b.
    IfGtInt "if_gt_int" "ris"
    /// Jumps by c unless a > the int b.
    UnlessGtInt "unless_gt_int" "ris"
    /// Jumps by c if a >= the int b.
    IfGeInt "if_ge_int" "ris"
    /// Jumps by c unless a >= the int b.
    UnlessGeInt "unless_ge_int" "ris"

    /// For one fuel, jumps back by c if a < b.
    LoopLt "loop_lt" "rrs"
    /// For one fuel, jumps back by c if a < the int b.
    LoopLtInt "loop_lt_int" "ris"
    /// For one fuel, jumps back by c if a <= b.
    LoopLe "loop_le" "rrs"
    /// For one fuel, jumps back by c if a <= the int b.
    LoopLeInt "loop_le_int" "ris"
    /// For one fuel, jumps back by c if a > b.
    LoopGt "loop_gt" "rrs"
    /// For one fuel, jumps back by c if a > the int b.
    LoopGtInt "loop_gt_int" "ris"
    /// For one fuel, jumps back by c if a >= b.
    LoopGe "loop_ge" "rrs"
    /// For one fuel, jumps back by c if a >= the int b.
    LoopGeInt "loop_ge_int" "ris"
    /// For one fuel, jumps back by c if a == b.
    LoopEq "loop_eq" "rrs"
    /// For one fuel, jumps back by c if a == the int b.
    LoopEqInt "loop_eq_int" "ris"
    /// For one fuel, jumps back by c if a != b.
    LoopNe "loop_ne" "rrs"
    /// For one fuel, jumps back by c if a != the int b.
    LoopNeInt "loop_ne_int" "ris"

    /// a, a+1 = an iteration over b
    GetIter "get_iter" "rr"
    /// b = the next item of the iteration a, a+1; at its end jumps by the second word
    ForIter "for_iter" "rr-J"
    /// a, a+1 = counting from b up to c
    IterRange "iter_range" "rrr"
    /// a, a+1 = counting from b up to and with c
    IterRangeInclusive "iter_range_inclusive" "rrr"
    /// b = the next number of the count a, a+1; at its end jumps by the second word
    ForRange "for_range" "rr-J"
    /// As for_range at the end of the loop: jumps back by the second word if there is a next number, for one fuel
    NextRange "next_range" "rr-J"
    /// As for_iter at the end of the loop: jumps back by the second word if there is a next item, for one fuel
    NextIter "next_iter" "rr-J"

    /// Returns a, moved.
    Return "return" "r"
    /// Returns null.
    ReturnNull "return_null" ""
    /// Throws a, moved.
    Raise "raise" "r"
    /// Throws the error a again, moved.
    Reraise "reraise" "r"
    /// Throws the error a again, moved, with b, moved, as its cause.
    ReraiseFrom "reraise_from" "rr"
    /// a = what is in b; or returns b
    TryUnwrap "try_unwrap" "rr"

    /// b = the result of calling a with the c arguments behind it
    Call "call" "rru"
    /// b = the result of calling function (word) with the c arguments behind a, as many as it has parameters
    CallFunction "call_function" "rruW"
    /// The same for arguments that have to be arranged: optional, variadic, or the wrong number
    CallArranged "call_arranged" "rruW"
    /// Returns the result of calling a with the c arguments behind it.
    TailCall "tail_call" "r-u"
    /// b = the result of builtin (word) with the c arguments from a on
    CallHost "call_host" "rruW"
    /// The same with a number of arguments that it does not take
    CallHostAny "call_host_any" "rruW"
    /// b = the result of async host function (word) with the c arguments from a on
    CallHostAsync "call_host_async" "rruW"
    /// a = the result of calling the builtin (word) with b; its argument's place is r(word) if it has to be called
    CallLook1 "call_look" "rr-X"
    /// a = whether the dict b has the key c, as `has_key` (word) says it
    HasKey "has_key" "rrrX"
    /// The same with the comparison behind it that jumps on it, and is all that wants it
    HasKeyIf "has_key_if" "rrrX"
    /// a = what b gives when it has ended; anything but a task is its own result
    Await "await" "rr"
    /// Gives b to whoever asked this generator; a = null when it goes on.
    Yield "yield" "rr"
    /// a = a task that runs a closure of function (b, c) over copies of what it captures
    Spawn "spawn" "r--W"
    /// b = the result of calling a with the elements of the array behind it
    CallSpread "call_spread" "rr"
    /// b = the result of calling a with the arguments behind it as site (word) names them
    CallNamed "call_named" "rruW"
    /// b = the result of the method of site (word) on a, with the arguments behind it
    CallMethod "call_method" "rruW"
    /// b = the result of the method of site (word) on the local in the word, with the c arguments from a on
    CallOn "call_on" "rruX"
    /// The same for the method `push` with one argument
    PushOn "push_on" "rruX"
    /// b = the result of the method of site (word) on its place, with keys and arguments from a on
    CallPlace "call_place" "rruW"

    /// a = an array of the c values from b on
    BuildArray "build_array" "rru"
    /// a = a dict of the c pairs from b on
    BuildDict "build_dict" "rru"
    /// a = the printed forms of the c values from b on
    BuildString "build_string" "rru"
    /// a = b..c
    BuildRange "build_range" "rrr"
    /// a = b..=c
    BuildRangeInclusive "build_range_inclusive" "rrr"
    /// Appends b to the array a, moved.
    ArrayPush "array_push" "rr"
    /// Appends what b yields to the array a.
    ArrayExtend "array_extend" "rr"
    /// Sets the key b of the dict a to c, both moved.
    DictInsert "dict_insert" "rrr"
    /// Sets all keys of the dict b in the dict a.
    DictMerge "dict_merge" "rr"
    /// a = a struct of type (word) of the c fields from b on
    MakeStruct "make_struct" "rruW"
    /// a = a variant of site (word) of the c values from b on
    MakeVariant "make_variant" "rruW"
    /// a = the Ok, Err or Some (c) of b, moved
    MakeResult "make_result" "rru"

    /// a = b[c]
    GetIndex "get_index" "rrr"
    /// a = b[c], with the attribute of it that the next instruction reads: nearly always both at once
    GetIndexAttr "get_index_attr" "rrr"
    /// a = b[c], which the next two instructions add to or subtract from and store back: nearly always all at once
    GetIndexUpdate "get_index_update" "rrr"
    /// a = b[the int c]
    GetIndexInt "get_index_int" "rri"
    /// a = b.attribute c
    GetAttr "get_attr" "rrk"
    /// a = b.attribute c, which the next two instructions add to or subtract from and store back: nearly always all at once
    GetAttrUpdate "get_attr_update" "rrk"
    /// a[b] = c, c moved
    SetIndex "set_index" "rrr"
    /// a.attribute b = c, c moved
    SetAttr "set_attr" "rkr"
    /// The place of path (word) with keys from b on = a, moved
    StorePath "store_path" "rruW"
    /// The attribute c of the element b of the local in the word = a, moved; the number in the word is the path of both
    StoreItemAttr "store_item_attr" "rrkX"
    /// The c registers from a on = the elements of b, the first last
    UnpackArray "unpack_array" "rru"

    /// a = b is an array of c elements
    TestArray "test_array" "rru"
    /// a = b is an array of at least c elements
    TestArrayMin "test_array_min" "rru"
    /// a = b is a dict
    TestDict "test_dict" "rr"
    /// a = b is a dict that has the key constant c
    TestKey "test_key" "rrk"
    /// a = b is a struct of type c
    TestStruct "test_struct" "rru"
    /// a = b is the variant c of the code
    TestVariant "test_variant" "rru"
    /// a = b is the Ok, Err, Some or None c
    TestResult "test_result" "rru"
    /// a = b has the tag constant c
    TestTag "test_tag" "rrk"
    /// a = b[the int c], which is there
    Element "element" "rri"
    /// a = b[constant c]
    ElementKey "element_key" "rrk"
    /// a = b.attribute c
    ElementField "element_field" "rrk"
    /// a = value c of the payload of b
    Payload "payload" "rru"
    /// a = b carries c values
    TestPayload "test_payload" "rru"
    /// a = the elements of b from c on
    RestFrom "rest_from" "rru"
    /// a = b without its last c elements
    DropLast "drop_last" "rru"
    /// a = the dict b without the c keys behind it
    DictWithout "dict_without" "rru"
    /// Fails with the constant b unless a is true.
    CheckPattern "check_pattern" "rkr"
    /// Runs closures, those of piece a, if that is worth it: see [`crate::closure`].
    Enter "enter" "u"
    /// Waits until the code of the function has come, of which this is all until then.
    AwaitCode "await_code" ""
    /// Somebody looks at the line that begins here: see [`crate::hooks`]. In no code but a copy that a VM has made.
    Trap "trap" ""
}
