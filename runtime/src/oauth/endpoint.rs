use super::request;
use crate::credential::CredentialError;
use crate::provider::IssueContext;
use bytes::Bytes;
use http::{HeaderValue, Request, header};
use serde_json::Value;
use std::sync::{Mutex, PoisonError};
use url::Url;

/// Where the token server is asked.
#[derive(Default)]
pub(super) struct Endpoints {
    pub(super) token: Option<String>,
    pub(super) device: Option<String>,
    pub(super) discovery: Option<String>,
    discovered: Mutex<Option<Discovered>>,
}

/// What a server says of itself.
#[derive(Clone, Default)]
struct Discovered {
    token: Option<String>,
    device: Option<String>,
}

impl Endpoints {
    /// The address for tokens.
    pub(super) async fn token(&self, context: &IssueContext) -> Result<Url, CredentialError> {
        if let Some(url) = &self.token {
            return absolute(context, url);
        }
        let discovered = self.discovered(context).await?.token;
        let url = discovered.ok_or_else(|| missing("token_endpoint", "token_url"))?;
        absolute(context, &url)
    }

    /// The address for the codes of devices.
    pub(super) async fn device(&self, context: &IssueContext) -> Result<Url, CredentialError> {
        if let Some(url) = &self.device {
            return absolute(context, url);
        }
        let discovered = self.discovered(context).await?.device;
        let name = "device_authorization_endpoint";
        let url = discovered.ok_or_else(|| missing(name, "device_authorization_url"))?;
        absolute(context, &url)
    }

    async fn discovered(&self, context: &IssueContext) -> Result<Discovered, CredentialError> {
        let known = self.discovered.lock();
        let known = known.unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let Some(url) = &self.discovery else {
            let message = "the document names no token server for this grant; give its address \
                           with `token_url`";
            return Err(CredentialError::new(message));
        };
        let discovered = discover(context, &absolute(context, url)?).await?;
        let mut slot = self
            .discovered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *slot = Some(discovered.clone());
        Ok(discovered)
    }
}

fn missing(member: &str, setter: &str) -> CredentialError {
    CredentialError::new(format!(
        "the description of the token server has no `{member}`; give the address with `{setter}`"
    ))
}

/// An address of the document, which may be written relative to that of the API.
fn absolute(context: &IssueContext, text: &str) -> Result<Url, CredentialError> {
    let url = context.base_url().join(text.trim());
    url.map_err(|error| CredentialError::new(format!("invalid URL of the token server: {error}")))
}

/// Reads what a server says of itself.
async fn discover(context: &IssueContext, url: &Url) -> Result<Discovered, CredentialError> {
    let shown = request::shown(url);
    let mut asked = Request::new(Bytes::new());
    *asked.uri_mut() = request::uri(url)?;
    let json = HeaderValue::from_static("application/json");
    asked.headers_mut().insert(header::ACCEPT, json);
    let reply = request::repeated(context, &asked, true).await;
    let reply = reply.map_err(|error| {
        CredentialError::with_source(format!("the description at {shown} is not there"), error)
    })?;
    let wrong = |what: String| {
        CredentialError::new(format!(
            "the description of the token server at {shown} {what}"
        ))
    };
    if reply.status() != 200 {
        return Err(wrong(format!("is not there: {}", reply.status())));
    }
    let Ok(Value::Object(members)) = serde_json::from_slice(reply.body()) else {
        return Err(wrong("is no JSON object".to_owned()));
    };
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    Ok(Discovered {
        token: text("token_endpoint"),
        device: text("device_authorization_endpoint"),
    })
}
