//! The table at the end of `docs/language.md` leads from each rule of the language to cases that show it.

use std::collections::HashMap;

use remora_testkit::corpus;

/// A link of the table: the name of a case, and the file it should stand in, below `conformance/`.
struct Link<'t> {
    case: &'t str,
    file: &'t str,
}

const HEADING: &str = "## Where each rule is shown";

fn links(row: &str) -> impl Iterator<Item = Link<'_>> {
    row.split('[').skip(1).filter_map(|it| {
        let (case, rest) = it.split_once("](../conformance/")?;
        let (file, _) = rest.split_once(')')?;
        Some(Link { case, file })
    })
}

#[test]
fn each_rule_leads_to_cases_that_are_there() {
    let page = corpus::root().join("../docs/language.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let (_, table) = page.split_once(HEADING).expect("the table is there");
    let cases = corpus::read(&corpus::root()).expect("the corpus is there");
    let places: HashMap<&str, &str> =
        cases.iter().map(|it| (it.name.as_str(), it.place.0.as_str())).collect();
    let rows = table.lines().filter(|it| it.starts_with("| ") && !it.starts_with("| **")).skip(1);
    let mut n_rules = 0;
    for row in rows {
        n_rules += 1;
        let mut n_links = 0;
        for Link { case, file } in links(row) {
            n_links += 1;
            assert_eq!(places.get(case), Some(&file), "case `{case}` of the row {row}");
        }
        assert!(n_links > 0 && n_links == row.matches("](").count(), "the row {row}");
    }
    assert!(n_rules >= 75, "{n_rules} rules");
}
