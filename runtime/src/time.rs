//! Time and chance, which every policy is fed with.

use crate::future::BoxFuture;
use std::ops::{Add, Sub};
use std::time::{Duration, SystemTime};

/// A moment of a clock that never goes back, counted from an origin the clock chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(Duration);

impl Moment {
    /// The origin of the clock.
    pub const ORIGIN: Moment = Moment(Duration::ZERO);

    /// The moment this long after the origin.
    pub const fn after_origin(elapsed: Duration) -> Self {
        Self(elapsed)
    }

    /// How long after `earlier` this is; zero where it is before.
    pub fn since(self, earlier: Moment) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Moment {
    type Output = Moment;

    fn add(self, duration: Duration) -> Moment {
        Moment(self.0.saturating_add(duration))
    }
}

impl Sub<Duration> for Moment {
    type Output = Moment;

    fn sub(self, duration: Duration) -> Moment {
        Moment(self.0.saturating_sub(duration))
    }
}

/// A clock. A test gives its own; the default is that of tokio, which tests can pause.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Moment;

    /// The present date, to read dates of replies against.
    fn wall(&self) -> SystemTime {
        today()
    }

    /// Completes after the duration.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()>;
}

/// The present date of the system. Bare WebAssembly has none, and asking for it would panic; dates
/// of replies are read against their own `Date` there.
pub(crate) fn today() -> SystemTime {
    if cfg!(all(target_arch = "wasm32", target_os = "unknown")) {
        SystemTime::UNIX_EPOCH
    } else {
        SystemTime::now()
    }
}

/// The clock of tokio's timers.
#[derive(Debug)]
pub struct TokioClock {
    origin: tokio::time::Instant,
}

impl TokioClock {
    /// A clock whose origin is now.
    pub fn new() -> Self {
        Self {
            origin: tokio::time::Instant::now(),
        }
    }
}

impl Default for TokioClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Moment {
        Moment(self.origin.elapsed())
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// Chance, for the jitter of retries.
pub trait Random: Send + Sync {
    /// A number from 0 up to, but without, 1.
    fn fraction(&self) -> f64;
}

/// The thread's pseudo-random numbers; good enough to spread retries.
#[derive(Debug, Default, Clone, Copy)]
pub struct Jitter;

impl Random for Jitter {
    fn fraction(&self) -> f64 {
        fastrand::f64()
    }
}
