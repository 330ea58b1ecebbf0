//! What a command says when it could not do what was asked, and its exit code.

use serde_json::{Map, Value, json};
use std::fmt;

/// Exit codes of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// The API refused, or its answer cannot be read or written.
    Refused = 1,
    /// The command line is wrong, or the request is not valid.
    Usage = 2,
    /// Credentials are missing, or the API did not take them.
    Credentials = 3,
    /// The API does not know the resource.
    NotFound = 4,
    /// What was waited for failed, or did not happen in time.
    Wait = 5,
    /// The request was sent and its answer lost: it may have taken effect.
    Unknown = 6,
    /// No answer: the network, the server, a time limit.
    Network = 7,
}

impl Exit {
    /// The word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Usage => "usage",
            Self::Credentials => "credentials",
            Self::NotFound => "not_found",
            Self::Wait => "wait",
            Self::Unknown => "outcome_unknown",
            Self::Network => "network",
        }
    }

    /// How bad it is where several things were to be done; the code of the worst is that of the process.
    pub fn badness(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Usage => 1,
            Self::NotFound => 2,
            Self::Credentials => 3,
            Self::Refused => 4,
            Self::Network => 5,
            Self::Wait => 6,
            Self::Unknown => 7,
        }
    }

    /// The code of the process.
    pub fn code(self) -> u8 {
        self as u8
    }
}

/// Why a command could not do what was asked: one line, and what to do about it.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What went wrong, in one line.
    pub message: String,
    /// What to try next; empty where nothing is known to help.
    pub remedy: String,
    /// What programs want to know beside.
    pub details: Box<Details>,
}

/// What programs want to know of a failure.
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// The status of the reply, where there was one.
    pub status: Option<u16>,
    /// The API's own word for the error.
    pub kind: Option<String>,
    /// Fields, or flags, with what is wrong about each.
    pub fields: Vec<(String, String)>,
    /// The identifier that the API gave the request.
    pub request_id: Option<String>,
    /// The texts with which waits go on.
    pub tokens: Vec<String>,
}

impl Failure {
    /// Of an exit code and a line.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: one_line(&message.into()),
            remedy: String::new(),
            details: Box::default(),
        }
    }

    /// A wrong command line.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// With what to try next.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = one_line(&remedy.into());
        self
    }

    /// As it is told: in a line, or for programs.
    pub fn told(&self, is_json: bool) -> String {
        if is_json {
            self.to_json()
        } else {
            format!("error: {self}")
        }
    }

    /// For programs.
    pub fn to_json(&self) -> String {
        let details = &self.details;
        let mut error = Map::new();
        error.insert("kind".to_owned(), json!(self.exit.word()));
        error.insert("exit".to_owned(), json!(self.exit.code()));
        error.insert("message".to_owned(), json!(self.message));
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                error.insert(name.to_owned(), value);
            }
        };
        put("status", details.status.map(Value::from));
        put("code", details.kind.clone().map(Value::from));
        put("request_id", details.request_id.clone().map(Value::from));
        match details.tokens.as_slice() {
            [] => {}
            [one] => put("token", Some(Value::from(one.clone()))),
            several => put("tokens", Some(Value::from(several.to_vec()))),
        }
        let remedy = (!self.remedy.is_empty()).then(|| self.remedy.clone());
        put("remedy", remedy.map(Value::from));
        let fields = details.fields.iter();
        let fields: Vec<Value> = fields
            .map(|(name, message)| json!({"name": name, "message": message}))
            .collect();
        put("fields", (!fields.is_empty()).then(|| json!(fields)));
        json!({ "error": error }).to_string()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(id) = &self.details.request_id {
            write!(f, " (request {})", one_line(id))?;
        }
        if !self.remedy.is_empty() {
            write!(f, "; {}", self.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

/// A text in one line, without what a terminal would obey.
pub(crate) fn one_line(text: &str) -> String {
    let words = text.split(|each: char| each.is_whitespace() || each.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    verbatim_source::one_line(&words.join(" "))
}

pub use verbatim_source::near;

/// A remedy that names names.
pub fn did_you_mean(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("did you mean `{one}`?"),
        [all @ .., last] => format!("did you mean `{}` or `{last}`?", all.join("`, `")),
    }
}
