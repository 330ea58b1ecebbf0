//! The control path: `/__simulator/...`.
//!
//! | path | method | what it does |
//! |---|---|---|
//! | `/__simulator` | GET | says what is served and how many requests there were |
//! | `/__simulator/` | GET | a page for people that shows and changes all of this |
//! | `/__simulator/requests` | GET, DELETE | gives or forgets the newest requests, secrets masked, and the callbacks and webhooks with what came of them |
//! | `/__simulator/reset` | POST | goes back to the first state, without faults |
//! | `/__simulator/snapshot` | GET | gives the whole state as JSON |
//! | `/__simulator/load` | POST, PUT | takes a state that `snapshot` gave |
//! | `/__simulator/clock` | GET, POST | tells or changes the virtual time: `{"advance": 60}` in seconds, `{"pace": "x60"}` |
//! | `/__simulator/stubs` | GET, POST, DELETE | tells, adds or clears replies given in advance |
//! | `/__simulator/webhooks` | POST | sends a webhook of the document: `{"name": "newPet", "url": "http://127.0.0.1:8000/"}`, with a `body` where it is not the documented one |
//! | `/__simulator/faults` | GET, POST, DELETE | tells, plants (a list) or clears faults |

mod page;
mod snapshot;

use bytes::Bytes;
use http::{Method, Request, Response};
use verbatim_contract::value::at;
use verbatim_source::{Node, Object, Value};

use crate::clock::Pace;
use crate::fault::{Delivery, Fault, Kind};
use crate::json::{json, state_of};
use crate::rate::Rate;
use crate::respond::respond;
use crate::simulator::{Answer, Simulator, State};
use crate::world::{key_of, object};

/// What all control paths begin with.
pub const CONTROL: &str = "/__simulator";

impl Simulator {
    /// Answers a request to the control path; `None` where it is for the API.
    pub(crate) fn control(
        &self,
        state: &mut State,
        request: &Request<Bytes>,
        path: &str,
    ) -> Option<Answer> {
        let rest = self.below_control(path)?;
        state.replies.clear();
        let get = request.method() == Method::GET;
        let post = request.method() == Method::POST || request.method() == Method::PUT;
        let body = request.body();
        if !get {
            state.changes += 1;
        }
        if get && rest == "/" {
            return Some(Answer {
                response: page::page(),
                delivery: Delivery::default(),
            });
        }
        if get && rest.trim_end_matches('/') == "/snapshot" {
            return Some(Answer {
                response: respond(200, "application/json", self.snapshot(state)),
                delivery: Delivery::default(),
            });
        }
        let outcome = match rest.trim_end_matches('/') {
            "" if get => Ok(self.about(state)),
            "/reset" if post => Ok(self.reset(state)),
            "/load" if post => state_of("body", body)
                .and_then(|value| self.load(state, &value))
                .map_err(|message| (400, message)),
            "/clock" if get => Ok(clock(state)),
            "/clock" if post => set_clock(state, body),
            "/requests" if get => Ok(requests(state)),
            "/webhooks" if post => self.webhook(state, body),
            "/requests" if request.method() == Method::DELETE => {
                state.journal.clear();
                state.outbox.clear();
                Ok(requests(state))
            }
            "/stubs" if get => Ok(stubs(state)),
            "/stubs" if post => self.stub(state, body),
            "/stubs" if request.method() == Method::DELETE => {
                state.stubs.clear();
                Ok(stubs(state))
            }
            "/faults" if get => Ok(faults(state)),
            "/faults" if post => plant(state, body),
            "/faults" if request.method() == Method::DELETE => {
                state.faults.clear();
                Ok(faults(state))
            }
            _ => Err((404, "the control paths are /__simulator and below it requests, reset, snapshot, load, clock, stubs, webhooks and faults".to_owned())),
        };
        Some(Answer {
            response: answer(outcome),
            delivery: Delivery::default(),
        })
    }

