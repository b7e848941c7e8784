//! Async functions of the host, and runs that wait for them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use remora::{Engine, Function, Running, Settings, Step, Suspended, Timer, Value, Vm, Waits};
use remora_diagnostics::Code;

use crate::executor::{After, block_on, poll_times};

const fn sends<T: Send>() {}
const _: () = sends::<Running<'static, i64>>();
const _: () = sends::<Suspended<'static>>();
const _: () = sends::<remora::Handle>();
const _: () = sends::<Function<(i64,), String>>();
const _: () = sends::<remora::Error>();

async fn double(n: i64) -> i64 {
    n * 2
}

fn engine(alive: &Arc<AtomicUsize>) -> Engine {
    let (one, other) = (Arc::clone(alive), Arc::clone(alive));
    Engine::builder()
        .async_function("double", double)
        .async_function("later", move |n: i64| {
            let wait = After::new(1, &one);
            async move {
                wait.await;
                n
            }
        })
        .async_function("fail", |text: String| async move { Err::<(), _>(text) })
        .async_function("burst", |text: String| async move {
            if !text.is_empty() {
                panic!("{text}");
            }
        })
        .async_function("never", move || After::new(usize::MAX, &other))
        .request("ask", 1)
        .build()
}

fn vm(text: &str) -> Vm {
    let module = engine(&Arc::default()).compile("later.ruff", text).expect("it compiles");
    let mut vm = Vm::new(&module, Settings::default());
    block_on(vm.run_async()).expect("it runs");
    vm
}

fn int(text: &str) -> i64 {
    block_on(vm(text).call_async_as::<i64>("f", ())).expect("it gives an int")
}

#[test]
fn a_program_waits_wherever_it_is() {
    assert_eq!(int("func f() { return double(21) }"), 42);
    assert_eq!(int("func f() { return later(1) + later(2) }"), 3);
    assert_eq!(int("func f() { return sum(map([1, 2, 3], (x) => later(x))) }"), 6);
    assert_eq!(int("func f() { return sum(map([1, 2, 3], later)) }"), 6, "as a value");
    assert_eq!(int("func f() { g := later; return g(...[7]) }"), 7);
    assert_eq!(int("func f() { return sort_by([3, 1, 2], (x) => later(x))[0] }"), 1);
    assert_eq!(
        int(
            "func* g() { yield later(4); yield later(5) }\nfunc f() { mut n := 0; for x in g() { n += x } return n }"
        ),
        9
    );
    assert_eq!(
        int(
            "struct P { x: int, func get(self) { return later(self.x) } }\nfunc f() { return P { x: 8 }.get() }"
        ),
        8
    );
    assert_eq!(
        int("func f() { try { fail(\"no\") } except e { return later(len(e.message)) } }"),
        2
    );
    assert_eq!(
        int("func f() { try { burst(\"no\") } except e { return int(e.code == \"R0032\") } }"),
        1
    );
}

#[test]
fn functions_that_are_held_wait_as_well() {
    let mut vm = vm("func adder(n) { return (x) => later(x) + n }");
    let adder: Function<(i64,), Function<(i64,), i64>> = vm.function("adder").unwrap();
    let add = adder.call(&mut vm, (40,)).unwrap();
    assert_eq!(block_on(add.call_async(&mut vm, (2,))).unwrap(), 42);
}

#[test]
fn without_a_host_that_waits_it_is_an_error() {
    let mut vm = vm("func f() { return later(1) }");
    assert_eq!(vm.call("f", ()).unwrap_err().code(), Code::R0026);
    assert_eq!(block_on(vm.call_async_as::<i64>("f", ())).unwrap(), 1, "the VM can be used");
    let mut other = self::vm("func f() { return ask(1) }");
    assert_eq!(block_on(other.call_async("f", ())).unwrap_err().code(), Code::R0026);
}

