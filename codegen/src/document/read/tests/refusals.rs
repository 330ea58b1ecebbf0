//! Each kind of complaint, and what it spoils.

use super::*;
use crate::problem::{Scope, find};

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: T, version: v}\n";

/// The problems of a document of 3.1: their codes, and whether they are errors.
fn complaints(text: &str) -> Vec<(&'static str, bool)> {
    let document = read_text(&format!("{HEAD}{text}"));
    document
        .problems
        .iter()
        .map(|problem| (problem.diagnostic.code, problem.is_error()))
        .collect()
}

#[test]
fn what_is_no_document_is_refused() {
    for (text, code) in [
        ("[1]", "E0101"),
        ("a: 1", "E0101"),
        ("openapi: {}", "E0101"),
        ("openapi: 4.0.0", "E0102"),
        ("openapi: 3.10.0", "E0102"),
        ("swagger: '1.2'", "E0102"),
        ("openapi: 3.0.0\nopenapi: 3.1.0", "E0004"),
        ("{", "E0013"),
        ("", "E0014"),
    ] {
        let problems = read(&input(text)).unwrap_err();
        assert_eq!(problems[0].diagnostic.code, code, "{text}");
    }
    for text in [
        "swagger: 2.0",
        "swagger: '2.0'",
        "openapi: 3.0",
        "openapi: '3.1.1'",
        "{\"openapi\": \"3.2.0\"}",
    ] {
        assert!(read(&input(text)).is_ok(), "{text}");
    }
}

/// Codes of problems, and whether they are errors.
type Complaints = &'static [(&'static str, bool)];

