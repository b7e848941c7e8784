//! Float arithmetic in local variables: the points of a grid that stay bounded.

pub fn run(n: i64) -> i64 {
    let mut inside = 0;
    let mut work = 0;
    for row in 0..n {
        let ci = 2.0 * row as f64 / n as f64 - 1.0;
        for column in 0..n {
            let cr = 2.0 * column as f64 / n as f64 - 1.5;
            let mut zr = 0.0;
            let mut zi = 0.0;
            let mut turns = 0;
            while turns < 50 && zr * zr + zi * zi <= 4.0 {
                let next = zr * zr - zi * zi + cr;
                zi = 2.0 * zr * zi + ci;
                zr = next;
                turns += 1;
            }
            if turns == 50 {
                inside += 1;
            }
            work += turns;
        }
    }
    inside * 1000000 + work % 1000000
}
