//! Values that a schema accepts, and values that it refuses for one reason each.
//!
//! Whatever is made here has been shown to the validator: a valid sample is valid, an invalid one
//! is not. A schema for which no sample can be made gives `None`, never a wrong one.

mod facts;
mod invalid;
mod number;
mod pattern;
mod rival;
mod text;
mod valid;

use fastrand::Rng;
use verbatim_source::Value;

use crate::contract::Contract;
use crate::operation::Parameter;
use crate::schema::{Direction, Schema};
use crate::wire;

pub use invalid::Invalid;

/// Attempts to meet what the generator does not understand (`not`, `contains`, ...).
const ATTEMPTS: usize = 24;

/// Values that are made for one sample, all attempts together.
const VALUES: usize = 20_000;
/// Bytes of texts that are made for it.
const BYTES: usize = 1 << 21;

/// How many of the optional parts a sample has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fullness {
    /// Required parts alone, shortest values.
    Least,
    /// Some of them.
    Some,
    /// All of them.
    All,
}

/// Makes samples. The same seed gives the same samples in the same order.
#[derive(Debug, Clone)]
pub struct Sampler<'a> {
    contract: &'a Contract,
    direction: Direction,
    random: Rng,
    /// Attempts that failed; the later ones take more pains.
    attempt: usize,
    /// Values that may still be made for the present sample.
    values: usize,
    /// Bytes of texts that may still be made for it.
    bytes: usize,
}

impl<'a> Sampler<'a> {
    /// A sampler for values that travel one way.
    pub fn new(contract: &'a Contract, direction: Direction, seed: u64) -> Self {
        Self {
            contract,
            direction,
            random: Rng::with_seed(seed),
            attempt: 0,
            values: VALUES,
            bytes: BYTES,
        }
    }

    /// A value that the schema accepts; `None` where none is found.
    pub fn valid(&mut self, schema: &Schema, fullness: Fullness) -> Option<Value> {
        self.values = VALUES;
        self.bytes = BYTES;
        let found = (0..ATTEMPTS).find_map(|attempt| {
            // A schema that no full sample fits may be fitted by a smaller one.
            let fullness = if attempt > ATTEMPTS / 2 {
                Fullness::Some
            } else {
                fullness
            };
            self.attempt = attempt;
            let value = self.generate(std::slice::from_ref(schema), fullness, 0)?;
            self.contract
                .accepts(schema, &value, self.direction)
                .then_some(value)
        });
        if found.is_none() && (self.values == 0 || self.bytes == 0) {
            self.contract.gave_up(schema);
        }
        found
    }

    /// Takes so many bytes of what may be made; `None` where there are not as many.
    fn take_bytes(&mut self, bytes: usize) -> Option<()> {
        let left = self.bytes.checked_sub(bytes);
        self.bytes = left.unwrap_or_default();
        left.map(|_| ())
    }

    /// Values that the schema refuses, each made from a valid one by one change. The list is empty
    /// where the schema accepts everything.
    pub fn invalid(&mut self, schema: &Schema) -> Vec<Invalid> {
        let mut start = Vec::new();
        for fullness in [Fullness::All, Fullness::Least] {
            start.extend(self.valid(schema, fullness));
        }
        let mut all = Vec::new();
        for value in &start {
            invalid::of(self.contract, schema, value, &mut all);
        }
        let (contract, direction) = (self.contract, self.direction);
        all.retain(|invalid: &Invalid| !contract.accepts(schema, &invalid.value, direction));
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|invalid| seen.insert((invalid.pointer.clone(), invalid.rule)));
        all
    }

    /// A text for a parameter of a path, a header or a scalar in a query, that it accepts.
    pub fn valid_text(&mut self, parameter: &Parameter) -> Option<String> {
        let Some(schema) = &parameter.schema else {
            return Some("x".to_owned());
        };
        (0..ATTEMPTS).find_map(|_| {
            let value = self.valid(schema, Fullness::Some)?;
            let sent = wire::single(parameter, &value);
            let back = wire::from_single(self.contract, parameter, &sent);
            let usable = !sent.is_empty() && self.contract.accepts(schema, &back, self.direction);
            usable.then_some(sent)
        })
    }

    /// Texts that a parameter refuses, each with the reason.
    pub fn invalid_texts(&mut self, parameter: &Parameter) -> Vec<(&'static str, String)> {
        let Some(schema) = &parameter.schema else {
            return Vec::new();
        };
        let mut texts: Vec<(&'static str, String)> = self
            .invalid(schema)
            .into_iter()
            .map(|invalid| (invalid.rule, wire::single(parameter, &invalid.value)))
            .collect();
        texts.push(("type", "no-such-value".to_owned()));
        texts.retain(|(_, text)| {
            let back = wire::from_single(self.contract, parameter, text);
            !text.is_empty() && !self.contract.accepts(schema, &back, self.direction)
        });
        texts.dedup();
        texts
    }
}
