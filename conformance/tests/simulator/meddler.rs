//! Stands between the checker and the simulated Cloud Panel, and spoils load balancers.

use std::cell::RefCell;
use std::future::{Ready, ready};
use std::path::Path;

use bytes::Bytes;
use conformance::{Headers, Request, Response, TransportError};
use verbatim_simulator::{Pace, Settings, Simulator};
use verbatim_source::{Node, Object, Value, write};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    Nothing,
    WrongType,
    MissingProperty,
    ExtraProperty,
    BadEnum,
    WrongStatus,
    WrongContentType,
    NoAuthCheck,
    DeletedStillThere,
    OffByOnePaging,
    SortIgnored,
    NumberAsText,
    DuplicateKey,
    LexemeChanged,
    NullNotAllowed,
    WrongHeader,
    Wrong404Body,
    No405,
    FieldsIgnored,
    SearchIgnored,
    PerPageIgnored,
    PutNotPersisted,
    DeleteNotIdempotent,
    NotListed,
    IdReused,
    BelowMinimumAccepted,
    TooLongAccepted,
    MissingAccepted,
    EnumAccepted,
    HtmlError,
    TruncatedJson,
}

/// The simulator with one thing that goes wrong.
pub struct Meddler {
    simulator: Simulator,
    planted: Planted,
    /// Identifiers of created load balancers, and paths of removed ones.
    made: RefCell<Vec<String>>,
    removed: RefCell<Vec<String>>,
}

const LIST: &str = "/v1/load_balancers";

impl Meddler {
    /// A fresh simulator of a document, with the rules beside it.
    pub fn new(spec: &Path, planted: Planted) -> Self {
        let settings = Settings {
            pace: Pace::Instant,
            rate_limit: false,
            ..Settings::default()
        };
        let simulator =
            Simulator::open(spec, None, settings).expect("the document can be simulated");
        Self {
            simulator,
            planted,
            made: RefCell::default(),
            removed: RefCell::default(),
        }
    }

    /// The token that is right.
    pub fn token(&self) -> String {
        self.simulator.token().to_owned()
    }

    /// Answers at once.
    pub fn send(&self, request: Request) -> Ready<Result<Response, TransportError>> {
        ready(Ok(self.answer(request)))
    }

    fn is(&self, planted: Planted) -> bool {
        self.planted == planted
    }

