//! JSON and XML of the same value: what comes back is equal, everything else is refused.
#![cfg(feature = "xml")]

use proptest::prelude::*;
use verbatim_runtime::json::Json;
use verbatim_runtime::layout::{Dialect, Format, Layout, XmlType};
use verbatim_runtime::xml::{from_json, to_json};

const fn xml_type(name: &'static str, root: &'static str, layout: Layout) -> XmlType {
    XmlType { name, root, layout }
}

const DISK: Layout = Layout::Object(
    &[
        ("built", Layout::Boolean),
        ("dash-ed", Layout::Any),
        ("id", Layout::Number),
        (
            "logs",
            Layout::List(&Layout::Under("log", &Layout::Named("Log"))),
        ),
        ("parent", Layout::Named("Disk")),
        ("size", Layout::OneOf(&[Layout::Any])),
        ("tags", Layout::List(&Layout::Any)),
        (
            "tree",
            Layout::OneOf(&[Layout::Number, Layout::Named("Log")]),
        ),
    ],
    &Layout::Any,
);

const LOG: Layout = Layout::Object(&[("at", Layout::Number)], &Layout::Number);

static FORMAT: Format = Format {
    name: "xml",
    suffix: ".xml",
    media: "application/xml",
    dialect: Dialect::Rails,
    types: &[
        xml_type("Any", "", Layout::Any),
        xml_type(
            "Changed",
            "hash",
            Layout::OneOf(&[
                Layout::Under("disk", &Layout::Named("Disk")),
                Layout::Named("Log"),
            ]),
        ),
        xml_type("Disk", "", DISK),
        xml_type(
            "Disks",
            "disks",
            Layout::List(&Layout::Under("disk", &Layout::Named("Disk"))),
        ),
        xml_type("Log", "", LOG),
        xml_type(
            "{disk: Disk}",
            "",
            Layout::Under("disk", &Layout::Named("Disk")),
        ),
    ],
};

const ROOTED: &str = "{disk: Disk}";

fn same(json: &str, name: &str) -> String {
    let xml = from_json(json, name, &FORMAT).unwrap_or_else(|error| panic!("{json}: {error}"));
    let back = to_json(&xml, name, &FORMAT).unwrap_or_else(|error| panic!("{xml}: {error}"));
    assert_eq!(
        json.parse::<Json>().unwrap(),
        back.parse::<Json>().unwrap(),
        "{xml}"
    );
    xml
}

