//! Spans with the names of OpenTelemetry's HTTP conventions. Without the feature `tracing`,
//! nothing of this is compiled.

#[cfg(feature = "tracing")]
pub(crate) use on::{
    attempt, attempt_ended, operation, operation_ended, polled, unknown_variable, wait, within,
};

#[cfg(not(feature = "tracing"))]
pub(crate) use off::{
    attempt, attempt_ended, operation, operation_ended, polled, unknown_variable, wait, within,
};

#[cfg(feature = "tracing")]
mod on {
    use crate::error::Failure;
    use crate::prepared::Prepared;
    use crate::received::RawResponse;
    use crate::service::{Operation, Service};
    use crate::transport::TransportError;
    use bytes::Bytes;
    use http::Response;
    use std::future::Future;
    use tracing::field::Empty;
    use tracing::{Instrument, info_span};

    pub(crate) type Span = tracing::Span;

    pub(crate) fn operation(service: &Service, prepared: &Prepared) -> Span {
        let operation = prepared.operation();
        let span = info_span!(
            "operation",
            otel.name = Empty,
            otel.kind = "client",
            otel.status_code = Empty,
            api.name = service.name,
            api.operation = operation.id,
            http.request.method = operation.method.as_str(),
            url.template = operation.path,
            server.address = prepared.url.host_str().unwrap_or_default(),
            server.port = prepared.url.port_or_known_default(),
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            error.type = Empty,
        );
        if !span.is_disabled() {
            let name = format!("{} {}", operation.method.as_str(), operation.path);
            span.record("otel.name", name.as_str());
        }
        span
    }

    pub(crate) fn operation_ended(span: &Span, outcome: &Result<RawResponse, Failure>) {
        match outcome {
            Ok(received) => {
                span.record("http.response.status_code", received.status);
                let resent = received.exchange.attempts.len().saturating_sub(1);
                span.record("http.request.resend_count", resent);
                if received.status >= 400 {
                    span.record("otel.status_code", "ERROR");
                    span.record("error.type", received.status);
                }
            }
            Err(failure) => {
                span.record("otel.status_code", "ERROR");
                span.record("error.type", failure.kind());
            }
        }
    }

    pub(crate) fn attempt(prepared: &Prepared, resent: usize) -> Span {
        tracing::debug_span!(
            "attempt",
            otel.kind = "client",
            http.request.method = prepared.operation().method.as_str(),
            http.request.resend_count = resent,
            http.request.body.size = prepared.body.length(),
            http.response.status_code = Empty,
            http.response.body.size = Empty,
            error.type = Empty,
        )
    }

    pub(crate) fn attempt_ended(span: &Span, result: &Result<Response<Bytes>, TransportError>) {
        match result {
            Ok(reply) => {
                span.record("http.response.status_code", reply.status().as_u16());
                span.record("http.response.body.size", reply.body().len());
            }
            Err(broken) => {
                span.record("error.type", tracing::field::debug(broken.kind()));
            }
        }
    }

    pub(crate) fn wait(operation: &Operation) -> Span {
        info_span!("wait", otel.kind = "internal", api.operation = operation.id)
    }

    pub(crate) fn polled(state: Option<&str>, percent: Option<&str>) {
        tracing::debug!(state, percent, "polled");
    }

    pub(crate) fn unknown_variable(name: &str) {
        tracing::warn!(
            variable = name,
            "an environment variable that this client does not read"
        );
    }

    pub(crate) fn within<F: Future>(span: &Span, future: F) -> impl Future<Output = F::Output> {
        future.instrument(span.clone())
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use crate::error::Failure;
    use crate::prepared::Prepared;
    use crate::received::RawResponse;
    use crate::service::{Operation, Service};
    use crate::transport::TransportError;
    use bytes::Bytes;
    use http::Response;
    use std::future::Future;

    pub(crate) struct Span;

    pub(crate) fn operation(_service: &Service, _prepared: &Prepared) -> Span {
        Span
    }

    pub(crate) fn operation_ended(_span: &Span, _outcome: &Result<RawResponse, Failure>) {}

    pub(crate) fn attempt(_prepared: &Prepared, _resent: usize) -> Span {
        Span
    }

    pub(crate) fn attempt_ended(_span: &Span, _result: &Result<Response<Bytes>, TransportError>) {}

    pub(crate) fn wait(_operation: &Operation) -> Span {
        Span
    }

    pub(crate) fn polled(_state: Option<&str>, _percent: Option<&str>) {}

    pub(crate) fn unknown_variable(_name: &str) {}

    pub(crate) fn within<F: Future>(_span: &Span, future: F) -> F {
        future
    }
}
