//! The same call by curl.
//!
//! Whoever copies it into a shell runs it, so every text of the document stands in single quotes, or is made of
//! characters that mean nothing to a shell.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use verbatim_codegen::document::{Parameter, Place, SchemeKind, Server, Style};
use verbatim_source::{Value, write};

use crate::body::Shown;
use crate::index::{Entry, Index};
use crate::sample::{self, Direction};

/// What is escaped in the parts of a URL.
const PART: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The body of a call, and its media type.
pub struct Sent<'s> {
    /// The media type.
    pub media: &'s str,
    /// What is sent, where it can be shown.
    pub shown: Option<&'s Shown>,
}

/// A call of an operation with all that it requires.
pub fn call(index: &Index<'_>, entry: &Entry<'_>, sent: Option<&Sent<'_>>) -> String {
    let mut call = Call {
        index,
        words: Vec::new(),
        query: Vec::new(),
        secret_query: None,
    };
    let method = entry.endpoint.operation.method.as_str();
    let mut path = entry.endpoint.template.value.clone();
    call.credentials(entry);
    for used in index.document.parameters(&entry.endpoint) {
        call.parameter(&index.document[used.id], &mut path);
    }
    if let Some(sent) = sent {
        call.body(sent);
    }
    let url = call.url(entry, &path);
    let verb = match method {
        "GET" if sent.is_none() => String::new(),
        "HEAD" => " --head".to_owned(),
        other => format!(" -X {}", quoted(other)),
    };
    let mut text = format!("curl{verb} {url}");
    for word in call.words {
        text.push_str(" \\\n  ");
        text.push_str(&word);
    }
    text
}

/// A call that is being written.
struct Call<'i, 'a> {
    index: &'i Index<'a>,
    /// The options behind the address.
    words: Vec<String>,
    query: Vec<String>,
    /// The name of the part of the query that holds a secret.
    secret_query: Option<String>,
}

impl Call<'_, '_> {
    /// A variable of the shell; those that the client in Rust reads.
    fn variable(&self, end: &str) -> String {
        let prefix = self.index.samples.environment.as_str();
        let is_word = |each: char| each.is_ascii_alphanumeric() || each == '_';
        if prefix.is_empty() || !prefix.chars().all(is_word) {
            return format!("${end}");
        }
        format!("${prefix}_{end}")
    }

    /// The first way to prove who calls.
    fn credentials(&mut self, entry: &Entry<'_>) {
        let document = self.index.document;
        let Some(needed) = document.security(entry.endpoint.operation).first() else {
            return;
        };
        for used in needed {
            let Some(scheme) = document.scheme(&used.name.value) else {
                continue;
            };
            let token = self.variable("TOKEN");
            match &scheme.kind {
                SchemeKind::Http { scheme, .. } if scheme.value == "basic" => {
                    let (user, password) = (self.variable("USER"), self.variable("PASSWORD"));
                    self.words.push(format!("-u \"{user}:{password}\""));
                }
                SchemeKind::Http { .. }
                | SchemeKind::OAuth2 { .. }
                | SchemeKind::OpenIdConnect { .. } => {
                    self.words
                        .push(format!("-H \"Authorization: Bearer {token}\""));
                }
                SchemeKind::ApiKey { name, place } => match place {
                    Place::Header if is_token(&name.value) => {
                        self.words.push(format!(
                            "-H {}",
                            secret(&format!("{}: ", name.value), &token)
                        ));
                    }
                    Place::Cookie if is_token(&name.value) => {
                        self.words.push(format!(
                            "-b {}",
                            secret(&format!("{}=", name.value), &token)
                        ));
                    }
                    Place::Query => self.secret_query = Some(name.value.clone()),
                    _ => {}
                },
                SchemeKind::MutualTls => {
                    self.words
                        .push("--cert client.pem --key client.key".to_owned());
                }
                SchemeKind::Unknown => {}
            }
        }
    }

    fn parameter(&mut self, parameter: &Parameter, path: &mut String) {
        let name = &parameter.name.value;
        if !parameter.required {
            return;
        }
        let value = self.value(parameter);
        let is_apart = parameter.value.explode && parameter.value.style == Style::Form;
        match parameter.place {
            Place::Path => {
                let text = encoded(&flat(&value, ","));
                *path = path.replace(&format!("{{{name}}}"), &text);
            }
            Place::Query => match &value {
                Value::Array(items) if is_apart => {
                    let items = items.iter().map(|item| pair(name, &flat(&item.value, ",")));
                    self.query.extend(items);
                }
                Value::Object(object) => {
                    let deep = parameter.value.style == Style::DeepObject;
                    self.query.extend(object.iter().map(|member| {
                        let key = if deep {
                            format!("{name}[{}]", member.key)
                        } else {
                            member.key.clone()
                        };
                        pair(&key, &flat(&member.value.value, ","))
                    }));
                }
                other => {
                    let between = match parameter.value.style {
                        Style::SpaceDelimited => " ",
                        Style::PipeDelimited => "|",
                        _ => ",",
                    };
                    self.query.push(pair(name, &flat(other, between)));
                }
            },
            Place::QueryString => self.query.push(encoded(&flat(&value, "&"))),
            Place::Header if is_token(name) => {
                let line = format!("{name}: {}", flat(&value, ","));
                self.words.push(format!("-H {}", quoted(&line)));
            }
            Place::Cookie if is_token(name) => {
                let line = format!("{name}={}", encoded(&flat(&value, ",")));
                self.words.push(format!("-b {}", quoted(&line)));
            }
            Place::Header | Place::Cookie => {}
        }
    }

