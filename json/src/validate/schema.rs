//! Keywords of JSON Schema that no field expresses (`not`, `if`, `contains` and their like), looked at in the JSON
//! that is sent. Messages hold no value, since any of them may be a secret.

mod tree;

use super::known::Known;
use super::{Checker, Violation, pattern};
use crate::{Json, Map};
use serde::Serialize;
use std::cell::Cell;
use std::collections::BTreeSet;
use tree::Tree;

/// How many schemas are looked at within one another, and in all; a schema may refer to itself, even several times.
const DEEPEST: usize = 256;
const MOST: usize = 1_000_000;

static KNOWN: Known<Tree> = Known::new();

impl Checker {
    /// The keywords of a schema of JSON Schema 2020-12, given as its text. Patterns are in the syntax of `regex_lite`;
    /// `$ref` names one of the schema's own `$defs`; `format` and what else describes a value checks nothing. Nothing is
    /// reported of a value for which the schema has no end.
    pub fn schema<V: Serialize + ?Sized>(&mut self, value: &V, schema: &str) {
        let value = Json::encode(value).ok();
        let read = |text: &str| text.parse::<Json>().ok().as_ref().and_then(Tree::of);
        let schema = KNOWN.get(schema, read);
        let (Some(value), Some(schema)) = (value.as_ref().and_then(Tree::of), schema) else {
            return;
        };
        let before = self.violations.len();
        let steps = Cell::new(0);
        let evaluation = Evaluation {
            definitions: schema.member("$defs"),
            depth: 0,
            steps: &steps,
        };
        evaluation.apply("schema", &schema, &value, self);
        if steps.get() >= MOST {
            self.violations.truncate(before);
        }
    }
}

/// The properties and items that a schema spoke of, for `unevaluatedProperties` and `unevaluatedItems`.
#[derive(Debug, Default)]
struct Evaluated {
    properties: BTreeSet<String>,
    items: BTreeSet<usize>,
}

impl Evaluated {
    fn take_in(&mut self, other: Self) {
        self.properties.extend(other.properties);
        self.items.extend(other.items);
    }
}

#[derive(Clone, Copy)]
struct Evaluation<'s> {
    definitions: Option<&'s Tree>,
    depth: usize,
    /// How many schemas were looked at; `MOST` where there is no end to them.
    steps: &'s Cell<usize>,
}

impl<'s> Evaluation<'s> {
    /// Reports what of the value breaks the schema, and tells what the schema spoke of. `rule` is the keyword that holds
    /// the schema.
    fn apply(
        mut self,
        rule: &'static str,
        schema: &'s Tree,
        value: &Tree,
        at: &mut Checker,
    ) -> Evaluated {
        let mut evaluated = Evaluated::default();
        if *schema == Tree::Boolean(false) {
            at.violation(rule, "no value is allowed here");
        }
        self.depth += 1;
        let steps = if self.depth > DEEPEST {
            MOST
        } else {
            self.steps.get() + 1
        };
        self.steps.set(steps.min(MOST));
        if steps >= MOST {
            return evaluated;
        }
        for (keyword, said) in schema.members() {
            scalar(keyword, said, value, at);
            self.in_place(keyword, schema, said, value, at, &mut evaluated);
            match value {
                Tree::Object(members) => {
                    self.object(keyword, schema, said, members, at, &mut evaluated);
                }
                Tree::Array(items) => self.array(keyword, schema, said, items, at, &mut evaluated),
                _ => {}
            }
        }
        self.rest(schema, value, at, &mut evaluated);
        evaluated
    }

    /// What a schema speaks of, where the value fits it.
    fn fits(self, schema: &'s Tree, value: &Tree) -> Option<Evaluated> {
        let mut checker = Checker::new();
        let evaluated = self.apply("schema", schema, value, &mut checker);
        checker.finish().is_ok().then_some(evaluated)
    }

    /// Applies a schema under a condition, and says so.
    fn under(self, condition: &str, schema: &'s Tree, value: &Tree, at: &mut Checker) -> Evaluated {
        let before = at.violations.len();
        let evaluated = self.apply("schema", schema, value, at);
        for Violation { message, .. } in &mut at.violations[before..] {
            message.push_str(condition);
        }
        evaluated
    }

