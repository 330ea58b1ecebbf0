//! The control path: `/__simulator/...`.
//!
//! | path | method | what it does |
//! |---|---|---|
//! | `/__simulator` | GET | says what is served and how many requests there were |
//! | `/__simulator/requests` | GET, DELETE | gives or forgets the newest requests, secrets masked |
//! | `/__simulator/reset` | POST | goes back to the first state, without faults |
//! | `/__simulator/snapshot` | GET | gives the whole state as JSON |
//! | `/__simulator/load` | POST, PUT | takes a state that `snapshot` gave |
//! | `/__simulator/clock` | GET, POST | tells or changes the virtual time: `{"advance": 60}` in seconds, `{"pace": "x60"}` |
//! | `/__simulator/faults` | GET, POST, DELETE | tells, plants (a list) or clears faults |

use bytes::Bytes;
use http::{Method, Request, Response};
use indexmap::IndexMap;
use verbatim_contract::value::at;
use verbatim_source::{Node, Object, Value};

use crate::check::{json, state_of};
use crate::clock::Pace;
use crate::fault::{Delivery, Fault, Kind};
use crate::rate::Rate;
use crate::simulator::{Answer, Simulator, State, respond};
use crate::world::{Item, Task, key_of, object};

/// What all control paths begin with.
pub const CONTROL: &str = "/__simulator";

/// Where a state is loaded.
pub(crate) const LOAD: &str = "/__simulator/load";

impl Simulator {
    /// Answers a request to the control path; `None` where it is for the API.
    pub(crate) fn control(
        &self,
        state: &mut State,
        request: &Request<Bytes>,
        path: &str,
    ) -> Option<Answer> {
        let rest = path.strip_prefix(CONTROL)?;
        if !rest.is_empty() && !rest.starts_with('/') {
            return None;
        }
        state.replies.clear();
        let get = request.method() == Method::GET;
        let post = request.method() == Method::POST || request.method() == Method::PUT;
        let body = request.body();
        let outcome = match rest.trim_end_matches('/') {
            "" if get => Ok(self.about(state)),
            "/reset" if post => Ok(self.reset(state)),
            "/snapshot" if get => Ok(self.snapshot(state)),
            "/load" if post => self.load(state, body),
            "/clock" if get => Ok(clock(state)),
            "/clock" if post => set_clock(state, body),
            "/requests" if get => Ok(requests(state)),
            "/requests" if request.method() == Method::DELETE => {
                state.journal.clear();
                Ok(requests(state))
            }
            "/faults" if get => Ok(faults(state)),
            "/faults" if post => plant(state, body),
            "/faults" if request.method() == Method::DELETE => {
                state.faults.clear();
                Ok(faults(state))
            }
            _ => Err((404, "the control paths are /__simulator and below it requests, reset, snapshot, load, clock and faults".to_owned())),
        };
        Some(Answer {
            response: answer(outcome),
            delivery: Delivery::default(),
        })
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
        object([("reset", Value::Bool(true))])
    }

    /// The whole state as JSON.
    fn snapshot(&self, state: &State) -> Value {
        let mut stores = Object::new();
        for (collection, store) in state.world.stores.iter().enumerate() {
            let items = store.iter().map(|(id, item)| {
                let owners = item.owners.iter().map(|(owner, id)| {
                    Node::made(object([
                        ("of", Value::from(self.key(*owner))),
                        ("id", Value::from(id.as_str())),
                    ]))
                });
                Node::made(object([
                    ("id", Value::from(id.as_str())),
                    ("owners", Value::Array(owners.collect())),
                    ("value", item.value.clone()),
                ]))
            });
            stores.insert(
                self.key(collection),
                Node::made(Value::Array(items.collect())),
            );
        }
        let singles: Object = state
            .world
            .singles
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let tasks = state
            .world
            .tasks
            .iter()
            .map(|task| Node::made(self.write_task(task)))
            .collect();
        object([
            ("clock", Value::from(state.world.clock.now())),
            ("made", Value::from(state.world.made)),
            ("random", Value::from(state.world.random.get_seed())),
            ("collections", Value::Object(stores)),
            ("singles", Value::Object(singles)),
            ("tasks", Value::Array(tasks)),
        ])
    }

    /// The name of a collection that no other has: its shortest path.
    fn key(&self, collection: usize) -> String {
        let node = self
            .map
            .collections
            .get(collection)
            .and_then(|known| known.nodes.first());
        node.and_then(|node| self.map.nodes.get(*node))
            .map(|node| node.template.clone())
            .unwrap_or_default()
    }

