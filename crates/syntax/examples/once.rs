//! scratch
fn main() {
    let unit = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let mut text = String::new();
    while text.lines().count() < 1000 {
        text.push_str(&unit);
    }
    let limits = remora_syntax::ParseLimits::default();
    for _ in 0..20 {
        std::mem::forget(remora_syntax::parse(&text, &limits));
    }
}
