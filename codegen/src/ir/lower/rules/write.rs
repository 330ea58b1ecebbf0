//! Schemas of the document, written as those of JSON Schema 2020-12.

use std::collections::{BTreeMap, BTreeSet};

use super::says;
use crate::document::{Id, Schema, Spanned, Text};
use crate::ir::Rule;
use crate::ir::lower::merge::{Flat, Member};
use crate::ir::lower::{Lowering, json};

/// How many schemas one such schema may be made of, and how many may stand within one another.
const MOST: usize = 400;
const DEEPEST: usize = 24;

/// Keywords, each with what it says.
pub type Members = Vec<(String, Rule)>;

/// Keywords, and what they refer to.
pub type Part = (Members, BTreeMap<String, Rule>);

pub struct Writer<'l, 'd> {
    lowering: &'l Lowering<'d>,
    hidden: &'l BTreeSet<&'d str>,
    /// What is referred to, by the names that references have here.
    definitions: BTreeMap<String, Rule>,
    /// Schemas that are referred to and not written yet.
    open: Vec<(Id<Schema>, String)>,
    /// Whether the schemas that are referred to look at a value beside others.
    seen: BTreeMap<Id<Schema>, bool>,
    count: usize,
    depth: usize,
    /// Whether what is written looks at a value beside other schemas.
    is_beside: bool,
}

impl<'l, 'd> Writer<'l, 'd> {
    /// Writes keywords, and what they refer to; `None` where something of it cannot be written.
    pub fn write(
        lowering: &'l Lowering<'d>,
        hidden: &'l BTreeSet<&'d str>,
        members: impl FnOnce(&mut Self) -> Option<Members>,
    ) -> Option<Part> {
        let mut writer = Self {
            lowering,
            hidden,
            definitions: BTreeMap::new(),
            open: Vec::new(),
            seen: BTreeMap::new(),
            count: 0,
            depth: 0,
            is_beside: false,
        };
        let members = members(&mut writer)?;
        while let Some((id, name)) = writer.open.pop() {
            writer.is_beside = writer.seen.get(&id).copied().unwrap_or(true);
            let rule = writer.whole(id)?;
            writer.definitions.insert(name, rule);
        }
        Some((members, writer.definitions))
    }

