//! Reading a file of rules.

use std::collections::BTreeMap;

use verbatim_source::{Diagnostic, Node, Value};

use crate::members::MemberReader;

use super::{
    Copied, Correction, Effect, Group, Keeping, Link, Log, Making, Rules, Series, Side, States,
    Sum, Tells,
};

#[derive(Default)]
pub(super) struct Reader {
    pub problems: Vec<Diagnostic>,
}

impl MemberReader for Reader {
    const SUBJECT: &'static str = "the rules";
    const WRONG: &'static str = "S0001";
    const UNKNOWN: &'static str = "S0002";

    fn problems(&mut self) -> &mut Vec<Diagnostic> {
        &mut self.problems
    }
}

impl Reader {
    pub fn rules(&mut self, root: &Node) -> Rules {
        let mut rules = Rules::default();
        for (key, node) in self.members(root) {
            match key {
                "start" => rules.start = self.number(node),
                "references" => rules.references = self.texts(node),
                "spellings" => rules.spellings = self.texts(node),
                "members" => rules.members = self.texts(node),
                "present" => {
                    for (name, node) in self.members(node) {
                        let members = self.members(node);
                        let members = members
                            .into_iter()
                            .map(|(key, node)| (key.to_owned(), node.value.clone()))
                            .collect();
                        rules.present.insert(name.to_owned(), members);
                    }
                }
                "items" => {
                    for (name, node) in self.members(node) {
                        let items = self.list(node);
                        let items = items.iter().map(|item| item.value.clone()).collect();
                        rules.items.insert(name.to_owned(), items);
                    }
                }
                "singles" => {
                    for (name, node) in self.members(node) {
                        rules.singles.insert(name.to_owned(), node.value.clone());
                    }
                }
                "mirrors" => rules.mirrors = self.texts(node),
                "complete" => {
                    rules.complete = self.list(node).iter().map(|it| self.text(it)).collect();
                }
                "corrections" => {
                    let list = self.list(node).iter();
                    rules.corrections = list.map(|it| self.correction(it)).collect();
                }
                "copies" => {
                    rules.copies = self.list(node).iter().map(|it| self.copied(it)).collect();
                }
                "states" => {
                    for (name, node) in self.members(node) {
                        let states = self.states(node);
                        rules.states.insert(name.to_owned(), states);
                    }
                }
                "operations" => {
                    for (name, node) in self.members(node) {
                        let effect = self.effect(node);
                        rules.operations.insert(name.to_owned(), effect);
                    }
                }
                "links" => {
                    for node in node.as_array().unwrap_or_default() {
                        let link = self.link(node);
                        rules.links.push(link);
                    }
                }
                "views" => rules.views = self.texts(node),
                "through" => rules.through = self.texts(node),
                "groups" => {
                    for (path, node) in self.members(node) {
                        rules.groups.insert(path.to_owned(), self.group(node));
                    }
                }
                "series" => {
                    for (name, node) in self.members(node) {
                        rules.series.insert(name.to_owned(), self.series(node));
                    }
                }
                "sums" => {
                    for (path, node) in self.members(node) {
                        rules.sums.insert(path.to_owned(), self.sum(node));
                    }
                }
                "roots" => {
                    for (name, node) in self.members(node) {
                        let others = self.list(node).iter().map(|it| self.text(it)).collect();
                        rules.roots.insert(name.to_owned(), others);
                    }
                }
                "log" => rules.log = Some(self.log(node)),
                "tells" => rules.tells = Some(self.tells(node)),
                "strict" => rules.strict = self.flag(node),
                "nullIsAbsent" => rules.lenient.null_is_absent = self.flag(node),
                "trailingSlash" => rules.lenient.trailing_slash = self.flag(node),
                "textsAsValues" => rules.lenient.texts_as_values = self.flag(node),
                _ => self.unknown(
                    key,
                    node,
                    "start, references, members, present, items, complete, corrections, copies, singles, mirrors, spellings, states, operations, links, views, groups, through, series, sums, log, tells, roots, strict, nullIsAbsent, trailingSlash, textsAsValues",
                ),
            }
        }
        rules
    }

    /// Texts by their names.
    fn texts(&mut self, node: &Node) -> BTreeMap<String, String> {
        let members = self.members(node).into_iter();
        members
            .map(|(name, node)| (name.to_owned(), self.text(node)))
            .collect()
    }

