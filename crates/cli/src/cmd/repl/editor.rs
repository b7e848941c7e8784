//! What the line editor asks: whether an input is complete, how a name goes on, which colours words have.

use std::borrow::Cow;

use remora::{Engine, Session};
use remora_syntax::{TokenClass, is_incomplete, tokenize};
use rustyline::completion::Completer;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Result};

use super::words::WORDS;

/// Words that begin statements and expressions.
const KEYWORDS: &[&str] = &[
    "async", "await", "break", "case", "const", "continue", "default", "else", "enum", "except",
    "export", "false", "finally", "for", "from", "func", "if", "import", "in", "let", "loop",
    "match", "mut", "null", "return", "self", "spawn", "struct", "test", "throw", "true", "try",
    "while", "yield",
];

/// See the module.
pub(super) struct Helper {
    /// Builtins and keywords, in order.
    fixed: Vec<String>,
    methods: Vec<String>,
    /// What the session has declared.
    names: Vec<String>,
    members: Vec<String>,
}

impl Helper {
    pub(super) fn new(engine: &Engine) -> Self {
        let registry = engine.registry();
        let visible = registry.entries().iter().filter(|it| !it.row.is_hidden());
        let builtins = visible.map(|it| it.name.to_owned());
        let fixed = builtins.chain(KEYWORDS.iter().map(|it| (*it).to_owned())).collect();
        let methods = registry.method_names().map(|it| it.to_string()).collect();
        Self { fixed, methods, names: Vec::new(), members: Vec::new() }
    }

    /// Takes over what the session has declared by now.
    pub(super) fn learn(&mut self, session: &Session) {
        self.names = session.names().map(str::to_owned).collect();
        self.members = session.members().map(str::to_owned).collect();
    }

    /// How the name that ends at `pos` may go on, and where it begins.
    fn candidates(&self, line: &str, pos: usize) -> (usize, Vec<String>) {
        let before = line.get(..pos).unwrap_or(line);
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let start = before.trim_end_matches(is_part).len();
        let (around, part) = before.split_at(start);
        let mut found: Vec<String> = if around == ":" {
            WORDS.iter().map(|it| it.0.to_owned()).collect()
        } else if part.is_empty() && !around.ends_with(['.', ':']) {
            Vec::new()
        } else if around.ends_with("::") || (around.ends_with('.') && !around.ends_with("..")) {
            self.members.iter().chain(&self.methods).cloned().collect()
        } else {
            self.names.iter().chain(&self.fixed).cloned().collect()
        };
        found.retain(|it| it.starts_with(part));
        found.sort();
        found.dedup();
        (start, found)
    }
}

impl Completer for Helper {
    type Candidate = String;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> Result<(usize, Vec<String>)> {
        Ok(self.candidates(line, pos))
    }
}

impl Validator for Helper {
    fn validate(&self, context: &mut ValidationContext<'_>) -> Result<ValidationResult> {
        let input = context.input();
        let command = input.trim_start().starts_with(':');
        Ok(if !command && is_incomplete(input) {
            ValidationResult::Incomplete
        } else {
            ValidationResult::Valid(None)
        })
    }
}

impl Highlighter for Helper {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if line.starts_with(':') {
            return Cow::Borrowed(line);
        }
        let mut out = String::with_capacity(line.len() * 2);
        let mut end = 0;
        for token in tokenize(line).0 {
            let (span, Some(color)) = (token.span.range(), color(token.kind.class())) else {
                continue;
            };
            let (Some(between), Some(text)) = (line.get(end..span.start), line.get(span.clone()))
            else {
                continue;
            };
            out.push_str(between);
            out.push_str(&format!("\u{1b}[{color}m{text}\u{1b}[0m"));
            end = span.end;
        }
        out.push_str(line.get(end..).unwrap_or_default());
        Cow::Owned(out)
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        kind != CmdKind::MoveCursor
    }
}

/// The colour of a kind of word, as a number for the terminal.
const fn color(class: TokenClass) -> Option<&'static str> {
    match class {
        TokenClass::Keyword => Some("1;34"),
        TokenClass::Literal => Some("36"),
        TokenClass::Text => Some("32"),
        TokenClass::Comment => Some("90"),
        TokenClass::Invalid => Some("31"),
        TokenClass::Name | TokenClass::Operator | TokenClass::Punctuation | TokenClass::End => None,
    }
}

impl Hinter for Helper {
    type Hint = String;
}

impl rustyline::Helper for Helper {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_members_and_commands_complete() {
        let engine = Engine::new();
        let mut session = Session::new(&engine, remora::Settings::default()).unwrap();
        session.run("struct Point { width\n func area(self) { return 1 } }\npoints := 3").unwrap();
        let mut helper = Helper::new(&engine);
        helper.learn(&session);
        let found = |line: &str| helper.candidates(line, line.len());
        assert_eq!(found("1 + poi"), (4, vec!["points".to_owned()]));
        assert_eq!(found("Poi").1, ["Point"]);
        assert_eq!(found("p.wid").1, ["width"]);
        assert!(found("x.").1.contains(&"area".to_owned()));
        assert!(found("to_up").1.iter().any(|it| it == "to_upper"));
        assert_eq!(found(":d"), (1, vec!["dis".to_owned(), "doc".to_owned()]));
        assert!(found("").1.is_empty() && found("1 ").1.is_empty());
    }

    #[test]
    fn colours_change_nothing_but_colours() {
        let helper = Helper::new(&Engine::new());
        for line in ["let x := \"a ${1 + 2} b\" # c", "é := \"ü", "1 .. `", "x"] {
            let shown = helper.highlight(line, 0);
            let mut plain = String::new();
            let mut parts = shown.split('\u{1b}');
            plain.push_str(parts.next().unwrap());
            parts.for_each(|it| plain.push_str(it.split_once('m').unwrap().1));
            assert_eq!(plain, line);
        }
    }
}
