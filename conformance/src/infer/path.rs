//! Paths as a tree of segments, in which those that vary become parameters.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use verbatim_source::{Node as Json, Value};

use super::body;
use super::name::{is_identifier, placeholder};
use super::operation::Operation;
use super::schema::Evidence;
use crate::exchange::Exchange;

/// Segments below one that are kept apart; with more, they are values.
const LITERALS: usize = 100;

/// Identifiers that are remembered of one collection.
const IDENTIFIERS: usize = 2_000;

/// Segments beside one another that are alike, from which on they count as values.
const ALIKE: usize = 4;

/// Names of properties whose values stand in paths.
const KEYS: [&str; 11] = [
    "id",
    "identifier",
    "uuid",
    "guid",
    "slug",
    "name",
    "login",
    "username",
    "code",
    "key",
    "handle",
];

/// A segment of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// A word.
    Word(String),
    /// A parameter, and what stands behind it: `.json`, `:cancel`.
    Value {
        /// The name that a recorder gave it.
        name: Option<String>,
        /// What stands behind it.
        suffix: String,
        /// What was seen in its place.
        seen: Box<Seen>,
    },
}

/// What was seen in the place of a parameter.
#[derive(Debug, Clone, Default)]
pub struct Seen(pub Evidence);

impl PartialEq for Seen {
    /// Values do not tell paths apart.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Seen {}

/// The paths of one host.
#[derive(Debug, Default)]
pub struct Tree {
    root: Branch,
}

#[derive(Debug, Default)]
struct Branch {
    words: IndexMap<String, Branch>,
    /// By what stands behind the value.
    values: IndexMap<String, Branch>,
    operations: BTreeMap<String, Operation>,
    /// What identifies the items of this collection, with the property.
    identifiers: BTreeMap<String, &'static str>,
    /// Of a value: what was seen in its place, and how a recorder called it.
    seen: Evidence,
    name: Option<String>,
    /// Of a value: whether it was taken for a word at first.
    turned: bool,
    /// Of a word: the property by which what it leads to calls itself so.
    echoed: Option<&'static str>,
}

impl Tree {
    /// The operation of an exchange.
    pub fn operation(&mut self, exchange: &Exchange, method: &str) -> &mut Operation {
        let reply = body::json_of_reply(exchange);
        let path = exchange.request.path().trim_start_matches('/');
        let segments: Vec<&str> = path.split('/').collect();
        let mut branch = &mut self.root;
        for (at, segment) in segments.iter().enumerate() {
            let last = at + 1 == segments.len();
            if last
                && method == "GET"
                && let Some(reply) = &reply
            {
                let (stem, _) = split(segment);
                branch.learn(stem, reply);
            }
            branch = branch.step(segment);
        }
        if let (Some(last), Some(reply)) = (segments.last(), &reply) {
            let (stem, _) = split(last);
            let mut own = identifiers(reply, true).into_iter();
            let echo = own.find(|(value, _)| value == stem);
            branch.echoed = branch.echoed.or(echo.map(|(_, key)| key));
        }
        branch.operations.entry(method.to_owned()).or_default()
    }

    /// Takes other paths into account.
    pub fn merge(&mut self, other: Self) {
        self.root.merge(other.root);
    }

    /// Makes parameters of the words that turned out to be values.
    pub fn settle(&mut self) {
        self.root.settle();
    }

