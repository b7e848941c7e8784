//! What functions of Ruff programs are called by probes.

use remora_vm::hooks::FunctionInfo;

/// The dotted name of a function.
pub(super) fn of(info: &FunctionInfo) -> String {
    let module = info.file.as_deref().map_or_else(|| "main".to_owned(), module);
    let own = match &*info.name {
        "" => "<main>",
        name => name,
    };
    match &info.of {
        Some(ty) => format!("{module}.{ty}.{own}"),
        None => format!("{module}.{own}"),
    }
}

/// The name of a module by its file.
fn module(file: &str) -> String {
    let path = file.strip_suffix(".ruff").unwrap_or(file);
    let parts = path.split(['/', '\\']).filter(|it| !it.is_empty() && !it.starts_with('.'));
    let named: Vec<String> =
        parts.map(|it| it.replace(|c: char| !c.is_alphanumeric() && c != '_', "_")).collect();
    named.join(".")
}
