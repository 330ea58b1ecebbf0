//! Objects as they were last spoken of: what was made or changed is there, what was deleted is gone.

use std::collections::BTreeSet;
use std::time::Instant;

use verbatim_contract::extension::Wait;
use verbatim_source::{Node, pointer};

use super::Seen;
use super::lists::List;
use crate::body::{self, plain_text};
use crate::echo::{Change, compare};
use crate::exchange::Request;
use crate::finding::{Kind, Severity};
use crate::judge::Fault;
use crate::live::known::{bare, id_of, item_name};
use crate::recent::Recent;

/// Objects that are remembered: those that were spoken of last.
const MOST: usize = 10_000;

/// Bytes of their bodies together.
const MOST_BYTES: usize = 32 << 20;

/// Objects by path.
pub struct Objects {
    recent: Recent<Known>,
}

struct Known {
    /// When it was said.
    since: Instant,
    state: State,
    /// What was sent last.
    held: Option<Node>,
}

enum State {
    There,
    Gone,
    /// Something was accepted and goes on; the document declares how its end shows.
    UnderWay(Box<Wait>),
}

impl Default for Objects {
    fn default() -> Self {
        Self {
            recent: Recent::within(MOST, MOST_BYTES),
        }
    }
}

impl Objects {
    /// Remembers an object by the exchange that it was written with.
    fn remember(&mut self, path: String, state: State, seen: &Seen<'_>) {
        let request = &seen.exchange.request;
        let is_kept = !matches!(state, State::Gone);
        let held = if is_kept { sent(request) } else { None };
        let size = request.body.as_ref().filter(|_| held.is_some());
        let size = size.map_or(0, Vec::len);
        let since = seen.moment.ended;
        let known = Known { since, state, held };
        self.recent.insert(path, known, size);
    }

    /// Something new: its identifier must not be that of another.
    pub fn made(&mut self, seen: &Seen<'_>) -> Option<Fault> {
        let name = item_name(seen.contract, bare(&seen.operation.path))?;
        let id = id_of(seen.came.as_ref()?, name)?;
        if !seen.exchange.response.is_success() {
            return None;
        }
        let path = format!("{}/{id}", seen.path);
        let before = self.recent.get(&path);
        let is_taken = before.is_some_and(|known| known.is_there() && seen.is_after(known.since));
        match (seen.exchange.response.status, seen.wait()) {
            (202, Some(wait)) => self.remember(path, State::UnderWay(wait), seen),
            (202, None) => {}
            _ => self.remember(path, State::There, seen),
        }
        is_taken.then(|| {
            let message = format!("{id} was given to a new object, and belongs to another one");
            Fault::new(Kind::Identity, Severity::Error, "created:id", message)
        })
    }

    /// An object: it must be there if it is, and be as it was made last.
    pub fn shown(&mut self, seen: &Seen<'_>) -> Option<Fault> {
        let known = self.recent.get_mut(seen.path)?;
        if !seen.is_after(known.since) {
            return None;
        }
        let status = seen.exchange.response.status;
        if let State::UnderWay(wait) = &known.state {
            known.state = seen.outcome(wait)?;
            known.since = seen.moment.ended;
            if matches!(known.state, State::Gone) {
                return None;
            }
        }
        if matches!(known.state, State::Gone) {
            return (status == 200).then(|| {
                let message = "the object was deleted and is still there";
                Fault::new(Kind::Deleted, Severity::Error, "deleted:get", message)
            });
        }
        if status == 404 {
            let message = "the object was made or changed, and is answered with 404";
            let (kind, severity) = (Kind::Persistence, Severity::Error);
            return Some(Fault::new(kind, severity, "written:get", message));
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

    /// A change: what was sent is what is there from now on.
    pub fn changed(&mut self, seen: &Seen<'_>) {
        let path = seen.path.to_owned();
        match (seen.exchange.response.status, seen.wait()) {
            (200 | 201 | 204, _) => self.remember(path, State::There, seen),
            (202, Some(wait)) => self.remember(path, State::UnderWay(wait), seen),
            // It takes its time, or its outcome is not known.
            (202 | 500.., _) => self.recent.remove(&path),
            _ => {}
        }
    }

    /// A removal: the same one again finds nothing, and does nothing else.
    pub fn removed(&mut self, seen: &Seen<'_>) -> Option<Fault> {
        let status = seen.exchange.response.status;
        let before = self.recent.get(seen.path);
        let again = before
            .is_some_and(|known| matches!(known.state, State::Gone) && seen.is_after(known.since));
        let path = seen.path.to_owned();
        match (status, seen.wait()) {
            (200 | 204, _) => self.remember(path, State::Gone, seen),
            (202, Some(wait)) if wait.gone => self.remember(path, State::UnderWay(wait), seen),
            (201..=299 | 500.., _) => self.recent.remove(&path),
            (401 | 403 | 404 | 410 | 429, _) => {}
            _ if again && seen.operation.idempotent => {
                let message = format!("deleting again was answered with {status}");
                let (kind, severity) = (Kind::Idempotence, Severity::Error);
                return Some(Fault::new(kind, severity, "repeated", message));
            }
            _ => {}
        }
        None
    }

    /// A list: what is there stands in it, where it is whole, and what is gone does not.
    pub fn listed(&self, seen: &Seen<'_>, list: &List<'_>) -> Vec<Fault> {
        let mut faults = Vec::new();
        let lead = format!("{}/", seen.path);
        let names: BTreeSet<&str> = list.names.iter().map(String::as_str).collect();
        for (path, known) in self.recent.below(&lead) {
            let id = path.strip_prefix(&lead).unwrap_or(path);
            if id.contains('/') || !seen.is_after(known.since) {
                continue;
            }
            let is_listed = names.contains(id);
            match known.state {
                State::Gone if is_listed => {
                    let message = format!("{id} was deleted and is still listed");
                    let (kind, severity) = (Kind::Deleted, Severity::Error);
                    faults.push(Fault::new(kind, severity, "deleted:list", message));
                }
                State::There if !is_listed && list.is_whole => {
                    let message =
                        format!("{id} was made or changed, and its list does not show it");
                    let (kind, severity) = (Kind::Listing, Severity::Error);
                    faults.push(Fault::new(kind, severity, "written:list", message));
                }
                _ => {}
            }
        }
        faults
    }
}

impl Known {
    /// Whether its identifier belongs to something, as far as is known.
    fn is_there(&self) -> bool {
        match &self.state {
            State::There => true,
            State::Gone => false,
            State::UnderWay(wait) => !wait.gone,
        }
    }
}

impl Seen<'_> {
    /// How the end of what was accepted shows, where an operation on the object itself shows it.
    fn wait(&self) -> Option<Box<Wait>> {
        let wait = self.operation.wait.as_ref()?;
        (wait.items.is_none()).then(|| Box::new(wait.clone()))
    }

    /// What has come of something that was accepted; `None` while it goes on.
    fn outcome(&self, wait: &Wait) -> Option<State> {
        if self.operation.id != wait.poll {
            return None;
        }
        match self.exchange.response.status {
            404 if wait.gone => Some(State::Gone),
            200 => {
                let state = pointer::resolve(self.came.as_ref()?, wait.state.as_deref()?)?;
                let state = plain_text(state)?;
                wait.done.contains(&state).then_some(State::There)
            }
            _ => None,
        }
    }
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

fn sent(request: &Request) -> Option<Node> {
    let bytes = request.body.as_deref().filter(|bytes| !bytes.is_empty())?;
    body::read(bytes).tree
}
