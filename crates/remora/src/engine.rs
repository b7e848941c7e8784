//! What programs are compiled and loaded with.

use std::sync::{Arc, OnceLock};

use remora_bytecode::{Budget, ImportKind, Unverified, VerifyError, wire};
use remora_compiler::{After, BuiltinNames, Files, Options, compile, compile_files};
use remora_diagnostics::{Diagnostic, Severity, Source, SourceMap};
use remora_syntax::ast::{Program, StmtKind};
use remora_syntax::{ParseLimits, Parsed, parse};
use remora_vm::builtins::Call;
use remora_vm::{LinkError, Loaded, Prelude, Registry, Tier};

use crate::error::Rejected;
use crate::modules::{Finder, Modules};
use crate::{EngineBuilder, Loading, Module};

/// The builtins that programs may use, and the way from text or bytes to a [`Module`]. Cloning shares.
#[derive(Clone, Debug)]
pub struct Engine {
    inner: Arc<Inner>,
    modules: Finder,
    check_types: bool,
    tier: Tier,
}

#[derive(Debug)]
struct Inner {
    registry: Arc<Registry>,
    prelude: Prelude,
    names: BuiltinNames<'static>,
}

/// A program that was compiled, with all that it imports.
pub(crate) struct Made {
    pub(crate) module: remora_bytecode::Module<Unverified>,
    /// The texts of its files.
    pub(crate) sources: SourceMap,
    pub(crate) warnings: Vec<Diagnostic>,
    /// What the next input of a session has to know.
    pub(crate) after: After,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// An engine with all builtins. Made once for a process; further ones share its work.
    ///
    /// # Panics
    /// If the prelude that is compiled in is not sound, which a test rules out.
    #[must_use]
    pub fn new() -> Self {
        static ONE: OnceLock<Engine> = OnceLock::new();
        ONE.get_or_init(|| {
            let registry = builtins();
            let prelude = match prelude(&registry) {
                Ok(prelude) => prelude,
                Err(why) => unreachable!("the prelude is sound: {why}"),
            };
            Self::of(registry, prelude)
        })
        .clone()
    }

    /// An engine with functions of the host beside the builtins.
    #[must_use]
    pub fn builder() -> EngineBuilder {
        EngineBuilder::new(Registry::clone(&Self::new().inner.registry))
    }

    /// What a builder has made: the builtins come first, so that the prelude is the same as ever.
    pub(crate) fn with_registry(registry: Registry) -> Self {
        Self::of(registry, Self::new().inner.prelude.clone())
    }

    fn of(registry: Registry, prelude: Prelude) -> Self {
        let names = names(&registry, true);
        let inner = Inner { registry: Arc::new(registry), prelude, names };
        Self {
            inner: Arc::new(inner),
            modules: Finder::default(),
            check_types: false,
            tier: Tier::Loop,
        }
    }

    /// This engine with modules that programs may import: in [`crate::Folders`], as [`crate::Texts`] in memory, or
    /// wherever else. Without, each import is an error (E0121).
    #[must_use]
    pub fn with_modules(mut self, modules: impl Modules + 'static) -> Self {
        self.modules = Finder(Some(Arc::new(modules)));
        self
    }

    /// This engine with more modules: where those that it has do not know a name.
    #[must_use]
    pub fn with_more_modules(mut self, modules: impl Modules + 'static) -> Self {
        self.modules = self.modules.or(Arc::new(modules));
        self
    }

    /// This engine, which compiles programs so that values are checked against the type annotations of parameters, results,
    /// bindings and fields: E0124, E0125, and R0034 while a program runs. A program that passes does the same as without.
    ///
    /// # Cost
    /// A call of a builtin for each check; one unit of fuel for each element of a collection that is looked at.
    #[must_use]
    pub fn with_checked_types(mut self) -> Self {
        self.check_types = true;
        self
    }

    /// This engine, which runs programs in that tier. Whatever the tier, a program prints, gives and raises the same, and uses
    /// the same fuel.
    #[must_use]
    pub const fn with_tier(mut self, tier: Tier) -> Self {
        self.tier = tier;
        self
    }

    /// How programs are run.
    #[must_use]
    pub const fn tier(&self) -> Tier {
        self.tier
    }

    /// Compiles a program, with what it imports. `name` is what messages call its source; modules are looked for beside it.
    ///
    /// # Errors
    /// All errors in the program, as diagnostics with places.
    pub fn compile(&self, name: &str, text: &str) -> Result<Module, Rejected> {
        self.compile_changed(name, text, |_| ())
    }

