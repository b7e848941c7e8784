//! Compiles Ruff syntax trees to wordcode.
//!
//! Two passes. [`scope`] gives every name its meaning, once, and finds out which variables closures share. [`codegen`]
//! then writes one function after the other; it never looks a name up again. What cannot work is reported as
//! diagnostics, several at a time; warnings do not keep a module from being made.
//!
//! A program may import others: [`Files`] finds them with the caller's help, and all of them become one module.
//!
//! The compiler knows builtins only by [`BuiltinNames`], a table handed in. It never panics on a tree that the parser
//! made; its native stack is bounded by the depth of the tree, its time is linear in the size of the source, but for
//! folding and the marking of last uses, which are bounded apart.
#![forbid(unsafe_code)]

mod builtin_names;
mod check;
mod codegen;
mod evident;
mod files;
mod fold;
mod limits;
mod lost;
mod moves;
mod scope;
mod session;
mod type_words;

pub use builtin_names::BuiltinNames;
pub use files::{File, Files, Loader, MAX_BYTES, MAX_FILES, NotFound, SourceFile};
pub use session::{After, Earlier, EarlierImport, EarlierModule, EarlierName};

use remora_bytecode::{Debug, Module, Unverified};
use remora_diagnostics::{Diagnostic, Sink};
use remora_syntax::ast::Program;

/// How a program is compiled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// The name of the module.
    pub module_name: String,
    /// Top-level variables that no function refers to live in locals of the start function, and named functions have
    /// no global. Right for a program that is run; wrong for a library, whose names others ask for. What is marked with
    /// `export` stays a global in any case.
    pub globals_as_locals: bool,
    /// Compute constants, shorten ways, leave out functions that nothing refers to, and mark last uses. Off, the code
    /// says word for word what the source says.
    pub optimise: bool,
    /// Also leave out top-level functions that nothing refers to and that are private: not marked with `export` where
    /// something is, or with a name that begins with `_`.
    pub leave_out_unused: bool,
    /// Check values against the type annotations of parameters, results, bindings and fields.
    pub check_types: bool,
    /// Where the source came from, for messages; kept in the module.
    pub debug: Option<Debug>,
    /// Global variables that exist already, in their order: the module's first globals are these. What a session has
    /// declared before. The module may declare them anew.
    pub earlier: Vec<Earlier>,
    /// Modules that the session has imported already: of [`Files`] those after the first.
    pub earlier_modules: Vec<EarlierModule>,
    /// Names that the session has imported.
    pub earlier_imports: Vec<EarlierImport>,
    /// Errors after which the rest is only counted; the same number bounds the warnings.
    pub max_errors: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            module_name: "main".to_owned(),
            globals_as_locals: false,
            optimise: true,
            leave_out_unused: true,
            check_types: false,
            debug: None,
            earlier: Vec::new(),
            earlier_modules: Vec::new(),
            earlier_imports: Vec::new(),
            max_errors: 20,
        }
    }
}

/// What [`compile`] gives.
#[derive(Debug)]
pub struct Compiled {
    /// The module, unless there are errors. Not verified: that is the engine's door to keep.
    pub module: Option<Module<Unverified>>,
    /// Errors and warnings in order of place.
    pub diagnostics: Vec<Diagnostic>,
    /// What the next program of a session has to know. Nothing with [`Options::globals_as_locals`].
    pub after: After,
}

/// Compiles a program that was parsed without errors. Whatever it imports is not there (E0121): see [`compile_files`].
#[must_use]
pub fn compile(program: &Program, options: &Options, builtins: &BuiltinNames<'_>) -> Compiled {
    compile_units(&[Unit { program, imports: None, earlier: None }], options, builtins)
}

/// Compiles a program of several files, all of which were parsed and loaded without errors, to one module.
#[must_use]
pub fn compile_files(files: &Files, options: &Options, builtins: &BuiltinNames<'_>) -> Compiled {
    let units = files.as_slice().iter().enumerate().map(|(nth, it)| Unit {
        program: &it.program,
        imports: Some(it),
        earlier: nth.checked_sub(1).and_then(|nth| options.earlier_modules.get(nth)),
    });
    let units: Vec<_> = units.collect();
    compile_units(&units, options, builtins)
}

/// A file of a program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit<'a> {
    pub(crate) program: &'a Program,
    /// Says what its imports mean.
    pub(crate) imports: Option<&'a File>,
    /// It was compiled before.
    pub(crate) earlier: Option<&'a EarlierModule>,
}

fn compile_units<'a>(
    units: &[Unit<'a>],
    options: &'a Options,
    builtins: &BuiltinNames<'_>,
) -> Compiled {
    let mut sink = Sink::new(options.max_errors);
    let scopes = scope::resolve(units, options, builtins, &mut sink);
    let (mut module, mut after) = (None, After::default());
    if !sink.has_errors() {
        (module, after) = codegen::module(&scopes, options, builtins, &mut sink);
    }
    let module = module.filter(|_| !sink.has_errors());
    Compiled { module, diagnostics: sink.finish(), after }
}
