use super::request::shown;
use crate::credential::CredentialError;
use crate::redact::{Redactor, clip};
use bytes::Bytes;
use http::Response;
use secrecy::SecretString;
use serde_json::{Map, Value};
use std::time::Duration;
use url::Url;

/// How much of what a token server says is told.
const TOLD: usize = 300;

/// What a token server gave.
pub(super) struct Token {
    pub(super) access: SecretString,
    pub(super) refresh: Option<SecretString>,
    pub(super) lifetime: Option<Duration>,
}

/// Reads the reply of a token server: RFC 6749, sections 5.1 and 5.2.
pub(super) fn read(
    url: &Url,
    reply: &Response<Bytes>,
    redactor: &Redactor,
) -> Result<Token, CredentialError> {
    let members = members(url, reply, redactor)?;
    let wrong = |what: &str| {
        let server = shown(url);
        Err(CredentialError::new(format!(
            "the token server at {server} answered without error, and {what}"
        )))
    };
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    // Kinds that a bearer header would misuse.
    if let Some(kind) = text("token_type")
        && ["mac", "dpop", "pop", "n_a"].contains(&kind.to_ascii_lowercase().as_str())
    {
        return wrong(&format!(
            "gave a token of the type `{kind}`, which is no bearer token"
        ));
    }
    let Some(access) = text("access_token").filter(|token| !token.is_empty()) else {
        return wrong("gave no `access_token`");
    };
    Ok(Token {
        access: SecretString::from(access.to_owned()),
        refresh: text("refresh_token").map(|token| SecretString::from(token.to_owned())),
        lifetime: members.get("expires_in").and_then(seconds),
    })
}

/// The members of a success.
///
/// # Errors
///
/// What the server says else, with its secrets masked.
pub(super) fn members(
    url: &Url,
    reply: &Response<Bytes>,
    redactor: &Redactor,
) -> Result<Map<String, Value>, CredentialError> {
    let json = serde_json::from_slice::<Value>(reply.body());
    let status = reply.status();
    match json {
        Ok(Value::Object(members)) if status.is_success() && !members.contains_key("error") => {
            Ok(members)
        }
        Ok(Value::Object(members)) => Err(refusal(url, status, &members, redactor)),
        _ => {
            let (server, body) = (shown(url), String::from_utf8_lossy(reply.body()));
            let more = if status.is_success() {
                " with what is no JSON object".to_owned()
            } else if body.trim().is_empty() {
                String::new()
            } else {
                format!(": {}", told(&body, redactor))
            };
            let message = format!("the token server at {server} answered {status}{more}");
            Err(CredentialError::new(message))
        }
    }
}

/// The refusal of a token server, and what it means.
fn refusal(
    url: &Url,
    status: http::StatusCode,
    members: &Map<String, Value>,
    redactor: &Redactor,
) -> CredentialError {
    let server = shown(url);
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let Some(code) = text("error") else {
        let body = Value::Object(members.clone()).to_string();
        let body = redactor.body(body.as_bytes(), TOLD);
        return CredentialError::new(format!(
            "the token server at {server} answered {status}: {body}"
        ));
    };
    let code = told(code, redactor);
    let more = [
        meaning(&code).map(|meaning| format!(", {meaning}")),
        text("error_description").map(|says| format!("; it says: {}", told(says, redactor))),
        text("error_uri").map(|more| format!("; see {}", told(more, redactor))),
    ];
    let more: String = more.into_iter().flatten().collect();
    let message = format!("the token server at {server} refused ({status}): {code}{more}");
    CredentialError::refused(code, message)
}

/// What the codes of RFC 6749, RFC 8628 and RFC 8693 mean for whoever set the client up.
fn meaning(code: &str) -> Option<&'static str> {
    Some(match code {
        "invalid_client" => "it does not know the client, or the secret is not that of it",
        "invalid_grant" => {
            "what was shown to it (a refresh token, a code) has ended, was taken back or is another \
             client's"
        }
        "unauthorized_client" => "the client may not use this grant",
        "unsupported_grant_type" => "it does not know this grant",
        "invalid_scope" => {
            "a scope that was asked for is unknown or not the client's; name the ones to ask for \
             with `scopes`"
        }
        "invalid_target" => "it gives no token for the resource or audience that was named",
        "invalid_request" => "it misses a field, or knows one otherwise",
        "access_denied" => "the person refused the login",
        "expired_token" => "nobody approved the login in time",
        _ => return None,
    })
}

/// A text of the server as it may be shown: one line, and no secret.
fn told(text: &str, redactor: &Redactor) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    clip(redactor.text(plain.trim()).as_str(), TOLD)
}

/// Seconds, which some servers write as a text.
pub(super) fn seconds(value: &Value) -> Option<Duration> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.and_then(|number| Duration::try_from_secs_f64(number).ok())
}
