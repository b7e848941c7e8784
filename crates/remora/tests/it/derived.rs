//! Types of the host that the macros describe.

use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt;

use remora::{Ctx, Engine, Error, Settings, Shared, Value, Vm};
use remora_diagnostics::Code;

/// Money of a country.
#[derive(remora::Object, Clone, PartialEq, PartialOrd)]
#[remora(name = "Money", eq, cmp, display)]
struct Amount {
    pub(crate) cents: i64,
    #[remora(get)]
    currency: String,
    #[remora(get, set, name = "note")]
    text: Option<String>,
    #[remora(skip)]
    pub(crate) secret: i64,
    hidden: u8,
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02} {}", self.cents / 100, self.cents % 100, self.currency)
    }
}

#[remora::methods]
impl Amount {
    /// So many cents.
    pub(crate) fn new(cents: i64, currency: Option<String>) -> Self {
        let currency = currency.unwrap_or_else(|| "EUR".to_owned());
        Self { cents, currency, text: None, secret: 42, hidden: 1 }
    }

    /// Another name than in Rust.
    #[remora(name = "halve")]
    pub(crate) fn halved(&self) -> Self {
        Self { cents: self.cents / 2, ..self.clone() }
    }

    pub(crate) fn symbol(&self) -> &str {
        if self.currency == "EUR" { "€" } else { &self.currency }
    }

    pub(crate) fn first_word(&self) -> Option<&str> {
        self.text.as_deref()?.split(' ').next()
    }

    pub(crate) fn parts<'a>(&'a self, _: &str) -> Vec<&'a str> {
        vec![&self.currency, "cents"]
    }

    pub(crate) fn spend(&mut self, ctx: &mut Ctx<'_>, cents: i64) -> Result<i64, Error> {
        ctx.charge(1)?;
        if cents > self.cents {
            return Err(Error::host(format!("only {self}")));
        }
        self.cents -= cents;
        ctx.print(&format!("spent {cents}"))?;
        Ok(self.cents)
    }

    #[remora(add)]
    fn plus(&self, other: &Self) -> Result<Self, String> {
        if self.currency != other.currency {
            return Err(format!("{} and {}", self.currency, other.currency));
        }
        Ok(Self { cents: self.cents + other.cents, ..self.clone() })
    }

    #[remora(mul)]
    fn times(&self, by: i64) -> Self {
        Self { cents: self.cents * by, ..self.clone() }
    }

    #[remora(mul_right)]
    fn times_right(&self, by: i64) -> Self {
        self.times(by)
    }

    #[remora(later)]
    pub(crate) fn posted(
        &self,
        fee: i64,
    ) -> impl Future<Output = Result<Self, String>> + Send + use<> {
        let mut posted = self.clone();
        async move {
            posted.cents = posted.cents.checked_sub(fee).ok_or("too poor")?;
            Ok(posted)
        }
    }

    #[remora(get)]
    fn euros(&self) -> f64 {
        self.cents as f64 / 100.0
    }

    #[remora(set)]
    #[expect(clippy::cast_possible_truncation, reason = "few euros")]
    fn set_euros(&mut self, euros: f64) {
        self.cents = (euros * 100.0).round() as i64;
    }

    #[remora(skip)]
    pub(crate) fn unseen(&self) -> i64 {
        self.secret + i64::from(self.hidden)
    }

    pub(crate) async fn fetched(cents: i64, like: Self) -> Self {
        Self { cents, ..like }
    }
}

/// Numbers in rows.
#[derive(remora::Object)]
struct Grid {
    #[remora(get)]
    width: usize,
    cells: Vec<f64>,
}

#[remora::methods]
impl Grid {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self { width, cells: vec![0.0; width * height] }
    }

    #[remora(index)]
    fn cell(&self, at: usize) -> Option<f64> {
        self.cells.get(at).copied()
    }

    #[remora(index_set)]
    fn set_cell(&mut self, at: usize, to: f64) -> Result<(), String> {
        *self.cells.get_mut(at).ok_or_else(|| format!("no cell {at}"))? = to;
        Ok(())
    }

    #[remora(iter)]
    fn all(&self) -> impl Iterator<Item = f64> {
        self.cells.iter().copied()
    }

    #[remora(len)]
    fn count(&self) -> usize {
        self.cells.len()
    }

    #[remora(eq)]
    fn same_size(&self, other: &Self) -> bool {
        self.cells.len() == other.cells.len()
    }

    #[remora(cmp)]
    fn by_size(&self, other: &Self) -> Ordering {
        self.cells.len().cmp(&other.cells.len())
    }

    #[remora(display)]
    fn shown(&self) -> String {
        format!("Grid of {}", self.cells.len())
    }

    #[remora(call)]
    fn at(&self, x: usize, y: usize) -> Option<f64> {
        self.cells.get(y * self.width + x).copied()
    }
}

