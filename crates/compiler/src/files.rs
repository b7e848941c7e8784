//! The files of a program: follows every import before anything is compiled.
//!
//! Where a dotted name leads is the caller's knowledge, asked for through [`Loader`]; this crate opens no files. All
//! files stand one after the other in one text, so that a span says by itself which of them it is in. The search keeps a
//! list of open files instead of recursing, and stops at a bound on files and bytes, so that no chain of imports can
//! take more than a host expects.

use std::collections::HashMap;

use remora_diagnostics::{Code, Diagnostic, Severity, Sink, Span};
use remora_syntax::ast::{Import, Program, Stmt, StmtKind};
use remora_syntax::{ParseLimits, parse_from};

use crate::check;

/// Files that a program may be made of.
pub const MAX_FILES: usize = 1_000;

/// Bytes that they may have together.
pub const MAX_BYTES: usize = 16 << 20;

/// Finds a module: gets the name of the importing file and the dotted name.
pub type Loader<'l> = dyn FnMut(&str, &str) -> Result<SourceFile, NotFound> + 'l;

/// A file of source text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceFile {
    /// What it is called: the same for everybody who imports it, and different from all others.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// There is no such module, or it may not be read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NotFound {
    /// The files that were looked for.
    pub tried: Vec<String>,
    /// Why, if it is not that none of them is there.
    pub why: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
}

/// A program with all that it imports. The first file is the program itself.
#[derive(Debug, Default)]
pub struct Files {
    text: String,
    files: Vec<File>,
}

/// One of the files.
#[derive(Debug)]
pub struct File {
    /// What it is called.
    pub name: String,
    /// Where it begins in the text of all.
    pub start: u32,
    pub(crate) program: Program,
    /// The file that the import statement at that place means.
    pub(crate) imports: HashMap<u32, usize>,
}

impl Files {
    /// The program itself, and nothing else yet. `program` is the tree of `text`.
    #[must_use]
    pub fn of_program(name: &str, text: &str, program: Program) -> Self {
        let mut files = Self::default();
        files.add(name, text, program);
        files
    }

    /// Adds a module that a session has imported before: it is not compiled again. These come before all others.
    pub fn add_earlier(&mut self, name: &str, text: &str) {
        self.add(name, text, Program::default());
    }

    fn add(&mut self, name: &str, text: &str, program: Program) {
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.text.push_str(text);
        self.text.push('\n');
        self.files.push(File { name: name.to_owned(), start, program, imports: HashMap::new() });
    }

    /// Loads what the program imports, and what that imports in turn; gives what is wrong with it, in order of place.
    ///
    /// # Cost
    /// A file is asked for by each file that imports it, and parsed once.
    pub fn load(&mut self, loader: &mut Loader<'_>, max_errors: usize) -> Vec<Diagnostic> {
        let mut search = Search {
            known: self.files.iter().enumerate().map(|(nth, it)| (it.name.clone(), nth)).collect(),
            asked: HashMap::new(),
            files: self,
            loader,
            sink: Sink::new(max_errors),
            open: Vec::new(),
        };
        search.all();
        search.sink.finish()
    }

    /// Where the files are in the text of all, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&File, &str)> {
        let ends = self.files.iter().skip(1).map(|it| it.start as usize);
        let ends = ends.chain([self.text.len()]);
        // Between two files is a newline that belongs to neither.
        self.files.iter().zip(ends).map(|(file, end)| {
            (file, self.text.get(file.start as usize..end.saturating_sub(1)).unwrap_or_default())
        })
    }

    /// Where each file begins.
    #[must_use]
    pub fn starts(&self) -> Vec<u32> {
        self.files.iter().map(|it| it.start).collect()
    }

    pub(crate) fn as_slice(&self) -> &[File] {
        &self.files
    }
}

struct Search<'f, 'l, 'h> {
    files: &'f mut Files,
    loader: &'l mut Loader<'h>,
    sink: Sink,
    /// Files by name.
    known: HashMap<String, usize>,
    /// What a file has imported by that name.
    asked: HashMap<(usize, String), usize>,
    /// The files that import each other down to the one that is looked at.
    open: Vec<Open>,
}

