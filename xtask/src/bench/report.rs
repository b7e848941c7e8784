//! Writes the results of a comparison as the page `bench/RESULTS.md`.

use super::compare::{Results, Size};
use super::engine::{Found, LUA, REMORA, TREE};
use super::measure::geometric_mean;
use super::programs::Program;
use super::table::Table;

/// Everything a results page says.
pub(super) struct Page<'a> {
    pub(super) machine: Vec<String>,
    pub(super) engines: &'a [Found],
    pub(super) programs: &'a [&'static Program],
    pub(super) runs: usize,
    /// All engines, at the full size.
    pub(super) full: &'a Results,
    /// The engine under test and its referee, at the small size.
    pub(super) small: Option<&'a Results>,
}

impl Page<'_> {
    /// As Markdown.
    pub(super) fn markdown(&self) -> String {
        let mut out =
            String::from("CPU time of the whole process, start and end included: the median of ");
        out.push_str(&format!("{} interleaved runs.\n\n", self.runs));
        for line in &self.machine {
            out.push_str(&format!("- {line}\n"));
        }
        for found in self.engines {
            out.push_str(&format!("- {}: {}\n", found.engine.label, found.version));
        }
        out.push_str("\n## Compared with Lua 5.4\n\nTime divided by Lua's, so less is better; Lua's own in milliseconds.\n\n");
        out.push_str(&self.ratios().markdown());
        out.push_str("\n## Memory\n\nThe largest resident set of a run, in MiB.\n\n");
        out.push_str(&self.memory().markdown());
        if let Some(small) = self.small {
            out.push_str(
                "\n## Compared with the tree-walker\n\nThe referee runs the same programs at a smaller size; \
                 milliseconds, and how many times faster the interpreter loop is.\n\n",
            );
            out.push_str(&self.tree(small).markdown());
        }
        let failures =
            self.full.failures.iter().chain(self.small.iter().flat_map(|it| &it.failures));
        let failures: Vec<_> = failures.map(|it| format!("- {it}\n")).collect();
        if !failures.is_empty() {
            out.push_str("\n## Failed\n\n");
            out.extend(failures);
        }
        out
    }

    fn ratios(&self) -> Table {
        let others: Vec<_> =
            self.engines.iter().map(|it| it.engine.label).filter(|it| *it != LUA.label).collect();
        let mut head = vec!["program".to_owned(), "size".to_owned(), "Lua 5.4, ms".to_owned()];
        head.extend(others.iter().map(|it| (*it).to_owned()));
        let mut table = Table::new(head);
        for program in self.programs {
            let mut row = vec![program.name.to_owned(), Size::Full.of(program).to_string()];
            row.push(milliseconds(self.full.median(program.name, LUA.label)));
            row.extend(others.iter().map(|it| self.ratio(program.name, it)));
            table.row(row);
        }
        let mut row = vec!["geometric mean".to_owned(), String::new(), String::new()];
        for engine in others {
            let ratios: Vec<f64> = self
                .programs
                .iter()
                .filter_map(|it| self.full.ratio(it.name, engine, LUA.label))
                .collect();
            // A mean over fewer programs than the others' would look comparable and not be.
            let all = ratios.len() == self.programs.len();
            row.push(two_digits(geometric_mean(&ratios).filter(|_| all)));
        }
        table.row(row);
        table
    }

    fn ratio(&self, program: &'static str, engine: &'static str) -> String {
        two_digits(self.full.ratio(program, engine, LUA.label))
    }

    fn memory(&self) -> Table {
        let labels: Vec<_> = self.engines.iter().map(|it| it.engine.label).collect();
        let mut head = vec!["program".to_owned()];
        head.extend(labels.iter().map(|it| (*it).to_owned()));
        let mut table = Table::new(head);
        for program in self.programs {
            let mut row = vec![program.name.to_owned()];
            row.extend(labels.iter().map(|label| {
                let peak = self.full.peak.get(&(program.name, *label));
                peak.map_or("–".to_owned(), |bytes| format!("{:.1}", mebibytes(*bytes)))
            }));
            table.row(row);
        }
        table
    }

    fn tree(&self, small: &Results) -> Table {
        let head = ["program", "size", REMORA.label, TREE.label, "times faster"];
        let mut table = Table::new(head.map(str::to_owned).to_vec());
        let mut ratios = Vec::new();
        for program in self.programs {
            let ratio = small.ratio(program.name, TREE.label, REMORA.label);
            ratios.extend(ratio);
            table.row(vec![
                program.name.to_owned(),
                Size::Small.of(program).to_string(),
                milliseconds(small.median(program.name, REMORA.label)),
                milliseconds(small.median(program.name, TREE.label)),
                one_digit(ratio),
            ]);
        }
        let all = ratios.len() == self.programs.len();
        let mean = one_digit(geometric_mean(&ratios).filter(|_| all));
        let empty = String::new;
        table.row(vec!["geometric mean".to_owned(), empty(), empty(), empty(), mean]);
        table
    }
}

fn milliseconds(seconds: Option<f64>) -> String {
    seconds.map_or("–".to_owned(), |it| format!("{:.0}", it * 1_000.0))
}

fn two_digits(ratio: Option<f64>) -> String {
    ratio.map_or("–".to_owned(), |it| format!("{it:.2}"))
}

fn one_digit(ratio: Option<f64>) -> String {
    ratio.map_or("–".to_owned(), |it| format!("{it:.1}"))
}

fn mebibytes(bytes: u64) -> f64 {
    let kibibytes = u32::try_from(bytes / 1024).unwrap_or(u32::MAX);
    f64::from(kibibytes) / 1024.0
}

#[cfg(test)]
mod tests {
    use super::Page;
    use crate::bench::compare::Results;
    use crate::bench::engine::{LUA, REMORA, TREE};
    use crate::bench::programs::PROGRAMS;

    fn results(times: &[(&'static str, &'static str, &[f64])]) -> Results {
        let mut results = Results::default();
        for (program, engine, seconds) in times {
            results.seconds.insert((program, engine), seconds.to_vec());
        }
        results
    }

    #[test]
    fn a_page_has_ratios_means_and_failures() {
        let (lua, remora, tree) = (LUA.label, REMORA.label, TREE.label);
        let mut full = results(&[
            ("fib", lua, &[0.2, 0.1, 0.4]),
            ("fib", remora, &[0.1]),
            ("loop", lua, &[0.1]),
            ("loop", remora, &[0.8]),
        ]);
        full.failures.push("fib in CPython: exit status: 1".to_owned());
        let small = results(&[("fib", remora, &[0.01]), ("fib", tree, &[0.2])]);
        let programs: Vec<_> = PROGRAMS.iter().take(2).collect();
        let engines = [&LUA, &REMORA].map(crate::bench::engine::found);
        let page = Page {
            machine: vec!["date: today".to_owned()],
            engines: &engines,
            programs: &programs,
            runs: 3,
            full: &full,
            small: Some(&small),
        };
        let text = page.markdown();
        for line in [
            "- date: today",
            "| fib            |       33 |         200 |   0.50 |",
            "| loop           | 10000000 |         100 |   8.00 |",
            "| geometric mean |          |             |   2.00 |",
            "| fib            |      28 |     10 |          200 |         20.0 |",
            "| geometric mean |         |        |              |            – |",
            "- fib in CPython: exit status: 1",
        ] {
            assert!(text.contains(line), "{line}\nin\n{text}");
        }
    }
}
