//! Tables from a document, by way of what the generator decides: groups, methods and types are
//! those of the Rust client.

mod types;

use super::{
    Among, Api, Body, BodyKind, FORM, Group, Method, Operation, PageEnd, PageStyle, Pagination,
    Parameter, Place, RateLimit, Reply, Scheme, Server, Setting, Status, Style, Styled, Success,
    Type, Wait,
};
use heck::{ToKebabCase as _, ToShoutySnakeCase as _, ToSnakeCase as _};
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error, StrDeserializer};
use std::collections::BTreeMap;
use types::{Named, Types, checks};
use verbatim_codegen::document::Input;
use verbatim_codegen::model::{
    self, Argument, CallType, Decode, Docs, Endpoint, Item, Package, Taken, Via,
    environment_variables,
};
use verbatim_codegen::origin::Origin;
use verbatim_codegen::problem::Problem;
use verbatim_codegen::{Emit, Layout, Options, Requests, ir};
use verbatim_json::Json;
use verbatim_source::write::compact;

/// The tables of a document; `name` is the short name of the API, which messages and environment
/// variables are made from. Without one, the title of the document is.
///
/// # Errors
/// All problems of a document of which nothing can be used.
pub fn tables(input: &Input, name: Option<&str>) -> Result<Api, Vec<Problem>> {
    let options = Options {
        name: name.unwrap_or("api").to_owned(),
        layout: Layout::Module {
            krate: "client".to_owned(),
        },
        command: String::new(),
        emit: Emit::default(),
        // A member that the document does not name is a slip of whoever types it.
        requests: Requests::Closed,
        settings: verbatim_codegen::settings::Settings::default(),
    };
    let (api, package) = verbatim_codegen::decisions(input, &options)?;
    let mut tables = Builder::new(&api, &package).api();
    if name.is_none() {
        let title: String = api.title.chars().filter(char::is_ascii).collect();
        if title.chars().any(|each| each.is_ascii_alphabetic()) {
            tables.name = title.to_snake_case();
            if api.environment.is_none() {
                tables.environment = title.to_shouty_snake_case();
                let security = service_of(&package).security;
                tables.variables = variables(environment_variables(&tables.environment, &security));
            }
        }
    }
    verbatim_codegen::freed_aside((api, package));
    Ok(tables)
}

/// What the package says of the service.
fn service_of(package: &Package) -> model::Service {
    let mut items = package.files.iter().flat_map(|file| &file.items);
    items.find_map(Item::service).cloned().unwrap_or_default()
}

fn variables(named: Vec<(String, model::Setting)>) -> Vec<(String, Setting)> {
    let setting = |setting| match setting {
        model::Setting::Url => Setting::Url,
        model::Setting::Token => Setting::Token,
        model::Setting::User => Setting::User,
        model::Setting::Password => Setting::Password,
        model::Setting::Profile => Setting::Profile,
        model::Setting::Config => Setting::Config,
    };
    let named = named.into_iter();
    named.map(|(name, it)| (name, setting(it))).collect()
}

/// The tables of a client that is generated with these options: what the caller renames and leaves out is
/// renamed and left out of the commands too.
///
/// # Errors
/// All problems of a document of which nothing can be used.
pub fn tables_of(input: &Input, options: &Options) -> Result<Api, Vec<Problem>> {
    let (api, package) = verbatim_codegen::decisions(input, options)?;
    Ok(Builder::new(&api, &package).api())
}

/// How many operations are too few for a thread of their own.
const SHARE: usize = 64;
/// The stack of a thread; pages that are not touched cost nothing.
const STACK: usize = 256 << 20;

/// Where something stands in the document.
fn place(origin: &Origin) -> (&str, &str) {
    (&origin.file, &origin.pointer)
}

struct Builder<'p> {
    package: &'p Package,
    named: Named<'p>,
    /// The operations of the document by the places where they stand.
    described: BTreeMap<(&'p str, &'p str), &'p ir::Operation>,
    operations: BTreeMap<&'p str, &'p model::Operation>,
    calls: BTreeMap<&'p str, &'p CallType>,
}

