//! What must hold between the exchanges of one traffic: what was deleted is gone, what was changed can be read back,
//! pages do not overlap. Nothing is sent for it, so only what the client itself asked is judged.
//!
//! Clients talk at the same time. One exchange says something about another only where it began after the other had
//! ended, and it is told only when nothing that could explain it is still under way.

mod lists;
mod objects;

use std::time::{Duration, Instant};

use verbatim_contract::contract::SchemeKind;
use verbatim_contract::{Contract, Found, Operation};
use verbatim_source::Node;

use crate::body;
use crate::exchange::{Exchange, Request, Response, is_json};
use crate::finding::{Kind, Severity};
use crate::judge::{Fault, Judge};
use crate::live::known::{bare, owner};
use lists::Lists;
use objects::Objects;

/// Disagreements that wait for what may explain them; where there are more, the oldest are told at once.
const WAITING: usize = 1_000;

/// Bytes of a body that is kept with a disagreement. No more is shown of longer ones.
const SHOWN: usize = 64 << 10;

/// Time after which nothing that began before is still under way.
const PATIENCE: Duration = Duration::from_secs(5);

/// When an exchange began and ended.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// When the request came.
    pub began: Instant,
    /// When the answer was given to its end.
    pub ended: Instant,
}

/// What is known of the objects behind the server.
#[derive(Default)]
pub struct Sequence {
    objects: Objects,
    lists: Lists,
    pending: Vec<(Told, Moment)>,
}

/// A disagreement between exchanges.
pub struct Told {
    /// The operation.
    pub operation: String,
    /// What disagrees.
    pub fault: Fault,
    /// The exchange that shows it.
    pub exchange: Exchange,
    /// The path of the list around what it is about.
    around: String,
}

/// An exchange with what is known of it.
struct Seen<'a> {
    contract: &'a Contract,
    operation: &'a Operation,
    exchange: &'a Exchange,
    moment: Moment,
    came: Option<Node>,
    /// The path without the suffix of a form.
    path: &'a str,
}

impl Sequence {
    /// Takes an exchange into account.
    pub fn see(&mut self, judge: &Judge<'_>, exchange: &Exchange, moment: Moment) {
        let method = exchange.request.method.to_ascii_uppercase();
        let path = exchange.request.path().to_owned();
        let path = bare(path.trim_end_matches('/'));
        let (operation, values) = match judge.find(&method, exchange.request.path()) {
            Found::Operation(operation, values) => (operation, values),
            Found::Methods(_) => {
                let fault = no_method(&method, exchange.response.status);
                let name = format!("{method}:{path}");
                return self.put(name, fault, path, exchange, moment);
            }
            Found::Nothing => return,
        };
        let seen = Seen {
            contract: judge.contract(),
            operation,
            exchange,
            moment,
            came: came(exchange),
            path,
        };
        let mut faults: Vec<Fault> = Vec::new();
        faults.extend(seen.unguarded());
        if exchange.response.is_success() {
            let broken = judge.broken(operation, &values, exchange);
            faults.extend(accepted(&broken));
        }
        let is_item = owner(bare(&operation.path)).is_some();
        match method.as_str() {
            "POST" => faults.extend(self.objects.made(&seen)),
            "GET" if is_item => faults.extend(self.objects.shown(&seen)),
            "GET" => faults.extend(self.listed(&seen)),
            "PUT" | "PATCH" => self.objects.changed(&seen),
            "DELETE" => faults.extend(self.objects.removed(&seen)),
            _ => {}
        }
        if !matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS") {
            self.written(path, moment);
        }
        for fault in faults {
            self.put(operation.id.clone(), Some(fault), path, exchange, moment);
        }
    }

    fn put(
        &mut self,
        operation: String,
        fault: Option<Fault>,
        path: &str,
        exchange: &Exchange,
        moment: Moment,
    ) {
        if let Some(fault) = fault {
            let told = Told {
                operation,
                fault,
                exchange: shortened(exchange),
                around: around(path).to_owned(),
            };
            self.pending.push((told, moment));
        }
    }

    /// What nothing that is still to come can explain; all of it where nothing comes any more.
    pub fn ripe(&mut self, now: Option<Instant>) -> Vec<Told> {
        let is_over = |moment: &Moment| {
            now.is_none_or(|now| now.saturating_duration_since(moment.ended) > PATIENCE)
        };
        let mut too_many = self.pending.len().saturating_sub(WAITING);
        let ripe = self.pending.extract_if(.., |(_, moment)| {
            let is_ripe = too_many > 0 || is_over(moment);
            too_many = too_many.saturating_sub(usize::from(is_ripe));
            is_ripe
        });
        ripe.map(|(told, _)| told).collect()
    }

    /// Something was written: it may explain what was asked for at the same time.
    fn written(&mut self, path: &str, moment: Moment) {
        let lies = |list: &str| path.starts_with(list) || list.starts_with(path);
        self.pending.retain(|(told, other)| {
            let is_between = moment.began < other.ended && moment.ended > other.began;
            !(is_between && told.exchange.request.method == "GET" && lies(&told.around))
        });
        self.lists.forget(around(path));
        self.lists.forget(path);
    }

    /// A list: its pages and orders, and the objects that must be in it or not.
    fn listed(&mut self, seen: &Seen<'_>) -> Vec<Fault> {
        let Some(list) = lists::List::of(seen) else {
            return Vec::new();
        };
        let mut faults = self.lists.see(seen, &list);
        faults.extend(self.objects.listed(seen, &list));
        faults
    }
}

