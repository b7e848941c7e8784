//! `conformance/probes`: probes, hits, and what they record. Each case runs from its text, from its bytes, and as HogTrace
//! where it fits.
//!
//! A case is `=== name`, the text of a program, then lines of `--- hit POINT NAME {…}`, `--- request`, `--- interval`,
//! `--- end`, and after `--- expect` what is recorded. `REMORA_BLESS=1` writes what comes out; read it before committing.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use remora_probe::{
    Budget, Compiled, Outcome, Point, Program, Provider, Request, Rules, Run, Spec, Tables,
    hogtrace,
};
use serde_json::Value as Json;

use crate::host::{Hit, JsonHost, line};

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

struct Case {
    name: String,
    text: String,
    steps: Vec<String>,
    expected: String,
}

fn parse(file: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut in_expected = false;
    for line in file.lines() {
        if let Some(name) = line.strip_prefix("=== ") {
            let name = name.to_owned();
            let (text, steps, expected) = (String::new(), Vec::new(), String::new());
            cases.push(Case { name, text, steps, expected });
            in_expected = false;
            continue;
        }
        let case = cases.last_mut().expect("a case begins with ===");
        if line == "--- expect" {
            in_expected = true;
        } else if in_expected {
            writeln!(case.expected, "{line}").unwrap();
        } else if let Some(step) = line.strip_prefix("--- ") {
            case.steps.push(step.to_owned());
        } else {
            writeln!(case.text, "{line}").unwrap();
        }
    }
    for case in &mut cases {
        case.expected = case.expected.trim_end().to_owned();
        case.text = case.text.trim_end().to_owned();
    }
    cases
}

fn print(cases: &[Case]) -> String {
    let mut out = String::new();
    for case in cases {
        writeln!(out, "=== {}\n{}", case.name, case.text).unwrap();
        for step in &case.steps {
            writeln!(out, "--- {step}").unwrap();
        }
        writeln!(out, "--- expect\n{}\n", case.expected).unwrap();
    }
    out.trim_end().to_owned() + "\n"
}

/// What the hits of a case record.
fn run(program: &Program, steps: &[String]) -> String {
    let compiled = Compiled::<JsonHost>::new(program).expect("a compiled program has closures");
    let (rules, tables) = (Arc::new(Rules::default()), Arc::new(Tables::new(4)));
    let mut out = String::new();
    let mut request = Request::with_id(7);
    let nothing = Json::Object(serde_json::Map::new());
    for step in steps {
        let mut words = step.splitn(4, ' ');
        let kind = words.next().unwrap_or_default();
        if kind == "request" {
            request =
                words.next().map_or_else(Request::new, |id| Request::with_id(id.parse().unwrap()));
            continue;
        }
        let point = match words.next() {
            Some("exit") => Point::Exit(0),
            Some(offset) if offset.starts_with("entry+") => {
                Point::Entry(offset[6..].parse().unwrap())
            }
            _ => Point::Entry(0),
        };
        let name = words.next().unwrap_or_default();
        let root = match words.next() {
            Some(json) => {
                serde_json::from_str(json).unwrap_or_else(|error| panic!("{step}: {error}"))
            }
            None => nothing.clone(),
        };
        let mut hit = Run::<JsonHost>::new(Hit::new(&root), request.clone());
        hit.set_program(Arc::clone(&rules), Arc::clone(&tables));
        for (nth, probe) in program.probes().iter().enumerate() {
            let fits = match kind {
                "hit" => probe.spec.fits(Provider::Fn, name, point),
                "begin" => probe.spec == Spec::Begin,
                "end" => probe.spec == Spec::End,
                "interval" => matches!(probe.spec, Spec::Interval(_)),
                other => panic!("there is no step `{other}`"),
            };
            if !fits {
                continue;
            }
            if !probe.takes(&request) {
                writeln!(out, "{} not sampled", probe.id).unwrap();
                continue;
            }
            let outcome = compiled.hit(nth, &mut hit);
            let records = hit.take_records();
            let spent = hit.take_spent();
            assert!(spent.is_within(&probe.cost), "{spent:?} is more than {}", probe.cost);
            for record in &records {
                writeln!(out, "{} {}", probe.id, line(record)).unwrap();
            }
            match outcome {
                Outcome::Passed => writeln!(out, "{} passed", probe.id).unwrap(),
                Outcome::Fired if records.is_empty() => {
                    writeln!(out, "{} fired", probe.id).unwrap();
                }
                Outcome::Fired | Outcome::Panicked => {}
            }
        }
        request = hit.into_request().0;
    }
    for table in tables.snapshots() {
        writeln!(out, "{}", line(&remora_probe::Record::Table(table))).unwrap();
    }
    out.trim_end().to_owned()
}

fn outcome(case: &Case) -> (String, bool) {
    let program = match Program::compile(&case.text, &Budget::default()) {
        Ok(program) => program,
        Err(found) => {
            let mut out = String::new();
            for it in found {
                let label = &it.labels[0];
                let help = it.help.first().map_or(String::new(), |it| format!(" ({it})"));
                let line = 1 + case.text[..label.span.start as usize].matches('\n').count();
                let text = &case.text[label.span.range()];
                writeln!(out, "{}: {line}: `{text}`: {}{help}", it.code, label.text).unwrap();
            }
            return (out.trim_end().to_owned(), false);
        }
    };
    let out = run(&program, &case.steps);
    let again = Program::from_bytes(&program.to_bytes(), &Budget::default()).expect("own bytes");
    assert_eq!(run(&again, &case.steps), out, "{}: from bytes", case.name);
    assert_eq!(again.to_bytes(), program.to_bytes(), "{}: bytes again", case.name);
    let fits = match hogtrace::write(&program) {
        Ok(bytes) => {
            let again = hogtrace::read(&bytes, &Budget::default())
                .unwrap_or_else(|error| panic!("{}: {error}", case.name));
            assert_eq!(run(&again, &case.steps), out, "{}: as HogTrace", case.name);
            assert_eq!(hogtrace::write(&again).unwrap(), bytes, "{}: HogTrace again", case.name);
            true
        }
        Err(error) => {
            assert_eq!(error.code.as_str(), "P0011", "{}: {error}", case.name);
            false
        }
    };
    (out, fits)
}

#[test]
fn cases_record_what_they_say() {
    let (mut n_cases, mut n_fit, mut wrong, mut names) = (0, 0, Vec::new(), HashSet::new());
    let mut paths: Vec<_> = std::fs::read_dir(root().join("conformance/probes"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        let file = std::fs::read_to_string(&path).unwrap();
        let mut cases = parse(&file);
        for case in &mut cases {
            assert!(names.insert(case.name.clone()), "{} stands twice", case.name);
            let (out, fits) = outcome(case);
            n_cases += 1;
            n_fit += usize::from(fits);
            if out != case.expected {
                wrong.push(format!(
                    "{}: {}\ngave\n{out}\nnot\n{}",
                    path.display(),
                    case.name,
                    case.expected
                ));
                case.expected = out;
            }
        }
        if std::env::var_os("REMORA_BLESS").is_some() {
            std::fs::write(&path, print(&cases)).unwrap();
        }
    }
    println!("{n_cases} cases, {n_fit} fit HogTrace");
    if std::env::var_os("REMORA_BLESS").is_none() {
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
        assert!(n_cases >= 200 && n_fit >= 100, "{n_cases} cases, {n_fit} fit HogTrace");
    }
}
