use super::Inner;
use super::base::Base;
use crate::auth::{Credentials, Ready, Source};
use crate::draft::Draft;
use crate::error::{Error, Failure, InvalidReason};
use crate::media::{is_json, is_sequence};
use crate::options::Reading;
use crate::prepared::{Address, Prepared, with_pairs};
use crate::provider::CachedCredential;
use crate::service::{Operation, Reply, SecurityScheme, StatusMatch};
use crate::transport::Upload;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use url::Position;

pub(super) fn prepare(client: &Inner, draft: &Draft) -> Result<Prepared, Failure> {
    let mut exchange = draft.exchange();
    client.arm(&mut exchange.redactor);
    let parts = parts(client, draft).and_then(|parts| Ok((parts, body(client, draft)?)));
    let (parts, body) = match parts {
        Ok(parts) => parts,
        Err(reason) => return Err(Error::invalid(exchange, reason)),
    };
    let ((uri, url), headers, carried) = parts;
    let mut prepared = Prepared {
        method: method(draft.operation),
        uri,
        url,
        headers,
        body,
        options: draft.options.clone(),
        schemes: carried.names,
        exchange,
        authorization: None,
    };
    prepared.await_credentials(carried.cached);
    Ok(prepared)
}

/// The body in the format that the client speaks.
fn body(client: &Inner, draft: &Draft) -> Result<Upload, InvalidReason> {
    let Some(body) = &draft.body else {
        return Ok(Upload::empty());
    };
    match (&client.spoken, body.content.as_bytes()) {
        (Some(spoken), Some(json)) if is_translated(draft) => {
            spoken.body(draft.operation, json).map(Upload::from)
        }
        (Some(spoken), None) if is_translated(draft) => Err(InvalidReason::Request(format!(
            "a body that is not in memory cannot be written as {}: give its bytes",
            spoken.format.name
        ))),
        _ => Ok(body.content.clone()),
    }
}

/// Whether the body is one that travels in the format of the client: a JSON body of an operation.
/// That of a raw call is sent as it was given.
fn is_translated(draft: &Draft) -> bool {
    let media = draft
        .body
        .as_ref()
        .and_then(|body| body.media.to_str().ok());
    draft.raw_path.is_none() && media.is_some_and(is_json)
}

