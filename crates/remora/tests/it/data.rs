//! Plain data in and out by serde, and errors as JSON.

use std::collections::BTreeMap;

use remora::{Engine, Error, Serde, Settings, Value, Vm, from_value, to_value};
use remora_diagnostics::Code;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, PartialEq, Clone, Debug)]
enum Shape {
    Empty,
    Circle(f64),
    Line(i64, i64),
    Rect { w: u8, h: Option<u8> },
    Group(Vec<Shape>),
    Named(BTreeMap<String, Shape>),
}

#[derive(Serialize, Deserialize, PartialEq, Clone, Debug)]
struct Everything {
    yes: bool,
    small: i8,
    large: u64,
    float: f64,
    single: f32,
    char: char,
    text: String,
    nothing: (),
    maybe: Option<i64>,
    pair: (i64, String),
    by_int: BTreeMap<i64, Vec<String>>,
    by_bool: BTreeMap<bool, u16>,
    wrapped: Wrapped,
    unit: Unit,
    shapes: Vec<Shape>,
    #[serde(with = "bytes")]
    bytes: Vec<u8>,
}

#[derive(Serialize, Deserialize, PartialEq, Clone, Debug)]
struct Wrapped(Vec<i64>);

#[derive(Serialize, Deserialize, PartialEq, Clone, Debug)]
struct Unit;

/// Bytes as bytes, as `serde_bytes` has them.
mod bytes {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        // As a sequence; the values are asked for bytes elsewhere.
        Vec::deserialize(from)
    }
}

/// Numbers that nobody would think of, the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 ^ (self.0 >> 29)
    }

    fn below(&mut self, n: u64) -> u64 {
        (self.roll() >> 8) % n
    }

    fn some<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(4)).map(|_| make(self)).collect()
    }

    fn text(&mut self) -> String {
        let chars = ['a', 'é', '"', '\0', '\n', '😀', ' '];
        self.some(|dice| chars[usize::try_from(dice.below(7)).unwrap_or(0)]).into_iter().collect()
    }

    fn float(&mut self) -> f64 {
        match self.below(5) {
            0 => f64::INFINITY,
            1 => f64::NEG_INFINITY,
            2 => -0.0,
            3 => f64::from_bits(self.roll() >> 12),
            _ => self.below(1000) as f64 / 8.0,
        }
    }

    fn int(&mut self) -> i64 {
        match self.below(4) {
            0 => i64::MIN,
            1 => i64::MAX,
            _ => self.roll().cast_signed() >> self.below(60),
        }
    }

    fn shape(&mut self, depth: usize) -> Shape {
        match self.below(if depth == 0 { 4 } else { 6 }) {
            0 => Shape::Empty,
            1 => Shape::Circle(self.float()),
            2 => Shape::Line(self.int(), self.int()),
            3 => Shape::Rect { w: 7, h: (self.below(2) == 0).then_some(3) },
            4 => Shape::Group(self.some(|dice| dice.shape(depth - 1))),
            _ => Shape::Named(
                self.some(|dice| (dice.text(), dice.shape(depth - 1))).into_iter().collect(),
            ),
        }
    }

    fn everything(&mut self) -> Everything {
        Everything {
            yes: self.below(2) == 0,
            small: -5,
            large: self.roll() >> 1,
            float: self.float(),
            single: 0.1,
            char: '\u{1F600}',
            text: self.text(),
            nothing: (),
            maybe: (self.below(2) == 0).then(|| self.int()),
            pair: (self.int(), self.text()),
            by_int: self.some(|dice| (dice.int(), dice.some(Self::text))).into_iter().collect(),
            by_bool: BTreeMap::from([(true, 1), (false, 0)]),
            wrapped: Wrapped(self.some(Self::int)),
            unit: Unit,
            shapes: self.some(|dice| dice.shape(4)),
            bytes: self.some(|dice| u8::try_from(dice.below(256)).unwrap_or(0)),
        }
    }
}

