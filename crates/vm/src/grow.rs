//! Programs that grow while a VM holds them: what a session reads is a module after what it read before.
//!
//! Functions, types and globals keep their numbers and new ones come after them, so values, closures and inline caches stay
//! as they are, and lowered code is shared. The new module repeats the types and globals that were there, in their order;
//! that they are the same is checked here, because code relies on how many fields a type has.

use std::sync::Arc;

use remora_bytecode::Module;

use crate::fault::{Fault, Res};
use crate::loaded::{LinkError, Loaded, link_imports, lower_all, type_table};
use crate::lower::Context;
use crate::shape::{Shape, TypeTable};
use crate::value::Value;
use crate::vm::Vm;

impl Loaded {
    /// This program and a module after it, which runs next.
    ///
    /// # Errors
    /// As [`Loaded::link`], and if the module does not begin with the types and globals of this program.
    ///
    /// # Cost
    /// Linear in the size of the module, and a few words for each earlier function and type.
    pub fn link_after(&self, module: Module) -> Result<Arc<Self>, LinkError> {
        let first_function = u32::try_from(self.functions.len()).unwrap_or(u32::MAX);
        let prelude = &self.prelude;
        let imports = link_imports(&module, &self.registry, |name| prelude.find(name))?;
        let context = Context {
            module: &module,
            imports: &imports,
            first_function,
            registry: &self.registry,
            prelude: &prelude.functions,
            hidden: false,
            debug: module.debug.clone(),
        };
        let lowered = lower_all(&context, self.tier, &module.functions)?;
        let functions: Box<[_]> = self.functions.iter().cloned().chain(lowered).collect();
        let TypeTable { mut types, functions: names, builtins, .. } =
            type_table(&module, &functions, first_function, &self.registry);
        let same_globals = self.module.globals.iter().map(|it| &it.name);
        let goes_on = types.len() >= self.types.types.len()
            && types.iter().zip(&self.types.types).all(|(new, old)| same_form(new, old))
            && module.globals.len() >= self.module.globals.len()
            && same_globals.eq(module
                .globals
                .iter()
                .take(self.module.globals.len())
                .map(|it| &it.name));
        if !goes_on {
            return Err(LinkError::NotAfter);
        }
        // Values of these types know the methods that they were made with.
        types.iter_mut().zip(&self.types.types).for_each(|(new, old)| new.clone_from(old));
        Ok(Arc::new(Self {
            types: Arc::new(TypeTable {
                types,
                functions: names,
                builtins,
                n_prelude: self.types.n_prelude,
                objects: Arc::clone(&self.types.objects),
            }),
            functions,
            natives: Arc::clone(&self.natives),
            imports: imports.into(),
            registry: Arc::clone(&self.registry),
            prelude: prelude.clone(),
            first_function,
            module,
            tier: self.tier,
        }))
    }
}

/// Whether values of the two have the same parts under the same names.
fn same_form(new: &Shape, old: &Shape) -> bool {
    match (new, old) {
        (Shape::Struct(new), Shape::Struct(old)) => new.fields == old.fields,
        (Shape::Enum(new), Shape::Enum(old)) => {
            let parts = |it: &crate::shape::EnumShape| -> Vec<_> {
                it.variants.iter().map(|it| (Arc::clone(&it.name), it.fields.clone())).collect()
            };
            parts(new) == parts(old)
        }
        _ => false,
    }
}

impl Vm {
    /// Goes on with a program that [`Loaded::link_after`] made of this one. All values stay.
    ///
    /// # Errors
    /// R0026 while something runs or waits; L0009.
    pub fn grow(&mut self, loaded: Arc<Loaded>) -> Res<()> {
        if !self.frames.is_empty() || self.waits() {
            return Err(Fault::new(remora_diagnostics::Code::R0026, "The program has not ended"));
        }
        self.units.extend(loaded.functions.len())?;
        self.globals
            .resize(loaded.module().globals.len().max(self.globals.len()), Value::UNDEFINED);
        self.heap.set_types(Arc::clone(&loaded.types));
        self.loaded = loaded;
        Ok(())
    }
}
