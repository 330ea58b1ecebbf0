//! Judges recordings, offline.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use verbatim_contract::{Contract, Found, Operation, Reply, StatusMatch};
use verbatim_source::Node;

use crate::body::{self, plain_text, unwrapped};
use crate::echo::number_faults;
use crate::exchange::{Exchange, Request};
use crate::finding::{Finding, Kind, Severity};
use crate::judge::{Fault, Judge};
use crate::recent::Recent;
use crate::recording::{Entry, Recorded, Recording};
use crate::redact::Redactor;
use crate::report::Report;
use crate::sequence::{Moment, Sequence};

/// Judges recordings by a document.
pub fn judge(contract: &Contract, recordings: &[Recording]) -> Report {
    let mut run = Run::new(contract);
    for recording in recordings {
        run.begin(&recording.name);
        for entry in &recording.entries {
            run.entry(entry.clone());
        }
    }
    run.finish()
}

/// Requests to unknown paths of hosts that may yet prove to be the API's.
const PENDING: usize = 500;

/// Places of entries that could not be read, told one by one.
const SPOILED: usize = 20;

/// Recordings as they are judged, one entry at a time.
pub struct Run<'c> {
    judge: Judge<'c>,
    memory: Memory,
    names: Vec<String>,
    hosts: BTreeSet<String>,
    seen: BTreeSet<String>,
    pending: Vec<(String, Exchange)>,
    aside: BTreeMap<&'static str, usize>,
    spoiled: Vec<String>,
    unreadable: usize,
    /// What holds between the exchanges, where they are all that was said.
    sequence: Option<Sequence>,
}

impl<'c> Run<'c> {
    /// A run with nothing judged yet.
    pub fn new(contract: &'c Contract) -> Self {
        let base = contract.servers.first().map_or("", String::as_str);
        let hosts = contract.servers.iter().filter_map(|url| host_of(url));
        Self {
            judge: Judge::new(contract, &origin_of(base)),
            memory: Memory::default(),
            names: Vec::new(),
            hosts: hosts.collect(),
            seen: BTreeSet::new(),
            pending: Vec::new(),
            aside: BTreeMap::new(),
            spoiled: Vec::new(),
            unreadable: 0,
            sequence: None,
        }
    }

    /// Begins another recording.
    pub fn begin(&mut self, name: &str) {
        self.names.push(name.to_owned());
    }

    /// Has formats of texts checked, or not; at first they are not.
    pub fn assert_formats(&mut self, are_asserted: bool) {
        self.judge.assert_formats(are_asserted);
    }

    /// Judges what passes as the whole of what is said to the server, with all header fields: what one exchange says
    /// must hold in the next.
    pub fn follow(&mut self) {
        self.sequence = Some(Sequence::default());
    }

    /// Judges an entry of which it is known when it began and ended.
    pub fn passed(&mut self, recorded: Recorded, moment: Moment) {
        let exchange = self.sequence.is_some().then(|| recorded.exchange.clone());
        self.entry(Entry::Exchange(Box::new(recorded)));
        if let (Some(sequence), Some(exchange)) = (&mut self.sequence, exchange) {
            sequence.see(&self.judge, &exchange, moment);
            self.tell(Some(moment.began));
        }
    }

    /// Tells what can no longer be explained by what is still to come.
    fn tell(&mut self, before: Option<Instant>) {
        let ripe = self.sequence.as_mut().map(|sequence| sequence.ripe(before));
        for told in ripe.into_iter().flatten() {
            self.judge.add(&told.operation, told.fault, &told.exchange);
        }
    }

    /// What is kept out of reports.
    pub fn redactor(&mut self) -> &mut Redactor {
        self.judge.redactor()
    }

    /// The findings so far, without the first ones.
    pub fn findings_after(&self, known: usize) -> &[Finding] {
        self.judge.findings_after(known)
    }

    /// What a request breaks, one sentence each. It is judged as one that was answered with 400.
    pub fn refusals(&mut self, exchange: &Exchange) -> Vec<String> {
        if is_preflight(exchange) {
            return Vec::new();
        }
        self.judge.refusals(exchange)
    }

