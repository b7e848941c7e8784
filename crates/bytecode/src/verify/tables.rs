//! The tables of a module: types, methods, imports, the start function.

use std::collections::HashSet;
use std::sync::Arc;

use remora_diagnostics::Code as ErrorCode;

use super::rule::{Budget, Checked, Fault};
use crate::function::FunctionKind;
use crate::module::{Method, MethodKind, ModuleData, Payload, TypeDef};

pub(super) fn check(module: &ModuleData, budget: &Budget) -> Checked {
    let many =
        [module.functions.len(), module.globals.len(), module.imports.len(), module.types.len()];
    if many.into_iter().any(|it| it > budget.max_functions) {
        return Err(Fault::new(
            ErrorCode::L0008,
            "the module has too many functions, globals, imports or types",
        ));
    }
    let mut imported = HashSet::new();
    if !module.imports.iter().all(|it| imported.insert(&*it.name)) {
        return Err(Fault::new(ErrorCode::V0019, "a function is imported twice"));
    }
    for ty in &module.types {
        check_type(module, ty, budget)?;
    }
    if let Some(start) = module.start {
        let Some(function) = module.function(start) else {
            return Err(Fault::new(ErrorCode::V0021, "there is no such start function"));
        };
        if !function.params.is_empty() || !function.captures.is_empty() {
            return Err(Fault::new(
                ErrorCode::V0021,
                "the start function takes parameters or captures",
            ));
        }
        if function.kind != FunctionKind::Plain {
            return Err(Fault::new(ErrorCode::V0021, "the start function is no plain function"));
        }
    }
    Ok(())
}

fn check_type(module: &ModuleData, ty: &TypeDef, budget: &Budget) -> Checked {
    match ty {
        TypeDef::Struct { fields, methods, .. } => {
            distinct(fields.iter(), budget)?;
            distinct(methods.iter().map(|it| &it.name), budget)?;
            methods.iter().try_for_each(|it| check_method(module, it))
        }
        TypeDef::Enum { variants, .. } => {
            distinct(variants.iter().map(|it| &it.name), budget)?;
            variants.iter().try_for_each(|it| match &it.payload {
                Payload::Struct(fields) => distinct(fields.iter(), budget),
                Payload::Tuple(n) if *n as usize > budget.max_members => Err(too_many()),
                Payload::Open | Payload::Tuple(_) => Ok(()),
            })
        }
    }
}

fn too_many() -> Fault {
    Fault::new(ErrorCode::L0008, "a type has too many members")
}

fn distinct<'a>(names: impl ExactSizeIterator<Item = &'a Arc<str>>, budget: &Budget) -> Checked {
    if names.len() > budget.max_members {
        return Err(too_many());
    }
    let mut seen = HashSet::new();
    for name in names {
        if !seen.insert(&**name) {
            return Err(Fault::new(ErrorCode::V0019, "a type has two members of one name"));
        }
    }
    Ok(())
}

fn check_method(module: &ModuleData, method: &Method) -> Checked {
    let wrong = |what: &str| Err(Fault::new(ErrorCode::V0019, what));
    let Some(function) = module.function(method.function) else {
        return wrong("a method has no function");
    };
    if !function.captures.is_empty() {
        return wrong("a method captures variables");
    }
    let takes_self = method.kind != MethodKind::Static;
    if takes_self
        && function.params.first().is_none_or(|it| it.kind != crate::function::ParamKind::Required)
    {
        return wrong("a method has no parameter for the value it is called on");
    }
    Ok(())
}
