//! Documents of others as commands: each operation is called over a simulator of the same document.
#![cfg(all(feature = "document", feature = "simulate"))]

use std::path::Path;
use std::sync::Arc;
use verbatim_call::Shape;
use verbatim_call::command;
use verbatim_call::home::Home;
use verbatim_call::program::{self, Surroundings};
use verbatim_call::table::{Api, document};
use verbatim_codegen::document::Input;
use verbatim_contract::sample::{Fullness, Sampler};
use verbatim_contract::{Contract, Direction, Operation, Place, is_json, wire};
use verbatim_simulator::{InProcess, Pace, Rules, Settings, Simulator};
use verbatim_source::{Limits, Source, Value, write};

/// A document that is longer takes too much of the time of a test.
const LONGEST: u64 = 700_000;

fn shape() -> Shape {
    Shape {
        name: "api".to_owned(),
        about: "An API".to_owned(),
        version: "1".to_owned(),
        apis: Vec::new(),
        takes_spec: false,
        can_simulate: false,
    }
}

#[test]
fn documents_of_others_are_called_operation_by_operation() {
    let Some(folder) = verbatim_proof::shared("corpus") else {
        return;
    };
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file() && path.extension().is_none_or(|it| it != "md"))
        .filter(|path| path.metadata().is_ok_and(|it| it.len() < LONGEST))
        .collect();
    files.sort();
    let mut total = Counts::default();
    let mut failures = Vec::new();
    for file in &files {
        let counts = document(file, &mut failures);
        println!("{}: {counts:?}", file.display());
        total.add(&counts);
    }
    println!("{} documents: {total:?}", files.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(total.answered > 0, "{total:?}");
}

/// What came of the commands.
#[derive(Debug, Default)]
struct Counts {
    /// Commands there are.
    commands: usize,
    /// Those that printed what the simulator sent.
    answered: usize,
    /// Those that the simulator refused.
    refused: usize,
    /// Those for which no arguments could be made.
    passed_over: usize,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.commands += other.commands;
        self.answered += other.answered;
        self.refused += other.refused;
        self.passed_over += other.passed_over;
    }
}

fn document(path: &Path, failures: &mut Vec<String>) -> Counts {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let mut counts = Counts::default();
    let text = std::fs::read_to_string(path).expect("a text");
    let input = Input::of(Source::new(name.as_str(), text.clone()), Limits::default());
    let Ok(api) = document::tables(&input, None) else {
        return counts;
    };
    let simulator = Contract::parse(&name, &text).ok().and_then(|contract| {
        let settings = Settings {
            rate_limit: false,
            pace: Pace::Instant,
            ..Settings::default()
        };
        Simulator::new(contract, Rules::default(), settings).ok()
    });
    let Some(simulator) = simulator.map(Arc::new) else {
        println!("{name}: there is no simulator");
        return counts;
    };
    for (group, method) in api.methods() {
        counts.commands += 1;
        let words = [group.name.clone(), method.name.clone()];
        let command = command::command(&shape(), &api, &words).expect("a command");
        command.debug_assert();
        let help = [&words[..], &["--help".to_owned()]].concat();
        let (code, stderr) = run(&api, &simulator, &help, b"");
        if code != 0 {
            failures.push(format!("{name}: {help:?}: {code} {stderr}"));
        }
        let mut operations = simulator.contract().operations().iter();
        let operation = operations.find(|it| it.method == method.verb && it.path == method.path);
        let more = operation.and_then(|operation| arguments(simulator.contract(), operation));
        let Some((more, stdin)) = more else {
            counts.passed_over += 1;
            continue;
        };
        let words: Vec<String> = words.into_iter().chain(more).collect();
        let (code, stderr) = run(&api, &simulator, &words, &stdin);
        match code {
            0 => counts.answered += 1,
            1 | 3 | 4 => counts.refused += 1,
            _ => failures.push(format!("{name}: {words:?}: {code} {stderr}")),
        }
    }
    counts
}

/// The required arguments of an operation, and its body for the standard input.
fn arguments(contract: &Contract, operation: &Operation) -> Option<(Vec<String>, Vec<u8>)> {
    let mut words = Vec::new();
    let mut values = Vec::new();
    let mut stdin = Vec::new();
    if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
        let media = body.media.iter().find(|media| is_json(&media.name))?;
        let example = media.evidence().next().map(|it| (*it.value).clone());
        let value = example.or_else(|| {
            let schema = media.schema.as_ref()?;
            let of =
                |fullness| Sampler::new(contract, Direction::Request, 7).valid(schema, fullness);
            // An empty list cannot be said by a form.
            of(Fullness::Least)
                .filter(|least| !has_nothing(least))
                .or_else(|| of(Fullness::All))
        })?;
        stdin = write::compact(&value).into_bytes();
        words.extend(["--body".to_owned(), "-".to_owned()]);
    }
    // What the document shows need not keep its own bounds.
    words.push("--unchecked".to_owned());
    for parameter in operation.parameters.iter().filter(|it| it.required) {
        let schema = parameter.schema.as_ref()?;
        let value = Sampler::new(contract, Direction::Request, 7).valid(schema, Fullness::All)?;
        match parameter.place {
            Place::Path => values.push((parameter.name.clone(), wire::single(parameter, &value))),
            Place::Query => {
                let values = match &value {
                    Value::Array(items) => items.iter().map(|it| wire::text(&it.value)).collect(),
                    other => vec![wire::text(other)],
                };
                let flags = values
                    .iter()
                    .map(|text| format!("--{}={text}", parameter.name));
                words.extend(flags);
            }
            Place::Header | Place::Cookie if is_set_elsewhere(&parameter.name) => {}
            Place::Header | Place::Cookie => {
                words.push(format!("--{}={}", parameter.name, wire::text(&value)));
            }
        }
    }
    words.push("--".to_owned());
    for name in operation.template.names() {
        let (_, value) = values.iter().find(|(has, _)| has == name)?;
        words.push(value.clone());
    }
    Some((words, stdin))
}

/// Whether a list or an object without content stands in a body, beside its properties.
fn has_nothing(body: &Value) -> bool {
    let Value::Object(object) = body else {
        return false;
    };
    object.iter().any(|member| match &member.value.value {
        Value::Array(items) => items.is_empty(),
        Value::Object(inner) => inner.is_empty(),
        _ => false,
    })
}

/// Whether credentials or the transport give a header its value.
fn is_set_elsewhere(name: &str) -> bool {
    ["accept", "authorization", "content-type"]
        .iter()
        .any(|other| other.eq_ignore_ascii_case(name))
}

fn run(api: &Api, simulator: &Arc<Simulator>, words: &[String], stdin: &[u8]) -> (u8, String) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let token = simulator.token().to_owned();
    let base = simulator.contract().base_path.clone();
    let environment = |name: &str| {
        if name.ends_with("_URL") {
            return Some(format!("https://simulator.invalid{base}"));
        }
        let is_secret = ["_TOKEN", "_PASSWORD"].iter().any(|it| name.ends_with(it));
        (is_secret || name.ends_with("_USER")).then(|| token.clone())
    };
    let code = program::run_api(
        &shape(),
        api,
        words,
        &mut Surroundings {
            home: &Home::nothing(),
            stdin: &mut &stdin[..],
            stdout: &mut stdout,
            stderr: &mut stderr,
            environment: &environment,
            transport: Some(Arc::new(InProcess::new(Arc::clone(simulator)))),
            simulators: None,
            stdin_is_terminal: false,
            stdout_is_terminal: false,
            stderr_is_terminal: false,
        },
    );
    (code, String::from_utf8_lossy(&stderr).into_owned())
}
