use verbatim_source::{Limits, Node, Source, Sources, parse, write};

use super::apply;

fn tree(sources: &mut Sources, name: &str, text: &str) -> Node {
    let id = sources.add(Source::new(name, text.to_owned()));
    parse(sources, id, &Limits::default()).unwrap()
}

/// The document after an overlay of some actions, or the codes of what is wrong.
fn overlaid(document: &str, actions: &str) -> Result<String, Vec<&'static str>> {
    let mut sources = Sources::new();
    let mut root = tree(&mut sources, "spec.yaml", document);
    let text = format!("overlay: 1.1.0\ninfo: {{title: T, version: '1'}}\nactions:\n{actions}");
    let overlay = tree(&mut sources, "overlay.yaml", &text);
    let limits = Limits {
        nodes: 10_000,
        ..Limits::default()
    };
    let done = apply(&mut root, &overlay, &limits);
    let codes = |problems: Vec<crate::problem::Problem>| {
        let codes = problems.into_iter().map(|problem| problem.diagnostic.code);
        codes.collect()
    };
    done.map(|()| write::compact(&root.value)).map_err(codes)
}

const DOCUMENT: &str =
    r#"{"a": {"b": [1, 2, 3], "c": {"d": "x"}}, "e": [{"n": 1}, {"n": 2}, {"n": 3}]}"#;

#[track_caller]
fn becomes(actions: &str, expected: &str) {
    assert_eq!(
        overlaid(DOCUMENT, actions).as_deref(),
        Ok(expected),
        "{actions}"
    );
}

#[test]
fn values_are_merged() {
    becomes(
        "- {target: $.a, update: {c: {d: y, z: 1}, new: null}}",
        r#"{"a":{"b":[1,2,3],"c":{"d":"y","z":1},"new":null},"e":[{"n":1},{"n":2},{"n":3}]}"#,
    );
    becomes(
        "- {target: $.a.b, update: [4]}\n- {target: $.a.b, update: {k: 1}}",
        r#"{"a":{"b":[1,2,3,4,{"k":1}],"c":{"d":"x"}},"e":[{"n":1},{"n":2},{"n":3}]}"#,
    );
    becomes(
        "- {target: '$.e[?@.n > 1]', update: {big: true}}",
        r#"{"a":{"b":[1,2,3],"c":{"d":"x"}},"e":[{"n":1},{"n":2,"big":true},{"n":3,"big":true}]}"#,
    );
    becomes(
        "- {target: $.a.c.d, update: z}",
        r#"{"a":{"b":[1,2,3],"c":{"d":"z"}},"e":[{"n":1},{"n":2},{"n":3}]}"#,
    );
}

#[test]
fn places_are_removed_and_copied() {
    becomes(
        "- {target: '$.e[?@.n != 2]', remove: true}\n- {target: '$.a.*', remove: true}",
        r#"{"a":{},"e":[{"n":2}]}"#,
    );
    becomes(
        "- {target: $, update: {f: {}}}\n- {target: $.f, copy: $.a.c}\n- {target: $.a, remove: true}",
        r#"{"e":[{"n":1},{"n":2},{"n":3}],"f":{"d":"x"}}"#,
    );
    // A place within another that is removed too.
    becomes(
        "- {target: '$.a..*', remove: true}",
        r#"{"a":{},"e":[{"n":1},{"n":2},{"n":3}]}"#,
    );
}

#[test]
fn actions_that_cannot_be_done_are_refused() {
    for (actions, code) in [
        ("- {target: $.zzz, remove: true}", "E0213"),
        ("- {target: $.a, copy: $.zzz}", "E0213"),
        ("- {target: 'a.b', remove: true}", "E0212"),
        ("- {target: '$[', remove: true}", "E0212"),
        ("- {target: $, remove: true}", "E0214"),
        ("- {target: $.a, update: 1}", "E0214"),
        ("- {target: $.a, update: {b: {}}}", "E0214"),
        ("- {target: $.a, update: {c: [1]}}", "E0214"),
        ("- {target: $.a, copy: '$.e[*]'}", "E0214"),
        ("- {target: $.a}", "E0211"),
        ("- {target: $.a, update: {}, remove: true}", "E0211"),
        ("- {target: $.a, updat: {}}", "E0211"),
        ("- {update: {}}", "E0211"),
        ("  []", "E0211"),
    ] {
        let found = overlaid(DOCUMENT, actions).unwrap_err();
        assert!(found.contains(&code), "{actions}: {found:?}");
    }
}

#[test]
fn copies_of_copies_end_somewhere() {
    let twice =
        "- {target: $, update: {f: {}}}\n- {target: $.f, copy: $}\n- {target: $.f, copy: $}\n";
    let many = format!(
        "- {{target: $.e, copy: $.e}}\n{}",
        "- {target: $.e, copy: $.e}\n".repeat(40)
    );
    assert_eq!(overlaid(DOCUMENT, &many), Err(vec!["E0214"]));
    assert!(overlaid(DOCUMENT, twice).is_ok());
    let deep = "- {target: $.a.c, update: {c: {}}}\n- {target: $.a.c.c, copy: $.a}\n".repeat(60);
    assert_eq!(overlaid(DOCUMENT, &deep), Err(vec!["E0214"]));
}
