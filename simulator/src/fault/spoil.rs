//! What a response gets wrong.

use bytes::Bytes;
use http::{Response, StatusCode};
use verbatim_contract::{Contract, Direction, Operation, wire};
use verbatim_source::{Node, Value, write};

use super::{InjectedFaults, Kind, drift};
use crate::respond::put;
use crate::world::object;

/// Kinds that change what a JSON body says.
const DRIFTS: &[Kind] = &[
    Kind::UnknownProperty,
    Kind::UnknownEnum,
    Kind::Null,
    Kind::MissingProperty,
    Kind::WrongType,
    Kind::NumberAsText,
    Kind::NumberLexeme,
    Kind::DuplicateKey,
];

const PAGE: &str = "<!DOCTYPE html>\n<title>Error</title>\n<h1>Something went wrong</h1>\n";

impl InjectedFaults {
    /// Spoils status, media type and body of a response.
    pub fn spoil(
        &self,
        contract: &Contract,
        operation: Option<&Operation>,
        response: &mut Response<Bytes>,
    ) {
        if self.is_none() {
            return;
        }
        if response.status().is_success() {
            self.spoil_success(contract, operation, response);
        } else {
            self.spoil_error(contract, operation, response);
        }
    }

    fn spoil_success(
        &self,
        contract: &Contract,
        operation: Option<&Operation>,
        response: &mut Response<Bytes>,
    ) {
        if DRIFTS.iter().any(|kind| self.has(*kind))
            && let Ok(mut value) = crate::json::json(response.body())
        {
            let status = response.status().as_u16();
            let schema = operation
                .and_then(|operation| operation.reply(status))
                .and_then(|reply| reply.json()?.schema.as_ref());
            drift::spoil(self, contract, schema, &mut value);
            let mut text = write::compact(&value);
            if self.has(Kind::DuplicateKey) {
                text = drift::duplicated(&text);
            }
            *response.body_mut() = Bytes::from(text);
        }
        if let Some(status) = self.amount(Kind::WrongStatus) {
            let status = u16::try_from(status).unwrap_or_default();
            *response.status_mut() =
                StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT);
        }
        if self.has(Kind::WrongContentType) {
            put(response.headers_mut(), "content-type", "text/html");
        }
        if self.has(Kind::EmptyBody) {
            *response.body_mut() = Bytes::new();
        }
        if self.has(Kind::NotJson) {
            let half = response.body().len() / 2;
            *response.body_mut() = response.body().slice(..half);
        }
    }

    fn spoil_error(
        &self,
        contract: &Contract,
        operation: Option<&Operation>,
        response: &mut Response<Bytes>,
    ) {
        if let Some(seconds) = self.amount(Kind::RetryAfter) {
            put(response.headers_mut(), "retry-after", &seconds.to_string());
        }
        if self.has(Kind::WrongError) {
            let status = response.status().as_u16();
            let schema = operation
                .and_then(|operation| operation.reply(status))
                .and_then(|reply| reply.json()?.schema.as_ref());
            let other = object([("problem", Value::Bool(true))]);
            let forms = [
                other,
                Value::Array(vec![Node::made(1)]),
                Value::from("error"),
            ];
            let undocumented = |form: &&Value| {
                schema.is_none_or(|schema| !contract.accepts(schema, form, Direction::Reply))
            };
            if let Some(form) = forms.iter().find(undocumented) {
                *response.body_mut() = Bytes::from(write::compact(form));
                put(response.headers_mut(), "content-type", "application/json");
            }
        }
        if self.has(Kind::HtmlError) {
            *response.body_mut() = Bytes::from_static(PAGE.as_bytes());
            put(response.headers_mut(), "content-type", "text/html");
        }
    }

    /// Spoils the first documented header that not every text is a value of.
    pub fn spoil_headers(
        &self,
        contract: &Contract,
        operation: Option<&Operation>,
        response: &mut Response<Bytes>,
    ) {
        const WRONG: &str = "many";
        if !self.has(Kind::WrongHeader) {
            return;
        }
        let status = response.status().as_u16();
        let reply = operation.and_then(|operation| operation.reply(status));
        let headers = reply
            .map(|reply| reply.headers.as_slice())
            .unwrap_or_default();
        let particular = headers.iter().find(|header| {
            header.schema.as_ref().is_some_and(|schema| {
                let value = wire::typed(contract, Some(schema), WRONG);
                !contract.accepts(schema, &value, Direction::Reply)
            })
        });
        if let Some(header) = particular {
            put(response.headers_mut(), &header.name, WRONG);
        }
    }
}
