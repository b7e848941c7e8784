//! Trees to closures: each kind of expression has one closure, unless a common shape is merged.

use super::merge;
use super::tree::{Action, Node};
use super::{CompileError, Places};

/// A closure that gives a value.
pub type Expr<P> = Box<
    dyn for<'f> Fn(
            &mut <P as Places>::Frame<'f>,
        ) -> Result<<P as Places>::Value, <P as Places>::Error>
        + Send
        + Sync,
>;

/// A closure that gives a truth, without making a value of it.
pub type Truth<P> = Box<
    dyn for<'f> Fn(&mut <P as Places>::Frame<'f>) -> Result<bool, <P as Places>::Error>
        + Send
        + Sync,
>;

/// A closure that does something.
pub(super) type Step<P> = Box<
    dyn for<'f> Fn(&mut <P as Places>::Frame<'f>) -> Result<(), <P as Places>::Error> + Send + Sync,
>;

/// Calls of up to this many arguments keep them on the native stack.
const FEW: usize = 4;

pub(super) fn expr<P: Places>(
    closure: impl for<'f> Fn(&mut P::Frame<'f>) -> Result<P::Value, P::Error> + Send + Sync + 'static,
) -> Expr<P> {
    Box::new(closure)
}

pub(super) fn test<P: Places>(
    closure: impl for<'f> Fn(&mut P::Frame<'f>) -> Result<bool, P::Error> + Send + Sync + 'static,
) -> Truth<P> {
    Box::new(closure)
}

fn act<P: Places>(
    closure: impl for<'f> Fn(&mut P::Frame<'f>) -> Result<(), P::Error> + Send + Sync + 'static,
) -> Step<P> {
    Box::new(closure)
}

pub(super) fn step<P: Places>(action: Action) -> Result<Step<P>, CompileError> {
    Ok(match action {
        Action::Drop(node) => {
            let value = value::<P>(node)?;
            act::<P>(move |frame| value(frame).map(drop))
        }
        Action::Keep(slot, node) => {
            let value = value::<P>(node)?;
            act::<P>(move |frame| {
                let value = value(frame)?;
                P::keep(frame, slot, value);
                Ok(())
            })
        }
        Action::Store(name, node) => {
            let (name, value) = (P::name(&name), value::<P>(node)?);
            act::<P>(move |frame| {
                let value = value(frame)?;
                P::store(frame, &name, value)
            })
        }
        Action::SetAttribute(object, name, node) => {
            let (object, name, value) = (value::<P>(object)?, P::name(&name), value::<P>(node)?);
            act::<P>(move |frame| {
                let object = object(frame)?;
                let value = value(frame)?;
                P::set_attribute(frame, object, &name, value)
            })
        }
    })
}

pub(super) fn value<P: Places>(node: Node) -> Result<Expr<P>, CompileError> {
    let node = match merge::value::<P>(node) {
        Ok(merged) => return Ok(merged),
        Err(node) => node,
    };
    Ok(match node {
        Node::Constant(constant) => expr::<P>(move |_| Ok(P::constant(&constant))),
        Node::Name(name) => {
            let name = P::name(&name);
            expr::<P>(move |frame| P::load(frame, &name))
        }
        Node::Slot(slot) => expr::<P>(move |frame| Ok(P::kept(frame, slot))),
        Node::Host(_) => return Err(CompileError::NoValue),
        Node::Arithmetic(op, pair) => {
            let [left, right] = both::<P>(*pair)?;
            expr::<P>(move |frame| {
                let left = left(frame)?;
                let right = right(frame)?;
                P::arithmetic(frame, op, &left, &right)
            })
        }
        Node::Item(pair) => {
            let [object, key] = both::<P>(*pair)?;
            expr::<P>(move |frame| {
                let object = object(frame)?;
                let key = key(frame)?;
                P::item(frame, &object, &key)
            })
        }
        Node::Negate(node) => {
            let value = value::<P>(*node)?;
            expr::<P>(move |frame| {
                let value = value(frame)?;
                P::negate(frame, &value)
            })
        }
        Node::Attribute(object, name) => {
            let (object, name) = (value::<P>(*object)?, P::name(&name));
            expr::<P>(move |frame| {
                let object = object(frame)?;
                P::attribute(frame, &object, &name)
            })
        }
        Node::Array(items) => {
            let items = many::<P>(items)?;
            expr::<P>(move |frame| {
                let mut values = Vec::with_capacity(items.len());
                for item in &items {
                    values.push(Some(item(frame)?));
                }
                P::array(frame, &mut values)
            })
        }
        Node::Call(name, arguments) => call::<P>(&name, arguments)?,
        truth @ (Node::Compare(..)
        | Node::And(_)
        | Node::Or(_)
        | Node::Invert(_)
        | Node::Truth(_)) => {
            let truth = self::truth::<P>(truth)?;
            expr::<P>(move |frame| truth(frame).map(P::bool))
        }
    })
}

