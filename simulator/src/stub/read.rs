//! Stubs from a file or a text.

use std::path::Path;

use verbatim_contract::Contract;
use verbatim_source::{Diagnostic, Limits, Node, Source, Sources, Value};

use super::Stub;
use crate::expression::{FORMS, expressions, is_known};
use crate::members::MemberReader;
use crate::world::key_of;

/// What is wrong with stubs: the places, each with what is expected there.
#[derive(Debug)]
pub(crate) struct StubError(pub String);

/// Reads the stubs of a file.
///
/// # Errors
/// Where the file cannot be read or holds no stubs; with the places in it.
pub(crate) fn open(contract: &Contract, path: &Path) -> Result<Vec<Stub>, StubError> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        StubError(format!(
            "cannot read the stubs {shown}: {error}; name a file that can be read"
        ))
    })?;
    read(contract, &shown, &text)
}

/// Reads stubs: one, or a list. The name is shown in complaints.
///
/// # Errors
/// As [`open`].
pub(crate) fn read(contract: &Contract, name: &str, text: &str) -> Result<Vec<Stub>, StubError> {
    let mut sources = Sources::new();
    let id = sources.add(Source::new(name, text.to_owned()));
    let tree = verbatim_source::parse(&sources, id, &Limits::default());
    let mut reader = Reader {
        contract,
        problems: Vec::new(),
    };
    let stubs = match tree {
        Ok(root) => match &root.value {
            Value::Null => Vec::new(),
            Value::Array(items) => items.iter().map(|item| reader.stub(item)).collect(),
            Value::Object(_) => vec![reader.stub(&root)],
            other => {
                reader.wrong(&root, "a list of stubs", other.kind());
                Vec::new()
            }
        },
        Err(problems) => {
            reader.problems = problems;
            Vec::new()
        }
    };
    if reader.problems.is_empty() {
        return Ok(stubs);
    }
    let texts = reader.problems.iter();
    let texts = texts.map(|problem| verbatim_source::render(problem, &sources));
    Err(StubError(texts.collect::<Vec<_>>().join("\n")))
}

struct Reader<'a> {
    contract: &'a Contract,
    problems: Vec<Diagnostic>,
}

impl MemberReader for Reader<'_> {
    const SUBJECT: &'static str = "the stubs";
    const WRONG: &'static str = "S0003";
    const UNKNOWN: &'static str = "S0003";

    fn problems(&mut self) -> &mut Vec<Diagnostic> {
        &mut self.problems
    }
}

impl Reader<'_> {
    fn stub(&mut self, node: &Node) -> Stub {
        let mut stub = Stub {
            operation: None,
            method: None,
            path: None,
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            status: 200,
            reply_headers: Vec::new(),
            reply_body: None,
            delay: 0,
            times: None,
            check: false,
            written: node.value.clone(),
        };
        let mut replies = false;
        for (key, node) in self.members(node, "a stub with `request` and `reply`") {
            match key {
                "request" => self.request(node, &mut stub),
                "reply" => {
                    replies = true;
                    self.reply(node, &mut stub);
                }
                "times" => stub.times = self.number(node),
                "check" => {
                    stub.check = node.as_bool().unwrap_or_else(|| {
                        self.wrong(node, "true or false", node.value.kind());
                        false
                    });
                }
                _ => self.unknown(key, node, "request, reply, times, check"),
            }
        }
        if !replies && matches!(node.value, Value::Object(_)) {
            let problem = Diagnostic::error("S0003", "the stub has no `reply`")
                .at(node.span.at_start(), "this stub")
                .help("say what is answered: `reply: {status: 503}`");
            self.problems.push(problem);
        }
        stub
    }

    fn request(&mut self, node: &Node, stub: &mut Stub) {
        for (key, node) in self.members(node, "what a request looks like") {
            match key {
                "operation" => {
                    let name = self.text(node);
                    if self.contract.operation(&name).is_none() {
                        let names = self.contract.operations().iter();
                        let mut near = names.map(|it| it.id.as_str());
                        let near = near.find(|id| id.eq_ignore_ascii_case(&name));
                        let help = near.map_or_else(
                            || "an operation goes by its `operationId`, or by method and path such as `GET /pets`".to_owned(),
                            |near| format!("there is `{near}`"),
                        );
                        let problem = Diagnostic::error(
                            "S0003",
                            format!("the document has no operation `{name}`"),
                        );
                        self.problems
                            .push(problem.at(node.span, "this name").help(help));
                    }
                    stub.operation = Some(name);
                }
                "method" => stub.method = Some(self.text(node).to_ascii_uppercase()),
                "path" => {
                    let path = self.text(node);
                    if !path.starts_with('/') {
                        self.wrong(node, "a path that begins with `/`", "another text");
                    }
                    stub.path = Some(path);
                }
                "query" => stub.query = self.pairs(node),
                "headers" => stub.headers = self.pairs(node),
                "body" => stub.body = Some(node.value.clone()),
                _ => self.unknown(key, node, "operation, method, path, query, headers, body"),
            }
        }
    }

    fn reply(&mut self, node: &Node, stub: &mut Stub) {
        for (key, node) in self.members(node, "what is answered") {
            match key {
                "status" => {
                    let status = self
                        .number::<u32>(node)
                        .and_then(|it| u16::try_from(it).ok());
                    match status.filter(|status| (200..600).contains(status)) {
                        Some(status) => stub.status = status,
                        None => self.wrong(node, "a status from 200 to 599", "another number"),
                    }
                }
                "headers" => {
                    for (name, value) in self.pairs(node) {
                        let is_name = http::HeaderName::try_from(name.as_str()).is_ok();
                        if !is_name {
                            self.wrong(node, "names of headers", "something else");
                        }
                        stub.reply_headers.push((name, value.unwrap_or_default()));
                    }
                    self.expressions(node);
                }
                "body" => {
                    stub.reply_body = Some(node.value.clone());
                    self.expressions(node);
                }
                "delay" => stub.delay = self.number(node).unwrap_or_default(),
                _ => self.unknown(key, node, "status, headers, body, delay"),
            }
        }
    }

    /// Complains of expressions that are none: most likely they are misspelt.
    fn expressions(&mut self, node: &Node) {
        match &node.value {
            Value::String(text) => {
                let mut all = expressions(text).into_iter();
                let meant = |it: &str| it.starts_with("$request") || it.starts_with("$response");
                if let Some(wrong) = all.find(|it| meant(it) && !is_known(it)) {
                    let problem = Diagnostic::error("S0003", format!("`{wrong}` is no expression"))
                        .at(node.span, "in this text")
                        .help(format!("there are {FORMS}"));
                    self.problems.push(problem);
                } else if text.contains("$response")
                    && expressions(text)
                        .iter()
                        .any(|it| it.starts_with("$response"))
                {
                    let problem =
                        Diagnostic::error("S0003", "a stub has no reply to take values from")
                            .at(node.span, "in this text")
                            .help("take them from `$request`");
                    self.problems.push(problem);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.expressions(item)),
            Value::Object(members) => {
                for member in members {
                    self.expressions(&member.value);
                }
            }
            _ => {}
        }
    }

    /// Names with texts; null stands for absence.
    fn pairs(&mut self, node: &Node) -> Vec<(String, Option<String>)> {
        let members = self.members(node, "names with texts");
        let pairs = members.into_iter().map(|(key, node)| {
            if matches!(node.value, Value::Array(_) | Value::Object(_)) {
                self.wrong(node, "a text", node.value.kind());
            }
            (key.to_owned(), key_of(&node.value))
        });
        pairs.collect()
    }
}
