//! Faults on demand: what goes wrong on the way, and what a reply gets wrong.

use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use http::Response;
use verbatim_contract::{Contract, Operation};
use verbatim_source::{Node, Value};

use crate::simulator::put;
use crate::view::Query;
use crate::world::key_of;

/// What happens to a response on its way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivery {
    /// How long it is held back.
    pub latency: Duration,
    /// The connection is closed instead of answering, after the change has been made.
    pub lost: bool,
    /// The connection is reset after so many bytes of the body.
    pub cut: Option<usize>,
    /// The pause between pieces of the body.
    pub drip: Duration,
}

/// Something that goes wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Its name; see [`KINDS`].
    pub kind: String,
    /// The number that belongs to it: milliseconds, bytes or a status.
    pub amount: u32,
    /// The operation it is for; all where there is none.
    pub operation: Option<String>,
    /// The method it is for.
    pub method: Option<String>,
    /// What the path begins with.
    pub path: Option<String>,
    /// How likely it is, from 0 to 1.
    pub probability: f64,
    /// How often it happens before it is over; for ever where there is none.
    pub times: Option<u32>,
    /// Requests that it passes over before it begins.
    pub after: u32,
}

/// The kinds of faults and what they do.
pub const KINDS: &[(&str, &str)] = &[
    (
        "latency",
        "holds the response back for `amount` milliseconds",
    ),
    (
        "lost",
        "makes the change and closes the connection without an answer",
    ),
    (
        "reset",
        "closes the connection after `amount` bytes of the body",
    ),
    (
        "status",
        "answers with the status `amount` instead of doing anything",
    ),
    (
        "slow",
        "sends the body in pieces, `amount` milliseconds apart",
    ),
    ("unknown-property", "adds a property that is not documented"),
    (
        "unknown-enum",
        "gives a documented choice a value that is not among them",
    ),
    ("null", "makes a property null that never is"),
    ("missing-property", "leaves out a property"),
    ("wrong-type", "gives a property a value of another type"),
    ("number-as-text", "writes a number as a text"),
    ("duplicate-key", "names a property twice"),
    ("wrong-status", "answers success with the status `amount`"),
    ("wrong-content-type", "answers with text/html"),
    ("empty-body", "answers without the body"),
    ("not-json", "cuts the JSON text short"),
    ("no-auth", "does not look at the credentials"),
    ("no-validation", "does not look at parameters and body"),
    ("undead", "does not remove what is deleted"),
    ("off-by-one", "cuts pages one item short"),
    ("sort-ignored", "does not sort"),
    ("search-ignored", "does not search"),
    ("fields-ignored", "does not leave out fields"),
    ("page-ignored", "answers every page with the first"),
];

/// All faults that are planted.
#[derive(Debug, Clone)]
pub(crate) struct Faults {
    list: Vec<Fault>,
    random: Rng,
}

/// The faults chosen for one request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mischief {
    chosen: Vec<(String, u32)>,
}

impl Fault {
    /// A fault of a kind for all requests.
    pub fn new(kind: &str, amount: u32) -> Self {
        Self {
            kind: kind.to_owned(),
            amount,
            operation: None,
            method: None,
            path: None,
            probability: 1.0,
            times: None,
            after: 0,
        }
    }