/// Nothing but a name.
#[derive(remora::Object)]
struct Token;

/// Holds a function of the script, and counts how often it is asked for it.
#[derive(remora::Object)]
struct Button {
    pub(crate) pressed: Value,
    #[remora(skip)]
    asked: Cell<i64>,
}

#[remora::methods]
impl Button {
    pub(crate) const fn new() -> Self {
        Self { pressed: Value::Null, asked: Cell::new(0) }
    }

    #[remora(get)]
    fn action(&self) -> Value {
        self.asked.set(self.asked.get() + 1);
        self.pressed.clone()
    }

    pub(crate) const fn count(&self) -> i64 {
        self.asked.get()
    }
}

/// A type in a module.
#[derive(remora::Object)]
struct Account {
    #[remora(get)]
    owner: String,
}

#[remora::methods]
impl Account {
    pub(crate) const fn of(owner: String) -> Self {
        Self { owner }
    }

    pub(crate) fn renamed(&self, owner: &str) -> Self {
        Self { owner: format!("{owner}, once {}", self.owner) }
    }
}

fn engine() -> Engine {
    Engine::builder()
        .object::<Amount>()
        .object::<Grid>()
        .object::<Token>()
        .object::<Button>()
        .module("bank", |it| it.object::<Account>())
        .function("token", || Token)
        .function("same", |_: &Token, grid: &mut Grid| grid.cells.len())
        .build()
}

fn run(text: &str) -> Result<String, Error> {
    let module = engine().compile_expression("derived.ruff", text).expect("it compiles");
    let mut vm = Vm::new(&module, Settings::default());
    Ok(vm.run_shown()?.unwrap_or_default())
}

fn shown(text: &str) -> String {
    run(text).expect("it runs")
}

fn code(text: &str) -> Code {
    run(text).expect_err("it fails").code()
}

#[test]
fn fields_are_what_their_attributes_say() {
    assert_eq!(
        shown("m := Money.new(250); m.cents := 300; [m.cents, m.currency, m.note]"),
        "[300, EUR, null]"
    );
    assert_eq!(shown("m := Money.new(1); m.note := \"for you\"; m.note"), "for you");
    assert_eq!(shown("m := Money.new(1); m.euros := 2.5; [m.cents, m.euros]"), "[250, 2.5]");
    assert_eq!(code("m := Money.new(1); m.currency := \"USD\""), Code::R0019);
    for unseen in ["secret", "hidden", "text"] {
        assert_eq!(code(&format!("Money.new(1).{unseen}")), Code::R0010);
    }
    assert_eq!(code("Money.new(1).unseen()"), Code::R0010);
    assert_eq!(Amount::new(1, None).unseen(), 43);
}

#[test]
fn functions_are_methods_and_operators() {
    assert_eq!(shown("Money.new(300).halve()"), "1.50 EUR");
    assert_eq!(shown("[Money.new(1).symbol(), Money.new(1, \"USD\").symbol()]"), "[€, USD]");
    assert_eq!(
        shown("m := Money.new(1); m.note := \"a b\"; [m.first_word(), m.parts(\"\")]"),
        "[a, [EUR, cents]]"
    );
    assert_eq!(shown("Money.new(100) + Money.new(50) * 2"), "2.00 EUR");
    assert_eq!(
        shown("[Money.new(1) == Money.new(1), Money.new(1) < Money.new(2)]"),
        "[true, true]"
    );
    let error = run("Money.new(1) + Money.new(1, \"USD\")").unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::R0026, "EUR and USD"));
    let error = run("Money.new(100).spend(200)").unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::R0026, "only 1.00 EUR"));
    assert!(
        engine().compile("a.ruff", "Money.nwe(1)").is_err(),
        "names are known when it compiles"
    );
}

#[test]
fn a_context_comes_before_the_other_parameters() {
    use std::sync::{Arc, Mutex};
    let module = engine().compile("spend.ruff", "print(Money.new(100).spend(30))").unwrap();
    let out: Arc<Mutex<String>> = Arc::default();
    let shelf = Arc::clone(&out);
    let settings = Settings {
        output: Some(Box::new(move |_, text| {
            shelf.lock().unwrap().push_str(text);
            Ok(())
        })),
        ..Settings::default()
    };
    Vm::new(&module, settings).run().unwrap();
    assert_eq!(*out.lock().unwrap(), "spent 3070\n");
}

