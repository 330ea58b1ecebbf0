//! One keyword of a schema.

use verbatim_source::{Member, Node, Object, Value};

use super::{NodeRef, Reader, Schema};
use crate::document::{ExternalDocs, Text, Version};
use crate::problem::kind;

impl<'a> Reader<'a> {
    /// Reads a keyword into a schema; false where it is not known.
    pub(super) fn keyword(
        &mut self,
        key: &str,
        at: &NodeRef<'a>,
        member: &'a Member,
        schema: &mut Schema,
    ) -> bool {
        self.combination(key, at, schema)
            || self.value(key, at, schema)
            || self.annotation(key, at, schema)
            || self.object_rule(key, at, member, schema)
            || self.array_rule(key, at, member, schema)
            || self.scalar_rule(key, at, member, schema)
            || self.identity(key, at, schema)
    }

    fn combination(&mut self, key: &str, at: &NodeRef<'a>, schema: &mut Schema) -> bool {
        match key {
            "$ref" => schema.reference = self.schema_reference(at, at.node, key),
            // Until 2019-09 there was one anchor of this kind, without a name.
            "$dynamicRef" | "$recursiveRef" => {
                schema.dynamic_reference = self.schema_reference(at, at.node, key).map(Box::new);
            }
            "allOf" => schema.all_of = self.schema_list(at, key),
            "anyOf" => schema.any_of = self.schema_list(at, key),
            "oneOf" => schema.one_of = self.schema_list(at, key),
            "not" => schema.not = Some(self.inner(at)),
            "if" => schema.if_ = Some(self.inner(at)),
            "then" => schema.then = Some(self.inner(at)),
            "else" => schema.else_ = Some(self.inner(at)),
            "dependencies" => self.dependencies(at, schema),
            "dependentSchemas" => schema.dependent_schemas = self.schema_map(at, key).into(),
            "$defs" | "definitions" => schema.definitions.extend(self.schema_map(at, key)),
            "discriminator" => schema.discriminator = Some(self.discriminator(at)),
            _ => return false,
        }
        true
    }

    fn value(&mut self, key: &str, at: &NodeRef<'a>, schema: &mut Schema) -> bool {
        match key {
            "type" => self.types(at, schema),
            "format" => schema.format = self.optional_text(at.node, key).or(schema.format.take()),
            "enum" => {
                if let Value::Array(items) = &at.node.value {
                    if items.is_empty() {
                        self.empty(at, key);
                    }
                    schema.enumeration = Some(items.clone());
                } else {
                    self.wrong_kind(at.node, key, "an array");
                }
            }
            "const" => schema.constant = Some(at.node.clone()),
            "nullable" if !self.is(Version::V2) => {
                if !self.is(Version::V3_0) {
                    self.other_version(key, at.span());
                }
                schema.nullable = self.flag_of(at.node, key);
            }
            _ => return false,
        }
        true
    }

    fn annotation(&mut self, key: &str, at: &NodeRef<'a>, schema: &mut Schema) -> bool {
        let notes = &mut schema.annotations;
        match key {
            "title" => notes.title = self.optional_text(at.node, key),
            "description" => notes.description = self.optional_text(at.node, key),
            "default" => notes.default = Some(at.node.clone()),
            "deprecated" => notes.deprecated = self.flag_of(at.node, key),
            "readOnly" => notes.read_only = self.flag_of(at.node, key),
            "writeOnly" => notes.write_only = self.flag_of(at.node, key),
            "example" => notes.examples.insert(0, at.node.clone()),
            "examples" => match &at.node.value {
                Value::Array(items) => notes.examples.extend(items.iter().cloned()),
                // Named examples belong to media types; in a schema their values are meant.
                Value::Object(named) => notes.examples.extend(named_examples(named)),
                _ => self.wrong_kind(at.node, key, "an array"),
            },
            "xml" => notes.xml = Some(self.xml(at)),
            "externalDocs" => notes.external_docs = Some(self.docs(at)),
            _ => return false,
        }
        true
    }

    fn docs(&mut self, at: &NodeRef<'a>) -> ExternalDocs {
        let mut fields = self.fields(at, "externalDocs");
        ExternalDocs {
            span: at.span(),
            url: fields.text(self, "url").unwrap_or_default(),
            description: fields.text(self, "description"),
            extensions: fields.rest(self).0,
        }
    }

    fn object_rule(
        &mut self,
        key: &str,
        at: &NodeRef<'a>,
        member: &Member,
        schema: &mut Schema,
    ) -> bool {
        let rules = &mut schema.object;
        match key {
            "properties" => rules.properties = self.properties(at),
            "patternProperties" => rules.pattern_properties = self.schema_map(at, key),
            "additionalProperties" => rules.additional_properties = Some(self.inner(at)),
            "propertyNames" => rules.property_names = Some(self.inner(at)),
            "unevaluatedProperties" => rules.unevaluated_properties = Some(self.inner(at)),
            "required" if at.node.as_bool().is_some() => {
                // The form of draft 3, which later drafts do not know.
                let message = "`required` is a boolean, not a list of properties";
                self.warn(&kind::WRONG_KIND, message, at.span(), "has no meaning here");
            }
            "required" => rules.required = self.names(at, key),
            "dependentRequired" => {
                for entry in self.entries_of(at, key) {
                    let names = self.names(&entry.spot, key);
                    rules.dependent_required.insert(entry.key.to_owned(), names);
                }
            }
            "maxProperties" => rules.max_properties = self.count(member),
            "minProperties" => rules.min_properties = self.count(member),
            _ => return false,
        }
        true
    }