/// Documents and what is wrong with them.
const CASES: &[(&str, Complaints)] = &[
    ("paths: []", &[("E0103", true)]),
    ("paths: {/a: {get: {parameters: 7}}}", &[("E0103", true)]),
    (
        "paths: {/a: {get: {parameters: [{in: query, schema: {}}]}}}",
        &[("E0104", true)],
    ),
    ("paths: {/a: {get: {requestBody: {}}}}", &[("E0104", true)]),
    ("pathes: {}", &[("E0105", false)]),
    (
        "paths: {/a: {get: {parameters: [{name: a, in: body, schema: {}}]}}}",
        &[("E0106", true)],
    ),
    (
        "components: {schemas: {A: {type: strng}}}",
        &[("E0106", true)],
    ),
    (
        "components: {securitySchemes: {A: {type: magic}}}",
        &[("E0106", true)],
    ),
    ("paths: {'/{a}': {get: {}}}", &[("E0112", false)]),
    (
        "paths: {/a: {get: {parameters: [{name: b, in: path, schema: {}}]}}}",
        &[("E0113", false)],
    ),
    (
        "paths: {/a: {get: {parameters: [{name: b, in: query, schema: {}}, {name: b, in: query, schema: {}}]}}}",
        &[("E0114", false)],
    ),
    (
        "paths: {/a: {get: {operationId: a}, put: {operationId: a}}}",
        &[("E0115", false)],
    ),
    (
        "paths: {/a: {get: {parameters: [{name: b, in: query}]}}}",
        &[("E0116", false)],
    ),
    (
        "paths: {/a: {get: {parameters: [{name: b, in: query, type: string}]}}}",
        &[("E0116", false)],
    ),
    (
        "components: {schemas: {A: {type: Integer}, B: {type: bool}}}",
        &[("E0106", false), ("E0106", false)],
    ),
    ("paths: {/a: {GET: {}}}", &[("E0105", false)]),
    (
        "paths: {/a: {get: {responses: {'200': {headers: {A: {description: d}}}}}}}",
        &[("E0116", false)],
    ),
    (
        "paths: {/a: {get: {responses: {'600': {}, 20: {}, 2xx: {}, ok: {}}}}}",
        &[("E0117", true), ("E0117", true), ("E0117", true)],
    ),
    ("security: [{a: []}]", &[("E0118", false)]),
    ("servers: [{url: 'https://{a}/'}]", &[("E0119", false)]),
    (
        "servers: [{url: 'https://{a}/', variables: {a: {default: x, enum: [y]}}}]",
        &[("E0119", false)],
    ),
    (
        "paths: {/a: {get: {parameters: [{name: b, in: header, style: deepObject, schema: {}}]}}}",
        &[("E0120", true)],
    ),
    (
        "paths: {/a: {get: {parameters: [{name: b, in: query, style: simple, schema: {}}]}}}",
        &[("E0120", false)],
    ),
    (
        "components: {schemas: {A: {maxLength: -1, minItems: 1.5}}}",
        &[("E0121", true), ("E0121", true)],
    ),
    (
        "paths: {a: {get: {}}, '/{b': {get: {}}, /c?d=e: {}, /c#d: {}}",
        &[
            ("E0122", false),
            ("E0122", true),
            ("E0122", false),
            ("E0122", false),
        ],
    ),
    (
        "paths: {/a: {get: {parameters: [{name: accept, in: header, schema: {}}]}}}",
        &[("E0123", false)],
    ),
    ("paths: {/a/b: {}, /a/c: {}}", &[]),
    (
        "paths: {'/{a}': {parameters: [{name: a, in: path, schema: {}}]}, '/{b}': {parameters: [{name: b, in: path, schema: {}}]}}",
        &[("E0126", false)],
    ),
    (
        "components: {schemas: {A: {discriminator: {propertyName: p, mapping: {x: B}}}}}",
        &[("E0127", true)],
    ),
    (
        "components: {schemas: {A: {allOf: []}, B: {enum: []}, C: {type: []}}}",
        &[("E0128", true), ("E0128", true), ("E0128", true)],
    ),
    (
        "components: {schemas: {A: {nullable: true}, B: {maximum: 1, exclusiveMaximum: true}}}",
        &[("E0129", false), ("E0129", false)],
    ),
    (
        "jsonSchemaDialect: 'https://example.com/own'",
        &[("E0130", false)],
    ),
    (
        "components: {schemas: {A: {description: null, properties: null}}}",
        &[("E0103", false)],
    ),
    (
        "components: {schemas: {A: {properties: {a: {required: true}}}}}",
        &[("E0103", false)],
    ),
    (
        "components: {schemas: {A: [], B: null, C: {items: []}}}",
        &[("E0103", true), ("E0103", true), ("E0103", true)],
    ),
];

#[test]
fn parts_are_refused_for_what_is_wrong_with_them() {
    for (text, expected) in CASES {
        assert_eq!(complaints(text), *expected, "{text}");
    }
}

#[test]
fn errors_spoil_their_scope_alone() {
    let document = read_text(&format!(
        "{HEAD}paths:\n  /a:\n    get: {{operationId: good, parameters: [{{$ref: '#/components/parameters/G'}}]}}\n    \
         put: {{operationId: bad, parameters: [{{$ref: '#/components/parameters/B'}}]}}\n  \
         '/{{b': {{get: {{operationId: pathless}}}}\ncomponents:\n  parameters:\n    \
         G: {{name: g, in: query, schema: {{}}}}\n    B: {{in: query, required: true}}\n"
    ));
    let spoiled = |id: &str| document.errors_of_endpoint(&endpoint(&document, id)).len();
    assert_eq!(
        (spoiled("good"), spoiled("bad"), spoiled("pathless")),
        (0, 1, 1)
    );
    let used = &endpoint(&document, "bad").operation.parameters[0];
    assert_eq!(document.errors_of(Scope::Parameter(used.id)).count(), 1);
}

