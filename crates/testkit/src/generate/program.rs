//! Random Ruff programs that always end: loops are bounded and functions call only those declared before them.
//!
//! Most are free of errors; some are wrong on purpose (an operand of another type, an index too large, a thrown value),
//! since engines must agree on errors as well. Programs print as they go, so that a difference shows where it begins.

use super::Random;
use super::expression::Scope;

/// Deepest nesting of blocks.
const MAX_BLOCKS: usize = 3;

/// What a generated value is; expressions are made to fit most of the time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Type {
    Int,
    Float,
    Bool,
    Text,
    Ints,
    Dict,
    Point,
    Result,
}

impl Type {
    pub(super) const ALL: [Self; 8] = [
        Self::Int,
        Self::Float,
        Self::Bool,
        Self::Text,
        Self::Ints,
        Self::Dict,
        Self::Point,
        Self::Result,
    ];
}

/// Makes the program of a seed. `size` is about its number of statements.
#[must_use]
pub fn program(seed: u64, size: usize) -> String {
    program_of(Random::new(seed), size)
}

/// Makes the program of a sequence of numbers.
#[must_use]
pub fn program_of(random: Random, size: usize) -> String {
    let mut maker = Maker { random, out: String::new(), depth: 0, n_names: 0 };
    maker.out.push_str(PREAMBLE);
    let mut scope = Scope::default();
    for nth in 0..maker.random.below(4) {
        maker.function(nth, &mut scope);
    }
    maker.statements(&mut scope, size, Place::Top);
    maker.print_all(&scope);
    maker.out
}

/// A struct with every kind of method, and an enum, for the rest of the program to use.
const PREAMBLE: &str = "\
struct Point {
    x, y = 1,
    func sum(self) { return self.x + self.y }
    func shift(mut self, by) { self.x += by return self.x }
    func swapped(self) { return Point { x: self.y, y: self.x } }
}
enum Shape { Circle(r), Rect { w, h }, Empty }
func area(s) {
    match s {
        case Shape::Circle(r) { return r * r * 3 }
        case Shape::Rect { w, h } { return w * h }
        default { return 0 }
    }
}
";

/// Where statements stand: what they may do there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    Function,
    Loop { in_function: bool },
}

impl Place {
    const fn in_function(self) -> bool {
        matches!(self, Self::Function | Self::Loop { in_function: true })
    }
}

struct Maker {
    random: Random,
    out: String,
    depth: usize,
    n_names: usize,
}

