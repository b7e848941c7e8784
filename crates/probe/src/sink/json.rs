//! Events as lines of JSON.
//!
//! `{"at":…,"probe":"probe_0","site":"app.f","values":[…]}`; named captures have an object for `values`, what failed has
//! `error`, a table has `table` and `rows`. What was left out is an object with one key that begins with `$`.

use std::fmt::Write as _;
use std::io;

use crate::aggregate::{Aggregate, Part, Snapshot};
use crate::capture::Captured;
use crate::queue::Event;
use crate::run::Record;

/// Writes events to anything, a line each.
#[derive(Debug)]
pub struct JsonLines<W> {
    out: W,
    line: String,
}

impl<W: io::Write> JsonLines<W> {
    /// A writer of lines.
    pub const fn new(out: W) -> Self {
        Self { out, line: String::new() }
    }

    /// Writes some events.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn write(&mut self, events: &[Event]) -> io::Result<()> {
        for event in events {
            self.line.clear();
            write_event(&mut self.line, event);
            self.line.push('\n');
            self.out.write_all(self.line.as_bytes())?;
        }
        self.out.flush()
    }
}

/// Appends an event as one object of JSON.
pub fn write_event(out: &mut String, event: &Event) {
    put(out, format_args!("{{\"at\":{:.6},\"probe\":", event.at));
    text(out, &event.probe);
    out.push_str(",\"site\":");
    text(out, &event.site);
    match &event.record {
        Record::Positional(values) => {
            out.push_str(",\"values\":");
            list(out, values);
        }
        Record::Named(values) => {
            out.push_str(",\"values\":");
            map(out, values);
        }
        Record::Failed(message) | Record::SwitchedOff(message) => {
            out.push_str(",\"error\":");
            text(out, message);
        }
        Record::Table(table) => write_table(out, table),
    }
    out.push('}');
}

/// Appends tables as an array of JSON.
pub fn write_tables(out: &mut String, tables: &[Snapshot]) {
    out.push('[');
    for (nth, table) in tables.iter().enumerate() {
        out.push_str(if nth > 0 { ",{\"table\":" } else { "{\"table\":" });
        text(out, &table.name);
        write_rows(out, table);
        out.push('}');
    }
    out.push(']');
}

fn write_table(out: &mut String, table: &Snapshot) {
    out.push_str(",\"table\":");
    text(out, &table.name);
    write_rows(out, table);
}

fn write_rows(out: &mut String, table: &Snapshot) {
    out.push_str(",\"rows\":[");
    for (nth, row) in table.rows.iter().enumerate() {
        out.push_str(if nth > 0 { ",{" } else { "{" });
        match &row.key {
            Some(key) => {
                out.push_str("\"key\":[");
                for (nth, part) in key.parts().iter().enumerate() {
                    if nth > 0 {
                        out.push(',');
                    }
                    match part {
                        Part::None => out.push_str("null"),
                        Part::Bool(value) => put(out, format_args!("{value}")),
                        Part::Int(value) => put(out, format_args!("{value}")),
                        Part::Float(bits) => float(out, f64::from_bits(*bits)),
                        Part::Text(value) => text(out, value),
                    }
                }
                out.push_str("],");
            }
            None => out.push_str("\"others\":true,"),
        }
        match &row.aggregate {
            Aggregate::Count(n) => put(out, format_args!("\"count\":{n}")),
            Aggregate::Avg(sum, n) => {
                out.push_str("\"sum\":");
                float(out, *sum);
                put(out, format_args!(",\"count\":{n}"));
            }
            Aggregate::Sum(value) => named_float(out, "sum", *value),
            Aggregate::Min(value) => named_float(out, "min", *value),
            Aggregate::Max(value) => named_float(out, "max", *value),
            Aggregate::Histogram(histogram) => {
                out.push_str("\"buckets\":[");
                for (nth, (start, count)) in histogram.buckets().into_iter().enumerate() {
                    out.push_str(if nth > 0 { ",[" } else { "[" });
                    match start {
                        Some(start) => float(out, start),
                        None => out.push_str("null"),
                    }
                    put(out, format_args!(",{count}]"));
                }
                out.push(']');
            }
        }
        out.push('}');
    }
    out.push(']');
}

fn named_float(out: &mut String, name: &str, value: f64) {
    put(out, format_args!("\"{name}\":"));
    float(out, value);
}

pub(super) fn put(out: &mut String, what: std::fmt::Arguments<'_>) {
    let written = out.write_fmt(what);
    debug_assert!(written.is_ok(), "a string takes what is written");
}

fn list(out: &mut String, values: &[Captured]) {
    out.push('[');
    for (nth, it) in values.iter().enumerate() {
        if nth > 0 {
            out.push(',');
        }
        value(out, it);
    }
    out.push(']');
}

fn map(out: &mut String, values: &[(std::sync::Arc<str>, Captured)]) {
    out.push('{');
    for (nth, (key, it)) in values.iter().enumerate() {
        if nth > 0 {
            out.push(',');
        }
        text(out, key);
        out.push(':');
        value(out, it);
    }
    out.push('}');
}

/// Captured values are nested no deeper than the limits of captures.
fn value(out: &mut String, captured: &Captured) {
    match captured {
        Captured::None => out.push_str("null"),
        Captured::Bool(value) => put(out, format_args!("{value}")),
        Captured::Int(value) => put(out, format_args!("{value}")),
        Captured::Float(value) => float(out, *value),
        Captured::Text(value) => text(out, value),
        Captured::CutText(value, n) => {
            out.push_str("{\"$text\":");
            text(out, value);
            put(out, format_args!(",\"$cut\":{n}}}"));
        }
        Captured::List(values) => list(out, values),
        Captured::Map(values) => map(out, values),
        Captured::Opaque(name) => marked(out, "$object", name),
        Captured::Cut(n) => put(out, format_args!("{{\"$cut\":{n}}}")),
        Captured::Redacted => out.push_str("{\"$redacted\":true}"),
        Captured::Error(message) => marked(out, "$error", message),
    }
}

fn marked(out: &mut String, mark: &str, what: &str) {
    put(out, format_args!("{{\"{mark}\":"));
    text(out, what);
    out.push('}');
}

/// JSON has no infinities and no NaN: they are texts.
fn float(out: &mut String, value: f64) {
    if value.is_finite() {
        put(out, format_args!("{value:?}"));
    } else {
        put(out, format_args!("\"{value}\""));
    }
}

pub(super) fn text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c < ' ' || c == '\u{7f}' || c == '\u{2028}' || c == '\u{2029}' => {
                put(out, format_args!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