#[test]
fn what_is_ready_at_once_does_not_wait() {
    let text = "func f(n) { mut s := 0; for i in n { s += double(i) } return s }\n\
        func g() { d := double; return sum(map([1, 2, 3], d)) }\n\
        func order() { mut said := []; say := func(x) { said.push(x) }; ch := channel(); \
        t := spawn { ch.send(double(1)); ch.send(double(2)); ch.close() }; \
        for x in ch { say(x) } await t; say(double(3)); return said }\n\
        func errors() { try { fail(\"no\") } except e { return e.line } }";
    let mut vm = vm(text);
    let (sum, polls) = poll_times(vm.call_async_as::<i64>("f", (1_000,)), 2);
    assert_eq!((sum.unwrap().unwrap(), polls), (999_000, 1));
    let (sum, polls) = poll_times(vm.call_async_as::<i64>("g", ()), 2);
    assert_eq!((sum.unwrap().unwrap(), polls), (12, 1), "as a value");
    let (said, polls) = poll_times(vm.call_async_as::<Vec<i64>>("order", ()), 2);
    assert_eq!((said.unwrap().unwrap(), polls), (vec![2, 4, 6], 1));
    let (line, polls) = poll_times(vm.call_async_as::<i64>("errors", ()), 2);
    assert_eq!((line.unwrap().unwrap(), polls), (4, 1));
}

/// Wakes itself before it says that it waits: each wait is a poll of the run, which so comes back to its executor.
#[test]
fn what_wakes_itself_is_asked_once_in_each_poll() {
    let mut vm = vm("func f(n) { for i in n { later(i) } return n }");
    let (n, polls) = poll_times(vm.call_async_as::<i64>("f", (50,)), 1_000);
    assert_eq!((n.unwrap().unwrap(), polls), (50, 51));
}

/// Panics when it drops, ready or not.
struct Sulks(bool);

impl Future for Sulks {
    type Output = i64;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<i64> {
        if self.0 { Poll::Ready(7) } else { Poll::Pending }
    }
}

impl Drop for Sulks {
    fn drop(&mut self) {
        std::panic::resume_unwind(Box::new("sulks"));
    }
}

#[test]
fn a_panic_while_a_future_drops_goes_no_further() {
    let engine = Engine::builder()
        .async_function("ready", || Sulks(true))
        .async_function("never", || Sulks(false))
        .build();
    let text = "func f() { try { ready() } except e { return e.code } }\nfunc g() { never() }\n\
        func h() { t := spawn { never() }; sleep(0); t.cancel(); sleep(0); return \"went on\" }";
    let module = engine.compile("sulks.ruff", text).unwrap();
    let mut vm = Vm::new(&module, Settings::default());
    assert_eq!(block_on(vm.call_async_as::<String>("f", ())).unwrap(), "R0032");
    assert!(poll_times(vm.call_async("g", ()), 3).0.is_none());
    assert_eq!(block_on(vm.call_async_as::<String>("h", ())).unwrap(), "went on");
    assert_eq!(block_on(vm.call_async_as::<String>("f", ())).unwrap(), "R0032");
}

#[test]
fn tasks_wait_at_the_same_time() {
    let text =
        "func f(n) { ts := map(range(n), (i) => spawn { later(i) }); return len(await_all(ts)) }";
    let mut vm = vm(text);
    let (count, polls) = poll_times(vm.call_async_as::<i64>("f", (500,)), 1000);
    assert_eq!(count.unwrap().unwrap(), 500);
    assert!(polls < 10, "{polls} polls: one after the other");
}

#[test]
fn two_thousand_calls_are_open_at_once() {
    let alive = Arc::default();
    let text = "func f(n) { ts := map(range(n), (i) => spawn { never() }); await_all(ts) }\nfunc ok() { return 1 }";
    let module = engine(&alive).compile("many.ruff", text).unwrap();
    let mut vm = Vm::new(&module, Settings::default());
    vm.run().unwrap();
    {
        let mut run = Box::pin(vm.call_async("f", (2000,)));
        let mut context = Context::from_waker(Waker::noop());
        assert!(run.as_mut().poll(&mut context).is_pending());
        assert_eq!(alive.load(Ordering::Relaxed), 2000);
        assert!(run.as_mut().poll(&mut context).is_pending());
    }
    assert_eq!(alive.load(Ordering::Relaxed), 0, "dropped with the run");
    assert_eq!(vm.call("ok", ()).unwrap(), Value::Int(1));
}

