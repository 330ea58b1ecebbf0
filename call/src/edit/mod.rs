//! Bodies written in the editor of the user.
//!
//! What is edited is JSON with comments, and what is saved may be JSON or YAML, of which that is a part.

use crate::around::Surroundings;
use crate::failure::{Failure, one_line};
use crate::flag::{Flag, Kind, Target, flags};
use crate::table::{BodyKind, Operation};
use crate::value;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use verbatim_source::{Limits, Node, Object, Source, Sources, write};

/// A body that was written: its text as JSON.
pub type Edited = Vec<u8>;

/// Lets the user write the body of a request. `begun` is what was given by flags and files so far, and
/// `judge` tells what is wrong with a body; one that is wrong is opened again with what was said.
///
/// # Errors
/// Where there is no editor, where it fails, and where nothing was written.
pub fn edit(
    command: &str,
    operation: &Operation,
    begun: Option<&[u8]>,
    around: &Surroundings<'_>,
    judge: &dyn Fn(&Edited) -> Result<(), Failure>,
) -> Result<Edited, Failure> {
    let editor = editor(around)?;
    let start = start(operation, begun)?;
    let comments = comments(command, operation);
    let mut text = format!("{comments}{start}");
    let mut said = String::new();
    loop {
        let shown = format!("{said}{text}");
        let saved = open(&editor, &shown)?;
        let nothing =
            |message: &str| Failure::usage(format!("{command}: {message}; nothing was sent"));
        // With what was said before, the same text again means that it is given up.
        if saved == shown {
            let failure = nothing("nothing was changed in the editor");
            return Err(if said.is_empty() {
                failure.remedy("to send a body as it is, give it by --body or by flags")
            } else {
                failure.remedy(one_line(&said.replace('#', " ")))
            });
        }
        if is_empty(&saved) {
            return Err(nothing("the body that was edited is empty"));
        }
        let wrong =
            match read(&saved) {
                Ok(body) => match judge(&body) {
                    Ok(()) => return Ok(body),
                    Err(failure) => failure.details.fields.iter().fold(
                        String::new(),
                        |mut all, (name, message)| {
                            let _ = writeln!(all, "# {name}: {}", one_line(message));
                            all
                        },
                    ),
                },
                Err(message) => format!("# {}\n", one_line(&message)),
            };
        let before = saved.strip_prefix(&said).unwrap_or(&saved).to_owned();
        said = format!("# This body is not valid; to give up, change nothing:\n{wrong}#\n");
        text = before;
    }
}

/// The command of the editor.
fn editor(around: &Surroundings<'_>) -> Result<String, Failure> {
    let variable = |name: &str| (around.environment)(name).filter(|it| !it.trim().is_empty());
    if let Some(editor) = variable("VISUAL").or_else(|| variable("EDITOR")) {
        return Ok(editor);
    }
    let usual = if cfg!(windows) { "notepad" } else { "vi" };
    if around.stdin_is_terminal && around.stderr_is_terminal {
        return Ok(usual.to_owned());
    }
    Err(
        Failure::usage("--edit: there is no terminal, and neither VISUAL nor EDITOR is set")
            .remedy("give the body by --body FILE or by flags"),
    )
}

