//! Schemas compared by what they allow.

mod bounds;
mod rules;
mod variants;
mod view;

use std::collections::BTreeSet;

use verbatim_codegen::document::{Id, Schema};

use crate::finding::{At, Findings};
use bounds::Bound;
pub(crate) use rules::Direction;
use rules::{Aspect, Change};
use view::View;

/// Two groups of schemas that were compared in a direction.
pub(crate) type Seen = (Vec<Id<Schema>>, Vec<Id<Schema>>, Direction);

/// How deep values are compared within one another.
const DEEPEST: usize = 64;

/// Two schemas in one place of the API.
pub(crate) struct Pair<'s> {
    /// The place: `GET /pets: response 200, /items/name`.
    pub(crate) subject: &'s str,
    /// Who sends the values.
    pub(crate) direction: Direction,
}

/// Compares the values that two schemas allow.
pub(crate) fn compare(
    findings: &mut Findings<'_>,
    pair: &Pair<'_>,
    old: Option<Id<Schema>>,
    new: Option<Id<Schema>>,
) {
    if let (Some(old), Some(new)) = (old, new) {
        findings.seen.clear();
        values(findings, pair, "", &(vec![old], vec![new]), 0);
    }
}

/// Both schemas of a place, each as the list of those that hold there together.
type Both = (Vec<Id<Schema>>, Vec<Id<Schema>>);

fn values(findings: &mut Findings<'_>, pair: &Pair<'_>, path: &str, both: &Both, depth: usize) {
    let key = (both.0.clone(), both.1.clone(), pair.direction);
    if depth > DEEPEST || !findings.seen.insert(key) {
        return;
    }
    let (old, new) = (
        View::of(findings.old, &both.0),
        View::of(findings.new, &both.1),
    );
    let (Some(old), Some(new)) = (old, new) else {
        return;
    };
    let mut walk = Walk {
        findings,
        pair,
        path,
        old: &old,
        new: &new,
        depth,
    };
    walk.types();
    walk.enumerations();
    walk.bounds();
    walk.texts();
    walk.conditions();
    walk.properties();
    walk.undescribed();
    walk.closed();
    walk.items();
    variants::compare(&mut walk);
}

/// A comparison at one place.
struct Walk<'w, 'f, 'a> {
    findings: &'w mut Findings<'a>,
    pair: &'f Pair<'f>,
    path: &'f str,
    old: &'f View<'a>,
    new: &'f View<'a>,
    depth: usize,
}