#[test]
fn cancelled_tasks_drop_their_calls() {
    let alive = Arc::default();
    let text = "func f() { t := spawn { never() }; later(1); t.cancel(); later(2); return 3 }";
    let module = engine(&alive).compile("cancel.ruff", text).unwrap();
    let mut vm = Vm::new(&module, Settings::default());
    vm.run().unwrap();
    let mut run = Box::pin(vm.call_async_as::<i64>("f", ()));
    let mut context = Context::from_waker(Waker::noop());
    let mut most = 0;
    let result = loop {
        most = most.max(alive.load(Ordering::Relaxed));
        if let Poll::Ready(result) = run.as_mut().poll(&mut context) {
            break result;
        }
    };
    assert_eq!((result.unwrap(), most), (3, 2));
    assert_eq!(alive.load(Ordering::Relaxed), 0);
}

#[test]
fn time_passes_with_and_without_a_timer() {
    let text = "func f() { t := spawn { never() }; try { timeout(t, 20) } except e { t.cancel(); return 1 } }";
    let began = Instant::now();
    assert_eq!(int(text), 1);
    assert!(began.elapsed() >= Duration::from_millis(20));

    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let timer = Timer::new(move |time| {
        count.fetch_add(1, Ordering::Relaxed);
        let until = Instant::now() + time;
        Until(until)
    });
    let module = engine(&Arc::default()).compile("sleep.ruff", "sleep(5)\nsleep(5)").unwrap();
    let mut vm = Vm::new(&module, Settings { timer: Some(timer), ..Settings::default() });
    let began = Instant::now();
    block_on(vm.run_async()).unwrap();
    assert!(began.elapsed() >= Duration::from_millis(10));
    assert!(asked.load(Ordering::Relaxed) >= 2);
}

/// Ready at a moment; asks to be polled all the time.
struct Until(Instant);

impl Future for Until {
    type Output = ();

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.0 {
            return Poll::Ready(());
        }
        task.waker().wake_by_ref();
        Poll::Pending
    }
}

#[test]
fn a_long_computation_lets_others_run() {
    let mut vm = vm(
        "func f() { mut n := 0; while n < 3000000 { n += 1 } return n }\nfunc fib(n) { if n < 2 { return n } return fib(n - 1) + fib(n - 2) }",
    );
    let (result, polls) = poll_times(vm.call_async_as::<i64>("f", ()), 1000);
    assert_eq!(result.unwrap().unwrap(), 3_000_000);
    assert!(polls > 3, "{polls}");
    let (result, polls) = poll_times(vm.call_async_as::<i64>("fib", (25,)), 1000);
    assert_eq!((result.unwrap().unwrap(), polls > 1), (75_025, false));
    let (result, polls) = poll_times(vm.call_async_as::<i64>("fib", (28,)), 1000);
    assert_eq!((result.unwrap().unwrap(), polls > 1), (317_811, true), "{polls}");
}

#[test]
fn limits_end_what_waits() {
    let module =
        engine(&Arc::default()).compile("l.ruff", "func f() { loop { later(1) } }").unwrap();
    let settings = Settings { timeout: Some(Duration::from_millis(30)), ..Settings::default() };
    let mut vm = Vm::new(&module, settings);
    vm.run().unwrap();
    assert_eq!(block_on(vm.call_async("f", ())).unwrap_err().code(), Code::L0004);
    let mut vm = Vm::new(&module, Settings { fuel: Some(5_000), ..Settings::default() });
    vm.run().unwrap();
    assert_eq!(block_on(vm.call_async("f", ())).unwrap_err().code(), Code::L0001);
}

