//! A rules engine: each event is a line of JSON, each rule a function that says what to do about it.
//!
//! Rules are limited in fuel and memory, so a bad one is reported and the others go on.

use std::error::Error;
use std::sync::{Arc, Mutex};

use remora::{Engine, Settings, Vm};

const RULES: &str = r#"
func large_payment(event) {
    if event["kind"] == "payment" && event["amount"] > 1000 {
        alert("review", "payment of ${event["amount"]} by ${event["user"]}")
    }
}
func failed_logins(event) {
    if event["kind"] != "login" || event["ok"] { return null }
    failures := remember("failures:${event["user"]}", 1)
    if failures >= 3 { alert("lock", event["user"]) }
}
func never_ends(event) {
    if event["kind"] == "odd" { loop { } }
}
let rules := [large_payment, failed_logins, never_ends]
func apply(line) {
    event := parse_json(line)
    for rule in rules { rule(event) }
}
"#;

const EVENTS: &[&str] = &[
    r#"{"kind": "payment", "user": "ann", "amount": 250}"#,
    r#"{"kind": "payment", "user": "bob", "amount": 4200}"#,
    r#"{"kind": "login", "user": "eve", "ok": false}"#,
    r#"{"kind": "login", "user": "eve", "ok": false}"#,
    r#"{"kind": "odd"}"#,
    r#"{"kind": "login", "user": "eve", "ok": false}"#,
];

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let alerts: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let counts = Mutex::new(std::collections::HashMap::<String, i64>::new());
    let raised = Arc::clone(&alerts);
    let engine = Engine::builder()
        .function("alert", move |action: String, text: String| {
            if let Ok(mut raised) = raised.lock() {
                raised.push((action, text));
            }
        })
        .function("remember", move |key: String, by: i64| {
            let Ok(mut counts) = counts.lock() else { return 0 };
            let count = counts.entry(key).or_default();
            *count += by;
            *count
        })
        .build();
    let module = engine.compile("rules.ruff", RULES)?;
    let mut failed = 0;
    for event in EVENTS {
        // A VM for each event: it costs about a microsecond, and no rule can spoil the next event.
        let settings = Settings { fuel: Some(20_000), memory: 1 << 20, ..Settings::default() };
        let mut vm = Vm::new(&module, settings);
        if let Err(error) = vm.run().and_then(|_| vm.call("apply", (*event,))) {
            assert_eq!(error.kind(), remora::ErrorKind::Limit, "{error}");
            failed += 1;
        }
    }
    let alerts = alerts.lock().map_err(|_| "an alert panicked")?;
    let texts: Vec<String> =
        alerts.iter().map(|(action, text)| format!("{action}: {text}")).collect();
    assert_eq!(texts, ["review: payment of 4200 by bob", "lock: eve"]);
    assert_eq!(failed, 1);
    Ok(())
}
