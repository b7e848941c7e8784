//! Random programs that mostly compute in loops: what closures are made for. They always end.
//!
//! Now and then something in a loop is not for a closure: a call, another type, an index that is not there, a number that
//! does not fit. So loops are left and entered again at every kind of place, with all that they have done so far to be seen.

use super::Random;

/// Deepest nesting of loops and branches.
const MAX_BLOCKS: usize = 4;

/// The variables that statements read and write.
const INTS: [&str; 5] = ["i", "j", "k", "held", "shared"];
const FLOATS: [&str; 3] = ["f", "g", "h"];
const BOOLS: [&str; 2] = ["b", "c"];

/// Makes the program of a sequence of numbers.
#[must_use]
pub fn loops_of(random: Random) -> String {
    let mut maker = Maker { random, out: PREAMBLE.to_owned(), depth: 0, loops: 0, n_names: 0 };
    for nth in 0..2 {
        maker.line(&format!("func work{nth}(a, z, xs, fs, ps, p) {{"));
        maker.depth = 1;
        maker.line("mut i := a mut j := 1 mut k := 0 mut f := 0.5 mut g := z mut h := 2.0");
        maker.line("mut b := true mut c := a == 1 mut held := 3");
        if maker.random.chance(50) {
            // Then it is captured, and no register.
            maker.line("add := func() { held += 1 return held }");
        }
        if maker.random.chance(20) {
            // Then nothing else is done.
            let value = maker.int(3);
            maker.line(&format!("if a > 90 {{ return {value} }}"));
        }
        let n = 1 + maker.random.below(3);
        for _ in 0..n {
            maker.attempt();
        }
        maker.line("return [i, j, k, f, g, h, b, c, held, xs, fs, ps, p]");
        maker.depth = 0;
        maker.line("}");
        for args in ["2, 1.5", "0, 3", "\"s\", 0.25", "-7, -1.0", "9223372036854775800, 1.0"] {
            maker.line(&format!(
                "try {{ print(work{nth}({args}, [1, 2, 3, 4], [0.5, 2.0], [Point {{ x: 1, y: 2 }}, Point {{ x: 3, y: 4.5 }}], Point {{ x: 5, y: 6 }})) }} except e {{ print(e.code, e.message, e.line) }}"
            ));
            maker.line("print(shared)");
        }
    }
    maker.out
}

const PREAMBLE: &str = "\
struct Point { x, y }
mut shared := 1
func half(n) { return n / 2 }
func area(w, d) { let s := w * d return s * s - (w + d) * 3 + w % 7 }
";

struct Maker {
    random: Random,
    out: String,
    depth: usize,
    /// Loops that are open.
    loops: usize,
    n_names: usize,
}

