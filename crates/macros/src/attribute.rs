//! What stands in `#[remora(…)]`.

use proc_macro2::Span;
use syn::{Attribute, Error, LitStr, Result};

/// The words of one or more attributes, and the name that they give.
#[derive(Default)]
pub(crate) struct Words {
    words: Vec<(String, Span)>,
    pub(crate) name: Option<LitStr>,
}

impl Words {
    /// Reads all `#[remora(…)]` of an item; `known` are the words that it may have.
    pub(crate) fn read(attrs: &[Attribute], known: &[&str]) -> Result<Self> {
        let mut read = Self::default();
        for attr in attrs.iter().filter(|it| it.path().is_ident("remora")) {
            attr.parse_nested_meta(|meta| {
                if meta.path.is_ident("name") {
                    let name: LitStr = meta.value()?.parse()?;
                    check_name(&name.value(), name.span())?;
                    read.name = Some(name);
                    return Ok(());
                }
                let word = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
                if !known.contains(&word.as_str()) {
                    return Err(meta.error(format!(
                        "unknown word; here may stand: name = \"…\", {}",
                        known.join(", ")
                    )));
                }
                if read.has(&word) {
                    return Err(meta.error(format!("`{word}` stands here twice")));
                }
                read.words
                    .push((word, meta.path.get_ident().map_or(Span::call_site(), |it| it.span())));
                Ok(())
            })?;
        }
        Ok(read)
    }

    /// Whether a word is among them.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.words.iter().any(|it| it.0 == word)
    }

    /// Whether there was an attribute at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.name.is_none()
    }

    /// The words.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Span)> {
        self.words.iter().map(|it| (&*it.0, it.1))
    }
}

/// Whether a script can say a name.
pub(crate) fn check_name(name: &str, span: Span) -> Result<()> {
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|it| it.is_ascii_alphabetic() || it == '_');
    if first && chars.all(|it| it.is_ascii_alphanumeric() || it == '_') {
        return Ok(());
    }
    Err(Error::new(span, format!("`{name}` is no name that a script can say; use `name = \"…\"`")))
}