struct Open {
    file: usize,
    /// What it was imported as.
    name: String,
    wanted: std::vec::IntoIter<Wanted>,
}

/// An import statement, on its own.
struct Wanted {
    offset: u32,
    name: String,
    span: Span,
}

impl Search<'_, '_, '_> {
    fn all(&mut self) {
        let Some(main) = self.files.files.first() else { return };
        let name = main.name.rsplit('/').next().unwrap_or_default();
        let name = name.strip_suffix(".ruff").unwrap_or(name).to_owned();
        self.open(0, name);
        while let Some(top) = self.open.last_mut() {
            let file = top.file;
            match top.wanted.next() {
                Some(wanted) if !self.sink.is_full() => self.follow(file, wanted),
                _ => drop(self.open.pop()),
            }
        }
    }

    fn open(&mut self, file: usize, name: String) {
        let Some(it) = self.files.files.get(file) else { return };
        let imports = it.program.stmts.iter().filter_map(|stmt| match &stmt.kind {
            StmtKind::Import(import) => Some(of_statement(stmt, import)),
            _ => None,
        });
        let wanted: Vec<Wanted> = imports.collect();
        self.open.push(Open { file, name, wanted: wanted.into_iter() });
    }

    fn follow(&mut self, importer: usize, wanted: Wanted) {
        let Wanted { offset, name, span } = wanted;
        if let Some(known) = self.asked.get(&(importer, name.clone())).copied() {
            self.files.files[importer].imports.insert(offset, known);
            return;
        }
        let file = match (self.loader)(&self.files.files[importer].name, &name) {
            Ok(file) => file,
            Err(why) => return self.sink.push(check::module_not_found(&name, span, &why)),
        };
        if let Some(known) = self.known.get(&file.name).copied() {
            if let Some(at) = self.open.iter().position(|it| it.file == known) {
                let names = self.open[at..].iter().chain([&self.open[at]]);
                let chain: Vec<&str> = names.map(|it| &*it.name).collect();
                return self.sink.push(check::import_cycle(&chain.join(" -> "), span));
            }
            self.files.files[importer].imports.insert(offset, known);
            self.asked.insert((importer, name), known);
            return;
        }
        let n_bytes = self.files.text.len().saturating_add(file.text.len());
        if self.files.files.len() >= MAX_FILES || n_bytes > MAX_BYTES {
            return self.sink.push(too_large(span, self.files.files.len() >= MAX_FILES));
        }
        let new = self.files.files.len();
        self.files.files[importer].imports.insert(offset, new);
        self.asked.insert((importer, name.clone()), new);
        self.known.insert(file.name.clone(), new);
        self.files.add(&file.name, &file.text, Program::default());
        let start = self.files.files[new].start as usize;
        // Without the newline at its end, which is not the file's.
        let text = self.files.text.get(..self.files.text.len() - 1).unwrap_or_default();
        let parsed = parse_from(text, start, &ParseLimits::default());
        let sound = parsed.diagnostics.iter().all(|it| it.severity != Severity::Error);
        parsed.diagnostics.into_iter().for_each(|it| self.sink.push(it));
        self.files.files[new].program = parsed.program;
        if sound {
            self.open(new, name);
        }
    }
}

fn too_large(span: Span, too_many: bool) -> Diagnostic {
    if too_many {
        let label = format!("the program is made of more than {MAX_FILES} files with this one");
        return Diagnostic::error(Code::E0114).label(span, label).help("join some of them");
    }
    let label = format!("the files of the program have more than {MAX_BYTES} bytes with this one");
    Diagnostic::error(Code::E0007).label(span, label)
}

fn of_statement(stmt: &Stmt, import: &Import) -> Wanted {
    let names: Vec<&str> = import.path.iter().map(|it| &*it.name).collect();
    Wanted { offset: stmt.span.start, name: names.join("."), span: path_span(stmt, import) }
}

/// Where the dotted name stands.
pub(crate) fn path_span(stmt: &Stmt, import: &Import) -> Span {
    match (import.path.first(), import.path.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => stmt.span,
    }
}