    fn correction(&mut self, node: &Node) -> Correction {
        let mut correction = Correction {
            collection: String::new(),
            at: String::new(),
            from: Value::Null,
            to: Value::Null,
        };
        for (key, node) in self.members(node) {
            match key {
                "in" => correction.collection = self.text(node),
                "at" => correction.at = self.text(node),
                "from" => correction.from = node.value.clone(),
                "to" => correction.to = node.value.clone(),
                _ => self.unknown(key, node, "in, at, from, to"),
            }
        }
        correction
    }

    fn copied(&mut self, node: &Node) -> Copied {
        let mut copied = Copied::default();
        for (key, node) in self.members(node) {
            match key {
                "in" => copied.collection = self.text(node),
                "at" => copied.at = self.text(node),
                "by" => copied.by = self.text(node),
                "from" => copied.from = self.text(node),
                "take" => copied.take = self.text(node),
                _ => self.unknown(key, node, "in, at, by, from, take"),
            }
        }
        copied
    }

    fn list<'a>(&mut self, node: &'a Node) -> &'a [Node] {
        node.as_array().unwrap_or_else(|| {
            self.wrong(node, "a list", node.value.kind());
            &[]
        })
    }

    fn states(&mut self, node: &Node) -> States {
        let mut states = States::default();
        for (key, node) in self.members(node) {
            match key {
                "seconds" => states.seconds = self.number(node),
                "state" => states.state = Some(self.text(node)),
                "percent" => states.percent = Some(self.text(node)),
                "create" => states.create = Some(self.text(node)),
                "change" => states.change = Some(self.text(node)),
                "delete" => states.delete = Some(self.text(node)),
                "done" => states.done = Some(self.text(node)),
                _ => self.unknown(
                    key,
                    node,
                    "state, percent, create, change, delete, done, seconds",
                ),
            }
        }
        states
    }

    fn effect(&mut self, node: &Node) -> Effect {
        let mut effect = Effect::default();
        for (key, node) in self.members(node) {
            match key {
                "by" => effect.by = Some(self.text(node)),
                "during" => effect.during = Some(self.text(node)),
                "after" => effect.after = Some(self.text(node)),
                "seconds" => effect.seconds = self.number(node),
                "adds" => effect.adds = self.list(node).iter().map(|it| self.text(it)).collect(),
                "status" => {
                    effect.status = self.number(node);
                }
                "copy" => effect.copy = self.flag(node),
                "remove" => effect.remove = self.flag(node),
                "ignoreBody" => effect.ignore_body = self.flag(node),
                "cases" => {
                    for (name, node) in self.members(node) {
                        let case = self.effect(node);
                        effect.cases.insert(name.to_owned(), case);
                    }
                }
                "set" => effect.set = self.values(node),
                "then" => effect.then = self.values(node),
                "queued" => effect.queued = self.values(node),
                "makes" => effect.makes = self.list(node).iter().map(|it| self.making(it)).collect(),
                "waitLike" => effect.wait_like = Some(self.text(node)),
                "keeps" => effect.kept = self.flag(node).then_some(Keeping::Keeps),
                "restores" => effect.kept = self.flag(node).then_some(Keeping::Restores),
                "applies" => effect.applies = Some(self.text(node)),
                _ => self.unknown(
                    key,
                    node,
                    "by, cases, during, after, seconds, set, copy, remove, ignoreBody, status, adds, then, makes, queued, waitLike, keeps, restores, applies",
                ),
            }
        }
        effect
    }

    /// The values that are set, by pointer.
    fn values(&mut self, node: &Node) -> Vec<(String, Value)> {
        let members = self.members(node).into_iter();
        members
            .map(|(name, node)| (name.to_owned(), node.value.clone()))
            .collect()
    }

    fn making(&mut self, node: &Node) -> Making {
        let mut making = Making::default();
        for (key, node) in self.members(node) {
            match key {
                "in" => making.collection = self.text(node),
                "set" => making.set = self.values(node),
                _ => self.unknown(key, node, "in, set"),
            }
        }
        making
    }

    fn group(&mut self, node: &Node) -> Group {
        let mut group = Group::default();
        for (key, node) in self.members(node) {
            match key {
                "at" => group.at = self.text(node),
                "by" => group.by = self.text(node),
                _ => self.unknown(key, node, "at, by"),
            }
        }
        group
    }

    fn log(&mut self, node: &Node) -> Log {
        let mut log = Log::default();
        for (key, node) in self.members(node) {
            match key {
                "in" => log.collection = self.text(node),
                "action" => log.action = self.text(node),
                "state" => log.state = self.text(node),
                _ => self.unknown(key, node, "in, action, state"),
            }
        }
        log
    }

    fn tells(&mut self, node: &Node) -> Tells {
        let mut tells = Tells::default();
        for (key, node) in self.members(node) {
            match key {
                "in" => tells.collection = self.text(node),
                "action" => tells.action = self.text(node),
                "state" => tells.state = self.text(node),
                "during" => tells.during = self.text(node),
                "after" => tells.after = self.text(node),
                "about" => tells.about = self.text(node),
                "kind" => tells.kind = self.text(node),
                "kinds" => tells.kinds = self.texts(node),
                _ => self.unknown(
                    key,
                    node,
                    "in, action, state, during, after, about, kind, kinds",
                ),
            }
        }
        tells
    }

    fn series(&mut self, node: &Node) -> Series {
        let mut series = Series::default();
        for (key, inner) in self.members(node) {
            match key {
                "of" => series.of = self.text(inner),
                "seconds" => series.seconds = self.number(inner).unwrap_or_default(),
                "history" => series.history = self.number(inner).unwrap_or_default(),
                "at" => series.at = self.text(inner),
                "from" => series.from = Some(self.text(inner)),
                "to" => series.to = Some(self.text(inner)),
                "numbers" => {
                    for (pointer, node) in self.members(inner) {
                        let bounds: Vec<Option<i64>> =
                            self.list(node).iter().map(|it| self.number(it)).collect();
                        match bounds.as_slice() {
                            [Some(low), Some(high)] if low <= high => {
                                series.numbers.push((pointer.to_owned(), (*low, *high)));
                            }
                            _ => self.wrong(node, "two numbers, the lower first", "something else"),
                        }
                    }
                }
                _ => self.unknown(key, inner, "of, seconds, history, at, from, to, numbers"),
            }
        }
        if series.seconds < 1 {
            self.wrong(node, "`seconds` above 0", "a series without");
        }
        series
    }

    fn sum(&mut self, node: &Node) -> Sum {
        let mut sum = Sum::default();
        for (key, node) in self.members(node) {
            match key {
                "of" => sum.of = self.text(node),
                "by" => sum.by = self.text(node),
                "numbers" => sum.numbers = self.texts(node).into_iter().collect(),
                _ => self.unknown(key, node, "of, by, numbers"),
            }
        }
        sum
    }

    fn link(&mut self, node: &Node) -> Link {
        let mut link = Link {
            one: Side::default(),
            other: Side::default(),
        };
        for (key, node) in self.members(node) {
            match key {
                "one" => link.one = self.side(node),
                "other" => link.other = self.side(node),
                _ => self.unknown(key, node, "one, other"),
            }
        }
        link
    }

    fn side(&mut self, node: &Node) -> Side {
        let mut side = Side::default();
        for (key, node) in self.members(node) {
            match key {
                "in" => side.collection = self.text(node),
                "each" => side.each = self.text(node),
                "at" => side.at = self.text(node),
                "single" => side.single = self.flag(node),
                "makes" => side.makes = self.flag(node),
                "keep" => side.keep = Some(self.text(node)),
                "entry" => {
                    for (name, node) in self.members(node) {
                        let from = self.text(node);
                        side.entry.push((name.to_owned(), from));
                    }
                }
                _ => self.unknown(key, node, "in, each, at, single, entry, makes, keep"),
            }
        }
        if side.entry.is_empty() {
            side.entry = vec![
                ("id".to_owned(), "/id".to_owned()),
                ("name".to_owned(), "/name".to_owned()),
            ];
        }
        side
    }

    /// The members of an object; an empty value has none.
    fn members<'a>(&mut self, node: &'a Node) -> Vec<(&'a str, &'a Node)> {
        match node.value {
            Value::Null => Vec::new(),
            _ => MemberReader::members(self, node, "an object"),
        }
    }
}
