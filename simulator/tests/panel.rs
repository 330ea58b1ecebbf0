//! What clients saw of the real Cloud Panel, in the simulated one: where it stands, what it sells, how it
//! answers and how it refuses.

#[path = "support/common.rs"]
mod common;

use common::{Caller, document, get};
use verbatim_source::Value;

fn panel() -> Caller {
    Caller::new(&document("cloudpanel/openapi.json"))
}

fn list(panel: &Caller, path: &str) -> Vec<Value> {
    let (status, value) = panel.send("GET", path, "");
    assert_eq!(status, 200, "{path}");
    let Value::Array(items) = value else {
        panic!("{path} is no list")
    };
    items.into_iter().map(|item| item.value).collect()
}

#[test]
fn it_begins_with_what_the_service_has() {
    let panel = panel();
    let places = list(&panel, "/datacenters");
    let mut codes: Vec<String> = places.iter().map(|it| get(it, "/country_code")).collect();
    codes.sort();
    assert_eq!(codes, ["DE", "ES", "GB", "US"]);
    // What the first servers name is there.
    for server in list(&panel, "/servers") {
        let place = get(&server, "/datacenter/id");
        assert_eq!(
            panel.send("GET", &format!("/datacenters/{place}"), "").0,
            200
        );
        assert_ne!(get(&server, "/hardware/fixed_instance_size_id"), "0");
    }
    let sizes = list(&panel, "/servers/fixed_instance_sizes");
    for name in ["S", "M", "L", "XL", "XXL", "3XL", "4XL", "5XL"] {
        assert!(
            sizes.iter().any(|size| get(size, "/name") == name),
            "{name}"
        );
    }
    let metal = list(&panel, "/server_appliances?q=BAREMETAL");
    assert_eq!(get(&metal[0], "/server_type_compatibility/0"), "baremetal");
}

#[test]
fn a_server_has_the_hardware_of_its_size_and_an_address() {
    let panel = panel();
    let image = get(&list(&panel, "/server_appliances")[0], "/id");
    let sized = format!(
        r#"{{"name": "sized", "appliance_id": "{image}", "hardware": {{"fixed_instance_size_id": "EE48ACD55FEFE57E2651862A348D1254"}}}}"#
    );
    let (status, server) = panel.send("POST", "/servers", &sized);
    assert_eq!(status, 202, "{server:?}");
    assert_eq!(get(&server, "/hardware/vcore"), "16");
    assert_eq!(get(&server, "/hardware/hdds/0/size"), "500");
    let id = get(&server, "/id");
    let (_, server) = panel.send("GET", &format!("/servers/{id}"), "");
    let address = get(&server, "/ips/0/id");
    let (_, address) = panel.send("GET", &format!("/public_ips/{address}"), "");
    assert_eq!(get(&address, "/assigned_to/id"), id);
    let watched = format!("/monitoring_center/{id}?period=LAST_24H");
    assert_eq!(panel.send("GET", &watched, "").0, 200);

    let own = format!(
        r#"{{"name": "own", "appliance_id": "{image}", "hardware": {{"vcore": 1, "cores_per_processor": 1, "ram": 0.5, "hdds": [{{"size": 30, "is_main": true}}]}}}}"#
    );
    let (status, server) = panel.send("POST", "/servers", &own);
    assert_eq!(status, 202, "{server:?}");
    assert_eq!(get(&server, "/hardware/fixed_instance_size_id"), "null");
}

