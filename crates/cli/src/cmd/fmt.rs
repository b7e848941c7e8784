//! `remora fmt`: programs in the one layout.

use remora_diagnostics::{Source, SourceMap};

use super::{folder, input};
use crate::args::FmtArgs;
use crate::exit::Exit;
use crate::terminal::{complain, print, show};

pub(crate) fn fmt(args: &FmtArgs) -> Exit {
    let mut exit = Exit::Ok;
    for path in &folder::programs(&args.files) {
        let text = match input::text(path) {
            Ok(text) => text,
            Err(problem) => {
                exit = problem;
                continue;
            }
        };
        match remora_syntax::format(&text) {
            Err(findings) => {
                let sources = SourceMap::single(Source::new(input::name(path), text));
                show(&findings, &sources, &args.output);
                exit = Exit::Source;
            }
            Ok(formatted) if args.check && formatted == text => {}
            Ok(_) if args.check => {
                complain(&format!(
                    "{}: is not formatted\n",
                    remora_diagnostics::escape_controls(&input::name(path))
                ));
                exit = Exit::Script;
            }
            Ok(formatted) if args.stdout || path.as_os_str() == "-" => {
                print(&formatted);
            }
            Ok(formatted) if formatted == text => {}
            Ok(formatted) => {
                let written = input::write(path, formatted.as_bytes());
                if written != Exit::Ok {
                    exit = written;
                }
            }
        }
    }
    exit
}
