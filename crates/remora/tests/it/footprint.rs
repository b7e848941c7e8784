//! What a VM costs: bytes of one that is new, of one that has run, of one that waits; and what is allocated on the way.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::task::{Context, Poll, Waker};

use allocation_counter::measure;
use remora::{Engine, Module, Settings, Step, Value, Vm};

use crate::executor::After;

/// What one VM may cost before it runs.
const NEW: u64 = 2 << 10;
/// What ten thousand may cost together.
const TEN_THOUSAND: u64 = 20 << 20;

fn module() -> Module {
    let engine = Engine::builder()
        .request("ask", 1)
        .async_function("later", |n: i64| async move {
            After::new(1, &Arc::new(AtomicUsize::new(0))).await;
            n
        })
        .build();
    let text = "
        struct Point { x: int, y: int, func sum(self) { return self.x + self.y } }
        func double(n) { return n * 2 }
        func origin() { return Point { x: 0, y: 0 }.sum() }
        func waits(n) { return double(later(n)) }
        func asks(n) { mut sum := 0; for i in n { sum += ask(i) } return sum }
    ";
    engine.compile("shared.ruff", text).expect("it compiles")
}

fn size_of_vm() -> u64 {
    size_of::<Vm>() as u64
}

fn held(work: impl FnOnce()) -> u64 {
    u64::try_from(measure(work).bytes_current).expect("it holds something")
}

#[test]
fn a_new_vm_costs_little() {
    let module = module();
    let mut vm = None;
    let bytes = size_of_vm() + held(|| vm = Some(Vm::new(&module, Settings::default())));
    assert!(bytes <= NEW, "{bytes} bytes");
    let mut vm = vm.expect("it was made");
    let more = held(|| {
        assert_eq!(vm.call_as::<i64>("double", (21,)).expect("it answers"), 42);
    });
    assert!(bytes + more <= 2 * NEW, "{} bytes after a call", bytes + more);
}

#[test]
fn ten_thousand_vms_share_a_program() {
    let module = module();
    let mut vms = Vec::new();
    let bytes = held(|| {
        vms = (0..10_000).map(|_| Vm::new(&module, Settings::default())).collect();
    });
    assert!(bytes <= TEN_THOUSAND, "{bytes} bytes");
    let more = held(|| {
        for vm in &mut vms {
            assert_eq!(vm.call("double", (21,)).expect("it answers"), Value::Int(42));
        }
    });
    assert!(bytes + more <= 2 * TEN_THOUSAND, "{} bytes after a call of each", bytes + more);
}

#[test]
fn two_thousand_calls_wait_at_once() {
    let module = module();
    let mut vms: Vec<Vm> = (0..2_000).map(|_| Vm::new(&module, Settings::default())).collect();
    let mut context = Context::from_waker(Waker::noop());
    let mut calls = Vec::new();
    let bytes = held(|| {
        for (n, vm) in (0..).zip(&mut vms) {
            let mut call = Box::pin(vm.call_async_as::<i64>("waits", (n,)));
            assert!(call.as_mut().poll(&mut context).is_pending(), "it waits");
            calls.push(call);
        }
    });
    assert!(bytes / 2_000 <= 2 * NEW, "{} bytes for each that waits", bytes / 2_000);
    for (n, call) in (0_i64..).zip(&mut calls) {
        let Poll::Ready(given) = call.as_mut().poll(&mut context) else {
            panic!("it was woken");
        };
        assert_eq!(given.expect("it answers"), 2 * n);
    }
}

#[test]
fn a_suspension_and_its_end_allocate_nothing() {
    let module = module();
    let mut vm = Vm::new(&module, Settings::default());
    let resume = |vm: &mut Vm, times: i64| {
        for n in 0..times {
            let waiting = vm.suspended().expect("it waits");
            match waiting.resume(n).expect("it goes on") {
                Step::Suspended(_) => {}
                Step::Done(_) => panic!("it has more to ask"),
            }
        }
    };
    assert!(matches!(vm.start("asks", (2_000,)).expect("it begins"), Step::Suspended(_)));
    resume(&mut vm, 10);
    let made = measure(|| resume(&mut vm, 1_000));
    assert_eq!(made.count_total, 0, "allocations of 1,000 suspensions");
}

/// Waits once, and remembers nothing.
struct Once(bool);

impl Future for Once {
    type Output = i64;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<i64> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(1);
        }
        task.waker().wake_by_ref();
        Poll::Pending
    }
}

#[test]
fn an_async_call_allocates_only_its_future() {
    let engine = Engine::builder().async_function("later", |_: i64| Once(false)).build();
    let text = "func f(n) { mut sum := 0; for i in n { sum += later(i) } return sum }";
    let module = engine.compile("later.ruff", text).expect("it compiles");
    let mut vm = Vm::new(&module, Settings::default());
    let mut call = pin!(vm.call_async_as::<i64>("f", (2_000,)));
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..10 {
        assert!(call.as_mut().poll(&mut context).is_pending());
    }
    let made = measure(|| {
        for _ in 0..1_000 {
            assert!(call.as_mut().poll(&mut context).is_pending());
        }
    });
    assert_eq!(made.count_total, 1_000, "allocations of 1,000 calls");
    assert_eq!(made.bytes_current, 0, "bytes that stay");
}
