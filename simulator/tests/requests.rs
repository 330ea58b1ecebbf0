//! Requests as programs and browsers send them, whatever the document.

use std::fmt::Write as _;

use bytes::Bytes;
use http::{Request, Response};
use verbatim_contract::Contract;
use verbatim_simulator::{Cors, Rules, Settings, Simulator};

fn simulator(document: &str) -> Simulator {
    with(document, Settings::default())
}

fn with(document: &str, settings: Settings) -> Simulator {
    let contract = Contract::parse("api.yaml", document).unwrap_or_else(|why| panic!("{why}"));
    Simulator::new(contract, Rules::default(), settings).unwrap()
}

fn send(
    simulator: &Simulator,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Response<Bytes> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap();
    simulator.handle(&request).response
}

fn get(simulator: &Simulator, path: &str, headers: &[(&str, &str)]) -> Response<Bytes> {
    send(simulator, "GET", path, headers, "")
}

fn header<'a>(response: &'a Response<Bytes>, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

fn body(response: &Response<Bytes>) -> &str {
    std::str::from_utf8(response.body()).unwrap()
}

const LAMPS: &str = r##"
openapi: 3.1.0
info: {title: Lamps, version: "1"}
paths:
  /lamps:
    get:
      operationId: listLamps
      parameters: [{name: X-Room, in: header, required: true, schema: {type: string, enum: [hall, attic]}}]
      responses:
        "200":
          description: lamps
          headers: {X-Count: {required: true, schema: {type: integer}}}
          content:
            application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Lamp"}}, example: [{id: "1", name: sun}]}
            text/csv: {schema: {type: string}, example: "id,name"}
        "400": {description: wrong}
    post:
      operationId: addLamp
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Lamp"}}}}
      responses:
        "201": {description: made, content: {application/json: {schema: {$ref: "#/components/schemas/Lamp"}}}}
        "400": {description: wrong}
components:
  schemas:
    Lamp:
      required: [id, name, pin]
      allOf:
        - {type: object, properties: {id: {type: string, readOnly: true}, made_by: {type: string, readOnly: true}}}
        - {type: object, properties: {name: {type: string}, pin: {type: string, writeOnly: true}}}
"##;

#[test]
fn a_held_reply_is_not_given_to_a_wrong_request() {
    let lamps = simulator(LAMPS);
    let hall = [("x-room", "hall")];
    for _ in 0..2 {
        assert_eq!(get(&lamps, "/lamps", &hall).status(), 200);
        assert_eq!(get(&lamps, "/lamps", &[]).status(), 400);
        assert_eq!(get(&lamps, "/lamps", &[("x-room", "moon")]).status(), 400);
        assert_eq!(get(&lamps, "/lamps?x=1", &hall).status(), 400);
    }
    assert_eq!(
        get(
            &lamps,
            "/lamps",
            &[("x-room", "hall"), ("prefer", "code=200")]
        )
        .status(),
        200
    );
    assert_eq!(
        get(&lamps, "/lamps", &[("prefer", "code=200")]).status(),
        400
    );
}

#[test]
fn head_is_get_without_the_body() {
    let lamps = simulator(LAMPS);
    let hall = [("x-room", "hall")];
    let whole = get(&lamps, "/lamps", &hall);
    let head = send(&lamps, "HEAD", "/lamps", &hall, "");
    assert_eq!((head.status(), head.body().len()), (whole.status(), 0));
    assert_eq!(
        header(&head, "content-type"),
        header(&whole, "content-type")
    );
    assert_eq!(
        header(&head, "content-length"),
        whole.body().len().to_string()
    );
    assert_eq!(send(&lamps, "HEAD", "/lamps", &[], "").status(), 400);
    assert_eq!(send(&lamps, "HEAD", "/lights", &[], "").status(), 404);
}