impl Maker {
    fn line(&mut self, text: &str) {
        self.out.push_str(&"    ".repeat(self.depth));
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn fresh(&mut self) -> String {
        self.n_names += 1;
        format!("v{}", self.n_names)
    }

    fn one_of(&mut self, of: &[&'static str]) -> &'static str {
        of[self.random.below(of.len())]
    }

    /// A loop whose errors are seen with what has been done before them.
    fn attempt(&mut self) {
        let is_guarded = self.random.chance(70);
        if is_guarded {
            self.line("try {");
            self.depth += 1;
        }
        self.a_loop();
        if is_guarded {
            self.depth -= 1;
            self.line("} except e { print(e.code, e.message, e.line, i, j, k, f, g, h, b, c, held, xs, fs, ps, p) }");
        }
    }

    fn a_loop(&mut self) {
        let name = self.fresh();
        let head = match self.random.below(7) {
            0 => format!("for {name} in 0..{}", self.random.below(12)),
            1 => format!("for {name} in {}..={}", self.random.below(3), self.random.below(9)),
            2 => format!("for {name} in xs"),
            3 => format!("for {name} in {}", self.random.below(6)),
            4 => {
                format!("for {name} in {}", self.one_of(&["fs", "ps", "\"ab\"", "[1, 2.5, true]"]))
            }
            _ => {
                self.line(&format!("mut {name} := 0"));
                let n = 1 + self.random.below(12);
                let also = if self.random.chance(40) {
                    format!(" {} {}", self.one_of(&["&&", "||"]), self.truth(1))
                } else {
                    String::new()
                };
                if also.starts_with(" ||") {
                    format!("while {name} < {n} && (false{also})")
                } else {
                    format!("while {name} < {n}{also}")
                }
            }
        };
        self.line(&format!("{head} {{"));
        self.depth += 1;
        self.loops += 1;
        if head.starts_with("while") {
            self.line(&format!("{name} += 1"));
        } else if head.ends_with("in xs") || head.contains("..") {
            self.line(&format!("i := {name}"));
        }
        self.block();
        self.loops -= 1;
        self.depth -= 1;
        self.line("}");
    }

    fn block(&mut self) {
        for _ in 0..1 + self.random.below(5) {
            self.statement();
        }
    }

    fn statement(&mut self) {
        let nested = self.depth < MAX_BLOCKS;
        match self.random.below(30) {
            0..=6 => {
                let (to, op) = (self.one_of(&INTS), self.one_of(&[":=", "+=", "-=", ":=", "*="]));
                let value = self.int(3);
                self.line(&format!("{to} {op} {value}"));
            }
            7..=11 => {
                let (to, op) = (self.one_of(&FLOATS), self.one_of(&[":=", "+=", "*=", "/="]));
                let value = self.float(3);
                self.line(&format!("{to} {op} {value}"));
            }
            12 => {
                let (to, value) = (self.one_of(&BOOLS), self.truth(2));
                self.line(&format!("{to} := {value}"));
            }
            13 => {
                let (at, value) = (self.int(1), self.int(2));
                self.line(&format!("xs[{at} % len(xs)] := {value}"));
            }
            14 => {
                let value = self.float(2);
                let at = self.random.below(3);
                self.line(&format!("fs[{at}] := {value}"));
            }
            15 => {
                let value = self.int(1);
                let to = self.one_of(&["xs", "xs", "fs"]);
                self.line(&format!("if len({to}) < 40 {{ {to}.push({value}) }}"));
            }
            16 => {
                let value = self.int(2);
                let (field, op) = (self.one_of(&["x", "y"]), self.one_of(&[":=", "+="]));
                self.line(&format!("p.{field} {op} {value}"));
            }
            17 => {
                let value = self.float(2);
                let (field, op) = (self.one_of(&["x", "y"]), self.one_of(&[":=", "-="]));
                let at = self.random.below(2);
                self.line(&format!("ps[{at}].{field} {op} {value}"));
            }
            18 | 19 if self.loops > 0 => {
                let (condition, word) = (self.truth(2), self.one_of(&["break", "continue"]));
                self.line(&format!("if {condition} {{ {word} }}"));
            }
            20..=22 if nested => {
                let condition = self.truth(2);
                self.line(&format!("if {condition} {{"));
                self.depth += 1;
                self.block();
                self.depth -= 1;
                if self.random.chance(50) {
                    self.line("} else {");
                    self.depth += 1;
                    self.block();
                    self.depth -= 1;
                }
                self.line("}");
            }
            23..=25 if nested => self.a_loop(),
            26 => {
                let condition = self.truth(1);
                let rare = self.one_of(&[
                    "print(i, f)",
                    "k := half(j)",
                    "g := i",
                    "j := 1.5",
                    "j := area(i, j)",
                    "k := \"text\"",
                    "k := null",
                    "ps := [p, p]",
                    "let other := xs",
                    "return [i, k]",
                ]);
                self.line(&format!("if {condition} {{ {rare} }}"));
            }
            27 => {
                let rare = self.one_of(&["k := 1", "j := 2", "f := 1.0", "g := 0.5", "i := 3"]);
                self.line(rare);
            }
            _ => {
                let (a, b) = (self.one_of(&INTS), self.one_of(&INTS));
                let m = 2 + self.random.below(50);
                self.line(&format!("{a} := ({b} * 31 + {a}) % {m}"));
            }
        }
    }

    fn int(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.chance(25) {
            return match self.random.below(10) {
                0..=6 => self.one_of(&INTS).to_owned(),
                7 => "a".to_owned(),
                8 if self.random.chance(5) => "4611686018427387904".to_owned(),
                _ => self.random.below(40).to_string(),
            };
        }
        let a = self.int(depth - 1);
        let b = self.int(depth - 1);
        match self.random.below(16) {
            0..=9 => {
                format!("({a} {} {b})", self.one_of(&["+", "-", "*", "%", "+", "-", "/"]))
            }
            10 => format!("xs[{a} % len(xs)]"),
            11 => format!("xs[{}]", self.random.below(5)),
            12 => "len(xs)".to_owned(),
            13 => self.one_of(&["p.x", "ps[0].x", "ps[1].x", "p.y"]).to_owned(),
            14 => format!("-{a}"),
            _ => format!("(if {} {{ ({a}) }} else {{ ({b}) }})", self.truth(1)),
        }
    }

    fn float(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.chance(25) {
            return match self.random.below(10) {
                0..=6 => self.one_of(&FLOATS).to_owned(),
                7 => "z".to_owned(),
                _ => format!("{}.{}", self.random.below(4), self.random.below(100)),
            };
        }
        let a = self.float(depth - 1);
        let b = self.float(depth - 1);
        match self.random.below(12) {
            0..=7 => format!("({a} {} {b})", self.one_of(&["+", "-", "*", "/"])),
            8 => format!("fs[{}]", self.random.below(3)),
            9 => format!("sqrt({a} * {a})"),
            10 => self.one_of(&["ps[0].y", "ps[1].y"]).to_owned(),
            _ => format!("({a} * {})", self.int(1)),
        }
    }

    fn truth(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.chance(15) {
            return self.one_of(&BOOLS).to_owned();
        }
        let op = self.one_of(&["==", "!=", "<", "<=", ">", ">="]);
        match self.random.below(9) {
            0..=3 => format!("({} {op} {})", self.int(depth - 1), self.int(depth - 1)),
            4 | 5 => format!("({} {op} {})", self.float(depth - 1), self.float(depth - 1)),
            6 => format!("({} && {})", self.truth(depth - 1), self.truth(depth - 1)),
            7 => format!("({} || {})", self.truth(depth - 1), self.truth(depth - 1)),
            _ => format!("!{}", self.truth(depth - 1)),
        }
    }
}