    /// The paths with their methods, in the order of the traffic.
    pub fn operations(&self) -> Vec<(Vec<Segment>, &str, &Operation)> {
        let mut all = Vec::new();
        let mut open = vec![(Vec::new(), &self.root)];
        while let Some((path, branch)) = open.pop() {
            for (method, operation) in &branch.operations {
                all.push((path.clone(), method.as_str(), operation));
            }
            let values = branch.values.iter().map(|(suffix, inner)| {
                let key = inner.echoed.filter(|key| inner.turned && *key != "id");
                let segment = Segment::Value {
                    name: inner.name.clone().or(key.map(str::to_owned)),
                    suffix: suffix.clone(),
                    seen: Box::new(Seen(inner.seen.clone())),
                };
                (segment, inner)
            });
            let words = branch.words.iter();
            let words = words.map(|(word, inner)| (Segment::Word(word.clone()), inner));
            let below: Vec<_> = words.chain(values).collect();
            for (segment, inner) in below.into_iter().rev() {
                let mut path = path.clone();
                path.push(segment);
                open.push((path, inner));
            }
        }
        all
    }
}

/// A segment without an ending that names a form or an action: `1.json`, `17:cancel`.
fn split(segment: &str) -> (&str, &str) {
    let at = segment.rfind(['.', ':']).filter(|at| {
        let ending = &segment[at + 1..];
        *at > 0
            && (2..=12).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    segment.split_at(at.unwrap_or(segment.len()))
}

impl Branch {
    fn step(&mut self, segment: &str) -> &mut Self {
        let (stem, suffix) = split(segment);
        if !segment.is_empty() && is_identifier(stem) {
            return self.value(stem, suffix);
        }
        if self.words.len() >= LITERALS && !self.words.contains_key(segment) {
            self.turn(|_, _| true);
        }
        self.words.entry(segment.to_owned()).or_default()
    }

    fn value(&mut self, stem: &str, suffix: &str) -> &mut Self {
        let branch = self.values.entry(suffix.to_owned()).or_default();
        match placeholder(stem) {
            Some(name) => {
                branch.name.get_or_insert_with(|| name.to_owned());
            }
            None => branch.seen.see_written(&decoded(stem)),
        }
        branch
    }

    /// Remembers what identifies the items of a list.
    fn learn(&mut self, stem: &str, reply: &Json) {
        let Some(items) = body::list(reply) else {
            return;
        };
        let known = &mut self.words.entry(stem.to_owned()).or_default().identifiers;
        for item in items {
            if known.len() < IDENTIFIERS {
                known.extend(identifiers(item, false));
            }
        }
    }

    /// Makes values of the words that a condition is true of.
    fn turn(&mut self, is_value: impl Fn(&str, &Self) -> bool) {
        let words = std::mem::take(&mut self.words);
        for (word, branch) in words {
            if is_value(&word, &branch) && !word.is_empty() {
                let (stem, suffix) = split(&word);
                let value = self.value(stem, suffix);
                value.turned = true;
                value.echoed = value.echoed.or(branch.echoed);
                value.merge(branch);
            } else {
                self.words.insert(word, branch);
            }
        }
    }

    fn settle(&mut self) {
        let known = std::mem::take(&mut self.identifiers);
        self.turn(|word, branch| branch.echoed.is_some() || known.contains_key(split(word).0));
        for branch in self.values.values_mut() {
            // A word that is only known from a list.
            let mut listed = known.values().filter(|key| **key != "id");
            if branch.echoed.is_none() && branch.turned {
                branch.echoed = listed.next().copied();
            }
        }
        let alike = self.alike();
        self.turn(|word, _| alike.contains(word));
        // What is unknown beside a parameter is a value that is not there.
        let suffixes: BTreeSet<String> = self.values.keys().cloned().collect();
        self.turn(|word, branch| suffixes.contains(split(word).1) && branch.is_only_refused());
        // What was only learnt of leads nowhere.
        self.words.retain(|_, branch| !branch.is_empty());
        for branch in self.words.values_mut().chain(self.values.values_mut()) {
            branch.settle();
        }
        self.unify();
    }

    /// The same things are answered by a list, by what creates them and by what shows one: what was seen of them is
    /// taken together where they plainly are the same.
    fn unify(&mut self) {
        let words: Vec<String> = self.words.keys().cloned().collect();
        for word in words {
            let (stem, suffix) = split(&word);
            let mut all: Vec<&mut Evidence> = Vec::new();
            let mut of_list = BTreeMap::new();
            std::mem::swap(&mut of_list, &mut self.words[&word].operations);
            let mut of_one = BTreeMap::new();
            if let Some(item) = self
                .words
                .get_mut(stem)
                .and_then(|stem| stem.values.get_mut(suffix))
            {
                std::mem::swap(&mut of_one, &mut item.operations);
            }
            for (method, operation) in &mut of_list {
                let replies = operation.success();
                all.extend(replies.filter_map(|reply| match method.as_str() {
                    "GET" => reply.item(),
                    _ => reply.thing(),
                }));
            }
            for operation in of_one.values_mut() {
                all.extend(operation.success().filter_map(Evidence::thing));
            }
            Evidence::unify(all);
            self.words[&word].operations = of_list;
            if let Some(item) = self
                .words
                .get_mut(stem)
                .and_then(|stem| stem.values.get_mut(suffix))
            {
                item.operations = of_one;
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.operations.is_empty()
            && self
                .words
                .values()
                .chain(self.values.values())
                .all(Self::is_empty)
    }

    fn is_only_refused(&self) -> bool {
        self.words.is_empty()
            && self.values.is_empty()
            && !self.operations.is_empty()
            && self.operations.values().all(Operation::is_only_unknown)
    }

    /// Words beside one another that lead to the same methods and objects.
    fn alike(&self) -> BTreeSet<String> {
        let mut groups: BTreeMap<Vec<String>, Vec<&String>> = BTreeMap::new();
        for (word, branch) in &self.words {
            let Some(get) = branch.operations.get("GET") else {
                continue;
            };
            let mut looks = get.properties();
            if looks.len() < 2 {
                continue;
            }
            looks.push(split(word).1.to_owned());
            looks.extend(branch.operations.keys().cloned());
            groups.entry(looks).or_default().push(word);
        }
        let large = groups.into_values().filter(|group| group.len() >= ALIKE);
        large.flatten().cloned().collect()
    }

    fn merge(&mut self, other: Self) {
        self.seen.merge(other.seen);
        self.name = self.name.take().or(other.name);
        for (method, operation) in other.operations {
            self.operations.entry(method).or_default().merge(operation);
        }
        for (word, branch) in other.words {
            self.words.entry(word).or_default().merge(branch);
        }
        for (suffix, branch) in other.values {
            self.values.entry(suffix).or_default().merge(branch);
        }
        self.identifiers.extend(other.identifiers);
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

/// What identifies an object: texts and numbers of some names, within a root key as well. Of one that is the whole of
/// a reply, and not an item of a list, no name that people choose counts: a thing called `status` is not its status.
fn identifiers(node: &Json, strict: bool) -> Vec<(String, &'static str)> {
    let object = crate::body::unwrapped(node);
    let Value::Object(members) = &object.value else {
        return Vec::new();
    };
    let keys = KEYS
        .iter()
        .filter(|key| !strict || !["code", "key"].contains(key));
    let values = keys.filter_map(|key| Some((crate::body::plain_text(members.get(key)?)?, *key)));
    values.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Request, Response};

    fn tree(calls: &[(&str, &str)]) -> Vec<String> {
        let mut tree = Tree::default();
        for (path, reply) in calls {
            let status = if reply.is_empty() { 404 } else { 200 };
            let exchange = Exchange {
                origin: String::new(),
                request: Request::new("GET", *path),
                response: Response::new(status).content("application/json", *reply),
            };
            tree.operation(&exchange, "GET").see(&exchange);
        }
        tree.settle();
        let mut all: Vec<String> = Vec::new();
        for (path, ..) in tree.operations() {
            let words = path.iter().map(|segment| match segment {
                Segment::Word(word) => word.clone(),
                Segment::Value { suffix, .. } => format!("{{}}{suffix}"),
            });
            all.push(words.collect::<Vec<_>>().join("/"));
        }
        all.sort();
        all
    }

    #[test]
    fn segments_that_vary_become_parameters() {
        let calls = [
            ("/users", r#"[{"login":"alice"},{"login":"bob"}]"#),
            ("/users/alice", r#"{"login":"alice"}"#),
            ("/users/nobody", ""),
            ("/users/carol/keys", "[]"),
            ("/users/carol", r#"{"login":"carol"}"#),
            ("/things.json", r#"[{"thing":{"id":"red"}}]"#),
            ("/things/red.json", "{}"),
            ("/things/status.json", r#"{"up":true}"#),
            ("/orders/17:cancel", "{}"),
        ];
        assert_eq!(
            tree(&calls),
            [
                "orders/{}:cancel",
                "things.json",
                "things/status.json",
                "things/{}.json",
                "users",
                "users/{}",
                "users/{}/keys",
            ]
        );
    }

    #[test]
    fn words_that_lead_to_the_same_objects_are_values() {
        let reply = r#"{"lat":1,"lon":2}"#;
        let calls = ["/at/paris", "/at/rome", "/at/bern", "/at/oslo"].map(|path| (path, reply));
        assert_eq!(tree(&calls), ["at/{}"]);
        assert_eq!(tree(&calls[..3]).len(), 3);
    }
}
