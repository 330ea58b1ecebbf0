//! References into every place, and in circles.

use std::fmt::Write as _;

use super::*;

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: T, version: v}\n";

#[test]
fn references_lead_into_any_part_of_any_file() {
    let root = "openapi: 3.1.0\ninfo: {title: T, version: v}\npaths:\n  /a: {$ref: 'paths/a.json#/item'}\n  \
         /b: {$ref: '#/paths/~1a'}\n  /c/{id}:\n    get:\n      operationId: c\n      \
         parameters: [{$ref: 'common.yaml#/p/0', description: own}]\n      \
         requestBody: {$ref: 'common.yaml#/body'}\n      responses:\n        \
         '200': {$ref: '#/components/responses/R'}\n        \
         '404': {$ref: 'paths/a.json#/item/get/responses/200'}\n  \
         /d: {get: {operationId: d, responses: {'200': {description: x, content: {application/json: {schema: \
         {$ref: '#/paths/~1c~1%7Bid%7D/get/requestBody/content/text~1plain/schema'}}}}}}}\n\
         components:\n  responses: {R: {$ref: 'common.yaml#/r'}}\n";
    let item = r#"{"item": {"get": {"operationId": "a", "responses": {"200": {"description": "from a",
        "content": {"application/json": {"schema": {"$ref": "../common.yaml#/s"}}}}}}}}"#;
    let common = "p: [{name: id, in: path, required: true, schema: {$ref: '#/s'}}]\n\
         body: {content: {text/plain: {schema: {type: string, title: T}}}}\nr: {description: from common}\n\
         s: {type: integer}\n";
    let input = input_of(&[
        ("root.yaml", root),
        ("paths/a.json", item),
        ("common.yaml", common),
    ]);
    assert!(input.wanted().is_empty());
    let document = read(&input).unwrap();
    assert!(document.problems.is_empty(), "{}", shown(&input, &document));
    assert_eq!(
        document.paths[0].1, document.paths[1].1,
        "two templates share an item"
    );
    let c = endpoint(&document, "c");
    let used = document.parameters(&c)[0];
    assert_eq!(
        used.reference
            .as_ref()
            .unwrap()
            .description
            .as_ref()
            .unwrap()
            .value,
        "own"
    );
    assert_eq!(document[used.id].location.pointer.as_str(), "/p/0");
    assert_eq!(
        document.file_name(document[used.id].location.file),
        "common.yaml"
    );
    let of_parameter = document.follow(document[used.id].value.schema.unwrap());
    let not_found = &document[c.operation.responses[1].1.id];
    assert_eq!(not_found.description.as_ref().unwrap().value, "from a");
    let of_reply = document.follow(document[not_found.content[0].media_type.id].schema.unwrap());
    assert_eq!(of_parameter, of_reply);
    assert_eq!(document[of_reply].location.pointer.as_str(), "/s");
    let reply = &document[endpoint(&document, "d").operation.responses[0].1.id];
    let through = document.follow(document[reply.content[0].media_type.id].schema.unwrap());
    assert_eq!(
        document[through].annotations.title.as_ref().unwrap().value,
        "T"
    );
}

#[test]
fn names_of_schemas_are_resolved() {
    let input = input_of(&[
        (
            "root.yaml",
            "openapi: 3.1.0\ninfo: {title: T, version: v}\ncomponents:\n  schemas:\n    A: {$ref: 'https://example.com/s/b.json'}\n    \
             B: {$id: 'https://example.com/s/b.json', $defs: {x: {$anchor: x, type: string}}, \
             properties: {p: {$ref: '#x'}, q: {$ref: '#/$defs/x'}, r: {$ref: c.json}}}\n    \
             C: {$id: 'https://example.com/s/c.json', $dynamicAnchor: node, items: {$dynamicRef: '#node'}}\n    \
             D: {$anchor: d}\n    E: {$ref: '#d'}\n    F: {$ref: 'other.yaml#far'}\n",
        ),
        ("other.yaml", "x: {y: {$anchor: far, type: boolean}}"),
    ]);
    let document = read(&input).unwrap();
    assert!(document.problems.is_empty(), "{}", shown(&input, &document));
    let names = &document.components.schemas;
    assert_eq!(document.follow(names["A"]), names["B"]);
    let property =
        |name: &str| document.follow(schema(&document, "B").object.properties[name].schema);
    assert_eq!(property("p"), property("q"));
    assert_eq!(property("r"), names["C"]);
    let items = &document[schema(&document, "C").array.items.unwrap()];
    assert_eq!(
        items.dynamic_reference.as_ref().unwrap().target,
        Some(names["C"])
    );
    assert_eq!(document.follow(names["E"]), names["D"]);
    assert_eq!(
        document[document.follow(names["F"])].types[0].value,
        Type::Boolean
    );
}

