//! Random probes at a host that fails, lies and panics: a run never costs more than was foretold, and nothing gets out.
//!
//! `REMORA_PROBES=1000000` runs that many instead of 20000.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use remora_probe::{
    Answer, Budget, Compiled, Dispatcher, Fault, Host, Program, Request, Rules, Run, Shape, Tables,
    Value, Variable, hogtrace,
};

/// A small random generator (xorshift64*), so that a failure is found again by its seed.
#[derive(Clone)]
pub(crate) struct Random(Cell<u64>);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Cell::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1))
    }

    fn next(&self) -> u64 {
        let mut state = self.0.get();
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        self.0.set(state);
        state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&self, n: u64) -> u64 {
        self.next() % n
    }

    fn pick<'a>(&self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }
}

/// The text of a random program.
pub(crate) fn program(random: &Random) -> String {
    let mut out = String::new();
    if random.below(4) == 0 {
        out.push_str("sample 50%;\n");
    }
    for _ in 0..=random.below(3) {
        let exit = random.below(2) == 0;
        out.push_str(if exit { "fn:app.*:exit " } else { "fn:app.f:entry " });
        if random.below(2) == 0 {
            out.push_str(&format!("/ {} / ", expression(random, 0, exit)));
        }
        out.push_str("{\n");
        for _ in 0..random.below(5) {
            out.push_str(&statement(random, exit));
        }
        out.push_str("}\n");
    }
    out
}

fn statement(random: &Random, exit: bool) -> String {
    let e = || expression(random, 0, exit);
    match random.below(8) {
        0 | 1 => format!("capture({}, {});\n", e(), e()),
        2 => format!("capture(a={}, b={});\n", e(), e()),
        3 | 4 => format!("$req.{} = {};\n", random.pick(&["a", "b", "password"]), e()),
        5 => format!("@t[{}] = count();\n", e()),
        6 => format!("@q[{}, {}] = lquantize({}, 0, {}, 10);\n", e(), e(), e(), e()),
        _ => format!(
            "@{} = {}({});\n",
            random.pick(&["s", "t"]),
            random.pick(&["sum", "avg", "min", "max", "quantize"]),
            e()
        ),
    }
}

fn expression(random: &Random, depth: u32, exit: bool) -> String {
    let e = || expression(random, depth + 1, exit);
    if depth > 4 || random.below(3) == 0 {
        return match random.below(6) {
            0 => random
                .pick(&[
                    "0",
                    "1",
                    "-1",
                    "2.5",
                    "1e300",
                    "9223372036854775807",
                    "-9223372036854775808",
                ])
                .to_owned(),
            1 => {
                random.pick(&["\"\"", "\"abc\"", "'Bearer x'", "True", "None", "False"]).to_owned()
            }
            2 if exit => random.pick(&["retval", "exception", "elapsed()"]).to_owned(),
            3 => random
                .pick(&["$req.a", "$request.b", "$req", "timestamp()", "rand()", "stack(3)"])
                .to_owned(),
            _ => random
                .pick(&[
                    "arg0", "arg1", "args", "kwargs", "self", "locals", "globals", "x", "password",
                ])
                .to_owned(),
        };
    }
    match random.below(10) {
        0 => format!("({}).{}", e(), random.pick(&["a", "name", "token"])),
        1 => format!("({})[{}]", e(), e()),
        2 => format!("({})[{}:]", e(), e()),
        3 => format!("!({})", e()),
        4 => format!("-({})", e()),
        5 => format!("{}({})", random.pick(&["len", "str", "int", "float", "lower", "upper"]), e()),
        6 => {
            format!("{}({}, {})", random.pick(&["contains", "starts_with", "ends_with"]), e(), e())
        }
        _ => {
            let op = random.pick(&[
                "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "+",
            ]);
            format!("({} {op} {})", e(), e())
        }
    }
}

/// A host that answers at random: errors, other types than before, sizes that are not true, panics.
struct Liar;

impl Host for Liar {
    type Object = u64;
    type Dispatcher<'h> = LiarHit<'h>;
}

struct LiarHit<'h> {
    random: &'h Random,
    text: &'h str,
    asked: &'h Cell<u64>,
}

impl LiarHit<'_> {
    fn answer(&self) -> Answer<u64> {
        self.asked.set(self.asked.get() + 1);
        Ok(match self.random.below(40) {
            0 => resume_unwind(Box::new("the host panics")),
            1 => return Err(Fault::host("the host fails")),
            2 => Value::None,
            3 | 4 => Value::Bool(true),
            5..=9 => Value::Int(self.random.next() as i64),
            10..=12 => Value::Float(f64::from_bits(self.random.next())),
            13 => Value::Float(f64::NAN),
            14 => Value::Request,
            15 => Value::Redacted,
            16 => Value::Failed("strange".into()),
            17 => Value::Text("a text of the host".into()),
            _ => Value::Object(self.random.next()),
        })
    }
}

