//! Attaching and detaching under hits, in the orders that a scheduler picks: `cargo test -p remora-probe --features model`.
//!
//! What the storm of `tests/it` leaves to chance is searched here: shuttle runs three threads and a program that comes and goes
//! in many orders, at random and by probabilistic concurrency testing, which finds orders that need few switches.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;
use std::time::Duration;

use remora_probe::{
    Answer, Budget, Captured, Dispatcher, Fault, Host, Point, Program, Provider, Quota, Record,
    Registry, Settings, Value, Variable,
};
use shuttle::thread;

/// A function with one argument.
struct One;

impl Host for One {
    type Object = ();
    type Dispatcher<'h> = Hit;
}

#[derive(Clone, Copy)]
struct Hit(i64);

const NOTHING: Fault = Fault::host("there is nothing");

impl Dispatcher for Hit {
    type Object = ();

    fn variable(&mut self, variable: &Variable) -> Answer<()> {
        // Another thread may go on while the host answers.
        thread::yield_now();
        if let Variable::Arg(0) = variable { Ok(Value::Int(self.0)) } else { Err(NOTHING) }
    }
}

/// Three threads hit a site while a program is attached and detached, twice.
fn come_and_go() {
    let unbound = Quota { hits: u64::MAX, bytes: u64::MAX, time: Duration::MAX };
    let settings =
        Settings { quota: unbound, quota_of_all: unbound, room: 100, ..Settings::default() };
    let registry = Arc::new(Registry::<One>::new(settings));
    let site = registry.add_site(Provider::Fn, "app.f", Point::Entry(0));
    let text = "fn:app.f:entry / arg0 > 10 / { capture(arg0, arg0 + 1) }";
    let program = Arc::new(Program::compile(text, &Budget::default()).unwrap());
    let hitting: Vec<_> = [5, 50, 500]
        .map(|argument| {
            let (registry, site) = (Arc::clone(&registry), Arc::clone(&site));
            thread::spawn(move || {
                for _ in 0..3 {
                    if site.is_on() {
                        registry.hit(&site, Hit(argument));
                    }
                    thread::yield_now();
                }
            })
        })
        .into();
    for _ in 0..2 {
        let id = registry.attach(Arc::clone(&program)).unwrap();
        assert!(site.is_on(), "an attached program is seen");
        thread::yield_now();
        registry.detach(id).unwrap();
        assert!(!site.is_on(), "a detached program is gone");
        for event in registry.drain().0 {
            assert_eq!(event.program, id, "an event of a program that was gone before");
            let whole = matches!(&event.record, Record::Positional(values)
                if *values == [Captured::Int(50), Captured::Int(51)]
                    || *values == [Captured::Int(500), Captured::Int(501)]);
            assert!(whole, "a torn event: {:?}", event.record);
        }
        thread::yield_now();
        assert!(registry.drain().0.is_empty(), "an event after the program was detached");
    }
    for thread in hitting {
        thread.join().unwrap();
    }
    assert!(registry.drain().0.is_empty(), "an event after the program was detached");
}

#[test]
fn no_detach_is_lost_and_no_event_is_torn_in_random_orders() {
    shuttle::check_random(come_and_go, 2_000);
}

#[test]
fn no_detach_is_lost_and_no_event_is_torn_in_orders_with_few_switches() {
    shuttle::check_pct(come_and_go, 2_000, 4);
}
