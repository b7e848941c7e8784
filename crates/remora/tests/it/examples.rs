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
#[path = "../../examples/service.rs"]
mod service;

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
fn web_service() {
    service::main().unwrap();
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
        ("service", include_str!("../../examples/service.rs")),
    ] {
        assert!(text.lines().count() < 120, "{name}: {}", text.lines().count());
    }
}
