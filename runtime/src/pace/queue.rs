//! In which order waiting requests leave, without a lock that a sleeping one could keep.

use crate::time::Moment;
use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Duration;

/// How long after its time a request is waited for that nobody drives any more.
const GRACE: Duration = Duration::from_millis(25);
/// How often those behind look whether the first one is still there.
const WATCH: Duration = Duration::from_secs(1);

/// The requests that wait, in the order in which they came. Each says when it will look again. One
/// that does not, because its future is kept without being polled, loses its place to those behind
/// until it is polled again.
#[derive(Default)]
pub(super) struct Queue {
    next: u64,
    places: BTreeMap<u64, Place>,
    /// When the first one looks again.
    due: Moment,
}

struct Place {
    due: Moment,
    waker: Waker,
}

impl Queue {
    /// A number that comes after all others.
    pub(super) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Whether nobody who still looks is before this number.
    pub(super) fn is_first(&mut self, number: u64, now: Moment) -> bool {
        while let Some(first) = self.places.first_entry() {
            if *first.key() >= number {
                return true;
            }
            if now < first.get().due + GRACE {
                return false;
            }
            first.remove();
        }
        true
    }

    /// The first one waits until a moment, unless it is called before.
    pub(super) fn wait_first(&mut self, number: u64, due: Moment, waker: &Waker) {
        self.due = due;
        self.wait(number, due, waker);
    }

    /// One behind waits; tells when it must look whether the first one is still there.
    pub(super) fn wait_behind(&mut self, number: u64, now: Moment, waker: &Waker) -> Moment {
        let due = self.due.max(now).min(now + WATCH) + GRACE;
        self.wait(number, due, waker);
        due
    }

    fn wait(&mut self, number: u64, due: Moment, waker: &Waker) {
        let waker = waker.clone();
        self.places.insert(number, Place { due, waker });
    }

    /// Gives a place up.
    pub(super) fn leave(&mut self, number: u64) {
        self.places.remove(&number);
    }

    /// Who must look now: the first one, if it does not do so already.
    pub(super) fn call(&mut self, now: Moment) -> Option<Waker> {
        let mut first = self.places.first_entry()?;
        let place = first.get_mut();
        place.due = place.due.min(now);
        Some(place.waker.clone())
    }
}
