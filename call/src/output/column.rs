//! Columns of tables: those that the document has, and which of them say most.

use crate::names::{IDENTIFIERS, NAMES};
use crate::table::{Item, Operation, Type};
use verbatim_json::is_secret_name;
use verbatim_source::{Node, Value};

/// How deep nested properties are columns of their own.
const DEPTH: usize = 4;
/// How many columns are looked at.
const MOST: usize = 400;

/// Names of properties that tell how a thing is.
const STATES: [&str; 12] = [
    "state",
    "status",
    "power",
    "phase",
    "health",
    "enabled",
    "active",
    "booted",
    "locked",
    "online",
    "built",
    "suspended",
];
/// Endings of names of texts that say little in a column.
const LONG: [&str; 10] = [
    "description",
    "url",
    "uri",
    "href",
    "link",
    "comment",
    "notes",
    "note",
    "message",
    "text",
];
/// Endings of names of times.
const TIMES: [&str; 7] = [
    "_at",
    "date",
    "time",
    "created",
    "updated",
    "timestamp",
    "on",
];

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The names that lead to its values within an item.
    pub path: Vec<String>,
    /// How much it says: the least says most.
    pub rank: u8,
    /// What its values are.
    pub kind: Kind,
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Texts, numbers and the like.
    Scalar,
    /// Lists that are said in a few words.
    Words,
    /// Anything else.
    Nested,
    /// Of the items of a list, so that the column of the list stands for it.
    Within,
}

impl Column {
    /// The column that is asked for by the names between dots.
    pub fn asked(text: &str) -> Self {
        Self {
            path: text.split('.').map(str::to_owned).collect(),
            rank: 0,
            kind: Kind::Scalar,
        }
    }

    /// The column of rows that are no objects.
    pub fn whole() -> Self {
        Self {
            path: Vec::new(),
            rank: 0,
            kind: Kind::Scalar,
        }
    }

    /// What stands above it.
    pub fn title(&self) -> String {
        if self.path.is_empty() {
            return "value".to_owned();
        }
        self.path.join(".")
    }
}

/// What the document says of the items of a list, or of a thing.
#[derive(Clone, Debug, Default)]
pub struct Documented {
    /// The columns in the order of the document.
    pub columns: Vec<Column>,
    /// Paths below which anything may stand.
    open: Vec<Vec<String>>,
}

impl Documented {
    /// Of a type of an operation.
    pub fn of(operation: &Operation, ty: Option<&Type>) -> Self {
        let mut walk = Walk {
            operation,
            found: Self::default(),
        };
        match ty {
            Some(ty) => walk.value(ty, &Place::default(), &mut Vec::new()),
            None => walk.found.open.push(Vec::new()),
        }
        let mut seen = std::collections::BTreeSet::new();
        walk.found
            .columns
            .retain(|column| seen.insert(column.path.clone()));
        walk.found
    }

    /// Whether something may stand at a path.
    pub fn knows(&self, path: &[String]) -> bool {
        let path: Vec<&String> = path
            .iter()
            .filter(|name| name.parse::<usize>().is_err())
            .collect();
        let begins = |own: &[String], with: &[&String]| {
            own.len() >= with.len() && own.iter().zip(with).all(|(one, other)| one == *other)
        };
        let below = |own: &Vec<String>| own.len() <= path.len() && begins(own, &path[..own.len()]);
        self.columns
            .iter()
            .any(|column| begins(&column.path, &path))
            || self.open.iter().any(below)
    }

    /// The paths that may be asked for.
    pub fn titles(&self) -> Vec<String> {
        self.columns.iter().map(Column::title).collect()
    }
}

/// Where a value stands.
#[derive(Clone, Debug, Default)]
struct Place {
    path: Vec<String>,
    in_list: bool,
    is_deprecated: bool,
}

struct Walk<'o> {
    operation: &'o Operation,
    found: Documented,
}

