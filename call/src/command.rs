//! The commands, built from tables when the program starts.
//!
//! Only what the words of the command line can mean is built in full: the methods of the groups that
//! are named, and the flags of the methods that are named. A program with a thousand operations
//! starts as quickly as one with ten.

use crate::example;
use crate::extra;
use crate::flag::{Flag, Kind, flags, of_lists, of_several};
use crate::list;
use crate::output::Form;
use crate::shape::Shape;
use crate::table::{Api, BodyKind, Group, Method, Operation};
use clap::{Arg, ArgAction, Command};
use std::collections::BTreeSet;
use verbatim_runtime::service::Place;
use verbatim_source::printable;

const CODES: &str = "\
Exit codes:
  0  done
  1  the API refused, or its answer cannot be read or written
  2  wrong command line, or a request that is not valid
  3  credentials are missing, or not accepted
  4  not found
  5  what was waited for failed, or did not happen in time
  6  the answer was lost: the request may have taken effect
  7  no answer: network, server or time limit";

/// The whole command, as far as the words can mean it.
///
/// # Errors
/// Tables that are damaged.
pub fn command(shape: &Shape, api: &Api, words: &[String]) -> Result<Command, String> {
    let said: BTreeSet<&str> = words.iter().map(String::as_str).collect();
    let mut command = Command::new(shape.name.clone())
        .about(shape.about.clone())
        .version(shape.version.clone())
        .long_about(format!("{}\n\n{} {}", shape.about, api.title, api.version))
        .after_help(CODES)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand_value_name("GROUP")
        .subcommand_help_heading("Groups")
        .args(own(shape));
    let program = shape.program(api);
    for group in &api.groups {
        command = command.subcommand(group_command(&program, group, &said)?);
    }
    for own in extra::commands(shape, api) {
        command = command.subcommand(own);
    }
    Ok(command)
}

fn group_command(program: &str, group: &Group, said: &BTreeSet<&str>) -> Result<Command, String> {
    let mut command = Command::new(group.name.clone())
        .about(plain(&group.about))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand_value_name("METHOD")
        .subcommand_help_heading("Methods");
    if !said.contains(group.name.as_str()) {
        return Ok(command);
    }
    for method in &group.methods {
        command = command.subcommand(if said.contains(method.name.as_str()) {
            method_command(program, group, method)?
        } else {
            brief(method)
        });
    }
    Ok(command)
}

fn brief(method: &Method) -> Command {
    Command::new(method.name.clone()).about(plain(&about(method)))
}

/// A text of the document as it may be shown.
fn plain(text: &str) -> String {
    printable(&text.replace("\r\n", "\n").replace('\t', "    "))
}

fn about(method: &Method) -> String {
    let words = match method.about.as_str() {
        "" => format!("{} {}", method.verb, method.path),
        about => about.to_owned(),
    };
    if method.deprecated {
        format!("{words} (deprecated)")
    } else {
        words
    }
}

/// The command of one method with everything that it takes.
///
/// # Errors
/// Tables that are damaged.
fn method_command(program: &str, group: &Group, method: &Method) -> Result<Command, String> {
    let operation = method.operation()?;
    let text = match operation.text.as_str() {
        "" => about(method),
        text => text.to_owned(),
    };
    let mut command = brief(method)
        .long_about(plain(&format!("{text}\n\n{} {}", method.verb, method.path)))
        .allow_negative_numbers(true);
    let flags = flags(&operation);
    let several = of_several(&operation, &flags).map(|flag| flag.id.clone());
    for flag in &flags {
        let mut arg = argument(flag);
        if several.as_ref() == Some(&flag.id) {
            arg = arg.num_args(1..).action(ArgAction::Append);
        }
        command = command.arg(arg);
    }
    for arg in of_operation(&operation, &flags) {
        command = command.arg(arg);
    }
    if let Some(words) = example::example(&operation) {
        let head = format!("{program} {} {}", group.name, method.name);
        let line = format!("{head} {}", example::line(&words));
        command = command.after_help(format!("Example:\n  {}", line.trim_end()));
    }
    Ok(command)
}

