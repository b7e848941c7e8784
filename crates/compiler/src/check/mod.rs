//! What a program must not do that can be seen without running it, put into words.
//!
//! Each function looks at one kind of mistake and gives the finding, if there is one. Primary spans are on the culprit.

mod import;

use remora_diagnostics::{Code, Diagnostic, Span, closest};
use remora_syntax::ast::{
    Arg, Call, EnumDecl, FieldPattern, FuncDecl, FuncKind, Ident, Param, ParamKind, StructDecl,
    StructField, Variant, VariantKind,
};

pub(crate) use self::import::{
    import_cycle, imported_assigned, imported_contents, module_as_value, module_assigned,
    module_not_found, not_exported,
};
use crate::scope::{Type, Var, VarKind};

/// `what` is the subject of the sentence with its verb: "generators are".
pub(crate) fn unsupported(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(Code::E0017)
        .message(format!("{what} not supported yet"))
        .label(span, "this version cannot compile it")
}

/// A method that runs when its call is long over has nothing to give its `self` back to.
pub(crate) fn runs_later(method: &FuncDecl) -> Option<Diagnostic> {
    let later = method.kind != FuncKind::Plain && method.self_param == Some(true);
    later.then(|| {
        Diagnostic::error(Code::E0017)
            .message("a generator or async method cannot take `mut self`")
            .label(method.name.span, "it runs when the call is over")
            .help("take `self`, and give what has changed as a result")
    })
}

/// `later` is where the name is declared further down, if it is.
pub(crate) fn unknown_name<'a>(
    name: &str,
    span: Span,
    later: Option<Span>,
    is_method: bool,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let error = Diagnostic::error(Code::E0101).message(format!("unknown name `{name}`"));
    if let Some(later) = later.filter(|it| it.start < span.start) {
        return error
            .label(span, "this is still part of the value it is to get")
            .label(later, "its value is given here")
            .help(
                "is the line unfinished? A line that ends with an operator goes on in the next one",
            );
    }
    if let Some(later) = later {
        return error
            .label(span, "nothing of this name is declared yet")
            .label(later, "it is declared only here")
            .help("move the declaration up, or use it inside a function");
    }
    let error = error.label(span, "nothing of this name can be seen from here");
    if name == "console" {
        return error.help("write `print(…)`");
    }
    if let Some(ours) = elsewhere(name) {
        return error.help(format!("write `{ours}`")).edit(span, ours);
    }
    match closest(name, known) {
        Some(near) => error.help(format!("did you mean `{near}`?")).edit(span, near),
        None if is_method => error.help(format!("`{name}` is a method: write `value.{name}(…)`")),
        None => error,
    }
}

/// `{name: 1}` where there is no variable `name`.
pub(crate) fn bare_key(name: &str, span: Span) -> Diagnostic {
    let quoted = format!("\"{name}\"");
    Diagnostic::error(Code::E0101)
        .message(format!("unknown name `{name}`"))
        .label(span, "a key is an expression, and no variable of this name can be seen from here")
        .help(format!("write `{quoted}` for the text"))
        .edit(span, quoted)
}

/// What other languages call a word of ours.
fn elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "nil" | "none" | "NULL" | "undefined" | "nullptr" | "Null" => "null",
        "True" | "TRUE" => "true",
        "False" | "FALSE" => "false",
        "this" => "self",
        _ => return None,
    })
}

pub(crate) fn already_declared(name: &Ident, earlier: Option<Span>) -> Diagnostic {
    let error = Diagnostic::error(Code::E0102)
        .message(format!("`{}` is already declared", name.name))
        .label(name.span, "declared again in the same block");
    match earlier {
        Some(earlier) => error.label(earlier, "first declared here"),
        None => error,
    }
}

/// `let x` assigned again.
pub(crate) fn immutable(span: Span, var: &Var<'_>) -> Diagnostic {
    let Var { name, .. } = var;
    let error = Diagnostic::error(Code::E0103)
        .message(format!("cannot assign to the immutable `{name}`"))
        .label(span, "it is bound for good")
        .label(var.span, "declared here");
    match var.kind {
        VarKind::Let | VarKind::Const => error.help(format!("declare it with `mut {name} := …`")),
        VarKind::Function(_) => error.help("choose another name for the variable"),
        VarKind::Mutable => error,
    }
}

