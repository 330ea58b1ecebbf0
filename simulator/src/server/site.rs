//! Several documents behind one socket, told apart by their base paths.

use std::sync::Arc;

use bytes::Bytes;
use verbatim_source::{Node, Value};

use crate::control::CONTROL;
use crate::respond::respond;
use crate::simulator::{Simulator, StartError};
use crate::world::object;

/// The path of the certificate that was made at the start.
const CERTIFICATE: &str = "/__simulator/certificate";

/// What one socket serves.
#[derive(Debug)]
pub(crate) struct Site {
    /// The base paths and whose they are, the longest first, those with variables last.
    bases: Vec<(String, usize)>,
    simulators: Vec<Arc<Simulator>>,
    /// Names by which callers may address the server.
    pub names: Vec<String>,
    /// The certificate that was made at the start, as PEM.
    certificate: Option<String>,
}

impl Site {
    pub fn new(
        simulators: Vec<Arc<Simulator>>,
        names: Vec<String>,
        certificate: Option<String>,
    ) -> Result<Self, StartError> {
        let mut bases: Vec<(String, usize)> = Vec::new();
        for (at, simulator) in simulators.iter().enumerate() {
            for base in simulator.contract().bases() {
                let known = bases.iter().find(|(known, _)| known == base);
                let Some((_, other)) = known else {
                    bases.push((base.clone(), at));
                    continue;
                };
                let other = simulators.get(*other).map(|it| it.contract().title.clone());
                return Err(StartError::new(format!(
                    "`{}` and `{}` both stand below the path `{base}/`; give one of them another by `--base /PATH` after its `--spec`",
                    other.unwrap_or_default(),
                    simulator.contract().title
                )));
            }
        }
        bases.sort_by_key(|(base, _)| (base.contains('{'), std::cmp::Reverse(base.len())));
        Ok(Self {
            bases,
            simulators,
            names,
            certificate,
        })
    }

    pub fn simulators(&self) -> impl Iterator<Item = &Simulator> {
        self.simulators.iter().map(Arc::as_ref)
    }

    /// Whether a path is for the control of the simulator rather than for an API: `/__simulator`, or
    /// the same below the base path of a document.
    pub fn is_control(&self, path: &str) -> bool {
        is_below(path, CONTROL)
            || self.bases.iter().any(|(base, _)| {
                let rest = verbatim_contract::after(path, base);
                rest.is_some_and(|rest| is_below(rest, CONTROL))
            })
    }

    /// The simulator that a request is for.
    ///
    /// # Errors
    /// The answer, where it is for none of them.
    pub fn meant(
        &self,
        head: &http::request::Parts,
    ) -> Result<&Arc<Simulator>, Box<http::Response<Bytes>>> {
        let path = head.uri.path();
        if path == CERTIFICATE && head.method == http::Method::GET {
            return Err(Box::new(self.certificate()));
        }
        if let [only] = self.simulators.as_slice() {
            return Ok(only);
        }
        let found = self
            .bases
            .iter()
            .find(|(base, _)| verbatim_contract::after(path, base).is_some());
        let found = found.and_then(|(_, at)| self.simulators.get(*at));
        found.ok_or_else(|| Box::new(self.elsewhere(path, &head.method)))
    }

    fn certificate(&self) -> http::Response<Bytes> {
        match &self.certificate {
            Some(pem) => respond(200, "application/x-pem-file", pem.clone()),
            None => respond(
                404,
                "text/plain",
                "no certificate was made; start the simulator with `--tls self-signed`\n"
                    .to_owned(),
            ),
        }
    }

    /// Tells where the documents are.
    fn elsewhere(&self, path: &str, method: &http::Method) -> http::Response<Bytes> {
        let documents = self.simulators().map(|simulator| {
            let contract = simulator.contract();
            Node::made(object([
                ("title", Value::from(contract.title.as_str())),
                ("base", Value::from(contract.base_path.as_str())),
                (
                    "control",
                    Value::from(format!("{}{CONTROL}", contract.base_path)),
                ),
            ]))
        });
        let documents = Value::Array(documents.collect());
        let asks = path.trim_end_matches('/') == CONTROL && method == http::Method::GET;
        let body = if asks {
            object([("documents", documents)])
        } else {
            let message =
                "no document stands below this path; each has its own control path below its base";
            object([("message", Value::from(message)), ("documents", documents)])
        };
        let status = if asks { 200 } else { 404 };
        let text = verbatim_source::write::compact(&body);
        respond(status, "application/json", text)
    }
}

/// Whether a path is another or below it.
fn is_below(path: &str, base: &str) -> bool {
    path.strip_prefix(base)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
