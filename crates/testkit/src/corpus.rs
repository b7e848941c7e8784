//! Reads the conformance corpus: all cases of all files, with their caret lines understood.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use remora_diagnostics::{Code, Span};

use crate::case::{Case, Expected};

/// Where the corpus is in this repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance")
}

/// All cases below a directory, sorted by file.
///
/// # Errors
/// When a file cannot be read, or is not as it should be: then with file and line.
pub fn read(root: &Path) -> io::Result<Vec<Case>> {
    let mut files = Vec::new();
    collect(root, &mut files)?;
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file)?;
        let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        let found =
            parse(&name, &text).map_err(|what| io::Error::new(io::ErrorKind::InvalidData, what))?;
        cases.extend(found);
    }
    Ok(cases)
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|it| it == "ruff") {
            files.push(path);
        }
    }
    Ok(())
}

/// The cases of one file.
///
/// # Errors
/// What is wrong with it, with file and line.
pub fn parse(file: &str, text: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    let mut section = Section::Source;
    for (nth, line) in text.lines().enumerate() {
        let wrong = |what: &str| format!("{file}:{}: {what}: {line}", nth + 1);
        if let Some(name) = line.strip_prefix("=== ") {
            cases.push(empty(name, file, nth + 1));
            section = Section::Source;
            continue;
        }
        let Some(case) = cases.last_mut() else {
            // What stands before the first case is for readers.
            continue;
        };
        if let Some(name) = line.strip_prefix("--- ") {
            section = Section::parse(name).ok_or_else(|| wrong("no such section"))?;
            case.check_types |= matches!(section, Section::CheckTypes);
            if let (Section::File, Some(name)) = (section, name.split_whitespace().nth(1)) {
                case.files.push((name.to_owned(), String::new()));
            }
            continue;
        }
        match section {
            Section::Source | Section::File => {
                let (file, text) = match (section, case.files.last_mut()) {
                    (Section::File, Some((name, text))) => (Some(name.clone()), text),
                    _ => (None, &mut case.source),
                };
                if let Some(caret) = caret_line(line) {
                    let expected =
                        expectation(text, &caret).ok_or_else(|| wrong("not a caret line"))?;
                    case.findings.push(Expected { file, ..expected });
                }
                push_line(text, line);
            }
            Section::Out => push_line(&mut case.out, line),
            Section::Stdin => push_line(&mut case.stdin, line),
            Section::Args => case.args.push(line.to_owned()),
            Section::Frames | Section::Exit | Section::CheckTypes if line.is_empty() => {}
            Section::CheckTypes => return Err(wrong("nothing stands in this section")),
            Section::Frames => case.frames = Some(line.parse().map_err(|_| wrong("not a number"))?),
            Section::Exit => case.exit = Some(line.parse().map_err(|_| wrong("not a number"))?),
        }
    }
    for case in &mut cases {
        trim_end(&mut case.source);
        case.files.iter_mut().for_each(|it| trim_end(&mut it.1));
        trim_end(&mut case.out);
        trim_end(&mut case.stdin);
        case.args.retain(|it| !it.is_empty());
    }
    Ok(cases)
}

#[derive(Clone, Copy)]
enum Section {
    Source,
    /// The last of the further files.
    File,
    Out,
    Args,
    Stdin,
    Frames,
    Exit,
    CheckTypes,
}

impl Section {
    fn parse(name: &str) -> Option<Self> {
        Some(match name.trim() {
            "out" => Self::Out,
            "args" => Self::Args,
            "stdin" => Self::Stdin,
            "frames" => Self::Frames,
            "exit" => Self::Exit,
            "check-types" => Self::CheckTypes,
            name if name.starts_with("file ") => Self::File,
            _ => return None,
        })
    }
}

fn empty(name: &str, file: &str, line: usize) -> Case {
    Case { name: name.trim().to_owned(), place: (file.to_owned(), line), ..Case::default() }
}

fn push_line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// Drops the empty lines at the end, which separate cases.
fn trim_end(text: &mut String) {
    while text.ends_with("\n\n") || text == "\n" {
        text.pop();
    }
}

/// The parts of a caret line.
struct Caret<'t> {
    /// Columns, in characters.
    columns: std::ops::Range<usize>,
    open_end: bool,
    rest: &'t str,
}

/// A comment that begins with carets.
fn caret_line(line: &str) -> Option<Caret<'_>> {
    let after = line.strip_prefix('#')?;
    let carets = after.trim_start_matches(' ');
    let n_blanks = after.len() - carets.len();
    let rest = carets.trim_start_matches('^');
    let n_carets = carets.len() - rest.len();
    if n_carets == 0 {
        return None;
    }
    let start = if n_blanks == 0 { 0 } else { 1 + n_blanks };
    let end = 1 + n_blanks + n_carets;
    let open_end = rest.starts_with('…');
    Some(Caret { columns: start..end, open_end, rest: rest.trim_start_matches('…').trim() })
}

/// What a caret line under the end of `source` says.
fn expectation(source: &str, caret: &Caret<'_>) -> Option<Expected> {
    let (code, text) = caret.rest.split_once(' ').unwrap_or((caret.rest, ""));
    let code = Code::parse(code)?;
    let mut end = source.len();
    let line = loop {
        let start = source.get(..end.checked_sub(1)?)?.rfind('\n').map_or(0, |it| it + 1);
        let line = &source[start..end];
        if caret_line(line).is_none() {
            break start..end - 1;
        }
        end = start;
    };
    let offset = |column: usize| {
        let text = &source[line.clone()];
        let at = text.char_indices().nth(column).map_or(text.len(), |it| it.0);
        u32::try_from(line.start + at).ok()
    };
    let span = Span::new(offset(caret.columns.start)?, offset(caret.columns.end)?);
    Some(Expected {
        code,
        file: None,
        span,
        open_end: caret.open_end,
        text: text.trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_carets_and_sections() {
        let text = "words for readers\n=== one\nx := é + 1\n#    ^^^^^ R0002 é\ny\n#^ E0101\n\n--- out\na\n\n=== two\nf(\n#^… R0006\n--- args\nz\n";
        let cases = parse("t.ruff", text).unwrap();
        assert_eq!(cases.len(), 2);
        assert_eq!(cases[0].out, "a\n");
        let found: Vec<_> =
            cases[0].findings.iter().map(|it| &cases[0].source[it.span.range()]).collect();
        assert_eq!(found, ["é + 1", "y"]);
        assert_eq!(cases[0].findings[0].text, "é");
        assert!(cases[1].findings[0].open_end);
        assert_eq!(cases[1].args, ["z"]);
    }

    #[test]
    fn reads_further_files() {
        let text = "=== one\nimport a\n--- file a.ruff\nx := 1\nthrow(x)\n#^^^^^^^ R0001 1\n\n--- file b/c.ruff\ny\n--- out\nz\n";
        let cases = parse("t.ruff", text).unwrap();
        assert_eq!(cases[0].source, "import a\n");
        assert_eq!(cases[0].files[1], ("b/c.ruff".to_owned(), "y\n".to_owned()));
        let found = &cases[0].findings[0];
        assert_eq!(found.file.as_deref(), Some("a.ruff"));
        assert_eq!(&cases[0].text(found.file.as_deref())[found.span.range()], "throw(x)");
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        assert!(parse("t", "=== a\n--- outt\n").is_err());
        assert!(parse("t", "=== a\nx\n# ^ X0001\n").is_err());
    }
}
