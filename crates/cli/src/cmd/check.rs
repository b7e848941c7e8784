//! `remora check`: what is wrong with programs, without running them.

use remora_diagnostics::Severity;

use super::input;
use crate::Cli;
use crate::args::CheckArgs;
use crate::exit::Exit;
use crate::terminal::show;

pub(crate) fn check(cli: &Cli, args: &CheckArgs) -> Exit {
    let mut exit = Exit::Ok;
    for path in &args.files {
        let read = input::text(path)
            .and_then(|text| Ok((text, input::engine(cli, Some(path), &args.modules)?)));
        let (text, engine) = match read {
            Ok(read) => read,
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
