//! `--host-sort`: ten thousand records of the host, sorted by a comparator that a script has written.
//!
//! It is what embedding costs: a call from the sort into the script and one from the script into the host for each
//! comparison. A script makes the records with a function of the host, sorts them and returns a checksum over their new
//! order. The runner times this inside the process, so that neither start nor compiling counts. `sort` uses the sort that
//! the language has; `quicksort` one written in it, which makes the same comparisons in every engine.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use super::engines::Peer;
use super::{Asked, Results};
use crate::bench::engine::{Built, Found};
use crate::bench::table::Table;
use crate::bench::{machine, measure, results};
use crate::failure::Failure;

const RECORDS: u32 = 10_000;

/// Calls that are timed in each run; the median of all runs counts.
const ROUNDS: &str = "5";

/// The scripts: `bench/host_sort/NAME.EXTENSION`.
const SCRIPTS: [&str; 2] = ["sort", "quicksort"];

/// Scripts that a language cannot have, and why.
const GAPS: &[(&str, &str, &str)] = &[("sort", "koto", "koto sorts by a key, not by a comparator")];

fn gap(script: &str, extension: &str) -> Option<&'static str> {
    GAPS.iter().find(|it| it.0 == script && it.1 == extension).map(|it| it.2)
}

/// Compares, prints, and writes the page if nothing was left out.
///
/// # Errors
/// If the page cannot be written.
pub(in crate::bench) fn compare(
    root: &Path,
    built: &Built,
    peers: &[&'static Peer],
    asked: &Asked<'_>,
    mut failures: Vec<String>,
) -> Result<ExitCode, Failure> {
    let directory = root.join("bench/host_sort");
    let engines: Vec<_> = peers.iter().filter(|it| it.sorts).map(|it| it.engine).collect();
    let engines = crate::bench::present(&engines, built);
    let mut results = sorted(&directory, &engines, asked.runs);
    failures.append(&mut results.failures);
    let mut text = format!(
        "## Sorting objects of the host\n\n{RECORDS} records, which are structs of the host, sorted by a comparator in the \
         script that calls a method of the host:\nCPU milliseconds in the process, medians; no start, no compiling. \
         `cargo xtask bench --host-sort`.\n\n"
    );
    for line in machine::describe(root) {
        text.push_str(&format!("- {line}\n"));
    }
    text.push('\n');
    text.push_str(&table(&engines, &results).markdown());
    text.push('\n');
    for (script, extension, why) in GAPS {
        if engines.iter().any(|it| it.engine.extension == *extension) {
            text.push_str(&format!("No `{script}`: {why}.\n"));
        }
    }
    for failure in &failures {
        text.push_str(&format!("Failed: {failure}\n"));
    }
    println!("{text}");
    if asked.is_whole() {
        results::write_section(root, "host-sort", &text)?;
    }
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn sorted(directory: &Path, engines: &[Found], runs: usize) -> Results {
    let mut results = Results::default();
    let mut checksum: BTreeMap<&str, (String, &str)> = BTreeMap::new();
    for _ in 0..runs {
        for script in SCRIPTS {
            for found in engines {
                let label = found.engine.label;
                if gap(script, found.engine.extension).is_some() {
                    continue;
                }
                let times = times(directory, script, found).and_then(|(sum, times)| {
                    // Both scripts give the same order, so that they share the checksum.
                    let (expected, by) =
                        checksum.entry("records").or_insert_with(|| (sum.clone(), label));
                    if *expected == sum {
                        Ok(times)
                    } else {
                        Err(format!("the checksum is {sum}, in {by} {expected}"))
                    }
                });
                match times {
                    Ok(times) => {
                        results.seconds.entry((script, label)).or_default().extend(times);
                    }
                    Err(why) => results.failures.push(format!("{script} in {label}: {why}")),
                }
            }
        }
    }
    results
}

/// The checksum that a runner prints, and its times in seconds.
fn times(directory: &Path, script: &str, found: &Found) -> Result<(String, Vec<f64>), String> {
    let mut line = found.command_line(directory, script, RECORDS);
    line.insert(1, "--sort".into());
    line.push(ROUNDS.into());
    let run = measure::run(&line)?;
    let mut lines = run.stdout.lines();
    let sum = lines.next().ok_or("printed nothing")?.to_owned();
    let seconds = |it: &str| it.parse::<f64>().map(|it| it / 1_000.0);
    let times: Result<Vec<_>, _> = lines.map(seconds).collect();
    Ok((sum, times.map_err(|error| error.to_string())?))
}

fn table(engines: &[Found], results: &Results) -> Table {
    let mut head = vec!["engine".to_owned()];
    head.extend(SCRIPTS.map(|it| format!("{it}, ms")));
    let mut table = Table::new(head);
    let mut rows: Vec<(f64, Vec<String>)> = Vec::new();
    for found in engines {
        let medians = SCRIPTS.map(|it| results.median(it, found.engine.label));
        let best = medians.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        let mut row = vec![found.engine.label.to_owned()];
        row.extend(
            medians.map(|it| it.map_or("–".to_owned(), |it| format!("{:.1}", it * 1_000.0))),
        );
        rows.push((best, row));
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (_, row) in rows {
        table.row(row);
    }
    table
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{GAPS, SCRIPTS, gap};
    use crate::bench::peers::PEERS;
    use crate::workspace;

    #[test]
    fn each_script_is_there_in_each_language_or_a_reason_is() {
        let directory = workspace::root().join("bench/host_sort");
        let extensions: BTreeSet<_> = PEERS
            .iter()
            .filter(|it| it.sorts && it.engine.extension != "rs")
            .map(|it| it.engine.extension)
            .collect();
        let mut expected: Vec<_> = SCRIPTS
            .iter()
            .flat_map(|script| extensions.iter().map(move |it| (*script, *it)))
            .filter(|(script, extension)| gap(script, extension).is_none())
            .map(|(script, extension)| directory.join(format!("{script}.{extension}")))
            .collect();
        expected.sort();
        assert_eq!(workspace::files(&directory, &|_| true).unwrap(), expected);
        assert!(GAPS.iter().all(|it| SCRIPTS.contains(&it.0) && extensions.contains(it.1)));
    }
}