/// The truthiness of an expression. What gives a bool gives it directly.
pub(super) fn truth<P: Places>(node: Node) -> Result<Truth<P>, CompileError> {
    let node = match merge::truth::<P>(node) {
        Ok(merged) => return Ok(merged),
        Err(node) => node,
    };
    Ok(match node {
        Node::Compare(kind, pair) => {
            let [left, right] = both::<P>(*pair)?;
            test::<P>(move |frame| {
                let left = left(frame)?;
                let right = right(frame)?;
                P::compare(frame, kind, &left, &right)
            })
        }
        Node::And(pair) => {
            let [left, right] = *pair;
            let (left, right) = (truth::<P>(left)?, truth::<P>(right)?);
            test::<P>(move |frame| Ok(left(frame)? & right(frame)?))
        }
        Node::Or(pair) => {
            let [left, right] = *pair;
            let (left, right) = (truth::<P>(left)?, truth::<P>(right)?);
            test::<P>(move |frame| Ok(left(frame)? | right(frame)?))
        }
        Node::Invert(node) => match *node {
            inner @ (Node::Compare(..)
            | Node::And(_)
            | Node::Or(_)
            | Node::Invert(_)
            | Node::Truth(_)) => {
                let truth = truth::<P>(inner)?;
                test::<P>(move |frame| truth(frame).map(|it| !it))
            }
            inner => {
                let value = value::<P>(inner)?;
                test::<P>(move |frame| P::invert(&value(frame)?))
            }
        },
        Node::Truth(node) => truth::<P>(*node)?,
        other => {
            let value = value::<P>(other)?;
            test::<P>(move |frame| Ok(P::truth(&value(frame)?)))
        }
    })
}

fn both<P: Places>([left, right]: [Node; 2]) -> Result<[Expr<P>; 2], CompileError> {
    Ok([value::<P>(left)?, value::<P>(right)?])
}

fn many<P: Places>(nodes: Vec<Node>) -> Result<Box<[Expr<P>]>, CompileError> {
    nodes.into_iter().map(value::<P>).collect()
}

fn call<P: Places>(name: &str, arguments: Vec<Node>) -> Result<Expr<P>, CompileError> {
    let constants: Vec<_> = arguments
        .iter()
        .map(|it| match it {
            Node::Constant(constant) => Some(constant),
            _ => None,
        })
        .collect();
    let function = P::function(name, &constants).map_err(CompileError::Function)?;
    let arguments = many::<P>(arguments)?;
    if arguments.len() <= FEW {
        return Ok(expr::<P>(move |frame| {
            let mut values = [const { None }; FEW];
            for (value, argument) in values.iter_mut().zip(&arguments) {
                *value = Some(given::<P>(frame, &function, argument)?);
            }
            P::call(frame, &function, &mut values[..arguments.len()])
        }));
    }
    Ok(expr::<P>(move |frame| {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in &arguments {
            values.push(Some(given::<P>(frame, &function, argument)?));
        }
        P::call(frame, &function, &mut values)
    }))
}

/// The value of an argument, or what stands for its error.
#[inline]
fn given<P: Places>(
    frame: &mut P::Frame<'_>,
    function: &P::Function,
    argument: &Expr<P>,
) -> Result<P::Value, P::Error> {
    match argument(frame) {
        Ok(value) => Ok(value),
        Err(error) => P::recover(frame, function, error),
    }
}
