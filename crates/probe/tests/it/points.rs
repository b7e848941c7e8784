//! Probe points of a Rust program, and events as JSON.

use std::collections::BTreeMap;

use remora_probe::rust::{self, Debugged};
use remora_probe::sink::JsonLines;
use remora_probe::{Budget, Program, probe};

fn checkout(cart: &[BTreeMap<String, u32>], user: Option<&str>, secret: &str) -> u32 {
    let total: u32 = cart.iter().filter_map(|it| it.get("price")).sum();
    probe!("shop.checkout", cart, user, total = total * 2, secret, token = secret);
    total
}

#[derive(Debug)]
struct Order {
    #[expect(dead_code, reason = "seen through Debug")]
    id: u32,
}

fn ship(order: &Order) {
    probe!("shop.ship", order = Debugged::new(order));
}

#[test]
fn points_are_silent_until_a_probe_is_attached_and_show_what_is_asked_for() {
    let cart = [BTreeMap::from([("price".to_owned(), 7_u32)])];
    assert_eq!(checkout(&cart, None, "s3"), 7);
    ship(&Order { id: 4 });
    assert_eq!(rust::list("shop.*"), ["rust:shop.checkout", "rust:shop.ship"]);
    let text = "rust:shop.checkout / total == 14 && user == \"ann\" / { capture(cart[0].price, arg1, args, secret, arg3, args[3], nothing) }
        rust:shop.ship { capture(order=order) }
        rust:shop.* { @seen[user] = count(); @n = quantize(total); }";
    let program = Program::compile(text, &Budget::default()).unwrap();
    let id = rust::registry().attach(program.into()).unwrap();
    checkout(&cart, Some("bob"), "s3");
    checkout(&cart, Some("ann"), "s3");
    ship(&Order { id: 4 });
    let tables = rust::registry().detach(id).unwrap();
    assert_eq!(tables[1].rows.len(), 2, "ann and bob");
    checkout(&cart, Some("ann"), "s3");
    let (events, dropped) = rust::registry().drain();
    assert_eq!(dropped, 0);
    let mut lines = Vec::new();
    JsonLines::new(&mut lines).write(&events).unwrap();
    let lines = String::from_utf8(lines).unwrap();
    let values: Vec<String> = lines
        .lines()
        .map(|line| {
            let event: serde_json::Value = serde_json::from_str(line).unwrap();
            event.get("values").or(event.get("error")).unwrap().to_string()
        })
        .collect();
    assert_eq!(
        values,
        [
            r#"[7,"ann",{"cart":[{"price":7}],"user":"ann","total":14,"secret":{"$redacted":true},"token":{"$redacted":true}},{"$redacted":true},{"$redacted":true},{"$redacted":true},{"$error":"R0026: the point has no such argument"}]"#,
            r#"{"order":"Order { id: 4 }"}"#,
            r#""R0026: the point has no such argument""#,
        ]
    );
}