/// The words behind group and method of the example in the help of a method, where it has one.
///
/// # Errors
/// Tables that are damaged.
pub fn example(method: &Method) -> Result<Option<Vec<String>>, String> {
    method
        .operation()
        .map(|operation| example::example(&operation))
}

fn argument(flag: &Flag) -> Arg {
    let mut help = crate::failure::one_line(&flag.about);
    if !flag.words.is_empty() && flag.words.len() <= 24 {
        let words: Vec<String> = flag.words.iter().map(|it| word(it)).collect();
        let words = words.join(", ");
        let gap = if help.is_empty() { "" } else { " " };
        help = format!("{help}{gap}[values: {words}]");
    }
    let mut arg = Arg::new(flag.id.clone())
        .value_name(flag.value_name())
        .allow_hyphen_values(flag.hyphen)
        .help(help);
    if flag.list {
        arg = arg.action(ArgAction::Append);
    }
    if flag.kind == Kind::Boolean && flag.long.is_some() {
        arg = arg.num_args(0..=1).default_missing_value("true");
    }
    match &flag.long {
        None => arg.required(flag.required),
        Some(long) => {
            let heading = match flag.target {
                crate::flag::Target::Parameter(_) => "Parameters",
                crate::flag::Target::Member(_) => "Body",
            };
            let required = match flag.target {
                crate::flag::Target::Parameter(_) => flag.required,
                // It may be given by --body, --set or --example as well.
                crate::flag::Target::Member(_) => false,
            };
            arg.long(long.clone())
                .aliases(flag.aliases.clone())
                .required(required)
                .help_heading(heading)
        }
    }
}

/// A value in a list of values: in quotation marks where it could be taken for several or none.
fn word(text: &str) -> String {
    let is_apart = |each: char| each.is_whitespace() || matches!(each, ',' | '[' | ']' | '"');
    if text.is_empty() || text.contains(is_apart) {
        return format!("{text:?}");
    }
    text.to_owned()
}

/// Options of one method beside those of the document.
fn of_operation(operation: &Operation, flags: &[Flag]) -> Vec<Arg> {
    let mut args = Vec::new();
    if let Some(body) = &operation.body {
        let kind = match body.kind {
            BodyKind::Raw => "The body, from a file; - is the standard input",
            _ => "The whole body as JSON, from a file; - is the standard input",
        };
        args.push(value("body", "FILE", kind).help_heading("Body"));
        if body.has_choice() {
            let all: Vec<&str> = body.all_media().collect();
            let help = format!(
                "The media type of the body; by default that of its file's name [values: {}]",
                plain(&all.join(", "))
            );
            let arg = Arg::new("content-type")
                .long("content-type")
                .value_name("TYPE");
            args.push(arg.help(help).help_heading("Body"));
        }
        if body.kind != BodyKind::Raw {
            let help = "A member of the body as JSON: --set hardware.vcore=2";
            args.push(
                value("set", "PATH=JSON", help)
                    .action(ArgAction::Append)
                    .help_heading("Body"),
            );
            let help = "Print a body to start from, and send nothing";
            args.push(switch("example", help).help_heading("Body"));
            if body.kind == BodyKind::Json {
                let help = "Write the body in $VISUAL or $EDITOR, begun with what is given";
                args.push(switch("edit", help).help_heading("Body"));
            }
        }
    }
    args.push(switch("unchecked", "Send what the document does not allow"));
    if list::pointer(operation).is_some() {
        args.extend(of_list(operation, flags).map(|arg| arg.help_heading("List")));
    }
    if operation.wait.is_some() {
        args.extend(of_wait().map(|arg| arg.help_heading("Wait")));
    }
    if operation
        .parameters
        .iter()
        .any(|it| it.place == Place::Path)
    {
        args.push(switch(
            "exact",
            "Take identifiers as they are; look no name up",
        ));
    }
    let help = "Print the request as a curl command, and send nothing";
    args.push(switch("dry-run", help));
    if !operation.safe {
        args.push(switch("yes", "Go on without asking").short('y'));
    }
    args
}

