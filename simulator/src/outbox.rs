//! What is to be sent to callers, and what came of it: when it is tried, and where it may go.

use std::collections::VecDeque;

use http::Uri;
use verbatim_source::{Node, Value};

use crate::world::object;

/// Requests that are kept; older ones leave.
const MOST: usize = 1_000;

/// How long after one another a request is tried, in virtual seconds.
const PAUSES: &[i64] = &[0, 5, 30, 300, 3_600];

/// A request to a caller.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    pub number: u64,
    /// The callback or webhook in the document.
    pub name: String,
    pub method: String,
    pub url: String,
    pub body: Option<Value>,
    /// When it is tried next, in virtual milliseconds; none where it is being sent or nothing more happens.
    pub due: Option<i64>,
    /// What came of each try: a status, or why there is none.
    pub tries: Vec<Result<u16, String>>,
    /// Why it is not sent at all.
    pub refused: Option<String>,
}

/// The requests to callers, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    list: VecDeque<Outgoing>,
    made: u64,
}

impl Outbox {
    /// Adds a request that is due at a moment, unless its address is not allowed.
    pub fn add(&mut self, mut outgoing: Outgoing, allowed: &[String]) {
        self.made += 1;
        outgoing.number = self.made;
        outgoing.refused = refusal(&outgoing.url, allowed);
        if outgoing.refused.is_some() {
            outgoing.due = None;
        }
        if self.list.len() >= MOST {
            self.list.pop_front();
        }
        self.list.push_back(outgoing);
    }

    /// Takes what is due; each is being sent from then on.
    pub fn take(&mut self, now: i64) -> Vec<Outgoing> {
        let mut taken = Vec::new();
        for outgoing in &mut self.list {
            if outgoing.due.is_some_and(|due| due <= now) {
                outgoing.due = None;
                taken.push(outgoing.clone());
            }
        }
        taken
    }

    /// Notes what came of a try, and plans the next where the receiver did not take the request. `length` tells
    /// how many virtual milliseconds some seconds are.
    pub fn tried(
        &mut self,
        number: u64,
        outcome: Result<u16, String>,
        now: i64,
        length: impl Fn(i64) -> i64,
    ) {
        let mut list = self.list.iter_mut();
        let Some(outgoing) = list.find(|it| it.number == number) else {
            return;
        };
        let taken = matches!(outcome, Ok(200..=299));
        outgoing.tries.push(outcome);
        let pause = PAUSES.get(outgoing.tries.len()).filter(|_| !taken);
        outgoing.due = pause.map(|pause| now + length(*pause));
    }

    pub fn clear(&mut self) {
        self.list.clear();
    }

    /// What the journal tells.
    pub fn to_value(&self) -> Value {
        let told = self.list.iter().map(|it| Node::made(it.to_value()));
        Value::Array(told.collect())
    }
}

impl Outgoing {
    fn to_value(&self) -> Value {
        let tries = self.tries.iter().map(|tried| match tried {
            Ok(status) => Node::made(i64::from(*status)),
            Err(reason) => Node::made(reason.as_str()),
        });
        object([
            ("number", Value::from(self.number)),
            ("name", Value::from(self.name.as_str())),
            ("method", Value::from(self.method.as_str())),
            ("url", Value::from(self.url.as_str())),
            ("body", self.body.clone().unwrap_or(Value::Null)),
            ("tries", Value::Array(tries.collect())),
            ("due", self.due.map_or(Value::Null, Value::from)),
            (
                "refused",
                self.refused.as_deref().map_or(Value::Null, Value::from),
            ),
        ])
    }
}

/// Why nothing is sent to an address; `None` where it may be.
fn refusal(url: &str, allowed: &[String]) -> Option<String> {
    let Some((uri, host)) = url.parse::<Uri>().ok().and_then(|uri| {
        let host = uri.host()?.to_owned();
        Some((uri, host))
    }) else {
        return Some(format!("`{url}` is no address with a host"));
    };
    if uri.scheme_str() != Some("http") {
        return Some("only http:// is spoken to callers".to_owned());
    }
    let plain = host.trim_start_matches('[').trim_end_matches(']');
    let here = plain.eq_ignore_ascii_case("localhost")
        || plain
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    let named = allowed.iter().any(|name| name.eq_ignore_ascii_case(plain));
    let remedy = "is not this machine; --allow-callback allows it";
    (!here && !named).then(|| format!("{host} {remedy}"))
}
