//! Allocation: many small trees, built and dropped.

struct Node {
    children: Option<Box<(Node, Node)>>,
}

fn build(depth: i64) -> Node {
    if depth == 0 {
        return Node { children: None };
    }
    Node { children: Some(Box::new((build(depth - 1), build(depth - 1)))) }
}

fn count(node: &Node) -> i64 {
    match &node.children {
        None => 1,
        Some(children) => 1 + count(&children.0) + count(&children.1),
    }
}

pub fn run(depth: i64) -> i64 {
    let long_lived = build(depth);
    let mut total = 0;
    let mut d = 4;
    while d <= depth {
        for _ in 0..1 << (depth - d) {
            total += count(&build(d));
        }
        d += 2;
    }
    total + count(&long_lived)
}
