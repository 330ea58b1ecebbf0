//! What is answered where a document says little: paths that nobody can list, servers with odd addresses,
//! redirections, ranges of media types, pages beyond any list.

use bytes::Bytes;
use http::{Request, Response};
use verbatim_contract::Contract;
use verbatim_simulator::{Rules, Settings, Simulator};

fn simulator(paths: &str) -> Simulator {
    let document = format!("openapi: 3.1.0\ninfo: {{title: Answers, version: \"1\"}}\n{paths}");
    let contract = Contract::parse("api.yaml", &document).unwrap_or_else(|why| panic!("{why}"));
    Simulator::new(contract, Rules::default(), Settings::default()).unwrap()
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
    let body = Bytes::copy_from_slice(body.as_bytes());
    simulator.handle(&request.body(body).unwrap()).response
}

fn get(simulator: &Simulator, path: &str) -> Response<Bytes> {
    send(simulator, "GET", path, &[], "")
}

fn header<'a>(response: &'a Response<Bytes>, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

fn body(response: &Response<Bytes>) -> &str {
    std::str::from_utf8(response.body()).unwrap()
}

#[test]
fn what_nobody_can_list_or_make_is_there_for_whoever_asks() {
    let there = simulator(
        r#"
paths:
  /greetings/{name}:
    get:
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: hello, content: {application/json: {schema: {type: object, required: [text], properties: {text: {type: string}}}}}}
        "404": {description: nobody}
  /rates/{from}/{to}:
    get:
      parameters:
        - {name: from, in: path, required: true, schema: {type: string, pattern: "^[A-Z]{3}$"}}
        - {name: to, in: path, required: true, schema: {type: string}}
      responses: {"200": {description: rate, content: {application/json: {schema: {type: object, required: [rate], properties: {rate: {type: number}}}}}}}
  /sums/{parts}:
    get:
      parameters: [{name: parts, in: path, required: true, schema: {type: array, items: {type: integer}, minItems: 2}}]
      responses: {"200": {description: sum, content: {application/json: {schema: {type: integer}}}}, "400": {description: wrong}}
  /known/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}, example: only}]
      responses: {"200": {description: it, content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}, "404": {description: none}}
  /cities/{city}/days:
    get:
      parameters: [{name: city, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: days, content: {application/json: {schema: {type: array, items: {type: number}}}}}}
"#,
    );
    for path in [
        "/greetings/Bob",
        "/greetings/Eve",
        "/rates/EUR/USD",
        "/sums/1,2",
        "/cities/Bern/days",
    ] {
        let answer = get(&there, path);
        let why = header(&answer, "x-simulator-reason");
        assert_eq!(answer.status(), 200, "{path}: {why}");
    }
    assert!(body(&get(&there, "/greetings/Bob")).contains("\"text\":"));
    assert!(!body(&get(&there, "/greetings/Bob")).contains("name"));
    assert_eq!(get(&there, "/rates/eur/USD").status(), 404);
    assert_eq!(get(&there, "/sums/1%2C2").status(), 400);
    // The document shows which there is, and what comes where there is none.
    assert_eq!(get(&there, "/known/other").status(), 404);
    // The newest thousand are kept.
    for number in 0..1_200 {
        assert_eq!(get(&there, &format!("/greetings/n{number}")).status(), 200);
    }
    let about = body(&get(&there, "/__simulator")).to_owned();
    assert!(about.contains("\"greetings\":1000"), "{about}");
}

