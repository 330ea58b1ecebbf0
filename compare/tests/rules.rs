//! A pair of documents for each rule, both ways: what is new one way is gone the other.

use std::collections::BTreeSet;

use verbatim_codegen::document::{Input, read};
use verbatim_compare::{Exceptions, compare, json, markdown, rule, text};
use verbatim_source::{Limits, Source};

fn input(name: &str, body: &str) -> Input {
    let text = format!("openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\n{body}\n");
    Input::new(Source::new(name, text), Limits::default())
}

/// The codes of the findings between two documents.
fn codes(old: &str, new: &str) -> Vec<&'static str> {
    let (old, new) = (input("old.yaml", old), input("new.yaml", new));
    let (old, new) = (read(&old).unwrap(), read(&new).unwrap());
    let findings = compare(&old, &new);
    findings.iter().map(|finding| finding.rule.code).collect()
}

/// A document with one operation, whose members are given.
fn operation(members: &str) -> String {
    format!("paths: {{/a: {{post: {{{members}}}}}}}")
}

/// An operation that takes and gives a schema, without other members.
fn body(schema: &str) -> String {
    operation(&format!(
        "requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}"
    ))
}

fn reply(schema: &str) -> String {
    operation(&format!(
        "responses: {{'200': {{description: d, content: {{application/json: {{schema: {schema}}}}}}}}}"
    ))
}

fn parameter(members: &str) -> String {
    operation(&format!("parameters: [{{{members}}}]"))
}

/// Two documents, and what is found on the way from the first to the second and back.
type Row = (
    String,
    String,
    &'static [&'static str],
    &'static [&'static str],
);

fn row(
    old: impl Into<String>,
    new: impl Into<String>,
    there: &'static [&'static str],
    back: &'static [&'static str],
) -> Row {
    (old.into(), new.into(), there, back)
}

fn operations() -> Vec<Row> {
    let empty = operation("");
    let one = |members: &str| operation(members);
    vec![
        row("paths: {}", &empty, &["path-added"], &["path-removed"]),
        row(
            &empty,
            "paths: {/a: {post: {}, get: {}}}",
            &["operation-added"],
            &["operation-removed"],
        ),
        row(
            &empty,
            "paths: {/a: {post: {}, get: {deprecated: true}}}",
            &["operation-added"],
            &["operation-removed-after-deprecation"],
        ),
        row(
            "paths: {'/a/{x}': {get: {parameters: [{name: x, in: path, required: true, schema: {type: string}}]}}}",
            "paths: {'/a/{y}': {get: {parameters: [{name: y, in: path, required: true, schema: {type: string}}]}}}",
            &["path-variable-renamed"],
            &["path-variable-renamed"],
        ),
        row(
            one("operationId: a"),
            one("operationId: b"),
            &["operation-id-changed"],
            &["operation-id-changed"],
        ),
        row(
            &empty,
            one("operationId: b"),
            &["operation-id-added"],
            &["operation-id-removed"],
        ),
        row(
            &empty,
            one("deprecated: true"),
            &["operation-deprecated"],
            &["operation-reinstated"],
        ),
        row(
            one("tags: [a]"),
            one("tags: [b]"),
            &["operation-tags-changed"],
            &["operation-tags-changed"],
        ),
        row(
            one("responses: {'200': {description: d}}"),
            one("responses: {'200': {description: d, links: {next: {operationId: a}}}}"),
            &["link-added"],
            &["link-removed"],
        ),
        row(
            one("x-verbatim-wait: {poll: a}"),
            one("x-verbatim-wait: {poll: b}"),
            &["wait-changed"],
            &["wait-changed"],
        ),
        row(
            one("x-verbatim-pagination: {style: page}"),
            one("x-verbatim-pagination: {style: offset}"),
            &["pagination-changed"],
            &["pagination-changed"],
        ),
        row(
            "x-verbatim-rate-limit: {requests: 10, window-seconds: 60}\npaths: {}",
            "x-verbatim-rate-limit: {requests: 20, window-seconds: 60}\npaths: {}",
            &["rate-limit-raised"],
            &["rate-limit-lowered"],
        ),
    ]
}

