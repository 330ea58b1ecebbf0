//! What a server sends acts nowhere: not on a terminal, in a browser, in a log of a build, in Markdown.

use verbatim_source::Place;

use super::{Format, Report};
use crate::coverage::{Coverage, OperationCoverage, Threshold};
use crate::evidence::Proposal;
use crate::finding::{Documented, Finding, Kind, Severity};
use crate::redact::{Redactor, Shown};
use crate::{Expected, Request};

/// Escape sequences in two encodings, marks of direction, line breaks with commands of a build log, mark-up.
const HOSTILE: &str = "\u{1b}[31mx\u{9b}1m\u{202e}\n::error::pwned\n::stop-commands::x\r\n\
                       <script>alert(1)</script>' onload='x\" onclick=\"x` ](javascript:x) | @all ``` ]]>&#27;\t\u{0}";

/// A report in which the same text stands everywhere.
fn report(text: &str) -> Report {
    let own = || text.to_owned();
    let request = Request::new("POST", format!("/{text}"))
        .header("X-Odd", text)
        .content("text/plain", text.as_bytes().to_vec());
    let shown = Shown {
        origin: own(),
        request: own(),
        request_body: own(),
        status: 200,
        response_body: own(),
        value: own(),
        pointer: own(),
        curl: Redactor::new().curl(&request, "http://127.0.0.1"),
    };
    let finding = |severity| Finding {
        kind: Kind::Schema,
        severity,
        operation: own(),
        place: format!("{severity}{text}"),
        message: own(),
        document: Some(Documented {
            pointer: own(),
            place: Place {
                file: own(),
                line: 3,
                column: 4,
            },
        }),
        count: 2,
        samples: vec![shown.clone()],
    };
    let mut coverage = Coverage::default();
    let seen = OperationCoverage {
        method: own(),
        path: own(),
        calls: 1,
        statuses: [(own(), 1)].into_iter().collect(),
        parameters: [(own(), 0)].into_iter().collect(),
        received: [(own(), 0)].into_iter().collect(),
        ..OperationCoverage::default()
    };
    coverage.operations.insert(own(), seen);
    Report {
        title: own(),
        subject: own(),
        mode: "recorded",
        findings: vec![
            finding(Severity::Error),
            finding(Severity::Warning),
            finding(Severity::Note),
        ],
        coverage,
        proposals: vec![Proposal {
            key: own(),
            text: "- target: X\n".to_owned(),
        }],
        notes: vec![own()],
        exchanges: 1,
    }
}

fn rendered(text: &str, format: Format) -> String {
    let report = report(text);
    let expected = Expected::read("schema listA 200:gone\n").expect("it is a file of findings");
    let mut threshold = Threshold::default();
    threshold.ask("100").expect("it is a percentage");
    let verdict = report
        .verdict(&expected, Severity::Warning)
        .covering(&report.coverage, &threshold);
    assert!(!verdict.is_clean() && verdict.short.len() == 2);
    report.render(format, &verdict)
}

/// The beginnings of the lines, as far as they are ours.
fn lines(text: &str) -> Vec<String> {
    let head = |line: &str| line.split([':', '`', '|']).next().unwrap_or("").to_owned();
    text.lines().map(head).collect()
}

#[test]
fn nothing_acts_on_a_terminal() {
    for format in [
        Format::Text,
        Format::Github,
        Format::Markdown,
        Format::Html,
        Format::Junit,
    ] {
        let text = rendered(HOSTILE, format);
        let acts =
            |c: &char| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c);
        assert_eq!(text.chars().find(acts), None, "{format:?}: {text:?}");
    }
    let json = rendered(HOSTILE, Format::Json) + &rendered(HOSTILE, Format::Sarif);
    assert!(!json.contains(['\u{1b}', '\u{0}']), "{json:?}");
}

#[test]
fn no_line_is_begun_by_a_server() {
    for format in [Format::Text, Format::Github, Format::Markdown] {
        let (hostile, plain) = (rendered(HOSTILE, format), rendered("plain", format));
        assert_eq!(hostile.lines().count(), plain.lines().count(), "{hostile}");
        if format != Format::Markdown {
            continue;
        }
        assert_eq!(lines(&hostile), lines(&plain));
    }
    for line in rendered(HOSTILE, Format::Text).lines() {
        assert!(!line.trim_start().starts_with("::"), "{line}");
    }
    for line in rendered(HOSTILE, Format::Github).lines() {
        let ours = ["::error ", "::warning ", "::notice ", "failed: "];
        assert!(ours.iter().any(|lead| line.starts_with(lead)), "{line}");
    }
}

/// The tags of a page with the names of their attributes.
fn tags(html: &str) -> Vec<String> {
    let tags = html.split('<').skip(1);
    let names = tags.map(|tag| {
        let inside = tag.split('>').next().unwrap_or("");
        let mut words = String::new();
        let mut quoted = false;
        for character in inside.chars() {
            match character {
                '"' => quoted = !quoted,
                other if !quoted => words.push(other),
                _ => {}
            }
        }
        words
    });
    names.collect()
}

#[test]
fn nothing_acts_in_a_browser() {
    let (hostile, plain) = (
        rendered(HOSTILE, Format::Html),
        rendered("plain", Format::Html),
    );
    assert_eq!(tags(&hostile), tags(&plain));
    let quotes = |text: &str| text.matches(['\'', '"']).count();
    assert_eq!(
        quotes(&hostile),
        quotes(&plain),
        "an attribute could be closed"
    );
    assert!(hostile.contains("default-src 'none'"), "nothing is loaded");
}

#[test]
fn cells_and_spans_of_markdown_stay_closed() {
    let text = rendered(HOSTILE, Format::Markdown);
    for line in text.lines() {
        // Every span opens with a run of backticks and closes with the same, so what is left over is ours.
        let mut rest = line;
        let mut outside = String::new();
        while let Some(at) = rest.find('`') {
            outside.push_str(&rest[..at]);
            let from = &rest[at..];
            let run = from.len() - from.trim_start_matches('`').len();
            let fence = &from[..run];
            let inside = &from[run..];
            let end = inside.match_indices(fence).map(|(end, _)| end).find(|end| {
                !inside[..*end].ends_with('`') && !inside[end + run..].starts_with('`')
            });
            let end = end.unwrap_or_else(|| panic!("an open span: {line}"));
            rest = &inside[end + run..];
        }
        outside.push_str(rest);
        assert!(
            !outside.contains("script") && !outside.contains('@'),
            "{line}"
        );
    }
}

#[test]
fn findings_stand_at_their_places_in_sarif_and_junit_names_them() {
    let log = rendered("plain", Format::Sarif);
    for part in [
        r#""version":"2.1.0""#,
        r#""uri":"plain"},"region":{"startLine":3,"startColumn":4}"#,
        r#""partialFingerprints":{"verbatim/v1":"schema plain errorplain"}"#,
        r#""id":"schema""#,
        r#""ruleId":"coverage""#,
        r#""ruleId":"expected""#,
    ] {
        assert!(log.contains(part), "{part} in {log}");
    }
    let junit = rendered("plain", Format::Junit);
    for part in [
        r#"<testsuite name="plain" tests="3""#,
        r#"failures="2""#,
        "documented at plain:3:4",
        r#"<testsuite name="coverage" tests="2""#,
        r#"<testsuite name="expected" tests="1""#,
    ] {
        assert!(junit.contains(part), "{part} in {junit}");
    }
}
