//! Faults on demand: what goes wrong on the way, and what a reply gets wrong.

mod drift;
mod kind;
mod spoil;

use std::collections::BTreeSet;
use std::time::Duration;

use fastrand::Rng;
use verbatim_contract::Operation;
use verbatim_source::Value;

pub use kind::Kind;

use crate::world::key_of;

/// Paths of removed things that are remembered for `delete-differs`.
const MOST_REMEMBERED: usize = 4096;

/// What happens to a response on its way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivery {
    /// How long it is held back.
    pub latency: Duration,
    /// The connection is closed instead of answering, after the change has been made.
    pub lost: bool,
    /// The connection is reset after so many bytes of the body.
    pub cut: Option<usize>,
    /// The pause between pieces of the body.
    pub drip: Duration,
}

/// Something that goes wrong, and for which requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What goes wrong.
    pub kind: Kind,
    /// The number that belongs to it: milliseconds, seconds, bytes or a status.
    pub amount: u32,
    /// The operation it is for; all where there is none.
    pub operation: Option<String>,
    /// The method it is for.
    pub method: Option<String>,
    /// What the path begins with.
    pub path: Option<String>,
    /// How likely it is, from 0 to 1.
    pub probability: f64,
    /// How many requests it strikes once it does; 1 for each by itself.
    pub burst: u32,
    /// How often it happens before it is over; for ever where there is none.
    pub times: Option<u32>,
    /// Requests that it passes over before it begins.
    pub after: u32,
}

/// All faults that are planted.
#[derive(Debug, Clone)]
pub(crate) struct Faults {
    list: Vec<Planted>,
    random: Rng,
    /// Paths of what was removed while `delete-differs` was planted.
    removed: BTreeSet<String>,
}

/// A fault with how far its burst has come.
#[derive(Debug, Clone)]
struct Planted {
    fault: Fault,
    /// Requests that the present burst still strikes.
    striking: u32,
}

/// The faults chosen for one request.
#[derive(Debug, Clone, Default)]
pub(crate) struct InjectedFaults {
    chosen: Vec<(Kind, u32)>,
}

impl Fault {
    /// A fault of a kind for all requests.
    pub fn new(kind: Kind, amount: u32) -> Self {
        Self {
            kind,
            amount,
            operation: None,
            method: None,
            path: None,
            probability: 1.0,
            burst: 1,
            times: None,
            after: 0,
        }
    }

    /// Reads a fault from an object such as `{"kind": "latency", "amount": 200, "probability": 0.5}`.
    ///
    /// # Errors
    /// A sentence saying what is expected.
    pub fn read(value: &Value) -> Result<Self, String> {
        let Value::Object(object) = value else {
            return Err("a fault is an object with a `kind`".to_owned());
        };
        let mut kind = None;
        let mut fault = Self::new(Kind::Latency, 0);
        for member in object {
            let found = &member.value.value;
            let text = || {
                key_of(found)
                    .ok_or_else(|| format!("`{}` of a fault is a text or a number", member.key))
            };
            let number = || {
                text()?
                    .parse::<u32>()
                    .map_err(|_| format!("`{}` of a fault is a whole number", member.key))
            };
            match member.key.as_str() {
                "kind" => kind = Some(text()?),
                "amount" => fault.amount = number()?,
                "operation" => fault.operation = Some(text()?),
                "method" => fault.method = Some(text()?.to_uppercase()),
                "path" => fault.path = Some(text()?),
                "times" => fault.times = Some(number()?),
                "after" => fault.after = number()?,
                "burst" => fault.burst = number()?.max(1),
                "probability" => {
                    fault.probability = text()?
                        .parse::<f64>()
                        .ok()
                        .filter(|probability| (0.0..=1.0).contains(probability))
                        .ok_or("`probability` of a fault is a number from 0 to 1")?;
                }
                other => return Err(format!("a fault has no `{other}`")),
            }
        }
        let kind = kind.ok_or("a fault needs a `kind`")?;
        fault.kind = Kind::from_name(&kind).ok_or_else(|| {
            let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            format!(
                "`{kind}` is no kind of fault; known are {}",
                known.join(", ")
            )
        })?;
        Ok(fault)
    }

