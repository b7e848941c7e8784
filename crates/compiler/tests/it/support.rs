//! What the tests share: compiling a text, and a readable form of what came out.

use std::fmt::Write as _;

use remora_bytecode::view::Operand;
use remora_bytecode::{
    Budget, Capture, Code, Function, ImportKind, Module, Receiver, Root, Site, Step, Unverified,
    Verified,
};
use remora_compiler::{BuiltinNames, Compiled, Options, compile};
use remora_diagnostics::Diagnostic;
use remora_syntax::{ParseLimits, parse};

/// A few builtins of each kind.
pub(crate) fn builtins() -> BuiltinNames<'static> {
    use ImportKind::{Host, HostAsync, Script};
    let functions = [
        ("args", Host),
        ("fetch", HostAsync),
        ("len", Host),
        ("map", Script),
        ("print", Host),
        ("push", Host),
        ("range", Host),
        ("sqrt", Host),
    ];
    BuiltinNames::new(functions, ["push", "pop", "is_sorted"])
}

/// As a program that is run.
pub(crate) fn main_options() -> Options {
    Options { globals_as_locals: true, ..Options::default() }
}

pub(crate) fn compile_with(text: &str, options: &Options) -> Compiled {
    let parsed = parse(text, &ParseLimits::default());
    assert_eq!(parsed.diagnostics, [], "parsing {text}");
    compile(&parsed.program, options, &builtins())
}

/// A module that must be made, and must verify.
#[track_caller]
pub(crate) fn module_with(text: &str, options: &Options) -> Module<Verified> {
    let Compiled { module, diagnostics, .. } = compile_with(text, options);
    let Some(module) = module else { panic!("no module for {text}: {diagnostics:#?}") };
    verified(module, text)
}

#[track_caller]
pub(crate) fn verified(module: Module<Unverified>, text: &str) -> Module<Verified> {
    let listing = listing(&module);
    match module.verify(&Budget::default()) {
        Ok(module) => module,
        Err(error) => panic!("{error}\n{text}\n{listing}"),
    }
}

pub(crate) fn module(text: &str) -> Module<Verified> {
    module_with(text, &main_options())
}

/// All functions, one instruction a line.
pub(crate) fn listing<S>(module: &Module<S>) -> String {
    let mut out = String::new();
    for function in &module.functions {
        let params: Vec<String> =
            function.params.iter().map(|it| format!("{}:{:?}", it.name, it.kind)).collect();
        let _ = writeln!(out, "{}({})", function.name, params.join(" "));
        out.push_str(&body(module, function));
    }
    out
}

fn body<S>(module: &Module<S>, function: &Function) -> String {
    let code = &*function.code;
    let mut out = String::new();
    for capture in &function.captures {
        let _ = writeln!(
            out,
            "  captures {}",
            match capture {
                Capture::Cell(cell) => format!("cell {}", cell.0),
                Capture::Free(free) => format!("free {}", free.0),
            }
        );
    }
    let label_at = |unit: u32| code.labels().iter().position(|it| *it == unit);
    for it in code.instructions() {
        if let Some(label) = label_at(it.at) {
            let _ = writeln!(out, " L{label}:");
        }
        let operand = operand(module, code, it.operand(code));
        let _ = writeln!(out, "  {} {operand}", it.op.name());
    }
    if let Some(label) = label_at(u32::try_from(code.units().len()).expect("code is short")) {
        let _ = writeln!(out, " L{label}:");
    }
    for it in code.handlers() {
        let _ = writeln!(
            out,
            "  handler L{}..L{} -> L{} keeps {}",
            it.start.0, it.end.0, it.target.0, it.depth
        );
    }
    out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n"
}

fn operand<S>(module: &Module<S>, code: &Code, operand: Operand<'_>) -> String {
    match operand {
        Operand::None => String::new(),
        Operand::Const(_, it) => format!("{it:?}"),
        Operand::Name(_, it) => it.to_string(),
        Operand::Local(it) => it.0.to_string(),
        Operand::Cell(it) => it.0.to_string(),
        Operand::Free(it) => it.0.to_string(),
        Operand::Global(it) => module.globals[it.index()].name.to_string(),
        Operand::Label(it, _) => format!("L{}", it.0),
        Operand::Count(it) | Operand::Depth(it) => it.to_string(),
        Operand::Imm(it) => it.to_string(),
        Operand::Compare(it) => it.name().to_owned(),
        Operand::Function(it) => module.functions[it.index()].name.to_string(),
        Operand::Import(it) => module.imports[it.index()].name.to_string(),
        Operand::Type(it) => module.types[it.index()].name().to_string(),
        Operand::Variant(it) => format!("{}::{}", module.types[it.ty.index()].name(), it.variant),
        Operand::Path(_, it) => path(module, code, it),
        Operand::Site(_, it) => site(module, code, it),
        Operand::Result(it) => it.name().to_owned(),
        Operand::OutOfRange(it) => format!("?{it}"),
    }
}

fn path<S>(module: &Module<S>, code: &Code, path: &remora_bytecode::Path) -> String {
    let mut out = match path.root {
        Root::Local(it) => format!("local {}", it.0),
        Root::Cell(it) => format!("cell {}", it.0),
        Root::Free(it) => format!("free {}", it.0),
        Root::Global(it) => module.globals[it.index()].name.to_string(),
    };
    for step in &path.steps {
        match step {
            Step::Field(name) => out.push_str(&format!(".{}", code.names()[name.index()])),
            Step::Index => out.push_str("[]"),
        }
    }
    out
}

fn site<S>(module: &Module<S>, code: &Code, site: &Site) -> String {
    let receiver = match site.receiver {
        Receiver::Value => String::new(),
        Receiver::Immutable(name) => format!("let {} ", code.names()[name.index()]),
        Receiver::Place(at) => format!("{} ", path(module, code, &code.paths()[at.index()])),
    };
    let mut out = receiver;
    if let Some(method) = site.method {
        out.push_str(&format!("{} ", code.names()[method.index()]));
    }
    if let Some(variant) = site.variant {
        let it = code.variants()[variant.index()];
        out.push_str(&format!("{}::{} ", module.types[it.ty.index()].name(), it.variant));
    }
    out.push_str(&site.args.to_string());
    if site.spread {
        out.push_str(" spread");
    }
    for name in &site.named {
        out.push_str(&format!(" {}:", code.names()[name.index()]));
    }
    out
}

/// The listing of one function.
pub(crate) fn function(text: &str, name: &str) -> String {
    let module = module(text);
    let Some(function) = module.functions.iter().find(|it| &*it.name == name) else {
        panic!("no function {name} in {text}")
    };
    body(&module, function)
}

/// Findings as `CODE culprit: message`, one a line.
pub(crate) fn findings(text: &str) -> String {
    let Compiled { module, diagnostics, .. } = compile_with(text, &main_options());
    if let Some(module) = module {
        verified(module, text);
    }
    let line = |it: &Diagnostic| {
        let span = it.span().unwrap_or_default();
        format!("{} {}: {}", it.code, &text[span.range()], it.message)
    };
    diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Compares listings without regard to indentation.
#[track_caller]
pub(crate) fn assert_lines(found: &str, wanted: &str) {
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
    };
    let (found_lines, wanted_lines) = (lines(found), lines(wanted));
    assert!(
        found_lines == wanted_lines,
        "found:\n{}\nwanted:\n{}",
        found_lines.join("\n"),
        wanted_lines.join("\n")
    );
}
