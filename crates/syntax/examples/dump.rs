//! scratch
fn main() {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut std::io::stdin(), &mut text).unwrap();
    let parsed = remora_syntax::parse(&text, &remora_syntax::ParseLimits::default());
    print!("{}", remora_syntax::ast::dump(&parsed.program));
    for d in &parsed.diagnostics {
        let s = d.span().unwrap();
        println!("{} {:?} {:?} | {:?} {:?}", d.code, s, &text[s.range()], d.labels, d.help);
    }
}
