//! Values against the annotations of parameters, results, bindings and fields, when types are checked.
//!
//! The annotation itself is gone through beside the value, each time.

use remora_diagnostics::{Code, Span, quoted};
use remora_syntax::ast::{FuncKind, Param, Pattern, PatternKind, TypeExpr, TypeKind};

use super::{Frame, Interp, Meaning};
use crate::stop::Eval;
use crate::value::{FuncRef, StructType, Value, Wrap};

/// The value that is of another type, and how far it is inside of the one that was looked at.
struct Wrong<'p> {
    value: Value<'p>,
    depth: usize,
}

impl<'p> Wrong<'p> {
    fn whole(value: &Value<'p>) -> Self {
        Self { value: value.clone(), depth: 0 }
    }

    fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

impl<'p> Interp<'_, 'p> {
    /// R0034 unless the value is of the type that is written there.
    pub(super) fn check_declared(
        &mut self,
        frame: &Frame<'p>,
        ty: Option<&'p TypeExpr>,
        value: &Value<'p>,
        subject: &str,
        span: Span,
    ) -> Eval<'p, ()> {
        let Some(ty) = ty.filter(|_| self.session.check_types) else { return Ok(()) };
        match self.complaint(frame, ty, value, subject, span)? {
            None => Ok(()),
            Some(message) => self.fail(span, Code::R0034, message),
        }
    }

    /// The same for a parameter.
    pub(super) fn check_param(
        &mut self,
        frame: &Frame<'p>,
        func: FuncRef<'p>,
        param: &'p Param,
        value: &Value<'p>,
    ) -> Eval<'p, ()> {
        let Some(ty) = &param.ty else { return Ok(()) };
        let subject = match (&param.pattern.kind, func.name.starts_with('<')) {
            (PatternKind::Bind(name), false) => format!("{} of {}", name.name, func.name),
            _ => pattern_subject(&param.pattern),
        };
        self.check_declared(frame, Some(ty), value, &subject, ty.span)
    }

    /// The same for what the running function gives.
    pub(super) fn check_result(
        &mut self,
        frame: &Frame<'p>,
        value: &Value<'p>,
        span: Span,
    ) -> Eval<'p, ()> {
        let Some(func) = frame.func else { return Ok(()) };
        let subject = match func.name.starts_with('<') {
            true => "the result".to_owned(),
            false => format!("the result of {}", func.name),
        };
        self.check_declared(frame, checked_result(func), value, &subject, span)
    }

    /// The same for a field of a struct that is being made; the annotation means what it means where the struct stands.
    pub(super) fn check_field(
        &mut self,
        ty: &StructType<'p>,
        name: &str,
        value: &Value<'p>,
        span: Span,
    ) -> Eval<'p, ()> {
        let field = ty.field_idx(name).and_then(|at| ty.decl.fields.get(at));
        let Some(declared) = field.and_then(|it| it.ty.as_ref()) else { return Ok(()) };
        if !self.session.check_types {
            return Ok(());
        }
        let frame = Frame::of_call(ty.env.clone(), None);
        let module = std::mem::replace(&mut self.module, ty.module);
        let subject = format!("{name} of {}", ty.decl.name.name);
        let complaint = self.complaint(&frame, declared, value, &subject, span);
        self.module = module;
        match complaint? {
            None => Ok(()),
            Some(message) => self.fail(span, Code::R0034, message),
        }
    }

    fn complaint(
        &mut self,
        frame: &Frame<'p>,
        ty: &'p TypeExpr,
        value: &Value<'p>,
        subject: &str,
        span: Span,
    ) -> Eval<'p, Option<String>> {
        let Some(wrong) = self.wrong(frame, ty, value, span)? else { return Ok(None) };
        let got = match wrong.depth {
            0 => phrase(value),
            _ => format!("{} with {} in it", phrase(value), phrase(&wrong.value)),
        };
        Ok(Some(format!("{subject} is declared {}, got {got}", written(ty))))
    }

    /// What is of another type; nothing if all is as it is written.
    fn wrong(
        &mut self,
        frame: &Frame<'p>,
        ty: &'p TypeExpr,
        value: &Value<'p>,
        span: Span,
    ) -> Eval<'p, Option<Wrong<'p>>> {
        match &ty.kind {
            TypeKind::Optional(inner) => match value {
                Value::Null => Ok(None),
                _ => self.wrong(frame, inner, value, span),
            },
            TypeKind::Union(types) => {
                let mut inner = Vec::new();
                for ty in types {
                    match self.wrong(frame, ty, value, span)? {
                        None => return Ok(None),
                        Some(wrong) if wrong.depth > 0 => inner.push(wrong),
                        Some(_) => {}
                    }
                }
                let only = if inner.len() == 1 { inner.pop() } else { None };
                Ok(Some(only.unwrap_or_else(|| Wrong::whole(value))))
            }
            TypeKind::Array(inner) => {
                self.wrong_word(frame, "array", std::slice::from_ref(&**inner), value, span)
            }
            TypeKind::Func { .. } => self.wrong_word(frame, "function", &[], value, span),
            TypeKind::Named { name, args } => {
                let declared = match self.meaning(frame, name) {
                    Meaning::Variable(cell) => cell.read().ok(),
                    _ => None,
                };
                let fits = match (&declared, value) {
                    (Some(Value::StructType(ty)), Value::Struct(it)) => {
                        ty.decl.name.name == it.ty.decl.name.name
                    }
                    (Some(Value::EnumType(ty)), Value::Enum(it)) => {
                        ty.decl.name.name == it.ty.decl.name.name
                    }
                    (Some(Value::StructType(_) | Value::EnumType(_)), _) => false,
                    _ => return self.wrong_word(frame, name, args, value, span),
                };
                Ok((!fits).then(|| Wrong::whole(value)))
            }
        }
    }

    fn wrong_word(
        &mut self,
        frame: &Frame<'p>,
        word: &str,
        args: &'p [TypeExpr],
        value: &Value<'p>,
        span: Span,
    ) -> Eval<'p, Option<Wrong<'p>>> {
        let kind = value.type_name();
        let fits = match word {
            "any" => true,
            "float" | "number" => kind == "int" || kind == "float",
            "Result" => kind == "result",
            "Option" => kind == "option",
            word => word == kind,
        };
        if !fits {
            return Ok(Some(Wrong::whole(value)));
        }
        let Some(first) = args.first() else { return Ok(None) };
        let items: Vec<(&'p TypeExpr, Value<'p>)> = match value {
            Value::Array(it) | Value::Queue(it) | Value::Stack(it) => {
                it.0.iter().map(|it| (first, it.clone())).collect()
            }
            Value::Set(it) => it.iter().map(|(key, _)| (first, key.value())).collect(),
            Value::Dict(it) => {
                let second = args.get(1).unwrap_or(first);
                let entries = it.iter();
                entries.flat_map(|it| [(first, it.0.value()), (second, it.1.clone())]).collect()
            }
            Value::Wrapped(Wrap::Err, inner) => {
                args.get(1).map(|ty| (ty, inner.0.clone())).into_iter().collect()
            }
            Value::Wrapped(_, inner) => vec![(first, inner.0.clone())],
            _ => Vec::new(),
        };
        self.charge(span, items.len())?;
        for (ty, item) in items {
            if let Some(wrong) = self.wrong(frame, ty, &item, span)? {
                return Ok(Some(wrong.deeper()));
            }
        }
        Ok(None)
    }
}

