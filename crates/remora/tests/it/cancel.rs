//! Runs that are dropped in the middle: nothing stays behind, and the VM answers the next call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use remora::{Engine, Settings, Value, Vm};

use crate::executor::{After, poll_times};

/// Programs that wait in all kinds of places; `f` is called.
pub(crate) const PROGRAMS: &[&str] = &[
    "func f() { for i in 0..60 { later(i) } }",
    "func f() { mut xs := []; for i in 0..60 { xs.push(\"t${later(i)}\") } return xs }",
    "func f() { return map(range(60), (x) => later(x)) }",
    "func f() { return map(range(60), later) }",
    "func f() { return filter(range(60), (x) => later(x) > 3) }",
    "func f() { return reduce(range(60), 0, (a, b) => a + later(b)) }",
    "func f() { return sort_by(range(40), (x) => 0 - later(x)) }",
    "func f() { return map(range(8), (x) => map(range(8), (y) => later(x * y))) }",
    "func* g() { for i in 0..60 { yield [later(i)] } }\nfunc f() { for x in g() { } }",
    "func* g() { for i in 0..30 { yield [i] } }\nfunc f() { for x in g() { later(1); later(2) } }",
    "func* g(n) { if n > 0 { yield later(n); for x in g(n - 1) { yield x } } }\nfunc f() { for x in g(8) { } }",
    "struct P { x: int, func get(self) { return later(self.x) } }\nfunc f() { for i in 0..60 { P { x: i }.get() } }",
    "struct P { xs: any, func add(mut self, x) { self.xs.push(later(x)) } }\nfunc f() { mut p := P { xs: [] }; for i in 0..60 { p.add(i) } return p }",
    "struct P { xs: any, func add(mut self, x) { self.xs.push([later(x)]) } }\nfunc f() { mut ps := {\"a\": [P { xs: [] }]}; for i in 0..60 { ps[\"a\"][0].add(i) } return ps }",
    "struct V { x: int, func op_add(self, o) { return V { x: later(self.x) + o.x } } }\nfunc f() { mut v := V { x: 0 }; for i in 0..60 { v := v + V { x: i } } return v.x }",
    "struct V { x: int, func op_lt(self, o) { return later(self.x) < o.x } }\nfunc f() { mut n := 0; for i in 0..60 { if V { x: i } < V { x: 30 } { n += 1 } } return n }",
    "struct V { x: int, func op_eq(self, o) { return later(self.x) == o.x } }\nfunc f() { mut n := 0; for i in 0..60 { if V { x: i } == V { x: 30 } { n += 1 } } return n }",
    "struct V { xs: any, func op_index(self, i) { return later(self.xs[i]) } }\nfunc f() { v := V { xs: range(60) }; mut n := 0; for i in 0..60 { n += v[i] } return n }",
    "struct V { x: int, func to_text(self) { return \"v${later(self.x)}\" } }\nfunc f() { for i in 0..60 { V { x: i }.to_text() } }",
    "func g(n) { if n == 0 { return [] } xs := g(n - 1); return concat(xs, [later(n)]) }\nfunc f() { return g(60) }",
    "func g(n) { if n == 0 { return 0 } return later(n) + g(n - 1) }\nfunc f() { return g(60) }",
    "func g(n) { if n == 0 { return \"end\" } later(n); return g(n - 1) }\nfunc f() { return g(60) }",
    "func f() { for i in 0..30 { try { later(i); throw([i]) } except e { later(i) } } }",
    "func f() { for i in 0..20 { try { later(i) } finally { later(i); later(i) } } }",
    "func f() { for i in 0..60 { try { fail(\"x\") } except e { } later(i) } }",
    "func f() { for i in 0..60 { try { burst(i) } except e { } later(i) } }",
    "func f() { mut n := 0; add := func(x) { n += later(x) }; for i in 0..60 { add(i) } return n }",
    "func f() { fs := map(range(60), (i) => () => later(i)); return map(fs, (g) => g()) }",
    "func f() { for i in 0..20 { t := spawn { later([i]); later(i) }; await t } }",
    "func f() { ts := map(range(20), (i) => spawn { for k in 0..i { later(k) } }); return await_all(ts) }",
    "func f() { ts := map(range(20), (i) => spawn { later(i) }); for t in ts { await t; later(1) } }",
    "func f() { ch := channel(); spawn { for i in 0..60 { ch.send([later(i)]) } ch.close() }; for x in ch { } }",
    "func f() { ch := channel(1); spawn { for i in 0..60 { ch.send([i]) } ch.close() }; for x in ch { later(1) } }",
    "func f() { ch := channel(); spawn { later(1); for i in 0..50 { ch.send(\"a${i}\") } }; for i in 0..50 { ch.receive(); later(i) } }",
    "async func g(x) { return later(x) }\nfunc f() { for i in 0..60 { await g(i) } }",
    "async func g(x) { return [later(x)] }\nfunc f() { return await_all(map(range(60), (x) => g(x))); }",
    "async func g(x) { if x > 0 { return await g(x - 1) + later(x) } return 0 }\nfunc f() { return await g(50) }",
    "func f() { return parallel_map(range(60), (x) => [later(x)]) }",
    "func f() { t := spawn { never() }; for i in 0..60 { later(i) } t.cancel() }",
    "func f() { ts := map(range(20), (i) => spawn { never() }); for t in ts { later(1); t.cancel(); later(2) } }",
    "func f() { for i in 0..60 { match later(i) { case 0 { } case n if later(n) > 50 { } default: { } } } }",
    "func f() { mut d := {}; for i in 0..60 { d[\"k${i}\"] := {\"v\": [later(i)]} } return d }",
    "func f() { mut s := \"\"; for i in 0..60 { s += \"${later(i)},\" } return s }",
    "func f(a = later(1), ...rest) { for i in 0..60 { later(i) } return rest }",
];

