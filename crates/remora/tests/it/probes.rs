//! Probes on functions of Ruff programs, and on points in Rust code.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use remora::probe::ruff::Ruff;
use remora::probe::sink::write_event;
use remora::probe::{Budget, Program, Registry, Request, list};
use remora::{Engine, Module, Settings, Texts, Vm};

fn program(text: &str) -> Arc<Program> {
    match Program::compile(text, &Budget::default()) {
        Ok(program) => Arc::new(program),
        Err(found) => panic!("{found:?}"),
    }
}

fn module(text: &str) -> Module {
    Engine::new().compile("program.ruff", text).unwrap_or_else(|it| panic!("{it:?}"))
}

/// What a program prints, and what its probes record: site and values.
fn traced(probes: &str, text: &str) -> (String, Vec<String>) {
    let registry = Arc::new(Registry::<Ruff>::default());
    registry.attach(program(probes)).unwrap();
    let printed = Arc::new(Mutex::new(String::new()));
    let to = Arc::clone(&printed);
    let output = move |_, text: &str| {
        to.lock().unwrap().push_str(text);
        Ok(())
    };
    let settings = Settings { output: Some(Box::new(output)), ..Settings::default() };
    let mut vm = Vm::new(&module(text), settings);
    vm.trace_with(&registry);
    if let Err(error) = vm.run() {
        printed.lock().unwrap().push_str(&format!("failed: {}\n", error.message()));
    }
    let printed = printed.lock().unwrap().clone();
    (printed, seen(&registry))
}

fn seen(registry: &Registry<Ruff>) -> Vec<String> {
    let (events, dropped) = registry.drain();
    assert_eq!(dropped, 0);
    let lines = events.iter().map(|event| {
        let mut line = String::new();
        write_event(&mut line, event);
        let at = line.find("\"site\":").unwrap();
        line[at + 7..line.len() - 1].replace("\"values\":", "").replace('"', "'")
    });
    lines.collect()
}

