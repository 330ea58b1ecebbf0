use super::builder::{BuildError, ClientBuilder};
use crate::auth::Credential;
use crate::service::SecurityKind;

impl<C> ClientBuilder<C> {
    /// Takes address and credentials from environment variables; see
    /// [`Client::from_env`](crate::Client::from_env). What was said before stays.
    ///
    /// # Errors
    ///
    /// Where the API needs a credential and none is set; the message names the variables.
    pub fn from_env(self) -> Result<Self, BuildError> {
        self.from_lookup(|name| std::env::var(name).ok())
    }

    /// As [`ClientBuilder::from_env`], with the variables from elsewhere.
    ///
    /// # Errors
    ///
    /// Where the API needs a credential and none is set; the message names the variables.
    pub fn from_lookup(
        mut self,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, BuildError> {
        let prefix = self.service.environment;
        let get = |suffix: &str| {
            let value = lookup(&format!("{prefix}_{suffix}"))?;
            let value = value.trim();
            (!value.is_empty()).then(|| value.to_owned())
        };
        #[cfg(feature = "profiles")]
        if let Some(name) = get("PROFILE") {
            let path = get("CONFIG").map(std::path::PathBuf::from);
            self = match path {
                Some(path) => self.profile_from(&path, Some(&name))?,
                None => self.profile(&name)?,
            };
        }
        if self.url.is_none() {
            self.url = get("URL");
        }
        let given = self.credentials.len();
        let token = get("TOKEN").or_else(|| get("API_KEY"));
        let user = get("USER").or_else(|| get("EMAIL"));
        let password = get("PASSWORD")
            .or_else(|| get("KEY"))
            .or_else(|| get("API_KEY"));
        let basic = self.has_scheme(|kind| kind == SecurityKind::Basic);
        let keyed =
            self.has_scheme(|kind| !matches!(kind, SecurityKind::Basic | SecurityKind::Other(_)));
        if given == 0 {
            if let (true, Some(token)) = (keyed, token) {
                self = self.credential_for_all(Credential::token(token));
            }
            match (basic, user, password) {
                (true, Some(user), Some(password)) => {
                    self = self.credential_for_all(Credential::basic(user, password));
                }
                (true, Some(_), None) => {
                    return Err(BuildError::new(format!(
                        "{prefix}_USER or {prefix}_EMAIL is set, and neither {prefix}_PASSWORD nor \
                         {prefix}_KEY is"
                    )));
                }
                _ => {}
            }
        }
        if self.credentials.is_empty() && (basic || keyed) {
            return Err(BuildError::new(self.missing(basic, keyed)));
        }
        Ok(self)
    }

    fn has_scheme(&self, is: impl Fn(SecurityKind) -> bool) -> bool {
        self.service.security.iter().any(|scheme| is(scheme.kind))
    }

    fn missing(&self, basic: bool, keyed: bool) -> String {
        let prefix = self.service.environment;
        let mut ways = Vec::new();
        if keyed {
            ways.push(format!("{prefix}_TOKEN is not set"));
        }
        if basic {
            ways.push(format!(
                "{prefix}_USER and {prefix}_PASSWORD (or {prefix}_EMAIL and {prefix}_KEY) are not set"
            ));
        }
        format!(
            "no credential for {}: {}",
            self.service.title,
            ways.join(", and ")
        )
    }
}