#[test]
fn a_run_can_be_dropped_at_every_poll() {
    let alive: Arc<AtomicUsize> = Arc::default();
    let (one, other) = (Arc::clone(&alive), Arc::clone(&alive));
    let engine = Engine::builder()
        .async_function("later", move |value: Value| {
            let wait = After::new(1, &one);
            async move {
                wait.await;
                value
            }
        })
        .async_function("never", move || After::new(usize::MAX, &other))
        .async_function("fail", |text: String| async move { Err::<(), _>(text) })
        // As a panic, without its message.
        .async_function("burst", |n: i64| async move {
            if n >= 0 {
                std::panic::resume_unwind(Box::new("always"));
            }
        })
        .build();
    let mut n_points = 0;
    for program in PROGRAMS {
        let text = format!("{program}\nfunc ok() {{ return [1, \"x\"] }}");
        let module = match engine.compile("cancel.ruff", &text) {
            Ok(module) => module,
            Err(why) => panic!("{program}: {why}"),
        };
        let mut vm = Vm::new(&module, Settings::default());
        vm.run().unwrap();
        let (ended, n_polls) = poll_times(vm.call_async("f", ()), 10_000);
        match ended {
            Some(Ok(_)) => {}
            Some(Err(why)) => panic!("{program}: {why}"),
            None => panic!("{program} does not end"),
        }
        vm.call("ok", ()).unwrap();
        let before = vm.live_objects();
        for k in 0..n_polls {
            let (ended, _) = poll_times(vm.call_async("f", ()), k);
            assert!(ended.is_none(), "{program}: ended at poll {k} of {n_polls}");
            assert_eq!(alive.load(Ordering::Relaxed), 0, "{program}: a future lives on after {k}");
            let value = vm.call("ok", ()).unwrap();
            assert_eq!(value, Value::from(vec![Value::Int(1), Value::from("x")]));
            assert_eq!(vm.live_objects(), before, "{program}: something is left after poll {k}");
            n_points += 1;
        }
    }
    assert!(
        PROGRAMS.len() >= 40 && n_points >= 2000,
        "{} programs, {n_points} points",
        PROGRAMS.len()
    );
}
