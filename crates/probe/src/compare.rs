//! `arg0 > 10` as one closure: the commonest predicate, with everything prepared that can be.
//!
//! Which relation is asked for, and that the constant is an int, are known when a probe is compiled; so the closure holds
//! neither, and makes no value of the constant. Whatever the host then answers that is no int goes the general way.

use remora_bytecode::closure::{Places, Truth};
use remora_bytecode::{CompareKind, Constant};

use crate::dispatcher::{Answer, Dispatcher, Host};
use crate::places::{Name, NameKind, Probes};
use crate::run::Run;
use crate::value::{Fault, Value};

/// Whether the variable of that name stands in the relation to the constant.
pub(crate) fn name<H: Host>(name: Name, kind: CompareKind, constant: Constant) -> Truth<Probes<H>> {
    match (&name.kind, &constant) {
        (NameKind::Variable(_), Constant::Int(right)) => {
            let right = *right;
            match kind {
                CompareKind::Eq => int::<H>(name, kind, right, |left, right| left == right),
                CompareKind::Ne => int::<H>(name, kind, right, |left, right| left != right),
                CompareKind::Lt => int::<H>(name, kind, right, |left, right| left < right),
                CompareKind::Le => int::<H>(name, kind, right, |left, right| left <= right),
                CompareKind::Gt => int::<H>(name, kind, right, |left, right| left > right),
                CompareKind::Ge => int::<H>(name, kind, right, |left, right| left >= right),
            }
        }
        _ => Box::new(move |run| {
            let value = Probes::<H>::load(run, &name)?;
            Probes::<H>::compare_constant(run, kind, &value, &constant)
        }),
    }
}

fn int<H: Host>(
    name: Name,
    kind: CompareKind,
    right: i64,
    holds: impl Fn(i64, i64) -> bool + Send + Sync + 'static,
) -> Truth<Probes<H>> {
    Box::new(move |run| {
        // A predicate may look at every argument: nothing is withheld from it.
        let NameKind::Variable(variable) = &name.kind else {
            return general(run, &name, kind, right);
        };
        if run.in_body {
            return general(run, &name, kind, right);
        }
        run.spent.host_calls += 1;
        match run.host.variable(variable) {
            Ok(Value::Int(left)) => Ok(holds(left, right)),
            other => no_int(run, other, kind, right),
        }
    })
}

/// Off the way of predicates, so that they need not save what it uses.
#[cold]
#[inline(never)]
fn general<H: Host>(
    run: &mut Run<'_, H>,
    name: &Name,
    kind: CompareKind,
    right: i64,
) -> Result<bool, Fault> {
    let left = Probes::<H>::load(run, name);
    no_int(run, left, kind, right)
}

#[cold]
#[inline(never)]
fn no_int<H: Host>(
    run: &mut Run<'_, H>,
    left: Answer<H::Object>,
    kind: CompareKind,
    right: i64,
) -> Result<bool, Fault> {
    Probes::<H>::compare_constant(run, kind, &left?, &Constant::Int(right))
}
