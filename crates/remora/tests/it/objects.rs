//! Types of the host: what scripts do with their objects, and what becomes of these.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use remora::{
    Ctx, Engine, EngineBuilder, Error, Object, ObjectType, Operator, Settings, Shared, Value, Vm,
};
use remora_diagnostics::Code;

/// A place on a map.
#[derive(Clone, PartialEq, PartialOrd, Debug)]
struct Point {
    x: f64,
    y: f64,
}

remora::object_params!(Point);

impl Object for Point {
    const NAME: &'static str = "Point";

    fn describe(it: &mut ObjectType<Self>) {
        it.function("new", |x: f64, y: f64| Self { x, y });
        it.field("x", |it| it.x).setter("x", |it, x: f64| it.x = x);
        it.field("y", |it| it.y).setter("y", |it, y: f64| it.y = y);
        it.field("length", |it| it.x.hypot(it.y));
        it.method("swap", |it: &mut Point| std::mem::swap(&mut it.x, &mut it.y));
        it.method("distance", |it: &Point, other: &Point| (it.x - other.x).hypot(it.y - other.y));
        it.method("take_from", |it: &mut Point, other: &Point| it.x += other.x);
        it.method("explode", |it: &Point| -> f64 { panic!("at {}", it.x) });
        it.operator(Operator::Add, |a: &Point, b: &Point| Self { x: a.x + b.x, y: a.y + b.y });
        it.operator(Operator::Mul, |a: &Point, by: f64| Self { x: a.x * by, y: a.y * by });
        it.operator(Operator::Neg, |a: &Point| Self { x: -a.x, y: -a.y });
        it.operator(Operator::Call, |a: &Point, n: i64| a.x * n as f64);
        it.equal(|a, b| a == b);
        it.order(|a, b| a.partial_cmp(b));
        it.display(|it| format!("({}, {})", it.x, it.y));
    }
}

/// A list that scripts fill.
#[derive(Default)]
struct Bag {
    items: Vec<i64>,
    points: Vec<i64>,
    #[expect(dead_code, reason = "it only drops")]
    counted: Counted,
}

remora::object_params!(Bag);

/// Takes one off when it drops.
#[derive(Default)]
struct Counted(Option<Arc<AtomicUsize>>);