    /// Tells of a request that got no whole answer.
    pub fn unanswered(&mut self, exchange: &Exchange, why: &str) {
        let method = exchange.request.method.to_ascii_uppercase();
        let name = operation_name(&self.judge, &method, exchange.request.path());
        let message = format!("no complete answer came: {why}");
        let fault = Fault::new(Kind::Transport, Severity::Error, "transport", message);
        self.judge.add(&name, fault, exchange);
    }

    /// Counts an exchange whose client went away before the end of the answer. Its head is judged.
    pub fn cut_short(&mut self) {
        self.pass(CUT_SHORT);
    }

    /// Counts a request that could not be passed on, and gives how many there were.
    pub fn unreadable(&mut self) -> usize {
        self.pass(UNREADABLE);
        self.aside.get(UNREADABLE).copied().unwrap_or_default()
    }

    /// Shows requests as those to an origin, in place of the document's server.
    pub fn show_as_of(&mut self, origin: &str) {
        self.judge.show_as_of(origin);
    }

    /// Exchanges judged so far.
    pub fn exchanges(&self) -> usize {
        self.judge.exchanges()
    }

    /// What was passed over so far, by reason.
    pub fn passed_over(&self) -> usize {
        self.aside.values().sum::<usize>() + self.pending.len()
    }

    /// Judges an entry, or passes it over where it is not the API's.
    pub fn entry(&mut self, entry: Entry) {
        let recorded = match entry {
            Entry::Exchange(recorded) => recorded,
            Entry::Unanswered => return self.pass(UNANSWERED),
            Entry::Spoiled { place, message } => {
                self.unreadable += 1;
                if self.spoiled.len() < SPOILED {
                    self.spoiled.push(format!("{place}: {message}"));
                }
                return;
            }
        };
        match self.verdict(&recorded) {
            Verdict::Judge => self.exchange(&recorded.exchange, recorded.authority),
            Verdict::Pass(why) => self.pass(why),
            Verdict::Wait(host) => {
                if self.pending.len() >= PENDING {
                    return self.pass(ELSEWHERE);
                }
                let mut exchange = recorded.exchange;
                exchange.request.body = None;
                exchange.response.body = None;
                self.pending.push((host, exchange));
            }
        }
    }

    fn pass(&mut self, why: &'static str) {
        *self.aside.entry(why).or_default() += 1;
    }

    fn exchange(&mut self, exchange: &Exchange, authority: Option<String>) {
        if let Some(host) = authority {
            self.seen.insert(host);
        }
        let answer = self.judge.recorded(exchange);
        for (operation, fault) in self
            .memory
            .compare(&self.judge, exchange, answer.json.as_ref())
        {
            self.judge.add(&operation, fault, exchange);
        }
    }

    /// Whether an exchange is one of the API.
    fn verdict(&self, recorded: &Recorded) -> Verdict {
        let exchange = &recorded.exchange;
        let method = exchange.request.method.to_ascii_uppercase();
        let found = self.judge.find(&method, exchange.request.path());
        let host = recorded.authority.as_deref().map(without_port);
        let home = host.as_ref().is_some_and(|host| self.hosts.contains(host));
        if let Found::Operation(operation, _) = found {
            if let Some(why) = between(operation, exchange) {
                return Verdict::Pass(why);
            }
            let documented = operation.reply(exchange.response.status);
            if !home
                && host.is_some()
                && is_page(recorded)
                && !documented.is_some_and(|reply| serves(reply, exchange))
            {
                return Verdict::Pass(PAGE);
            }
            return Verdict::Judge;
        }
        if is_preflight(exchange) {
            return Verdict::Pass(PREFLIGHT);
        }
        if exchange.response.status == 101 {
            return Verdict::Pass(UPGRADED);
        }
        if is_page(recorded) {
            return Verdict::Pass(PAGE);
        }
        let contract = self.judge.contract();
        match (host, found) {
            (Some(_), Found::Methods(_)) | (None, _) => Verdict::Judge,
            (Some(_), _) if home && contract.below_base(exchange.request.path()).is_none() => {
                Verdict::Pass(OUTSIDE)
            }
            (Some(_), _) if home || self.hosts.is_empty() => Verdict::Judge,
            (Some(_), _) => Verdict::Wait(recorded.authority.clone().unwrap_or_default()),
        }
    }