    /// Compiles a text whose last expression is its result: what a command line or a session takes.
    ///
    /// # Errors
    /// As [`Engine::compile`].
    pub fn compile_expression(&self, name: &str, text: &str) -> Result<Module, Rejected> {
        self.compile_changed(name, text, return_last)
    }

    /// Compiles a program without the optimiser, for comparison.
    ///
    /// # Errors
    /// As [`Engine::compile`].
    pub fn compile_plain(&self, name: &str, text: &str) -> Result<Module, Rejected> {
        let parsed = parse(text, &ParseLimits::default());
        self.compile_with(name, text, parsed, &Options { optimise: false, ..self.options(name) })
    }

    /// Parses and checks a program, and gives what there is to say about it.
    #[must_use]
    pub fn check(&self, name: &str, text: &str) -> (Vec<Diagnostic>, SourceMap) {
        match self.compile(name, text) {
            Ok(module) => (module.warnings().to_vec(), module.sources().clone()),
            Err(rejected) => (rejected.diagnostics, rejected.sources),
        }
    }

    /// Compiles a program whose tree is changed first: what tools make of a text.
    pub(crate) fn compile_changed(
        &self,
        name: &str,
        text: &str,
        change: impl FnOnce(&mut Program),
    ) -> Result<Module, Rejected> {
        let mut parsed = parse(text, &ParseLimits::default());
        if !has_errors(&parsed.diagnostics) {
            change(&mut parsed.program);
        }
        self.compile_parsed(name, text, parsed)
    }

    /// Compiles a tree.
    pub(crate) fn compile_parsed(
        &self,
        name: &str,
        text: &str,
        parsed: Parsed,
    ) -> Result<Module, Rejected> {
        self.compile_with(name, text, parsed, &self.options(name))
    }

    fn compile_with(
        &self,
        name: &str,
        text: &str,
        parsed: Parsed,
        options: &Options,
    ) -> Result<Module, Rejected> {
        if has_errors(&parsed.diagnostics) {
            let sources = SourceMap::single(Source::new(name, text));
            return Err(Rejected::new(parsed.diagnostics, sources));
        }
        let files = Files::of_program(name, text, parsed.program);
        let made = self.compile_loaded(files, parsed.diagnostics, options)?;
        self.accept(made.module, Arc::new(made.sources), made.warnings)
    }

    /// How a program that is run is compiled.
    fn options(&self, name: &str) -> Options {
        Options {
            module_name: name.to_owned(),
            globals_as_locals: true,
            check_types: self.check_types,
            ..Options::default()
        }
    }

    /// Whether values are checked against type annotations.
    pub(crate) const fn checks_types(&self) -> bool {
        self.check_types
    }

    /// Loads what a program imports, and compiles all of it. `found` is what the parser has found.
    pub(crate) fn compile_loaded(
        &self,
        mut files: Files,
        found: Vec<Diagnostic>,
        options: &Options,
    ) -> Result<Made, Rejected> {
        let mut diagnostics = found;
        let mut find = |importer: &str, name: &str| self.modules.find(importer, name);
        diagnostics.extend(files.load(&mut find, options.max_errors));
        let (mut module, mut after) = (None, After::default());
        if !has_errors(&diagnostics) {
            let compiled = compile_files(&files, options, &self.inner.names);
            diagnostics.extend(compiled.diagnostics);
            (module, after) = (compiled.module, compiled.after);
        }
        let starts = files.starts();
        let diagnostics = diagnostics.into_iter().map(|it| it.in_sources(&starts)).collect();
        let mut sources = SourceMap::default();
        for (file, text) in files.iter() {
            sources.add(Source::new(file.name.as_str(), text));
        }
        match module {
            Some(module) => {
                let module = with_debug(module, &files, &sources);
                Ok(Made { module, sources, warnings: diagnostics, after })
            }
            None => Err(Rejected::new(diagnostics, sources)),
        }
    }

    /// Loads a module from its bytes, as [`Module::to_bytes`] writes them.
    ///
    /// # Errors
    /// V-codes for bytes that are no sound module, L0008 for too many of them, and what it imports that is not here.
    pub fn load(&self, name: &str, bytes: &[u8]) -> Result<Module, Rejected> {
        let module = wire::read(bytes, &wire::WireBudget::default());
        self.accept_read(name, module.map_err(|error| no_module(name, &error))?)
    }