/// What a server sends by itself.
fn callbacks() -> Vec<Row> {
    let empty = operation("");
    let one = |members: &str| operation(members);
    vec![
        row(
            &empty,
            one("callbacks: {done: {'{$url}': {post: {}}}}"),
            &["callback-added"],
            &["callback-removed"],
        ),
        row(
            one("callbacks: {done: {'{$url}': {post: {}}}}"),
            one("callbacks: {done: {'{$url}': {put: {}}}}"),
            &["callback-request-changed", "callback-request-changed"],
            &["callback-request-changed", "callback-request-changed"],
        ),
        row(
            one("callbacks: {done: {'{$url}': {post: {}}}}"),
            one("callbacks: {done: {'{$url}/a': {post: {}}, b: {post: {}}}}"),
            &["callback-request-changed", "callback-request-changed"],
            &["callback-request-changed", "callback-request-changed"],
        ),
        row(
            "webhooks: {done: {post: {}}}",
            "webhooks: {done: {post: {requestBody: {content: {application/json: {schema: {type: string}}}}}}}",
            &["callback-request-changed"],
            &["callback-request-changed"],
        ),
        row(
            "webhooks: {done: {post: {requestBody: {content: {application/json: {}}}}}}",
            "webhooks: {done: {post: {requestBody: {content: {application/json: {schema: {type: string}}}}}}}",
            &["response-schema-added"],
            &["response-schema-removed"],
        ),
        row(
            "webhooks: {done: {post: {}}}",
            "webhooks: {done: {post: {parameters: [{name: S, in: header, schema: {type: string}}]}}}",
            &["callback-parameter-added"],
            &["callback-parameter-removed"],
        ),
        row(
            "webhooks: {done: {post: {parameters: [{name: S, in: header, schema: {type: string}}]}}}",
            "webhooks: {done: {post: {parameters: [{name: s, in: header, schema: {type: string, maxLength: 5}}]}}}",
            &["response-max-length-lowered"],
            &["response-max-length-raised"],
        ),
        row(
            "webhooks: {done: {post: {responses: {'200': {description: d}}}}}",
            "webhooks: {done: {post: {responses: {'200': {description: d}, '204': {description: d}}}}}",
            &["callback-response-added"],
            &["callback-response-removed"],
        ),
        row(
            "paths: {}",
            "webhooks: {done: {post: {}}}",
            &["webhook-added"],
            &["webhook-removed"],
        ),
    ]
}

fn parameters() -> Vec<Row> {
    let base = "name: q, in: query, schema: {type: string}";
    let with = |more: &str| parameter(&format!("{base}, {more}"));
    let plain = parameter(base);
    let none = operation("");
    vec![
        row(
            &none,
            &plain,
            &["parameter-added-optional"],
            &["parameter-removed"],
        ),
        row(
            &none,
            with("deprecated: true"),
            &["parameter-added-optional"],
            &["parameter-removed-after-deprecation"],
        ),
        row(
            &none,
            with("required: true"),
            &["parameter-added-required"],
            &["parameter-removed"],
        ),
        row(
            &none,
            parameter("name: q, in: query, required: true, schema: {type: string, default: a}"),
            &["parameter-added-required-with-default"],
            &["parameter-removed"],
        ),
        row(
            &plain,
            with("required: true"),
            &["parameter-became-required"],
            &["parameter-became-optional"],
        ),
        row(
            &plain,
            parameter("name: q, in: header, schema: {type: string}"),
            &["parameter-moved"],
            &["parameter-moved"],
        ),
        row(
            &plain,
            parameter("name: Q, in: query, schema: {type: string}"),
            &["parameter-name-case-changed"],
            &["parameter-name-case-changed"],
        ),
        row(
            parameter("name: q, in: query, schema: {type: array, items: {type: string}}"),
            parameter(
                "name: q, in: query, style: pipeDelimited, schema: {type: array, items: {type: string}}",
            ),
            &["parameter-style-changed"],
            &["parameter-style-changed"],
        ),
        row(
            &plain,
            with("explode: false"),
            &["parameter-explode-changed"],
            &["parameter-explode-changed"],
        ),
        row(
            &plain,
            with("allowReserved: true"),
            &["parameter-allow-reserved-changed"],
            &["parameter-allow-reserved-changed"],
        ),
        row(
            &plain,
            parameter("name: q, in: query, content: {application/json: {schema: {type: string}}}"),
            &["parameter-content-changed"],
            &["parameter-content-changed"],
        ),
        row(
            &plain,
            with("allowEmptyValue: true"),
            &["parameter-empty-value-allowed"],
            &["parameter-empty-value-forbidden"],
        ),
        row(
            &plain,
            with("deprecated: true"),
            &["parameter-deprecated"],
            &["parameter-reinstated"],
        ),
    ]
}

