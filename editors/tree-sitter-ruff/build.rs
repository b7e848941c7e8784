//! Compiles the generated parser and the scanner.

fn main() {
    let files = ["src/parser.c", "src/scanner.c"];
    cc::Build::new()
        .std("c11")
        .include("src")
        .warnings(false)
        .files(files)
        .compile("tree-sitter-ruff");
    for file in files {
        println!("cargo::rerun-if-changed={file}");
    }
}
