//! Sends requests within bounds, and hands every answer to the judge.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use verbatim_contract::{Contract, Operation};
use verbatim_source::Node;

use super::Options;
use super::known::Known;
use super::plan::{Access, Intent, Plan, Values, basic};
use crate::exchange::{Exchange, Request, Response};
use crate::finding::{Kind, Severity};
use crate::judge::{Fault, Judge, Scope};
use crate::report::Report;
use crate::transport::{Transport, TransportError};

/// Times a request is sent again after it met the rate limit.
const AGAIN: usize = 3;

/// The longest the run waits for the rate limit at once.
const LONGEST: Duration = Duration::from_secs(90);

/// A run against one server.
pub struct Session<'a, 'c, T> {
    /// The document.
    pub contract: &'c Contract,
    /// How the server is driven.
    pub options: &'a Options,
    /// Identifiers seen so far.
    pub known: Known,
    /// Operations whose part of the run is over.
    pub done: BTreeSet<String>,
    judge: Judge<'c>,
    base_path: String,
    transport: &'a T,
    started: Instant,
    sent: usize,
    answered: usize,
    broken: Option<String>,
    stopped: bool,
    welcome: bool,
    notes: BTreeSet<String>,
}

/// A request and what came of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Both, as they went over the wire.
    pub exchange: Exchange,
    /// The body, where it is JSON.
    pub json: Option<Node>,
}

impl Outcome {
    /// The status.
    pub fn status(&self) -> u16 {
        self.exchange.response.status
    }

    /// Whether the request was carried out.
    pub fn is_success(&self) -> bool {
        self.exchange.response.is_success()
    }

    /// Whether the object that was asked for is not there.
    pub fn is_gone(&self) -> bool {
        matches!(self.status(), 404 | 410)
    }
}

/// Whether a name means an operation: its id, or method and path.
pub fn is_named(operation: &Operation, name: &str) -> bool {
    let (method, path) = name.split_once([' ', ':']).unwrap_or(("", ""));
    operation.id == name
        || (operation.path == path && operation.method.eq_ignore_ascii_case(method))
}

impl<'a, 'c, T: Transport> Session<'a, 'c, T> {
    /// A run that has sent nothing yet.
    pub fn new(
        contract: &'c Contract,
        origin: &str,
        base_path: &str,
        transport: &'a T,
        options: &'a Options,
    ) -> Self {
        let mut judge = Judge::new(contract, origin);
        judge.assert_formats(options.assert_formats);
        if let Some(token) = &options.token {
            judge.redactor().add_value(token);
            judge.redactor().add_value(&STANDARD.encode(basic(token)));
            if let Some((_, password)) = token.split_once(':') {
                judge.redactor().add_value(password);
            }
        }
        Self {
            contract,
            options,
            known: Known::default(),
            done: BTreeSet::new(),
            judge,
            base_path: base_path.to_owned(),
            transport,
            started: Instant::now(),
            sent: 0,
            answered: 0,
            broken: None,
            stopped: false,
            welcome: false,
            notes: BTreeSet::new(),
        }
    }

    /// Whether an operation is to be judged.
    pub fn wants(&self, operation: &Operation) -> bool {
        let only = &self.options.only;
        only.is_empty() || only.iter().any(|name| is_named(operation, name))
    }