fn bodies() -> Vec<Row> {
    let of = |members: &str| operation(&format!("requestBody: {{{members}}}"));
    let none = operation("");
    let json = "content: {application/json: {schema: {type: string}}}";
    let form = |style: &str| {
        of(&format!(
            "content: {{application/x-www-form-urlencoded: {{schema: {{type: object, properties: {{a: {{type: array, \
             items: {{type: string}}}}}}}}, encoding: {{a: {{style: {style}}}}}}}}}"
        ))
    };
    vec![
        row(
            &none,
            of(json),
            &["request-body-added-optional"],
            &["request-body-removed"],
        ),
        row(
            &none,
            of(&format!("{json}, required: true")),
            &["request-body-added-required"],
            &["request-body-removed"],
        ),
        row(
            of(json),
            of(&format!("{json}, required: true")),
            &["request-body-became-required"],
            &["request-body-became-optional"],
        ),
        row(
            of(json),
            of("content: {application/json: {schema: {type: string}}, text/plain: {}}"),
            &["request-media-type-added"],
            &["request-media-type-removed"],
        ),
        row(
            form("form"),
            form("pipeDelimited"),
            &["request-encoding-changed"],
            &["request-encoding-changed"],
        ),
    ]
}

fn responses() -> Vec<Row> {
    let of = |responses: &str| operation(&format!("responses: {{{responses}}}"));
    let ok = "'200': {description: d}";
    let with = |more: &str| of(&format!("{ok}, {more}"));
    let inside = |more: &str| of(&format!("'200': {{description: d, {more}}}"));
    vec![
        row(
            of(ok),
            with("'201': {description: d}"),
            &["response-success-status-added"],
            &["response-success-status-removed"],
        ),
        row(
            of(ok),
            with("'404': {description: d}"),
            &["response-error-status-added"],
            &["response-error-status-removed"],
        ),
        row(
            of(ok),
            with("'302': {description: d}"),
            &["response-redirect-status-added"],
            &["response-redirect-status-removed"],
        ),
        row(
            of(ok),
            with("default: {description: d}"),
            &["response-default-added"],
            &["response-default-removed"],
        ),
        row(
            of(ok),
            inside("content: {application/json: {}}"),
            &["response-body-added"],
            &["response-body-removed"],
        ),
        row(
            inside("content: {application/json: {}}"),
            inside("content: {application/json: {}, text/csv: {}}"),
            &["response-media-type-added"],
            &["response-media-type-removed"],
        ),
        row(
            of(ok),
            inside("headers: {X: {schema: {type: string}}}"),
            &["response-header-added"],
            &["response-optional-header-removed"],
        ),
        row(
            of(ok),
            inside("headers: {X: {required: true, schema: {type: string}}}"),
            &["response-header-added"],
            &["response-header-removed"],
        ),
        row(
            inside("headers: {X: {schema: {type: string}}}"),
            inside("headers: {x: {required: true, schema: {type: string}}}"),
            &["response-header-became-required"],
            &["response-header-became-optional"],
        ),
    ]
}