impl Dispatcher for LiarHit<'_> {
    type Object = u64;

    fn variable(&mut self, _: &Variable) -> Answer<u64> {
        self.answer()
    }

    fn attribute(&mut self, _: &u64, _: &str) -> Answer<u64> {
        self.answer()
    }

    fn item(&mut self, _: &u64, _: &Value<u64>) -> Answer<u64> {
        self.answer()
    }

    fn shape<'a>(&'a self, _: &'a u64) -> Result<Shape<'a>, Fault> {
        self.asked.set(self.asked.get() + 1);
        Ok(match self.random.below(12) {
            0 => return Err(Fault::host("no shape")),
            1 => resume_unwind(Box::new("the host panics")),
            2 => Shape::List(usize::MAX),
            3 => Shape::Map(usize::MAX),
            4 => Shape::Opaque(self.text),
            5 | 6 => Shape::List(self.random.below(50) as usize),
            7 | 8 => Shape::Map(self.random.below(50) as usize),
            _ => Shape::Text(&self.text[..self.random.below(self.text.len() as u64) as usize]),
        })
    }

    fn element(&mut self, _: &u64, _: usize) -> Answer<u64> {
        self.answer()
    }

    fn entry(&mut self, _: &u64, _: usize) -> Result<(Arc<str>, Value<u64>), Fault> {
        let key = &self.text[..self.random.below(self.text.len() as u64) as usize];
        Ok((key.into(), self.answer()?))
    }

    fn equal(&mut self, _: &u64, _: &u64) -> Result<bool, Fault> {
        self.asked.set(self.asked.get() + 1);
        Ok(self.random.below(2) == 0)
    }

    fn elapsed(&mut self) -> Option<Duration> {
        (self.random.below(2) == 0).then(|| Duration::from_nanos(self.random.next()))
    }

    fn caller(&mut self, _: usize) -> Option<Arc<str>> {
        self.asked.set(self.asked.get() + 1);
        Some(self.text.into())
    }
}

/// Runs a program at the host; the cost of each probe is within what was foretold, as counted here and by the host.
fn run(program: &Program, random: &Random, text: &str, what: &str) {
    let Ok(compiled) = Compiled::<Liar>::new(program) else { return };
    let asked = Cell::new(0);
    let hit = LiarHit { random, text, asked: &asked };
    let mut run = Run::<Liar>::new(hit, Request::new());
    run.set_program(Arc::new(Rules::default()), Arc::new(Tables::new(10)));
    for (nth, probe) in program.probes().iter().enumerate() {
        asked.set(0);
        compiled.hit(nth, &mut run);
        let spent = run.take_spent();
        assert!(spent.is_within(&probe.cost), "{spent:?} is more than {}: {what}", probe.cost);
        assert!(
            asked.get() <= probe.cost.host_calls,
            "asked {}, {}: {what}",
            asked.get(),
            probe.cost
        );
        run.take_records();
    }
}

#[test]
fn random_probes_cost_no_more_than_foretold_and_harm_nothing() {
    let n = std::env::var("REMORA_PROBES").map_or(20_000, |it| it.parse().unwrap());
    let text = "naïve text ".repeat(600).replace('ï', "i");
    let budget = Budget::default();
    let (mut n_run, mut n_mutants) = (0, 0);
    for seed in 0..n {
        let random = Random::new(seed);
        let source = program(&random);
        let program = match Program::compile(&source, &budget) {
            Ok(program) => program,
            Err(found) => {
                let code = found[0].code.as_str();
                assert_eq!(code, "P0009", "{source}: {found:?}");
                continue;
            }
        };
        n_run += 1;
        run(&program, &random, &text, &source);
        let mut bytes = program.to_bytes();
        if let Ok(other) = hogtrace::write(&program) {
            bytes = if random.below(2) == 0 { other } else { bytes };
        }
        let is_hogtrace = hogtrace::read(&bytes, &budget).is_ok();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len() as u64) as usize;
            bytes[at] = random.next() as u8;
        }
        let mutant = if is_hogtrace {
            hogtrace::read(&bytes, &budget)
        } else {
            Program::from_bytes(&bytes, &budget)
        };
        if let Ok(mutant) = mutant {
            n_mutants += 1;
            run(&mutant, &random, &text, &source);
        }
    }
    println!("{n_run} of {n} probes ran, {n_mutants} mutants");
    assert!(n_run > n / 2 && n_mutants > n / 100, "{n_run} {n_mutants}");
}

#[test]
fn random_text_is_no_more_than_wrong() {
    let random = Random::new(7);
    let words = [
        "fn", ":", "app.f", "entry", "exit", "/", "{", "}", "(", ")", "capture", "$", "$req", ".",
        "@", "x", "=", "+", "1", "10s", "\"", "'", "${", "sample", "%", "interval", "begin", "[",
        "]", ";", ",", "#", "\n", "é", "&&", "!",
    ];
    for _ in 0..20_000 {
        let n = random.below(30);
        let text: Vec<&str> = (0..n).map(|_| random.pick(&words)).collect();
        let text = text.join(if random.below(2) == 0 { " " } else { "" });
        if let Err(found) = Program::compile(&text, &Budget::default()) {
            assert!(!found.is_empty());
            assert!(found.iter().all(|it| text.get(it.labels[0].span.range()).is_some()), "{text}");
        }
    }
}
