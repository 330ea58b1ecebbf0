//! Schemas by their place, and what a validator says about values.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use jsonschema::{Draft, Registry, ValidationError, Validator};
use verbatim_source::{Pointer, Value};

use crate::budget::{STEP, bounded, shifted, step, unshifted};
use crate::value::to_json;

/// The made-up address under which the validator knows the document.
const ADDRESS: &str = "https://contract.invalid/document.json";

/// Violations of one value that are told.
const MOST_VIOLATIONS: usize = 1_000;
/// Alternatives, and violations of each, that are told.
const MOST_BRANCHES: usize = 100;
/// Checks of one schema that may be broken off before none is begun any more.
const TIMES: usize = 3;

/// A schema, known by its place in the document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Schema {
    /// Where it is used.
    pub pointer: Pointer,
    /// Where it is written once all references are followed.
    pub target: Pointer,
}

impl Schema {
    /// Its name, where it is one of the named schemas of the document.
    pub fn name(&self) -> Option<String> {
        let name = self.target.as_str().strip_prefix("/components/schemas/")?;
        (!name.contains('/')).then(|| name.replace("~1", "/").replace("~0", "~"))
    }
}

/// Which way a value travels: members that are `readOnly` need not be sent, members that are
/// `writeOnly` need not be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From client to server.
    Request,
    /// From server to client.
    Reply,
}

/// One place where a value and its schema disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Pointer into the value.
    pub instance: String,
    /// Pointer into the document, to the keyword that disagrees.
    pub keyword_pointer: String,
    /// The keyword: `type`, `required`, `additionalProperties`.
    pub keyword: String,
    /// The properties concerned, where the keyword is about properties.
    pub properties: Vec<String>,
    /// A sentence.
    pub message: String,
    /// What each alternative refuses, where none of several is met.
    pub branches: Vec<Vec<Violation>>,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.instance.is_empty() {
            "the body"
        } else {
            &self.instance
        };
        write!(formatter, "{place}: {}", self.message)
    }
}

/// The validators of one document, made when they are first needed.
pub(crate) struct Judge {
    registry: Registry<'static>,
    ready: Mutex<BTreeMap<Pointer, Arc<Validator>>>,
    /// How often checks of a schema were broken off.
    exhausting: Mutex<BTreeMap<Pointer, usize>>,
}

impl fmt::Debug for Judge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Judge").finish_non_exhaustive()
    }
}

