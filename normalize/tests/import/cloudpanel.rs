//! The whole Cloud Panel documentation, where it is at hand, and `documented.json` as it was made from it.

#[path = "../../../tests/require.rs"]
mod require;

use std::fs;
use std::path::Path;

use verbatim_normalize::import::{ImportError, Imported, import};
use verbatim_source::{Limits, Source, Sources, equal, json};

const TEXT: &str = "../../shared/seeds/004_b72d99a83a7c09c0.txt";

fn spec(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../spec/cloudpanel")
        .join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The documentation text; says so where it is absent.
fn text() -> Option<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(TEXT)).ok();
    if text.is_none() {
        require::skipped("shared", "the documentation text is not here");
    }
    text
}

/// The refusal of a text that must not be accepted.
fn refusal(text: &str, ledger: &str, why: &str) -> ImportError {
    match run(text, ledger) {
        Ok(imported) => panic!("accepted: {why}: {}", imported.counts),
        Err(refused) => refused,
    }
}

fn run(text: &str, ledger: &str) -> Result<Imported, ImportError> {
    import(
        Source::new("cloudpanel.txt", text.to_owned()),
        Source::new("defects.yaml", ledger.to_owned()),
    )
}

#[test]
fn the_text_gives_the_facts_in_the_repository() {
    let Some(text) = text() else { return };
    let imported = run(&text, &spec("defects.yaml")).unwrap_or_else(|refused| panic!("{refused}"));
    let counts = &imported.counts;
    assert_eq!(
        (
            counts.operations,
            counts.paths,
            counts.schemas,
            counts.examples
        ),
        (175, 93, 167, 472)
    );
    let by_status = [
        (200, 97),
        (201, 9),
        (202, 69),
        (400, 57),
        (401, 1),
        (403, 15),
        (404, 167),
    ];
    assert_eq!(counts.request_examples, 57);
    assert!(
        counts
            .response_examples
            .iter()
            .map(|(status, count)| (*status, *count))
            .eq(by_status)
    );
    assert!(
        imported.documented == spec("documented.json"),
        "import the text again: documented.json is out of date"
    );
}

#[test]
fn without_its_ledger_the_text_is_refused() {
    let Some(text) = text() else { return };
    let ledger = spec("defects.yaml");
    let (counts, _) = ledger
        .split_once("repairs:")
        .expect("the ledger has repairs");
    let refused = refusal(&text, counts, "the text has defects");
    let codes = |code: &str| {
        refused
            .diagnostics
            .iter()
            .filter(|problem| problem.code == code)
            .count()
    };
    let json = refused
        .diagnostics
        .iter()
        .filter(|problem| problem.code.starts_with('E'));
    let lines: Vec<usize> = json
        .filter_map(|problem| {
            let span = problem.span()?;
            Some(
                refused
                    .sources
                    .get(span.source)?
                    .line_column(span.start as usize)
                    .0,
            )
        })
        .collect();
    assert_eq!(lines, [23432, 30478]);
    assert_eq!(codes("I0010"), 38, "words that JSON Schema does not know");
}

/// Wherever the text is cut, the cut is noticed: by the grammar, or at last by the counts.
#[test]
fn every_cut_is_refused() {
    let Some(text) = text() else { return };
    let ledger = spec("defects.yaml");
    let regular = (0..text.len()).step_by(12_301);
    let operations = text
        .match_indices("\nSecured by")
        .map(|(at, _)| at + 1)
        .step_by(6);
    let headings = text
        .match_indices("\nget\n/")
        .map(|(at, _)| at + 1)
        .step_by(4);
    for at in regular.chain(operations).chain(headings) {
        let Some(cut) = text.get(..at) else { continue };
        let refused = refusal(cut, &ledger, "the text is cut");
        assert!(!refused.to_string().is_empty());
    }
}

/// A line of structure that is lost is noticed, by the grammar or by the counts.
#[test]
fn lost_structure_is_refused() {
    const STARTS: [&str; 8] = [
        "Body",
        "Media type:",
        "Type:",
        "Content:",
        "Example:",
        "HTTP status",
        "Secured by",
        "/",
    ];
    let Some(text) = text() else { return };
    let ledger = spec("defects.yaml");
    let lines: Vec<&str> = text.lines().collect();
    let structure = |line: &str| {
        STARTS.iter().any(|start| line.starts_with(start)) || ["get", "put"].contains(&line)
    };
    let places = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| structure(line))
        .map(|(at, _)| at);
    for at in places.step_by(31) {
        let mut changed = lines.clone();
        changed[at] = "";
        let refused = refusal(
            &changed.join("\n"),
            &ledger,
            &format!("without line {}", at + 1),
        );
        assert!(!refused.to_string().is_empty());
    }
}

/// Lines taken out, doubled and swapped: an answer every time, never a panic.
#[test]
fn disordered_lines_are_answered() {
    let Some(text) = text() else { return };
    let ledger = spec("defects.yaml");
    let lines: Vec<&str> = text.lines().collect();
    for at in (0..lines.len() - 1).step_by(1201) {
        for change in 0..3 {
            let mut changed = lines.clone();
            match change {
                0 => drop(changed.remove(at)),
                1 => changed.insert(at, lines[at]),
                _ => changed.swap(at, at + 1),
            }
            if let Err(refused) = run(&changed.join("\n"), &ledger) {
                assert!(!refused.to_string().is_empty());
            }
        }
    }
}

/// Every example of `documented.json` is the JSON text that stands at its line.
#[test]
fn examples_are_the_texts_at_their_lines() {
    let Some(text) = text() else { return };
    let mut sources = Sources::new();
    let id = sources.add(Source::new("documented.json", spec("documented.json")));
    let documented = json::parse(&sources, id, &Limits::default()).expect("valid JSON");
    let starts: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let mut compared = 0;
    let operations = documented
        .get("operations")
        .and_then(|list| list.as_array())
        .expect("operations");
    for operation in operations {
        let responses = operation
            .get("responses")
            .and_then(|list| list.as_array())
            .expect("responses");
        let bodies = operation.get("requestBody").into_iter().chain(responses);
        for example in bodies
            .filter_map(|body| body.get("examples")?.as_array())
            .flatten()
        {
            if example.get("repairs").is_some() {
                continue;
            }
            let line: usize = example
                .get("line")
                .and_then(|line| line.as_number()?.parse().ok())
                .expect("a line");
            let rest = &text[starts[line - 1]..];
            let last = (1..).map(|count| {
                rest.split_inclusive('\n')
                    .take(count)
                    .map(str::len)
                    .sum::<usize>()
            });
            let original = last.take(2000).find_map(|end| {
                let mut alone = Sources::new();
                let id = alone.add(Source::new("example", rest[..end].to_owned()));
                json::parse(&alone, id, &Limits::default()).ok()
            });
            let original = original.expect("a JSON text starts on the line");
            let found = example.get("value").expect("a value");
            assert!(
                equal::same(&original.value, &found.value).is_ok(),
                "line {line}"
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 470);
}
