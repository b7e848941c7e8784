//! What a program must not do with modules and what it imports, put into words.

use remora_diagnostics::{Code, Diagnostic, Span, closest};

use crate::files::NotFound;

/// `span` is the dotted name.
pub(crate) fn module_not_found(name: &str, span: Span, why: &NotFound) -> Diagnostic {
    let label = why.why.as_deref().unwrap_or("there is no file for this module");
    let mut error = Diagnostic::error(Code::E0121)
        .message(format!("Module not found: {name}"))
        .label(span, label);
    if !why.tried.is_empty() {
        error = error.note(format!("tried {}", why.tried.join(", ")));
    }
    match &why.help {
        Some(help) => error.help(help),
        None => error,
    }
}

/// `chain` names the modules, from the first to itself.
pub(crate) fn import_cycle(chain: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::E0122)
        .message(format!("modules import each other: {chain}"))
        .label(span, "this closes the circle")
        .help("move what both need into a module of its own")
}

/// `hidden` is where the module declares the name without exporting it, if it does.
pub(crate) fn not_exported<'a>(
    name: &str,
    span: Span,
    hidden: Option<Span>,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let error =
        Diagnostic::error(Code::E0123).message(format!("the module does not export `{name}`"));
    if let Some(hidden) = hidden {
        let error = error.label(span, "it is the module's own");
        return error.label(hidden, "declared here").help("mark it with `export`");
    }
    let error = error.label(span, "it has no such name");
    match closest(name, known) {
        Some(near) => error.help(format!("did you mean `{near}`?")).edit(span, near),
        None => error,
    }
}

pub(crate) fn module_as_value(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::E0120)
        .message(format!("the module `{name}` is not a value"))
        .label(span, "a module can only stand before a dot")
        .help(format!("name what it exports: `{name}.…`"))
}

/// What another module exports, assigned as a whole.
pub(crate) fn imported_assigned(span: Span, name: &str, from: Span) -> Diagnostic {
    Diagnostic::error(Code::E0103)
        .message(format!("cannot assign to the imported `{name}`"))
        .label(span, "only its own module can change it")
        .label(from, "declared here")
        .help("let the module export a function that changes it")
}

/// A place inside what another module exports.
pub(crate) fn imported_contents(span: Span, name: &str, from: Span) -> Diagnostic {
    Diagnostic::error(Code::E0104)
        .message(format!("cannot change the contents of the imported `{name}`"))
        .label(span, "only its own module can change it")
        .label(from, "declared here")
        .help("let the module export a function that changes it, or change a copy of it")
}

pub(crate) fn module_assigned(span: Span, name: &str, import: Span) -> Diagnostic {
    Diagnostic::error(Code::E0103)
        .message(format!("cannot assign to the module `{name}`"))
        .label(span, "it is bound for good")
        .label(import, "imported here")
        .help("choose another name for the variable, or import the module with `as`")
}
