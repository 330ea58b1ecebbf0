//! A run in words.

use std::collections::BTreeMap;
use std::fmt;

use crate::Report;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (operations, types) = (self.operations, self.types);
        let made = [counted(operations, "operation"), counted(types, "type")];
        f.write_str(&made.join(", "))?;
        if !self.refusals.is_empty() {
            write!(f, "; {} left out", self.refusals.len())?;
        }
        for refusal in &self.refusals {
            write!(
                f,
                "\n  left out: {} ({}): {}",
                refusal.subject, refusal.origin, refusal.reason
            )?;
        }
        let mut free: BTreeMap<&str, usize> = BTreeMap::new();
        for place in &self.fallbacks {
            *free.entry(place.reason.words()).or_default() += 1;
        }
        for (reason, places) in free {
            let places = counted(places, "place");
            write!(f, "\n  free-form JSON in {places}: {reason}")?;
        }
        let mut unbound: BTreeMap<&str, usize> = BTreeMap::new();
        for place in &self.unbound {
            *unbound.entry(place.keyword).or_default() += 1;
        }
        for (keyword, places) in unbound {
            let places = counted(places, "place");
            write!(f, "\n  not checked in requests: `{keyword}` in {places}")?;
        }
        if !self.unasked.is_empty() {
            write!(
                f,
                "\n  not asked for: {} replies in other formats than the JSON beside them",
                self.unasked.len()
            )?;
        }
        if !self.unchecked.is_empty() {
            write!(
                f,
                "\n  not checked in requests: the patterns of {} texts, which look around, refer to groups or \
                 are no regular expressions",
                self.unchecked.len()
            )?;
        }
        for clash in &self.clashes {
            write!(
                f,
                "\n  two things are called `{within}{}`; the one of {} became `{within}{}`",
                clash.wanted,
                clash.second,
                clash.given,
                within = clash.within
            )?;
        }
        Ok(())
    }
}

/// A number of things, in words: "1 operation", "2 operations".
pub fn counted(count: usize, unit: &str) -> String {
    match count {
        1 => format!("1 {unit}"),
        _ => format!("{count} {unit}s"),
    }
}
