//! How much of the document has to be seen.

use super::{Coverage, OperationCoverage, Share, Shares};
use indexmap::IndexMap;

/// The least shares that a run asks for, in percent. Nothing is asked for at first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Threshold {
    least: [Option<u8>; KINDS.len()],
}

/// A share that is smaller than was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Short {
    /// Of what: `operations`, `statuses`, `parameters`, `properties`.
    pub of: &'static str,
    /// What was seen.
    pub share: Share,
    /// What was asked for, in percent.
    pub least: u8,
    /// Some of what was never seen.
    pub unseen: Vec<String>,
}

const KINDS: [&str; 4] = ["operations", "statuses", "parameters", "properties"];

/// Names of what was never seen that are told.
const TOLD: usize = 10;

impl Threshold {
    /// Adds what a text asks for: `80` for each of operations, statuses, parameters and properties, or some by
    /// name, as in `operations=100,properties=60`.
    ///
    /// # Errors
    /// A sentence, where the text is no such thing.
    pub fn ask(&mut self, text: &str) -> Result<(), String> {
        for part in text.split(',').map(str::trim) {
            let (name, number) = match part.split_once('=') {
                Some((name, number)) => (Some(name.trim()), number.trim()),
                None => (None, part),
            };
            let percent = number.strip_suffix('%').unwrap_or(number).parse::<u8>();
            let percent = percent.ok().filter(|percent| *percent <= 100);
            let percent = percent.ok_or_else(|| {
                format!("--min-coverage wants a percentage from 0 to 100, not `{number}`")
            })?;
            match name {
                None => self.least = [Some(percent); KINDS.len()],
                Some(name) => {
                    let at = KINDS.iter().position(|kind| *kind == name);
                    let slot = at.and_then(|at| self.least.get_mut(at));
                    *slot.ok_or_else(|| {
                        format!("there is no coverage of `{name}`; there is that of operations, statuses, parameters and properties")
                    })? = Some(percent);
                }
            }
        }
        Ok(())
    }

    /// The shares that are smaller than asked for.
    pub fn short(&self, coverage: &Coverage) -> Vec<Short> {
        let shares = coverage.shares();
        let kinds = KINDS.into_iter().zip(self.least);
        let asked = kinds.filter_map(|(of, least)| Some((of, least?)));
        asked
            .map(|(of, least)| Short {
                of,
                share: shares.of(of),
                least,
                unseen: unseen(coverage, of),
            })
            .filter(|short| short.share.seen * 100 < short.share.all * usize::from(short.least))
            .collect()
    }
}

impl Shares {
    fn of(&self, name: &str) -> Share {
        match name {
            "operations" => self.operations,
            "statuses" => self.statuses,
            "parameters" => self.parameters,
            _ => self.properties,
        }
    }
}

impl Short {
    /// A sentence.
    pub fn sentence(&self) -> String {
        let Self {
            of, share, least, ..
        } = self;
        format!(
            "{} of {} documented {of} were seen, {} %; {least} % are asked for",
            share.seen,
            share.all,
            share.percent()
        )
    }

    /// What was never seen, as a sentence.
    pub fn never(&self) -> String {
        let more = self.share.all - self.share.seen - self.unseen.len();
        let more = match more {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        format!("never seen: {}{more}", self.unseen.join(", "))
    }
}

/// The first things of a kind that were never seen; those of operations that were called first.
fn unseen(coverage: &Coverage, of: &str) -> Vec<String> {
    let all = || coverage.operations.iter();
    let called = all().filter(|(_, seen)| seen.calls > 0);
    let never = all().filter(|(_, seen)| seen.calls == 0);
    let names = called.chain(never).flat_map(|(name, seen)| {
        let missing = |counts: &IndexMap<String, usize>| -> Vec<String> {
            let zero = counts.iter().filter(|(_, count)| **count == 0);
            zero.map(|(slot, _)| format!("{name} {slot}")).collect()
        };
        let OperationCoverage {
            statuses,
            parameters,
            sent,
            received,
            ..
        } = seen;
        match of {
            "operations" if seen.calls == 0 => vec![name.clone()],
            "operations" => Vec::new(),
            "statuses" => missing(statuses),
            "parameters" => missing(parameters),
            _ => [missing(sent), missing(received)].concat(),
        }
    });
    names.take(TOLD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coverage() -> Coverage {
        let seen = OperationCoverage {
            calls: 2,
            statuses: IndexMap::from([("200".to_owned(), 2), ("404".to_owned(), 0)]),
            ..OperationCoverage::default()
        };
        let operations = [
            ("listA".to_owned(), seen),
            ("getA".to_owned(), OperationCoverage::default()),
        ];
        Coverage {
            operations: operations.into_iter().collect(),
        }
    }

    #[test]
    fn shares_below_the_threshold_are_told_with_what_is_missing() {
        let mut threshold = Threshold::default();
        threshold.ask("51").expect("a number is right");
        let short = threshold.short(&coverage());
        let told: Vec<_> = short
            .iter()
            .map(|one| (one.of, one.unseen.join(" ")))
            .collect();
        assert_eq!(
            told,
            [
                ("operations", "getA".to_owned()),
                ("statuses", "listA 404".to_owned())
            ]
        );
        assert_eq!(
            short[0].sentence(),
            "1 of 2 documented operations were seen, 50 %; 51 % are asked for"
        );
        let mut exact = Threshold::default();
        exact.ask("50").expect("a number is right");
        assert_eq!(exact.short(&coverage()), []);
        let mut named = Threshold::default();
        named.ask("statuses=100%").expect("a name is right");
        assert_eq!(named.short(&coverage()).len(), 1);
    }

    #[test]
    fn wrong_thresholds_are_explained() {
        for (text, part) in [
            ("101", "`101`"),
            ("x", "`x`"),
            ("paths=1", "`paths`"),
            ("", "``"),
        ] {
            let error = Threshold::default().ask(text).expect_err(text);
            assert!(error.contains(part), "{error}");
        }
    }
}
