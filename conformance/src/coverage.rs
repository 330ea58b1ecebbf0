//! What of the document was seen.

use std::collections::BTreeMap;

mod threshold;

use indexmap::IndexMap;

pub use threshold::{Short, Threshold};

/// Coverage of all operations, in the order of the document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// By the name of the operation.
    pub operations: IndexMap<String, OperationCoverage>,
}

/// What was seen of one operation. Every map holds all that is documented with the number of
/// times it was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OperationCoverage {
    /// The method in capitals.
    pub method: String,
    /// The path template.
    pub path: String,
    /// Exchanges.
    pub calls: usize,
    /// By documented status: `200`, `4XX`, `default`.
    pub statuses: IndexMap<String, usize>,
    /// Statuses that are not documented.
    pub undocumented: BTreeMap<u16, usize>,
    /// By place and name: `query page`.
    pub parameters: IndexMap<String, usize>,
    /// Properties of request bodies by pointer.
    pub sent: IndexMap<String, usize>,
    /// Properties of responses by status and pointer: `200 /*/name`.
    pub received: IndexMap<String, usize>,
}

/// Seen and documented numbers of one sort of thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// How many were seen.
    pub seen: usize,
    /// How many are documented.
    pub all: usize,
}

/// The shares of one operation or of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shares {
    /// Operations called at least once.
    pub operations: Share,
    /// Statuses.
    pub statuses: Share,
    /// Parameters.
    pub parameters: Share,
    /// Properties of requests and responses.
    pub properties: Share,
}

impl Share {
    fn of(counts: &IndexMap<String, usize>) -> Self {
        Self {
            seen: counts.values().filter(|&&count| count > 0).count(),
            all: counts.len(),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            seen: self.seen + other.seen,
            all: self.all + other.all,
        }
    }

    /// Whole percent, rounded down; 100 where nothing is documented.
    pub fn percent(self) -> usize {
        (self.seen * 100).checked_div(self.all).unwrap_or(100)
    }
}

impl OperationCoverage {
    /// The shares of this operation.
    pub fn shares(&self) -> Shares {
        Shares {
            operations: Share {
                seen: usize::from(self.calls > 0),
                all: 1,
            },
            statuses: Share::of(&self.statuses),
            parameters: Share::of(&self.parameters),
            properties: Share::of(&self.sent).plus(Share::of(&self.received)),
        }
    }

    /// Whether a success was seen.
    pub fn has_success(&self) -> bool {
        let documented = self.statuses.iter();
        let mut successes = documented.filter(|(status, _)| status.starts_with('2'));
        successes.any(|(_, &count)| count > 0)
            || self
                .undocumented
                .keys()
                .any(|status| (200..300).contains(status))
    }
}

impl Coverage {
    /// The shares of all operations together.
    pub fn shares(&self) -> Shares {
        let all = self.operations.values().map(OperationCoverage::shares);
        all.fold(Shares::default(), |sum, next| Shares {
            operations: sum.operations.plus(next.operations),
            statuses: sum.statuses.plus(next.statuses),
            parameters: sum.parameters.plus(next.parameters),
            properties: sum.properties.plus(next.properties),
        })
    }
}

/// Counts one more sighting of something documented; anything else is left out.
pub fn count(counts: &mut IndexMap<String, usize>, name: &str) {
    if let Some(number) = counts.get_mut(name) {
        *number += 1;
    }
}
