use super::expression::resolve;
use super::target::{Seen, Target};
use super::token::{Counted, WaitToken};
use crate::draft::Draft;
use crate::peek;
use crate::policy::wait::Sighting;
use crate::received::RawResponse;
use crate::service::WaitAmong;
use std::collections::BTreeSet;

/// Which items of a polled list count.
pub(super) struct Among {
    rule: WaitAmong,
    /// Pointers and the texts that must stand there.
    wanted: Vec<(&'static str, String)>,
    /// What was there before the call.
    old: BTreeSet<String>,
}

impl Among {
    pub(super) fn new(rule: WaitAmong, called: &Draft) -> Result<Self, String> {
        let mut wanted = Vec::new();
        for (pointer, value) in rule.matches {
            let text = if value.starts_with('$') {
                let json = resolve(value, "", called, None);
                json.and_then(|json| peek::scalar(&json, ""))
                    .ok_or_else(|| format!("the call does not tell `{value}`"))?
            } else {
                (*value).to_owned()
            };
            wanted.push((*pointer, text));
        }
        Ok(Self {
            rule,
            wanted,
            old: BTreeSet::new(),
        })
    }

    /// From the token of a wait that was begun earlier, if the operation is awaited in this way.
    pub(super) fn resumed(
        rule: Option<WaitAmong>,
        token: &WaitToken,
    ) -> Result<Option<Self>, String> {
        match (rule, token.counted()) {
            (None, None) => Ok(None),
            (Some(rule), Some(counted)) if rule.matches.len() == counted.wanted.len() => {
                let pointers = rule.matches.iter().map(|(pointer, _)| *pointer);
                Ok(Some(Self {
                    rule,
                    wanted: pointers.zip(counted.wanted.iter().cloned()).collect(),
                    old: counted.old.clone(),
                }))
            }
            (None, Some(_)) => Err(
                "the wait is for some items of a list, which only `resume` of the call's own type \
                 can tell"
                    .into(),
            ),
            (Some(_), _) => Err("the token does not tell which items of the list count".into()),
        }
    }

    /// What the token of a wait must tell.
    pub(super) fn counted(&self) -> Counted {
        Counted {
            wanted: self.wanted.iter().map(|(_, text)| text.clone()).collect(),
            old: self.old.clone(),
        }
    }

    pub(super) fn needs_baseline(&self) -> bool {
        self.rule.baseline
    }

    /// Takes what is there before the call.
    pub(super) fn set_baseline(&mut self, received: &RawResponse) {
        let text = received.json_text();
        let items = peek::at(text, self.rule.items).and_then(peek::items);
        let identities = items.unwrap_or_default().into_iter();
        self.old = identities
            .filter_map(|item| peek::scalar(item, self.rule.identity))
            .collect();
    }

    /// What the items that count come to: a failure if one failed, the goal if all are done, and
    /// work in progress otherwise, also while there is none yet.
    pub(super) fn judge(
        &self,
        target: &Target,
        received: &RawResponse,
    ) -> Option<(Seen, Sighting)> {
        let text = received.json_text();
        let items = peek::items(peek::at(text, self.rule.items)?)?;
        let mut counted = items
            .into_iter()
            .filter(|item| self.counts(item))
            .map(|item| {
                let seen = target.read(item);
                let sighting = target.judge(&seen);
                (seen, sighting)
            });
        let Some(mut result) = counted.next() else {
            return Some((Seen::default(), Sighting::Busy(None)));
        };
        for next in counted {
            let worse = match (&result.1, &next.1) {
                (Sighting::Failure, _) | (Sighting::Busy(_), Sighting::Goal) => false,
                (_, Sighting::Failure) | (Sighting::Goal, _) => true,
                _ => false,
            };
            if worse {
                result = next;
            }
        }
        Some(result)
    }

    fn counts(&self, item: &str) -> bool {
        let identity = peek::scalar(item, self.rule.identity);
        let new = identity.is_none_or(|identity| !self.old.contains(&identity));
        new && self
            .wanted
            .iter()
            .all(|(pointer, text)| peek::scalar(item, pointer).as_ref() == Some(text))
    }
}
