use super::Call;
use crate::client::Client;
use crate::draft::QueryPart;
use crate::error::{InvalidReason, Undocumented};
use crate::received::RawResponse;
use crate::reply;
use crate::service::{Method, Operation};
use std::borrow::Cow;

impl Client {
    /// A call of a path that the document does not know, with credentials, pace and policies kept.
    /// The path begins with a slash, lies under the client's address, and may hold a query.
    ///
    /// The value is the reply; a status that is no success is [`Error::Undocumented`].
    ///
    /// [`Error::Undocumented`]: crate::Error::Undocumented
    pub fn raw(&self, method: Method, path: impl Into<String>) -> Call<RawResponse, Undocumented> {
        let path = path.into();
        let mut call = Call::new(
            self,
            operation(method),
            |reply| Ok(reply.clone()),
            reply::none,
        );
        let (path, query) = match path.split_once('?') {
            Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
            None => (path, None),
        };
        if let Method::Other(name) = method {
            call.draft.refuse(InvalidReason::Unsupported(format!(
                "a raw call cannot use the method {name}"
            )));
        }
        let plain = |text: &str| !text.contains(['#', '\\']) && !text.contains(char::is_control);
        if !path.starts_with('/') || !plain(&path) || !query.as_deref().is_none_or(plain) {
            call.draft.refuse(InvalidReason::Address(
                "the path of a raw call begins with a slash, and holds no fragment, backslash or \
                 control character"
                    .into(),
            ));
        }
        for pair in query.iter().flat_map(|query| query.split('&')) {
            let name = pair.split('=').next().unwrap_or(pair).to_owned();
            call.draft.query.push(QueryPart {
                name: Cow::Owned(name),
                text: pair.to_owned(),
            });
        }
        call.draft.raw_path = Some(path);
        call
    }
}

/// The description of a raw call, which knows the method only.
const fn raw(method: Method) -> Operation {
    Operation {
        id: "raw",
        method,
        path: "",
        tag: "",
        deprecated: false,
        idempotent: method.is_idempotent(),
        parameters: &[],
        body: &[],
        replies: &[],
        security: &[],
        secrets: &[],
        servers: &[],
        pagination: None,
        wait: None,
    }
}

fn operation(method: Method) -> &'static Operation {
    static GET: Operation = raw(Method::Get);
    static PUT: Operation = raw(Method::Put);
    static POST: Operation = raw(Method::Post);
    static DELETE: Operation = raw(Method::Delete);
    static OPTIONS: Operation = raw(Method::Options);
    static HEAD: Operation = raw(Method::Head);
    static PATCH: Operation = raw(Method::Patch);
    static TRACE: Operation = raw(Method::Trace);
    static QUERY: Operation = raw(Method::Query);
    match method {
        Method::Get => &GET,
        Method::Put => &PUT,
        Method::Post | Method::Other(_) => &POST,
        Method::Delete => &DELETE,
        Method::Options => &OPTIONS,
        Method::Head => &HEAD,
        Method::Patch => &PATCH,
        Method::Trace => &TRACE,
        Method::Query => &QUERY,
    }
}
