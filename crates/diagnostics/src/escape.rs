//! Makes text harmless for a terminal: nothing that a script prints or is written in may forge a diagnostic.

use std::borrow::Cow;

/// Replaces control characters (but newline and tab) and characters that change the direction of text by visible
/// escapes. Borrows when there is nothing to do.
#[must_use]
pub fn escape_controls(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_hostile(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn is_hostile(c: char) -> bool {
    let bidi = matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    bidi || (c.is_control() && c != '\n' && c != '\t')
}

#[cfg(test)]
mod tests {
    use super::escape_controls;

    #[test]
    fn terminal_sequences_and_direction_marks_become_visible() {
        assert_eq!(escape_controls("a\u{1b}[31m\r\u{202e}b"), "a\\u{1b}[31m\\u{d}\\u{202e}b");
        assert_eq!(escape_controls("tab\there\nnext"), "tab\there\nnext");
    }
}
