//! A proposed correction, pasted into the overlay, settles the finding that it came from.

use std::fs;
use std::path::{Path, PathBuf};

use conformance::{Report, recorded};
use verbatim_normalize::openapi::normalize;
use verbatim_source::Source;

fn spec(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../spec/cloudpanel")
        .join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(spec(name)).expect("the file is part of the workspace")
}

/// Words that the overlay needs beside a correction: of which schema, in which of its sections.
struct Words {
    schema: &'static str,
    section: &'static str,
    line: &'static str,
}

/// The document that comes of the overlay with an entry pasted at the end of its corrections.
fn corrected(entry: &str, words: Option<&Words>) -> String {
    let overlay = read("overlay.yaml");
    let end = overlay
        .find("\n# Facts that were considered and left out.\n")
        .expect("the corrections end there");
    let (before, after) = overlay.split_at(end);
    let indented: Vec<String> = entry.lines().map(|line| format!("  {line}")).collect();
    let mut overlay = format!("{before}\n{}\n{after}", indented.join("\n"));
    if let Some(words) = words {
        let schema = format!("\n  {}:\n    description:", words.schema);
        let at = overlay.find(&schema).expect("there are words about it");
        let section = format!("\n    {}:\n", words.section);
        let at = at + overlay[at..].find(&section).expect("they have the section");
        overlay.insert_str(at + section.len(), &format!("      {}\n", words.line));
    }
    let documented = Source::new("documented.json", read("documented.json"));
    match normalize(documented, Source::new("overlay.yaml", overlay)) {
        Ok(normalized) => normalized.openapi,
        Err(refusal) => panic!("{entry}\n{refusal}"),
    }
}

fn seen(spec: &str, status: u16, body: &str) -> Report {
    let line = format!(
        r#"{{"src":"panel/{status}","method":"GET","path":"/v1/servers/39AA65F5D5B02FA02D58173094EBAF95","status":{status},"body":{body}}}"#
    );
    recorded(spec, [("panel.jsonl", line)])
}

#[test]
fn a_pasted_proposal_settles_its_finding() {
    let spec = read("openapi.json");
    let server = |members: &str| {
        format!(r#"{{"id":"39AA65F5D5B02FA02D58173094EBAF95","name":"a",{members}}}"#)
    };
    let rack = Words {
        schema: "Server",
        section: "properties",
        line: "rack: Rack in which the server stands.",
    };
    let sleeping = Words {
        schema: "ServerState",
        section: "values",
        line: "SLEEPING: saving power",
    };
    for (status, members, words) in [
        (
            200,
            r#""status":{"state":"SLEEPING","percent":null}"#,
            Some(&sleeping),
        ),
        (200, r#""creation_date":null"#, None),
        (200, r#""ssh_password":"no""#, None),
        (200, r#""rack":"A1""#, Some(&rack)),
        (203, r#""description":"""#, None),
    ] {
        let body = server(members);
        let before = seen(&spec, status, &body);
        let [finding] = before.findings.as_slice() else {
            panic!("{members}: there is one finding: {before}");
        };
        let [proposal] = before.proposals.as_slice() else {
            panic!("{members}: there is one proposal: {before}");
        };
        let after = seen(&corrected(&proposal.text, words), status, &body);
        assert!(
            after.findings.is_empty(),
            "{} is not settled by\n{}\n{after}",
            finding.key(),
            proposal.text
        );
    }
}