impl Maker {
    fn line(&mut self, text: &str) {
        for _ in 0..self.depth {
            self.out.push_str("    ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn fresh(&mut self) -> String {
        self.n_names += 1;
        format!("v{}", self.n_names)
    }

    fn some_type(&mut self) -> Type {
        Type::ALL[self.random.below(Type::ALL.len())]
    }

    fn function(&mut self, nth: usize, scope: &mut Scope) {
        let (first, second, result) = (self.some_type(), self.some_type(), self.some_type());
        let tail = if self.random.chance(30) { " = 7" } else { "" };
        let second = if tail.is_empty() { second } else { Type::Int };
        self.line(&format!("func f{nth}(a, b{tail}) {{"));
        self.depth += 1;
        let mut inner = scope.clone();
        inner.declare("a", first);
        inner.declare("b", second);
        let size = 1 + self.random.below(4);
        self.statements(&mut inner, size, Place::Function);
        let value = inner.expression(&mut self.random, result, 2);
        self.line(&format!("return {value}"));
        self.depth -= 1;
        self.line("}");
        scope.declare_function(&format!("f{nth}"), [first, second], result);
    }

    fn statements(&mut self, scope: &mut Scope, size: usize, place: Place) {
        for _ in 0..size {
            self.statement(scope, place);
        }
    }

    fn statement(&mut self, scope: &mut Scope, place: Place) {
        let nested = self.depth < MAX_BLOCKS;
        match self.random.below(20) {
            0..=3 => self.declare(scope),
            4..=6 => self.assign(scope),
            7 if nested => self.branch(scope, place),
            8 if nested => self.count(scope, place),
            9 if nested => self.each(scope, place),
            10 if nested => self.repeat_while(scope, place),
            11 if nested => self.attempt(scope, place),
            12 if nested => self.select(scope, place),
            13 => self.closure(scope),
            14 => self.change_in_place(scope),
            15 => self.take_apart(scope),
            16 => self.leave(scope, place),
            _ => self.print(scope),
        }
    }

    fn print(&mut self, scope: &Scope) {
        let ty = self.some_type();
        let value = scope.expression(&mut self.random, ty, 3);
        self.guarded(&format!("print({value})"));
    }

    /// A statement whose errors mostly do not end the program, so that what follows is run as well.
    fn guarded(&mut self, statement: &str) {
        if self.random.chance(90) {
            let name = self.fresh();
            self.line(&format!("try {{ {statement} }} except {name} {{ print({name}.code, {name}.message, {name}.line, {name}.stack) }}"));
        } else {
            self.line(statement);
        }
    }

    fn print_all(&mut self, scope: &Scope) {
        for name in scope.names() {
            self.line(&format!("print(\"{name}\", {name})"));
        }
    }

    fn declare(&mut self, scope: &mut Scope) {
        let ty = self.some_type();
        let value = scope.expression(&mut self.random, ty, 3);
        let name = self.fresh();
        let word = if self.random.chance(50) { "mut " } else { "" };
        if self.random.chance(80) {
            let plain = scope.expression(&mut self.random, ty, 0);
            self.line(&format!("{word}{name} := {plain}"));
            self.guarded(&format!("{name} := {value}"));
        } else {
            self.line(&format!("{word}{name} := {value}"));
        }
        scope.declare(&name, ty);
    }

    fn assign(&mut self, scope: &Scope) {
        let ty = self.some_type();
        let Some(name) = scope.variable(&mut self.random, ty) else { return self.print(scope) };
        let line = match ty {
            Type::Int | Type::Float if self.random.chance(60) => {
                let op = ["+=", "-=", "*=", "/=", "%="][self.random.below(5)];
                format!("{name} {op} {}", scope.expression(&mut self.random, ty, 1))
            }
            Type::Text if self.random.chance(60) => {
                format!("{name} += {}", scope.expression(&mut self.random, ty, 1))
            }
            Type::Ints if self.random.chance(60) => {
                let index = scope.expression(&mut self.random, Type::Int, 1);
                let value = scope.expression(&mut self.random, Type::Int, 2);
                format!("if len({name}) > 0 {{ {name}[{index} % len({name})] := {value} }}")
            }
            Type::Dict if self.random.chance(60) => {
                let value = scope.expression(&mut self.random, Type::Int, 2);
                format!("{name}[\"{}\"] := {value}", ["a", "b", "c"][self.random.below(3)])
            }
            Type::Point if self.random.chance(60) => {
                let op = [":=", "+=", "*="][self.random.below(3)];
                format!(
                    "{name}.{} {op} {}",
                    ["x", "y"][self.random.below(2)],
                    scope.expression(&mut self.random, Type::Int, 2)
                )
            }
            _ => format!("{name} := {}", scope.expression(&mut self.random, ty, 3)),
        };
        // A text that is doubled in a loop would soon take all memory.
        let bounded = match ty {
            Type::Text => format!("{line} if len({name}) > 60 {{ {name} := \"long\" }}"),
            _ => line,
        };
        self.guarded(&bounded);
    }

    fn change_in_place(&mut self, scope: &Scope) {
        let argument = scope.expression(&mut self.random, Type::Int, 1);
        let ty = if self.random.chance(50) { Type::Ints } else { Type::Point };
        let Some(name) = scope.variable(&mut self.random, ty) else { return self.print(scope) };
        match ty {
            Type::Ints if self.random.chance(70) => {
                self.guarded(&format!("{name}.push({argument})"));
            }
            Type::Ints => self.guarded(&format!("{name} := push({name}, {argument})")),
            _ => self.guarded(&format!("print({name}.shift({argument}), {name})")),
        }
    }

    fn take_apart(&mut self, scope: &mut Scope) {
        let source = scope.expression(&mut self.random, Type::Ints, 1);
        let (first, rest) = (self.fresh(), self.fresh());
        self.line(&format!("[{first}, ...{rest}] := [{}, ...{source}]", self.n_names));
        scope.declare(&first, Type::Int);
        scope.declare(&rest, Type::Ints);
    }

    fn block(&mut self, scope: &Scope, place: Place) {
        self.depth += 1;
        let mut inner = scope.clone();
        let size = 1 + self.random.below(3);
        self.statements(&mut inner, size, place);
        self.depth -= 1;
    }

    fn branch(&mut self, scope: &Scope, place: Place) {
        let condition = scope.expression(&mut self.random, Type::Bool, 2);
        self.line(&format!("if {condition} {{"));
        self.block(scope, place);
        if self.random.chance(50) {
            self.line("} else {");
            self.block(scope, place);
        }
        self.line("}");
    }

    fn count(&mut self, scope: &Scope, place: Place) {
        let name = self.fresh();
        let range = match self.random.below(3) {
            0 => format!("range({})", self.random.below(5)),
            1 => format!("{}..{}", self.random.below(3), self.random.below(6)),
            _ => format!("1..={}", self.random.below(5)),
        };
        self.line(&format!("for {name} in {range} {{"));
        let mut inner = scope.clone();
        inner.declare(&name, Type::Int);
        self.block(&inner, Place::Loop { in_function: place.in_function() });
        self.line("}");
    }

    fn each(&mut self, scope: &Scope, place: Place) {
        let name = self.fresh();
        let ty = if self.random.chance(70) { Type::Ints } else { Type::Text };
        let items = scope.expression(&mut self.random, ty, 1);
        self.line(&format!("for {name} in {items} {{"));
        let mut inner = scope.clone();
        inner.declare(&name, if ty == Type::Ints { Type::Int } else { Type::Text });
        self.block(&inner, Place::Loop { in_function: place.in_function() });
        self.line("}");
    }

    fn repeat_while(&mut self, scope: &Scope, place: Place) {
        let name = self.fresh();
        let turns = 1 + self.random.below(4);
        self.line(&format!("mut {name} := 0"));
        self.line(&format!("while {name} < {turns} {{"));
        self.depth += 1;
        self.line(&format!("{name} += 1"));
        self.depth -= 1;
        // The counter is not offered to the body, which could set it back.
        self.block(scope, Place::Loop { in_function: place.in_function() });
        self.line("}");
    }

    fn attempt(&mut self, scope: &Scope, place: Place) {
        self.line("try {");
        self.block(scope, place);
        if self.random.chance(40) {
            let value = scope.expression(&mut self.random, Type::Text, 1);
            self.line(&format!("    throw({value})"));
        }
        let name = self.fresh();
        self.line(&format!("}} except {name} {{"));
        self.line(&format!("    print({name}.code, {name}.line)"));
        self.block(scope, place);
        self.line("}");
    }

    fn select(&mut self, scope: &Scope, place: Place) {
        match self.random.below(3) {
            0 => {
                let subject = scope.expression(&mut self.random, Type::Int, 2);
                let name = self.fresh();
                self.line(&format!("match {subject} {{"));
                self.line("    case 0 | 1 { print(\"low\") }");
                self.line("    case 2..9 { print(\"mid\") }");
                self.line(&format!("    case {name} if {name} < 0 {{ print(\"neg\", {name}) }}"));
            }
            1 => {
                let subject = scope.expression(&mut self.random, Type::Ints, 2);
                let (first, rest) = (self.fresh(), self.fresh());
                self.line(&format!("match {subject} {{"));
                self.line("    case [] { print(\"none\") }");
                self.line(&format!("    case [{first}] {{ print(\"one\", {first}) }}"));
                self.line(&format!(
                    "    case [{first}, _, ...{rest}] {{ print({first}, {rest}) }}"
                ));
            }
            _ => {
                let subject = scope.expression(&mut self.random, Type::Result, 2);
                let name = self.fresh();
                self.line(&format!("match {subject} {{"));
                self.line(&format!("    case Ok({name}) {{ print(\"ok\", {name}) }}"));
                self.line(&format!("    case Err({name}) {{ print(\"err\", {name}) }}"));
            }
        }
        self.line("    default {");
        self.depth += 1;
        self.block(scope, place);
        self.depth -= 1;
        self.line("    }");
        self.line("}");
    }

    fn closure(&mut self, scope: &mut Scope) {
        let (name, ty) = (self.fresh(), self.some_type());
        let Some(captured) = scope.variable(&mut self.random, Type::Int) else {
            return self.print(scope);
        };
        let value = scope.expression(&mut self.random, ty, 1);
        self.line(&format!(
            "{name} := func(k) {{ {captured} += k print({value}) return {captured} }}"
        ));
        self.guarded(&format!("print({name}(1), {name}(2), {captured})"));
    }

    fn leave(&mut self, scope: &Scope, place: Place) {
        let condition = scope.expression(&mut self.random, Type::Bool, 1);
        let ty = self.some_type();
        let word = match place {
            Place::Loop { .. } if self.random.chance(50) => "break".to_owned(),
            Place::Loop { .. } if self.random.chance(50) => "continue".to_owned(),
            _ if place.in_function() => {
                format!("return {}", scope.expression(&mut self.random, ty, 1))
            }
            _ => return self.print(scope),
        };
        self.line(&format!("if {condition} {{ {word} }}"));
    }
}