    /// Keywords whose schemas look at the same value.
    fn in_place(
        self,
        keyword: &str,
        schema: &'s Tree,
        said: &'s Tree,
        value: &Tree,
        at: &mut Checker,
        evaluated: &mut Evaluated,
    ) {
        match keyword {
            "$ref" => {
                let name = said.text().and_then(|text| text.strip_prefix("#/$defs/"));
                let target = name.and_then(|name| self.definitions?.member(name));
                if let Some(target) = target {
                    evaluated.take_in(self.apply("$ref", target, value, at));
                }
            }
            "allOf" => {
                for each in said.items() {
                    evaluated.take_in(self.apply("allOf", each, value, at));
                }
            }
            "anyOf" => {
                let fitting: Vec<Evaluated> = self.fitting(said, value).collect();
                if fitting.is_empty() {
                    at.violation("anyOf", "the value fits no alternative of `anyOf`");
                }
                for it in fitting {
                    evaluated.take_in(it);
                }
            }
            "oneOf" => {
                let fitting: Vec<Evaluated> = self.fitting(said, value).collect();
                if fitting.len() != 1 {
                    let count = fitting.len();
                    let message = format!("the value fits {count} alternatives of `oneOf`");
                    at.violation("oneOf", format!("{message}, exactly one is needed"));
                }
                for it in fitting {
                    evaluated.take_in(it);
                }
            }
            "not" if self.fits(said, value).is_some() => {
                at.violation("not", "the document rules such a value out by `not`");
            }
            "if" => {
                let holds = self.fits(said, value);
                let (branch, condition) = match holds {
                    Some(_) => ("then", ", as `if` holds"),
                    None => ("else", ", as `if` does not hold"),
                };
                if let Some(it) = holds {
                    evaluated.take_in(it);
                }
                if let Some(branch) = schema.member(branch) {
                    evaluated.take_in(self.under(condition, branch, value, at));
                }
            }
            "dependentSchemas" => {
                let present = said
                    .members()
                    .filter(|(name, _)| value.member(name).is_some());
                for (name, dependent) in present {
                    let condition = format!(", as `{name}` is there");
                    evaluated.take_in(self.under(&condition, dependent, value, at));
                }
            }
            _ => {}
        }
    }

    fn fitting(self, schemas: &'s Tree, value: &Tree) -> impl Iterator<Item = Evaluated> {
        let schemas = schemas.items().iter();
        schemas.filter_map(move |schema| self.fits(schema, value))
    }

    /// Keywords about the members of an object.
    fn object(
        self,
        keyword: &str,
        schema: &'s Tree,
        said: &'s Tree,
        members: &Map<Tree>,
        at: &mut Checker,
        evaluated: &mut Evaluated,
    ) {
        match keyword {
            "required" => {
                for name in said.texts().filter(|name| !members.contains_key(*name)) {
                    at.violation("required", format!("`{name}` is needed"));
                }
            }
            "dependentRequired" => {
                let present = said
                    .members()
                    .filter(|(name, _)| members.contains_key(*name));
                for (name, needs) in present {
                    let missing = needs.texts().filter(|need| !members.contains_key(*need));
                    missing.for_each(|need| at.dependent_required((name, true), (need, false)));
                }
            }
            "minProperties" => at.min_properties(members.len(), said.count()),
            "maxProperties" => at.max_properties(members.len(), said.count()),
            "propertyNames" => {
                for name in members.keys() {
                    if self.fits(said, &Tree::Text(name.clone())).is_none() {
                        at.property(name, |at| {
                            at.violation("propertyNames", "no property may have this name");
                        });
                    }
                }
            }
            "properties" => {
                for (name, value) in members {
                    if let Some(schema) = said.member(name) {
                        self.property("properties", name, schema, value, at, evaluated);
                    }
                }
            }
            "patternProperties" => {
                for (pattern, schema) in said.members() {
                    let fitting = members
                        .iter()
                        .filter(|(name, _)| pattern::fits(pattern, name));
                    for (name, value) in fitting {
                        self.property("patternProperties", name, schema, value, at, evaluated);
                    }
                }
            }
            "additionalProperties" => {
                for (name, value) in members.iter().filter(|(name, _)| !is_named(schema, name)) {
                    self.property("additionalProperties", name, said, value, at, evaluated);
                }
            }
            _ => {}
        }
    }

    fn property(
        self,
        rule: &'static str,
        name: &str,
        schema: &'s Tree,
        value: &Tree,
        at: &mut Checker,
        evaluated: &mut Evaluated,
    ) {
        evaluated.properties.insert(name.to_owned());
        at.property(name, |at| drop(self.apply(rule, schema, value, at)));
    }