impl<'p> Builder<'p> {
    fn new(api: &'p ir::Api, package: &'p Package) -> Self {
        let mut operations = BTreeMap::new();
        let mut calls = BTreeMap::new();
        for item in package.files.iter().flat_map(|file| &file.items) {
            match item {
                Item::Table(table) => {
                    let of = |it: &'p model::Operation| (it.constant.as_str(), it);
                    operations.extend(table.operations.iter().map(of));
                }
                Item::CallType(call) => {
                    calls.insert(call.name.as_str(), call);
                }
                _ => {}
            }
        }
        let mut described = BTreeMap::new();
        for operation in &api.operations {
            described
                .entry(place(&operation.origin))
                .or_insert(operation);
        }
        Self {
            package,
            named: Named::of(package),
            described,
            operations,
            calls,
        }
    }

    fn api(&self) -> Api {
        let service = service_of(self.package);
        let rate = service.rate_limit.map(|it| RateLimit {
            requests: it.requests,
            window_seconds: it.window_seconds,
            limit_header: it.limit_header,
            remaining_header: it.remaining_header,
            reset_header: it.reset_header,
        });
        let security = service.security.iter();
        Api {
            form: FORM,
            name: service.name,
            title: service.title,
            version: service.version,
            environment: service.environment,
            variables: variables(service.variables),
            servers: service.servers.iter().map(server).collect(),
            security: security
                .map(|(name, it)| (name.clone(), scheme(it)))
                .collect(),
            rate_limit: rate,
            groups: self.groups(),
        }
    }

    fn groups(&self) -> Vec<Group> {
        let items = self.package.files.iter().flat_map(|file| &file.items);
        let groups = items.filter_map(|item| match item {
            Item::Group(group) => Some(group),
            _ => None,
        });
        let groups: Vec<&model::Group> = groups.collect();
        let mut methods = self.methods(&groups).into_iter();
        let groups = groups.into_iter().map(|group| Group {
            name: group.accessor.as_str().to_kebab_case(),
            about: line(&text(&group.docs)),
            methods: methods
                .by_ref()
                .take(group.endpoints.len())
                .flatten()
                .collect(),
        });
        groups.collect()
    }

    /// The methods of all groups one after the other, made in as many threads as there is room for.
    fn methods(&self, groups: &[&model::Group]) -> Vec<Option<Method>> {
        let endpoints = groups.iter().flat_map(|group| &group.endpoints);
        let endpoints: Vec<&Endpoint> = endpoints.collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = endpoints.len().div_ceil(threads).max(SHARE);
        let made = |part: &[&Endpoint]| -> Vec<Option<Method>> {
            part.iter().map(|it| self.method(it)).collect()
        };
        std::thread::scope(|scope| {
            let parts = endpoints.chunks(share).map(|part| {
                // Types of types are followed one inside the other.
                let thread = std::thread::Builder::new().stack_size(STACK);
                (part, thread.spawn_scoped(scope, || made(part)))
            });
            let parts: Vec<_> = parts.collect();
            let parts = parts.into_iter().flat_map(|(part, thread)| match thread {
                Ok(thread) => thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                Err(_) => made(part),
            });
            parts.collect()
        })
    }

    fn method(&self, endpoint: &Endpoint) -> Option<Method> {
        let table = *self.operations.get(endpoint.constant.as_str())?;
        let operation = *self.described.get(&place(&endpoint.origin))?;
        let name = endpoint.method.as_str();
        let about = match operation.summary.as_str() {
            "" => operation.description.as_str(),
            summary => summary,
        };
        Some(Method {
            name: name.to_kebab_case(),
            about: line(about),
            id: table.id.clone(),
            verb: table.method.clone(),
            path: table.path.clone(),
            deprecated: table.deprecated,
            detail: Json::encode(&self.operation(endpoint, table, operation)).ok()?,
            behind: None,
        })
    }

