//! Operations and what belongs to them.

use std::sync::Arc;

use verbatim_source::{Pointer, Value};

use crate::extension::{Pagination, Wait};
use crate::schema::Schema;
use crate::template::Template;

/// One method of one path.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The `operationId`, or method and path where the document gives none.
    pub id: String,
    /// The method in capitals.
    pub method: String,
    /// The path as the document writes it, without the base path.
    pub path: String,
    /// The paths of the servers that it is reached at, each without a slash at its end.
    pub bases: Vec<String>,
    /// The path taken apart.
    pub template: Template,
    /// Where the document describes it.
    pub pointer: Pointer,
    /// The tags.
    pub tags: Vec<String>,
    /// One line about it.
    pub summary: String,
    /// Whether the document advises against it.
    pub deprecated: bool,
    /// The parameters, those of the path item included.
    pub parameters: Vec<Parameter>,
    /// The form of the whole query, where the document describes it as one value.
    pub query: Option<Media>,
    /// The body of the request.
    pub body: Option<Body>,
    /// The replies in the order of the document.
    pub replies: Vec<Reply>,
    /// Alternatives, each the names of the schemes that are needed together. Empty: none is needed.
    pub security: Vec<Vec<String>>,
    /// `x-verbatim-pagination`.
    pub pagination: Option<Pagination>,
    /// `x-verbatim-wait`.
    pub wait: Option<Wait>,
    /// `x-verbatim-safe`: whether sending it changes nothing; by its method where it is not declared.
    pub safe: bool,
    /// `x-verbatim-idempotent`: whether sending it twice is the same as once; by its method where
    /// it is not declared.
    pub idempotent: bool,
    /// `x-verbatim-group`.
    pub group: Option<String>,
    /// `x-verbatim-method`.
    pub action: Option<String>,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

/// How a parameter is written (OpenAPI's `style`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `a,b,c` in paths and headers.
    Simple,
    /// `name=a&name=b` or `name=a,b`.
    Form,
    /// `.a.b`
    Label,
    /// `;name=a,b`
    Matrix,
    /// `name=a%20b`
    SpaceDelimited,
    /// `name=a|b`
    PipeDelimited,
    /// `name[key]=value`
    DeepObject,
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name, as it is sent.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Whether it must be there.
    pub required: bool,
    /// How it is written.
    pub style: Style,
    /// Whether lists and objects give several parts.
    pub explode: bool,
    /// Whether a name in a query without a value is enough, whatever the schema says.
    pub allows_empty: bool,
    /// The media type its text is of (OpenAPI's `content`); `None` where `style` says how it is
    /// written.
    pub content: Option<String>,
    /// What its value may be; `None` where the document does not say.
    pub schema: Option<Schema>,
    /// Documented values.
    pub examples: Vec<Example>,
    /// Where the document describes it.
    pub pointer: Pointer,
}

/// The body of a request.
#[derive(Debug, Clone)]
pub struct Body {
    /// Whether it must be there.
    pub required: bool,
    /// Its forms.
    pub media: Vec<Media>,
}

/// A form of a body.
#[derive(Debug, Clone)]
pub struct Media {
    /// The media type as documented, ranges included.
    pub name: String,
    /// What the body may be.
    pub schema: Option<Schema>,
    /// What each item of a body that is a sequence may be: `itemSchema`, since OpenAPI 3.2.
    pub item: Option<Schema>,
    /// Documented bodies.
    pub examples: Vec<Example>,
    /// Where the document describes it.
    pub pointer: Pointer,
}

/// A documented value.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its name; `example` where it has none.
    pub name: String,
    /// The value.
    pub value: Arc<Value>,
    /// Where the value stands in the document.
    pub pointer: Pointer,
    /// `x-verbatim-not-evidence`: why it says nothing about this operation.
    pub not_evidence: Option<String>,
}

/// Which statuses a reply is documented for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusMatch {
    /// One status.
    Code(u16),
    /// A hundred statuses: `4` for `4XX`.
    Range(u8),
    /// All that no other reply names.
    Default,
}

/// A documented reply.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Which statuses it is for.
    pub status: StatusMatch,
    /// The forms of its body; empty where it has none.
    pub media: Vec<Media>,
    /// Its headers.
    pub headers: Vec<Header>,
    /// Where the document describes it (behind a reference).
    pub pointer: Pointer,
}

/// A documented header of a reply.
#[derive(Debug, Clone)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Whether it must be there.
    pub required: bool,
    /// Whether names and values of objects are joined by equals signs.
    pub explode: bool,
    /// The media type its text is of (OpenAPI's `content`).
    pub content: Option<String>,
    /// What its value may be.
    pub schema: Option<Schema>,
    /// A documented value.
    pub example: Option<Arc<Value>>,
    /// Where the document describes it.
    pub pointer: Pointer,
}

impl Parameter {
    /// Whether a value that was sent is the empty one that the parameter allows.
    pub fn takes_empty(&self, value: &Value) -> bool {
        let is_empty = |value: &Value| matches!(value, Value::String(text) if text.is_empty());
        self.allows_empty
            && match value {
                // A list that is sent as one text is one of one text.
                Value::Array(items) => matches!(items.as_slice(), [one] if is_empty(&one.value)),
                other => is_empty(other),
            }
    }
}