pub(crate) fn type_assigned(span: Span, ty: &Type<'_>) -> Diagnostic {
    let name = &ty.name().name;
    Diagnostic::error(Code::E0103)
        .message(format!("cannot assign to the type `{name}`"))
        .label(span, "it is bound for good")
        .label(ty.name().span, "declared here")
        .help("choose another name for the variable")
}

/// A place inside what an immutable name holds.
pub(crate) fn immutable_contents(span: Span, var: &Var<'_>) -> Diagnostic {
    let Var { name, .. } = var;
    Diagnostic::error(Code::E0104)
        .message(format!("cannot change the contents of the immutable `{name}`"))
        .label(span, "what it holds is bound for good as well")
        .label(var.span, "declared here")
        .help(format!("declare it with `mut {name} := …`"))
}

pub(crate) fn not_a_place(span: Span) -> Diagnostic {
    Diagnostic::error(Code::E0012).label(span, "only variables and places in them can be assigned")
}

pub(crate) fn outside_loop(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(Code::E0105)
        .message(format!("`{word}` outside a loop"))
        .label(span, "no loop is around this in the same function")
}

pub(crate) fn unknown_label<'a>(label: &Ident, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let error = Diagnostic::error(Code::E0106)
        .message(format!("unknown label `{}`", label.name))
        .label(label.span, "no loop around this has that label");
    match closest(&label.name, known) {
        Some(near) => error.help(format!("did you mean `{near}`?")).edit(label.span, near),
        None => error,
    }
}

/// What stands twice.
#[derive(Clone, Copy)]
pub(crate) enum Repeated {
    Name,
    Field,
    Method,
    Variant,
}

pub(crate) fn repeated(name: &Ident, what: Repeated, earlier: Span) -> Diagnostic {
    let what = match what {
        Repeated::Name => "name",
        Repeated::Field => "field",
        Repeated::Method => "method",
        Repeated::Variant => "variant",
    };
    Diagnostic::error(Code::E0107)
        .message(format!("duplicate {what} `{}`", name.name))
        .label(name.span, "stands here again")
        .label(earlier, "first here")
}

/// An error for each name that was there before.
pub(crate) fn distinct<'a>(
    names: impl IntoIterator<Item = &'a Ident>,
    what: Repeated,
) -> Vec<Diagnostic> {
    let mut seen = std::collections::HashMap::new();
    let mut errors = Vec::new();
    for name in names {
        match seen.entry(&*name.name) {
            std::collections::hash_map::Entry::Occupied(earlier) => {
                errors.push(repeated(name, what, *earlier.get()));
            }
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(name.span);
            }
        }
    }
    errors
}

/// Required parameters first, then those with defaults, then one for all the rest. `optional` is the first that is
/// not required.
pub(crate) fn param_order(
    param: &Param,
    optional: &mut Option<(Span, bool)>,
) -> Option<Diagnostic> {
    let span = param.pattern.span;
    let (earlier, was_variadic) = match (&param.kind, *optional) {
        (ParamKind::Required, None) => return None,
        (kind, None) => {
            *optional = Some((span, matches!(kind, ParamKind::Variadic)));
            return None;
        }
        (ParamKind::Default(_), Some((_, false))) => return None,
        (ParamKind::Variadic, Some((earlier, false))) => {
            *optional = Some((earlier, true));
            return None;
        }
        (_, Some(earlier)) => earlier,
    };
    let why = if was_variadic { "takes all that are left" } else { "need not be given" };
    let error = Diagnostic::error(Code::E0117)
        .label(span, "this parameter could never be told from the one before")
        .label(earlier, format!("this or a later one {why}"));
    Some(error.help("parameters with a default come after those without, the variadic one last"))
}

