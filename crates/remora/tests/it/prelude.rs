//! The prelude's compiled form is what its source compiles to.
//!
//! To renew it: `REMORA_BLESS=1 cargo test -p remora prelude`.

#[test]
fn the_compiled_prelude_is_fresh() {
    let compiled = remora::compile_prelude().expect("the prelude compiles");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../vm/src/prelude/prelude.rmod");
    if std::env::var_os("REMORA_BLESS").is_some() {
        std::fs::write(path, &compiled).unwrap();
    }
    assert!(
        std::fs::read(path).unwrap() == compiled,
        "prelude.rmod is stale: REMORA_BLESS=1 cargo test -p remora prelude"
    );
}
