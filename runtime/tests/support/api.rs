//! A small API as emitted code would describe it. It names no real one.

use verbatim_runtime::codegen::{
    self, Call, Checker, Client, Environment, Method, Operation, PageEnd, PageStyle, Pagination,
    Parameter, PathValue, Place, RateLimit, Reply, SecurityKind, SecurityScheme, Server as Address,
    Service, Setting, StatusMatch, Style, Validate, Wait, reply,
};
use verbatim_runtime::json::{self, Extra, Maybe, SecretString};

#[derive(Clone, Debug, PartialEq)]
pub struct Vm {
    pub id: String,
    pub status: Maybe<Status>,
    pub note: Maybe<String>,
    pub password: Maybe<SecretString>,
    pub extra: Extra,
}

json::object! {
    Vm {
        id: required "id",
        status: tolerant "status",
        note: tolerant "note",
        password: tolerant "password",
        ..extra
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    pub state: State,
    pub percent: Maybe<i64>,
    pub extra: Extra,
}

json::object! {
    Status {
        state: required "state",
        percent: maybe "percent",
        ..extra
    }
}

json::string_enum! {
    pub open enum State {
        On = "ON",
        Busy = "BUSY",
        Failed = "FAILED",
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub message: String,
    pub extra: Extra,
}

json::object! {
    Problem {
        message: required "message",
        ..extra
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct NewVm {
    pub name: String,
    pub size: i64,
    pub password: Option<SecretString>,
}

json::object! {
    NewVm {
        name: required "name",
        size: required "size",
        password: optional "password",
        ..closed
    }
}

impl Validate for NewVm {
    fn validate(&self, at: &mut Checker) {
        at.property("name", |at| {
            at.min_length(&self.name, 1);
            at.max_length(&self.name, 16);
        });
        at.property("size", |at| {
            at.minimum(&self.size, "20");
            at.multiple_of(&self.size, "20");
        });
    }
}

impl NewVm {
    pub fn named(name: &str) -> Self {
        Self {
            name: name.into(),
            size: 40,
            password: None,
        }
    }
}

const fn parameter(name: &'static str, place: Place, required: bool) -> Parameter {
    let style = if matches!(place, Place::Path | Place::Header) {
        Style::Simple
    } else {
        Style::Form
    };
    Parameter {
        name,
        place,
        required,
        style,
        explode: matches!(place, Place::Query | Place::Cookie),
        allow_reserved: false,
        schema: "",
        secret: false,
        bounds: &[],
    }
}

const fn answer(status: StatusMatch, media: &'static str) -> Reply {
    Reply {
        status,
        media,
        schema: "",
    }
}

const JSON: &str = "application/json";

const REPLIES: &[Reply] = &[
    answer(StatusMatch::Code(200), JSON),
    answer(StatusMatch::Code(202), JSON),
    answer(StatusMatch::Code(400), JSON),
    answer(StatusMatch::Code(404), JSON),
    answer(StatusMatch::Code(429), JSON),
];

pub const BASE: Operation = Operation {
    id: "",
    method: Method::Get,
    path: "",
    tag: "vms",
    deprecated: false,
    idempotent: true,
    parameters: &[],
    body: &[],
    replies: REPLIES,
    security: &[&["token"], &["user"]],
    secrets: &["/password", "/*/password"],
    servers: &[],
    scopes: &[],
    idempotency_key: "",
    pagination: None,
    wait: None,
};

const ID: Parameter = parameter("vm_id", Place::Path, true);

pub static LIST: Operation = Operation {
    id: "listVms",
    path: "/vms",
    parameters: &[
        parameter("page", Place::Query, false),
        parameter("per_page", Place::Query, false),
        parameter("q", Place::Query, false),
    ],
    servers: &[],
    pagination: Some(Pagination {
        style: PageStyle::Page,
        page: "page",
        size: "per_page",
        first: 1,
        end: PageEnd::ShortPage,
        total_header: "",
        total_pointer: "",
        next_pointer: "",
        items_pointer: "",
        identity: "/id",
    }),
    ..BASE
};

pub static GET: Operation = Operation {
    id: "getVm",
    path: "/vms/{vm_id}",
    parameters: &[ID],
    ..BASE
};

const WAIT: Wait = Wait {
    poll: "getVm",
    parameters: &[("vm_id", "/id")],
    state: "/status/state",
    percent: "/status/percent",
    done: &["ON", "OFF"],
    failed: &["FAILED"],
    percent_null: true,
    gone: false,
};

pub static CREATE: Operation = Operation {
    id: "createVm",
    method: Method::Post,
    path: "/vms",
    idempotent: false,
    wait: Some(WAIT),
    ..BASE
};

pub static DELETE: Operation = Operation {
    id: "deleteVm",
    method: Method::Delete,
    path: "/vms/{vm_id}",
    parameters: &[ID],
    wait: Some(Wait {
        done: &[],
        gone: true,
        ..WAIT
    }),
    ..BASE
};

pub static ACTIONS: Operation = Operation {
    id: "listActions",
    path: "/vms/{vm_id}/actions",
    parameters: &[ID],
    ..BASE
};

pub static RESTART: Operation = Operation {
    id: "restartVm",
    method: Method::Post,
    path: "/vms/{vm_id}/actions",
    parameters: &[ID],
    idempotent: false,
    wait: Some(Wait {
        poll: "listActions",
        parameters: &[("vm_id", "$request.path.vm_id")],
        state: "/action/status",
        percent: "",
        done: &["complete"],
        failed: &["failed"],
        percent_null: false,
        gone: false,
    }),
    ..BASE
};

pub static PING: Operation = Operation {
    id: "ping",
    path: "/ping",
    security: &[],
    ..BASE
};

pub static SERVICE: Service = Service {
    name: "rack",
    title: "Rack API",
    version: "1",
    environment: Environment {
        prefix: "RACK",
        variables: &[
            ("RACK_TOKEN", Setting::Token),
            ("RACK_API_KEY", Setting::Token),
            ("RACK_USER", Setting::User),
            ("RACK_EMAIL", Setting::User),
            ("RACK_PASSWORD", Setting::Password),
            ("RACK_KEY", Setting::Password),
            ("RACK_URL", Setting::Url),
            ("RACK_PROFILE", Setting::Profile),
            ("RACK_CONFIG", Setting::Config),
        ],
    },
    servers: &[Address {
        url: "https://rack.example/v1",
        variables: &[],
    }],
    security: &[
        SecurityScheme {
            name: "token",
            kind: SecurityKind::ApiKeyHeader("X-TOKEN"),
        },
        SecurityScheme {
            name: "user",
            kind: SecurityKind::Basic,
        },
    ],
    formats: &[],
    rate_limit: Some(RateLimit {
        requests: 25,
        window_seconds: 60,
        limit_header: "X-Rate-Limit-Limit",
        remaining_header: "X-Rate-Limit-Remaining",
        reset_header: "X-Rate-Limit-Reset",
    }),
    operations: &[LIST, GET, CREATE, DELETE, ACTIONS, RESTART, PING],
};

codegen::call! {
    /// Every machine.
    pub struct ListVms(Vec<Vm>, Problem);
    items Vm = |vms| vms;
}

impl ListVms {
    pub fn per_page(self, per_page: i64) -> Self {
        self.map(|call| call.query("per_page", &per_page))
    }
}

codegen::call! {
    /// A new machine.
    pub struct CreateVm(Vm, Problem);
    wait CREATE: Vm = reply::json;
}

codegen::call! {
    /// The end of a machine.
    pub struct DeleteVm(Option<Vm>, Problem);
    wait DELETE: () = reply::empty;
}

codegen::call! {
    /// A restart of a machine.
    pub struct RestartVm(Option<Vm>, Problem);
    wait RESTART: json::Json = reply::json, among codegen::WaitAmong {
        items: "/actions",
        identity: "/action/id",
        baseline: true,
        matches: &[("/action/kind", "$request.body#/kind")],
    };
}

pub fn restart(client: &Client, id: &str, body: &json::Json) -> RestartVm {
    let call = Call::new(client, &RESTART, reply::optional_json, reply::json);
    RestartVm::new(call.path("vm_id", id).json(JSON, body))
}

pub fn list(client: &Client) -> ListVms {
    ListVms::new(Call::new(client, &LIST, reply::json, reply::json))
}

pub fn get(client: &Client, id: impl PathValue) -> Call<Vm, Problem> {
    Call::new(client, &GET, reply::json, reply::json).path("vm_id", id)
}

pub fn create(client: &Client, vm: &NewVm) -> CreateVm {
    CreateVm::new(Call::new(client, &CREATE, reply::json, reply::json).json(JSON, vm))
}

pub fn delete(client: &Client, id: impl PathValue) -> DeleteVm {
    DeleteVm::new(Call::new(client, &DELETE, reply::optional_json, reply::json).path("vm_id", id))
}

pub fn ping(client: &Client) -> Call<Vec<String>, Problem> {
    Call::new(client, &PING, reply::json, reply::json)
}
