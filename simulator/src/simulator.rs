//! The simulator: the document, what was made of it, and what requests change.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use verbatim_contract::value::{at, set};
use verbatim_contract::{Contract, Operation};
use verbatim_source::Value;

use crate::check;
use crate::clock::{Clock, Pace};
use crate::cors::Cors;
use crate::fault::{Delivery, Faults};
use crate::fill::Filler;
use crate::held::HeldReplies;
use crate::journal::{Entry, Expectation, Journal};
use crate::link::Links;
use crate::map::{Kind, Map, Step, member_pointer};
use crate::oneway;
use crate::outbox::Outbox;
use crate::place::{NodePath, Place};
use crate::rate::Rate;
use crate::refuse::Refusal;
use crate::respond::{put, respond};
use crate::rules::Rules;
use crate::seed::Seeder;
use crate::stub::{self, Stub};
use crate::world::World;

/// The first moment of the virtual clock where no rule says otherwise: 2024-01-01.
pub(crate) const START: i64 = 1_704_067_200;

/// The header that says why a request was refused.
const REASON: &str = "x-simulator-reason";

/// The largest body of a request that is taken.
pub const LARGEST_BODY: usize = 8 << 20;

/// How a simulator behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Decides identifiers, and faults by probability.
    pub seed: u64,
    /// How virtual time runs.
    pub pace: Pace,
    /// Whether the documented rate limit holds.
    pub rate_limit: bool,
    /// Which pages of other origins may call.
    pub cors: Cors,
    /// The token that is accepted; one made from the seed where there is none.
    pub token: Option<String>,
    /// The file of replies given in advance; `stubs.yaml` beside the document where there is none.
    pub stubs: Option<PathBuf>,
    /// The base path that takes the place of those of the document.
    pub base: Option<String>,
    /// Hosts that callbacks and webhooks may be sent to, besides this machine.
    pub callback_hosts: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 0,
            pace: Pace::Instant,
            rate_limit: true,
            cors: Cors::default(),
            token: None,
            stubs: None,
            base: None,
            callback_hosts: Vec::new(),
        }
    }
}

/// A server made from a document, without a socket.
#[derive(Debug)]
pub struct Simulator {
    pub(crate) contract: Contract,
    pub(crate) rules: Rules,
    pub(crate) map: Map,
    pub(crate) links: Links,
    pub(crate) settings: Settings,
    pub(crate) token: String,
    pub(crate) one_way: OneWay,
    /// Items of complete collections that documented requests name and that there are not.
    pub(crate) made_up: BTreeSet<(usize, String)>,
    /// The replies that were given in advance at the start.
    pub(crate) stubs: Vec<Stub>,
    prototypes: Vec<Option<Value>>,
    /// Whether callers speak HTTPS.
    secure: AtomicBool,
    state: Mutex<State>,
}

/// Whether a document has members that travel one way only.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OneWay {
    pub read_only: bool,
    pub write_only: bool,
}

/// Everything that requests change.
#[derive(Debug)]
pub(crate) struct State {
    pub world: World,
    pub rate: Rate,
    pub faults: Faults,
    pub requests: u64,
    /// How often something may have changed.
    pub changes: u64,
    pub journal: Journal,
    /// Requests to callers.
    pub outbox: Outbox,
    /// Replies given in advance.
    pub stubs: Vec<Stub>,
    /// Replies to reading requests by their target, as long as nothing has changed.
    pub replies: HeldReplies,
}

/// A response, and how it reaches the caller.
#[derive(Debug)]
pub struct Answer {
    /// The response.
    pub response: Response<Bytes>,
    /// What happens to it on the way.
    pub delivery: Delivery,
}

/// Why a simulator cannot be made.
#[derive(Debug)]
pub struct StartError(String);

impl StartError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl std::fmt::Display for StartError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}

impl Simulator {
    /// Reads a document, and what lies beside it: the rules of the path given, else `simulator.yaml` in
    /// the folder of the document where there is one; the stubs of the settings, else `stubs.yaml`.
    ///
    /// # Errors
    /// Where one of the files cannot be read or is not what it should be; with the place in it.
    pub fn open(spec: &Path, rules: Option<&Path>, settings: Settings) -> Result<Self, StartError> {
        let contract =
            Contract::open(spec).map_err(|problems| StartError::new(problems.to_string()))?;
        let beside = spec.with_file_name("stubs.yaml");
        let stubs = settings
            .stubs
            .clone()
            .or_else(|| beside.exists().then_some(beside));
        let beside = spec.with_file_name("simulator.yaml");
        let path = rules
            .map(Path::to_path_buf)
            .or_else(|| beside.exists().then_some(beside));
        let rules = match path {
            Some(path) => Rules::open(&path).map_err(|error| StartError::new(error.to_string()))?,
            None => Rules::default(),
        };
        let mut simulator = Self::new(contract, rules, settings)?;
        if let Some(path) = stubs {
            let read = stub::open(&simulator.contract, &path);
            simulator.stubs = read.map_err(|error| StartError::new(error.0))?;
            simulator.lock().stubs.clone_from(&simulator.stubs);
        }
        Ok(simulator)
    }

