//! Shapes that are common enough to be one closure: what a predicate compares is nearly always a name, or an attribute of
//! one, with a constant.
//!
//! Each saves a call through a pointer and the making of a value; none changes what is evaluated, or in which order.

use super::Places;
use super::emit::{Expr, Truth, expr, test};
use super::tree::Node;

/// One closure for the whole tree, or the tree back.
pub(super) fn value<P: Places>(node: Node) -> Result<Expr<P>, Node> {
    match node {
        Node::Attribute(object, attribute) => match *object {
            Node::Name(name) => {
                let (name, attribute) = (P::name(&name), P::name(&attribute));
                Ok(expr::<P>(move |frame| {
                    let object = P::load(frame, &name)?;
                    P::attribute(frame, &object, &attribute)
                }))
            }
            object => Err(Node::Attribute(Box::new(object), attribute)),
        },
        Node::Item(pair) => match *pair {
            [Node::Name(name), Node::Constant(key)] => {
                let name = P::name(&name);
                Ok(expr::<P>(move |frame| {
                    let object = P::load(frame, &name)?;
                    P::item(frame, &object, &P::constant(&key))
                }))
            }
            pair => Err(Node::Item(Box::new(pair))),
        },
        other => Err(other),
    }
}

/// One closure for the truth of the whole tree, or the tree back.
pub(super) fn truth<P: Places>(node: Node) -> Result<Truth<P>, Node> {
    let Node::Compare(kind, pair) = node else { return Err(node) };
    match *pair {
        [Node::Name(name), Node::Constant(constant)] => Ok(P::compare_name(&name, kind, constant)),
        [Node::Attribute(object, attribute), Node::Constant(constant)] => match *object {
            Node::Name(name) => {
                let (name, attribute) = (P::name(&name), P::name(&attribute));
                Ok(test::<P>(move |frame| {
                    let object = P::load(frame, &name)?;
                    let value = P::attribute(frame, &object, &attribute)?;
                    P::compare_constant(frame, kind, &value, &constant)
                }))
            }
            object => Err(Node::Compare(
                kind,
                Box::new([Node::Attribute(Box::new(object), attribute), Node::Constant(constant)]),
            )),
        },
        [Node::Name(left), Node::Name(right)] => {
            let (left, right) = (P::name(&left), P::name(&right));
            Ok(test::<P>(move |frame| {
                let left = P::load(frame, &left)?;
                let right = P::load(frame, &right)?;
                P::compare(frame, kind, &left, &right)
            }))
        }
        pair => Err(Node::Compare(kind, Box::new(pair))),
    }
}