pub(crate) fn struct_decl(decl: &StructDecl) -> Vec<Diagnostic> {
    let mut errors = distinct(decl.fields.iter().map(|it| &it.name), Repeated::Field);
    errors.extend(distinct(decl.methods.iter().map(|it| &it.name), Repeated::Method));
    errors
}

pub(crate) fn unknown_struct<'a>(
    name: &Ident,
    is_other: bool,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let error = Diagnostic::error(Code::E0108).message(format!("unknown struct `{}`", name.name));
    if is_other {
        return error.label(name.span, "this name is not that of a struct");
    }
    let error = error.label(name.span, "no struct of this name can be seen from here");
    match closest(&name.name, known) {
        Some(near) => error.help(format!("did you mean `{near}`?")).edit(name.span, near),
        None => error,
    }
}

fn unknown_field<'a>(
    name: &Ident,
    of: &Ident,
    fields: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let error = Diagnostic::error(Code::E0109)
        .message(format!("`{}` has no field `{}`", of.name, name.name))
        .label(name.span, "there is no such field")
        .label(of.span, "declared here");
    match closest(&name.name, fields) {
        Some(near) => error.help(format!("did you mean `{near}`?")).edit(name.span, near),
        None => error,
    }
}

/// The fields of `P { … }`: known, each once, none missing that has no default.
pub(crate) fn literal_fields(
    decl: &StructDecl,
    fields: &[StructField],
    span: Span,
) -> Vec<Diagnostic> {
    let mut errors = distinct(fields.iter().map(|it| &it.name), Repeated::Field);
    for field in fields {
        if !decl.fields.iter().any(|it| it.name.name == field.name.name) {
            let known = decl.fields.iter().map(|it| &*it.name.name);
            errors.push(unknown_field(&field.name, &decl.name, known));
        }
    }
    // A misspelt field is most likely the one that is missing.
    if !errors.is_empty() {
        return errors;
    }
    let given = |name: &str| fields.iter().any(|it| &*it.name.name == name);
    let missing = decl.fields.iter().filter(|it| it.default.is_none() && !given(&it.name.name));
    errors.extend(missing_fields(missing.map(|it| &*it.name.name), &decl.name, span));
    errors
}

fn missing_fields<'a>(
    missing: impl Iterator<Item = &'a str>,
    of: &Ident,
    span: Span,
) -> Option<Diagnostic> {
    let names: Vec<String> = missing.map(|it| format!("`{it}`")).collect();
    if names.is_empty() {
        return None;
    }
    let names = names.join(", ");
    let error = Diagnostic::error(Code::E0110)
        .message(format!("missing {names} of `{}`", of.name))
        .label(span, format!("{names} must be given"));
    Some(error.label(of.span, "declared here"))
}

/// The names of a call whose arguments are all named.
pub(crate) fn all_named(call: &Call) -> Option<Vec<&Ident>> {
    let names = call.args.iter().map(|it| match it {
        Arg::Named(name, _) => Some(name),
        Arg::Positional(_) | Arg::Spread(_) => None,
    });
    names.collect::<Option<Vec<_>>>().filter(|it| !it.is_empty())
}

/// The fields of `Shape::Rect { … }` or `Shape::Rect(w: …)`: exactly those that are declared.
pub(crate) fn variant_literal_fields(
    variant: &Variant,
    name: &Ident,
    fields: &[&Ident],
    span: Span,
) -> Vec<Diagnostic> {
    let VariantKind::Struct(declared) = &variant.kind else {
        return vec![no_named_fields(variant, name)];
    };
    let mut errors = distinct(fields.iter().copied(), Repeated::Field);
    for field in fields {
        if !declared.iter().any(|it| it.name == field.name) {
            let known = declared.iter().map(|it| &*it.name);
            errors.push(unknown_field(field, &variant.name, known));
        }
    }
    if !errors.is_empty() {
        return errors;
    }
    let given = |name: &str| fields.iter().any(|it| &*it.name == name);
    let missing = declared.iter().map(|it| &*it.name).filter(|it| !given(it));
    errors.extend(missing_fields(missing, &variant.name, span));
    errors
}

