//! A headless browser, spoken with over its debugging protocol.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The first of some names that is a program in `PATH`.
pub fn installed() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome", "chrome"]
        .into_iter()
        .find(|name| {
            let version = Command::new(name).arg("--version").output();
            version.is_ok_and(|output| output.status.success())
        })
}

/// A browser with one page.
pub struct Browser {
    child: Child,
    socket: WebSocket<TcpStream>,
    session: String,
    next: u64,
    /// What the page said since it was opened.
    events: Vec<Value>,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts a browser.
    pub fn start(program: &str) -> Self {
        let profile = tempfile::tempdir().expect("there is room for a folder");
        let mut child = Command::new(program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
            ])
            .args(["--remote-debugging-port=0", "--no-first-run", "about:blank"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("it was there a moment ago");
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.strip_prefix("DevTools listening on ")
                    .map(str::to_owned)
            })
            .expect("the browser says where it listens");
        // It goes on talking, and must not wait for a reader.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let host = address
            .trim_start_matches("ws://")
            .split('/')
            .next()
            .unwrap_or_default();
        let stream = TcpStream::connect(host).expect("it listens");
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a timeout can be set");
        let (socket, _) =
            tungstenite::client(address.as_str(), stream).expect("it speaks WebSocket");
        let mut browser = Self {
            child,
            socket,
            session: String::new(),
            next: 0,
            events: Vec::new(),
            _profile: profile,
        };
        let target = browser.call("Target.createTarget", &json!({"url": "about:blank"}));
        let asked = json!({"targetId": target["targetId"], "flatten": true});
        let attached = browser.call("Target.attachToTarget", &asked);
        let session = attached["sessionId"].as_str().expect("a session");
        session.clone_into(&mut browser.session);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        browser
    }

    /// Calls a method of the protocol.
    pub fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.next += 1;
        let mut message = json!({"id": self.next, "method": method, "params": parameters});
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        self.socket
            .send(Message::text(message.to_string()))
            .expect("it listens");
        loop {
            let received = self.read();
            if received["id"] == json!(self.next) {
                assert!(
                    received["error"].is_null(),
                    "{method}: {}",
                    received["error"]
                );
                return received["result"].clone();
            }
            self.events.push(received);
        }
    }

    fn read(&mut self) -> Value {
        loop {
            let message = self.socket.read().expect("it answers");
            if let Message::Text(text) = message {
                return serde_json::from_str(&text).expect("it speaks JSON");
            }
        }
    }

    /// Opens a page in a window of a size, and forgets what was said before.
    pub fn open(&mut self, page: &Path, (width, height): (u32, u32)) {
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", &size);
        self.call("Page.navigate", &json!({"url": "about:blank"}));
        self.events.clear();
        self.call(
            "Page.navigate",
            &json!({"url": format!("file://{}", page.display())}),
        );
        self.until("document.readyState === 'complete' && location.protocol === 'file:'");
    }

    /// The value of an expression in the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.call("Runtime.evaluate", &asked);
        assert!(
            answer["exceptionDetails"].is_null(),
            "{expression}: {answer}"
        );
        answer["result"]["value"].clone()
    }

    /// Waits for an expression to hold.
    pub fn until(&mut self, expression: &str) {
        let started = Instant::now();
        while self.value(expression) != json!(true) {
            assert!(started.elapsed() < PATIENCE, "never: {expression}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses a key.
    pub fn press(&mut self, key: &str) {
        let text = if key.len() == 1 { key } else { "" };
        let text = if key == "Enter" { "\r" } else { text };
        let code = if key == "Enter" { 13 } else { 0 };
        for kind in ["keyDown", "keyUp"] {
            let pressed =
                json!({"type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code});
            self.call("Input.dispatchKeyEvent", &pressed);
        }
    }

    /// Types a text.
    pub fn write(&mut self, text: &str) {
        self.call("Input.insertText", &json!({"text": text}));
    }

    /// Keeps a picture of the window.
    pub fn picture(&mut self, path: &Path) {
        // What came into view a moment ago is drawn with the next frame.
        self.value("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 150)))");
        let picture = self.call("Page.captureScreenshot", &json!({"format": "png"}));
        keep(path, &picture["data"]);
    }

    /// Prints the page, and keeps the paper.
    pub fn print(&mut self, path: &Path) {
        let printed = self.call(
            "Page.printToPDF",
            &json!({"printBackground": true, "pageRanges": "1-4"}),
        );
        keep(path, &printed["data"]);
    }

    /// What went wrong in the page: exceptions, and whatever reached the console.
    pub fn complaints(&self) -> Vec<String> {
        let is_complaint = |event: &&Value| {
            let method = event["method"].as_str().unwrap_or_default();
            [
                "Runtime.exceptionThrown",
                "Runtime.consoleAPICalled",
                "Log.entryAdded",
            ]
            .contains(&method)
        };
        let complaints = self.events.iter().filter(is_complaint);
        complaints
            .map(|event| event["params"].to_string())
            .collect()
    }

    /// The addresses that were asked for.
    pub fn requests(&self) -> BTreeSet<String> {
        let asked = |event: &&Value| event["method"] == "Network.requestWillBeSent";
        let asked = self.events.iter().filter(asked);
        let url = |event: &Value| {
            event["params"]["request"]["url"]
                .as_str()
                .map(str::to_owned)
        };
        asked.filter_map(url).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn keep(path: &Path, data: &Value) {
    let bytes = STANDARD
        .decode(data.as_str().expect("a picture"))
        .expect("base64");
    assert!(
        bytes.len() > 1000,
        "{}: {} bytes",
        path.display(),
        bytes.len()
    );
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
    std::fs::write(path, bytes).expect("the picture can be kept");
}