#[test]
fn recursive_schemas_are_plain_data() {
    let document = read_clean(&format!(
        "{HEAD}components:\n  schemas:\n    Tree: {{properties: {{children: {{items: {{$ref: '#/components/schemas/Tree'}}}}}}}}\n    \
         Both: {{$ref: '#/components/schemas/Tree', description: d, type: object}}\n"
    ));
    let tree = document.components.schemas["Tree"];
    let children = &document[document[tree].object.properties["children"].schema];
    assert_eq!(document.follow(children.array.items.unwrap()), tree);
    let both = document.components.schemas["Both"];
    assert_eq!(document.follow(both), both, "siblings that check are kept");
    assert_eq!(
        document[both].reference.as_ref().unwrap().target,
        Some(tree)
    );
}

#[test]
fn circles_of_every_length_are_found() {
    for length in [1, 2, 3, 50, 3000] {
        let mut text = format!("{HEAD}components:\n  schemas:\n");
        for n in 0..length {
            writeln!(
                text,
                "    S{n}: {{$ref: '#/components/schemas/S{}'}}",
                (n + 1) % length
            )
            .unwrap();
        }
        text.push_str("    Out: {$ref: '#/components/schemas/S0'}\n  responses:\n");
        for n in 0..length {
            writeln!(
                text,
                "    R{n}: {{$ref: '#/components/responses/R{}'}}",
                (n + 1) % length
            )
            .unwrap();
        }
        let document = read_text(&text);
        let of_schemas = document
            .problems
            .iter()
            .filter(|problem| matches!(problem.scope, Scope::Schema(_)));
        assert_eq!(of_schemas.count(), length, "each schema of the circle");
        assert_eq!(document.problems.len(), 2 * length);
        let is_circle = |code: &&str| ["E0109", "E0110"].contains(code);
        assert!(codes(&document).iter().all(is_circle));
        assert!(document.components.responses.is_empty());
    }
}

#[test]
fn long_chains_of_references_end() {
    let mut text = format!("{HEAD}components:\n  schemas:\n    S20000: {{type: string}}\n");
    for n in 0..20_000 {
        writeln!(
            text,
            "    S{n}: {{$ref: '#/components/schemas/S{}'}}",
            n + 1
        )
        .unwrap();
    }
    text.push_str("  parameters:\n    P5000: {name: a, in: query, schema: {}}\n");
    for n in 0..5000 {
        writeln!(
            text,
            "    P{n}: {{$ref: '#/components/parameters/P{}'}}",
            n + 1
        )
        .unwrap();
    }
    let document = read_clean(&text);
    let names = &document.components.schemas;
    assert_eq!(document.follow(names["S0"]), names["S20000"]);
    let parameters = &document.components.parameters;
    assert_eq!(parameters["P0"].id, parameters["P5000"].id);
}

#[test]
fn pointers_may_pass_references() {
    let document = read_clean(&format!(
        "{HEAD}components:\n  schemas:\n    A: {{$ref: '#/components/schemas/B'}}\n    \
         B: {{properties: {{x: {{type: string}}}}}}\n    C: {{$ref: '#/components/schemas/A/properties/x'}}\n"
    ));
    let x = schema(&document, "B").object.properties["x"].schema;
    assert_eq!(document.follow(document.components.schemas["C"]), x);
}

#[test]
fn a_path_item_may_have_operations_beside_its_reference() {
    let document = read_clean(&format!(
        "{HEAD}paths:\n  /a: {{$ref: '#/components/pathItems/I', put: {{operationId: own}}}}\ncomponents:\n  pathItems:\n    \
         I: {{put: {{operationId: other}}, get: {{operationId: far}}}}\n"
    ));
    let ids: Vec<&str> = document
        .endpoints()
        .filter_map(|one| one.operation.operation_id.as_ref())
        .map(|id| id.value.as_str())
        .collect();
    assert_eq!(ids, ["own", "far"]);
}

#[test]
fn broken_references_spoil_their_part_alone() {
    let text = format!(
        "{HEAD}paths:\n  /a: {{get: {{operationId: a, parameters: [{{$ref: 'https://example.com/p.yaml'}}], \
         responses: {{'200': {{$ref: '#/components/responses/None'}}}}}}}}\n  \
         /b: {{get: {{operationId: b, responses: {{'200': {{description: ok, content: {{application/json: \
         {{schema: {{$ref: 'gone.yaml'}}}}}}}}}}}}}}\n  /c: {{$ref: 'bad.yaml'}}\n  /d: {{get: {{operationId: d}}}}\n"
    );
    let mut input = input(&text);
    input.absent("gone.yaml", "no such file");
    input.add(Source::new("bad.yaml", "a: [".to_owned()));
    let document = read(&input).unwrap();
    let mut codes = codes(&document);
    codes.sort_unstable();
    assert_eq!(codes, ["E0015", "E0107", "E0108", "E0109", "E0111"]);
    let a = endpoint(&document, "a");
    assert!(document.errors_of_endpoint(&a).is_empty());
    assert!(document.parameters(&a).is_empty());
    assert!(document[a.operation.responses[0].1.id].unread);
    let b = endpoint(&document, "b");
    assert!(document.errors_of_endpoint(&b).is_empty());
    let reply = &document[b.operation.responses[0].1.id];
    let broken = document[reply.content[0].media_type.id].schema.unwrap();
    assert_eq!(document.errors_of(Scope::Schema(broken)).count(), 1);
    assert!(
        document
            .errors_of_endpoint(&endpoint(&document, "d"))
            .is_empty()
    );
}
