//! Schemas.

mod keyword;

use indexmap::IndexMap;
use verbatim_source::{Member, Node, Object, Span, Value};

use super::Reader;
use super::fields::Entry;
use super::spot::{NodeRef, ReadMode};
use crate::document::input::is_uri;
use crate::document::{
    Discriminator, Id, Property, Reference, Schema, SchemaReference, Spanned, Text, Type, Version,
    Xml,
};
use crate::problem::kind;

/// Members of a parameter or header of Swagger 2.0 that are not about its value's schema.
const AROUND_INLINE: [&str; 5] = [
    "name",
    "in",
    "required",
    "allowEmptyValue",
    "collectionFormat",
];

impl<'a> Reader<'a> {
    pub(super) fn read_schema(&mut self, spot: &NodeRef<'a>) -> Schema {
        let mut schema = Schema {
            location: self.location(spot),
            span: spot.span(),
            ..Schema::default()
        };
        match &spot.node.value {
            Value::Bool(value) => schema.boolean = Some(*value),
            Value::Object(object) => self.keywords(spot, object, &mut schema),
            _ => self.wrong_kind(spot.node, "the schema", "an object or a boolean"),
        }
        schema
    }

    fn keywords(&mut self, spot: &NodeRef<'a>, object: &'a Object, schema: &mut Schema) {
        let mut extensions = Vec::new();
        let mut other = Vec::new();
        let inline = spot.manner == ReadMode::Inline;
        for member in object {
            let key = member.key.as_str();
            if inline && AROUND_INLINE.contains(&key) {
                continue;
            }
            if key.starts_with("x-") {
                if key == "x-nullable" && self.is(Version::V2) {
                    schema.nullable = self.flag_of(&member.value, key);
                }
                extensions.push(member.clone());
                continue;
            }
            let at = spot.down(key, &member.value);
            // A keyword that cannot be understood is left out alone; without a reference, nothing
            // is known about the value.
            let is_known = if matches!(key, "$ref" | "$dynamicRef" | "$recursiveRef") {
                self.keyword(key, &at, member, schema)
            } else {
                self.aside(|reader| reader.keyword(key, &at, member, schema))
            };
            if !is_known {
                if !inline {
                    self.unknown_member(member);
                }
                other.push(member.clone());
            }
        }
        schema.extensions = Object::from_members(extensions).0;
        schema.other = Object::from_members(other).0;
        self.exclusive_limits(object, schema);
        self.values_as_texts(schema);
        if object.contains_key("additionalItems") && !object.contains_key("items") {
            // Without `items` it says nothing.
            schema.array.items = None;
        }
    }

    /// The boolean forms of exclusive limits, of `OpenAPI` 3.0 and Swagger 2.0, as numbers.
    fn exclusive_limits(&mut self, object: &Object, schema: &mut Schema) {
        let is_later = matches!(self.version, Version::V3_1 | Version::V3_2);
        for key in ["exclusiveMaximum", "exclusiveMinimum"] {
            let Some(node) = object.get(key) else {
                continue;
            };
            if matches!(node.value, Value::Bool(true)) {
                let rules = &mut *schema.number;
                if key == "exclusiveMaximum" {
                    rules.exclusive_maximum = rules.maximum.take();
                } else {
                    rules.exclusive_minimum = rules.minimum.take();
                }
            }
            if is_later == matches!(node.value, Value::Bool(_)) {
                self.other_version(key, node.span);
            }
        }
    }

    /// Values of `enum` and `const` of a text that YAML, or the author, writes as numbers or booleans: `1.10` for
    /// a version is the text `"1.10"`.
    fn values_as_texts(&mut self, schema: &mut Schema) {
        let is_text = |kind: &Spanned<Type>| matches!(kind.value, Type::String | Type::Null);
        let has_text = schema.types.iter().any(|kind| kind.value == Type::String);
        if !has_text || !schema.types.iter().all(is_text) {
            return;
        }
        let listed = schema.enumeration.iter_mut().flatten();
        for node in listed.chain(&mut schema.constant) {
            let literal = match &node.value {
                Value::Number(lexeme) => self.literal(node.span).unwrap_or(lexeme).to_owned(),
                Value::Bool(value) => {
                    let plain = if *value { "true" } else { "false" };
                    self.literal(node.span).unwrap_or(plain).to_owned()
                }
                _ => continue,
            };
            let message = format!("`{literal}` is no string, which `type` asks for");
            let label = format!("is taken as `\"{literal}\"`");
            self.warn(&kind::WRONG_KIND, message, node.span, &label);
            node.value = Value::String(literal);
        }
    }

