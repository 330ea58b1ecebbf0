//! Documents whose operations also speak XML, pages with totals, actions in a queue.

#[path = "support/common.rs"]
mod common;

use common::{Caller, document, get, text};
use http::Request;
use verbatim_contract::xml;
use verbatim_source::Value;

fn send(flow: &Caller, method: &str, path: &str, body: &str) -> (u16, String, String) {
    use base64::Engine;
    let basic =
        base64::engine::general_purpose::STANDARD.encode(format!("me:{}", flow.simulator.token()));
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Basic {basic}"))
        .header("content-type", "application/xml")
        .body(bytes::Bytes::from(body.to_owned()))
        .unwrap();
    let answer = flow.simulator.handle(&request).response;
    let media = answer
        .headers()
        .get("content-type")
        .map(|media| media.to_str().unwrap().to_owned());
    (
        answer.status().as_u16(),
        media.unwrap_or_default(),
        text(&answer),
    )
}

#[test]
fn the_suffix_of_the_path_chooses_xml() {
    let flow = Caller::new(&document("cloudflow/openapi.yaml"));
    let (status, media, body) = send(&flow, "GET", "/virtual_machines.xml", "");
    assert_eq!((status, media.as_str()), (200, "application/xml"));
    let root = xml::parse(&body).unwrap();
    assert_eq!(root.attributes, [("type".to_owned(), "array".to_owned())]);
    let machine = &root.children[0];
    assert_eq!(machine.name, "virtual_machine");
    let id = machine
        .children
        .iter()
        .find(|child| child.name == "id")
        .unwrap();
    assert_eq!(id.attributes, [("type".to_owned(), "integer".to_owned())]);
    let (_, as_json) = flow.send("GET", &format!("/virtual_machines/{}.json", id.text), "");
    assert_eq!(get(&as_json, "/virtual_machine/id"), id.text);

    let (status, _, body) = send(
        &flow,
        "POST",
        "/settings/nameservers.xml",
        "<nameserver><address>192.0.2.1</address></nameserver>",
    );
    assert_eq!(status, 201, "{body}");
    let made = xml::parse(&body).unwrap();
    let id = &made
        .children
        .iter()
        .find(|child| child.name == "id")
        .unwrap()
        .text;
    let (_, shown) = flow.send("GET", &format!("/settings/nameservers/{id}.json"), "");
    assert_eq!(get(&shown, "/nameserver/address"), "192.0.2.1");
    let (status, ..) = send(
        &flow,
        "DELETE",
        &format!("/settings/nameservers/{id}.xml"),
        "",
    );
    assert!(status == 200 || status == 204);
    assert_eq!(
        send(&flow, "GET", &format!("/settings/nameservers/{id}.xml"), "").0,
        404
    );
}

#[test]
fn malformed_xml_is_refused() {
    let flow = Caller::new(&document("cloudflow/openapi.yaml"));
    for body in [
        "<a>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
        "<nameserver>",
        "x",
    ] {
        let (status, _, answer) = send(&flow, "POST", "/settings/nameservers.xml", body);
        assert_eq!(status, 422, "{body}: {answer}");
    }
}

#[test]
fn actions_of_machines_go_through_the_queue() {
    let flow = Caller::manual(&document("cloudflow/openapi.yaml"));
    let (_, machines) = flow.send("GET", "/virtual_machines.json", "");
    let id = get(&machines, "/0/virtual_machine/id");
    let queue = format!("/virtual_machines/{id}/transactions.json");
    let count = |value: &Value| match value {
        Value::Array(items) => items.len(),
        _ => 0,
    };
    let before = count(&flow.send("GET", &queue, "").1);
    assert_eq!(
        flow.send("POST", &format!("/virtual_machines/{id}/startup.json"), "")
            .0,
        201
    );
    let during = flow.send("GET", &queue, "").1;
    assert_eq!(count(&during), before + 1);
    let last = format!("/{before}/transaction");
    assert_eq!(get(&during, &format!("{last}/status")), "pending");
    assert_eq!(
        get(&during, &format!("{last}/action")),
        "startup_virtual_machine"
    );
    flow.advance(600);
    let after = flow.send("GET", &queue, "").1;
    assert_eq!(get(&after, &format!("{last}/status")), "complete");
}