fn security() -> Vec<Row> {
    let of = |schemes: &str, rest: &str| {
        format!(
            "components: {{securitySchemes: {{{schemes}}}}}\npaths: {{/a: {{get: {{{rest}}}}}}}"
        )
    };
    let key = "k: {type: apiKey, name: K, in: header}";
    let both = "k: {type: apiKey, name: K, in: header}, l: {type: http, scheme: basic}";
    let flow = |inside: &str| format!("o: {{type: oauth2, flows: {{{inside}}}}}");
    let client = "clientCredentials: {tokenUrl: 'https://a.example/t', scopes: {}}";
    let scoped = "clientCredentials: {tokenUrl: 'https://a.example/t', scopes: {read: r}}";
    let moved = "clientCredentials: {tokenUrl: 'https://b.example/t', scopes: {}}";
    let two = format!("{client}, password: {{tokenUrl: 'https://a.example/t', scopes: {{}}}}");
    vec![
        row(
            of(key, ""),
            of(key, "security: [{k: []}]"),
            &["security-added"],
            &["security-removed"],
        ),
        row(
            of(both, "security: [{k: []}]"),
            of(both, "security: [{k: []}, {l: []}]"),
            &["security-alternative-added"],
            &["security-alternative-removed"],
        ),
        row(
            of(&flow(scoped), "security: [{o: []}]"),
            of(&flow(scoped), "security: [{o: [read]}]"),
            &["security-scope-added"],
            &["security-scope-removed"],
        ),
        row(
            of(key, ""),
            of(both, ""),
            &["security-scheme-added"],
            &["security-scheme-removed"],
        ),
        row(
            of(key, ""),
            of("k: {type: http, scheme: bearer}", ""),
            &["security-scheme-type-changed"],
            &["security-scheme-type-changed"],
        ),
        row(
            of(key, ""),
            of("k: {type: apiKey, name: K, in: query}", ""),
            &["security-scheme-location-changed"],
            &["security-scheme-location-changed"],
        ),
        row(
            of(&flow(client), ""),
            of(&flow(moved), ""),
            &["security-scheme-url-changed"],
            &["security-scheme-url-changed"],
        ),
        row(
            of(&flow(client), ""),
            of(&flow(&two), ""),
            &["security-flow-added"],
            &["security-flow-removed"],
        ),
        row(
            of(&flow(client), ""),
            of(&flow(scoped), ""),
            &["security-scheme-scope-added"],
            &["security-scheme-scope-removed"],
        ),
    ]
}

fn servers() -> Vec<Row> {
    let of = |servers: &str| format!("servers: [{servers}]\npaths: {{}}");
    let variable = |inside: &str| {
        of(&format!(
            "{{url: 'https://{{r}}.example', variables: {{r: {{{inside}}}}}}}"
        ))
    };
    vec![
        row(
            of("{url: 'https://a.example'}"),
            of("{url: 'https://a.example'}, {url: 'https://b.example'}"),
            &["server-added"],
            &["server-removed"],
        ),
        row(
            of("{url: 'https://a.example'}, {url: 'https://b.example'}"),
            of("{url: 'https://b.example'}, {url: 'https://a.example'}"),
            &["default-server-changed"],
            &["default-server-changed"],
        ),
        row(
            variable("default: a"),
            variable("default: b"),
            &["server-variable-default-changed"],
            &["server-variable-default-changed"],
        ),
        row(
            variable("default: a, enum: [a]"),
            variable("default: a, enum: [a, b]"),
            &["server-variable-value-added"],
            &["server-variable-value-removed"],
        ),
    ]
}

