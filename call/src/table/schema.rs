//! Types of values in requests and replies.

use serde::{Deserialize, Serialize};
use verbatim_runtime::service;

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Type {
    /// Any JSON value.
    Any,
    /// `true` and `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A whole number that is never negative.
    Unsigned,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A text that is never shown.
    Secret,
    /// A file of a multipart body.
    File,
    /// A list.
    List(Box<Type>),
    /// An object whose property names are data.
    Map(Box<Type>),
    /// A value or null.
    Nullable(Box<Type>),
    /// A value under a root key.
    Root(String, Box<Type>),
    /// One of the types of the operation, by its place.
    Named(usize),
}

/// A type with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Item {
    /// An object with named properties.
    Object(Object),
    /// One of several texts.
    Texts(Texts),
    /// One of several types.
    Union {
        /// The property that tells them apart.
        tag: Option<String>,
        /// The types.
        branches: Vec<Branch>,
        /// Whether any other value is taken as well.
        open: bool,
        /// What a value must keep, whichever type it is of.
        #[serde(default, skip_serializing_if = "super::is_default")]
        checks: Vec<Check>,
    },
    /// A list with a fixed beginning.
    Tuple {
        /// The items with what they must keep.
        items: Vec<(Type, Vec<Check>)>,
        /// The type of further items; without one there are none.
        rest: Option<Type>,
        /// What the list as a whole must keep.
        #[serde(default, skip_serializing_if = "super::is_default")]
        checks: Vec<Check>,
    },
    /// Another type.
    Alias(Type),
}

/// An object with named properties.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// The properties, in the order of the document.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub properties: Vec<Property>,
    /// Whether other properties are refused.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub closed: bool,
    /// The type of other properties, where they have one.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub others: Option<Type>,
    /// Sets of properties of which one must be complete.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub choices: Vec<Choice>,
    /// What the object as a whole must keep.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub checks: Vec<Check>,
    /// The one property that stands for the object, where it is only its wrapper.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub wraps: Option<String>,
}

/// A named property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// What the document says about it.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub about: String,
    /// Whether it must be present.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub required: bool,
    /// Whether it may be null.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub nullable: bool,
    /// Whether its use is advised against.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub deprecated: bool,
    /// Its type.
    pub ty: Type,
    /// What its value must keep.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub checks: Vec<Check>,
    /// How it is written as a part of a multipart body.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub part: Option<Part>,
}

/// How a property is written as a part of a multipart body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// A file, or files, of this media type where they have none of their own.
    File(String),
    /// By the kind of its value.
    Value,
    /// By the kind of its value, of this media type.
    ValueAs(String),
    /// As JSON of this media type.
    Json(String),
    /// Each item of a list as JSON of this media type.
    JsonItems(String),
    /// In a style of parameters.
    Styled {
        /// The style.
        #[serde(with = "super::Style")]
        style: service::Style,
        /// Whether each item has a part of its own.
        explode: bool,
    },
}

/// One of several texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    /// The texts with what the document says about each.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub values: Vec<(String, String)>,
    /// Whether any other text is taken as well.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub open: bool,
}

/// One of several types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// The type.
    pub ty: Type,
    /// The values of the tag that choose it.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub tags: Vec<String>,
    /// Whether it stands for every other tag.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub otherwise: bool,
    /// What its value must keep.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub checks: Vec<Check>,
}

/// Sets of properties of which one, or at least one, must be complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Whether exactly one must be.
    pub exactly_one: bool,
    /// The names, set by set.
    pub sets: Vec<Vec<String>>,
}

/// A documented bound; numbers are as the document writes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Check {
    /// Least number of characters.
    MinLength(u64),
    /// Greatest number of characters.
    MaxLength(u64),
    /// A regular expression in the syntax of `regex_lite`.
    Pattern(String),
    /// Least value.
    Minimum(String),
    /// A value that is too small.
    ExclusiveMinimum(String),
    /// Greatest value.
    Maximum(String),
    /// A value that is too great.
    ExclusiveMaximum(String),
    /// The step of values.
    MultipleOf(String),
    /// Least number of items.
    MinItems(u64),
    /// Greatest number of items.
    MaxItems(u64),
    /// No two items are equal.
    UniqueItems,
    /// Least number of properties.
    MinProperties(u64),
    /// Greatest number of properties.
    MaxProperties(u64),
    /// A property that needs another beside it.
    Requires(String, String),
    /// The values that are allowed, as JSON texts.
    OneOf(Vec<String>),
    /// A JSON Schema.
    Schema(String),
    /// What each item or value of the map must keep.
    Each(Vec<Check>),
}
