//! The HTML report as a browser sees it: headless Chromium, where it is installed.

#[path = "../../tests/require.rs"]
mod require;

use std::path::Path;
use std::process::Command;

use conformance::{Format, Recording, recorded};

const SPEC: &str = include_str!("faults/widgets.json");

/// The first of some names that is a program in `PATH`.
fn browser() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome", "chrome"]
        .into_iter()
        .find(|name| {
            let version = Command::new(name).arg("--version").output();
            version.is_ok_and(|output| output.status.success())
        })
}

/// Loads a page, and gives the document as it stands then.
fn loaded(browser: &str, page: &Path, profile: &Path) -> String {
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("it was there a moment ago");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaints}");
    String::from_utf8(output.stdout).expect("a document is text")
}

#[test]
fn the_report_is_read_by_a_browser_as_it_is_meant() {
    let Some(browser) = browser() else {
        require::skipped(
            "chromium",
            "there is no chromium (apt-get install chromium)",
        );
        return;
    };
    let odd = r#"{"id":"A0000001","name":"</pre><script>document.title='broken'</script>","size":"<&>","price":1,"kind":"small","active":true}"#;
    let line = format!(
        r#"{{"src":"a","method":"GET","path":"/v1/widgets/A0000001","status":200,"body":{odd}}}"#
    );
    let contract = conformance::Contract::parse("widgets.json", SPEC).expect("it is a document");
    let recording = Recording::read("odd.jsonl", &line).expect("it is a recording");
    let report = recorded::judge(&contract, &[recording]);
    let verdict = report.verdict(
        &conformance::Expected::default(),
        conformance::Severity::Note,
    );
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let page = folder.path().join("report.html");
    std::fs::write(&page, report.render(Format::Html, &verdict)).expect("the folder is new");
    let seen = loaded(browser, &page, &folder.path().join("profile"));
    assert!(
        !seen.contains("<title>broken</title>"),
        "a text became a script"
    );
    assert!(!seen.contains("<script"), "{seen}");
    assert!(
        seen.contains("&lt;&amp;&gt;"),
        "the value that disagrees is shown: {seen}"
    );
    // What the parser had to mend would stand elsewhere than it was written.
    for tag in ["table", "section", "details", "h1", "h2", "tr"] {
        let written = report.render(Format::Html, &verdict);
        let count = |text: &str| text.matches(&format!("<{tag}")).count();
        assert_eq!(count(&seen), count(&written), "<{tag}>");
    }
    for operation in [
        "listWidgets",
        "createWidget",
        "getWidget",
        "updateWidget",
        "deleteWidget",
    ] {
        assert!(seen.contains(operation), "the coverage of {operation}");
    }
}
