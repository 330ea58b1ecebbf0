//! Tables as the runtime has them: constant data.
//!
//! The runtime takes descriptions that live as long as the program. A command describes the one
//! operation that it calls, and those that are polled or listed for it, and is over afterwards:
//! what is leaked here is a few hundred bytes for each of them.

use crate::table::{
    Api, Body, Method, Operation, Pagination, Parameter, Scheme, Server, Setting, Status, Wait,
};
use verbatim_runtime::service::{self, Service};

/// The method that is called, with everything else about it.
pub type Called<'a> = (&'a Method, &'a Operation);

fn kept(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn all<T, U>(items: &[T], of: impl Fn(&T) -> U) -> &'static [U] {
    Box::leak(items.iter().map(of).collect::<Vec<_>>().into_boxed_slice())
}

fn texts(items: &[String]) -> &'static [&'static str] {
    all(items, |text| kept(text))
}

/// The service with the method that is called and some more of its operations; those that are not in the tables are
/// left out. An operation that takes several kinds of bodies has a method for each: the one that is called counts.
///
/// # Errors
/// Tables that are damaged.
pub fn service(
    api: &Api,
    called: Option<&Called<'_>>,
    ids: &[&str],
) -> Result<&'static Service, String> {
    let mut operations = Vec::new();
    if let Some((method, detail)) = called {
        operations.push(operation(method, detail));
    }
    for id in ids {
        if called.is_some_and(|(method, _)| method.id == *id) {
            continue;
        }
        if let Some((_, method)) = api.operation(id) {
            operations.push(operation(method, &method.operation()?));
        }
    }
    Ok(Box::leak(Box::new(Service {
        name: kept(&api.name),
        title: kept(&api.title),
        version: kept(&api.version),
        environment: service::Environment {
            prefix: kept(&api.environment),
            variables: all(&api.variables, |(name, setting)| {
                (kept(name), self::setting(*setting))
            }),
        },
        servers: all(&api.servers, server),
        security: all(&api.security, |(name, scheme)| service::SecurityScheme {
            name: kept(name),
            kind: kind(scheme),
        }),
        rate_limit: api.rate_limit.as_ref().map(|it| service::RateLimit {
            requests: it.requests,
            window_seconds: it.window_seconds,
            limit_header: kept(&it.limit_header),
            remaining_header: kept(&it.remaining_header),
            reset_header: kept(&it.reset_header),
        }),
        formats: &[],
        operations: Box::leak(operations.into_boxed_slice()),
    })))
}

fn setting(setting: Setting) -> service::Setting {
    match setting {
        Setting::Url => service::Setting::Url,
        Setting::Token => service::Setting::Token,
        Setting::User => service::Setting::User,
        Setting::Password => service::Setting::Password,
        Setting::Profile => service::Setting::Profile,
        Setting::Config => service::Setting::Config,
    }
}

/// One operation. Bounds are left out: they are checked before, where flags are known.
fn operation(method: &Method, operation: &Operation) -> service::Operation {
    service::Operation {
        id: kept(&method.id),
        method: verb(&method.verb),
        path: kept(&method.path),
        tag: "",
        deprecated: method.deprecated,
        idempotent: operation.idempotent,
        parameters: all(&operation.parameters, parameter),
        body: operation.body.as_ref().map_or(&[], bodies),
        replies: all(&operation.replies, |it| service::Reply {
            status: match it.status {
                Status::Code(code) => service::StatusMatch::Code(code),
                Status::Range(class) => service::StatusMatch::Range(class),
                Status::Default => service::StatusMatch::Default,
            },
            media: kept(&it.media),
            schema: "",
        }),
        security: all(&operation.security, |names| texts(names)),
        scopes: &[],
        // Who calls from a command line gives a key, or calls once.
        idempotency_key: "",
        secrets: texts(&operation.secrets),
        servers: all(&operation.servers, server),
        pagination: operation.pagination.as_ref().map(pagination),
        wait: operation.wait.as_ref().map(wait),
    }
}

fn bodies(body: &Body) -> &'static [service::Body] {
    let all_media: Vec<&str> = body.all_media().collect();
    all(&all_media, |media| service::Body {
        media: kept(media),
        schema: "",
        // Whether one is needed is checked before, and may be passed over.
        required: false,
    })
}

fn parameter(parameter: &Parameter) -> service::Parameter {
    service::Parameter {
        name: kept(&parameter.name),
        place: parameter.place,
        required: parameter.place == service::Place::Path,
        style: parameter.style,
        explode: parameter.explode,
        allow_reserved: parameter.allow_reserved,
        schema: "",
        secret: parameter.secret,
        bounds: &[],
    }
}

fn server(server: &Server) -> service::Server {
    service::Server {
        url: kept(&server.url),
        variables: all(&server.variables, |(name, default, values)| {
            service::ServerVariable {
                name: kept(name),
                default: kept(default),
                values: texts(values),
            }
        }),
    }
}

fn kind(scheme: &Scheme) -> service::SecurityKind {
    match scheme {
        Scheme::ApiKeyHeader(name) => service::SecurityKind::ApiKeyHeader(kept(name)),
        Scheme::ApiKeyQuery(name) => service::SecurityKind::ApiKeyQuery(kept(name)),
        Scheme::ApiKeyCookie(name) => service::SecurityKind::ApiKeyCookie(kept(name)),
        Scheme::Basic => service::SecurityKind::Basic,
        Scheme::Bearer => service::SecurityKind::Bearer,
        Scheme::OAuth2 => service::SecurityKind::OAuth2(&[]),
        Scheme::OpenIdConnect => service::SecurityKind::OpenIdConnect(""),
        Scheme::Other(name) => service::SecurityKind::Other(kept(name)),
    }
}

fn verb(name: &str) -> service::Method {
    match name {
        "GET" => service::Method::Get,
        "PUT" => service::Method::Put,
        "POST" => service::Method::Post,
        "DELETE" => service::Method::Delete,
        "OPTIONS" => service::Method::Options,
        "HEAD" => service::Method::Head,
        "PATCH" => service::Method::Patch,
        "TRACE" => service::Method::Trace,
        "QUERY" => service::Method::Query,
        other => service::Method::Other(kept(other)),
    }
}

fn pagination(rule: &Pagination) -> service::Pagination {
    service::Pagination {
        style: rule.style,
        page: kept(&rule.page),
        size: kept(&rule.size),
        first: rule.first,
        end: rule.end,
        total_header: kept(&rule.total_header),
        total_pointer: kept(&rule.total_pointer),
        next_pointer: kept(&rule.next_pointer),
        items_pointer: kept(&rule.items_pointer),
        identity: kept(&rule.identity),
    }
}

fn wait(rule: &Wait) -> service::Wait {
    service::Wait {
        poll: kept(&rule.poll),
        parameters: all(&rule.parameters, |(name, place)| (kept(name), kept(place))),
        state: kept(&rule.state),
        percent: kept(&rule.percent),
        done: texts(&rule.done),
        failed: texts(&rule.failed),
        percent_null: rule.percent_null,
        gone: rule.gone,
    }
}
