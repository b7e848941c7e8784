//! Which crate may use which, and how much from outside the embeddable core may use.
//!
//! The table is the architecture: a dependency that is not in it fails, and so does a crate without a row. Only normal
//! dependencies count; tests may use what they like. What cargo resolves is judged, not what the sources say, so that
//! features and renamed dependencies cannot hide anything.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::Findings;
use crate::failure::Failure;

/// A package of the workspace and the packages of the workspace it may use, as a normal or build dependency.
struct Row {
    package: &'static str,
    may_use: &'static [&'static str],
}

/// Each crate may use those below it, never above. ARCHITECTURE.md says why.
const MAY_USE: &[Row] = &[
    Row { package: "remora-diagnostics", may_use: &[] },
    Row { package: "remora-syntax", may_use: &["remora-diagnostics"] },
    Row { package: "remora-bytecode", may_use: &["remora-diagnostics"] },
    Row {
        package: "remora-compiler",
        may_use: &["remora-syntax", "remora-bytecode", "remora-diagnostics"],
    },
    Row { package: "remora-vm", may_use: &["remora-bytecode", "remora-diagnostics"] },
    Row {
        package: "remora-probe",
        may_use: &["remora-syntax", "remora-bytecode", "remora-diagnostics"],
    },
    Row { package: "remora-stdlib", may_use: &["remora-vm", "remora-diagnostics"] },
    Row { package: "remora-jit", may_use: &["remora-vm", "remora-bytecode"] },
    Row { package: "remora-macros", may_use: &[] },
    Row {
        package: "remora",
        may_use: &[
            "remora-syntax",
            "remora-bytecode",
            "remora-compiler",
            "remora-diagnostics",
            "remora-vm",
            "remora-probe",
            "remora-stdlib",
            "remora-jit",
            "remora-macros",
        ],
    },
    Row {
        package: "remora-cli",
        may_use: &[
            "remora",
            "remora-syntax",
            "remora-bytecode",
            "remora-diagnostics",
            "remora-oracle",
        ],
    },
    Row { package: "remora-python", may_use: &["remora"] },
    Row { package: "remora-capi", may_use: &["remora"] },
    Row { package: "remora-oracle", may_use: &["remora-syntax", "remora-diagnostics"] },
    Row {
        package: "remora-testkit",
        may_use: &[
            "remora",
            "remora-oracle",
            "remora-probe",
            "remora-syntax",
            "remora-bytecode",
            "remora-diagnostics",
        ],
    },
    Row { package: "tree-sitter-ruff", may_use: &[] },
    Row { package: "xtask", may_use: &[] },
];

/// What an embedder pays for at most: crates from outside that `remora` without default features names itself, through
/// the crates of this workspace, and those it pulls in altogether.
const CORE: Budget = Budget { manifest: "crates/remora/Cargo.toml", direct: 8, total: 25 };

/// The same for the command, with all that it can do.
const COMMAND: Budget = Budget { manifest: "crates/cli/Cargo.toml", direct: 120, total: 120 };

#[derive(Clone, Copy)]
struct Budget {
    manifest: &'static str,
    direct: usize,
    total: usize,
}

/// Judges the workspace at `root`.
///
/// # Errors
/// If cargo cannot be asked.
pub(super) fn check(root: &Path, findings: &mut Findings) -> Result<(), Failure> {
    let metadata = cargo(root, &["metadata", "--format-version", "1", "--no-deps"])?;
    let metadata: Value = serde_json::from_str(&metadata)
        .map_err(|error| Failure::new(format!("cargo metadata: {error}")))?;
    check_layers(&metadata, findings);
    for (package, budget) in [
        (&["--package=remora", "--no-default-features"][..], CORE),
        (&["--package=remora-cli"], COMMAND),
    ] {
        let how = ["tree", "--edges=normal", "--target=all", "--prefix=depth"];
        check_budget(&cargo(root, &[&how, package].concat())?, budget, findings);
    }
    Ok(())
}

fn cargo(root: &Path, args: &[&str]) -> Result<String, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(args)
        .current_dir(root)
        .output()
        .map_err(|error| Failure::new(format!("cargo {}: {error}", args.join(" "))))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("cargo {}: {said}", args.join(" "))));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Reads `cargo metadata --no-deps`.
fn check_layers(metadata: &Value, findings: &mut Findings) {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    if packages.is_empty() {
        findings.add("cargo metadata", "lists no packages");
    }
    let name = |it: &Value| it["name"].as_str().unwrap_or_default().to_owned();
    let ours: BTreeSet<String> = packages.iter().map(name).collect();
    for package in packages {
        let user = name(package);
        let Some(row) = MAY_USE.iter().find(|row| row.package == user) else {
            findings.add(
                manifest(package),
                format!("{user} has no row in MAY_USE (xtask/src/tidy/layers.rs)"),
            );
            continue;
        };
        for dependency in package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default()
        {
            let used = name(dependency);
            let in_tests_only = dependency["kind"].as_str() == Some("dev");
            if ours.contains(&used) && !in_tests_only && !row.may_use.contains(&used.as_str()) {
                findings.add(manifest(package), format!("{user} must not use {used}"));
            }
        }
    }
}

fn manifest(package: &Value) -> String {
    let path = package["manifest_path"].as_str().unwrap_or("Cargo.toml");
    let parts: Vec<_> = path.rsplit('/').take(3).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join("/")
}

