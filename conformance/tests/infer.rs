//! A first document from traffic alone: what it says, and that the judges can work with it.

#[path = "../../tests/require.rs"]
mod require;

#[path = "simulator/served.rs"]
#[expect(dead_code, reason = "no fault is planted here")]
mod served;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use conformance::infer::{Draft, Inferred, Options};
use conformance::transport::block_on;
use conformance::{Contract, Kind, Recording, Severity, live};
use served::Served;
use verbatim_source::write;

const SHOP: &str = include_str!("infer/shop.har");

fn inferred(name: &str, text: &str, options: Options) -> Result<Inferred, String> {
    let recording = Recording::read(name, text).unwrap_or_else(|error| panic!("{error}"));
    let mut draft = Draft::new(options);
    for entry in recording.entries {
        draft.entry(entry);
    }
    draft.finish()
}

fn shop() -> Inferred {
    inferred("shop.har", SHOP, Options::default()).expect("there is an API in it")
}

/// The templates of a document without the names of the parameters.
fn paths(document: &str) -> BTreeSet<String> {
    let contract =
        Contract::parse("document.yaml", document).unwrap_or_else(|problems| panic!("{problems}"));
    let operations = contract.operations().iter();
    let plain = operations.map(|operation| {
        let mut out = String::new();
        let mut inside = false;
        for character in operation.path.chars() {
            inside = (inside || character == '{') && character != '}';
            if !inside || character == '{' {
                out.push(character);
            }
        }
        out
    });
    plain.collect()
}

#[test]
fn the_paths_and_schemas_are_those_of_the_traffic() {
    let shop = shop();
    let text = write::yaml(&shop.document);
    assert_eq!((shop.paths, shop.exchanges), (9, 17));
    for path in [
        "/orders/{order_id}:",
        "/customers/{login}:",
        "/stock/{stock_id}:",
        "/orders/{order_id}/scans:",
    ] {
        assert!(text.contains(&format!("  {path}\n")), "{path} in {text}");
    }
    let compact = write::compact(&shop.document);
    for part in [
        r#""servers":[{"url":"https://api.shop.example/api/v2"}]"#,
        r#""security":[{"bearer":[]},{}]"#,
        r#""state":{"type":"string","enum":["open","paid","sent"]}"#,
        r#""note":{"type":["string","null"]}"#,
        r#""placed_at":{"type":"string","format":"date-time"}"#,
        r#""name":"state","in":"query","schema":{"type":"array","items":{"type":"string"}}"#,
        r#""from":{"type":"string","format":"date"}"#,
        r#""style":"deepObject""#,
        r#""additionalProperties":{"type":"object","required":["left"]"#,
        r#""file":{"type":"string","format":"binary"}"#,
        r##""error":{"$ref":"#/components/schemas/Error"}"##,
        r#""x-verbatim-blank":true"#,
        r#""text/csv":{}"#,
    ] {
        assert!(compact.contains(part), "{part} in {compact}");
    }
    assert!(
        shop.notes
            .iter()
            .any(|note| note.contains("metrics.example")),
        "{:?}",
        shop.notes
    );
}

#[test]
fn no_secret_gets_into_the_document() {
    let text = write::pretty(&shop().document);
    for secret in [
        "5up3r",
        "hunter2",
        "sk_live",
        "ann",
        "shop.example\"",
        "please ring",
    ] {
        let text = text.replace("\"title\": \"api.shop.example\"", "");
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[test]
fn the_traffic_agrees_with_its_own_document() {
    let text = write::yaml(&shop().document);
    let report = conformance::recorded(&text, [("shop.har", SHOP)]);
    report.assert_clean();
    assert_eq!(report.findings, []);
    assert_eq!(report.exchanges, 17);
}

#[test]
fn the_document_is_served_and_the_server_agrees_with_it() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let path = folder.path().join("shop.yaml");
    fs::write(&path, write::yaml(&shop().document)).expect("the folder is new");
    let contract = Contract::open(&path).unwrap_or_else(|problems| panic!("{problems}"));
    let served = Served::new(&path);
    let options = live::Options {
        token: Some(served.token()),
        max_time: Duration::from_secs(60),
        settle: Duration::ZERO,
        ..live::Options::default()
    };
    let transport = |request: conformance::Request| served.send(&request);
    let base = format!("http://simulator{}", contract.base_path);
    let run = live::judge(&contract, &base, &transport, &options);
    let report = block_on(run).expect("the simulator answers");
    let calls = report.coverage.operations.values();
    assert_eq!(calls.filter(|seen| seen.calls == 0).count(), 0, "{report}");
    // Refusals that nobody met in the traffic are not documented.
    let others = report.findings.iter();
    let others = others
        .filter(|finding| !(finding.kind == Kind::Status && finding.severity > Severity::Error));
    let others: Vec<String> = others.map(conformance::Finding::key).collect();
    assert_eq!(others, [""; 0], "{report}");
}

#[test]
fn what_is_no_traffic_of_an_api_is_told() {
    let page = r#"{"method":"GET","url":"https://a.example/","status":200,"headers":{"content-type":"text/html"},"body":{"_raw":"<p>"}}"#;
    let error = inferred("page.jsonl", page, Options::default()).expect_err("it is a page");
    assert!(
        error.contains("no exchange has a JSON or XML body"),
        "{error}"
    );
    let options = Options {
        host: Some("b.example".to_owned()),
        ..Options::default()
    };
    let error = inferred("shop.har", SHOP, options).expect_err("there is no such host");
    assert!(
        error.contains("b.example") && error.contains("api.shop.example"),
        "{error}"
    );
}

fn beside(parts: &[&str]) -> PathBuf {
    let mut path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    path.extend(parts);
    path
}

/// What is inferred from a recording beside the workspace agrees with it, and has at least so many of the paths that
/// our own document has.
fn compared(name: &str, spec: &[&str], least: usize) {
    let path = beside(&["..", "shared", "recordings", name]);
    let Ok(text) = fs::read_to_string(&path) else {
        require::skipped(
            "shared",
            &format!("there is no recording {name} beside the workspace"),
        );
        return;
    };
    let inferred = inferred(name, &text, Options::default()).expect("there is an API in it");
    let document = write::yaml(&inferred.document);
    let report = conformance::recorded(&document, [(name, &text)]);
    report.assert_clean();
    assert_eq!(report.findings, []);
    let spec = fs::read_to_string(beside(spec)).expect("the document is part of the workspace");
    let (ours, theirs) = (paths(&spec), paths(&document));
    let others: Vec<&String> = theirs.difference(&ours).collect();
    let agree = theirs.len() - others.len();
    println!(
        "{name}: {agree} of {} paths agree; not documented: {others:?}",
        theirs.len()
    );
    assert!(agree >= least, "{agree} of {}: {others:?}", theirs.len());
}

#[test]
fn the_recordings_lead_to_the_paths_of_the_documents() {
    compared(
        "cloudflow.jsonl",
        &["spec", "cloudflow", "openapi.yaml"],
        50,
    );
    compared(
        "cloudpanel.jsonl",
        &["spec", "cloudpanel", "openapi.json"],
        9,
    );
}
