//! A program that is ready to run: lowered, linked, immutable, shared by all VMs that run it.

use std::collections::HashMap;
use std::sync::Arc;

use remora_bytecode::{Function, ImportKind, MethodKind, Module, ModuleData, Payload, TypeDef};

use crate::builtins::{Call, Registry};
use crate::closure::{self, Tier};
use crate::hooks::FunctionInfo;
use crate::host::Native;
use crate::lower::{Context, Linked, LowerError, LoweredFunction, lower};
use crate::shape::{EnumShape, Method, Receiver, Shape, StructShape, TypeTable, VariantShape};
use crate::value::FunctionId;

/// The builtins that are written in Ruff, lowered once for all programs of an engine.
#[derive(Clone, Debug, Default)]
pub struct Prelude {
    pub(crate) functions: Arc<[Arc<LoweredFunction>]>,
}

impl Prelude {
    /// Lowers the prelude's module. Its functions are named by what they are called; its start function is not run.
    ///
    /// # Errors
    /// As [`Loaded::link`].
    pub fn new(module: &Module, registry: &Registry) -> Result<Self, LinkError> {
        let own = |name: &str| module.functions.iter().position(|it| *it.name == *name);
        let as_id = |at: usize| FunctionId(u32::try_from(at).unwrap_or(u32::MAX));
        let imports = link_imports(module, registry, |name| own(name).map(as_id))?;
        let context = Context {
            module,
            imports: &imports,
            first_function: 0,
            registry,
            prelude: &[],
            hidden: true,
            debug: module.debug.clone(),
        };
        let functions = lower_all(&context, Tier::Loop, &module.functions)?;
        Ok(Self { functions: functions.into() })
    }

    /// The function of that name.
    #[must_use]
    pub(crate) fn find(&self, name: &str) -> Option<FunctionId> {
        let at = self.functions.iter().position(|it| *it.name == *name)?;
        u32::try_from(at).ok().map(FunctionId)
    }
}

/// Why a verified module cannot be loaded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkError {
    /// It imports a function that the host does not have.
    UnknownImport(Arc<str>),
    /// It imports a function in another way than the host has it.
    ImportKind(Arc<str>),
    /// A function cannot be lowered.
    Lower(LowerError),
    /// It does not begin with what was loaded before, as a part of a session must.
    NotAfter,
}

impl std::fmt::Display for LinkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownImport(name) => write!(f, "the host has no function `{name}`"),
            Self::ImportKind(name) => {
                write!(f, "the host's function `{name}` is called in another way")
            }
            Self::NotAfter => write!(f, "it does not go on from what was loaded before"),
            Self::Lower(LowerError::TooLarge(name)) => write!(f, "function `{name}` is too large"),
            Self::Lower(LowerError::Unsupported(name, op)) => {
                write!(f, "function `{name}` uses {}, which this version does not run", op.name())
            }
        }
    }
}

impl std::error::Error for LinkError {}

/// A program that is ready to run.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub(crate) functions: Box<[Arc<LoweredFunction>]>,
    pub(crate) types: Arc<TypeTable>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) prelude: Prelude,
    /// What builtins run, by their numbers.
    pub(crate) natives: Arc<[Native]>,
    /// What the imports of the module are.
    pub(crate) imports: Box<[Linked]>,
    pub(crate) first_function: u32,
    pub(crate) module: Module,
    /// How its functions are run; those of the prelude always in the loop.
    pub(crate) tier: Tier,
}

impl Loaded {
    /// Lowers a module and links it with the builtins of the host.
    ///
    /// # Errors
    /// An import that the host does not have, or a function too large to be numbered.
    ///
    /// # Cost
    /// Linear in the size of the module.
    pub fn link(
        module: Module,
        registry: Arc<Registry>,
        prelude: &Prelude,
        tier: Tier,
    ) -> Result<Arc<Self>, LinkError> {
        Self::link_by(module, registry, prelude, tier, lower)
    }

