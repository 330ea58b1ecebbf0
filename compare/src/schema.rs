//! Schemas compared by what they allow.

mod bounds;
mod members;
mod rules;
mod variants;
mod view;

use std::collections::VecDeque;

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
    /// In which form values are written.
    pub(crate) form: Form,
    /// What holds the schema in each document: said where there is no schema.
    pub(crate) around: &'s (At, At),
}

/// In which form values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// JSON, or texts of parameters and forms.
    Json,
    /// XML, where names of elements count.
    Xml,
    /// Bytes and texts, of which a schema says no more than that.
    Raw,
}

impl Form {
    /// That of a media type.
    pub(crate) fn of(media_type: &str) -> Self {
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        let essence = essence.to_ascii_lowercase();
        if essence.ends_with("/xml") || essence.ends_with("+xml") {
            Self::Xml
        } else if essence.contains("json")
            || essence.starts_with("multipart/")
            || essence.ends_with("urlencoded")
        {
            Self::Json
        } else {
            Self::Raw
        }
    }
}

/// Compares the values that two schemas allow; no schema allows every value.
pub(crate) fn compare(
    findings: &mut Findings<'_>,
    pair: &Pair<'_>,
    old: Option<Id<Schema>>,
    new: Option<Id<Schema>>,
) {
    let both: Both = (old.into_iter().collect(), new.into_iter().collect());
    findings.seen.clear();
    // By depth, so that a schema that several places hold is told of at the one that is nearest.
    let mut places = VecDeque::from([Below {
        path: String::new(),
        both,
        depth: 0,
    }]);
    while let Some(place) = places.pop_front() {
        values(findings, pair, &place, &mut places);
    }
}

/// A place that is still to be compared.
struct Below {
    path: String,
    both: Both,
    depth: usize,
}

/// Both schemas of a place, each as the list of those that hold there together.
type Both = (Vec<Id<Schema>>, Vec<Id<Schema>>);

/// Compares what two schemas say at one place, and notes the places below it.
fn values(
    findings: &mut Findings<'_>,
    pair: &Pair<'_>,
    place: &Below,
    places: &mut VecDeque<Below>,
) {
    let Below { path, both, depth } = place;
    let depth = *depth;
    let key = (both.0.clone(), both.1.clone(), pair.direction);
    if depth > DEEPEST || !findings.seen.insert(key) {
        return;
    }
    let old = View::of(findings.old, &both.0, &pair.around.0);
    let new = View::of(findings.new, &both.1, &pair.around.1);
    let mut walk = Walk {
        findings,
        pair,
        path,
        old: &old,
        new: &new,
        depth,
        places,
    };
    walk.default();
    walk.xml();
    if walk.one_sided() {
        return;
    }
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

/// The name of a place below that of a pair.
fn subject(pair: &Pair<'_>, path: &str) -> String {
    if path.is_empty() {
        pair.subject.to_owned()
    } else {
        format!("{}, {path}", pair.subject)
    }
}

/// A comparison at one place.
struct Walk<'w, 'f, 'a> {
    findings: &'w mut Findings<'a>,
    pair: &'f Pair<'f>,
    path: &'f str,
    old: &'f View<'a>,
    new: &'f View<'a>,
    depth: usize,
    /// What is compared later.
    places: &'w mut VecDeque<Below>,
}

impl Walk<'_, '_, '_> {
    /// Compares two schemas below this place, after all that are no deeper.
    fn below(&mut self, path: String, both: Both) {
        self.places.push_back(Below {
            path,
            both,
            depth: self.depth + 1,
        });
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
        let subject = subject(self.pair, self.path);
        let rule = rules::rule(self.pair.direction, aspect, change);
        self.findings.add(rule, subject, message, old, new);
    }

    /// Tells of a schema that came or went, and whether there is no other way to compare. A schema that says nothing
    /// is as good as none.
    fn one_sided(&mut self) -> bool {
        let (view, change, message) = match (self.old.allows_all(), self.new.allows_all()) {
            (false, false) => return false,
            (true, true) => return true,
            (false, true) => (
                self.old,
                Change::Looser,
                "it is no longer described: any value is allowed",
            ),
            (true, false) => (
                self.new,
                Change::Tighter,
                "it is described, where any value was allowed",
            ),
        };
        // Of a body that is bytes or text, a schema says what its media type says.
        let is_plain = self.pair.form == Form::Raw && self.path.is_empty() && view.is_text();
        if !is_plain {
            self.tell(Aspect::Schema, change, message.to_owned());
        }
        true
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
    }

    fn default(&mut self) {
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

    /// How values are written as elements and attributes.
    fn xml(&mut self) {
        if self.pair.form != Form::Xml {
            return;
        }
        let name = self.path.rsplit('/').next().unwrap_or_default();
        let (old, new) = (self.old.xml(name), self.new.xml(name));
        if old != new {
            let word = |text: &str| {
                if text.is_empty() {
                    "the default".to_owned()
                } else {
                    text.to_owned()
                }
            };
            let message = format!(
                "in XML it is written as {}, was as {}",
                word(&new),
                word(&old)
            );
            self.tell(Aspect::Xml, Change::Other, message);
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
        let path = self.path;
        let below = |name: &str| format!("{path}/{name}");
        let mut pairs = vec![(
            below("items"),
            self.old.items.clone(),
            self.new.items.clone(),
        )];
        // That further members are refused, or no longer, is told apart.
        if !self.old.closed && !self.new.closed {
            let (old, new) = (self.old.additional.clone(), self.new.additional.clone());
            pairs.push((below("*"), old, new));
        }
        // Where no schema is given for a place of a list, that of the further items holds.
        for index in 0..self.old.prefix.len().max(self.new.prefix.len()) {
            let of = |view: &View<'_>| view.prefix.get(index).unwrap_or(&view.items).clone();
            pairs.push((below(&index.to_string()), of(self.old), of(self.new)));
        }
        for (path, old, new) in pairs {
            self.below(path, (old, new));
        }
    }
}
