//! A request in preparation, without its types.

use crate::exchange::Exchange;
use crate::json::is_secret_name;
use crate::media;
use crate::options::Options;
use crate::parameter;
use crate::reason::InvalidReason;
use crate::service::{Operation, Parameter, Place};
use crate::transport::Upload;
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::SecretString;
use std::borrow::Cow;

/// A request in preparation. The first thing that is wrong is kept, and reported when it is sent.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) operation: &'static Operation,
    /// The path of a raw call, instead of the template.
    pub(crate) raw_path: Option<String>,
    /// The address of a further page, as the server gave it, instead of path and query.
    pub(crate) link: Option<String>,
    pub(crate) path: Vec<PathPart>,
    pub(crate) query: Vec<QueryPart>,
    pub(crate) headers: HeaderMap,
    pub(crate) cookies: Vec<(String, String)>,
    pub(crate) body: Option<Payload>,
    pub(crate) secrets: Vec<SecretString>,
    pub(crate) problem: Option<InvalidReason>,
    /// The first bound of the document that a value breaks. It can be written all the same.
    pub(crate) violation: Option<InvalidReason>,
    pub(crate) options: Options,
}

/// A path parameter.
#[derive(Clone)]
pub(crate) struct PathPart {
    pub(crate) name: &'static str,
    /// Encoded.
    pub(crate) text: String,
    /// As JSON, for other operations on the same resource.
    pub(crate) json: String,
}

/// The encoded pairs of one query parameter.
#[derive(Clone)]
pub(crate) struct QueryPart {
    pub(crate) name: Cow<'static, str>,
    pub(crate) text: String,
}

/// A request body.
#[derive(Clone)]
pub(crate) struct Payload {
    pub(crate) media: HeaderValue,
    pub(crate) content: Upload,
}

/// Headers that say where a request ends; a second opinion would let it end elsewhere.
pub(crate) const FRAMING: &[&str] = &[
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "upgrade",
];

/// Why a required parameter that would not be sent is refused.
const EMPTY: &str = "it is required, and an empty list or object has no form here";

/// A value as JSON text, or why it has none; what the generic methods of a call hand over.
pub(crate) type Value = Result<String, crate::json::Error>;

