//! A command line in this process.

#![allow(dead_code, reason = "each test uses a part of it")]

pub mod documented;
pub mod served;

use bytes::Bytes;
use http::{Request, Response};
use std::sync::{Arc, LazyLock};
use verbatim_call::home::Home;
use verbatim_call::program::{self, Surroundings};
use verbatim_call::table::Api;
use verbatim_runtime::transport::{Transport, TransportError, respond};
use verbatim_source::{Limits, Node, Source, Sources, Value, json, write};

/// A command line and what it meets.
pub struct Line {
    pub words: Vec<String>,
    pub stdin: Vec<u8>,
    pub environment: Vec<(String, String)>,
    pub transport: Option<Arc<dyn Transport>>,
    /// Whether somebody sits before it.
    pub is_terminal: bool,
    pub home: Home,
}

/// What a command wrote, and its exit code.
pub struct Shown {
    pub code: u8,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Shown {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

impl Line {
    pub fn new(api: &str, words: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut all = vec!["--api".to_owned(), api.to_owned()];
        all.extend(words.into_iter().map(Into::into));
        let prefix = &tables(api).environment;
        let of = |name: &str, value: &str| (format!("{prefix}_{name}"), value.to_owned());
        Self {
            words: all,
            stdin: Vec::new(),
            environment: vec![
                of("TOKEN", "canary-token"),
                of("USER", "ada"),
                of("PASSWORD", "canary-password"),
            ],
            transport: None,
            is_terminal: false,
            home: Home::nothing(),
        }
    }

    pub fn answered(
        mut self,
        answer: impl Fn(&Request<Bytes>) -> Result<Response<Bytes>, TransportError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.transport = Some(Arc::new(respond(answer)));
        self
    }

    pub fn over(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// At a terminal of so many columns.
    pub fn at_terminal(mut self, columns: usize) -> Self {
        self.is_terminal = true;
        let with = |name: &str, value: String| (name.to_owned(), value);
        self.environment.push(with("COLUMNS", columns.to_string()));
        self.environment.push(with("NO_COLOR", "1".to_owned()));
        self
    }

    pub fn run(&self) -> Shown {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let environment = |name: &str| {
            let found = self.environment.iter().find(|(has, _)| has == name);
            found.map(|(_, value)| value.clone())
        };
        let code = program::run_api(
            &panel::shape(),
            tables(&self.words[1]),
            &self.words,
            &mut Surroundings {
                home: &self.home,
                stdin: &mut self.stdin.as_slice(),
                stdout: &mut stdout,
                stderr: &mut stderr,
                environment: &environment,
                transport: self.transport.clone(),
                simulators: None,
                stdin_is_terminal: self.is_terminal,
                stdout_is_terminal: self.is_terminal,
                stderr_is_terminal: self.is_terminal,
            },
        );
        Shown {
            code,
            stdout,
            stderr: String::from_utf8_lossy(&stderr).into_owned(),
        }
    }
}

/// The tables of the program, read once.
static TABLES: LazyLock<Vec<Api>> = LazyLock::new(|| {
    let texts = panel::TABLES.iter();
    texts
        .map(|(_, text)| Api::from_text(text).expect("tables"))
        .collect()
});

pub fn tables(api: &str) -> &'static Api {
    let mut all = TABLES.iter();
    all.find(|tables| tables.name == api)
        .expect("an API of the program")
}

/// `operationId`, group and method of every command.
pub fn methods(api: &str) -> Vec<(String, String, String)> {
    let tables = tables(api);
    let methods = tables.methods();
    methods
        .map(|(group, method)| (method.id.clone(), group.name.clone(), method.name.clone()))
        .collect()
}

pub fn parse(text: &str) -> Node {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("text", text.to_owned()));
    json::parse(&sources, id, &Limits::default()).expect("JSON")
}

/// The words that give a body by flags, as far as its members have flags; the others by `--set`.
pub fn by_flags(api: &str, group: &str, method: &str, body: &Node, words: &mut Vec<String>) {
    let help = Line::new(api, [group, method, "--help"]).run().text();
    let flags: Vec<&str> = help
        .split_whitespace()
        .filter_map(|word| word.strip_prefix("--"))
        .collect();
    let mut work: Vec<(Vec<String>, &Node)> = vec![(Vec::new(), body)];
    while let Some((path, node)) = work.pop() {
        // The wrapping key may be left out of a flag.
        let names = (0..path.len().min(2)).map(|from| kebab(&path[from..]));
        let names = names.flat_map(|name| [format!("body.{name}"), name]);
        let flag = names
            .into_iter()
            .find(|name| flags.contains(&name.as_str()));
        match (&node.value, flag) {
            (Value::Object(object), _) if !object.is_empty() => {
                for member in object {
                    let mut below = path.clone();
                    below.push(member.key.clone());
                    work.push((below, &member.value));
                }
            }
            (Value::Array(items), Some(flag)) if !items.is_empty() => {
                words.extend(
                    items
                        .iter()
                        .map(|it| format!("--{flag}={}", text(&it.value))),
                );
            }
            (Value::String(_) | Value::Number(_) | Value::Bool(_), Some(flag)) => {
                words.push(format!("--{flag}={}", text(&node.value)));
            }
            (value, _) => {
                words.push(format!(
                    "--set={}={}",
                    path.join("."),
                    write::compact(value)
                ));
            }
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => write::compact(other),
    }
}

/// Names of members as flags have them.
fn kebab(path: &[String]) -> String {
    let names: Vec<String> = path
        .iter()
        .map(|name| name.replace('_', "-").to_lowercase())
        .collect();
    names.join(".")
}
