//! Whole lives of things: made, waited for, taken apart, removed.

#[path = "support/common.rs"]
mod common;
#[path = "support/panel.rs"]
mod panel;

use common::get;
use panel::{first, length, new_server, panel, read};
use verbatim_contract::value::at;
use verbatim_source::Value;

#[test]
fn a_server_is_deployed_powered_changed_and_removed() {
    let panel = panel();
    let before = length(&read(&panel, "/servers"));
    let id = new_server(&panel, "life");
    let path = format!("/servers/{id}");
    assert_eq!(length(&read(&panel, "/servers")), before + 1);
    let mut percents = Vec::new();
    for _ in 0..4 {
        let server = read(&panel, &path);
        assert_eq!(get(&server, "/status/state"), "DEPLOYING");
        percents.push(get(&server, "/status/percent").parse::<i64>().unwrap());
        panel.advance(14);
    }
    assert!(
        percents.is_sorted() && percents[0] < percents[3],
        "{percents:?}"
    );
    panel.advance(10);
    let server = read(&panel, &path);
    assert_eq!(get(&server, "/status/state"), "POWERED_ON");
    assert_eq!(get(&server, "/status/percent"), "null");
    assert_eq!(get(&server, "/name"), "life");
    assert_eq!(get(&server, "/hardware/ram"), "4");
    assert_eq!(get(&server, "/hardware/hdds/0/size"), "40");

    let (status, server) = panel.send(
        "PUT",
        &format!("{path}/status/action"),
        r#"{"action": "POWER_OFF", "method": "SOFTWARE"}"#,
    );
    assert_eq!(
        (status, get(&server, "/status/state").as_str()),
        (202, "POWERING_OFF")
    );
    panel.advance(60);
    assert_eq!(
        get(&read(&panel, &format!("{path}/status")), "/state"),
        "POWERED_OFF"
    );

    let (status, server) = panel.send(
        "PUT",
        &format!("{path}/hardware"),
        r#"{"vcore": 2, "cores_per_processor": 1, "ram": 8}"#,
    );
    assert_eq!((status, get(&server, "/hardware/ram").as_str()), (202, "8"));
    panel.advance(60);
    assert_eq!(
        get(&read(&panel, &path), "/status/state"),
        "POWERED_OFF",
        "the state of rest is the one before"
    );

    let (status, _) = panel.send(
        "POST",
        &format!("{path}/hardware/hdds"),
        r#"{"hdds": [{"size": 80, "is_main": false}]}"#,
    );
    assert_eq!(status, 202);
    let hdds = read(&panel, &format!("{path}/hardware/hdds"));
    assert_eq!((length(&hdds), get(&hdds, "/1/size")), (2, "80".to_owned()));
    let hdd = format!("{path}/hardware/hdds/{}", get(&hdds, "/1/id"));
    assert_eq!(panel.send("PUT", &hdd, r#"{"size": 100}"#).0, 202);
    assert_eq!(get(&read(&panel, &hdd), "/size"), "100");
    assert_eq!(panel.send("DELETE", &hdd, "").0, 202);
    assert_eq!(panel.send("GET", &hdd, "").0, 404);

    let (status, server) = panel.send("DELETE", &path, "");
    assert_eq!(
        (status, get(&server, "/status/state").as_str()),
        (202, "REMOVING")
    );
    assert_eq!(get(&read(&panel, &path), "/status/state"), "REMOVING");
    panel.advance(120);
    let (status, body) = panel.send("GET", &path, "");
    assert_eq!(
        (status, get(&body, "/Type").as_str()),
        (404, "SERVER_NOT_FOUND")
    );
    assert_eq!(length(&read(&panel, "/servers")), before);
}

#[test]
fn snapshots_clones_drives_and_storages() {
    let panel = panel();
    let id = new_server(&panel, "copied");
    let path = format!("/servers/{id}");
    panel.advance(100);
    assert_eq!(panel.send("POST", &format!("{path}/snapshots"), "").0, 202);
    let snapshot = get(&read(&panel, &path), "/snapshot/id");
    assert_eq!(
        panel
            .send("PUT", &format!("{path}/snapshots/{snapshot}"), "")
            .0,
        202
    );
    assert_eq!(
        panel
            .send("DELETE", &format!("{path}/snapshots/{snapshot}"), "")
            .0,
        202
    );
    assert_eq!(get(&read(&panel, &path), "/snapshot"), "null");

    let dvd = first(&panel, "/dvd_isos");
    assert_eq!(
        panel.send("GET", &format!("{path}/dvd"), "").0,
        200,
        "no disc in the drive, which null says"
    );
    assert_eq!(
        panel
            .send(
                "PUT",
                &format!("{path}/dvd"),
                &format!(r#"{{"id": "{dvd}"}}"#)
            )
            .0,
        202
    );
    assert_eq!(get(&read(&panel, &format!("{path}/dvd")), "/id"), dvd);
    assert_eq!(panel.send("DELETE", &format!("{path}/dvd"), "").0, 202);
    assert_eq!(
        panel
            .send("PUT", &format!("{path}/dvd"), r#"{"id": "nothing"}"#)
            .0,
        404
    );

    let (status, copy) = panel.send("POST", &format!("{path}/clone"), r#"{"name": "the copy"}"#);
    assert_eq!((status, get(&copy, "/name").as_str()), (202, "the copy"));
    assert_ne!(get(&copy, "/id"), id);
    assert_eq!(get(&copy, "/hardware/ram"), "4");

    let (status, storage) = panel.send(
        "POST",
        "/block_storages",
        r#"{"name": "extra", "size": 20}"#,
    );
    assert!((200..300).contains(&status), "{storage:?}");
    let storage = format!("/block_storages/{}", get(&storage, "/id"));
    panel.advance(100);
    assert_eq!(
        panel
            .send(
                "POST",
                &format!("{storage}/server"),
                &format!(r#"{{"server_id": "{id}"}}"#)
            )
            .0,
        201
    );
    assert_eq!(get(&read(&panel, &format!("{storage}/server")), "/id"), id);
    assert_eq!(
        panel.send("DELETE", &format!("{storage}/server"), "").0,
        200
    );
    assert_eq!(get(&read(&panel, &storage), "/server"), "null");
}

#[test]
fn many_servers_are_listed_by_pages() {
    let panel = panel();
    let before = length(&read(&panel, "/servers"));
    for number in 0..120 {
        new_server(&panel, &format!("server {number:04}"));
    }
    let mut seen = std::collections::BTreeSet::new();
    for page in 1.. {
        let items = read(
            &panel,
            &format!("/servers?page={page}&per_page=25&fields=name,hardware.ram"),
        );
        let Value::Array(items) = &items else {
            panic!("no list")
        };
        seen.extend(items.iter().map(|item| get(&item.value, "/id")));
        if let Some(item) = items.first() {
            assert!(
                at(&item.value, "/hardware/vcore").is_none()
                    && at(&item.value, "/hardware/ram").is_some()
            );
        }
        if items.len() < 25 {
            break;
        }
    }
    assert_eq!(seen.len(), before + 120);
    let found = read(&panel, "/servers?q=server%200007");
    assert_eq!(
        (length(&found), get(&found, "/0/name")),
        (1, "server 0007".to_owned())
    );
    let sorted = read(&panel, "/servers?sort=-name&per_page=1&page=1");
    assert_eq!(get(&sorted, "/0/name"), "server 0119");
}

#[test]
fn users_roles_and_keys() {
    let panel = panel();
    let (status, user) = panel.send(
        "POST",
        "/users",
        r#"{"name": "user9", "password": "Secret-123456", "email": "a@example.com"}"#,
    );
    assert_eq!(status, 201, "{user:?}");
    let path = format!("/users/{}", get(&user, "/id"));
    assert_eq!(
        panel
            .send("PUT", &format!("{path}/api"), r#"{"active": true}"#)
            .0,
        200
    );
    assert_eq!(
        get(&read(&panel, &format!("{path}/api")), "/active"),
        "true"
    );
    let key = get(&read(&panel, &format!("{path}/api/key")), "/key");
    assert_eq!(panel.send("PUT", &format!("{path}/api/key"), "").0, 200);
    assert_ne!(get(&read(&panel, &format!("{path}/api/key")), "/key"), key);
    assert_eq!(
        panel
            .send(
                "POST",
                &format!("{path}/api/ips"),
                r#"{"ips": ["192.0.2.7"]}"#
            )
            .0,
        201
    );
    assert!(
        verbatim_source::write::compact(&read(&panel, &format!("{path}/api/ips")))
            .contains("192.0.2.7")
    );
    let (status, _) = panel.send("DELETE", &format!("{path}/api/ips/192.0.2.7"), "");
    assert!((200..300).contains(&status));
    assert!(
        !verbatim_source::write::compact(&read(&panel, &format!("{path}/api/ips")))
            .contains("192.0.2.7")
    );

    let (_, role) = panel.send("POST", "/roles", r#"{"name": "watchers"}"#);
    let role = format!("/roles/{}", get(&role, "/id"));
    let member = format!(r#"{{"users": ["{}"]}}"#, get(&user, "/id"));
    let (status, _) = panel.send("POST", &format!("{role}/users"), &member);
    assert!((200..300).contains(&status));
    assert_eq!(
        get(&read(&panel, &format!("{role}/users")), "/0/name"),
        "user9"
    );
    let (status, copy) = panel.send(
        "POST",
        &format!("{role}/clone"),
        r#"{"name": "watchers too"}"#,
    );
    assert_eq!(
        (status, get(&copy, "/name").as_str()),
        (201, "watchers too")
    );
}

#[test]
fn refusals_name_the_field() {
    let panel = panel();
    let (status, body) = panel.send("POST", "/servers", r#"{"name": "x", "hardware": {"vcore": 2, "cores_per_processor": 1, "ram": 4, "hdds": [{"size": 40, "is_main": "yes"}]}, "appliance_id": "y"}"#);
    assert_eq!(status, 400);
    assert!(
        verbatim_source::write::compact(&body).contains("hardware.hdds.0.is_main"),
        "{body:?}"
    );
    let (status, body) = panel.send("POST", "/servers", r#"{"name": "x"}"#);
    assert_eq!(status, 400);
    let text = verbatim_source::write::compact(&body);
    assert!(
        text.contains("hardware") || text.contains("appliance_id"),
        "{text}"
    );
}
