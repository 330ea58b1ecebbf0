use super::{Inspect, Inspector, Json, from_str, to_string};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

/// A value of a type that was not made for this: a date, a UUID, a type of the program's own.
///
/// Such a type reads more texts than it writes: a time of `+02:00` may come back as one of `Z`, `1.50` as `1.5`. So a text that
/// the type would not give back as it was is kept beside the value and sent again instead of it. A text that the type cannot
/// read is refused with its place, but for a time of day with a zone (`09:30:00Z`, as RFC 3339 writes times): types of local
/// time read it without the zone, which stays in the text.
///
/// Two values are equal where they are written alike, so the type itself need not be comparable.
///
/// ```
/// use verbatim_json::{self as json, Lossless};
///
/// let price: Lossless<f64> = json::from_str("1.50").unwrap();
/// assert_eq!(*price, 1.5);
/// assert_eq!(json::to_string(&price).unwrap(), "1.50");
/// assert_eq!(json::to_string(&Lossless::new(1.5)).unwrap(), "1.5");
/// ```
#[derive(Clone, Default)]
pub struct Lossless<T> {
    value: T,
    /// What was read, where the value alone would be written otherwise.
    read: Option<Json>,
}

impl<T> Lossless<T> {
    /// A value that is written as its type writes it.
    pub const fn new(value: T) -> Self {
        Self { value, read: None }
    }

    /// The text that was read, where it is not the one that the value's type would write.
    pub const fn original(&self) -> Option<&Json> {
        self.read.as_ref()
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Lossless<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> From<T> for Lossless<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: Serialize> Lossless<T> {
    /// The text that is written; none where the type cannot write its value.
    fn text(&self) -> Option<String> {
        to_string(self).ok()
    }
}

impl<T: Serialize> PartialEq for Lossless<T> {
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (self.text(), other.text());
        one.is_some() && one == other
    }
}

impl<T: Serialize + Eq> Eq for Lossless<T> {}

impl<T: Serialize + Eq> Hash for Lossless<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text().hash(state);
    }
}

impl<T: fmt::Debug> fmt::Debug for Lossless<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: fmt::Display> fmt::Display for Lossless<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: Serialize> Serialize for Lossless<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.read {
            Some(read) => read.serialize(serializer),
            None => self.value.serialize(serializer),
        }
    }
}

impl<'de, T: Serialize + DeserializeOwned> Deserialize<'de> for Lossless<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Json::deserialize(deserializer)?;
        let value: T = match from_str(read.as_str()) {
            Ok(value) => value,
            Err(error) => {
                let local = without_zone(read.as_str()).and_then(|local| from_str(&local).ok());
                local.ok_or_else(|| D::Error::custom(error.message()))?
            }
        };
        let again = to_string(&value).map_err(D::Error::custom)?;
        let is_same = from_str::<Json>(&again).is_ok_and(|again| again == read);
        Ok(Self {
            value,
            read: (!is_same).then_some(read),
        })
    }
}

/// The JSON text of a time of day without its zone, where it is one with a zone.
fn without_zone(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let is_zone = |zone: &str| {
        zone.eq_ignore_ascii_case("z") || (zone.len() == 6 && zone.as_bytes()[3] == b':')
    };
    let at = inner.find(['Z', 'z', '+', '-'])?;
    let (time, zone) = inner.split_at_checked(at)?;
    let is_time = time.len() >= 8
        && time.bytes().enumerate().all(|(at, byte)| match at {
            2 | 5 => byte == b':',
            8 => byte == b'.',
            _ => byte.is_ascii_digit(),
        });
    (is_time && is_zone(zone)).then(|| format!("\"{time}\""))
}

impl<T> Inspect for Lossless<T> {
    fn inspect(&self, at: &mut Inspector<'_>) {
        at.declared();
    }
}