#[test]
fn arguments_results_and_errors_are_seen() {
    let text = "
        func add(a, b = 2) { return a + b }
        func fail(what) { throw(what) }
        print(add(1), add(b: 5, a: 4))
        try { fail(\"no\") } except e { print(e.message) }";
    let (printed, seen) = traced(
        "fn:main.add:entry { capture(args, a, b, arg1) }
         fn:main.*:exit { capture(retval, exception, entry.arg0) }",
        text,
    );
    assert_eq!(printed, "3 9\nno\n");
    assert_eq!(
        seen,
        [
            "'main.add',[[1,null],1,null,null]",
            "'main.add',[3,null,1]",
            "'main.add',[[4,5],4,5,5]",
            "'main.add',[9,null,4]",
            "'main.fail',[null,{'code':'R0001','message':'no','value':'no'},'no']",
            "'main.<main>',[null,null,{'$error':'R0026: the function has no such argument'}]",
        ]
    );
}

#[test]
fn values_are_looked_into_without_a_copy() {
    let text = "
        struct Point { x, y, func norm(self) { return self.x + self.y } }
        enum Color { Red, Mix(a, b) }
        func look(d, p, xs, c, o) { return p.norm() }
        print(look({\"role\": \"admin\", \"password\": \"s3\", \"n\": [1, 2]}, Point { x: 3, y: 4 }, [5, 6, 7], Color::Mix(1, 2), Some(9)))";
    let (printed, seen) = traced(
        "fn:main.look:entry / d.role == \"admin\" && arg1.x == 3 && len(xs) > 2 / {
             capture(d, p, xs[1:], xs[-1], c, o, d.n[0], d[\"role\"])
         }
         fn:main.look:entry / d.password == \"s3\" / { capture(d.password) }
         fn:main.Point.*:entry { capture(self.y, stack(3)) }",
        text,
    );
    assert_eq!(printed, "7\n");
    assert_eq!(
        seen,
        [
            "'main.look',[{'role':'admin','password':{'$redacted':true},'n':[1,2]},{'x':3,'y':4},[6,7],7,[1,2],9,1,'admin']",
            "'main.look',[{'$redacted':true}]",
            "'main.Point.norm',[4,['main.Point.norm','main.look','main.<main>']]",
        ]
    );
}

#[test]
fn lines_are_counted_from_the_first_with_code() {
    let text = "func f(n) {
    mut t := 0
    for i in n {
        t += i
    }
    return t
}
print(f(3))
func g(t) {
    x := await t
    return x + x - 3
}
print(g(spawn { return 4 }), f(1))";
    let (printed, seen) = traced(
        "fn:main.f:entry+2 { capture(i, t) } fn:main.f:exit+4 { capture(retval) } fn:main.f:exit+3 { capture(1) }
         fn:main.g:entry+0 { capture(t) } fn:main.g:entry+1 { capture(x) }",
        text,
    );
    assert_eq!(printed, "3\n5 0\n");
    assert_eq!(
        seen,
        [
            "'main.f',[0,0]",
            "'main.f',[1,0]",
            "'main.f',[2,1]",
            "'main.f',[3]",
            "'main.g',[{'$object':'task'}]",
            "'main.g',[4]",
            "'main.f',[0,0]",
            "'main.f',[0]",
        ]
    );
}

#[test]
fn generators_tasks_and_tail_calls_end_once() {
    let text = "
        func* count(n) { for i in n { yield i } }
        async func later(n) { sleep(1); return n * 2 }
        func down(n) { if n == 0 { return \"end\" } return down(n - 1) }
        func even(n) { if n == 0 { return true } return odd(n - 1) }
        func odd(n) { if n == 0 { return false } return even(n - 1) }
        mut t := 0
        for i in count(3) { t += i }
        for i in count(5) { if i == 1 { break } }
        print(t, await later(4), down(3000), even(3))";
    let (printed, seen) = traced(
        "fn:main.count:entry { capture(n) } fn:main.count:exit { capture(retval, n) }
         fn:main.later:entry { capture(n) } fn:main.later:exit { capture(retval, n) }
         fn:main.down:exit / retval != \"end\" && n < 2934 / { capture(1) }
         fn:main.down:exit / retval == \"end\" && n == 2000 / { capture(retval, n) }
         fn:main.down:exit / retval == \"end\" / { @ends = count(); }
         fn:main.even:exit { capture(n, retval) } fn:main.odd:exit { capture(n, retval) }",
        text,
    );
    assert_eq!(printed, "3 8 end false\n");
    assert_eq!(
        seen,
        [
            "'main.count',[3]",
            "'main.count',[null,3]",
            "'main.count',[5]",
            "'main.later',[4]",
            "'main.later',[8,4]",
            "'main.odd',[0,false]",
            "'main.even',[1,false]",
            "'main.odd',[2,false]",
            "'main.even',[3,false]",
        ]
    );
}

#[test]
fn requests_follow_the_tasks_of_a_program() {
    let text = "
        async func handle(user) { for i in 2 { query(i); sleep(1) } return user }
        func query(i) { return i }
        a := handle(\"ann\")
        b := handle(\"bob\")
        print(await a, await b)";
    let probes = "fn:main.handle:exit { capture($req.user, $req.n) }
        fn:main.query:entry / $req.n == None / { $req.n = 0; }
        fn:main.query:entry { $req.n = $req.n + 1; capture($req.n, $req.outer) }
        fn:main.<main>:entry { $req.outer = 7; }";
    let (printed, seen) = Request::new().scope(|| traced(probes, text));
    assert_eq!(printed, "ann bob\n");
    assert_eq!(
        seen,
        [
            "'main.query',[1,7]",
            "'main.query',[1,7]",
            "'main.query',[2,7]",
            "'main.query',[2,7]",
            "'main.handle',[null,2]",
            "'main.handle',[null,2]",
        ]
    );
}

#[test]
fn a_program_is_attached_and_detached_while_it_runs() {
    let registry = Arc::new(Registry::<Ruff>::default());
    let text =
        "func turn(i) {\n    k := i + 1\n    return k\n}\nmut i := 0\nwhile true { i := turn(i) }";
    let mut vm = Vm::new(&module(text), Settings::default());
    vm.trace_with(&registry);
    let interrupt = vm.interrupt();
    std::thread::scope(|scope| {
        let running = scope.spawn(move || vm.run().map_err(|it| it.code().as_str()));
        for _ in 0..20 {
            let probes = "fn:main.turn:entry / arg0 % 7 == 0 / { capture(arg0) }
                fn:main.turn:entry+1 / k % 7 == 0 / { capture(k) } fn:main.turn:exit { @n = count(); }";
            let id = registry.attach(program(probes)).unwrap();
            let end = Instant::now() + Duration::from_secs(20);
            let mut come = Vec::new();
            while come.len() < 10 && Instant::now() < end {
                std::thread::sleep(Duration::from_millis(1));
                come.extend(registry.drain().0);
            }
            assert!(come.len() >= 10, "it is seen while it runs");
            let tables = registry.detach(id).unwrap();
            assert_eq!(tables.len(), 1);
            assert!(
                {
                    drop(registry.drain());
                    registry.drain().0.is_empty()
                },
                "and no more"
            );
        }
        interrupt.interrupt();
        assert_eq!(running.join().unwrap(), Err("L0007"));
    });
}

#[test]
fn functions_are_listed_by_module_while_their_vm_lives() {
    let registry = Arc::new(Registry::<Ruff>::default());
    let engine = Engine::new().with_modules(
        Texts::new().with("lib/orders.ruff", "func create(n) { return n }").with("main.ruff", ""),
    );
    let text =
        "import lib.orders\nstruct P { x, func norm(self) { return 1 } }\nprint(orders.create(2))";
    let module = engine.compile("main.ruff", text).unwrap_or_else(|it| panic!("{it:?}"));
    let mut vm = Vm::new(&module, Settings::default());
    vm.trace_with(&registry);
    let targets: [Arc<dyn remora::probe::Target>; 1] = [Arc::clone(&registry) as _];
    assert_eq!(
        list(&targets, "*"),
        [
            "ruff:lib.orders.<main>:entry",
            "ruff:lib.orders.<main>:exit",
            "ruff:lib.orders.create:entry",
            "ruff:lib.orders.create:exit",
            "ruff:main.<main>:entry",
            "ruff:main.<main>:exit",
            "ruff:main.P.norm:entry",
            "ruff:main.P.norm:exit",
        ]
    );
    drop(vm);
    assert!(list(&targets, "*").is_empty());
}

mod orders {
    use std::fmt::Debug;

    #[derive(Debug)]
    pub(super) struct Order {
        #[expect(dead_code, reason = "seen through Debug")]
        pub(super) id: u32,
    }

    pub(super) struct Secret;

    #[remora::traced]
    pub(super) fn create(id: u32, name: &str, _secret: Secret) -> Result<Order, String> {
        let id = check(id)?;
        if name.is_empty() {
            return Err("no name".into());
        }
        Ok(Order { id })
    }

    fn check(id: u32) -> Result<u32, &'static str> {
        if id == 13 { Err("unlucky") } else { Ok(id) }
    }

    #[remora::traced(name = "orders.first")]
    pub(super) fn first<'a, T: Debug>(items: &'a [T], fail: bool) -> Option<&'a T> {
        assert!(!fail, "asked to");
        items.first()
    }

    #[remora::traced(name = "orders.handle", request)]
    pub(super) async fn handle(user: String, turns: u32) -> u32 {
        let mut sum = 0;
        for turn in 0..turns {
            sum += query(turn).await;
        }
        let _ = user;
        sum
    }

    #[remora::traced(name = "orders.query", skip(turn))]
    async fn query(turn: u32) -> u32 {
        super::Later(false).await;
        turn
    }

    pub(super) struct Shop {
        pub(super) open: bool,
    }

    impl Shop {
        #[remora::traced(name = "orders.Shop.close", skip(self))]
        pub(super) fn close(&mut self) -> &mut bool {
            self.open = false;
            &mut self.open
        }
    }
}

/// Ready when it is asked for the second time.
struct Later(bool);

impl Future for Later {
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

#[test]
fn traced_rust_functions_are_seen_at_entry_and_exit() {
    use remora::probe::rust;
    drop(orders::create(1, "a", orders::Secret));
    let own = rust::list("*.probes.orders.*");
    assert_eq!(own.len(), 2, "{own:?}");
    assert!(own[0].ends_with(".probes.orders.create"), "{own:?}");
    let probes = "rust:*.orders.create:entry { capture(args) }
        rust:*.orders.create:exit { capture(retval, exception, id, entry.name) }
        rust:orders.first:exit { capture(retval, exception) }
        rust:orders.handle:entry { $req.user = user; }
        rust:orders.query:entry { $req.n = $req.user; capture(args, $req.user) }
        rust:orders.handle:exit / elapsed() >= 0 / { capture(retval, exception, user) }
        rust:orders.Shop.*:exit { capture(retval) }";
    let mut trace = remora::probe::Trace::attach(
        &program(probes),
        &remora::probe::targets(),
        remora::probe::Room::default(),
    )
    .unwrap();
    assert!(orders::create(2, "b", orders::Secret).is_ok());
    assert!(orders::create(13, "c", orders::Secret).is_err());
    assert_eq!(
        orders::first(&[orders::Order { id: 5 }], false).map(|it| format!("{it:?}")).as_deref(),
        Some("Order { id: 5 }")
    );
    assert!(std::panic::catch_unwind(|| orders::first(&[1], true).copied()).is_err());
    let mut shop = orders::Shop { open: true };
    *orders::Shop::close(&mut shop) = false;
    assert!(!shop.open);
    // Two tasks take turns on one thread; each keeps its own request.
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let mut ann = Box::pin(orders::handle("ann".into(), 2));
    let mut bob = Box::pin(orders::handle("bob".into(), 9));
    for _ in 0..2 {
        assert!(ann.as_mut().poll(&mut context).is_pending());
        assert!(bob.as_mut().poll(&mut context).is_pending());
    }
    assert_eq!(ann.as_mut().poll(&mut context), std::task::Poll::Ready(1));
    drop(bob);
    trace.detach();
    let (events, dropped) = trace.drain();
    assert_eq!(dropped, 0);
    let lines: Vec<String> = events
        .iter()
        .map(|event| {
            let mut line = String::new();
            write_event(&mut line, event);
            let at = line.find("\"values\":").unwrap_or(0);
            let values = line[at + 9..line.len() - 1].replace('"', "'");
            format!("{}{values}", event.site.rsplit('.').next().unwrap())
        })
        .collect();
    let secret = "'_secret':{'$redacted':true}";
    assert_eq!(
        lines,
        [
            &format!("create[{{'id':2,'name':'b',{secret}}}]"),
            "create['Ok(Order { id: 2 })',null,2,'b']",
            &format!("create[{{'id':13,'name':'c',{secret}}}]"),
            "create['Err(\\'unlucky\\')',null,13,'c']",
            "first['Some(Order { id: 5 })',null]",
            "first[null,'panicked']",
            "close[false]",
            "query[{},'ann']",
            "query[{},'bob']",
            "query[{},'ann']",
            "query[{},'bob']",
            "handle[1,null,'ann']",
            "handle[null,'dropped','bob']",
        ]
    );
}
