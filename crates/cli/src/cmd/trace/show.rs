//! Events and tables for people: one line an event, a row for each entry, a bar for each bucket.

use std::fmt::Write;

use remora_diagnostics::escape_controls;
use serde_json::Value as Json;

/// Columns of the longest bar.
const BAR: usize = 40;

/// An event as one line, a table as some.
pub(super) fn event(event: &Json) -> String {
    let site = event["site"].as_str().filter(|it| !it.is_empty());
    let site = site.or(event["probe"].as_str()).unwrap_or_default();
    if event.get("table").is_some() {
        return table(event);
    }
    if let Some(error) = event["error"].as_str() {
        return format!("{site}  error: {}\n", escape_controls(error));
    }
    let values = match &event["values"] {
        Json::Array(values) => values.iter().map(value).collect::<Vec<_>>().join("  "),
        Json::Object(values) => {
            let named = values.iter().map(|(name, it)| format!("{name}={}", value(it)));
            named.collect::<Vec<_>>().join("  ")
        }
        _ => String::new(),
    };
    format!("{site}  {values}\n")
}

/// A captured value; what was left out says so.
fn value(it: &Json) -> String {
    let Json::Object(entries) = it else {
        return match it {
            Json::Array(items) => {
                let items: Vec<String> = items.iter().map(value).collect();
                format!("[{}]", items.join(", "))
            }
            Json::Null => "None".to_owned(),
            other => other.to_string(),
        };
    };
    if entries.contains_key("$redacted") {
        return "<redacted>".to_owned();
    }
    if let Some(error) = entries.get("$error").and_then(Json::as_str) {
        return format!("<{}>", escape_controls(error));
    }
    if let Some(name) = entries.get("$object").and_then(Json::as_str) {
        return format!("<{}>", escape_controls(name));
    }
    if let Some(text) = entries.get("$text") {
        return format!("{text}… ({} bytes more)", entries["$cut"]);
    }
    if let Some(n) = entries.get("$cut").filter(|_| entries.len() == 1) {
        return format!("… {n} more");
    }
    let shown = entries.iter().map(|(key, it)| format!("{}: {}", escape_controls(key), value(it)));
    format!("{{{}}}", shown.collect::<Vec<_>>().join(", "))
}

/// All tables, with an empty line before each.
pub(super) fn tables(tables: &Json) -> String {
    tables.as_array().into_iter().flatten().map(|it| format!("\n{}", table(it))).collect()
}

fn table(it: &Json) -> String {
    let mut out = format!("@{}\n", it["table"].as_str().unwrap_or_default());
    let rows: Vec<(String, &Json)> =
        it["rows"].as_array().into_iter().flatten().map(|it| (key(it), it)).collect();
    let width = rows.iter().map(|it| it.0.chars().count()).max().unwrap_or(0);
    for (key, row) in rows {
        // Writing to a string cannot fail, here and below.
        if let Some(buckets) = row["buckets"].as_array() {
            let _ = writeln!(out, "  {key}");
            histogram(&mut out, buckets);
        } else {
            let _ = writeln!(out, "  {key:width$}  {}", aggregate(row));
        }
    }
    out
}

fn key(row: &Json) -> String {
    if row.get("others").is_some() {
        return "(others)".to_owned();
    }
    let parts = row["key"].as_array().into_iter().flatten();
    let parts: Vec<String> = parts
        .map(|it| match it {
            Json::String(text) => escape_controls(text).into_owned(),
            other => value(other),
        })
        .collect();
    parts.join(", ")
}

fn aggregate(row: &Json) -> String {
    match (row["sum"].as_f64(), row["count"].as_u64()) {
        (Some(sum), Some(n)) => {
            #[expect(clippy::cast_precision_loss, reason = "a mean is rounded anyway")]
            let mean = sum / n.max(1) as f64;
            format!("{mean} (of {n})")
        }
        (Some(sum), None) => sum.to_string(),
        (None, Some(n)) => n.to_string(),
        (None, None) => {
            let named = ["min", "max"].into_iter().find_map(|it| row.get(it));
            named.map_or_else(String::new, ToString::to_string)
        }
    }
}

/// Buckets with their bounds, from the first that is not empty to the last.
fn histogram(out: &mut String, buckets: &[Json]) {
    let rows: Vec<(Option<f64>, u64)> =
        buckets.iter().map(|it| (it[0].as_f64(), it[1].as_u64().unwrap_or(0))).collect();
    let used = |it: &(Option<f64>, u64)| it.1 > 0;
    let (Some(first), Some(last)) = (rows.iter().position(used), rows.iter().rposition(used))
    else {
        return;
    };
    let most = rows.iter().map(|it| it.1).max().unwrap_or(1).max(1);
    for (nth, (start, count)) in rows.iter().enumerate().take(last + 1).skip(first) {
        let from = start.map_or_else(|| "…".to_owned(), bound);
        let to = rows.get(nth + 1).and_then(|it| it.0).map_or_else(|| "…".to_owned(), bound);
        let range = format!("[{from}, {to})");
        let length = usize::try_from(count.saturating_mul(BAR as u64) / most).unwrap_or(BAR);
        let _ = writeln!(out, "    {range:<22} {count:>8} |{:<BAR$}|", "@".repeat(length));
    }
}

/// `1024` as `1K`, `1048576` as `1M`.
fn bound(value: f64) -> String {
    for (unit, size) in [("G", 1_073_741_824.0), ("M", 1_048_576.0), ("K", 1_024.0)] {
        if value.abs() >= size && value % size == 0.0 {
            return format!("{}{unit}", value / size);
        }
    }
    value.to_string()
}
