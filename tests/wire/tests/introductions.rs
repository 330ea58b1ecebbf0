//! What the published introductions of CloudFlow and CloudsFor show, as calls of their clients: every
//! body, status, header and command line of theirs.

use bytes::Bytes;
use cloud_panels::cloudflow::{self, CloudFlow, types as flow};
use cloud_panels::cloudsfor::{CloudsFor, types as cloud};
use cloud_panels::runtime::codegen::{Client, ClientBuilder, Service};
use cloud_panels::runtime::layout::Format;
use cloud_panels::runtime::transport::respond;
use cloud_panels::runtime::{Error, RetryPolicy, json};
use http::{Request, Response};

const JSON: &str = "application/json";

fn reply(status: u16, media: &str, body: &str) -> Response<Bytes> {
    let mut reply = Response::builder().status(status);
    if !media.is_empty() {
        reply = reply.header("content-type", media);
    }
    reply.body(Bytes::from(body.to_owned())).expect("a reply")
}

fn built<C>(
    builder: ClientBuilder<C>,
    answer: impl Fn(&Request<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
) -> C {
    let builder = builder
        .base_url("https://onapp.test")
        .retry(RetryPolicy::never());
    let transport = respond(move |request| Ok(answer(request)));
    builder.transport(transport).build().expect("a client")
}

fn panel(answer: impl Fn(&Request<Bytes>) -> Response<Bytes> + Send + Sync + 'static) -> CloudFlow {
    built(CloudFlow::builder().basic("user", "userpass"), answer)
}

fn clouds(
    answer: impl Fn(&Request<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
) -> CloudsFor {
    built(CloudsFor::builder().basic("user", "userpass"), answer)
}

#[tokio::test]
async fn basic_credentials_are_those_of_curl() {
    // curl -u user:userpass, and e-mail and key in their places.
    for (user, password, header) in [
        ("user", "userpass", "Basic dXNlcjp1c2VycGFzcw=="),
        (
            "ada@example.com",
            "secret-key",
            "Basic YWRhQGV4YW1wbGUuY29tOnNlY3JldC1rZXk=",
        ),
    ] {
        let panel = built(CloudFlow::builder().basic(user, password), move |request| {
            assert_eq!(request.headers()["authorization"], header);
            assert_eq!(request.uri().path(), "/roles.json");
            reply(200, JSON, "[]")
        });
        assert!(panel.roles().list().await.expect("roles").is_empty());
        let curl = panel.roles().list().to_curl().expect("a command");
        assert!(
            curl.starts_with("curl 'https://onapp.test/roles.json'"),
            "{curl}"
        );
        assert!(!curl.contains(password) && !curl.contains(header), "{curl}");
    }
    let nobody = built(CloudFlow::builder(), |_| unreachable!("nothing is sent"));
    let error = nobody.roles().list().await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error:?}");
    let text = error.to_string();
    assert!(
        text.contains("CLOUDFLOW_USER") && text.contains("login"),
        "{text}"
    );
}

#[tokio::test]
async fn each_status_is_what_the_introduction_says() {
    let role = r#"{"role":{"id":23,"label":"x"}}"#;
    let found = panel(move |_| reply(200, JSON, role)).roles().get(23).await;
    assert_eq!(found.expect("a role").id, 23);
    let scheduled = panel(|_| reply(201, JSON, r#"{"virtual_machine":{"id":7}}"#));
    let scheduled = scheduled
        .virtual_machines()
        .startup(&7.into())
        .send()
        .await
        .expect("201");
    let machine = scheduled.value.documented().expect("a machine");
    assert_eq!((scheduled.received.status, machine.id), (201, 7));
    // 204 on PUT and DELETE; other panels answer 200 with an empty object or a blank.
    for (status, media, body, is_said) in [
        (204, "", "", false),
        (200, JSON, "{}", true),
        (200, JSON, " ", false),
        (200, "text/html", " ", false),
    ] {
        let panel = panel(move |_| reply(status, media, body));
        let changed = panel.roles().update(23, &flow::UpdateRole::default()).await;
        assert_eq!(
            changed.expect("a change").is_some(),
            is_said,
            "{status} {body:?}"
        );
        let removed = panel.roles().delete(23).await;
        assert_eq!(
            removed.expect("a removal").is_some(),
            is_said,
            "{status} {body:?}"
        );
    }
    for (status, body) in [
        (403, r#"{"errors":["Forbidden"]}"#),
        (404, r#"{"error":"Resource not found"}"#),
        (404, r#"{"errors":["Resource not found"]}"#),
        (422, r#"{"errors":{"label":["can't be blank"]}}"#),
    ] {
        let panel = panel(move |_| reply(status, JSON, body));
        let error = panel
            .roles()
            .create(&flow::CreateRole::new(""))
            .await
            .unwrap_err();
        let Error::Api(refused) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(refused.received.status, status);
    }
    let broken = panel(|_| reply(500, "text/html", "<html>Sorry</html>"));
    let error = broken.roles().get(1).await.unwrap_err();
    assert!(matches!(error, Error::Api(refused) if refused.received.status == 500));
}

#[tokio::test]
async fn a_role_that_is_not_under_its_root_is_refused() {
    for (body, complaint) in [
        (r#"{"id":1}"#, r#"expected the root "role", found "id""#),
        (
            r#"{"user":{"id":1}}"#,
            r#"expected the root "role", found "user""#,
        ),
        (
            r#"{"role":{"id":1},"meta":{}}"#,
            r#"unexpected key "meta" beside the root key"#,
        ),
        ("[]", r#"expected the root "role" around the value"#),
    ] {
        let error = panel(move |_| reply(200, JSON, body))
            .roles()
            .get(1)
            .await
            .unwrap_err();
        assert!(error.to_string().contains(complaint), "{error}");
    }
}

#[tokio::test]
async fn the_suffix_chooses_xml() {
    // GET /roles.xml
    let roles = r#"<?xml version="1.0" encoding="UTF-8"?>
<roles type="array">
  <role>
    <id type="integer">1</id>
    <label>Admin</label>
    <created-at type="datetime">2012-02-14T14:59:58Z</created-at>
    <permissions type="array">
      <permission><id type="integer">5</id></permission>
    </permissions>
  </role>
</roles>"#;
    let client = built(
        CloudFlow::builder().basic("a", "b").format("xml"),
        move |request| {
            assert_eq!(request.uri().path(), "/roles.xml");
            let accept = request.headers()["accept"].to_str().expect("text");
            assert!(
                accept.contains("application/xml") && !accept.contains("json"),
                "{accept}"
            );
            reply(200, "application/xml; charset=utf-8", roles)
        },
    );
    let roles = client.roles().list().await.expect("roles");
    assert_eq!((roles[0].id, roles[0].label.as_deref()), (1, Some("Admin")));
    assert_eq!(roles[0].created_at.as_deref(), Some("2012-02-14T14:59:58Z"));
    assert_eq!(roles[0].permissions.as_ref().map(|all| all[0].id), Some(5));
    let client = built(
        CloudFlow::builder().basic("a", "b").format("xml"),
        |request| {
            assert_eq!(request.headers()["content-type"], "application/xml");
            let body = std::str::from_utf8(request.body()).expect("text");
            let wanted = "<role><label>a &lt;b&gt;</label><permission_ids type=\"array\">\
            <permission_id type=\"integer\">1</permission_id></permission_ids></role>";
            assert!(body.ends_with(wanted), "{body}");
            reply(
                201,
                "application/xml",
                "<role><id type=\"integer\">2</id></role>",
            )
        },
    );
    let new = flow::CreateRole::new("a <b>").permission_ids(vec![1.into()]);
    let role = client.roles().create(&new).await.expect("an answer");
    assert_eq!(role.into_documented().expect("a role").id, 2);
}

#[tokio::test]
async fn a_path_that_ends_otherwise_has_no_other_format() {
    let [described, xml] = cloudflow::SERVICE.formats else {
        panic!("two formats");
    };
    let formats = vec![
        Format {
            suffix: ".yaml",
            ..*described
        },
        *xml,
    ];
    let service: &'static Service = Box::leak(Box::new(Service {
        formats: formats.leak(),
        ..cloudflow::SERVICE
    }));
    let client = built(
        Client::builder(service).basic("a", "b").format("xml"),
        |_| unreachable!("nothing is sent"),
    );
    let error = CloudFlow::from_client(client)
        .unwrap()
        .roles()
        .list()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error:?}");
    let wanted = "the path `/roles.json` does not end with `.yaml`, so there is no xml of it";
    assert!(error.to_string().contains(wanted), "{error}");
}

#[tokio::test]
async fn missing_credentials_are_named() {
    let unset = CloudFlow::builder().from_lookup(|_| None);
    let error = unset
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
    for name in [
        "CLOUDFLOW_USER",
        "CLOUDFLOW_PASSWORD",
        "CLOUDFLOW_EMAIL",
        "CLOUDFLOW_KEY",
    ] {
        assert!(error.contains(name), "{error}");
    }
    let client = built(CloudFlow::builder(), |_| unreachable!("nothing is sent"));
    let error = client.roles().list().await.unwrap_err();
    assert!(error.to_string().contains("no credential for"), "{error}");
}

#[tokio::test]
async fn xml_that_is_not_the_reply_is_refused_with_its_place() {
    let deep = "<role>".repeat(5000);
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;&b;\">]><role>&c;</role>";
    for (body, complaint) in [
        (
            "<user><id type=\"integer\">1</id></user>",
            r#"expected the root "role", found `user`"#,
        ),
        (bomb, "a document type is declared"),
        (
            "<role><label>&b;</label></role>",
            "the entity `&b;` is not known",
        ),
        ("<role><label>x</role>", "not well-formed"),
        (
            "<role><label>x",
            "at /role/label: the text ends before this element does",
        ),
        (
            "<role></role><role></role>",
            "the element `role` stands after the root",
        ),
        ("<role></role>x", "there is text outside of the root"),
        (
            "<role><id type=\"integer\">1x</id></role>",
            "at /role/id: \"1x\" is no number",
        ),
        (
            "<role><id type=\"integer\">1</id>x</role>",
            "there is text between elements",
        ),
        ("<role id=\"1\"/>", "the attribute `id` means nothing here"),
        (
            "<role><id nil=\"true\">1</id></role>",
            "there is text between elements",
        ),
        (deep.as_str(), "elements inside one another"),
    ] {
        let body = body.to_owned();
        let client = built(
            CloudFlow::builder().basic("a", "b").format("xml"),
            move |_| reply(200, "application/xml", &body),
        );
        let error = client.roles().get(1).await.unwrap_err();
        assert!(matches!(error, Error::Decode(_)), "{error:?}");
        assert!(
            error.to_string().contains(complaint),
            "{complaint}: {error}"
        );
    }
}

#[tokio::test]
async fn what_would_change_in_xml_is_refused_before_it_is_sent() {
    let panel = built(CloudFlow::builder().basic("a", "b").format("xml"), |_| {
        unreachable!("nothing is sent")
    });
    let error = panel
        .roles()
        .create(&flow::CreateRole::new("a\u{1}b"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error:?}");
    let text = error.to_string();
    assert!(
        text.contains("at /role/label: XML has no way to write '\\u{1}'"),
        "{text}"
    );
    let mut change = flow::UpdateVirtualMachine::default();
    change
        .extra
        .insert("two words", json::Json::encode(&1).expect("JSON"));
    let error = panel
        .virtual_machines()
        .update(&7.into(), &change)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("cannot be the name of an element"),
        "{error}"
    );
    let mut change = flow::UpdateVirtualMachine::default();
    change
        .extra
        .insert("a-b", json::Json::encode(&1).expect("JSON"));
    let error = panel
        .virtual_machines()
        .update(&7.into(), &change)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("would change on its way through xml"),
        "{error}"
    );
}

#[tokio::test]
async fn secrets_are_masked_in_xml_too() {
    let panel = built(CloudFlow::builder().basic("a", "b").format("xml"), |_| {
        reply(
            422,
            "application/xml",
            "<errors type=\"array\"><error>hunter&amp;2 is short</error></errors>",
        )
    });
    let new = flow::ResetPassword::default().initial_root_password("hunter&2");
    let call = panel.virtual_machines().reset_password(&7.into(), &new);
    let shown = call.explain().expect("a call").to_string();
    assert!(
        shown.contains("<initial_root_password>[secret]</"),
        "{shown}"
    );
    let shown = format!("{}", call.await.unwrap_err());
    assert!(!shown.contains("hunter"), "{shown}");
}

#[tokio::test]
async fn the_error_body_of_a_refused_action() {
    let body = r#"{
  "id":       "forbidden",
  "message":  "You do not have access for the attempted action."
}"#;
    let error = clouds(move |_| reply(403, JSON, body))
        .account()
        .get()
        .await
        .unwrap_err();
    let Error::Api(refused) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(refused.value.id, "forbidden");
    let text = error.to_string();
    assert!(
        text.contains("403") && text.contains("You do not have access"),
        "{text}"
    );
}

#[tokio::test]
async fn single_objects_and_collections_have_their_roots() {
    let vm = clouds(|request| {
        assert_eq!(
            request.uri().path(),
            "/vms/5609f1ee1b0c4d2da622737b5ca25e6c"
        );
        reply(200, JSON, r#"{"vm": {"name": ""}}"#)
    });
    let vm = vm
        .vms()
        .get("5609f1ee1b0c4d2da622737b5ca25e6c")
        .await
        .expect("a machine");
    assert_eq!(vm.name.as_deref(), Some(""));
    let text = r#"{"vms":[{"name":""},{"name":""}],"meta":{"total":43}}"#;
    let vms = clouds(move |request| {
        assert_eq!(request.uri().path(), "/vms");
        reply(200, JSON, text)
    });
    let page = vms.vms().list().await.expect("a page");
    assert_eq!(page.vms.len(), 2);
    assert_eq!(
        page.meta.as_ref().and_then(|meta| meta.total.copied()),
        Some(43)
    );
    assert_eq!(json::to_string(&page).expect("JSON"), text);
    // What stands beside the root of a single object is kept, too.
    let text = r#"{"vm":{"name":""},"meta":{"total":1}}"#;
    let beside = clouds(move |_| reply(200, JSON, text))
        .vms()
        .get("1")
        .await
        .expect("a machine");
    assert_eq!(json::to_string(&beside).expect("JSON"), text);
    let other = clouds(|_| reply(200, JSON, r#"{"droplet":{"name":""}}"#))
        .vms()
        .get("1")
        .await;
    let error = other.unwrap_err().to_string();
    assert!(error.contains("missing field `vm`"), "{error}");
}

#[tokio::test]
async fn parameters_are_passed_as_an_object() {
    let cloud = clouds(|request| {
        assert_eq!(
            (request.method().as_str(), request.uri().path()),
            ("POST", "/vms")
        );
        assert_eq!(request.headers()["content-type"], JSON);
        assert_eq!(&request.body()[..], br#"{"name":"","ip_address":""}"#);
        reply(201, JSON, r#"{"vm": {"name": ""}}"#)
    });
    let new = cloud::CreateVm::default().name("").ip_address("");
    cloud.vms().create(&new).await.expect("a machine");
    let curl = cloud.vms().create(&new).to_curl().expect("a command");
    for part in [
        "-X POST",
        "-H 'content-type: application/json'",
        r#"--data-binary '{"name":"","ip_address":""}'"#,
    ] {
        assert!(curl.contains(part), "{curl}");
    }
}

#[tokio::test]
async fn removal_and_headers_have_no_body() {
    let cloud = clouds(|request| match request.method().as_str() {
        "DELETE" => reply(204, "", ""),
        "HEAD" => {
            let mut head = reply(200, JSON, "");
            head.headers_mut()
                .insert("x-total", "43".parse().expect("text"));
            head
        }
        other => panic!("{other}"),
    });
    cloud.vms().delete("1").await.expect("a removal");
    let head = cloud.vms().head_list().send().await.expect("headers");
    assert_eq!(head.headers()["x-total"], "43");
    assert!(head.body().is_empty());
    // The object was not found: an error, or all the same to one who wants it gone.
    let gone = clouds(|_| reply(404, JSON, r#"{"id":"not_found","message":"gone"}"#));
    assert!(matches!(gone.vms().delete("1").await, Err(Error::Api(_))));
    assert_eq!(
        gone.vms()
            .delete("1")
            .or_gone()
            .await
            .expect("nothing to do"),
        None
    );
}
