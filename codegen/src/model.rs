//! Stage 3: the package of Rust items, with every decision made.
//!
//! A [`Package`] is what a person would write down before typing the code: files, items, fields, names, types,
//! derives, checks. Nothing in it refers to the document except the wire texts, which emitted code holds as string
//! literals, and the [`Origin`] of each item. The stage knows Rust; it does not know tokens. Emission after it only
//! spells out what stands here and cannot fail.

use std::collections::BTreeMap;

use crate::origin::Origin;

mod bounds;
mod build;
mod calls;
mod docs;
pub mod endpoint;
mod example;
mod features;
mod fit;
mod forms;
mod graph;
mod group_file;
mod headers;
mod hooks;
mod layout;
mod manifest;
pub mod name;
mod naming;
mod operation_id;
mod outline;
mod overrides;
pub mod path;
mod pattern;
mod payloads;
mod replies;
mod reserved;
mod role;
mod rules;
mod sequence;
mod service;
mod table;
mod twins;
mod type_name;
mod types;
mod variants;
mod wire_form;
mod wording;
mod words;

pub use build::build;
pub use docs::{Docs, plain_words};

pub use build::module_name;
pub use endpoint::*;
pub use example::{Example, Expr};
pub use features::unused as unused_features;
pub use manifest::{library_name, program_of};
pub use name::{Clash, Ident};
pub use outline::{Outline, Outlined};
pub use overrides::{Overrides, overrides};
pub use path::RustPath;
pub use service::variables as environment_variables;
pub use twins::{Conversion, Mapping, Member, Parts, Undeclared};
pub use type_name::type_name;
pub use wire_form::{RootKey, WireForm};

/// All files of one client.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Package {
    /// The files in the order they are written.
    pub files: Vec<File>,
    /// Files that are no Rust, by path and text.
    pub texts: BTreeMap<String, String>,
    /// Names that fell together and had to be told apart.
    pub clashes: Vec<Clash>,
    /// Replies in other formats than JSON that are not asked for.
    pub unasked: Vec<Origin>,
    /// Texts whose pattern is not checked in requests.
    pub unchecked: Vec<Origin>,
    /// Bounds that a type of the caller's choice cannot be held to.
    pub unfit: Vec<crate::ir::Unbound>,
    /// Whether the files name one another from where they stand, and not from the root of a crate.
    pub is_relative: bool,
}

/// One file of Rust.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// Path below the source folder, with `/` between the parts: `types/servers.rs`.
    pub path: String,
    /// The place of the document it was made from, for the header.
    pub origin: Origin,
    /// Documentation of the module; Markdown of the document, not cleaned yet.
    pub docs: Docs,
    /// The items, important ones first.
    pub items: Vec<Item>,
}

/// One item of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `mod name;`, public or not, its items re-exported or not.
    Module(Module),
    /// A struct for a JSON object.
    Struct(Struct),
    /// A struct for a JSON array with a fixed beginning.
    Tuple(Tuple),
    /// An enum for a closed or open set of strings.
    StringEnum(StringEnum),
    /// An enum of types, for a value that is one of several.
    Union(Union),
    /// A name for a type that needs no item of its own.
    Alias(Alias),
    /// The types that stand for root keys.
    Roots(Vec<RootKey>),
    /// Conversions between types of replies and their twins in requests.
    Twins(Vec<Conversion>),
    /// The operations of one group, as methods.
    Group(Group),
    /// The newtype of a call that has optional parameters or further features.
    CallType(CallType),
    /// An enum of the replies of one operation.
    Replies(Replies),
    /// The headers of replies of some operations.
    Headers(Headers),
    /// A request that the service sends.
    Hook(Hook),
    /// An enum of all such requests.
    Hooks(Hooks),
    /// The table of operations.
    Table(Table),
    /// The list of JSON bodies.
    Payloads(Vec<Payload>),
    /// What a format other than JSON must know of the types.
    Outlines(Vec<Outlined>),
    /// The description of the service.
    Service(Service),
    /// The client.
    Client(ClientType),
    /// The name `crate::runtime` of a crate of types alone.
    Runtime(RuntimeModule),
    /// The module of the types, all of which the root names.
    AllTypes,
}

impl Item {
    /// Whether it stands for a multipart body.
    pub fn is_multipart(&self) -> bool {
        match self {
            Self::Struct(item) => {
                let has_files = item.fields.iter().any(|field| field.ty.has_files());
                matches!(item.rest, Rest::Parts(_)) || has_files
            }
            _ => false,
        }
    }

