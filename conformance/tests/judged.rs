//! What is judged, case by case: XML, forms, styles of parameters, discriminators, servers, one-way properties,
//! statuses, media types, nulls and formats. Each line of the file is a document, a recording, and what must be found.

use conformance::{Contract, Recording, recorded};
use serde::Deserialize;
use serde_json::value::RawValue;

const CASES: &str = include_str!("judged/cases.jsonl");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    name: String,
    /// Words that stand in the findings, each in one; where there are none, nothing is found.
    findings: Vec<String>,
    #[serde(default)]
    assert_formats: bool,
    document: Box<RawValue>,
    recording: Vec<Box<RawValue>>,
}

impl Case {
    /// The findings, each by its key and what it says.
    fn found(&self) -> Vec<String> {
        let contract = Contract::parse("document.json", self.document.get());
        let contract = contract.unwrap_or_else(|problems| panic!("{}: {problems}", self.name));
        let lines: Vec<&str> = self.recording.iter().map(|line| line.get()).collect();
        let recording = Recording::read("recording.jsonl", &lines.join("\n"));
        let recording = recording.unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let mut run = recorded::Run::new(&contract);
        run.assert_formats(self.assert_formats);
        run.begin(&recording.name);
        let count = recording.entries.len();
        recording
            .entries
            .into_iter()
            .for_each(|entry| run.entry(entry));
        let report = run.finish();
        assert_eq!(report.exchanges, count, "{}: {report}", self.name);
        let findings = report.findings.iter();
        findings
            .map(|finding| format!("{} {} {}", finding.severity, finding.key(), finding.message))
            .collect()
    }
}

#[test]
fn every_case_is_judged_as_the_document_means_it() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in CASES.lines() {
        let case: Case = serde_json::from_str(line).expect("a line is a case");
        let found = case.found();
        count += 1;
        let told = |word: &String| found.iter().any(|one| one.contains(word));
        let is_right =
            case.findings.iter().all(told) && case.findings.is_empty() == found.is_empty();
        if !is_right {
            wrong.push(format!(
                "{}: wanted {:?}, found {found:?}",
                case.name, case.findings
            ));
        }
    }
    assert!(count > 580, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
