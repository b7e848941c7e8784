//! Functions of the host that panic at any of their calls: each is an error at that call, and the VM goes on.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use remora::{Engine, ErrorKind, Settings, Value, Vm};

use remora_diagnostics::Code;

use crate::cancel::PROGRAMS;
use crate::executor::block_on;

/// Panics, without a message on standard error, when the count comes to it.
fn count_down(left: &AtomicI64) {
    if left.fetch_sub(1, Ordering::Relaxed) == 0 {
        resume_unwind(Box::new("out of luck"));
    }
}

#[test]
fn a_panic_at_every_call_leaves_nothing_behind() {
    let left = Arc::new(AtomicI64::new(i64::MAX));
    let [one, other] = [Arc::clone(&left), Arc::clone(&left)];
    let engine = Engine::builder()
        .function("later", move |value: Value| {
            count_down(&one);
            value
        })
        .async_function("never", || async {})
        .function("fail", |text: String| Err::<(), _>(text))
        .function("burst", move |_: i64| -> () { count_down(&other) })
        .build();
    let (mut n_points, mut n_errors) = (0, 0);
    for program in PROGRAMS {
        let text = format!("{program}\nfunc ok() {{ return [1, \"x\"] }}");
        let module = engine.compile("panics.ruff", &text).unwrap();
        let mut vm = Vm::new(&module, Settings::default());
        vm.run().unwrap();
        left.store(i64::MAX, Ordering::Relaxed);
        block_on(vm.call_async("f", ())).unwrap();
        let n_calls = i64::MAX - left.load(Ordering::Relaxed);
        vm.call("ok", ()).unwrap();
        let before = vm.live_objects();
        for k in 0..n_calls.min(60) {
            left.store(k, Ordering::Relaxed);
            match block_on(vm.call_async("f", ())) {
                Ok(_) => {}
                Err(error) => {
                    // A task that is waited for in vain is an error of its own.
                    let in_vain = error.code() == Code::R0031;
                    assert!(in_vain || error.kind() == ErrorKind::Panic, "{program}: {error}");
                    n_errors += 1;
                }
            }
            vm.call("ok", ()).unwrap();
            assert_eq!(vm.live_objects(), before, "{program}: something is left after call {k}");
            n_points += 1;
        }
    }
    assert!(n_points > 1500 && n_errors > 1000, "{n_points} points, {n_errors} errors");
}

/// What a panic may say: it panics when it is dropped, and says another one.
struct Quarrel(u32);

impl Drop for Quarrel {
    fn drop(&mut self) {
        if let Some(more) = self.0.checked_sub(1) {
            std::panic::resume_unwind(Box::new(Quarrel(more)));
        }
    }
}

#[test]
fn what_a_panic_says_may_panic_when_it_drops() {
    let engine = Engine::builder()
        .function("burst", |n: i64| -> () {
            resume_unwind(Box::new(Quarrel(u32::try_from(n).unwrap_or_default())))
        })
        .build();
    let text = "func f(n) { try { burst(n) } except e { return e.code } }";
    let module = engine.compile("quarrel.ruff", text).unwrap();
    let mut vm = Vm::new(&module, Settings::default());
    vm.run().unwrap();
    for n in 0..2 {
        assert_eq!(vm.call_as::<String>("f", (n,)).unwrap(), "R0032");
    }
}