    /// Loads a stripped module and gives it back what messages need, from the debug file that was written with it:
    /// [`Module::to_debug_file`]. `debug_name` is what messages call that file.
    ///
    /// # Errors
    /// V0096 if the file was made for another module; as [`Engine::load`] for the module, and for bytes that are no debug
    /// file.
    pub fn load_with_debug(
        &self,
        name: &str,
        bytes: &[u8],
        debug_name: &str,
        debug: &[u8],
    ) -> Result<Module, Rejected> {
        let budget = wire::WireBudget::default();
        let file = wire::DebugFile::read(debug, &budget);
        let file = file.map_err(|error| no_module(debug_name, &error))?;
        if !file.belongs_to(bytes) {
            let wrong = Diagnostic::error(remora_diagnostics::Code::V0096)
                .note(format!("{debug_name} was not made for {name}"))
                .help("build both at once: `remora build FILE --debug-file OUT`");
            return Err(Rejected::new(vec![wrong], SourceMap::single(Source::new(name, ""))));
        }
        let read = file.read_module(bytes, &budget).map_err(|error| no_module(name, &error))?;
        let Some(debug) = read.debug.as_ref().filter(|_| !file.texts().is_empty()) else {
            return self.accept_read(name, read);
        };
        let names = std::iter::once(&debug.source).chain(debug.imported.iter().map(|it| &it.name));
        let mut sources = SourceMap::default();
        for (name, text) in names.zip(file.texts()) {
            sources.add(Source::new(&**name, *text));
        }
        self.accept(read, Arc::new(sources), Vec::new())
    }

    /// Begins to load a module whose bytes come in pieces. `name` is what messages call it.
    #[must_use]
    pub fn load_stream(&self, name: &str) -> Loading {
        Loading::new(self.clone(), name)
    }

    /// Takes a module that was read from bytes.
    pub(crate) fn accept_read(
        &self,
        name: &str,
        module: remora_bytecode::Module<Unverified>,
    ) -> Result<Module, Rejected> {
        let mut sources = SourceMap::default();
        match &module.debug {
            // The texts do not travel with the module; their names and lines do.
            Some(debug) => {
                sources.add(Source::from_lines(&*debug.source, &debug.line_starts));
                for it in &debug.imported {
                    sources.add(Source::from_lines(&*it.name, &it.line_starts));
                }
            }
            None => drop(sources.add(Source::new(name, ""))),
        }
        self.accept(module, Arc::new(sources), Vec::new())
    }

    /// The one way in: verify, then link.
    ///
    /// # Errors
    /// As [`Engine::load`].
    pub fn accept(
        &self,
        module: remora_bytecode::Module<Unverified>,
        sources: Arc<SourceMap>,
        warnings: Vec<Diagnostic>,
    ) -> Result<Module, Rejected> {
        self.accept_after(None, module, sources, warnings)
    }

    /// The way in for a part of a session: verify, then link after what the session has loaded.
    pub(crate) fn accept_after(
        &self,
        before: Option<&Loaded>,
        module: remora_bytecode::Module<Unverified>,
        sources: Arc<SourceMap>,
        warnings: Vec<Diagnostic>,
    ) -> Result<Module, Rejected> {
        let inner = &*self.inner;
        let link = |module| match before {
            Some(before) => before.link_after(module),
            None => Loaded::link(module, Arc::clone(&inner.registry), &inner.prelude, self.tier),
        };
        accept_by(module, sources, warnings, link)
    }

    /// The way in for a module of which only the header has come: calls of its functions wait for their code.
    pub(crate) fn accept_outline(
        &self,
        name: &str,
        outline: remora_bytecode::Module<Unverified>,
    ) -> Result<Module, Rejected> {
        let inner = &*self.inner;
        let sources = SourceMap::single(Source::new(name, ""));
        accept_by(outline, Arc::new(sources), Vec::new(), |outline| {
            Loaded::link_outline(outline, Arc::clone(&inner.registry), &inner.prelude, self.tier)
        })
    }

    /// Whether functions of the host are async, so that programs that call them need a run that waits.
    #[must_use]
    pub fn has_async_functions(&self) -> bool {
        let entries = self.inner.registry.entries();
        entries.iter().any(|it| it.function.is_some() && matches!(it.row.call, Call::Async))
    }

    /// The builtins.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.inner.registry
    }
}

/// Verifies a module, and links it by `link`.
fn accept_by(
    module: remora_bytecode::Module<Unverified>,
    sources: Arc<SourceMap>,
    warnings: Vec<Diagnostic>,
    link: impl FnOnce(remora_bytecode::Module) -> Result<Arc<Loaded>, LinkError>,
) -> Result<Module, Rejected> {
    let reject = |diagnostic| Rejected::new(vec![diagnostic], (*sources).clone());
    let verified = module.verify(&Budget::default()).map_err(|it| reject(not_sound(&it)))?;
    let loaded = link(verified.clone()).map_err(|it| reject(not_linked(&it)))?;
    Ok(Module::new(loaded, verified, sources, warnings))
}

