//! A simulated panel with clients of it, in one process and in virtual time.
//!
//! The clock of the simulator follows tokio's. In a test that pauses it, a wait of minutes takes as
//! long as its computing, and the documented rate limit holds all the same.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use cloud_panels::cloudpanel::CloudPanel;
use cloud_panels::runtime::codegen::ClientBuilder;
use cloud_panels::runtime::transport::{BoxFuture, Limits, Transport, TransportError};
use http::{Method, Request, Response};
use tokio::time::Instant;
use verbatim_simulator::{InProcess, Pace, Settings, Simulator};
use verbatim_source::{Node, Source, Sources};

/// The simulated Cloud Panel, and a record of what went to it.
#[derive(Clone)]
pub struct House {
    simulator: Arc<Simulator>,
    traffic: Arc<Mutex<Vec<Sent>>>,
    clock: Arc<Mutex<Instant>>,
}

/// A request that reached the simulator, and how it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The status of the answer; `None` where it did not arrive.
    pub status: Option<u16>,
}

impl House {
    /// A panel with the documented rate limit, in its first state.
    ///
    /// # Panics
    /// Where the document cannot be simulated: this is for tests.
    pub fn new(seed: u64) -> Self {
        let settings = Settings {
            seed,
            pace: Pace::Manual,
            ..Settings::default()
        };
        let document =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/cloudpanel/openapi.json");
        let simulator =
            Simulator::open(&document, None, settings).unwrap_or_else(|error| panic!("{error}"));
        Self {
            simulator: Arc::new(simulator),
            traffic: Arc::default(),
            clock: Arc::new(Mutex::new(Instant::now())),
        }
    }

    /// The simulator itself.
    pub fn simulator(&self) -> &Arc<Simulator> {
        &self.simulator
    }

    /// A client with all policies as they are by default.
    ///
    /// # Panics
    /// Where the client cannot be built: this is for tests.
    pub fn client(&self) -> CloudPanel {
        self.client_with(|builder| builder)
    }

    /// A client with something else than the defaults.
    ///
    /// # Panics
    /// As [`House::client`].
    pub fn client_with(
        &self,
        change: impl FnOnce(ClientBuilder<CloudPanel>) -> ClientBuilder<CloudPanel>,
    ) -> CloudPanel {
        let builder = CloudPanel::builder()
            .token(self.simulator.token())
            .transport(self.clone());
        change(builder).build().expect("everything is given")
    }

    /// Plants faults, written as the control path takes them.
    ///
    /// # Panics
    /// Where they are no faults.
    pub fn plant(&self, faults: &str) {
        self.control(Method::POST, "faults", faults);
    }

    /// How many servers of a name there are, counted in the state of the simulator.
    pub fn servers_named(&self, name: &str) -> usize {
        let named = |item: &&Node| {
            let value = item.get("value");
            let own = value
                .and_then(|value| value.get("name"))
                .and_then(Node::as_str);
            own == Some(name)
        };
        let state = self.control(Method::GET, "snapshot", "");
        let servers = state.get("collections").and_then(|all| all.get("/servers"));
        let servers = servers.and_then(Node::as_array).unwrap_or_default();
        servers.iter().filter(named).count()
    }

    /// What went to the simulator so far.
    pub fn traffic(&self) -> Vec<Sent> {
        lock(&self.traffic).clone()
    }

    /// How often a method and path were sent.
    pub fn sent(&self, method: &str, path: &str) -> usize {
        let traffic = self.traffic();
        let same = |sent: &&Sent| sent.method == method && sent.path == path;
        traffic.iter().filter(same).count()
    }

    /// How often a status was answered.
    pub fn answered(&self, status: u16) -> usize {
        let traffic = self.traffic();
        let same = |sent: &&Sent| sent.status == Some(status);
        traffic.iter().filter(same).count()
    }

    fn control(&self, method: Method, path: &str, body: &str) -> Node {
        let request = Request::builder()
            .method(method)
            .uri(format!("/__simulator/{path}"))
            .body(Bytes::from(body.to_owned()))
            .expect("the request is complete");
        let response = self.simulator.handle(&request).response;
        let text = String::from_utf8_lossy(response.body()).into_owned();
        assert_eq!(response.status(), 200, "{path}: {text}");
        let mut sources = Sources::new();
        let id = sources.add(Source::new("answer", text));
        let limits = verbatim_source::Limits::default();
        verbatim_source::parse(&sources, id, &limits).expect("the simulator answers in JSON")
    }

    /// Moves the clock of the simulator to where tokio's is.
    fn tick(&self) {
        let now = Instant::now();
        let passed = now - std::mem::replace(&mut *lock(&self.clock), now);
        if !passed.is_zero() {
            let body = format!("{{\"advance\": {:.3}}}", passed.as_secs_f64());
            self.control(Method::POST, "clock", &body);
        }
    }

    async fn carry(
        &self,
        request: Request<Bytes>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        self.tick();
        let (method, path) = (
            request.method().to_string(),
            request.uri().path().to_owned(),
        );
        let answer = InProcess::new(Arc::clone(&self.simulator))
            .send(request, limits)
            .await;
        let status = answer.as_ref().ok().map(|answer| answer.status().as_u16());
        lock(&self.traffic).push(Sent {
            method,
            path,
            status,
        });
        answer
    }
}

impl Transport for House {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(self.carry(request, limits))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
