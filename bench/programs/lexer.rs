//! Text, one character at a time: words, numbers and operators of a small program.

fn source_text() -> &'static str {
    "func area(width, height) { let size := width * height + 42; if size >= 100 { return size - 7 } return 3.25 } "
}

fn is_letter(c: u8) -> bool {
    c.is_ascii_alphabetic() || c == b'_'
}

fn is_digit(c: u8) -> bool {
    c.is_ascii_digit()
}

fn scan(text: &str) -> (usize, usize, usize, usize) {
    let bytes = text.as_bytes();
    let n = bytes.len();
    let mut words = 0;
    let mut numbers = 0;
    let mut operators = 0;
    let mut letters = 0;
    let mut at = 0;
    while at < n {
        let c = bytes[at];
        if c == b' ' {
            at += 1;
        } else if is_letter(c) {
            let start = at;
            while at < n && (is_letter(bytes[at]) || is_digit(bytes[at])) {
                at += 1;
            }
            letters += text[start..at].len();
            words += 1;
        } else if is_digit(c) {
            while at < n && (is_digit(bytes[at]) || bytes[at] == b'.') {
                at += 1;
            }
            numbers += 1;
        } else {
            operators += 1;
            at += 1;
        }
    }
    (words, numbers, operators, letters)
}

pub fn run(n: i64) -> i64 {
    let text = source_text();
    let mut total = 0;
    for _ in 0..n {
        let (words, numbers, operators, letters) = scan(std::hint::black_box(text));
        total += words + 2 * numbers + 3 * operators + 4 * letters;
    }
    total as i64
}
