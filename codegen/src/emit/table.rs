//! The constants: the table of operations and the description of the service.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Piece, bound, doc, endpoint, leaf};
use crate::model::{
    Dialect, Flow, FlowKind, Format, Ident, Operation, Pagination, Parameter, Payload, Place,
    Reply, Scheme, Server, Service, Setting, StatusMatch, Style, Table, Wait,
};

/// The list of all operations, the constant of each, and the short forms they are written in.
pub fn pieces(item: &Table, pieces: &mut Vec<Piece>) {
    pieces.push(Piece::Line(quote! {
        use crate::runtime::codegen::*;
    }));
    let names = item.operations.iter().map(|operation| &operation.constant);
    pieces.push(Piece::Table(quote! {
        #[doc = " Every operation, in the order of the document."]
        pub const OPERATIONS: &[Operation] = &[#(#names),*];
    }));
    let mut forms = Forms::default();
    let common = common_security(item);
    let operations = item.operations.iter();
    pieces.extend(
        operations.map(|operation| Piece::Table(self::operation(operation, &common, &mut forms))),
    );
    pieces.extend(forms.pieces(&common));
}

/// The credentials that most operations need.
fn common_security(item: &Table) -> Vec<Vec<String>> {
    let mut counts: BTreeMap<&Vec<Vec<String>>, usize> = BTreeMap::new();
    for operation in &item.operations {
        *counts.entry(&operation.security).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(security, _)| security.clone())
        .unwrap_or_default()
}

/// The short forms that were used.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each form is used or not, apart from the others"
)]
struct Forms {
    operation: bool,
    path: bool,
    query: bool,
    json: bool,
    empty: bool,
}

impl Forms {
    /// The functions behind the short forms; what is not used is not emitted.
    fn pieces(&self, common: &[Vec<String>]) -> Vec<Piece> {
        let security = common.iter().map(|names| texts(names));
        let operation = quote! {
            #[doc = " An operation with what most of them share."]
            const fn operation(id: &'static str, method: Method, path: &'static str, tag: &'static str) -> Operation {
                Operation {
                    id, method, path, tag, deprecated: false, idempotent: method.is_idempotent(), parameters: &[],
                    body: &[], replies: &[], security: &[#(#security),*], scopes: &[], idempotency_key: "",
                    secrets: &[], servers: &[], pagination: None, wait: None,
                }
            }
        };
        let parameter = |name: &'static str,
                         place: Place,
                         style: Style,
                         required: bool,
                         explode: bool| {
            let docs = format!(" A parameter of the {name}.");
            let (name, place, style) = (
                Ident::fixed(name),
                Ident::fixed(place.name()),
                Ident::fixed(style.name()),
            );
            quote! {
                #[doc = #docs]
                const fn #name(name: &'static str, schema: &'static str) -> Parameter {
                    Parameter {
                        name, schema, place: Place::#place, style: Style::#style, required: #required,
                        explode: #explode, allow_reserved: false, secret: false, bounds: &[],
                    }
                }
            }
        };
        let json = quote! {
            #[doc = " A reply of JSON."]
            const fn json(code: u16, schema: &'static str) -> Reply {
                Reply { status: StatusMatch::Code(code), media: "application/json", schema }
            }
        };
        let empty = quote! {
            #[doc = " A reply without a body."]
            const fn empty(code: u16) -> Reply {
                Reply { status: StatusMatch::Code(code), media: "", schema: "" }
            }
        };
        let forms = [
            (self.operation, operation),
            (
                self.path,
                parameter("path", Place::Path, Style::Simple, true, false),
            ),
            (
                self.query,
                parameter("query", Place::Query, Style::Form, false, true),
            ),
            (self.json, json),
            (self.empty, empty),
        ];
        forms
            .into_iter()
            .filter(|(used, _)| *used)
            .map(|(_, tokens)| Piece::Item(tokens))
            .collect()
    }

