//! Profiles as text and as a drawing.
//!
//! Folded stacks are one line a stack, `main;f;g 12`, which many tools read. The drawing is Brendan Gregg's flame graph: a
//! box for each call, as wide as its share of the samples, above the box of its caller.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use super::xml::escaped;

/// How often each stack was seen, outermost call first.
type Stacks = [(Vec<Arc<str>>, u64)];

const WIDTH: f64 = 1200.0;
const ROW: usize = 17;
/// Boxes narrower than this are left out.
const THINNEST: f64 = 0.3;
/// Width of a character, about.
const CHARACTER: f64 = 7.0;

/// One line for each stack.
pub(super) fn folded(stacks: &Stacks) -> String {
    let mut out = String::new();
    for (stack, n) in stacks {
        // In a name, a semicolon would begin another one.
        let names: Vec<_> = stack.iter().map(|it| it.replace([';', '\n'], ":")).collect();
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(out, "{} {n}", names.join(";"));
    }
    out
}

/// A function called from one stack of callers.
#[derive(Default)]
struct Node<'a> {
    n: u64,
    callees: BTreeMap<&'a str, Node<'a>>,
}

/// A drawing that any browser shows; the name and share of a box appear when one points at it.
pub(super) fn graph(stacks: &Stacks) -> String {
    let mut root = Node::default();
    for (stack, n) in stacks {
        let mut node = &mut root;
        node.n += n;
        for name in stack {
            node = node.callees.entry(name).or_default();
            node.n += n;
        }
    }
    let depth = stacks.iter().map(|(stack, _)| stack.len()).max().unwrap_or_default();
    let height = (depth + 2) * ROW;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"monospace\" font-size=\"11\">\n\
        <rect width=\"100%\" height=\"100%\" fill=\"#fffdf5\"/>\n"
    );
    let mut drawing = Drawing { out: &mut out, total: root.n.max(1), height };
    drawing.row(&root, 0.0, 1);
    out + "</svg>\n"
}

struct Drawing<'a> {
    out: &'a mut String,
    total: u64,
    height: usize,
}

impl Drawing<'_> {
    /// The calls made by `node`, whose box begins at `x`. As deep as profiles are, which is bounded.
    fn row(&mut self, node: &Node<'_>, mut x: f64, level: usize) {
        for (name, callee) in &node.callees {
            let share = as_float(callee.n) / as_float(self.total);
            let width = share * WIDTH;
            if width >= THINNEST {
                self.shape(name, share, x, level);
                self.row(callee, x, level + 1);
            }
            x += width;
        }
    }

    fn shape(&mut self, name: &str, share: f64, x: f64, level: usize) {
        let (y, width) = (self.height - (level + 1) * ROW, share * WIDTH);
        let label: String = if width > 3.0 * CHARACTER {
            // As many characters as have room.
            let mut room = width / CHARACTER - 1.0;
            let fits = |_: &char| {
                room -= 1.0;
                room >= 0.0
            };
            name.chars().take_while(fits).collect()
        } else {
            String::new()
        };
        let (hue, percent) = (hue(name), share * 100.0);
        let (name, label) = (escaped(name), escaped(&label));
        let _ = writeln!(
            self.out,
            "<g><title>{name} ({percent:.1} %)</title>\
            <rect x=\"{x:.1}\" y=\"{y}\" width=\"{width:.1}\" height=\"{}\" fill=\"hsl({hue},85%,68%)\" rx=\"2\"/>\
            <text x=\"{:.1}\" y=\"{}\">{label}</text></g>",
            ROW - 1,
            x + 3.0,
            y + 12,
        );
    }
}

/// A warm colour, the same for the same name.
fn hue(name: &str) -> u32 {
    name.bytes().fold(7, |hue: u32, byte| (hue * 31 + u32::from(byte)) % 55)
}

/// Counts of samples are far below what a float holds exactly.
#[expect(clippy::cast_precision_loss, reason = "only proportions are drawn")]
fn as_float(n: u64) -> f64 {
    n as f64
}
