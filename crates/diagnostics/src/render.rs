//! Diagnostics as text with excerpts of the source, through `annotate-snippets`.
//!
//! Text that comes from scripts or sources is made harmless first: see [`crate::escape_controls`].

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};

use crate::{Diagnostic, Label, Severity, Source, SourceId, SourceMap, escape_controls};

/// Lines longer than this are not excerpted: rendering them would cost more than it tells.
const MAX_EXCERPT_LINE: usize = 2_000;

/// Renders findings, one after the other, with a blank line between them. `color` adds ANSI colours.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for (nth, diagnostic) in diagnostics.iter().enumerate() {
        if nth > 0 {
            out.push('\n');
        }
        out.push_str(&render_one(diagnostic, sources, &renderer));
        out.push('\n');
    }
    out
}

fn render_one(diagnostic: &Diagnostic, sources: &SourceMap, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title =
        level.primary_title(escape_controls(&diagnostic.message)).id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    let mut seen: Vec<SourceId> = Vec::new();
    for label in &diagnostic.labels {
        if seen.contains(&label.source) {
            continue;
        }
        seen.push(label.source);
        let Some(source) = sources.source(label.source) else { continue };
        if !source.has_text() {
            let (line, column) = source.line_column(label.span.start);
            let origin =
                Origin::path(escape_controls(source.name())).line(line).char_column(column);
            group =
                group.element(origin).element(Level::NOTE.message(escape_controls(&label.text)));
            continue;
        }
        group = group.element(excerpt(diagnostic, label, source));
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(escape_controls(note)));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(escape_controls(help)));
    }
    let mut report = vec![group];
    if let Some(suggestion) = suggestion(diagnostic, sources) {
        report.push(suggestion);
    }
    renderer.render(&report)
}

/// The part of one source that the labels of a diagnostic speak of. The first label is the culprit.
fn excerpt<'a>(
    diagnostic: &'a Diagnostic,
    first: &'a Label,
    source: &'a Source,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let mut snippet = Snippet::source(visible(source)).path(escape_controls(source.name()));
    for (nth, label) in diagnostic.labels.iter().enumerate() {
        if label.source != first.source {
            continue;
        }
        let kind = if nth == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let annotation = kind.span(clamp(label, source));
        let text = (!label.text.is_empty()).then(|| escape_controls(&label.text));
        snippet = snippet.annotation(annotation.label(text));
    }
    snippet
}

fn suggestion<'a>(diagnostic: &'a Diagnostic, sources: &'a SourceMap) -> Option<Group<'a>> {
    let first = diagnostic.edits.first()?;
    let source = sources.source(first.source)?;
    let mut snippet = Snippet::source(visible(source)).path(escape_controls(source.name()));
    for edit in diagnostic.edits.iter().filter(|it| it.source == first.source) {
        source.text().get(edit.span.range())?;
        snippet = snippet.patch(Patch::new(edit.span.range(), edit.text.as_str()));
    }
    Some(Level::HELP.secondary_title("write it so").element(snippet))
}

/// The source as it may be shown. Control characters are replaced one byte for one, so that spans stay true.
fn visible(source: &Source) -> std::borrow::Cow<'_, str> {
    let text = source.text();
    let odd = |byte: u8| byte < b' ' && !matches!(byte, b'\n' | b'\t') || byte == 0x7f;
    let long = text.lines().any(|line| line.len() > MAX_EXCERPT_LINE);
    if !long
        && !text.bytes().any(odd)
        && matches!(escape_controls(text), std::borrow::Cow::Borrowed(_))
    {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        column = if c == '\n' { 0 } else { column + c.len_utf8() };
        let shown = column <= MAX_EXCERPT_LINE;
        let harmless = c == '\n'
            || c == '\t'
            || matches!(escape_controls(c.encode_utf8(&mut [0; 4])), std::borrow::Cow::Borrowed(_));
        match (harmless, shown) {
            (true, true) => out.push(c),
            (true, false) | (false, _) => out.extend(std::iter::repeat_n('.', c.len_utf8())),
        }
    }
    out.into()
}

/// A span that lies within the text and on its characters, whatever a foreign module's debug information says.
fn clamp(label: &Label, source: &Source) -> std::ops::Range<usize> {
    let text = source.text();
    let floor = |at: u32| text.floor_char_boundary((at as usize).min(text.len()));
    let (start, end) = (floor(label.span.start), floor(label.span.end));
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, Span};

    fn shown(text: &str, diagnostic: &Diagnostic) -> String {
        let sources = SourceMap::single(Source::new("scores.ruff", text));
        render(std::slice::from_ref(diagnostic), &sources, false)
    }

    #[test]
    fn an_excerpt_marks_the_culprit_and_says_what_to_do() {
        let diagnostic = Diagnostic::error(Code::R0007)
            .label(Span::new(5, 10), "9 * 9 does not fit in 64 bits")
            .help("use `float(n)` if the exact digits do not matter");
        let expected = "\
error[R0007]: integer overflow
 --> scores.ruff:1:6
  |
1 | x := 9 * 9
  |      ^^^^^ 9 * 9 does not fit in 64 bits
  |
  = help: use `float(n)` if the exact digits do not matter
";
        assert_eq!(shown("x := 9 * 9\n", &diagnostic), expected);
    }

    #[test]
    fn neither_source_nor_label_can_speak_to_the_terminal() {
        let text = "x := \"\u{1b}[31m\u{202e}\"\r\n";
        let diagnostic = Diagnostic::error(Code::E0009).label(Span::new(0, 1), "\u{1b}[0m");
        let out = shown(text, &diagnostic);
        assert!(
            !out.contains('\u{1b}') && !out.contains('\u{202e}') && !out.contains('\r'),
            "{out:?}"
        );
    }

    #[test]
    fn spans_outside_the_text_do_no_harm() {
        let diagnostic = Diagnostic::error(Code::E0009)
            .label(Span::new(900, 70), "here")
            .edit(Span::new(50, 60), "x");
        assert!(shown("é", &diagnostic).contains("E0009"));
    }
}
