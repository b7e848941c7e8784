//! Modules that once broke a promise, as mutation found them, cut down by hand.

use remora::{Engine, Module, Settings, Vm};
use remora_bytecode::text;

/// What a module in text form gives, as `print` shows it.
fn result(text: &str) -> Result<String, String> {
    let module = text::parse(text).unwrap_or_else(|error| panic!("{error:?}"));
    let bytes =
        remora_bytecode::wire::write(&module, remora_bytecode::wire::WriteOptions::default());
    let module: Module =
        Engine::new().load("module", &bytes).unwrap_or_else(|error| panic!("{error:?}"));
    let shown = Vm::new(&module, Settings::default()).run_shown();
    shown.map(Option::unwrap_or_default).map_err(|error| error.code().to_string())
}

/// A module whose function has two locals: what they hold at the end is shown.
fn main(body: &str) -> String {
    format!(
        "module \"found\" full\n\nfunc \"main\" () plain {{\n  locals 2\n  stack 4\n{body}  \
         load_local 0\n  load_local 1\n  build_array 2\n  return\n}}\n\nstart 0\n"
    )
}

#[test]
fn what_is_added_to_a_shared_array_is_added_to_a_copy() {
    let array = "load_int 1\nload_int 2\nload_const \"x\"\nbuild_array 3\nstore_local 0\n";
    let body = format!("{array}load_local 0\nload_int 3\narray_push\nstore_local 1\n");
    assert_eq!(result(&main(&body)).unwrap(), "[[1, 2, x], [1, 2, x, 3]]");
    // The source would have been read while the target, the same array, grew away from under it.
    let body = format!("{array}load_local 0\nload_local 0\narray_extend\nstore_local 1\n");
    assert_eq!(result(&main(&body)).unwrap(), "[[1, 2, x], [1, 2, x, 1, 2, x]]");
}

#[test]
fn what_is_added_to_a_shared_dict_is_added_to_a_copy() {
    let dict = "load_const \"a\"\nload_int 1\nbuild_dict 1\nstore_local 0\n";
    let body =
        format!("{dict}load_local 0\nload_const \"b\"\nload_int 2\ndict_insert\nstore_local 1\n");
    assert_eq!(result(&main(&body)).unwrap(), "[{\"a\": 1}, {\"a\": 1, \"b\": 2}]");
    let body = format!("{dict}load_local 0\nload_local 0\ndict_merge\nstore_local 1\n");
    assert_eq!(result(&main(&body)).unwrap(), "[{\"a\": 1}, {\"a\": 1}]");
}

#[test]
fn nothing_is_built_on_what_is_no_collection() {
    let set = "load_null\nstore_local 0\nload_null\nstore_local 1\n";
    for wrong in [
        "load_int 1\nload_int 2\narray_push\npop\n",
        "load_int 1\nbuild_array 0\narray_extend\npop\n",
    ] {
        assert_eq!(result(&main(&format!("{wrong}{set}"))), Err("R0002".to_owned()));
    }
}
