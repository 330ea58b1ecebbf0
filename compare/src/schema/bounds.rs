//! Bounds that have an order.

use verbatim_source::Decimal;

use super::rules::{Aspect, Change};

/// A bound, or its absence.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    pub(crate) aspect: Aspect,
    /// The keyword, for messages.
    pub(crate) name: &'static str,
    /// Whether a larger number allows more.
    pub(crate) upper: bool,
    pub(crate) limit: Option<Limit>,
}

/// The number of a bound, as it is written.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    pub(crate) text: String,
    pub(crate) exclusive: bool,
}

impl Limit {
    /// Whether this bound allows less than another.
    fn is_tighter(&self, other: &Self, upper: bool) -> bool {
        let (Some(one), Some(two)) = (Decimal::parse(&self.text), Decimal::parse(&other.text))
        else {
            return false;
        };
        match one.cmp(&two) {
            std::cmp::Ordering::Equal => self.exclusive && !other.exclusive,
            ordering => ordering.is_lt() == upper,
        }
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = if self.exclusive { " (exclusive)" } else { "" };
        write!(formatter, "{}{word}", self.text)
    }
}

impl Bound {
    /// Takes a further limit in: the tighter one holds.
    pub(crate) fn add(&mut self, limit: Limit) {
        let holds = match &self.limit {
            None => true,
            Some(present) => limit.is_tighter(present, self.upper),
        };
        if holds {
            self.limit = Some(limit);
        }
    }
}

/// What became of a bound; none where it is as it was.
pub(crate) fn change(old: &Bound, new: &Bound) -> Option<(Change, String)> {
    let name = old.name;
    Some(match (&old.limit, &new.limit) {
        (None, None) => return None,
        (None, Some(new)) => (Change::Tighter, format!("`{name}` is {new}, was none")),
        (Some(old), None) => (Change::Looser, format!("`{name}` {old} is gone")),
        (Some(was), Some(is)) => {
            let message = format!("`{name}` is {is}, was {was}");
            if is.is_tighter(was, old.upper) {
                (Change::Tighter, message)
            } else if was.is_tighter(is, old.upper) {
                (Change::Looser, message)
            } else {
                return None;
            }
        }
    })
}
