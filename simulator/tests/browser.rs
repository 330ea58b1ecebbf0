//! The page at `/__simulator/` in headless Chromium, where it is installed: what it shows, and what
//! its buttons do.

#[path = "../../tests/require.rs"]
mod require;

#[path = "support/chromium.rs"]
mod chromium;
#[path = "support/common.rs"]
mod common;
#[path = "support/running.rs"]
mod running;

use chromium::Browser;
use running::Running;

const JSON: &str = "Content-Type: application/json\r\n";

#[test]
fn the_page_shows_and_changes_the_simulator() {
    let Some(name) = chromium::installed() else {
        require::skipped(
            "chromium",
            "there is no chromium (apt-get install chromium)",
        );
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("shop.yaml");
    let shop = include_str!("documents/shop.yaml").replace("TITLE", "Pet shop");
    std::fs::write(&spec, shop.replace("SERVER", "/v1")).unwrap();
    let running = Running::start(&["--time", "manual", "--spec", spec.to_str().unwrap()]);
    let odd = r#"{"name": "<img src=x onerror=document.title='broken'>"}"#;
    assert_eq!(running.status("POST", "/v1/pets", JSON, odd), 201);
    assert_eq!(running.status("GET", "/v1/pets/none", "", ""), 404);

    let mut browser = Browser::start(name, folder.path());
    let page = format!(r#"{{"url": "http://{}/__simulator/"}}"#, running.address);
    browser.command("Page.navigate", &page);
    browser.wait("document.body?.dataset.ready === 'yes'");
    assert_eq!(browser.evaluate("document.title"), "Pet shop");
    let requests = browser.text("requests");
    assert!(
        requests.contains("createPet") && requests.contains("POST /v1/pets"),
        "{requests}"
    );
    assert!(requests.contains("404"), "{requests}");
    assert!(browser.text("collections").contains("pets"));
    assert_eq!(browser.text("pace"), "manual");
    assert!(browser.text("meaning").contains("latency"));

    // The state is shown as text, whatever it says.
    browser.evaluate("document.getElementById('items').open = true");
    browser.wait("document.getElementById('snapshot').textContent.includes('<img src=x')");
    assert_eq!(browser.evaluate("document.title"), "Pet shop");

    // The clock moves, faults are planted and cleared, requests are forgotten.
    let before = browser.text("time");
    browser.evaluate("document.querySelector('#advance button').click()");
    let moved = format!("document.getElementById('time').textContent !== '{before}'");
    browser.wait(&moved);
    browser.evaluate(
        "{ const form = document.getElementById('plant'); form.elements.kind.value = 'status';
           form.elements.amount.value = 503; form.elements.operation.value = 'listPets'; form.requestSubmit(); }",
    );
    browser.wait("document.getElementById('faults').innerText.includes('listPets')");
    assert_eq!(running.status("GET", "/v1/pets", "", ""), 503);
    browser.evaluate("document.getElementById('clear').click()");
    browser.wait("document.getElementById('faults').innerText === ''");
    assert_eq!(running.status("GET", "/v1/pets", "", ""), 200);
    browser.evaluate("document.getElementById('forget').click()");
    browser.wait("document.getElementById('requests').innerText === ''");
    browser.evaluate("document.getElementById('reset').click()");
    browser.wait("!document.getElementById('snapshot').textContent.includes('<img')");

    // What is wrong is said.
    browser.evaluate(
        "{ const form = document.getElementById('set-pace'); form.elements.pace.value = 'soon'; form.requestSubmit(); }",
    );
    browser.wait("document.getElementById('message').textContent.includes('no pace of time')");

    // A page of another origin gets nothing.
    let head = running.send("GET", "/__simulator/", "", "");
    assert!(head.contains("frame-ancestors 'none'"), "{head}");
    let foreign = running.status("GET", "/__simulator/", "Sec-Fetch-Site: cross-site\r\n", "");
    assert_eq!(foreign, 403);
}
