//! What is proposed, case by case.

use verbatim_build::document;
use verbatim_codegen::document::Input;
use verbatim_source::{Limits, Source};
use verbatim_suggest::{Kind, Proposal, Suggestions, overlay, suggest};

fn input(text: &str) -> Input {
    Input::of(Source::new("api.yaml", text.to_owned()), Limits::default())
}

fn read(paths: &str, schemas: &str) -> (Input, Suggestions) {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1', description: Up to 40 requests per 10 seconds are allowed.}}\n\
         paths:\n{paths}\ncomponents:\n  schemas:\n{schemas}\n"
    );
    let input = input(&text);
    let found = suggest(&input).expect("a document that can be used");
    follows(&text, &found, &input);
    (input, found)
}

/// The generator takes the overlay, and every declaration fits.
fn follows(text: &str, found: &Suggestions, input: &Input) {
    let Some(overlay) = overlay(found, input.sources()) else {
        return;
    };
    let mut with = self::input(text);
    let taken = with.overlay(Source::new("overlay.yaml", overlay.clone()));
    assert!(taken.is_ok(), "{taken:?}\n{overlay}");
    let read = verbatim_codegen::document::read(&with).expect("it is read");
    let faults: Vec<_> = read
        .problems
        .iter()
        .filter(|it| it.diagnostic.code == "E0131")
        .collect();
    assert!(faults.is_empty(), "{faults:?}\n{overlay}");
    // What is declared is not proposed again.
    let again = suggest(&with).expect("it is read");
    let left: Vec<&str> = again
        .proposals
        .iter()
        .map(|it| it.subject.as_str())
        .collect();
    assert!(left.is_empty(), "{left:?}\n{overlay}");
}

fn of<'s>(found: &'s Suggestions, kind: Kind, subject: &str) -> Option<&'s Proposal> {
    let mut all = found.proposals.iter();
    all.find(|it| it.kind == kind && it.subject == subject)
}

fn value(found: &Suggestions, kind: Kind, subject: &str) -> String {
    of(found, kind, subject).map_or("nothing".to_owned(), |it| {
        verbatim_source::write::compact(&it.value)
    })
}

fn list(path: &str, parameters: &str, body: &str) -> String {
    format!(
        "  {path}:\n    get:\n      operationId: list{}\n      parameters: [{parameters}]\n      responses: {{'200': {{description: All., {body}}}}}\n",
        path.trim_start_matches('/')
    )
}

fn number(name: &str) -> String {
    format!("{{name: {name}, in: query, schema: {{type: integer}}}}")
}

fn text(name: &str) -> String {
    format!("{{name: {name}, in: query, schema: {{type: string}}}}")
}