#[test]
fn the_form_of_a_reply_is_what_the_caller_takes() {
    let lamps = simulator(LAMPS);
    for (accept, wanted) in [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("text/csv;q=0.5, application/json;q=0.4", "text/csv"),
        ("application/json;q=0.1, text/*", "text/csv"),
        ("text/html,*/*;q=0.8", "application/json"),
        ("application/*", "application/json"),
        ("application/json;q=0, */*", "text/csv"),
    ] {
        let answer = get(&lamps, "/lamps", &[("x-room", "hall"), ("accept", accept)]);
        assert_eq!(header(&answer, "content-type"), wanted, "{accept}");
    }
    let answer = get(
        &lamps,
        "/lamps",
        &[("x-room", "hall"), ("accept", "image/png")],
    );
    assert_eq!(answer.status(), 406);
    assert!(header(&answer, "x-simulator-reason").contains("text/csv"));
}

#[test]
fn pages_of_this_machine_may_call_and_others_when_told() {
    let page = ("origin", "http://localhost:5173");
    let asked = [
        page,
        ("access-control-request-method", "POST"),
        (
            "access-control-request-headers",
            "authorization, content-type",
        ),
    ];
    let lamps = simulator(LAMPS);
    let preflight = send(&lamps, "OPTIONS", "/lamps", &asked, "");
    assert_eq!(preflight.status(), 204);
    assert_eq!(header(&preflight, "access-control-allow-origin"), page.1);
    assert!(header(&preflight, "access-control-allow-methods").contains("POST"));
    assert_eq!(
        header(&preflight, "access-control-allow-headers"),
        asked[2].1
    );
    for path in ["/lamps", "/nowhere"] {
        let answer = get(&lamps, path, &[page, ("x-room", "hall")]);
        assert_eq!(
            header(&answer, "access-control-allow-origin"),
            page.1,
            "{path}"
        );
        assert_eq!(header(&answer, "access-control-allow-credentials"), "true");
    }
    let answer = get(&lamps, "/lamps", &[page, ("x-room", "hall")]);
    assert!(header(&answer, "access-control-expose-headers").contains("x-count"));
    let foreign = [("origin", "https://app.example.com"), ("x-room", "hall")];
    let refused = get(&lamps, "/lamps", &foreign);
    assert_eq!(header(&refused, "access-control-allow-origin"), "");
    let cors = Cors::default().with("https://app.example.com").unwrap();
    let told = with(
        LAMPS,
        Settings {
            cors,
            ..Settings::default()
        },
    );
    let allowed = get(&told, "/lamps", &foreign);
    assert_eq!(
        header(&allowed, "access-control-allow-origin"),
        foreign[0].1
    );
    assert_eq!(
        send(&lamps, "OPTIONS", "/lamps", &[], "").headers()["allow"],
        "GET, POST, HEAD, OPTIONS"
    );
}

#[test]
fn members_travel_one_way() {
    let lamps = simulator(LAMPS);
    let json = [("content-type", "application/json")];
    let sent = r#"{"id": "mine", "made_by": "me", "name": "moon", "pin": "s3cret"}"#;
    let made = send(&lamps, "POST", "/lamps", &json, sent);
    assert_eq!(
        made.status(),
        201,
        "{}",
        header(&made, "x-simulator-reason")
    );
    let text = body(&made);
    assert!(text.contains("moon") && text.contains("\"id\""), "{text}");
    for lost in ["mine", "\"me\"", "s3cret", "\"id\":\"\""] {
        assert!(!text.contains(lost), "{lost}: {text}");
    }
    let list = get(&lamps, "/lamps", &[("x-room", "hall")]);
    assert!(body(&list).contains("moon") && !body(&list).contains("s3cret"));
    let bare = send(&lamps, "POST", "/lamps", &json, r#"{"name": "moon"}"#);
    assert_eq!(bare.status(), 400);
    assert!(header(&bare, "x-simulator-reason").contains("pin"));
}

#[test]
fn a_preference_is_read_by_its_standard() {
    let lamps = simulator(LAMPS);
    let ask = |prefer: &str| get(&lamps, "/lamps", &[("x-room", "hall"), ("prefer", prefer)]);
    assert_eq!(ask("CODE=400").status(), 400);
    assert_eq!(ask("respond-async, wait=10; code=200").status(), 200);
    let unknown = ask("example=\"no, such\"");
    assert_eq!(unknown.status(), 400);
    assert!(body(&unknown).contains("no, such"), "{}", body(&unknown));
}

#[test]
fn paths_answer_below_their_servers() {
    let text = simulator(
        r#"
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: "https://a.example.com/v2/"}, {url: /v1}]
paths:
  /a: {get: {responses: {"200": {description: d, content: {text/plain: {schema: {type: string}, example: a}}}}}}
  /b:
    servers: [{url: "https://b.example.com/store"}]
    get: {responses: {"200": {description: d, content: {text/plain: {schema: {type: string}, example: b}}}}}
    post: {servers: [{url: "/upload"}], responses: {"204": {description: d}}}
"#,
    );
    for (method, path, wanted) in [
        ("GET", "/v2/a", 200),
        ("GET", "/v1/a", 200),
        ("GET", "/a", 404),
        ("GET", "/v2/b", 404),
        ("GET", "/store/b", 200),
        ("POST", "/upload/b", 204),
        ("POST", "/store/b", 405),
    ] {
        assert_eq!(
            send(&text, method, path, &[], "").status(),
            wanted,
            "{method} {path}"
        );
    }
}

