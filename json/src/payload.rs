use super::{Error, Inspect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// A body that an operation takes or gives, and how to read it as the type generated for it.
///
/// Generated crates list theirs behind the feature `payloads`. The list serves programs that hold
/// recorded bodies rather than live responses: archives, checkers, tests.
#[derive(Clone, Copy)]
pub struct Payload {
    /// Identifier of the operation.
    pub operation: &'static str,
    /// Statuses of the reply (`200`, `4XX`, `default`); empty for the body of the request.
    pub statuses: &'static [&'static str],
    /// Media type of the body.
    pub media: &'static str,
    read: fn(&str) -> Result<Box<dyn ErasedPayload>, Error>,
    #[cfg(feature = "schemars")]
    schema: fn() -> schemars::Schema,
}

/// What a type must be to stand for a body.
#[cfg(feature = "schemars")]
pub trait PayloadType: DeserializeOwned + ErasedPayload + schemars::JsonSchema + 'static {}

#[cfg(feature = "schemars")]
impl<T: DeserializeOwned + ErasedPayload + schemars::JsonSchema + 'static> PayloadType for T {}

/// What a type must be to stand for a body.
#[cfg(not(feature = "schemars"))]
pub trait PayloadType: DeserializeOwned + ErasedPayload + 'static {}

#[cfg(not(feature = "schemars"))]
impl<T: DeserializeOwned + ErasedPayload + 'static> PayloadType for T {}

/// A decoded body of any type.
pub trait ErasedPayload: Inspect + fmt::Debug {
    /// Encodes the body as JSON text.
    ///
    /// # Errors
    ///
    /// As [`to_string`](super::to_string).
    fn encode(&self) -> Result<String, Error>;
}

impl<T: Inspect + fmt::Debug + Serialize> ErasedPayload for T {
    fn encode(&self) -> Result<String, Error> {
        super::to_string(self)
    }
}

impl Payload {
    /// The body of an operation's request.
    pub const fn request<T: PayloadType>(operation: &'static str, media: &'static str) -> Self {
        Self::reply::<T>(operation, &[], media)
    }

    /// The body of an operation's reply with one of the statuses.
    pub const fn reply<T: PayloadType>(
        operation: &'static str,
        statuses: &'static [&'static str],
        media: &'static str,
    ) -> Self {
        Self {
            operation,
            statuses,
            media,
            read: |text| {
                super::from_str::<T>(text).map(|value| Box::new(value) as Box<dyn ErasedPayload>)
            },
            #[cfg(feature = "schemars")]
            schema: || schemars::schema_for!(T),
        }
    }

    /// Whether this is the body of a request.
    pub const fn is_request(&self) -> bool {
        self.statuses.is_empty()
    }

    /// The JSON Schema of the type of this body.
    #[cfg(feature = "schemars")]
    pub fn schema(&self) -> schemars::Schema {
        (self.schema)()
    }

    /// Reads a JSON text as the type of this body.
    ///
    /// # Errors
    ///
    /// As [`from_str`](super::from_str).
    pub fn read(&self, text: &str) -> Result<Box<dyn ErasedPayload>, Error> {
        (self.read)(text)
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {}", self.operation, self.statuses, self.media)
    }
}
