//! `cargo xtask footprint`: what an embedder pays, measured from an empty folder: bytes of the binary, seconds of the build.
//!
//! A package with nothing but the example `hello` and the crate `remora` without its default features is made below
//! `target`, built from nothing in release mode with the profile of this workspace, and compared with a program that does nothing. How many crates that pulls in
//! is held by `tidy`. A bound on the bytes is asserted; the seconds are a word of warning, because machines differ.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use crate::failure::Failure;
use crate::workspace;

/// Bytes that Remora adds to a binary at most, without symbols.
const MOST_BYTES: u64 = 2 << 20;
/// Longest that its build should take.
const MOST_SECONDS: f64 = 60.0;

/// Builds both, compares and prints.
///
/// # Errors
/// A build that fails, or files that cannot be written.
pub(crate) fn run(root: &Path) -> Result<ExitCode, Failure> {
    let folder = target(root).join("footprint");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| Failure::about(&folder, &error))?;
    }
    let remora = root.join("crates/remora");
    let dependency =
        format!("[dependencies]\nremora = {{ path = {remora:?}, default-features = false }}\n");
    let empty = build(root, &folder, "empty", "", "fn main() {}\n")?;
    let hello = workspace::read(&remora.join("examples/hello.rs"))?;
    let host = build(root, &folder, "host", &dependency, &hello)?;
    let added = host.bytes.saturating_sub(empty.bytes);
    let is_small = added <= MOST_BYTES;
    println!(
        "Remora adds {} KiB to a binary; at most {} KiB are promised: {}",
        added.div_ceil(1 << 10),
        MOST_BYTES >> 10,
        if is_small { "kept" } else { "BROKEN" }
    );
    println!(
        "it is built from nothing in {:.0} s; at most {MOST_SECONDS} s wanted{}",
        host.seconds,
        if host.seconds <= MOST_SECONDS { "" } else { ": too long, or a busy machine" }
    );
    Ok(if is_small { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn target(root: &Path) -> PathBuf {
    let set = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    root.join(set.unwrap_or_else(|| "target".into()))
}

/// A program, as it was built.
struct Built {
    bytes: u64,
    seconds: f64,
}

/// Makes a package of its own and builds it.
fn build(
    root: &Path,
    folder: &Path,
    name: &str,
    dependencies: &str,
    text: &str,
) -> Result<Built, Failure> {
    let package = folder.join(name);
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n{dependencies}\n\
         [profile.release]\nstrip = \"symbols\"\nlto = \"thin\"\ncodegen-units = 1\n\n[workspace]\n"
    );
    workspace::write(&package.join("Cargo.toml"), &manifest)?;
    workspace::write(&package.join("src/main.rs"), text)?;
    // The versions that are tested are those that are measured.
    let locked = workspace::read(&root.join("Cargo.lock"))?;
    workspace::write(&package.join("Cargo.lock"), &locked)?;
    let built = package.join("target");
    let began = Instant::now();
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--release", "--quiet"])
        .env("CARGO_TARGET_DIR", &built)
        .current_dir(&package)
        .status()
        .map_err(|error| Failure::new(format!("cargo build: {error}")))?;
    let seconds = began.elapsed().as_secs_f64();
    if !status.success() {
        return Err(Failure::new(format!("the package `{name}` does not build")));
    }
    let binary = built.join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let bytes = std::fs::metadata(&binary).map_err(|error| Failure::about(&binary, &error))?.len();
    Ok(Built { bytes, seconds })
}
