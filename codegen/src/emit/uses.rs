//! The imports of a file of types: what its items name, and nothing else.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::check;
use crate::model::{Field, Ident, Item, Mode, Rest, Type, WireForm};

/// What the items of a file name beyond the prelude.
#[derive(Debug, Default)]
pub struct Named {
    json: BTreeSet<&'static str>,
    codegen: BTreeSet<&'static str>,
    /// Whether one of its types has checks.
    checks: bool,
    /// Whether an item has a table.
    tables: bool,
    types: BTreeSet<Ident>,
    defined: BTreeSet<Ident>,
}

/// The imports of a file of types.
pub fn of_types(items: &[Item]) -> Vec<TokenStream> {
    let mut named = Named::default();
    for item in items {
        named.item(item);
    }
    named.tables |= !check::unconstrained(items).is_empty();
    let mut uses = Vec::new();
    if !named.json.is_empty() || named.tables {
        let listed = named.json.iter().map(|name| Ident::fixed(name));
        let whole = named.tables.then(|| quote!(self,));
        uses.push(quote!(use crate::runtime::json::{#whole #(#listed),*};));
    }
    if !named.codegen.is_empty() {
        uses.push(named.of_codegen());
    }
    if named.checks {
        uses.push(quote!(
            use crate::runtime::json::validate::{Checker, Validate};
        ));
    }
    if !named.types.is_subset(&named.defined) {
        uses.push(quote!(
            use super::*;
        ));
    }
    uses
}

impl Named {
    fn item(&mut self, item: &Item) {
        self.tables |= match item {
            Item::Struct(item) if item.form.is_some() => {
                item.fields.iter().any(|it| it.mode == Mode::Optional)
            }
            Item::Struct(_)
            | Item::Tuple(_)
            | Item::StringEnum(_)
            | Item::Union(_)
            | Item::Roots(_)
            | Item::Twins(_) => true,
            _ => false,
        };
        match item {
            Item::Struct(item) => {
                self.defined.insert(item.name.clone());
                self.checks |= item.built && !check::of_struct(item).is_empty();
                if item.form.is_some() {
                    self.codegen("self");
                }
                item.fields.iter().for_each(|field| self.field(field));
                match &item.rest {
                    Rest::Closed => {}
                    Rest::Extra(_) => self.json_name("Extra"),
                    Rest::Parts(_) => self.codegen("Multipart"),
                    Rest::Typed(_, ty) => {
                        self.json_name("Map");
                        self.ty(ty);
                    }
                }
            }
            Item::Tuple(item) => {
                self.defined.insert(item.name.clone());
                self.checks |= item.built && !check::of_tuple(item).is_empty();
                item.fields.iter().for_each(|field| self.ty(&field.ty));
                item.rest.iter().for_each(|(_, ty)| self.ty(ty));
            }
            Item::StringEnum(item) => {
                self.defined.insert(item.name.clone());
            }
            Item::Union(item) => {
                self.defined.insert(item.name.clone());
                self.checks |= item.built && !check::of_union(item).is_empty();
                for variant in &item.variants {
                    self.ty(&variant.ty);
                    self.form_of(&variant.ty);
                }
                if item.unknown.is_some() {
                    self.json_name("Json");
                }
            }
            Item::Twins(conversions) => {
                let names = conversions.iter().flat_map(|it| [&it.from, &it.to]);
                self.types.extend(names.cloned());
            }
            Item::Alias(item) => {
                self.defined.insert(item.name.clone());
                self.ty(&item.ty);
            }
            _ => {}
        }
    }

    fn field(&mut self, field: &Field) {
        match field.mode {
            Mode::Required | Mode::Optional => {}
            Mode::Nullable => self.json_name("Nullable"),
            Mode::Maybe | Mode::Tolerant => self.json_name("Maybe"),
        }
        self.ty(&field.ty);
        self.form_of(&field.ty);
    }

    /// Names something of the waist of the runtime.
    pub fn codegen(&mut self, name: &'static str) {
        self.codegen.insert(name);
    }

    /// The imports of a file of operations.
    pub fn of_operations(&self) -> Vec<TokenStream> {
        let types = (!self.types.is_empty()).then(|| quote!(, types));
        let mut uses = vec![quote!(use super::super::{operations #types};)];
        let names = self.json.iter().map(|name| Ident::fixed(name));
        if !self.json.is_empty() {
            uses.push(quote!(use crate::runtime::json::{#(#names),*};));
        }
        uses.push(self.of_codegen());
        uses
    }

    /// The import of what is named of the waist of the runtime.
    fn of_codegen(&self) -> TokenStream {
        // `self` is a keyword, and the only one among the names.
        let whole = self.codegen.contains("self").then(|| quote!(self,));
        let names = self
            .codegen
            .iter()
            .filter(|name| **name != "self")
            .map(|name| Ident::fixed(name));
        quote!(use crate::runtime::codegen::{#whole #(#names),*};)
    }

    /// The imports of a file of headers.
    pub fn of_headers(&self) -> Vec<TokenStream> {
        let types = (!self.types.is_empty()).then(|| {
            quote!(
                use super::types;
            )
        });
        let names = self.json.iter().map(|name| Ident::fixed(name));
        let json =
            (!self.json.is_empty()).then(|| quote!(use crate::runtime::json::{#(#names),*};));
        let codegen = quote!(
            use crate::runtime::codegen;
        );
        types.into_iter().chain(json).chain([codegen]).collect()
    }

    /// The imports of a file of what the service sends.
    pub fn of_hooks(&self) -> Vec<TokenStream> {
        let types = (!self.types.is_empty()).then(|| {
            quote!(
                use super::types;
            )
        });
        let names = self.json.iter().map(|name| Ident::fixed(name));
        let json =
            (!self.json.is_empty()).then(|| quote!(use crate::runtime::json::{#(#names),*};));
        types
            .into_iter()
            .chain(json)
            .chain([self.of_codegen()])
            .collect()
    }

    /// The imports of a list of bodies.
    pub fn of_payloads(&self) -> Vec<TokenStream> {
        let mut uses = Vec::new();
        if !self.types.is_empty() {
            uses.push(quote!(
                use super::types;
            ));
        }
        let names = self.json.iter().map(|name| Ident::fixed(name));
        uses.push(quote!(use crate::runtime::json::{Payload, #(#names),*};));
        uses
    }

    pub fn json_name(&mut self, name: &'static str) {
        self.json.insert(name);
    }

    /// Names what a type is made of.
    pub fn ty(&mut self, ty: &Type) {
        match ty {
            Type::Unit | Type::Bool | Type::String | Type::I64 | Type::U64 | Type::Bytes => {}
            Type::Number => self.json_name("Number"),
            Type::Json => self.json_name("Json"),
            Type::SecretString => self.json_name("SecretString"),
            Type::SecretJson => self.json_name("SecretJson"),
            Type::Foreign(_) => self.json_name("Lossless"),
            Type::File => self.codegen("FilePart"),
            Type::Named(name) | Type::Alias(name, _) => {
                self.types.insert(name.clone());
            }
            Type::Box(inner) | Type::Vec(inner) | Type::Option(inner) | Type::Root(_, inner) => {
                self.ty(inner);
            }
            Type::Map(inner) => {
                self.json_name("Map");
                self.ty(inner);
            }
            Type::Nullable(inner) => {
                self.json_name("Nullable");
                self.ty(inner);
            }
            Type::As(inner) => {
                self.json_name("As");
                self.ty(inner);
                self.form_of(inner);
            }
        }
    }

    /// Names the form in which values of a type travel.
    pub fn form_of(&mut self, ty: &Type) {
        if let Some(form) = ty.form() {
            self.form(&form);
        }
    }

    /// Names what carries a form, and the form.
    pub fn formed(&mut self, form: &WireForm) {
        self.json_name("As");
        self.form(form);
    }

    /// Names what a form is made of.
    pub fn form(&mut self, form: &WireForm) {
        let (name, inner) = match form {
            WireForm::Plain => return self.json_name("Plain"),
            WireForm::Under(_, inner) => {
                self.types.insert(Ident::fixed("roots"));
                if **inner == WireForm::Plain {
                    return self.json_name("Under");
                }
                ("Under", inner)
            }
            WireForm::Each(inner) => ("Each", inner),
            WireForm::Values(inner) => ("Values", inner),
            WireForm::OrNull(inner) => ("OrNull", inner),
            WireForm::Boxed(inner) => ("Boxed", inner),
        };
        self.json_name(name);
        self.form(inner);
    }

    /// The imports of a file of probes, which stands in another crate.
    pub fn of_probes(&self, krate: &proc_macro2::Ident) -> Option<TokenStream> {
        let names = self.json.iter().map(|name| Ident::fixed(name));
        (!self.json.is_empty()).then(|| quote!(use #krate::runtime::json::{#(#names),*};))
    }
}
