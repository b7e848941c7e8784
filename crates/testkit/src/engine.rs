//! Engines that can run a case, and the oracle as one of them.

use std::collections::VecDeque;

use remora_diagnostics::Severity;
use remora_oracle::{Foreign, Host, HostError, NotFound, Options, OracleError, SourceFile};
use remora_syntax::{ParseLimits, parse};

use crate::case::{Case, MAIN};
use crate::fixture::FOREIGN;
use crate::outcome::{Finding, Outcome};

/// How many calls may be nested where a case does not say.
pub const FRAMES: usize = 1000;
/// How much work a case may be.
pub const STEPS: u64 = 20_000_000;

/// Something that runs programs.
pub trait Engine {
    /// For messages.
    fn name(&self) -> &str;

    /// Whether it finds the errors that are known before a program runs. Without, only those of the parser are compared.
    fn checks(&self) -> bool {
        true
    }

    /// Runs the program of a case.
    fn run(&self, case: &Case) -> Outcome;
}

/// The tree-walker. Call it on a thread with a large stack.
#[derive(Clone, Copy, Default, Debug)]
pub struct Oracle;

impl Engine for Oracle {
    fn name(&self) -> &'static str {
        "oracle"
    }

    fn checks(&self) -> bool {
        false
    }

    fn run(&self, case: &Case) -> Outcome {
        let parsed = parse(&case.source, &ParseLimits::default());
        let mut outcome = Outcome {
            findings: parsed.diagnostics.iter().map(Finding::from).collect(),
            ..Outcome::default()
        };
        if parsed.diagnostics.iter().any(|it| it.severity == Severity::Error) {
            outcome.exit = 1;
            return outcome;
        }
        let lines = case.stdin.lines().map(str::to_owned).collect();
        let mut world = World { stdin: (!case.stdin.is_empty()).then_some(lines) };
        let mut out = String::new();
        let options = Options {
            args: case.args.clone(),
            max_frames: case.frames.unwrap_or(FRAMES),
            max_steps: STEPS,
            native_stack: remora_oracle::BIG_STACK / 2,
            output: &mut |text| out.push_str(text),
            host: &mut world,
            foreign: if case.has_host() { FOREIGN } else { Foreign::default() },
            seed: 0,
            check_types: case.check_types,
            file: MAIN.to_owned(),
            loader: &mut |importer, name| find(case, importer, name),
        };
        match remora_oracle::run(&parsed.program, &case.source, options) {
            Ok(done) => outcome.exit = done.exit_code,
            Err(error) => {
                outcome.exit = 1;
                outcome.findings.push(finding(error));
            }
        }
        outcome.out = out;
        outcome
    }
}

fn finding(error: OracleError) -> Finding {
    Finding { code: error.code, file: error.file, span: error.span, text: error.message }
}

/// The file of a case that a dotted name means: beside the importing file, in `src` there, then the same at the root.
fn find(case: &Case, importer: &str, name: &str) -> Result<SourceFile, NotFound> {
    let path = format!("{}.ruff", name.replace('.', "/"));
    let folder = importer.rfind('/').map_or("", |at| &importer[..=at]);
    let mut tried = Vec::new();
    for folder in [folder, ""] {
        for file in [format!("{folder}{path}"), format!("{folder}src/{path}")] {
            if !tried.contains(&file) {
                tried.push(file);
            }
        }
    }
    let found = tried.iter().find_map(|it| match it == MAIN {
        true => Some((it, &case.source)),
        false => case.files.iter().find(|(name, _)| name == it).map(|(_, text)| (it, text)),
    });
    match found {
        Some((name, text)) => Ok(SourceFile { name: name.clone(), text: text.clone() }),
        None => Err(NotFound { tried }),
    }
}

/// The world of a case: its input, if it has any, and a time that passes at once.
struct World {
    stdin: Option<VecDeque<String>>,
}

impl Host for World {
    fn input(&mut self) -> Result<Option<String>, HostError> {
        self.stdin.as_mut().map(VecDeque::pop_front).ok_or(HostError::Denied)
    }

    fn sleep(&mut self, _milliseconds: f64) -> Result<(), HostError> {
        Ok(())
    }
}
