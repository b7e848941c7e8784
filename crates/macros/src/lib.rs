//! Macros for types and functions of the host: they write nothing that could not be written by hand.
//!
//! All that they write is in terms of the crate `remora`, which documents them and is what one depends on.
#![forbid(unsafe_code)]

mod traced;

use proc_macro::TokenStream;
use syn::{ItemFn, parse_macro_input};

/// Lets probes see when a function is entered and left: `rust:shop.orders.create:exit`, by the names of its module and its own.
///
/// At the entry its arguments are known by their names, `self` among them; at the exit what they were, `retval`, how long it
/// took, and `exception` if it panicked, or, being async, was dropped before its end. Values are looked into if they are
/// `Visible`, else shown by `Debug`, else only named. While no probe is attached, a call costs one relaxed load and a branch.
///
/// `name = "orders.create"` gives it another name; `skip(a, b)` leaves arguments out; `request` runs it in a new `Request`, which
/// follows an async function from thread to thread.
#[proc_macro_attribute]
pub fn traced(args: TokenStream, item: TokenStream) -> TokenStream {
    let function = parse_macro_input!(item as ItemFn);
    traced::expand(args.into(), function).unwrap_or_else(syn::Error::into_compile_error).into()
}
