//! The words under which the branches of a union stand in it.

use verbatim_source::Value;

use super::Lowering;
use crate::document::{Id, Schema, Type};
use crate::ir::ordinal;

/// How many types a branch that is a choice itself is called after.
const MOST_NAMED: usize = 3;

impl Lowering<'_> {
    /// A word for each branch, no two alike: what it says of itself, or what sets it apart from the others.
    pub(super) fn branch_words(&self, branches: &[Id<Schema>]) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            let wanted = self.wanted(*branch, branches);
            let free = wanted.into_iter().find(|word| !words.contains(word));
            words.push(free.unwrap_or_else(|| format!("{} variant", ordinal(index))));
        }
        words
    }

    /// What a branch may be called, the best first.
    fn wanted(&self, branch: Id<Schema>, all: &[Id<Schema>]) -> Vec<String> {
        if let Some(name) = self.component_of(branch) {
            return vec![name.to_owned()];
        }
        let schema = &self.document[branch];
        let title = schema.annotations.title.as_ref();
        let title = title.map(|title| title.value.trim().to_owned());
        let title = title.filter(|title| (1..=3).contains(&title.split_whitespace().count()));
        let mut words: Vec<String> = self.constant(branch, all).into_iter().collect();
        words.extend(self.own_kind(branch, all));
        words.extend(title);
        words.extend(self.number(branch));
        words.extend(self.further_constants(branch, all));
        let further = [
            self.own_property(branch, all),
            self.choice(branch),
            self.list(branch),
            schema.format.as_ref().map(|format| format.value.clone()),
        ];
        words.extend(further.into_iter().flatten());
        words
    }

    /// The name of the component that a schema refers to.
    fn component_of(&self, schema: Id<Schema>) -> Option<&str> {
        let reference = self.document[schema].reference.as_ref();
        let target = reference.and_then(|reference| reference.target);
        self.components.get(&target.unwrap_or(schema)).copied()
    }

    /// The only value of a schema, or of the first property that it requires and that has but one, which is not that
    /// of all branches.
    fn constant(&self, branch: Id<Schema>, all: &[Id<Schema>]) -> Option<String> {
        let schema = &self.document[branch];
        let required = schema.object.required.iter();
        let mut required = required.filter_map(|name| {
            let text = self.only_text(branch, &name.value)?;
            (!self.is_shared(&name.value, text, branch, all)).then(|| text.to_owned())
        });
        let own = only(schema).map(str::to_owned);
        own.or_else(|| required.next())
    }

    /// The texts of properties that set a branch apart, less plainly than one required constant: of optional ones, of
    /// objects within it, and two or three texts of one.
    fn further_constants(&self, branch: Id<Schema>, all: &[Id<Schema>]) -> Vec<String> {
        let properties = &self.document[branch].object.properties;
        let optional = properties.keys().filter_map(|name| {
            let text = self.only_text(branch, name)?;
            (!self.is_shared(name, text, branch, all)).then(|| text.to_owned())
        });
        let within = properties.values().filter_map(|property| {
            let inner = &self.document[property.schema].object;
            let mut required = inner.required.iter();
            let text = required.find_map(|name| self.only_text(property.schema, &name.value));
            text.map(str::to_owned)
        });
        let few = properties.values().filter_map(|property| {
            let listed = self.document[property.schema].enumeration.as_deref()?;
            let texts: Option<Vec<&str>> = listed.iter().map(|value| value.as_str()).collect();
            let texts = texts.filter(|texts| (2..=3).contains(&texts.len()))?;
            Some(texts.join(" or "))
        });
        optional.chain(within).chain(few).collect()
    }

    /// The only text that a property of a schema may be.
    fn only_text(&self, schema: Id<Schema>, name: &str) -> Option<&str> {
        let property = self.document[schema].object.properties.get(name)?;
        only(&self.document[property.schema])
    }

    /// Whether another branch has the same only text in the property.
    fn is_shared(&self, name: &str, text: &str, branch: Id<Schema>, all: &[Id<Schema>]) -> bool {
        let mut others = all.iter().filter(|other| **other != branch);
        others.any(|other| self.only_text(*other, name) == Some(text))
    }

    /// The first property that a branch requires and that has but one value, a whole number, a boolean or
    /// null, with that.
    fn number(&self, branch: Id<Schema>) -> Option<String> {
        let object = &self.document[branch].object;
        let required = object.required.iter();
        let mut required = required.filter_map(|name| object.properties.get_key_value(&name.value));
        required.find_map(|(name, property)| {
            let schema = &self.document[property.schema];
            let listed = schema.enumeration.as_deref().unwrap_or_default();
            let only = schema.constant.as_ref().or(match listed {
                [only] => Some(only),
                _ => None,
            })?;
            match &only.value {
                Value::Number(number) if number.bytes().all(|it| it.is_ascii_digit()) => {
                    Some(format!("{name} {number}"))
                }
                Value::Bool(value) => Some(format!("{name} {value}")),
                Value::Null => Some(format!("{name} null")),
                _ => None,
            }
        })
    }

    /// The type of a branch, where no other has it.
    fn own_kind(&self, branch: Id<Schema>, all: &[Id<Schema>]) -> Option<String> {
        let mut others = all.iter().filter(|other| **other != branch);
        let kinds = |id: Id<Schema>| {
            let schema = &self.document[self.document.follow(id)];
            let kinds = schema.types.iter().map(|kind| kind.value);
            kinds.filter(|kind| *kind != Type::Null).collect::<Vec<_>>()
        };
        let [kind] = kinds(branch)[..] else {
            return None;
        };
        let is_own = others.all(|other| matches!(kinds(*other)[..], [other] if other != kind));
        is_own.then(|| kind.as_str().to_owned())
    }

    /// A property that a branch alone has; one that it requires before others.
    fn own_property(&self, branch: Id<Schema>, all: &[Id<Schema>]) -> Option<String> {
        let object = |id: Id<Schema>| &self.document[self.document.follow(id)].object;
        let others: Vec<Id<Schema>> = all.iter().copied().filter(|it| *it != branch).collect();
        let is_own = |name: &&String| {
            let has = |other: &Id<Schema>| object(*other).properties.contains_key(*name);
            !others.iter().any(has)
        };
        let own = &self.document[branch].object;
        let required = own.required.iter().map(|name| &name.value);
        let found = required.chain(own.properties.keys()).find(is_own);
        found.map(|name| format!("with {name}"))
    }

    /// The types of which a branch is one.
    fn choice(&self, branch: Id<Schema>) -> Option<String> {
        let schema = &self.document[branch];
        let branches = schema.one_of.iter().chain(&schema.any_of);
        let names: Option<Vec<&str>> = branches.map(|it| self.component_of(*it)).collect();
        let names = names.filter(|names| (1..=MOST_NAMED).contains(&names.len()))?;
        Some(names.join(" or "))
    }

    /// What a branch is a list of.
    fn list(&self, branch: Id<Schema>) -> Option<String> {
        let items = self.document[branch].array.items?;
        let kind = || {
            let kinds = &self.document[items].types;
            kinds.first().map(|kind| kind.value.as_str())
        };
        let item = self.component_of(items).or_else(kind)?;
        Some(format!("{item} list"))
    }
}

/// The only text that a value may be.
fn only(schema: &Schema) -> Option<&str> {
    let listed = schema.enumeration.as_deref();
    let listed = listed.and_then(|values| match values {
        [only] => only.as_str(),
        _ => None,
    });
    let constant = schema.constant.as_ref();
    let only = constant.and_then(|value| value.as_str()).or(listed)?;
    (!only.trim().is_empty()).then_some(only)
}