    /// A simulator of a document with rules.
    ///
    /// # Errors
    /// Where a rule names a collection or an operation that the document does not have.
    pub fn new(
        mut contract: Contract,
        rules: Rules,
        settings: Settings,
    ) -> Result<Self, StartError> {
        if let Some(base) = &settings.base {
            contract.move_below(base);
        }
        for (name, effect) in &rules.operations {
            let Some(operation) = contract.operation(name) else {
                return Err(StartError::new(format!(
                    "a rule names the operation `{name}`, which the document does not have"
                )));
            };
            let unknown = effect.status.filter(|it| operation.reply(*it).is_none());
            if let Some(status) = unknown {
                return Err(StartError::new(format!(
                    "a rule says that `{name}` is answered with {status}, which the document does not have; name one of its statuses"
                )));
            }
        }
        let map = Map::new(&contract, &rules);
        let named = rules.states.keys().chain(rules.present.keys());
        let named = named.chain(rules.items.keys()).chain(&rules.complete);
        let corrected = rules.corrections.iter().map(|it| &it.collection);
        let copied = rules.copies.iter();
        let copied = copied.flat_map(|it| [&it.collection, &it.from]);
        let mirrors = rules.mirrors.iter().flat_map(|(one, other)| [one, other]);
        let told = rules.tells.iter();
        let told = told.flat_map(|it| it.kinds.keys().chain([&it.collection]));
        let named = named
            .chain(corrected)
            .chain(copied)
            .chain(mirrors)
            .chain(told);
        for name in named.chain(rules.references.values()) {
            if !map.collections.iter().any(|known| known.name == *name) {
                return Err(StartError::new(format!(
                    "a rule names the collection `{name}`, which the document does not have"
                )));
            }
        }
        let links = Links::new(&rules.links, &map).map_err(StartError::new)?;
        let seeder = Seeder {
            contract: &contract,
            map: &map,
            rules: &rules,
            links: &links,
        };
        let prototypes = seeder.prototypes();
        let made_up = seeder.made_up();
        let token = settings
            .token
            .clone()
            .unwrap_or_else(|| token(settings.seed));
        let one_way = OneWay {
            read_only: oneway::occurs(contract.root(), "readOnly"),
            write_only: oneway::occurs(contract.root(), "writeOnly"),
        };
        let mut simulator = Self {
            one_way,
            state: Mutex::new(State {
                world: World::new(0, settings.seed, Clock::new(settings.pace, 0)),
                rate: Rate::default(),
                faults: Faults::new(settings.seed),
                requests: 0,
                changes: 0,
                journal: Journal::default(),
                outbox: Outbox::default(),
                stubs: Vec::new(),
                replies: HeldReplies::default(),
            }),
            contract,
            rules,
            map,
            links,
            settings,
            token,
            stubs: Vec::new(),
            made_up,
            prototypes,
            secure: AtomicBool::new(false),
        };
        let world = simulator.first_world();
        simulator
            .state
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .world = world;
        Ok(simulator)
    }

    /// Has addresses in replies begin with `https`.
    pub(crate) fn speak_https(&self) {
        self.secure.store(true, Ordering::Relaxed);
    }

    /// Scheme, host and port as a caller has written them.
    pub(crate) fn origin(&self, headers: &HeaderMap) -> String {
        let secure = self.secure.load(Ordering::Relaxed);
        let scheme = if secure { "https" } else { "http" };
        let host = headers.get("host").and_then(|host| host.to_str().ok());
        format!("{scheme}://{}", host.unwrap_or("localhost"))
    }

    /// The whole address of a request.
    pub(crate) fn url(&self, request: &Request<Bytes>) -> String {
        match request.uri().scheme() {
            Some(_) => request.uri().to_string(),
            None => format!("{}{}", self.origin(request.headers()), request.uri()),
        }
    }

    /// The token that is accepted; the password where the document asks for HTTP Basic.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The document.
    pub fn contract(&self) -> &Contract {
        &self.contract
    }

    /// The newest requests to the API, at most 1,000, the oldest first. Secrets are masked.
    pub fn requests(&self) -> Vec<Entry> {
        self.lock().journal.entries().cloned().collect()
    }

    /// The requests of an operation, to be judged: `simulator.expect("createServer").once()`.
    pub fn expect(&self, operation: &str) -> Expectation {
        let all = self.requests();
        let others = all.iter();
        let others = others.map(|it| format!("{} {} ({})", it.method, it.target, it.status));
        Expectation {
            operation: operation.to_owned(),
            others: others.collect(),
            found: all
                .iter()
                .filter(|it| it.operation.as_deref() == Some(operation))
                .cloned()
                .collect(),
        }
    }

