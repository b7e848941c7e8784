//! What a function says of itself: sizes, parameters, captures, and what its profile excludes.

use remora_diagnostics::Code as ErrorCode;

use super::handlers;
use super::rule::{Budget, Checked, Fault};
use crate::function::{Function, FunctionKind, ParamKind};
use crate::isa::Profile;
use crate::module::ModuleData;

pub(super) fn check(module: &ModuleData, function: &Function, budget: &Budget) -> Checked {
    let code = &function.code;
    let too_large =
        |what: &str| Err(Fault::new(ErrorCode::L0008, format!("a function has too many {what}")));
    if code.units().len() > budget.max_units {
        return too_large("instructions");
    }
    if (code.n_locals() as usize).saturating_add(code.cells().len()) > budget.max_locals {
        return too_large("locals");
    }
    if code.max_stack() > budget.max_stack {
        return too_large("items on its stack");
    }
    if (code.n_locals() as usize).saturating_add(code.max_stack() as usize) > budget.max_registers {
        return too_large("locals and items on its stack together");
    }
    if function.params.len() > budget.max_params {
        return too_large("parameters");
    }
    if code
        .sites()
        .iter()
        .any(|it| it.args as usize > budget.max_locals || it.named.len() > budget.max_params)
    {
        return too_large("arguments in a call");
    }
    if code.paths().iter().any(|it| it.steps.len() > budget.max_members) {
        return too_large("steps in a path");
    }
    signature(function)?;
    if module.profile == Profile::Linear && !is_linear(function) {
        return Err(Fault::new(
            ErrorCode::V0014,
            "linear code has no parameters, locals, cells, labels or handlers",
        ));
    }
    handlers::check(code, budget)
}

fn is_linear(function: &Function) -> bool {
    let code = &function.code;
    code.n_locals() == 0
        && code.cells().is_empty()
        && code.free().is_empty()
        && code.labels().is_empty()
        && function.kind == FunctionKind::Plain
}

fn signature(function: &Function) -> Checked {
    if function.params.len() > function.code.n_locals() as usize {
        return Err(Fault::new(ErrorCode::V0015, "there are fewer locals than parameters"));
    }
    let rank = |kind: ParamKind| match kind {
        ParamKind::Required => 0,
        ParamKind::Optional => 1,
        ParamKind::Variadic => 2,
    };
    let sorted = function.params.windows(2).all(|it| rank(it[0].kind) <= rank(it[1].kind));
    let n_variadic = function.params.iter().filter(|it| it.kind == ParamKind::Variadic).count();
    if !sorted || n_variadic > 1 {
        return Err(Fault::new(ErrorCode::V0015, "parameters stand in the wrong order"));
    }
    if function.captures.len() != function.code.free().len() {
        return Err(Fault::new(
            ErrorCode::V0016,
            "captures and captured variables differ in number",
        ));
    }
    Ok(())
}
