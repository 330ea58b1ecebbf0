use std::fmt::Write as _;

use super::*;
use crate::{Source, write};

fn read(text: &str) -> Result<Node, Vec<Diagnostic>> {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("a.yaml", text.to_owned()));
    parse(&sources, id, &Limits::default())
}

fn json(text: &str) -> String {
    match read(text) {
        Ok(node) => write::compact(&node.value),
        Err(problems) => panic!("{text}: {problems:?}"),
    }
}

fn codes(text: &str) -> Vec<&'static str> {
    read(text)
        .unwrap_err()
        .iter()
        .map(|problem| problem.code)
        .collect()
}

#[test]
fn mappings_and_sequences_become_json() {
    let text = "# c\nb: 1.50\na:\n  - x\n  - no\n  - {y: [1, \"2\"], z: }\n200: 'it''s'\non: |\n  two\n  lines\n";
    assert_eq!(
        json(text),
        r#"{"b":1.50,"a":["x","no",{"y":[1,"2"],"z":null}],"200":"it's","on":"two\nlines\n"}"#
    );
    assert_eq!(json("\"\\uD83D\\uDE00\""), "\"😀\"");
    assert_eq!(
        json("a: >-\r\n  one\r\n  two\r\nb: 1\r\n"),
        r#"{"a":"one two","b":1}"#
    );
    assert_eq!(json("--- 1\n"), "1");
}

#[test]
fn spans_are_bytes_of_the_text() {
    let text = "ä: ö\nkey:\n  - 'x'\n  - b: c\nlast: [1,\n 2]\n";
    let root = read(text).unwrap();
    let cut = |node: &Node| &text[node.span.start as usize..node.span.end as usize];
    assert_eq!(cut(root.get("ä").unwrap()), "ö");
    let list = root.get("key").unwrap();
    assert_eq!(cut(&list.as_array().unwrap()[0]), "'x'");
    assert_eq!(cut(list), "- 'x'\n  - b: c");
    assert_eq!(cut(root.get("last").unwrap()), "[1,\n 2]");
    let key = root.as_object().unwrap().member("key").unwrap().key_span;
    assert_eq!(&text[key.start as usize..key.end as usize], "key");
    assert!(cut(&root).ends_with("2]"));
}

#[test]
fn aliases_are_copied_and_merge_keys_carried_out() {
    assert_eq!(
        json("a: &x {k: 1, l: 2}\nb: *x\nc: {<<: *x, l: 3}\nd: {'<<': 1}\n&n e: *n\n"),
        r#"{"a":{"k":1,"l":2},"b":{"k":1,"l":2},"c":{"l":3,"k":1},"d":{"<<":1},"e":"e"}"#
    );
    assert_eq!(
        json("a: &x 1\nb: {? *x : y, << : [{p: 1}, {p: 2, q: 3}]}"),
        r#"{"a":1,"b":{"1":"y","p":1,"q":3}}"#
    );
}

#[test]
fn what_json_does_not_have_is_refused() {
    for (text, code) in [
        ("", "E0014"),
        ("# only a comment\n", "E0014"),
        ("a: !local 1", "E0016"),
        ("a: !!binary aGk=", "E0016"),
        ("a: !!int x", "E0016"),
        ("a: !!set {x}", "E0016"),
        ("a: 1\n---\nb: 2\n", "E0017"),
        ("{id}: 1", "E0018"),
        ("? [1]\n: 2", "E0018"),
        ("a: *b", "E0019"),
        ("a: &a [*a]", "E0019"),
        ("a: .inf", "E0020"),
        ("<<: 1", "E0021"),
        ("a: 1\na: 2", "E0004"),
        ("a: [1", "E0015"),
        ("a: 'x", "E0015"),
        ("a: b: c", "E0015"),
        ("a:\n\tb: 1", "E0015"),
        ("a: @x", "E0015"),
    ] {
        assert_eq!(codes(text), [code], "{text}");
    }
    assert_eq!(
        json("a: !!str 1\nb: !!int 2\nc: !!map {}\nd: !!seq []\n"),
        r#"{"a":"1","b":2,"c":{},"d":[]}"#
    );
}

#[test]
fn several_problems_are_reported_at_once() {
    assert_eq!(
        codes("a: 1\na: 2\nb: .nan\nc: !x 1\nd: *e\n"),
        ["E0020", "E0016", "E0019", "E0004"]
    );
}

