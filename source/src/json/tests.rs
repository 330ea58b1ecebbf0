use super::*;
use crate::{Source, write};

fn read(text: &str) -> Result<Node, Vec<Diagnostic>> {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("a.json", text.to_owned()));
    parse(&sources, id, &Limits::default())
}

fn codes(text: &str) -> Vec<&'static str> {
    read(text)
        .unwrap_err()
        .iter()
        .map(|problem| problem.code)
        .collect()
}

#[test]
fn values_keep_order_and_literals() {
    let text = r#"{"b":1.50,"a":[1e400,-0,null,true,false,""],"c":{}}"#;
    let node = read(text).unwrap();
    assert_eq!(write::compact(&node.value), text);
}

#[test]
fn spans_cover_the_text_of_the_value() {
    let text = " {\"a\" : [10, \"x\"] } ";
    let root = read(text).unwrap();
    let cut = |span: Span| &text[span.start as usize..span.end as usize];
    assert_eq!(cut(root.span), "{\"a\" : [10, \"x\"] }");
    let member = root.as_object().unwrap().member("a").unwrap();
    assert_eq!(cut(member.key_span), "\"a\"");
    assert_eq!(cut(member.value.span), "[10, \"x\"]");
    assert_eq!(cut(member.value.as_array().unwrap()[1].span), "\"x\"");
}

#[test]
fn escapes_become_their_characters() {
    let node = read(r#""\"\\\/\b\f\n\r\t\u00e4\uD83D\uDE00ä""#).unwrap();
    assert_eq!(node.as_str(), Some("\"\\/\u{8}\u{c}\n\r\tä😀ä"));
}

#[test]
fn broken_structure_stops_with_its_code() {
    for (text, code) in [
        ("", "E0014"),
        (" \n", "E0014"),
        ("{", "E0013"),
        ("[1", "E0013"),
        ("[1,", "E0013"),
        ("{\"a", "E0013"),
        ("{\"a\\", "E0013"),
        ("{\"a\"", "E0013"),
        ("{\"a\":", "E0013"),
        ("tru", "E0003"),
        ("truex", "E0003"),
        ("{a:1}", "E0003"),
        ("{'a':1}", "E0003"),
        ("[1 2]", "E0003"),
        ("[1}", "E0003"),
        ("[,1]", "E0003"),
        ("// x\n1", "E0003"),
        ("1 2", "E0012"),
        ("{}}", "E0012"),
        ("\u{a0}1", "E0003"),
    ] {
        assert_eq!(codes(text), [code], "{text}");
    }
}

#[test]
fn broken_numbers_are_refused() {
    for text in [
        "01", "1.", "1.e5", "-", "1e", "1e+", "0x10", "1_000", "-01", "1.2.3",
    ] {
        assert_eq!(codes(text), ["E0010"], "{text}");
    }
    for text in [
        "0",
        "-0",
        "0.0",
        "1E+400",
        "123456789012345678901234567890e-99999999999999",
    ] {
        assert_eq!(read(text).unwrap().as_number(), Some(text));
    }
}

#[test]
fn all_small_faults_are_reported_at_once() {
    let text = "{\"a\": \"\t\", \"a\": \"\\x\", \"b\": \"\\ud800\", \"c\": \"\\udc00\\u12\", \"d\": [01,],}";
    assert_eq!(
        codes(text),
        [
            "E0007", "E0009", "E0008", "E0008", "E0009", "E0010", "E0011", "E0011", "E0004"
        ]
    );
}

#[test]
fn duplicate_keys_show_both_places() {
    let problems = read("{\"a\":1,\n\"\\u0061\":2}").unwrap_err();
    let spans: Vec<u32> = problems[0]
        .labels
        .iter()
        .map(|label| label.span.start)
        .collect();
    assert_eq!(spans, [8, 1]);
}

#[test]
fn deep_nesting_is_refused_without_overflow() {
    for text in ["[".repeat(20_000), "{\"a\":".repeat(20_000)] {
        assert_eq!(codes(&text), ["E0005"]);
    }
    let text = format!("{}{}", "[".repeat(512), "]".repeat(512));
    assert!(read(&text).is_ok());
}

#[test]
fn too_many_values_are_refused() {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("a.json", format!("[{}0]", "0,".repeat(100))));
    let limits = Limits {
        nodes: 50,
        ..Limits::default()
    };
    let problems = parse(&sources, id, &limits).unwrap_err();
    assert_eq!(problems[0].code, "E0006");
    let limits = Limits {
        bytes: 50,
        ..Limits::default()
    };
    let problems = parse(&sources, id, &limits).unwrap_err();
    assert_eq!(problems[0].code, "E0002");
}

#[test]
fn complaints_stop_at_a_hundred() {
    let text = format!("[{}1]", "01,".repeat(100_000));
    assert_eq!(codes(&text).len(), MOST_PROBLEMS + 1);
    let text = format!("{{{}\"a\":1}}", "\"a\":1,".repeat(100_000));
    assert_eq!(codes(&text).len(), MOST_PROBLEMS);
}