    /// The report on all of it.
    pub fn finish(mut self) -> Report {
        for (host, exchange) in std::mem::take(&mut self.pending) {
            if self.seen.contains(&host) {
                self.exchange(&exchange, None);
            } else {
                self.pass(ELSEWHERE);
            }
        }
        self.tell(None);
        let mut notes = Vec::new();
        if !self.aside.is_empty() {
            let parts: Vec<String> = self
                .aside
                .iter()
                .map(|(why, count)| format!("{count} {why}"))
                .collect();
            notes.push(format!(
                "Passed over, since they are not the API's to answer for: {}.",
                parts.join(", ")
            ));
        }
        notes.extend(self.spoiled.iter().map(|one| format!("Not read: {one}.")));
        if self.unreadable > self.spoiled.len() {
            notes.push(format!(
                "Not read: {} more entries.",
                self.unreadable - self.spoiled.len()
            ));
        }
        let contract = self.judge.contract();
        let title = format!("{} {}", contract.title, contract.version)
            .trim()
            .to_owned();
        let (findings, coverage, proposals, exchanges) = self.judge.finish();
        Report {
            title,
            subject: self.names.join(", "),
            mode: "recorded",
            findings,
            coverage,
            proposals,
            notes,
            exchanges,
        }
    }
}

const UNANSWERED: &str = "never answered";
const CUT_SHORT: &str = "answers that the client did not wait for";
const UNREADABLE: &str = "requests that are no HTTP, answered with 400";
const PREFLIGHT: &str = "preflights";
const UPGRADED: &str = "upgraded connections";
const REVALIDATED: &str = "revalidations";
const REDIRECTED: &str = "redirects to another form of the same address";
const PAGE: &str = "pages and their parts";
const OUTSIDE: &str = "outside the base path";
const ELSEWHERE: &str = "to other hosts";

enum Verdict {
    Judge,
    Pass(&'static str),
    /// To a path that is not documented, of a host that nothing is known of yet.
    Wait(String),
}

/// Why an exchange of a documented path is a matter of HTTP and not of the API.
fn between(operation: &Operation, exchange: &Exchange) -> Option<&'static str> {
    let response = &exchange.response;
    let known = operation.replies.iter().any(|reply| match reply.status {
        StatusMatch::Code(code) => code == response.status,
        StatusMatch::Range(hundred) => u16::from(hundred) == response.status / 100,
        StatusMatch::Default => false,
    });
    if known {
        return None;
    }
    match response.status {
        101 => Some(UPGRADED),
        304 => Some(REVALIDATED),
        301 | 302 | 307 | 308 => {
            let place = response.field("location")?;
            let path = path_of(place);
            let same = |text: &str| text.trim_end_matches('/').to_owned();
            (same(path) == same(exchange.request.path())).then_some(REDIRECTED)
        }
        _ => None,
    }
}

pub(crate) fn is_preflight(exchange: &Exchange) -> bool {
    let headers = exchange.request.headers.as_ref();
    exchange.request.method.eq_ignore_ascii_case("OPTIONS")
        && headers.is_none_or(|all| {
            all.get("access-control-request-method").is_some() || all.get("origin").is_some()
        })
}

