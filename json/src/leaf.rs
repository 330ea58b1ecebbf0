//! [`Inspect`] of scalars and containers of the standard library.

use super::{Inspect, Inspector, Maybe, Nullable};

macro_rules! leaves {
    ($($ty:ty),*) => {$(
        impl Inspect for $ty {
            fn inspect(&self, at: &mut Inspector<'_>) {
                at.declared();
            }
        }
    )*};
}

leaves!(
    bool,
    i8,
    i16,
    i32,
    i64,
    u8,
    u16,
    u32,
    u64,
    f32,
    f64,
    String,
    (),
    super::Number
);

impl<T: Inspect> Inspect for Vec<T> {
    fn inspect(&self, at: &mut Inspector<'_>) {
        if self.is_empty() {
            at.declared();
        }
        for (index, item) in self.iter().enumerate() {
            at.item(index, item);
        }
    }
}

impl<T: Inspect + ?Sized> Inspect for Box<T> {
    fn inspect(&self, at: &mut Inspector<'_>) {
        (**self).inspect(at);
    }
}

impl<T: Inspect> Inspect for Option<T> {
    fn inspect(&self, at: &mut Inspector<'_>) {
        if let Some(value) = self {
            value.inspect(at);
        }
    }
}

impl<T: Inspect> Inspect for Maybe<T> {
    fn inspect(&self, at: &mut Inspector<'_>) {
        match self {
            Self::Absent => {}
            Self::Null => at.declared(),
            Self::Value(value) => value.inspect(at),
        }
    }
}

impl<T: Inspect> Inspect for Nullable<T> {
    fn inspect(&self, at: &mut Inspector<'_>) {
        match self {
            Self::Null => at.declared(),
            Self::Value(value) => value.inspect(at),
        }
    }
}