fn of_list(operation: &Operation, flags: &[Flag]) -> impl Iterator<Item = Arg> {
    let all = switch("all", "The items of all pages");
    let limit = value("limit", "COUNT", "No more than so many items");
    let help = "Items whose member has this value: --filter status.state=POWERED_ON; != for others";
    let filter = value("filter", "PATH=VALUE", help).action(ArgAction::Append);
    let all = operation.pagination.is_some().then_some(all);
    let args = all.into_iter().chain([limit, filter]);
    let named = args.zip(
        operation
            .pagination
            .iter()
            .map(|_| "all")
            .chain(["limit", "filter"]),
    );
    let named = named.map(|(arg, name)| arg.long(of_lists(name, flags)));
    named.collect::<Vec<_>>().into_iter()
}

/// How replies are shown.
fn of_output() -> Vec<Arg> {
    let forms = "The form of the output; a table on a terminal, else JSON as it was sent";
    let columns = "The columns of a table or of CSV: id,name,status.state";
    let jq = "An expression of jq over the reply: '.[].name'";
    let secrets = "Show secrets of replies in tables and on a terminal";
    vec![
        value("output", "FORM", forms)
            .short('o')
            .value_parser(Form::WORDS),
        value("columns", "PATHS", columns),
        value("jq", "EXPRESSION", jq),
        switch("show-secrets", secrets),
        switch("no-pager", "Show long output on a terminal without a pager"),
    ]
}

fn of_wait() -> impl Iterator<Item = Arg> {
    let help = "Wait until it is complete, no longer than this: 90s, 10m, 1h";
    let wait = value("wait", "TIME", help)
        .num_args(0..=1)
        .require_equals(true)
        .default_missing_value("");
    let no = switch("no-wait", "Do not wait, which is the default").overrides_with("wait");
    [wait.overrides_with("no-wait"), no].into_iter()
}

fn value(name: &'static str, of: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(of).help(help)
}

fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .help(help)
        .action(ArgAction::SetTrue)
}

/// Options of every command.
fn own(shape: &Shape) -> Vec<Arg> {
    let mut args = of_output();
    args.extend([
        value("profile", "NAME", "The account, as `login` keeps it"),
        value("base-url", "URL", "Another address of the API"),
        value(
            "auth-token",
            "TOKEN",
            "A key or token; the environment hides it better",
        ),
        value("auth-user", "NAME", "The user, or the e-mail address"),
        value(
            "auth-password",
            "TEXT",
            "The password, or the key; the environment hides it better",
        ),
        value("variable", "NAME=VALUE", "A variable of the address").action(ArgAction::Append),
        value(
            "timeout",
            "TIME",
            "The time limit of the call as a whole: 20s, 5m",
        ),
        switch("read-only", "Refuse every call that changes something"),
        switch(
            "plain-http",
            "Allow an address without TLS on another machine",
        ),
        switch(
            "verbose",
            "Show request and reply on the standard error, without secrets",
        ),
    ]);
    if shape.apis.len() > 1 {
        let names = shape.apis.join(", ");
        args.push(
            Arg::new("api")
                .long("api")
                .value_name("NAME")
                .help(format!("The API [values: {names}]")),
        );
    }
    if shape.can_simulate {
        args.push(switch(
            "simulate",
            "Call a simulator, whose state stays in this folder",
        ));
    }
    if shape.takes_spec {
        args.push(value("spec", "FILE", "The OpenAPI document"));
    }
    let global = args.into_iter();
    global
        .map(|arg| arg.global(true).help_heading("Options"))
        .collect()
}