/// Whether a browser asked for something to show or to run.
pub(crate) fn is_page(recorded: &Recorded) -> bool {
    if let Some(resource) = recorded.resource.as_deref() {
        return matches!(
            resource.to_ascii_lowercase().as_str(),
            "document"
                | "stylesheet"
                | "script"
                | "image"
                | "font"
                | "media"
                | "manifest"
                | "texttrack"
                | "preflight"
                | "websocket"
                | "ping"
                | "csp-violation-report"
                | "cspviolationreport"
                | "signed-exchange"
                | "signedexchange"
        );
    }
    let exchange = &recorded.exchange;
    let media = exchange.response.media().unwrap_or_default();
    let family = media.split('/').next().unwrap_or("");
    let shown = matches!(family, "font" | "image" | "video" | "audio")
        || matches!(
            media.as_str(),
            "text/html"
                | "text/css"
                | "text/javascript"
                | "application/javascript"
                | "application/x-javascript"
        );
    shown
        && recorded.authority.is_some()
        && exchange.request.method.eq_ignore_ascii_case("GET")
        && exchange.response.is_success()
}

/// Whether a documented reply has the content type that came.
fn serves(reply: &Reply, exchange: &Exchange) -> bool {
    let media = exchange.response.media().unwrap_or_default();
    reply.media(&media).is_some()
}

fn host_of(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    Some(without_port(
        &rest.split(['/', '?']).next()?.to_ascii_lowercase(),
    ))
}

/// Ports of the schemes mean the same as none.
fn without_port(authority: &str) -> String {
    let plain = authority
        .strip_suffix(":443")
        .or_else(|| authority.strip_suffix(":80"));
    plain.unwrap_or(authority).to_owned()
}

/// The path of a URL or of a reference.
fn path_of(reference: &str) -> &str {
    let rest = reference.split_once("://").map_or(reference, |(_, rest)| {
        rest.find('/')
            .map_or("/", |at| rest.get(at..).unwrap_or("/"))
    });
    rest.split(['?', '#']).next().unwrap_or("")
}

/// Scheme and host of a URL, since recorded targets have the base path already.
fn origin_of(base: &str) -> String {
    match base.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.split('/').next().unwrap_or("");
            format!("{scheme}://{host}")
        }
        None => String::new(),
    }
}

/// Bodies that are remembered: those that were sent last.
const REMEMBERED: usize = 1_000;

/// Their bytes together.
const REMEMBERED_BYTES: usize = 16 << 20;

/// The bodies last sent, by the path at which they can be read back.
struct Memory {
    sent: Recent<Node>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            sent: Recent::within(REMEMBERED, REMEMBERED_BYTES),
        }
    }
}

impl Memory {
    /// Numbers that changed their form or lost digits between what was sent and what came.
    fn compare(
        &mut self,
        judge: &Judge<'_>,
        exchange: &Exchange,
        came: Option<&Node>,
    ) -> Vec<(String, Fault)> {
        let request = &exchange.request;
        if !exchange.response.is_success() {
            return Vec::new();
        }
        let method = request.method.to_ascii_uppercase();
        let path = request.path().to_owned();
        let sent = match method.as_str() {
            "POST" | "PUT" | "PATCH" => sent(request),
            "GET" => self.sent.get(&path).cloned(),
            "DELETE" => {
                self.sent.remove(&path);
                None
            }
            _ => None,
        };
        let (Some(sent), Some(came)) = (sent, came) else {
            return Vec::new();
        };
        let name = operation_name(judge, &method, &path);
        let faults = number_faults(&sent, came, exchange.response.status);
        let place = match (
            method.as_str(),
            unwrapped(came).get("id").and_then(plain_text),
        ) {
            ("POST", Some(id)) => format!("{path}/{id}"),
            _ => path,
        };
        if method != "GET" {
            let size = request.body.as_ref().map_or(0, Vec::len);
            self.sent.insert(place, sent, size);
        }
        faults
            .into_iter()
            .map(|fault| (name.clone(), fault))
            .collect()
    }
}

fn operation_name(judge: &Judge<'_>, method: &str, path: &str) -> String {
    match judge.find(method, path) {
        verbatim_contract::Found::Operation(operation, _) => operation.id.clone(),
        _ => format!("{method}:{path}"),
    }
}

fn sent(request: &Request) -> Option<Node> {
    let bytes = request.body.as_deref().filter(|bytes| !bytes.is_empty())?;
    body::read(bytes).tree
}
