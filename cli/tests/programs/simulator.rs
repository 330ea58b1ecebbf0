//! `verbatim simulate` as a process beside a test.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A simulator of a document; it ends with the test.
pub struct Simulator {
    child: Child,
    /// Where it listens, the path of the API included.
    pub address: String,
    /// The token that it takes.
    pub token: String,
}

impl Simulator {
    /// Starts it on a free port of this machine.
    pub fn of(document: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_verbatim"));
        command.arg("simulate").arg("--spec").arg(document);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let out = child.stdout.take().expect("its output");
        let mut lines = BufReader::new(out).lines().map_while(Result::ok);
        let address = |line: String| {
            let mut words = line.split_whitespace();
            words
                .find(|word| word.starts_with("http://"))
                .map(str::to_owned)
        };
        let address = lines.by_ref().find_map(address).expect("an address");
        let token = lines.next().unwrap_or_default();
        let token = token
            .split_whitespace()
            .last()
            .unwrap_or_default()
            .to_owned();
        Self {
            child,
            address,
            token,
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
