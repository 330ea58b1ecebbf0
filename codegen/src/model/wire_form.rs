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
pub enum WireForm {
    /// `Plain`: that of the type itself.
    Plain,
    /// `Under<roots::Role>`: a value under a root key.
    Under(Ident, Box<WireForm>),
    /// `Each<F>`: a list of values in a form.
    Each(Box<WireForm>),
    /// `Values<F>`: a map of values in a form.
    Values(Box<WireForm>),
    /// `OrNull<F>`: null, or a value in a form.
    OrNull(Box<WireForm>),
    /// `Boxed<F>`: a boxed value in a form.
    Boxed(Box<WireForm>),
}

impl Type {
    /// The form of values, where it is not that of the type.
    pub fn form(&self) -> Option<WireForm> {
        let of = |inner: &Self, outer: fn(Box<WireForm>) -> WireForm| {
            inner.form().map(|form| outer(Box::new(form)))
        };
        match self {
            Self::Root(key, inner) => {
                let inner = inner.form().unwrap_or(WireForm::Plain);
                Some(WireForm::Under(key.name.clone(), Box::new(inner)))
            }
            Self::Alias(_, inner) => inner.form(),
            Self::Vec(inner) => of(inner, WireForm::Each),
            Self::Map(inner) => of(inner, WireForm::Values),
            Self::Nullable(inner) => of(inner, WireForm::OrNull),
            Self::Box(inner) => of(inner, WireForm::Boxed),
            _ => None,
        }
    }

    /// The type for a place that has no room for a form: one that carries the form, where there is one.
    #[must_use]
    pub fn carried(self) -> Self {
        if self.form().is_some() {
            Self::As(Box::new(self))
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