    /// How a scalar is written in the text.
    fn literal(&self, span: Span) -> Option<&'a str> {
        let text = self.input.sources().slice(span).trim();
        let is_plain = !text.is_empty() && text.len() <= 64 && !text.contains(['\n', '*', '&']);
        is_plain.then_some(text)
    }

    /// The schema of a member's value.
    fn inner(&mut self, spot: &NodeRef<'a>) -> Id<Schema> {
        self.place(spot.clone())
    }

    fn schema_list(&mut self, spot: &NodeRef<'a>, key: &str) -> Vec<Id<Schema>> {
        let items = self.items_of(spot, key);
        if items.is_empty() && spot.node.as_array().is_some() {
            self.empty(spot, key);
        }
        items.into_iter().map(|item| self.place(item)).collect()
    }

    fn schema_map(&mut self, spot: &NodeRef<'a>, key: &str) -> IndexMap<String, Id<Schema>> {
        let entries = self.entries_of(spot, key);
        entries
            .into_iter()
            .map(|entry| (entry.key.to_owned(), self.place(entry.spot)))
            .collect()
    }

    fn properties(&mut self, spot: &NodeRef<'a>) -> IndexMap<String, Property> {
        let entries = self.entries_of(spot, "properties");
        let property = |entry: Entry<'a>| {
            let schema = self.place(entry.spot);
            (
                entry.key.to_owned(),
                Property {
                    key_span: entry.key_span,
                    schema,
                },
            )
        };
        entries.into_iter().map(property).collect()
    }

    fn empty(&mut self, spot: &NodeRef<'a>, key: &str) {
        let message = format!("`{key}` is empty");
        self.error(&kind::EMPTY_LIST, message, spot.span(), "needs an item");
    }

    /// `type`: a name, or since 3.1 a list of names.
    fn types(&mut self, spot: &NodeRef<'a>, schema: &mut Schema) {
        let names: Vec<&'a Node> = match &spot.node.value {
            Value::Array(items) => {
                if items.is_empty() {
                    self.empty(spot, "type");
                }
                if matches!(self.version, Version::V2 | Version::V3_0) {
                    self.other_version("a list of types", spot.span());
                }
                items.iter().collect()
            }
            _ => vec![spot.node],
        };
        for node in names {
            let Some(name) = self.text_or_null(node) else {
                continue;
            };
            if name.value == "file" && self.is(Version::V2) {
                let text = |value: &str| Spanned {
                    value: value.to_owned(),
                    span: name.span,
                };
                schema.types.push(Spanned {
                    value: Type::String,
                    span: name.span,
                });
                schema.format = Some(text("binary"));
                continue;
            }
            if let Some(value) = Type::of(&name.value) {
                let span = name.span;
                schema.types.push(Spanned { value, span });
            } else if let Some(value) = meant(&name.value) {
                let message = format!("`type: {}` is not a type", name.value);
                let label = format!("is taken as `{}`", value.as_str());
                let span = name.span;
                self.warn(&kind::UNKNOWN_VALUE, message, span, &label);
                schema.types.push(Spanned { value, span });
            } else {
                let message = format!("`type: {}` is not a type", name.value);
                let label = "must be null, boolean, integer, number, string, array or object";
                self.error(&kind::UNKNOWN_VALUE, message, name.span, label);
            }
        }
    }

    /// The name of a type; YAML reads an unquoted `null` as the value.
    fn text_or_null(&mut self, node: &Node) -> Option<Text> {
        if matches!(node.value, Value::Null) {
            return Some(Spanned {
                value: "null".to_owned(),
                span: node.span,
            });
        }
        self.text_of(node, "type")
    }

    fn schema_reference(
        &mut self,
        spot: &NodeRef<'a>,
        node: &'a Node,
        key: &str,
    ) -> Option<SchemaReference> {
        let text = self.text_of(node, key)?;
        let reference = Reference {
            text: text.value.clone(),
            span: text.span,
            ..Reference::default()
        };
        let target = self.target(spot, &reference).map(|found| self.place(found));
        Some(SchemaReference { text, target })
    }

    fn discriminator(&mut self, spot: &NodeRef<'a>) -> Discriminator {
        if let (Version::V2, Some(_)) = (self.version, spot.node.as_str()) {
            let property = self.text_of(spot.node, "discriminator").unwrap_or_default();
            return Discriminator {
                span: spot.span(),
                property,
                ..Discriminator::default()
            };
        }
        let mut fields = self.fields(spot, "the discriminator");
        let property = fields.needed(self, "propertyName");
        let mut mapping: IndexMap<String, SchemaReference> = IndexMap::new();
        for entry in fields.map(self, "mapping") {
            mapping.extend(
                self.mapped(&entry.spot)
                    .map(|target| (entry.key.to_owned(), target)),
            );
        }
        let default_mapping = fields
            .spot("defaultMapping")
            .and_then(|spot| self.mapped(&spot));
        let extensions = fields.rest(self).0;
        Discriminator {
            span: spot.span(),
            property,
            mapping: mapping.into(),
            default_mapping: default_mapping.map(Box::new),
            extensions,
        }
    }

    /// The schema that a value of a mapping names: by its name among the components of this file or
    /// of the root, or by reference.
    fn mapped(&mut self, spot: &NodeRef<'a>) -> Option<SchemaReference> {
        let text = self.text_of(spot.node, "mapping")?;
        let name = pointer_token(&text.value);
        let folder = if self.is(Version::V2) {
            "definitions"
        } else {
            "components/schemas"
        };
        let by_name = format!("#/{folder}/{name}");
        let root = self
            .trees
            .first_key_value()
            .map(|(file, root)| NodeRef::root(*file, root));
        let mut candidates = vec![(spot.clone(), by_name.clone())];
        candidates.extend(root.map(|root| (root, by_name)));
        if is_uri(&text.value) {
            candidates.insert(0, (spot.clone(), text.value.clone()));
        }
        let found = candidates
            .iter()
            .find_map(|(from, text)| self.quietly(from, text));
        if found.is_none() {
            let message = format!("the mapping names no schema: `{}`", text.value);
            self.error(&kind::MAPPING, message, text.span, "names nothing");
        }
        let target = found.map(|spot| self.place(spot));
        Some(SchemaReference { text, target })
    }

    fn xml(&mut self, spot: &NodeRef<'a>) -> Xml {
        let mut fields = self.fields(spot, "xml");
        Xml {
            span: spot.span(),
            name: fields.text(self, "name"),
            namespace: fields.text(self, "namespace"),
            prefix: fields.text(self, "prefix"),
            attribute: fields.flag(self, "attribute"),
            wrapped: fields.flag(self, "wrapped"),
            node_type: fields.text(self, "nodeType"),
            extensions: fields.rest(self).0,
        }
    }

    /// A limit of numbers, as a literal.
    fn limit(&mut self, member: &Member) -> Option<Text> {
        if let Value::Number(lexeme) = &member.value.value {
            return Some(Spanned {
                value: lexeme.clone(),
                span: member.value.span,
            });
        }
        self.wrong_kind(&member.value, &member.key, "a number");
        None
    }

    /// A count: a whole number from zero up, which may be written as `1.0`.
    fn count(&mut self, member: &Member) -> Option<Spanned<u64>> {
        let span = member.value.span;
        let Value::Number(lexeme) = &member.value.value else {
            self.wrong_kind(&member.value, &member.key, "a number");
            return None;
        };
        let decimal = verbatim_source::Decimal::parse(lexeme)?;
        match decimal.to_i128().map(u64::try_from) {
            Some(Ok(value)) => Some(Spanned { value, span }),
            // A count that large limits nothing that can exist; as a lower limit nothing meets it.
            _ if decimal.is_integer() && !decimal.is_negative() => Some(Spanned {
                value: u64::MAX,
                span,
            }),
            _ => {
                let message = format!("`{}: {lexeme}` is not a count", member.key);
                self.error(
                    &kind::BAD_COUNT,
                    message,
                    span,
                    "must be a whole number from zero up",
                );
                None
            }
        }
    }
}

/// The type that a name clearly means although it is not the name of one.
fn meant(name: &str) -> Option<Type> {
    let name = name.trim().to_ascii_lowercase();
    Some(match name.as_str() {
        "int" | "int32" | "int64" | "long" => Type::Integer,
        "float" | "double" | "decimal" => Type::Number,
        "bool" => Type::Boolean,
        "str" | "file" => Type::String,
        other => return Type::of(other),
    })
}

fn pointer_token(name: &str) -> String {
    name.replace('~', "~0")
        .replace('/', "~1")
        .replace('%', "%25")
}
