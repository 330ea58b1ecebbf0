//! Whether a call is sent again, and when.

use crate::time::Moment;
use std::time::Duration;

/// How often, how soon and for how long a call is sent again.
///
/// A call that is not idempotent is never sent again once it may have left, whatever the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all; 1 means no retry.
    pub attempts: u32,
    /// The first delay is a random part of this; each further one doubles it.
    pub base: Duration,
    /// The longest delay that is chosen at random.
    pub cap: Duration,
    /// The longest delay a server may ask for. Above it the call fails, and the error tells when to
    /// come back.
    pub max_retry_after: Duration,
    /// The statuses after which an idempotent call is sent again.
    pub statuses: Vec<u16>,
}

impl Default for RetryPolicy {
    /// Three attempts; half a second, doubled, at most 20 seconds; up to 90 seconds if the server
    /// asks for them.
    fn default() -> Self {
        Self {
            attempts: 3,
            base: Duration::from_millis(500),
            cap: Duration::from_secs(20),
            max_retry_after: Duration::from_secs(90),
            statuses: vec![408, 425, 429, 500, 502, 503, 504],
        }
    }
}

impl RetryPolicy {
    /// One attempt.
    pub fn never() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// This many attempts, the rest as by default.
    pub fn attempts(attempts: u32) -> Self {
        Self {
            attempts,
            ..Self::default()
        }
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// With a whole reply.
    Reply {
        /// Its status.
        status: u16,
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
    },
    /// The request certainly did not leave.
    NotSent,
    /// The request may have left, and there is no whole reply.
    Lost,
    /// There is no use in another attempt, for example because the reply is too large.
    Hopeless,
}

/// What to do after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Send again after the delay.
    Again(Duration),
    /// Give the outcome to the caller.
    Stop,
}

/// The attempts of one call.
#[derive(Debug, Clone)]
pub struct Retry<'p> {
    policy: &'p RetryPolicy,
    idempotent: bool,
    deadline: Option<Moment>,
    made: u32,
}

impl<'p> Retry<'p> {
    /// For a call that may be repeated if it is `Idempotence::Safe`, and that ends at the deadline.
    pub fn new(policy: &'p RetryPolicy, safe: Idempotence, deadline: Option<Moment>) -> Self {
        Self {
            policy,
            idempotent: safe == Idempotence::Safe,
            deadline,
            made: 0,
        }
    }

    /// Attempts made so far.
    pub fn made(&self) -> u32 {
        self.made
    }

    /// Decides after an attempt. `random` is from 0 up to 1.
    pub fn after(&mut self, now: Moment, outcome: Outcome, random: f64) -> Verdict {
        self.made = self.made.saturating_add(1);
        if self.made >= self.policy.attempts {
            return Verdict::Stop;
        }
        let asked = match outcome {
            Outcome::NotSent => Duration::ZERO,
            Outcome::Lost if self.idempotent => Duration::ZERO,
            Outcome::Reply {
                status,
                retry_after,
            } if self.idempotent && self.policy.statuses.contains(&status) => {
                retry_after.unwrap_or(Duration::ZERO)
            }
            Outcome::Hopeless | Outcome::Lost | Outcome::Reply { .. } => return Verdict::Stop,
        };
        if asked > self.policy.max_retry_after {
            return Verdict::Stop;
        }
        let delay = asked.max(self.jitter(random));
        match self.deadline {
            Some(deadline) if now + delay >= deadline => Verdict::Stop,
            _ => Verdict::Again(delay),
        }
    }

    /// A random part of the doubled base: full jitter.
    fn jitter(&self, random: f64) -> Duration {
        let doublings = (self.made - 1).min(31);
        let longest = self
            .policy
            .base
            .saturating_mul(1 << doublings)
            .min(self.policy.cap);
        longest.mul_f64(random.clamp(0.0, 1.0))
    }
}

/// Whether sending a request twice has the effect of sending it once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotence {
    /// It has.
    Safe,
    /// It may not have.
    Unsafe,
}

impl Idempotence {
    /// Of a declaration.
    pub const fn declared(idempotent: bool) -> Self {
        if idempotent {
            Idempotence::Safe
        } else {
            Idempotence::Unsafe
        }
    }
}
