use super::builder::{BuildError, ClientBuilder};
use crate::auth::Credential;
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
impl ClientBuilder {
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
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let file: toml::Table = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(0, |span| {
                text.bytes()
                    .take(span.start)
                    .filter(|byte| *byte == b'\n')
                    .count()
                    + 1
            });
            wrong(format!("line {line} is not TOML"))
        })?;
        let name = match (name, file.get("default").and_then(Value::as_str)) {
            (Some(name), _) | (None, Some(name)) => name,
            (None, None) => {
                return Err(wrong("no profile is named, and none is the default".into()));
            }
        };
        let profiles = file.get("profiles").and_then(Value::as_table);
        let profile = profiles.and_then(|profiles| profiles.get(name)?.as_table());
        let Some(profile) = profile else {
            let known = profiles.map_or_else(Vec::new, |all| all.keys().cloned().collect());
            return Err(wrong(format!(
                "there is no profile `{name}`; there are: {}",
                known.join(", ")
            )));
        };
        for key in profile.keys() {
            if !KEYS.contains(&key.as_str()) {
                return Err(wrong(format!(
                    "the profile `{name}` has `{key}`, which means nothing; {} do",
                    KEYS.join(", ")
                )));
            }
        }
        let text_of = |key: &str| -> Result<Option<String>, BuildError> {
            match profile.get(key) {
                None => Ok(None),
                Some(Value::String(text)) => Ok(Some(text.clone())),
                Some(_) => Err(wrong(format!(
                    "`{key}` of the profile `{name}` is not a text"
                ))),
            }
        };
        if self.url.is_none() {
            self.url = text_of("url")?;
        }
        if let Some(token) = text_of("token")? {
            self = self.credential_for_all(Credential::token(token));
        }
        let user = text_of("user")?.or(text_of("email")?);
        let password = text_of("password")?.or(text_of("key")?);
        match (user, password) {
            (Some(user), Some(password)) => {
                self = self.credential_for_all(Credential::basic(user, password));
            }
            (None, None) => {}
            _ => {
                return Err(wrong(format!(
                    "the profile `{name}` has only one of user (or email) and password (or key)"
                )));
            }
        }
        Ok(self)
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
