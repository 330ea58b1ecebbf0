//! Values that are made up where a document shows none: the least that a type needs.

use crate::check::violations;
use crate::table::{Check, Choice, Item, Object, Operation, Property, Type};
use std::cell::Cell;
use std::collections::BTreeSet;
use verbatim_source::{Node, Object as Members, Value};

/// How deep values are made; what lies deeper is left empty.
const DEPTH: usize = 12;

/// How many values are made; a type that needs more, such as one that needs itself, is left incomplete.
const MOST: usize = 2000;

/// How long a text is made for the sake of a bound.
const LONGEST: u64 = 256;

/// A value of a type that keeps these checks, as far as one can be found without a search: a pattern is not understood.
pub fn value(operation: &Operation, ty: &Type, checks: &[Check]) -> Node {
    let left = Cell::new(MOST);
    Maker { operation, left }.value(ty, checks, DEPTH)
}

struct Maker<'o> {
    operation: &'o Operation,
    /// How many values may still be made.
    left: Cell<usize>,
}

impl Maker<'_> {
    fn value(&self, ty: &Type, checks: &[Check], depth: usize) -> Node {
        if let Some(allowed) = allowed(checks) {
            return allowed;
        }
        let left = self.left.get().checked_sub(1);
        let (Some(depth), Some(left)) = (depth.checked_sub(1), left) else {
            return Node::made(Value::Null);
        };
        self.left.set(left);
        match ty {
            Type::Any | Type::Text | Type::Secret | Type::File => Node::made(text(checks)),
            Type::Boolean => Node::made(false),
            Type::Integer | Type::Unsigned | Type::Number => self.number(ty, checks),
            Type::List(item) => self.list(item, checks, depth),
            Type::Map(inner) => self.map(inner, checks, depth),
            Type::Nullable(inner) => self.value(inner, checks, depth),
            Type::Root(key, inner) => {
                let inner = self.value(inner, checks, depth);
                Node::made(Members::from_iter([(key.clone(), inner.value)]))
            }
            Type::Named(place) => match self.operation.item(*place) {
                Some(item) => self.item(item, checks, depth),
                None => Node::made(Value::Null),
            },
        }
    }

    fn item(&self, item: &Item, checks: &[Check], depth: usize) -> Node {
        match item {
            Item::Alias(ty) => self.value(ty, checks, depth),
            Item::Texts(texts) => match texts.values.first() {
                Some((first, _)) => Node::made(first.as_str()),
                None => Node::made(text(checks)),
            },
            Item::Object(object) => self.object(object, depth),
            Item::Union { tag, branches, .. } => {
                let Some(branch) = branches.first() else {
                    return Node::made(text(checks));
                };
                let mut node = self.value(&branch.ty, &branch.checks, depth);
                if let (Some(tag), Some(word)) = (tag, branch.tags.first())
                    && let Value::Object(members) = &mut node.value
                {
                    members.insert(tag.clone(), Node::made(word.as_str()));
                }
                node
            }
            Item::Tuple { items, .. } => {
                let items = items.iter();
                let items = items.map(|(ty, checks)| self.value(ty, checks, depth));
                Node::made(Value::Array(items.collect()))
            }
        }
    }

    /// What is required; where nothing is, scalars that can be made up and are not advised against.
    fn object(&self, object: &Object, depth: usize) -> Node {
        let chosen = chosen(&object.choices, &object.properties);
        let is_due = |it: &Property| it.required || chosen.contains(it.name.as_str());
        let is_all = !object.properties.iter().any(is_due);
        let properties = object.properties.iter();
        let properties = properties.filter(|it| {
            let is_easy = !it.deprecated && !has_pattern(&it.checks) && self.is_scalar(&it.ty);
            if is_all { is_easy } else { is_due(it) }
        });
        let members =
            properties.map(|it| (it.name.clone(), self.value(&it.ty, &it.checks, depth).value));
        Node::made(members.collect::<Members>())
    }

    fn is_scalar(&self, ty: &Type) -> bool {
        match ty {
            Type::Boolean
            | Type::Integer
            | Type::Unsigned
            | Type::Number
            | Type::Text
            | Type::Secret => true,
            Type::Nullable(inner) => self.is_scalar(inner),
            Type::Named(place) => match self.operation.item(*place) {
                Some(Item::Alias(inner)) => self.is_scalar(inner),
                Some(Item::Texts(_)) => true,
                _ => false,
            },
            _ => false,
        }
    }

    fn number(&self, ty: &Type, checks: &[Check]) -> Node {
        let one = Some("1".to_owned());
        let bounds = checks.iter().filter_map(|check| match check {
            Check::Minimum(bound) | Check::Maximum(bound) | Check::MultipleOf(bound) => {
                Some(bound.clone())
            }
            Check::ExclusiveMinimum(bound) => Some((bound.parse::<i64>().ok()? + 1).to_string()),
            Check::ExclusiveMaximum(bound) => Some((bound.parse::<i64>().ok()? - 1).to_string()),
            _ => None,
        });
        let mut all = one
            .into_iter()
            .chain(bounds)
            .map(|it| Node::made(Value::Number(it)));
        let fits = |node: &Node| violations(self.operation, ty, checks, node).is_empty();
        let found = all.find(fits);
        found.unwrap_or_else(|| Node::made(Value::Number("1".to_owned())))
    }

    fn list(&self, item: &Type, checks: &[Check], depth: usize) -> Node {
        let of_each = checks.iter().find_map(|check| match check {
            Check::Each(checks) => Some(checks.as_slice()),
            _ => None,
        });
        let least = checks.iter().find_map(|check| match check {
            Check::MinItems(least) => Some(*least),
            _ => None,
        });
        let count = least.unwrap_or(1).clamp(1, LONGEST);
        let items = (0..count).map(|_| self.value(item, of_each.unwrap_or_default(), depth));
        Node::made(Value::Array(items.collect()))
    }

    fn map(&self, inner: &Type, checks: &[Check], depth: usize) -> Node {
        let is_needed = |check: &Check| matches!(check, Check::MinProperties(1..));
        let members = checks.iter().any(is_needed).then(|| {
            let value = self.value(inner, &[], depth);
            ("name".to_owned(), value.value)
        });
        Node::made(members.into_iter().collect::<Members>())
    }
}