    /// Keywords about the items of an array.
    fn array(
        self,
        keyword: &str,
        schema: &'s Tree,
        said: &'s Tree,
        items: &[Tree],
        at: &mut Checker,
        evaluated: &mut Evaluated,
    ) {
        let count = |keyword: &str| schema.member(keyword).map(Tree::count);
        match keyword {
            "prefixItems" => {
                for (index, (schema, item)) in said.items().iter().zip(items).enumerate() {
                    self.item("prefixItems", index, schema, item, at, evaluated);
                }
            }
            "items" => {
                let prefix = schema
                    .member("prefixItems")
                    .map_or(0, |it| it.items().len());
                for (index, item) in items.iter().enumerate().skip(prefix) {
                    self.item("items", index, said, item, at, evaluated);
                }
            }
            "contains" => {
                let all = items.iter().enumerate();
                let fitting = all.filter(|(_, item)| self.fits(said, item).is_some());
                let fitting: Vec<usize> = fitting.map(|(index, _)| index).collect();
                let (least, most) = (count("minContains").unwrap_or(1), count("maxContains"));
                let found = fitting.len();
                if found < least {
                    let message = format!("{found} items fit `contains`, at least {least}");
                    at.violation("contains", format!("{message} must"));
                }
                if let Some(most) = most.filter(|most| found > *most) {
                    let message = format!("{found} items fit `contains`, at most {most}");
                    at.violation("maxContains", format!("{message} may"));
                }
                evaluated.items.extend(fitting);
            }
            "minItems" => at.min_items(items, said.count()),
            "maxItems" => at.max_items(items, said.count()),
            "uniqueItems" if *said == Tree::Boolean(true) => {
                let mut all = items.iter().enumerate();
                let repeated = all.find(|(index, item)| items[..*index].contains(item));
                if let Some((index, _)) = repeated {
                    at.violation(
                        "uniqueItems",
                        format!("item {index} repeats an earlier one"),
                    );
                }
            }
            _ => {}
        }
    }

    fn item(
        self,
        rule: &'static str,
        index: usize,
        schema: &'s Tree,
        item: &Tree,
        at: &mut Checker,
        evaluated: &mut Evaluated,
    ) {
        evaluated.items.insert(index);
        at.property(&index.to_string(), |at| {
            drop(self.apply(rule, schema, item, at));
        });
    }

