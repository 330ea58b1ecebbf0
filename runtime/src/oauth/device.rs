use super::request::{self, Form};
use super::token::{self, Token, seconds};
use super::{APPROVAL, OAuth, Prompt};
use crate::credential::CredentialError;
use crate::provider::IssueContext;
use secrecy::SecretString;
use serde_json::Value;
use std::time::Duration;

/// Seconds between two questions, where the server does not say, and what is added where it asks for
/// fewer: RFC 8628, section 3.5.
const INTERVAL: Duration = Duration::from_secs(5);

/// What a person is shown to approve a login on another device.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DevicePrompt {
    /// Where the person goes.
    pub verification_uri: String,
    /// The same with the code in it, for a link or a picture, where the server gives one.
    pub verification_uri_complete: Option<String>,
    /// What the person enters there.
    pub user_code: String,
    /// How long there is for it.
    pub expires_in: Duration,
}

impl OAuth {
    /// Asks a person, and waits for the approval.
    pub(super) async fn approved(
        &self,
        context: &IssueContext,
        prompt: &Prompt,
    ) -> Result<Token, CredentialError> {
        let url = self.endpoints.device(context).await?;
        let form = self.scoped(Form::new());
        let (request, redactor) = form.request(&url, &self.client)?;
        let reply = request::repeated(context, &request, true).await;
        let reply = reply.map_err(|error| request::unreached(&url, error))?;
        let members = token::members(&url, &reply, &redactor)?;
        let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        let needed = |name: &str| {
            text(name).ok_or_else(|| {
                CredentialError::new(format!("the token server gave no `{name}` for the device"))
            })
        };
        let code = SecretString::from(needed("device_code")?);
        let expires_in = members.get("expires_in").and_then(seconds);
        let expires_in = expires_in.unwrap_or(APPROVAL);
        let mut interval = members
            .get("interval")
            .and_then(seconds)
            .unwrap_or(INTERVAL);
        // Some servers call it so.
        let address = text("verification_uri").or_else(|| text("verification_url"));
        let clock = context.clock();
        let ends = clock.now() + expires_in;
        prompt(&DevicePrompt {
            verification_uri: address.map_or_else(|| needed("verification_uri"), Ok)?,
            verification_uri_complete: text("verification_uri_complete"),
            user_code: needed("user_code")?,
            expires_in,
        });
        loop {
            clock.sleep(interval).await;
            let form = Form::grant("urn:ietf:params:oauth:grant-type:device_code");
            let outcome = self.ask(context, form.secret("device_code", &code)).await;
            match outcome {
                Err(error) if error.code() == Some("authorization_pending") => {}
                Err(error) if error.code() == Some("slow_down") => interval += INTERVAL,
                outcome => return outcome,
            }
            if clock.now() >= ends {
                let message = "nobody approved the login in time";
                return Err(CredentialError::refused("expired_token", message));
            }
        }
    }
}
