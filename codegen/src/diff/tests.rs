use verbatim_source::{Limits, Source};

use super::{Effect, diff, json, markdown, text};
use crate::document::Input;
use crate::settings::Settings;
use crate::{Layout, Options, Requests, package};

fn input(document: &str) -> Input {
    let text = format!("openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\n{document}");
    Input::new(Source::new("spec.yaml", text), Limits::default())
}

fn options() -> Options {
    Options {
        name: "api".to_owned(),
        layout: Layout::Module {
            krate: "clients".to_owned(),
        },
        command: "diff".to_owned(),
        emit: crate::Emit::default(),
        requests: Requests::Closed,
        settings: Settings::default(),
    }
}

fn changed(old: &str, new: &str) -> Vec<String> {
    let of = |text: &str| package(&input(text), &options()).unwrap();
    let changes = diff(&of(old), &of(new));
    let shown = changes.iter().map(|it| {
        let effect = match it.effect {
            Effect::Breaking => "!",
            Effect::Addition => "+",
            Effect::Behaviour => "~",
        };
        format!("{effect} {} {}", it.subject, it.words)
    });
    shown.collect()
}

#[test]
fn nothing_changes_without_a_reason() {
    let text = "paths: {/a: {get: {operationId: a, responses: {'204': {description: A.}}}}}";
    assert!(changed(text, &text.replace("A.", "Another word.")).is_empty());
}

#[test]
fn operations_are_compared_as_methods() {
    let operation = |id: &str, parameters: &str, schema: &str| {
        format!(
            "paths: {{/a: {{get: {{operationId: {id}, tags: [x], parameters: [{parameters}], responses: \
             {{'200': {{description: A., content: {{application/json: {{schema: {{type: {schema}}}}}}}}}}}}}}}}}"
        )
    };
    let base = operation(
        "list",
        "{name: p, in: query, schema: {type: string}}",
        "string",
    );
    let of = |other: &str| changed(&base, other);
    assert_eq!(of("paths: {}"), ["! x().list() is gone"]);
    assert_eq!(
        changed("paths: {}", &base),
        ["+ x().list() is new: `GET /a`"]
    );
    assert_eq!(
        of(&operation(
            "all",
            "{name: p, in: query, schema: {type: string}}",
            "string"
        )),
        ["! x().list() is called `x().all()`"]
    );
    assert_eq!(
        of(&operation("list", "", "string")),
        ["! x().list().p() is gone"]
    );
    assert_eq!(
        of(&operation(
            "list",
            "{name: p, in: query, required: true, schema: {type: string}}",
            "string"
        )),
        [
            "! x().list() needs the argument `p: &str`",
            "! x().list().p() is gone"
        ]
    );
    assert_eq!(
        of(&operation(
            "list",
            "{name: p, in: query, schema: {type: boolean}}",
            "string"
        )),
        ["! x().list().p() takes `bool`, not `&str`"]
    );
    assert_eq!(
        of(&operation(
            "list",
            "{name: p, in: query, schema: {type: string}}",
            "boolean"
        )),
        ["! x().list() gives `bool`, not `String`"]
    );
}

#[test]
fn types_are_compared_as_items() {
    let schema = |schema: &str| format!("components: {{schemas: {{A: {schema}}}}}");
    let of = |old: &str, new: &str| changed(&schema(old), &schema(new));
    let object = "{type: object, required: [a], properties: {a: {type: string}}}";
    assert_eq!(
        of(object, "{type: string}"),
        ["! A is a name for a type, not a struct"]
    );
    assert_eq!(
        of(
            object,
            "{type: object, required: [a], properties: {a: {type: integer}, b: {type: string}}}"
        ),
        [
            "! A.a is `i64`, not `String`",
            "+ A.b is new: `Maybe<String>`"
        ]
    );
    assert_eq!(
        of(object, "{type: object, properties: {b: {type: string}}}")[0],
        "! A.a is gone"
    );
    assert_eq!(
        of(
            "{type: string, enum: [x, y]}",
            "{type: string, enum: [y, z]}"
        ),
        ["! A::X is gone", "+ A::Z is new"]
    );
    assert_eq!(
        changed(&schema(object), &schema(object).replace("{A:", "{B:")),
        ["! A is gone", "+ B is new: a struct"]
    );
}

#[test]
fn changes_say_where() {
    let old = input("components: {schemas: {A: {type: object, properties: {a: {type: string}}}}}");
    let new = input(
        "components:\n  schemas:\n    A:\n      type: object\n      properties:\n        a: {type: integer}\n",
    );
    let changes = diff(
        &package(&old, &options()).unwrap(),
        &package(&new, &options()).unwrap(),
    );
    let shown = text(&changes, old.sources(), new.sources());
    assert!(
        shown.contains("new: spec.yaml:8:12 (#/components/schemas/A/properties/a)"),
        "{shown}"
    );
    assert!(shown.ends_with("1 change, 1 of them breaking\n"), "{shown}");
    let object = json(&changes, old.sources(), new.sources());
    assert!(
        object.contains(r#""line":8"#) && object.contains(r#""effect":"breaking""#),
        "{object}"
    );
    assert_eq!(
        markdown(&changes),
        "### Breaking\n\n- `A.a` is `Maybe<i64>`, not `Maybe<String>`\n"
    );
    assert_eq!(markdown(&[]), "Nothing changed for programs.\n");
}

#[test]
fn a_hundred_thousand_values_are_compared_each_once() {
    let document = |first: usize| {
        let values: Vec<String> = (first..first + 100_000)
            .map(|at| format!("v{at}"))
            .collect();
        format!(
            "paths: {{}}\ncomponents: {{schemas: {{E: {{type: string, enum: [{}]}}}}}}",
            values.join(", ")
        )
    };
    let changes = changed(&document(0), &document(1));
    assert_eq!(changes.len(), 2, "{:?}", &changes[..changes.len().min(5)]);
    assert!(
        changes.iter().any(|it| it.contains("V0 is gone")),
        "{changes:?}"
    );
    assert!(
        changes.iter().any(|it| it.contains("V100000 is new")),
        "{changes:?}"
    );
}