fn vm(text: &str) -> Vm {
    let module = Engine::new().compile("data.ruff", text).expect("it compiles");
    let mut vm = Vm::new(&module, Settings::default());
    vm.run().expect("it runs");
    vm
}

/// What a function `f` without parameters gives, as data.
fn data<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    vm(text).call_as::<Serde<T>>("f", ()).map(|it| it.0)
}

#[test]
fn data_comes_out_as_it_went_in() {
    let mut vm = vm("func same(x) { return x }");
    let mut dice = Dice(7);
    vm.call("same", (1,)).unwrap();
    let objects = vm.live_objects();
    for turn in 0..300 {
        let before = dice.everything();
        let value = to_value(&before).unwrap();
        assert_eq!(from_value::<Everything>(&mut vm, &value).unwrap(), before, "turn {turn}");
        let Serde(through): Serde<Everything> = vm.call_as("same", (Serde(&before),)).unwrap();
        assert_eq!(through, before, "turn {turn}");
        let plain: Value = vm.call("same", (value.clone(),)).unwrap();
        assert_eq!(plain, value, "turn {turn}");
        let shape = dice.shape(6);
        assert_eq!(from_value::<Shape>(&mut vm, &to_value(&shape).unwrap()).unwrap(), shape);
    }
    assert_eq!(vm.call_as::<i64>("same", (1,)).unwrap(), 1);
    assert_eq!(vm.live_objects(), objects, "nothing is held");
}

#[test]
fn data_looks_as_the_table_says() {
    let shown = |value: &Value| vm("").display(value).unwrap();
    let rect = Shape::Rect { w: 1, h: None };
    assert_eq!(shown(&to_value(&rect).unwrap()), "{\"Rect\": {\"h\": null, \"w\": 1}}");
    assert_eq!(shown(&to_value(&Shape::Empty).unwrap()), "Empty");
    assert_eq!(shown(&to_value(&Shape::Line(1, 2)).unwrap()), "{\"Line\": [1, 2]}");
    assert_eq!(to_value(&f64::NAN).unwrap().kind(), "float");
    assert_eq!(to_value(&Some(())).unwrap(), Value::Null);
}

#[test]
fn values_of_scripts_are_data() {
    let text = "struct P { x: int, tags: array }\n\
        enum Shape { Empty, Circle(r), Line(a, b), Rect { w, h } }\n";
    assert_eq!(
        data::<BTreeMap<String, Value>>(&format!(
            "{text}func f() {{ return P {{ x: 1, tags: [] }} }}"
        ))
        .unwrap()["x"],
        Value::Int(1)
    );
    let shapes = "func f() { return [Shape::Empty, Shape::Circle(1.5), Shape::Line(1, 2), Shape::Rect { w: 3, h: null }] }";
    assert_eq!(
        data::<Vec<Shape>>(&format!("{text}{shapes}")).unwrap(),
        [Shape::Empty, Shape::Circle(1.5), Shape::Line(1, 2), Shape::Rect { w: 3, h: None }]
    );
    assert_eq!(
        data::<Vec<Option<i64>>>("func f() { return [Some(1), None, null, 2] }").unwrap(),
        [Some(1), None, None, Some(2)]
    );
    assert_eq!(
        data::<Vec<Result<i64, String>>>("func f() { return [Ok(1), Err(\"no\")] }").unwrap(),
        [Ok(1), Err("no".to_owned())]
    );
    assert_eq!(data::<Vec<i64>>("func f() { return Set([1, 2]) }").unwrap(), [1, 2]);
    assert_eq!(
        data::<(u8, Vec<u8>)>("func f() { return [1, bytes([2, 3])] }").unwrap(),
        (1, vec![2, 3])
    );
}