impl Judge {
    /// # Errors
    /// A sentence of the validator, where the document cannot be registered.
    pub(crate) fn new(document: serde_json::Value) -> Result<Self, String> {
        let registry = Registry::new()
            .draft(Draft::Draft202012)
            .add(ADDRESS, document)
            .map_err(|error| error.to_string())?
            .prepare()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            registry,
            ready: Mutex::default(),
            exhausting: Mutex::default(),
        })
    }

    /// # Errors
    /// A sentence of the validator, where the schema is none.
    pub(crate) fn validator(&self, schema: &Schema) -> Result<Arc<Validator>, String> {
        let mut ready = self
            .ready
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(validator) = ready.get(&schema.target) {
            return Ok(Arc::clone(validator));
        }
        let address = format!("{ADDRESS}#{}", fragment(&shifted(schema.target.as_str())));
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .with_keyword(STEP, step)
            .offline()
            .build(&serde_json::json!({"$ref": address}))
            .map_err(|error| error.to_string())?;
        let validator = Arc::new(validator);
        ready.insert(schema.target.clone(), Arc::clone(&validator));
        Ok(validator)
    }

    pub(crate) fn check(&self, schema: &Schema, value: &Value) -> Vec<Violation> {
        let validator = match self.validator(schema) {
            Ok(validator) => validator,
            Err(error) => {
                return vec![Violation {
                    instance: String::new(),
                    keyword_pointer: schema.target.to_string(),
                    keyword: "schema".to_owned(),
                    properties: Vec::new(),
                    message: format!("the schema itself cannot be used: {error}"),
                    branches: Vec::new(),
                }];
            }
        };
        if self.is_exhausting(schema) {
            return vec![too_much(schema)];
        }
        let instance = to_json(value);
        let outcome = bounded(values(&instance), || {
            if validator.is_valid(&instance) {
                return Vec::new();
            }
            let errors = validator.iter_errors(&instance).take(MOST_VIOLATIONS);
            let mut told = Vec::new();
            for error in errors {
                tell(&error, &mut told);
            }
            told.truncate(MOST_VIOLATIONS);
            told
        });
        outcome.unwrap_or_else(|_| {
            let mut exhausting = lock(&self.exhausting);
            *exhausting.entry(schema.target.clone()).or_default() += 1;
            vec![too_much(schema)]
        })
    }

    /// The schemas against which a check was broken off.
    pub(crate) fn exhausting(&self) -> Vec<Pointer> {
        lock(&self.exhausting).keys().cloned().collect()
    }

    /// Whether checks were broken off so often that no further one is begun.
    fn is_exhausting(&self, schema: &Schema) -> bool {
        let times = lock(&self.exhausting).get(&schema.target).copied();
        times.is_some_and(|times| times >= TIMES)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// How many values a value consists of.
fn values(value: &serde_json::Value) -> u64 {
    1 + match value {
        serde_json::Value::Array(items) => items.iter().map(values).sum(),
        serde_json::Value::Object(members) => members.values().map(values).sum(),
        _ => 0,
    }
}

/// What is said of a value that no check could be ended of.
fn too_much(schema: &Schema) -> Violation {
    Violation {
        instance: String::new(),
        keyword_pointer: schema.target.to_string(),
        keyword: "schema".to_owned(),
        properties: Vec::new(),
        message: "the schema takes more steps to check than are taken here; its alternatives \
                  multiply"
            .to_owned(),
        branches: Vec::new(),
    }
}

/// Takes down what is wrong. Where all alternatives but one are of other types, such as null, it is what that one says,
/// which names the place.
fn tell(error: &ValidationError<'_>, told: &mut Vec<Violation>) {
    use jsonschema::error::ValidationErrorKind as Kind;
    if let Kind::AnyOf { context } | Kind::OneOfNotValid { context } = error.kind() {
        let is_other_type = |branch: &&Vec<ValidationError<'static>>| {
            let [only] = branch.as_slice() else {
                return false;
            };
            matches!(only.kind(), Kind::Type { .. })
                && only.instance_path() == error.instance_path()
        };
        let mut meant = context.iter().filter(|branch| !is_other_type(branch));
        if let (Some(branch), None) = (meant.next(), meant.next()) {
            return branch.iter().for_each(|error| tell(error, told));
        }
    }
    told.push(violation(error));
}

fn violation(error: &ValidationError<'_>) -> Violation {
    use jsonschema::error::ValidationErrorKind as Kind;
    let properties = match error.kind() {
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            unexpected.clone()
        }
        Kind::Required { property } => property.as_str().map(str::to_owned).into_iter().collect(),
        _ => Vec::new(),
    };
    let branches = match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => context
            .iter()
            .take(MOST_BRANCHES)
            .map(|branch| branch.iter().take(MOST_BRANCHES).map(violation).collect())
            .collect(),
        _ => Vec::new(),
    };
    let keyword_pointer = error
        .absolute_keyword_location()
        .and_then(|address| {
            address
                .fragment()
                .map(|fragment| fragment.as_str().to_owned())
        })
        .and_then(|fragment| verbatim_source::pointer::from_fragment(&fragment))
        .unwrap_or_else(|| error.schema_path().to_string());
    let keyword_pointer = unshifted(&keyword_pointer);
    Violation {
        instance: error.instance_path().to_string(),
        keyword_pointer,
        keyword: error.kind().keyword().to_owned(),
        properties,
        message: clip(&error.to_string()),
        branches,
    }
}

/// A sentence of bounded length; validators quote whole values.
fn clip(text: &str) -> String {
    const LONGEST: usize = 300;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let half = LONGEST / 2;
    let head: String = text.chars().take(half).collect();
    let tail: Vec<char> = text.chars().rev().take(half).collect();
    format!("{head} ... {}", tail.into_iter().rev().collect::<String>())
}

/// A pointer as the fragment of a URI.
pub(crate) fn fragment(pointer: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'~')
        .remove(b'-')
        .remove(b'.')
        .remove(b'_');
    utf8_percent_encode(pointer, KEPT).to_string()
}