/// The key of a call by which the server recognises its repetitions, where the caller gave none: a
/// random UUID of version 4.
fn add_key(headers: &mut HeaderMap, name: &'static str) {
    let Ok(name) = HeaderName::try_from(name) else {
        return;
    };
    if headers.contains_key(&name) {
        return;
    }
    let random = fastrand::u128(..);
    let random = random & !(0xf << 76) | 4 << 76;
    let random = random & !(3 << 62) | 2 << 62;
    let digits = format!("{random:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &digits[part]);
    if let Ok(value) = HeaderValue::try_from(parts.join("-")) {
        headers.insert(name, value);
    }
}

type Parts = (Address, HeaderMap, Carried);

/// The credentials of one request.
struct Carried {
    names: &'static [&'static str],
    ready: Vec<Ready>,
    /// Those that are asked for before each attempt.
    cached: Vec<(&'static SecurityScheme, CachedCredential)>,
}

fn parts(client: &Inner, draft: &Draft) -> Result<Parts, InvalidReason> {
    draft.complete()?;
    let carried = carried(client, draft)?;
    let asked = draft.query.iter().filter(|_| draft.link.is_none());
    let mut query: Vec<String> = asked
        .filter(|part| !part.text.is_empty())
        .map(|part| part.text.clone())
        .collect();
    let mut cookies: Vec<String> = draft.cookies.iter().map(|(_, text)| text.clone()).collect();
    let mut headers = defaults(client, draft);
    add_key(&mut headers, draft.operation.idempotency_key);
    for ready in &carried.ready {
        match ready {
            Ready::Header(header, value) => {
                headers.insert(header.clone(), value.clone());
            }
            Ready::Query(pair) => query.push(pair.clone()),
            Ready::Cookie(pair) => cookies.push(pair.clone()),
        }
    }
    cookies.retain(|cookie| !cookie.is_empty());
    if !cookies.is_empty() {
        // A parameter may be the header as a whole; what it says stays.
        if let Some(given) = headers.get(header::COOKIE) {
            let given = String::from_utf8_lossy(given.as_bytes()).into_owned();
            cookies.insert(0, given);
        }
        let mut value = HeaderValue::try_from(cookies.join("; ")).map_err(|_| {
            InvalidReason::Request("the cookie has characters that a header forbids".into())
        })?;
        value.set_sensitive(true);
        headers.insert(header::COOKIE, value);
    }
    let base = base(client, draft.operation)?;
    let template = match &client.spoken {
        Some(spoken) => Cow::Owned(spoken.template(draft.operation)?),
        None => Cow::Borrowed(draft.operation.path),
    };
    let (path, fixed) = split(&template);
    let uri = match (&draft.link, &draft.raw_path) {
        (Some(link), _) => follow(&base, &render(draft, path)?, link, &query)?,
        (None, Some(path)) => address(&base, path, &query)?,
        (None, None) => {
            query.splice(0..0, fixed_query(draft, fixed)?);
            address(&base, &render(draft, path)?, &query)?
        }
    };
    Ok((uri, headers, carried))
}

/// The address under which the operation lies: its own where the document gives it one.
fn base<'c>(client: &'c Inner, operation: &Operation) -> Result<Cow<'c, Base>, InvalidReason> {
    match (&client.own, operation.servers.first()) {
        (Some(own), Some(server)) => {
            let base = own.base(server, &client.base);
            let wrong = |message| {
                InvalidReason::Address(format!("the address of the operation: {message}"))
            };
            base.map(Cow::Owned).map_err(wrong)
        }
        _ => Ok(Cow::Borrowed(&client.base)),
    }
}

/// The credentials of the operation: those of the call before those of the client.
fn carried(client: &Inner, draft: &Draft) -> Result<Carried, InvalidReason> {
    let own = Credentials::of(client.service, &draft.options.credentials);
    let own = own.map_err(InvalidReason::Request)?;
    let names = names(client, draft, &own)?;
    let mut carried = Carried {
        names,
        ready: Vec::new(),
        cached: Vec::new(),
    };
    for name in names {
        match own.get(name).or_else(|| client.credentials.get(name)) {
            Some((_, Source::Ready(ready))) => carried.ready.push(ready.clone()),
            Some((scheme, Source::Cached(cached))) => {
                carried.cached.push((scheme, cached.clone()));
            }
            None => {}
        }
    }
    Ok(carried)
}

/// The schemes of the credentials. A raw call declares none, and takes the first there is.
fn names(
    client: &Inner,
    draft: &Draft,
    own: &Credentials,
) -> Result<&'static [&'static str], InvalidReason> {
    let given = &draft.options.credentials;
    if draft.raw_path.is_some() {
        let from = if given.is_empty() {
            &client.credentials
        } else {
            own
        };
        let mut known = client.service.security.iter();
        let scheme = known.find(|scheme| from.get(scheme.name).is_some());
        return Ok(scheme.map_or(&[], |scheme| std::slice::from_ref(&scheme.name)));
    }
    let operation = draft.operation;
    if given.is_empty() {
        return client.credentials.choose(operation).ok_or_else(|| {
            let variables = client.service.credential_variables();
            InvalidReason::MissingCredential {
                alternatives: operation.security,
                help: format!("give one to the builder, or set {variables}, and use `from_env`"),
            }
        });
    }
    if operation.security.is_empty() {
        let message = "the operation takes no credential, so the one of the call would not be sent";
        return Err(InvalidReason::Request(message.into()));
    }
    let chosen = own.choose_over(&client.credentials, operation);
    let named = given.iter().filter_map(|source| source.scheme.as_deref());
    let is_sent = |names: &[&str]| named.clone().all(|name| names.contains(&name));
    chosen
        .filter(|names| is_sent(names))
        .ok_or_else(|| InvalidReason::MissingCredential {
            alternatives: operation.security,
            help: "what the call itself was given is not enough for it, or would not be sent"
                .into(),
        })
}

