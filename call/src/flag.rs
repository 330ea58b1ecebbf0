//! Flags: what a command takes for the parameters and the body of its operation.
//!
//! Parameters of the path are given by their place, all others by a flag. Each member of a body has
//! a flag too, nested ones by dots: `--hardware.vcore 2`. What a document wraps into a root key or
//! into an object that is only a wrapper is given without it.

use crate::table::{BodyKind, Item, Operation, Type};
use heck::ToKebabCase as _;
use std::collections::BTreeSet;
use verbatim_runtime::service::Place;

/// Options that every command has; a flag of an operation gives way to them.
pub const OWN: [&str; 34] = [
    "api",
    "base-url",
    "body",
    "color",
    "columns",
    "content-type",
    "dry-run",
    "edit",
    "exact",
    "example",
    "help",
    "jq",
    "no-wait",
    "output",
    "profile",
    "read-only",
    "set",
    "show-secrets",
    "simulate",
    "spec",
    "timeout",
    "auth-token",
    "auth-user",
    "auth-password",
    "unchecked",
    "variable",
    "verbose",
    "version",
    "wait",
    "yes",
    "no-pager",
    "no-cache",
    "plain-http",
    "quiet",
];

/// Options of lists; they give way to a flag of the operation.
const OF_LISTS: [&str; 3] = ["all", "filter", "limit"];
/// What they are called then.
const OF_LISTS_APART: [&str; 3] = ["list.all", "list.filter", "list.limit"];

/// How deep members of a body get flags of their own.
const DEPTH: usize = 6;
/// How many flags the members of one body get; what lies beyond is given by `--set`.
const MOST: usize = 400;

/// One flag, or one value by its place.
#[derive(Clone, Debug)]
pub struct Flag {
    /// What tells it apart within the command.
    pub id: String,
    /// Its name after the two hyphens; none where it is given by its place.
    pub long: Option<String>,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// What it gives.
    pub target: Target,
    /// How its text is read.
    pub kind: Kind,
    /// Whether it may be given several times.
    pub list: bool,
    /// Whether the command cannot do without it.
    pub required: bool,
    /// What the document says about it.
    pub about: String,
    /// Good values.
    pub words: Vec<String>,
    /// Whether a value may begin with a hyphen, as what is sorted by descending does.
    pub hyphen: bool,
}

/// What a flag gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A parameter, by its place in the operation.
    Parameter(usize),
    /// A member of the body, by the names that lead to it.
    Member(Vec<String>),
}

/// How the text of a flag is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`; alone it means true.
    Boolean,
    /// A number, kept as written.
    Number,
    /// The text itself.
    Text,
    /// JSON, or the text itself where it is none.
    JsonOrText,
    /// JSON.
    Json,
    /// The path of a file.
    File,
}

impl Flag {
    /// The flag as it is written, for messages.
    pub fn shown(&self) -> String {
        match &self.long {
            Some(long) => format!("--{long}"),
            None => format!("<{}>", self.value_name()),
        }
    }

    /// What stands for its value in the help.
    pub fn value_name(&self) -> String {
        match (&self.long, self.kind) {
            (None, _) => self
                .id
                .rsplit(':')
                .next()
                .unwrap_or_default()
                .to_uppercase(),
            (_, Kind::Boolean) => "BOOL".to_owned(),
            (_, Kind::Number) => "NUMBER".to_owned(),
            (_, Kind::Text) => "TEXT".to_owned(),
            (_, Kind::JsonOrText | Kind::Json) => "JSON".to_owned(),
            (_, Kind::File) => "FILE".to_owned(),
        }
    }
}

/// The name of an option of lists: one that a flag of the operation has is told apart by `list.`.
pub fn of_lists(name: &'static str, flags: &[Flag]) -> String {
    debug_assert!(OF_LISTS.contains(&name));
    let is_taken = |flag: &Flag| {
        flag.long.as_deref() == Some(name) || flag.aliases.iter().any(|alias| alias == name)
    };
    if flags.iter().any(is_taken) {
        format!("list.{name}")
    } else {
        name.to_owned()
    }
}