impl Draft {
    pub(crate) fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            raw_path: None,
            link: None,
            path: Vec::new(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            cookies: Vec::new(),
            body: None,
            secrets: Vec::new(),
            problem: None,
            violation: None,
            options: Options::default(),
        }
    }

    /// What is known of the call before it is sent.
    pub(crate) fn exchange(&self) -> Exchange {
        let mut exchange = Exchange::of(self.operation);
        if let Some(path) = &self.raw_path {
            exchange.path = Cow::Owned(path.clone());
        }
        exchange.redactor.parameters.clone_from(&self.secrets);
        for source in &self.options.credentials {
            source.add_forms(&mut exchange.redactor.parameters);
        }
        let sent = self.body.as_ref().and_then(|body| body.content.as_bytes());
        if let Some(sent) = sent {
            exchange.redactor.sent = sent.clone();
        }
        exchange
    }

    pub(crate) fn refuse(&mut self, reason: InvalidReason) {
        self.problem.get_or_insert(reason);
    }

    /// Notes that a value breaks a bound of the document, which keeps the call from being sent unless it is unchecked.
    pub(crate) fn violates(&mut self, reason: InvalidReason) {
        self.violation.get_or_insert(reason);
    }

    /// Judges a parameter by its bounds in the table.
    fn judge(&mut self, name: &str, declared: Option<&Parameter>, json: &str) {
        if let Err(message) = parameter::check(declared, json) {
            self.violates(InvalidReason::Parameter {
                name: name.to_owned(),
                message,
            });
        }
    }

    fn refuse_parameter(&mut self, name: &str, message: impl Into<String>) {
        self.refuse(InvalidReason::Parameter {
            name: name.to_owned(),
            message: message.into(),
        });
    }

    pub(crate) fn path(&mut self, name: &'static str, value: Value) {
        let declared = self.operation.parameter(Place::Path, name);
        let encoded = value.map_err(|error| error.to_string()).and_then(|json| {
            self.note_secret(Place::Path, name, &json);
            self.judge(name, declared, &json);
            parameter::path(name, declared, &json).map(|text| (text, json))
        });
        match encoded {
            Ok((text, json)) => {
                self.path.retain(|part| part.name != name);
                self.path.push(PathPart { name, text, json });
            }
            Err(message) => self.refuse_parameter(name, message),
        }
    }

    pub(crate) fn query(&mut self, name: &'static str, value: Value) {
        let declared = self.operation.parameter(Place::Query, name);
        let pairs = value.map_err(|error| error.to_string()).and_then(|json| {
            self.note_secret(Place::Query, name, &json);
            self.judge(name, declared, &json);
            let pairs = parameter::query(name, declared, &json)?;
            if pairs.is_empty() && declared.is_some_and(|parameter| parameter.required) {
                return Err(EMPTY.into());
            }
            Ok(pairs)
        });
        match pairs {
            Ok(pairs) => {
                self.query.retain(|part| part.name != name);
                self.query.push(QueryPart {
                    name: Cow::Borrowed(name),
                    text: pairs.join("&"),
                });
            }
            Err(message) => self.refuse_parameter(name, message),
        }
    }

    pub(crate) fn header(&mut self, name: &str, value: Value) {
        let declared = self.operation.parameter(Place::Header, name);
        let text = value.map_err(|error| error.to_string()).and_then(|json| {
            self.note_secret(Place::Header, name, &json);
            self.judge(name, declared, &json);
            let text = parameter::header(declared, &json)?;
            // A list of one empty text is an empty header.
            let is_left_out = matches!(json.as_str(), "[]" | "{}");
            if is_left_out && declared.is_some_and(|parameter| parameter.required) {
                return Err(EMPTY.into());
            }
            Ok((!is_left_out).then_some(text))
        });
        match text {
            Ok(Some(text)) => self.header_text(name, &text),
            Ok(None) => {
                self.headers.remove(name);
            }
            Err(message) => self.refuse_parameter(name, message),
        }
    }

    /// A header as text. Line breaks and other control characters are refused, never sent.
    pub(crate) fn header_text(&mut self, name: &str, text: &str) {
        let Ok(header) = HeaderName::try_from(name) else {
            return self.refuse_parameter(name, "this is not the name of a header");
        };
        if FRAMING.contains(&header.as_str()) {
            return self.refuse_parameter(name, "the client writes this header itself");
        }
        match HeaderValue::try_from(text) {
            Ok(mut value) => {
                value.set_sensitive(self.is_secret(Place::Header, name));
                self.headers.insert(header, value);
            }
            Err(_) => self.refuse_parameter(name, "a header cannot hold these characters"),
        }
    }

    pub(crate) fn cookie(&mut self, name: &'static str, value: Value) {
        let declared = self.operation.parameter(Place::Cookie, name);
        let pairs = value.map_err(|error| error.to_string()).and_then(|json| {
            self.note_secret(Place::Cookie, name, &json);
            self.judge(name, declared, &json);
            let pairs = parameter::cookie(name, declared, &json)?;
            if pairs.is_empty() && declared.is_some_and(|parameter| parameter.required) {
                return Err(EMPTY.into());
            }
            Ok(pairs)
        });
        match pairs {
            Ok(pairs) => {
                self.cookies.retain(|(other, _)| other != name);
                self.cookies.push((name.to_owned(), pairs.join("; ")));
            }
            Err(message) => self.refuse_parameter(name, message),
        }
    }

    pub(crate) fn body(&mut self, media: &str, content: Result<Upload, InvalidReason>) {
        let content = match content {
            Ok(content) => content,
            Err(reason) => return self.refuse(reason),
        };
        match HeaderValue::try_from(media) {
            Ok(media) => self.body = Some(Payload { media, content }),
            Err(_) => self.refuse(InvalidReason::Request(
                "the media type of the body cannot stand in a header".into(),
            )),
        }
    }

    /// A body of bytes or text, of the media type that it names itself or of the documented one.
    pub(crate) fn upload(&mut self, documented: &'static str, content: Upload) {
        match named_media(self.operation, documented, content.media()) {
            Ok(media) => self.body(&media, Ok(content)),
            Err(message) => self.refuse(InvalidReason::Request(message)),
        }
    }

    /// The parameters and the body that the operation cannot do without.
    pub(crate) fn complete(&self) -> Result<(), InvalidReason> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        let violation = self.violation.as_ref();
        if let Some(violation) = violation.filter(|_| !self.options.unchecked) {
            return Err(violation.clone());
        }
        for parameter in self.operation.parameters {
            let name = parameter.name;
            let given = match parameter.place {
                Place::Path => self.path.iter().any(|part| part.name == name),
                Place::Query => self.query.iter().any(|part| part.name == name),
                Place::Header => self.headers.contains_key(name),
                Place::Cookie => self.cookies.iter().any(|(other, _)| other == name),
            };
            let is_key = parameter.place == Place::Header
                && name.eq_ignore_ascii_case(self.operation.idempotency_key);
            if parameter.required && !given && !is_key {
                return Err(InvalidReason::MissingParameter(name));
            }
        }
        if self.body.is_none() && self.operation.body.iter().any(|body| body.required) {
            return Err(InvalidReason::MissingBody);
        }
        let is_said = self.headers.contains_key(http::header::CONTENT_TYPE);
        if is_said && self.body.is_some() && self.raw_path.is_none() {
            return Err(InvalidReason::Parameter {
                name: "content-type".to_owned(),
                message: "the client writes this header from the body: name the type of an upload \
                          by `Upload::content_type`"
                    .to_owned(),
            });
        }
        Ok(())
    }

    fn is_secret(&self, place: Place, name: &str) -> bool {
        let declared = self.operation.parameter(place, name);
        declared.is_some_and(|parameter| parameter.secret) || is_secret_name(name)
    }

    fn note_secret(&mut self, place: Place, name: &str, json: &str) {
        if self.is_secret(place, name) {
            let plain = serde_json::from_str::<String>(json);
            let plain = plain.unwrap_or_else(|_| json.to_owned());
            self.secrets.extend(crate::redact::forms_of(&plain));
        }
    }
}

/// The media type of an upload: the one that it names, where that is documented, or the documented one.
fn named_media(
    operation: &Operation,
    documented: &'static str,
    named: Option<&str>,
) -> Result<String, String> {
    let Some(named) = named else {
        // A range that takes what says nothing gets that.
        let plain = ["application/octet-stream", "text/plain"].into_iter();
        let mut plain = plain.filter(|plain| media::matches(documented, plain));
        let chosen = if media::is_range(documented) {
            plain.next()
        } else {
            Some(documented)
        };
        return chosen.map(str::to_owned).ok_or_else(|| {
            format!("the body is one of `{documented}`: say which by `Upload::content_type`")
        });
    };
    let mut all: Vec<&str> = operation.body.iter().map(|body| body.media).collect();
    if all.is_empty() {
        all.push(documented);
    }
    let is_one = media::essence(named).contains('/') && !media::is_range(named);
    if is_one && all.iter().any(|media| media::matches(media, named)) {
        return Ok(named.to_owned());
    }
    Err(format!(
        "the operation takes a body of {}, and not of `{named}`",
        all.join(", ")
    ))
}