    fn names(&mut self, at: &NodeRef<'a>, key: &str) -> Vec<Text> {
        let items = self.items_of(at, key);
        items
            .iter()
            .filter_map(|item| self.text_of(item.node, key))
            .collect()
    }

    /// `dependencies` of drafts before 2019-09: names that are required, or a schema that holds.
    fn dependencies(&mut self, at: &NodeRef<'a>, schema: &mut Schema) {
        for entry in self.entries_of(at, "dependencies") {
            if entry.spot.node.as_array().is_some() {
                let names = self.names(&entry.spot, "dependencies");
                let required = &mut schema.object.dependent_required;
                required.insert(entry.key.to_owned(), names);
            } else {
                let inner = self.inner(&entry.spot);
                schema.dependent_schemas.insert(entry.key.to_owned(), inner);
            }
        }
    }

    fn array_rule(
        &mut self,
        key: &str,
        at: &NodeRef<'a>,
        member: &Member,
        schema: &mut Schema,
    ) -> bool {
        let rules = &mut schema.array;
        match key {
            "prefixItems" => rules.prefix_items = self.schema_list(at, key),
            // What 2020-12 calls `prefixItems` and `items` was, until 2019-09, `items` with a list
            // and `additionalItems`.
            "items" if at.node.as_array().is_some_and(|items| !items.is_empty()) => {
                rules.prefix_items = self.schema_list(at, key);
            }
            "items" => rules.items = Some(self.inner(at)),
            "additionalItems" => {
                rules.items = rules.items.or_else(|| Some(self.inner(at)));
            }
            "contains" => rules.contains = Some(self.inner(at)),
            "unevaluatedItems" => rules.unevaluated_items = Some(self.inner(at)),
            "maxItems" => rules.max_items = self.count(member),
            "minItems" => rules.min_items = self.count(member),
            "uniqueItems" => rules.unique_items = self.flag_of(at.node, key),
            "maxContains" => rules.max_contains = self.count(member),
            "minContains" => rules.min_contains = self.count(member),
            _ => return false,
        }
        true
    }

    fn scalar_rule(
        &mut self,
        key: &str,
        at: &NodeRef<'a>,
        member: &Member,
        schema: &mut Schema,
    ) -> bool {
        match key {
            "multipleOf" => schema.number.multiple_of = self.limit(member),
            "maximum" => schema.number.maximum = self.limit(member),
            "minimum" => schema.number.minimum = self.limit(member),
            // The boolean forms are joined with the limits once all keywords are read.
            "exclusiveMaximum" | "exclusiveMinimum" if at.node.as_bool().is_some() => {}
            "exclusiveMaximum" => schema.number.exclusive_maximum = self.limit(member),
            "exclusiveMinimum" => schema.number.exclusive_minimum = self.limit(member),
            "maxLength" => schema.string.max_length = self.count(member),
            "minLength" => schema.string.min_length = self.count(member),
            "pattern" => schema.string.pattern = self.optional_text(at.node, key),
            "contentEncoding" => schema.string.content_encoding = self.optional_text(at.node, key),
            "contentMediaType" => {
                schema.string.content_media_type = self.optional_text(at.node, key);
            }
            "contentSchema" => schema.string.content_schema = Some(self.inner(at)),
            _ => return false,
        }
        true
    }

    fn identity(&mut self, key: &str, at: &NodeRef<'a>, schema: &mut Schema) -> bool {
        let identity = &mut schema.identity;
        match key {
            "$id" => identity.id = self.optional_text(at.node, key),
            "$anchor" => identity.anchor = self.optional_text(at.node, key),
            "$dynamicAnchor" => identity.dynamic_anchor = self.optional_text(at.node, key),
            "$recursiveAnchor" => {
                let is_anchor = self.flag_of(at.node, key).filter(|flag| flag.value);
                identity.dynamic_anchor = is_anchor.map(|flag| Text {
                    value: String::new(),
                    span: flag.span,
                });
            }
            "$schema" => {
                identity.dialect = self.optional_text(at.node, key);
                if let Some(dialect) = identity.dialect.clone() {
                    self.check_dialect(&dialect);
                }
            }
            "$vocabulary" => identity.vocabulary = Some(at.node.clone()),
            "$comment" => identity.comment = self.optional_text(at.node, key),
            _ => return false,
        }
        true
    }
}

/// The values of named examples.
fn named_examples(named: &Object) -> impl Iterator<Item = Node> {
    named
        .iter()
        .map(|member| member.value.get("value").unwrap_or(&member.value).clone())
}
