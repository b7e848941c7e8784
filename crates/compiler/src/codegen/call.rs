//! Calls: of functions, builtins, constructors and methods.

use remora_bytecode::{CodeBuilder, ImportIdx, ImportKind, NameIdx, Receiver, ResultKind, Site};
use remora_diagnostics::Span;
use remora_syntax::ast::{Arg, Call, Expr, ExprKind};

use super::Codegen;
use super::assign::{Place, RootVariable};
use crate::builtin_names::BuiltinId;
use crate::check;
use crate::scope::{Meaning, VarKind};

/// The first argument of a call: the value on the left of a pipe.
type Piped<'a> = Option<&'a Expr>;

/// What lies on the stack for a call, besides what is called.
pub(super) enum Arguments {
    /// That many values.
    Plain(u32),
    /// One array of all.
    Spread,
    /// That many values, then one for each name.
    Named(u32, Box<[NameIdx]>),
}

/// What a method is called on.
enum Target<'a> {
    Value,
    Immutable(&'a str),
    Place(Place<'a>),
}

impl<'a> Codegen<'a, '_> {
    #[inline(never)]
    pub(super) fn call(&mut self, call: &'a Call, piped: Piped<'a>, span: Span) {
        match &call.callee.kind {
            ExprKind::Name(name) => match self.scopes.meaning(name) {
                // `None` is a value, and called like one.
                Some(Meaning::Word) if **name != *"None" => self.word_call(name, call, piped, span),
                Some(Meaning::Builtin(builtin)) => self.builtin_call(builtin, call, piped, span),
                _ => {
                    self.check_arguments(name, &call.args, piped);
                    self.name(name, call.callee.span);
                    let arguments = self.arguments(&call.args, piped);
                    self.call_value(arguments, span);
                }
            },
            ExprKind::Field { object, name, .. }
                if let Some(builtin) = self.scopes.in_module(object, &name.name) =>
            {
                self.builtin_call(builtin, call, piped, span);
            }
            ExprKind::Path { base, name } => {
                self.variant_call(base, name, &call.args, piped, span);
            }
            ExprKind::Field { object, name, .. } if self.is_module(object) => {
                self.name(&name.name, span);
                let arguments = self.arguments(&call.args, piped);
                self.call_value(arguments, span);
            }
            _ => self.computed_call(call, piped, span),
        }
    }

    /// A method, or a function that an expression gives. The piped value comes first, so it waits in a local.
    fn computed_call(&mut self, call: &'a Call, piped: Piped<'a>, span: Span) {
        let n_used = self.n_used;
        let piped = piped.map(|value| {
            self.expr(value);
            let local = self.new_local();
            self.emit(value.span, |code| code.store_local(local));
            local
        });
        match &call.callee.kind {
            ExprKind::Field { object, name, optional } => {
                self.method_call(object, &name.name, *optional, &call.args, piped, span);
            }
            _ => {
                self.expr(&call.callee);
                let arguments = self.arguments_after(&call.args, piped, span);
                self.call_value(arguments, span);
            }
        }
        self.n_used = n_used;
    }

    /// Calls the value below the arguments.
    fn call_value(&mut self, arguments: Arguments, span: Span) {
        match arguments {
            Arguments::Plain(n) => self.emit(span, |code| code.call(n)),
            Arguments::Spread => self.emit(span, CodeBuilder::call_spread),
            Arguments::Named(args, named) => {
                self.emit(span, |code| code.call_named(Site { named, ..Site::call(args) }));
            }
        }
    }

    /// `Ok(v)`, `Err(v)`, `Some(v)`, `throw(v)`.
    fn word_call(&mut self, name: &str, call: &'a Call, piped: Piped<'a>, span: Span) {
        self.arguments(&call.args, piped);
        match ResultKind::from_name(name) {
            Some(kind) => self.emit(span, |code| code.make_result(kind)),
            None => self.emit(span, CodeBuilder::raise),
        }
    }

    fn builtin_call(&mut self, builtin: BuiltinId, call: &'a Call, piped: Piped<'a>, span: Span) {
        let (import, kind) = self.import(builtin);
        let plain = check::n_positional(call, 0).is_some();
        self.emit(call.callee.span, |code| match kind {
            ImportKind::Host | ImportKind::HostAsync if plain => code.load_host(import),
            _ => code.load_import(import),
        });
        match (self.arguments(&call.args, piped), kind) {
            (Arguments::Plain(n), ImportKind::Host) => self.emit(span, |code| code.call_host(n)),
            (Arguments::Plain(n), ImportKind::HostAsync) => {
                self.emit(span, |code| code.call_host_async(n));
            }
            (arguments, _) => self.call_value(arguments, span),
        }
    }

    /// The import for a builtin, and how it is called.
    pub(super) fn import(&mut self, builtin: BuiltinId) -> (ImportIdx, ImportKind) {
        let (name, kind) = self.builtins.function(builtin);
        let known = self.imports[builtin.0 as usize];
        let import = known.unwrap_or_else(|| self.module.import(name, kind));
        self.imports[builtin.0 as usize] = Some(import);
        (import, kind)
    }

    /// Pushes the arguments of a call.
    fn arguments(&mut self, args: &'a [Arg], piped: Piped<'a>) -> Arguments {
        if let Some(value) = piped {
            self.expr(value);
        }
        self.arguments_above(args, u32::from(piped.is_some()))
    }

    /// The same with the piped value in a local.
    fn arguments_after(
        &mut self,
        args: &'a [Arg],
        piped: Option<remora_bytecode::LocalIdx>,
        span: Span,
    ) -> Arguments {
        if let Some(local) = piped {
            self.emit(span, |code| code.load_local(local));
        }
        self.arguments_above(args, u32::from(piped.is_some()))
    }

    /// Pushes arguments above `n_before` that are there already.
    fn arguments_above(&mut self, args: &'a [Arg], n_before: u32) -> Arguments {
        if args.iter().any(|it| matches!(it, Arg::Spread(_))) {
            self.spread_arguments(args, n_before);
            return Arguments::Spread;
        }
        let mut n_plain = n_before;
        let mut names = Vec::new();
        for arg in args {
            match arg {
                Arg::Positional(it) | Arg::Spread(it) => {
                    self.expr(it);
                    n_plain += 1;
                }
                Arg::Named(name, it) => {
                    self.expr(it);
                    names.push(self.code.tables().name(&name.name));
                }
            }
        }
        if names.is_empty() {
            return Arguments::Plain(n_plain);
        }
        if let Some(Arg::Named(name, _)) = args.last() {
            let too_large = self.limits.named(names.len(), name.span);
            self.report(too_large);
        }
        Arguments::Named(n_plain, names.into())
    }

    fn method_call(
        &mut self,
        object: &'a Expr,
        method: &'a str,
        optional: bool,
        args: &'a [Arg],
        piped: Option<remora_bytecode::LocalIdx>,
        span: Span,
    ) {
        match self.target(object) {
            Target::Place(place) if optional => {
                self.optional_place_call(&place, method, args, piped, span);
            }
            Target::Place(place) => {
                self.push_keys(&place);
                let arguments = self.arguments_after(args, piped, span);
                self.place_call(&place, method, arguments, span);
            }
            target => {
                self.expr(object);
                let end = optional.then(|| self.label());
                if let Some(end) = end {
                    self.emit(object.span, |code| code.jump_if_null(end));
                }
                let arguments = self.arguments_after(args, piped, span);
                if self.reachable() {
                    let receiver = match target {
                        Target::Immutable(name) => {
                            Receiver::Immutable(self.code.tables().name(name))
                        }
                        Target::Value | Target::Place(_) => Receiver::Value,
                    };
                    let site = self.site(method, receiver, arguments);
                    self.emit(span, |code| code.call_method(site));
                }
                if let Some(end) = end {
                    self.bind(end);
                }
            }
        }
    }

    fn place_call(&mut self, place: &Place<'a>, method: &str, arguments: Arguments, span: Span) {
        if !self.reachable() {
            return;
        }
        let path = self.path(place);
        let receiver = Receiver::Place(self.code.tables().path(path));
        let site = self.site(method, receiver, arguments);
        self.emit(span, |code| code.call_place(site));
    }

    /// `place?.method(…)`: null if there is null, else a call on the place itself.
    #[inline(never)]
    fn optional_place_call(
        &mut self,
        place: &Place<'a>,
        method: &str,
        args: &'a [Arg],
        piped: Option<remora_bytecode::LocalIdx>,
        span: Span,
    ) {
        let n_used = self.n_used;
        let end = self.label();
        let keys = self.save_keys(place);
        self.load_home(place.root, place.span);
        let mut saved = keys.iter();
        for step in &place.steps {
            match step {
                super::assign::PlaceStep::Field(name) => {
                    self.emit(place.span, |code| code.get_attr(name));
                }
                super::assign::PlaceStep::Index(_) => {
                    if let Some(key) = saved.next() {
                        self.push_saved(*key, place.span);
                    }
                    self.emit(place.span, CodeBuilder::get_index);
                }
            }
        }
        self.emit(place.span, |code| {
            code.jump_if_null(end);
            code.pop();
        });
        for key in keys {
            self.push_saved(key, place.span);
        }
        let arguments = self.arguments_after(args, piped, span);
        self.place_call(place, method, arguments, span);
        self.bind(end);
        self.n_used = n_used;
    }

    fn site(&mut self, method: &str, receiver: Receiver, arguments: Arguments) -> Site {
        let method = Some(self.code.tables().name(method));
        match arguments {
            Arguments::Plain(args) => Site { method, receiver, ..Site::call(args) },
            Arguments::Spread => Site { method, receiver, spread: true, ..Site::call(1) },
            Arguments::Named(args, named) => Site { method, receiver, named, ..Site::call(args) },
        }
    }

    /// What a method of that object can do to it.
    fn target(&self, object: &'a Expr) -> Target<'a> {
        match self.root_variable(object) {
            Some(RootVariable::Own(var)) => {
                let it = self.scopes.var(var);
                match it.kind {
                    VarKind::Mutable => {}
                    VarKind::Let | VarKind::Const => return Target::Immutable(it.name),
                    VarKind::Function(_) => return Target::Value,
                }
            }
            Some(RootVariable::Imported(var, name)) => {
                return match self.scopes.var(var).kind {
                    VarKind::Function(_) => Target::Value,
                    VarKind::Mutable | VarKind::Let | VarKind::Const => Target::Immutable(name),
                };
            }
            None => {}
        }
        self.place(object).map_or(Target::Value, Target::Place)
    }

    /// `Shape::Circle(…)`, `Result::Ok(…)`.
    fn variant_call(
        &mut self,
        base: &'a remora_syntax::ast::Ident,
        name: &'a remora_syntax::ast::Ident,
        args: &'a [Arg],
        piped: Piped<'a>,
        span: Span,
    ) {
        match self.arguments(args, piped) {
            Arguments::Plain(n) => self.make_variant(base, name, n, span),
            Arguments::Named(_, named) => self.make_named_variant(base, name, named, span),
            // Refused before.
            Arguments::Spread => {}
        }
    }
}