    /// The same with another way to lower the functions of the module.
    pub(crate) fn link_by(
        module: Module,
        registry: Arc<Registry>,
        prelude: &Prelude,
        tier: Tier,
        lower: impl Fn(&Context<'_>, &Function) -> Result<LoweredFunction, LowerError>,
    ) -> Result<Arc<Self>, LinkError> {
        let first_function = u32::try_from(prelude.functions.len()).unwrap_or(u32::MAX);
        let imports = link_imports(&module, &registry, |name| prelude.find(name))?;
        let context = Context {
            module: &module,
            imports: &imports,
            first_function,
            registry: &registry,
            prelude: &prelude.functions,
            hidden: false,
            debug: module.debug.clone(),
        };
        let mut functions = prelude.functions.to_vec();
        functions.extend(lower_by(&context, tier, &module.functions, lower)?);
        let types = Arc::new(type_table(&module, &functions, first_function, &registry));
        let prelude = prelude.clone();
        let natives = registry.natives();
        Ok(Arc::new(Self {
            functions: functions.into(),
            types,
            natives,
            registry,
            prelude,
            imports: imports.into(),
            first_function,
            module,
            tier,
        }))
    }

    /// The module that it was made of.
    #[must_use]
    pub fn module(&self) -> &ModuleData {
        &self.module
    }

    /// The lowered functions of the module, without the prelude.
    #[must_use]
    pub fn functions(&self) -> &[Arc<LoweredFunction>] {
        self.functions.get(self.first_function as usize..).unwrap_or_default()
    }

    /// The function of that name.
    #[must_use]
    pub fn find_function(&self, name: &str) -> Option<(&LoweredFunction, FunctionId)> {
        let at = self.functions().iter().position(|it| *it.name == *name)?;
        let id = u32::try_from(at).ok()?.checked_add(self.first_function)?;
        Some((&self.functions()[at], FunctionId(id)))
    }

    /// All functions but those of the prelude, as tools name them.
    pub(crate) fn function_infos(&self) -> Vec<FunctionInfo> {
        let start = self.module.start.map(|it| self.first_function + it.0);
        let mut owners = HashMap::new();
        for ty in &self.module.types {
            if let TypeDef::Struct { name, methods, .. } = ty {
                owners.extend(methods.iter().map(|it| (it.function.0, Arc::clone(name))));
            }
        }
        let all = (0_u32..).zip(&self.functions).filter(|(_, it)| !it.hidden);
        let infos = all.map(|(at, function)| {
            let place = function.place(0);
            FunctionInfo {
                id: FunctionId(at),
                name: Arc::clone(&function.name),
                of: at.checked_sub(self.first_function).and_then(|it| owners.get(&it).cloned()),
                is_start: start == Some(at),
                file: place.filter(|it| it.file > 0).map(|it| Arc::clone(it.name)),
                line: place.map_or(0, |it| it.line),
            }
        });
        infos.collect()
    }

    #[inline(always)]
    pub(crate) fn function(&self, id: FunctionId) -> &LoweredFunction {
        &self.functions[id.0 as usize]
    }
}

pub(crate) fn lower_all(
    context: &Context<'_>,
    tier: Tier,
    functions: &[Function],
) -> Result<Vec<Arc<LoweredFunction>>, LinkError> {
    lower_by(context, tier, functions, lower)
}

fn lower_by(
    context: &Context<'_>,
    tier: Tier,
    functions: &[Function],
    lower: impl Fn(&Context<'_>, &Function) -> Result<LoweredFunction, LowerError>,
) -> Result<Vec<Arc<LoweredFunction>>, LinkError> {
    let lower_one = |(id, function)| {
        let lowered = lower(context, function).map_err(LinkError::Lower)?;
        Ok(Arc::new(closure::ready(lowered, FunctionId(id), tier)))
    };
    (context.first_function..).zip(functions).map(lower_one).collect()
}

pub(crate) fn link_imports(
    module: &ModuleData,
    registry: &Registry,
    script: impl Fn(&str) -> Option<FunctionId>,
) -> Result<Vec<Linked>, LinkError> {
    let link = |import: &remora_bytecode::Import| {
        let name = &import.name;
        let Some(id) = registry.find(name) else {
            return Err(LinkError::UnknownImport(Arc::clone(name)));
        };
        let row = registry.get(id).map(|it| it.row.call);
        match (import.kind, row) {
            (ImportKind::Script, Some(Call::Script(prelude))) => {
                let found = script(prelude).map(Linked::Script);
                found.ok_or_else(|| LinkError::UnknownImport(Arc::clone(name)))
            }
            (ImportKind::Host, Some(Call::Native(_)))
            | (ImportKind::HostAsync, Some(Call::Async | Call::Task(_))) => Ok(Linked::Builtin(id)),
            _ => Err(LinkError::ImportKind(Arc::clone(name))),
        }
    };
    module.imports.iter().map(link).collect()
}

pub(crate) fn type_table(
    module: &ModuleData,
    functions: &[Arc<LoweredFunction>],
    first_function: u32,
    registry: &Registry,
) -> TypeTable {
    let shape = |ty: &TypeDef| match ty {
        TypeDef::Struct { name, fields, methods } => {
            let methods = methods.iter().map(|it| Method {
                name: Arc::clone(&it.name),
                function: FunctionId(first_function + it.function.0),
                receiver: match it.kind {
                    MethodKind::Value => Receiver::Value,
                    MethodKind::Mutating => Receiver::Mutating,
                    MethodKind::Static => Receiver::Static,
                },
            });
            Shape::Struct(StructShape::new(Arc::clone(name), fields.clone(), methods.collect()))
        }
        TypeDef::Enum { name, variants } => {
            let variants = variants.iter().map(|it| {
                let fields = match &it.payload {
                    Payload::Struct(fields) => Some(fields.clone()),
                    Payload::Open | Payload::Tuple(_) => None,
                };
                VariantShape::new(Arc::clone(&it.name), fields)
            });
            Shape::Enum(EnumShape { name: Arc::clone(name), variants: variants.collect() })
        }
    };
    TypeTable {
        types: module.types.iter().map(shape).collect(),
        functions: functions.iter().map(|it| Arc::clone(&it.name)).collect(),
        n_prelude: first_function,
        builtins: registry.names(),
        objects: registry.objects(),
    }
}