/// A module that breaks a rule.
pub(crate) fn not_sound(error: &VerifyError) -> Diagnostic {
    let place = match (error.function, error.at) {
        (Some(function), Some(at)) => format!(", in function {} at unit {at}", function.0),
        (Some(function), None) => format!(", in function {}", function.0),
        _ => String::new(),
    };
    Diagnostic::error(error.code).note(format!("{}{place}", error.message))
}

/// A module that cannot be run here.
pub(crate) fn not_linked(error: &LinkError) -> Diagnostic {
    Diagnostic::error(remora_diagnostics::Code::V0094).note(error.to_string())
}

/// Bytes that are no module.
pub(crate) fn no_module(name: &str, error: &wire::WireError) -> Rejected {
    let note = format!("at byte {} of {name}: {}", error.offset, error.message);
    let sources = SourceMap::single(Source::new(name, ""));
    Rejected::new(vec![Diagnostic::error(error.code).note(note)], sources)
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|it| it.severity == Severity::Error)
}

/// Makes the last expression the result.
pub(crate) fn return_last(program: &mut Program) {
    if let Some(last) = program.stmts.last_mut()
        && let StmtKind::Expr(_) = last.kind
        && let StmtKind::Expr(value) = std::mem::replace(&mut last.kind, StmtKind::Error)
    {
        last.kind = StmtKind::Return(Some(value));
    }
}

/// The module with the names and lines of the files that it was made of.
fn with_debug(
    module: remora_bytecode::Module<Unverified>,
    files: &Files,
    sources: &SourceMap,
) -> remora_bytecode::Module<Unverified> {
    let mut data = module.into_data();
    let mut debug = remora_bytecode::Debug::default();
    let mut imported = Vec::new();
    for (nth, ((file, _), source)) in files.iter().zip(sources.iter()).enumerate() {
        let (name, line_starts) = (file.name.as_str().into(), source.line_starts().into());
        if nth == 0 {
            (debug.source, debug.line_starts) = (name, line_starts);
        } else {
            let start = file.start;
            imported.push(remora_bytecode::ImportedSource { name, start, line_starts });
        }
    }
    debug.imported = imported.into();
    data.debug = Some(Arc::new(debug));
    remora_bytecode::Module::new(data)
}

/// The builtins of every engine.
#[cfg(feature = "stdlib")]
fn builtins() -> Registry {
    let mut registry = Registry::core();
    remora_stdlib::register(&mut registry);
    registry
}

/// The builtins of every engine.
#[cfg(not(feature = "stdlib"))]
fn builtins() -> Registry {
    Registry::core()
}

fn names(registry: &Registry, scripts: bool) -> BuiltinNames<'static> {
    // Of two with the same name the later one counts.
    let functions = registry.entries().iter().rev().filter_map(|entry| match entry.row.call {
        Call::Never => None,
        _ if entry.row.is_hidden() && scripts => None,
        Call::Native(_) => Some((entry.name, ImportKind::Host)),
        Call::Async | Call::Task(_) => Some((entry.name, ImportKind::HostAsync)),
        Call::Script(_) => scripts.then_some((entry.name, ImportKind::Script)),
    });
    BuiltinNames::new(functions.collect::<Vec<_>>(), registry.method_names().collect::<Vec<_>>())
}

/// The builtins that are written in Ruff.
fn prelude(registry: &Registry) -> Result<Prelude, String> {
    let module = wire::read(remora_vm::prelude::COMPILED, &wire::WireBudget::default())
        .map_err(|it| it.to_string())?;
    let module = module.verify(&Budget::default()).map_err(|it| it.to_string())?;
    Prelude::new(&module, registry).map_err(|it| it.to_string())
}

/// Compiles the prelude from its source: what `prelude.rmod` must hold.
///
/// # Errors
/// What is wrong with the source.
#[doc(hidden)]
pub fn compile_prelude() -> Result<Vec<u8>, Vec<Diagnostic>> {
    let registry = builtins();
    let parsed = parse(remora_vm::prelude::SOURCE, &ParseLimits::default());
    if !parsed.diagnostics.is_empty() {
        return Err(parsed.diagnostics);
    }
    let options = Options {
        module_name: "prelude".to_owned(),
        globals_as_locals: true,
        // Builtins call private ones, too.
        leave_out_unused: false,
        ..Options::default()
    };
    let compiled = compile(&parsed.program, &options, &names(&registry, false));
    match compiled.module {
        Some(module) if compiled.diagnostics.is_empty() => {
            Ok(wire::write(&module, wire::WriteOptions { strip: true }))
        }
        _ => Err(compiled.diagnostics),
    }
}
