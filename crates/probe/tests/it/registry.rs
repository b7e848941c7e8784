//! Programs come and go while threads run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use remora_probe::{
    Budget, Captured, Point, Program, Provider, Quota, Record, Registry, Request, Settings,
};
use serde_json::json;

use crate::host::{Hit, JsonHost, line};

fn program(text: &str) -> Arc<Program> {
    Arc::new(Program::compile(text, &Budget::default()).unwrap())
}

fn lines(registry: &Registry<JsonHost>) -> Vec<String> {
    registry
        .drain()
        .0
        .iter()
        .map(|it| format!("{} {} {}", it.probe, it.site, line(&it.record)))
        .collect()
}

#[test]
fn a_site_is_off_until_a_program_fits_it_and_after() {
    let registry = Registry::<JsonHost>::default();
    let site = registry.add_site(Provider::Fn, "app.f", Point::Entry(0));
    let other = registry.add_site(Provider::Fn, "app.f", Point::Exit(0));
    assert_eq!(registry.list("app.*"), ["fn:app.f:entry", "fn:app.f:exit"]);
    let args = json!({ "args": [7] });
    registry.hit(&site, Hit::new(&args));
    assert!(!site.is_on() && lines(&registry).is_empty());
    let id = registry
        .attach(program("fn:app.*:entry { capture(arg0) } begin { capture(1) } end { capture(2) }"))
        .unwrap();
    assert!(site.is_on() && !other.is_on());
    registry.hit(&site, Hit::new(&args));
    assert_eq!(lines(&registry), ["probe_1  [1]", "probe_0 app.f [7]"]);
    let late = registry.add_site(Provider::Fn, "app.late", Point::Entry(0));
    assert!(late.is_on(), "a site that comes later is seen");
    assert!(registry.detach(id).is_some() && registry.detach(id).is_none());
    registry.hit(&site, Hit::new(&args));
    assert!(!site.is_on() && !late.is_on());
    assert_eq!(lines(&registry), ["probe_2  [2]"]);
}

#[test]
fn tables_are_given_when_a_program_leaves() {
    let registry = Registry::<JsonHost>::default();
    let site = registry.add_site(Provider::Fn, "app.f", Point::Entry(0));
    let id = registry.attach(program("fn:app.f:entry { @n[arg0] = count(); }")).unwrap();
    for nth in [1, 2, 1] {
        registry.hit(&site, Hit::new(&json!({ "args": [nth] })));
    }
    assert_eq!(registry.tables(id).unwrap()[0].rows.len(), 2);
    let tables = registry.detach(id).unwrap();
    assert_eq!(line(&Record::Table(tables[0].clone())), "@n\n  [1] Count(2)\n  [2] Count(1)");
}

#[test]
fn a_probe_that_is_hit_too_often_is_switched_off_with_the_reason() {
    let quota = Quota { hits: 5, ..Quota::default() };
    let registry = Registry::<JsonHost>::new(Settings { quota, ..Settings::default() });
    let site = registry.add_site(Provider::Fn, "app.f", Point::Entry(0));
    registry.attach(program("fn:app.f:entry { capture(1) }")).unwrap();
    for _ in 0..200 {
        registry.hit(&site, Hit::new(&json!({})));
    }
    let lines = lines(&registry);
    let off = "probe_0 app.f switched off: P0013: more than 5 hits in a second";
    assert_eq!(lines.iter().filter(|it| *it == off).count(), 1, "{lines:?}");
    assert!(lines.len() < 50, "it stays off");
}

#[test]
fn the_queue_is_bounded_and_counts_what_finds_no_room() {
    let registry = Registry::<JsonHost>::new(Settings { room: 3, ..Settings::default() });
    let site = registry.add_site(Provider::Fn, "app.f", Point::Entry(0));
    registry.attach(program("fn:app.f:entry { capture(1); capture(2) }")).unwrap();
    for _ in 0..5 {
        registry.hit(&site, Hit::new(&json!({})));
    }
    let (events, dropped) = registry.drain();
    assert_eq!((events.len(), dropped), (3, 7));
    assert_eq!(registry.drain(), (Vec::new(), 0));
}

