//! Types of the API.

use super::operation::Style;
use super::rules::Rules;
use crate::origin::Origin;

/// A type by its place in the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(u32);

impl TypeId {
    /// The id of a place.
    ///
    /// # Panics
    /// When there are more than four thousand million types.
    pub fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("an API has fewer types than u32 can count"))
    }

    /// The place.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A type: its name in the document, its shape, and where it is used.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeDef {
    /// Where it is described.
    pub origin: Origin,
    /// What the document calls it, or from what its name is made.
    pub name: Name,
    /// The title, where there is one.
    pub title: String,
    /// The description.
    pub description: String,
    /// Whether its use is advised against.
    pub deprecated: bool,
    /// Whether null is a value of it.
    pub nullable: bool,
    /// Whether its value is never shown.
    pub secrecy: Secrecy,
    /// What it is.
    pub shape: Shape,
    /// Whether no keyword says that, so that values of other kinds fit the schema as well.
    pub inferred: bool,
    /// The bounds of its values.
    pub bounds: Bounds,
    /// Who holds it.
    pub direction: Direction,
    /// Whether values and properties that are not named are kept; `None` leaves it to the direction.
    pub open: Option<bool>,
    /// The name of the element that a value is in XML, where the document has one.
    pub xml_name: String,
    /// Where it is the object of a multipart body: how its parts are written, as far as the document says it.
    pub form: Option<Vec<PartRule>>,
}

impl TypeDef {
    /// Whether its value is never shown.
    pub fn is_secret(&self) -> bool {
        self.secrecy == Secrecy::Secret
    }

    /// Whether a type that keeps what replies bring beyond the document holds none of it in requests.
    pub fn is_bound(&self) -> bool {
        self.direction.request && self.direction.response && self.open != Some(true)
    }
}

/// What is said of whether a value may be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secrecy {
    /// Nothing; the name of its property may tell.
    #[default]
    Unsaid,
    /// It is never shown.
    Secret,
    /// It may be, whatever its property is called.
    Shown,
}

/// How a property of a form is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartRule {
    /// The property.
    pub name: String,
    /// The media types of its part, separated by commas.
    pub media: Option<String>,
    /// How its value is written as a field.
    pub style: Option<Style>,
    /// Whether each item or property of its value has a field of its own.
    pub explode: Option<bool>,
}

/// From what the name of a type is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// The document names it.
    Component(String),
    /// It stands within another type, under a word.
    Within(TypeId, String),
    /// It belongs to an operation (by its place in the list), under a word such as `request`.
    Operation(usize, String),
    /// It is what the server sends to its caller, under these words.
    Hook(String),
    /// The request version of another type.
    RequestOf(TypeId),
    /// Nothing named it yet.
    Unnamed,
}

/// Who holds a type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Direction {
    /// Requests do.
    pub request: bool,
    /// Responses do.
    pub response: bool,
}

/// What a type is.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Any JSON value.
    Any(Reason),
    /// `true` and `false`.
    Boolean,
    /// A whole number.
    Integer(Width),
    /// A number.
    Number,
    /// A text, with its `format` where there is one.
    Text(String),
    /// One of several texts.
    Enum(Enum),
    /// An object with named properties.
    Object(Object),
    /// An object whose property names are data.
    Map(Use),
    /// A list.
    Array(Use),
    /// A list with a fixed beginning.
    Tuple(Tuple),
    /// One of several types.
    Union(Union),
    /// Another type under a further name.
    Alias(TypeId),
    /// Another type under a root key, which says nothing that the place does not say.
    Root(String, Use),
    /// A type that the caller brings along; what it is made of is not known here.
    Foreign,
}

impl Shape {
    /// Calls a function with every type that the shape speaks of.
    pub fn each_part(&self, mut look: impl FnMut(TypeId)) {
        match self {
            Self::Object(object) => {
                let properties = object.properties.iter();
                properties.for_each(|property| look(property.ty.id));
                if let Additional::Typed(ty) = &object.additional {
                    look(ty.id);
                }
            }
            Self::Tuple(tuple) => {
                let items = tuple.items.iter().chain(&tuple.rest);
                items.for_each(|item| look(item.id));
            }
            Self::Union(union) => union.branches.iter().for_each(|branch| look(branch.ty.id)),
            Self::Array(item) | Self::Map(item) | Self::Root(_, item) => look(item.id),
            Self::Alias(id) => look(*id),
            _ => {}
        }
    }

    /// Calls a function with every type that the shape speaks of, to change it.
    pub fn each_part_mut(&mut self, mut look: impl FnMut(&mut TypeId)) {
        if let Self::Alias(id) = self {
            look(id);
        }
        self.each_use(|used| look(&mut used.id));
    }

    /// Calls a function with every use of another type in the shape, to change it.
    pub fn each_use(&mut self, mut look: impl FnMut(&mut Use)) {
        match self {
            Self::Object(object) => {
                let properties = object.properties.iter_mut();
                properties.for_each(|property| look(&mut property.ty));
                if let Additional::Typed(ty) = &mut object.additional {
                    look(ty);
                }
            }
            Self::Tuple(tuple) => tuple.items.iter_mut().chain(&mut tuple.rest).for_each(look),
            Self::Union(union) => {
                let branches = union.branches.iter_mut();
                branches.for_each(|branch| look(&mut branch.ty));
            }
            Self::Array(item) | Self::Map(item) | Self::Root(_, item) => look(item),
            _ => {}
        }
    }
}

/// The range of a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// Fits `i64`.
    Signed,
    /// Never negative, up to 64 bits.
    Unsigned,
    /// Of any size.
    Any,
}

