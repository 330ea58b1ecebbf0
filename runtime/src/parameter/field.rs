use crate::service::Style;

/// Whether each item or property of a value is a part of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Explode {
    /// It is.
    Yes,
    /// All stand in one part.
    No,
}

/// What a document says of a field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormField<'n> {
    /// Its name.
    pub name: &'n str,
    /// How a list or an object is written; `Json` for one JSON text.
    pub style: Style,
    /// Whether each item or property has a field of its own.
    pub explode: Explode,
    /// Whether the form cannot do without it: a list without items is then refused.
    pub required: bool,
}

impl<'n> FormField<'n> {
    /// A field in a style.
    pub const fn new(name: &'n str, style: Style, explode: Explode) -> Self {
        Self {
            name,
            style,
            explode,
            required: false,
        }
    }

    /// The same, without which the form cannot do.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}
