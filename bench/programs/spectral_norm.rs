//! Floats in arrays and small functions: the spectral norm of an infinite matrix.

fn a(i: usize, j: usize) -> f64 {
    let ij = i + j;
    1.0 / ((ij * (ij + 1)) as f64 * 0.5 + i as f64 + 1.0)
}

fn times(v: &[f64]) -> Vec<f64> {
    let mut out = Vec::new();
    for i in 0..v.len() {
        let mut sum = 0.0;
        for (j, x) in v.iter().enumerate() {
            sum += a(i, j) * x;
        }
        out.push(sum);
    }
    out
}

fn times_transposed(v: &[f64]) -> Vec<f64> {
    let mut out = Vec::new();
    for i in 0..v.len() {
        let mut sum = 0.0;
        for (j, x) in v.iter().enumerate() {
            sum += a(j, i) * x;
        }
        out.push(sum);
    }
    out
}

pub fn run(n: i64) -> i64 {
    let mut u = vec![1.0; n as usize];
    let mut v = Vec::new();
    for _ in 0..10 {
        v = times_transposed(&times(&u));
        u = times_transposed(&times(&v));
    }
    let mut vbv = 0.0;
    let mut vv = 0.0;
    for (u, v) in u.iter().zip(&v) {
        vbv += u * v;
        vv += v * v;
    }
    (f64::sqrt(vbv / vv) * 1000000000.0).floor() as i64
}