#[test]
fn statuses_are_those_that_clients_saw() {
    let panel = panel();
    let id = |list_of: &str| get(&list(&panel, list_of)[0], "/id");
    let (key, role, user) = (id("/ssh_keys"), id("/roles"), id("/users"));
    for (method, path, body, wanted) in [
        (
            "PUT",
            format!("/ssh_keys/{key}"),
            r#"{"name": "a"}"#.to_owned(),
            200,
        ),
        ("DELETE", format!("/ssh_keys/{key}"), String::new(), 200),
        (
            "PUT",
            format!("/roles/{role}"),
            r#"{"name": "b"}"#.to_owned(),
            200,
        ),
        (
            "POST",
            format!("/roles/{role}/users"),
            format!(r#"{{"users": ["{user}"]}}"#),
            201,
        ),
    ] {
        let (status, value) = panel.send(method, &path, &body);
        assert_eq!(status, wanted, "{method} {path}: {value:?}");
    }
}

#[test]
fn refusals_are_of_the_kind_that_fits() {
    let panel = panel();
    let hardware = r#""hardware": {"fixed_instance_size_id": "EE48ACD55FEFE57E2651862A348D1254"}"#;
    for (method, path, body, wanted) in [
        ("GET", "/servers/none", String::new(), "SERVER_NOT_FOUND"),
        (
            "POST",
            "/servers",
            format!(r#"{{"name": "a", "appliance_id": "none", {hardware}}}"#),
            "APPLIANCES_NOT_FOUND",
        ),
        (
            "POST",
            "/firewall_policies",
            r#"{"name": 7, "rules": []}"#.to_owned(),
            "INVALID_PARAMETERS",
        ),
    ] {
        let (_, refused) = panel.send(method, path, &body);
        let found = [get(&refused, "/Type"), get(&refused, "/type")];
        assert!(
            found.contains(&wanted.to_owned()),
            "{method} {path}: {refused:?}"
        );
    }
}

#[test]
fn the_log_tells_what_was_made_and_removed() {
    let panel = Caller::manual(&document("cloudpanel/openapi.json"));
    let network =
        r#"{"name": "backup", "network_address": "192.168.2.0", "subnet_mask": "255.255.255.0"}"#;
    let (status, made) = panel.send("POST", "/private_networks", network);
    assert_eq!(status, 202, "{made:?}");
    let id = get(&made, "/id");
    let told = |action: &str| {
        let entries = list(&panel, &format!("/logs?q={action}&period=LAST_24H"));
        let mut entries = entries.into_iter();
        let entry = entries.find(|entry| get(entry, "/resource/id") == id);
        entry.map(|entry| ["/type", "/resource/name", "/status/state"].map(|at| get(&entry, at)))
    };
    let shown = |state: &str| Some(["PRIVATENETWORK", "backup", state].map(str::to_owned));
    assert_eq!(told("CREATE"), shown("CONFIGURING"));
    panel.advance(60);
    assert_eq!(told("CREATE"), shown("OK"));
    assert_eq!(told("DELETE"), None);
    panel.send("DELETE", &format!("/private_networks/{id}"), "");
    panel.advance(60);
    // The entry outlives what it tells of.
    assert_eq!(
        panel.send("GET", &format!("/private_networks/{id}"), "").0,
        404
    );
    assert_eq!(told("DELETE"), shown("OK"));
}

#[test]
fn texts_that_spell_numbers_are_taken() {
    let panel = panel();
    let balancer = |interval: &str| {
        format!(
            r#"{{"name": "balancer", "health_check_test": "TCP", "health_check_interval": {interval}, "persistence": "true",
                "persistence_time": "1200", "method": "ROUND_ROBIN", "rules": [{{"protocol": "TCP", "port_balancer": "80", "port_server": 80}}]}}"#
        )
    };
    let (status, made) = panel.send("POST", "/load_balancers", &balancer(r#""40""#));
    assert_eq!(status, 202, "{made:?}");
    let text = verbatim_source::write::compact(&made);
    for taken in [
        r#""health_check_interval":40"#,
        r#""persistence":true"#,
        r#""port_balancer":80"#,
    ] {
        assert!(text.contains(taken), "{taken} in {text}");
    }
    assert_eq!(
        panel
            .send("POST", "/load_balancers", &balancer(r#""often""#))
            .0,
        400
    );
}

#[test]
fn a_client_of_fixed_types_reads_and_sends_what_it_did() {
    let panel = panel();
    let image = get(&list(&panel, "/server_appliances?q=centos")[0], "/id");
    // The vendor's client in Go sends its zeros beside a size.
    let sized = format!(
        r#"{{"name": "sized", "appliance_id": "{image}", "power_on": false, "hardware": {{"cores_per_processor": 0, "ram": 0, "fixed_instance_size_id": "65929629F35BBFBA63022008F773F3EB"}}}}"#
    );
    let (status, server) = panel.send("POST", "/servers", &sized);
    assert_eq!(status, 202, "{server:?}");
    assert_eq!(get(&server, "/hardware/ram"), "1");
    let texts = list(&panel, "/shared_storages");
    for storage in texts {
        let used = verbatim_contract::value::at(&storage, "/size_used");
        assert!(matches!(used, Some(Value::String(_))), "{used:?}");
    }
    let (_, prices) = panel.send("GET", "/pricing", "");
    assert_eq!(
        get(&prices, "/pricing_plans/servers/flexible_server/0/name"),
        "CPU"
    );
    let (_, usages) = panel.send("GET", "/usages", "");
    assert_eq!(get(&usages, "/PUBLIC IP/0/services/0/type"), "UNUSED_IP");
}

#[test]
fn refusals_that_no_example_shows_are_named_like_the_others() {
    let panel = panel();
    let (status, body) = panel.send("PATCH", "/servers", "{}");
    assert_eq!(status, 405);
    assert_eq!(get(&body, "/Type"), "METHOD_NOT_ALLOWED", "{body:?}");
}
