//! `remora explain`: the page of an error code.

use std::fmt::Write;

use remora_diagnostics::{Code, closest};

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::terminal::{complain, print};

pub(crate) fn explain(args: &ExplainArgs) -> Exit {
    let Some(wanted) = &args.code else {
        print(&list());
        return Exit::Ok;
    };
    let wanted = wanted.to_uppercase();
    if let Some(code) = Code::parse(&wanted) {
        print(code.page());
        return Exit::Ok;
    }
    let near = closest(&wanted, Code::ALL.iter().map(|it| it.as_str()));
    let hint = near.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
    complain(&format!(
        "error: there is no code `{}`{hint}\n",
        remora_diagnostics::escape_controls(&wanted)
    ));
    Exit::Usage
}

fn list() -> String {
    Code::ALL.iter().fold(String::new(), |mut out, code| {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{code}  {}", code.title());
        out
    })
}
