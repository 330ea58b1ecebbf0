//! Schemas, with the keywords of JSON Schema 2020-12 and those of `OpenAPI`.

use indexmap::IndexMap;
use verbatim_source::{Node, Object, Span};

use super::boxed_default::{BoxedDefault, empty_default};
use super::{ExternalDocs, Id, Location, Spanned, Text};

/// A schema as it is written. Keywords of `OpenAPI` 3.0 and Swagger 2.0 that 2020-12 writes
/// otherwise are converted where the meaning is the same: `exclusiveMaximum: true` beside
/// `maximum: 5` becomes `exclusive_maximum: 5`.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// Where it is written.
    pub location: Location,
    /// Its bytes.
    pub span: Span,
    /// Whether it, or a keyword in it, is written twice with different contents. Then it says
    /// nothing that one could rely on, and all other members are as those of `{}`.
    pub unclear: bool,
    /// The truth value of a schema that is `true` (anything) or `false` (nothing).
    pub boolean: Option<bool>,
    /// `$ref`. Keywords beside it hold too; in `OpenAPI` 3.0 and Swagger 2.0 they are, by the letter
    /// of the specification, to be ignored, though authors mean them.
    pub reference: Option<SchemaReference>,
    /// `$dynamicRef`, resolved to the anchor it names at the place where it is written.
    pub dynamic_reference: Option<Box<SchemaReference>>,
    /// Keywords that identify the schema.
    pub identity: BoxedDefault<Identity>,
    /// `$defs` and `definitions`.
    pub definitions: BoxedDefault<IndexMap<String, Id<Schema>>>,
    /// `type`; empty where the keyword is absent.
    pub types: Vec<Spanned<Type>>,
    /// `format`
    pub format: Option<Text>,
    /// `enum`
    pub enumeration: Option<Vec<Node>>,
    /// `const`
    pub constant: Option<Node>,
    /// `nullable` of `OpenAPI` 3.0, `x-nullable` of Swagger 2.0.
    pub nullable: Option<Spanned<bool>>,
    /// `allOf`; empty where the keyword is absent. So are `any_of` and `one_of`.
    pub all_of: Vec<Id<Schema>>,
    /// `anyOf`
    pub any_of: Vec<Id<Schema>>,
    /// `oneOf`
    pub one_of: Vec<Id<Schema>>,
    /// `not`
    pub not: Option<Id<Schema>>,
    /// `if`
    pub if_: Option<Id<Schema>>,
    /// `then`
    pub then: Option<Id<Schema>>,
    /// `else`
    pub else_: Option<Id<Schema>>,
    /// `dependentSchemas`
    pub dependent_schemas: BoxedDefault<IndexMap<String, Id<Schema>>>,
    /// `discriminator`
    pub discriminator: Option<Discriminator>,
    /// Keywords about numbers.
    pub number: BoxedDefault<NumberRules>,
    /// Keywords about strings.
    pub string: BoxedDefault<StringRules>,
    /// Keywords about arrays.
    pub array: BoxedDefault<ArrayRules>,
    /// Keywords about objects.
    pub object: BoxedDefault<ObjectRules>,
    /// Keywords that check nothing.
    pub annotations: BoxedDefault<Annotations>,
    /// `x-…` members.
    pub extensions: Object,
    /// Members that neither JSON Schema nor `OpenAPI` know.
    pub other: Object,
}

/// `$ref` or `$dynamicRef` of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaReference {
    /// The URI reference as written.
    pub text: Text,
    /// The schema it names; `None` where it names none, which is a problem of this schema.
    pub target: Option<Id<Schema>>,
}

/// Keywords that identify a schema or its dialect.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    /// `$id`
    pub id: Option<Text>,
    /// `$anchor`
    pub anchor: Option<Text>,
    /// `$dynamicAnchor`
    pub dynamic_anchor: Option<Text>,
    /// `$schema`
    pub dialect: Option<Text>,
    /// `$vocabulary`
    pub vocabulary: Option<Node>,
    /// `$comment`
    pub comment: Option<Text>,
}

/// A type of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

/// How objects say which schema they follow.
#[derive(Debug, Clone, Default)]
pub struct Discriminator {
    /// Where it is written.
    pub span: Span,
    /// The name of the property that says it.
    pub property: Text,
    /// Values of the property and the schemas they mean.
    pub mapping: BoxedDefault<IndexMap<String, SchemaReference>>,
    /// The schema where no value fits (`defaultMapping` of `OpenAPI` 3.2).
    pub default_mapping: Option<Box<SchemaReference>>,
    /// `x-…` members.
    pub extensions: Object,
}