#[test]
fn a_run_is_taken_up_by_hand() {
    let mut vm = vm(
        "func f(n) { a := ask(n); sleep(3); try { ask(\"again\") } except e { return e.message + a } }",
    );
    let Step::Suspended(mut run) = vm.start("f", (7,)).unwrap() else { panic!("it waits") };
    assert_eq!(run.waits_for(), Waits::Call("ask".to_owned(), vec![Value::Int(7)]));
    let Step::Suspended(mut run) = run.resume("!").unwrap() else { panic!("it sleeps") };
    assert_eq!(run.waits_for(), Waits::Time(Duration::from_millis(3)));
    let run = vm.suspended().expect("it is still there");
    let Step::Suspended(mut run) = run.resume_after(Duration::from_millis(3)).unwrap() else {
        panic!("it waits again")
    };
    assert_eq!(run.waits_for(), Waits::Call("ask".to_owned(), vec![Value::from("again")]));
    let Step::Done(value) = run.resume(Err::<(), _>("no")).unwrap() else { panic!("it ends") };
    assert_eq!(value, Value::from("no!"));
    assert!(vm.suspended().is_none());
}

#[test]
fn a_run_goes_on_after_its_fuel_is_used_up() {
    let texts = [
        ("func f() { mut n := 0; for i in 0..1000 { n += i } return n }", 499_500),
        (
            "func fib(n) { if n < 2 { return n } return fib(n - 1) + fib(n - 2) }\nfunc f() { return fib(15) }",
            610,
        ),
        ("func f() { return sum(map(range(300), (x) => x * 2)) }", 89_700),
        (
            "func d(n, by = 1) { if n == 0 { return 5 } return d(n - by) }\nfunc f() { return d(500) }",
            5,
        ),
        (
            "struct P { n: int, func op_add(self, o) { mut t := 0; while t < o.n { t += 1 } return P { n: self.n + t } } }\nfunc f() { mut p := P { n: 0 }; for i in 0..20 { p := p + P { n: i } } return p.n }",
            190,
        ),
        (
            "func* g() { for i in 0..100 { yield i } }\nfunc f() { mut n := 0; for x in g() { n += x } return n }",
            4950,
        ),
        (
            "struct C { n: int, func up(mut self, by) { for i in 0..by { self.n += 1 } } }\nfunc f() { mut cs := [C { n: 0 }]; for i in 0..30 { cs[0].up(i) } return cs[0].n }",
            435,
        ),
        (
            "func f() { ch := channel(2); spawn { for i in 0..50 { ch.send(i) } ch.close() }; mut n := 0; for x in ch { n += x } return n }",
            1225,
        ),
        (
            "func f() { mut n := 0; for i in 0..50 { try { if i % 2 == 0 { throw(i) } n += i } except e { n += 1 } finally { n += 1 } } return n }",
            700,
        ),
    ];
    for (text, wanted) in texts {
        for fuel in [1, 2, 3, 7, 50, 1000] {
            let mut vm = vm(text);
            let mut n_pauses = 0;
            let mut step = vm.start_with_fuel("f", (), fuel).unwrap();
            let value = loop {
                match step {
                    Step::Done(value) => break value,
                    Step::Suspended(mut run) => {
                        assert_eq!(run.waits_for(), Waits::Fuel, "{text}");
                        n_pauses += 1;
                        step = run.resume_with_fuel(fuel).unwrap();
                    }
                }
            };
            assert_eq!(value, Value::Int(wanted), "{text} with {fuel}");
            assert!(n_pauses > 0 || fuel == 1000, "{text} with {fuel}");
        }
    }
}

#[test]
fn a_paused_run_can_be_given_up() {
    let mut vm = vm("func f() { loop { } }\nfunc ok() { return 1 }");
    let Step::Suspended(_) = vm.start_with_fuel("f", (), 100).unwrap() else { panic!("it pauses") };
    assert_eq!(vm.call("ok", ()).unwrap_err().code(), Code::R0026, "one run at a time");
    vm.cancel();
    assert_eq!(vm.call("ok", ()).unwrap(), Value::Int(1));
}
