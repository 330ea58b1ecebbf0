use super::expression::resolve;
use super::token::WaitToken;
use crate::client::Client;
use crate::draft::Draft;
use crate::options::Options;
use crate::parameter::Shape;
use crate::peek;
use crate::policy::wait::{Sighting, WaitGoal};
use crate::received::RawResponse;
use crate::service::{Method, Operation, Place, Wait};

/// What is polled, and how a reply is read.
pub(super) struct Target {
    pub(super) poll: Draft,
    pub(super) rule: Option<Wait>,
    pub(super) list: Option<ListTarget>,
    /// The parameters of the poll, each as JSON text.
    pub(super) given: Vec<(&'static str, String)>,
}

/// How the completion of an operation is awaited, and what is polled.
fn rule(
    client: &Client,
    operation: &'static Operation,
) -> Result<(Wait, &'static Operation), String> {
    let rule = operation
        .wait
        .ok_or("the operation declares nothing to wait for")?;
    let poll = client.service().operation(rule.poll);
    let poll =
        poll.ok_or_else(|| format!("the polled operation `{}` does not exist", rule.poll))?;
    Ok((rule, poll))
}

/// The list in which the polled resource stands.
#[derive(Clone)]
pub(super) struct ListTarget {
    pub(super) list: Draft,
    /// Names the list among those of the client.
    pub(super) key: String,
    pub(super) id: String,
    /// The pointer to the identifier within an item.
    pub(super) id_pointer: &'static str,
}

/// The part of a reply that tells how far things are.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Seen {
    pub(super) state: Option<String>,
    pub(super) percent: Option<String>,
}

impl Target {
    /// From what the called operation declares, and the reply it gave.
    pub(super) fn declared(
        client: &Client,
        called: &Draft,
        received: Option<&RawResponse>,
    ) -> Result<Self, String> {
        let (rule, poll) = rule(client, called.operation)?;
        let mut given = Vec::new();
        for (name, pointer) in rule.parameters {
            let json = resolve(pointer, name, called, received).ok_or_else(|| {
                format!(
                    "neither the reply nor the call tells `{name}` of `{}`",
                    rule.poll
                )
            })?;
            given.push((*name, json));
        }
        // Parameters that the rule does not name are those of the call.
        for part in &called.path {
            let named = given.iter().any(|(name, _)| *name == part.name);
            if !named && poll.parameter(Place::Path, part.name).is_some() {
                given.push((part.name, part.json.clone()));
            }
        }
        let mut options = called.options.clone();
        options.idempotent = None;
        Ok(Self::of(client, rule, poll, given, options))
    }

    /// From the token of a wait that was begun earlier.
    pub(super) fn resumed(
        client: &Client,
        operation: &'static Operation,
        token: &WaitToken,
    ) -> Result<Self, String> {
        token.check()?;
        if token.service() != client.service().name {
            return Err(format!("the wait was begun on `{}`", token.service()));
        }
        let (rule, poll) = rule(client, operation)?;
        let mut given = Vec::new();
        for (name, json) in token.parameters() {
            let known = poll.parameters.iter().find(|parameter| {
                parameter.name == name && matches!(parameter.place, Place::Path | Place::Query)
            });
            let known = known.ok_or_else(|| format!("`{}` has no `{name}`", rule.poll))?;
            given.push((known.name, json.to_owned()));
        }
        Ok(Self::of(client, rule, poll, given, Options::default()))
    }

    fn of(
        client: &Client,
        rule: Wait,
        poll: &'static Operation,
        given: Vec<(&'static str, String)>,
        options: Options,
    ) -> Self {
        let mut draft = Draft::new(poll);
        draft.options = options;
        for (name, json) in &given {
            if poll.parameter(Place::Query, name).is_some() {
                draft.query(name, Ok(json.clone()));
            } else {
                draft.path(name, Ok(json.clone()));
            }
        }
        let in_path = |name: &str| poll.parameter(Place::Query, name).is_none();
        let mut named = rule.parameters.iter().rev();
        let id = named.find(|(name, _)| in_path(name)).and_then(|last| {
            let (name, json) = given.iter().find(|(name, _)| *name == last.0)?;
            Some((*name, last.1, json.clone()))
        });
        // What one credential is shown is not told to waits with another one.
        let id = id.filter(|_| draft.options.credentials.is_empty());
        let list = id.and_then(|id| ListTarget::beside(client, &draft, id));
        Self {
            poll: draft,
            rule: Some(rule),
            list,
            given,
        }
    }

    /// The call itself.
    pub(super) fn itself(called: &Draft) -> Self {
        Self {
            poll: called.clone(),
            rule: None,
            list: None,
            given: Vec::new(),
        }
    }

    pub(super) fn goal(&self) -> WaitGoal {
        match self.rule {
            Some(rule) if rule.gone => WaitGoal::Absence,
            _ => WaitGoal::State,
        }
    }

    pub(super) fn awaits_absence(&self) -> bool {
        self.goal() == WaitGoal::Absence
    }

    /// How far a resource is, read from its JSON text.
    pub(super) fn read(&self, text: &str) -> Seen {
        let Some(rule) = self.rule else {
            return Seen::default();
        };
        let pointed = |pointer: &str| {
            if pointer.is_empty() {
                None
            } else {
                peek::scalar(text, pointer)
            }
        };
        Seen {
            state: pointed(rule.state),
            percent: pointed(rule.percent),
        }
    }

    /// What the declared rule makes of it.
    pub(super) fn judge(&self, seen: &Seen) -> Sighting {
        let Some(rule) = self.rule else {
            return Sighting::Busy(None);
        };
        let percent = seen
            .percent
            .as_deref()
            .and_then(|text| text.parse::<f64>().ok());
        let Some(state) = seen.state.as_deref() else {
            return if rule.state.is_empty() && !rule.percent.is_empty() && seen.percent.is_none() {
                Sighting::Goal
            } else {
                Sighting::Busy(percent)
            };
        };
        if rule.failed.contains(&state) {
            return Sighting::Failure;
        }
        let complete = !rule.percent_null || seen.percent.is_none();
        if complete && rule.done.contains(&state) {
            Sighting::Goal
        } else {
            Sighting::Busy(percent)
        }
    }
}

impl ListTarget {
    /// The list operation whose path is that of the poll without its last segment.
    fn beside(
        client: &Client,
        poll: &Draft,
        (name, pointer, json): (&'static str, &'static str, String),
    ) -> Option<Self> {
        // `/servers/{id}` stands in `/servers`, `/servers/{id}.json` in `/servers.json`.
        let (before, ending) = poll.operation.path.split_once(&format!("/{{{name}}}"))?;
        if ending.contains('/') || before.is_empty() {
            return None;
        }
        let path = format!("{before}{ending}");
        let is_list = |operation: &&Operation| {
            operation.method == Method::Get
                && operation.path == path
                && operation.pagination.is_some()
                && !operation
                    .parameters
                    .iter()
                    .any(|parameter| parameter.required && parameter.place != Place::Path)
        };
        let operation = client.service().operations.iter().find(is_list)?;
        let Ok(Shape::Scalar(id)) = Shape::parse(&json) else {
            return None;
        };
        let mut list = Draft::new(operation);
        let mut key = operation.id.to_owned();
        for part in poll.path.iter().filter(|part| part.name != name) {
            key.push('/');
            key.push_str(&part.text);
            list.path(part.name, Ok(part.json.clone()));
        }
        Some(Self {
            list,
            key,
            id,
            // A request's own parameter is called `id` in the items.
            id_pointer: if pointer.starts_with('/') {
                pointer
            } else {
                "/id"
            },
        })
    }
}