#[test]
fn what_does_not_fit_says_so() {
    let error = |it: Error| (it.code(), it.message().to_owned());
    let (code, message) = error(data::<i64>("func f() { return \"x\" }").unwrap_err());
    assert_eq!(code, Code::R0004);
    assert!(message.contains("string \"x\", expected i64"), "{message}");
    assert_eq!(error(data::<u8>("func f() { return 256 }").unwrap_err()).0, Code::R0004);
    assert_eq!(error(data::<Value>("func f() { return (x) => x }").unwrap_err()).0, Code::R0004);
    assert_eq!(error(data::<Shape>("func f() { return \"Oval\" }").unwrap_err()).0, Code::R0004);
    assert_eq!(
        error(data::<Shape>("func f() { return {\"Circle\": 1, \"Line\": 2} }").unwrap_err()).0,
        Code::R0004
    );
    assert_eq!(
        error(to_value(&u64::MAX).unwrap_err()),
        (Code::R0020, "18446744073709551615 does not fit into an int".to_owned())
    );
    let odd_key = BTreeMap::from([(vec![1], 1)]);
    assert_eq!(error(to_value(&odd_key).unwrap_err()).0, Code::R0021);
}

#[test]
fn what_is_nested_too_deeply_is_refused() {
    let mut deep = Shape::Empty;
    for _ in 0..30_000 {
        deep = Shape::Group(vec![deep]);
    }
    let refused = to_value(&deep).unwrap_err();
    // Taken apart step by step: dropping it would recurse.
    while let Shape::Group(inside) = &mut deep {
        deep = inside.pop().unwrap_or(Shape::Empty);
    }
    assert_eq!(refused.code(), Code::R0020);
    let text = "func f() { mut x := []; for i in 0..10000 { x := [x] }; return x }";
    assert_eq!(data::<Shape>(text).unwrap_err().code(), Code::R0004);
    assert!(data::<serde_json::Value>(text).unwrap_err().message().contains("64 deep"));
}

#[test]
fn values_are_data_themselves() {
    let text = "{\"a\":[1,2.5,null,true,\"x\"],\"b\":{}}";
    let value: Value = serde_json::from_str(text).unwrap();
    assert_eq!(value.field("a").map(Value::kind), Some("array"));
    assert_eq!(serde_json::to_string(&value).unwrap(), text);
    let mut vm = vm("func f() { return (x) => x }");
    let handle = vm.call("f", ()).unwrap();
    assert!(
        serde_json::to_string(&handle).unwrap_err().to_string().contains("function is no data")
    );
}

#[test]
fn errors_are_json() {
    let engine = Engine::builder().function("parse", |text: &str| text.parse::<i64>()).build();
    let text = "func inner() { return parse(\"\\\"x\\n\") }\nfunc f() { x := inner(); return x }";
    let module = engine.compile("dir/a.ruff", text).unwrap();
    let mut vm = Vm::new(&module, Settings::default());
    vm.run().unwrap();
    let error = vm.call("f", ()).unwrap_err();
    let json = error.to_json();
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(read["kind"], "host");
    assert_eq!(read["code"], "R0026");
    assert_eq!(read["sources"][0], "invalid digit found in string");
    assert_eq!(read["frames"][0]["function"], "inner");
    assert_eq!(read["frames"][0]["file"], "dir/a.ruff");
    assert_eq!((&read["frames"][0]["line"], &read["frames"][0]["column"]), (&1.into(), &23.into()));
    let start = usize::try_from(read["frames"][0]["start"].as_u64().unwrap()).unwrap();
    assert!(text[start..].starts_with("parse("));
    assert_eq!(read["frames"].as_array().map(Vec::len), Some(2));
    assert_eq!(serde_json::to_value(&error).unwrap(), read, "serde says the same");
    let module = engine.compile("a.ruff", "throw(\"\\\"x\\\" \\n \\u{1} é\")").unwrap();
    let error = Vm::new(&module, Settings::default()).run().unwrap_err();
    let read: serde_json::Value = serde_json::from_str(&error.to_json()).unwrap();
    assert_eq!(read["message"], "\"x\" \n \u{1} é");
    assert_eq!(serde_json::to_value(&error).unwrap(), read);
}
