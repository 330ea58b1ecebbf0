//! The leaves of emitted code: identifiers, types, literals.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote};

use crate::model::{Derive, Ident, Mode, RustPath, Type, WireForm};

impl ToTokens for Ident {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        proc_macro2::Ident::new(self.as_str(), Span::call_site()).to_tokens(tokens);
    }
}

/// A text of the document as a string literal, the only form in which it reaches code.
pub fn text(text: &str) -> Literal {
    Literal::string(text)
}

/// A JSON text as a string literal, raw where that reads better and hides nothing.
pub fn json(text: &str) -> Literal {
    let is_plain = text.contains('"') && !text.contains("\"#");
    let is_shown = |letter: char| letter == ' ' || letter.is_ascii_graphic();
    let raw = format!("r#\"{text}\"#").parse();
    raw.ok()
        .filter(|_| is_plain && text.chars().all(is_shown))
        .unwrap_or_else(|| self::text(text))
}

/// The variant of `Explode`.
pub fn explode(explode: bool) -> Ident {
    Ident::fixed(if explode { "Yes" } else { "No" })
}

/// A wire text within a code span of documentation.
pub fn code(text: &str) -> String {
    const HIDDEN: &str = "\u{feff}\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{2028}\u{2029}";
    text.chars()
        .map(|each| {
            if each == '`' || each.is_control() || HIDDEN.contains(each) {
                '\''
            } else {
                each
            }
        })
        .collect()
}

/// Where a type is written, which decides how types of the package are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Within `types`, where they are in scope.
    Types,
    /// Elsewhere, where they stand behind `types::`.
    Elsewhere,
}

/// A type as it is written in a place.
pub fn ty(ty: &Type, place: Place) -> TokenStream {
    let inner = |each: &Type| self::ty(each, place);
    match ty {
        Type::Unit => quote!(()),
        Type::Bool => quote!(bool),
        Type::String => quote!(String),
        Type::I64 => quote!(i64),
        Type::U64 => quote!(u64),
        Type::Number => quote!(Number),
        Type::Json => quote!(Json),
        Type::Bytes => quote!(Bytes),
        Type::SecretString => quote!(SecretString),
        Type::SecretJson => quote!(SecretJson),
        Type::Foreign(path) => wrapped(&quote!(Lossless), &self::path(path)),
        Type::File => quote!(FilePart),
        Type::Named(name) | Type::Alias(name, _) if place == Place::Types => quote!(#name),
        Type::Named(name) | Type::Alias(name, _) => quote!(types::#name),
        Type::Box(item) => wrapped(&quote!(Box), &inner(item)),
        Type::Vec(item) => wrapped(&quote!(Vec), &inner(item)),
        Type::Map(item) => wrapped(&quote!(Map), &inner(item)),
        Type::Nullable(item) => wrapped(&quote!(Nullable), &inner(item)),
        Type::Option(item) => wrapped(&quote!(Option), &inner(item)),
        Type::Root(_, item) => inner(item),
        Type::As(item) => {
            let form = self::form(&item.form().unwrap_or(WireForm::Plain), place);
            let item = inner(item);
            quote!(As<#item, #form>)
        }
    }
}

/// A form as it is written in a place.
pub fn form(form: &WireForm, place: Place) -> TokenStream {
    let inner = |each: &WireForm| self::form(each, place);
    match form {
        WireForm::Plain => quote!(Plain),
        WireForm::Under(root, item) => {
            let root = match place {
                Place::Types => quote!(roots::#root),
                Place::Elsewhere => quote!(types::roots::#root),
            };
            if **item == WireForm::Plain {
                return quote!(Under<#root>);
            }
            let item = inner(item);
            quote!(Under<#root, #item>)
        }
        WireForm::Each(item) => wrapped(&quote!(Each), &inner(item)),
        WireForm::Values(item) => wrapped(&quote!(Values), &inner(item)),
        WireForm::OrNull(item) => wrapped(&quote!(OrNull), &inner(item)),
        WireForm::Boxed(item) => wrapped(&quote!(Boxed), &inner(item)),
    }
}

/// A path of another crate. Names that stand alone are traits of the prelude.
pub fn path(path: &RustPath) -> TokenStream {
    let names = &path.names;
    let of = path.of.iter().map(self::path);
    let of = (!path.of.is_empty()).then(|| quote!(<#(#of),*>));
    match names.as_slice() {
        [only] => quote!(#only #of),
        names => quote!(::#(#names)::* #of),
    }
}

/// The attribute that leaves an item out unless one of some features is asked for.
pub fn needs(features: &[String]) -> Option<TokenStream> {
    match features {
        [] => None,
        [only] => Some(quote!(#[cfg(feature = #only)])),
        several => Some(quote!(#[cfg(any(#(feature = #several),*))])),
    }
}

/// Further derives of an item, but for those that it has anyway.
pub fn derives(derives: &[Derive], has: &[&str]) -> Vec<TokenStream> {
    let further = derives.iter().filter_map(|derive| match derive {
        Derive::Default => Some(quote!(Default)),
        Derive::Path(path) if has.contains(&path.to_string().as_str()) => None,
        Derive::Path(path) => Some(self::path(path)),
    });
    further.collect()
}

fn wrapped(outer: &TokenStream, inner: &TokenStream) -> TokenStream {
    quote!(#outer<#inner>)
}

/// The word of a mode in tables.
pub fn mode(mode: Mode) -> TokenStream {
    match mode {
        Mode::Required => quote!(required),
        Mode::Nullable => quote!(nullable),
        Mode::Optional => quote!(optional),
        Mode::Maybe => quote!(maybe),
        Mode::Tolerant => quote!(tolerant),
    }
}
