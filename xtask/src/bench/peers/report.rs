//! Writes the comparison with other engines for Rust as a section of the page of results.

use crate::bench::compare::Results;
use crate::bench::engine::{Found, LUA};
use crate::bench::measure::geometric_mean;
use crate::bench::programs::Program;
use crate::bench::table::Table;

/// Everything that the section says.
pub(super) struct Page<'a> {
    pub(super) machine: Vec<String>,
    pub(super) engines: &'a [Found],
    pub(super) programs: &'a [&'static Program],
    pub(super) runs: usize,
    /// `fib 1`, which is nothing but start and end.
    pub(super) starts: &'a Results,
    pub(super) full: &'a Results,
    pub(super) failures: &'a [String],
}

const ABOUT: &str = "\
A run is a process that reads, compiles and runs a program; its CPU time in all its threads counts, start and end included,
for each engine in the same way. Nothing is subtracted; the column *start* is what a program without work costs. Limits are on
where an engine has them on by itself, as Remora has. The programs do the same work in each language and print the same
checksum; where a language lacks something, its program says so (`bench/programs/`). The runners are in `bench/peers/`.";

impl Page<'_> {
    /// As Markdown.
    pub(super) fn markdown(&self) -> String {
        let runs = self.runs;
        let mut out = format!(
            "## Beside other engines for Rust\n\n{ABOUT}\nMedians of {runs} interleaved runs: `cargo xtask bench --peers`.\n\n"
        );
        for line in &self.machine {
            out.push_str(&format!("- {line}\n"));
        }
        for found in self.engines {
            out.push_str(&format!("- {}: {}\n", found.engine.label, found.version));
        }
        out.push_str(
            "\nTime divided by Lua's, so less is better; ordered by the geometric mean.\n\n",
        );
        out.push_str(&self.ratios().markdown());
        out.push_str("\nThe largest resident set of a run, in MiB.\n\n");
        out.push_str(&self.memory().markdown());
        if !self.failures.is_empty() {
            out.push_str("\nFailed:\n\n");
            out.extend(self.failures.iter().map(|it| format!("- {it}\n")));
        }
        out
    }

    fn head(&self, first: &[&str], last: &[&str]) -> Vec<String> {
        let names = self.programs.iter().map(|it| it.name);
        first.iter().copied().chain(names).chain(last.iter().copied()).map(str::to_owned).collect()
    }

    fn ratios(&self) -> Table {
        let mut rows: Vec<(f64, Vec<String>)> = Vec::new();
        for found in self.engines {
            let label = found.engine.label;
            let ratios: Vec<_> =
                self.programs.iter().map(|it| self.full.ratio(it.name, label, LUA.label)).collect();
            let known: Vec<f64> = ratios.iter().copied().flatten().collect();
            // A mean over fewer programs than the others' would look comparable and not be.
            let mean = geometric_mean(&known).filter(|_| known.len() == ratios.len());
            let start = self.starts.median("fib", label).map(|it| it * 1_000.0);
            let mut row = vec![label.to_owned(), two_digits(mean), one_digit(start)];
            row.extend(ratios.into_iter().map(two_digits));
            rows.push((mean.unwrap_or(f64::INFINITY), row));
        }
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut table = Table::new(self.head(&["engine", "geometric mean", "start, ms"], &[]));
        let mut lua = vec!["Lua 5.4, ms".to_owned(), String::new(), String::new()];
        lua.extend(self.programs.iter().map(|it| {
            let median = self.full.median(it.name, LUA.label);
            median.map_or("–".to_owned(), |it| format!("{:.0}", it * 1_000.0))
        }));
        for (_, row) in rows {
            table.row(row);
        }
        table.row(lua);
        table
    }

    fn memory(&self) -> Table {
        let mut table = Table::new(self.head(&["engine"], &[]));
        for found in self.engines {
            let label = found.engine.label;
            let mut row = vec![label.to_owned()];
            row.extend(self.programs.iter().map(|it| {
                let peak = self.full.peak.get(&(it.name, label));
                peak.map_or("–".to_owned(), |bytes| (bytes.div_ceil(1024 * 1024)).to_string())
            }));
            table.row(row);
        }
        table
    }
}

fn two_digits(ratio: Option<f64>) -> String {
    ratio.map_or("–".to_owned(), |it| format!("{it:.2}"))
}

fn one_digit(milliseconds: Option<f64>) -> String {
    milliseconds.map_or("–".to_owned(), |it| format!("{it:.1}"))
}

#[cfg(test)]
mod tests {
    use super::Page;
    use crate::bench::compare::Results;
    use crate::bench::engine::{LUA, REMORA, found};
    use crate::bench::peers::PEERS;
    use crate::bench::programs::PROGRAMS;

    #[test]
    fn engines_are_ordered_and_half_a_mean_is_none() {
        let peer = PEERS[0].engine;
        let (lua, remora) = (LUA.label, REMORA.label);
        let mut full = Results::default();
        let mut starts = Results::default();
        starts.seconds.insert(("fib", lua), vec![0.0012]);
        for (program, engine, seconds) in [
            ("fib", lua, 0.2),
            ("fib", remora, 0.1),
            ("fib", peer.label, 0.02),
            ("loop", lua, 0.1),
            ("loop", remora, 0.1),
        ] {
            full.seconds.insert((program, engine), vec![seconds]);
            full.peak.insert((program, engine), 5_000_000);
        }
        let engines = [found(peer), found(&LUA), found(&REMORA)];
        let programs: Vec<_> = PROGRAMS.iter().take(2).collect();
        let page = Page {
            machine: vec!["date: today".to_owned()],
            engines: &engines,
            programs: &programs,
            runs: 3,
            starts: &starts,
            full: &full,
            failures: &["loop in native Rust: exit status: 1".to_owned()],
        };
        let text = page.markdown();
        let table: Vec<_> = text.lines().filter(|it| it.starts_with('|')).collect();
        assert_eq!(
            table[2..6],
            [
                "| remora      |           0.71 |         – | 0.50 | 1.00 |",
                "| Lua 5.4     |           1.00 |       1.2 | 1.00 | 1.00 |",
                "| native Rust |              – |         – | 0.10 |    – |",
                "| Lua 5.4, ms |                |           |  200 |  100 |",
            ],
            "{text}"
        );
        assert_eq!(table[8], "| native Rust |   5 |    – |", "{text}");
        assert!(
            text.contains("- remora: 1.0\n") && text.contains("- loop in native Rust"),
            "{text}"
        );
    }
}
