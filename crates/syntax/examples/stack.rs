//! scratch
fn main() {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut std::io::stdin(), &mut text).unwrap();
    let kib: usize = std::env::args().nth(2).unwrap().parse().unwrap();
    let t = std::thread::Builder::new()
        .stack_size(kib << 10)
        .spawn(move || {
            let _ = remora_syntax::format(&text);
        })
        .unwrap();
    t.join().unwrap();
}
