//! What a format other than JSON must know of a type to say the same as JSON.

/// A format in which every operation of an API is spoken, chosen by the end of the path.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// Its name: `json`, `xml`.
    pub name: &'static str,
    /// The end of the paths that choose it: `.xml`.
    pub suffix: &'static str,
    /// Its media type.
    pub media: &'static str,
    /// How values are written in it.
    pub dialect: Dialect,
    /// The types of bodies and those within them, in the order of their names. Empty for JSON, and
    /// where the feature of the format is off.
    pub types: &'static [XmlType],
}

/// How values are written in a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// As JSON, the form in which documents describe values.
    Json,
    /// As XML by the conventions of Rails: an element for each property, `type="array"`,
    /// `type="integer"` and the like where a value is no text, `nil="true"` for null.
    Rails,
    /// In another way, by the name that the document has for it.
    Other(&'static str),
}

/// A type with its layout.
#[derive(Debug, Clone, Copy)]
pub struct XmlType {
    /// The name of the type, as operations name the types of their bodies.
    pub name: &'static str,
    /// The name of the element that a body of this type is; empty where the layout tells it, or
    /// where any will do.
    pub root: &'static str,
    /// The layout of its values.
    pub layout: Layout,
}

/// What the marks of a text do not say about a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Nothing: the marks tell all, and a value without one is a text.
    Any,
    /// A number, marked or not.
    Number,
    /// A truth value, marked or not.
    Boolean,
    /// An object: its properties, where something is to be said of them, and what the others are.
    Object(&'static [(&'static str, Layout)], &'static Layout),
    /// A list, and what its items are.
    List(&'static Layout),
    /// An object that is nothing but a root key.
    Under(&'static str, &'static Layout),
    /// One of several.
    OneOf(&'static [Layout]),
    /// The type of this name.
    Named(&'static str),
}

impl Format {
    /// A type by its name.
    #[cfg(feature = "xml")]
    pub(crate) fn xml_type(&self, name: &str) -> Option<&'static XmlType> {
        let at = self
            .types
            .binary_search_by(|xml_type| xml_type.name.cmp(name));
        at.ok().map(|at| &self.types[at])
    }
}
