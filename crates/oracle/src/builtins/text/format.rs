//! `format`: `%s %d %f %%`, as in the existing programs.

use super::super::Input;
use crate::eval::Interp;
use crate::print;
use crate::stop::Eval;
use crate::value::Value;

pub(super) fn format<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let template = cx.arg(&input, input.text(0))?;
    let mut rest = input.values.iter().skip(1);
    let mut out = String::new();
    let mut chars = template.chars().peekable();
    while let Some(char) = chars.next() {
        let what = if char == '%' { chars.peek().copied() } else { None };
        match what {
            Some('%') => out.push('%'),
            Some('s' | 'd' | 'f') => out.push_str(&rest.next().map(print::display).unwrap_or_default()),
            _ => {
                out.push(char);
                continue;
            }
        }
        chars.next();
    }
    Ok(Value::str(out))
}