    /// The description of the service, where it is one.
    pub fn service(&self) -> Option<&Service> {
        match self {
            Self::Service(service) => Some(service),
            _ => None,
        }
    }

    /// The headers of replies, where it is a struct of them.
    pub fn headers(&self) -> Option<&Headers> {
        match self {
            Self::Headers(headers) => Some(headers),
            _ => None,
        }
    }

    /// Where a type came from; `None` for items of the generator.
    pub fn origin(&self) -> Option<&Origin> {
        match self {
            Self::Struct(item) => Some(&item.origin),
            Self::Tuple(item) => Some(&item.origin),
            Self::StringEnum(item) => Some(&item.origin),
            Self::Union(item) => Some(&item.origin),
            Self::Alias(item) => Some(&item.origin),
            _ => None,
        }
    }
}

/// A module declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// Its name.
    pub name: Ident,
    /// Its documentation; empty where the file itself has one.
    pub docs: Docs,
    /// Whether its items are seen in the parent, and it is not seen itself.
    pub inlined: bool,
    /// The features of the crate of which one is needed, or it is left out; none where it always stands.
    pub features: Vec<String>,
}

/// A Rust type, fully decided.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `()`.
    Unit,
    /// `bool`.
    Bool,
    /// `String`.
    String,
    /// `i64`.
    I64,
    /// `u64`.
    U64,
    /// `Number`: an exact decimal with its text.
    Number,
    /// `Json`: any JSON value.
    Json,
    /// `Bytes`.
    Bytes,
    /// `SecretString`.
    SecretString,
    /// `SecretJson`: any JSON value that is never printed.
    SecretJson,
    /// `Lossless<T>` of a type that the caller brings along.
    Foreign(RustPath),
    /// `FilePart`: a file of a multipart body.
    File,
    /// A type of this package, by its name in `types`.
    Named(Ident),
    /// A plain type of this package by the name the document gives to it, and what it is.
    Alias(Ident, Box<Type>),
    /// `Box<T>`.
    Box(Box<Type>),
    /// `Vec<T>`.
    Vec(Box<Type>),
    /// `Map<T>`: an object used as a map from text.
    Map(Box<Type>),
    /// `Nullable<T>`: a value or null.
    Nullable(Box<Type>),
    /// `Option<T>`.
    Option(Box<Type>),
    /// `T`, which travels under a root key.
    Root(RootKey, Box<Type>),
    /// `As<T, F>`: a value that carries the form in which it travels.
    As(Box<Type>),
}

impl Type {
    /// `Box<T>`.
    #[must_use]
    pub fn boxed(self) -> Self {
        Self::Box(Box::new(self))
    }

    /// Whether it is a file of a multipart body, or a list of them.
    pub fn has_files(&self) -> bool {
        match self {
            Self::File => true,
            Self::Vec(inner) | Self::Option(inner) | Self::Nullable(inner) => inner.has_files(),
            _ => false,
        }
    }

    /// `Vec<T>`.
    #[must_use]
    pub fn list(self) -> Self {
        Self::Vec(Box::new(self))
    }

    /// `Map<T>`.
    #[must_use]
    pub fn map(self) -> Self {
        Self::Map(Box::new(self))
    }

    /// The type without the name that the document gives to it.
    pub fn plain(&self) -> &Self {
        match self {
            Self::Alias(_, inner) => inner.plain(),
            other => other,
        }
    }

    /// The type as the compiler sees it: without any name that the document gives to a plain type, within it neither,
    /// and without roots.
    #[must_use]
    pub fn canonical(&self) -> Self {
        match self {
            Self::Alias(_, inner) | Self::Root(_, inner) => inner.canonical(),
            Self::Box(inner) => inner.canonical().boxed(),
            Self::Vec(inner) => inner.canonical().list(),
            Self::Map(inner) => inner.canonical().map(),
            Self::Nullable(inner) => inner.canonical().nullable(),
            Self::Option(inner) => Self::Option(Box::new(inner.canonical())),
            Self::As(inner) => Self::As(inner.clone()),
            other => other.clone(),
        }
    }

    /// `Nullable<T>`, once.
    #[must_use]
    pub fn nullable(self) -> Self {
        if matches!(self, Self::Nullable(_) | Self::Json) {
            self
        } else {
            Self::Nullable(Box::new(self))
        }
    }
}