    fn operation(
        &self,
        endpoint: &Endpoint,
        table: &model::Operation,
        operation: &ir::Operation,
    ) -> Operation {
        let call = endpoint.call.as_ref();
        let call = call.and_then(|name| self.calls.get(name.as_str()).copied());
        let mut types = Types::new(&self.named);
        let options = call.iter().flat_map(|call| &call.options);
        let given: Vec<&Argument> = endpoint.arguments.iter().chain(options).collect();
        let parameters = table.parameters.iter();
        let parameters = parameters
            .filter_map(|it| {
                let argument = given.iter().find(|argument| is_of(argument, it))?;
                self.parameter(it, argument, operation, &mut types)
            })
            .collect();
        let body = given
            .iter()
            .find_map(|argument| body(argument, operation, table, &mut types));
        let result = match &endpoint.success {
            Decode::Json(ty) | Decode::OptionalJson(ty) => Some(types.of(ty)),
            _ => None,
        };
        let safe = matches!(
            table.method.as_str(),
            "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY"
        );
        let texts = [&operation.summary, &operation.description];
        let texts: Vec<&str> = texts
            .into_iter()
            .map(|it| it.trim())
            .filter(|it| !it.is_empty())
            .collect();
        Operation {
            text: texts.join("\n\n"),
            idempotent: table.idempotent,
            safe: operation.safe.unwrap_or(safe),
            parameters,
            body,
            replies: table.replies.iter().map(reply).collect(),
            success: match endpoint.success {
                Decode::Bytes | Decode::Events(..) | Decode::Lines(..) => Success::Stream,
                _ => Success::Whole,
            },
            result,
            security: table.security.clone(),
            secrets: table.secrets.clone(),
            servers: table.servers.iter().map(server).collect(),
            pagination: table.pagination.as_ref().and_then(pagination),
            wait: table.wait.as_ref().map(|it| wait(it, call)),
            types: types.finish(),
        }
    }

    fn parameter(
        &self,
        declared: &model::Parameter,
        argument: &Argument,
        operation: &ir::Operation,
        types: &mut Types<'_, 'p>,
    ) -> Option<Parameter> {
        let ty = match &argument.taken {
            Taken::Text | Taken::SortBy(_) | Taken::Fields(_) => Type::Text,
            Taken::Value(ty) | Taken::Reference(ty) => types.of(ty),
            Taken::Slice(item) => Type::List(Box::new(types.of(item))),
            Taken::Upload | Taken::Form => Type::Any,
        };
        let words = match &argument.taken {
            Taken::SortBy(of) | Taken::Fields(of) => self.named.properties(of),
            _ => Vec::new(),
        };
        let place: verbatim_runtime::service::Place =
            read(declared.place.name(), Place::deserialize)?;
        let described = operation.parameters.iter();
        let mut described = described.filter(|it| it.name == declared.name);
        let example = described.find_map(|it| it.example.as_ref());
        Some(Parameter {
            name: declared.name.clone(),
            place,
            required: declared.required,
            style: read(declared.style.name(), Style::deserialize)?,
            explode: declared.explode,
            allow_reserved: declared.allow_reserved,
            secret: declared.secret,
            about: text(&argument.docs),
            ty,
            checks: checks(&declared.bounds),
            words,
            example: example.and_then(|it| compact(it).parse().ok()),
        })
    }
}

/// Reads a variant by its name.
fn read<'t, T>(
    name: &'t str,
    deserialize: impl FnOnce(StrDeserializer<'t, Error>) -> Result<T, Error>,
) -> Option<T> {
    deserialize(name.into_deserializer()).ok()
}

/// Whether an argument is given for a parameter.
fn is_of(argument: &Argument, parameter: &model::Parameter) -> bool {
    let (place, name) = match &argument.via {
        Via::Path(name) => (model::Place::Path, name),
        Via::Query(name) => (model::Place::Query, name),
        Via::Header(name) => (model::Place::Header, name),
        Via::Cookie(name) => (model::Place::Cookie, name),
        _ => return false,
    };
    parameter.place == place && parameter.name == *name
}