/// Keywords about numbers. Limits are literals, exact to the last digit.
#[derive(Debug, Clone, Default)]
pub struct NumberRules {
    /// `multipleOf`
    pub multiple_of: Option<Text>,
    /// `maximum`
    pub maximum: Option<Text>,
    /// `exclusiveMaximum`
    pub exclusive_maximum: Option<Text>,
    /// `minimum`
    pub minimum: Option<Text>,
    /// `exclusiveMinimum`
    pub exclusive_minimum: Option<Text>,
}

/// Keywords about strings. Lengths count code points.
#[derive(Debug, Clone, Default)]
pub struct StringRules {
    /// `maxLength`
    pub max_length: Option<Spanned<u64>>,
    /// `minLength`
    pub min_length: Option<Spanned<u64>>,
    /// `pattern`, a regular expression of ECMA-262.
    pub pattern: Option<Text>,
    /// `contentEncoding`
    pub content_encoding: Option<Text>,
    /// `contentMediaType`
    pub content_media_type: Option<Text>,
    /// `contentSchema`
    pub content_schema: Option<Id<Schema>>,
}

/// Keywords about arrays.
#[derive(Debug, Clone, Default)]
pub struct ArrayRules {
    /// `prefixItems`; empty where the keyword is absent.
    pub prefix_items: Vec<Id<Schema>>,
    /// `items`
    pub items: Option<Id<Schema>>,
    /// `contains`
    pub contains: Option<Id<Schema>>,
    /// `unevaluatedItems`
    pub unevaluated_items: Option<Id<Schema>>,
    /// `maxItems`
    pub max_items: Option<Spanned<u64>>,
    /// `minItems`
    pub min_items: Option<Spanned<u64>>,
    /// `uniqueItems`
    pub unique_items: Option<Spanned<bool>>,
    /// `maxContains`
    pub max_contains: Option<Spanned<u64>>,
    /// `minContains`
    pub min_contains: Option<Spanned<u64>>,
}

/// Keywords about objects.
#[derive(Debug, Clone, Default)]
pub struct ObjectRules {
    /// `properties`, in the order of the text.
    pub properties: IndexMap<String, Property>,
    /// `patternProperties`
    pub pattern_properties: IndexMap<String, Id<Schema>>,
    /// `additionalProperties`
    pub additional_properties: Option<Id<Schema>>,
    /// `propertyNames`
    pub property_names: Option<Id<Schema>>,
    /// `unevaluatedProperties`
    pub unevaluated_properties: Option<Id<Schema>>,
    /// `required`; may name properties that `properties` does not have.
    pub required: Vec<Text>,
    /// `dependentRequired`
    pub dependent_required: IndexMap<String, Vec<Text>>,
    /// `maxProperties`
    pub max_properties: Option<Spanned<u64>>,
    /// `minProperties`
    pub min_properties: Option<Spanned<u64>>,
}

/// One property of an object.
#[derive(Debug, Clone)]
pub struct Property {
    /// Where its name is written.
    pub key_span: Span,
    /// Its schema.
    pub schema: Id<Schema>,
}

/// Keywords that check nothing.
#[derive(Debug, Clone, Default)]
pub struct Annotations {
    /// `title`
    pub title: Option<Text>,
    /// `description`
    pub description: Option<Text>,
    /// `default`
    pub default: Option<Node>,
    /// `deprecated`
    pub deprecated: Option<Spanned<bool>>,
    /// `readOnly`
    pub read_only: Option<Spanned<bool>>,
    /// `writeOnly`
    pub write_only: Option<Spanned<bool>>,
    /// `example`, and every item of `examples`.
    pub examples: Vec<Node>,
    /// `xml`
    pub xml: Option<Xml>,
    /// `externalDocs`
    pub external_docs: Option<ExternalDocs>,
}

