//! What tests of the simulated Cloud Panel share.
#![allow(
    dead_code,
    missing_docs,
    reason = "shared by tests, which each use a part"
)]

use verbatim_source::Value;

use crate::common::{Caller, document, get};

pub fn panel() -> Caller {
    Caller::manual(&document("cloudpanel/openapi.json"))
}

pub fn new_server(panel: &Caller, name: &str) -> String {
    let body = format!(
        r#"{{"name": "{name}", "hardware": {{"vcore": 2, "cores_per_processor": 1, "ram": 4, "hdds": [{{"size": 40, "is_main": true}}]}},
            "appliance_id": "{}"}}"#,
        first(panel, "/server_appliances")
    );
    let (status, server) = panel.send("POST", "/servers", &body);
    assert_eq!(status, 202, "{server:?}");
    get(&server, "/id")
}

pub fn first(panel: &Caller, list: &str) -> String {
    let (status, items) = panel.send("GET", list, "");
    assert_eq!(status, 200);
    get(&items, "/0/id")
}

pub fn read(panel: &Caller, path: &str) -> Value {
    let (status, value) = panel.send("GET", path, "");
    assert_eq!(status, 200, "{path}: {value:?}");
    value
}

pub fn length(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.len(),
        other => panic!("{other:?} is no list"),
    }
}