#[test]
fn pages_are_seen_in_parameters_and_replies() {
    let json = |schema: &str| format!("content: {{application/json: {{schema: {schema}}}}}");
    let items = "{type: array, items: {$ref: '#/components/schemas/Thing'}}";
    let with = |more: &str| {
        json(&format!(
            "{{type: object, properties: {{data: {items}, {more}}}}}"
        ))
    };
    let page = format!("{}, {}", number("page"), number("per_page"));
    let zero = format!(
        "{{name: page, in: query, schema: {{type: integer, minimum: 0}}}}, {}",
        number("size")
    );
    let offset = format!("{}, {}", number("offset"), number("limit"));
    let cursor = format!("{}, {}", text("cursor"), number("limit"));
    let link = "headers: {Link: {schema: {type: string}}}, ";
    let total = "headers: {X-Total-Count: {schema: {type: integer}}}, ";
    let paths = [
        list("/a", &page, &json(items)),
        list(
            "/b",
            &page,
            &with("meta: {type: object, properties: {total: {type: integer}}}"),
        ),
        list("/c", &zero, &format!("{total}{}", json(items))),
        list("/d", &offset, &with("total: {type: integer}")),
        list(
            "/e",
            &cursor,
            &with("paging: {type: object, properties: {next_cursor: {type: [string, 'null']}}}"),
        ),
        list(
            "/f",
            &page,
            &with("links: {type: object, properties: {next: {type: string, format: uri}}}"),
        ),
        list("/g", &page, &format!("{link}{}", json(items))),
        // Not pages: a filter by time, one thing, a cursor without an answer.
        list("/h", &text("from"), &json(items)),
        list("/i", &page, &json("{$ref: '#/components/schemas/Thing'}")),
        list("/j", &text("cursor"), &json(items)),
    ];
    let schemas = "    Thing: {type: object, required: [id], properties: {id: {type: string}, name: {type: string}}}";
    let (_, found) = read(&paths.concat(), schemas);
    for (path, wanted) in [
        (
            "/a",
            r#"{"page":"page","size":"per_page","end":"empty-page","identity":"/id"}"#,
        ),
        (
            "/b",
            r#"{"page":"page","size":"per_page","items":"/data","total":"/meta/total","identity":"/id"}"#,
        ),
        (
            "/c",
            r#"{"page":"page","size":"size","first":0,"totalHeader":"X-Total-Count","identity":"/id"}"#,
        ),
        (
            "/d",
            r#"{"style":"offset","page":"offset","size":"limit","first":0,"items":"/data","total":"/total","identity":"/id"}"#,
        ),
        (
            "/e",
            r#"{"style":"cursor","page":"cursor","size":"limit","items":"/data","next":"/paging/next_cursor","identity":"/id"}"#,
        ),
        (
            "/f",
            r#"{"style":"link","size":"per_page","items":"/data","next":"/links/next","identity":"/id"}"#,
        ),
        (
            "/g",
            r#"{"style":"link","size":"per_page","end":"next","identity":"/id"}"#,
        ),
        ("/h", "nothing"),
        ("/i", "nothing"),
        ("/j", "nothing"),
    ] {
        assert_eq!(
            value(&found, Kind::Pages, &format!("GET {path}")),
            wanted,
            "{path}"
        );
    }
    assert!(found.remarks.iter().any(|it| it.subject == "GET /j"));
    assert_eq!(
        value(&found, Kind::Rate, "the document"),
        r#"{"requests":40,"windowSeconds":10}"#
    );
}

