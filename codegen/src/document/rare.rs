//! Values that most parts do not have.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// A value that takes room only once something is put into it; until then it reads as its default.
///
/// A document may hold hundreds of thousands of schemas, and most have keywords of one kind only.
pub struct Rare<T> {
    value: Option<Box<T>>,
}

/// A type with a default that can be lent forever.
pub trait Hollow: Default + 'static {
    /// The default.
    fn hollow() -> &'static Self;
}

macro_rules! hollow {
    ($($rare:ty),* $(,)?) => {$(
        impl $crate::document::rare::Hollow for $rare {
            fn hollow() -> &'static Self {
                static HOLLOW: std::sync::LazyLock<$rare> = std::sync::LazyLock::new(Default::default);
                &HOLLOW
            }
        }
    )*};
}

pub(super) use hollow;

impl<T> Default for Rare<T> {
    fn default() -> Self {
        Self { value: None }
    }
}

impl<T: Clone> Clone for Rare<T> {
    fn clone(&self) -> Self {
        Self {
            value: self.value.clone(),
        }
    }
}

impl<T: fmt::Debug + Hollow> fmt::Debug for Rare<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

impl<T> From<T> for Rare<T> {
    fn from(value: T) -> Self {
        Self {
            value: Some(Box::new(value)),
        }
    }
}

impl<T: Hollow> Deref for Rare<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_deref().unwrap_or_else(|| T::hollow())
    }
}

impl<T: Hollow> DerefMut for Rare<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.get_or_insert_default()
    }
}
