//! Int arithmetic and branches in a tight loop.

pub fn run(n: i64) -> i64 {
    let mut total = 0;
    let mut odd = 0;
    let mut i = 0;
    while i < n {
        let square = i * i % 1000;
        if square % 2 == 1 {
            odd += 1;
        }
        total += square;
        i += 1;
    }
    total * 10 + odd % 10
}
