//! What is never recorded: values under names such as `password`, and texts that look like keys.

use std::sync::Arc;

/// Parts of names whose values are withheld, in lower case.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "api-key",
    "access_key",
    "private_key",
    "privatekey",
    "credential",
    "authorization",
    "auth_header",
    "cookie",
    "session_id",
    "sessionid",
    "csrf",
    "jwt",
    "credit_card",
    "card_number",
    "cvv",
    "ssn",
];

/// Beginnings of texts that are withheld wherever they stand.
const TEXTS: &[&str] = &[
    "Bearer ",
    "Basic ",
    "eyJ",
    "-----BEGIN",
    "AKIA",
    "ASIA",
    "ghp_",
    "gho_",
    "github_pat_",
    "xoxb-",
    "xoxp-",
    "sk-",
    "sk_live_",
    "rk_live_",
    "AIza",
];

/// Rules of redaction. The default withholds what is usually secret.
#[derive(Clone, Debug)]
pub struct Redactor {
    usual: bool,
    names: Arc<[Box<str>]>,
}

impl Default for Redactor {
    fn default() -> Self {
        Self { usual: true, names: Arc::new([]) }
    }
}

impl Redactor {
    /// The usual rules, and names that hold one of these words, in whatever case.
    #[must_use]
    pub fn with_names<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Self { usual: true, names: lower(words) }
    }

    /// Names that hold one of these words, and nothing else.
    #[must_use]
    pub fn only<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Self { usual: false, names: lower(words) }
    }

    /// Whether values of that name are withheld.
    #[must_use]
    pub fn hides_name(&self, name: &str) -> bool {
        (self.usual && is_usually_secret(name))
            || self.names.iter().any(|it| contains_ignoring_case(name, it))
    }

    /// The same, when it is known already whether the name is usually secret.
    pub(crate) fn hides(&self, name: &str, is_usually_secret: bool) -> bool {
        (self.usual && is_usually_secret)
            || self.names.iter().any(|it| contains_ignoring_case(name, it))
    }

    /// Whether a text is withheld, whatever its name.
    #[must_use]
    pub fn hides_text(&self, text: &str) -> bool {
        self.usual && TEXTS.iter().any(|it| text.starts_with(it))
    }
}

fn lower<'a>(words: impl IntoIterator<Item = &'a str>) -> Arc<[Box<str>]> {
    words.into_iter().map(|it| it.to_ascii_lowercase().into_boxed_str()).collect()
}

/// Whether a name holds one of the usual words.
pub(crate) fn is_usually_secret(name: &str) -> bool {
    NAMES.iter().any(|it| contains_ignoring_case(name, it))
}

/// `word` is in lower case.
fn contains_ignoring_case(name: &str, word: &str) -> bool {
    !word.is_empty()
        && name.as_bytes().windows(word.len()).any(|it| it.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usually_secret_is_hidden_and_more_can_be() {
        let usual = Redactor::default();
        assert!(usual.hides_name("userPassword") && usual.hides_name("API_KEY"));
        assert!(!usual.hides_name("amount") && usual.hides_text("Bearer abc"));
        let more = Redactor::with_names(["Salary"]);
        assert!(more.hides_name("base_salary") && more.hides_name("token"));
        let only = Redactor::only(["salary"]);
        assert!(!only.hides_name("token") && !only.hides_text("Bearer abc"));
    }
}