#[test]
fn waits_are_seen_where_something_tells_the_state() {
    let reply = |status: &str, name: &str| {
        format!(
            "responses: {{'{status}': {{description: Done., content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}}}}}"
        )
    };
    let id = "{name: id, in: path, required: true, schema: {type: string}}";
    let paths = format!(
        "  /jobs/{{id}}:\n    parameters: [{id}]\n    get: {{operationId: getJob, {job}}}\n\
         \x20 /exports:\n    post: {{operationId: export, {started}}}\n\
         \x20 /servers:\n    post: {{operationId: createServer, {made}}}\n\
         \x20 /servers/{{id}}:\n    parameters: [{id}]\n    get: {{operationId: getServer, responses: {{'200': {{description: One., content: {{application/json: {{schema: {{$ref: '#/components/schemas/Server'}}}}}}}}, '404': {{description: None.}}}}}}\n    delete: {{operationId: deleteServer, responses: {{'202': {{description: Started.}}}}}}\n\
         \x20 /servers/{{id}}/reboot:\n    parameters: [{id}]\n    post: {{operationId: reboot, {rebooted}}}\n\
         \x20 /orders:\n    post: {{operationId: order, {ordered}}}\n\
         \x20 /orders/{{id}}:\n    parameters: [{id}]\n    get: {{operationId: getOrder, {order}}}\n\
         \x20 /mails:\n    post: {{operationId: mail, responses: {{'202': {{description: Taken., headers: {{Location: {{schema: {{type: string}}}}}}}}}}}}\n",
        job = reply("200", "Job"),
        started = reply("202", "Started"),
        made = reply("202", "Server"),
        rebooted = reply("202", "Server"),
        ordered = reply("201", "Order"),
        order = reply("200", "Order"),
    );
    let schemas = "    Job: {type: object, required: [id, status], properties: {id: {type: string}, status: {type: string, enum: [queued, running, succeeded, failed]}}}\n\
                   \x20   Started: {type: object, required: [job_id], properties: {job_id: {type: string}, note: {type: string}}}\n\
                   \x20   Server: {type: object, required: [id, state], properties: {id: {type: string}, state: {type: string, enum: [creating, active, error, paused]}}}\n\
                   \x20   Order: {type: object, required: [id, status], properties: {id: {type: string}, status: {type: string, enum: [placed, approved, delivered]}}}";
    let (_, found) = read(&paths, schemas);
    for (subject, wanted) in [
        (
            "POST /exports",
            r#"{"poll":"getJob","parameters":{"id":"/job_id"},"state":"/status","done":["succeeded"],"failed":["failed"]}"#,
        ),
        (
            "POST /servers",
            r#"{"poll":"getServer","parameters":{"id":"/id"},"state":"/state","done":["active"],"failed":["error"]}"#,
        ),
        (
            "POST /servers/{id}/reboot",
            r#"{"poll":"getServer","parameters":{"id":"$request.path.id"},"state":"/state","done":["active"],"failed":["error"]}"#,
        ),
        (
            "DELETE /servers/{id}",
            r#"{"poll":"getServer","parameters":{"id":"$request.path.id"},"gone":true}"#,
        ),
        ("POST /orders", "nothing"),
        ("POST /mails", "nothing"),
    ] {
        assert_eq!(value(&found, Kind::Wait, subject), wanted, "{subject}");
    }
    let server = of(&found, Kind::Wait, "POST /servers").expect("a proposal");
    assert!(
        server.reason.contains("`paused` counts as going on"),
        "{}",
        server.reason
    );
    assert!(
        found
            .remarks
            .iter()
            .any(|it| it.subject == "POST /mails" && it.text.contains("Location"))
    );
}