/// All flags of an operation, its parameters first.
pub fn flags(operation: &Operation) -> Vec<Flag> {
    let mut flags = Flags {
        operation,
        taken: OWN
            .into_iter()
            .chain(OF_LISTS_APART)
            .map(str::to_owned)
            .collect(),
        found: Vec::new(),
    };
    flags.parameters();
    let body = operation.body.as_ref();
    if let Some(body) = body.filter(|body| body.kind != BodyKind::Raw)
        && let Some(ty) = &body.ty
    {
        let place = Stand {
            path: Vec::new(),
            prefix: String::new(),
            depth: DEPTH,
            about: String::new(),
            required: false,
        };
        flags.member(ty, &place, &mut Vec::new());
    }
    flags.found
}

fn has_hyphen(words: &[String]) -> bool {
    words.iter().any(|word| word.starts_with('-'))
}

/// The value by its place that may be given several times, so that what is called takes effect on several things:
/// the last part of the path, where it is known how completion is awaited.
pub fn of_several<'f>(operation: &Operation, flags: &'f [Flag]) -> Option<&'f Flag> {
    operation.wait.as_ref()?;
    let last = flags.iter().rfind(|flag| flag.long.is_none());
    last.filter(|flag| flag.required && !flag.list)
}

/// Where in a body a type stands.
struct Stand {
    path: Vec<String>,
    /// The names before its own, each with a dot.
    prefix: String,
    depth: usize,
    about: String,
    required: bool,
}

struct Flags<'o> {
    operation: &'o Operation,
    taken: BTreeSet<String>,
    found: Vec<Flag>,
}

