//! Indices into the tables of a module or a code object, each with a type of its own so that none is taken for another.

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
        pub struct $name(pub u32);

        impl $name {
            /// For indexing a slice.
            #[inline]
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

indices! {
    /// A constant of a code object.
    ConstIdx
    /// A name of a code object.
    NameIdx
    /// A local variable of a function; parameters come first.
    LocalIdx
    /// A captured variable of a function.
    CellIdx
    /// A variable that a function captured from the one that made it.
    FreeIdx
    /// A label of a code object.
    LabelIdx
    /// A variant that a code object names.
    VariantIdx
    /// A path of a code object.
    PathIdx
    /// A call site of a code object.
    SiteIdx
    /// A global of a module.
    GlobalIdx
    /// An import of a module.
    ImportIdx
    /// A function of a module.
    FnIdx
    /// A struct or enum of a module.
    TypeIdx
}
