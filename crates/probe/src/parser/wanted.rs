//! What the tokens of Ruff call wrong and probes write on purpose.

use remora_diagnostics::{Code, Diagnostic, Sink};
use remora_syntax::{Token, TokenKind, tokenize};

/// What names of requests and tables begin with.
pub(super) const SIGNS: [char; 2] = ['$', '@'];

/// The tokens of a text without comments, and what is wrong with them.
///
/// `$` and `@` are shown to the lexer as `_`, so that they are parts of names, and no `${` begins anything in a string.
/// Tokens say where they stand, so that nobody else notices.
pub(super) fn tokens(text: &str, sink: &mut Sink) -> Vec<Token> {
    let mut before = ' ';
    let masked: String = text
        .chars()
        .map(|it| {
            // `\$` in a string is an escape of its own.
            let shown = if SIGNS.contains(&it) && before != '\\' { '_' } else { it };
            before = it;
            shown
        })
        .collect();
    let (mut tokens, found) = tokenize(&masked);
    tokens.retain(|it| !matches!(it.kind, TokenKind::Comment | TokenKind::DocComment));
    let mut wrong = found.into_iter().filter(|it| !is_time(text, &tokens, it)).peekable();
    // "There are more errors" says nothing if all before were times.
    if wrong.peek().is_some_and(|it| it.code != Code::E0018) {
        wrong.for_each(|it| sink.push(it));
    }
    tokens
}

/// Whether a finding is about the time of an `interval:`, which is no number in Ruff.
fn is_time(text: &str, tokens: &[Token], finding: &Diagnostic) -> bool {
    let Some(span) = finding.span().filter(|_| finding.code == Code::E0005) else { return false };
    let nth = tokens.iter().position(|it| it.span.end > span.start);
    let before = |n: usize| nth.and_then(|nth| nth.checked_sub(n)).map(|it| tokens[it]);
    before(1).is_some_and(|it| it.kind == TokenKind::Colon)
        && before(2).is_some_and(|it| text.get(it.span.range()) == Some("interval"))
}