#[test]
fn queries_are_taken_apart_by_style() {
    let search = simulator(
        r#"
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /s:
    get:
      parameters:
        - {name: names, in: query, explode: false, schema: {type: array, maxItems: 2, items: {type: string}}}
        - {name: space, in: query, style: spaceDelimited, explode: false, schema: {type: array, maxItems: 2, items: {type: integer}}}
        - {name: pipe, in: query, style: pipeDelimited, explode: false, schema: {type: array, maxItems: 2, items: {type: integer}}}
        - {name: o, in: query, explode: false, schema: {type: object, properties: {n: {type: integer}}, additionalProperties: false}}
        - {name: f, in: query, style: deepObject, schema: {type: object, additionalProperties: false, properties: {
            min: {type: integer}, tags: {type: array, items: {type: integer}}, in: {type: object, properties: {n: {type: integer}}}}}}
      responses: {"200": {description: d}, "400": {description: wrong}}
"#,
    );
    for (query, wanted) in [
        ("names=a,b", 200),
        ("names=a%2Cb,c", 200),
        ("names=a,b,c", 400),
        ("space=1%202", 200),
        ("space=1+2", 200),
        ("space=1%202%203", 400),
        ("pipe=1%7C2", 200),
        ("pipe=1|2|3", 400),
        ("pipe=1|x", 400),
        ("o=n,3", 200),
        ("o=n,x", 400),
        ("o=m,3", 400),
        ("f[min]=3&f[tags]=1&f[tags]=2&f[in][n]=1", 200),
        ("f%5Bmin%5D=x", 400),
        ("f[tags][]=1&f[tags][]=x", 400),
        ("f[in][n]=x", 400),
        ("f[max]=1", 400),
        ("other=1", 400),
    ] {
        let query = query.replace('|', "%7C");
        assert_eq!(
            get(&search, &format!("/s?{query}"), &[]).status(),
            wanted,
            "{query}"
        );
    }
}