impl Operation {
    /// The reply documented for a status: by its code, else its range, else the default.
    pub fn reply(&self, status: u16) -> Option<&Reply> {
        let range = u8::try_from(status / 100).unwrap_or(0);
        [
            StatusMatch::Code(status),
            StatusMatch::Range(range),
            StatusMatch::Default,
        ]
        .iter()
        .find_map(|wanted| self.replies.iter().find(|reply| reply.status == *wanted))
    }

    /// The status and reply of success: the lowest documented code from 200 to 299, else the range
    /// `2XX` as 200, else the default as 200.
    pub fn success(&self) -> Option<(u16, &Reply)> {
        let code = self
            .replies
            .iter()
            .filter_map(|reply| match reply.status {
                StatusMatch::Code(code) if (200..300).contains(&code) => Some((code, reply)),
                _ => None,
            })
            .min_by_key(|(code, _)| *code);
        code.or_else(|| self.reply(200).map(|reply| (200, reply)))
    }

    /// The status and reply of a request that nothing is wrong with: that of success, else the
    /// lowest code that is documented, as where an operation only leads elsewhere.
    pub fn usual(&self) -> Option<(u16, &Reply)> {
        let lowest = || {
            let codes = self.replies.iter().filter_map(|reply| match reply.status {
                StatusMatch::Code(code) => Some((code, reply)),
                StatusMatch::Range(range) => Some((u16::from(range) * 100, reply)),
                StatusMatch::Default => None,
            });
            codes.min_by_key(|(code, _)| *code)
        };
        self.success().or_else(lowest)
    }

    /// The parameters of one place.
    pub fn parameters_in(&self, place: Place) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(move |parameter| parameter.place == place)
    }
}

impl Body {
    /// The form that a media type (of a request's `Content-Type`) names.
    pub fn media(&self, content_type: &str) -> Option<&Media> {
        media_of(&self.media, content_type)
    }

    /// The first form that is JSON.
    pub fn json(&self) -> Option<&Media> {
        self.media.iter().find(|media| media.is_json())
    }
}

impl Reply {
    /// The form that a media type (of a reply's `Content-Type`) names.
    pub fn media(&self, content_type: &str) -> Option<&Media> {
        media_of(&self.media, content_type)
    }

    /// The first form that is JSON.
    pub fn json(&self) -> Option<&Media> {
        self.media.iter().find(|media| media.is_json())
    }
}

impl Media {
    /// Whether it is JSON: `application/json`, or ending in `+json`.
    pub fn is_json(&self) -> bool {
        is_json(&self.name)
    }

    /// Documented bodies that say something about this operation.
    pub fn evidence(&self) -> impl Iterator<Item = &Example> {
        self.examples
            .iter()
            .filter(|example| example.not_evidence.is_none())
    }
}

/// Whether a media type is JSON: `application/json`, `text/json`, or ending in `+json`.
pub fn is_json(media: &str) -> bool {
    let essence = essence(media);
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

/// A media type without its parameters, in small letters.
pub fn essence(media: &str) -> String {
    media
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// The exact media type, else `type/*`, else `*/*`. Of several that differ in their parameters, the one whose
/// parameters were sent, else one that asks for none.
fn media_of<'a>(list: &'a [Media], content_type: &str) -> Option<&'a Media> {
    let wanted = essence(content_type);
    let family = wanted.split('/').next().unwrap_or_default();
    let ranges = [wanted.clone(), format!("{family}/*"), "*/*".to_owned()];
    let sent = parameters(content_type);
    ranges.iter().find_map(|range| {
        let alike = || list.iter().filter(|media| essence(&media.name) == *range);
        let asked = |media: &Media| {
            let mut asked = parameters(&media.name);
            asked.retain(|(name, _)| name != "charset");
            asked
        };
        let fitting = alike().filter(|media| asked(media).iter().all(|one| sent.contains(one)));
        // One whose parameters were left out is meant, one that was sent with others is not.
        let is_other = |media: &&Media| {
            let mut asked = asked(media).into_iter();
            asked.any(|(name, value)| {
                let mut sent = sent.iter();
                sent.any(|(known, other)| *known == name && *other != value)
            })
        };
        fitting
            .max_by_key(|media| asked(media).len())
            .or_else(|| alike().find(|media| !is_other(media)))
    })
}

/// The parameters of a header value such as a media type: names in small letters, values without
/// quotation marks.
pub fn parameters(text: &str) -> Vec<(String, String)> {
    let mut parts = vec![String::new()];
    let (mut is_quoted, mut is_escaped) = (false, false);
    for character in text.chars() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => {
                is_escaped = true;
                continue;
            }
            '"' => {
                is_quoted = !is_quoted;
                continue;
            }
            ';' if !is_quoted => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    let pairs = parts.iter().skip(1).filter_map(|part| part.split_once('='));
    pairs
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect()
}
