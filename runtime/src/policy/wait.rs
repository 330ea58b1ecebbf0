//! When to ask again whether something is complete, and when to stop asking.

use crate::time::Moment;
use std::time::Duration;

/// How long and how often to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitPolicy {
    /// Before the first poll.
    pub first: Duration,
    /// The shortest time between two polls.
    pub shortest: Duration,
    /// The longest time between two polls.
    pub longest: Duration,
    /// Before a first sighting of the goal is looked at again, since it may be older than the
    /// request.
    pub confirm: Duration,
    /// How long a new resource may be unknown to the server.
    pub grace: Duration,
    /// For the wait as a whole.
    pub deadline: Duration,
}

impl Default for WaitPolicy {
    /// After 3 seconds, then every 5 to 30 by the progress made; 30 minutes in all.
    fn default() -> Self {
        Self {
            first: Duration::from_secs(3),
            shortest: Duration::from_secs(5),
            longest: Duration::from_secs(30),
            confirm: Duration::from_secs(2),
            grace: Duration::from_secs(30),
            deadline: Duration::from_secs(30 * 60),
        }
    }
}

/// What a poll saw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sighting {
    /// The goal.
    Goal,
    /// A state of failure.
    Failure,
    /// Work in progress, with a percentage where there is one.
    Busy(Option<f64>),
    /// The resource is not there.
    Missing,
    /// Nothing: the poll failed in a way that passes.
    Trouble,
}

/// What to do after a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Poll again at this moment.
    Poll(Moment),
    /// The goal is reached.
    Reached,
    /// A state of failure is reached.
    Failed,
    /// The resource does not exist.
    Absent,
    /// The deadline passed.
    Expired,
}

/// One wait.
#[derive(Debug, Clone)]
pub struct Waiter {
    policy: WaitPolicy,
    /// Whether absence is the goal.
    awaits_absence: bool,
    began: Moment,
    /// Whether work was seen in progress, so that the goal cannot be older than the request.
    seen_busy: bool,
    seen_at_all: bool,
    /// The last sighting that still needs to be confirmed.
    unconfirmed: Option<Sighting>,
    interval: Duration,
    progress: Option<(Moment, f64)>,
}

impl Waiter {
    /// A wait that began when the request was accepted.
    pub fn new(policy: WaitPolicy, goal: WaitGoal, began: Moment) -> Self {
        Self {
            policy,
            awaits_absence: goal == WaitGoal::Absence,
            began,
            seen_busy: false,
            seen_at_all: false,
            unconfirmed: None,
            interval: policy.shortest,
            progress: None,
        }
    }

    /// The last moment of the wait.
    pub fn deadline(&self) -> Moment {
        self.began + self.policy.deadline
    }

    /// When the first poll is due.
    pub fn first(&self) -> Moment {
        (self.began + self.policy.first).min(self.deadline())
    }

    /// What the reply to the request itself shows: work in progress counts, a goal does not, since
    /// the reply may show the state before the request.
    pub fn reply(&mut self, now: Moment, sighting: Sighting) {
        if let Sighting::Busy(percent) = sighting {
            self.seen_busy = true;
            self.progress = percent.map(|percent| (now, percent));
        }
    }

    /// Decides after a poll that was sent at `sent` and answered by `now`. What was asked before
    /// the wait began is not looked at.
    pub fn observe(&mut self, sent: Moment, now: Moment, sighting: Sighting) -> Step {
        let fresh = sent >= self.began;
        let step = match sighting {
            Sighting::Missing if fresh && self.awaits_absence => return Step::Reached,
            Sighting::Missing if fresh => {
                let new = !self.seen_at_all && now.since(self.began) < self.policy.grace;
                if new {
                    self.later(now)
                } else {
                    return Step::Absent;
                }
            }
            Sighting::Goal | Sighting::Failure if fresh => {
                self.seen_at_all = true;
                let sure = self.seen_busy || self.unconfirmed == Some(sighting);
                match (sure, sighting) {
                    (true, Sighting::Goal) => return Step::Reached,
                    (true, _) => return Step::Failed,
                    (false, _) => {
                        self.unconfirmed = Some(sighting);
                        now + self.policy.confirm
                    }
                }
            }
            Sighting::Busy(percent) if fresh => {
                self.seen_at_all = true;
                self.seen_busy = true;
                self.unconfirmed = None;
                self.by_progress(now, percent)
            }
            _ => self.later(now),
        };
        let deadline = self.deadline();
        if now >= deadline {
            return Step::Expired;
        }
        Step::Poll(step.min(deadline))
    }

    /// Whether the wait is over, whatever a poll would say.
    pub fn is_expired(&self, now: Moment) -> bool {
        now >= self.deadline()
    }

    /// Less and less often.
    fn later(&mut self, now: Moment) -> Moment {
        let interval = self.interval;
        self.interval = (interval + interval / 2).clamp(
            self.policy.shortest,
            self.policy.longest.max(self.policy.shortest),
        );
        now + interval
    }

    /// About when the percentage will be complete, going on as it did.
    fn by_progress(&mut self, now: Moment, percent: Option<f64>) -> Moment {
        let before = self.progress;
        self.progress = percent.map(|percent| (now, percent));
        if let (Some((then, before)), Some(percent)) = (before, percent) {
            let (gained, elapsed) = (percent - before, now.since(then).as_secs_f64());
            if gained > 0.0 && elapsed > 0.0 && percent < 100.0 {
                let left = (100.0 - percent) / gained * elapsed;
                let longest = self.policy.longest.max(self.policy.shortest);
                let left = Duration::try_from_secs_f64(left).unwrap_or(longest);
                self.interval = self.policy.shortest;
                return now + left.clamp(self.policy.shortest, longest);
            }
        }
        self.later(now)
    }
}

/// What a wait hopes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitGoal {
    /// A state.
    State,
    /// That the resource is no longer there.
    Absence,
}
