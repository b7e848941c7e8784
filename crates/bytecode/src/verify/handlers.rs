//! Handlers stand in the order of their starts, outer before inner; they are nested or apart, cover something, and
//! lead forward.

use remora_diagnostics::Code as ErrorCode;

use super::rule::{Budget, Checked, Fault};
use crate::code::Code;

pub(super) fn check(code: &Code, budget: &Budget) -> Checked {
    let wrong = |what: &str| Err(Fault::new(ErrorCode::V0013, what));
    let n_labels = code.labels().len();
    let mut open: Vec<u32> = Vec::new();
    let mut last_start = 0;
    for handler in code.handlers() {
        // Labels ascend, so that they can be compared instead of the places they stand for.
        let (start, end, target) = (handler.start, handler.end, handler.target);
        if [start, end, target].iter().any(|label| label.index() >= n_labels) {
            return wrong("a handler names no label");
        }
        if start >= end || target < end || start.0 < last_start {
            return wrong("a handler covers nothing, leads back, or stands out of order");
        }
        last_start = start.0;
        while open.last().is_some_and(|outer| *outer <= start.0) {
            open.pop();
        }
        if open.last().is_some_and(|outer| *outer < end.0) {
            return wrong("handlers overlap without being nested");
        }
        open.push(end.0);
        if open.len() > budget.max_handlers {
            return wrong("handlers are nested too deeply");
        }
    }
    Ok(())
}
