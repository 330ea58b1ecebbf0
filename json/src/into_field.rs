//! What a setter takes.

use super::{Maybe, Nullable};

/// What the setter of a member takes, `F` being the type of the field.
///
/// | given | an `Option<T>` becomes | a [`Maybe<T>`] becomes |
/// |---|---|---|
/// | what converts into `T` | that value | that value |
/// | `Some(value)` | that value | that value |
/// | `None` | absent | absent |
/// | [`Maybe::Null`], [`Nullable::Null`] | does not compile | null |
/// | [`Maybe::Absent`] | does not compile | absent |
///
/// `By` tells the ways apart for the compiler, which finds it by itself.
///
/// ```
/// use verbatim_json::{IntoField, Maybe};
///
/// fn field<By>(value: impl IntoField<Maybe<String>, By>) -> Maybe<String> {
///     value.into_field()
/// }
///
/// assert_eq!(field("web"), Maybe::Value("web".to_owned()));
/// assert_eq!(field(None), Maybe::Absent);
/// assert_eq!(field(Maybe::Null), Maybe::Null);
/// ```
#[diagnostic::on_unimplemented(
    message = "a member of type `{F}` cannot be set to a `{Self}`",
    note = "give a value, an `Option` of exactly the type of the value, or `Maybe::Null` where null is allowed"
)]
pub trait IntoField<F, By> {
    /// The field.
    fn into_field(self) -> F;
}

/// By a value that converts.
#[derive(Debug)]
pub enum ByValue {}

/// By an `Option`.
#[derive(Debug)]
pub enum ByOption {}

/// By a [`Maybe`].
#[derive(Debug)]
pub enum ByMaybe {}

/// By a [`Nullable`].
#[derive(Debug)]
pub enum ByNullable {}

impl<T, V: Into<T>> IntoField<Option<T>, ByValue> for V {
    fn into_field(self) -> Option<T> {
        Some(self.into())
    }
}

impl<T> IntoField<Option<T>, ByOption> for Option<T> {
    fn into_field(self) -> Self {
        self
    }
}

impl<T, V: Into<T>> IntoField<Maybe<T>, ByValue> for V {
    fn into_field(self) -> Maybe<T> {
        Maybe::Value(self.into())
    }
}

impl<T> IntoField<Maybe<T>, ByOption> for Option<T> {
    fn into_field(self) -> Maybe<T> {
        self.into()
    }
}

impl<T> IntoField<Maybe<T>, ByMaybe> for Maybe<T> {
    fn into_field(self) -> Self {
        self
    }
}

impl<T> IntoField<Maybe<T>, ByNullable> for Nullable<T> {
    fn into_field(self) -> Maybe<T> {
        self.into()
    }
}