    /// What stands after `/__simulator` in a path, at its beginning or below a base path of the
    /// document; `None` where the path is for the API.
    fn below_control<'a>(&self, path: &'a str) -> Option<&'a str> {
        let bases = self.contract.bases().iter().map(String::as_str);
        let mut rests = bases.chain([""]).filter_map(|base| {
            let rest = verbatim_contract::after(path, base)?.strip_prefix(CONTROL)?;
            (rest.is_empty() || rest.starts_with('/')).then_some(rest)
        });
        rests.next()
    }

    /// Whether a state is loaded at a path.
    pub(crate) fn is_load(&self, path: &str) -> bool {
        self.below_control(path) == Some("/load")
    }

    fn about(&self, state: &State) -> Value {
        let collections: Object = self
            .map
            .collections
            .iter()
            .zip(&state.world.stores)
            .map(|(known, store)| (known.name.as_str(), Value::from(store.len())))
            .collect();
        object([
            ("title", Value::from(self.contract.title.as_str())),
            ("operations", Value::from(self.contract.operations().len())),
            ("base", Value::from(self.contract.base_path.as_str())),
            ("requests", Value::from(state.requests)),
            ("limits", self.limits_met()),
            ("collections", Value::Object(collections)),
        ])
    }

    /// Bounds of samples and checks that were met.
    fn limits_met(&self) -> Value {
        let met = self.contract.limits_met();
        Value::Array(met.iter().map(|text| Node::made(text.as_str())).collect())
    }

    fn reset(&self, state: &mut State) -> Value {
        state.world = self.first_world();
        state.rate = Rate::default();
        state.faults = crate::fault::Faults::new(self.settings.seed);
        state.stubs.clone_from(&self.stubs);
        object([("reset", Value::Bool(true))])
    }

    /// Plans a webhook of the document.
    fn webhook(&self, state: &mut State, body: &Bytes) -> Result<Value, (u16, String)> {
        let value = json(body).map_err(|message| (400, message))?;
        let text = |pointer: &str| at(&value, pointer).and_then(key_of);
        let (Some(name), Some(url)) = (text("/name"), text("/url")) else {
            let wanted =
                r#"a webhook is {"name": "newPet", "url": "http://127.0.0.1:8000/", "body": {}}"#;
            return Err((400, wanted.to_owned()));
        };
        self.call_webhook(state, &name, &url, at(&value, "/body"))
            .map_err(|message| (400, message))?;
        Ok(requests(state))
    }

    /// Adds replies given in advance before those that there are.
    fn stub(&self, state: &mut State, body: &Bytes) -> Result<Value, (u16, String)> {
        let text = std::str::from_utf8(body)
            .map_err(|error| (400, format!("the body is not UTF-8: {error}")))?;
        let added = crate::stub::read(&self.contract, "body", text);
        let added = added.map_err(|error| (400, error.0))?;
        state.stubs.splice(0..0, added);
        Ok(stubs(state))
    }
}

fn stubs(state: &State) -> Value {
    let list = state.stubs.iter().map(|stub| Node::made(stub.to_value()));
    object([("stubs", Value::Array(list.collect()))])
}

fn answer(outcome: Result<Value, (u16, String)>) -> Response<Bytes> {
    let (status, value) = match outcome {
        Ok(value) => (200, value),
        Err((status, message)) => (status, object([("message", Value::from(message))])),
    };
    respond(
        status,
        "application/json",
        verbatim_source::write::compact(&value),
    )
}

/// The newest requests.
fn requests(state: &State) -> Value {
    let entries = state.journal.entries();
    let entries = entries.map(|entry| Node::made(entry.to_value()));
    object([
        ("requests", Value::Array(entries.collect())),
        ("callbacks", state.outbox.to_value()),
    ])
}

fn clock(state: &State) -> Value {
    let now = state.world.clock.now();
    let pace = match state.world.clock.pace() {
        Pace::Instant => "instant".to_owned(),
        Pace::Real => "real".to_owned(),
        Pace::Manual => "manual".to_owned(),
        Pace::Scaled(factor) => format!("x{factor}"),
    };
    object([
        ("milliseconds", Value::from(now)),
        ("time", Value::from(crate::clock::write(now, ""))),
        ("pace", Value::from(pace)),
    ])
}

fn set_clock(state: &mut State, body: &Bytes) -> Result<Value, (u16, String)> {
    let value = json(body).map_err(|message| (400, message))?;
    if let Some(pace) = at(&value, "/pace").and_then(key_of) {
        state
            .world
            .clock
            .set_pace(Pace::parse(&pace).map_err(|message| (400, message))?);
    }
    if let Some(advance) = at(&value, "/advance") {
        let seconds = key_of(advance).and_then(|text| text.parse::<f64>().ok());
        let seconds = seconds.filter(|seconds| (0.0..=1e12).contains(seconds));
        let seconds = seconds.ok_or_else(|| {
            (
                400,
                "`advance` is a number of seconds, not below 0".to_owned(),
            )
        })?;
        #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
        state.world.clock.advance((seconds * 1000.0) as i64);
    }
    Ok(clock(state))
}

fn faults(state: &State) -> Value {
    let list = state.faults.list().map(|fault| {
        let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
        Node::made(object([
            ("kind", Value::from(fault.kind.name())),
            ("amount", Value::from(fault.amount)),
            ("operation", text(&fault.operation)),
            ("method", text(&fault.method)),
            ("path", text(&fault.path)),
            ("probability", Value::Number(fault.probability.to_string())),
            ("burst", Value::from(fault.burst)),
            ("times", fault.times.map_or(Value::Null, Value::from)),
            ("after", Value::from(fault.after)),
        ]))
    });
    let kinds: Object = Kind::ALL
        .iter()
        .map(|kind| (kind.name(), Value::from(kind.words())))
        .collect();
    object([
        ("faults", Value::Array(list.collect())),
        ("kinds", Value::Object(kinds)),
    ])
}

fn plant(state: &mut State, body: &Bytes) -> Result<Value, (u16, String)> {
    let value = json(body).map_err(|message| (400, message))?;
    let list: Vec<&Value> = match &value {
        Value::Array(items) => items.iter().map(|item| &item.value).collect(),
        single => vec![single],
    };
    let list = list
        .into_iter()
        .map(Fault::read)
        .collect::<Result<Vec<Fault>, String>>();
    state.faults.set(list.map_err(|message| (400, message))?);
    Ok(faults(state))
}