impl Drop for Counted {
    fn drop(&mut self) {
        if let Some(n) = &self.0 {
            n.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Object for Bag {
    const NAME: &'static str = "Bag";

    fn describe(it: &mut ObjectType<Self>) {
        it.function("new", Self::default);
        it.field("points", |it| it.points.clone())
            .setter("points", |it, points: Vec<i64>| it.points = points);
        it.method("put", |it: &mut Bag, n: i64| it.items.push(n));
        it.operator(Operator::Index, |it: &Bag, at: usize| it.items.get(at).copied());
        it.operator(Operator::IndexSet, |it: &mut Bag, at: usize, n: i64| {
            let place = it.items.get_mut(at).ok_or("no such place in the bag")?;
            *place = n;
            Ok::<(), &str>(())
        });
        it.items(|it: &Bag| it.items.clone());
        it.len(|it| it.items.len());
    }

    fn extra_bytes(&self) -> usize {
        self.items.capacity() * 8
    }
}

fn builder() -> EngineBuilder {
    Engine::builder()
        .object::<Point>()
        .object::<Bag>()
        .function("middle", |a: &Point, b: &Point| Point {
            x: f64::midpoint(a.x, b.x),
            y: f64::midpoint(a.y, b.y),
        })
        .function("copy", |p: Point| p)
        .function("peek", |ctx: &mut Ctx<'_>, p: Shared<Point>| ctx.with(&p, |it| it.x))
}

fn value(text: &str) -> Result<Value, Error> {
    let module = builder().build().compile_expression("objects.ruff", text).expect("it compiles");
    Vm::new(&module, Settings::default()).run()
}

fn shown(text: &str) -> String {
    let module = builder().build().compile_expression("objects.ruff", text).expect("it compiles");
    Vm::new(&module, Settings::default()).run_shown().expect("it runs").unwrap_or_default()
}

fn error(text: &str) -> (Code, String) {
    let error = value(text).expect_err("it fails");
    (error.code(), error.message().to_owned())
}

fn vm(text: &str) -> Vm {
    let module = builder().build().compile("objects.ruff", text).expect("it compiles");
    let mut vm = Vm::new(&module, Settings::default());
    vm.run().expect("it runs");
    vm
}

#[test]
fn fields_are_read_and_set() {
    assert_eq!(shown("p := Point.new(3, 4); [p.x, p.y, p.length]"), "[3, 4, 5]");
    assert_eq!(shown("p := Point.new(3, 4); p.x := 1; p.y += 0.5; p"), "(1, 4.5)");
    assert_eq!(shown("p := Point.new(3, 4); q := p; q.x := 1; p.x"), "1", "shared, not copied");
    assert_eq!(
        shown("func f() { mut d := {\"a\": [Point.new(1, 2)]}; d.a[0].x += 5; return d }\nf()"),
        "{\"a\": [(6, 2)]}"
    );
    assert_eq!(
        shown("func f() { p := Point.new(1, 2); g := () => p.x; p.x := 7; return g() }\nf()"),
        "7"
    );
    assert_eq!(error("Point.new(1, 2).z"), (Code::R0010, "Field not found: z".to_owned()));
    assert_eq!(
        error("p := Point.new(1, 2); p.x := \"a\""),
        (Code::R0004, "Point.x expects a number, got string".to_owned())
    );
    assert_eq!(
        error("p := Point.new(1, 2); p.length := 1"),
        (Code::R0019, "Field length of Point cannot be set".to_owned())
    );
}

#[test]
fn collections_in_fields_are_changed_through_them() {
    assert_eq!(
        shown("b := Bag.new(); b.points := [1, 2]; b.points[1] := 5; b.points[0] += 2; b.points"),
        "[3, 5]"
    );
    assert_eq!(
        shown(
            "func f() { b := Bag.new(); d := {\"b\": b}; b.points := [1]; d.b.points[0] := 8; return b.points }\nf()"
        ),
        "[8]"
    );
    assert_eq!(shown("b := Bag.new(); b.points.push(4); b.points.push(5); b.points"), "[4, 5]");
    assert_eq!(error("b := Bag.new(); b.points[0] := 1").0, Code::R0008);
}

#[test]
fn methods_and_functions_are_called() {
    assert_eq!(shown("p := Point.new(3, 4); p.swap(); p"), "(4, 3)");
    assert_eq!(shown("Point.new(0, 0).distance(Point.new(3, 4))"), "5");
    assert_eq!(
        shown("p := Point.new(0, 1); p.distance(p)"),
        "0",
        "twice to look at is no conflict"
    );
    assert_eq!(shown("map([Point.new(0, 1)], (p) => Point.distance(p, Point.new(0, 4)))"), "[3]");
    assert_eq!(shown("middle(Point.new(0, 0), Point.new(2, 4))"), "(1, 2)");
    assert_eq!(shown("p := Point.new(0, 0); q := copy(p); q.x := 1; [p, q]"), "[(0, 0), (1, 0)]");
    assert_eq!(shown("peek(Point.new(8, 0))"), "8");
    assert_eq!(
        shown(
            "func f(ps) { for p in ps { p.swap() }; return ps }\nf([Point.new(1, 2), Point.new(3, 4)])"
        ),
        "[(2, 1), (4, 3)]"
    );
    assert_eq!(
        error("Point.new(1, 2).distance(3)"),
        (Code::R0004, "Point.distance expects a Point as argument 1, got int".to_owned())
    );
    assert_eq!(
        error("Point.new(1, 2).distance(Bag.new())"),
        (Code::R0004, "Point.distance expects a Point as argument 1, got Bag".to_owned())
    );
    assert_eq!(
        error("Point.distance(3, Point.new(1, 2))"),
        (Code::R0004, "Point.distance is a method of a Point, not of int".to_owned())
    );
    assert_eq!(
        error("Point.new(1, 2).distance()"),
        (Code::R0006, "Point.distance expects 1 arguments, got 0".to_owned())
    );
    assert_eq!(error("Point.new(1, 2).swop()"), (Code::R0010, "Unknown method: swop".to_owned()));
    assert_eq!(
        error("Point.new(1, 2).explode()"),
        (Code::R0032, "Point.explode panicked: at 1".to_owned())
    );
}

#[test]
fn sites_see_objects_and_structs_in_turn() {
    let text = "struct S { x: int, func swap(self) { return self.x * 10 } }\n\
        func f() {\n\
        mut all := []\n\
        for it in [S { x: 1 }, Point.new(2, 3), S { x: 4 }, {\"x\": 5}, Point.new(6, 7)] { all.push(it.x) }\n\
        for it in [S { x: 1 }, Point.new(2, 3), S { x: 4 }, Point.new(6, 7)] { all.push(it.swap()) }\n\
        return all }\nf()";
    assert_eq!(shown(text), "[1, 2, 4, 5, 6, 10, null, 40, null]");
}

#[test]
fn operators_have_a_meaning() {
    assert_eq!(shown("Point.new(1, 2) + Point.new(3, 4)"), "(4, 6)");
    assert_eq!(shown("Point.new(1, 2) * 3"), "(3, 6)");
    assert_eq!(shown("-Point.new(1, 2)"), "(-1, -2)");
    assert_eq!(shown("p := Point.new(2, 2); p(4)"), "8");
    assert_eq!(shown("mut p := Point.new(1, 2); p += Point.new(1, 1); p"), "(2, 3)");
    assert_eq!(
        shown("a := Point.new(1, 2); b := Point.new(1, 2); [a == b, a != b, a == 1, [a] == [b]]"),
        "[true, false, false, true]"
    );
    assert_eq!(
        shown("a := Point.new(1, 2); b := Point.new(1, 3); [a < b, a >= b, b > a]"),
        "[true, false, true]"
    );
    assert_eq!(
        shown(
            "func f(a, b) { if a < b { return 1 } if a == b { return 0 } return -1 }\n[f(Point.new(1, 2), Point.new(1, 3)), f(Point.new(1, 2), Point.new(1, 2))]"
        ),
        "[1, 0]"
    );
    assert_eq!(shown("a := Bag.new(); b := Bag.new(); [a == a, a == b]"), "[true, false]");
    assert_eq!(
        error("Point.new(1, 2) - Point.new(1, 2)"),
        (Code::R0002, "Invalid binary operation: Point - Point".to_owned())
    );
    assert_eq!(error("1 + Point.new(1, 2)").1, "Invalid binary operation: int + Point");
    assert_eq!(error("Bag.new() < Bag.new()").0, Code::R0002);
    assert_eq!(error("-Bag.new()").0, Code::R0002);
    assert_eq!(error("Bag.new()(1)").0, Code::R0005);
}

#[test]
fn elements_are_indexed_and_gone_through() {
    let bag = "func bag() { b := Bag.new(); b.put(1); b.put(2); b.put(3); return b }\n";
    assert_eq!(
        shown(&format!("{bag}b := bag(); b[1] := 7; [b[0], b[1], len(b), b[9]]")),
        "[1, 7, 3, null]"
    );
    assert_eq!(shown(&format!("{bag}b := bag(); b[1] += 7; b[1]")), "9");
    assert_eq!(
        shown(&format!(
            "{bag}func f() {{ mut s := 0; for it in bag() {{ s += it }}; return s }}\nf()"
        )),
        "6"
    );
    assert_eq!(shown(&format!("{bag}[0, ...bag()]")), "[0, 1, 2, 3]");
    assert_eq!(
        error(&format!("{bag}b := bag(); b[9] := 1")),
        (Code::R0026, "no such place in the bag".to_owned())
    );
    assert_eq!(error("Point.new(1, 2)[0]").0, Code::R0011);
    assert_eq!(error("p := Point.new(1, 2); p[0] := 1").0, Code::R0019);
    assert_eq!(
        error("for x in Point.new(1, 2) { }"),
        (Code::R0013, "Cannot iterate over Point".to_owned())
    );
}

#[test]
fn objects_are_printed_and_named() {
    assert_eq!(
        shown("[type(Point.new(1, 2)), str(Bag.new()), \"${Point.new(1, 2)}\"]"),
        "[Point, <Bag>, (1, 2)]"
    );
    assert_eq!(shown("p := Point.new(1, 2); [p && true, p ?? 1]"), "[true, (1, 2)]");
    assert_eq!(error("d := {}; d[Point.new(1, 2)] := 1").0, Code::R0021);
    assert_eq!(error("throw(Point.new(1, 2))"), (Code::R0001, "(1, 2)".to_owned()));
}

#[test]
fn one_object_cannot_be_changed_and_looked_at_in_one_call() {
    assert_eq!(
        error("p := Point.new(1, 2); p.take_from(p)"),
        (Code::R0035, "This Point is in use".to_owned())
    );
    assert_eq!(
        shown(
            "func f() { p := Point.new(1, 2); try { p.take_from(p) } except e { }; p.take_from(Point.new(4, 0)); return p }\nf()"
        ),
        "(5, 2)"
    );
}

#[test]
fn the_host_shares_objects_with_scripts() {
    let mut vm = vm(
        "kept := null\nfunc keep(p) { kept := p; p.x += 1 }\nfunc now() { return kept.x }\nfunc make() { return Point.new(5, 6) }",
    );
    let point = vm.object(Point { x: 1.0, y: 2.0 }).unwrap();
    vm.call("keep", (&point,)).unwrap();
    assert_eq!(point.with(&mut vm, |it| it.x).unwrap(), 2.0);
    point.with_mut(&mut vm, |it| it.x = 40.0).unwrap();
    assert_eq!(vm.call_as::<f64>("now", ()).unwrap(), 40.0);
    let taken = point.take(&mut vm).unwrap();
    assert_eq!(taken, Point { x: 40.0, y: 2.0 });
    let error = vm.call("now", ()).unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::R0036, "This Point is gone"));
    let made: Shared<Point> = vm.call_as("make", ()).unwrap();
    assert_eq!(made.with(&mut vm, |it| it.y).unwrap(), 6.0);
    assert_eq!(vm.call_as::<Point>("make", ()).unwrap().y, 6.0);
    assert_eq!(vm.call_as::<Shared<Bag>>("make", ()).unwrap_err().code(), Code::R0004);
}

#[test]
fn objects_belong_to_their_vm() {
    let (mut one, mut other) = (vm("func f(p) { return p.x }"), vm("func f(p) { return p.x }"));
    let point = one.object(Point { x: 1.0, y: 2.0 }).unwrap();
    assert_eq!(other.call("f", (&point,)).unwrap_err().code(), Code::R0033);
    assert_eq!(point.with(&mut other, |it| it.x).unwrap_err().code(), Code::R0033);
    let module = Engine::new().compile("a.ruff", "").unwrap();
    let mut stranger = Vm::new(&module, Settings::default());
    assert_eq!(stranger.object(Point { x: 1.0, y: 2.0 }).unwrap_err().code(), Code::R0020);
}

#[test]
fn objects_drop_with_their_last_owner() {
    let n = Arc::new(AtomicUsize::new(0));
    let bags = Arc::clone(&n);
    let engine = Engine::builder()
        .object::<Bag>()
        .function("bag", move || {
            bags.fetch_add(1, Ordering::Relaxed);
            Bag { counted: Counted(Some(Arc::clone(&bags))), ..Bag::default() }
        })
        .build();
    let text = "kept := null\n\
        func drops() { for i in 0..10 { b := bag(); b.put(i) } }\n\
        func keep() { kept := [bag(), bag()] }\n\
        func forget() { kept := null }\n\
        func cycle() { for i in 0..30000 { b := bag(); mut f := null; f := () => [f, b] } }";
    let module = engine.compile("bags.ruff", text).unwrap();
    let mut vm = Vm::new(&module, Settings { memory: 4 << 20, ..Settings::default() });
    vm.run().unwrap();
    vm.call("drops", ()).unwrap();
    assert_eq!(n.load(Ordering::Relaxed), 0);
    let (objects, bytes) = (vm.live_objects(), vm.live_bytes());
    vm.call("keep", ()).unwrap();
    assert_eq!(n.load(Ordering::Relaxed), 2);
    vm.call("forget", ()).unwrap();
    assert_eq!(n.load(Ordering::Relaxed), 0);
    assert_eq!((vm.live_objects(), vm.live_bytes()), (objects, bytes));
    vm.call("cycle", ()).unwrap();
    assert!(n.load(Ordering::Relaxed) < 20_000, "the collector finds those in cycles");
    let held = vm.object(Bag { counted: Counted(Some(Arc::clone(&n))), ..Bag::default() }).unwrap();
    n.fetch_add(1, Ordering::Relaxed);
    drop(vm);
    drop(held);
    assert_eq!(n.load(Ordering::Relaxed), 0);
}

#[test]
fn objects_count_for_the_limit_on_memory() {
    let engine = builder().build();
    let text = "func f() { mut all := []; loop { all.push(Bag.new()) } }\nf()";
    let module = engine.compile("much.ruff", text).unwrap();
    let mut vm = Vm::new(&module, Settings { memory: 1 << 20, ..Settings::default() });
    assert_eq!(vm.run().unwrap_err().code(), Code::L0002);
    let module = engine.compile("none.ruff", "").unwrap();
    let mut vm = Vm::new(&module, Settings { memory: 1 << 20, ..Settings::default() });
    let large = Bag { items: Vec::with_capacity(1 << 20), ..Bag::default() };
    assert_eq!(vm.object(large).unwrap_err().code(), Code::L0002);
}

/// Panics wherever it can.
struct Bomb;

remora::object_params!(Bomb);

impl Object for Bomb {
    const NAME: &'static str = "Bomb";

    fn describe(it: &mut ObjectType<Self>) {
        it.function("new", || Self);
        it.field("x", |_| -> i64 { panic!("read") }).setter("x", |_, _: i64| {
            assert!(std::thread::panicking(), "set");
        });
        it.equal(|_, _| panic!("equal"));
        it.order(|_, _| -> Option<std::cmp::Ordering> { panic!("order") });
        it.display(|_| -> String { panic!("display") });
        it.len(|_| panic!("len"));
        it.items(|_: &Bomb| -> Vec<i64> { panic!("items") });
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "drop");
    }
}

#[test]
fn panics_of_a_type_are_errors_of_the_script() {
    let engine = Engine::builder().object::<Bomb>().build();
    let programs = ["b.x", "b.x := 1", "b == b", "b < b", "str(b)", "print([b])", "for x in b { }"];
    for program in programs {
        let text = format!(
            "func f() {{ b := Bomb.new()\n {program} }}\nfunc g() {{ try {{ f() }} except e {{ return e.code }} }}\nfunc h() {{ return 1 }}"
        );
        let module = engine.compile("bomb.ruff", &text).unwrap();
        let mut vm = Vm::new(&module, Settings::default());
        vm.run().unwrap();
        assert_eq!(vm.call_as::<String>("g", ()).unwrap(), "R0032", "{program}");
        let objects = vm.live_objects();
        assert_eq!(vm.call("f", ()).unwrap_err().code(), Code::R0032, "{program}");
        assert_eq!(vm.call_as::<String>("g", ()).unwrap(), "R0032", "{program}");
        assert_eq!(vm.call_as::<i64>("h", ()).unwrap(), 1);
        assert_eq!(vm.live_objects(), objects, "{program}");
    }
}