#[test]
fn put_makes_what_it_names_where_nothing_else_does() {
    let pairs = simulator(
        r#"
paths:
  /pairs/{key}:
    parameters: [{name: key, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": &pair {description: pair, content: {application/json: {schema: &value {type: object, required: [value], properties: {value: {type: integer}}}}}}, "404": {description: none}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: *value}}}
      responses: {"200": *pair, "201": *pair, "400": {description: wrong}}
    delete: {responses: {"204": {description: gone}, "404": {description: none}}}
"#,
    );
    let json = [("content-type", "application/json")];
    assert_eq!(get(&pairs, "/pairs/a").status(), 404);
    assert_eq!(
        send(&pairs, "PUT", "/pairs/a", &json, "{}").status(),
        400,
        "a body that is refused makes nothing"
    );
    assert_eq!(get(&pairs, "/pairs/a").status(), 404);
    let made = send(&pairs, "PUT", "/pairs/a", &json, r#"{"value":1}"#);
    assert_eq!(
        (made.status().as_u16(), body(&made)),
        (201, r#"{"value":1}"#)
    );
    let changed = send(&pairs, "PUT", "/pairs/a", &json, r#"{"value":2}"#);
    assert_eq!(changed.status(), 200);
    assert_eq!(body(&get(&pairs, "/pairs/a")), r#"{"value":2}"#);
    assert_eq!(send(&pairs, "DELETE", "/pairs/a", &[], "").status(), 204);
    assert_eq!(get(&pairs, "/pairs/a").status(), 404);
}

#[test]
fn addresses_of_servers_are_resolved() {
    for (url, path) in [
        ("./", "/b"),
        ("../up", "/up/b"),
        ("//api.example/z", "/z/b"),
        ("v9/", "/v9/b"),
        ("https://api.example/a/./b/../c?x#y", "/a/c/b"),
        ("https://api.example/a%20b", "/a%20b/b"),
        ("https://api.example/a%20b", "/a%20%62/b"),
        ("https://api.example//v1", "/v1/b"),
    ] {
        let server = simulator(&format!(
            "servers: [{{url: \"{url}\"}}]\npaths: {{/b: {{get: {{responses: {{\"204\": {{description: ok}}}}}}}}}}"
        ));
        assert_eq!(get(&server, path).status(), 204, "{url} {path}");
    }
}

#[test]
fn a_redirection_always_leads_somewhere() {
    let server = simulator(
        r#"
servers: [{url: /v1}]
paths:
  /old: {get: {responses: {"301": {description: moved}}}}
  /any: {get: {responses: {"3XX": {description: moved}}}}
  /kept: {get: {responses: {"304": {description: not modified}}}}
"#,
    );
    assert_eq!(header(&get(&server, "/v1/old"), "location"), "/v1/");
    let any = get(&server, "/v1/any");
    assert!(any.status().is_redirection());
    assert_eq!(header(&any, "location"), "/v1/");
    assert_eq!(header(&get(&server, "/v1/kept"), "location"), "");
}

#[test]
fn what_was_preferred_is_told() {
    let server = simulator(
        r#"
paths:
  /a:
    get:
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: object}, examples: {'say "hi"': {value: {}}}}}}
        "404": {description: none}
"#,
    );
    let prefer = |text: &str| send(&server, "GET", "/a", &[("prefer", text)], "");
    let applied = |text: &str| header(&prefer(text), "preference-applied").to_owned();
    assert_eq!(applied("code=404"), "code=404");
    assert_eq!(
        applied(r#"Code="200"; x=1, example="say \"hi\"""#),
        r#"code=200, example="say \"hi\"""#
    );
    assert_eq!(applied("wait=10"), "");
    assert_eq!(applied("example=none"), "");
}

#[test]
fn a_refusal_of_strangers_says_how_to_come_in() {
    let server = simulator(
        r#"
components: {securitySchemes: {a: {type: http, scheme: basic}, b: {type: http, scheme: bearer}, c: {type: apiKey, in: header, name: X-Key}}}
paths:
  /both: {get: {security: [{a: []}, {b: []}, {c: []}], responses: {"204": {description: ok}}}}
  /key: {get: {security: [{c: []}], responses: {"204": {description: ok}}}}
"#,
    );
    let both = get(&server, "/both");
    assert_eq!(both.status(), 401);
    assert_eq!(
        header(&both, "www-authenticate"),
        "Basic realm=\"simulator\", Bearer"
    );
    assert_eq!(header(&get(&server, "/key"), "www-authenticate"), "");
}

#[test]
fn options_of_the_server_are_those_of_all_paths() {
    let server = simulator(
        r#"
paths:
  /a: {get: {responses: {"204": {description: ok}}}, put: {responses: {"204": {description: ok}}}}
  /b: {put: {responses: {"204": {description: ok}}}}
"#,
    );
    let answer = send(&server, "OPTIONS", "*", &[], "");
    assert_eq!(answer.status(), 204);
    assert_eq!(header(&answer, "allow"), "GET, PUT, HEAD, OPTIONS");
}

#[test]
fn a_range_of_media_types_is_sent_as_one_of_them() {
    let server = simulator(
        r#"
paths:
  /picture: {get: {responses: {"200": {description: ok, content: {image/*: {schema: {type: string, format: binary}}}}}}}
"#,
    );
    let kind = |accept: &str| {
        let answer = send(&server, "GET", "/picture", &[("accept", accept)], "");
        (
            answer.status().as_u16(),
            header(&answer, "content-type").to_owned(),
        )
    };
    assert_eq!(kind("image/webp"), (200, "image/webp".to_owned()));
    assert_eq!(kind("*/*"), (200, "image/png".to_owned()));
    assert_eq!(kind("text/plain").0, 406);
}

const NOTES: &str = r#"
paths:
  /notes:
    get:
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: per_page, in: query, schema: {type: integer}}
        - {name: sort, in: query, schema: {type: string}}
        - {name: q, in: query, schema: {type: string}}
      x-verbatim-pagination: {style: page, page: page, size: per_page, first: 1}
      responses: {"200": {description: notes, content: {application/json: {schema: {type: array, items: &note {type: object, required: [id, text], properties: {id: {type: string, readOnly: true}, text: {type: string}, rank: {type: integer}, tags: {type: array, items: {type: string}}, more: {type: object}}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: *note}}}
      responses: {"201": {description: made, content: {application/json: {schema: *note}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: note, content: {application/json: {schema: *note}}}, "404": {description: none}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: *note}}}
      responses: {"200": {description: note, content: {application/json: {schema: *note}}}}
    delete: {responses: {"204": {description: gone}}}
"#;

#[test]
fn pages_beyond_any_list_are_empty() {
    let notes = simulator(NOTES);
    let count = |query: &str| {
        let answer = get(&notes, &format!("/notes?{query}"));
        assert_eq!(answer.status(), 200, "{query}");
        body(&answer).matches("\"text\"").count()
    };
    let all = count("");
    assert!(all > 0);
    assert_eq!(count("page=99999999999999999999999999&per_page=10"), 0);
    assert_eq!(count("per_page=99999999999999999999999999"), all);
}

/// Many items are held packed; nothing of that shows.
#[test]
fn thousands_of_items_are_as_they_were_made() {
    let notes = simulator(NOTES);
    let json = [("content-type", "application/json")];
    let first = body(&get(&notes, "/notes")).matches("\"text\"").count();
    let mut made = Vec::new();
    for number in 0..2_500_u32 {
        let (rank, odd) = (number * 7 % 100, number % 2 == 1);
        let more = if odd {
            r#""a":1.50"#
        } else {
            r#""b":[null,{}]"#
        };
        let sent = format!(
            r#""text":"Note {number}","rank":{rank},"tags":["x","t{rank}"],"more":{{{more}}}"#
        );
        let answer = send(&notes, "POST", "/notes", &json, &format!("{{{sent}}}"));
        assert_eq!(answer.status(), 201);
        let text = body(&answer).to_owned();
        assert!(text.contains(more), "{text}");
        let id = text.split('"').nth(3).unwrap().to_owned();
        made.push((id, text, rank));
    }
    for (id, text, _) in &made {
        assert_eq!(body(&get(&notes, &format!("/notes/{id}"))), text);
    }
    let numbers = |query: &str| -> Vec<usize> {
        let list = body(&get(&notes, &format!("/notes?{query}"))).to_owned();
        let texts = list.split("\"Note ").skip(1);
        let numbers = texts.filter_map(|rest| rest.split('"').next()?.parse().ok());
        numbers.collect()
    };
    let plain = numbers("page=3&per_page=500");
    let expected: Vec<usize> = (1000 - first..1500 - first).collect();
    assert_eq!(plain, expected);
    let mut sorted: Vec<usize> = (0..made.len()).collect();
    sorted.sort_by_key(|number| std::cmp::Reverse(made[*number].2));
    for _ in 0..2 {
        assert_eq!(numbers("sort=-rank&per_page=200"), sorted[..200]);
    }
    assert_eq!(numbers("q=nOtE+2499"), [2499]);
    assert_eq!(numbers("q=t99&sort=rank&per_page=3"), sorted[..3]);
    // A change shows in orders that were asked for before, and in searches.
    let (id, _, _) = &made[0];
    let raised = r#"{"text":"Note 0","rank":1000,"tags":["t99"]}"#;
    let answer = send(&notes, "PUT", &format!("/notes/{id}"), &json, raised);
    assert_eq!(answer.status(), 200);
    assert_eq!(numbers("sort=-rank&per_page=2"), [0, sorted[0]]);
    assert_eq!(numbers("q=t99&sort=-rank&per_page=2"), [0, sorted[0]]);
    send(&notes, "DELETE", &format!("/notes/{id}"), &[], "");
    assert_eq!(numbers("sort=-rank&per_page=2"), sorted[..2]);
    assert_eq!(numbers("q=Note+0"), [0; 0]);
    // The whole state goes into a text and back.
    let snapshot = || {
        let whole = body(&get(&notes, "/__simulator/snapshot")).to_owned();
        let state = whole.find("\"made\"").map(|at| whole[at..].to_owned());
        (whole, state)
    };
    let (before, state) = snapshot();
    let loaded = send(&notes, "POST", "/__simulator/load", &json, &before);
    assert_eq!(loaded.status(), 200);
    assert!(state.is_some() && snapshot().1 == state);
    assert_eq!(numbers("sort=-rank&per_page=2"), sorted[..2]);
}
