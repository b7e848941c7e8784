//! Sorting: a heap sort written in the language, checked against the one that is built in.

fn sift_down(xs: &mut [i64], start: usize) {
    let mut root = start;
    let item = xs[root];
    loop {
        let mut child = 2 * root + 1;
        if child >= xs.len() {
            break;
        }
        if child + 1 < xs.len() && xs[child] < xs[child + 1] {
            child += 1;
        }
        if item >= xs[child] {
            break;
        }
        xs[root] = xs[child];
        root = child;
    }
    xs[root] = item;
}

fn heap_sort(xs: &mut [i64]) {
    for start in (0..xs.len() / 2).rev() {
        sift_down(xs, start);
    }
    for end in (1..xs.len()).rev() {
        xs.swap(0, end);
        sift_down(&mut xs[..end], 0);
    }
}

pub fn run(n: i64) -> i64 {
    let mut ours = Vec::new();
    let mut seed = 42;
    for _ in 0..n {
        seed = seed * 16807 % 2147483647;
        ours.push(seed % 1000000);
    }
    let mut theirs = ours.clone();
    heap_sort(&mut ours);
    theirs.sort();
    let mut total = 0;
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours, theirs, "not sorted");
        total = (total * 31 + ours) % 1000003;
    }
    total
}
