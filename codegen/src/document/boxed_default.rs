//! Values that most parts do not have.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// A value that takes room only once something is put into it; until then it reads as its default.
///
/// A document may hold hundreds of thousands of schemas, and most have keywords of one kind only.
pub struct BoxedDefault<T> {
    value: Option<Box<T>>,
}

/// A type with a default that can be lent forever.
pub trait EmptyDefault: Default + 'static {
    /// The default.
    fn empty_default() -> &'static Self;
}

macro_rules! empty_default {
    ($($boxed_default:ty),* $(,)?) => {$(
        impl $crate::document::boxed_default::EmptyDefault for $boxed_default {
            fn empty_default() -> &'static Self {
                static HOLLOW: std::sync::LazyLock<$boxed_default> = std::sync::LazyLock::new(Default::default);
                &HOLLOW
            }
        }
    )*};
}

pub(super) use empty_default;

impl<T> Default for BoxedDefault<T> {
    fn default() -> Self {
        Self { value: None }
    }
}

impl<T: Clone> Clone for BoxedDefault<T> {
    fn clone(&self) -> Self {
        Self {
            value: self.value.clone(),
        }
    }
}

impl<T: fmt::Debug + EmptyDefault> fmt::Debug for BoxedDefault<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

impl<T> From<T> for BoxedDefault<T> {
    fn from(value: T) -> Self {
        Self {
            value: Some(Box::new(value)),
        }
    }
}

impl<T: EmptyDefault> Deref for BoxedDefault<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_deref().unwrap_or_else(|| T::empty_default())
    }
}

impl<T: EmptyDefault> DerefMut for BoxedDefault<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.get_or_insert_default()
    }
}
