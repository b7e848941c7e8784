//! The same with a quick sort written in the language.

use runner::record::Record;

fn partition(xs: &mut [Record], before: fn(&Record, &Record) -> bool) -> usize {
    let last = xs.len() - 1;
    xs.swap(last / 2, last);
    let mut at = 0;
    for i in 0..last {
        if before(&xs[i], &xs[last]) {
            xs.swap(i, at);
            at += 1;
        }
    }
    xs.swap(at, last);
    at
}

fn quick_sort(mut xs: &mut [Record], before: fn(&Record, &Record) -> bool) {
    while xs.len() > 1 {
        let at = partition(xs, before);
        let (left, right) = xs.split_at_mut(at);
        quick_sort(left, before);
        xs = &mut right[1..];
    }
}

pub fn run(n: i64) -> i64 {
    let mut records: Vec<_> = (0..n).map(Record::new).collect();
    quick_sort(&mut records, |a, b| a.before(b));
    records.iter().fold(0, |total, it| (total * 31 + it.id()) % 1_000_003)
}