impl Walk<'_> {
    fn value(&mut self, ty: &Type, place: &Place, within: &mut Vec<usize>) {
        if self.found.columns.len() >= MOST {
            return;
        }
        match ty {
            Type::Nullable(inner) => self.value(inner, place, within),
            Type::Root(key, inner) => self.value(inner, &place.below(key, false), within),
            Type::List(item) => {
                let is_short = self.is_scalar(item) || self.has_one_of(item, &NAMES);
                let weight = if self.has_one_of(item, &["ip"]) { 2 } else { 8 };
                let kind = if is_short { Kind::Words } else { Kind::Nested };
                self.column(place, weight, kind);
                let mut items = place.clone();
                items.in_list = true;
                if !self.is_scalar(item) {
                    self.value(item, &items, within);
                }
            }
            Type::Named(at) => self.named(*at, place, within),
            Type::Any | Type::Map(_) => {
                self.found.open.push(place.path.clone());
                self.column(place, 9, Kind::Nested);
            }
            Type::Secret => self.column(place, 12, Kind::Scalar),
            Type::Boolean | Type::Integer | Type::Unsigned | Type::Number => {
                self.column(place, 3, Kind::Scalar);
            }
            Type::Text | Type::File => self.column(place, 4, Kind::Scalar),
        }
    }

    fn named(&mut self, at: usize, place: &Place, within: &mut Vec<usize>) {
        match self.operation.item(at) {
            Some(Item::Alias(inner)) => self.value(inner, place, within),
            Some(Item::Texts(_)) => self.column(place, 3, Kind::Scalar),
            Some(Item::Tuple { .. }) => self.column(place, 9, Kind::Nested),
            Some(Item::Object(_) | Item::Union { .. })
                if within.contains(&at) || place.path.len() >= DEPTH =>
            {
                self.found.open.push(place.path.clone());
                self.column(place, 9, Kind::Nested);
            }
            Some(Item::Object(object)) => {
                within.push(at);
                for property in &object.properties {
                    let below = place.below(&property.name, property.deprecated);
                    self.value(&property.ty, &below, within);
                }
                within.pop();
                if object.others.is_some() || object.properties.is_empty() {
                    self.found.open.push(place.path.clone());
                }
            }
            Some(Item::Union { branches, open, .. }) => {
                within.push(at);
                for branch in branches {
                    self.value(&branch.ty, place, within);
                }
                within.pop();
                if *open {
                    self.found.open.push(place.path.clone());
                }
            }
            None => {}
        }
    }

    /// Whether values of a type are said in a word.
    fn is_scalar(&self, ty: &Type) -> bool {
        match ty {
            Type::Nullable(inner) => self.is_scalar(inner),
            Type::Named(at) => match self.operation.item(*at) {
                Some(Item::Alias(inner)) => self.is_scalar(inner),
                Some(Item::Texts(_)) => true,
                _ => false,
            },
            Type::Any | Type::List(_) | Type::Map(_) | Type::Root(..) => false,
            _ => true,
        }
    }

    /// Whether values of a type have one of these properties.
    fn has_one_of(&self, ty: &Type, names: &[&str]) -> bool {
        match ty {
            Type::Nullable(inner) | Type::Root(_, inner) => self.has_one_of(inner, names),
            Type::Named(at) => match self.operation.item(*at) {
                Some(Item::Alias(inner)) => self.has_one_of(inner, names),
                Some(Item::Object(object)) => {
                    let mut properties = object.properties.iter();
                    properties.any(|property| names.contains(&property.name.as_str()))
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn column(&mut self, place: &Place, weight: u8, kind: Kind) {
        if place.path.is_empty() {
            return;
        }
        let rank = rank(&place.path, weight) + 4 * u8::from(place.is_deprecated);
        self.found.columns.push(Column {
            path: place.path.clone(),
            rank,
            kind: if place.in_list { Kind::Within } else { kind },
        });
    }
}

impl Place {
    fn below(&self, name: &str, is_deprecated: bool) -> Self {
        let mut path = self.path.clone();
        path.push(name.to_owned());
        Self {
            path,
            in_list: self.in_list,
            is_deprecated: self.is_deprecated || is_deprecated,
        }
    }
}

/// How much a column says: identifiers, names, states, then what is short and near.
fn rank(path: &[String], weight: u8) -> u8 {
    let name = path
        .last()
        .map_or_else(String::new, |name| name.to_lowercase());
    let depth = u8::try_from(path.len().saturating_sub(1)).unwrap_or(u8::MAX / 8);
    let ends = |words: &[&str]| words.iter().any(|word| name.ends_with(word));
    let near = match name.as_str() {
        _ if weight > 4 => weight,
        name if is_secret_name(name) => 12,
        name if IDENTIFIERS.contains(&name) && depth == 0 => 0,
        name if NAMES.contains(&name) && depth == 0 => 1,
        name if STATES.contains(&name) && depth < 2 => return 2,
        name if NAMES.contains(&name) => 3,
        _ if ends(&LONG) => 7,
        _ if ends(&TIMES) || ends(&["id", "uuid", "identifier"]) => 6,
        _ => weight,
    };
    near + 2 * depth
}

/// The columns that items have, where the document does not say.
pub fn found(items: &[Node]) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for item in items {
        collect(item, &mut Vec::new(), &mut columns);
    }
    columns
}

fn collect(node: &Node, path: &mut Vec<String>, columns: &mut Vec<Column>) {
    if let Value::Object(object) = &node.value
        && path.len() < DEPTH
        && !object.is_empty()
    {
        for member in object {
            path.push(member.key.clone());
            collect(&member.value, path, columns);
            path.pop();
        }
        return;
    }
    let is_known = columns.iter().any(|column| column.path == *path);
    if path.is_empty() || is_known || columns.len() >= MOST {
        return;
    }
    let (weight, kind) = match &node.value {
        Value::Array(_) | Value::Object(_) => (9, Kind::Nested),
        Value::Null | Value::String(_) => (4, Kind::Scalar),
        Value::Bool(_) | Value::Number(_) => (3, Kind::Scalar),
    };
    columns.push(Column {
        path: path.clone(),
        rank: rank(path, weight),
        kind,
    });
}