    /// The whole state, as the control path gives it.
    pub(crate) fn state(&self) -> String {
        self.snapshot(&self.lock())
    }

    /// Takes a state that [`Simulator::state`] gave.
    pub(crate) fn restore(&self, state: &Value) -> Result<(), String> {
        self.load(&mut self.lock(), state).map(|_| ())
    }

    /// A number that grows with whatever changes the state.
    pub(crate) fn changes(&self) -> u64 {
        self.lock().changes
    }

    /// A fresh world, filled from the documented examples.
    pub(crate) fn first_world(&self) -> World {
        let clock = Clock::new(self.settings.pace, self.rules.start.unwrap_or(START));
        let mut world = World::new(self.map.collections.len(), self.settings.seed, clock);
        let seeder = self.seeder();
        seeder.fill(&mut world, &self.prototypes);
        world
    }

    /// Brings the mirroring collections on the way to a node up to date.
    pub(crate) fn mirror(&self, world: &mut World, node: usize) {
        for at in self.map.way(node) {
            if let Kind::Collection(collection) = self.map.nodes[at].kind {
                self.seeder().mirror(world, collection, &self.prototypes);
            }
        }
    }

    pub(crate) fn seeder(&self) -> Seeder<'_> {
        Seeder {
            contract: &self.contract,
            map: &self.map,
            rules: &self.rules,
            links: &self.links,
        }
    }

    pub(crate) fn filler(&self) -> Filler<'_> {
        Filler {
            contract: &self.contract,
            map: &self.map,
            rules: &self.rules,
        }
    }

    pub(crate) fn prototype(&self, collection: usize) -> Option<&Value> {
        self.prototypes.get(collection).and_then(Option::as_ref)
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn literal(&self, node: usize) -> &str {
        match self.map.nodes.get(node).map(|node| &node.step) {
            Some(Step::Literal(text)) => text,
            _ => "",
        }
    }

    pub(crate) fn parameter_name(&self, node: usize, level: usize) -> String {
        let names =
            self.map
                .way(node)
                .into_iter()
                .filter_map(|at| match &self.map.nodes[at].step {
                    Step::Name(name) => Some(name.clone()),
                    Step::Literal(_) => None,
                });
        names
            .into_iter()
            .nth(level)
            .unwrap_or_else(|| "item".to_owned())
    }

    /// Gives single documents under items their first value when they are first asked for.
    pub(crate) fn awaken(&self, world: &mut World, nodes: &[NodePath]) {
        for node_path in nodes {
            if let Place::Single { key } = &node_path.place
                && !world.singles.contains_key(key)
                && let Some(mut value) = self.seeder().single(node_path.node)
            {
                self.name_those_above(&mut value, nodes);
                world.singles.insert(key.clone(), value);
            }
        }
    }

    /// Names in a document the items that it stands under, where it has members for them.
    fn name_those_above(&self, value: &mut Value, nodes: &[NodePath]) {
        for node_path in nodes {
            let Step::Name(name) = &self.map.nodes[node_path.node].step else {
                continue;
            };
            let Place::Item { id, .. } = &node_path.place else {
                continue;
            };
            let pointer = member_pointer(name);
            let new = match at(value, &pointer) {
                Some(Value::Number(_)) => Value::Number(id.clone()),
                Some(Value::String(_)) => Value::from(id.as_str()),
                _ => continue,
            };
            set(value, &pointer, new);
        }
    }

    /// The present value of a single document.
    pub(crate) fn single(&self, world: &World, node: usize, key: &str) -> Option<Value> {
        world
            .singles
            .get(key)
            .cloned()
            .or_else(|| self.seeder().single(node))
    }

    pub(crate) fn refusal(
        &self,
        operation: Option<&Operation>,
        refusal: &Refusal,
    ) -> Response<Bytes> {
        let mut response = match refusal.body(&self.contract, operation) {
            Some((media, Value::String(text))) if !verbatim_contract::is_json(&media) => {
                respond(refusal.status, &media, text)
            }
            Some((media, value)) => respond(
                refusal.status,
                &media,
                verbatim_source::write::compact(&value),
            ),
            None => respond(refusal.status, "", String::new()),
        };
        if let Some(operation) = operation.filter(|_| refusal.status == 401) {
            let challenges = check::challenges(&self.contract, operation);
            if !challenges.is_empty() {
                put(response.headers_mut(), "www-authenticate", &challenges);
            }
        }
        // A documented body may have no place for what is wrong; this always says it.
        put(response.headers_mut(), REASON, &refusal.reason());
        response
    }
}

/// A token of 32 hexadecimal digits made from a seed.
fn token(seed: u64) -> String {
    let mut random = fastrand::Rng::with_seed(seed ^ 0x746f_6b65_6e00);
    (0..32).map(|_| random.digit(16)).collect()
}
