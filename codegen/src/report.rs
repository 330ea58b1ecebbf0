//! A run in words.

use std::collections::BTreeMap;
use std::fmt;

use crate::Report;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} operations, {} types", self.operations, self.types)?;
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
            write!(f, "\n  free-form JSON in {places} places: {reason}")?;
        }
        let mut unbound: BTreeMap<&str, usize> = BTreeMap::new();
        for place in &self.unbound {
            *unbound.entry(place.keyword).or_default() += 1;
        }
        for (keyword, places) in unbound {
            write!(
                f,
                "\n  not checked in requests: `{keyword}` in {places} places"
            )?;
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
