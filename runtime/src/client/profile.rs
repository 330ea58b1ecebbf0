use super::builder::{BuildError, ClientBuilder};
use crate::credential::Credential;
use std::path::{Path, PathBuf};
use toml::Value;

/// Profiles: addresses and credentials by name, in a TOML file.
///
/// ```toml
/// default = "work"
///
/// [profiles.work]
/// url = "https://api.example.com/v1"
/// token = "..."
///
/// [profiles.home]
/// user = "ada"
/// password = "..."
/// ```
///
/// `email` and `key` may stand for `user` and `password`.
impl<C> ClientBuilder<C> {
    /// Takes address and credentials from a profile in the user's configuration folder:
    /// `SERVICE/config.toml` below `$XDG_CONFIG_HOME`, `~/.config` or `%APPDATA%`.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read or has no such profile.
    pub fn profile(self, name: &str) -> Result<Self, BuildError> {
        let path = default_path(self.service.name)?;
        self.profile_from(&path, Some(name))
    }

    /// Takes address and credentials from a profile in a file; without a name, from the profile
    /// that the file calls its default.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, is not TOML, or has no such profile. The message holds no
    /// line of the file, which may hold secrets.
    pub fn profile_from(mut self, path: &Path, name: Option<&str>) -> Result<Self, BuildError> {
        let wrong =
            |message: String| BuildError::new(format!("profiles in {}: {message}", path.display()));
        let profile = Profile::read(path, name).map_err(wrong)?;
        if self.url.is_none() {
            self.url = profile.text("url").map_err(wrong)?;
        }
        for credential in profile.credentials().map_err(wrong)? {
            self = self.credential_for_all(credential);
        }
        Ok(self)
    }
}

/// One profile of a file.
struct Profile {
    name: String,
    values: toml::Table,
}

impl Profile {
    fn read(path: &Path, name: Option<&str>) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let mut file: toml::Table = toml::from_str(&text).map_err(|error| {
            // The error itself would quote the line, which may hold a secret.
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.unwrap_or_default().matches('\n').count() + 1;
            format!("line {line} is not TOML")
        })?;
        let default = file.get("default").and_then(Value::as_str);
        let Some(name) = name.or(default).map(ToOwned::to_owned) else {
            return Err("no profile is named, and none is the default".into());
        };
        let Some(Value::Table(mut profiles)) = file.remove("profiles") else {
            return Err("there is no table `profiles`".into());
        };
        let Some(Value::Table(values)) = profiles.remove(&name) else {
            let known: Vec<&str> = profiles.keys().map(String::as_str).collect();
            return Err(format!(
                "there is no profile `{name}`; there are: {}",
                known.join(", ")
            ));
        };
        match values.keys().find(|key| !KEYS.contains(&key.as_str())) {
            Some(key) => Err(format!(
                "the profile `{name}` has `{key}`, which means nothing; {} do",
                KEYS.join(", ")
            )),
            None => Ok(Self { name, values }),
        }
    }

    fn text(&self, key: &str) -> Result<Option<String>, String> {
        match self.values.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(format!(
                "`{key}` of the profile `{}` is not a text",
                self.name
            )),
        }
    }

    fn credentials(&self) -> Result<Vec<Credential>, String> {
        let mut credentials: Vec<Credential> = self
            .text("token")?
            .map(Credential::token)
            .into_iter()
            .collect();
        let user = self.text("user")?.or(self.text("email")?);
        let password = self.text("password")?.or(self.text("key")?);
        match (user, password) {
            (Some(user), Some(password)) => credentials.push(Credential::basic(user, password)),
            (None, None) => {}
            _ => {
                return Err(format!(
                    "the profile `{}` has only one of user (or email) and password (or key)",
                    self.name
                ));
            }
        }
        Ok(credentials)
    }
}

const KEYS: &[&str] = &["url", "token", "user", "email", "password", "key"];

fn default_path(service: &str) -> Result<PathBuf, BuildError> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let folder = variable("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| variable("APPDATA").map(PathBuf::from))
        .or_else(|| Some(PathBuf::from(variable("HOME")?).join(".config")));
    match folder {
        Some(folder) => Ok(folder.join(service).join("config.toml")),
        None => Err(BuildError::new(
            "there is no configuration folder: neither XDG_CONFIG_HOME, APPDATA nor HOME is set",
        )),
    }
}
