//! How many requests may be under way, so that the server never has to refuse one.
//!
//! The pacer keeps two bounds. What the server reports is the closest: after a reply with
//! `Remaining: 7`, seven more may be sent, less those still under way, which the report may or may
//! not have counted. Where there is no report, its own record of the last window is the bound, with
//! each request counted from its reply on, which is never earlier than the server's own count.
//! When a window is used up, one request goes ahead and the report in its reply opens the next.

use super::QuotaHeaders;
use crate::service::RateLimit;
use crate::time::Moment;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// Servers report whole seconds, so a window may end up to one later than they say.
pub(crate) const ROUNDING: Duration = Duration::from_secs(1);
/// How long the others wait for the report that the first request of a window brings.
const PROBE_PATIENCE: Duration = Duration::from_secs(2);
/// The longest that one refusal holds back every call. Longer ones are told to each caller.
const LONGEST_HOLD: Duration = Duration::from_secs(90);

/// Paces the requests of one client and all its clones.
#[derive(Debug)]
pub struct Pacer {
    rate: Option<RateLimit>,
    limit: usize,
    window: Duration,
    /// When the requests under way left. Each is counted for one window at the most: a future that
    /// is kept and no longer polled must not use the quota of all others up for ever.
    under_way: BTreeMap<u64, Moment>,
    /// When own requests were answered, within the last window.
    answered: VecDeque<Moment>,
    /// Counts departures and replies, to tell which came first.
    sequence: u64,
    /// The latest departure among the requests that have reported.
    latest_departure: u64,
    /// Reports that no later one replaces, the least `remaining` first.
    reports: VecDeque<Report>,
    /// Requests answered without a report, which one that left before them has not counted.
    unreported: VecDeque<(u64, Moment)>,
    reported_at: Option<Moment>,
    reset_at: Option<Moment>,
    /// Departures before this one belong to an earlier window.
    window_began: u64,
    /// Whether the server's word says that a window has just begun.
    renewed: bool,
    held_until: Option<Moment>,
    probing_since: Option<Moment>,
    /// Whether the last reply came without the headers.
    mute: bool,
}

#[derive(Debug, Clone, Copy)]
struct Report {
    answered: u64,
    remaining: usize,
}

/// What the pacer says to a request that wants to leave.
#[derive(Debug)]
pub enum Admission {
    /// It may leave. The ticket goes back with [`Pacer::complete`].
    Go(Ticket),
    /// Ask again when a request is answered, or at this moment, whichever is first.
    Wait(Moment),
}

/// A request under way.
#[derive(Debug)]
pub struct Ticket {
    departure: u64,
}

/// The state of the quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quota {
    /// Requests allowed in one window.
    pub limit: usize,
    /// Requests that may still be sent in this window.
    pub remaining: usize,
    /// The length of the window.
    pub window: Duration,
    /// Until the window begins anew, where that is known.
    pub reset: Option<Duration>,
    /// Requests under way.
    pub in_flight: usize,
}

impl Pacer {
    /// For a service that documents this rate, or none.
    pub fn new(rate: Option<RateLimit>) -> Self {
        let limit = rate.map_or(usize::MAX, |rate| (rate.requests as usize).max(1));
        let window = rate.map_or(0, |rate| rate.window_seconds.max(1));
        Self {
            rate,
            limit,
            window: Duration::from_secs(window.into()),
            under_way: BTreeMap::new(),
            answered: VecDeque::new(),
            sequence: 0,
            latest_departure: 0,
            reports: VecDeque::new(),
            unreported: VecDeque::new(),
            reported_at: None,
            reset_at: None,
            window_began: 0,
            renewed: false,
            held_until: None,
            probing_since: None,
            mute: false,
        }
    }

    /// The rate the service documents.
    pub fn rate(&self) -> Option<&RateLimit> {
        self.rate.as_ref()
    }

    /// Asks whether a request may leave now.
    pub fn admit(&mut self, now: Moment) -> Admission {
        if let Some(until) = self.held_until {
            if now < until {
                return Admission::Wait(until);
            }
            self.held_until = None;
            self.begin_window();
        }
        if self.rate.is_none() {
            return self.go(now);
        }
        self.forget(now);
        if let Some(report) = self.reports.front() {
            if report.remaining > self.in_flight() {
                return self.go(now);
            }
            let renewal = self.renewal(now);
            if now < renewal {
                return Admission::Wait(renewal);
            }
            self.begin_window();
        }
        self.probe(now)
    }

    /// Takes the ticket of an answered or failed request back, with what the reply reports.
    pub fn complete(&mut self, now: Moment, ticket: &Ticket, quota: Option<QuotaHeaders>) {
        self.under_way.remove(&ticket.departure);
        if self.rate.is_none() {
            return;
        }
        self.sequence += 1;
        self.answered.push_back(now);
        let quota = quota.unwrap_or_default();
        if let Some(limit) = quota.limit {
            self.limit = (limit as usize).max(1);
        }
        match quota.remaining {
            Some(remaining) if ticket.departure >= self.window_began => {
                self.mute = false;
                self.report(ticket, remaining as usize, now);
                if let Some(reset) = quota.reset {
                    self.reset_at = Some(now + reset.min(self.window) + ROUNDING);
                }
            }
            // A reply from an earlier window says nothing of this one, and may count in it.
            _ => {
                self.mute = quota.remaining.is_none();
                self.unreported.push_back((self.sequence, now));
                if let Some(least) = self.reports.front().map(|report| report.remaining) {
                    self.push(least.saturating_sub(1));
                }
            }
        }
    }