/// The headers of every request, then those of the client, then those of the call.
fn defaults(client: &Inner, draft: &Draft) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(header::USER_AGENT, client.agent.clone());
    headers.insert(
        header::ACCEPT,
        accept(client, draft.operation, draft.options.reading),
    );
    // A compressed stream may hold items back; what is read as a whole cannot.
    let encoding = match draft.options.reading {
        Reading::Whole => "gzip",
        Reading::Items | Reading::Head => "identity",
    };
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(encoding));
    for (name, value) in client.headers.iter().chain(&draft.headers) {
        headers.insert(name.clone(), value.clone());
    }
    if let Some(body) = &draft.body {
        let media = match &client.spoken {
            Some(spoken) if is_translated(draft) => {
                HeaderValue::try_from(spoken.format.media).unwrap_or_else(|_| body.media.clone())
            }
            _ => body.media.clone(),
        };
        headers.insert(header::CONTENT_TYPE, media);
    }
    headers
}

/// The media types of the documented replies. Where a success is a sequence of items or something
/// else, the call asks for the one it reads.
fn accept(client: &Inner, operation: &Operation, reading: Reading) -> HeaderValue {
    let unwanted = |reply: &Reply| {
        let is_other = |other: &Reply| {
            other.status == reply.status
                && !other.media.is_empty()
                && is_sequence(other.media) != is_sequence(reply.media)
        };
        let is_good = !matches!(
            reply.status,
            StatusMatch::Code(300..) | StatusMatch::Range(3..)
        );
        is_good
            && is_sequence(reply.media) != (reading == Reading::Items)
            && operation.replies.iter().any(is_other)
    };
    let mut media: Vec<&str> = Vec::new();
    for reply in operation.replies {
        let one = match &client.spoken {
            Some(spoken) if is_json(reply.media) => spoken.format.media,
            _ => reply.media,
        };
        if !one.is_empty() && !media.contains(&one) && !unwanted(reply) {
            media.push(one);
        }
    }
    match media.as_slice() {
        [] => HeaderValue::from_static("*/*"),
        [one] => HeaderValue::from_static(one),
        all if reading == Reading::Items => HeaderValue::try_from(all.join(", "))
            .unwrap_or_else(|_| HeaderValue::from_static("*/*")),
        all => {
            HeaderValue::try_from(weighed(all)).unwrap_or_else(|_| HeaderValue::from_static("*/*"))
        }
    }
}

/// Several media types: JSON before all others, which are taken as well.
fn weighed(all: &[&str]) -> String {
    let (json, others): (Vec<&str>, Vec<&str>) = all.iter().partition(|media| is_json(media));
    let less = if json.is_empty() { "" } else { ";q=0.9" };
    let others = others.iter().map(|media| format!("{media}{less}"));
    let json = json.into_iter().map(str::to_owned);
    json.chain(others).collect::<Vec<_>>().join(", ")
}

/// A path template, and the query that some documents write behind it. A fragment, by which others
/// tell operations of one path apart, is never sent.
fn split(template: &str) -> (&str, &str) {
    let sent = template.split('#').next().unwrap_or_default();
    sent.split_once('?').unwrap_or((sent, ""))
}