#[test]
fn forms_are_judged_part_by_part() {
    let forms = simulator(
        r##"
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /f:
    post:
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/F"}}
          multipart/form-data: {schema: {$ref: "#/components/schemas/F"}}
      responses: {"204": {description: d}, "400": {description: wrong}}
components:
  schemas:
    F:
      type: object
      required: [n]
      additionalProperties: false
      properties: {n: {type: integer}, tags: {type: array, items: {type: integer}}, meta: {type: object, properties: {k: {type: boolean}}}, file: {type: string, format: binary}}
"##,
    );
    let form = [("content-type", "application/x-www-form-urlencoded")];
    for (text, wanted) in [
        ("n=1&tags=1&tags=2", 204),
        ("n=x", 400),
        ("tags=1", 400),
        ("n=1&tags=x", 400),
        ("n=1&n=2", 400),
    ] {
        assert_eq!(
            send(&forms, "POST", "/f", &form, text).status(),
            wanted,
            "{text}"
        );
    }
    let multipart = [("content-type", "multipart/form-data; boundary=b")];
    let parts = |parts: &[(&str, &str, &str)]| {
        let mut text = String::new();
        for (name, media, value) in parts {
            let _ = write!(
                text,
                "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n{media}\r\n{value}\r\n"
            );
        }
        text + "--b--\r\n"
    };
    let json = "Content-Type: application/json\r\n";
    for (sent, wanted) in [
        (
            parts(&[
                ("n", "", "1"),
                ("file", "Content-Type: image/png\r\n", "\u{1}"),
            ]),
            204,
        ),
        (
            parts(&[("n", "", "1"), ("meta", json, r#"{"k": true}"#)]),
            204,
        ),
        (parts(&[("n", "", "1"), ("meta", json, r#"{"k": 1}"#)]), 400),
        (parts(&[("n", "", "one")]), 400),
        (parts(&[("n", "", "1"), ("other", "", "1")]), 400),
        ("--b".to_owned(), 400),
    ] {
        let answer = send(&forms, "POST", "/f", &multipart, &sent);
        assert_eq!(
            answer.status(),
            wanted,
            "{sent} {}",
            header(&answer, "x-simulator-reason")
        );
    }
}

#[test]
fn what_only_leads_elsewhere_is_answered_as_documented() {
    let document = r#"
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /d: {get: {responses: {default: {description: d, content: {application/json: {schema: {type: object}, example: {d: 1}}}}}}}
  /r: {get: {responses: {"302": {description: d, headers: {Location: {schema: {type: string}, example: /d}}}}}}
  /s: {get: {responses: {"303": {description: d, headers: {Location: {required: true, schema: {type: string, format: uri}}}}}}}
"#;
    let elsewhere = simulator(document);
    assert_eq!(body(&get(&elsewhere, "/d", &[])).trim(), r#"{"d":1}"#);
    let answer = get(&elsewhere, "/r", &[]);
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "location")),
        (302, "/d")
    );
    let answer = get(&elsewhere, "/s", &[]);
    assert_eq!(answer.status(), 303);
    assert!(header(&answer, "location").starts_with("https://"));
}

#[test]
fn twenty_thousand_paths_are_each_found() {
    let mut paths = String::new();
    for number in 0..20_000 {
        let _ = write!(
            paths,
            r#""/v1/t{number}/{{id}}": {{"get": {{"responses": {{"204": {{"description": "d"}}}}}}}},"#
        );
    }
    let document = format!(
        r#"{{"openapi": "3.1.0", "info": {{"title": "t", "version": "1"}}, "paths": {{{paths}
            "/v1/last": {{"get": {{"responses": {{"204": {{"description": "d"}}}}}}}}}}}}"#
    );
    let many = simulator(&document);
    for number in (0..20_000).step_by(997) {
        let path = format!("/v1/t{number}/x");
        let found = many.contract().find("GET", &path);
        let wanted = format!("/v1/t{number}/{{id}}");
        assert!(matches!(found, verbatim_contract::Found::Operation(it, _) if it.path == wanted));
    }
}

#[test]
fn the_journal_shows_what_was_sent_without_secrets() {
    let lamps = simulator(LAMPS);
    let json = [
        ("content-type", "application/json"),
        ("authorization", "Bearer hush"),
    ];
    let sent = r#"{"name": "moon", "pin": "1", "password": "hush"}"#;
    send(&lamps, "POST", "/lamps?token=hush", &json, sent);
    send(&lamps, "POST", "/lamps", &json, sent);
    get(&lamps, "/nowhere", &[]);
    let made = lamps
        .expect("addLamp")
        .answered(201)
        .with_body("moon")
        .once();
    assert_eq!(made.number, 2);
    assert_eq!(lamps.expect("addLamp").times(2)[0].status, 400);
    lamps.expect("listLamps").never();
    let journal = get(&lamps, "/__simulator/requests", &[]);
    assert!(
        body(&journal).contains("/nowhere") && !body(&journal).contains("hush"),
        "{}",
        body(&journal)
    );
    for _ in 0..1_100 {
        get(&lamps, "/nowhere", &[]);
    }
    assert_eq!(lamps.requests().len(), 1_000);
    send(&lamps, "DELETE", "/__simulator/requests", &[], "");
    assert!(lamps.requests().is_empty());
}