    /// A reply, in its short form where it has one.
    fn reply(&mut self, item: &Reply) -> TokenStream {
        let (media, schema) = (leaf::text(&item.media), leaf::text(&item.schema));
        match (item.status, item.media.as_str()) {
            (StatusMatch::Code(code), "application/json") => {
                self.json = true;
                let code = Literal::u16_unsuffixed(code);
                quote!(json(#code, #schema))
            }
            (StatusMatch::Code(code), "") => {
                self.empty = true;
                let code = Literal::u16_unsuffixed(code);
                quote!(empty(#code))
            }
            (status, _) => {
                let status = endpoint::status(status);
                quote!(Reply { status: #status, media: #media, schema: #schema })
            }
        }
    }

    /// A parameter, in its short form with what differs from it.
    fn parameter(&mut self, item: &Parameter) -> TokenStream {
        let Parameter {
            required,
            explode,
            allow_reserved,
            secret,
            ..
        } = item;
        let (name, schema) = (leaf::text(&item.name), leaf::text(&item.schema));
        let (place, style) = (
            Ident::fixed(item.place.name()),
            Ident::fixed(item.style.name()),
        );
        let form = match item.place {
            Place::Path => Some((quote!(path), (true, Style::Simple, false))),
            Place::Query => Some((quote!(query), (false, Style::Form, true))),
            Place::Header | Place::Cookie => None,
        };
        self.path |= item.place == Place::Path;
        self.query |= item.place == Place::Query;
        let bounds = bound::all(&item.bounds);
        let Some((form, usual)) = form else {
            return quote! {
                Parameter {
                    name: #name, place: Place::#place, required: #required, style: Style::#style,
                    explode: #explode, allow_reserved: #allow_reserved, schema: #schema, secret: #secret,
                    bounds: &[#(#bounds),*]
                }
            };
        };
        let required = (*required != usual.0).then(|| quote!(required: #required,));
        let style = (item.style != usual.1).then(|| quote!(style: Style::#style,));
        let explode = (*explode != usual.2).then(|| quote!(explode: #explode,));
        let reserved = allow_reserved.then(|| quote!(allow_reserved: true,));
        let secret = secret.then(|| quote!(secret: true,));
        let bounds = (!bounds.is_empty()).then(|| quote!(bounds: &[#(#bounds),*],));
        let differs = required.is_some()
            || style.is_some()
            || explode.is_some()
            || reserved.is_some()
            || secret.is_some()
            || bounds.is_some();
        if differs {
            quote!(Parameter { #required #style #explode #reserved #secret #bounds ..#form(#name, #schema) })
        } else {
            quote!(#form(#name, #schema))
        }
    }
}

fn operation(item: &Operation, common: &[Vec<String>], forms: &mut Forms) -> TokenStream {
    let Operation {
        constant,
        idempotent,
        ..
    } = item;
    let docs = doc::outer_or(&item.docs, "An operation.");
    let (id, path, tag) = (
        leaf::text(&item.id),
        leaf::text(&item.path),
        leaf::text(&item.tag),
    );
    let method = method(&item.method);
    let parameters: Vec<TokenStream> = item
        .parameters
        .iter()
        .map(|it| forms.parameter(it))
        .collect();
    let bodies = item.bodies.iter().map(|body| {
        let (media, schema, required) = (
            leaf::text(&body.media),
            leaf::text(&body.schema),
            body.required,
        );
        quote!(Body { media: #media, schema: #schema, required: #required })
    });
    let replies: Vec<TokenStream> = item.replies.iter().map(|it| forms.reply(it)).collect();
    let security = item.security.iter().map(|names| texts(names));
    let usual = !matches!(item.method.as_str(), "POST" | "PATCH")
        && item.method.chars().all(|each| each.is_ascii_uppercase());
    forms.operation = true;
    let fields = [
        item.deprecated.then(|| quote!(deprecated: true,)),
        (*idempotent != usual).then(|| quote!(idempotent: #idempotent,)),
        (!parameters.is_empty()).then(|| quote!(parameters: &[#(#parameters),*],)),
        (!item.bodies.is_empty()).then(|| quote!(body: &[#(#bodies),*],)),
        (!replies.is_empty()).then(|| quote!(replies: &[#(#replies),*],)),
        (item.security != common).then(|| quote!(security: &[#(#security),*],)),
        (!item.scopes.is_empty()).then(|| {
            let scopes = item.scopes.iter().map(|(scheme, scopes)| {
                let (scheme, scopes) = (leaf::text(scheme), texts(scopes));
                quote!((#scheme, #scopes))
            });
            quote!(scopes: &[#(#scopes),*],)
        }),
        (!item.idempotency_key.is_empty()).then(|| {
            let key = leaf::text(&item.idempotency_key);
            quote!(idempotency_key: #key,)
        }),
        (!item.secrets.is_empty())
            .then(|| texts(&item.secrets))
            .map(|secrets| quote!(secrets: #secrets,)),
        (!item.servers.is_empty()).then(|| {
            let servers = item
                .servers
                .iter()
                .map(|it| server(it, &TokenStream::new()));
            quote!(servers: &[#(#servers),*],)
        }),
        item.pagination
            .as_ref()
            .map(pagination)
            .map(|it| quote!(pagination: Some(#it),)),
        item.wait
            .as_ref()
            .map(wait)
            .map(|it| quote!(wait: Some(#it),)),
    ];
    let fields: Vec<TokenStream> = fields.into_iter().flatten().collect();
    let base = quote!(operation(#id, #method, #path, #tag));
    let value = if fields.is_empty() {
        base
    } else {
        quote!(Operation { #(#fields)* ..#base })
    };
    quote! {
        #docs
        pub const #constant: Operation = #value;
    }
}

/// The list of JSON bodies.
pub fn payloads(items: &[Payload], pieces: &mut Vec<Piece>) {
    let mut named = super::uses::Named::default();
    for item in items {
        named.ty(&item.ty.clone().carried());
    }
    pieces.extend(named.of_payloads().into_iter().map(Piece::Line));
    let rows = items.iter().map(|item| {
        let (operation, media) = (leaf::text(&item.operation), leaf::text(&item.media));
        let ty = leaf::ty(&item.ty.clone().carried(), leaf::Place::Elsewhere);
        if item.statuses.is_empty() {
            return quote!(Payload::request::<#ty>(#operation, #media));
        }
        let statuses = texts(&item.statuses);
        quote!(Payload::reply::<#ty>(#operation, #statuses, #media))
    });
    pieces.push(Piece::Table(quote! {
        #[doc = " Every JSON body, in the order of the document."]
        pub const PAYLOADS: &[Payload] = &[#(#rows),*];
    }));
}

pub fn method(name: &str) -> TokenStream {
    let variant = match name {
        "GET" => "Get",
        "PUT" => "Put",
        "POST" => "Post",
        "DELETE" => "Delete",
        "OPTIONS" => "Options",
        "HEAD" => "Head",
        "PATCH" => "Patch",
        "TRACE" => "Trace",
        "QUERY" => "Query",
        other => {
            let other = leaf::text(other);
            return quote!(Method::Other(#other));
        }
    };
    let variant = Ident::fixed(variant);
    quote!(Method::#variant)
}

fn optional(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

fn texts(texts: &[String]) -> TokenStream {
    let texts = texts.iter().map(|text| leaf::text(text));
    quote!(&[#(#texts),*])
}

fn pagination(item: &Pagination) -> TokenStream {
    let (style, end) = (
        Ident::fixed(item.style.name()),
        Ident::fixed(item.end.name()),
    );
    let (page, size) = (leaf::text(&item.page), leaf::text(&item.size));
    let first = Literal::u64_unsuffixed(item.first);
    let (header, total) = (leaf::text(&item.total_header), leaf::text(&item.total));
    let (next, items) = (leaf::text(&item.next), leaf::text(&item.items));
    let identity = leaf::text(&item.identity);
    quote! {
        Pagination {
            style: PageStyle::#style, page: #page, size: #size, first: #first, end: PageEnd::#end, total_header: #header,
            total_pointer: #total, next_pointer: #next, items_pointer: #items,
            identity: #identity
        }
    }
}

fn wait(item: &Wait) -> TokenStream {
    let Wait {
        percent_null, gone, ..
    } = item;
    let parameters = item.parameters.iter().map(|(name, pointer)| {
        let (name, pointer) = (leaf::text(name), leaf::text(pointer));
        quote!((#name, #pointer))
    });
    let (poll, state, percent) = (
        leaf::text(&item.poll),
        leaf::text(&item.state),
        leaf::text(&item.percent),
    );
    let (done, failed) = (texts(&item.done), texts(&item.failed));
    quote! {
        Wait {
            poll: #poll, parameters: &[#(#parameters),*], state: #state, percent: #percent, done: #done,
            failed: #failed, percent_null: #percent_null, gone: #gone
        }
    }
}

/// An address, its types behind a path.
fn server(item: &Server, path: &TokenStream) -> TokenStream {
    let url = leaf::text(&item.url);
    let variables = item.variables.iter().map(|(name, default, values)| {
        let (name, default, values) = (leaf::text(name), leaf::text(default), texts(values));
        quote!(#path ServerVariable { name: #name, default: #default, values: #values })
    });
    quote!(#path Server { url: #url, variables: &[#(#variables),*] })
}

/// What an environment variable sets.
fn setting(setting: Setting) -> TokenStream {
    match setting {
        Setting::Url => quote!(Url),
        Setting::Token => quote!(Token),
        Setting::User => quote!(User),
        Setting::Password => quote!(Password),
        Setting::Profile => quote!(Profile),
        Setting::Config => quote!(Config),
    }
}

/// The constant of the service.
pub fn service(item: &Service) -> TokenStream {
    let (name, title) = (leaf::text(&item.name), leaf::text(&item.title));
    let (version, prefix) = (leaf::text(&item.version), leaf::text(&item.environment));
    let variables = item.variables.iter().map(|(name, setting)| {
        let (name, setting) = (leaf::text(name), self::setting(*setting));
        quote!((#name, codegen::Setting::#setting))
    });
    let servers = item.servers.iter().map(|it| server(it, &quote!(codegen::)));
    let security = item.security.iter().map(|(name, scheme)| {
        let (name, kind) = (leaf::text(name), scheme_kind(scheme));
        quote!(codegen::SecurityScheme { name: #name, kind: #kind })
    });
    let rate_limit = optional(item.rate_limit.as_ref().map(|limit| {
        let (requests, seconds) = (
            Literal::u32_unsuffixed(limit.requests),
            Literal::u32_unsuffixed(limit.window_seconds),
        );
        let limit_header = leaf::text(&limit.limit_header);
        let (remaining, reset) = (
            leaf::text(&limit.remaining_header),
            leaf::text(&limit.reset_header),
        );
        quote! {
            codegen::RateLimit {
                requests: #requests, window_seconds: #seconds, limit_header: #limit_header,
                remaining_header: #remaining, reset_header: #reset
            }
        }
    }));
    let formats = item.formats.iter().map(format);
    quote! {
        #[doc = " The service as constant data."]
        pub static SERVICE: Service = Service {
            name: #name,
            title: #title,
            version: #version,
            environment: codegen::Environment { prefix: #prefix, variables: &[#(#variables),*] },
            servers: &[#(#servers),*],
            security: &[#(#security),*],
            rate_limit: #rate_limit,
            formats: &[#(#formats),*],
            operations: operations::OPERATIONS,
        };
    }
}

fn format(item: &Format) -> TokenStream {
    let (name, suffix, media) = (
        leaf::text(&item.name),
        leaf::text(&item.suffix),
        leaf::text(&item.media),
    );
    let dialect = match &item.dialect {
        Dialect::Json => quote!(Json),
        Dialect::Rails => quote!(Rails),
        Dialect::Other(name) => {
            let name = leaf::text(name);
            quote!(Other(#name))
        }
    };
    // The types are a table of their own, which is left out where nobody speaks the format.
    let types = match item.dialect {
        Dialect::Rails => quote! {
            #[cfg(feature = "xml")] types: layouts::LAYOUTS,
            #[cfg(not(feature = "xml"))] types: &[]
        },
        Dialect::Json | Dialect::Other(_) => quote!(types: &[]),
    };
    quote! {
        codegen::Format { name: #name, suffix: #suffix, media: #media, dialect: codegen::Dialect::#dialect, #types }
    }
}

fn scheme_kind(scheme: &Scheme) -> TokenStream {
    let text = |text: &String| {
        let text = leaf::text(text);
        Some(quote!(#text))
    };
    let (variant, value) = match scheme {
        Scheme::ApiKeyHeader(name) => ("ApiKeyHeader", text(name)),
        Scheme::ApiKeyQuery(name) => ("ApiKeyQuery", text(name)),
        Scheme::ApiKeyCookie(name) => ("ApiKeyCookie", text(name)),
        Scheme::Basic => ("Basic", None),
        Scheme::Bearer => ("Bearer", None),
        Scheme::OAuth2(flows) => {
            let flows = flows.iter().map(flow);
            ("OAuth2", Some(quote!(&[#(#flows),*])))
        }
        Scheme::OpenIdConnect(url) => ("OpenIdConnect", text(url)),
        Scheme::Other(name) => ("Other", text(name)),
    };
    let variant = Ident::fixed(variant);
    let value = value.map(|value| quote!((#value)));
    quote!(codegen::SecurityKind::#variant #value)
}

/// A flow, with what is documented of it.
fn flow(item: &Flow) -> TokenStream {
    let kind = Ident::fixed(match item.kind {
        FlowKind::Implicit => "Implicit",
        FlowKind::Password => "Password",
        FlowKind::ClientCredentials => "ClientCredentials",
        FlowKind::AuthorizationCode => "AuthorizationCode",
        FlowKind::DeviceAuthorization => "DeviceAuthorization",
    });
    let addresses = [
        ("authorization_url", &item.authorization_url),
        ("device_authorization_url", &item.device_authorization_url),
        ("token_url", &item.token_url),
        ("refresh_url", &item.refresh_url),
    ];
    let documented = addresses.into_iter().filter(|(_, url)| !url.is_empty());
    let addresses = documented.map(|(name, url)| {
        let (name, url) = (Ident::fixed(name), leaf::text(url));
        quote!(#name: #url,)
    });
    let scopes = item.scopes.iter().map(|(name, meaning)| {
        let (name, meaning) = (leaf::text(name), leaf::text(meaning));
        quote!((#name, #meaning))
    });
    quote! {
        codegen::OAuthFlow {
            kind: codegen::OAuthFlowKind::#kind, #(#addresses)* scopes: &[#(#scopes),*],
            ..codegen::OAuthFlow::NONE
        }
    }
}
