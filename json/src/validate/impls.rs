use super::{Checker, Validate};
use crate::{Json, Lossless, Map, Maybe, Nullable, Number, Secret};
use std::borrow::Cow;

macro_rules! unbounded {
    ($($free:ty)*) => {
        $(impl Validate for $free {
            fn validate(&self, _at: &mut Checker) {}
        })*
    };
}

unbounded!(() bool i8 i16 i32 i64 i128 u8 u16 u32 u64 usize isize f32 f64 str String);
unbounded!(Number Json serde_json::Value Cow<'_, str>);

impl<T: Validate + ?Sized> Validate for &T {
    fn validate(&self, at: &mut Checker) {
        (**self).validate(at);
    }
}

impl<T: Validate + ?Sized> Validate for Box<T> {
    fn validate(&self, at: &mut Checker) {
        (**self).validate(at);
    }
}

impl<T: Validate> Validate for Option<T> {
    fn validate(&self, at: &mut Checker) {
        if let Some(value) = self {
            value.validate(at);
        }
    }
}

impl<T> Validate for Lossless<T> {
    fn validate(&self, _at: &mut Checker) {}
}

impl<T: Validate> Validate for Maybe<T> {
    fn validate(&self, at: &mut Checker) {
        if let Some(value) = self.as_ref() {
            value.validate(at);
        }
    }
}

impl<T: Validate> Validate for Nullable<T> {
    fn validate(&self, at: &mut Checker) {
        if let Some(value) = self.as_ref() {
            value.validate(at);
        }
    }
}

impl<T: Validate> Validate for Secret<T> {
    fn validate(&self, at: &mut Checker) {
        at.secret(|at| self.expose().validate(at));
    }
}

impl<T: Validate> Validate for [T] {
    fn validate(&self, at: &mut Checker) {
        at.items(self, |at, item| item.validate(at));
    }
}

impl<T: Validate> Validate for Vec<T> {
    fn validate(&self, at: &mut Checker) {
        self.as_slice().validate(at);
    }
}

impl<T: Validate> Validate for Map<T> {
    fn validate(&self, at: &mut Checker) {
        for (name, value) in self {
            at.property(name, |at| value.validate(at));
        }
    }
}