/// Reads `cargo tree --prefix=depth`: a number, then `name vVERSION (where it comes from)`.
fn check_budget(tree: &str, budget: Budget, findings: &mut Findings) {
    let mut direct = BTreeSet::new();
    let mut total = BTreeSet::new();
    let mut path: Vec<bool> = Vec::new();
    for line in tree.lines() {
        let digits = line.len() - line.trim_start_matches(|it: char| it.is_ascii_digit()).len();
        let (depth, package) = line.split_at(digits);
        let Ok(depth) = depth.parse::<usize>() else { continue };
        let mut words = package.split_whitespace();
        let (Some(name), Some(version)) = (words.next(), words.next()) else { continue };
        let is_ours = words.any(|word| word.starts_with("(/") || word.starts_with("(file:"));
        path.truncate(depth);
        if !is_ours {
            total.insert((name, version));
            if path.last().copied().unwrap_or(false) {
                direct.insert(name);
            }
        }
        path.push(is_ours);
    }
    let mut judge = |what: &str, found: usize, allowed: usize, names: Vec<&str>| {
        if found > allowed {
            findings.add(
                budget.manifest,
                format!("{found} {what}, {allowed} are allowed: {}", names.join(" ")),
            );
        }
    };
    judge("direct dependencies", direct.len(), budget.direct, direct.iter().copied().collect());
    judge("dependencies in all", total.len(), budget.total, total.iter().map(|it| it.0).collect());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Budget, CORE, MAY_USE, check_budget, check_layers};
    use crate::tidy::Findings;

    fn layers(packages: serde_json::Value) -> Vec<String> {
        let mut findings = Findings::default();
        check_layers(&json!({ "packages": packages }), &mut findings);
        findings.lines()
    }

    fn package(name: &str, dependencies: serde_json::Value) -> serde_json::Value {
        let path = format!("/home/me/remora/crates/{name}/Cargo.toml");
        json!({ "name": name, "manifest_path": path, "dependencies": dependencies })
    }

    #[test]
    fn a_planted_dependency_upwards_is_found() {
        let found = layers(json!([
            package("remora-vm", json!([])),
            package("remora-bytecode", json!([{ "name": "remora-vm", "kind": null }])),
        ]));
        assert_eq!(
            found,
            ["crates/remora-bytecode/Cargo.toml: remora-bytecode must not use remora-vm"]
        );
    }

    #[test]
    fn a_build_dependency_counts_and_a_dev_dependency_does_not() {
        let uses = |kind: &str| {
            layers(json!([
                package("remora-vm", json!([])),
                package("remora-syntax", json!([{ "name": "remora-vm", "kind": kind }])),
            ]))
        };
        assert_eq!(uses("build").len(), 1);
        assert_eq!(uses("dev"), Vec::<String>::new());
    }

    #[test]
    fn an_optional_dependency_counts() {
        let found = layers(json!([
            package("remora-oracle", json!([])),
            package("remora", json!([{ "name": "remora-oracle", "kind": null, "optional": true }])),
        ]));
        assert_eq!(found, ["crates/remora/Cargo.toml: remora must not use remora-oracle"]);
    }

    #[test]
    fn a_crate_without_a_row_is_found() {
        let found = layers(json!([package("remora-misc", json!([]))]));
        assert_eq!(
            found,
            [
                "crates/remora-misc/Cargo.toml: remora-misc has no row in MAY_USE (xtask/src/tidy/layers.rs)"
            ]
        );
    }

    #[test]
    fn what_is_allowed_passes_and_nothing_to_judge_does_not() {
        let found = layers(json!([
            package("remora-diagnostics", json!([])),
            package(
                "remora-syntax",
                json!([{ "name": "remora-diagnostics", "kind": null },
                                            { "name": "unicode-ident", "kind": null }])
            ),
        ]));
        assert_eq!(found, Vec::<String>::new());
        assert_eq!(layers(json!([])), ["cargo metadata: lists no packages"]);
    }

    #[test]
    fn the_table_has_no_cycle() {
        // A crate may use only crates that use fewer: removing leaves again and again empties the table.
        let mut left: Vec<_> = MAY_USE.iter().collect();
        while !left.is_empty() {
            let names: Vec<_> = left.iter().map(|row| row.package).collect();
            let before = left.len();
            left.retain(|row| row.may_use.iter().any(|used| names.contains(used)));
            assert!(left.len() < before, "a cycle among {names:?}");
        }
    }

    #[test]
    fn dependencies_from_outside_are_counted_once() {
        let tree = "\
0remora v0.1.0 (/home/me/remora/crates/remora)
1remora-syntax v0.1.0 (/home/me/remora/crates/syntax)
2unicode-ident v1.0.27
1remora-vm v0.1.0 (/home/me/remora/crates/vm)
2foldhash v0.2.0
3deep v1.0.0
2unicode-ident v1.0.27
2remora-syntax v0.1.0 (/home/me/remora/crates/syntax) (*)
1serde_derive v1.0.0 (proc-macro)
";
        let judge = |direct, total| {
            let mut findings = Findings::default();
            check_budget(tree, Budget { direct, total, ..CORE }, &mut findings);
            findings.lines()
        };
        assert_eq!(judge(3, 4), Vec::<String>::new());
        assert_eq!(
            judge(2, 3),
            [
                "crates/remora/Cargo.toml: 3 direct dependencies, 2 are allowed: foldhash serde_derive unicode-ident",
                "crates/remora/Cargo.toml: 4 dependencies in all, 3 are allowed: deep foldhash serde_derive unicode-ident",
            ]
        );
    }
}
