//! Remarks for tools that show them where they belong: annotations of GitHub Actions, and SARIF.

use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, Severity};
use crate::node::{Node, Object, Value};
use crate::printable::printable;
use crate::text::{Sources, Span};

/// One thing that is to be shown at a line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The rule it follows from, such as `E0104` or `schema`.
    pub rule: String,
    /// How serious it is.
    pub severity: Severity,
    /// What is to be said; may have several lines.
    pub message: String,
    /// Where it belongs; `None` where that is no place of a file.
    pub place: Option<Place>,
    /// What stays the same when the lines of the file move, where there is such a thing.
    pub fingerprint: Option<String>,
    /// Whether somebody has accepted it.
    pub accepted: bool,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The path of the file, as it was given.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

/// What the rules of a log mean: each name with a sentence.
pub type Rules<'a> = &'a [(&'a str, &'a str)];

impl Place {
    /// The beginning of a span; `None` where it is no place of these sources.
    pub fn of(span: Span, sources: &Sources) -> Option<Self> {
        let source = sources.get(span.source)?;
        let (line, column) = source.line_column(usize::try_from(span.start).ok()?);
        Some(Self {
            file: source.name().to_owned(),
            line,
            column,
        })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl Remark {
    /// A remark without a place.
    pub fn new(rule: impl Into<String>, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            rule: rule.into(),
            severity,
            message: message.into(),
            place: None,
            fingerprint: None,
            accepted: false,
        }
    }

    /// Says where it belongs.
    #[must_use]
    pub fn at(mut self, place: Option<Place>) -> Self {
        self.place = place;
        self
    }

    /// A command of GitHub Actions that marks the line, without a line break at its end. What somebody
    /// has accepted is marked as a notice.
    pub fn annotation(&self) -> String {
        let level = match self.severity {
            _ if self.accepted => "notice",
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut properties = Vec::new();
        if let Some(Place { file, line, column }) = &self.place {
            let file = escaped(file, true);
            properties.push(format!("file={file},line={line},col={column}"));
        }
        if !self.rule.is_empty() {
            properties.push(format!("title={}", escaped(&self.rule, true)));
        }
        let properties = properties.join(",");
        let blank = if properties.is_empty() { "" } else { " " };
        format!(
            "::{level}{blank}{properties}::{}",
            escaped(&self.message, false)
        )
    }

    fn result(&self) -> Value {
        let level = self.severity.as_str();
        let mut result = Object::new();
        let mut set = |key: &str, value: Value| result.insert(key, Node::made(value));
        if !self.rule.is_empty() {
            set("ruleId", Value::from(self.rule.as_str()));
        }
        set("level", Value::from(level));
        set("message", object([("text", Value::from(&*self.message))]));
        if let Some(Place { file, line, column }) = &self.place {
            let artifact = object([("uri", Value::from(uri(file)))]);
            let region = object([
                ("startLine", Value::from(*line)),
                ("startColumn", Value::from(*column)),
            ]);
            let physical = object([("artifactLocation", artifact), ("region", region)]);
            let location = object([("physicalLocation", physical)]);
            set("locations", Value::from(vec![location]));
        }
        if let Some(print) = &self.fingerprint {
            let prints = object([("verbatim/v1", Value::from(print.as_str()))]);
            set("partialFingerprints", prints);
        }
        if self.accepted {
            let accepted = object([("kind", Value::from("external"))]);
            set("suppressions", Value::from(vec![accepted]));
        }
        Value::Object(result)
    }
}

impl From<(&Diagnostic, &Sources)> for Remark {
    fn from((problem, sources): (&Diagnostic, &Sources)) -> Self {
        let mut text = problem.message.clone();
        if let Some(help) = &problem.help {
            let _ = write!(text, "\n{help}");
        }
        let place = problem.span().and_then(|span| Place::of(span, sources));
        Self::new(problem.code, problem.severity, text).at(place)
    }
}

/// A log of SARIF 2.1.0 with one run of a tool, in one line.
pub fn sarif(version: &str, rules: Rules<'_>, remarks: &[Remark]) -> String {
    let used = |id: &str| remarks.iter().any(|remark| remark.rule == id);
    let rules = rules.iter().filter(|(id, _)| used(id)).map(|(id, text)| {
        let text = object([("text", Value::from(*text))]);
        object([("id", Value::from(*id)), ("shortDescription", text)])
    });
    let driver = object([
        ("name", Value::from("verbatim")),
        ("version", Value::from(version)),
        ("rules", Value::from(rules.collect::<Vec<_>>())),
    ]);
    let results: Vec<Value> = remarks.iter().map(Remark::result).collect();
    let run = object([
        ("tool", object([("driver", driver)])),
        ("columnKind", Value::from("unicodeCodePoints")),
        ("results", Value::from(results)),
    ]);
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    let log = object([
        ("$schema", Value::from(schema)),
        ("version", Value::from("2.1.0")),
        ("runs", Value::from(vec![run])),
    ]);
    crate::write::compact(&log)
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(Object::from_iter(members))
}

/// A text as the commands of GitHub Actions want it; values of properties know two more escapes.
fn escaped(text: &str, is_property: bool) -> String {
    let text = printable(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A");
    if is_property {
        text.replace(':', "%3A").replace(',', "%2C")
    } else {
        text
    }
}

/// A path as a reference: what has a meaning in a URI is escaped, absolute paths become `file:` URIs.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut out = String::with_capacity(path.len());
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with('/') {
        out.push_str("file://");
    } else if drive {
        out.push_str("file:///");
    }
    for byte in path.strip_prefix("./").unwrap_or(&path).bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if plain || (drive && byte == b':') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    fn problem() -> (Diagnostic, Sources) {
        let mut sources = Sources::new();
        let id = sources.add(Source::new("a,b.yaml", "x\n  y: 1\n".to_owned()));
        let problem = Diagnostic::error("E0104", "50% wrong").at(Span::new(id, 4, 5), "here");
        (problem, sources)
    }

    #[test]
    fn lines_are_annotated() {
        let (problem, sources) = problem();
        let remark = Remark::from((&problem, &sources));
        assert_eq!(
            remark.annotation(),
            "::error file=a%2Cb.yaml,line=2,col=3,title=E0104::50%25 wrong"
        );
        let plain = Remark::new("", Severity::Note, "a\nb\u{1b}[1m");
        assert_eq!(plain.annotation(), "::notice::a%0Ab\\u{1b}[1m");
    }

    #[test]
    fn a_log_has_places_rules_and_what_is_accepted() {
        let (problem, sources) = problem();
        let mut remark = Remark::from((&problem, &sources));
        remark.accepted = true;
        remark.fingerprint = Some("f".to_owned());
        let rules = [("E0104", "Something."), ("E0105", "Unused.")];
        assert_eq!(
            sarif("1.0", &rules, &[remark]),
            concat!(
                r#"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":"#,
                r#"{"driver":{"name":"verbatim","version":"1.0","rules":[{"id":"E0104","shortDescription":{"text":"Something."}}]}},"#,
                r#""columnKind":"unicodeCodePoints","results":[{"ruleId":"E0104","level":"error","message":{"text":"50% wrong"},"#,
                r#""locations":[{"physicalLocation":{"artifactLocation":{"uri":"a%2Cb.yaml"},"#,
                r#""region":{"startLine":2,"startColumn":3}}}],"partialFingerprints":{"verbatim/v1":"f"},"#,
                r#""suppressions":[{"kind":"external"}]}]}]}"#,
            )
        );
    }

    #[test]
    fn paths_become_references() {
        for (path, reference) in [
            ("./spec/a b.yaml", "spec/a%20b.yaml"),
            ("/tmp/ä:1.json", "file:///tmp/%C3%A4%3A1.json"),
            ("C:\\x\\y.json", "file:///C:/x/y.json"),
        ] {
            assert_eq!(uri(path), reference);
        }
    }
}