fn refused(xml: &str, name: &str) -> String {
    match to_json(xml, name, &FORMAT) {
        Ok(json) => panic!("{xml} was read as {json}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn values_come_back() {
    let xml = same(
        r#"{"disk":{"id":7,"built":true,"label":"a <b> & \"c\" é","note":null}}"#,
        ROOTED,
    );
    assert_eq!(
        xml,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<disk><id type=\"integer\">7</id>\
         <built type=\"boolean\">true</built><label>a &lt;b&gt; &amp; \"c\" é</label><note nil=\"true\"/></disk>"
    );
    for (json, name) in [
        (
            r#"{"disk":{"tags":[],"logs":[{"log":{"at":1.50,"x":2}},{"log":{"at":1e5}}]}}"#,
            ROOTED,
        ),
        (
            r#"{"disk":{"tags":["1"," a ","",null,true,[],[1,"b"]],"dash-ed":"x"}}"#,
            ROOTED,
        ),
        (
            r#"{"disk":{"size":"8","tree":5,"parent":{"tree":{"at":123456789012345678901234567890}}}}"#,
            ROOTED,
        ),
        (
            r#"{"disk":{"parent":{},"label":"line\nend\r\n\ttab","n":-0.0}}"#,
            ROOTED,
        ),
        (r#"[{"disk":{"id":1}},{"disk":{"id":2}}]"#, "Disks"),
        ("[]", "Disks"),
        ("{}", "Changed"),
        (r#"{"disk":{"id":1}}"#, "Changed"),
        (r#"{"at":5}"#, "Changed"),
        (r#"{"any":[{"a":1,"b":[{"c":{"d":null}}]},2]}"#, "Any"),
        (r#""text""#, "Any"),
        ("12.50", "Any"),
        ("null", "Any"),
    ] {
        same(json, name);
    }
}

#[test]
fn other_spellings_mean_the_same() {
    let wanted = r#"{"disk":{"id":7,"built":false,"label":"x","logs":[{"log":{"at":1}}]}}"#;
    for xml in [
        "<disk><id>7</id><built>false</built><label>x</label><logs><log><at>1</at></log></logs></disk>",
        "<?xml version=\"1.0\"?><!-- a --><disk>\n  <id type=\"integer\">7</id>\n <built type=\"boolean\">false</built>\
         <label><![CDATA[x]]></label><logs type=\"array\"> <log><at type='integer'>1</at></log> </logs></disk>\n",
        "<disk><id type=\"integer\">7</id><built>false</built><label type=\"string\">&#x78;</label>\
         <logs type=\"array\"><log nil=\"false\"><at>1</at></log></logs></disk>",
    ] {
        assert_eq!(to_json(xml, ROOTED, &FORMAT).unwrap(), wanted, "{xml}");
    }
    assert_eq!(
        to_json("<a-b><c-d>\r\n</c-d></a-b>", "Any", &FORMAT).unwrap(),
        r#"{"c_d":"\n"}"#
    );
}

#[test]
fn refusals_name_their_place() {
    for (xml, name, wanted) in [
        ("", ROOTED, "at /: there is no element (line 1, column 1)"),
        ("x", ROOTED, "at /: there is text outside of the root"),
        (
            "<dusk/>",
            ROOTED,
            "at /: expected the root \"disk\", found `dusk`",
        ),
        (
            "<dusk/>",
            "Changed",
            "at /: expected the root \"disk\" or \"hash\", found `dusk`",
        ),
        (
            "<disks type=\"array\"><dusk/></disks>",
            "Disks",
            "at /: expected \"disk\", found `dusk`",
        ),
        (
            "<disk>\n<logs type=\"array\"><disk/></logs></disk>",
            ROOTED,
            "at /disk/logs: expected \"log\", found `disk` (line 2, column 20)",
        ),
        (
            "<disk><id type=\"integer\">07</id></disk>",
            ROOTED,
            "at /disk/id: \"07\" is no number",
        ),
        (
            "<disk><built type=\"boolean\">yes</built></disk>",
            ROOTED,
            "at /disk/built: \"yes\" is neither true nor false",
        ),
        (
            "<disk>x<id>7</id></disk>",
            ROOTED,
            "at /disk: the element `id` stands where none can",
        ),
        (
            "<disk><id>7</id>x</disk>",
            ROOTED,
            "at /disk: there is text between elements",
        ),
        (
            "<disk><id><a/></id></disk><b/>",
            ROOTED,
            "at /: the element `b` stands after the root",
        ),
        (
            "<disk><id type=\"integer\"><a/></id></disk>",
            ROOTED,
            "at /disk/id: the element `a` stands where none can",
        ),
        (
            "<disk xmlns=\"urn:x\"/>",
            ROOTED,
            "at /disk: the attribute `xmlns` means nothing here",
        ),
        (
            "<disk>&nbsp;</disk>",
            ROOTED,
            "at /disk: the entity `&nbsp;` is not known",
        ),
        (
            "<disk>&#0;</disk>",
            ROOTED,
            "at /disk: the entity `&#0;` is not known",
        ),
        (
            "<disk>&#xD800;</disk>",
            ROOTED,
            "at /disk: the entity `&#xD800;` is not known",
        ),
        ("<disk></dusk>", ROOTED, "not well-formed"),
        ("<disk a></disk>", ROOTED, "not well-formed"),
        ("</disk>", ROOTED, "not well-formed"),
        (
            "<disk>",
            ROOTED,
            "at /disk: the text ends before this element does",
        ),
        (
            "<!DOCTYPE disk SYSTEM \"file:///etc/passwd\"><disk/>",
            ROOTED,
            "at /: a document type is declared",
        ),
    ] {
        let error = refused(xml, name);
        assert!(error.contains(wanted), "{xml}: {error}");
    }
}

#[test]
fn what_xml_cannot_say_is_refused() {
    for (json, wanted) in [
        (
            r#"{"disk":{"label":"\u0000"}}"#,
            "at /disk/label: XML has no way to write '\\0'",
        ),
        (
            r#"{"disk":{"a b":1}}"#,
            "at /disk/a b: \"a b\" cannot be the name of an element",
        ),
        (
            r#"{"disk":{"a-b":1}}"#,
            "the value would change on its way through xml",
        ),
        (
            r#"{"disk":{"logs":[{"at":1}]}}"#,
            "the value would change on its way through xml",
        ),
        (r#"{"dusk":{}}"#, "expected the root \"disk\""),
    ] {
        let error = from_json(json, ROOTED, &FORMAT).unwrap_err().to_string();
        assert!(error.contains(wanted), "{json}: {error}");
    }
}

#[test]
fn hostile_texts_are_refused_in_bounded_time() {
    let bomb =
        "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><disk>&b;</disk>";
    assert!(refused(bomb, ROOTED).contains("a document type is declared"));
    let deep = format!("{}{}", "<disk>".repeat(200_000), "</disk>".repeat(200_000));
    assert!(refused(&deep, ROOTED).contains("elements inside one another"));
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    same(&deep, "Any");
    let wide = format!(
        "<disk><tags type=\"array\">{}</tags></disk>",
        "<tag/>".repeat(100_000)
    );
    assert_eq!(
        to_json(&wide, ROOTED, &FORMAT)
            .unwrap()
            .matches("\"\"")
            .count(),
        100_000
    );
    let long = format!("<disk {}/>", "a=\"b\" ".repeat(100_000));
    assert!(refused(&long, ROOTED).contains("means nothing here"));
}

#[test]
fn a_text_that_is_cut_off_is_refused() {
    let json = r#"{"disk":{"id":7,"label":"a <b>","logs":[{"log":{"at":1}}],"note":null}}"#;
    let xml = from_json(json, ROOTED, &FORMAT).unwrap();
    for at in (0..xml.len()).filter(|at| xml.is_char_boundary(*at)) {
        refused(&xml[..at], ROOTED);
    }
}

/// Any JSON value as a text.
fn any_json() -> impl Strategy<Value = String> {
    let text = |text: String| serde_json::to_string(&text).expect("a string");
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|it| it.to_string()),
        any::<i64>().prop_map(|it| it.to_string()),
        "-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?",
        any::<String>().prop_map(text),
    ];
    leaf.prop_recursive(4, 32, 4, move |inner| {
        let member = (
            prop_oneof!["[a-z_-]{1,6}", Just("logs".to_owned()), any::<String>()],
            inner.clone(),
        );
        prop_oneof![
            proptest::collection::vec(inner, 0..4)
                .prop_map(|items| format!("[{}]", items.join(","))),
            proptest::collection::vec(member, 0..4).prop_map(move |members| {
                let members = members
                    .into_iter()
                    .map(|(name, value)| format!("{}:{value}", text(name)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_value_changes_in_silence(json in any_json()) {
        for name in ["Any", "Disk", "Disks", "Changed", ROOTED] {
            if let Ok(xml) = from_json(&json, name, &FORMAT) {
                let back = to_json(&xml, name, &FORMAT).expect("what was written can be read");
                let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
                prop_assert_eq!(read(&json), read(&back), "{}", xml);
            }
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(xml in "(<[a-c]( type=\"(array|integer|x)\")?/?>|</[a-c]>|&[a-z#0-9]{0,4};?|[ -~]{0,3}){0,24}") {
        for name in ["Any", "Disk", "Disks", "Changed", ROOTED] {
            if let Ok(json) = to_json(&xml, name, &FORMAT) {
                prop_assert!(json.parse::<Json>().is_ok(), "{} is no JSON", json);
            }
        }
    }
}
