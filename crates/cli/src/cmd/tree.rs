//! `--engine tree`: the tree-walker that referees the others.

use std::path::Path;

use remora::{Folders, TestCase};
use remora_diagnostics::{Diagnostic, SourceMap};

use crate::Cli;
use crate::args::{RunArgs, TestArgs};
use crate::exit::Exit;

/// Whether this build has the engine.
pub(super) const IS_THERE: bool = cfg!(feature = "oracle");

/// Says that it has not.
pub(super) fn missing() -> Exit {
    crate::terminal::complain("error: this build has no engine `tree`\n");
    Exit::Usage
}

/// What a test printed, and why it failed: the message and all about it.
type Tested = (String, Result<(), (String, Diagnostic)>);

#[cfg(not(feature = "oracle"))]
pub(super) fn run(_: &Cli, _: &RunArgs, _: Option<&Path>, _: &[String]) -> Exit {
    missing()
}

#[cfg(not(feature = "oracle"))]
pub(super) fn test(_: &SourceMap, case: &TestCase, _: &TestArgs, _: &Folders) -> Tested {
    let code = remora_diagnostics::Code::R0026;
    let message = "this build has no engine `tree`";
    let why = Diagnostic::error(code).label(case.span, message);
    (String::new(), Err((message.to_owned(), why)))
}

#[cfg(feature = "oracle")]
pub(super) use walker::{run, test};

#[cfg(feature = "oracle")]
mod walker {
    use std::time::{SystemTime, UNIX_EPOCH};

    use remora::Modules;
    use remora_diagnostics::{Code, RunningCall, SourceId, Span};
    use remora_oracle::{
        BIG_STACK, Host, HostError, NotFound, Options, OracleError, Outcome, SourceFile,
        on_big_stack,
    };

    use remora_syntax::ast::{Call, Expr, ExprKind, Program, Stmt, StmtKind};

    use super::{
        Cli, Diagnostic, Exit, Folders, Path, RunArgs, SourceMap, TestArgs, TestCase, Tested,
    };
    use crate::args::{ModuleArgs, RunSettings};
    use crate::cmd::{input, run};
    use crate::terminal::{print, show};

    pub(in crate::cmd) fn run(
        cli: &Cli,
        args: &RunArgs,
        path: Option<&Path>,
        rest: &[String],
    ) -> Exit {
        let (name, text) = match (&args.eval, path) {
            (Some(text), _) => ("<command line>".to_owned(), text.clone()),
            (None, Some(path)) => match input::text(path) {
                Ok(text) => (input::name(path), text),
                Err(exit) => return exit,
            },
            (None, None) => return Exit::Usage,
        };
        let folders = match input::folders(path, &args.modules) {
            Ok(folders) => folders,
            Err(exit) => return exit,
        };
        // The oracle assumes that the compiler has accepted the program.
        let Ok(engine) = input::engine(cli, path, &args.modules) else { return Exit::Usage };
        let (findings, sources) = engine.check(&name, &text);
        show(&findings, &sources, &args.output);
        if findings.iter().any(|it| it.severity == remora_diagnostics::Severity::Error) {
            return Exit::Source;
        }
        match on_big_stack(|| walk(&name, &text, args, &folders, rest)) {
            Ok(outcome) => {
                if let Some(value) = outcome.value.filter(|it| args.eval.is_some() && it != "null")
                {
                    print(&(value + "\n"));
                }
                match outcome.exit_code {
                    0 => Exit::Ok,
                    code => Exit::Chosen(u8::try_from(code & 0xff).unwrap_or(1)),
                }
            }
            Err(error) => {
                show(&[report(&error, &sources)], &sources, &args.output);
                run::exit_of(error.code)
            }
        }
    }

    /// Calls of which more is kept than their number, as in the other engine.
    const TRACED: usize = 64;

