//! `include/remora.h` is what the sources say.

use std::path::Path;

#[test]
fn header_is_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("it is read");
    let mut builder = cbindgen::Builder::new().with_config(config);
    for file in ["status", "value", "host", "engine", "vm"] {
        builder = builder.with_src(root.join(format!("src/{file}.rs")));
    }
    let mut made = Vec::new();
    builder.generate().expect("it is made").write(&mut made);
    let made = String::from_utf8(made).expect("it is text");
    let path = root.join("include/remora.h");
    if std::env::var_os("REMORA_BLESS").is_some() {
        std::fs::create_dir_all(root.join("include")).expect("the folder is made");
        std::fs::write(&path, &made).expect("it is written");
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        known == made,
        "include/remora.h is stale: REMORA_BLESS=1 cargo test -p remora-capi header"
    );
}
