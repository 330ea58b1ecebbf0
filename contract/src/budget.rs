//! A bound on the work of one check.
//!
//! Schemas of a few lines can ask a validator for more steps than anyone waits for: a diamond of
//! `oneOf` doubles them with each level. So a keyword of our own stands first wherever a schema
//! applies others to the same value. It counts, looks at how much of the stack is used, and breaks
//! the check off by unwinding, which is the one way out of the middle of a validator.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Value as Json, json};

/// The keyword that counts.
pub(crate) const STEP: &str = "x-verbatim-step";
/// Steps of one check that are taken whatever the value is.
const STEPS: u64 = 50_000;
/// Further steps for each value inside the value that is checked.
const STEPS_A_VALUE: u64 = 200;
/// Bytes of the stack that a check may use: half of what the smallest thread here has.
const STACK: usize = 1 << 20;

/// Keywords that apply schemas to the same value.
const IN_PLACE: &[&str] = &["$ref", "allOf", "anyOf", "oneOf", "not", "if"];

thread_local! {
    static LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
    static BEGIN: Cell<usize> = const { Cell::new(0) };
}

/// A check that was broken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exhausted;

/// Runs a check of a value that consists of so many values.
pub(crate) fn bounded<T>(values: u64, check: impl FnOnce() -> T) -> Result<T, Exhausted> {
    LEFT.set(STEPS.saturating_add(values.saturating_mul(STEPS_A_VALUE)));
    BEGIN.set(here());
    let outcome = catch_unwind(AssertUnwindSafe(check));
    LEFT.set(u64::MAX);
    match outcome {
        Ok(done) => Ok(done),
        Err(reason) if reason.is::<Exhausted>() => Err(Exhausted),
        Err(reason) => resume_unwind(reason),
    }
}

/// About where the stack ends at present.
fn here() -> usize {
    let mark = 0_u8;
    std::ptr::from_ref(&mark).addr()
}

/// The keyword, which any value fulfils.
struct Step;

impl Step {
    fn count() {
        let left = LEFT.get();
        if left == u64::MAX {
            return;
        }
        if left == 0 || BEGIN.get().abs_diff(here()) > STACK {
            // No panic: nothing is printed, and `bounded` catches it.
            resume_unwind(Box::new(Exhausted));
        }
        LEFT.set(left - 1);
    }
}

impl<'i> Keyword<'i> for Step {
    fn validate(&self, _: &'i Json) -> Result<(), ValidationError<'i>> {
        Self::count();
        Ok(())
    }

    fn is_valid(&self, _: &'i Json) -> bool {
        Self::count();
        true
    }
}

/// Makes the keyword, as the validator asks for it.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the validator wants this signature"
)]
pub(crate) fn step<'a>(
    _: &'a Map<String, Json>,
    _: &'a Json,
    _: jsonschema::paths::Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    Ok(Box::new(Step))
}

/// Puts the keyword in front of all schemas that a schema applies to the same value: as the first
/// of its `allOf`, because a validator takes keywords that it does not know last.
pub(crate) fn counted(schema: &mut Map<String, Json>) {
    if !IN_PLACE.iter().any(|name| schema.contains_key(*name)) {
        return;
    }
    let first = json!({STEP: true});
    match schema.get_mut("allOf") {
        Some(Json::Array(list)) => list.insert(0, first),
        _ => {
            schema.insert("allOf".to_owned(), Json::Array(vec![first]));
        }
    }
}

/// A pointer into the document as it is written, as one into the document with the keyword in it.
pub(crate) fn shifted(pointer: &str) -> String {
    moved(pointer, |number| number.checked_add(1))
}

/// The other way round.
pub(crate) fn unshifted(pointer: &str) -> String {
    moved(pointer, |number| number.checked_sub(1))
}

fn moved(pointer: &str, change: impl Fn(usize) -> Option<usize>) -> String {
    if !pointer.contains("/allOf/") {
        return pointer.to_owned();
    }
    let mut made: Vec<String> = Vec::new();
    for token in pointer.split('/') {
        let is_item = made.last().is_some_and(|last| last == "allOf");
        let number = token.parse::<usize>().ok().filter(|_| is_item);
        let number = number.and_then(&change);
        made.push(number.map_or_else(|| token.to_owned(), |number| number.to_string()));
    }
    made.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_ends_when_its_steps_are_used_up() {
        let steps = Cell::new(0_u64);
        let outcome = bounded(0, || {
            loop {
                Step::count();
                steps.set(steps.get() + 1);
            }
        });
        assert_eq!((outcome, steps.get()), (Err::<(), _>(Exhausted), STEPS));
        assert_eq!(bounded(0, || 1), Ok(1));
    }

    #[test]
    fn a_check_ends_before_the_stack_does() {
        #[expect(unconditional_recursion, reason = "the keyword ends it")]
        fn forever() {
            Step::count();
            std::hint::black_box([0_u8; 4096]);
            forever();
            std::hint::black_box(());
        }
        assert_eq!(bounded(1 << 40, forever), Err(Exhausted));
    }

    #[test]
    fn pointers_are_moved_there_and_back() {
        let pointer = "/components/schemas/A/allOf/0/properties/allOf/allOf/12/type";
        let there = shifted(pointer);
        assert_eq!(
            there,
            "/components/schemas/A/allOf/1/properties/allOf/allOf/13/type"
        );
        assert_eq!(unshifted(&there), pointer);
    }
}
