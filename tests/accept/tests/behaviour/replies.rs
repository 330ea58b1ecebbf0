//! Replies are decoded by status and content type, never by their shape.

use super::wire::{always, json, reply, with};
use verbatim_accept as accept;
use verbatim_runtime::Error;
use verbatim_runtime::json::to_string;

#[tokio::test]
async fn an_error_is_that_of_its_status() {
    use accept::errors_by_status::api::doors::OpenDoorError;
    use accept::errors_by_status::{Doors, SERVICE};
    let refused = async |status: u16, body: &str| {
        let (client, _) = always(&SERVICE, json(status, body));
        match Doors::from_client(client)
            .unwrap()
            .doors()
            .open("d")
            .await
            .unwrap_err()
        {
            Error::Api(refused) => refused.value,
            other => panic!("{other}"),
        }
    };
    let trace = r#"{"trace": "boom"}"#;
    assert!(
        matches!(refused(500, trace).await, OpenDoorError::InternalError(crash) if crash.trace.as_deref() == Some("boom"))
    );
    assert!(
        matches!(refused(401, trace).await, OpenDoorError::Unauthorized(denied) if denied.extra.get("trace").is_some())
    );
    assert!(matches!(
        refused(404, trace).await,
        OpenDoorError::Status4xx(_)
    ));
    let (client, _) = always(
        &SERVICE,
        reply(503, &[("content-type", "text/plain")], "down"),
    );
    let client = Doors::from_client(client).unwrap();
    match client
        .doors()
        .open("d")
        .retry(verbatim_runtime::RetryPolicy::never())
        .await
        .unwrap_err()
    {
        Error::Api(refused) => {
            assert_eq!(refused.value, OpenDoorError::Other("down".to_owned()));
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn an_undocumented_status_keeps_its_body() {
    use accept::errors_by_status::{Doors, SERVICE};
    let (client, _) = always(
        &SERVICE,
        reply(418, &[("x-kind", "teapot")], "<html>no</html>"),
    );
    let error = Doors::from_client(client)
        .unwrap()
        .doors()
        .count()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Undocumented(_)), "{error}");
    let received = error.received().unwrap();
    assert_eq!(
        (received.status, &received.body[..]),
        (418, &b"<html>no</html>"[..])
    );
    assert_eq!(received.headers["x-kind"], "teapot");
}

#[tokio::test]
async fn a_success_that_does_not_fit_is_an_error_that_says_where() {
    use accept::three_states::{Profiles, SERVICE};
    let (client, _) = always(&SERVICE, json(200, r#"{"name": "a", "motto": 7}"#));
    let error = Profiles::from_client(client)
        .unwrap()
        .profile()
        .get()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Decode(_)), "{error}");
    assert!(error.to_string().contains("/motto"), "{error}");
}

#[tokio::test]
async fn several_successes_are_told_apart() {
    use accept::several_successes::api::reports::GetReportReply as Reply;
    use accept::several_successes::{Reports, SERVICE};
    let got = async |answer| {
        let (client, _) = always(&SERVICE, answer);
        Reports::from_client(client)
            .unwrap()
            .reports()
            .get("r")
            .await
    };
    assert!(matches!(
        got(json(200, r#"{"rows": [1]}"#)).await,
        Ok(Reply::Ok(_))
    ));
    assert!(matches!(
        got(json(202, r#"{"percent": 5.0}"#)).await,
        Ok(Reply::Accepted(_))
    ));
    assert!(matches!(
        got(reply(204, &[], "")).await,
        Ok(Reply::NoContent)
    ));
    // A form that is documented and is not JSON must not pass as an empty reply.
    let table = got(reply(200, &[("content-type", "text/csv")], "a;b")).await;
    assert!(!matches!(table, Ok(Reply::NoContent)), "{table:?}");
}

#[tokio::test]
async fn headers_of_replies_have_types() {
    use accept::response_headers::headers::{ListMailsHeaders, MailsHeaders};
    use accept::response_headers::types::ListMailsXState;
    use accept::response_headers::{Mailbox, SERVICE};
    let headers = [
        ("content-type", "application/json"),
        ("x-total", "2"),
        ("etag", "\"a\""),
        ("x-tags", "a, b"),
        ("x-sizes", "1,2"),
        ("x-price", "60.50"),
        ("x-state", "ajar"),
        ("x-either", "7"),
        ("x-complete", "yes"),
        ("x-json", "{\"a\": 1, \"b\": 2.0}"),
        ("x-object", "a,b"),
        ("set-cookie", "a=1; expires=Mon, 1"),
        ("set-cookie", "b=2"),
    ];
    let (client, _) = always(&SERVICE, reply(200, &headers, r#"["a", "b"]"#));
    let client = Mailbox::from_client(client).unwrap();
    let reply = client.mails().list().send().await.unwrap();
    let found = ListMailsHeaders::of(&reply);
    assert_eq!(found.x_total(), Ok(Some(2)));
    assert_eq!(found.e_tag().unwrap().as_deref(), Some("\"a\""));
    assert_eq!(
        found.x_tags(),
        Ok(Some(vec!["a".to_owned(), "b".to_owned()]))
    );
    assert_eq!(found.x_sizes(), Ok(Some(vec![1, 2])));
    assert_eq!(found.x_price().unwrap().unwrap().to_string(), "60.50");
    assert_eq!(found.x_state(), Ok(Some(ListMailsXState::from("ajar"))));
    assert_eq!(to_string(&found.x_either().unwrap()).unwrap(), "7");
    assert_eq!(
        to_string(&found.x_json().unwrap()).unwrap(),
        r#"{"a":1,"b":2.0}"#
    );
    assert_eq!(found.x_object().unwrap().as_deref(), Some("a,b"));
    assert_eq!(
        found.set_cookie().unwrap().unwrap(),
        ["a=1; expires=Mon, 1", "b=2"]
    );
    // One that does not fit is an error of its own.
    let error = found.x_complete().unwrap_err();
    assert_eq!(error.name(), "X-Complete");
    assert_eq!((reply.status(), reply.into_value().len()), (200, 2));
    // Errors have them too, and an absent header is none.
    let (client, _) = always(
        &SERVICE,
        super::wire::reply(429, &[("retry-after", "0")], ""),
    );
    let client = Mailbox::from_client(client).unwrap();
    let call = client
        .mails()
        .list()
        .retry(verbatim_runtime::RetryPolicy::never());
    let error = call.await.unwrap_err();
    let found = ListMailsHeaders::of(error.received().unwrap());
    assert_eq!(
        (found.retry_after(), found.x_total()),
        (Ok(Some(0)), Ok(None))
    );
    // What several operations document is one type.
    let (client, _) = always(&SERVICE, super::wire::reply(204, &[("x-left", "9")], ""));
    let reply = Mailbox::from_client(client)
        .unwrap()
        .mails()
        .delete("a")
        .send()
        .await
        .unwrap();
    assert_eq!(MailsHeaders::of(&reply).x_left(), Ok(Some(9)));
}

#[tokio::test]
async fn an_empty_body_and_null_are_two_things() {
    use accept::methods_and_empty_bodies::{SERVICE, Switch};
    let (client, log) = always(&SERVICE, json(200, "null"));
    assert!(
        Switch::from_client(client)
            .unwrap()
            .switch()
            .turn()
            .body(&true)
            .await
            .unwrap()
            .is_null()
    );
    assert_eq!(log.body(), "true");
    let (client, _) = always(&SERVICE, json(200, ""));
    assert!(
        Switch::from_client(client)
            .unwrap()
            .switch()
            .turn()
            .await
            .is_err()
    );
}

#[tokio::test]
async fn roots_are_left_to_the_codec() {
    use accept::wrapped_roots::types::{NewHost, Rack, ReplaceHostsReply};
    use accept::wrapped_roots::{Hosts, SERVICE};
    let (client, log) = with(&SERVICE, |request| match request.method().as_str() {
        "POST" => json(
            201,
            r#"{"host": {"name": "a", "rack": {"rack": {"id": 1}}}}"#,
        ),
        "PUT" => json(
            200,
            r#"{"host": {"name": "b", "rack": {"rack": {"id": 2}}}}"#,
        ),
        _ if request.uri().path() == "/hosts/page" => json(
            200,
            r#"{"hosts": [{"name": "d", "rack": {"rack": {"id": 4}}}]}"#,
        ),
        _ if request.uri().path() == "/hosts/5" => json(
            200,
            r#"{"host": {"name": "e", "rack": {"rack": {"id": 5}}}, "meta": {"total": 1}}"#,
        ),
        _ => json(
            200,
            r#"[{"host": {"name": "c", "rack": {"rack": {"id": 3}}, "racks": [{"rack": {"id": 9}}]}}]"#,
        ),
    });
    let hosts = Hosts::from_client(client).unwrap();
    let made = hosts
        .hosts()
        .create(&NewHost::new("a").racks(vec![Rack::new(7)]))
        .await
        .unwrap();
    assert_eq!(made.unwrap().name, "a");
    assert_eq!(
        log.body(),
        r#"{"host":{"name":"a","racks":[{"rack":{"id":7}}]}}"#
    );
    let put = hosts.hosts().replace(&[NewHost::new("b")]).await.unwrap();
    assert!(matches!(put, ReplaceHostsReply::Host(host) if host.rack.id == 2));
    let listed = hosts.hosts().list().await.unwrap();
    assert_eq!(listed[0].racks.as_ref().unwrap()[0].id, 9);
    let mut items = hosts.hosts().list().size(2).items();
    assert_eq!(items.next().await.unwrap().unwrap().name, "c");
    let mut items = hosts.hosts().page().items();
    assert_eq!(items.next().await.unwrap().unwrap().name, "d");
    // An open wrapper is read as what it holds, and keeps what stands beside it.
    let reply = hosts.hosts().get(5).await.unwrap();
    assert_eq!((reply.name.as_str(), reply.rack.id), ("e", 5));
    assert_eq!(reply.extra.get("meta").unwrap().as_str(), r#"{"total": 1}"#);
}

#[tokio::test]
async fn a_reply_is_kept_once_something_changed() {
    use accept::kept_replies::api::doors::RemoveDoorReply;
    use accept::kept_replies::types::{Door, NewDoor, SlamDoorReply};
    use accept::kept_replies::{Doors, SERVICE};
    use verbatim_runtime::json::Expected;
    let new = NewDoor::new("front");
    let (client, _) = always(&SERVICE, json(200, r#"{"door":{"id":1}}"#));
    let doors = Doors::from_client(client).unwrap();
    let made = doors.doors().create(&new).await.unwrap();
    assert_eq!(made, Expected::Documented(Door::new(1)));
    let renamed = doors.doors().rename(1, &new).await.unwrap();
    assert_eq!(renamed, Some(Door::new(1).into()));
    let (client, _) = always(&SERVICE, json(200, r#"{"gate": {"id": 1.0}}"#));
    let doors = Doors::from_client(client).unwrap();
    let other = r#"{"gate": {"id": 1.0}}"#;
    let made = doors.doors().create(&new).await.unwrap();
    assert_eq!(made.other().unwrap().as_str(), other);
    let renamed = doors.doors().rename(1, &new).await.unwrap().unwrap();
    assert_eq!(renamed.into_documented().unwrap_err().0.as_str(), other);
    let removed = doors.doors().remove(1).await.unwrap();
    assert!(matches!(removed, RemoveDoorReply::Other(it) if it.as_str() == other));
    // A GET that is declared to change something; and a reply that keeps anything by itself.
    let opened = doors.doors().open(1).await.unwrap();
    assert_eq!(opened.other().unwrap().as_str(), other);
    let slammed = doors.doors().slam(1).await.unwrap();
    assert!(matches!(slammed, SlamDoorReply::Unknown(it) if it.as_str() == other));
    // Where nothing changed, or the declaration is taken back, it is an error as before.
    let error = doors.doors().list().await.unwrap_err();
    assert!(matches!(error, Error::Decode(_)));
    let error = doors.doors().push(1).await.unwrap_err();
    assert!(matches!(error, Error::Decode(_)));
    // An empty body says nothing where nothing may be said, and is kept where something must be.
    let (client, _) = always(&SERVICE, json(200, ""));
    let doors = Doors::from_client(client).unwrap();
    assert_eq!(doors.doors().rename(1, &new).await.unwrap(), None);
    let made = doors.doors().create(&new).await.unwrap();
    assert_eq!(made.other().unwrap().as_str(), r#""""#);
}

#[tokio::test]
async fn another_root_is_refused_before_it_is_lost() {
    use accept::wrapped_roots::{Hosts, SERVICE};
    let host = r#"{"name": "a", "rack": {"rack": {"id": 1}}}"#;
    for (body, complaint) in [
        (
            format!("[{host}]"),
            r#"at /0: expected the root "host", found "name""#,
        ),
        (
            format!(r#"[{{"guest": {host}}}]"#),
            r#"at /0: expected the root "host", found "guest""#,
        ),
        (
            format!(r#"[{{"host": {host}, "id": 1}}]"#),
            r#"at /0: unexpected key "id" beside the root key "host""#,
        ),
        (
            "[{}]".to_owned(),
            r#"at /0: expected the root "host", the object is empty"#,
        ),
        (
            r#"[{"host": {"name": "a", "rack": {"id": 1}}}]"#.to_owned(),
            r#"at /0/host/rack: expected the root "rack", found "id""#,
        ),
    ] {
        let (client, _) = always(&SERVICE, json(200, &body));
        let error = Hosts::from_client(client)
            .unwrap()
            .hosts()
            .list()
            .await
            .unwrap_err();
        let Error::Decode(inner) = &error else {
            panic!("{error:?}");
        };
        assert!(
            inner.error.to_string().starts_with(complaint),
            "{body}: {}",
            inner.error
        );
    }
}
