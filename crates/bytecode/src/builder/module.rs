//! Making a module: its tables without duplicates, its functions numbered before they are there.

use std::sync::Arc;

use super::BuildError;
use super::tables::Pool;
use crate::function::Function;
use crate::ids::{FnIdx, GlobalIdx, ImportIdx, TypeIdx};
use crate::isa::Profile;
use crate::module::{Debug, Global, Import, ImportKind, Module, ModuleData, TypeDef, Unverified};

/// Builds one module.
#[derive(Debug, Default)]
pub struct ModuleBuilder {
    data: ModuleData,
    globals: Vec<Global>,
    imports: Vec<Import>,
    import_names: Pool<Arc<str>>,
    types: Vec<TypeDef>,
    functions: Vec<Option<Function>>,
    metadata: Vec<(Arc<str>, Arc<str>)>,
}

impl ModuleBuilder {
    /// A builder of an empty module.
    #[must_use]
    pub fn new(name: &str, profile: Profile) -> Self {
        let data = ModuleData { name: name.into(), profile, ..ModuleData::default() };
        Self { data, ..Self::default() }
    }

    /// One more global.
    pub fn add_global(&mut self, global: Global) -> GlobalIdx {
        self.globals.push(global);
        GlobalIdx(last(self.globals.len()))
    }

    /// The import of that name; made if it is new.
    pub fn import(&mut self, name: &str, kind: ImportKind) -> ImportIdx {
        if let Some(known) = self.import_names.find(name) {
            return ImportIdx(known);
        }
        let name: Arc<str> = name.into();
        self.imports.push(Import { name: Arc::clone(&name), kind });
        ImportIdx(self.import_names.push(name))
    }

    /// One more type. It may be replaced later by [`ModuleBuilder::set_type`].
    pub fn add_type(&mut self, ty: TypeDef) -> TypeIdx {
        self.types.push(ty);
        TypeIdx(last(self.types.len()))
    }

    /// Replaces a type, when its methods are known.
    pub fn set_type(&mut self, at: TypeIdx, ty: TypeDef) {
        if let Some(slot) = self.types.get_mut(at.index()) {
            *slot = ty;
        }
    }

    /// The number of a function that will be given by [`ModuleBuilder::set_function`].
    pub fn reserve_function(&mut self) -> FnIdx {
        self.functions.push(None);
        FnIdx(last(self.functions.len()))
    }

    /// The function of a reserved number.
    pub fn set_function(&mut self, at: FnIdx, function: Function) {
        if let Some(slot) = self.functions.get_mut(at.index()) {
            *slot = Some(function);
        }
    }

    /// Takes out the reserved functions for which `keep` is false; those after them move up, also where types name them
    /// as methods. Code that names functions is not changed: give it afterwards.
    pub fn retain_functions(&mut self, keep: &[bool]) {
        let stays = |at: usize| keep.get(at).copied().unwrap_or(true);
        let mut left_before = Vec::with_capacity(self.functions.len());
        let mut n_left = 0;
        for at in 0..self.functions.len() {
            left_before.push(n_left);
            n_left += u32::from(stays(at));
        }
        let mut at = 0;
        self.functions.retain(|_| {
            at += 1;
            stays(at - 1)
        });
        for ty in &mut self.types {
            if let TypeDef::Struct { methods, .. } = ty {
                for method in methods {
                    if let Some(at) = left_before.get(method.function.index()) {
                        method.function = FnIdx(*at);
                    }
                }
            }
        }
    }

    /// The function that runs first.
    pub fn set_start(&mut self, start: FnIdx) {
        self.data.start = Some(start);
    }

    /// What only messages need.
    pub fn set_debug(&mut self, debug: Debug) {
        self.data.debug = Some(Arc::new(debug));
    }

    /// Something that the maker wants to say.
    pub fn add_metadata(&mut self, key: &str, value: &str) {
        self.metadata.push((key.into(), value.into()));
    }

    /// The module.
    ///
    /// # Errors
    /// [`BuildError::Missing`] if a reserved function was never given.
    pub fn finish(self) -> Result<Module<Unverified>, BuildError> {
        let mut functions = Vec::with_capacity(self.functions.len());
        for function in self.functions {
            let at = FnIdx(last(functions.len() + 1));
            functions.push(function.ok_or(BuildError::Missing(at))?);
        }
        Ok(Module::new(ModuleData {
            globals: self.globals.into(),
            imports: self.imports.into(),
            types: self.types.into(),
            functions: functions.into(),
            metadata: self.metadata.into(),
            ..self.data
        }))
    }
}

/// The index of the last of that many.
fn last(len: usize) -> u32 {
    u32::try_from(len.saturating_sub(1)).unwrap_or(u32::MAX)
}