    /// Reads a fault from an object such as `{"kind": "latency", "amount": 200, "probability": 0.5}`.
    ///
    /// # Errors
    /// A sentence saying what is expected.
    pub fn read(value: &Value) -> Result<Self, String> {
        let Value::Object(object) = value else {
            return Err("a fault is an object with a `kind`".to_owned());
        };
        let mut fault = Self::new("", 0);
        for member in object {
            let found = &member.value.value;
            let text = || {
                key_of(found)
                    .ok_or_else(|| format!("`{}` of a fault is a text or a number", member.key))
            };
            let number = || {
                text()?
                    .parse::<u32>()
                    .map_err(|_| format!("`{}` of a fault is a whole number", member.key))
            };
            match member.key.as_str() {
                "kind" => fault.kind = text()?,
                "amount" => fault.amount = number()?,
                "operation" => fault.operation = Some(text()?),
                "method" => fault.method = Some(text()?.to_uppercase()),
                "path" => fault.path = Some(text()?),
                "times" => fault.times = Some(number()?),
                "after" => fault.after = number()?,
                "probability" => {
                    fault.probability = text()?
                        .parse::<f64>()
                        .ok()
                        .filter(|probability| (0.0..=1.0).contains(probability))
                        .ok_or("`probability` of a fault is a number from 0 to 1")?;
                }
                other => return Err(format!("a fault has no `{other}`")),
            }
        }
        if KINDS.iter().any(|(kind, _)| *kind == fault.kind) {
            return Ok(fault);
        }
        let known: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
        Err(format!(
            "`{}` is no kind of fault; known are {}",
            fault.kind,
            known.join(", ")
        ))
    }

    fn is_for(&self, method: &str, path: &str, operation: Option<&Operation>) -> bool {
        let of_operation = self
            .operation
            .as_ref()
            .is_none_or(|wanted| operation.is_some_and(|operation| operation.id == *wanted));
        of_operation
            && self.method.as_ref().is_none_or(|wanted| wanted == method)
            && self
                .path
                .as_ref()
                .is_none_or(|wanted| path.starts_with(wanted.as_str()))
    }
}

impl Faults {
    pub fn new(seed: u64) -> Self {
        Self {
            list: Vec::new(),
            random: Rng::with_seed(seed ^ 0x6661_756c_7400),
        }
    }

    pub fn set(&mut self, list: Vec<Fault>) {
        self.list = list;
    }

    pub fn clear(&mut self) {
        self.list.clear();
    }

    pub fn list(&self) -> &[Fault] {
        &self.list
    }

    /// The faults that happen to a request.
    pub fn choose(&mut self, method: &str, path: &str, operation: Option<&Operation>) -> Mischief {
        let mut mischief = Mischief::default();
        for fault in &mut self.list {
            if !fault.is_for(method, path, operation) || fault.times == Some(0) {
                continue;
            }
            if fault.after > 0 {
                fault.after -= 1;
                continue;
            }
            if fault.probability < 1.0 && self.random.f64() >= fault.probability {
                continue;
            }
            if let Some(times) = &mut fault.times {
                *times -= 1;
            }
            mischief.chosen.push((fault.kind.clone(), fault.amount));
        }
        mischief
    }
}

impl Mischief {
    /// Whether nothing goes wrong.
    pub fn is_none(&self) -> bool {
        self.chosen.is_empty()
    }

    fn amount(&self, kind: &str) -> Option<u32> {
        self.chosen
            .iter()
            .find(|(known, _)| known == kind)
            .map(|(_, amount)| *amount)
    }

    /// Whether a check of this name is left out.
    pub fn skips(&self, kind: &str) -> bool {
        self.amount(kind).is_some()
    }

    /// The status that is answered instead of doing anything.
    pub fn instead(&self) -> Option<u16> {
        self.amount("status")
            .map(|status| u16::try_from(status).unwrap_or(500))
            .map(|status| {
                if (400..600).contains(&status) {
                    status
                } else {
                    500
                }
            })
    }

    /// What happens on the way.
    pub fn delivery(&self) -> Delivery {
        let duration =
            |kind: &str| Duration::from_millis(u64::from(self.amount(kind).unwrap_or(0)));
        Delivery {
            latency: duration("latency"),
            lost: self.skips("lost"),
            cut: self.amount("reset").map(|bytes| bytes as usize),
            drip: duration("slow"),
        }
    }

    /// Spoils what a list is asked for.
    pub fn misread(&self, query: &mut Query) {
        if self.skips("sort-ignored") {
            query.sort = None;
        }
        if self.skips("search-ignored") {
            query.search = None;
        }
        if self.skips("fields-ignored") {
            query.fields = None;
        }
        if self.skips("page-ignored") {
            query.page = None;
        }
        if self.skips("off-by-one") {
            query.size = query.size.map(|size| (size - 1).max(0));
        }
    }

