//! The commands, built from tables when the program starts.
//!
//! Only what the words of the command line can mean is built in full: the methods of the groups that
//! are named, and the flags of the methods that are named. A program with a thousand operations
//! starts as quickly as one with ten.

use crate::flag::{Flag, Kind, flags};
use crate::table::{Api, BodyKind, Group, Method, Operation};
use clap::{Arg, ArgAction, Command};
use std::collections::BTreeSet;

/// How the program is called, and what it offers beside the operations.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The words before the group: `panel`, `verbatim call`.
    pub name: String,
    /// What the program is for.
    pub about: String,
    /// The version of the program.
    pub version: String,
    /// The names of its APIs; with several of them there is `--api`.
    pub apis: Vec<String>,
    /// Whether the document is given by `--spec`.
    pub takes_spec: bool,
}

const CODES: &str = "\
Exit codes:
  0  done
  1  the API refused, or answered with what cannot be read
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
    for group in &api.groups {
        command = command.subcommand(group_command(group, &said)?);
    }
    Ok(command)
}

fn group_command(group: &Group, said: &BTreeSet<&str>) -> Result<Command, String> {
    let mut command = Command::new(group.name.clone())
        .about(group.about.clone())
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
            method_command(method)?
        } else {
            brief(method)
        });
    }
    Ok(command)
}

fn brief(method: &Method) -> Command {
    Command::new(method.name.clone()).about(about(method))
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
pub fn method_command(method: &Method) -> Result<Command, String> {
    let operation = method.operation()?;
    let text = match operation.text.as_str() {
        "" => about(method),
        text => text.to_owned(),
    };
    let mut command = brief(method)
        .long_about(format!("{text}\n\n{} {}", method.verb, method.path))
        .allow_negative_numbers(true);
    for flag in flags(&operation) {
        command = command.arg(argument(&flag));
    }
    for arg in of_operation(&operation) {
        command = command.arg(arg);
    }
    Ok(command)
}

fn argument(flag: &Flag) -> Arg {
    let mut help = crate::failure::one_line(&flag.about);
    if !flag.words.is_empty() && flag.words.len() <= 24 {
        let words = flag.words.join(", ");
        let gap = if help.is_empty() { "" } else { " " };
        help = format!("{help}{gap}[values: {words}]");
    }
    let mut arg = Arg::new(flag.id.clone())
        .value_name(flag.value_name())
        .help(help);
    if flag.list {
        arg = arg.action(ArgAction::Append);
    }
    if flag.kind == Kind::Boolean {
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

/// Options of one method beside those of the document.
fn of_operation(operation: &Operation) -> Vec<Arg> {
    let mut args = Vec::new();
    if let Some(body) = &operation.body {
        let kind = match body.kind {
            BodyKind::Raw => "The body, from a file; - is the standard input",
            _ => "The whole body as JSON, from a file; - is the standard input",
        };
        args.push(value("body", "FILE", kind).help_heading("Body"));
        if body.kind != BodyKind::Raw {
            let help = "A member of the body as JSON: --set hardware.vcore=2";
            args.push(
                value("set", "PATH=JSON", help)
                    .action(ArgAction::Append)
                    .help_heading("Body"),
            );
            let help = "Print a body to start from, and send nothing";
            args.push(switch("example", help).help_heading("Body"));
        }
    }
    args.push(switch("unchecked", "Send what the document does not allow"));
    args
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
    let mut args = vec![
        value("output", "FORM", "json")
            .short('o')
            .value_parser(["json"]),
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
            "SECONDS",
            "The time limit of the call as a whole",
        ),
        switch(
            "plain-http",
            "Allow an address without TLS on another machine",
        ),
        switch(
            "verbose",
            "Show request and reply on the standard error, without secrets",
        ),
    ];
    if shape.apis.len() > 1 {
        let names = shape.apis.join(", ");
        args.push(
            Arg::new("api")
                .long("api")
                .value_name("NAME")
                .help(format!("The API [values: {names}]")),
        );
    }
    if shape.takes_spec {
        args.push(value("spec", "FILE", "The OpenAPI document"));
    }
    let global = args.into_iter();
    global
        .map(|arg| arg.global(true).help_heading("Options"))
        .collect()
}
