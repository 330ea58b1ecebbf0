//! Parts of `OpenAPI` 3, and what they are by default.

use super::*;

/// A document with nearly every part.
const WHOLE: &str = r"
openapi: 3.1.0
info: {title: T, version: 1.0, x-id: 7}
servers:
  - url: https://{region}.example.com/v1
    variables: {region: {default: eu, enum: [eu, us]}}
tags: [{name: servers, description: d}]
security: [{key: []}, {}]
paths:
  x-ignored: 1
  /servers/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: page, in: query, schema: {type: integer}}
    put:
      operationId: update
      tags: [servers]
      parameters:
        - {name: page, in: query, style: spaceDelimited, schema: {type: array}}
        - {name: filter, in: query, content: {application/json: {schema: {type: object}}}}
        - {name: X-T, in: header, required: true, schema: {type: string}}
        - {name: Accept-Language, in: header, schema: {type: string}}
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/Server'}, example: {a: 1.50}}
          multipart/form-data:
            schema: {type: object, properties: {file: {type: string, format: binary}}}
            encoding: {file: {contentType: image/png, headers: {X-A: {schema: {type: string}}}}}
      responses:
        200: {description: ok, headers: {X-Total: {required: true, schema: {type: integer}}}, content: {application/json: {schema: true}}}
        4XX: {description: bad}
        default: {description: other}
      callbacks:
        done: {'{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}}
      security: []
      x-verbatim-idempotent: true
webhooks:
  created: {post: {operationId: hook}}
components:
  schemas:
    Server: {type: object}
  securitySchemes:
    key: {type: apiKey, name: X-TOKEN, in: header}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://x/t', scopes: {read: r}}}}
    basic: {type: http, scheme: Basic}
";

#[test]
fn an_operation_has_all_its_parts() {
    let document = read_clean(WHOLE);
    assert_eq!(document.info.version.value, "1.0");
    assert!(document.info.extensions.contains_key("x-id"));
    assert_eq!(document.servers[0].variables["region"].values.len(), 2);
    let put = endpoint(&document, "update");
    assert_eq!(put.operation.method.as_str(), "PUT");
    assert!(
        put.operation
            .extensions
            .contains_key("x-verbatim-idempotent")
    );
    let parameters = document.parameters(&put);
    let names: Vec<&str> = parameters
        .iter()
        .map(|used| document[used.id].name.value.as_str())
        .collect();
    assert_eq!(names, ["id", "page", "filter", "X-T", "Accept-Language"]);
    let page = &document[parameters[1].id];
    assert_eq!(
        (page.value.style, page.value.explode),
        (Style::SpaceDelimited, false)
    );
    assert_eq!(document[parameters[2].id].value.content.len(), 1);
    let statuses: Vec<StatusMatch> = put
        .operation
        .responses
        .iter()
        .map(|(status, _)| *status)
        .collect();
    assert_eq!(
        statuses,
        [
            StatusMatch::Code(200),
            StatusMatch::Range(4),
            StatusMatch::Default
        ]
    );
    let ok = &document[put.operation.responses[0].1.id];
    assert!(document[ok.headers["X-Total"].id].required);
    assert!(document.security(put.operation).is_empty());
    assert_eq!(put.operation.callbacks.len(), 1);
    assert_eq!(document.webhooks.len(), 1);
    assert_eq!(document.endpoints().count(), 1);
    assert!(document.errors_of_endpoint(&put).is_empty());
}

#[test]
fn bodies_and_schemes_have_all_their_parts() {
    let document = read_clean(WHOLE);
    let put = endpoint(&document, "update");
    let body = &document[put.operation.request_body.as_ref().unwrap().id];
    assert!(body.required);
    let json = &document[body.content[0].media_type.id];
    let server = document.follow(json.schema.unwrap());
    assert_eq!(server, document.components.schemas["Server"]);
    let form = &document[body.content[1].media_type.id];
    assert_eq!(form.encoding["file"].headers.len(), 1);
    let basic = document.scheme("basic").unwrap();
    assert!(matches!(&basic.kind, SchemeKind::Http { scheme, .. } if scheme.value == "basic"));
}

#[test]
fn places_are_the_identity_of_parts() {
    let text = "openapi: 3.0.0\npaths: {}\ncomponents:\n  schemas:\n    'a/b~c':\n      properties:\n        x: {items: {type: string}}\n";
    let document = read_text(text);
    let pointers: Vec<String> = document
        .schemas()
        .map(|(_, schema)| schema.location.pointer.to_string())
        .collect();
    assert_eq!(
        pointers,
        [
            "/components/schemas/a~1b~0c",
            "/components/schemas/a~1b~0c/properties/x",
            "/components/schemas/a~1b~0c/properties/x/items"
        ]
    );
    let (_, last) = document.schemas().last().unwrap();
    assert_eq!(
        &text[last.span.start as usize..last.span.end as usize],
        "{type: string}"
    );
    assert_eq!(document.file_name(last.location.file), "root.yaml");
}

#[test]
fn defaults_of_parameters_depend_on_their_place() {
    let document = read_clean(
        "openapi: 3.0.3\ninfo: {title: T, version: v}\npaths:\n  /{p}:\n    get:\n      operationId: o\n      parameters:\n        \
         - {name: p, in: path, schema: {}}\n        - {name: q, in: query, schema: {}}\n        \
         - {name: h, in: header, schema: {}}\n        - {name: c, in: cookie, schema: {}}\n        \
         - {name: d, in: query, style: deepObject, explode: true, allowReserved: true, schema: {}}\n",
    );
    let all = document.parameters(&endpoint(&document, "o"));
    let shape = |index: usize| {
        let parameter = &document[all[index].id];
        (
            parameter.place,
            parameter.value.style,
            parameter.value.explode,
            parameter.required,
        )
    };
    assert_eq!(shape(0), (Place::Path, Style::Simple, false, true));
    assert_eq!(shape(1), (Place::Query, Style::Form, true, false));
    assert_eq!(shape(2), (Place::Header, Style::Simple, false, false));
    assert_eq!(shape(3), (Place::Cookie, Style::Form, true, false));
    assert_eq!(shape(4), (Place::Query, Style::DeepObject, true, false));
    assert!(document[all[4].id].value.allow_reserved);
}

/// A schema with every keyword.
const KEYWORDS: &str = r"
openapi: 3.1.0
info: {title: T, version: v}
components:
  schemas:
    All:
      $id: https://example.com/all
      $anchor: here
      $dynamicAnchor: there
      $schema: https://json-schema.org/draft/2020-12/schema
      $comment: c
      $defs: {d: true}
      type: [object, 'null', null]
      format: f
      enum: [1, null]
      const: 1.0
      allOf: [{}]
      anyOf: [{}]
      oneOf: [{}]
      not: false
      if: {}
      then: {}
      else: {}
      dependentSchemas: {a: {}}
      dependentRequired: {a: [b]}
      discriminator: {propertyName: kind, mapping: {a: All, b: '#/components/schemas/All'}}
      multipleOf: 0.01
      maximum: 1e400
      exclusiveMaximum: 5
      minimum: -1
      exclusiveMinimum: 0
      maxLength: 5.0
      minLength: 1
      pattern: ^a
      contentEncoding: base64
      contentMediaType: image/png
      contentSchema: {}
      prefixItems: [{}]
      items: false
      contains: {}
      unevaluatedItems: {}
      maxItems: 3
      minItems: 0
      uniqueItems: true
      maxContains: 2
      minContains: 1
      properties: {a: {title: A, x-verbatim-secret: true}}
      patternProperties: {'^x': {}}
      additionalProperties: false
      propertyNames: {}
      unevaluatedProperties: {}
      required: [a, z]
      maxProperties: 9
      minProperties: 1
      title: t
      description: d
      default: null
      deprecated: true
      readOnly: true
      writeOnly: false
      example: 0
      examples: [1, 2]
      xml: {name: n, wrapped: true}
      externalDocs: {url: 'https://x'}
      x-verbatim-open: true
";

#[test]
fn every_keyword_of_schemas_is_kept() {
    let document = read_clean(KEYWORDS);
    let all = schema(&document, "All");
    assert_eq!(
        all.types.iter().map(|one| one.value).collect::<Vec<_>>(),
        [Type::Object, Type::Null, Type::Null]
    );
    assert_eq!(all.number.maximum.as_ref().unwrap().value, "1e400");
    assert_eq!(all.string.max_length.as_ref().unwrap().value, 5);
    assert_eq!(document[all.array.items.unwrap()].boolean, Some(false));
    assert_eq!(all.annotations.examples.len(), 3);
    assert!(matches!(
        all.annotations.default.as_ref().unwrap().value,
        Value::Null
    ));
    assert!(all.extensions.contains_key("x-verbatim-open"));
    assert!(all.other.is_empty());
    let mapping = &all.discriminator.as_ref().unwrap().mapping;
    assert_eq!(mapping["a"].target, mapping["b"].target);
    assert_eq!(
        mapping["a"].target,
        Some(document.components.schemas["All"])
    );
    let inner = &document[all.object.properties["a"].schema];
    assert!(inner.is_anything() && inner.extensions.contains_key("x-verbatim-secret"));
    assert!(!all.is_anything());
}

#[test]
fn keywords_of_older_versions_are_converted() {
    let document = read_clean(
        "openapi: 3.0.3\ninfo: {title: T, version: v}\ncomponents:\n  schemas:\n    A: {type: integer, nullable: true, maximum: 5, \
         exclusiveMaximum: true, minimum: 1, exclusiveMinimum: false}\n",
    );
    let schema = schema(&document, "A");
    assert!(schema.nullable.as_ref().unwrap().value);
    assert!(schema.number.maximum.is_none());
    assert_eq!(schema.number.exclusive_maximum.as_ref().unwrap().value, "5");
    assert_eq!(schema.number.minimum.as_ref().unwrap().value, "1");
    assert!(schema.number.exclusive_minimum.is_none());
}

#[test]
fn what_3_2_added_is_read() {
    let document = read_clean(
        r"
openapi: 3.2.0
$self: https://example.com/api
info: {title: T, version: v, summary: s}
tags: [{name: a, parent: b, kind: nav, summary: s}]
paths:
  /search:
    query:
      operationId: q
      parameters: [{name: all, in: querystring, content: {application/x-www-form-urlencoded: {schema: {}}}}]
      responses: {'200': {summary: s, content: {application/jsonl: {itemSchema: {type: object}}}}}
    additionalOperations:
      LINK: {operationId: link, requestBody: {content: {application/json: {$ref: '#/components/mediaTypes/M'}}}}
components:
  mediaTypes: {M: {schema: {type: string}, examples: {e: {dataValue: 1, serializedValue: '1'}}}}
  securitySchemes: {o: {type: oauth2, flows: {deviceAuthorization: {deviceAuthorizationUrl: 'https://x', tokenUrl: 'https://y', scopes: {}}}, oauth2MetadataUrl: 'https://z', deprecated: true}}
",
    );
    let query = endpoint(&document, "q");
    assert_eq!(query.operation.method.as_str(), "QUERY");
    let link = endpoint(&document, "link");
    assert_eq!(link.operation.method.as_str(), "LINK");
    let body = &document[link.operation.request_body.as_ref().unwrap().id];
    let used = &body.content[0].media_type;
    assert_eq!(
        used.reference.as_ref().unwrap().text,
        "#/components/mediaTypes/M"
    );
    assert_eq!(document[used.id].examples.len(), 1);
    let reply = &document[query.operation.responses[0].1.id];
    assert!(
        document[reply.content[0].media_type.id]
            .item_schema
            .is_some()
    );
    assert_eq!(
        document[document.parameters(&query)[0].id].place,
        Place::QueryString
    );
}