#[test]
fn secrets_wrappers_repetition_and_names() {
    let paths = "  /users:\n    post:\n      operationId: UsersController_create\n      parameters: [{name: Idempotency-Key, in: header, required: true, schema: {type: string}}]\n      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewUser'}}}}\n      responses: {'200': {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/Envelope'}}}}}\n\
                 \x20 /session/logout:\n    get: {operationId: logout, summary: Logs out the user, responses: {'204': {description: Done.}}}\n\
                 \x20 /items/{item_id}:\n    get: {operationId: read_item_items__item_id__get, parameters: [{name: item_id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: Done.}}}\n";
    let schemas = "    NewUser: {type: object, properties: {name: {type: string}, password: {type: string}, page_token: {type: string}, pin_code: {type: string, writeOnly: true}, note: {type: string, writeOnly: true}, known: {type: string, format: password}}}\n\
                   \x20   Envelope: {type: object, required: [user], properties: {user: {$ref: '#/components/schemas/User'}}}\n\
                   \x20   User: {type: object, required: [name], properties: {name: {type: string}}}\n\
                   \x20   Piece: {type: object, properties: {token: {type: string}, logprob: {type: number}}}";
    let (_, found) = read(paths, schemas);
    let secrets: Vec<&str> = found
        .proposals
        .iter()
        .filter(|it| it.kind == Kind::Secret)
        .map(|it| it.subject.as_str())
        .collect();
    assert_eq!(secrets, ["NewUser.password", "NewUser.pin_code"]);
    assert_eq!(value(&found, Kind::Wrapper, "Envelope"), "true");
    assert_eq!(
        value(&found, Kind::Repetition, "POST /users"),
        r#""Idempotency-Key""#
    );
    assert_eq!(
        value(&found, Kind::Repetition, "GET /session/logout"),
        "false"
    );
    assert_eq!(value(&found, Kind::Name, "POST /users"), r#""create""#);
    assert_eq!(
        value(&found, Kind::Name, "GET /items/{item_id}"),
        r#""read_item""#
    );
}

#[test]
fn what_an_overlay_cannot_reach_is_left_to_a_person() {
    let folder = std::env::temp_dir().join(format!("verbatim-suggest-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let root = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {$ref: 'a.yaml#/a'}}\n";
    let part = "a:\n  get:\n    operationId: listA\n    parameters: [{name: page, in: query, schema: {type: integer}}]\n    responses: {'200': {description: All., content: {application/json: {schema: {type: array, items: {type: string}}}}}}\n";
    std::fs::write(folder.join("api.yaml"), root).expect("a file");
    std::fs::write(folder.join("a.yaml"), part).expect("a file");
    let input = document::whole(&folder.join("api.yaml"), None).expect("a document");
    let found = suggest(&input).expect("a document that can be used");
    let _ = std::fs::remove_dir_all(&folder);
    assert!(found.proposals.is_empty() && overlay(&found, input.sources()).is_none());
    let [remark] = found.remarks.as_slice() else {
        panic!("{:?}", found.remarks);
    };
    assert!(
        remark
            .text
            .contains("x-verbatim-pagination: {\"page\":\"page\""),
        "{}",
        remark.text
    );
    assert!(remark.origin.file.ends_with("a.yaml"));
}

#[test]
fn lists_that_resolve_names_are_told() {
    let paths = "  /zones:\n    get: {operationId: listZones, responses: {'200': {description: All., content: {application/json: {schema: {type: object, properties: {zones: {type: array, items: {$ref: '#/components/schemas/Zone'}}}}}}}}}\n\
                 \x20 /zones/{zone_id}:\n    get: {operationId: getZone, parameters: [{name: zone_id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: It.}}}\n\
                 \x20 /zones/{zone_id}/records:\n    get: {operationId: listRecords, parameters: [{name: zone_id, in: path, required: true, schema: {type: string}}], responses: {'200': {description: All., content: {application/json: {schema: {type: array, items: {type: object, properties: {id: {type: string}, name: {type: string}}}}}}}}}\n";
    let schemas =
        "    Zone: {type: object, properties: {fqdn: {type: string}, id: {type: string}}}";
    let (_, found) = read(paths, schemas);
    let told: Vec<&str> = found
        .remarks
        .iter()
        .filter(|it| it.text.starts_with("It resolves a name"))
        .map(|it| it.subject.as_str())
        .collect();
    // Nothing asks for the identifiers of the records.
    assert_eq!(told, ["GET /zones"]);
    let text = &found
        .remarks
        .iter()
        .find(|it| it.subject == "GET /zones")
        .unwrap()
        .text;
    assert_eq!(
        text,
        "It resolves a name: of the item whose `fqdn` is meant, `id` is what `{zone_id}` of GET /zones/{zone_id} and \
         one more operation asks for."
    );
}

#[test]
fn what_only_looks_like_something_is_not_proposed() {
    let paths = "  /links:\n    get:\n      operationId: listLinks\n      parameters: [{name: page, in: query, schema: {type: integer}}]\n      responses: {'200': {description: All., content: {application/json: {schema: {$ref: '#/components/schemas/Links'}}}}}\n\
                 \x20 /sends/data_series:\n    get: {operationId: sendAnalytics, summary: Send Analytics, responses: {'204': {description: Done.}}}\n\
                 \x20 /commits:\n    post:\n      operationId: createCommit\n      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Commit'}}}}\n      responses: {'204': {description: Done.}}\n";
    let schemas = "    Commit: {type: object, properties: {message: {type: string}, signature: {type: string}}}\n\
                   \x20   Links: {type: object, properties: {data: {}, errors: {type: array, items: {type: string}}}}";
    let (_, found) = read(paths, schemas);
    // What every document of these tests says of its rate is proposed, and nothing else.
    let others = found.proposals.iter().filter(|it| it.kind != Kind::Rate);
    let others: Vec<&str> = others.map(|it| it.subject.as_str()).collect();
    assert!(others.is_empty(), "{others:?}");
}
