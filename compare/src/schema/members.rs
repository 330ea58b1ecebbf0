//! The named members of objects.

use std::collections::BTreeSet;

use super::rules::{Aspect, Change, Direction};
use super::{Walk, view};

impl Walk<'_, '_, '_> {
    pub(super) fn properties(&mut self) {
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
                    places: &mut *self.places,
                };
                here.property(&name, sides.0.as_ref(), sides.1.as_ref())
            };
            if let (true, (Some(old), Some(new))) = (kept, sides) {
                let both = (old.schemas, new.schemas);
                self.below(path, both);
            }
        }
    }

    /// Names that are required though no property describes them, on either side.
    pub(super) fn undescribed(&mut self) {
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