#[test]
fn what_only_describes_spoils_nothing() {
    let document = read_text(&format!(
        "{HEAD}paths:\n  /a:\n    get:\n      operationId: a\n      tags: 7\n      externalDocs: none\n      \
         deprecated: 'true'\n      callbacks: {{c: {{$ref: '#/none'}}}}\n      responses:\n        \
         '200': {{links: {{l: {{$ref: '#/none'}}}}, content: {{text/plain: {{examples: {{e: {{$ref: '#/none'}}}}}}}}}}\n"
    ));
    let mut codes = codes(&document);
    codes.sort_unstable();
    assert_eq!(
        codes,
        ["E0103", "E0103", "E0103", "E0109", "E0109", "E0109"]
    );
    let endpoint = endpoint(&document, "a");
    assert!(endpoint.operation.deprecated);
    assert!(document.errors_of_endpoint(&endpoint).is_empty());
}

#[test]
fn authorization_stays_where_nothing_else_describes_it() {
    let text = |security: &str| {
        format!(
            "{HEAD}paths: {{/a: {{get: {{operationId: a, security: {security}, parameters: [{{name: authorization, in: header, \
             schema: {{}}}}]}}}}}}\ncomponents: {{securitySchemes: {{k: {{type: http, scheme: bearer}}}}}}\n"
        )
    };
    let open = read_clean(&text("[]"));
    assert_eq!(open.parameters(&endpoint(&open, "a")).len(), 1);
    let secured = read_text(&text("[{k: []}]"));
    assert_eq!(codes(&secured), ["E0123"]);
    assert!(secured.parameters(&endpoint(&secured, "a")).is_empty());
}

#[test]
fn every_code_is_explained() {
    let all: Vec<&str> = crate::problem::TABLES
        .iter()
        .copied()
        .flatten()
        .map(|entry| entry.code)
        .collect();
    assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
    let entry = find("e0112").unwrap();
    let text = crate::problem::explain(entry);
    assert!(
        text.starts_with("E0112: ") && text.contains(entry.meaning) && text.contains(entry.remedy)
    );
}

#[test]
fn a_problem_is_shown_with_its_place_and_remedy() {
    let input = input(&format!("{HEAD}paths:\n  /a/{{id}}:\n    get: {{}}\n"));
    let document = read(&input).unwrap();
    let expected = "\
warning[E0112]: the variable `id` of `/a/{id}` has no parameter
 --> root.yaml:5:5
  |
5 |     get: {}
  |     ^^^ does not describe it, so that it is taken as a text
  |
  = help: Add the parameter to the operation or to its path item.
";
    assert_eq!(shown(&input, &document), expected);
}

#[test]
fn documents_beyond_all_measure_are_refused() {
    let many = format!(
        "{HEAD}components: {{schemas: {{A: {{prefixItems: [{}{{}}]}}}}}}\n",
        "{},".repeat(MOST_PARTS)
    );
    assert_eq!(read(&input(&many)).unwrap_err()[0].diagnostic.code, "E0132");
    let items = "{},".repeat(1000);
    let long = format!(
        "{HEAD}components:\n  schemas:\n    ? {}\n    : {{prefixItems: [{items}{{}}]}}\n",
        "x".repeat(1 << 20)
    );
    assert_eq!(read(&input(&long)).unwrap_err()[0].diagnostic.code, "E0132");
    let wrong = format!(
        "{HEAD}components: {{schemas: {{A: {{prefixItems: [{}]}}}}}}\n",
        "1,".repeat(20_000)
    );
    assert_eq!(
        read(&input(&wrong)).unwrap_err()[0].diagnostic.code,
        "E0132"
    );
    let unknown: String = (0..5000)
        .flat_map(|n| [format!("k{n}"), ": 1\n".to_owned()])
        .collect();
    let document = read_text(&format!("{HEAD}{unknown}"));
    assert_eq!(document.problems.len(), MOST_WARNINGS);
    assert_eq!(
        document.problems[MOST_WARNINGS - 1].diagnostic.notes,
        ["4000 further warnings are not shown"]
    );
}