    /// Takes the ticket of a request back that certainly did not leave.
    pub fn withdraw(&mut self, ticket: &Ticket) {
        self.under_way.remove(&ticket.departure);
    }

    /// The server refused a request for its rate: everything waits, as long as it asks.
    pub fn refused(&mut self, now: Moment, asked: Option<Duration>) {
        let reset = self.reset_at.map(|at| at.since(now));
        let hold = asked.or(reset).unwrap_or_else(|| {
            if self.rate.is_some() {
                self.window
            } else {
                Duration::ZERO
            }
        });
        if hold > Duration::ZERO {
            let until = now + hold.min(LONGEST_HOLD);
            self.held_until = self.held_until.max(Some(until));
        }
    }

    /// The state of the quota; none where no rate is documented.
    pub fn quota(&mut self, now: Moment) -> Option<Quota> {
        self.rate?;
        self.forget(now);
        let unreported = self.limit.saturating_sub(self.answered.len());
        let remaining = self
            .reports
            .front()
            .map_or(unreported, |report| report.remaining);
        let held = self.held_until.filter(|until| *until > now);
        Some(Quota {
            limit: self.limit,
            remaining: if held.is_some() {
                0
            } else {
                remaining.saturating_sub(self.in_flight())
            },
            window: self.window,
            reset: held.or(self.reset_at).map(|at| at.since(now)),
            in_flight: self.in_flight(),
        })
    }

    fn in_flight(&self) -> usize {
        self.under_way.len()
    }

    fn go(&mut self, now: Moment) -> Admission {
        self.sequence += 1;
        if self.rate.is_some() {
            self.under_way.insert(self.sequence, now);
        }
        Admission::Go(Ticket {
            departure: self.sequence,
        })
    }

    /// Without a report, one request goes ahead; the others follow its report, or, where the server
    /// reports nothing, the own record.
    fn probe(&mut self, now: Moment) -> Admission {
        let since = *self.probing_since.get_or_insert(now);
        let known = since + PROBE_PATIENCE;
        if self.in_flight() > 0 && !self.mute && now < known {
            return Admission::Wait(known);
        }
        // The server's word on the end of its window goes before the own record, for one request.
        let renewed = std::mem::take(&mut self.renewed) && self.in_flight() == 0;
        if renewed || self.in_flight() + self.answered.len() < self.limit {
            return self.go(now);
        }
        if self.answered.is_empty() {
            let oldest = self.under_way.values().next().copied();
            return Admission::Wait(oldest.unwrap_or(now) + self.window + ROUNDING);
        }
        Admission::Wait(self.record_frees(now))
    }

    fn report(&mut self, ticket: &Ticket, remaining: usize, now: Moment) {
        self.probing_since = None;
        self.reported_at = Some(now);
        self.latest_departure = self.latest_departure.max(ticket.departure);
        // A request that left after another was answered is counted after it.
        let latest = self.latest_departure;
        while self
            .reports
            .front()
            .is_some_and(|report| report.answered < latest)
        {
            self.reports.pop_front();
        }
        let later = self.unreported.iter().rev();
        let uncounted = later.take_while(|(answered, _)| *answered > ticket.departure);
        self.push(remaining.saturating_sub(uncounted.count()));
    }

    fn push(&mut self, remaining: usize) {
        while self
            .reports
            .back()
            .is_some_and(|report| report.remaining >= remaining)
        {
            self.reports.pop_back();
        }
        self.reports.push_back(Report {
            answered: self.sequence,
            remaining,
        });
    }

    /// When a window that is used up begins anew.
    fn renewal(&self, now: Moment) -> Moment {
        if let Some(reset) = self.reset_at {
            return reset;
        }
        if self.in_flight() + self.answered.len() >= self.limit && !self.answered.is_empty() {
            return self.record_frees(now);
        }
        // Others share the quota, and all that is known is when it was used up.
        self.reported_at.unwrap_or(now) + self.window
    }

    /// When the own record of the last window falls below the limit.
    fn record_frees(&self, now: Moment) -> Moment {
        let excess = (self.in_flight() + self.answered.len()).saturating_sub(self.limit);
        let last = self.answered.len().saturating_sub(1);
        let oldest = self.answered.get(excess.min(last)).copied();
        oldest.unwrap_or(now) + self.window
    }

    fn begin_window(&mut self) {
        self.reports.clear();
        self.reset_at = None;
        self.probing_since = None;
        self.sequence += 1;
        self.window_began = self.sequence;
    }

    /// Drops what is no longer true.
    fn forget(&mut self, now: Moment) {
        while self
            .answered
            .front()
            .is_some_and(|answered| now.since(*answered) >= self.window)
        {
            self.answered.pop_front();
        }
        while self
            .unreported
            .front()
            .is_some_and(|(_, answered)| now.since(*answered) >= self.window)
        {
            self.unreported.pop_front();
        }
        // They left in the order of their numbers.
        while let Some(first) = self.under_way.first_entry()
            && now.since(*first.get()) >= self.window + ROUNDING
        {
            first.remove();
        }
        if self.reset_at.is_some_and(|reset| now >= reset) {
            self.begin_window();
            self.renewed = true;
        }
    }
}
