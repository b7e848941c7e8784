//! Random expressions over the variables and functions of a scope.

use super::Random;
use super::program::Type;

/// What a generated program can see at a place.
#[derive(Clone, Default)]
pub(super) struct Scope {
    variables: Vec<(String, Type)>,
    functions: Vec<(String, [Type; 2], Type)>,
}

impl Scope {
    pub(super) fn declare(&mut self, name: &str, ty: Type) {
        self.variables.push((name.to_owned(), ty));
    }

    pub(super) fn declare_function(&mut self, name: &str, params: [Type; 2], result: Type) {
        self.functions.push((name.to_owned(), params, result));
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.variables.iter().map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn variable(&self, random: &mut Random, ty: Type) -> Option<String> {
        let fitting: Vec<_> = self.variables.iter().filter(|(_, it)| *it == ty).collect();
        random.pick(&fitting).map(|(name, _)| name.clone())
    }

    /// An expression that has the type, but for one in 250, which has any.
    pub(super) fn expression(&self, random: &mut Random, ty: Type, depth: usize) -> String {
        let ty = if random.below(250) == 0 { Type::ALL[random.below(Type::ALL.len())] } else { ty };
        if random.chance(35)
            && let Some(name) = self.variable(random, ty)
        {
            return name;
        }
        if depth == 0 {
            return literal(random, ty);
        }
        let depth = depth - 1;
        if random.chance(10)
            && let Some(call) = self.call(random, ty, depth)
        {
            return call;
        }
        match ty {
            Type::Int => self.int(random, depth),
            Type::Float => self.float(random, depth),
            Type::Bool => self.truth(random, depth),
            Type::Text => self.text(random, depth),
            Type::Ints => self.ints(random, depth),
            Type::Dict => self.dict(random, depth),
            Type::Point => self.point(random, depth),
            Type::Result => self.result(random, depth),
        }
    }

    fn call(&self, random: &mut Random, ty: Type, depth: usize) -> Option<String> {
        let fitting: Vec<_> = self.functions.iter().filter(|(_, _, it)| *it == ty).collect();
        let (name, params, _) = random.pick(&fitting)?;
        let first = self.expression(random, params[0], depth);
        let second = self.expression(random, params[1], depth);
        Some(match random.below(4) {
            0 => format!("{name}(b: {second}, a: {first})"),
            1 => format!("{name}(...[{first}, {second}])"),
            2 => format!("({first} |> {name}({second}))"),
            _ => format!("{name}({first}, {second})"),
        })
    }

    fn int(&self, random: &mut Random, depth: usize) -> String {
        let mut of = |ty| self.expression(random, ty, depth);
        let (a, b) = (of(Type::Int), of(Type::Int));
        match random.below(14) {
            0..=5 => format!("({a} {} {b})", ["+", "-", "*", "/", "%", "+"][random.below(6)]),
            6 => format!("-{a}"),
            7 => format!("len({})", self.expression(random, Type::Ints, depth)),
            8 => format!("{}[{}]", self.expression(random, Type::Ints, depth), random.below(3)),
            9 => format!(
                "{}.{}",
                self.expression(random, Type::Point, depth),
                ["x", "y"][random.below(2)]
            ),
            10 => format!("{}.sum()", self.expression(random, Type::Point, depth)),
            11 => format!("unwrap_or({}, {a})", self.expression(random, Type::Result, depth)),
            12 => format!(
                "(if {} {{ ({a}) }} else {{ ({b}) }})",
                self.expression(random, Type::Bool, depth)
            ),
            _ => format!(
                "area(Shape::{})",
                [format!("Circle({a})"), format!("Rect {{ w: {a}, h: {b} }}"), "Empty".into()]
                    [random.below(3)]
            ),
        }
    }

    fn float(&self, random: &mut Random, depth: usize) -> String {
        let (a, b) = (
            self.expression(random, Type::Float, depth),
            self.expression(random, Type::Int, depth),
        );
        match random.below(4) {
            0 => format!("({a} * {b})"),
            1 => format!("({a} - {b})"),
            2 => format!("to_float({b})"),
            _ => format!("({b} / 2.0 + {a})"),
        }
    }

    fn truth(&self, random: &mut Random, depth: usize) -> String {
        let op = ["==", "!=", "<", "<=", ">", ">="][random.below(6)];
        let mut of = |ty| self.expression(random, ty, depth);
        let (a, b, c, d) = (of(Type::Int), of(Type::Int), of(Type::Bool), of(Type::Bool));
        let (e, f) = (of(Type::Text), of(Type::Text));
        match random.below(6) {
            0 | 1 => format!("({a} {op} {b})"),
            2 => format!("({c} && {d})"),
            3 => format!("({c} || {d})"),
            4 => format!("({e} {op} {f})"),
            _ => format!("!{c}"),
        }
    }

    fn text(&self, random: &mut Random, depth: usize) -> String {
        let ty = Type::ALL[random.below(Type::ALL.len())];
        let (a, b) =
            (self.expression(random, Type::Text, depth), self.expression(random, ty, depth));
        match random.below(5) {
            0 | 1 => format!("({a} + to_string({b}))"),
            2 => format!("upper({a})"),
            3 => {
                // A quote inside an interpolation is allowed; an assignment of the text first keeps samples readable.
                format!("\"<${{{b}}}>\"")
            }
            _ => format!("type({b})"),
        }
    }

    fn ints(&self, random: &mut Random, depth: usize) -> String {
        let a = self.expression(random, Type::Ints, depth);
        let (b, c) =
            (self.expression(random, Type::Int, depth), self.expression(random, Type::Int, depth));
        match random.below(7) {
            0 => format!("[...{a}, {b}]"),
            1 => format!("map({a}, (x) => x + {b})"),
            2 => format!("{a}.filter(func(x) {{ return x > {b} }})"),
            3 => format!("push({a}, {b})"),
            4 => format!("sort({a})"),
            5 => format!("reverse({a})"),
            _ => format!("[{b}, {c}]"),
        }
    }

    fn dict(&self, random: &mut Random, depth: usize) -> String {
        let (a, b) =
            (self.expression(random, Type::Dict, depth), self.expression(random, Type::Int, depth));
        match random.below(3) {
            0 => format!("{{...{a}, \"a\": {b}}}"),
            1 => format!("merge({a}, {{\"c\": {b}}})"),
            _ => format!("{{\"a\": {b}, \"b\": {}}}", self.expression(random, Type::Text, depth)),
        }
    }

    fn point(&self, random: &mut Random, depth: usize) -> String {
        let (a, b) =
            (self.expression(random, Type::Int, depth), self.expression(random, Type::Int, depth));
        match random.below(3) {
            0 => format!("Point {{ x: {a} }}"),
            1 => format!("{}.swapped()", self.expression(random, Type::Point, depth)),
            _ => format!("Point {{ y: {b}, x: {a} }}"),
        }
    }

    fn result(&self, random: &mut Random, depth: usize) -> String {
        let a = self.expression(random, Type::Int, depth);
        match random.below(4) {
            0 => format!("Err({a})"),
            1 => format!("Some({a})"),
            2 => "None".to_owned(),
            _ => format!("Ok({a})"),
        }
    }
}

fn literal(random: &mut Random, ty: Type) -> String {
    let n = random.below(10);
    match ty {
        Type::Int if random.chance(3) => "9223372036854775807".to_owned(),
        Type::Int if random.chance(20) => format!("-{n}"),
        Type::Int => n.to_string(),
        Type::Float => format!("{n}.{}", random.below(100)),
        Type::Bool => ["true", "false"][random.below(2)].to_owned(),
        Type::Text => format!("\"{}\"", ["", "a", "é→", "bc", "0", "long text"][random.below(6)]),
        Type::Ints => ["[]", "[1]", "[3, 1, 2]", "[5, 5]"][random.below(4)].to_owned(),
        Type::Dict => ["{}", "{\"a\": 1}", "{\"b\": 2, \"a\": \"x\"}"][random.below(3)].to_owned(),
        Type::Point => format!("Point {{ x: {n} }}"),
        Type::Result => [format!("Ok({n})"), "None".to_owned(), "Err(\"no\")".to_owned()]
            [random.below(3)]
        .clone(),
    }
}
