//! The files of a program: follows every import, before anything runs.
//!
//! Where a dotted name leads is the caller's knowledge. What each file exports is read off its text.

use std::collections::HashMap;

use remora_diagnostics::{Code, Severity, Span};
use remora_syntax::ast::{Import, Program, Stmt, StmtKind};
use remora_syntax::{ParseLimits, parse};

use crate::eval::exported_names;
use crate::run::OracleError;

/// Finds a module: gets the name of the importing file and the dotted name.
pub type Loader<'h> = dyn FnMut(&str, &str) -> Result<SourceFile, NotFound> + 'h;

/// A file of source text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceFile {
    /// What it is called, the same whoever imports it.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// There is no such module, or it may not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotFound {
    /// The files that were looked for.
    pub tried: Vec<String>,
}

/// A loader that finds nothing.
///
/// # Errors
/// Always.
pub fn no_modules(_importer: &str, _name: &str) -> Result<SourceFile, NotFound> {
    Err(NotFound { tried: Vec::new() })
}

/// A module other than the main program.
pub(crate) struct Loaded {
    pub(crate) file: SourceFile,
    pub(crate) program: Program,
}

/// The modules that a program needs.
#[derive(Default)]
pub(crate) struct Files {
    /// The main program is number 0 and not among them: the first is number 1.
    pub(crate) loaded: Vec<Loaded>,
    /// For each module, which module the import statement at that offset means.
    pub(crate) imports: Vec<HashMap<u32, usize>>,
}

struct Search<'l, 'h> {
    loader: &'l mut Loader<'h>,
    main: &'l str,
    files: Files,
    /// The modules that import each other down to the one that is looked at, with the names they were imported by.
    path: Vec<(usize, String)>,
}

/// An import statement, on its own.
struct Wanted {
    offset: u32,
    name: String,
    span: Span,
    items: Vec<(String, Span)>,
}

/// Loads everything that `program`, the text of the file `main`, imports.
pub(crate) fn load(
    program: &Program,
    main: &str,
    loader: &mut Loader<'_>,
) -> Result<Files, OracleError> {
    let stem = main.rsplit('/').next().unwrap_or(main).trim_end_matches(".ruff").to_owned();
    let path = vec![(0, stem)];
    let mut search = Search { loader, main, files: Files::default(), path };
    search.files.imports.push(HashMap::new());
    search.follow(0, wanted(program))?;
    Ok(search.files)
}

impl Search<'_, '_> {
    fn file(&self, module: usize) -> Option<&str> {
        let nth = module.checked_sub(1)?;
        self.files.loaded.get(nth).map(|it| &*it.file.name)
    }

    fn fail<T>(
        &self,
        module: usize,
        code: Code,
        span: Span,
        message: String,
    ) -> Result<T, OracleError> {
        let file = self.file(module).map(str::to_owned);
        Err(OracleError {
            code,
            span,
            message,
            stack: Vec::new(),
            sites: Vec::new(),
            advice: Box::default(),
            file,
        })
    }

    fn follow(&mut self, module: usize, imports: Vec<Wanted>) -> Result<(), OracleError> {
        for wanted in imports {
            let target = self.find(module, &wanted)?;
            self.files.imports[module].insert(wanted.offset, target);
            let exported = exported_names(&self.files.loaded[target - 1].program);
            if let Some((item, span)) =
                wanted.items.iter().find(|it| !exported.contains(&it.0.as_str()))
            {
                let message = format!("{} does not export {item}", wanted.name);
                return self.fail(module, Code::E0123, *span, message);
            }
        }
        Ok(())
    }

    /// The number of the module that is meant, loaded with all that it imports.
    fn find(&mut self, module: usize, wanted: &Wanted) -> Result<usize, OracleError> {
        let importer = self.file(module).unwrap_or(self.main).to_owned();
        let file = match (self.loader)(&importer, &wanted.name) {
            Ok(file) => file,
            Err(NotFound { tried }) => {
                let message =
                    format!("Module not found: {}\ntried {}", wanted.name, tried.join(", "));
                return self.fail(module, Code::E0121, wanted.span, message);
            }
        };
        let known = match file.name == self.main {
            true => Some(0),
            false => (1..=self.files.loaded.len()).find(|it| self.file(*it) == Some(&file.name)),
        };
        if let Some(known) = known {
            let Some(at) = self.path.iter().position(|it| it.0 == known) else { return Ok(known) };
            let names = self.path[at..].iter().map(|it| &*it.1).chain([&*self.path[at].1]);
            let chain = names.collect::<Vec<_>>().join(" -> ");
            let message = format!("Modules import each other: {chain}");
            return self.fail(module, Code::E0122, wanted.span, message);
        }
        let parsed = parse(&file.text, &ParseLimits::default());
        let imports = self::wanted(&parsed.program);
        self.files.loaded.push(Loaded { file, program: parsed.program });
        self.files.imports.push(HashMap::new());
        let new = self.files.loaded.len();
        if let Some(error) = parsed.diagnostics.iter().find(|it| it.severity == Severity::Error) {
            let span = error.span().unwrap_or_default();
            return self.fail(new, error.code, span, error.message.clone());
        }
        self.path.push((new, wanted.name.clone()));
        self.follow(new, imports)?;
        self.path.pop();
        Ok(new)
    }
}

fn wanted(program: &Program) -> Vec<Wanted> {
    let imports = program.stmts.iter().filter_map(|stmt| match &stmt.kind {
        StmtKind::Import(import) => Some(of_statement(stmt, import)),
        _ => None,
    });
    imports.collect()
}

fn of_statement(stmt: &Stmt, import: &Import) -> Wanted {
    let names: Vec<&str> = import.path.iter().map(|it| &*it.name).collect();
    let (first, last) = (import.path.first(), import.path.last());
    let span = match (first, last) {
        (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
        _ => stmt.span,
    };
    let items = import.items.iter().flatten();
    Wanted {
        offset: stmt.span.start,
        name: names.join("."),
        span,
        items: items.map(|it| (it.name.name.to_string(), it.name.span)).collect(),
    }
}
