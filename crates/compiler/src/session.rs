//! What a program finds that was compiled before it, and what it leaves behind: the thread through the inputs of a
//! session, each of which is compiled as a module of its own.

use remora_bytecode::GlobalIdx;

use crate::scope::{START, Scopes};

/// A global variable of a session, declared before the text that is compiled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Earlier {
    /// Its name.
    pub name: String,
    /// Whether it may be assigned.
    pub mutable: bool,
    /// It belongs to a module that was imported: the program does not see it by its name.
    pub hidden: bool,
}

/// A module that was imported before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EarlierModule {
    /// What others may name.
    pub exports: Vec<(String, EarlierName)>,
    /// The global that holds the function of its top level until that has run.
    pub top: u32,
}

/// What the name of a module means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EarlierName {
    /// The global of that number.
    Global(u32),
    /// The struct or enum of that number.
    Type(u32),
}

/// A name that was imported before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EarlierImport {
    /// What it is called in the session.
    pub name: String,
    /// Which of the modules, from 0.
    pub module: usize,
    /// What it is called there; `None` for the module itself.
    pub item: Option<String>,
}

/// What a session knows after a program, for the next one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct After {
    /// For each global of the module, whether it belongs to a module that was imported.
    pub hidden: Vec<bool>,
    /// The modules that were imported so far.
    pub modules: Vec<EarlierModule>,
    /// The names that were imported so far.
    pub imports: Vec<EarlierImport>,
}

/// What comes of a program all of whose top-level variables are globals. `tops` are the globals of the files.
pub(crate) fn after(scopes: &Scopes<'_>, hidden: &[bool], tops: &[Option<GlobalIdx>]) -> After {
    let mut numbers = vec![0; scopes.vars.len()];
    let mut known = hidden.iter();
    let mut out = After::default();
    for (nth, var) in scopes.vars.iter().enumerate().filter(|(_, var)| var.global) {
        numbers[nth] = u32::try_from(out.hidden.len()).unwrap_or(u32::MAX);
        out.hidden.push(known.next().copied().unwrap_or(var.owner != START));
    }
    for (file, top) in tops.iter().enumerate().skip(1) {
        let exports = scopes.exports.get(file).into_iter().flatten();
        let exports = exports.map(|(name, what)| {
            let what = match what {
                EarlierName::Global(var) => EarlierName::Global(numbers[*var as usize]),
                EarlierName::Type(ty) => EarlierName::Type(*ty),
            };
            ((*name).to_owned(), what)
        });
        let top = top.map_or(u32::MAX, |it| it.0);
        out.modules.push(EarlierModule { exports: exports.collect(), top });
        if out.hidden.len() <= top as usize && top != u32::MAX {
            out.hidden.resize(top as usize + 1, true);
        }
    }
    out.imports.clone_from(&scopes.bound_imports);
    out
}
