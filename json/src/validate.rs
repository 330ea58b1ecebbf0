//! Checks of documented bounds, made before a request leaves.
//!
//! Emitted code is a plain list of calls on a [`Checker`]. Nothing is fixed or cut: a value out of
//! bounds is a [`Violation`] that names its place, and all violations are reported at once.
//!
//! ```
//! use verbatim_json::validate::{Checker, Validate, check};
//!
//! struct Disk { name: String, size: i64 }
//!
//! impl Validate for Disk {
//!     fn validate(&self, at: &mut Checker) {
//!         at.property("name", |at| at.max_length(&self.name, 8));
//!         at.property("size", |at| {
//!             at.minimum(&self.size, "20");
//!             at.multiple_of(&self.size, "20");
//!         });
//!     }
//! }
//!
//! let violations = check(&Disk { name: "data".into(), size: 30 }).unwrap_err();
//! assert_eq!(violations.to_string(), "/size: 30 is not a multiple of 20");
//! ```

mod bounds;
mod impls;
mod known;
mod pattern;
// part: keywords
mod schema;

use crate::is_secret_name;
use std::fmt;

/// A value that knows its documented bounds.
pub trait Validate {
    /// Reports each violation to the checker; a type without bounds has none.
    fn validate(&self, at: &mut Checker) {
        let _ = at;
    }
}

/// Checks a value.
///
/// # Errors
///
/// Every violation, in the order of the type's properties.
pub fn check<T: Validate + ?Sized>(value: &T) -> Result<(), Violations> {
    let mut checker = Checker::new();
    value.validate(&mut checker);
    checker.finish()
}

/// Collects violations, and knows the place of the value that is looked at.
#[derive(Debug, Default)]
pub struct Checker {
    pointer: String,
    secret: bool,
    violations: Vec<Violation>,
}

impl Checker {
    /// A checker at the root of a value.
    pub fn new() -> Self {
        Self::default()
    }

    /// All violations found.
    ///
    /// # Errors
    ///
    /// The violations, if there is any.
    pub fn finish(self) -> Result<(), Violations> {
        if self.violations.is_empty() {
            Ok(())
        } else {
            Err(Violations(self.violations))
        }
    }

    /// Looks at a property.
    pub fn property(&mut self, name: &str, look: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer
            .push_str(&name.replace('~', "~0").replace('/', "~1"));
        look(self);
        self.pointer.truncate(length);
    }

    /// Looks at a property that may be missing.
    pub fn optional<T>(&mut self, name: &str, value: Option<&T>, look: impl FnOnce(&mut Self, &T))
    where
        T: ?Sized,
    {
        if let Some(value) = value {
            self.property(name, |at| look(at, value));
        }
    }

    /// Looks at each item of an array.
    pub fn items<'v, T: 'v>(
        &mut self,
        items: impl IntoIterator<Item = &'v T>,
        mut look: impl FnMut(&mut Self, &'v T),
    ) {
        for (index, item) in items.into_iter().enumerate() {
            self.property(&index.to_string(), |at| look(at, item));
        }
    }

    /// Looks at a value whose text must not stand in a message.
    pub fn secret(&mut self, look: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.secret, true);
        look(self);
        self.secret = outer;
    }

    /// Reports a violation at this place.
    pub fn violation(&mut self, rule: &'static str, message: impl Into<String>) {
        let message = if self.secret || self.is_below_secret() {
            format!("the value breaks the rule `{rule}`")
        } else {
            message.into()
        };
        self.violations.push(Violation {
            pointer: self.pointer.clone(),
            rule,
            message,
        });
    }
}

impl Checker {
    /// Whether the value stands in a property whose name means a secret, at any depth.
    fn is_below_secret(&self) -> bool {
        self.pointer.split('/').any(is_secret_name)
    }
}

/// One broken bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The JSON pointer of the value; empty for the value as a whole.
    pub pointer: String,
    /// The keyword of JSON Schema that is broken, for example `maxLength`.
    pub rule: &'static str,
    /// What is wrong, in words.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() {
            "the value"
        } else {
            &self.pointer
        };
        write!(f, "{place}: {}", self.message)
    }
}

/// Every broken bound of a value; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// The violations in the order of the type's properties.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }
}

impl<'v> IntoIterator for &'v Violations {
    type Item = &'v Violation;
    type IntoIter = std::slice::Iter<'v, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            violation.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

/// Types of which the document bounds nothing: whatever they hold may be sent.
///
/// ```
/// struct Note(String);
///
/// verbatim_json::unconstrained! { Note }
///
/// # fn check(note: &Note) -> bool { verbatim_json::validate::check(note).is_ok() }
/// # assert!(check(&Note(String::new())));
/// ```
#[macro_export]
macro_rules! unconstrained {
    ($($ty:ident),* $(,)?) => {
        $(impl $crate::validate::Validate for $ty {})*
    };
}
