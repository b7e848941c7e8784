//! `#[remora::methods]`.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{
    Error, FnArg, GenericArgument, GenericParam, ImplItem, ImplItemFn, ItemImpl, Pat,
    PathArguments, ReceiverKind, Result, ReturnType, Type, TypeParamBound, Visibility,
};

use crate::attribute::{Words, check_name};

/// Operators, with what `remora::Operator` calls them.
const OPERATORS: &[(&str, &str)] = &[
    ("add", "Add"),
    ("sub", "Sub"),
    ("mul", "Mul"),
    ("div", "Div"),
    ("rem", "Rem"),
    ("add_right", "AddRight"),
    ("sub_right", "SubRight"),
    ("mul_right", "MulRight"),
    ("div_right", "DivRight"),
    ("rem_right", "RemRight"),
    ("neg", "Neg"),
    ("index", "Index"),
    ("index_set", "IndexSet"),
    ("call", "Call"),
];

const OTHERS: &[&str] = &["skip", "get", "set", "eq", "cmp", "display", "len", "iter", "later"];

pub(crate) fn expand(args: &TokenStream, mut block: ItemImpl) -> Result<TokenStream> {
    if !args.is_empty() {
        return Err(Error::new(args.span(), "`#[remora::methods]` takes nothing"));
    }
    if let Some((path, _)) = &block.trait_ {
        return Err(Error::new(
            path.span(),
            "methods come from a block of the type itself; `eq`, `cmp` and `display` on the struct take those of traits",
        ));
    }
    if !block.generics.params.is_empty() {
        return Err(Error::new(block.generics.span(), "an object has no type parameters"));
    }
    let mut described = Vec::new();
    for item in &mut block.items {
        if let ImplItem::Fn(function) = item {
            described.push(describe(function)?);
            function.attrs.retain(|it| !it.path().is_ident("remora"));
        }
    }
    let ty = &block.self_ty;
    Ok(quote! {
        #block

        impl #ty {
            #[doc(hidden)]
            pub(crate) fn __remora_methods(it: &mut ::remora::ObjectType<Self>) {
                #(#described)*
            }
        }
    })
}

