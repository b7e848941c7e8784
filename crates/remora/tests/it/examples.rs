//! The examples run, and are as short as is promised.

#[path = "../../examples/agent.rs"]
mod agent;
#[path = "../../examples/game.rs"]
mod game;
#[path = "../../examples/objects.rs"]
mod objects;
#[path = "../../examples/plugins.rs"]
mod plugins;
#[path = "../../examples/rules.rs"]
mod rules;

#[cfg(all(feature = "probes", unix))]
#[path = "../../examples/service.rs"]
#[expect(dead_code, reason = "the test looks at what its main prints")]
mod service;

/// The service is probed while it is under load, and not any more afterwards.
#[cfg(all(feature = "probes", unix))]
#[test]
fn a_service_that_is_looked_at() {
    let seen = service::run().unwrap();
    assert!(seen.slow.len() >= 5, "{seen:?}");
    for line in &seen.slow {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(
            (&event["site"], &event["values"]["route"]),
            (&"shop.handle".into(), &"/reports".into())
        );
        assert_eq!(
            (&event["values"]["sql"], &event["values"]["rows"]),
            (&"SELECT all".into(), &40.into())
        );
        assert!(event["values"]["seconds"].as_f64().unwrap() > 0.03);
    }
    let tables: serde_json::Value = serde_json::from_str(&seen.tables).unwrap();
    assert_eq!(tables[0]["table"], "milliseconds");
    let rows = tables[0]["rows"].as_array().unwrap();
    let routes: Vec<_> = rows.iter().map(|it| it["key"][0].as_str().unwrap()).collect();
    assert!(routes.contains(&"/orders/{id}") && routes.contains(&"/reports"), "{routes:?}");
}

#[test]
fn agent_sandbox() {
    agent::main().unwrap();
}

#[test]
fn game_loop() {
    game::main().unwrap();
}

#[test]
fn objects_of_the_host() {
    objects::main().unwrap();
}

#[test]
fn plugin_host() {
    plugins::main().unwrap();
}

#[test]
fn rules_engine() {
    rules::main().unwrap();
}

#[test]
fn from_nothing_to_a_host_function_takes_few_lines() {
    let text = include_str!("../../examples/hello.rs");
    let lines = text.lines().filter(|it| !it.trim().is_empty() && !it.starts_with("//")).count();
    assert!(lines <= 25, "{lines} lines");
    for (name, text) in [
        ("agent", include_str!("../../examples/agent.rs")),
        ("game", include_str!("../../examples/game.rs")),
        ("objects", include_str!("../../examples/objects.rs")),
        ("plugins", include_str!("../../examples/plugins.rs")),
        ("rules", include_str!("../../examples/rules.rs")),
    ] {
        assert!(text.lines().count() < 120, "{name}: {}", text.lines().count());
    }
}