impl Walk<'_, '_, '_> {
    fn subject(&self) -> String {
        if self.path.is_empty() {
            self.pair.subject.to_owned()
        } else {
            format!("{}, {}", self.pair.subject, self.path)
        }
    }

    fn tell(&mut self, aspect: Aspect, change: Change, message: String) {
        let (old, new) = (self.old.at.clone(), self.new.at.clone());
        self.tell_at(aspect, change, message, Some(&old), Some(&new));
    }

    fn tell_at(
        &mut self,
        aspect: Aspect,
        change: Change,
        message: String,
        old: Option<&At>,
        new: Option<&At>,
    ) {
        let subject = self.subject();
        let rule = rules::rule(self.pair.direction, aspect, change);
        self.findings.add(rule, subject, message, old, new);
    }

    fn types(&mut self) {
        let (old, new) = (self.old.types(), self.new.types());
        if self.old.null != self.new.null {
            let change = Change::of(self.new.null);
            let message = if self.new.null {
                "may be null"
            } else {
                "may no longer be null"
            };
            self.tell(Aspect::Null, change, message.to_owned());
        }
        let lost = !view::within(&old, &new);
        let gained = !view::within(&new, &old);
        let message = || {
            format!(
                "type is {}, was {}",
                view::type_names(&new),
                view::type_names(&old)
            )
        };
        match (lost, gained) {
            (true, true) => self.tell(Aspect::Type, Change::Other, message()),
            (true, false) => self.tell(Aspect::Type, Change::Tighter, message()),
            (false, true) => self.tell(Aspect::Type, Change::Looser, message()),
            (false, false) => {}
        }
    }

    fn enumerations(&mut self) {
        match (&self.old.values, &self.new.values) {
            (Some(old), Some(new)) => {
                let (before, after) = (view::set(old), view::set(new));
                let lost: Vec<&String> = old
                    .iter()
                    .filter(|it| !after.contains(it.as_str()))
                    .collect();
                let gained: Vec<&String> = new
                    .iter()
                    .filter(|it| !before.contains(it.as_str()))
                    .collect();
                if self.old.constant && self.new.constant && !lost.is_empty() {
                    let message = format!("the only value is {}, was {}", new[0], old[0]);
                    return self.tell(Aspect::Const, Change::Other, message);
                }
                for value in lost {
                    let message = format!("value {value} is no longer allowed");
                    self.tell(Aspect::Enum, Change::Tighter, message);
                }
                for value in gained {
                    let message = format!("value {value} is allowed");
                    self.tell(Aspect::Enum, Change::Looser, message);
                }
            }
            (None, Some(new)) => {
                let message = format!("only {} are allowed", new.join(", "));
                self.tell(Aspect::EnumList, Change::Tighter, message);
            }
            (Some(_), None) => {
                let message = "values are no longer listed".to_owned();
                self.tell(Aspect::EnumList, Change::Looser, message);
            }
            (None, None) => {}
        }
    }

    fn bounds(&mut self) {
        let pairs: Vec<(Bound, Bound)> = self
            .old
            .bounds
            .iter()
            .cloned()
            .zip(self.new.bounds.iter().cloned())
            .collect();
        for (old, new) in pairs {
            if let Some((change, message)) = bounds::change(&old, &new) {
                self.tell(old.aspect, change, message);
            }
        }
    }

    /// Keywords whose value is a text or a number that has no order.
    fn texts(&mut self) {
        for (index, aspect) in view::TEXTS.iter().enumerate() {
            let (old, new) = (&self.old.texts[index], &self.new.texts[index]);
            if old == new {
                continue;
            }
            let name = view::TEXT_NAMES[index];
            let (change, message) = match (old, new) {
                (None, Some(new)) => (Change::Tighter, format!("{name} is {new}, was none")),
                (Some(old), None) => (Change::Looser, format!("{name} {old} is gone")),
                (Some(old), Some(new)) => (Change::Other, format!("{name} is {new}, was {old}")),
                (None, None) => continue,
            };
            self.tell(*aspect, change, message);
        }
        if self.pair.direction == Direction::Request && self.old.default != self.new.default {
            let (change, message) = match (&self.old.default, &self.new.default) {
                (None, Some(new)) => (Change::Tighter, format!("the default is {new}")),
                (Some(old), None) => (Change::Looser, format!("the default {old} is gone")),
                (Some(old), Some(new)) => {
                    (Change::Other, format!("the default is {new}, was {old}"))
                }
                (None, None) => return,
            };
            self.tell(Aspect::Default, change, message);
        }
    }

    fn conditions(&mut self) {
        for (name, old) in &self.old.conditions {
            match self.new.conditions.get(name) {
                None => self.tell(
                    Aspect::Condition,
                    Change::Looser,
                    format!("`{name}` no longer holds"),
                ),
                Some(new) if new != old => self.tell(
                    Aspect::Condition,
                    Change::Other,
                    format!("`{name}` is another one"),
                ),
                Some(_) => {}
            }
        }
        for name in self.new.conditions.keys() {
            if !self.old.conditions.contains_key(name) {
                let message = format!("`{name}` holds");
                self.tell(Aspect::Condition, Change::Tighter, message);
            }
        }
    }

    fn closed(&mut self) {
        if self.old.closed != self.new.closed {
            let (change, message) = if self.new.closed {
                (Change::Tighter, "members beside those named are refused")
            } else {
                (Change::Looser, "members beside those named are allowed")
            };
            self.tell(Aspect::Additional, change, message.to_owned());
        }
    }

    /// What stands within lists and maps.
    fn items(&mut self) {
        let below = |name: &str| format!("{}/{name}", self.path);
        let mut pairs = vec![
            (
                below("items"),
                self.old.items.clone(),
                self.new.items.clone(),
            ),
            (
                below("*"),
                self.old.additional.clone(),
                self.new.additional.clone(),
            ),
        ];
        for (index, old) in self.old.prefix.iter().enumerate() {
            if let Some(new) = self.new.prefix.get(index) {
                pairs.push((below(&index.to_string()), old.clone(), new.clone()));
            }
        }
        for (path, old, new) in pairs {
            if !old.is_empty() && !new.is_empty() {
                values(self.findings, self.pair, &path, &(old, new), self.depth + 1);
            }
        }
    }

    fn properties(&mut self) {
        let names: Vec<String> = {
            let added = self.new.properties.keys();
            let added = added.filter(|name| !self.old.properties.contains_key(*name));
            self.old.properties.keys().chain(added).cloned().collect()
        };
        for name in names {
            let path = format!("{}/{name}", self.path);
            let sides = (
                self.old.properties.get(&name).cloned(),
                self.new.properties.get(&name).cloned(),
            );
            let kept = {
                let mut here = Walk {
                    findings: &mut *self.findings,
                    pair: self.pair,
                    path: &path,
                    old: self.old,
                    new: self.new,
                    depth: self.depth,
                };
                here.property(&name, sides.0.as_ref(), sides.1.as_ref())
            };
            if let (true, (Some(old), Some(new))) = (kept, sides) {
                let both = (old.schemas, new.schemas);
                values(self.findings, self.pair, &path, &both, self.depth + 1);
            }
        }
    }

    /// Names that are required though no property describes them, on either side.
    fn undescribed(&mut self) {
        let (old, new) = (self.old, self.new);
        let described =
            |name: &String| old.properties.contains_key(name) || new.properties.contains_key(name);
        let names: BTreeSet<&String> = old.required.symmetric_difference(&new.required).collect();
        for name in names.into_iter().filter(|name| !described(name)) {
            let (change, message) = if new.required.contains(name) {
                (Change::Tighter, "is required")
            } else {
                (Change::Looser, "is no longer required")
            };
            let message = format!("property `{name}` {message}");
            self.tell(Aspect::Required, change, message);
        }
    }

    /// Whether a property is there on both sides, after what changed about that was told.
    fn property(
        &mut self,
        name: &str,
        old: Option<&view::Property>,
        new: Option<&view::Property>,
    ) -> bool {
        let hidden = |property: &view::Property| match self.pair.direction {
            Direction::Request => property.read_only,
            Direction::Response => property.write_only,
        };
        let was = old.filter(|property| !hidden(property));
        let is = new.filter(|property| !hidden(property));
        let (before, after) = (
            self.old.required.contains(name),
            self.new.required.contains(name),
        );
        let at_old = old.map(|property| property.at.clone());
        let at_new = new.map(|property| property.at.clone());
        let (at_old, at_new) = (at_old.as_ref(), at_new.as_ref());
        let mut tell = |aspect, change, message: &str| {
            self.tell_at(
                aspect,
                change,
                format!("property `{name}` {message}"),
                at_old,
                at_new,
            );
        };
        match (was, is) {
            (None, None) => false,
            (Some(_), None) if new.is_some() => {
                tell(
                    Aspect::Hidden,
                    Change::Tighter,
                    "is no longer there in this direction",
                );
                false
            }
            (None, Some(_)) if old.is_some() => {
                tell(Aspect::Hidden, Change::Looser, "is there in this direction");
                false
            }
            (Some(_), None) if before => {
                tell(Aspect::RequiredProperty, Change::Looser, "is gone");
                false
            }
            (Some(_), None) => {
                tell(Aspect::Property, Change::Looser, "is gone");
                false
            }
            (None, Some(property)) => {
                let (aspect, message) = match (after, property.default.is_some()) {
                    (true, false) => (Aspect::RequiredProperty, "is new and required"),
                    (true, true) => (
                        Aspect::DefaultedProperty,
                        "is new and required, and has a default",
                    ),
                    (false, _) => (Aspect::Property, "is new"),
                };
                tell(aspect, Change::Tighter, message);
                false
            }
            (Some(was), Some(is)) => {
                if before != after {
                    let (change, message) = if after {
                        (Change::Tighter, "is required")
                    } else {
                        (Change::Looser, "is no longer required")
                    };
                    tell(Aspect::Required, change, message);
                }
                if is.deprecated && !was.deprecated {
                    tell(Aspect::Deprecated, Change::Other, "is deprecated");
                }
                true
            }
        }
    }
}
