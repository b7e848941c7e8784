//! Macros for types and functions of the host: they write nothing that could not be written by hand.
//!
//! All that they write is in terms of the crate `remora`, which documents them and is what one depends on.
#![forbid(unsafe_code)]

mod attribute;
mod methods;
mod object;
mod traced;

use proc_macro::TokenStream;
use syn::{DeriveInput, ItemFn, ItemImpl, parse_macro_input};

/// Makes a struct a type of the host: `remora::Object`, with its fields, and `&T` and `&mut T` as parameters of functions.
///
/// On the struct: `#[remora(name = "…")]` for another name than its own; `eq`, `cmp` and `display` for `PartialEq`, `PartialOrd`
/// and `Display` as scripts see them. On a field: `get`, or `get, set`; `skip`; `name = "…"`. Fields without an attribute are
/// read and set if they are `pub` in any way, and not seen otherwise. Methods come from `#[remora::methods]`.
#[proc_macro_derive(Object, attributes(remora))]
pub fn derive_object(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    object::derive(&input).unwrap_or_else(|error| error.into_compile_error()).into()
}

/// Gives scripts the functions of an `impl` block: those that are `pub` in any way, and those with an attribute. One block for a type.
///
/// `&self` and `&mut self` make methods, functions without `self` are called through the type. A parameter `&mut Ctx` may come
/// first. Attributes: `skip`; `name = "…"`; `get` and `set` for what looks like a field; `add`, `sub`, `mul`, `div`, `rem`, `neg`,
/// `index`, `index_set`, `call`; `eq`, `cmp`, `display`, `len`; `iter` for what gives the values that a loop goes through.
#[proc_macro_attribute]
pub fn methods(args: TokenStream, item: TokenStream) -> TokenStream {
    let block = parse_macro_input!(item as ItemImpl);
    methods::expand(&args.into(), block).unwrap_or_else(|error| error.into_compile_error()).into()
}

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
