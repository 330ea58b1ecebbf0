//! Parameters: values of any serialisable type, written in the styles of `OpenAPI`.

mod bound;
mod encode;
mod field;
mod shape;
mod style;

pub(crate) use bound::check;
pub(crate) use encode::component;
pub use field::{Explode, FormField};
pub(crate) use shape::{Members, Shape};
pub(crate) use style::{cookie, form_body, header, pairs, path, query};

use crate::json;
use serde::Serialize;

/// A value that can be sent as a parameter: everything that serialises as a JSON scalar, or as an
/// array or object of scalars.
pub trait ParameterValue {
    /// The value as JSON text, from which every style is written.
    ///
    /// # Errors
    ///
    /// What the value's own serialisation refuses.
    fn parameter(&self) -> Result<String, json::Error>;
}

impl<T: Serialize + ?Sized> ParameterValue for T {
    fn parameter(&self) -> Result<String, json::Error> {
        json::to_string(self)
    }
}
