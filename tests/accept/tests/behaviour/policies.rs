//! Credentials, servers, pages and waits.

use super::wire::{always, builder, json, reply, with};
use verbatim_accept as accept;
use verbatim_runtime::{Client, Credential};

#[tokio::test]
async fn credentials_go_where_their_scheme_says() {
    use accept::security_schemes::{SERVICE, Vault};
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Vault::from_client(client)
        .unwrap()
        .vault()
        .both()
        .await
        .unwrap();
    assert_eq!(
        (log.target().as_str(), log.header("cookie").as_str()),
        ("/both?key=secret-query", "session=secret-cookie")
    );
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Vault::from_client(client)
        .unwrap()
        .vault()
        .any()
        .await
        .unwrap();
    assert_eq!(
        (
            log.header("x-vault-key").as_str(),
            log.header("authorization").as_str()
        ),
        ("secret-header", "")
    );
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Vault::from_client(client)
        .unwrap()
        .vault()
        .open()
        .await
        .unwrap();
    assert_eq!(
        (
            log.header("x-vault-key").as_str(),
            log.header("authorization").as_str()
        ),
        ("", "")
    );
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Vault::from_client(client)
        .unwrap()
        .vault()
        .scoped()
        .await
        .unwrap();
    assert_eq!(log.header("authorization"), "Bearer secret-oauth");
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Vault::from_client(client)
        .unwrap()
        .vault()
        .basic()
        .await
        .unwrap();
    assert_eq!(log.header("authorization"), "Basic dTpw");
    // A certificate is shown by the transport, so the second alternative needs nothing here.
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Vault::from_client(client)
        .unwrap()
        .vault()
        .certified()
        .await
        .unwrap();
    assert_eq!(log.target(), "/certified?key=secret-query");
    let transport = verbatim_runtime::transport::respond(|_| Ok(reply(204, &[], "")));
    let client = Client::builder(&SERVICE)
        .transport(transport)
        .build()
        .unwrap();
    Vault::from_client(client)
        .unwrap()
        .vault()
        .certified()
        .await
        .unwrap();
}

#[tokio::test]
async fn a_missing_credential_is_told_before_anything_is_sent() {
    use accept::security_schemes::{SERVICE, Vault};
    let transport = verbatim_runtime::transport::respond(|_| panic!("nothing should be sent"));
    let client = Client::builder(&SERVICE)
        .credential("query", Credential::token("q"))
        .transport(transport)
        .build();
    let error = Vault::from_client(client.unwrap())
        .unwrap()
        .vault()
        .both()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("cookie"), "{error}");
}

#[tokio::test]
async fn variables_of_the_server_have_their_defaults() {
    use accept::server_variables::{Regions, SERVICE};
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Regions::from_client(client)
        .unwrap()
        .regions()
        .here()
        .await
        .unwrap();
    assert_eq!(log.only().uri(), "https://north.regions.example/v2/here");
    let (south, log) = builder(&SERVICE, |_| reply(204, &[], ""));
    let client = south
        .server_variable("region", "south")
        .server_variable("port", "8443")
        .build()
        .unwrap();
    Regions::from_client(client)
        .unwrap()
        .regions()
        .here()
        .await
        .unwrap();
    assert_eq!(
        log.only().uri(),
        "https://south.regions.example:8443/v2/here"
    );
    let (evil, _) = builder(&SERVICE, |_| reply(204, &[], ""));
    assert!(
        evil.server_variable("region", "evil.example/")
            .build()
            .is_err()
    );
}

#[tokio::test]
async fn pages_are_read_until_one_is_short() {
    use accept::pagination::{Guests, SERVICE};
    let (client, log) = with(&SERVICE, |request| {
        let second = request
            .uri()
            .query()
            .is_some_and(|query| query.split('&').any(|part| part == "page=2"));
        json(
            200,
            if second {
                r#"[{"name": "c"}]"#
            } else {
                r#"[{"name": "a"}, {"name": "b"}]"#
            },
        )
    });
    let client = Guests::from_client(client).unwrap();
    let mut items = client.guests().list().per_page(2).items();
    let mut names = Vec::new();
    while let Some(guest) = items.next().await {
        names.push(guest.unwrap().name);
    }
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(log.targets().len(), 2, "{:?}", log.targets());
}

#[tokio::test]
async fn a_list_is_sorted_and_cut_down_by_the_names_of_properties() {
    use accept::pagination::types::Visit;
    use accept::pagination::{Guests, SERVICE};
    let (client, log) = with(&SERVICE, |_| json(200, "[]"));
    let client = Guests::from_client(client).unwrap();
    let list = || client.visits().list();
    list().order(Visit::TYPE).await.unwrap();
    list().order(Visit::MADE_ON.descending()).await.unwrap();
    let inner = Visit::GUEST.dot("name");
    list().only([Visit::ID, Visit::A_B, inner]).await.unwrap();
    // A text of one's own will do, and the parameter that only sounds like it takes no other.
    let text = String::from("-id");
    list().order(&text).only("id,x").sort("y").await.unwrap();
    let expected = [
        "/visits?order=type",
        "/visits?order=-made-on",
        "/visits?only=id%2Ca%22b%2Cguest.name",
        "/visits?order=-id&only=id%2Cx&sort=y",
    ];
    assert_eq!(log.targets(), expected);
    assert_ne!(Visit::MADE_ON, Visit::MADE_UNDERSCORE_ON);
}

