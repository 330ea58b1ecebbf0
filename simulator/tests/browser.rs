//! The page at `/__simulator/` in headless Chromium, where it is installed: what it shows, and what
//! its buttons do.

#[path = "../../tests/require.rs"]
mod require;

#[path = "support/common.rs"]
mod common;
#[path = "support/running.rs"]
mod running;

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{get, json};
use running::Running;
use verbatim_source::Value;

const JSON: &str = "Content-Type: application/json\r\n";

/// The first of some names that is a program in `PATH`.
fn browser() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome", "chrome"]
        .into_iter()
        .find(|name| {
            let version = Command::new(name).arg("--version").output();
            version.is_ok_and(|output| output.status.success())
        })
}

/// A browser that takes commands of the Chrome `DevTools` protocol over a pair of pipes.
struct Browser {
    child: Child,
    commands: File,
    replies: BufReader<File>,
    session: String,
    number: u32,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Browser {
    fn start(name: &str, folder: &Path) -> Self {
        let (commands, replies) = (folder.join("commands"), folder.join("replies"));
        for pipe in [&commands, &replies] {
            assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
        }
        // The browser reads commands from descriptor 3 and writes to descriptor 4.
        let line = format!(
            "exec {name} --headless --no-sandbox --disable-gpu --remote-debugging-pipe --user-data-dir={}/profile about:blank 3<{} 4>{}",
            folder.display(),
            commands.display(),
            replies.display()
        );
        let child = Command::new("sh")
            .args(["-c", &line])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let commands = File::options().write(true).open(commands).unwrap();
        let replies = BufReader::new(File::open(replies).unwrap());
        let mut browser = Self {
            child,
            commands,
            replies,
            session: String::new(),
            number: 0,
        };
        let made = browser.command("Target.createTarget", r#"{"url": "about:blank"}"#);
        let target = get(&made, "/result/targetId");
        let attach = format!(r#"{{"targetId": "{target}", "flatten": true}}"#);
        let attached = browser.command("Target.attachToTarget", &attach);
        browser.session = get(&attached, "/result/sessionId");
        browser
    }

    /// Sends a command and waits for its reply; events in between are passed over.
    fn command(&mut self, method: &str, parameters: &str) -> Value {
        self.number += 1;
        let session = if self.session.is_empty() {
            String::new()
        } else {
            format!(r#""sessionId": "{}", "#, self.session)
        };
        let text = format!(
            r#"{{"id": {}, {session}"method": "{method}", "params": {parameters}}}"#,
            self.number
        );
        self.commands.write_all(text.as_bytes()).unwrap();
        self.commands.write_all(&[0]).unwrap();
        loop {
            let mut bytes = Vec::new();
            self.replies.read_until(0, &mut bytes).unwrap();
            assert_eq!(bytes.pop(), Some(0), "the browser went away");
            let reply = json(std::str::from_utf8(&bytes).unwrap());
            if get(&reply, "/id") == self.number.to_string() {
                return reply;
            }
        }
    }

    /// The value of an expression in the page, as text.
    fn evaluate(&mut self, script: &str) -> String {
        let script = verbatim_source::write::compact(&Value::from(script));
        let parameters = format!(r#"{{"expression": {script}, "returnByValue": true}}"#);
        let reply = self.command("Runtime.evaluate", &parameters);
        get(&reply, "/result/result/value")
    }

    /// Waits until an expression in the page is true.
    fn wait(&mut self, script: &str) {
        let begun = Instant::now();
        while self.evaluate(script) != "true" {
            let seen = self.evaluate("document.body.innerText");
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "{script}: {seen}"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn text(&mut self, id: &str) -> String {
        self.evaluate(&format!("document.getElementById('{id}').innerText"))
    }
}

#[test]
fn the_page_shows_and_changes_the_simulator() {
    let Some(name) = browser() else {
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