#[test]
fn pages_with_totals_and_next_addresses() {
    let service = Caller::manual(&document("cloudsfor/openapi.yaml"));
    for number in 0..5 {
        let (status, _) = service.send("POST", "/vms", &format!(r#"{{"name": "vm {number}"}}"#));
        assert_eq!(status, 201);
    }
    let (_, page) = service.send("GET", "/vms?per_page=2&page=1", "");
    let total: usize = get(&page, "/meta/total").parse().unwrap();
    assert!(total >= 5);
    let next = get(&page, "/links/pages/next");
    assert!(
        next.contains("page=2") && next.contains("per_page=2"),
        "{next}"
    );
    let (_, all) = service.send("GET", "/vms", "");
    assert_eq!(get(&all, "/links/pages/next"), "(absent)");
}

#[test]
fn actions_on_machines_complete() {
    let service = Caller::manual(&document("cloudsfor/openapi.yaml"));
    let (_, vm) = service.send("POST", "/vms", r#"{"name": "acting"}"#);
    let path = format!("/vms/{}", get(&vm, "/vm/id"));
    let (status, action) =
        service.send("POST", &format!("{path}/actions"), r#"{"type": "reboot"}"#);
    assert_eq!(
        (status, get(&action, "/action/status").as_str()),
        (201, "in-progress"),
        "{action:?}"
    );
    assert_eq!(get(&action, "/action/type"), "reboot");
    service.advance(600);
    let (_, list) = service.send("GET", &format!("{path}/actions"), "");
    assert_eq!(get(&list, "/actions/0/status"), "completed", "{list:?}");
    assert_eq!(service.send("DELETE", &path, "").0, 204);
    assert_eq!(service.send("GET", &path, "").0, 404);
}

/// What the control path counts and keeps.
fn kept(service: &Caller, name: &str) -> (String, usize) {
    let control = |path: &str| {
        let request = Request::get(path).body(bytes::Bytes::new()).unwrap();
        common::json(&text(&service.simulator.handle(&request).response))
    };
    let count = get(&control("/__simulator"), &format!("/collections/{name}"));
    let singles = match verbatim_contract::value::at(&control("/__simulator/snapshot"), "/singles")
    {
        Some(Value::Object(singles)) => singles.len(),
        other => panic!("{other:?}"),
    };
    (count, singles)
}

#[test]
fn what_only_a_removed_item_leads_to_leaves_with_it() {
    let service = Caller::manual(&document("cloudsfor/openapi.yaml"));
    let before = kept(&service, "actions");
    let (_, vm) = service.send("POST", "/vms", r#"{"name": "short-lived"}"#);
    let path = format!("/vms/{}", get(&vm, "/vm/id"));
    for _ in 0..3 {
        service.send("POST", &format!("{path}/actions"), r#"{"type": "reboot"}"#);
    }
    let during = kept(&service, "actions").0.parse::<usize>().unwrap();
    assert_eq!(during, before.0.parse::<usize>().unwrap() + 3);
    assert_eq!(service.send("DELETE", &path, "").0, 204);
    assert_eq!(kept(&service, "actions"), before);

    let flow = Caller::new(&document("cloudflow/openapi.yaml"));
    let before = kept(&flow, "users");
    let user = r#"{"user": {"login": "new", "email": "new@example.com", "first_name": "N",
        "last_name": "W", "password": "secret12", "password_confirmation": "secret12"}}"#;
    let (status, made) = flow.send("POST", "/users.json", user);
    assert_eq!(status, 201, "{made:?}");
    let path = format!("/users/{}", get(&made, "/user/id"));
    assert_eq!(flow.send("GET", &format!("{path}/limits.json"), "").0, 200);
    assert_eq!(kept(&flow, "users").1, before.1 + 1);
    let (status, answer) = flow.send("DELETE", &format!("{path}.json"), "");
    assert!(matches!(status, 200 | 204), "{status} {answer:?}");
    assert_eq!(kept(&flow, "users"), before);
}

#[test]
fn a_log_keeps_what_is_newest() {
    let service = Caller::new(&document("cloudsfor/openapi.yaml"));
    let path = many_actions(&service, 1_050);
    assert_eq!(kept(&service, "actions").0, "1000");
    let list = service.send("GET", &path, "").1;
    let total: usize = get(&list, "/meta/total").parse().unwrap();
    assert!((990..=1_000).contains(&total), "{total}");

    // What goes on is not forgotten, however much of it there is.
    let service = Caller::manual(&document("cloudsfor/openapi.yaml"));
    let before: usize = kept(&service, "actions").0.parse().unwrap();
    many_actions(&service, 1_050);
    let during: usize = kept(&service, "actions").0.parse().unwrap();
    assert!((1_050..=1_050 + before).contains(&during), "{during}");
}

/// Tells a new machine to do something many times, each of which is answered and then listed last;
/// gives the path of the list.
fn many_actions(service: &Caller, count: usize) -> String {
    let (_, vm) = service.send("POST", "/vms", r#"{"name": "busy"}"#);
    let path = format!("/vms/{}/actions", get(&vm, "/vm/id"));
    let mut newest = String::new();
    for _ in 0..count {
        let (status, action) = service.send("POST", &path, r#"{"type": "reboot"}"#);
        assert_eq!(status, 201, "{action:?}");
        newest = get(&action, "/action/id");
    }
    let list = service.send("GET", &path, "").1;
    let total: usize = get(&list, "/meta/total").parse().unwrap();
    assert_eq!(get(&list, &format!("/actions/{}/id", total - 1)), newest);
    path
}
