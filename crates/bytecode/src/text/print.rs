//! A module as text: everything but the bodies of functions.

use std::fmt::{Result, Write as _};
use std::sync::Arc;

use super::print_code::print_body;
use crate::function::{Capture, Function, FunctionKind, ParamKind};
use crate::isa::Profile;
use crate::module::{ImportKind, MethodKind, ModuleData, Payload, TypeDef};

/// The text form of a module. Any module can be printed; code that is not spelled canonically is printed as far as it can
/// be read.
#[must_use]
pub fn print(module: &ModuleData) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = print_module(&mut out, module);
    out
}

fn print_module(out: &mut String, module: &ModuleData) -> Result {
    out.push_str("module ");
    text(out, &module.name);
    out.push_str(match module.profile {
        Profile::Full => " full\n",
        Profile::Linear => " linear\n",
    });
    if let Some(debug) = &module.debug {
        out.push_str("source ");
        text(out, &debug.source);
        print_lines(out, &debug.line_starts)?;
        for it in &debug.imported {
            out.push_str("source ");
            text(out, &it.name);
            write!(out, " at {}", it.start)?;
            print_lines(out, &it.line_starts)?;
        }
    }
    for (key, value) in &module.metadata {
        out.push_str("meta ");
        text(out, key);
        out.push(' ');
        text(out, value);
        out.push('\n');
    }
    for it in &module.globals {
        out.push_str("global ");
        name(out, &it.name);
        out.push_str(if it.mutable { " mutable" } else { "" });
        out.push_str(if it.exported { " exported\n" } else { "\n" });
    }
    for it in &module.imports {
        out.push_str("import ");
        name(out, &it.name);
        out.push_str(match it.kind {
            ImportKind::Host => " host\n",
            ImportKind::HostAsync => " host_async\n",
            ImportKind::Script => " script\n",
        });
    }
    for it in &module.types {
        print_type(out, it)?;
    }
    for (nth, it) in module.functions.iter().enumerate() {
        writeln!(out, "\n; {nth}")?;
        print_function(out, module, it)?;
    }
    if let Some(start) = module.start {
        writeln!(out, "\nstart {}", start.0)?;
    }
    Ok(())
}

fn print_lines(out: &mut String, starts: &[u32]) -> Result {
    out.push_str(" [");
    for (nth, start) in starts.iter().enumerate() {
        write!(out, "{}{start}", if nth == 0 { "" } else { " " })?;
    }
    out.push_str("]\n");
    Ok(())
}

fn print_type(out: &mut String, ty: &TypeDef) -> Result {
    match ty {
        TypeDef::Struct { name: own, fields, methods } => {
            out.push_str("struct ");
            name(out, own);
            out.push(' ');
            names(out, fields);
            out.push_str(" {\n");
            for it in methods {
                out.push_str("  ");
                name(out, &it.name);
                let kind = match it.kind {
                    MethodKind::Value => "value",
                    MethodKind::Mutating => "mutating",
                    MethodKind::Static => "static",
                };
                writeln!(out, " = {} {kind}", it.function.0)?;
            }
        }
        TypeDef::Enum { name: own, variants } => {
            out.push_str("enum ");
            name(out, own);
            out.push_str(" {\n");
            for it in variants {
                out.push_str("  ");
                name(out, &it.name);
                match &it.payload {
                    Payload::Open => out.push_str(" open"),
                    Payload::Tuple(n) => write!(out, " tuple {n}")?,
                    Payload::Struct(fields) => {
                        out.push_str(" struct ");
                        names(out, fields);
                    }
                }
                out.push('\n');
            }
        }
    }
    out.push_str("}\n");
    Ok(())
}

fn print_function(out: &mut String, module: &ModuleData, function: &Function) -> Result {
    out.push_str("func ");
    name(out, &function.name);
    out.push_str(" (");
    for (nth, it) in function.params.iter().enumerate() {
        out.push_str(if nth == 0 { "" } else { ", " });
        name(out, &it.name);
        out.push_str(match it.kind {
            ParamKind::Required => "",
            ParamKind::Optional => " optional",
            ParamKind::Variadic => " variadic",
        });
    }
    out.push_str(match function.kind {
        FunctionKind::Plain => ") plain",
        FunctionKind::Generator => ") generator",
        FunctionKind::Async => ") async",
    });
    if !function.captures.is_empty() {
        out.push_str(" captures [");
        for (nth, it) in function.captures.iter().enumerate() {
            out.push_str(if nth == 0 { "" } else { ", " });
            match it {
                Capture::Cell(cell) => write!(out, "cell {}", cell.0)?,
                Capture::Free(free) => write!(out, "free {}", free.0)?,
            }
        }
        out.push(']');
    }
    out.push_str(" {\n");
    print_body(out, module, &function.code)?;
    out.push_str("}\n");
    Ok(())
}

/// Names in brackets.
pub(super) fn names(out: &mut String, names: &[Arc<str>]) {
    out.push('[');
    for (nth, it) in names.iter().enumerate() {
        out.push_str(if nth == 0 { "" } else { " " });
        name(out, it);
    }
    out.push(']');
}

/// A name: as a word if it is one, else in quotes.
pub(super) fn name(out: &mut String, name: &str) {
    let word = name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    if word && name.bytes().next().is_some_and(|it| !it.is_ascii_digit()) {
        out.push_str(name);
    } else {
        text(out, name);
    }
}

/// Text in quotes.
pub(super) fn text(out: &mut String, text: &str) {
    out.push('"');
    for it in text.chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            it if it.is_control() => out.extend(it.escape_unicode()),
            it => out.push(it),
        }
    }
    out.push('"');
}
