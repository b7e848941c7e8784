//! Rows of the table of builtins for functions of the embedder.
//!
//! Rows live as long as the process, because those of the builtins do and nobody should have to care which kind one is. So
//! each different one is kept once, however many engines are made: what grows is bounded by what the embedder's code names.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::call::call_now;
use super::{HostCall, HostFunction};
use crate::builtins::{Builtin, Call, Row};

/// By signature, and whether it is async.
static ROWS: Mutex<BTreeMap<(String, bool), &'static Row>> = Mutex::new(BTreeMap::new());

/// The row for a function with that signature.
pub(crate) fn row(signature: String, function: &HostFunction) -> &'static Row {
    let later = matches!(function.call, HostCall::Later(_));
    // Rows are only ever added whole.
    let mut rows = ROWS.lock().unwrap_or_else(PoisonError::into_inner);
    rows.entry((signature, later)).or_insert_with_key(|(signature, _)| {
        Box::leak(Box::new(Row::of(&Builtin {
            signature: Box::leak(signature.clone().into_boxed_str()),
            doc: "A function of the host.",
            cost: "what the host makes of it",
            call: if later { Call::Async } else { Call::Native(call_now) },
            ..Builtin::ROW
        })))
    })
}
