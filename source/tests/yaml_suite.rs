//! The YAML test suite: texts that have a value in JSON are read, or are of a kind that JSON has no value for.
//!
//! The suite is read from `../shared/yaml-test-suite`.

#[path = "../../tests/require.rs"]
mod require;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use verbatim_source::{Limits, Node, Source, Sources, catalogue, equal, json, yaml};

fn suite() -> Option<PathBuf> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
    let folder = top.join("shared/yaml-test-suite/src");
    if folder.is_dir() {
        return Some(folder);
    }
    require::skipped("shared", "../shared/yaml-test-suite is not here");
    None
}

/// One text of the suite.
struct Case {
    name: String,
    text: String,
    /// The values of its documents, where they have any in JSON.
    json: Option<String>,
    fails: bool,
}

/// A text of the suite with the marks for what cannot be seen in one.
fn plain(text: &str) -> String {
    let mut plain = text
        .replace('␣', " ")
        .replace('↵', "")
        .replace('⇔', "\u{feff}");
    plain = plain.replace('←', "\r");
    while let Some(at) = plain.find('»') {
        let dashes = plain[..at]
            .chars()
            .rev()
            .take_while(|each| *each == '—')
            .count();
        let start = at - dashes * '—'.len_utf8();
        plain.replace_range(start..at + '»'.len_utf8(), "\t");
    }
    match plain.strip_suffix("∎\n") {
        Some(cut) => cut.to_owned(),
        None => plain,
    }
}

fn cases(folder: &Path) -> Vec<Case> {
    let entries = fs::read_dir(folder).expect("the suite");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a file of the suite");
        let mut sources = Sources::new();
        let id = sources.add(Source::new("case.yaml", text));
        let root = yaml::parse(&sources, id, &Limits::default()).expect("a file that is YAML");
        let mut text = String::new();
        let mut said: Option<String> = None;
        let mut fails = false;
        for (index, case) in root.as_array().expect("a list").iter().enumerate() {
            let member = |name: &str| case.get(name).and_then(Node::as_str).map(str::to_owned);
            // What a case leaves out is that of the one before it.
            if let Some(own) = member("yaml") {
                text = own;
                said = None;
                fails = false;
            }
            said = member("json").or(said);
            fails = case.get("fail").and_then(Node::as_bool).unwrap_or(fails);
            let stem = file.file_stem().expect("a name").to_string_lossy();
            cases.push(Case {
                name: format!("{stem}/{index}"),
                text: plain(&text),
                json: said.clone().filter(|json| !json.trim().is_empty()),
                fails,
            });
        }
    }
    cases
}

/// What became of a case.
fn outcome(case: &Case) -> (&'static str, String) {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("case.yaml", case.text.clone()));
    let read = yaml::parse(&sources, id, &Limits::default());
    let complaint = |problems: &[verbatim_source::Diagnostic]| {
        problems
            .first()
            .map(|it| format!("{}: {}", it.code, it.message))
            .unwrap_or_default()
    };
    // What has no value in JSON, or several, is refused by choice.
    let by_choice = [
        catalogue::YAML_DOCUMENTS,
        catalogue::YAML_KEY,
        catalogue::YAML_TAG,
        catalogue::EMPTY,
        catalogue::YAML_NUMBER,
    ];
    match (read, &case.json) {
        (Ok(_), _) if case.fails => ("broken, read", String::new()),
        (Err(_), _) if case.fails => ("broken, refused", String::new()),
        (Err(problems), _) if by_choice.contains(&problems[0].code) => {
            ("refused by choice", complaint(&problems))
        }
        (Err(problems), _) => ("refused", complaint(&problems)),
        (Ok(_), None) => ("read", String::new()),
        (Ok(node), Some(text)) => {
            let mut sources = Sources::new();
            let id = sources.add(Source::new("case.json", text.clone()));
            match json::parse(&sources, id, &Limits::default()) {
                Ok(wanted) => match equal::same(&wanted.value, &node.value) {
                    Ok(()) => ("equal", String::new()),
                    Err(difference) => ("different", format!("{difference:?}")),
                },
                Err(_) => ("several values", String::new()),
            }
        }
    }
}

#[test]
fn the_suite_of_yaml() {
    let Some(folder) = suite() else {
        return;
    };
    let mut figures: BTreeMap<&str, usize> = BTreeMap::new();
    let mut told = Vec::new();
    for case in cases(&folder) {
        let (outcome, why) = outcome(&case);
        *figures.entry(outcome).or_default() += 1;
        if matches!(
            outcome,
            "different" | "refused" | "broken, read" | "several values"
        ) {
            told.push(format!("{outcome}: {} {why}", case.name));
        }
    }
    told.sort();
    println!("{}\n{figures:#?}", told.join("\n"));
    let of = |name: &str| figures.get(name).copied().unwrap_or_default();
    assert!(of("equal") >= EQUAL, "{figures:#?}");
    assert!(of("refused") <= REFUSED, "{figures:#?}");
    assert_eq!(of("different"), 0, "{figures:#?}");
}

/// Texts that are read as the suite says, at least.
const EQUAL: usize = 233;
/// Texts with a value that are refused, at most.
const REFUSED: usize = 2;