/// The annotation of a function's result, if it speaks of what the function returns.
pub(super) fn checked_result(func: FuncRef<'_>) -> Option<&TypeExpr> {
    func.result.filter(|_| func.kind != FuncKind::Generator)
}

/// What a message calls a value that is bound to a pattern.
pub(super) fn pattern_subject(pattern: &Pattern) -> String {
    match &pattern.kind {
        PatternKind::Bind(name) => name.name.to_string(),
        _ => "the value".to_owned(),
    }
}

fn phrase(value: &Value<'_>) -> String {
    let kind = value.type_name();
    match value {
        Value::Bool(it) => format!("{kind} {it}"),
        Value::Int(it) => format!("{kind} {it}"),
        Value::Float(it) => format!("{kind} {it}"),
        Value::Str(it) => format!("{kind} {}", quoted(it)),
        Value::Struct(it) => it.ty.decl.name.name.to_string(),
        Value::Enum(it) => it.ty.decl.name.name.to_string(),
        _ => kind.to_owned(),
    }
}

/// The annotation as text.
fn written(ty: &TypeExpr) -> String {
    let list = |types: &[TypeExpr], between| {
        types.iter().map(written).collect::<Vec<String>>().join(between)
    };
    let before_suffix = |ty: &TypeExpr| match &ty.kind {
        TypeKind::Func { .. } | TypeKind::Union(_) => format!("({})", written(ty)),
        _ => written(ty),
    };
    match &ty.kind {
        TypeKind::Named { name, args } if args.is_empty() => name.to_string(),
        TypeKind::Named { name, args } => format!("{name}<{}>", list(args, ", ")),
        TypeKind::Optional(inner) => before_suffix(inner) + "?",
        TypeKind::Array(inner) => before_suffix(inner) + "[]",
        TypeKind::Func { params, result: None } => format!("func({})", list(params, ", ")),
        TypeKind::Func { params, result: Some(result) } => {
            format!("func({}) -> {}", list(params, ", "), written(result))
        }
        TypeKind::Union(types) => list(types, " | "),
    }
}