fn no_named_fields(variant: &Variant, name: &Ident) -> Diagnostic {
    Diagnostic::error(Code::E0118)
        .message(format!("`{}` has no named fields", variant.name.name))
        .label(name.span, "its values are not named")
        .label(variant.name.span, "declared here")
        .help(format!("write `{}(…)`", variant.name.name))
}

/// The fields that a struct pattern mentions.
pub(crate) fn pattern_fields<'a>(
    decl: &StructDecl,
    fields: impl Iterator<Item = &'a Ident>,
) -> Vec<Diagnostic> {
    let fields: Vec<_> = fields.collect();
    let mut errors = distinct(fields.iter().copied(), Repeated::Field);
    for name in fields {
        if !decl.fields.iter().any(|it| it.name.name == name.name) {
            let known = decl.fields.iter().map(|it| &*it.name.name);
            errors.push(unknown_field(name, &decl.name, known));
        }
    }
    errors
}

/// The fields that the pattern of a struct-like variant mentions.
pub(crate) fn variant_pattern_fields(
    variant: &Variant,
    name: &Ident,
    fields: &[FieldPattern],
) -> Vec<Diagnostic> {
    let VariantKind::Struct(declared) = &variant.kind else {
        return vec![no_named_fields(variant, name)];
    };
    let mut errors = distinct(fields.iter().map(|it| &it.name), Repeated::Field);
    for field in fields {
        if !declared.iter().any(|it| it.name == field.name.name) {
            let known = declared.iter().map(|it| &*it.name);
            errors.push(unknown_field(&field.name, &variant.name, known));
        }
    }
    errors
}

pub(crate) fn unknown_enum<'a>(
    base: &Ident,
    is_other: bool,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let error = Diagnostic::error(Code::E0111).message(format!("unknown enum `{}`", base.name));
    if is_other {
        return error.label(base.span, "this name is not that of an enum");
    }
    let error = error.label(base.span, "no enum of this name can be seen from here");
    match closest(&base.name, known.chain(["Result", "Option"])) {
        Some(near) => error.help(format!("did you mean `{near}`?")).edit(base.span, near),
        None => error,
    }
}

/// `P::f` where `P` is a struct.
pub(crate) fn not_an_enum(base: &Ident, name: &Ident) -> Diagnostic {
    Diagnostic::error(Code::E0111)
        .message(format!("`{}` is a struct, not an enum", base.name))
        .label(base.span, "only enums have variants")
        .help(format!("functions of a struct are called as `{}.{}(…)`", base.name, name.name))
}

pub(crate) fn unknown_variant(decl: &EnumDecl, name: &Ident) -> Diagnostic {
    let error = Diagnostic::error(Code::E0111)
        .message(format!("`{}` has no variant `{}`", decl.name.name, name.name))
        .label(name.span, "there is no such variant")
        .label(decl.name.span, "declared here");
    match closest(&name.name, decl.variants.iter().map(|it| &*it.name.name)) {
        Some(near) => error.help(format!("did you mean `{near}`?")).edit(name.span, near),
        None => error,
    }
}

/// A variant made or matched with `n` values in parentheses.
pub(crate) fn payload(variant: &Variant, n: usize, span: Span) -> Option<Diagnostic> {
    let name = &variant.name.name;
    let error = Diagnostic::error(Code::E0118).label(span, String::new());
    let error = match &variant.kind {
        VariantKind::Open => return None,
        VariantKind::Tuple(declared) if declared.len() == n => return None,
        VariantKind::Tuple(declared) => {
            let wanted = count(declared.len());
            error.message(format!("`{name}` carries {wanted}, not {n}"))
        }
        VariantKind::Struct(_) => error
            .message(format!("`{name}` has named fields"))
            .help(format!("write `{name} {{ … }}`")),
    };
    Some(error.label(variant.name.span, "declared here"))
}

