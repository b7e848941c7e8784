//! Probes to wordcode: a predicate and a body of each, as functions of one linear module.
//!
//! What a probe says of itself beside its code (where it is attached, how often it is sampled) stands in the module's
//! metadata, so that a module is the whole program and travels like any other.

use std::sync::Arc;

use remora_bytecode::{
    BuildError, CodeBuilder, Constant, FnIdx, Function as Compiled, FunctionKind, ImportKind,
    Module, ModuleBuilder, Profile, Unverified,
};
use remora_diagnostics::{Code, Diagnostic, Sink, Span};

use crate::dispatcher::ENTRY;
use crate::expr::{Argument, Expr, ExprKind, Probe, Source, Statement};
use crate::functions::Function;
use crate::program::{SAMPLING, body_name, predicate_name, probe_id, sampling_key};
use crate::spec::Spec;

/// The module of some probes; what cannot be said where it stands is reported.
pub(crate) fn generate(source: &Source, sink: &mut Sink) -> Result<Module<Unverified>, BuildError> {
    let mut module = ModuleBuilder::new("probes", Profile::Linear);
    if let Some(rate) = source.sampling {
        module.add_metadata(SAMPLING, &rate.to_string());
    }
    for (nth, probe) in source.probes.iter().enumerate() {
        let id = probe_id(nth);
        module.add_metadata(&id, &probe.spec.to_string());
        if let Some(rate) = probe.sampling {
            module.add_metadata(&sampling_key(&id), &rate.to_string());
        }
        if let Some(predicate) = &probe.predicate {
            let mut code = Codegen::new(&mut module, probe, sink, Part::Predicate);
            code.value(predicate);
            code.code.r#return();
            let code = code.code;
            add(&mut module, &predicate_name(&id), code)?;
        }
        let mut code = Codegen::new(&mut module, probe, sink, Part::Body);
        code.body(&probe.body);
        let code = code.code;
        add(&mut module, &body_name(&id), code)?;
    }
    module.finish()
}

fn add(module: &mut ModuleBuilder, name: &str, code: CodeBuilder) -> Result<FnIdx, BuildError> {
    let at = module.reserve_function();
    let function = Compiled {
        name: name.into(),
        params: Box::default(),
        kind: FunctionKind::Plain,
        captures: Box::default(),
        code: code.finish()?,
    };
    module.set_function(at, function);
    Ok(at)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Predicate,
    Body,
}

struct Codegen<'a> {
    module: &'a mut ModuleBuilder,
    spec: &'a Spec,
    sink: &'a mut Sink,
    part: Part,
    code: CodeBuilder,
}

impl<'a> Codegen<'a> {
    fn new(
        module: &'a mut ModuleBuilder,
        probe: &'a Probe,
        sink: &'a mut Sink,
        part: Part,
    ) -> Self {
        Self { module, spec: &probe.spec, sink, part, code: CodeBuilder::new(0) }
    }

    fn body(&mut self, statements: &[Statement]) {
        for (nth, statement) in statements.iter().enumerate() {
            let leaves_value = self.statement(statement);
            let is_last = nth + 1 == statements.len();
            match (leaves_value, is_last) {
                // The value of the last expression is the result: an instruction less than dropping it.
                (true, true) => return self.code.r#return(),
                (true, false) => self.code.pop(),
                (false, _) => {}
            }
        }
        self.code.return_null();
    }

    /// Whether it leaves a value.
    fn statement(&mut self, statement: &Statement) -> bool {
        match statement {
            Statement::Expr(expr) => {
                self.code.set_span(expr.span);
                match &expr.kind {
                    ExprKind::Call(function, arguments) if function.is_action() => {
                        self.call(*function, arguments);
                    }
                    _ => self.value(expr),
                }
                true
            }
            Statement::SetRequest { name, value, span } => {
                self.code.load_name("$req");
                self.value(value);
                self.code.set_span(*span);
                self.code.set_attr(name);
                false
            }
            Statement::Fold { table, keys, fold, arguments, span } => {
                self.host(Function::Fold(*fold));
                self.code.load(Constant::text(table));
                for part in keys.iter().chain(arguments) {
                    self.value(part);
                }
                self.code.set_span(*span);
                self.code.call_host(count(1 + keys.len() + arguments.len()));
                true
            }
            Statement::Table { function, table, span } => {
                self.code.set_span(*span);
                if self.spec.point().is_some() {
                    let label = format!("`{}` may take long", function.import());
                    self.sink.push(
                        Diagnostic::error(Code::P0007)
                            .label(*span, label)
                            .help("write it in a probe of its own, such as `interval:10s { … }`"),
                    );
                }
                self.host(*function);
                self.code.load(Constant::text(table));
                self.code.call_host(1);
                true
            }
        }
    }

    fn host(&mut self, function: Function) {
        let import = self.module.import(function.import(), ImportKind::Host);
        self.code.load_host(import);
    }