#[test]
fn intervals_run_when_they_are_due() {
    let registry = Registry::<JsonHost>::default();
    let id = registry.attach(program("interval:10ms { capture(1) }")).unwrap();
    registry.tick();
    assert!(lines(&registry).is_empty());
    let end = Instant::now() + Duration::from_secs(10);
    let mut seen = Vec::new();
    while seen.is_empty() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(5));
        registry.tick();
        seen = lines(&registry);
    }
    assert_eq!(seen, ["probe_0  [1]"]);
    registry.detach(id);
}

#[test]
fn requests_follow_threads_and_tasks() {
    let registry = Registry::<JsonHost>::default();
    let site = registry.add_site(Provider::Fn, "app.f", Point::Entry(0));
    registry.attach(program("fn:app.f:entry { capture($req.n); $req.n = arg0; }")).unwrap();
    let hit = |n: i64| registry.hit(&site, Hit::new(&json!({ "args": [n] })));
    Request::new().scope(|| {
        hit(1);
        hit(2);
        let child = Request::current();
        child.scope(|| hit(3));
        hit(4);
    });
    Request::new().scope(|| hit(5));
    assert_eq!(
        lines(&registry),
        [
            "probe_0 app.f [null]",
            "probe_0 app.f [1]",
            "probe_0 app.f [2]",
            "probe_0 app.f [2]",
            "probe_0 app.f [null]",
        ]
    );
    // A future keeps its request between polls, whatever the thread does meanwhile.
    let mut task = Box::pin(Request::new().follow(async {
        hit(6);
        YieldOnce(false).await;
        hit(7);
    }));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(task.as_mut().poll(&mut context).is_pending());
    Request::new().scope(|| {
        hit(8);
        assert!(task.as_mut().poll(&mut context).is_ready());
    });
    assert_eq!(
        lines(&registry),
        ["probe_0 app.f [null]", "probe_0 app.f [null]", "probe_0 app.f [6]"]
    );
}

struct YieldOnce(bool);

impl Future for YieldOnce {
    type Output = ();

    fn poll(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    }
}

/// Programs come and go while four threads hit. `REMORA_STORM=100000` does it that often.
#[test]
fn a_storm_of_attaching_loses_no_detach_and_tears_no_event() {
    let rounds: u64 = std::env::var("REMORA_STORM").map_or(2_000, |it| it.parse().unwrap());
    let unbound = Quota { hits: u64::MAX, bytes: u64::MAX, time: Duration::MAX };
    let registry = Registry::<JsonHost>::new(Settings {
        quota: unbound,
        quota_of_all: unbound,
        room: 1 << 20,
        ..Settings::default()
    });
    let site = registry.add_site(Provider::Fn, "app.f", Point::Entry(0));
    let (done, hits) = (AtomicBool::new(false), AtomicU64::new(0));
    let program = program("fn:app.f:entry / arg0 % 2 == 0 / { capture(arg0, arg0 + 1) }");
    let root = json!({ "args": [8] });
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    if site.is_on() {
                        registry.hit(&site, Hit::new(&root));
                        hits.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        for round in 0..rounds {
            let id = registry.attach(Arc::clone(&program)).unwrap();
            if round % 8 == 0 {
                std::thread::yield_now();
            }
            registry.detach(id).unwrap();
            for event in registry.drain().0 {
                assert!(event.program <= id);
                let whole = [Captured::Int(8), Captured::Int(9)];
                assert!(matches!(&event.record, Record::Positional(values) if *values == whole));
            }
            // Detached: a hit that was on its way adds nothing any more.
            assert!(registry.drain().0.is_empty());
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(!site.is_on());
    println!("{} hits in {rounds} rounds", hits.load(Ordering::Relaxed));
}
