//! The TextMate grammar in `editors/` sees comments, strings, numbers and words where the lexer sees them, in every
//! program of the repository.
//!
//! The grammar is run by the small part of a TextMate engine that it needs: line by line, a stack of open rules, the
//! earliest match wins, then the first.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use fancy_regex::Regex;
use remora_syntax::{TokenClass, TokenKind, tokenize};
use remora_testkit::corpus;
use remora_testkit::programs::programs;
use serde_json::Value;

/// A rule of the grammar.
enum Rule {
    /// One match, and what its first group is.
    Match { regex: Regex, name: String },
    /// From a match to another, with rules between them; `inner` says whether the marks have the name too.
    Span { begin: Regex, end: Regex, name: String, marks: String, rules: Vec<usize> },
    /// Other rules.
    Group(Vec<usize>),
}

/// The rules, the first of which is the whole.
struct Grammar(Vec<Rule>);

impl Grammar {
    fn read(json: &Value) -> Self {
        let mut grammar = Self(vec![Rule::Group(Vec::new())]);
        let mut named = HashMap::new();
        let top = grammar.rules(&json["patterns"], &json["repository"], &mut named);
        grammar.0[0] = Rule::Group(top);
        grammar
    }

    fn rules(
        &mut self,
        list: &Value,
        all: &Value,
        named: &mut HashMap<String, usize>,
    ) -> Vec<usize> {
        let list = list.as_array().cloned().unwrap_or_default();
        list.iter().map(|it| self.rule(it, all, named)).collect()
    }

    fn rule(&mut self, json: &Value, all: &Value, named: &mut HashMap<String, usize>) -> usize {
        if let Some(include) = json["include"].as_str() {
            let name = include.trim_start_matches('#');
            if let Some(known) = named.get(name) {
                return *known;
            }
            // Taken before it is read: rules include each other.
            let idx = self.0.len();
            named.insert(name.to_owned(), idx);
            self.0.push(Rule::Group(Vec::new()));
            let made = self.rule(&all[name], all, named);
            self.0[idx] = Rule::Group(vec![made]);
            return idx;
        }
        let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
        let regex = |it: &Value| Regex::new(&text(it)).expect("an expression that compiles");
        let made = if json["match"].is_string() {
            let inner = text(&json["captures"]["1"]["name"]);
            let name = if inner.is_empty() { text(&json["name"]) } else { inner };
            Rule::Match { regex: regex(&json["match"]), name }
        } else if json["begin"].is_string() {
            let rules = self.rules(&json["patterns"], all, named);
            Rule::Span {
                begin: regex(&json["begin"]),
                end: regex(&json["end"]),
                name: text(&json["name"]),
                marks: text(&json["beginCaptures"]["0"]["name"]),
                rules,
            }
        } else {
            Rule::Group(self.rules(&json["patterns"], all, named))
        };
        self.0.push(made);
        self.0.len() - 1
    }

    /// The rules to try, groups opened.
    fn open(&self, rules: &[usize], found: &mut Vec<usize>) {
        for &rule in rules {
            match &self.0[rule] {
                Rule::Group(inner) => self.open(inner, found),
                _ if found.contains(&rule) => {}
                _ => found.push(rule),
            }
        }
    }

