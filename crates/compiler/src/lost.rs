//! Changes to a copy of `self` that nobody ever sees.
//!
//! A method with `self` has a copy of the value it is called on. If all it does with `self` is to assign to places in it,
//! the copy dies with what was changed. Said only where that is certain: one other mention of `self` may be what the change
//! is for.

use remora_diagnostics::{Code, Diagnostic, Span};
use remora_syntax::ast::{Expr, ExprKind, FuncDecl, Node, ParamKind, StmtKind};

/// A warning for a method whose changes of `self` are lost.
pub(crate) fn change(method: &FuncDecl) -> Option<Diagnostic> {
    if method.self_param != Some(false) {
        return None;
    }
    let (mut n_mentions, mut n_changes, mut first) = (0_usize, 0_usize, None::<Span>);
    let mut count = |node: Node<'_>| match node {
        Node::Expr(Expr { kind: ExprKind::SelfValue, .. }) => n_mentions += 1,
        Node::Stmt(stmt) => {
            if let StmtKind::Assign { place, .. } = &stmt.kind
                && is_in_self(place)
            {
                n_changes += 1;
                first.get_or_insert(place.span);
            }
        }
        _ => {}
    };
    for param in &method.params {
        if let ParamKind::Default(default) = &param.kind {
            Node::Expr(default).walk(&mut count);
        }
    }
    Node::Block(&method.body).walk(&mut count);
    let span = first.filter(|_| n_mentions == n_changes)?;
    let name = &method.name.name;
    let warning = Diagnostic::warning(Code::E0203)
        .label(span, "this changes the method's own copy of `self`, which nobody looks at")
        .help(format!("write `func {name}(mut self)` to change what the method is called on"));
    Some(warning)
}

/// A place inside `self`.
fn is_in_self(place: &Expr) -> bool {
    let mut at = place;
    loop {
        at = match &at.kind {
            ExprKind::Field { object, .. } | ExprKind::Index { object, .. } => object,
            _ => return !std::ptr::eq(at, place) && matches!(at.kind, ExprKind::SelfValue),
        };
    }
}
