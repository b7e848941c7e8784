//! What objects of the host cost a script: `cargo bench -p remora --bench objects`, optionally with the name of one case.
//!
//! Each case runs `work` of a script a few times, after one that does not count, and prints the median in milliseconds. Under
//! callgrind, `--once` runs a case a single time: `valgrind --tool=callgrind --toggle-collect='*measured*' BINARY sort --once`
//! counts nothing but the case.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a report for developers")]

use std::hint::black_box;
use std::time::Instant;

use remora::{Engine, Object, Settings, Vm};

#[derive(Object, Clone)]
struct Item {
    #[remora(get, set)]
    score: i64,
    #[remora(get)]
    weight: f64,
}

#[remora::methods]
impl Item {
    pub(crate) fn key(&self) -> i64 {
        self.score
    }

    pub(crate) fn less(&self, other: &Self) -> bool {
        self.score < other.score
    }

    #[remora(add)]
    fn plus(&self, other: &Self) -> Self {
        Self { score: self.score + other.score, weight: self.weight }
    }
}

/// How many objects there are.
const N: u64 = 10_000;

/// Name, and a function `work` on the global `items`.
const CASES: &[(&str, &str)] = &[
    // What is compared with other engines: a comparator of a script on fields of 10,000 objects of the host.
    ("sort", "func work() { return len(sort(items, (a, b) => a.score - b.score)) }"),
    ("sort-method", "func work() { return len(sort(items, (a, b) => a.key() - b.key())) }"),
    ("sort-less", "func work() { return len(sort(items, (a, b) => a.less(b))) }"),
    ("sort-key", "func work() { return len(sort_by(items, (it) => it.score)) }"),
    (
        "fields",
        "func work() { mut s := 0; for i in 0..10 { for it in items { s += it.score } }; return s }",
    ),
    (
        "set",
        "func work() { for i in 0..10 { for it in items { it.score := it.score + 0 } }; return 0 }",
    ),
    (
        "methods",
        "func work() { mut s := 0; for i in 0..10 { for it in items { s += it.key() } }; return s }",
    ),
    (
        "operators",
        "func work() { mut s := items[0]; for it in items { s := s + it }; return s.weight > 0 }",
    ),
];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let once = args.iter().any(|it| it == "--once");
    let wanted = args.iter().find(|it| !it.starts_with("--"));
    for (name, text) in CASES.iter().filter(|it| wanted.is_none_or(|wanted| it.0 == wanted)) {
        let times: Vec<f64> = (0..if once { 1 } else { 9 }).map(|_| milliseconds(text)).collect();
        println!("{name}: {:.2} ms", median(times));
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// How long `work` takes on objects in no order.
fn milliseconds(text: &str) -> f64 {
    let engine = Engine::builder().object::<Item>().build();
    let text = format!("items := null\nfunc take(them) {{ items := them }}\n{text}");
    let Ok(module) = engine.compile("objects.ruff", &text) else { return f64::NAN };
    let mut vm = Vm::new(&module, Settings::default());
    let items: Vec<Item> = (0..N)
        .map(|n| {
            let score = (n.wrapping_mul(6_364_136_223_846_793_005) >> 40).cast_signed();
            Item { score, weight: 1.5 }
        })
        .collect();
    // Once on two of them, so that what is made ready with the first call does not count.
    let ready = vm.run().and_then(|_| vm.call("take", (items[..2].to_vec(),)));
    let ready = ready.and_then(|_| vm.call("work", ())).and_then(|_| vm.call("take", (items,)));
    if let Err(error) = ready {
        println!("{error}");
        return f64::NAN;
    }
    let began = Instant::now();
    measured(&mut vm);
    began.elapsed().as_secs_f64() * 1_000.0
}

#[inline(never)]
fn measured(vm: &mut Vm) {
    if let Err(error) = black_box(vm.call("work", ())) {
        println!("{error}");
    }
}
