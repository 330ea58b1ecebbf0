//! A small server of widgets, healthy or with one planted fault.

use std::cell::RefCell;
use std::future::{Ready, ready};

use conformance::{Request, Response, TransportError};
use verbatim_source::{Decimal, Node, Object, Value, write};

/// The token that is right.
pub const TOKEN: &str = "right-token-123456";

/// What is wrong with the server.
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
    MissingHeader,
    Wrong404Body,
    No405,
    FieldsIgnored,
    SearchIgnored,
    PerPageIgnored,
    PutNotPersisted,
    DeleteNotIdempotent,
    NotListed,
    IdReused,
    NegativeAccepted,
    TooLongAccepted,
    MissingAccepted,
    EnumAccepted,
    HtmlError,
    TruncatedJson,
}

/// The server, which is its own transport.
pub struct Server {
    planted: Planted,
    state: RefCell<State>,
}

struct State {
    widgets: Vec<(String, Object)>,
    hidden: Vec<String>,
    next: u32,
    removed: usize,
}

impl Server {
    /// A server with some widgets.
    pub fn new(planted: Planted) -> Self {
        let names = ["Clock", "Anvil", "Drum", "Bell", "Easel"];
        let widgets = names.iter().zip(0_u32..).map(|(name, at)| {
            let id = id(at);
            let object = Object::from_iter([
                ("name", Value::from(*name)),
                ("size", Value::from(10 + (at * 7) % 5)),
                ("price", Value::Number(format!("{at}.50"))),
                (
                    "kind",
                    Value::from(["small", "medium", "large"][at as usize % 3]),
                ),
                ("active", Value::from(at % 2 == 0)),
                ("note", Value::Null),
            ]);
            (id, object)
        });
        let widgets: Vec<_> = widgets.collect();
        let next = u32::try_from(widgets.len()).expect("there are five");
        Self {
            planted,
            state: RefCell::new(State {
                widgets,
                hidden: Vec::new(),
                next,
                removed: 0,
            }),
        }
    }

    /// Answers at once.
    pub fn send(&self, request: &Request) -> Ready<Result<Response, TransportError>> {
        ready(Ok(self.answer(request)))
    }

    fn is(&self, planted: Planted) -> bool {
        self.planted == planted
    }

    fn answer(&self, request: &Request) -> Response {
        let headers = request.headers.as_ref().expect("requests are complete");
        if headers.get("x-token") != Some(TOKEN) && !self.is(Planted::NoAuthCheck) {
            return self.refuse(401, "the token is missing or wrong");
        }
        let path = request.path().strip_prefix("/v1").unwrap_or("");
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        match (request.method.as_str(), segments.as_slice()) {
            ("GET", ["widgets"]) => self.list(request),
            ("POST", ["widgets"]) => self.create(request),
            ("GET", ["widgets", id]) => self.get(id),
            ("PUT", ["widgets", id]) => self.update(id, request),
            ("DELETE", ["widgets", id]) => self.delete(id),
            (_, ["widgets"]) => self.wrong_method("GET, POST"),
            (_, ["widgets", _]) => self.wrong_method("GET, PUT, DELETE"),
            _ => self.refuse(404, "there is no such path"),
        }
    }

    fn refuse(&self, status: u16, message: &str) -> Response {
        if self.is(Planted::HtmlError) && status == 400 {
            return Response::new(400).content("text/html", "<html><h1>Bad Request</h1></html>");
        }
        if self.is(Planted::Wrong404Body) && status == 404 {
            return Response::new(404).content("application/json", "{\"error\":\"not found\"}");
        }
        let body = Object::from_iter([("message", Value::from(message))]);
        let text = write::compact(&Value::Object(body));
        Response::new(status).content("application/json", text)
    }

    fn wrong_method(&self, allowed: &str) -> Response {
        if self.is(Planted::No405) {
            return self.refuse(404, "there is nothing here");
        }
        self.refuse(405, "there is no such method")
            .header("Allow", allowed)
    }

