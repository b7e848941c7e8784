//! Results of tests in the form that build servers read: JUnit's XML.

use std::fmt::Write;
use std::time::Duration;

use super::test::{Outcome, Suite};
use super::xml::escaped;

/// The report on all suites.
pub(super) fn report(suites: &[Suite]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for suite in suites {
        // Writing to a string cannot fail, here and below.
        let _ = suite_element(&mut out, suite);
    }
    out + "</testsuites>\n"
}

fn suite_element(out: &mut String, suite: &Suite) -> std::fmt::Result {
    let failures = suite.outcomes.iter().filter(|it| it.failure.is_some()).count();
    let time: Duration = suite.outcomes.iter().map(|it| it.time).sum();
    writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" time=\"{:.6}\">",
        escaped(&suite.file),
        suite.outcomes.len(),
        time.as_secs_f64()
    )?;
    for outcome in &suite.outcomes {
        case_element(out, suite, outcome)?;
    }
    writeln!(out, "  </testsuite>")
}

fn case_element(out: &mut String, suite: &Suite, outcome: &Outcome) -> std::fmt::Result {
    let (name, file) = (escaped(&outcome.name), escaped(&suite.file));
    let time = outcome.time.as_secs_f64();
    write!(out, "    <testcase name=\"{name}\" classname=\"{file}\" time=\"{time:.6}\"")?;
    let Some(failure) = &outcome.failure else { return writeln!(out, "/>") };
    writeln!(out, ">")?;
    let (message, shown) = (escaped(&failure.message), escaped(&failure.shown));
    writeln!(out, "      <failure message=\"{message}\">{shown}</failure>")?;
    if !outcome.printed.is_empty() {
        writeln!(out, "      <system-out>{}</system-out>", escaped(&outcome.printed))?;
    }
    writeln!(out, "    </testcase>")
}