/// A struct for a JSON object.
#[derive(Clone, Debug, PartialEq)]
pub struct Struct {
    /// Where it came from.
    pub origin: Origin,
    /// Its documentation.
    pub docs: Docs,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// Its name.
    pub name: Ident,
    /// Further derives beside `Clone, Debug, PartialEq`.
    pub derives: Vec<Derive>,
    /// The named properties, in the order of the document.
    pub fields: Vec<Field>,
    /// What happens to properties that are not named.
    pub rest: Rest,
    /// Whether requests hold it, so that it gets checks.
    pub built: bool,
    /// The struct of its required fields, where a list of arguments could be given in a wrong order.
    pub parts: Option<Ident>,
    /// Groups of properties of which a request must have one.
    pub choices: Vec<Choice>,
    /// Bounds of the object as a whole.
    pub checks: Vec<ObjectCheck>,
    /// The one field that stands for the whole object, where the object is only its wrapper.
    pub wraps: Option<Ident>,
    /// Constants for the names of its properties, where lists can be sorted or cut down by them.
    pub constants: Vec<(Ident, String)>,
    /// Where it stands for a multipart body instead of JSON: how each field is written, in their order.
    pub form: Option<Vec<FormPart>>,
}

impl Struct {
    /// What must be given to make one.
    pub fn required(&self) -> impl Iterator<Item = &Field> {
        let is_given = |field: &&Field| matches!(field.mode, Mode::Required | Mode::Nullable);
        self.fields.iter().filter(is_given)
    }
}

/// How a field of a multipart body is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormPart {
    /// A file, of this media type where it has none of its own.
    File(String),
    /// A list of files, likewise.
    Files(String),
    /// By the kind of its value.
    Value,
    /// By the kind of its value, of this media type.
    ValueAs(String),
    /// As JSON of this media type.
    Json(String),
    /// Each item of a list as JSON of this media type.
    JsonItems(String),
    /// In a style of parameters, and whether it is exploded.
    Styled(Style, bool),
}

/// A derive that not every type can have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Derive {
    /// `Default`: every field may be absent.
    Default,
    /// A trait that the caller wants.
    Path(RustPath),
}

/// A named property.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Where it came from.
    pub origin: Origin,
    /// Its documentation.
    pub docs: Docs,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// Its name.
    pub name: Ident,
    /// Its name in JSON.
    pub wire: String,
    /// Whether it may be absent or null.
    pub mode: Mode,
    /// The type of its value, without what the mode adds.
    pub ty: Type,
    /// The bounds that a request keeps.
    pub checks: Vec<Check>,
    /// Whether `Debug` of the struct does not print it.
    pub hidden: bool,
}

impl Field {
    /// Whether constructors and setters convert the argument, so that a caller may write `"text"`.
    pub fn takes_into(&self) -> bool {
        !matches!(self.ty, Type::Bool | Type::I64 | Type::U64) || self.mode == Mode::Nullable
    }
}

/// Whether a property may be absent, and whether it may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `T`: always there, never null.
    Required,
    /// `Nullable<T>`: always there, perhaps null.
    Nullable,
    /// `Option<T>`: absent or a value; null is refused.
    Optional,
    /// `Maybe<T>`: absent, null or a value.
    Maybe,
    /// `Maybe<T>`: absent or a value; null is kept, though the document does not know it.
    Tolerant,
}

/// What happens to properties that the document does not name.
#[derive(Clone, Debug, PartialEq)]
pub enum Rest {
    /// They are refused.
    Closed,
    /// They are kept as any JSON, in the field of this name.
    Extra(Ident),
    /// They are kept as values of a type, in the field of this name.
    Typed(Ident, Type),
    /// They are further parts of a multipart body, in the field of this name.
    Parts(Ident),
}

/// A documented bound of a value, checked before a request leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// Least number of characters.
    MinLength(u64),
    /// Greatest number of characters.
    MaxLength(u64),
    /// A regular expression, as the runtime writes it.
    Pattern(String),
    /// Least value, as the document writes the number, and whether the value itself is excluded.
    Minimum(String, Edge),
    /// Greatest value, likewise.
    Maximum(String, Edge),
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
    /// The values that are allowed, as JSON texts.
    OneOf(Vec<String>),
    /// A JSON Schema.
    Schema(Rules),
    /// The value has checks of its own.
    Nested,
    /// Checks of each item or value of the map.
    Each(Vec<Check>),
}