    /// One widget as JSON text, with the faults of single objects.
    fn text(&self, id: &str, widget: &Object) -> String {
        let mut whole = Object::from_iter([("id", Value::from(id))]);
        for member in widget {
            whole.insert(member.key.clone(), member.value.clone());
        }
        let mut set = |key: &str, value: Value| drop(whole.insert(key, Node::made(value)));
        match self.planted {
            Planted::WrongType => set("active", Value::from("yes")),
            Planted::ExtraProperty => set("colour", Value::from("red")),
            Planted::BadEnum => set("kind", Value::from("gigantic")),
            Planted::NumberAsText => set("size", Value::from("12")),
            Planted::NullNotAllowed => set("name", Value::Null),
            Planted::MissingProperty => drop(whole.remove("kind")),
            Planted::LexemeChanged => {
                let price = whole.get("price").and_then(Node::as_number).unwrap_or("0");
                let price: f64 = price.parse().expect("prices are numbers");
                whole.insert("price", Node::made(Value::Number(price.to_string())));
            }
            _ => {}
        }
        let text = write::compact(&Value::Object(whole));
        if self.is(Planted::DuplicateKey) {
            return text.replacen("\"name\":", "\"size\":1,\"name\":", 1);
        }
        text
    }

    fn respond(&self, status: u16, mut text: String) -> Response {
        if self.is(Planted::TruncatedJson) {
            text.truncate(text.len().saturating_sub(2));
        }
        let media = if self.is(Planted::WrongContentType) {
            "text/plain"
        } else {
            "application/json"
        };
        Response::new(status).content(media, text)
    }

    fn list(&self, request: &Request) -> Response {
        let state = self.state.borrow();
        let query = request.query_pairs();
        let asked = |name: &str| {
            query
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
        };
        let mut widgets: Vec<&(String, Object)> = state
            .widgets
            .iter()
            .filter(|(id, _)| !state.hidden.contains(id))
            .collect();
        if let Some(text) = asked("q").filter(|_| !self.is(Planted::SearchIgnored)) {
            widgets.retain(|(id, widget)| {
                let holds = |node: &Node| node.as_str().is_some_and(|own| own.contains(text));
                id.contains(text) || widget.iter().any(|member| holds(&member.value))
            });
        }
        if let Some(key) = asked("sort").filter(|_| !self.is(Planted::SortIgnored)) {
            let name = key.trim_start_matches('-');
            widgets.sort_by_key(|(id, widget)| match name {
                "id" => id.clone(),
                name => widget
                    .get(name)
                    .map(|node| write::compact(&node.value))
                    .unwrap_or_default(),
            });
            if key.starts_with('-') {
                widgets.reverse();
            }
        }
        let (Some(page), Some(size)) = (
            number(asked("page"), 1, 1 << 30),
            number(asked("per_page"), 100, 100),
        ) else {
            return self.refuse(400, "page and per_page are whole numbers above 0");
        };
        let size = if self.is(Planted::PerPageIgnored) {
            100
        } else {
            size
        };
        let skip = usize::from(self.is(Planted::OffByOnePaging) && page > 1);
        let start = (page - 1).saturating_mul(size).saturating_sub(skip);
        let shown = widgets.into_iter().skip(start).take(size);
        let texts: Vec<String> = shown
            .map(|(id, widget)| self.selected(id, widget, asked("fields")))
            .collect();
        let response = self.respond(200, format!("[{}]", texts.join(",")));
        if self.is(Planted::MissingHeader) {
            return response;
        }
        response.header("X-Request-Id", "r-1")
    }

    fn selected(&self, id: &str, widget: &Object, fields: Option<&str>) -> String {
        let Some(fields) = fields.filter(|_| !self.is(Planted::FieldsIgnored)) else {
            return self.text(id, widget);
        };
        let names: Vec<&str> = fields.split(',').collect();
        let mut some = Object::from_iter([("id", Value::from(id))]);
        for member in widget
            .iter()
            .filter(|member| names.contains(&member.key.as_str()))
        {
            some.insert(member.key.clone(), member.value.clone());
        }
        write::compact(&Value::Object(some))
    }

    fn get(&self, id: &str) -> Response {
        let state = self.state.borrow();
        match state.widgets.iter().find(|(known, _)| known == id) {
            Some((id, widget)) => self.respond(200, self.text(id, widget)),
            None => self.refuse(404, "there is no such widget"),
        }
    }

