use super::among::Among;
use super::target::Target;
use crate::service::{Operation, Service};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The form of the text, so that a later one is not misread.
const VERSION: u32 = 1;

/// A wait that another process can go on with: what is polled, since when, and for how long. Its
/// text form can be kept; it holds identifiers of the resource and no credential.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitToken {
    version: u32,
    service: String,
    operation: String,
    /// The parameters of the poll, each as JSON text.
    parameters: BTreeMap<String, String>,
    /// In a polled list of actions, what tells those that count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    among: Option<Counted>,
    /// In milliseconds since 1970.
    began: u64,
    /// In milliseconds from then on.
    deadline: u64,
}

/// The items of a polled list that count.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Counted {
    pub(super) wanted: Vec<String>,
    pub(super) old: BTreeSet<String>,
}

impl WaitToken {
    pub(super) fn new(
        service: &Service,
        operation: &Operation,
        target: &Target,
        among: Option<&Among>,
        began: SystemTime,
        deadline: Duration,
    ) -> Self {
        let parameters = target.given.iter();
        Self {
            version: VERSION,
            service: service.name.to_owned(),
            operation: operation.id.to_owned(),
            parameters: parameters
                .map(|(name, json)| ((*name).to_owned(), json.clone()))
                .collect(),
            among: among.map(Among::counted),
            began: milliseconds(began.duration_since(UNIX_EPOCH).unwrap_or_default()),
            deadline: milliseconds(deadline),
        }
    }

    /// The identifier of the operation that began what is waited for.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// A text of a later form is not misread.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.version == VERSION {
            Ok(())
        } else {
            Err(format!("its form {} is not known here", self.version))
        }
    }

    pub(super) fn service(&self) -> &str {
        &self.service
    }

    pub(super) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        let parameters = self.parameters.iter();
        parameters.map(|(name, json)| (name.as_str(), json.as_str()))
    }

    pub(super) fn counted(&self) -> Option<&Counted> {
        self.among.as_ref()
    }

    /// Since the call was accepted; nothing where the clock of this machine is behind.
    pub(super) fn elapsed(&self, wall: SystemTime) -> Duration {
        let began = UNIX_EPOCH.checked_add(Duration::from_millis(self.began));
        began
            .and_then(|began| wall.duration_since(began).ok())
            .unwrap_or_default()
    }

    /// Until the deadline that the wait was begun with.
    pub(super) fn left(&self, wall: SystemTime) -> Duration {
        Duration::from_millis(self.deadline).saturating_sub(self.elapsed(wall))
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl fmt::Display for WaitToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for WaitToken {
    type Err = NoToken;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let token: Self = serde_json::from_str(text).map_err(|error| NoToken(error.to_string()))?;
        token.check().map_err(NoToken)?;
        Ok(token)
    }
}

impl fmt::Debug for WaitToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitToken")
            .field("service", &self.service)
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// A text that is no token of a wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoToken(String);

impl fmt::Display for NoToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is not the token of a wait: {}", self.0)
    }
}

impl std::error::Error for NoToken {}