    fn keyed(&self, key: &str) -> Option<usize> {
        (0..self.map.collections.len()).find(|collection| self.key(*collection) == key)
    }

    fn write_task(&self, task: &Task) -> Value {
        let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
        let after = task
            .after
            .iter()
            .map(|(pointer, value)| (pointer.clone(), value.clone()));
        object([
            ("of", Value::from(self.key(task.collection))),
            ("id", Value::from(task.id.as_str())),
            ("state", text(&task.state)),
            ("percent", text(&task.percent)),
            ("begin", Value::from(task.begin)),
            ("end", Value::from(task.end)),
            ("after", Value::Object(after.collect())),
            ("removes", Value::Bool(task.removes)),
        ])
    }

    fn read_task(&self, value: &Value) -> Option<Task> {
        let text = |name: &str| at(value, name).and_then(key_of);
        let number = |name: &str| text(name)?.parse::<i64>().ok();
        let after = match at(value, "/after")? {
            Value::Object(object) => object
                .iter()
                .map(|member| (member.key.clone(), member.value.value.clone()))
                .collect(),
            _ => return None,
        };
        Some(Task {
            collection: self.keyed(&text("/of")?)?,
            id: text("/id")?,
            state: text("/state"),
            percent: text("/percent"),
            begin: number("/begin")?,
            end: number("/end")?,
            after,
            removes: matches!(at(value, "/removes"), Some(Value::Bool(true))),
        })
    }

    fn load(&self, state: &mut State, body: &Bytes) -> Result<Value, (u16, String)> {
        let wrong = |message: &str| (400, format!("this is no snapshot: {message}"));
        let value = state_of(body).map_err(|message| (400, message))?;
        let number = |name: &str| {
            at(&value, name)
                .and_then(key_of)
                .and_then(|text| text.parse::<i64>().ok())
        };
        let mut stores = vec![IndexMap::new(); self.map.collections.len()];
        let Some(Value::Object(collections)) = at(&value, "/collections") else {
            return Err(wrong("there are no `collections`"));
        };
        for member in collections {
            let collection = self
                .keyed(&member.key)
                .ok_or_else(|| wrong(&format!("there is no collection `{}`", member.key)))?;
            for item in member.value.as_array().unwrap_or_default() {
                let (id, item) = self
                    .read_item(&item.value)
                    .ok_or_else(|| wrong("an item has no `id` or `value`"))?;
                stores[collection].insert(id, item);
            }
        }
        let tasks = at(&value, "/tasks").map(|tasks| match tasks {
            Value::Array(tasks) => tasks
                .iter()
                .map(|task| self.read_task(&task.value))
                .collect(),
            _ => None,
        });
        let singles = match at(&value, "/singles") {
            Some(Value::Object(singles)) => singles
                .iter()
                .map(|member| (member.key.clone(), member.value.value.clone()))
                .collect(),
            _ => return Err(wrong("there are no `singles`")),
        };
        let clock = number("/clock").ok_or_else(|| wrong("there is no `clock`"))?;
        state.world.tasks = tasks
            .flatten()
            .ok_or_else(|| wrong("the `tasks` cannot be read"))?;
        state.world.made = number("/made").unwrap_or_default();
        if let Some(seed) = at(&value, "/random")
            .and_then(key_of)
            .and_then(|text| text.parse().ok())
        {
            state.world.random = fastrand::Rng::with_seed(seed);
        }
        state.world.stores = stores;
        state.world.singles = singles;
        state.world.clock.set(clock);
        Ok(object([("loaded", Value::Bool(true))]))
    }

    fn read_item(&self, value: &Value) -> Option<(String, Item)> {
        let owners = match at(value, "/owners") {
            Some(Value::Array(owners)) => owners
                .iter()
                .map(|owner| {
                    let of = at(&owner.value, "/of").and_then(key_of)?;
                    Some((self.keyed(&of)?, at(&owner.value, "/id").and_then(key_of)?))
                })
                .collect::<Option<Vec<_>>>()?,
            _ => Vec::new(),
        };
        Some((
            at(value, "/id").and_then(key_of)?,
            Item {
                value: at(value, "/value")?.clone(),
                owners,
            },
        ))
    }
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
    object([("requests", Value::Array(entries.collect()))])
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
