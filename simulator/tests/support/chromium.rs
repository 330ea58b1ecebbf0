//! Headless Chromium, where it is installed.
#![allow(
    dead_code,
    missing_docs,
    reason = "shared by tests, which each use a part"
)]

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use verbatim_source::Value;

use crate::common::{get, json};

/// The first of some names that is a program in `PATH`.
pub fn installed() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome", "chrome"]
        .into_iter()
        .find(|name| {
            let version = Command::new(name).arg("--version").output();
            version.is_ok_and(|output| output.status.success())
        })
}

/// A browser that takes commands of the Chrome `DevTools` protocol over a pair of pipes.
pub struct Browser {
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
    pub fn start(name: &str, folder: &Path) -> Self {
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
    pub fn command(&mut self, method: &str, parameters: &str) -> Value {
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
    pub fn evaluate(&mut self, script: &str) -> String {
        let script = verbatim_source::write::compact(&Value::from(script));
        let parameters = format!(r#"{{"expression": {script}, "returnByValue": true}}"#);
        let reply = self.command("Runtime.evaluate", &parameters);
        get(&reply, "/result/result/value")
    }

    /// Waits until an expression in the page is true.
    pub fn wait(&mut self, script: &str) {
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

    pub fn text(&mut self, id: &str) -> String {
        self.evaluate(&format!("document.getElementById('{id}').innerText"))
    }
}
