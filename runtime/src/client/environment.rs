use super::builder::{BuildError, ClientBuilder};
use crate::credential::Credential;
use crate::service::{SecurityKind, Service, Setting};
use std::collections::BTreeMap;
use std::ffi::OsString;

impl<C> ClientBuilder<C> {
    /// Takes address and credentials from environment variables; see
    /// [`Client::from_env`](crate::Client::from_env). What was said before stays.
    ///
    /// # Errors
    ///
    /// Where the API needs a credential and none is set, and where a variable is set whose name is
    /// nearly the name of one that is not; the message names the variables.
    pub fn from_env(self) -> Result<Self, BuildError> {
        self.from_variables(std::env::vars_os())
    }

    /// As [`ClientBuilder::from_env`], with the variables from elsewhere, each asked for by its name.
    /// A misspelt one is not seen here.
    ///
    /// # Errors
    ///
    /// Where the API needs a credential and none is set; the message names the variables.
    pub fn from_lookup(self, lookup: impl Fn(&str) -> Option<String>) -> Result<Self, BuildError> {
        let known = self.service.environment.variables.iter();
        let found = known.filter_map(|(name, _)| Some((*name, lookup(name)?)));
        self.from_variables(found)
    }

    /// As [`ClientBuilder::from_env`], with the variables from elsewhere: all that there are, so that
    /// a misspelt one can be told.
    ///
    /// # Errors
    ///
    /// As those of [`ClientBuilder::from_env`].
    pub fn from_variables<N, V>(
        mut self,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, BuildError>
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let given = Given::of(self.service, variables)?;
        if let Some(name) = given.get(Setting::Profile) {
            self = self.of_profile(name, given.get(Setting::Config))?;
        }
        let url = self.url.is_none().then(|| given.get(Setting::Url));
        let url = url.flatten().map(ToOwned::to_owned);
        let is_set = |setting| match setting {
            Setting::Url => self.url.is_some() || url.is_some(),
            Setting::Profile | Setting::Config => given.get(setting).is_some(),
            _ => !self.credentials.is_empty() || given.get(setting).is_some(),
        };
        let unknown = given.unknown(is_set)?;
        self.url = url.or(self.url);
        let basic = self.service.takes(SecurityKind::is_basic);
        let keyed = self.service.takes(SecurityKind::is_keyed);
        if self.credentials.is_empty() {
            if let (true, Some(token)) = (keyed, given.get(Setting::Token)) {
                self = self.credential_for_all(Credential::token(token));
            }
            let (user, password) = (given.get(Setting::User), given.get(Setting::Password));
            match (basic, user, password) {
                (true, Some(user), Some(password)) => {
                    self = self.credential_for_all(Credential::basic(user, password));
                }
                (true, Some(_), None) => return Err(BuildError::new(given.half())),
                _ => {}
            }
        }
        if self.credentials.is_empty() && (basic || keyed) {
            let variables = self.service.credential_variables();
            let title = self.service.title;
            return Err(BuildError::new(format!(
                "no credential for {title}: set {variables}{}",
                told(&unknown)
            )));
        }
        for name in &unknown {
            crate::trace::unknown_variable(name);
        }
        Ok(self)
    }

    #[cfg(feature = "profiles")]
    fn of_profile(self, name: &str, file: Option<&str>) -> Result<Self, BuildError> {
        match file {
            Some(path) => self.profile_from(std::path::Path::new(path), Some(name)),
            None => self.profile(name),
        }
    }

    #[cfg(not(feature = "profiles"))]
    fn of_profile(self, name: &str, _: Option<&str>) -> Result<Self, BuildError> {
        let mut names = self.service.environment.names(Setting::Profile);
        let variable = names.next().unwrap_or_default();
        Err(BuildError::new(format!(
            "{variable} names the profile `{name}`, and this program was built without the feature \
             `profiles`"
        )))
    }
}

impl SecurityKind {
    fn is_basic(self) -> bool {
        self == Self::Basic
    }

    /// Whether one text, a token or key, is all that it needs.
    fn is_keyed(self) -> bool {
        !matches!(self, Self::Basic | Self::Other(_))
    }
}

impl Service {
    fn takes(&self, is: impl Fn(SecurityKind) -> bool) -> bool {
        self.security.iter().any(|scheme| is(scheme.kind))
    }

    /// The variables that hold credentials, as the rest of a sentence.
    pub(crate) fn credential_variables(&self) -> String {
        let names = |setting| self.environment.names(setting);
        let mut ways = Vec::new();
        if self.takes(SecurityKind::is_keyed) {
            ways.extend(names(Setting::Token).take(1).map(ToOwned::to_owned));
        }
        if self.takes(SecurityKind::is_basic) {
            let pairs = names(Setting::User).zip(names(Setting::Password));
            ways.extend(pairs.map(|(user, password)| format!("{user} and {password}")));
        }
        ways.join(", or ")
    }
}

/// The variables that begin as those of the service do.
struct Given {
    service: &'static Service,
    values: BTreeMap<String, String>,
}

