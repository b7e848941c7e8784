//! scratch: cases separated by lines "---"
fn main() {
    let mut all = String::new();
    std::io::Read::read_to_string(&mut std::io::stdin(), &mut all).unwrap();
    for text in all.split("---\n") {
        println!("=================\n{text}");
        for found in remora_syntax::parse(text, &Default::default()).diagnostics {
            let span = found.span().unwrap();
            let before = &text[..span.start as usize];
            let ls = before.rfind('\n').map_or(0, |it| it + 1);
            let line = text[ls..].lines().next().unwrap_or_default();
            let n = before.matches('\n').count() + 1;
            println!(
                "{n}| {line}\n{n}| {}{} {} {}",
                " ".repeat(before[ls..].chars().count()),
                "^".repeat(
                    text[span.range()].lines().next().unwrap_or_default().chars().count().max(1)
                ),
                found.code,
                found.labels[0].text
            );
            for h in &found.help {
                println!("   help: {h}");
            }
        }
    }
}