    fn is_for(&self, method: &str, path: &str, operation: Option<&Operation>) -> bool {
        let of_operation = self
            .operation
            .as_ref()
            .is_none_or(|wanted| operation.is_some_and(|operation| operation.id == *wanted));
        of_operation
            && self.method.as_ref().is_none_or(|wanted| wanted == method)
            && self
                .path
                .as_ref()
                .is_none_or(|wanted| path.starts_with(wanted.as_str()))
    }
}

impl Planted {
    /// Whether the fault strikes a request that it is for.
    fn strikes(&mut self, random: &mut Rng) -> bool {
        let fault = &mut self.fault;
        if fault.times == Some(0) {
            return false;
        }
        if fault.after > 0 {
            fault.after -= 1;
            return false;
        }
        if self.striking == 0 {
            if fault.probability < 1.0 && random.f64() >= fault.probability {
                return false;
            }
            self.striking = fault.burst;
        }
        self.striking -= 1;
        if let Some(times) = &mut fault.times {
            *times -= 1;
        }
        true
    }
}

impl Faults {
    pub fn new(seed: u64) -> Self {
        Self {
            list: Vec::new(),
            random: Rng::with_seed(seed ^ 0x6661_756c_7400),
            removed: BTreeSet::new(),
        }
    }

    pub fn set(&mut self, list: Vec<Fault>) {
        self.removed.clear();
        self.list = list
            .into_iter()
            .map(|fault| Planted { fault, striking: 0 })
            .collect();
    }

    pub fn clear(&mut self) {
        self.set(Vec::new());
    }

    pub fn list(&self) -> impl Iterator<Item = &Fault> {
        self.list.iter().map(|planted| &planted.fault)
    }

    /// The faults that happen to a request.
    pub fn choose(
        &mut self,
        method: &str,
        path: &str,
        operation: Option<&Operation>,
    ) -> InjectedFaults {
        let mut injected = InjectedFaults::default();
        for planted in &mut self.list {
            if planted.fault.is_for(method, path, operation) && planted.strikes(&mut self.random) {
                let fault = &planted.fault;
                injected.chosen.push((fault.kind, fault.amount));
            }
        }
        injected
    }

    /// Remembers the path of something that is gone.
    pub fn remember_removed(&mut self, path: &str) {
        if self.removed.len() >= MOST_REMEMBERED {
            self.removed.clear();
        }
        self.removed.insert(path.to_owned());
    }

    /// Whether something at a path was removed before.
    pub fn was_removed(&self, path: &str) -> bool {
        self.removed.contains(path)
    }
}

impl InjectedFaults {
    /// Whether nothing goes wrong.
    pub fn is_none(&self) -> bool {
        self.chosen.is_empty()
    }

    /// Whether this goes wrong.
    pub fn has(&self, kind: Kind) -> bool {
        self.amount(kind).is_some()
    }

    fn amount(&self, kind: Kind) -> Option<u32> {
        self.chosen
            .iter()
            .find(|(known, _)| *known == kind)
            .map(|(_, amount)| *amount)
    }

    /// Whether a violation of a keyword of JSON Schema in a request is overlooked.
    pub fn forgives(&self, keyword: &str) -> bool {
        let kind = match keyword {
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                Kind::BoundsIgnored
            }
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
            | "maxProperties" => Kind::LengthIgnored,
            "required" => Kind::RequiredIgnored,
            "enum" | "const" => Kind::EnumIgnored,
            _ => return false,
        };
        self.has(kind)
    }

    /// The status that is answered instead of doing anything.
    pub fn instead(&self) -> Option<u16> {
        let wanted = self.amount(Kind::Status)?;
        let status = u16::try_from(wanted).unwrap_or(500);
        Some(if (400..600).contains(&status) {
            status
        } else {
            500
        })
    }

    /// What happens on the way.
    pub fn delivery(&self) -> Delivery {
        let duration =
            |kind: Kind| Duration::from_millis(u64::from(self.amount(kind).unwrap_or(0)));
        Delivery {
            latency: duration(Kind::Latency),
            lost: self.has(Kind::Lost),
            cut: self.amount(Kind::Reset).map(|bytes| bytes as usize),
            drip: duration(Kind::Slow),
        }
    }
}
