//! What must hold between the exchanges of one traffic: what was deleted is gone, what was changed can be read back,
//! pages do not overlap. Nothing is sent for it, so only what the client itself asked is judged.
//!
//! Clients talk at the same time. One exchange says something about another only where it began after the other had
//! ended, and it is told only when nothing that could explain it is still under way.

mod lists;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use verbatim_contract::contract::SchemeKind;
use verbatim_contract::{Contract, Found, Operation};
use verbatim_source::Node;

use crate::body;
use crate::echo::{Change, compare};
use crate::exchange::{Exchange, Request, is_json};
use crate::finding::{Kind, Severity};
use crate::judge::{Fault, Judge};
use crate::live::known::{bare, id_of, item_name, owner};
use lists::Lists;

/// Objects that are remembered.
const MOST: usize = 10_000;

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
    objects: BTreeMap<String, Known>,
    lists: Lists,
    pending: Vec<(Told, Moment)>,
}

/// An object as it was last spoken of.
struct Known {
    since: Instant,
    is_gone: bool,
    /// What was sent last.
    held: Option<Node>,
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
            "POST" => faults.extend(self.made(&seen)),
            "GET" if is_item => faults.extend(self.shown(&seen)),
            "GET" => faults.extend(self.listed(&seen)),
            "PUT" | "PATCH" => self.changed(&seen),
            "DELETE" => faults.extend(self.removed(&seen)),
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
        if let Some(fault) = fault.filter(|_| self.pending.len() < MOST) {
            let told = Told {
                operation,
                fault,
                exchange: exchange.clone(),
                around: around(path).to_owned(),
            };
            self.pending.push((told, moment));
        }
    }

    /// What nothing that is still to come can explain; all of it where nothing comes any more.
    pub fn ripe(&mut self, now: Option<Instant>) -> Vec<Told> {
        let is_ripe = |moment: &Moment| {
            now.is_none_or(|now| now.saturating_duration_since(moment.ended) > PATIENCE)
        };
        let (ripe, pending) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|(_, moment)| is_ripe(moment));
        self.pending = pending;
        ripe.into_iter().map(|(told, _): (Told, _)| told).collect()
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

    fn remember(&mut self, path: String, known: Known) {
        if self.objects.len() < MOST || self.objects.contains_key(&path) {
            self.objects.insert(path, known);
        }
    }

    /// Something new: its identifier must not be that of another.
    fn made(&mut self, seen: &Seen<'_>) -> Option<Fault> {
        let name = item_name(seen.contract, bare(&seen.operation.path))?;
        let id = id_of(seen.came.as_ref()?, name)?;
        if !seen.exchange.response.is_success() {
            return None;
        }
        let path = format!("{}/{id}", seen.path);
        let before = self.objects.get(&path);
        let is_taken = before.is_some_and(|known| !known.is_gone && seen.is_after(known.since));
        let known = Known {
            since: seen.moment.ended,
            is_gone: false,
            held: sent(&seen.exchange.request),
        };
        if seen.exchange.response.status != 202 {
            self.remember(path, known);
        }
        is_taken.then(|| {
            let message = format!("{id} was given to a new object, and belongs to another one");
            Fault::new(Kind::Identity, Severity::Error, "created:id", message)
        })
    }

    /// An object: it must be there if it is, and be as it was made last.
    fn shown(&mut self, seen: &Seen<'_>) -> Option<Fault> {
        let known = self.objects.get(seen.path)?;
        if !seen.is_after(known.since) {
            return None;
        }
        let status = seen.exchange.response.status;
        if known.is_gone {
            return (status == 200).then(|| {
                let message = "the object was deleted and is still there";
                Fault::new(Kind::Deleted, Severity::Error, "deleted:get", message)
            });
        }
        if status == 404 {
            let message = "the object was made or changed, and is answered with 404";
            return Some(Fault::new(
                Kind::Persistence,
                Severity::Error,
                "written:get",
                message,
            ));
        }
        let (held, came) = (known.held.as_ref()?, seen.came.as_ref()?);
        let other = compare(held, came)
            .into_iter()
            .find(|echo| echo.change == Change::Value && is_comparable(&echo.sent, &echo.came))?;
        let message = format!(
            "{} was sent as {} and is answered as {}",
            other.pointer, other.sent, other.came
        );
        let place = format!("written:{}", body::general(other.pointer.as_str()));
        let fault = Fault::new(Kind::Persistence, Severity::Error, place, message);
        Some(fault.value(other.pointer.as_str(), other.came))
    }

    fn changed(&mut self, seen: &Seen<'_>) {
        let status = seen.exchange.response.status;
        match status {
            200 | 201 | 204 => {
                let known = Known {
                    since: seen.moment.ended,
                    is_gone: false,
                    held: sent(&seen.exchange.request),
                };
                self.remember(seen.path.to_owned(), known);
            }
            // It takes its time, or its outcome is not known.
            202 | 500.. => {
                self.objects.remove(seen.path);
            }
            _ => {}
        }
    }

    /// A removal: the same one again finds nothing, and does nothing else.
    fn removed(&mut self, seen: &Seen<'_>) -> Option<Fault> {
        let status = seen.exchange.response.status;
        let before = self.objects.get(seen.path);
        let again = before.is_some_and(|known| known.is_gone && seen.is_after(known.since));
        match status {
            200 | 204 => {
                let known = Known {
                    since: seen.moment.ended,
                    is_gone: true,
                    held: None,
                };
                self.remember(seen.path.to_owned(), known);
                None
            }
            201..=299 | 500.. => {
                self.objects.remove(seen.path);
                None
            }
            401 | 403 | 404 | 410 | 429 => None,
            _ => (again && seen.operation.idempotent).then(|| {
                let message = format!("deleting again was answered with {status}");
                Fault::new(Kind::Idempotence, Severity::Error, "repeated", message)
            }),
        }
    }

    fn listed(&mut self, seen: &Seen<'_>) -> Vec<Fault> {
        let Some(list) = lists::List::of(seen) else {
            return Vec::new();
        };
        let mut faults = self.lists.see(seen, &list);
        let lead = format!("{}/", seen.path);
        for (path, known) in self.objects.range(lead.clone()..) {
            let Some(id) = path.strip_prefix(&lead) else {
                break;
            };
            if id.contains('/') || !seen.is_after(known.since) {
                continue;
            }
            let is_there = list.names.iter().any(|name| name == id);
            if known.is_gone && is_there {
                let message = format!("{id} was deleted and is still listed");
                faults.push(Fault::new(
                    Kind::Deleted,
                    Severity::Error,
                    "deleted:list",
                    message,
                ));
            } else if !known.is_gone && !is_there && list.is_whole {
                let message = format!("{id} was made or changed, and its list does not show it");
                faults.push(Fault::new(
                    Kind::Listing,
                    Severity::Error,
                    "written:list",
                    message,
                ));
            }
        }
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

/// Whether two JSON texts are of one kind: servers that take a text for a number answer with the number.
fn is_comparable(sent: &str, came: &str) -> bool {
    let kind = |text: &str| match text.as_bytes().first() {
        Some(b't' | b'f') => b'f',
        Some(b'-' | b'0'..=b'9') => b'0',
        Some(other) => *other,
        None => b' ',
    };
    kind(sent) == kind(came)
}

/// The path of the list that an object stands in.
fn around(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(list, _)| list)
}

fn sent(request: &Request) -> Option<Node> {
    let bytes = request.body.as_deref().filter(|bytes| !bytes.is_empty())?;
    body::read(bytes).tree
}

fn came(exchange: &Exchange) -> Option<Node> {
    let fits = exchange
        .response
        .media()
        .is_none_or(|media| is_json(&media));
    let bytes = exchange.response.body.as_deref().filter(|_| fits)?;
    body::read(bytes).tree
}