    /// What nothing else in the schema spoke of.
    fn rest(self, schema: &'s Tree, value: &Tree, at: &mut Checker, evaluated: &mut Evaluated) {
        match value {
            Tree::Object(members) => {
                let Some(rest) = schema.member("unevaluatedProperties") else {
                    return;
                };
                for (name, value) in members {
                    if !evaluated.properties.contains(name) {
                        self.property("unevaluatedProperties", name, rest, value, at, evaluated);
                    }
                }
            }
            Tree::Array(items) => {
                let Some(rest) = schema.member("unevaluatedItems") else {
                    return;
                };
                for (index, item) in items.iter().enumerate() {
                    if !evaluated.items.contains(&index) {
                        self.item("unevaluatedItems", index, rest, item, at, evaluated);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether `properties` or `patternProperties` speak of a property.
fn is_named(schema: &Tree, name: &str) -> bool {
    let properties = schema.member("properties");
    let mut patterns = schema.member("patternProperties").into_iter();
    properties.is_some_and(|it| it.member(name).is_some())
        || patterns.any(|it| {
            it.members()
                .any(|(pattern, _)| pattern::fits(pattern, name))
        })
}

/// Keywords about values without parts.
fn scalar(keyword: &str, said: &Tree, value: &Tree, at: &mut Checker) {
    match (keyword, value) {
        ("type", _) => {
            let kinds: Vec<&str> = said.text().into_iter().chain(said.texts()).collect();
            if !kinds.iter().any(|kind| value.is_a(kind)) {
                at.violation("type", format!("it must be of type {}", kinds.join(" or ")));
            }
        }
        ("enum", _) if !said.items().contains(value) => {
            at.violation("enum", "it is none of the values of `enum`");
        }
        ("const", _) if said != value => at.violation("const", "it is not the value of `const`"),
        (_, Tree::Number(number)) => {
            let Tree::Number(bound) = said else { return };
            let (rule, is_kept, words) = match keyword {
                "minimum" => ("minimum", number >= bound, "below the minimum"),
                "maximum" => ("maximum", number <= bound, "above the maximum"),
                "exclusiveMinimum" => ("exclusiveMinimum", number > bound, "not above"),
                "exclusiveMaximum" => ("exclusiveMaximum", number < bound, "not below"),
                "multipleOf" => (
                    "multipleOf",
                    number.is_multiple_of(bound),
                    "not a multiple of",
                ),
                _ => return,
            };
            if !is_kept {
                at.violation(rule, format!("the number is {words} {bound}"));
            }
        }
        ("minLength", Tree::Text(text)) => at.min_length(text, said.count()),
        ("maxLength", Tree::Text(text)) => at.max_length(text, said.count()),
        ("pattern", Tree::Text(text)) => {
            let pattern = said.text().unwrap_or_default();
            if !pattern::fits(pattern, text) {
                at.violation("pattern", format!("it does not fit the pattern {pattern}"));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(schema: &str, value: &str) -> String {
        let value: Json = value.parse().unwrap();
        let mut checker = Checker::new();
        checker.schema(&value, schema);
        let violations = checker.finish();
        violations
            .err()
            .map(|it| it.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn conditions_say_what_they_depend_on() {
        let card = r#"{"if": {"properties": {"kind": {"const": "card"}}, "required": ["kind"]},
            "then": {"required": ["number"]}, "else": {"required": ["iban"]}}"#;
        assert_eq!(broken(card, r#"{"kind": "card", "number": "1"}"#), "");
        assert_eq!(
            broken(card, r#"{"kind": "card"}"#),
            "the value: `number` is needed, as `if` holds"
        );
        assert_eq!(
            broken(card, "{}"),
            "the value: `iban` is needed, as `if` does not hold"
        );
        let depends = r#"{"dependentSchemas": {"a": {"properties": {"b": {"maximum": 1.5}}}}}"#;
        assert_eq!(broken(depends, r#"{"b": 2}"#), "");
        assert_eq!(
            broken(depends, r#"{"a": 1, "b": 1.50001}"#),
            "/b: the number is above the maximum 1.5, as `a` is there"
        );
    }

    #[test]
    fn items_that_fit_are_counted() {
        let one = r#"{"contains": {"const": "main"}, "maxContains": 1}"#;
        assert_eq!(broken(one, r#"["a", "main"]"#), "");
        assert_eq!(
            broken(one, r#"["a"]"#),
            "the value: 0 items fit `contains`, at least 1 must"
        );
        assert_eq!(
            broken(one, r#"["main", "main"]"#),
            "the value: 2 items fit `contains`, at most 1 may"
        );
        assert_eq!(broken(r#"{"contains": true, "minContains": 0}"#, "[]"), "");
    }

    #[test]
    fn properties_beside_those_of_patterns_are_further_ones() {
        let closed = r#"{"properties": {"a": {}}, "patternProperties": {"^x-": {"type": "string"}},
            "additionalProperties": false}"#;
        assert_eq!(broken(closed, r#"{"a": 1, "x-b": "c"}"#), "");
        assert_eq!(
            broken(closed, r#"{"x-b": 1, "c": 2}"#),
            "/c: no value is allowed here; /x-b: it must be of type string"
        );
        let names = r#"{"propertyNames": {"pattern": "^[a-z]+$"}}"#;
        assert_eq!(
            broken(names, r#"{"ab": 1, "B": 2}"#),
            "/B: no property may have this name"
        );
    }

    #[test]
    fn what_no_schema_spoke_of_is_left_over() {
        let rest = r##"{"allOf": [{"$ref": "#/$defs/Base"}], "properties": {"b": {}},
            "unevaluatedProperties": false, "$defs": {"Base": {"properties": {"a": {}}}}}"##;
        assert_eq!(broken(rest, r#"{"a": 1, "b": 2}"#), "");
        assert_eq!(broken(rest, r#"{"c": 1}"#), "/c: no value is allowed here");
        let items = r#"{"prefixItems": [{}], "contains": {"type": "string"},
            "unevaluatedItems": {"type": "null"}}"#;
        assert_eq!(broken(items, r#"[1, "a", null]"#), "");
        assert_eq!(
            broken(items, r#"[1, "a", 2]"#),
            "/2: it must be of type null"
        );
    }

    #[test]
    fn values_are_compared_as_exact_json() {
        let listed = r#"{"not": {"enum": [{"a": 1, "b": [1.0]}, 100]}}"#;
        assert_eq!(broken(listed, r#"{"a": 1}"#), "");
        for value in [r#"{"b": [1], "a": 1.00}"#, "1e2"] {
            assert_eq!(
                broken(listed, value),
                "the value: the document rules such a value out by `not`",
                "{value}"
            );
        }
    }

    #[test]
    fn a_schema_within_itself_ends() {
        let endless =
            r##"{"$ref": "#/$defs/A", "$defs": {"A": {"allOf": [{"$ref": "#/$defs/A"}]}}}"##;
        assert_eq!(broken(endless, "1"), "");
        let doubling = r##"{"not": {"$ref": "#/$defs/A"}, "$defs": {"A": {"anyOf": [{"$ref": "#/$defs/A"},
            {"$ref": "#/$defs/A"}]}}}"##;
        assert_eq!(broken(doubling, "1"), "");
    }

    #[test]
    fn messages_hold_no_value() {
        let long = r#"{"properties": {"pin": {"pattern": "^[0-9]+$", "not": {"const": "12"}}}}"#;
        for value in [r#"{"pin": "canary"}"#, r#"{"pin": "12"}"#] {
            let broken = broken(long, value);
            assert!(!broken.is_empty() && !broken.contains("canary") && !broken.contains("\"12\""));
        }
    }
}
