//! The program in a process of its own, and one who calls it.
#![allow(
    dead_code,
    missing_docs,
    reason = "shared by tests, which each use a part"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub struct Running {
    pub child: Child,
    /// The lines about addresses.
    pub urls: Vec<String>,
    /// Host and port.
    pub address: String,
    pub token: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    pub fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_simulate"))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut urls = Vec::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let token = loop {
            let line = lines.next().unwrap().unwrap();
            match line.strip_prefix("address: ") {
                Some(url) => urls.push(url.to_owned()),
                None => break line.strip_prefix("token: ").unwrap().to_owned(),
            }
        };
        let address = urls[0].split('/').nth(2).unwrap().to_owned();
        Self {
            child,
            urls,
            address,
            token,
        }
    }

    /// Ends the program as a person would, and waits until it is over.
    pub fn interrupt(mut self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status().unwrap();
        assert!(sent.success());
        assert!(self.child.wait().unwrap().success());
    }
    /// Sends bytes and reads until the server closes; an empty answer where it says nothing.
    pub fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nX-TOKEN: {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
            self.address,
            self.token,
            body.len()
        );
        self.exchange(format!("{head}{body}").as_bytes())
    }

    pub fn status(&self, method: &str, path: &str, headers: &str, body: &str) -> u16 {
        let answer = self.send(method, path, headers, body);
        answer
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .unwrap_or(0)
    }

    pub fn plant(&self, fault: &str) {
        let json = "Content-Type: application/json\r\n";
        assert_eq!(self.status("POST", "/__simulator/faults", json, fault), 200);
    }
}