fn body(
    argument: &Argument,
    operation: &ir::Operation,
    table: &model::Operation,
    types: &mut Types<'_, '_>,
) -> Option<Body> {
    let mut styles = Vec::new();
    let (kind, media) = match &argument.via {
        Via::Json(media) => (BodyKind::Json, media.as_str()),
        Via::Form(rules) => {
            let rule = |field: &model::FormField| {
                Some(Styled {
                    name: field.name.clone(),
                    style: read(field.style.name(), Style::deserialize)?,
                    explode: field.explode,
                    required: field.required,
                })
            };
            styles = rules.iter().filter_map(rule).collect();
            (BodyKind::Form, "application/x-www-form-urlencoded")
        }
        Via::Multipart(media) | Via::Parts(media) => (BodyKind::Multipart, media.as_str()),
        Via::Bytes(media) | Via::Text(media) => (BodyKind::Raw, media.as_str()),
        Via::Path(_) | Via::Query(_) | Via::Header(_) | Via::Cookie(_) => return None,
    };
    let declared = operation.body.as_ref()?;
    let essence = |text: &str| text.split(';').next().unwrap_or_default().trim().to_owned();
    let mut contents = declared.contents.iter();
    let is_meant =
        |it: &&ir::Content| essence(&it.media) == essence(media) || it.media.contains('*');
    let content = contents.find(is_meant);
    let example = content.and_then(|it| it.example.as_ref());
    let others = table.bodies.iter().map(|body| &body.media);
    let others = others.filter(|other| kind == BodyKind::Raw && *other != media);
    Some(Body {
        media: media.to_owned(),
        others: others.cloned().collect(),
        kind,
        required: declared.required,
        ty: types.of_body(argument),
        example: example.and_then(|it| compact(it).parse().ok()),
        styles,
    })
}

fn reply(reply: &model::Reply) -> Reply {
    Reply {
        status: match reply.status {
            model::StatusMatch::Code(code) => Status::Code(code),
            model::StatusMatch::Range(class) => Status::Range(class),
            model::StatusMatch::Default => Status::Default,
        },
        media: reply.media.clone(),
    }
}

fn pagination(rule: &model::Pagination) -> Option<Pagination> {
    Some(Pagination {
        style: read(rule.style.name(), PageStyle::deserialize)?,
        page: rule.page.clone(),
        size: rule.size.clone(),
        first: rule.first,
        end: read(rule.end.name(), PageEnd::deserialize)?,
        total_header: rule.total_header.clone(),
        total_pointer: rule.total.clone(),
        next_pointer: rule.next.clone(),
        items_pointer: rule.items.clone(),
        identity: rule.identity.clone(),
    })
}

fn wait(rule: &model::Wait, call: Option<&CallType>) -> Wait {
    let waits = call.and_then(|call| call.waits.as_ref());
    let among = waits.and_then(|waits| waits.among.as_ref());
    Wait {
        poll: rule.poll.clone(),
        parameters: rule.parameters.clone(),
        state: rule.state.clone(),
        percent: rule.percent.clone(),
        done: rule.done.clone(),
        failed: rule.failed.clone(),
        percent_null: rule.percent_null,
        gone: rule.gone,
        among: among.map(|it| Among {
            items: it.items.clone(),
            identity: it.identity.clone(),
            baseline: it.baseline,
            matches: it.matches.clone(),
        }),
    }
}

fn server(server: &model::Server) -> Server {
    Server {
        url: server.url.clone(),
        variables: server.variables.clone(),
    }
}

fn scheme(scheme: &model::Scheme) -> Scheme {
    match scheme {
        model::Scheme::ApiKeyHeader(name) => Scheme::ApiKeyHeader(name.clone()),
        model::Scheme::ApiKeyQuery(name) => Scheme::ApiKeyQuery(name.clone()),
        model::Scheme::ApiKeyCookie(name) => Scheme::ApiKeyCookie(name.clone()),
        model::Scheme::Basic => Scheme::Basic,
        model::Scheme::Bearer => Scheme::Bearer,
        model::Scheme::OAuth2(_) => Scheme::OAuth2,
        model::Scheme::OpenIdConnect(_) => Scheme::OpenIdConnect,
        model::Scheme::Other(name) => Scheme::Other(name.clone()),
    }
}

/// What the document says, or else the generator.
fn text(docs: &Docs) -> String {
    if !docs.foreign.is_empty() {
        return docs.foreign.join("\n\n");
    }
    match docs.remark.as_str() {
        "" => docs.own.join(" ").replace('`', ""),
        remark => remark.to_owned(),
    }
}

/// The first sentence of a text in one line, without the full stop.
fn line(text: &str) -> String {
    let paragraph = text.trim().split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    let words = words.join(" ");
    let end = words.find(". ").unwrap_or(words.len());
    words[..end].trim_end_matches('.').to_owned()
}
