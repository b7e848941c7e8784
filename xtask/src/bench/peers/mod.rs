//! `--peers`: Remora beside the other engines for Rust, from the workspace `bench/peers`.
//!
//! The same programs as everywhere ([`programs`](super::programs)), in the language of each engine; then records of the host
//! that a script sorts ([`host_sort`]). What is measured is the CPU time of a whole process, as for Remora itself: start,
//! compiling, running, end. What a start costs is a column of its own.

mod engines;
mod host_sort;
mod report;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, ExitCode};

use self::engines::PEERS;
pub(super) use self::engines::Peer;
pub(super) use self::host_sort::compare as compare_host_sort;
use super::compare::{self, Results, Size};
use super::engine::{Built, Found, Home, LUA, REMORA};
use super::programs::{PROGRAMS, Program};
use super::{machine, results};
use crate::failure::Failure;

/// What was asked for.
pub(super) struct Asked<'a> {
    /// Names of engines; none means all.
    pub(super) names: &'a [String],
    pub(super) programs: &'a [&'static Program],
    pub(super) runs: usize,
}

impl Asked<'_> {
    /// Only a whole comparison is written to the page.
    fn is_whole(&self) -> bool {
        self.names.is_empty() && self.programs.len() == PROGRAMS.len()
    }
}

/// The peers with these names, all without any.
///
/// # Errors
/// A name that no peer has; says which there are.
pub(super) fn chosen(names: &[String]) -> Result<Vec<&'static Peer>, Failure> {
    for name in names {
        if !PEERS.iter().any(|it| it.name == name) {
            let names: BTreeSet<_> = PEERS.iter().map(|it| it.name).collect();
            let names = names.into_iter().collect::<Vec<_>>().join(", ");
            return Err(Failure::new(format!("no peer `{name}`; there are {names}")));
        }
    }
    let wanted = |it: &&Peer| names.is_empty() || names.iter().any(|name| name == it.name);
    Ok(PEERS.iter().filter(wanted).collect())
}

/// Builds the runners that are needed, one after the other; gives what did not build.
pub(super) fn build(root: &Path, target: &Path, peers: &[&'static Peer]) -> Vec<String> {
    let packages: BTreeSet<_> = peers
        .iter()
        .filter_map(|it| match it.engine.home {
            Home::Peer { package, .. } => Some(package),
            Home::Product | Home::System { .. } => None,
        })
        .collect();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut failed = Vec::new();
    for package in packages {
        // One package at a time: dialects of Lua are features of one crate that exclude each other.
        let status = Command::new(&cargo)
            .args(["build", "--release", "--locked", "--package", package])
            .current_dir(root.join("bench/peers"))
            .env("CARGO_TARGET_DIR", target.join("peers"))
            .status();
        if !status.is_ok_and(|it| it.success()) {
            failed.push(format!("{package} does not build"));
        }
    }
    failed
}

/// Compares, prints, and writes the page if nothing was left out.
///
/// # Errors
/// If the page cannot be written.
pub(super) fn compare(
    root: &Path,
    built: &Built,
    peers: &[&'static Peer],
    asked: &Asked<'_>,
    mut failures: Vec<String>,
) -> Result<ExitCode, Failure> {
    let directory = root.join("bench/programs");
    let engines = present(built, peers);
    let fib: Vec<_> = PROGRAMS.iter().filter(|it| it.name == "fib").collect();
    let starts = compare::compare(&directory, &fib, &engines, Size::One, asked.runs);
    let full = compare::compare(&directory, asked.programs, &engines, Size::Full, asked.runs);
    failures.extend(full.failures.iter().cloned());
    let page = report::Page {
        machine: machine::describe(root),
        engines: &engines,
        programs: asked.programs,
        runs: asked.runs,
        starts: &starts,
        full: &full,
        failures: &failures,
    };
    let text = page.markdown();
    println!("{text}");
    if asked.is_whole() {
        results::write_section(root, "peers", &text)?;
    }
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Lua, Remora and the peers that are there.
fn present(built: &Built, peers: &[&'static Peer]) -> Vec<Found> {
    let mut engines = vec![&LUA, &REMORA];
    engines.extend(peers.iter().map(|it| it.engine));
    super::present(&engines, built)
}

#[cfg(test)]
mod tests {
    use super::{PEERS, chosen};
    use crate::bench::engine::Home;
    use crate::workspace;

    #[test]
    fn peers_are_found_by_name_or_the_names_are_told() {
        assert_eq!(chosen(&[]).unwrap().len(), PEERS.len());
        assert_eq!(chosen(&["luau".to_owned(), "boa".to_owned()]).unwrap().len(), 3);
        let said = chosen(&["lua".to_owned()]).err().unwrap().to_string();
        assert!(said.starts_with("no peer `lua`; there are boa, koto, lua54, "), "{said}");
    }

    #[test]
    fn each_peer_has_a_package_that_is_locked() {
        let directory = workspace::root().join("bench/peers");
        let lock = workspace::read(&directory.join("Cargo.lock")).unwrap();
        for peer in PEERS {
            let Home::Peer { package, crates } = peer.engine.home else { continue };
            let manifest = directory.join(peer.name).join("Cargo.toml");
            let manifest = workspace::read(&manifest).unwrap();
            assert!(manifest.contains(&format!("name = \"{package}\"\n")), "{package}");
            for name in crates {
                assert!(lock.contains(&format!("name = \"{name}\"\n")), "{name}");
            }
        }
    }
}
