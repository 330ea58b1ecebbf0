//! Judges the recordings beside the workspace, where they are there.

#[path = "../../tests/require.rs"]
mod require;

use std::fs;
use std::path::{Path, PathBuf};

use conformance::{Expected, Kind, Report};

fn beside(parts: &[&str]) -> PathBuf {
    let mut path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    path.extend(parts);
    path
}

/// The report on a recording, or `None` with a printed line where there is none.
fn judged(spec: &[&str], name: &str) -> Option<Report> {
    let path = beside(&["..", "shared", "recordings", name]);
    let Ok(text) = fs::read_to_string(&path) else {
        require::skipped(
            "shared",
            &format!("there is no recording {name} beside the workspace"),
        );
        return None;
    };
    let spec = fs::read_to_string(beside(spec)).expect("the document is part of the workspace");
    Some(conformance::recorded(&spec, [(name, text)]))
}

#[test]
fn the_cloud_panel_recording_agrees_but_for_one_value() {
    let Some(report) = judged(&["spec", "cloudpanel", "openapi.json"], "cloudpanel.jsonl") else {
        return;
    };
    report.assert_clean();
    assert_eq!(report.exchanges, 12);
    let keys: Vec<String> = report
        .findings
        .iter()
        .map(conformance::Finding::key)
        .collect();
    assert_eq!(keys, ["drift getServerAppliance 200:/os_image_type:known"]);
    let [proposal] = report.proposals.as_slice() else {
        panic!("there is one proposal: {:?}", report.proposals);
    };
    let lines: Vec<&str> = proposal.text.lines().collect();
    assert_eq!(lines[..2], ["- target: OsImageType", "  known: [Standard]"]);
}

#[test]
fn the_cloud_flow_recording_agrees_but_for_queries_in_the_place_of_bodies() {
    let Some(report) = judged(&["spec", "cloudflow", "openapi.yaml"], "cloudflow.jsonl") else {
        return;
    };
    let expected =
        Expected::read(include_str!("cloudflow.expected")).expect("the file is well formed");
    report.assert_expected(&expected);
    assert_eq!(report.exchanges, 116);
    assert!(
        report
            .findings
            .iter()
            .all(|finding| finding.kind == Kind::Request)
    );
    // Everything is answered by a documented operation with a documented status and body.
    let calls: usize = report
        .coverage
        .operations
        .values()
        .map(|one| one.calls)
        .sum();
    assert_eq!(calls, 116);
}

#[test]
fn secrets_of_recordings_are_not_shown() {
    let Some(report) = judged(&["spec", "cloudflow", "openapi.yaml"], "cloudflow.jsonl") else {
        return;
    };
    let password = report
        .findings
        .iter()
        .find(|finding| finding.place == "request:query:user[password_confirmation]")
        .expect("it was sent in the query");
    let sample = password.samples.first().expect("one exchange is kept");
    assert_eq!(sample.value, "[redacted]");
    assert!(
        sample
            .request
            .contains("password_confirmation%5D=[redacted]"),
        "{}",
        sample.request
    );
    assert!(
        !report.to_string().contains("CD2480"),
        "the value of the recording is not shown"
    );
}