/// How a value is written as XML.
#[derive(Debug, Clone, Default)]
pub struct Xml {
    /// Where it is written.
    pub span: Span,
    /// `name`
    pub name: Option<Text>,
    /// `namespace`
    pub namespace: Option<Text>,
    /// `prefix`
    pub prefix: Option<Text>,
    /// `attribute`
    pub attribute: Option<Spanned<bool>>,
    /// `wrapped`
    pub wrapped: Option<Spanned<bool>>,
    /// `nodeType` of `OpenAPI` 3.2.
    pub node_type: Option<Text>,
    /// `x-…` members.
    pub extensions: Object,
}

empty_default! {
    Identity,
    NumberRules,
    StringRules,
    ArrayRules,
    ObjectRules,
    Annotations,
    IndexMap<String, Id<Schema>>,
    IndexMap<String, SchemaReference>,
}

impl Schema {
    /// Whether the schema is a `$ref` and says nothing else but annotations of itself: title,
    /// description, examples, `deprecated`, `readOnly`, `writeOnly`, extensions.
    pub fn is_bare_reference(&self) -> bool {
        self.reference.is_some() && self.says_nothing()
    }

    /// Whether the schema allows every value: `true`, or an object without keywords that check.
    pub fn is_anything(&self) -> bool {
        self.boolean.unwrap_or(self.reference.is_none()) && self.says_nothing()
    }

    /// Whether no keyword but `$ref` checks values.
    fn says_nothing(&self) -> bool {
        let combines =
            !self.all_of.is_empty() || !self.any_of.is_empty() || !self.one_of.is_empty();
        let conditions =
            self.not.is_some() || self.if_.is_some() || !self.dependent_schemas.is_empty();
        let values =
            !self.types.is_empty() || self.enumeration.is_some() || self.constant.is_some();
        let others = self.dynamic_reference.is_some()
            || self.discriminator.is_some()
            || self.format.is_some()
            || self
                .nullable
                .as_ref()
                .is_some_and(|nullable| nullable.value);
        !(combines || conditions || values || others)
            && self.number.is_empty()
            && self.string.is_empty()
            && self.array.is_empty()
            && self.object.is_empty()
    }
}

impl NumberRules {
    /// Whether no keyword about numbers is there.
    pub fn is_empty(&self) -> bool {
        let Self {
            multiple_of,
            maximum,
            exclusive_maximum,
            minimum,
            exclusive_minimum,
        } = self;
        let all = [
            multiple_of,
            maximum,
            exclusive_maximum,
            minimum,
            exclusive_minimum,
        ];
        all.iter().all(|rule| rule.is_none())
    }
}

impl StringRules {
    /// The media type of a string that stands for bytes as they are: one that is no text, in no encoding.
    pub fn media_of_bytes(&self) -> Option<&str> {
        let is_text = |media: &str| {
            let media = media
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase();
            let texts = ["json", "xml", "yaml", "javascript", "x-www-form-urlencoded"];
            media.starts_with("text/") || texts.iter().any(|ending| media.ends_with(ending))
        };
        let media = self
            .content_media_type
            .as_ref()
            .map(|media| media.value.as_str());
        media.filter(|media| {
            self.content_encoding.is_none() && media.contains('/') && !is_text(media)
        })
    }

    /// Whether no keyword about strings is there.
    pub fn is_empty(&self) -> bool {
        self.max_length.is_none()
            && self.min_length.is_none()
            && self.pattern.is_none()
            && self.content_encoding.is_none()
            && self.content_media_type.is_none()
            && self.content_schema.is_none()
    }
}

impl ArrayRules {
    /// Whether no keyword about arrays is there.
    pub fn is_empty(&self) -> bool {
        let counts = [
            &self.max_items,
            &self.min_items,
            &self.max_contains,
            &self.min_contains,
        ];
        self.prefix_items.is_empty()
            && self.items.is_none()
            && self.contains.is_none()
            && self.unevaluated_items.is_none()
            && self.unique_items.is_none()
            && counts.iter().all(|count| count.is_none())
    }
}

impl ObjectRules {
    /// Whether no keyword about objects is there.
    pub fn is_empty(&self) -> bool {
        self.properties.is_empty()
            && self.pattern_properties.is_empty()
            && self.additional_properties.is_none()
            && self.property_names.is_none()
            && self.unevaluated_properties.is_none()
            && self.required.is_empty()
            && self.dependent_required.is_empty()
            && self.max_properties.is_none()
            && self.min_properties.is_none()
    }
}

impl Type {
    /// The type of a name.
    pub fn of(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::Null,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => return None,
        })
    }

    /// The name of the type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}