/// A schema that allows more, one that allows less, and the ends of the codes either way.
const SCHEMAS: &[(&str, &str, &str, &str)] = &[
    (
        "{type: [string, boolean]}",
        "{type: string}",
        "type-narrowed",
        "type-widened",
    ),
    (
        "{type: number}",
        "{type: integer}",
        "type-narrowed",
        "type-widened",
    ),
    (
        "{type: string}",
        "{type: string, format: uuid}",
        "format-added",
        "format-removed",
    ),
    (
        "{type: string, enum: [a, b]}",
        "{type: string, enum: [a]}",
        "enum-value-removed",
        "enum-value-added",
    ),
    (
        "{type: string}",
        "{type: string, enum: [a]}",
        "enum-added",
        "enum-removed",
    ),
    (
        "{type: [string, 'null']}",
        "{type: string}",
        "became-not-nullable",
        "became-nullable",
    ),
    (
        "{anyOf: [{type: string}, {type: 'null'}]}",
        "{type: string}",
        "became-not-nullable",
        "became-nullable",
    ),
    (
        "{type: integer, maximum: 9}",
        "{type: integer, maximum: 8}",
        "maximum-lowered",
        "maximum-raised",
    ),
    (
        "{type: number, maximum: 8}",
        "{type: number, exclusiveMaximum: 8.0}",
        "maximum-lowered",
        "maximum-raised",
    ),
    (
        "{type: integer}",
        "{type: integer, maximum: 8}",
        "maximum-lowered",
        "maximum-raised",
    ),
    (
        "{type: integer, minimum: 8}",
        "{type: integer, minimum: 9}",
        "minimum-raised",
        "minimum-lowered",
    ),
    (
        "{type: integer}",
        "{type: integer, multipleOf: 2}",
        "multiple-of-added",
        "multiple-of-removed",
    ),
    (
        "{type: string, maxLength: 9}",
        "{type: string, maxLength: 8}",
        "max-length-lowered",
        "max-length-raised",
    ),
    (
        "{type: string, minLength: 1}",
        "{type: string, minLength: 2}",
        "min-length-raised",
        "min-length-lowered",
    ),
    (
        "{type: string}",
        "{type: string, pattern: '^a'}",
        "pattern-added",
        "pattern-removed",
    ),
    (
        "{type: array, items: {}, maxItems: 2}",
        "{type: array, items: {}, maxItems: 1}",
        "max-items-lowered",
        "max-items-raised",
    ),
    (
        "{type: array, items: {}}",
        "{type: array, items: {}, minItems: 1}",
        "min-items-raised",
        "min-items-lowered",
    ),
    (
        "{type: array, items: {}}",
        "{type: array, items: {}, uniqueItems: true}",
        "unique-items-added",
        "unique-items-removed",
    ),
    (
        "{type: object}",
        "{type: object, maxProperties: 1}",
        "max-properties-lowered",
        "max-properties-raised",
    ),
    (
        "{type: object}",
        "{type: object, minProperties: 1}",
        "min-properties-raised",
        "min-properties-lowered",
    ),
    (
        "{type: object}",
        "{type: object, additionalProperties: false}",
        "additional-properties-closed",
        "additional-properties-opened",
    ),
    (
        "{oneOf: [{type: string}, {type: boolean}, {type: integer}]}",
        "{oneOf: [{type: string}, {type: boolean}]}",
        "alternative-removed",
        "alternative-added",
    ),
    (
        "{type: [string, boolean]}",
        "{type: [string, boolean], oneOf: [{type: string}, {type: boolean}]}",
        "alternative-removed",
        "alternative-added",
    ),
    (
        "{type: string}",
        "{type: string, not: {const: a}}",
        "condition-added",
        "condition-removed",
    ),
    (
        "{type: string}",
        "{type: string, contentEncoding: base64}",
        "content-encoding-added",
        "content-encoding-removed",
    ),
    (
        "{type: string, format: uuid}",
        "{type: string, format: date}",
        "format-changed",
        "format-changed",
    ),
    (
        "{type: string, pattern: a}",
        "{type: string, pattern: b}",
        "pattern-changed",
        "pattern-changed",
    ),
    (
        "{type: integer, multipleOf: 2}",
        "{type: integer, multipleOf: 3}",
        "multiple-of-changed",
        "multiple-of-changed",
    ),
    ("{const: a}", "{const: b}", "const-changed", "const-changed"),
    (
        "{type: string, contentEncoding: base64}",
        "{type: string, contentEncoding: base32}",
        "content-encoding-changed",
        "content-encoding-changed",
    ),
    (
        "{type: string, not: {const: a}}",
        "{type: string, not: {const: b}}",
        "condition-changed",
        "condition-changed",
    ),
    (
        "{type: string}",
        "{type: boolean}",
        "type-changed",
        "type-changed",
    ),
    (
        "{type: object, properties: {p: {type: string}}}",
        "{type: object, properties: {p: {type: string}}, required: [p]}",
        "property-became-required",
        "property-became-optional",
    ),
    (
        "{type: object}",
        "{type: object, required: [p]}",
        "property-became-required",
        "property-became-optional",
    ),
    (
        "{oneOf: [{title: A, type: object}, {title: B, type: object}], discriminator: {propertyName: k}}",
        "{oneOf: [{title: A, type: object}, {title: B, type: object}], discriminator: {propertyName: l}}",
        "discriminator-changed",
        "discriminator-changed",
    ),
    (
        "{oneOf: [{title: A, type: object}, {title: B, type: object}], discriminator: {propertyName: k, mapping: {a: '#/components/schemas/A'}}}",
        "{oneOf: [{title: A, type: object}, {title: B, type: object}], discriminator: {propertyName: k, mapping: {a: '#/components/schemas/B'}}}",
        "discriminator-value-changed",
        "discriminator-value-changed",
    ),
    (
        "{oneOf: [{title: A, type: object}, {title: B, type: object}], discriminator: {propertyName: k, mapping: {a: '#/components/schemas/A'}}}",
        "{oneOf: [{title: A, type: object}, {title: B, type: object}], discriminator: {propertyName: k}}",
        "discriminator-value-removed",
        "discriminator-value-added",
    ),
];