impl Seen<'_> {
    /// Whether it began after a moment.
    fn is_after(&self, moment: Instant) -> bool {
        self.moment.began > moment
    }

    /// Access that was granted without any of the documented credentials.
    fn unguarded(&self) -> Option<Fault> {
        let alternatives = &self.operation.security;
        let headers = self.exchange.request.headers.as_ref()?;
        let is_open = alternatives.is_empty() || alternatives.iter().any(Vec::is_empty);
        if is_open || !self.exchange.response.is_success() {
            return None;
        }
        let query = self.exchange.request.query_pairs();
        let authorization = headers.get("authorization").unwrap_or_default();
        let begins = |word: &str| {
            let lead = authorization.get(..word.len());
            lead.is_some_and(|lead| lead.eq_ignore_ascii_case(word))
        };
        let is_given = |name: &String| match self.contract.scheme(name).map(|one| &one.kind) {
            Some(SchemeKind::Header(name)) => headers.get(name).is_some(),
            Some(SchemeKind::Query(name)) => query.iter().any(|(known, _)| known == name),
            Some(SchemeKind::Cookie(name)) => {
                let cookies = headers.get("cookie").unwrap_or_default();
                cookies.split(';').any(|pair| {
                    pair.trim()
                        .split_once('=')
                        .is_some_and(|(known, _)| known == name)
                })
            }
            Some(SchemeKind::Basic) => begins("Basic"),
            Some(SchemeKind::Bearer) => !authorization.is_empty(),
            // What is asked for otherwise, such as a certificate, does not show.
            Some(SchemeKind::Other(_)) | None => true,
        };
        if alternatives.iter().any(|names| names.iter().all(is_given)) {
            return None;
        }
        let message = "the request was carried out without the documented credentials";
        let fault = Fault::new(Kind::Auth, Severity::Error, "credentials", message);
        Some(fault)
    }
}

/// An invalid request that was carried out: the server is more generous than the document.
fn accepted(broken: &[Fault]) -> Option<Fault> {
    let mut broken = broken.iter();
    // What the document does not name is no mistake, and neither is another media type.
    let first =
        broken.find(|fault| fault.document.is_some() && fault.place != "request:content-type")?;
    let message = format!("an invalid request was carried out: {}", first.message);
    let place = format!("accepted:{}", first.place);
    let fault = Fault::new(Kind::Accepted, Severity::Warning, place, message);
    Some(fault.against(first.document.clone()))
}

fn no_method(method: &str, status: u16) -> Option<Fault> {
    if matches!(method, "HEAD" | "OPTIONS") || matches!(status, 401 | 403 | 405 | 429 | 501) {
        return None;
    }
    let message = format!(
        "{method}, which the path does not have, was answered with {status} instead of 405"
    );
    Some(Fault::new(Kind::Method, Severity::Warning, "405", message))
}

/// The path of the list that an object stands in.
fn around(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(list, _)| list)
}

/// An exchange without bodies that are too long to be kept.
fn shortened(exchange: &Exchange) -> Exchange {
    let (request, response) = (&exchange.request, &exchange.response);
    let kept = |body: &Option<Vec<u8>>| body.clone().filter(|bytes| bytes.len() <= SHOWN);
    Exchange {
        origin: exchange.origin.clone(),
        request: Request {
            method: request.method.clone(),
            target: request.target.clone(),
            headers: request.headers.clone(),
            body: kept(&request.body),
        },
        response: Response {
            status: response.status,
            headers: response.headers.clone(),
            body: kept(&response.body),
        },
    }
}

fn came(exchange: &Exchange) -> Option<Node> {
    let fits = exchange
        .response
        .media()
        .is_none_or(|media| is_json(&media));
    let bytes = exchange.response.body.as_deref().filter(|_| fits)?;
    body::read(bytes).tree
}