/// One use of a type, with what is said at this place alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// The type.
    pub id: TypeId,
    /// Whether null is allowed at this place, beyond what the type itself allows.
    pub nullable: bool,
    /// The description of this place; empty where only the type has one.
    pub description: String,
}

/// One of several texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// The texts, each once, with a description where the document has one.
    pub values: Vec<(String, String)>,
    /// Whether the document itself allows any other text.
    pub open: bool,
}

/// An object.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Its properties, in the order of the document.
    pub properties: Vec<Property>,
    /// What other properties are.
    pub additional: Additional,
    /// Sets of properties of which one must be complete.
    pub choices: Vec<Choice>,
    /// Pairs of properties of which the first needs the second.
    pub requires: Vec<(String, String)>,
    /// Whether the object is only the wrapper of its one property, beside which others may come.
    pub wrapper: bool,
}

/// A property.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "keywords of OpenAPI are independent"
)]
pub struct Property {
    /// Where it is described.
    pub origin: Origin,
    /// Its name.
    pub name: String,
    /// Whether it must be present.
    pub required: bool,
    /// Whether its use is advised against.
    pub deprecated: bool,
    /// Whether only responses hold it.
    pub read_only: bool,
    /// Whether only requests hold it.
    pub write_only: bool,
    /// Its default as a JSON text, for the documentation.
    pub default: Option<String>,
    /// Its type.
    pub ty: Use,
    /// Whether its value is not printed with the object, since its name means a secret and its type does not hide
    /// the value by itself.
    pub hidden: bool,
}

/// What properties are that the document does not name.
#[derive(Clone, Debug, PartialEq)]
pub enum Additional {
    /// Nothing is said.
    Unspecified,
    /// They may be anything.
    Any,
    /// They are of a type.
    Typed(Use),
    /// There are none.
    None,
}

/// Sets of properties of which one, or at least one, must be complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Whether exactly one must be.
    pub exactly_one: bool,
    /// The names, set by set.
    pub sets: Vec<Vec<String>>,
}

/// A list with a fixed beginning.
#[derive(Clone, Debug, PartialEq)]
pub struct Tuple {
    /// The items.
    pub items: Vec<Use>,
    /// The type of further items; without one there are none.
    pub rest: Option<Use>,
}

/// One of several types.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// The branches.
    pub branches: Vec<Branch>,
    /// The property that tells them apart.
    pub tag: Option<String>,
    /// The place of the branch that stands for every other tag, and for none.
    pub otherwise: Option<usize>,
}

/// A branch of a union.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// The type.
    pub ty: Use,
    /// The values of the tag that choose it.
    pub tags: Vec<String>,
}

/// The bounds of values; numbers as the document writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Least length in characters.
    pub min_length: Option<u64>,
    /// Greatest length.
    pub max_length: Option<u64>,
    /// A regular expression.
    pub pattern: Option<String>,
    /// Least value.
    pub minimum: Option<String>,
    /// Greatest value.
    pub maximum: Option<String>,
    /// A value that is too small.
    pub exclusive_minimum: Option<String>,
    /// A value that is too great.
    pub exclusive_maximum: Option<String>,
    /// The step.
    pub multiple_of: Option<String>,
    /// Least number of items.
    pub min_items: Option<u64>,
    /// Greatest number of items.
    pub max_items: Option<u64>,
    /// Whether items differ.
    pub unique_items: bool,
    /// Least number of properties.
    pub min_properties: Option<u64>,
    /// Greatest number of properties.
    pub max_properties: Option<u64>,
    /// The values that are allowed, as JSON texts, where the shape does not say it.
    pub one_of: Vec<String>,
    /// What the schema says beyond all that.
    pub rules: Option<Rules>,
}

/// Why a place is free-form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The document says nothing about the value.
    Unspecified,
    /// The document allows every value by `true`.
    Everything,
    /// An object about whose properties nothing is said.
    FreeObject,
    /// A list about whose items nothing is said.
    FreeItems,
    /// The parts of an `allOf` exclude each other.
    Conflict,
    /// The values of an enumeration are of several kinds.
    MixedEnum,
    /// The value is always null.
    OnlyNull,
    /// No value is allowed at all.
    Nothing,
    /// The type refers directly to itself.
    Endless,
    /// Lists, maps and further names stand within one another, deeper than a type is written.
    Deep,
    /// The schema refers to something that is not in the document.
    Unresolved,
    /// The schema, or a keyword in it, is written twice with different contents.
    Unclear,
    /// More members of `allOf`, or more alternatives within one another, than a type is made of.
    Multiplied,
}

impl Reason {
    /// The reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unspecified => "the schema says nothing about the value",
            Self::Everything => "the schema allows every value",
            Self::FreeObject => "the schema is an object and names no property",
            Self::FreeItems => "the schema is an array and says nothing about its items",
            Self::Conflict => "the parts of the schema exclude each other",
            Self::MixedEnum => "the values of the enumeration are of several kinds",
            Self::OnlyNull => "the value is always null",
            Self::Nothing => "the schema allows no value",
            Self::Endless => "the schema refers directly to itself",
            Self::Deep => "the schema holds lists within lists, deeper than a type is written",
            Self::Unresolved => "the schema refers to something that is not there",
            Self::Multiplied => "the parts of the schema multiply beyond measure",
            Self::Unclear => "the schema is written twice with different contents",
        }
    }
}

/// The word under which an item of a list stands in the list.
pub const ITEM: &str = "item";

/// The place of one of several things as a word, counted from 0.
pub fn ordinal(index: usize) -> String {
    const WORDS: [&str; 12] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth", "eleventh", "twelfth",
    ];
    WORDS
        .get(index)
        .map_or_else(|| format!("item {}", index + 1), |word| (*word).to_owned())
}