impl Given {
    fn of<N: Into<OsString>, V: Into<OsString>>(
        service: &'static Service,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, BuildError> {
        let prefix = service.environment.prefix;
        let mut values = BTreeMap::new();
        for (name, value) in variables {
            let Ok(mut name) = name.into().into_string() else {
                continue;
            };
            if cfg!(windows) {
                // Names are the same there in either case.
                name.make_ascii_uppercase();
            }
            let rest = name.strip_prefix(prefix);
            if prefix.is_empty() || !rest.is_some_and(|rest| rest.starts_with('_')) {
                continue;
            }
            let value = value.into().into_string().map_err(|_| {
                BuildError::new(format!("the value of the variable {name} is no text"))
            })?;
            let value = value.trim();
            if !value.is_empty() {
                values.insert(name, value.to_owned());
            }
        }
        Ok(Self { service, values })
    }

    fn get(&self, setting: Setting) -> Option<&str> {
        let mut names = self.service.environment.names(setting);
        names.find_map(|name| self.values.get(name).map(String::as_str))
    }

    /// What is said where there is a user and no password.
    fn half(&self) -> String {
        let names = |setting| self.service.environment.names(setting);
        let users: Vec<_> = names(Setting::User).collect();
        let passwords: Vec<_> = names(Setting::Password).collect();
        format!(
            "{} is set, and neither {} is",
            users.join(" or "),
            passwords.join(" nor ")
        )
    }

    /// The variables that this client does not read.
    ///
    /// # Errors
    ///
    /// For one that seems to stand for another one that has no value: what it was to set would be
    /// passed over in silence, and a token might go to an address that was not meant.
    fn unknown(&self, is_set: impl Fn(Setting) -> bool) -> Result<Vec<&str>, BuildError> {
        let environment = self.service.environment;
        let is_known = |name: &str| {
            environment
                .variables
                .iter()
                .any(|(known, _)| *known == name)
        };
        let unknown = self.values.keys().map(String::as_str);
        let unknown: Vec<&str> = unknown.filter(|name| !is_known(name)).collect();
        for name in &unknown {
            let meant = environment.variables.iter().find(|(known, setting)| {
                !is_set(*setting) && means(name, known, *setting, environment.prefix)
            });
            if let Some((known, _)) = meant {
                let known_ones = environment.variables.iter().map(|(name, _)| *name);
                let known_ones: Vec<&str> = known_ones.collect();
                return Err(BuildError::new(format!(
                    "{name} is set, which this client does not read; is {known} meant? It reads {}",
                    known_ones.join(", ")
                )));
            }
        }
        Ok(unknown)
    }
}

/// What is said of the variables that are set and not read.
fn told(unknown: &[&str]) -> String {
    match unknown {
        [] => String::new(),
        names => format!("; not read: {}", names.join(", ")),
    }
}

/// Other words by which programs call the same, behind the prefix.
const SYNONYMS: &[(Setting, &[&str])] = &[
    (
        Setting::Url,
        &[
            "ADDRESS", "BASE", "BASEURL", "BASE_URI", "BASE_URL", "ENDPOINT", "HOST", "SERVER",
            "URI",
        ],
    ),
    (
        Setting::Token,
        &[
            "ACCESS_TOKEN",
            "APIKEY",
            "API_TOKEN",
            "AUTH",
            "AUTH_TOKEN",
            "BEARER",
            "KEY",
            "SECRET",
        ],
    ),
    (Setting::User, &["LOGIN", "USERNAME", "USER_NAME"]),
    (Setting::Password, &["PASS", "PASSWD", "PWD", "SECRET"]),
];

/// Whether a name seems to stand for a known one: by a slip of the pen, or by another word for it.
fn means(name: &str, known: &str, setting: Setting, prefix: &str) -> bool {
    let behind = |name: &str| name[prefix.len()..].trim_start_matches('_').to_owned();
    let (name, known) = (behind(name), behind(known));
    let mut synonyms = SYNONYMS.iter().filter(|(it, _)| *it == setting);
    is_near(&name, &known) || synonyms.any(|(_, words)| words.contains(&name.as_str()))
}

/// Whether two words differ by one slip: a letter more, less or another one, or two that changed
/// places.
fn is_near(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let same = |(a, b): &(&u8, &u8)| a.eq_ignore_ascii_case(b);
    let before = one.iter().zip(other).take_while(same).count();
    let (one, other) = (&one[before..], &other[before..]);
    let behind = one.iter().rev().zip(other.iter().rev());
    let behind = behind.take_while(same).count();
    let (one, other) = (&one[..one.len() - behind], &other[..other.len() - behind]);
    let same_letters = before + behind;
    let differ = one.len().max(other.len());
    let is_swap = matches!((one, other), ([a, b], [c, d]) if a == d && b == c);
    same_letters >= 2 && (differ <= 1 || is_swap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_near_and_another_word_is_not() {
        for name in ["TOKN", "TOEKN", "TOKENS", "tOKEN", "OKEN", "TIKEN"] {
            assert!(is_near(name, "TOKEN"), "{name}");
        }
        for name in ["", "T", "TIMEOUT", "TOTAL", "OPEN", "DEBUG"] {
            assert!(!is_near(name, "TOKEN"), "{name}");
        }
        assert!(is_near("URLS", "URL") && !is_near("USE", "URL"));
    }
}