/// One bound of an object as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectCheck {
    /// A property that, where it is present, needs another beside it.
    Requires(String, String),
    /// Least number of properties.
    MinProperties(u64),
    /// Greatest number of properties.
    MaxProperties(u64),
    /// The checks of each property that is not named; there is a field for these.
    Rest(Vec<Check>),
    /// There are no properties that are not named, though the field keeps those of replies.
    NoAdditional,
    /// A JSON Schema.
    Schema(Rules),
}

/// A JSON Schema of what fields and their bounds do not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Its text, with regular expressions as the runtime writes them.
    pub text: String,
    /// The keywords of the document that it is made of.
    pub keywords: Vec<&'static str>,
}

/// Whether the bound itself is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The bound is allowed.
    Included,
    /// The bound is not.
    Excluded,
}

/// Sets of properties of which one, or at least one, must be present as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Whether exactly one of the sets must be complete, or at least one.
    pub exactly_one: bool,
    /// The names of the properties in JSON, set by set.
    pub sets: Vec<Vec<String>>,
}

/// A struct for a JSON array with a fixed beginning.
#[derive(Clone, Debug, PartialEq)]
pub struct Tuple {
    /// Where it came from.
    pub origin: Origin,
    /// Its documentation.
    pub docs: Docs,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// Its name.
    pub name: Ident,
    /// The items, in order.
    pub fields: Vec<TupleField>,
    /// The field that keeps further items, and their type; without one they are refused.
    pub rest: Option<(Ident, Type)>,
    /// What is checked of it as a whole.
    pub rules: Option<Rules>,
    /// Further derives.
    pub derives: Vec<Derive>,
    /// Whether requests hold it.
    pub built: bool,
}

/// An item of a tuple.
#[derive(Clone, Debug, PartialEq)]
pub struct TupleField {
    /// Its documentation.
    pub docs: Docs,
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: Type,
    /// The bounds that a request keeps.
    pub checks: Vec<Check>,
}

/// An enum for strings.
#[derive(Clone, Debug, PartialEq)]
pub struct StringEnum {
    /// Where it came from.
    pub origin: Origin,
    /// Its documentation.
    pub docs: Docs,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// Its name.
    pub name: Ident,
    /// The named values.
    pub variants: Vec<StringVariant>,
    /// The variant that keeps other texts; without one they are refused.
    pub unknown: Option<Ident>,
    /// Whether that variant is for replies alone.
    pub known_only: bool,
    /// Further derives.
    pub derives: Vec<Derive>,
    /// Whether requests hold it.
    pub built: bool,
}

/// A named value.
#[derive(Clone, Debug, PartialEq)]
pub struct StringVariant {
    /// Its documentation.
    pub docs: Docs,
    /// Its name.
    pub name: Ident,
    /// The text in JSON.
    pub wire: String,
}

/// An enum of types.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// Where it came from.
    pub origin: Origin,
    /// Its documentation.
    pub docs: Docs,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// Its name.
    pub name: Ident,
    /// The branches, in the order of the document.
    pub variants: Vec<UnionVariant>,
    /// The property that tells the branches apart.
    pub tag: Option<String>,
    /// The place of the branch that stands for every other tag, and for none.
    pub otherwise: Option<usize>,
    /// The variant that keeps any other value; without one they are refused.
    pub unknown: Option<Ident>,
    /// Whether that variant is for replies alone.
    pub known_only: bool,
    /// What is checked of it, whichever branch it is.
    pub rules: Option<Rules>,
    /// Further derives.
    pub derives: Vec<Derive>,
    /// Whether requests hold it.
    pub built: bool,
}

/// What says the tag of a branch.
#[derive(Clone, Debug, PartialEq)]
pub enum Tagged {
    /// A field of this name.
    Field(Ident, Mode),
    /// A property that the branch does not name, among the further ones in the field of this name.
    Extra(Ident),
}

/// A branch of a union.
#[derive(Clone, Debug, PartialEq)]
pub struct UnionVariant {
    /// Its documentation.
    pub docs: Docs,
    /// Its name.
    pub name: Ident,
    /// The type it holds.
    pub ty: Type,
    /// The values of the tag that choose it; empty without a tag.
    pub tags: Vec<String>,
    /// What says the tag, where it could say something else.
    pub tagged: Option<Tagged>,
    /// The bounds that a request keeps.
    pub checks: Vec<Check>,
}

/// A name for a type.
#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    /// Where it came from.
    pub origin: Origin,
    /// Its documentation.
    pub docs: Docs,
    /// Its name.
    pub name: Ident,
    /// The type.
    pub ty: Type,
}
