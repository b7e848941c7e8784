//! `remora check`: what is wrong with programs, without running them.

use remora::Engine;
use remora_diagnostics::Severity;

use super::input;
use crate::args::CheckArgs;
use crate::exit::Exit;
use crate::terminal::show;

pub(crate) fn check(args: &CheckArgs) -> Exit {
    let engine = Engine::new();
    let mut exit = Exit::Ok;
    for path in &args.files {
        let text = match input::text(path) {
            Ok(text) => text,
            Err(problem) => {
                exit = problem;
                continue;
            }
        };
        let (findings, sources) = engine.check(&input::name(path), &text);
        show(&findings, &sources, &args.output);
        if findings.iter().any(|it| it.severity == Severity::Error) {
            exit = Exit::Source;
        }
    }
    exit
}