    /// A value for a parameter: from the document, else made up; its name where nothing is known.
    fn value(&self, parameter: &Parameter) -> Value {
        let said = &parameter.value;
        let named = said.examples.values();
        let mut named = named.filter_map(|it| self.index.document[it.id].value.as_ref());
        if let Some(given) = said.example.as_ref().or_else(|| named.next()) {
            return given.value.clone();
        }
        let content = said.content.first();
        let content = content.and_then(|it| self.index.document[it.media_type.id].schema);
        let schema = said.schema.or(content);
        let made = schema.and_then(|id| sample::value(self.index, id, Direction::Request));
        match made {
            Some(Value::String(text)) if text == "text" => {
                Value::from(parameter.name.value.as_str())
            }
            Some(made) if content.is_some() => Value::from(write::compact(&made)),
            Some(made) => made,
            None => Value::from(parameter.name.value.as_str()),
        }
    }

    fn body(&mut self, sent: &Sent<'_>) {
        let media = sent.media;
        let value = sent.shown.and_then(|shown| shown.value.as_ref());
        match (media, value) {
            ("application/x-www-form-urlencoded", Some(Value::Object(object))) => {
                for member in object {
                    let line = pair(&member.key, &flat(&member.value.value, ","));
                    self.words.push(format!("--data-raw {}", quoted(&line)));
                }
            }
            (media, value) if media.starts_with("multipart/") => {
                let members = value.and_then(|value| match value {
                    Value::Object(object) => Some(object),
                    _ => None,
                });
                for member in members.into_iter().flatten() {
                    let line = format!("{}={}", member.key, flat(&member.value.value, ","));
                    self.words.push(format!("--form-string {}", quoted(&line)));
                }
                if members.is_none() {
                    self.words.push("-F 'file=@file'".to_owned());
                }
            }
            _ => {
                let line = format!("Content-Type: {media}");
                self.words.push(format!("-H {}", quoted(&line)));
                self.words.push(match sent.shown {
                    Some(shown) => format!("--data-raw {}", quoted(&shown.text)),
                    None => "--data-binary @file".to_owned(),
                });
            }
        }
    }

    fn url(&self, entry: &Entry<'_>, path: &str) -> String {
        let servers = self.index.document.servers(&entry.endpoint);
        let base = servers.first().map(address).unwrap_or_default();
        let mut url = format!("{}{path}", base.trim_end_matches('/'));
        let mut between = '?';
        for part in &self.query {
            url.push(between);
            url.push_str(part);
            between = '&';
        }
        let mut quoted_url = if url.starts_with("http://") || url.starts_with("https://") {
            quoted(&url)
        } else {
            format!("\"{}\"{}", self.variable("URL"), quoted(&url))
        };
        if let Some(name) = &self.secret_query {
            let token = self.variable("TOKEN");
            quoted_url.push_str(&quoted(&format!("{between}{}=", encoded(name))));
            quoted_url = format!("{quoted_url}\"{token}\"");
        }
        if url.contains(['{', '[']) {
            quoted_url.push_str(" --globoff");
        }
        quoted_url
    }
}

/// The address of a server with the defaults of its variables.
fn address(server: &Server) -> String {
    let mut url = server.url.value.clone();
    for (name, variable) in &server.variables {
        url = url.replace(&format!("{{{name}}}"), &variable.default.value);
    }
    url
}

fn pair(name: &str, value: &str) -> String {
    format!("{}={}", encoded(name), encoded(value))
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PART).to_string()
}

/// A value as the text of a parameter.
fn flat(value: &Value, between: &str) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items = items.iter().map(|item| flat(&item.value, between));
            items.collect::<Vec<_>>().join(between)
        }
        Value::Null => String::new(),
        other => write::compact(other),
    }
}

/// Whether a name can be that of a header or a cookie.
fn is_token(name: &str) -> bool {
    let is_plain = |each: char| each.is_ascii_alphanumeric() || "!#$&+-.^_|~".contains(each);
    !name.is_empty() && name.chars().all(is_plain)
}

/// A text and a variable behind it as one word of a shell.
fn secret(text: &str, variable: &str) -> String {
    let is_plain = |each: char| each.is_ascii_alphanumeric() || "-_:= ".contains(each);
    if text.chars().all(is_plain) {
        return format!("\"{text}{variable}\"");
    }
    format!("{}\"{variable}\"", quoted(text))
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    let is_plain = |each: char| each.is_ascii_alphanumeric() || "_./:-".contains(each);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_shell_mean_themselves() {
        assert_eq!(quoted("https://e.x/a-b"), "https://e.x/a-b");
        assert_eq!(quoted("$(id)"), "'$(id)'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted("-o"), "'-o'");
        assert_eq!(quoted(""), "''");
    }
}
