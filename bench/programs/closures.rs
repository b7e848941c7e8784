//! Closures: counters that share a variable, composed functions, and functions given to others.

fn make_counter(step: i64) -> impl FnMut() -> i64 {
    let mut count = 0;
    move || {
        count += step;
        count
    }
}

fn compose(f: impl Fn(i64) -> i64, g: impl Fn(i64) -> i64) -> impl Fn(i64) -> i64 {
    move |x| f(g(x))
}

fn fold(xs: &[i64], start: i64, f: impl Fn(i64, i64) -> i64) -> i64 {
    let mut total = start;
    for x in xs {
        total = f(total, *x);
    }
    total
}

pub fn run(n: i64) -> i64 {
    let mut by_two = make_counter(2);
    let mut by_three = make_counter(3);
    let both = compose(|x| x + 1, |x| x * 2);
    let xs = [1, 2, 3, 4, 5, 6, 7, 8];
    let mut total = 0;
    for i in 0..n {
        total += both(by_two()) + by_three();
        let limit = i % 10;
        total += fold(&xs, 0, |sum, x| sum + x * limit);
        total %= 1000003;
    }
    total
}
