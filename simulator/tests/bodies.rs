//! What goes with bodies and addresses: forms as they are encoded, parts with their header fields, the place of what
//! was made, bases with variables.

use bytes::Bytes;
use http::{Request, Response};
use verbatim_contract::Contract;
use verbatim_simulator::{Rules, Settings, Simulator};

const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: Shelters, version: "1"}
servers:
  - url: https://{host}/{town}/v{number}
    variables: {host: {default: api.example.com}, town: {default: ulm}, number: {default: "2", enum: ["1", "2"]}}
paths:
  /animals:
    get:
      operationId: listAnimals
      parameters:
        - {name: like, in: query, content: {application/json: {schema: {type: object, properties: {legs: {type: integer}}}}}}
      responses: {"200": {description: all, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Animal"}}}}}}
    post:
      operationId: createAnimal
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Animal"}}}}
      responses:
        "201":
          description: made
          headers: {Location: {schema: {type: string, format: uri-reference}}}
          content: {application/json: {schema: {$ref: "#/components/schemas/Animal"}}}
        "409": {description: There is one of this name.}
  /animals/{animal_id}:
    get:
      operationId: getAnimal
      parameters: [{name: animal_id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: one, content: {application/json: {schema: {$ref: "#/components/schemas/Animal"}}}}, "404": {description: none}}
  /cages/{cage_id}:
    get:
      operationId: getCage
      parameters: [{name: cage_id, in: path, required: true, style: matrix, schema: {type: integer}}]
      responses: {"200": {description: one, content: {application/json: {schema: {$ref: "#/components/schemas/Cage"}, example: {cage_id: 5}}}}, "404": {description: none}}
  /forms:
    post:
      operationId: sendForm
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              additionalProperties: false
              properties:
                legs: {type: array, items: {type: integer}}
                names: {type: array, items: {type: string, maxLength: 3}}
                owner: {type: object, additionalProperties: false, properties: {age: {type: integer}}}
            encoding:
              legs: {explode: false}
              names: {style: pipeDelimited, explode: false}
              owner: {style: deepObject}
      responses: {"204": {description: taken}}
  /pictures:
    post:
      operationId: sendPicture
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {type: object, required: [picture], properties: {picture: {type: string, format: binary}, note: {type: string}}}
            encoding: {picture: {contentType: "image/*, application/pdf", headers: {X-Turn: {required: true, schema: {type: integer, maximum: 3}}}}}
      responses: {"204": {description: taken}}
components:
  schemas:
    Cage: {type: object, required: [cage_id], properties: {cage_id: {type: integer}}}
    Animal: {type: object, required: [name], properties: {id: {type: string, readOnly: true}, name: {type: string, minLength: 1}}}
"##;

fn simulator() -> Simulator {
    let contract = Contract::parse("api.yaml", DOCUMENT).unwrap_or_else(|why| panic!("{why}"));
    Simulator::new(contract, Rules::default(), Settings::default()).unwrap()
}

fn send(
    simulator: &Simulator,
    method: &str,
    path: &str,
    media: &str,
    body: &str,
) -> Response<Bytes> {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("content-type", media);
    let body = Bytes::copy_from_slice(body.as_bytes());
    simulator.handle(&request.body(body).unwrap()).response
}

fn status(simulator: &Simulator, method: &str, path: &str, media: &str, body: &str) -> u16 {
    send(simulator, method, path, media, body).status().as_u16()
}

#[test]
fn a_variable_without_a_list_may_be_any_segment() {
    let simulator = simulator();
    let get = |path| status(&simulator, "GET", path, "text/plain", "");
    assert_eq!(get("/ulm/v2/animals"), 200);
    assert_eq!(get("/wien/v1/animals"), 200);
    // The number has a list, the town is one segment and never empty.
    assert_eq!(get("/wien/v3/animals"), 404);
    assert_eq!(get("/am/see/v1/animals"), 404);
    assert_eq!(get("//v1/animals"), 404);
    assert_eq!(get("/wien/v1/__simulator"), 200);
}

#[test]
fn an_item_is_found_by_a_parameter_with_marks_of_its_style() {
    let simulator = simulator();
    let get = |path| status(&simulator, "GET", path, "text/plain", "");
    assert_eq!(get("/ulm/v2/cages/;cage_id=5"), 200);
    assert_eq!(get("/ulm/v2/cages/;cage_id=6"), 404);
    assert_eq!(get("/ulm/v2/cages/5"), 404);
}

#[test]
fn what_was_made_has_an_address() {
    let simulator = simulator();
    let made = send(
        &simulator,
        "POST",
        "/wien/v1/animals",
        "application/json",
        r#"{"name": "Rex"}"#,
    );
    assert_eq!(made.status(), 201);
    let place = made.headers()["location"].to_str().unwrap();
    assert!(place.starts_with("/wien/v1/animals/"), "{place}");
    let read = send(&simulator, "GET", place, "text/plain", "");
    assert_eq!((read.status().as_u16(), read.body()), (200, made.body()));
}

#[test]
fn a_broken_body_is_no_conflict() {
    let simulator = simulator();
    let post = |body| {
        status(
            &simulator,
            "POST",
            "/ulm/v2/animals",
            "application/json",
            body,
        )
    };
    assert_eq!(post(r#"{"name": ""}"#), 400);
    assert_eq!(post("{"), 400);
}

#[test]
fn a_parameter_with_content_brings_no_names_of_its_own() {
    let simulator = simulator();
    let get = |query: &str| {
        let path = format!("/ulm/v2/animals?{query}");
        status(&simulator, "GET", &path, "text/plain", "")
    };
    assert_eq!(get("like=%7B%22legs%22%3A4%7D"), 200);
    assert_eq!(get("like=%7B%22legs%22%3A%22four%22%7D"), 400);
    assert_eq!(get("legs=4"), 400);
}

#[test]
fn fields_of_forms_are_encoded_as_documented() {
    let simulator = simulator();
    let post = |form| {
        let media = "application/x-www-form-urlencoded";
        status(&simulator, "POST", "/ulm/v2/forms", media, form)
    };
    assert_eq!(post("legs=2,4&names=Rex|Bo&owner[age]=7"), 204);
    assert_eq!(post("owner%5Bage%5D=7"), 204);
    assert_eq!(post("legs=2,four"), 400);
    // An escaped separator is a part of a value.
    assert_eq!(post("legs=2%2C4"), 400);
    assert_eq!(post("names=Rex|Bodo"), 400);
    assert_eq!(post("owner[age]=old"), 400);
    assert_eq!(post("owner[name]=Eva"), 400);
    assert_eq!(post("other=1"), 400);
}

#[test]
fn parts_are_of_their_media_type_and_have_their_fields() {
    let simulator = simulator();
    let post = |head: &str| {
        let name = "Content-Disposition: form-data; name=\"picture\"; filename=\"a\"";
        let body = format!("--x\r\n{name}\r\n{head}\r\n\r\n0101\r\n--x--\r\n");
        let media = "multipart/form-data; boundary=x";
        send(&simulator, "POST", "/ulm/v2/pictures", media, &body)
    };
    let refused = |head: &str| {
        let reply = post(head);
        assert_eq!(reply.status(), 400, "{head}");
        reply.headers()["x-simulator-reason"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(post("Content-Type: image/png\r\nX-Turn: 1").status(), 204);
    assert_eq!(
        post("content-type: application/pdf\r\nx-turn: 3").status(),
        204
    );
    assert_eq!(
        refused("Content-Type: text/plain\r\nX-Turn: 1"),
        "the part picture was sent as text/plain; documented: image/*, application/pdf"
    );
    assert_eq!(
        refused("Content-Type: image/png"),
        "the part picture: the header X-Turn: is missing"
    );
    assert!(refused("Content-Type: image/png\r\nX-Turn: 4").contains("X-Turn: 4 is greater"));
}