#[tokio::test]
async fn pages_are_read_by_their_cursor() {
    use accept::pagination::{Guests, SERVICE};
    let (client, log) = with(&SERVICE, |request| {
        let second = request.uri().query().unwrap_or_default().contains("after=");
        json(
            200,
            if second {
                r#"{"rooms": [{"number": 2}], "next": null}"#
            } else {
                r#"{"rooms": [{"number": 1}], "next": "x y"}"#
            },
        )
    });
    let client = Guests::from_client(client).unwrap();
    let mut items = client.rooms().list().items();
    let mut numbers = Vec::new();
    while let Some(room) = items.next().await {
        numbers.push(room.unwrap().number);
    }
    assert_eq!(numbers, [1, 2]);
    assert_eq!(log.targets(), ["/rooms", "/rooms?after=x%20y"]);
}

#[tokio::test(start_paused = true)]
async fn an_action_is_awaited() {
    use accept::waiting::types::BuildRobotBody;
    use accept::waiting::{Robots, SERVICE};
    let (client, log) = with(&SERVICE, |request| match request.method().as_str() {
        "POST" => json(
            202,
            r#"{"id": "r 1", "status": {"state": "BUILDING", "percent": 0}}"#,
        ),
        _ => json(
            200,
            r#"{"id": "r 1", "status": {"state": "READY", "percent": null}}"#,
        ),
    });
    let client = Robots::from_client(client).unwrap();
    let robot = client
        .robots()
        .build(&BuildRobotBody::new("a"))
        .wait()
        .await
        .unwrap();
    assert_eq!(robot.id, "r 1");
    assert_eq!(log.targets(), ["/robots", "/robots/r%201"]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_goes_on_from_the_group() {
    use accept::waiting::types::BuildRobotBody;
    use accept::waiting::{Robots, SERVICE};
    use verbatim_runtime::WaitToken;
    let (client, log) = with(&SERVICE, |request| match request.method().as_str() {
        "POST" => json(202, r#"{"id": "r", "status": {"state": "BUILDING"}}"#),
        _ => json(200, r#"{"id": "r", "status": {"state": "READY"}}"#),
    });
    let robots = Robots::from_client(client).unwrap().robots();
    let build = robots.build(&BuildRobotBody::new("a"));
    let token = build
        .wait()
        .begin()
        .await
        .unwrap()
        .token()
        .unwrap()
        .to_string();
    let token: WaitToken = token.parse().unwrap();
    let robot = robots.resume_build(&token).await.unwrap();
    assert_eq!(robot.id, "r");
    // One look of each of the two who wait.
    assert_eq!(log.targets(), ["/robots", "/robots/r", "/robots/r"]);
}

#[tokio::test(start_paused = true)]
async fn an_action_is_awaited_among_those_of_a_queue() {
    use accept::waiting::{Robots, SERVICE};
    use std::sync::atomic::{AtomicUsize, Ordering};
    let polls = AtomicUsize::new(0);
    let (client, log) = with(&SERVICE, move |request| {
        if request.method() == "POST" {
            return reply(202, &[], "");
        }
        let job = |number: u32, kind: &str, state: &str| {
            format!(r#"{{"number": {number}, "kind": "{kind}", "state": "{state}"}}"#)
        };
        let old = job(1, "dance", "broken");
        let other = job(2, "sing", "broken");
        let list = match polls.fetch_add(1, Ordering::SeqCst) {
            0 => vec![old],
            1 => vec![old, other],
            2 => vec![old, other, job(3, "dance", "waiting")],
            _ => vec![old, other, job(3, "dance", "done")],
        };
        json(200, &format!(r#"{{"jobs": [{}]}}"#, list.join(", ")))
    });
    let client = Robots::from_client(client).unwrap();
    let queue = client.robots().dance("r").wait().await.unwrap();
    assert_eq!(queue.jobs[2].state, "done");
    let (queue, dance) = ("/robots/r/jobs", "/robots/r/dance");
    assert_eq!(log.targets(), [queue, dance, queue, queue, queue]);
}

#[tokio::test]
async fn a_deprecated_operation_says_so_and_works() {
    use accept::deprecated::{Radio, SERVICE, operations};
    assert!(operations::OPERATIONS[0].deprecated);
    let (client, _) = always(
        &SERVICE,
        json(
            200,
            r#"[{"name": "n", "wave": 1.0, "old": {"valve": "v"}}]"#,
        ),
    );
    let stations = Radio::from_client(client)
        .unwrap()
        .stations()
        .list()
        .await
        .unwrap();
    assert_eq!(stations[0].name, "n");
}

#[test]
fn a_client_of_another_api_does_not_fit() {
    use accept::security_schemes::Vault;
    let (client, _) = always(&accept::server_variables::SERVICE, json(200, "{}"));
    let text = Vault::from_client(client).unwrap_err().to_string();
    assert!(
        text.starts_with("a client of ") && text.contains(" was given where one of "),
        "{text}"
    );
}
