//! scratch
fn main() {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut std::io::stdin(), &mut text).unwrap();
    print!("{}", remora_syntax::format(&text).unwrap());
}
