//! Requests taken apart.

use bytes::Bytes;
use http::Request;
use verbatim_contract::{Operation, Place, Style, wire};

use crate::check::ReceivedRequest;
use crate::simulator::Simulator;
use crate::world::key_of;

impl Simulator {
    /// A request taken apart.
    pub(super) fn received<'a>(
        &'a self,
        operation: &Operation,
        path: Vec<(String, String)>,
        request: &'a Request<Bytes>,
    ) -> ReceivedRequest<'a> {
        let raw_path = self.plain_path(request.uri().path()).0;
        let path = path.into_iter();
        ReceivedRequest {
            headers: request.headers(),
            target: request
                .uri()
                .path_and_query()
                .map_or("", http::uri::PathAndQuery::as_str),
            query: self.query(operation, request),
            raw_query: self.raw_query(operation, request),
            path: path
                .map(|(name, value)| {
                    let meant = self.styled(operation, &name, &raw_path);
                    (name, meant.unwrap_or(value))
                })
                .collect(),
            raw_path,
            body: request.body(),
            rules: &self.rules,
        }
    }

    /// The value of a parameter that stands in a path with marks of its style, such as `;id=5`.
    fn styled(&self, operation: &Operation, name: &str, raw_path: &str) -> Option<String> {
        let mut parameters = operation.parameters_in(Place::Path);
        let parameter = parameters.find(|parameter| {
            parameter.name == name && matches!(parameter.style, Style::Label | Style::Matrix)
        })?;
        let value = wire::from_path(&self.contract, operation, parameter, raw_path)?;
        key_of(&value)
    }

    /// The query, decoded, with the texts that count as others where a boolean is asked for.
    fn query(&self, operation: &Operation, request: &Request<Bytes>) -> Vec<(String, String)> {
        wire::read_query(&self.raw_query(operation, request))
    }

    /// The query with the texts that count as others where a boolean is asked for.
    fn raw_query(&self, operation: &Operation, request: &Request<Bytes>) -> String {
        let raw = request.uri().query().unwrap_or_default();
        if self.rules.spellings.is_empty() {
            return raw.to_owned();
        }
        let parts = raw.split('&').map(|part| {
            let Some((name, value)) = part.split_once('=') else {
                return part.to_owned();
            };
            let is_boolean = operation.parameters_in(Place::Query).any(|parameter| {
                let schema = parameter.schema.as_ref();
                let schema = schema.filter(|_| parameter.name == name);
                schema.is_some_and(|schema| self.contract.shape(schema).is("boolean"))
            });
            match self.rules.spellings.get(value).filter(|_| is_boolean) {
                Some(meant) => format!("{name}={meant}"),
                None => part.to_owned(),
            }
        });
        parts.collect::<Vec<_>>().join("&")
    }
}
