//! The grammar for editors parses without an error what the parser accepts, and finds one in what it refuses, in every
//! program of the repository.
//!
//! The grammar knows shape, not measure: how deep something nests, how large a number is, which patterns may be where.

use remora_testkit::programs::programs;
use tree_sitter::{Language, Node, Parser, Query};

/// Findings about what has the right shape: the value of an escape, of a number, what nests, where something may stand.
const OF_MEASURE: &[&str] = &["E0004", "E0005", "E0006", "E0008", "E0014", "E0015"];

/// Programs that are refused for a reason that needs more than a grammar: two statements on one line, or two members.
const ON_ONE_LINE: &[&str] = &[
    "js-function-expression",
    "js-new",
    "lua-comment",
    "py-raw-string",
    "rs-vec-macro",
    "struct-field-without-comma",
];

/// The first node that is an error or missing.
fn fault(node: Node<'_>) -> Option<Node<'_>> {
    if node.is_error() || node.is_missing() {
        return Some(node);
    }
    let mut cursor = node.walk();
    node.children(&mut cursor).filter(Node::has_error).find_map(fault)
}

#[test]
fn the_grammar_agrees_with_the_parser() {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_ruff::LANGUAGE.into()).expect("a version that fits");
    let (mut n_accepted, mut n_refused) = (0, 0);
    let mut wrong = Vec::new();
    for (name, text) in programs().expect("the programs are there") {
        let ours = remora_syntax::parse(&text, &remora_syntax::ParseLimits::default());
        let theirs = parser.parse(&text, None).expect("a tree");
        let fault = theirs.root_node().has_error().then(|| {
            let at = fault(theirs.root_node()).unwrap_or(theirs.root_node());
            at.start_position().row
        });
        match (ours.diagnostics.first(), fault) {
            (None, None) => n_accepted += 1,
            (Some(_), Some(_)) => n_refused += 1,
            (None, Some(row)) => {
                let line = text.lines().nth(row).unwrap_or_default();
                wrong.push(format!("{name}:{}: the grammar refuses {line}", row + 1));
            }
            (Some(finding), None) => {
                let known = ON_ONE_LINE.iter().any(|it| name.ends_with(it));
                if !known && !OF_MEASURE.contains(&finding.code.as_str()) {
                    wrong.push(format!("{name}: the grammar accepts it, but {}", finding.message));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    assert!(n_accepted > 600 && n_refused > 100, "{n_accepted} and {n_refused}");
}

#[test]
fn the_query_for_colours_speaks_of_nodes_that_there_are() {
    let language = Language::from(tree_sitter_ruff::LANGUAGE);
    let query = Query::new(&language, include_str!("../queries/highlights.scm"));
    assert!(query.is_ok(), "{:?}", query.err());
}