    fn create(&self, request: &Request) -> Response {
        let widget = match self.read(request) {
            Ok(widget) => widget,
            Err(message) => return self.refuse(400, &message),
        };
        let mut state = self.state.borrow_mut();
        let id = if self.is(Planted::IdReused) {
            id(90)
        } else {
            id(state.next)
        };
        state.next += 1;
        if self.is(Planted::NotListed) {
            state.hidden.push(id.clone());
        }
        state.widgets.push((id.clone(), widget.clone()));
        let status = if self.is(Planted::WrongStatus) {
            200
        } else {
            201
        };
        self.respond(status, self.text(&id, &widget))
    }

    fn update(&self, id: &str, request: &Request) -> Response {
        let mut state = self.state.borrow_mut();
        let Some((id, known)) = state.widgets.iter_mut().find(|(known, _)| known == id) else {
            return self.refuse(404, "there is no such widget");
        };
        match self.read(request) {
            Err(message) => self.refuse(400, &message),
            Ok(widget) => {
                if !self.is(Planted::PutNotPersisted) {
                    *known = widget.clone();
                }
                self.respond(200, self.text(id, &widget))
            }
        }
    }

    fn delete(&self, id: &str) -> Response {
        let mut state = self.state.borrow_mut();
        let before = state.widgets.len();
        if !self.is(Planted::DeletedStillThere) {
            state.widgets.retain(|(known, _)| known != id);
        } else if state.widgets.iter().any(|(known, _)| known == id) {
            return Response::new(204);
        }
        if state.widgets.len() < before {
            state.removed += 1;
            return Response::new(204);
        }
        if self.is(Planted::DeleteNotIdempotent) && state.removed > 0 {
            return self.refuse(409, "it was removed before");
        }
        self.refuse(404, "there is no such widget")
    }

    /// The widget that a request asks for.
    fn read(&self, request: &Request) -> Result<Object, String> {
        let bytes = request.body.as_deref().unwrap_or(&[]);
        let read = conformance::body::read(bytes);
        if let Some(fault) = read.fault {
            return Err(fault);
        }
        let Some(Value::Object(mut object)) = read.tree.map(|tree| tree.value) else {
            return Err("a widget is an object".to_owned());
        };
        let known = ["name", "size", "price", "kind", "active", "note"];
        if let Some(other) = object
            .iter()
            .find(|member| !known.contains(&member.key.as_str()))
        {
            return Err(format!("there is no property {}", other.key));
        }
        if self.is(Planted::MissingAccepted) && !object.contains_key("price") {
            object.insert("price", Node::made(1));
        }
        let of = |key: &str| object.get(key).map(|node| &node.value);
        let longest = if self.is(Planted::TooLongAccepted) {
            1000
        } else {
            40
        };
        let least = if self.is(Planted::NegativeAccepted) {
            -1000.0
        } else {
            0.0
        };
        match of("name") {
            Some(Value::String(name)) if (1..=longest).contains(&name.chars().count()) => {}
            _ => return Err("name is a text of 1 to 40 characters".to_owned()),
        }
        match of("size") {
            Some(Value::Number(size))
                if is_whole(size) && (least..=1000.0).contains(&float(size)) => {}
            _ => return Err("size is a whole number from 0 to 1000".to_owned()),
        }
        match of("price") {
            Some(Value::Number(price)) if float(price) >= 0.0 => {}
            _ => return Err("price is a number from 0".to_owned()),
        }
        match of("kind") {
            Some(Value::String(kind)) if ["small", "medium", "large"].contains(&kind.as_str()) => {}
            Some(Value::String(_)) if self.is(Planted::EnumAccepted) => {
                object.insert("kind", Node::made("small"));
            }
            _ => return Err("kind is small, medium or large".to_owned()),
        }
        match (
            object.get("active").map(|node| &node.value),
            object.get("note").map(|node| &node.value),
        ) {
            (Some(Value::Bool(_)), None | Some(Value::Null | Value::String(_))) => Ok(object),
            _ => Err("active is a truth value, note a text or null".to_owned()),
        }
    }
}

fn id(number: u32) -> String {
    format!("{:08X}", 0xA000_0000_u32 + number)
}

fn number(text: Option<&str>, default: usize, most: usize) -> Option<usize> {
    match text {
        None => Some(default),
        Some(text) => text
            .parse()
            .ok()
            .filter(|number| (1..=most).contains(number)),
    }
}

fn is_whole(lexeme: &str) -> bool {
    Decimal::parse(lexeme).is_some_and(|value| value.is_integer())
}

fn float(lexeme: &str) -> f64 {
    lexeme.parse().unwrap_or(f64::NAN)
}
