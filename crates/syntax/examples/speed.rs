//! scratch
fn main() {
    let unit = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let mut text = String::new();
    while text.lines().count() < 1000 {
        text.push_str(&unit);
    }
    let lines = text.lines().count();
    let limits = remora_syntax::ParseLimits::default();
    assert!(remora_syntax::parse(&text, &limits).diagnostics.is_empty());
    let mut best = f64::MAX;
    let mut bt = f64::MAX;
    for _ in 0..4000 {
        let t = std::time::Instant::now();
        let p = remora_syntax::parse(&text, &limits);
        best = best.min(t.elapsed().as_secs_f64());
        drop(p);
        let t = std::time::Instant::now();
        let p = remora_syntax::tokenize(&text);
        bt = bt.min(t.elapsed().as_secs_f64());
        drop(p);
    }
    println!(
        "{lines} lines {} bytes: parse {:.3} ms, per 1000 lines {:.3} ms, lex {:.3} ms",
        text.len(),
        best * 1e3,
        best * 1e6 / lines as f64,
        bt * 1e3
    );
    for (name, text) in [
        ("parens", "(".repeat(1 << 20)),
        ("brackets", "([".repeat(1 << 19)),
        ("mixed close", "(".repeat(1 << 19) + &"]".repeat(1 << 19)),
        ("qm", "a?b ".repeat(1 << 18)),
        ("strings", "\"${".repeat(300_000)),
        ("stars", "x ** ".repeat(200_000)),
        ("plus", "x + ".repeat(250_000)),
        ("lambda", "(a) => ".repeat(140_000)),
        ("unknown", "@ x ".repeat(250_000)),
        ("errors", "x := := \n".repeat(110_000)),
        ("docs", "/// a\nfunc f() {}\n".repeat(50_000)),
        ("structs", "if P { x: 1 } {".repeat(65_000)),
        ("comments", "/*".repeat(500_000)),
        ("from", "from a.b.c.d ".repeat(80_000)),
        ("label", "x: ".repeat(300_000)),
        ("ok", "x := 1\n".repeat(149_000)),
        ("bang", "!".repeat(1 << 20)),
        ("minus", "-".repeat(1 << 20)),
        ("braces", "{".repeat(1 << 20)),
        ("close", "}".repeat(1 << 20)),
    ] {
        let t = std::time::Instant::now();
        let p = remora_syntax::parse(&text, &limits);
        println!(
            "{name}: {} bytes {:.1} ms, {} diagnostics, first {:?}",
            text.len(),
            t.elapsed().as_secs_f64() * 1e3,
            p.diagnostics.len(),
            p.diagnostics.first().map(|d| d.code)
        );
    }
}