/// What is told of properties depends on who sends them.
const PROPERTIES: &[(&str, &str, [&str; 2], [&str; 2])] = &[
    (
        "",
        "p: {type: string}",
        [
            "request-optional-property-added",
            "request-property-removed",
        ],
        [
            "response-property-added",
            "response-optional-property-removed",
        ],
    ),
    (
        "p: {type: string}",
        "p: {type: string, deprecated: true}",
        ["request-property-deprecated", ""],
        ["response-property-deprecated", ""],
    ),
    (
        "p: {type: string}",
        "p: {type: string, readOnly: true}",
        [
            "request-property-became-read-only",
            "request-property-became-writable",
        ],
        ["", ""],
    ),
    (
        "p: {type: string}",
        "p: {type: string, writeOnly: true}",
        ["", ""],
        [
            "response-property-became-write-only",
            "response-property-became-readable",
        ],
    ),
    (
        "p: {type: string}",
        "p: {type: string, default: a}",
        ["request-default-added", "request-default-removed"],
        ["", ""],
    ),
    (
        "p: {type: string, default: a}",
        "p: {type: string, default: b}",
        ["request-default-changed", "request-default-changed"],
        ["", ""],
    ),
];

fn leak(code: String) -> &'static str {
    Box::leak(code.into_boxed_str())
}

fn codes_of(codes: &[&str]) -> &'static [&'static str] {
    let codes = codes.iter().filter(|code| !code.is_empty());
    Vec::leak(codes.map(|code| leak((*code).to_owned())).collect())
}