    /// What the simulator answers.
    fn pass(&self, request: &Request) -> Response {
        let mut builder = http::Request::builder()
            .method(request.method.as_str())
            .uri(request.target.as_str());
        for (name, value) in request.headers.iter().flat_map(Headers::iter) {
            builder = builder.header(name, value);
        }
        let body = Bytes::from(request.body.clone().unwrap_or_default());
        let request = builder
            .body(body)
            .expect("the checker sends requests that can be written");
        let (parts, body) = self.simulator.handle(&request).response.into_parts();
        let fields = parts.headers.iter();
        let fields = fields.map(|(name, value)| {
            (
                name.as_str(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        });
        Response {
            status: parts.status.as_u16(),
            headers: Some(fields.collect()),
            body: Some(body.to_vec()),
        }
    }

    fn answer(&self, mut request: Request) -> Response {
        if !request.target.starts_with(LIST) {
            return self.pass(&request);
        }
        if self.is(Planted::NoAuthCheck) {
            request
                .headers
                .get_or_insert_default()
                .set("X-TOKEN", self.token());
        }
        self.forgive(&mut request);
        self.forget(&mut request);
        if let Some(response) = self.instead(&request) {
            return response;
        }
        let response = self.pass(&request);
        self.spoil(&request, response)
    }

    /// Makes a wrong request right.
    fn forgive(&self, request: &mut Request) {
        let bytes = request.body.as_deref().unwrap_or(&[]);
        let Some(Value::Object(mut object)) =
            conformance::body::read(bytes).tree.map(|tree| tree.value)
        else {
            return;
        };
        let text =
            |object: &Object, key: &str| object.get(key).and_then(Node::as_str).map(str::to_owned);
        match self.planted {
            Planted::BelowMinimumAccepted => {
                let key = "health_check_interval";
                let given = object
                    .get(key)
                    .and_then(Node::as_number)
                    .and_then(|text| text.parse::<i64>().ok());
                if given.is_some_and(|number| number < 5) {
                    object.insert(key, Node::made(5));
                }
            }
            Planted::TooLongAccepted => {
                if let Some(name) = text(&object, "name").filter(|name| name.chars().count() > 128)
                {
                    object.insert(
                        "name",
                        Node::made(name.chars().take(128).collect::<String>()),
                    );
                }
            }
            Planted::MissingAccepted if request.method == "POST" => {
                if !object.contains_key("method") {
                    object.insert("method", Node::made("ROUND_ROBIN"));
                }
            }
            Planted::EnumAccepted => {
                if text(&object, "method").is_some_and(|method| method == "no-such-value") {
                    object.insert("method", Node::made("ROUND_ROBIN"));
                }
            }
            _ => return,
        }
        request.body = Some(write::compact(&Value::Object(object)).into_bytes());
    }

    /// Leaves a parameter out of the query.
    fn forget(&self, request: &mut Request) {
        let name = match self.planted {
            Planted::SortIgnored => "sort",
            Planted::FieldsIgnored => "fields",
            Planted::SearchIgnored => "q",
            Planted::PerPageIgnored => "per_page",
            _ => return,
        };
        let start = format!("{name}=");
        let kept: Vec<&str> = request
            .query()
            .split('&')
            .filter(|pair| !pair.starts_with(&start))
            .collect();
        request.target = format!("{}?{}", request.path(), kept.join("&"));
    }

    /// Answers without asking the simulator for the same.
    fn instead(&self, request: &Request) -> Option<Response> {
        let mut get = request.clone();
        "GET".clone_into(&mut get.method);
        get.body = Some(Vec::new());
        match (self.planted, request.method.as_str()) {
            (Planted::DeletedStillThere, "DELETE") | (Planted::PutNotPersisted, "PUT") => {
                let mut response = self.pass(&get);
                if response.status == 200 {
                    response.status = 202;
                }
                Some(response)
            }
            (Planted::DeleteNotIdempotent, "DELETE") => {
                let path = request.path().to_owned();
                let mut response = self.pass(request);
                if response.is_success() {
                    self.removed.borrow_mut().push(path);
                } else if self.removed.borrow().contains(&path) {
                    response.status = 400;
                }
                Some(response)
            }
            (Planted::OffByOnePaging, "GET") if request.path() == LIST => self.shifted(&get),
            _ => None,
        }
    }

    /// Pages behind the first one start one object too early.
    fn shifted(&self, request: &Request) -> Option<Response> {
        let asked = request.query_pairs();
        let number = |name: &str| {
            let found = asked.iter().find(|(key, _)| key == name);
            found.and_then(|(_, value)| value.parse::<usize>().ok())
        };
        let (page, size) = (
            number("page").filter(|page| *page > 1)?,
            number("per_page")?,
        );
        let mut all = request.clone();
        LIST.clone_into(&mut all.target);
        let mut response = self.pass(&all);
        let tree = conformance::body::read(response.body.as_deref()?).tree?;
        let items = tree
            .as_array()?
            .iter()
            .skip(((page - 1).saturating_mul(size)).saturating_sub(1))
            .take(size);
        let text = write::compact(&Value::Array(items.cloned().collect()));
        response.body = Some(text.into_bytes());
        Some(response)
    }

    fn spoil(&self, request: &Request, mut response: Response) -> Response {
        let text =
            String::from_utf8(response.body.clone().unwrap_or_default()).expect("answers are text");
        let method = request.method.as_str();
        match self.planted {
            Planted::WrongStatus if method == "POST" && response.status == 202 => {
                response.status = 206;
            }
            Planted::WrongContentType => response
                .headers
                .get_or_insert_default()
                .set("Content-Type", "text/plain"),
            Planted::WrongHeader => response
                .headers
                .get_or_insert_default()
                .set("X-Rate-Limit-Remaining", "many"),
            Planted::No405 if response.status == 405 => response.status = 404,
            Planted::Wrong404Body if response.status == 404 => {
                response.body = Some(b"{\"error\":1}".to_vec());
            }
            Planted::HtmlError if response.status == 400 => {
                return Response::new(400).content("text/html", "<html>Bad Request</html>");
            }
            Planted::TruncatedJson => {
                let cut = text.get(..text.len().saturating_sub(1)).unwrap_or("");
                response.body = Some(cut.as_bytes().to_vec());
            }
            _ if response.is_success() => {
                if let Some(body) = self.rewritten(request, &text) {
                    response.body = Some(body.into_bytes());
                }
            }
            _ => {}
        }
        response
    }

    /// The text of a success with something wrong in it.
    fn rewritten(&self, request: &Request, text: &str) -> Option<String> {
        let tree = conformance::body::read(text.as_bytes()).tree?;
        let is_list = request.path() == LIST && request.method == "GET";
        if is_list {
            let hidden = self.made.borrow();
            let items = tree.as_array()?.iter();
            let kept = items.filter(|item| {
                let id = item.get("id").and_then(Node::as_str).unwrap_or("");
                !(self.is(Planted::NotListed) && hidden.iter().any(|made| made == id))
            });
            return Some(write::compact(&Value::Array(kept.cloned().collect())));
        }
        let Value::Object(mut object) = tree.value else {
            return None;
        };
        if request.method == "POST" && request.path() == LIST {
            let id = object.get("id")?.as_str()?.to_owned();
            self.made.borrow_mut().push(id);
        }
        let mut set = |key: &str, value: Value| drop(object.insert(key, Node::made(value)));
        match self.planted {
            Planted::WrongType => set("name", Value::Bool(true)),
            Planted::ExtraProperty => set("colour", Value::from("red")),
            Planted::BadEnum => set("method", Value::from("GUESSING")),
            Planted::NumberAsText => set("persistence_time", Value::from("1200")),
            Planted::NullNotAllowed => set("name", Value::Null),
            Planted::LexemeChanged => set("persistence_time", Value::Number("1200.0".to_owned())),
            Planted::MissingProperty if request.method == "GET" => drop(object.remove("id")),
            Planted::IdReused if request.method == "POST" => {
                let first = self.made.borrow().first()?.clone();
                set("id", Value::from(first));
            }
            Planted::DuplicateKey => {
                let text = write::compact(&Value::Object(object));
                return Some(text.replacen('{', "{\"name\":\"twice\",", 1));
            }
            _ => return None,
        }
        Some(write::compact(&Value::Object(object)))
    }
}
