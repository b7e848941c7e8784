//! What the tokens of Ruff call wrong and probes write on purpose.

use remora_diagnostics::{Code, Diagnostic};
use remora_syntax::{Token, TokenKind};

/// Whether a finding of the lexer is about something that belongs to the language of probes.
pub(super) fn is_wanted(text: &str, tokens: &[Token], finding: &Diagnostic) -> bool {
    let Some(span) = finding.span() else { return false };
    match finding.code {
        Code::E0001 => matches!(text.get(span.range()), Some("$" | "@")),
        // Only the time of an `interval:`.
        Code::E0005 => {
            let nth = tokens.iter().position(|it| it.span.end > span.start);
            let before = |n: usize| nth.and_then(|nth| nth.checked_sub(n)).map(|it| tokens[it]);
            before(1).is_some_and(|it| it.kind == TokenKind::Colon)
                && before(2).is_some_and(|it| text.get(it.span.range()) == Some("interval"))
        }
        _ => false,
    }
}

/// Leaves comments out, and makes one token of a string with `${` in it.
pub(super) fn mend(tokens: Vec<Token>) -> Vec<Token> {
    let mut mended: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut open = Vec::new();
    for mut token in tokens {
        match token.kind {
            TokenKind::Comment | TokenKind::DocComment => continue,
            TokenKind::StrHead => open.push(mended.len()),
            TokenKind::StrTail => {
                if let Some(start) = open.pop()
                    && let Some(head) = mended.get(start).copied()
                {
                    mended.truncate(start);
                    token.kind = TokenKind::Str;
                    token.span = head.span.to(token.span);
                }
            }
            _ => {}
        }
        mended.push(token);
    }
    mended
}