/// The body to start from: what was given, the documented one, or the members that are needed.
fn start(operation: &Operation, begun: Option<&[u8]>) -> Result<String, Failure> {
    if operation
        .body
        .as_ref()
        .is_none_or(|body| body.kind != BodyKind::Json)
    {
        return Err(
            Failure::usage("--edit: the body of this command is no JSON")
                .remedy("give it by flags, or by --body FILE"),
        );
    }
    let example = operation
        .body
        .as_ref()
        .and_then(|body| body.example.as_ref());
    let text = match begun {
        Some(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        None => example.map(|it| it.as_str().to_owned()),
    };
    let node = match text {
        Some(text) => value::parse("the body", text).map_err(Failure::usage)?,
        None => needed(&flags(operation)),
    };
    Ok(format!("{}\n", write::pretty(&node.value).trim_end()))
}

/// An object with a place for each member that is needed.
fn needed(flags: &[Flag]) -> Node {
    let mut root = Node::made(Object::new());
    for flag in flags.iter().filter(|flag| flag.required) {
        let Target::Member(path) = &flag.target else {
            continue;
        };
        let empty = match (flag.list, flag.kind) {
            (true, _) => Node::made(verbatim_source::Value::Array(Vec::new())),
            (_, Kind::Text | Kind::File | Kind::JsonOrText) => Node::made(""),
            (_, Kind::Number) => Node::made(verbatim_source::Value::Number("0".to_owned())),
            (_, Kind::Boolean) => Node::made(false),
            (_, Kind::Json) => Node::made(Object::new()),
        };
        // Members of one that is no object are left to who writes.
        let _ = value::put(&mut root, path, empty);
    }
    root
}

/// What a body may have in it.
fn comments(command: &str, operation: &Operation) -> String {
    let mut text = format!(
        "# The body of `{command}`, as JSON or YAML. Save and close to send it; an empty body, or one that\n\
         # was not changed, sends nothing. Members:\n#\n"
    );
    for flag in flags(operation) {
        let Target::Member(path) = &flag.target else {
            continue;
        };
        let kind = match flag.kind {
            Kind::Boolean => "boolean",
            Kind::Number => "number",
            Kind::Text | Kind::File => "text",
            Kind::JsonOrText | Kind::Json => "JSON",
        };
        let list = if flag.list { "list of " } else { "" };
        let needed = if flag.required { ", needed" } else { "" };
        let about: String = one_line(&flag.about).chars().take(100).collect();
        let gap = if about.is_empty() { "" } else { ": " };
        let _ = writeln!(
            text,
            "#   {} ({list}{kind}{needed}){gap}{about}",
            path.join(".")
        );
    }
    text.push_str("#\n");
    text
}

fn is_empty(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    lines.all(|line| line.is_empty() || line.starts_with('#'))
}

/// The text as JSON; the complaint has the place.
fn read(text: &str) -> Result<Edited, String> {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("body.yaml", text.to_owned()));
    let node = verbatim_source::yaml::parse(&sources, id, &Limits::default());
    let node = node.map_err(|problems| {
        let first = problems.first();
        first.map_or_else(String::new, |it| verbatim_source::render(it, &sources))
    })?;
    Ok(write::compact(&node.value).into_bytes())
}

/// Opens a text in the editor; what was saved.
fn open(editor: &str, text: &str) -> Result<String, Failure> {
    let wrong = |message: String| Failure::usage(format!("--edit: {message}; nothing was sent"));
    // Readable for its owner alone, and gone when it was read.
    let mut file = tempfile::Builder::new()
        .prefix("body-")
        .suffix(".yaml")
        .tempfile()
        .map_err(|error| wrong(format!("no file can be made: {error}")))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.flush())
        .map_err(|error| wrong(format!("the file cannot be written: {error}")))?;
    let path = file.into_temp_path();
    let status = started(editor, &path)
        .status()
        .map_err(|error| wrong(format!("`{editor}` cannot be started: {error}")))?;
    if !status.success() {
        return Err(wrong(format!("`{editor}` failed: {status}")));
    }
    std::fs::read_to_string(&path)
        .map_err(|error| wrong(format!("what was saved cannot be read: {error}")))
}

/// The editor may have words of its own: `code --wait`.
#[cfg(not(windows))]
fn started(editor: &str, file: &Path) -> Command {
    let mut command = Command::new("sh");
    let line = format!("{editor} \"$1\"");
    command.args(["-c", &line, "editor"]).arg(file);
    command
}

#[cfg(windows)]
fn started(editor: &str, file: &Path) -> Command {
    let mut words = editor.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or("notepad"));
    command.args(words).arg(file);
    command
}