impl Flags<'_> {
    fn parameters(&mut self) {
        let paging = self.operation.pagination.as_ref();
        for (place, parameter) in self.operation.parameters.iter().enumerate() {
            let (kind, list) = self.read_as(&parameter.ty);
            let mut words = parameter.words.clone();
            words.extend(self.words_of(&parameter.ty));
            let mut flag = Flag {
                id: format!("parameter:{:?}:{}", parameter.place, parameter.name),
                long: None,
                aliases: Vec::new(),
                target: Target::Parameter(place),
                kind,
                list,
                required: parameter.required,
                about: parameter.about.clone(),
                hyphen: !parameter.words.is_empty() || has_hyphen(&words),
                words,
            };
            if parameter.place != Place::Path {
                let wanted = match paging {
                    Some(rule) if rule.page == parameter.name => "page".to_owned(),
                    _ => parameter.name.to_kebab_case(),
                };
                let other = format!("{:?}", parameter.place).to_lowercase();
                let long = self.claim(&wanted, &other);
                flag.aliases = self.spellings(&parameter.name, &long);
                if paging.is_some_and(|rule| rule.size == parameter.name)
                    && self.taken.insert("page-size".to_owned())
                {
                    flag.aliases.push("page-size".to_owned());
                }
                flag.long = Some(long);
            }
            self.found.push(flag);
        }
    }

    /// A name for a flag: the wanted one, or else with a word before it.
    fn claim(&mut self, wanted: &str, other: &str) -> String {
        let wanted = if wanted.is_empty() { "value" } else { wanted };
        let mut name = wanted.to_owned();
        let mut number = 1;
        while !self.taken.insert(name.clone()) {
            name = match number {
                1 => format!("{other}.{wanted}"),
                number => format!("{other}.{wanted}-{number}"),
            };
            number += 1;
        }
        name
    }

    /// The spelling of the document, where it is another one and free.
    fn spellings(&mut self, wire: &str, long: &str) -> Vec<String> {
        let is_plain = |each: char| each.is_ascii_alphanumeric() || "-_.".contains(each);
        let is_free = wire != long
            && !wire.is_empty()
            && !wire.starts_with('-')
            && wire.chars().all(is_plain)
            && self.taken.insert(wire.to_owned());
        is_free.then(|| wire.to_owned()).into_iter().collect()
    }

    /// The flags of a type within the body.
    fn member(&mut self, ty: &Type, stand: &Stand, within: &mut Vec<usize>) {
        match ty {
            Type::Nullable(inner) => self.member(inner, stand, within),
            Type::Root(key, inner) => {
                let below = stand.below(key, None, &stand.about, stand.required);
                self.member(inner, &below, within);
            }
            Type::Named(place) => match self.operation.item(*place) {
                Some(Item::Alias(inner)) => self.member(inner, stand, within),
                Some(Item::Object(object)) if stand.depth > 0 && !within.contains(place) => {
                    within.push(*place);
                    for property in &object.properties {
                        let is_wrapper = object.wraps.as_ref() == Some(&property.name);
                        let word = (!is_wrapper).then(|| property.name.to_kebab_case());
                        let at_root = stand.prefix.is_empty();
                        let below = stand.below(
                            &property.name,
                            word,
                            &property.about,
                            property.required && (at_root || stand.required),
                        );
                        self.member(&property.ty, &below, within);
                    }
                    within.pop();
                }
                _ => self.push(ty, stand),
            },
            _ => self.push(ty, stand),
        }
    }

    fn push(&mut self, ty: &Type, stand: &Stand) {
        let wanted = stand.prefix.trim_end_matches('.');
        if wanted.is_empty() || self.found.len() >= MOST {
            return;
        }
        let (kind, list) = self.read_as(ty);
        let long = self.claim(wanted, "body");
        let wire = stand.path.join(".");
        let aliases = self.spellings(&wire, &long);
        let words = self.words_of(ty);
        self.found.push(Flag {
            id: format!("member:{}", stand.path.join("/")),
            long: Some(long),
            aliases,
            target: Target::Member(stand.path.clone()),
            kind,
            list,
            required: stand.required,
            about: stand.about.clone(),
            hyphen: has_hyphen(&words),
            words,
        });
    }

    /// How a text is read as a value of a type, and whether there may be several.
    fn read_as(&self, ty: &Type) -> (Kind, bool) {
        match ty {
            Type::Nullable(inner) => self.read_as(inner),
            Type::List(item) => match self.read_as(item) {
                (Kind::Json, _) | (_, true) => (Kind::Json, true),
                (kind, false) => (kind, true),
            },
            Type::Named(place) => match self.operation.item(*place) {
                Some(Item::Alias(inner)) => self.read_as(inner),
                Some(Item::Texts(_)) => (Kind::Text, false),
                Some(Item::Union { .. }) => (Kind::JsonOrText, false),
                _ => (Kind::Json, false),
            },
            Type::Boolean => (Kind::Boolean, false),
            Type::Integer | Type::Unsigned | Type::Number => (Kind::Number, false),
            Type::Text | Type::Secret => (Kind::Text, false),
            Type::File => (Kind::File, false),
            Type::Any => (Kind::JsonOrText, false),
            Type::Map(_) | Type::Root(..) => (Kind::Json, false),
        }
    }

    fn words_of(&self, ty: &Type) -> Vec<String> {
        match ty {
            Type::Nullable(inner) | Type::List(inner) => self.words_of(inner),
            Type::Named(place) => match self.operation.item(*place) {
                Some(Item::Alias(inner)) => self.words_of(inner),
                Some(Item::Texts(texts)) => {
                    texts.values.iter().map(|(text, _)| text.clone()).collect()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

impl Stand {
    /// The place of a member; without a word it has no part in the names of flags.
    fn below(&self, key: &str, word: Option<String>, about: &str, required: bool) -> Self {
        let mut path = self.path.clone();
        path.push(key.to_owned());
        let prefix = match word {
            Some(word) => format!("{}{word}.", self.prefix),
            None => self.prefix.clone(),
        };
        Self {
            path,
            prefix,
            depth: self.depth.saturating_sub(1),
            about: about.to_owned(),
            required,
        }
    }
}