#[test]
fn elements_order_and_text_come_from_functions() {
    let grid = "g := Grid.new(2, 2); g[1] := 5; g[2] += 1.5\n";
    assert_eq!(
        shown(&format!("{grid}[g[1], g[2], g[7], len(g), g.width, str(g)]")),
        "[5, 1.5, null, 4, 2, Grid of 4]"
    );
    assert_eq!(shown(&format!("{grid}[...g]")), "[0, 5, 1.5, 0]");
    assert_eq!(shown(&format!("{grid}g(1, 0)")), "5");
    assert_eq!(
        shown("[Grid.new(1, 4) == Grid.new(2, 2), Grid.new(1, 4) > Grid.new(2, 1)]"),
        "[true, true]"
    );
    assert_eq!(shown("[same(token(), Grid.new(1, 1)), type(token())]"), "[1, Token]");
    assert_eq!(code("g := Grid.new(1, 1); g[3] := 1"), Code::R0026);
    assert_eq!(code("Grid.new(-1, 1)"), Code::R0004);
}

#[test]
fn a_function_in_a_field_is_called() {
    assert_eq!(
        shown("b := Button.new(); b.pressed := (x) => x * 2; [b.pressed(4), b.pressed(x: 5)]"),
        "[8, 10]"
    );
    assert_eq!(
        shown(
            "func f() { b := Button.new(); d := {\"b\": b}; b.pressed := (x) => x + 1; return [b.action(1), d.b.action(2), b.count()] }\nf()"
        ),
        "[2, 3, 2]",
        "each call asks once"
    );
    assert_eq!(code("b := Button.new(); b.pressed(1)"), Code::R0005);
    assert_eq!(code("b := Button.new(); b.presed(1)"), Code::R0010);
    assert_eq!(code("b := Button.new(); b.pressed := (x) => x; b.pressed()"), Code::R0006);
}

#[test]
fn operators_have_a_right_hand() {
    assert_eq!(shown("2 * Money.new(150)"), "3.00 EUR");
    assert_eq!(shown("mut n := 2; n *= Money.new(150); n"), "3.00 EUR");
    assert_eq!(code("2 + Money.new(150)"), Code::R0002);
    assert_eq!(code("\"a\" * Money.new(150)"), Code::R0004);
    assert_eq!(code("mut s := \"a\"; s += Money.new(150)"), Code::R0002);
}

#[test]
fn a_type_may_be_in_a_module() {
    assert_eq!(shown("a := bank.Account.of(\"Ann\"); [a.owner, type(a)]"), "[Ann, Account]");
    assert_eq!(
        shown("f := bank.Account.of; bank.Account.renamed(f(\"Ann\"), \"Bob\").owner"),
        "Bob, once Ann"
    );
    assert_eq!(
        shown("bank := {\"Account\": {\"of\": (x) => \"own ${x}\"}}; bank.Account.of(1)"),
        "own 1",
        "a variable comes first"
    );
    assert!(engine().compile("a.ruff", "bank.Account.off(1)").is_err());
    assert!(engine().compile("a.ruff", "Account.of(1)").is_err());
    assert!(engine().compile("a.ruff", "bank.Acount.of(1)").is_err());
    assert_eq!(code("bank.Account.of(1)"), Code::R0004);
}

#[test]
fn methods_are_waited_for() {
    let text = "func f() { m := Money.new(100); return [m.posted(30).cents, Money.posted(m, 1).cents, map([m], (it) => it.posted(2))[0].cents] }\n\
        func g() { try { Money.new(1).posted(9223372036854775807).posted(9) } except e { return e.code } }\n\
        func h() { m := Money.new(9); t := spawn { m.cents := 7 }; p := m.posted(0); await t; return p.cents }";
    let module = engine().compile("posted.ruff", text).unwrap();
    let mut vm = Vm::new(&module, Settings::default());
    vm.run().unwrap();
    let f: Vec<i64> = crate::executor::block_on(vm.call_async_as("f", ())).unwrap();
    assert_eq!(f, [70, 99, 98]);
    let g: String = crate::executor::block_on(vm.call_async_as("g", ())).unwrap();
    assert_eq!(g, "R0026");
    let h: i64 = crate::executor::block_on(vm.call_async_as("h", ())).unwrap();
    assert_eq!(h, 9);
    assert_eq!(vm.call("f", ()).unwrap_err().code(), Code::R0026, "nobody waits");
    assert_eq!(vm.call_as::<i64>("f", ()).unwrap_err().code(), Code::R0026);
}

#[test]
fn async_functions_of_a_type_are_waited_for() {
    let text = "func f() { return Money.fetched(7, Money.new(1, \"USD\")) }";
    let module = engine().compile("async.ruff", text).unwrap();
    let mut vm = Vm::new(&module, Settings::default());
    vm.run().unwrap();
    let value = crate::executor::block_on(vm.call_async("f", ())).unwrap();
    let Value::Other(handle) = value else { panic!("an object: {value:?}") };
    assert_eq!(handle.kind(), "Money");
    assert_eq!(vm.view(&handle).unwrap().display().unwrap(), "0.07 USD");
    let kept: Result<Shared<Amount>, Error> = vm.call_as("f", ());
    assert!(kept.is_err(), "without an executor nobody waits");
}
