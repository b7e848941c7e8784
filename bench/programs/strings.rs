//! Strings: join, split, replace, search, upper case and comparison of small texts.

pub fn run(n: i64) -> i64 {
    let mut total = 0;
    for i in 0..n {
        let mut parts = Vec::new();
        for k in 0..8 {
            parts.push(format!("item{}", i * 8 + k));
        }
        let text = parts.join(",");
        let upper = text.to_uppercase();
        let shorter = upper.replace("ITEM", "x");
        for word in shorter.split(',') {
            total += word.len();
            if word > "x5" {
                total += 1;
            }
        }
        total += text.find(&(i * 8 + 7).to_string()).expect("it is the last of the parts");
    }
    total as i64
}
