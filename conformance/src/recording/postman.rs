//! Collections of Postman 2.x, whose requests have saved replies.

use serde_json::Value;

use super::lenient::{form, headers, scalar, status};
use super::{Entry, Recorded};
use crate::exchange::{Exchange, Request, Response};

/// Folders inside folders that are looked into.
const DEEPEST: usize = 32;

/// Reads every saved reply.
pub fn read(name: &str, root: &Value, each: &mut dyn FnMut(Entry)) {
    let collection = Collection {
        name,
        variables: variables(root.get("variable")),
    };
    collection.items(root, "", DEEPEST, each);
}

struct Collection<'a> {
    name: &'a str,
    variables: Vec<(String, String)>,
}

fn variables(list: Option<&Value>) -> Vec<(String, String)> {
    let all = list.and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|one| {
        let key = one.get("key").or_else(|| one.get("id"))?.as_str()?;
        Some((key.to_owned(), scalar(one.get("value")?)?))
    })
    .collect()
}

impl Collection<'_> {
    fn items(&self, folder: &Value, at: &str, depth: usize, each: &mut dyn FnMut(Entry)) {
        let list = folder.get("item").and_then(Value::as_array);
        for (number, item) in list.into_iter().flatten().enumerate() {
            let at = format!("{at}/item/{number}");
            if depth > 0 && item.get("item").is_some() {
                self.items(item, &at, depth - 1, each);
            }
            let replies = item.get("response").and_then(Value::as_array);
            for (number, reply) in replies.into_iter().flatten().enumerate() {
                let place = format!("{}#{at}/response/{number}", self.name);
                each(match self.reply(item, reply, &place) {
                    Ok(entry) => entry,
                    Err(message) => Entry::Spoiled {
                        place,
                        message: message.to_owned(),
                    },
                });
            }
        }
    }

    fn reply(&self, item: &Value, reply: &Value, place: &str) -> Result<Entry, &'static str> {
        let asked = reply
            .get("originalRequest")
            .filter(|asked| !asked.is_null())
            .or_else(|| item.get("request"))
            .ok_or("the saved reply has no request")?;
        // The short form of a request is its URL.
        let url = match asked {
            Value::String(url) => url.clone(),
            other => Self::url(other.get("url").ok_or("the request has no URL")?)?,
        };
        let method = asked.get("method").and_then(Value::as_str).unwrap_or("GET");
        let Some(status) = reply
            .get("code")
            .or_else(|| reply.get("status"))
            .and_then(status)
        else {
            return Ok(Entry::Unanswered);
        };
        let mut fields = headers(asked.get("header")).unwrap_or_default();
        let body = self.body(asked.get("body"), &mut fields);
        let name = reply.get("name").and_then(Value::as_str).unwrap_or("");
        let exchange = Exchange {
            origin: if name.is_empty() {
                place.to_owned()
            } else {
                format!("{place} ({name})")
            },
            request: Request {
                method: method.to_ascii_uppercase(),
                target: String::new(),
                headers: Some(fields),
                body,
            },
            response: Response {
                status,
                headers: headers(reply.get("header")),
                body: match reply.get("body") {
                    Some(Value::String(text)) => Some(text.clone().into_bytes()),
                    _ => None,
                },
            },
        };
        Ok(Recorded::of(exchange, &self.filled(&url)))
    }

    fn url(url: &Value) -> Result<String, &'static str> {
        if let Value::String(raw) = url {
            return Ok(raw.clone());
        }
        let raw = url.get("raw").and_then(Value::as_str).map_or_else(
            || pieces(url, "path", "/").map(|path| format!("/{path}")),
            |raw| Some(raw.to_owned()),
        );
        let raw = raw.ok_or("the request has no URL")?;
        let (path, query) = raw
            .split_once('?')
            .map_or((raw.as_str(), None), |(path, query)| (path, Some(query)));
        // `/things/:id` with the value of `id` beside it.
        let own = variables(url.get("variable"));
        let path: Vec<String> = path
            .split('/')
            .map(|segment| {
                let named = segment.strip_prefix(':').filter(|name| !name.is_empty());
                let value = named.and_then(|name| own.iter().find(|(key, _)| key == name));
                match (named, value) {
                    (_, Some((_, value))) if !value.is_empty() => value.clone(),
                    (Some(name), _) => format!("{{{name}}}"),
                    _ => segment.to_owned(),
                }
            })
            .collect();
        let path = path.join("/");
        Ok(match query {
            Some(query) => format!("{path}?{query}"),
            None => path,
        })
    }

    /// A text with the variables of the collection filled in; others stay as they are.
    fn filled(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for (key, value) in &self.variables {
            let hole = format!("{{{{{key}}}}}");
            if out.contains(&hole) {
                out = out.replace(&hole, value);
            }
        }
        out
    }

    fn body(&self, body: Option<&Value>, fields: &mut crate::exchange::Headers) -> Option<Vec<u8>> {
        let Some(body) = body.filter(|body| !body.is_null()) else {
            return Some(Vec::new());
        };
        let mut says = |media: &str| {
            if fields.get("content-type").is_none() {
                fields.add("Content-Type", media);
            }
        };
        match body.get("mode").and_then(Value::as_str) {
            Some("raw") => {
                let text = body.get("raw").and_then(Value::as_str).unwrap_or("");
                let language = body
                    .pointer("/options/raw/language")
                    .and_then(Value::as_str);
                match language {
                    Some("json") => says("application/json"),
                    Some("xml") => says("application/xml"),
                    _ => {}
                }
                Some(self.filled(text).into_bytes())
            }
            Some("urlencoded") => {
                says("application/x-www-form-urlencoded");
                let pairs = headers(body.get("urlencoded")).unwrap_or_default();
                let pairs: Vec<(String, String)> = pairs
                    .iter()
                    .map(|(name, value)| (name.to_owned(), self.filled(value)))
                    .collect();
                Some(form(pairs.into_iter()))
            }
            None => Some(Vec::new()),
            // Files are not part of a collection, nor are the bytes of a multipart body.
            Some(_) => None,
        }
    }
}

fn pieces(url: &Value, key: &str, separator: &str) -> Option<String> {
    let list = url.get(key)?.as_array()?;
    let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
    Some(words.join(separator))
}