/// `Ok`, `Err`, `Some` and `None` with `n` values in parentheses; `base` is `Result` or `Option` where written. A bare
/// name of another kind may be any enum's.
pub(crate) fn builtin_variant(
    base: Option<&Ident>,
    name: &Ident,
    n: Option<usize>,
    span: Span,
) -> Option<Diagnostic> {
    let fits = match base.map(|it| &*it.name) {
        Some("Result") => matches!(&*name.name, "Ok" | "Err"),
        Some(_) => matches!(&*name.name, "Some" | "None"),
        None => matches!(&*name.name, "Ok" | "Err" | "Some" | "None"),
    };
    if !fits {
        let base = base?;
        let error = Diagnostic::error(Code::E0111)
            .message(format!("`{}` has no variant `{}`", base.name, name.name))
            .label(name.span, "there is no such variant");
        return Some(error);
    }
    let wanted = usize::from(&*name.name != "None");
    if n.is_none_or(|n| n == wanted) {
        return None;
    }
    let message = format!("`{}` carries {}", name.name, count(wanted));
    Some(Diagnostic::error(Code::E0118).message(message).label(span, ""))
}

fn count(n: usize) -> String {
    match n {
        0 => "no value".to_owned(),
        1 => "one value".to_owned(),
        n => format!("{n} values"),
    }
}

pub(crate) fn only_in_one_alternative(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(Code::E0116)
        .label(span, format!("`{name}` is not bound by all alternatives"))
        .help("every alternative must bind the same names")
}

pub(crate) fn captured_by_method(span: Span, var: &Var<'_>) -> Diagnostic {
    Diagnostic::error(Code::E0113)
        .message(format!("a method cannot see the local variable `{}`", var.name))
        .label(span, "a struct outlives the block that declares it")
        .label(var.span, "declared here")
        .help("make it a field or a parameter")
}

pub(crate) fn field_of_outer_method(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(Code::E0113)
        .message(format!("`{name}` is a field of another method's `self`"))
        .label(span, "a struct outlives the method that declares it")
        .help("make it a field or a parameter")
}

pub(crate) fn no_self(span: Span) -> Diagnostic {
    Diagnostic::error(Code::E0119)
        .label(span, "there is no `self` here")
        .help("methods take it as their first parameter: `func name(self)`")
}

pub(crate) fn yield_outside(span: Span) -> Diagnostic {
    Diagnostic::error(Code::E0112).label(span, "this function is not declared with `func*`")
}

/// How many values a call gives by position; `None` if that is known only when it runs, or some are named.
pub(crate) fn n_positional(call: &Call, n_before: usize) -> Option<usize> {
    let plain = call.args.iter().all(|it| matches!(it, Arg::Positional(_)));
    plain.then_some(call.args.len() + n_before)
}

/// Named arguments: each once, after all others, and not together with spread ones.
pub(crate) fn arguments(call: &Call) -> Option<Diagnostic> {
    let first_named = call.args.iter().position(|it| matches!(it, Arg::Named(..)))?;
    for arg in &call.args {
        if let Arg::Spread(it) = arg {
            return Some(unsupported(it.span, "spread beside named arguments is"));
        }
    }
    for arg in &call.args[first_named..] {
        if let Arg::Positional(it) = arg {
            let error = Diagnostic::error(Code::E0009)
                .message("positional argument after a named one")
                .label(it.span, "this belongs before the named arguments");
            return Some(error);
        }
    }
    let names = call.args.iter().filter_map(|it| match it {
        Arg::Named(name, _) => Some(name),
        Arg::Positional(_) | Arg::Spread(_) => None,
    });
    distinct(names, Repeated::Name).into_iter().next()
}

/// Statements that control cannot come to.
pub(crate) fn unreachable(span: Span) -> Diagnostic {
    Diagnostic::warning(Code::E0201).label(span, "what stands before this always leaves the block")
}

/// Variants without a case, of a match without `default`.
pub(crate) fn not_exhaustive(decl: &EnumDecl, missing: &[&str], span: Span) -> Diagnostic {
    let names: Vec<String> =
        missing.iter().map(|it| format!("`{}::{it}`", decl.name.name)).collect();
    let names = names.join(", ");
    Diagnostic::warning(Code::E0202)
        .message(format!("match does not handle {names}"))
        .label(span, format!("nothing happens for {names}"))
        .help("add the cases, or `default { }`")
}
