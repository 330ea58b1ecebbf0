//! How values travel where that differs from the way their types are written on their own.

use super::{Ident, Type};

/// A root key under which values travel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RootKey {
    /// The type that stands for it.
    pub name: Ident,
    /// The key.
    pub wire: String,
}

/// A form of the runtime, as it stands in tables and calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// `Plain`: that of the type itself.
    Plain,
    /// `Under<roots::Role>`: a value under a root key.
    Under(Ident, Box<Form>),
    /// `Each<F>`: a list of values in a form.
    Each(Box<Form>),
    /// `Values<F>`: a map of values in a form.
    Values(Box<Form>),
    /// `OrNull<F>`: null, or a value in a form.
    OrNull(Box<Form>),
    /// `Boxed<F>`: a boxed value in a form.
    Boxed(Box<Form>),
}

impl Type {
    /// The form of values, where it is not that of the type.
    pub fn form(&self) -> Option<Form> {
        let of = |inner: &Self, outer: fn(Box<Form>) -> Form| {
            inner.form().map(|form| outer(Box::new(form)))
        };
        match self {
            Self::Root(key, inner) => {
                let inner = inner.form().unwrap_or(Form::Plain);
                Some(Form::Under(key.name.clone(), Box::new(inner)))
            }
            Self::Alias(_, inner) => inner.form(),
            Self::Vec(inner) => of(inner, Form::Each),
            Self::Map(inner) => of(inner, Form::Values),
            Self::Nullable(inner) => of(inner, Form::OrNull),
            Self::Box(inner) => of(inner, Form::Boxed),
            _ => None,
        }
    }

    /// The type for a place that has no room for a form: one that carries the form, where there is one.
    #[must_use]
    pub fn carried(self) -> Self {
        if self.form().is_some() {
            Self::Formed(Box::new(self))
        } else {
            self
        }
    }

    /// The type without names that the document gives to it, and without its root.
    pub fn bare(&self) -> &Self {
        match self {
            Self::Alias(_, inner) | Self::Root(_, inner) => inner.bare(),
            other => other,
        }
    }
}