    /// The error for people, with the calls that led to it.
    fn report(error: &OracleError, sources: &SourceMap) -> Diagnostic {
        let at = |function, file: Option<&'_ str>, span: Span| {
            let source = file.and_then(|it| sources.named(it)).unwrap_or_default();
            let line = sources.source(source).map_or(0, |it| it.line_column(span.start).0);
            let line = u32::try_from(line).unwrap_or(0);
            RunningCall { function, source, file: None, span, line }
        };
        let mut calls = Vec::new();
        let mut span = error.span;
        let mut file = error.file.as_deref();
        for (function, (site_file, site)) in error.stack.iter().zip(&error.sites).rev() {
            calls.push(RunningCall { file, ..at(function.as_str(), file, span) });
            (span, file) = (*site, site_file.as_deref());
        }
        calls.push(RunningCall { file, ..at("", file, span) });
        let label = error.advice.label.as_deref().unwrap_or(&error.message);
        let source = error.file.as_deref().and_then(|it| sources.named(it)).unwrap_or_default();
        let report = Diagnostic::error(error.code).label_in(source, error.span, label);
        let n_more = calls.len().saturating_sub(TRACED);
        calls.truncate(TRACED);
        let report = report.calls(&calls, n_more);
        match &error.advice.help {
            Some(help) => report.help(help),
            None => report,
        }
    }

    fn walk(
        name: &str,
        text: &str,
        args: &RunArgs,
        folders: &Folders,
        rest: &[String],
    ) -> Result<Outcome, OracleError> {
        let program = remora_syntax::parse(text, &remora_syntax::ParseLimits::default()).program;
        let mut output = |text: &str| {
            print(text);
        };
        evaluate(
            &program,
            (name, text),
            (&args.settings, &args.modules, folders),
            rest,
            &mut output,
        )
    }

    fn evaluate(
        program: &Program,
        (name, text): (&str, &str),
        (settings, modules, folders): (&RunSettings, &ModuleArgs, &Folders),
        rest: &[String],
        output: &mut dyn FnMut(&str),
    ) -> Result<Outcome, OracleError> {
        let options = Options {
            args: rest.to_vec(),
            max_frames: settings.stack.unwrap_or(200_000) as usize,
            max_steps: settings.fuel.unwrap_or(u64::MAX),
            native_stack: BIG_STACK - (1 << 20),
            output,
            host: &mut World { settings },
            foreign: remora_oracle::Foreign::default(),
            seed: settings.seed.unwrap_or(0),
            check_types: modules.check_types,
            file: name.to_owned(),
            loader: &mut |importer, name| match folders.find(importer, name) {
                Ok(it) => Ok(SourceFile { name: it.name, text: it.text }),
                Err(it) => Err(NotFound { tried: it.tried }),
            },
        };
        remora_oracle::run(program, text, options)
    }

    /// Runs a test of a program that has been compiled with its tests: the top-level code, then the test.
    pub(in crate::cmd) fn test(
        sources: &SourceMap,
        case: &TestCase,
        args: &TestArgs,
        folders: &Folders,
    ) -> Tested {
        let source = sources.source(SourceId::default());
        let (name, text) = source.map_or(("", ""), |it| (it.name(), it.text()));
        let mut printed = String::new();
        let ran = on_big_stack(|| {
            let limits = remora_syntax::ParseLimits::default();
            let mut program = remora_syntax::parse(text, &limits).program;
            drop(remora::lift_tests(&mut program));
            call(&mut program, case);
            let output = &mut |text: &str| printed.push_str(text);
            let settings = (&args.settings, &args.modules, folders);
            evaluate(&program, (name, text), settings, &[], output)
        });
        let result = match ran {
            Ok(Outcome { value: Some(_), .. }) => Ok(()),
            Ok(Outcome { exit_code, .. }) => {
                let message = format!("exit({exit_code}) ended the program before the test did");
                let why = Diagnostic::error(Code::R0001).label(case.span, &*message);
                Err((message, why))
            }
            Err(mut error) => {
                // What calls the test is not in the text.
                if error.stack.first() == Some(&case.name) {
                    error.stack.remove(0);
                    error.sites.remove(0);
                }
                Err((error.message.clone(), report(&error, sources)))
            }
        };
        (printed, result)
    }

    /// Lets the program end with a call of a test, and with a value that says that it has come so far.
    fn call(program: &mut Program, case: &TestCase) {
        let expr = |kind| Expr { kind, span: case.span };
        let callee = expr(ExprKind::Name(case.name.as_str().into()));
        let call = Call { callee, args: Vec::new(), args_span: case.span };
        for kind in [ExprKind::Call(Box::new(call)), ExprKind::Bool(true)] {
            program.stmts.push(Stmt { kind: StmtKind::Expr(expr(kind)), span: case.span });
        }
    }

    /// The world as the flags open it.
    struct World<'a> {
        settings: &'a RunSettings,
    }

    impl World<'_> {
        /// Whether a path lies below one that is allowed, links followed.
        fn allows(allowed: &[std::path::PathBuf], path: &str) -> bool {
            let real = |path: &Path| {
                path.canonicalize().or_else(|_| {
                    // A file that is to be written need not be there yet; its folder must.
                    let parent = path
                        .parent()
                        .filter(|it| !it.as_os_str().is_empty())
                        .unwrap_or(Path::new("."));
                    Ok::<_, std::io::Error>(
                        parent.canonicalize()?.join(path.file_name().unwrap_or_default()),
                    )
                })
            };
            let Ok(path) = real(Path::new(path)) else { return false };
            allowed.iter().filter_map(|it| it.canonicalize().ok()).any(|it| path.starts_with(it))
        }
    }

    fn failed(error: impl std::fmt::Display) -> HostError {
        HostError::Failed(error.to_string())
    }

    impl Host for World<'_> {
        fn complaint(&mut self, line: &str) {
            crate::terminal::complain(&format!("{line}\n"));
        }

        fn read_file(&mut self, path: &str) -> Result<String, HostError> {
            if !Self::allows(&self.settings.allow_read, path) {
                return Err(HostError::Denied);
            }
            std::fs::read_to_string(path).map_err(failed)
        }

        fn write_file(&mut self, path: &str, text: &str) -> Result<(), HostError> {
            if !Self::allows(&self.settings.allow_write, path) {
                return Err(HostError::Denied);
            }
            std::fs::write(path, text).map_err(failed)
        }

        fn file_exists(&mut self, path: &str) -> Result<bool, HostError> {
            if !Self::allows(&self.settings.allow_read, path) {
                return Err(HostError::Denied);
            }
            Ok(Path::new(path).exists())
        }

        fn input(&mut self) -> Result<Option<String>, HostError> {
            let mut line = String::new();
            let n = std::io::stdin().read_line(&mut line).map_err(failed)?;
            let end = line.trim_end_matches(['\n', '\r']).len();
            line.truncate(end);
            Ok((n > 0).then_some(line))
        }

        fn env(&mut self, name: &str) -> Result<Option<String>, HostError> {
            if !self.settings.allow_env {
                return Err(HostError::Denied);
            }
            Ok(std::env::var(name).ok())
        }

        fn now(&mut self) -> Result<f64, HostError> {
            SystemTime::now().duration_since(UNIX_EPOCH).map(|it| it.as_secs_f64()).map_err(failed)
        }

        fn sleep(&mut self, milliseconds: f64) -> Result<(), HostError> {
            let time = std::time::Duration::try_from_secs_f64(milliseconds.max(0.0) / 1000.0)
                .map_err(failed)?;
            std::thread::sleep(time);
            Ok(())
        }
    }
}
