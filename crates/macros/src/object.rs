//! `#[derive(remora::Object)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Field, Fields, Result, Visibility};

use crate::attribute::{Words, check_name};

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(
            input.ident.span(),
            "only a struct can be an object; put the enum into a field of one",
        ));
    };
    if !input.generics.params.is_empty() {
        return Err(Error::new(
            input.generics.span(),
            "an object has no type parameters and borrows nothing: name a type of its own",
        ));
    }
    let words = Words::read(&input.attrs, &["eq", "cmp", "display"])?;
    let ty = &input.ident;
    let name = match &words.name {
        Some(name) => name.value(),
        None => ty.unraw().to_string(),
    };
    check_name(&name, ty.span())?;
    let fields = match &data.fields {
        Fields::Named(fields) => fields.named.iter().map(field).collect::<Result<Vec<_>>>()?,
        Fields::Unnamed(fields) => {
            if let Some(seen) = fields.unnamed.iter().find(|it| has_attribute(it)) {
                return Err(Error::new(
                    seen.span(),
                    "a field without a name cannot be seen; give it one, or write a method",
                ));
            }
            Vec::new()
        }
        Fields::Unit => Vec::new(),
    };
    let eq = words.has("eq").then(|| quote!(it.equal(|a, b| ::core::cmp::PartialEq::eq(a, b));));
    let cmp = words
        .has("cmp")
        .then(|| quote!(it.order(|a, b| ::core::cmp::PartialOrd::partial_cmp(a, b));));
    let display = words
        .has("display")
        .then(|| quote!(it.display(|it| ::std::string::ToString::to_string(it));));
    Ok(quote! {
        ::remora::object_params!(#ty);

        impl ::remora::Object for #ty {
            const NAME: &'static str = #name;

            fn describe(it: &mut ::remora::ObjectType<Self>) {
                #(#fields)*
                #eq
                #cmp
                #display
                // The block of `#[remora::methods]`, if there is one: what a type has itself comes before what a trait gives it.
                #[allow(unused_imports, reason = "only of use without such a block")]
                use ::remora::__private::NoMethods as _;
                <#ty>::__remora_methods(it);
            }
        }
    })
}

fn has_attribute(field: &Field) -> bool {
    field.attrs.iter().any(|it| it.path().is_ident("remora"))
}

/// What makes a field seen; nothing for one that is not.
fn field(field: &Field) -> Result<TokenStream> {
    let words = Words::read(&field.attrs, &["get", "set", "skip"])?;
    let Some(own) = &field.ident else { return Ok(TokenStream::new()) };
    if words.has("skip") {
        return match words.iter().find(|it| it.0 != "skip") {
            Some((word, span)) => Err(Error::new(span, format!("a skipped field has no `{word}`"))),
            None => Ok(TokenStream::new()),
        };
    }
    let is_public = !matches!(field.vis, Visibility::Inherited);
    let marked = words.has("get") || words.has("set");
    let (get, set) = if marked { (words.has("get"), words.has("set")) } else { (true, is_public) };
    if words.is_empty() && !is_public {
        return Ok(TokenStream::new());
    }
    let name = match &words.name {
        Some(name) => name.value(),
        None => own.unraw().to_string(),
    };
    check_name(&name, own.span())?;
    let ty = &field.ty;
    // At the field's type, where the compiler shall say what it cannot convert.
    let get = get.then(
        || quote_spanned!(ty.span()=> it.own_field(#name, |it: &Self| -> &#ty { &it.#own });),
    );
    let set = set.then(|| quote_spanned!(ty.span()=> it.setter(#name, |it: &mut Self, value: #ty| it.#own = value);));
    Ok(quote!(#get #set))
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn error(input: &DeriveInput) -> String {
        derive(input).expect_err("it is refused").to_string()
    }

    #[test]
    fn what_cannot_be_an_object_is_refused() {
        assert!(
            error(&parse_quote!(
                enum E {
                    A,
                }
            ))
            .contains("only a struct")
        );
        assert!(
            error(&parse_quote!(
                struct S<T> {
                    x: T,
                }
            ))
            .contains("no type parameters")
        );
        assert!(
            error(&parse_quote!(
                struct S<'a> {
                    x: &'a str,
                }
            ))
            .contains("borrows nothing")
        );
        assert!(
            error(&parse_quote!(
                struct S(#[remora(get)] i64);
            ))
            .contains("without a name")
        );
        assert!(
            error(&parse_quote!(
                struct S {
                    #[remora(gett)]
                    x: i64,
                }
            ))
            .contains("get, set, skip")
        );
        assert!(
            error(&parse_quote!(
                struct S {
                    #[remora(get, get)]
                    x: i64,
                }
            ))
            .contains("twice")
        );
        assert!(
            error(&parse_quote!(
                struct S {
                    #[remora(skip, get)]
                    x: i64,
                }
            ))
            .contains("no `get`")
        );
        assert!(
            error(&parse_quote!(
                #[remora(name = "a b")]
                struct S;
            ))
            .contains("`a b` is no name")
        );
        assert!(
            error(&parse_quote!(
                struct S {
                    pub größe: i64,
                }
            ))
            .contains("use `name = ")
        );
    }

    #[test]
    fn fields_are_seen_as_their_attributes_say() {
        let made = derive(&parse_quote! {
            struct S {
                pub a: i64,
                b: i64,
                #[remora(get)]
                c: i64,
                #[remora(skip)]
                pub d: i64,
                #[remora(name = "e2")]
                pub e: i64,
            }
        });
        let text = made.expect("it is taken").to_string();
        for (wanted, is_there) in [
            ("own_field (\"a\"", true),
            ("setter (\"a\"", true),
            ("\"b\"", false),
            ("own_field (\"c\"", true),
            ("setter (\"c\"", false),
            ("\"d\"", false),
            ("setter (\"e2\"", true),
        ] {
            assert_eq!(text.contains(wanted), is_there, "{wanted} in {text}");
        }
    }
}
