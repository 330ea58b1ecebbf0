//! What a path answers to other methods than those that its operations have.

use bytes::Bytes;
use http::{Request, Response};
use verbatim_contract::{Found, Operation};

use crate::refuse::Refusal;
use crate::respond::{put, respond};
use crate::simulator::Simulator;

impl Simulator {
    /// The methods that a path answers.
    pub(super) fn allowed(&self, path: &str) -> Vec<&str> {
        let operations = match path {
            "*" => self.contract.operations().iter().collect(),
            path => self.contract.of_path(path),
        };
        let mut methods: Vec<&str> = Vec::new();
        for operation in operations {
            if !methods.contains(&operation.method.as_str()) {
                methods.push(&operation.method);
            }
        }
        if methods.contains(&"GET") && !methods.contains(&"HEAD") {
            methods.push("HEAD");
        }
        if !methods.contains(&"OPTIONS") {
            methods.push("OPTIONS");
        }
        methods
    }

    /// Answers `OPTIONS`, that of a browser before a request included.
    pub(super) fn methods(&self, request: &Request<Bytes>, path: &str) -> Response<Bytes> {
        let methods = self.allowed(path);
        let preflight = self.settings.cors.preflight(request, &methods);
        let mut response = preflight.unwrap_or_else(|| respond(204, "", String::new()));
        put(response.headers_mut(), "allow", &methods.join(", "));
        response
    }

    pub(super) fn unknown_path(&self) -> Response<Bytes> {
        self.refusal(None, &Refusal::new(404, "there is no such path"))
    }

    /// An operation of a path whose method is not documented.
    pub(super) fn of_path(&self, request: &Request<Bytes>) -> Option<&Operation> {
        let (path, _) = self.plain_path(request.uri().path());
        self.contract.of_path(&path).into_iter().next()
    }
}

/// Whether a request asks for the methods of a documented path, or by `*` for those of the server, and the document
/// has no operation that answers it.
pub(super) fn asks_for_methods(request: &Request<Bytes>, found: &Found<'_>) -> bool {
    request.method() == http::Method::OPTIONS
        && (matches!(found, Found::Methods(_)) || request.uri().path() == "*")
}