/// What becomes of one function.
fn describe(function: &ImplItemFn) -> Result<TokenStream> {
    let known: Vec<&str> = OPERATORS.iter().map(|it| it.0).chain(OTHERS.iter().copied()).collect();
    let words = Words::read(&function.attrs, &known)?;
    let is_public = !matches!(function.vis, Visibility::Inherited);
    if words.has("skip") || (words.is_empty() && !is_public) {
        return Ok(TokenStream::new());
    }
    let mut roles = words.iter();
    let role = roles.next();
    if let Some((second, span)) = roles.next() {
        return Err(Error::new(
            span,
            format!("one function has one role, and `{second}` is another"),
        ));
    }
    let own = &function.sig.ident;
    let plain = own.unraw().to_string();
    let name = match (&words.name, role) {
        (Some(name), _) => name.value(),
        (None, Some(("set", _))) => plain.strip_prefix("set_").unwrap_or(&plain).to_owned(),
        (None, _) => plain,
    };
    check_name(&name, own.span())?;
    let shape = Shape::of(function)?;
    let Some((role, span)) = role else {
        if function.sig.asyncness.is_some() {
            return shape.later(function, &name);
        }
        let add = if shape.receiver.is_some() { "raw_method" } else { "raw_function" };
        return Ok(shape.glue(function, add, &quote!(#name,)));
    };
    if role == "later" {
        return shape.begins(function, &name, span);
    }
    if shape.receiver.is_none() {
        return Err(Error::new(span, format!("`{role}` is for a function with `&self`")));
    }
    if function.sig.asyncness.is_some() {
        return Err(Error::new(span, format!("`{role}` is done at once: not with `async`")));
    }
    if let Some(operator) = OPERATORS.iter().find(|it| it.0 == role) {
        shape.check_count(role, span)?;
        let operator = format_ident!("{}", operator.1);
        let first = quote!(::remora::Operator::#operator,);
        return Ok(shape.glue(function, "raw_operator", &first));
    }
    shape.check_plain(role, span)?;
    shape.check_count(role, span)?;
    Ok(match role {
        "iter" => shape.glue(function, "raw_items", &TokenStream::new()),
        "get" => {
            quote!(it.getter(#name, |it: &Self, cx| ::remora::__private::finish(Self::#own(it), cx));)
        }
        "set" => {
            let value = elided(shape.params[0]);
            quote!(it.setter(#name, |it: &mut Self, value: #value| Self::#own(it, value));)
        }
        "eq" => quote!(it.equal(|a, b| Self::#own(a, b));),
        "cmp" => quote!(it.order(|a, b| Self::#own(a, b));),
        "display" => quote!(it.display(|it| ::std::string::ToString::to_string(&Self::#own(it)));),
        _ => quote!(it.len(|it| Self::#own(it));),
    })
}

/// The parameters of a function.
struct Shape<'a> {
    /// `&Self` or `&mut Self`.
    receiver: Option<TokenStream>,
    changes: bool,
    takes_ctx: bool,
    params: Vec<&'a Type>,
}

impl<'a> Shape<'a> {
    fn of(function: &'a ImplItemFn) -> Result<Self> {
        let sig = &function.sig;
        let has_types = |it: &&GenericParam| !matches!(it, GenericParam::Lifetime(_));
        if let Some(param) = sig.generics.params.iter().find(has_types) {
            return Err(Error::new(
                param.span(),
                "a script cannot choose types: take `remora::Value`, or skip this with `#[remora(skip)]`",
            ));
        }
        let mut shape =
            Shape { receiver: None, changes: false, takes_ctx: false, params: Vec::new() };
        for input in &sig.inputs {
            match input {
                FnArg::Receiver(receiver) => match &receiver.kind {
                    ReceiverKind::Reference(_, _, None) => shape.receiver = Some(quote!(&Self)),
                    ReceiverKind::Reference(_, _, Some(_)) => {
                        shape.changes = true;
                        shape.receiver = Some(quote!(&mut Self));
                    }
                    _ => {
                        return Err(Error::new(
                            receiver.span(),
                            "the VM owns the object: take `&self` or `&mut self`",
                        ));
                    }
                },
                FnArg::Typed(param) => {
                    if matches!(*param.ty, Type::ImplTrait(_)) {
                        return Err(Error::new(
                            param.ty.span(),
                            "a script cannot choose types: name one",
                        ));
                    }
                    if shape.params.is_empty() && !shape.takes_ctx && is_ctx(&param.ty) {
                        shape.takes_ctx = true;
                    } else {
                        shape.params.push(&param.ty);
                    }
                    if let Pat::Ident(name) = &*param.pat
                        && name.ident == "self"
                    {
                        return Err(Error::new(param.span(), "take `&self` or `&mut self`"));
                    }
                }
            }
        }
        if shape.params.len() > 8 {
            return Err(Error::new(sig.inputs.span(), "at most eight parameters"));
        }
        Ok(shape)
    }

    /// How many parameters a role wants beside `self`.
    fn check_count(&self, role: &str, span: Span) -> Result<()> {
        let wanted = match role {
            "call" => return Ok(()),
            "index_set" => 2,
            "neg" | "get" | "display" | "len" | "iter" => 0,
            _ => 1,
        };
        if self.params.len() == wanted {
            return Ok(());
        }
        let n = ["no parameter", "one parameter", "two parameters"][wanted];
        Err(Error::new(span, format!("`{role}` is for a function with {n} beside `self`")))
    }

    /// What the heap asks has no [`Ctx`], and changes nothing but in `set`.
    fn check_plain(&self, role: &str, span: Span) -> Result<()> {
        if self.takes_ctx && role != "iter" {
            return Err(Error::new(span, format!("`{role}` takes no `Ctx`")));
        }
        if self.changes && !matches!(role, "set" | "iter") {
            return Err(Error::new(span, format!("`{role}` only looks: take `&self`")));
        }
        Ok(())
    }

    /// What adds the function by that method, which takes `first` before the signature and the call.
    fn glue(&self, function: &ImplItemFn, add: &str, first: &TokenStream) -> TokenStream {
        let (result, collect) = match &function.sig.output {
            ReturnType::Default => (quote!(()), None),
            ReturnType::Type(_, ty) if matches!(**ty, Type::ImplTrait(_)) => (
                quote!(::std::vec::Vec<()>),
                Some(
                    quote!(let reply = ::core::iter::Iterator::collect::<::std::vec::Vec<_>>(reply);),
                ),
            ),
            ReturnType::Type(_, ty) => (elided(ty), None),
        };
        let reply = quote!(#collect ::remora::__private::finish(reply, cx));
        self.added(function, (add, first), &result, (&format_ident!("now"), &reply))
    }

    /// What adds a function with that result; `reply` makes of what it gives what a call of that kind gives.
    fn added(
        &self,
        function: &ImplItemFn,
        (add, first): (&str, &TokenStream),
        result: &TokenStream,
        (kind, reply): (&Ident, &TokenStream),
    ) -> TokenStream {
        let add = format_ident!("{add}");
        let own = &function.sig.ident;
        let all: Vec<TokenStream> = self
            .receiver
            .clone()
            .into_iter()
            .chain(self.params.iter().copied().map(elided))
            .collect();
        let names: Vec<_> = (0..all.len()).map(|at| format_ident!("p{at}")).collect();
        let places = 0..all.len();
        let ctx = self.takes_ctx.then(|| quote!(&mut ::remora::__private::ctx(cx),));
        let lent = all.iter().zip(&names).map(|(ty, name)| {
            quote_spanned!(ty.span()=> <#ty as ::remora::function::Param>::lend(&mut #name))
        });
        // `self` comes before the `Ctx`.
        let mut lent: Vec<_> = lent.collect();
        let receiver = self.receiver.is_some().then(|| lent.remove(0)).map(|it| quote!(#it,));
        quote! {{
            let signature = ::remora::__private::signature::<#result>(
                &[#(::remora::__private::ParamShape::of::<#all>()),*]
            );
            let call = ::remora::__private::#kind(::std::boxed::Box::new(
                #[allow(unused_variables, reason = "functions without parameters read none")]
                |cx: &mut ::remora::__private::HostCx<'_>, args: ::remora::__private::Args<'_>| {
                    #(let mut #names = ::remora::__private::hold::<#all>(&args, #places, cx)?;)*
                    let reply = Self::#own(#receiver #ctx #(#lent),*);
                    #reply
                }
            ));
            it.#add(#first &signature, call);
        }}
    }

    /// A function that gives a future, for which scripts wait: what it borrows, it borrows only until then.
    fn begins(&self, function: &ImplItemFn, name: &str, span: Span) -> Result<TokenStream> {
        let output = match &function.sig.output {
            ReturnType::Type(_, ty) => future_output(ty),
            ReturnType::Default => None,
        };
        let Some(result) = output.filter(|_| function.sig.asyncness.is_none()) else {
            return Err(Error::new(
                span,
                "`later` is for a function that gives `impl Future<Output = …> + Send + use<>`",
            ));
        };
        let add = if self.receiver.is_some() { "raw_method" } else { "raw_function" };
        let reply = quote!(::remora::__private::begun(reply));
        let first = quote!(#name,);
        let kind = format_ident!("later");
        Ok(self.added(function, (add, &first), &elided(result), (&kind, &reply)))
    }

    /// A function that scripts wait for.
    fn later(&self, function: &ImplItemFn, name: &str) -> Result<TokenStream> {
        let own = &function.sig.ident;
        if self.receiver.is_some() || self.takes_ctx {
            return Err(Error::new(
                function.sig.asyncness.span(),
                "an async function cannot borrow the object while it waits: write `#[remora(later)]` and \
                 `fn … -> impl Future<Output = …> + Send + use<>`, which takes what it needs and gives `async move { … }`",
            ));
        }
        Ok(quote!(it.async_function(#name, Self::#own);))
    }
}

/// The output of `impl Future<Output = …>`.
fn future_output(ty: &Type) -> Option<&Type> {
    let Type::ImplTrait(it) = ty else { return None };
    it.bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last().filter(|it| it.ident == "Future")?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        arguments.args.iter().find_map(|it| match it {
            GenericArgument::AssocType(it) if it.ident == "Output" => Some(&it.ty),
            _ => None,
        })
    })
}

/// A type with `'_` for each lifetime but `'static`: those of a function have no names where it is called.
fn elided(ty: impl ToTokens) -> TokenStream {
    fn all(tokens: TokenStream) -> TokenStream {
        let mut after_quote = false;
        let one = |token: TokenTree| match token {
            TokenTree::Ident(name) if std::mem::take(&mut after_quote) && name != "static" => {
                Ident::new("_", name.span()).into()
            }
            TokenTree::Group(group) => {
                let mut made = Group::new(group.delimiter(), all(group.stream()));
                made.set_span(group.span());
                made.into()
            }
            other => {
                after_quote = matches!(&other, TokenTree::Punct(it) if it.as_char() == '\'');
                other
            }
        };
        tokens.into_iter().map(one).collect()
    }
    all(ty.into_token_stream())
}

/// `&mut Ctx`, by whatever path.
fn is_ctx(ty: &Type) -> bool {
    let Type::Reference(reference) = ty else { return false };
    let Type::Path(path) = &*reference.elem else { return false };
    reference.mutability.is_some() && path.path.segments.last().is_some_and(|it| it.ident == "Ctx")
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn error(block: ItemImpl) -> String {
        expand(&TokenStream::new(), block).expect_err("it is refused").to_string()
    }

    #[test]
    fn what_scripts_cannot_call_is_refused() {
        assert!(error(parse_quote!(impl Clone for S { })).contains("the type itself"));
        assert!(
            error(parse_quote!(
                impl<T> S<T> {}
            ))
            .contains("no type parameters")
        );
        assert!(
            error(parse_quote!(impl S { pub fn f(self) { } })).contains("`&self` or `&mut self`")
        );
        assert!(
            error(parse_quote!(impl S { pub fn f<T>(&self, x: T) { } }))
                .contains("cannot choose types")
        );
        assert!(
            error(parse_quote!(impl S { pub fn f(&self, x: impl Copy) { } }))
                .contains("cannot choose types")
        );
        assert!(
            error(parse_quote!(impl S { pub async fn f(&self) { } })).contains("#[remora(later)]")
        );
        assert!(
            error(parse_quote!(impl S { #[remora(later)] pub fn f(&self) -> i64 { 1 } }))
                .contains("gives `impl Future")
        );
        assert!(
            error(parse_quote!(impl S { #[remora(add)] fn f(&self) { } }))
                .contains("one parameter")
        );
        assert!(
            error(parse_quote!(impl S { #[remora(add)] fn f(a: i64) { } }))
                .contains("with `&self`")
        );
        assert!(
            error(parse_quote!(impl S { #[remora(add, sub)] fn f(&self, a: i64) { } }))
                .contains("one role")
        );
        assert!(
            error(parse_quote!(impl S { #[remora(ad)] fn f(&self) { } })).contains("unknown word")
        );
        assert!(
            error(parse_quote!(impl S { #[remora(eq)] fn f(&mut self, b: &S) -> bool { true } }))
                .contains("only looks")
        );
        let nine = parse_quote!(impl S { pub fn f(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8) { } });
        assert!(error(nine).contains("at most eight"));
        let args = quote!(x);
        assert!(expand(&args, parse_quote!(impl S { })).is_err());
    }

    #[test]
    fn private_functions_stay_private() {
        let block =
            parse_quote!(impl S { fn a() { } #[remora(skip)] pub fn b() { } pub fn c() { } });
        let text = expand(&TokenStream::new(), block).expect("it is taken").to_string();
        assert!(
            text.contains("\"c\"") && !text.contains("\"a\"") && !text.contains("\"b\""),
            "{text}"
        );
        assert!(!text.contains("remora (skip)"), "{text}");
    }
}
