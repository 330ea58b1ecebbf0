//! Operations: groups with a method each, calls with setters, enums of replies.

use proc_macro2::TokenStream;
use quote::quote;

use super::leaf::{self, Place};
use super::{Piece, check, doc, example};
use crate::model::{
    Among, Argument, CallType, Check, Decode, Endpoint, Form, Group, Ident, Mode, Replies,
    StatusMatch, Taken, Type, Via,
};

/// The struct of a group, and its methods.
pub fn group(item: &Group, pieces: &mut Vec<Piece>) {
    let Group { name, .. } = item;
    let docs = doc::outer(&item.docs);
    pieces.push(Piece::Table(quote! {
        codegen::group! { #docs pub struct #name; }
    }));
    let members = item.endpoints.iter().map(|endpoint| method(endpoint, item));
    pieces.push(Piece::Methods {
        head: quote!(impl #name),
        members: members.collect(),
    });
}

fn method(item: &Endpoint, group: &Group) -> TokenStream {
    let Endpoint {
        method, constant, ..
    } = item;
    let docs = doc::outer(&item.docs);
    let deprecated = item
        .deprecated
        .then(|| quote!(#[doc = ""] #[doc = " **Deprecated** by the authors of the API."]));
    let paths = example::Paths {
        root: &group.root,
        client: &group.client,
        accessor: &group.accessor,
    };
    let example = item
        .example
        .iter()
        .flat_map(|example| example::lines(item, example, &paths));
    let mut example: Vec<String> = example.map(|line| format!(" {line}")).collect();
    if !example.is_empty() {
        example.insert(0, String::new());
    }
    let example = doc::attribute(&example);
    let parameters = item.arguments.iter().map(parameter);
    let (success, refusal) = (result(&item.success), result(&item.refusal));
    let (decode, refuse) = (decoder(&item.success), decoder(&item.refusal));
    let by_items = item.by_items.then(|| quote!(.by_items()));
    let steps = by_items.into_iter().chain(item.arguments.iter().map(step));
    let steps: Vec<TokenStream> = steps.collect();
    let call = quote!(Call::new(&self.client, &operations::#constant, #decode, #refuse));
    let (returned, body) = match &item.call {
        Some(name) => (
            quote!(#name),
            quote!(let call = #call; #name::new(call #(#steps)*)),
        ),
        None => (quote!(Call<#success, #refusal>), quote!(#call #(#steps)*)),
    };
    quote! {
        #docs
        #deprecated
        #example
        pub fn #method(&self #(, #parameters)*) -> #returned { #body }
    }
}

/// A parameter of a method: its name and its type.
pub fn parameter(item: &Argument) -> TokenStream {
    let name = &item.name;
    let ty = taken(&item.taken);
    quote!(#name: #ty)
}

fn taken(taken: &Taken) -> TokenStream {
    match taken {
        Taken::Text => quote!(&str),
        Taken::Value(ty) => leaf::ty(ty, Place::Elsewhere),
        Taken::Reference(ty) => {
            let ty = leaf::ty(ty, Place::Elsewhere);
            quote!(&#ty)
        }
        Taken::Slice(ty) => {
            let ty = leaf::ty(ty, Place::Elsewhere);
            quote!(&[#ty])
        }
        Taken::Upload => quote!(impl Into<codegen::Upload>),
        Taken::SortBy(ty) => {
            let ty = leaf::ty(ty, Place::Elsewhere);
            quote!(impl Into<SortBy<#ty>>)
        }
        Taken::Fields(ty) => {
            let ty = leaf::ty(ty, Place::Elsewhere);
            quote!(impl Into<Fields<#ty>>)
        }
        Taken::Form => quote!(Multipart),
    }
}

/// One step of the call: `.path("id", id)`.
fn step(item: &Argument) -> TokenStream {
    let name = &item.name;
    let borrowed = match item.taken {
        Taken::Value(_) => quote!(&#name),
        Taken::SortBy(_) | Taken::Fields(_) => quote!(&#name.into()),
        _ => quote!(#name),
    };
    let checked = item.checks.as_ref().and_then(|(ty, checks)| {
        let is_owned = matches!(item.taken, Taken::Value(_));
        let body = check::of_value(ty, checks, &quote!(#name), is_owned)?;
        Some(match &item.via {
            Via::Path(wire) | Via::Query(wire) | Via::Header(wire) | Via::Cookie(wire) => {
                let wire = leaf::text(wire);
                quote!(.checked_parameter(#wire, |at| #body))
            }
            _ => quote!(.checked(|at| #body)),
        })
    });
    let sent = sent(item, &borrowed);
    quote!(#checked #sent)
}

/// The step that puts an argument into the request.
fn sent(item: &Argument, borrowed: &TokenStream) -> TokenStream {
    let name = &item.name;
    match &item.via {
        Via::Path(wire) => {
            let wire = leaf::text(wire);
            quote!(.path(#wire, #name))
        }
        Via::Query(wire) => {
            let wire = leaf::text(wire);
            quote!(.query(#wire, #borrowed))
        }
        Via::Header(wire) => {
            let wire = leaf::text(wire);
            quote!(.header(#wire, #name))
        }
        Via::Cookie(wire) => {
            let wire = leaf::text(wire);
            quote!(.cookie(#wire, #name))
        }
        Via::Json(media) => {
            let media = leaf::text(media);
            match &item.form {
                None => quote!(.json(#media, #borrowed)),
                Some(form) => {
                    let form = leaf::form(form, Place::Elsewhere);
                    quote!(.json_as::<#form, _>(#media, #borrowed))
                }
            }
        }
        Via::Form(fields) if fields.is_empty() => quote!(.form(#borrowed)),
        Via::Form(fields) => {
            let fields = fields.iter().map(|field| {
                let name = leaf::text(&field.name);
                let (style, explode) = (Ident::fixed(field.style.name()), leaf::explode(field.explode));
                let required = field.required.then(|| quote!(.required()));
                quote!(codegen::FormField::new(#name, codegen::Style::#style, codegen::Explode::#explode) #required)
            });
            quote!(.form_of(&[#(#fields),*], #borrowed))
        }
        Via::Multipart(media) => {
            let media = leaf::text(media);
            quote!(.multipart(#media, #name))
        }
        Via::Parts(media) => {
            let media = leaf::text(media);
            quote!(.form_parts(#media, #borrowed))
        }
        Via::Bytes(media) | Via::Text(media) => {
            let media = leaf::text(media);
            quote!(.upload(#media, #name))
        }
    }
}

/// The type a reply is decoded into.
pub fn result(decode: &Decode) -> TokenStream {
    match decode {
        Decode::Json(ty) => leaf::ty(ty, Place::Elsewhere),
        Decode::OptionalJson(ty) => {
            let ty = leaf::ty(ty, Place::Elsewhere);
            quote!(Option<#ty>)
        }
        Decode::Lossless(ty) => {
            let ty = leaf::ty(ty, Place::Elsewhere);
            quote!(Expected<#ty>)
        }
        Decode::OptionalLossless(ty) => {
            let ty = leaf::ty(ty, Place::Elsewhere);
            quote!(Option<Expected<#ty>>)
        }
        Decode::Empty => quote!(()),
        Decode::Text => quote!(String),
        Decode::Bytes => quote!(Bytes),
        Decode::Events(ty, _) => {
            let ty = leaf::ty(ty, Place::Elsewhere);
            quote!(EventStream<#ty>)
        }
        Decode::Lines(ty, _) => {
            let ty = leaf::ty(ty, Place::Elsewhere);
            quote!(LineStream<#ty>)
        }
        Decode::Undocumented => quote!(Undocumented),
        Decode::Replies(name) => quote!(#name),
    }
}

/// The function that decodes it.
pub fn decoder(decode: &Decode) -> TokenStream {
    let formed = |ty: &Type, name: TokenStream| match ty.form() {
        None => quote!(reply::#name),
        Some(form) => {
            let form = leaf::form(&form, Place::Elsewhere);
            quote!(reply::As::<#form>::#name)
        }
    };
    match decode {
        Decode::Json(ty) => formed(ty, quote!(json)),
        Decode::OptionalJson(ty) => formed(ty, quote!(optional_json)),
        Decode::Lossless(ty) => formed(ty, quote!(lossless)),
        Decode::OptionalLossless(ty) => formed(ty, quote!(optional_lossless)),
        Decode::Empty => quote!(reply::empty),
        Decode::Text => quote!(reply::text),
        Decode::Bytes => quote!(reply::bytes),
        Decode::Events(_, Form::Json) => quote!(reply::events),
        Decode::Events(_, Form::Text) => quote!(reply::text_events),
        Decode::Events(_, Form::Whole) => quote!(reply::whole_events),
        Decode::Events(_, Form::WholeText) => quote!(reply::whole_text_events),
        Decode::Lines(_, Form::Text) => quote!(reply::text_lines),
        Decode::Lines(..) => quote!(reply::lines),
        Decode::Undocumented => quote!(reply::none),
        Decode::Replies(name) => quote!(#name::decode),
    }
}

/// The newtype of a call, and its setters.
pub fn call(item: &CallType, pieces: &mut Vec<Piece>) {
    let CallType { name, .. } = item;
    let docs = doc::outer(&item.docs);
    let (success, refusal) = (result(&item.success), result(&item.refusal));
    let items = item.items.as_ref().map(|(ty, way)| {
        let ty = leaf::ty(ty, Place::Elsewhere);
        let split = split(way);
        quote!(items #ty = #split;)
    });
    let waits = item.waits.as_ref().map(|waits| {
        let (ty, decode) = (result(&waits.decode), decoder(&waits.decode));
        let among = waits.among.as_ref().map(among);
        let constant = &item.constant;
        let (group, resume) = &waits.resumed;
        quote!(wait operations::#constant: #ty = #decode #among, resumed #group::#resume;)
    });
    let events = item.events.as_ref().map(|decode| {
        let (ty, decode) = (result(decode), decoder(decode));
        quote!(events #ty = #decode;)
    });
    pieces.push(Piece::Table(quote! {
        codegen::call! { #docs pub struct #name(#success, #refusal); #items #waits #events }
    }));
    if !item.options.is_empty() {
        let members = item.options.iter().map(setter).collect();
        pieces.push(Piece::Methods {
            head: quote!(impl #name),
            members,
        });
    }
}

/// Which items of a polled list count.
fn among(item: &Among) -> TokenStream {
    let (items, identity) = (leaf::text(&item.items), leaf::text(&item.identity));
    let baseline = item.baseline;
    let matches = item.matches.iter().map(|(pointer, text)| {
        let (pointer, text) = (leaf::text(pointer), leaf::text(text));
        quote!((#pointer, #text))
    });
    quote! {
        , among codegen::WaitAmong {
            items: #items, identity: #identity, baseline: #baseline, matches: &[#(#matches),*]
        }
    }
}

/// From a page to its items.
fn split(way: &[(Ident, Mode)]) -> TokenStream {
    if way.is_empty() {
        return quote!(std::convert::identity);
    }
    if way.iter().all(|(_, mode)| *mode == Mode::Required) {
        let fields = way.iter().map(|(name, _)| name);
        return quote!(|page| page #(.#fields)*);
    }
    let steps = way.iter().map(|(name, mode)| match mode {
        Mode::Required => quote!(.map(|page| page.#name)),
        Mode::Optional => quote!(.and_then(|page| page.#name)),
        Mode::Nullable | Mode::Maybe | Mode::Tolerant => {
            quote!(.and_then(|page| page.#name.into_option()))
        }
    });
    quote!(|page| Some(page)#(#steps)*.unwrap_or_default())
}

fn setter(item: &Argument) -> TokenStream {
    let name = &item.name;
    let docs = doc::outer(&item.docs);
    let deprecated = item
        .deprecated
        .then(|| quote!(#[doc = ""] #[doc = " **Deprecated** by the authors of the API."]));
    let ty = taken(&item.taken);
    let step = step(item);
    // Checks make the chain long, and a statement breaks before its calls.
    let body = if item.checks.is_some() {
        quote!(let call = self.0 #step; Self(call))
    } else {
        quote!(Self(self.0 #step))
    };
    quote! {
        #docs
        #deprecated
        pub fn #name(self, #name: #ty) -> Self { #body }
    }
}

/// The enum of several replies, and its decoder.
pub fn replies(item: &Replies, pieces: &mut Vec<Piece>) {
    let Replies { name, .. } = item;
    let docs = doc::outer(&item.docs);
    let variants = item.variants.iter().map(|variant| {
        let docs = doc::outer_or(&variant.docs, "One of the replies.");
        let name = &variant.name;
        match &variant.decode {
            Decode::Empty => quote!(#docs #name,),
            decode => {
                let ty = result(decode);
                quote!(#docs #name(#ty),)
            }
        }
    });
    let other = item
        .other
        .as_ref()
        .map(|name| quote!(#[doc = " Whatever else came, as received."] #name(Json),));
    let derives = if item.has_sequence() {
        quote!(Debug)
    } else {
        quote!(Clone, Debug, PartialEq)
    };
    pieces.push(Piece::Table(quote! {
        #docs
        #[derive(#derives)]
        pub enum #name { #(#variants)* #other }
    }));
    let mut decoded = item.variants.iter();
    let first = decoded.position(|it| it.decode.is_value()).unwrap_or(0);
    let arms = item.variants.iter().enumerate().map(|(index, variant)| {
        let patterns = variant.matches.iter().map(|(status, media)| {
            let status = self::status(*status);
            let media = leaf::text(media);
            quote!(Some((#status, #media)))
        });
        let name = &variant.name;
        let value = match &variant.decode {
            Decode::Empty => quote!(Ok(Self::#name)),
            decode => {
                let decode = decoder(decode);
                quote!(#decode(received).map(Self::#name))
            }
        };
        let value = match &item.other {
            Some(other) if variant.decode.is_value() => {
                quote!(#value.or_else(|_| reply::other(received).map(Self::#other)))
            }
            _ => value,
        };
        // The first reply with a value stands for statuses that the document does not name.
        if index == first {
            quote!(_ => #value,)
        } else {
            quote!(#(#patterns)|* => #value,)
        }
    });
    let mut arms: Vec<TokenStream> = arms.collect();
    if !arms.is_empty() {
        let otherwise = arms.remove(first);
        arms.push(otherwise);
    }
    let decode = quote! {
        fn decode(received: &RawResponse) -> Result<Self, DecodeError> {
            match received.reply().map(|reply| (reply.status, reply.media)) { #(#arms)* }
        }
    };
    pieces.push(Piece::Impl {
        head: quote!(impl #name),
        members: vec![decode],
    });
}

/// A status as a value and as a pattern.
pub fn status(status: StatusMatch) -> TokenStream {
    match status {
        StatusMatch::Code(code) => {
            let code = proc_macro2::Literal::u16_unsuffixed(code);
            quote!(StatusMatch::Code(#code))
        }
        StatusMatch::Range(class) => {
            let class = proc_macro2::Literal::u8_unsuffixed(class);
            quote!(StatusMatch::Range(#class))
        }
        StatusMatch::Default => quote!(StatusMatch::Default),
    }
}

/// The imports of a file of operations.
pub fn uses(items: &[crate::model::Item]) -> Vec<TokenStream> {
    use crate::model::Item;
    let mut named = super::uses::Named::default();
    for item in items {
        match item {
            Item::Group(group) => {
                named.codegen("Call");
                named.codegen("self");
                for endpoint in &group.endpoints {
                    if endpoint.call.is_none() {
                        named.result(&endpoint.success);
                        named.result(&endpoint.refusal);
                    }
                    named.decoder(&endpoint.success);
                    named.decoder(&endpoint.refusal);
                    endpoint
                        .arguments
                        .iter()
                        .for_each(|argument| named.argument(argument));
                }
            }
            Item::CallType(call) => {
                named.codegen("self");
                named.result(&call.success);
                named.result(&call.refusal);
                call.options
                    .iter()
                    .for_each(|argument| named.argument(argument));
                if let Some((ty, _)) = &call.items {
                    named.ty(ty);
                }
                if let Some(waits) = &call.waits {
                    named.result(&waits.decode);
                    named.decoder(&waits.decode);
                }
                if let Some(decode) = &call.events {
                    named.result(decode);
                    named.decoder(decode);
                }
            }
            Item::Replies(replies) => named.replies(replies),
            _ => {}
        }
    }
    named.of_operations()
}

/// Whether a check calls those of a type.
fn is_nested(checks: &[Check]) -> bool {
    checks.iter().any(|check| match check {
        Check::Nested => true,
        Check::Each(inner) => is_nested(inner),
        _ => false,
    })
}

impl super::uses::Named {
    /// Names what an enum of replies is made of.
    pub fn replies(&mut self, replies: &Replies) {
        for name in ["DecodeError", "RawResponse", "StatusMatch"] {
            self.codegen(name);
        }
        for variant in &replies.variants {
            self.result(&variant.decode);
            self.decoder(&variant.decode);
        }
        if replies.other.is_some() {
            self.json_name("Json");
            self.codegen("reply");
        }
    }

    /// Names the type that something is decoded into.
    pub fn result(&mut self, decode: &Decode) {
        match decode {
            Decode::Json(ty) | Decode::OptionalJson(ty) => self.ty(ty),
            Decode::Lossless(ty) | Decode::OptionalLossless(ty) => {
                self.json_name("Expected");
                self.ty(ty);
            }
            Decode::Bytes => self.codegen("Bytes"),
            Decode::Events(ty, _) => {
                self.codegen("EventStream");
                self.ty(ty);
            }
            Decode::Lines(ty, _) => {
                self.codegen("LineStream");
                self.ty(ty);
            }
            Decode::Undocumented => self.codegen("Undocumented"),
            Decode::Empty | Decode::Text | Decode::Replies(_) => {}
        }
    }

    /// Names what decodes it.
    pub fn decoder(&mut self, decode: &Decode) {
        if let Decode::Json(ty)
        | Decode::OptionalJson(ty)
        | Decode::Lossless(ty)
        | Decode::OptionalLossless(ty) = decode
        {
            self.form_of(ty);
        }
        if !matches!(decode, Decode::Replies(_)) {
            self.codegen("reply");
        }
    }

    fn argument(&mut self, argument: &Argument) {
        if matches!(&argument.via, Via::Form(fields) if !fields.is_empty()) {
            self.codegen("self");
        }
        match &argument.taken {
            Taken::Value(ty) | Taken::Reference(ty) | Taken::Slice(ty) => self.ty(ty),
            Taken::Upload => self.codegen("self"),
            Taken::SortBy(ty) => {
                self.codegen("SortBy");
                self.ty(ty);
            }
            Taken::Fields(ty) => {
                self.codegen("Fields");
                self.ty(ty);
            }
            Taken::Form => self.codegen("Multipart"),
            Taken::Text => {}
        }
        argument.form.iter().for_each(|form| self.form(form));
        if argument
            .checks
            .as_ref()
            .is_some_and(|(_, checks)| is_nested(checks))
        {
            self.codegen("Validate");
        }
    }
}
