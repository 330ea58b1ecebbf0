//! Swagger 2.0 becomes the same types.

use super::*;

const HEAD: &str = "swagger: '2.0'\ninfo: {title: T, version: v}\n";

/// A document with nearly every part.
const WHOLE: &str = r#"
swagger: "2.0"
info: {title: T, version: v}
host: api.example.com
basePath: /v1/
schemes: [https, http]
consumes: [application/json]
produces: [application/json, application/xml]
securityDefinitions:
  basic: {type: basic}
  oauth: {type: oauth2, flow: application, tokenUrl: 'https://x', scopes: {r: read}}
parameters:
  Limit: {name: limit, in: query, type: integer, default: 5, exclusiveMaximum: true, maximum: 10}
  Body: {name: b, in: body, schema: {$ref: '#/definitions/Pet'}}
responses:
  Missing: {description: missing, schema: {$ref: '#/definitions/Pet'}}
paths:
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, type: string}]
    post:
      operationId: post
      consumes: [text/json]
      produces: [text/plain]
      parameters: [{$ref: '#/parameters/Limit'}, {$ref: '#/parameters/Body'}]
      responses:
        200:
          description: ok
          schema: {type: file}
          headers: {X-Ids: {type: array, items: {type: integer}, collectionFormat: csv}}
          examples: {text/plain: hello, other/type: there}
        404: {$ref: '#/responses/Missing'}
    get:
      operationId: get
      parameters:
        - {name: csv, in: query, type: array, items: {type: string}}
        - {name: multi, in: query, type: array, items: {type: string}, collectionFormat: multi}
        - {name: pipes, in: query, type: array, items: {type: string}, collectionFormat: pipes}
      responses: {404: {$ref: '#/responses/Missing'}}
    put:
      operationId: put
      parameters:
        - {name: photo, in: formData, type: file, required: true, description: a photo}
        - {name: tags, in: formData, type: array, items: {type: string}, collectionFormat: multi}
      responses: {204: {description: none}}
definitions:
  Pet: {type: object, discriminator: kind, required: [kind], properties: {kind: {type: string, x-nullable: true}}}
"#;

#[test]
fn a_swagger_document_has_the_form_of_openapi_3() {
    let document = read_clean(WHOLE);
    let urls: Vec<&str> = document
        .servers
        .iter()
        .map(|server| server.url.value.as_str())
        .collect();
    assert_eq!(
        urls,
        ["https://api.example.com/v1", "http://api.example.com/v1"]
    );
    let oauth = document.scheme("oauth").unwrap();
    assert!(
        matches!(&oauth.kind, SchemeKind::OAuth2 { flows, .. } if flows.contains_key("clientCredentials"))
    );

    let post = endpoint(&document, "post");
    let limit = &document[document.parameters(&post)[1].id];
    let of_limit = &document[limit.value.schema.unwrap()];
    assert_eq!(of_limit.types[0].value, Type::Integer);
    assert_eq!(
        of_limit.number.exclusive_maximum.as_ref().unwrap().value,
        "10"
    );
    assert!(limit.other.is_empty() && of_limit.other.is_empty());
    let body = &document[post.operation.request_body.as_ref().unwrap().id];
    assert_eq!(body.content[0].range.value, "text/json");
    let pet = document.components.schemas["Pet"];
    assert_eq!(
        document.follow(document[body.content[0].media_type.id].schema.unwrap()),
        pet
    );
    assert_eq!(
        document[pet].discriminator.as_ref().unwrap().property.value,
        "kind"
    );
    let kind = &document[document[pet].object.properties["kind"].schema];
    assert!(kind.nullable.as_ref().unwrap().value);
}

