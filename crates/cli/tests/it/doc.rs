//! `remora doc`: the list, one builtin, and advice.

use crate::command::remora;

#[test]
fn without_a_name_it_lists_families() {
    let ran = remora(&["doc"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for line in
        ["Strings", "JSON", "Regular expressions", "  format_date parse_date format_duration"]
    {
        assert!(ran.out.lines().any(|it| it == line), "{line}:\n{}", ran.out);
    }
    assert!(ran.out.lines().all(|it| it.len() <= 80) && !ran.out.contains("__"));
}

#[test]
fn with_a_name_it_shows_one() {
    let ran = remora(&["doc", "to_json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for part in ["to_json(value: any) -> string", "Raises: R0004, R0012.", "Family: JSON."] {
        assert!(ran.out.contains(part), "{part}:\n{}", ran.out);
    }
    let alias = remora(&["doc", "append"]);
    assert!(alias.out.contains("Also: push."), "{alias:?}");
}

#[test]
fn an_unknown_name_gets_a_suggestion() {
    let ran = remora(&["doc", "parse_jsn"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("did you mean `parse_json`?"), "{ran:?}");
    let far = remora(&["doc", "qqqqqqqq"]);
    assert!(far.err.contains("`remora doc` lists all"), "{far:?}");
}
