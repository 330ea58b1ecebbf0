//! Faults do what they are called, to those they are for, and no more.

#[path = "support/common.rs"]
mod common;

use common::{Caller, document, get, text};
use verbatim_contract::Direction;
use verbatim_simulator::{Settings, fault::Kind};

fn panel() -> Caller {
    Caller::new(&document("cloudpanel/openapi.json"))
}

#[test]
fn every_kind_can_be_planted_and_cleared() {
    let panel = panel();
    let healthy = panel.raw(
        "GET",
        "/v1/servers?per_page=2&sort=name&fields=name,id",
        None,
    );
    for kind in Kind::ALL.iter().map(|kind| kind.name()) {
        panel.plant(&format!(r#"[{{"kind": "{kind}", "amount": 503}}]"#));
        let answer = panel.simulator.handle(
            &http::Request::builder()
                .uri("/v1/servers?per_page=2&page=2&sort=-creation_date&q=server&fields=name,id")
                .header("x-token", panel.simulator.token())
                .body(bytes::Bytes::new())
                .unwrap(),
        );
        let delivered = answer.delivery != verbatim_simulator::Delivery::default();
        let on_the_way = ["latency", "lost", "reset", "slow"].contains(&kind);
        assert_eq!(delivered, on_the_way, "{kind}");
        assert_eq!(
            panel.raw("DELETE", "/__simulator/faults", None).status(),
            200
        );
        let after = panel.raw(
            "GET",
            "/v1/servers?per_page=2&sort=name&fields=name,id",
            None,
        );
        assert_eq!(after.body(), healthy.body(), "{kind} is over");
    }
}

#[test]
fn drift_breaks_the_document_in_the_way_it_says() {
    let panel = panel();
    let operation = panel.contract().operation("listServers").unwrap().clone();
    let schema = operation
        .reply(200)
        .unwrap()
        .json()
        .unwrap()
        .schema
        .clone()
        .unwrap();
    for (kind, wanted) in [
        ("wrong-type", "type"),
        ("number-as-text", "type"),
        ("null", "type"),
    ] {
        panel.plant(&format!(
            r#"{{"kind": "{kind}", "operation": "listDatacenters"}}"#
        ));
        assert!(
            panel
                .raw("GET", "/v1/datacenters", None)
                .status()
                .is_success()
        );
        panel.plant(&format!(r#"{{"kind": "{kind}"}}"#));
        let path = if kind == "number-as-text" {
            "/v1/servers/fixed_instance_sizes"
        } else {
            "/v1/servers"
        };
        let answer = panel.raw("GET", path, None);
        let value = common::json(&text(&answer));
        if kind != "number-as-text" {
            let violations = panel.contract().check(&schema, &value, Direction::Reply);
            assert!(
                violations.iter().any(|found| found.keyword == wanted),
                "{kind}: {violations:?}"
            );
        }
    }
    panel.plant(r#"{"kind": "duplicate-key"}"#);
    let answer = panel.raw("GET", "/v1/servers", None);
    assert!(
        text(&answer).contains(r#"[{"id":null,"id":"#),
        "{}",
        text(&answer)
    );
    panel.plant(r#"{"kind": "missing-property"}"#);
    let value = common::json(&text(&panel.raw("GET", "/v1/servers", None)));
    assert_eq!(get(&value, "/0/id"), "(absent)");
}

#[test]
fn a_lost_response_leaves_the_change_made() {
    let panel = panel();
    let before = common::json(&text(&panel.raw("GET", "/v1/ssh_keys", None)));
    panel.plant(r#"{"kind": "lost", "method": "POST", "times": 1}"#);
    let (status, _) = panel.send("POST", "/ssh_keys", r#"{"name": "lost"}"#);
    assert_eq!(status, 201, "what the caller never saw");
    let after = common::json(&text(&panel.raw("GET", "/v1/ssh_keys?q=lost", None)));
    assert_eq!(get(&after, "/0/name"), "lost");
    let all = common::json(&text(&panel.raw("GET", "/v1/ssh_keys", None)));
    assert_ne!(
        verbatim_source::write::compact(&all),
        verbatim_source::write::compact(&before)
    );
}

#[test]
fn faults_count_skip_and_follow_the_seed() {
    let panel = panel();
    panel.plant(
        r#"[{"kind": "status", "amount": 503, "after": 1, "times": 2, "path": "/v1/servers"}]"#,
    );
    let statuses: Vec<u16> = (0..5)
        .map(|_| panel.raw("GET", "/v1/servers", None).status().as_u16())
        .collect();
    assert_eq!(statuses, [200, 503, 503, 200, 200]);
    assert_eq!(panel.raw("GET", "/v1/datacenters", None).status(), 200);
    let run = |seed: u64| -> Vec<u16> {
        let settings = Settings {
            seed,
            rate_limit: false,
            ..Settings::default()
        };
        let panel = Caller::with(&document("cloudpanel/openapi.json"), settings);
        panel.plant(r#"{"kind": "status", "amount": 500, "probability": 0.5}"#);
        (0..40)
            .map(|_| panel.raw("GET", "/v1/ping", None).status().as_u16())
            .collect()
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
    assert!(run(7).contains(&200) && run(7).contains(&500));
}

#[test]
fn every_kind_is_described_where_people_read() {
    let page = document("../docs/judges.md");
    let page = std::fs::read_to_string(page).unwrap();
    for kind in Kind::ALL {
        let row = format!("| `{}` | {} |", kind.name(), kind.words());
        assert!(page.contains(&row), "docs/judges.md has no row {row}");
    }
}

#[test]
fn a_burst_strikes_one_request_after_the_other() {
    let panel = panel();
    panel.plant(r#"{"kind": "status", "amount": 503, "probability": 0.1, "burst": 3}"#);
    let statuses: Vec<u16> = (0..200)
        .map(|_| panel.raw("GET", "/v1/ping", None).status().as_u16())
        .collect();
    let runs: Vec<usize> = statuses
        .chunk_by(|one, next| one == next)
        .filter(|run| run[0] == 503)
        .map(<[u16]>::len)
        .collect();
    assert!(runs.len() > 3, "{runs:?}");
    // A burst that the end of the test cuts short is the only one that may be shorter.
    let whole = &runs[..runs.len() - 1];
    assert!(whole.iter().all(|run| run % 3 == 0), "{runs:?}");
}

#[test]
fn drift_shows_in_the_answers_of_every_api() {
    for (path, target) in [
        ("cloudpanel/openapi.json", "/v1/servers"),
        ("cloudflow/openapi.yaml", "/virtual_machines.json"),
        ("cloudsfor/openapi.yaml", "/api/v1/vms"),
    ] {
        let api = Caller::new(&document(path));
        let healthy = api.raw("GET", target, None);
        assert_eq!(healthy.status(), 200, "{path}");
        for kind in [
            "unknown-property",
            "null",
            "missing-property",
            "wrong-type",
            "number-lexeme",
            "duplicate-key",
            "empty-body",
            "not-json",
        ] {
            api.plant(&format!(r#"{{"kind": "{kind}"}}"#));
            let spoilt = api.raw("GET", target, None);
            assert_eq!(spoilt.status(), 200, "{path} {kind}");
            assert_ne!(spoilt.body(), healthy.body(), "{path} {kind}");
        }
    }
}

#[test]
fn a_reply_can_be_asked_for() {
    let panel = panel();
    let ask = |target: &str, prefer: &str| {
        let request = http::Request::builder()
            .uri(target)
            .header("x-token", panel.simulator.token())
            .header("prefer", prefer)
            .body(bytes::Bytes::new())
            .unwrap();
        let answer = panel.simulator.handle(&request).response;
        (answer.status().as_u16(), text(&answer))
    };
    let (status, body) = ask("/v1/servers/0", "code=200");
    assert_eq!(status, 200);
    assert_ne!(get(&common::json(&body), "/id"), "(absent)");
    let (status, body) = ask("/v1/servers", "code=200, example=documented");
    assert_eq!(status, 200);
    assert_ne!(get(&common::json(&body), "/0/id"), "(absent)");
    for (code, wanted) in [("404", 404), ("429", 429), ("500", 500)] {
        let (status, body) = ask("/v1/servers/0", &format!("code={code}"));
        assert_eq!(status, wanted, "{body}");
        common::json(&body);
    }
    for (prefer, wanted) in [
        ("code=299", "299"),
        ("code=soon", "soon"),
        ("example=none of these", "documented"),
    ] {
        let (status, body) = ask("/v1/servers/0", prefer);
        assert_eq!(status, 400, "{prefer}: {body}");
        assert!(body.contains(wanted), "{prefer}: {body}");
    }
    assert_eq!(ask("/v1/servers/0", "respond-async").0, 404);
}

#[test]
fn planted_defects_show() {
    let panel = panel();
    let list = || {
        common::json(&text(&panel.raw(
            "GET",
            "/v1/server_appliances?sort=-name&per_page=2&page=1",
            None,
        )))
    };
    let healthy = list();
    panel.plant(r#"{"kind": "sort-ignored"}"#);
    assert_ne!(get(&list(), "/0/id"), get(&healthy, "/0/id"));
    panel.plant(r#"{"kind": "no-auth"}"#);
    let operation = panel.contract().operation("listServers").unwrap();
    assert_eq!(panel.call_as(operation, &[], "wrong").status(), 200);
    panel.plant(r#"{"kind": "undead"}"#);
    let keys = common::json(&text(&panel.raw("GET", "/v1/ssh_keys", None)));
    let path = format!("/v1/ssh_keys/{}", get(&keys, "/0/id"));
    assert!(panel.raw("DELETE", &path, None).status().is_success());
    assert_eq!(panel.raw("GET", &path, None).status(), 200);
}

#[test]
fn wrong_faults_are_explained() {
    let panel = panel();
    for (body, wanted) in [
        (r#"{"kind": "gremlin"}"#, "known are"),
        (r#"{"kind": "latency", "amount": -1}"#, "whole number"),
        (r#"{"kind": "latency", "probability": 2}"#, "from 0 to 1"),
        (r#"{"kind": "latency", "colour": 2}"#, "colour"),
        (r"[3]", "object"),
    ] {
        let answer = panel.raw("POST", "/__simulator/faults", Some(&common::json(body)));
        assert_eq!(answer.status(), 400, "{body}");
        assert!(text(&answer).contains(wanted), "{}", text(&answer));
    }
}

#[test]
fn the_rate_limit_counts_down_refuses_and_recovers() {
    let settings = Settings {
        pace: verbatim_simulator::Pace::Manual,
        ..Settings::default()
    };
    let panel = Caller::with(&document("cloudpanel/openapi.json"), settings);
    let limit = panel.contract().rate_limit.clone().unwrap();
    let header = |answer: &http::Response<bytes::Bytes>, name: &Option<String>| {
        answer
            .headers()
            .get(name.as_deref().unwrap())
            .unwrap()
            .to_str()
            .unwrap()
            .parse::<i64>()
            .unwrap()
    };
    for used in 1..=limit.requests {
        let answer = panel.raw("GET", "/v1/ping_auth", None);
        assert_eq!(answer.status(), 200);
        assert_eq!(
            header(&answer, &limit.remaining_header),
            i64::from(limit.requests - used)
        );
    }
    let answer = panel.raw("GET", "/v1/ping_auth", None);
    assert_eq!(answer.status(), 429);
    assert_eq!(header(&answer, &limit.remaining_header), 0);
    let wait = header(&answer, &limit.reset_header);
    assert!(wait > 0 && wait <= i64::from(limit.window_seconds));
    assert!(answer.headers().contains_key("x-request-id"));
    panel.advance(u32::try_from(wait).unwrap());
    assert_eq!(panel.raw("GET", "/v1/ping_auth", None).status(), 200);
}

#[test]
fn states_are_saved_and_loaded() {
    let panel = Caller::manual(&document("cloudpanel/openapi.json"));
    panel.send("POST", "/ssh_keys", r#"{"name": "kept"}"#);
    let saved = panel.raw("GET", "/__simulator/snapshot", None);
    let (_, key) = panel.send("POST", "/ssh_keys", r#"{"name": "forgotten"}"#);
    assert_eq!(
        panel
            .raw(
                "POST",
                "/__simulator/load",
                Some(&common::json(&text(&saved)))
            )
            .status(),
        200
    );
    assert_eq!(
        panel
            .send("GET", &format!("/ssh_keys/{}", get(&key, "/id")), "")
            .0,
        404
    );
    assert_eq!(
        get(&panel.send("GET", "/ssh_keys?q=kept", "").1, "/0/name"),
        "kept"
    );
    let again = panel.raw("GET", "/__simulator/snapshot", None);
    assert_eq!(saved.body(), again.body());
    // The same requests give the same identifiers.
    let (_, same) = panel.send("POST", "/ssh_keys", r#"{"name": "forgotten"}"#);
    assert_eq!(get(&same, "/id"), get(&key, "/id"));
    for wrong in [
        "{}",
        "[]",
        r#"{"collections": {"nothing": []}, "singles": {}, "tasks": [], "clock": 0}"#,
    ] {
        assert_eq!(
            panel
                .raw("POST", "/__simulator/load", Some(&common::json(wrong)))
                .status(),
            400,
            "{wrong}"
        );
    }
}
