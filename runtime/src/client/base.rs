use crate::loopback::is_loopback;
use crate::service::Server;
use http::Uri;
use http::uri::{Authority, Scheme};
use std::collections::BTreeMap;
use url::Url;

/// The address under which every path of a client lies.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    /// Without a slash at its end.
    text: String,
    /// The path of it, likewise.
    path: String,
    url: Url,
    scheme: Scheme,
    authority: Authority,
}

/// How the addresses of operations that have their own are made.
#[derive(Debug, Clone)]
pub(crate) struct OwnServers {
    pub(super) variables: BTreeMap<String, String>,
    pub(super) plain: PlainHttp,
}

impl OwnServers {
    /// The address of an operation, which may be written relative to that of the client.
    pub(super) fn base(&self, server: &Server, of: &Base) -> Result<Base, String> {
        let is_known = |name: &String| server.variables.iter().any(|it| it.name == *name);
        let given = self.variables.iter().filter(|(name, _)| is_known(name));
        let given = given
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let text = fill(server, &given)?;
        let url = Url::parse(&format!("{}/", of.text)).and_then(|from| from.join(text.trim()));
        let url = url.map_err(|error| error.to_string())?;
        Base::parse(url.as_str(), self.plain)
    }
}

/// Whether plain HTTP is sent to other machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlainHttp {
    Loopback,
    Anywhere,
}

impl Base {
    pub(crate) fn parse(text: &str, plain: PlainHttp) -> Result<Self, String> {
        let url = Url::parse(text.trim()).map_err(|error| format!("{error}"))?;
        match url.scheme() {
            "https" => {}
            "http" if plain == PlainHttp::Anywhere || is_loopback(&url) => {}
            "http" => {
                return Err(
                    "credentials are sent over https only, unless the host is this machine; \
                     call `danger_allow_http` to send them in the clear"
                        .into(),
                );
            }
            other => return Err(format!("the scheme `{other}` is neither https nor http")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                "an address with a user or password in it; give them as credentials".into(),
            );
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("an address with a query or fragment".into());
        }
        if url.host().is_none() {
            return Err("an address without a host".into());
        }
        let path = url.path().trim_end_matches('/').to_owned();
        let text = format!("{}{path}", url.origin().ascii_serialization());
        let none = |error: http::Error| error.to_string();
        let authority = Authority::try_from(url.authority()).map_err(|error| none(error.into()))?;
        let scheme = Scheme::try_from(url.scheme()).map_err(|error| none(error.into()))?;
        Ok(Self {
            text,
            path,
            url,
            scheme,
            authority,
        })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// The address of a path and query within the origin.
    pub(crate) fn uri(&self, target: &str) -> Result<Uri, http::Error> {
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(target)
            .build()
    }

    /// A reference made absolute against a path, if it stays within the origin of this address.
    pub(crate) fn same_origin(&self, path: &str, reference: &str) -> Result<Url, String> {
        let from = Url::parse(&format!("{}{path}", self.text));
        let url = from
            .and_then(|from| from.join(reference))
            .map_err(|error| error.to_string())?;
        let plain = url.username().is_empty() && url.password().is_none();
        if url.origin() == self.url.origin() && plain {
            Ok(url)
        } else {
            Err("the address lies in another origin than the client's".into())
        }
    }
}

/// An address with one of its variables filled in.
pub(crate) fn replace(text: &str, name: &str, value: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/".contains(c);
    if !value.chars().all(plain) || value.contains("//") {
        return Err(format!(
            "the server variable `{name}` holds characters that would change the address"
        ));
    }
    Ok(text.replace(&format!("{{{name}}}"), value))
}

/// The address of a server with its variables filled in.
pub(crate) fn fill(server: &Server, given: &BTreeMap<String, String>) -> Result<String, String> {
    let mut text = server.url.to_owned();
    for variable in server.variables {
        let value = given
            .get(variable.name)
            .map_or(variable.default, String::as_str);
        if !variable.values.is_empty() && !variable.values.contains(&value) {
            return Err(format!(
                "the server variable `{}` is none of {}",
                variable.name,
                variable.values.join(", ")
            ));
        }
        text = replace(&text, variable.name, value)?;
    }
    match given.keys().find(|name| {
        !server
            .variables
            .iter()
            .any(|variable| variable.name == **name)
    }) {
        Some(unknown) => Err(format!("the address has no variable `{unknown}`")),
        None => Ok(text),
    }
}