    /// A request to an operation with what is required besides path and body.
    pub fn plan(&self, operation: &'c Operation, values: &Values) -> Plan<'c> {
        Plan::new(self.contract, operation, values.clone(), self.options.seed)
    }

    /// Sends a request and judges the answer by its operation. `None` where the run is over, or
    /// no answer came.
    pub async fn call(&mut self, plan: &Plan<'c>) -> Option<Outcome> {
        let exchange = self.exchange(plan).await?;
        let values: Vec<(String, String)> = plan
            .values
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let scope = match (plan.intent, plan.access) {
            (Intent::Right, Access::Right) => Scope::Response,
            _ => Scope::Provoked,
        };
        self.welcome |= exchange.response.status != 401;
        let answer = self
            .judge
            .exchange(plan.operation, &values, &exchange, scope);
        if exchange.response.status >= 500 {
            let status = exchange.response.status;
            let fault = Fault::new(
                Kind::ServerError,
                Severity::Error,
                format!("{status}"),
                format!("the server failed with {status}"),
            );
            self.judge.add(&plan.operation.id, fault, &exchange);
        }
        Some(Outcome {
            exchange,
            json: answer.json,
        })
    }

    /// Sends a request without judging the answer.
    pub async fn exchange(&mut self, plan: &Plan<'c>) -> Option<Exchange> {
        let token = self.options.token.as_deref();
        let request = plan.request(self.contract, &self.base_path, token)?;
        for _ in 0..AGAIN {
            if !self.may_send() {
                return None;
            }
            self.sent += 1;
            let origin = format!("live {}", self.sent);
            // The last request ends with the run, however slow the server is.
            let left = self.left().max(Duration::from_millis(1));
            match self.transport.send_within(request.clone(), left).await {
                Err(_) if self.left().is_zero() => {
                    self.may_send();
                    return None;
                }
                Ok(response) => {
                    self.answered += 1;
                    let limited = response.status == 429;
                    self.be_polite(&response).await;
                    if !limited || self.stopped {
                        return Some(Exchange {
                            origin,
                            request,
                            response,
                        });
                    }
                }
                Err(error) => {
                    self.no_answer(plan.operation, request, origin, &error);
                    return None;
                }
            }
        }
        self.note("Some requests met the rate limit again and again and were given up.");
        None
    }

    fn no_answer(
        &mut self,
        operation: &Operation,
        request: Request,
        origin: String,
        error: &TransportError,
    ) {
        if error.unreachable {
            self.broken.get_or_insert_with(|| error.message.clone());
            self.stopped = true;
            if self.answered == 0 {
                return;
            }
        }
        let exchange = Exchange {
            origin,
            request,
            response: Response::new(0),
        };
        let message = format!("no complete answer came: {error}");
        let fault = Fault::new(Kind::Transport, Severity::Error, "transport", message);
        self.judge.add(&operation.id, fault, &exchange);
    }

    /// What is left of the time of the run.
    fn left(&self) -> Duration {
        self.options.max_time.saturating_sub(self.started.elapsed())
    }

    /// Whether nothing was sent, so that there is nothing to report on.
    pub fn is_idle(&self) -> bool {
        self.sent == 0
    }

    fn may_send(&mut self) -> bool {
        if self.stopped {
            return false;
        }
        let over = if self.sent >= self.options.max_requests {
            Some(format!(
                "Stopped after {} requests, as asked for.",
                self.sent
            ))
        } else if self.started.elapsed() >= self.options.max_time {
            let seconds = self.options.max_time.as_secs();
            Some(format!("Stopped after {seconds} seconds, as asked for."))
        } else {
            None
        };
        if let Some(why) = over {
            self.note(why);
            self.stopped = true;
        }
        !self.stopped
    }

    /// Waits where the answer says that no more requests are allowed for now.
    async fn be_polite(&mut self, response: &Response) {
        let declared = self.contract.rate_limit.as_ref();
        let remaining = declared.and_then(|limit| limit.remaining_header.as_deref());
        let reset = declared.and_then(|limit| limit.reset_header.as_deref());
        let names = |first: Option<&str>, others: &[&str]| {
            let all = first.into_iter().chain(others.iter().copied());
            let found: Option<f64> = all
                .filter_map(|name| response.field(name))
                .find_map(|text| text.trim().parse().ok());
            found
        };
        let left = names(
            remaining,
            &[
                "x-rate-limit-remaining",
                "x-ratelimit-remaining",
                "ratelimit-remaining",
            ],
        );
        if response.status != 429 && left != Some(0.0) {
            return;
        }
        let said = names(Some("retry-after"), &[]).or_else(|| {
            names(
                reset,
                &["x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset"],
            )
        });
        let window = declared.map_or(1, |limit| u64::from(limit.window_seconds));
        // A moment in time instead of a number of seconds is left to the window.
        let wait = match said {
            Some(seconds) if (0.0..=86_400.0).contains(&seconds) => {
                Duration::from_secs_f64(seconds)
            }
            _ => Duration::from_secs(window),
        };
        let room = self.left();
        if wait > LONGEST || wait > room {
            let seconds = wait.as_secs();
            self.note(format!(
                "Stopped: the server asks to wait {seconds} seconds for its rate limit."
            ));
            self.stopped = true;
            return;
        }
        self.transport.pause(wait).await;
    }

    /// Waits between two looks at something that takes time; `false` where the run is over.
    pub async fn wait(&mut self, time: Duration) -> bool {
        self.transport.pause(time.min(self.left())).await;
        self.may_send()
    }

    /// Whether there is no sense in going on.
    pub fn is_over(&mut self) -> bool {
        !self.may_send()
    }

    /// Adds a finding on an outcome.
    pub fn find(&mut self, operation: &Operation, fault: Fault, outcome: &Outcome) {
        self.judge.add(&operation.id, fault, &outcome.exchange);
    }

    /// Judges an answer by what an operation documents, although it was not quite its request.
    pub fn judge_reply(&mut self, operation: &'c Operation, exchange: &Exchange) {
        self.judge
            .exchange(operation, &[], exchange, Scope::Response);
    }

    /// Adds a sentence on what was not judged.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.insert(note.into());
    }

    /// Whether a name is one of a secret, whose value a server may keep to itself.
    pub fn is_secret(&mut self, name: &str) -> bool {
        self.judge.redactor().is_secret(name)
    }

    /// Why nobody answered any request, where that is so.
    pub fn unreachable(&self) -> Option<String> {
        if self.answered > 0 {
            return None;
        }
        self.broken.clone()
    }

    /// Whether every request so far was refused as unauthorised.
    pub fn is_unwelcome(&self) -> bool {
        self.answered > 0 && !self.welcome
    }

    /// The report of the run.
    pub fn report(mut self, base: &str) -> Report {
        let quiet: Vec<String> = self
            .judge
            .coverage()
            .operations
            .iter()
            .filter(|(_, seen)| seen.calls > 0 && !seen.has_success())
            .map(|(name, _)| name.clone())
            .collect();
        if !quiet.is_empty() {
            self.note(format!(
                "Never answered with success: {}.",
                quiet.join(", ")
            ));
        }
        let silent: Vec<String> = self
            .contract
            .operations()
            .iter()
            .filter(|one| one.safe && self.wants(one))
            .filter(|one| {
                self.judge
                    .coverage()
                    .operations
                    .get(&one.id)
                    .is_some_and(|seen| seen.calls == 0)
            })
            .map(|one| one.id.clone())
            .collect();
        if !silent.is_empty() {
            self.note(format!(
                "Not called, since no object for their path is known: {}.",
                silent.join(", ")
            ));
        }
        if self.options.token.is_none() && !self.contract.schemes.is_empty() {
            self.note("No token was given, so that access was not judged.");
        }
        let (findings, coverage, proposals, exchanges) = self.judge.finish();
        Report {
            title: format!("{} {}", self.contract.title, self.contract.version)
                .trim()
                .to_owned(),
            subject: base.to_owned(),
            mode: "live",
            findings,
            coverage,
            proposals,
            notes: self.notes.into_iter().collect(),
            exchanges,
        }
    }
}