    /// Spoils a response.
    pub fn spoil(
        &self,
        contract: &Contract,
        operation: Option<&Operation>,
        mut response: Response<Bytes>,
    ) -> Response<Bytes> {
        if self.chosen.is_empty() || !response.status().is_success() {
            return response;
        }
        if let Some(status) = self.amount("wrong-status") {
            let status = u16::try_from(status)
                .ok()
                .and_then(|status| http::StatusCode::from_u16(status).ok());
            *response.status_mut() = status.unwrap_or(http::StatusCode::IM_A_TEAPOT);
        }
        if self.skips("wrong-content-type") {
            put(response.headers_mut(), "content-type", "text/html");
        }
        if self.skips("empty-body") {
            *response.body_mut() = Bytes::new();
        }
        if self.skips("not-json") {
            let half = response.body().len() / 2;
            *response.body_mut() = response.body().slice(..half);
            return response;
        }
        let drifts = KINDS
            .iter()
            .skip(5)
            .take(7)
            .any(|(kind, _)| self.skips(kind));
        if drifts && let Ok(mut value) = crate::check::json(response.body()) {
            self.drift(contract, operation, &mut value);
            let mut text = verbatim_source::write::compact(&value);
            if self.skips("duplicate-key") {
                text = duplicated(&text);
            }
            *response.body_mut() = Bytes::from(text);
        }
        response
    }

    fn drift(&self, contract: &Contract, operation: Option<&Operation>, value: &mut Value) {
        let Some(object) = first_object(value) else {
            return;
        };
        if self.skips("unknown-property") {
            object.insert("x_new_property", Node::made("new"));
        }
        let keys: Vec<String> = object.iter().map(|member| member.key.clone()).collect();
        let find = |object: &verbatim_source::Object, wanted: fn(&Value) -> bool| {
            keys.iter()
                .find(|key| object.get(key).is_some_and(|node| wanted(&node.value)))
                .cloned()
        };
        if self.skips("missing-property")
            && let Some(first) = keys.first()
        {
            object.remove(first);
        }
        let is_number = |value: &Value| matches!(value, Value::Number(_));
        let is_text = |value: &Value| matches!(value, Value::String(_));
        if self.skips("number-as-text")
            && let Some(key) = find(object, is_number)
            && let Some(text) = object.get(&key).and_then(|node| key_of(&node.value))
        {
            object.insert(key, Node::made(text));
        }
        if self.skips("null")
            && let Some(key) = find(object, is_text)
        {
            object.insert(key, Node::made(Value::Null));
        }
        if self.skips("wrong-type")
            && let Some(key) = find(object, is_text)
        {
            object.insert(key, Node::made(vec![Value::Bool(true)]));
        }
        if self.skips("unknown-enum") {
            let key = crate::drift::choice(contract, operation, object);
            if let Some(pointer) = key {
                let mut whole = Value::Object(std::mem::take(object));
                verbatim_contract::value::set(&mut whole, &pointer, Value::from("NEW_CHOICE"));
                if let Value::Object(spoilt) = whole {
                    *object = spoilt;
                }
            }
        }
    }
}

/// The first object inside a value.
fn first_object(value: &mut Value) -> Option<&mut verbatim_source::Object> {
    match value {
        Value::Object(object) => Some(object),
        Value::Array(items) => items
            .iter_mut()
            .find_map(|item| first_object(&mut item.value)),
        _ => None,
    }
}

/// A JSON text whose first object names its first property twice.
fn duplicated(text: &str) -> String {
    let Some(open) = text.find('{') else {
        return text.to_owned();
    };
    let rest = &text[open + 1..];
    let Some(colon) = rest.find(':') else {
        return text.to_owned();
    };
    format!("{}{}:null,{rest}", &text[..=open], &rest[..colon])
}