/// A schema in a request and in a reply.
type Place = (&'static str, fn(&str) -> String);

/// Schemas that are missing on one side, elements of XML, and what discriminators choose from.
fn described() -> Vec<Row> {
    let mut rows = Vec::new();
    let places: [Place; 2] = [("request", body), ("response", reply)];
    // Where a schema is missing every value is allowed; one that says nothing is none.
    for (side, place) in places {
        let wraps = [
            ("{}", "SCHEMA"),
            ("{type: array}", "{type: array, items: SCHEMA}"),
            (
                "{type: object}",
                "{type: object, additionalProperties: SCHEMA}",
            ),
            (
                "{type: array, items: {}}",
                "{type: array, items: {}, prefixItems: [SCHEMA]}",
            ),
        ];
        for (without, with) in wraps {
            let code = |end: &str| codes_of(&[&format!("{side}-schema-{end}")]);
            let (old, new) = (
                place(without),
                place(&with.replace("SCHEMA", "{type: string, maxLength: 3}")),
            );
            rows.push((old.clone(), new, code("added"), code("removed")));
            rows.push((
                old,
                place(&with.replace("SCHEMA", "{description: d}")),
                &[],
                &[],
            ));
        }
        let xml = |schema: &str| place(schema).replace("application/json", "application/xml");
        let code = codes_of(&[&format!("{side}-xml-changed")]);
        rows.push((
            xml("{type: object, properties: {p: {type: string}}}"),
            xml("{type: object, properties: {p: {type: string, xml: {attribute: true}}}}"),
            code,
            code,
        ));
        rows.push((
            xml("{type: object, properties: {p: {type: string}}}"),
            xml("{type: object, properties: {p: {type: string, xml: {name: p}}}}"),
            &[],
            &[],
        ));
        rows.push((
            place("{type: string}"),
            place("{type: string, xml: {name: p}}"),
            &[],
            &[],
        ));
        let code = codes_of(&[&format!("{side}-discriminator-changed")]);
        let choice = "oneOf: [{type: object, title: A}, {type: object, title: B}]";
        rows.push((
            place(&format!("{{{choice}}}")),
            place(&format!(
                "{{{choice}, discriminator: {{propertyName: kind}}}}"
            )),
            code,
            code,
        ));
        let heirs = |bound: &str| {
            format!(
                "components: {{schemas: {{Base: {{type: object, discriminator: {{propertyName: kind}}}}, Cat: {{allOf: \
                 [{{$ref: '#/components/schemas/Base'}}, {{properties: {{p: {{type: string{bound}}}}}}}]}}}}}}\n{}",
                place("{$ref: '#/components/schemas/Base'}")
            )
        };
        rows.push((
            heirs(""),
            heirs(", maxLength: 5"),
            codes_of(&[&format!("{side}-max-length-lowered")]),
            codes_of(&[&format!("{side}-max-length-raised")]),
        ));
    }
    let raw = |schema: &str| reply(schema).replace("application/json", "application/pdf");
    rows.push((raw("{}"), raw("{type: string, format: binary}"), &[], &[]));
    rows
}

fn schemas() -> Vec<Row> {
    let mut rows = Vec::new();
    let places: [Place; 2] = [("request", body), ("response", reply)];
    for (side, place) in places {
        for (more, less, tighter, looser) in SCHEMAS {
            let code = |end: &str| codes_of(&[&format!("{side}-{end}")]);
            rows.push((place(more), place(less), code(tighter), code(looser)));
        }
    }
    let object = |inside: &str| format!("{{type: object, properties: {{{inside}}}}}");
    for (old, new, request, response) in PROPERTIES {
        let (old, new) = (object(old), object(new));
        let both = |codes: &[&str; 2]| (codes_of(&codes[..1]), codes_of(&codes[1..]));
        let (there, back) = both(request);
        rows.push((body(&old), body(&new), there, back));
        let (there, back) = both(response);
        rows.push((reply(&old), reply(&new), there, back));
    }
    rows.extend(described());
    let needed = "{type: object, properties: {p: {type: string}}, required: [p]}";
    let defaulted = "{type: object, properties: {p: {type: string, default: a}}, required: [p]}";
    rows.push((
        body("{type: object}"),
        body(needed),
        codes_of(&["request-required-property-added"]),
        codes_of(&["request-property-removed"]),
    ));
    rows.push((
        body("{type: object}"),
        body(defaulted),
        codes_of(&["request-required-property-added-with-default"]),
        codes_of(&["request-property-removed"]),
    ));
    rows.push((
        reply("{type: object}"),
        reply(needed),
        codes_of(&["response-property-added"]),
        codes_of(&["response-required-property-removed"]),
    ));
    rows
}

#[test]
fn each_rule_has_a_case_and_nothing_else_is_found_in_it() {
    let mut met = BTreeSet::new();
    let mut wrong = Vec::new();
    let tables = [
        operations(),
        callbacks(),
        parameters(),
        bodies(),
        responses(),
        security(),
        servers(),
        schemas(),
    ];
    for (old, new, there, back) in tables.into_iter().flatten() {
        for (old, new, wanted) in [(&old, &new, there), (&new, &old, back)] {
            let found = codes(old, new);
            if found != wanted {
                wrong.push(format!("{old}\n  -> {new}\n  {found:?}, wanted {wanted:?}"));
            }
            met.extend(found);
        }
        assert!(codes(&old, &old).is_empty(), "{old}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let all = rule::RULES.iter().flat_map(|(_, rules)| rules.iter());
    let missing: Vec<&str> = all
        .map(|rule| rule.code)
        .filter(|code| !met.contains(code))
        .collect();
    assert!(missing.is_empty(), "rules without a case: {missing:?}");
    assert!(met.len() >= 100, "{}", met.len());
}

#[test]
fn schemas_that_allow_the_same_are_no_change() {
    let named = "components: {schemas: {A: {type: object, properties: {p: {type: string, maxLength: 5}}}, B: {allOf: [{$ref: \
                 '#/components/schemas/A'}, {required: [p]}]}}}\npaths: {/a: {post: {requestBody: {content: \
                 {application/json: {schema: {$ref: '#/components/schemas/B'}}}}}}}";
    let inline =
        body("{type: object, required: [p], properties: {p: {type: string, maxLength: 5.0e0}}}")
            .replace("5.0e0", "5");
    assert!(codes(named, &inline).is_empty());
    assert!(codes(&inline, named).is_empty());
    // Recursion ends, below it as well.
    let list = |bound: &str| {
        format!(
            "components: {{schemas: {{L: {{type: object, properties: {{v: {{type: string{bound}}}, next: {{$ref: \
             '#/components/schemas/L'}}}}}}}}}}\n{}",
            body("{$ref: '#/components/schemas/L'}")
        )
    };
    assert_eq!(
        codes(&list(""), &list(", maxLength: 3")),
        ["request-max-length-lowered"]
    );
}

#[test]
fn findings_say_where_and_how_often() {
    let document = |bound: &str| {
        format!(
            "components: {{schemas: {{A: {{type: string{bound}}}}}}}\npaths:\n  /a: {{post: {{requestBody: {{content: \
             {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}\n  /b: {{post: {{requestBody: \
             {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}\n"
        )
    };
    let (old, new) = (
        input("old.yaml", &document(", maxLength: 9")),
        input("new.yaml", &document(", maxLength: 8")),
    );
    let findings = compare(&read(&old).unwrap(), &read(&new).unwrap());
    let shown = text(&findings, old.sources(), new.sources());
    // Each use of a schema stands at its own reference.
    assert!(
        shown.starts_with("breaking[request-max-length-lowered]: POST /a: request body, application/json: `maxLength` is 8, was 9"),
        "{shown}"
    );
    assert!(shown.contains("new: new.yaml:5:"), "{shown}");
    assert!(
        shown.ends_with(" breaking, 0 risky, 0 compatible\n"),
        "{shown}"
    );
    let object = json(&findings, old.sources(), new.sources());
    assert!(
        object.contains(r#""rule":"request-max-length-lowered","severity":"breaking""#),
        "{object}"
    );
    assert!(
        markdown(&findings)
            .starts_with("### Breaking\n\n- `POST /a: request body, application/json`:")
    );
    assert_eq!(markdown(&[]), "Nothing changed on the wire.\n");
}

#[test]
fn what_stands_at_many_depths_is_told_at_the_nearest() {
    let document = |most: &str| {
        let whole = "{type: array, items: {$ref: '#/components/schemas/Branch'}}";
        let leaf =
            format!("{{type: object, properties: {{size: {{type: integer, maximum: {most}}}}}}}");
        let branch =
            "oneOf: [{$ref: '#/components/schemas/Leaf'}, {$ref: '#/components/schemas/Tree'}]";
        let schemas = format!(
            "components: {{schemas: {{Tree: {{type: object, required: [parts], properties: {{parts: {whole}}}}}, \
             Branch: {{{branch}}}, Leaf: {leaf}, Root: {{type: object, properties: {{tree: {{$ref: \
             '#/components/schemas/Tree'}}, leaf: {{$ref: '#/components/schemas/Leaf'}}}}}}}}}}"
        );
        format!("{schemas}\n{}", body("{$ref: '#/components/schemas/Root'}"))
    };
    let (old, new) = (
        input("old.yaml", &document("9")),
        input("new.yaml", &document("8")),
    );
    let findings = compare(&read(&old).unwrap(), &read(&new).unwrap());
    let subjects: Vec<&str> = findings.iter().map(|it| it.subject.as_str()).collect();
    assert_eq!(
        subjects,
        ["POST /a: request body, application/json, /leaf/size"]
    );
}

#[test]
fn exceptions_accept_and_regrade_and_tell_when_they_match_nothing() {
    let (old, new) = (
        input("old.yaml", "paths: {/a: {get: {}}, /b: {get: {}}}"),
        input("new.yaml", "paths: {}"),
    );
    let findings = || compare(&read(&old).unwrap(), &read(&new).unwrap());
    let file = "[[exception]]\nrule = 'path-removed'\nsubject = '/a'\nreason = 'Nobody used it.'\n\n\
                [[exception]]\nrule = 'path-removed'\nsubject = '/b*'\nreason = 'Gone for years.'\nseverity = 'risky'\n\n\
                [[exception]]\nrule = 'path-added'\nreason = 'x'\n";
    let filtered = Exceptions::read(file).unwrap().apply(findings());
    assert_eq!((filtered.accepted.len(), filtered.findings.len()), (1, 1));
    assert_eq!(filtered.findings[0].severity.as_str(), "risky");
    assert_eq!(filtered.unused.len(), 1);
    assert_eq!(
        filtered.unused[0].to_string(),
        "line 12: the exception from `path-added` for \"*\" matches nothing; take it away"
    );
    for (file, message) in [
        (
            "[[exception]]\nrule = 'no'\nreason = 'x'\n",
            "line 1: there is no rule `no`; docs/compare.md lists them",
        ),
        (
            "\n[[exception]]\nrule = 'path-added'\nreason = 'x'\nseverity = 'bad'\n",
            "line 2: `bad` is no severity; they are breaking, risky and compatible",
        ),
    ] {
        assert_eq!(Exceptions::read(file).unwrap_err().to_string(), message);
    }
    assert!(Exceptions::read("[[exception]]\nrule = 'path-added'\n").is_err());
}