    fn value(&mut self, expr: &Expr) {
        self.code.set_span(expr.span);
        match &expr.kind {
            ExprKind::Wrong | ExprKind::None => self.code.load_null(),
            ExprKind::Bool(value) => self.code.load(Constant::Bool(*value)),
            ExprKind::Int(value) => self.code.load_int(*value),
            ExprKind::Float(value) => self.code.load(Constant::float(*value)),
            ExprKind::Text(value) => self.code.load(Constant::Str(Arc::clone(value))),
            ExprKind::Name(name) => {
                self.check_name(name, expr.span);
                self.code.load_name(name);
            }
            ExprKind::Request => self.code.load_name("$req"),
            ExprKind::Attribute(object, name) if self.is_entry(object) => {
                self.code.load_name(&format!("{ENTRY}{name}"));
            }
            ExprKind::Attribute(object, name) => {
                self.value(object);
                self.code.set_span(expr.span);
                self.code.get_attr(name);
            }
            ExprKind::Item(object, key) => {
                self.value(object);
                self.value(key);
                self.code.set_span(expr.span);
                self.code.get_index();
            }
            ExprKind::Slice(object, low, high) => {
                self.host(Function::Slice);
                self.value(object);
                for bound in [low, high] {
                    match bound {
                        Some(bound) => self.value(bound),
                        None => self.code.load_null(),
                    }
                }
                self.code.set_span(expr.span);
                self.code.call_host(3);
            }
            ExprKind::Call(function, arguments) => {
                if function.is_action() {
                    self.misplaced(*function, expr.span);
                } else if *function == Function::Elapsed {
                    self.check_exit("the time since the entry", expr.span);
                } else if *function == Function::Matches {
                    self.check_pattern(arguments);
                }
                self.call(*function, arguments);
            }
            ExprKind::Not(inner) => {
                self.value(inner);
                self.code.set_span(expr.span);
                if !gives_bool(inner) {
                    self.code.to_bool();
                }
                self.code.unary_not();
            }
            ExprKind::Negate(inner) => {
                self.value(inner);
                self.code.set_span(expr.span);
                self.code.unary_neg();
            }
            ExprKind::Arithmetic(op, left, right) => {
                self.pair(left, right, expr.span);
                self.code.emit(arithmetic(*op), 0);
            }
            ExprKind::Compare(kind, left, right) => {
                self.pair(left, right, expr.span);
                self.code.compare(*kind);
            }
            ExprKind::And(left, right) => {
                self.pair(left, right, expr.span);
                self.code.logical_and();
            }
            ExprKind::Or(left, right) => {
                self.pair(left, right, expr.span);
                self.code.logical_or();
            }
        }
    }

    fn pair(&mut self, left: &Expr, right: &Expr, span: Span) {
        self.value(left);
        self.value(right);
        self.code.set_span(span);
    }

    fn call(&mut self, function: Function, arguments: &[Argument]) {
        let span = self.code.span();
        self.host(function);
        let mut n = 0;
        for argument in arguments {
            if function == Function::CaptureNamed {
                self.code.load(Constant::text(argument.name.as_deref().unwrap_or_default()));
                n += 1;
            }
            self.value(&argument.value);
            n += 1;
        }
        self.code.set_span(span);
        self.code.call_host(count(n));
    }

    /// Whether an expression is the `entry` of `entry.x`: at an exit it stands for how things were.
    fn is_entry(&self, object: &Expr) -> bool {
        let at_exit = self.spec.point().is_some_and(|it| it.is_exit());
        at_exit && matches!(&object.kind, ExprKind::Name(name) if **name == *"entry")
    }

    fn check_name(&mut self, name: &str, span: Span) {
        if self.spec.point().is_none() {
            let label = format!("`{}` runs in no function: there is no `{name}`", self.spec);
            self.sink.push(
                Diagnostic::error(Code::P0007)
                    .label(span, label)
                    .help("only tables and functions of the language are known here"),
            );
        } else if matches!(name, "retval" | "exception") {
            self.check_exit(&format!("`{name}`"), span);
        }
    }

    fn check_exit(&mut self, what: &str, span: Span) {
        if self.spec.point().is_some_and(|it| it.is_exit()) {
            return;
        }
        self.sink.push(
            Diagnostic::error(Code::P0007)
                .label(span, format!("{what} is known at the exit of a function only"))
                .help("attach the probe to `:exit`"),
        );
    }

    fn misplaced(&mut self, function: Function, span: Span) {
        let name = function.import();
        let error = Diagnostic::error(Code::P0007);
        self.sink.push(match self.part {
            Part::Predicate => error
                .label(span, format!("a predicate only looks; `{name}` does something"))
                .help("move it to the body, between `{` and `}`"),
            Part::Body => error
                .label(span, format!("`{name}` gives no value"))
                .help("write it as a statement of its own"),
        });
    }

    fn check_pattern(&mut self, arguments: &[Argument]) {
        if let [_, pattern] = arguments
            && !matches!(pattern.value.kind, ExprKind::Text(_) | ExprKind::Wrong)
        {
            let label = "the pattern of `matches` is a text written here";
            self.sink.push(Diagnostic::error(Code::P0006).label(pattern.value.span, label));
        }
    }
}

/// Whether the code of an expression leaves a bool, so that `!` needs no conversion.
fn gives_bool(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Bool(_)
            | ExprKind::Compare(..)
            | ExprKind::And(..)
            | ExprKind::Or(..)
            | ExprKind::Not(_)
    )
}

pub(crate) const fn arithmetic(op: remora_bytecode::scalar::Arithmetic) -> remora_bytecode::Opcode {
    use remora_bytecode::{Opcode, scalar::Arithmetic};
    match op {
        Arithmetic::Add => Opcode::BinaryAdd,
        Arithmetic::Sub => Opcode::BinarySub,
        Arithmetic::Mul => Opcode::BinaryMul,
        Arithmetic::Div => Opcode::BinaryDiv,
        Arithmetic::Mod => Opcode::BinaryMod,
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
