//! Arrays: the sieve of Eratosthenes.

pub fn run(n: i64) -> i64 {
    let n = n as usize;
    let mut composite = Vec::new();
    for _ in 0..n {
        composite.push(false);
    }
    let mut count = 0;
    for i in 2..n {
        if !composite[i] {
            count += 1;
            let mut j = i * i;
            while j < n {
                composite[j] = true;
                j += i;
            }
        }
    }
    count
}