#[test]
fn replies_have_the_media_types_that_are_produced() {
    let document = read_clean(WHOLE);
    let post = endpoint(&document, "post");
    let ok = &document[post.operation.responses[0].1.id];
    let text = &document[ok.content[0].media_type.id];
    assert_eq!(text.example.as_ref().unwrap().as_str(), Some("hello"));
    assert!(text.examples.contains_key("other/type"));
    assert_eq!(
        document[text.schema.unwrap()]
            .format
            .as_ref()
            .unwrap()
            .value,
        "binary"
    );
    let header = &document[ok.headers["X-Ids"].id];
    assert_eq!(
        (header.value.style, header.value.explode),
        (Style::Simple, false)
    );

    // One named response, but each operation produces its own media types.
    let missing = |id: &str| {
        let responses = &endpoint(&document, id).operation.responses;
        document[responses.last().unwrap().1.id]
            .content
            .iter()
            .map(|media| media.range.value.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(missing("post"), ["text/plain"]);
    assert_eq!(missing("get"), ["application/json", "application/xml"]);
}

#[test]
fn collection_formats_become_styles_and_forms_bodies() {
    let document = read_clean(WHOLE);
    let get = endpoint(&document, "get");
    let styles: Vec<(Style, bool)> = document.parameters(&get)[1..]
        .iter()
        .map(|used| {
            (
                document[used.id].value.style,
                document[used.id].value.explode,
            )
        })
        .collect();
    assert_eq!(
        styles,
        [
            (Style::Form, false),
            (Style::Form, true),
            (Style::PipeDelimited, false)
        ]
    );

    let put = endpoint(&document, "put");
    assert_eq!(document.parameters(&put).len(), 1);
    let form = &document[put.operation.request_body.as_ref().unwrap().id];
    assert!(form.required);
    assert_eq!(form.content[0].range.value, "multipart/form-data");
    let part = &document[form.content[0].media_type.id];
    let properties = &document[part.schema.unwrap()].object.properties;
    let photo = &document[properties["photo"].schema];
    assert_eq!(photo.format.as_ref().unwrap().value, "binary");
    assert_eq!(
        photo.annotations.description.as_ref().unwrap().value,
        "a photo"
    );
    assert_eq!(part.encoding["tags"].explode, Some(true));
    assert!(document[put.operation.responses[0].1.id].content.is_empty());
}

#[test]
fn what_has_no_counterpart_is_refused() {
    for (text, expected) in [
        (
            "paths: {/a: {get: {parameters: [{name: a, in: query, type: array, collectionFormat: tsv, items: {type: string}}]}}}",
            vec!["E0125"],
        ),
        (
            "paths: {/a: {get: {parameters: [{name: a, in: query, type: array, items: {type: array}}]}}}",
            vec!["E0125"],
        ),
        (
            "paths: {/a: {post: {parameters: [{name: a, in: body, schema: {}}, {name: b, in: formData, type: string}]}}}",
            vec!["E0124"],
        ),
        (
            "paths: {/a: {post: {parameters: [{name: a, in: body}]}}}",
            vec!["E0104"],
        ),
        (
            "paths: {/a: {post: {parameters: [{name: a, in: query}]}}}",
            vec!["E0104"],
        ),
        (
            "securityDefinitions: {a: {type: oauth2, flow: magic}}",
            vec!["E0106"],
        ),
        ("definitions: {A: {type: [string, 'null']}}", vec!["E0129"]),
        ("parameters: {A: {$ref: '#/parameters/A'}}", vec!["E0110"]),
    ] {
        let document = read_text(&format!("{HEAD}{text}"));
        assert_eq!(codes(&document), expected, "{text}");
    }
}

#[test]
fn an_address_is_made_of_what_is_there() {
    for (text, urls) in [
        ("host: h", vec!["https://h"]),
        ("host: h\nbasePath: /", vec!["https://h"]),
        ("basePath: /v2", vec!["/v2"]),
        ("basePath: /", vec!["/"]),
        ("", vec![]),
    ] {
        let document = read_clean(&format!("{HEAD}{text}\n"));
        let found: Vec<&str> = document
            .servers
            .iter()
            .map(|server| server.url.value.as_str())
            .collect();
        assert_eq!(found, urls);
    }
}
