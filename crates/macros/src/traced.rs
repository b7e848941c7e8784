//! `#[traced]`: a function whose entry and exit are places for probes.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Error, FnArg, Ident, ItemFn, LitStr, Pat, Path, Result, ReturnType, Token, parenthesized,
};

/// What stands behind `traced`.
#[derive(Default)]
struct Options {
    name: Option<LitStr>,
    skip: Vec<Ident>,
    request: bool,
    /// Where the runtime's part is found, for crates that use it directly.
    path: Option<Path>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut options = Self::default();
        while !input.is_empty() {
            if input.peek(Token![crate]) {
                input.parse::<Token![crate]>()?;
                input.parse::<Token![=]>()?;
                options.path = Some(input.parse()?);
            } else {
                options.option(input)?;
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

impl Options {
    fn option(&mut self, input: ParseStream<'_>) -> Result<()> {
        let word: Ident = input.parse()?;
        match word.to_string().as_str() {
            "name" => {
                input.parse::<Token![=]>()?;
                self.name = Some(input.parse()?);
            }
            "skip" => {
                let inner;
                parenthesized!(inner in input);
                let names =
                    Punctuated::<Ident, Token![,]>::parse_terminated_with(&inner, parse_name)?;
                self.skip.extend(names);
            }
            "request" => self.request = true,
            _ => {
                let what = "write `name = \"…\"`, `skip(…)` or `request`";
                return Err(Error::new(word.span(), what));
            }
        }
        Ok(())
    }
}

/// A name, also `self`.
fn parse_name(input: ParseStream<'_>) -> Result<Ident> {
    if input.peek(Token![self]) {
        let it = input.parse::<Token![self]>()?;
        return Ok(Ident::new("self", it.span));
    }
    input.parse()
}

pub(crate) fn expand(args: TokenStream, function: ItemFn) -> Result<TokenStream> {
    let options: Options = syn::parse2(args)?;
    let ItemFn { attrs, vis, sig, block, .. } = function;
    if let Some(it) = &sig.constness {
        return Err(Error::new_spanned(it, "a function that runs while compiling has no probes"));
    }
    let names = arguments(&sig.inputs, &options);
    if let Some(unknown) = options.skip.iter().find(|it| !named(&sig.inputs).contains(it)) {
        return Err(Error::new(unknown.span(), format!("there is no argument `{unknown}`")));
    }
    let texts = names.iter().map(ToString::to_string);
    let probe = options.path.map_or_else(|| quote!(::remora::probe), |it| quote!(#it));
    let (module, name) = match &options.name {
        Some(name) => (quote!(""), name.value()),
        None => (quote!(::core::module_path!()), sig.ident.to_string()),
    };
    let enter = quote! {
        let mut __entered = if __FUNCTION.is_on() {
            __FUNCTION.enter(&[#(&(&&#probe::rust::Show(&#names)).shown() as &dyn #probe::rust::Visible),*])
        } else {
            ::core::option::Option::None
        };
    };
    let leave = quote! {
        if let ::core::option::Option::Some(__entered) = __entered.as_mut() {
            __entered.leave(&(&&#probe::rust::Show(&__result)).shown());
        }
        __result
    };
    let typed = typed(&sig.output);
    let run = match sig.asyncness {
        Some(_) => quote!(let __result = async move { #typed #block }.await;),
        None => quote!(let __result = #probe::rust::call(move || { #typed #block });),
    };
    let whole = quote!(#enter #run #leave);
    let body = match (sig.asyncness.is_some(), options.request) {
        (_, false) => whole,
        (true, true) => quote!(#probe::Request::new().follow(async move { #whole }).await),
        (false, true) => quote!(#probe::Request::new().scope(move || { #whole })),
    };
    Ok(quote! {
        #(#attrs)*
        #[allow(
            unused_imports,
            reason = "the result is looked at before it is given; which of the ways is used depends on the types"
        )]
        #vis #sig {
            static __FUNCTION: #probe::rust::Function =
                #probe::rust::Function::new(#module, #name, &[#(#texts),*]);
            use #probe::rust::{ShowAny as _, ShowDebug as _, ShowVisible as _};
            #body
        }
    })
}

/// A return that never happens, so that the type of the body is known inside of it.
fn typed(output: &ReturnType) -> TokenStream {
    let ReturnType::Type(_, ty) = output else { return TokenStream::new() };
    let shown = quote!(#ty).to_string();
    if shown.split(|c: char| !c.is_alphanumeric()).any(|it| it == "impl") {
        return TokenStream::new();
    }
    quote! {
        #[allow(unreachable_code, clippy::diverging_sub_expression, reason = "it never happens")]
        if false {
            let __never: #ty = loop {};
            return __never;
        }
    }
}

/// The arguments that have a name.
fn named(inputs: &Punctuated<FnArg, Token![,]>) -> Vec<Ident> {
    let names = inputs.iter().filter_map(|it| match it {
        FnArg::Receiver(it) => Some(Ident::new("self", it.self_token.span)),
        FnArg::Typed(it) => match &*it.pat {
            Pat::Ident(it) => Some(it.ident.clone()),
            _ => None,
        },
    });
    names.collect()
}

fn arguments(inputs: &Punctuated<FnArg, Token![,]>, options: &Options) -> Vec<Ident> {
    named(inputs).into_iter().filter(|it| !options.skip.contains(it)).collect()
}