/// The first value of those that are allowed.
fn allowed(checks: &[Check]) -> Option<Node> {
    checks.iter().find_map(|check| match check {
        Check::OneOf(allowed) => crate::value::parse_short(allowed.first()?).ok(),
        _ => None,
    })
}

fn has_pattern(checks: &[Check]) -> bool {
    checks.iter().any(|it| matches!(it, Check::Pattern(_)))
}

/// A text as long as it must be.
fn text(checks: &[Check]) -> String {
    let mut text = "text".to_owned();
    for check in checks {
        match check {
            Check::MinLength(least) => {
                while (text.len() as u64) < (*least).min(LONGEST) {
                    text.push('x');
                }
            }
            Check::MaxLength(most) => text.truncate(usize::try_from(*most).unwrap_or(usize::MAX)),
            _ => {}
        }
    }
    text
}

/// The properties of the first set of each choice of which no set is required as it is.
fn chosen<'o>(choices: &'o [Choice], properties: &[Property]) -> BTreeSet<&'o str> {
    let is_required = |name: &String| {
        let mut properties = properties.iter();
        properties.any(|it| it.required && it.name == *name)
    };
    let open = choices.iter().filter(|choice| {
        let mut sets = choice.sets.iter();
        !sets.any(|set| set.iter().all(is_required))
    });
    let first = open.filter_map(|choice| choice.sets.first());
    first.flatten().map(String::as_str).collect()
}
