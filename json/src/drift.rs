//! What a value holds that its type accepts and the document does not know.

use crate::{Finding, Inspect, Inspector, Place};
use std::collections::BTreeMap;
use std::fmt;

/// What is unknown to the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DriftKind {
    /// A property that the document does not name.
    UnknownProperty,
    /// A value that the enumeration of the document does not list.
    UnknownValue,
    /// A value that fits no branch of a union.
    UnknownBranch,
    /// Null where the document has none.
    UndocumentedNull,
}

impl fmt::Display for DriftKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DriftKind::UnknownProperty => "unknown property",
            DriftKind::UnknownValue => "unknown value",
            DriftKind::UnknownBranch => "unknown kind of value",
            DriftKind::UndocumentedNull => "undocumented null",
        })
    }
}

/// Everything in a value that the document does not know: JSON pointers with `*` for the items of
/// arrays, what is unknown there, and how often.
///
/// ```
/// use verbatim_json::{self as json, DriftKind, Extra};
///
/// pub struct Disk {
///     pub id: String,
///     pub extra: Extra,
/// }
///
/// json::object! { Disk { id: required "id", ..extra } }
///
/// let disks: Vec<Disk> = json::from_str(r#"[{"id":"a","new":1},{"id":"b","new":2}]"#)?;
/// let found = json::drift(&disks);
/// assert_eq!(found[&("/*/new".to_owned(), DriftKind::UnknownProperty)], 2);
/// # Ok::<(), json::Error>(())
/// ```
pub fn drift(value: &dyn Inspect) -> BTreeMap<(String, DriftKind), usize> {
    let mut found: BTreeMap<(String, DriftKind), usize> = BTreeMap::new();
    let mut sink = |place: Place<'_>, finding: Finding| {
        let kind = match finding {
            Finding::UnknownProperty(_) => DriftKind::UnknownProperty,
            Finding::UnknownValue | Finding::OtherConstant => DriftKind::UnknownValue,
            Finding::UnknownBranch(_) => DriftKind::UnknownBranch,
            Finding::UndocumentedNull => DriftKind::UndocumentedNull,
            Finding::Declared | Finding::FreeForm(_) => return,
        };
        *found
            .entry((general(&place.to_string()), kind))
            .or_default() += 1;
    };
    value.inspect(&mut Inspector::new(&mut sink));
    found
}

/// A pointer with every array index replaced by `*`.
fn general(pointer: &str) -> String {
    let steps = pointer.split('/').map(|step| {
        if !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit()) {
            "*"
        } else {
            step
        }
    });
    steps.collect::<Vec<_>>().join("/")
}