#[test]
fn alias_bombs_are_refused() {
    let mut text = "a0: &a0 [x]\n".to_owned();
    for level in 1..40 {
        let before = level - 1;
        writeln!(
            text,
            "a{level}: &a{level} [*a{before}, *a{before}, *a{before}]"
        )
        .unwrap();
    }
    assert_eq!(codes(&text), ["E0006"]);
    let text = format!(
        "a: &a {}\nb: [{}0]\n",
        "x".repeat(1 << 20),
        "*a, ".repeat(100_000)
    );
    assert_eq!(codes(&text), ["E0006"]);
    let text = format!(
        "a0: &a0 1\n{}",
        (1..600).fold(String::new(), |text, level| {
            text + &format!("a{level}: &a{level} [*a{}]\n", level - 1)
        })
    );
    assert_eq!(codes(&text), ["E0005"]);
}

#[test]
fn deep_nesting_is_refused_without_overflow() {
    for text in [
        "[".repeat(20_000),
        "{a: ".repeat(20_000),
        "- ".repeat(20_000),
        (0..20_000).fold(String::new(), |text, level: usize| {
            text + &" ".repeat(level % 700) + "a:\n"
        }),
    ] {
        let codes = codes(&text);
        assert!(codes == ["E0005"] || codes == ["E0015"], "{codes:?}");
    }
    let text = format!("{}1{}", "[".repeat(512), "]".repeat(512));
    assert!(read(&text).is_ok());
    assert!(read(&format!("{}1", "- ".repeat(512))).is_ok());
}

#[test]
fn tags_agree_with_what_they_stand_before() {
    assert_eq!(
        json(
            "a: !!int \"0x1F\"\nb: !!bool 'true'\nc: !!null ''\nd: ! 1\ne: ! [x]\nf: !<tag:yaml.org,2002:str> 1\n"
        ),
        r#"{"a":31,"b":true,"c":null,"d":"1","e":["x"],"f":"1"}"#
    );
    assert_eq!(json("{!!merge <<: {a: 1}, b: 2}"), r#"{"b":2,"a":1}"#);
    assert_eq!(codes("a: !!int 1.5"), ["E0016"]);
    assert_eq!(codes("!x a: 1"), ["E0016"]);
}

#[test]
fn an_empty_key_is_refused() {
    for text in [": a", "? \n: a", "{: a}", "~: a", "- :\n"] {
        assert_eq!(codes(text), ["E0018"], "{text}");
    }
    assert_eq!(
        json("'': a\n'~': b\nnull: c\n"),
        r#"{"":"a","~":"b","null":"c"}"#
    );
    assert_eq!(json("{!!str : a}"), r#"{"":"a"}"#);
}

#[test]
fn a_byte_order_mark_within_a_text_belongs_to_it() {
    assert_eq!(
        json("a: \u{feff}x\nb: y\u{feff}z\n"),
        "{\"a\":\"\u{feff}x\",\"b\":\"y\u{feff}z\"}"
    );
    assert_eq!(
        json("\u{feff}a: \u{feff}\u{e000}\n"),
        "{\"a\":\"\u{feff}\u{e000}\"}"
    );
    let root = read("a: \u{feff}x\nb: [y]\n").unwrap();
    assert_eq!(root.get("b").unwrap().span.start, 11);
}

#[test]
fn a_marker_ends_no_quoted_text() {
    assert_eq!(codes("a: \"x\n---\ny\"\n"), ["E0015"]);
    assert_eq!(codes("a: 'x\n...\n'\n"), ["E0015"]);
}

#[test]
fn what_readers_dispute_is_a_text_with_a_warning() {
    let mut sources = Sources::new();
    let text = "a: no\nb: 012\nc: '12:30'\nd: 12:30\n";
    let id = sources.add(Source::new("a.yaml", text.to_owned()));
    let tree = crate::parse_within(&sources, id, &mut Budget::new(Limits::default())).unwrap();
    assert_eq!(
        write::compact(&tree.root.value),
        r#"{"a":"no","b":"012","c":"12:30","d":"12:30"}"#
    );
    let told: Vec<&str> = tree.warnings.iter().map(|it| it.code).collect();
    assert_eq!(told, ["E0024"; 3]);
}
