//! What is to be found out about probes: text and bytes of strangers are refused, or run within the cost that was foretold.

use std::cell::Cell;
use std::sync::{Arc, LazyLock};

use remora_diagnostics::Code;
use remora_probe::{
    Answer, Budget, Compiled, Dispatcher, Fault, Host, Program, Request, Run, Shape, Value,
    Variable, hogtrace,
};

use crate::generate::Random;
use crate::judge::Verdict;

/// Programs of the corpus.
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let files = [
        include_str!("../../../conformance/probes/operators.probes"),
        include_str!("../../../conformance/probes/captures.probes"),
        include_str!("../../../conformance/probes/requests.probes"),
        include_str!("../../../conformance/probes/aggregates.probes"),
        include_str!("../../../conformance/probes/errors.probes"),
    ];
    let cases = files.iter().flat_map(|it| it.split("=== "));
    let texts = cases.filter_map(|it| it.split("\n--- ").next()?.split_once('\n'));
    texts.map(|it| it.1.to_owned()).collect()
});

/// Text is refused with places in the text, or becomes a program that its bytes give again, and that runs.
///
/// # Panics
/// If a promise is broken.
#[must_use]
pub fn probe(data: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(data);
    match Program::compile(&text, &Budget::default()) {
        Ok(program) => {
            let bytes = program.to_bytes();
            let again = Program::from_bytes(&bytes, &Budget::default());
            assert_eq!(again.map(|it| it.to_bytes()), Ok(bytes), "its bytes give another program");
            run(&program, data)
        }
        Err(found) => {
            let stands = |at: remora_diagnostics::Span| text.get(at.range()).is_some();
            assert!(found.iter().all(|it| it.span().is_some_and(stands)), "a place is outside");
            Verdict::Refused(found.first().map_or(Code::P0001, |it| it.code))
        }
    }
}

/// Bytes are refused, or are a program of HogTrace that is written as it was read, and that runs.
///
/// # Panics
/// If a promise is broken.
#[must_use]
pub fn hogtrace(data: &[u8]) -> Verdict {
    let program = match hogtrace::read(data, &Budget::default()) {
        Ok(program) => program,
        Err(error) => return Verdict::Refused(error.code),
    };
    if let Ok(bytes) = hogtrace::write(&program) {
        let again = hogtrace::read(&bytes, &Budget::default());
        let again = again.map(|it| hogtrace::write(&it));
        assert_eq!(again, Ok(Ok(bytes)), "it is read otherwise than it was written");
    }
    run(&program, data)
}

/// A text of the corpus with a few characters changed.
pub(crate) fn some_text(seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut text = TEXTS[random.below(TEXTS.len())].clone().into_bytes();
    for _ in 0..random.below(4) {
        if text.is_empty() {
            break;
        }
        let at = random.below(text.len());
        let other = TEXTS[random.below(TEXTS.len())].as_bytes();
        match random.below(3) {
            0 => text[at] = u8::try_from(random.below(128)).unwrap_or(0),
            1 => drop(text.splice(at..at, other.iter().copied().take(random.below(20)))),
            _ => text.truncate(at),
        }
    }
    text
}

/// The bytes of a program of HogTrace with a few of them changed.
pub(crate) fn some_program(seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let text = &TEXTS[random.below(TEXTS.len())];
    let program = Program::compile(text, &Budget::default()).ok();
    let mut bytes = program.and_then(|it| hogtrace::write(&it).ok()).unwrap_or_default();
    for _ in 0..random.below(4) {
        if !bytes.is_empty() {
            let at = random.below(bytes.len());
            bytes[at] = u8::try_from(random.below(256)).unwrap_or(0);
        }
    }
    bytes
}

fn run(program: &Program, data: &[u8]) -> Verdict {
    let compiled = match Compiled::<Bytes>::new(program) {
        Ok(compiled) => compiled,
        Err(error) => return Verdict::Refused(error.code),
    };
    let mut run = Run::<Bytes>::new(BytesHit { data, at: Cell::new(0) }, Request::new());
    for (nth, probe) in program.probes().iter().enumerate() {
        compiled.hit(nth, &mut run);
        let spent = run.take_spent();
        assert!(spent.is_within(&probe.cost), "{spent:?} is more than {}", probe.cost);
        drop(run.take_records());
    }
    Verdict::Ran
}

/// A host whose answers are the input's own bytes.
struct Bytes;

impl Host for Bytes {
    type Object = u8;
    type Dispatcher<'h> = BytesHit<'h>;
}

struct BytesHit<'h> {
    data: &'h [u8],
    at: Cell<usize>,
}

impl BytesHit<'_> {
    fn next(&self) -> u8 {
        let at = self.at.get();
        self.at.set(at.wrapping_add(1));
        self.data.get(at % self.data.len().max(1)).copied().unwrap_or(0)
    }

    fn answer(&self) -> Answer<u8> {
        let byte = self.next();
        match byte % 8 {
            0 => Err(Fault::host("no")),
            1 => Ok(Value::None),
            2 => Ok(Value::Bool(byte > 99)),
            3 => Ok(Value::Int(i64::from(byte))),
            4 => Ok(Value::Float(f64::from(byte))),
            _ => Ok(Value::Object(byte)),
        }
    }
}

impl Dispatcher for BytesHit<'_> {
    type Object = u8;

    fn variable(&mut self, _: &Variable) -> Answer<u8> {
        self.answer()
    }

    fn attribute(&mut self, _: &u8, _: &str) -> Answer<u8> {
        self.answer()
    }

    fn item(&mut self, _: &u8, _: &Value<u8>) -> Answer<u8> {
        self.answer()
    }

    fn shape<'a>(&'a self, _: &'a u8) -> Result<Shape<'a>, Fault> {
        Ok(match self.next() % 4 {
            0 => Shape::List(usize::from(self.next())),
            1 => Shape::Map(usize::from(self.next())),
            2 => Shape::Opaque("object"),
            _ => Shape::Text("a text"),
        })
    }

    fn element(&mut self, _: &u8, _: usize) -> Answer<u8> {
        self.answer()
    }

    fn entry(&mut self, _: &u8, _: usize) -> Result<(Arc<str>, Value<u8>), Fault> {
        Ok(("key".into(), self.answer()?))
    }
}