/// The pairs of the query in a path template, except for those that a parameter was given for, or wrote a pair of
/// the same name: those of an object have names of their own.
fn fixed_query(draft: &Draft, query: &str) -> Result<Vec<String>, InvalidReason> {
    fn name(pair: &str) -> Cow<'_, [u8]> {
        percent_decode_str(pair.split('=').next().unwrap_or_default()).into()
    }
    let described = |pair: &str| {
        let fixed = name(pair);
        draft.query.iter().any(|given| {
            let mut written = given.text.split('&').filter(|pair| !pair.is_empty());
            *given.name.as_bytes() == *fixed || written.any(|pair| name(pair) == fixed)
        })
    };
    let pairs = query.split('&');
    pairs
        .filter(|pair| !pair.is_empty() && !described(pair))
        .map(|pair| render(draft, pair))
        .collect()
}

/// A part of the path template with its parameters filled in.
fn render(draft: &Draft, template: &str) -> Result<String, InvalidReason> {
    let mut path = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else {
            break;
        };
        let name = &rest[open + 1..open + close];
        path.push_str(&rest[..open]);
        match draft.path.iter().find(|part| part.name == name) {
            Some(part) => path.push_str(&part.text),
            None => {
                return Err(InvalidReason::Parameter {
                    name: name.to_owned(),
                    message: "the path needs it, and it was not given".into(),
                });
            }
        }
        rest = &rest[open + close + 1..];
    }
    path.push_str(rest);
    Ok(path)
}

/// The whole address. What would be read as another path than the one written is refused.
fn address(of: &Base, path: &str, query: &[String]) -> Result<Address, InvalidReason> {
    let wrong = |message: String| InvalidReason::Address(message);
    if path
        .split('/')
        .any(|segment| segment == "." || segment == "..")
    {
        return Err(wrong(
            "a parameter makes a segment of the path `.` or `..`".into(),
        ));
    }
    let base = of.path();
    let separator = if path.starts_with('/') || path.is_empty() {
        ""
    } else {
        "/"
    };
    let whole = format!("{base}{separator}{path}");
    let mut url = of.url().clone();
    url.set_path(&whole);
    // The same segments, with no more done to each than percent-encoding what an address cannot hold; mostly
    // there was nothing to do.
    let decoded = |path: &str| percent_decode_str(path).collect::<Vec<u8>>();
    let slashes = |path: &str| path.matches('/').count();
    let same = url.path() == whole
        || slashes(url.path()) == slashes(&whole) && decoded(url.path()) == decoded(&whole);
    if !same && !whole.is_empty() {
        return Err(wrong("URL normalisation would change the path".into()));
    }
    if path.contains(['?', '#']) {
        return Err(wrong("the path holds a query or fragment".into()));
    }
    if !query.is_empty() {
        url.set_query(Some(&query.join("&")));
    }
    let target = &url[Position::BeforePath..];
    let uri = of.uri(target);
    let uri = uri.map_err(|error| wrong(format!("invalid URL: {error}")))?;
    Ok((uri, url))
}

/// The address of a further page. The server may choose path and query, and not the origin.
fn follow(
    of: &Base,
    path: &str,
    link: &str,
    credentials: &[String],
) -> Result<Address, InvalidReason> {
    let wrong = |message: String| InvalidReason::Address(format!("the next page: {message}"));
    let url = of.same_origin(path, link).map_err(wrong)?;
    let text = url.as_str().split('#').next().unwrap_or_default();
    with_pairs(text, credentials).map_err(wrong)
}

fn method(operation: &Operation) -> Method {
    use crate::service::Method as Named;
    match operation.method {
        Named::Get => Method::GET,
        Named::Put => Method::PUT,
        Named::Post => Method::POST,
        Named::Delete => Method::DELETE,
        Named::Options => Method::OPTIONS,
        Named::Head => Method::HEAD,
        Named::Patch => Method::PATCH,
        Named::Trace => Method::TRACE,
        Named::Query | Named::Other(_) => {
            // A name that is no token becomes GET nowhere: emission has checked it.
            Method::from_bytes(operation.method.as_str().as_bytes()).unwrap_or(Method::POST)
        }
    }
}
