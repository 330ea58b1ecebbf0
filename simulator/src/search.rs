//! What a list is searched for.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use verbatim_source::Value;

use crate::packed::{Kind, Pattern, Scalar};

/// A text that scalars are searched for, whatever the case.
#[derive(Debug)]
pub(crate) struct Search {
    wanted: String,
    /// The scalars of patterns that have the text, by the place of the pattern in memory: patterns outlive a search.
    common: RefCell<HashMap<usize, Rc<[usize]>>>,
}

impl Search {
    pub fn new(text: &str) -> Self {
        Self {
            wanted: text.to_lowercase(),
            common: RefCell::default(),
        }
    }

    /// Whether any text or number inside a value contains the text.
    pub fn is_in(&self, value: &Value) -> bool {
        match value {
            Value::Object(object) => object.iter().any(|member| self.is_in(&member.value.value)),
            Value::Array(items) => items.iter().any(|item| self.is_in(&item.value)),
            scalar => Scalar::of(scalar).is_some_and(|it| self.hits(it)),
        }
    }

    /// Whether a scalar contains the text.
    pub fn hits(&self, scalar: Scalar<'_>) -> bool {
        scalar.kind != Kind::Null && holds(scalar.text, &self.wanted)
    }

    /// Whether one of some texts, which stand one after another, may contain the text.
    pub fn may_hit(&self, texts: &str) -> bool {
        // Small letters of others depend on what stands beside them.
        !texts.is_ascii() || holds(texts, &self.wanted)
    }

    /// The scalars of a pattern that contain the text.
    pub fn common(&self, pattern: &Arc<Pattern>) -> Rc<[usize]> {
        let mut common = self.common.borrow_mut();
        let known = common.entry(Arc::as_ptr(pattern) as usize);
        Rc::clone(known.or_insert_with(|| pattern.hits(self).into()))
    }
}

/// Whether a text contains another one of small letters, whatever the case.
fn holds(text: &str, wanted: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(wanted);
    }
    let (text, wanted) = (text.as_bytes(), wanted.as_bytes());
    let Some((first, rest)) = wanted.split_first() else {
        return true;
    };
    let Some(last) = text.len().checked_sub(wanted.len()) else {
        return false;
    };
    let (small, large) = (*first, first.to_ascii_uppercase());
    let mut starts = memchr::memchr2_iter(small, large, &text[..=last]);
    starts.any(|at| text[at + 1..=at + rest.len()].eq_ignore_ascii_case(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_matter() {
        for (text, wanted, found) in [
            ("Server 12", "SERVER 1", true),
            ("Server 12", "server 12", true),
            ("Server 12", "server 123", false),
            ("ÄRGER", "ärg", true),
            ("aab", "ab", true),
            ("", "a", false),
            ("a", "", true),
        ] {
            let search = Search::new(wanted);
            assert_eq!(search.is_in(&Value::from(text)), found, "{text} {wanted}");
        }
        assert!(Search::new("tru").is_in(&Value::Bool(true)));
        assert!(!Search::new("").is_in(&Value::Null));
    }
}
