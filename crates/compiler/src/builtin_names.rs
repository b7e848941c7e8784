//! The names that a program finds without declaring them: all that the compiler knows of builtins.

use remora_bytecode::ImportKind;
use remora_diagnostics::order;

/// Functions by name, with how each is called, and the names of methods on built-in values (for advice only).
///
/// Made once for an engine and used for every compilation: looking up costs a binary search.
#[derive(Clone, Debug, Default)]
pub struct BuiltinNames<'a> {
    functions: Vec<(&'a str, ImportKind)>,
    methods: Vec<&'a str>,
}

impl<'a> BuiltinNames<'a> {
    /// A table of functions and methods. Of functions with the same name the first counts.
    #[must_use]
    pub fn new(
        functions: impl IntoIterator<Item = (&'a str, ImportKind)>,
        methods: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut functions: Vec<_> = functions.into_iter().collect();
        order::sort_by_key(&mut functions, |(name, _)| *name);
        functions.dedup_by_key(|(name, _)| *name);
        let mut methods: Vec<_> = methods.into_iter().collect();
        order::sort_texts(&mut methods);
        methods.dedup();
        Self { functions, methods }
    }

    /// Where in the table the function of that name is.
    pub(crate) fn find(&self, name: &str) -> Option<BuiltinId> {
        let at = self.functions.binary_search_by_key(&name, |(it, _)| it).ok()?;
        u32::try_from(at).ok().map(BuiltinId)
    }

    /// The function `name` of a module of the host; `None` if there is no such module, `Some(None)` if it has no such function.
    pub(crate) fn find_in(&self, module: &str, name: &str) -> Option<Option<BuiltinId>> {
        let prefix = format!("{module}.");
        let at = self.functions.partition_point(|(it, _)| *it < prefix.as_str());
        let has_module = self.functions.get(at).is_some_and(|(it, _)| it.starts_with(&prefix));
        has_module.then(|| self.find(&format!("{prefix}{name}")))
    }

    pub(crate) fn function(&self, id: BuiltinId) -> (&'a str, ImportKind) {
        self.functions[id.0 as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.functions.len()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.functions.iter().map(|(name, _)| *name)
    }

    pub(crate) fn is_method(&self, name: &str) -> bool {
        self.methods.binary_search(&name).is_ok()
    }
}

/// A row of the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct BuiltinId(pub(crate) u32);