    /// Writes schemas that look at a value beside others.
    pub fn in_place<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        self.set_beside(true, write)
    }

    fn set_beside<T>(&mut self, is_beside: bool, write: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.is_beside, is_beside);
        let written = write(self);
        self.is_beside = before;
        written
    }

    /// What a keyword of a type's schema says, with those that it depends on.
    pub fn keyword(
        &mut self,
        flat: &Flat<'_>,
        part: &Member<'_>,
        keyword: &str,
    ) -> Option<Members> {
        let schema = part.schema;
        let mut members = Members::new();
        match keyword {
            "additionalProperties" => {
                // Without patterns the type knows what further properties are.
                if flat.patterns.is_empty() {
                    return None;
                }
                let anything = |name: &str| (name.to_owned(), Rule::Literal("{}".to_owned()));
                let names = flat.properties.keys().map(|name| anything(name));
                push(&mut members, "properties", Rule::Object(names.collect()));
                let all = flat.parts.iter();
                let patterns = all.flat_map(|it| it.schema.object.pattern_properties.keys());
                let patterns: BTreeSet<&String> = patterns.collect();
                let patterns = patterns.into_iter().map(|pattern| anything(pattern));
                push(
                    &mut members,
                    "patternProperties",
                    Rule::Patterns(patterns.collect()),
                );
                let additional = schema.object.additional_properties;
                self.one(&mut members, "additionalProperties", additional)?;
            }
            "unevaluatedProperties" | "unevaluatedItems" => {
                // What schemas beside it name, it does not know.
                if !part.knows_all {
                    return None;
                }
                let Rule::Object(all) = self.body(schema)? else {
                    return None;
                };
                members = all;
            }
            "multipleOf" => literal(&mut members, keyword, schema.number.multiple_of.as_ref()),
            "pattern" => pattern(&mut members, schema.string.pattern.as_ref()),
            _ => self.own(&mut members, schema, keyword)?,
        }
        Some(members)
    }

    /// What a keyword says by itself.
    fn own(&mut self, members: &mut Members, schema: &Schema, keyword: &str) -> Option<()> {
        let (array, object) = (&schema.array, &schema.object);
        match keyword {
            "not" => self.in_place(|it| it.one(members, "not", schema.not)),
            "if" => self.in_place(|it| {
                it.one(members, "if", schema.if_)?;
                it.one(members, "then", schema.then)?;
                it.one(members, "else", schema.else_)
            }),
            "dependentSchemas" => {
                let schemas = schema.dependent_schemas.iter();
                self.in_place(|it| it.named(members, "dependentSchemas", schemas))
            }
            "contains" => {
                self.set_beside(false, |it| it.one(members, "contains", array.contains))?;
                count(members, "minContains", array.min_contains.as_ref());
                count(members, "maxContains", array.max_contains.as_ref());
                Some(())
            }
            "propertyNames" => self.one(members, "propertyNames", object.property_names),
            "patternProperties" => self.set_beside(false, |it| it.patterns(members, schema)),
            _ => None,
        }
    }

    /// A schema with all its keywords.
    fn whole(&mut self, id: Id<Schema>) -> Option<Rule> {
        self.count += 1;
        let schema = &self.lowering.document[id];
        let is_wrong = schema.unclear || self.lowering.broken[id.index()];
        if is_wrong || self.count > MOST || self.depth == DEEPEST {
            return None;
        }
        if let Some(truth) = schema.boolean {
            return Some(Rule::Literal(truth.to_string()));
        }
        self.depth += 1;
        let rule = self.body(schema);
        self.depth -= 1;
        rule
    }

    fn body(&mut self, schema: &Schema) -> Option<Rule> {
        let mut members = Members::new();
        if schema.dynamic_reference.is_some() || self.is_misjudged(schema) {
            return None;
        }
        if let Some(reference) = &schema.reference {
            let is_beside = self.is_beside || !schema.is_bare_reference();
            let name = self.refer(reference.target?, is_beside)?;
            let text = verbatim_source::write::quoted(&format!("#/$defs/{name}"));
            push(&mut members, "$ref", Rule::Literal(text));
        }
        let types = schema.types.iter();
        let types = types.map(|it| Rule::Literal(format!("\"{}\"", it.value.as_str())));
        let mut types: Vec<Rule> = types.collect();
        match types.len() {
            0 => {}
            1 => push(&mut members, "type", types.remove(0)),
            _ => push(&mut members, "type", Rule::Array(types)),
        }
        if let Some(values) = &schema.enumeration {
            let values = values.iter().map(|it| Rule::Literal(json(&it.value)));
            push(&mut members, "enum", Rule::Array(values.collect()));
        }
        if let Some(value) = &schema.constant {
            push(&mut members, "const", Rule::Literal(json(&value.value)));
        }
        self.in_place(|it| {
            it.several(&mut members, "allOf", &schema.all_of)?;
            it.several(&mut members, "anyOf", &schema.any_of)?;
            it.several(&mut members, "oneOf", &schema.one_of)
        })?;
        let own = ["not", "if", "contains", "propertyNames", "dependentSchemas"];
        for keyword in own.into_iter().filter(|keyword| says(schema, keyword)) {
            self.own(&mut members, schema, keyword)?;
        }
        Self::plain(&mut members, schema);
        self.set_beside(false, |it| {
            it.array(&mut members, schema)?;
            it.object(&mut members, schema)
        })?;
        let nullable = schema.nullable.as_ref().is_some_and(|it| it.value);
        Some(if nullable {
            let null = Rule::Literal("{\"type\":\"null\"}".to_owned());
            let both = Rule::Array(vec![null, Rule::Object(members)]);
            Rule::Object(vec![("anyOf".to_owned(), both)])
        } else {
            Rule::Object(members)
        })
    }

    /// Whether a schema says of further properties or items what its author hardly means: by the letter it knows none of
    /// those that the schemas beside it name.
    fn is_misjudged(&self, schema: &Schema) -> bool {
        let is_telling =
            |id: Option<Id<Schema>>| id.is_some_and(|id| !self.lowering.document[id].is_anything());
        let (array, object) = (&schema.array, &schema.object);
        let has_others = !(schema.all_of.is_empty()
            && schema.any_of.is_empty()
            && schema.one_of.is_empty()
            && schema.dependent_schemas.is_empty()
            && schema.if_.is_none()
            && schema.reference.is_none());
        let knows_less = self.is_beside || has_others;
        let further = [
            object.additional_properties,
            array.items.filter(|_| !array.prefix_items.is_empty()),
        ];
        let rest = [object.unevaluated_properties, array.unevaluated_items];
        (knows_less && further.into_iter().any(is_telling))
            || (self.is_beside && rest.into_iter().any(is_telling))
    }

    fn plain(members: &mut Members, schema: &Schema) {
        let (number, string) = (&schema.number, &schema.string);
        literal(members, "multipleOf", number.multiple_of.as_ref());
        literal(members, "minimum", number.minimum.as_ref());
        literal(members, "maximum", number.maximum.as_ref());
        literal(
            members,
            "exclusiveMinimum",
            number.exclusive_minimum.as_ref(),
        );
        literal(
            members,
            "exclusiveMaximum",
            number.exclusive_maximum.as_ref(),
        );
        count(members, "minLength", string.min_length.as_ref());
        count(members, "maxLength", string.max_length.as_ref());
        pattern(members, string.pattern.as_ref());
    }

    fn array(&mut self, members: &mut Members, schema: &Schema) -> Option<()> {
        let rules = &schema.array;
        self.several(members, "prefixItems", &rules.prefix_items)?;
        self.one(members, "items", rules.items)?;
        self.one(members, "unevaluatedItems", rules.unevaluated_items)?;
        count(members, "minItems", rules.min_items.as_ref());
        count(members, "maxItems", rules.max_items.as_ref());
        if rules.unique_items.as_ref().is_some_and(|it| it.value) {
            push(members, "uniqueItems", Rule::Literal("true".to_owned()));
        }
        Some(())
    }

    fn object(&mut self, members: &mut Members, schema: &Schema) -> Option<()> {
        let rules = &schema.object;
        let is_hidden = |name: &Text| {
            let property = rules.properties.get(&name.value);
            self.hidden.contains(name.value.as_str())
                || property.is_some_and(|it| self.lowering.is_hidden(it.schema))
        };
        if rules.required.iter().any(is_hidden) {
            return None;
        }
        let texts = |names: &[Text]| {
            let names = names.iter();
            let names = names.map(|it| Rule::Literal(verbatim_source::write::quoted(&it.value)));
            Rule::Array(names.collect())
        };
        if !rules.required.is_empty() {
            push(members, "required", texts(&rules.required));
        }
        if !rules.dependent_required.is_empty() {
            let all = rules.dependent_required.iter();
            let all = all.map(|(name, needs)| (name.clone(), texts(needs)));
            push(members, "dependentRequired", Rule::Object(all.collect()));
        }
        let properties = rules.properties.iter();
        let properties = properties.map(|(name, property)| (name, &property.schema));
        self.named(members, "properties", properties)?;
        self.patterns(members, schema)?;
        self.one(members, "additionalProperties", rules.additional_properties)?;
        self.one(
            members,
            "unevaluatedProperties",
            rules.unevaluated_properties,
        )?;
        count(members, "minProperties", rules.min_properties.as_ref());
        count(members, "maxProperties", rules.max_properties.as_ref());
        Some(())
    }

    fn one(
        &mut self,
        members: &mut Members,
        keyword: &str,
        schema: Option<Id<Schema>>,
    ) -> Option<()> {
        if let Some(schema) = schema {
            let rule = self.whole(schema)?;
            push(members, keyword, rule);
        }
        Some(())
    }

    pub fn each(&mut self, schemas: &[Id<Schema>]) -> Option<Rule> {
        let rules = schemas.iter().map(|schema| self.whole(*schema));
        rules.collect::<Option<_>>().map(Rule::Array)
    }

    fn several(
        &mut self,
        members: &mut Members,
        keyword: &str,
        schemas: &[Id<Schema>],
    ) -> Option<()> {
        if !schemas.is_empty() {
            let rules = self.each(schemas)?;
            push(members, keyword, rules);
        }
        Some(())
    }

    fn named<'n>(
        &mut self,
        members: &mut Members,
        keyword: &str,
        schemas: impl Iterator<Item = (&'n String, &'n Id<Schema>)>,
    ) -> Option<()> {
        let rules = schemas.map(|(name, schema)| Some((name.clone(), self.whole(*schema)?)));
        let rules: Members = rules.collect::<Option<_>>()?;
        if !rules.is_empty() {
            push(members, keyword, Rule::Object(rules));
        }
        Some(())
    }

    fn patterns(&mut self, members: &mut Members, schema: &Schema) -> Option<()> {
        let schemas = schema.object.pattern_properties.iter();
        let rules = schemas.map(|(name, schema)| Some((name.clone(), self.whole(*schema)?)));
        let rules: Members = rules.collect::<Option<_>>()?;
        if !rules.is_empty() && members.iter().all(|(it, _)| it != "patternProperties") {
            push(members, "patternProperties", Rule::Patterns(rules));
        }
        Some(())
    }

    /// The name of a schema that is referred to; `None` where it was written for another use of it.
    fn refer(&mut self, id: Id<Schema>, is_beside: bool) -> Option<String> {
        let is_plain = |name: &&str| {
            let mut letters = name.chars();
            letters.all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter))
        };
        let component = self.lowering.components.get(&id).copied().filter(is_plain);
        let name = component.map_or_else(|| format!("schema {}", id.index()), str::to_owned);
        match self.seen.insert(id, is_beside) {
            None => self.open.push((id, name.clone())),
            Some(before) if before != is_beside => return None,
            Some(_) => {}
        }
        Some(name)
    }
}

fn push(members: &mut Members, keyword: &str, rule: Rule) {
    members.push((keyword.to_owned(), rule));
}

fn literal(members: &mut Members, keyword: &str, number: Option<&Text>) {
    if let Some(number) = number {
        push(members, keyword, Rule::Literal(number.value.clone()));
    }
}

fn count(members: &mut Members, keyword: &str, count: Option<&Spanned<u64>>) {
    if let Some(count) = count {
        push(members, keyword, Rule::Literal(count.value.to_string()));
    }
}

fn pattern(members: &mut Members, pattern: Option<&Text>) {
    if let Some(pattern) = pattern {
        push(members, "pattern", Rule::Pattern(pattern.value.clone()));
    }
}