    /// The innermost name of each byte.
    fn scopes<'g>(&'g self, text: &str) -> Vec<&'g str> {
        let mut names: Vec<&str> = Vec::with_capacity(text.len());
        let mut stack: Vec<usize> = Vec::new();
        for line in text.split_inclusive('\n') {
            self.line(line, &mut stack, &mut names);
        }
        names
    }

    fn line<'g>(&'g self, line: &str, stack: &mut Vec<usize>, names: &mut Vec<&'g str>) {
        let body = line.trim_end_matches(['\n', '\r']);
        let mut at = 0;
        loop {
            let (outer, end, rules) = match stack.last().map(|it| &self.0[*it]) {
                Some(Rule::Span { end, name, rules, .. }) => (name.as_str(), Some(end), &rules[..]),
                _ => ("", None, &[0][..]),
            };
            let mut candidates = Vec::new();
            self.open(rules, &mut candidates);
            let find = |regex: &Regex| {
                let found = regex.find_from_pos(body, at).expect("no limit is reached");
                found.map(|it| it.start()..it.end())
            };
            let mut best: Option<(std::ops::Range<usize>, Option<usize>)> =
                end.and_then(find).map(|it| (it, None));
            for rule in candidates {
                let (Rule::Match { regex, .. } | Rule::Span { begin: regex, .. }) = &self.0[rule]
                else {
                    continue;
                };
                if let Some(range) = find(regex)
                    && best.as_ref().is_none_or(|(it, _)| range.start < it.start)
                {
                    best = Some((range, Some(rule)));
                }
            }
            let Some((range, rule)) = best else { break };
            names.extend(std::iter::repeat_n(outer, range.start - at));
            let name: &str = match rule.map(|it| &self.0[it]) {
                Some(Rule::Match { name, .. }) => name,
                Some(Rule::Span { name, marks, .. }) => {
                    stack.extend(rule);
                    if marks.is_empty() { name } else { marks }
                }
                _ => match stack.pop().map(|it| &self.0[it]) {
                    Some(Rule::Span { name, marks, .. }) if marks.is_empty() => name,
                    Some(Rule::Span { marks, .. }) => marks,
                    _ => outer,
                },
            };
            names.extend(std::iter::repeat_n(name, range.len()));
            assert!(!range.is_empty(), "a rule that takes nothing in {line}");
            at = range.end;
        }
        let outer = match stack.last().map(|it| &self.0[*it]) {
            Some(Rule::Span { name, .. }) => name.as_str(),
            _ => "",
        };
        names.extend(std::iter::repeat_n(outer, line.len() - at));
    }
}

/// Whether a byte of a token of that kind may be called `name`.
fn agrees(kind: TokenKind, name: &str) -> bool {
    let is = |prefixes: &[&str]| prefixes.iter().any(|it| name.starts_with(it));
    let special = ["comment", "string", "constant", "keyword.control", "storage"];
    match kind.class() {
        TokenClass::Comment => is(&["comment"]),
        TokenClass::Text => {
            is(&["string", "constant.character.escape", "punctuation.section.interpolation"])
        }
        TokenClass::Literal if matches!(kind, TokenKind::Int | TokenKind::Float) => {
            is(&["constant.numeric"])
        }
        TokenClass::Literal => is(&["constant.language"]),
        TokenClass::Keyword => is(&["keyword.control", "storage", "variable.language"]),
        TokenClass::Name => is(&["keyword.control.contextual"]) || !is(&special),
        TokenClass::Operator | TokenClass::Punctuation => !is(&special),
        _ => true,
    }
}

#[test]
fn the_grammar_for_editors_agrees_with_the_lexer() {
    let path = corpus::root().join("../editors/ruff.tmLanguage.json");
    let text = fs::read_to_string(Path::new(&path)).expect("the grammar is there");
    let grammar = Grammar::read(&serde_json::from_str(&text).expect("JSON"));
    let (mut n_programs, mut wrong) = (0, Vec::new());
    for (name, text) in programs().expect("the programs are there") {
        let (tokens, diagnostics) = tokenize(&text);
        // Where the lexer finds fault there is nothing to agree about.
        if !diagnostics.is_empty() {
            continue;
        }
        n_programs += 1;
        let scopes = grammar.scopes(&text);
        for token in tokens.iter().filter(|it| it.kind != TokenKind::Eof) {
            let off = token.span.range().find(|at| {
                let newline = matches!(text.as_bytes()[*at], b'\n' | b'\r');
                !newline && !agrees(token.kind, scopes[*at])
            });
            if let Some(at) = off {
                let written = &text[token.span.range()];
                wrong
                    .push(format!("{name}: {written:?} is {:?}, not {:?}", token.kind, scopes[at]));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} tokens\n{}",
        wrong.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
    assert!(n_programs > 600, "{n_programs} programs");
}
