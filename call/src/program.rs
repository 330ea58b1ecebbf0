//! A command line, from its words to its exit code.

use crate::command::{self, Shape};
use crate::failure::{Exit, Failure, did_you_mean, near, one_line};
use crate::request::request;
use crate::table::{Api, Method, Operation, Setting, Success};
use crate::{outcome, send, service};
use clap::ArgMatches;
use clap::error::ErrorKind;
use std::ffi::OsString;
use std::io::{ErrorKind as Io, IsTerminal as _, Read, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use verbatim_runtime::Client;
use verbatim_runtime::transport::Transport;

/// Where the tables of a program are.
pub struct Tables<'t> {
    /// The texts of the tables by the name of the API, the default first.
    pub inside: &'t [(&'t str, &'t str)],
}

/// What a command meets: its streams, its environment, and the network.
pub struct Surroundings<'s> {
    /// The standard input.
    pub stdin: &'s mut dyn Read,
    /// The standard output.
    pub stdout: &'s mut dyn Write,
    /// The standard error.
    pub stderr: &'s mut dyn Write,
    /// Environment variables.
    pub environment: &'s dyn Fn(&str) -> Option<String>,
    /// How requests are sent; by HTTP where there is none.
    pub transport: Option<Arc<dyn Transport>>,
    /// Whether the standard output is a terminal.
    pub stdout_is_terminal: bool,
}

/// Runs the command of these words, the name of the program not among them, over tables that are
/// inside of the program. The exit code is one of [`Exit`].
pub fn run(
    shape: &Shape,
    tables: &Tables<'_>,
    words: &[String],
    around: &mut Surroundings<'_>,
) -> u8 {
    let outcome = chosen(tables, words).and_then(|api| run_over(shape, &api, words, around));
    finish(outcome, words, around)
}

/// As [`run`], over the tables of one API.
pub fn run_api(shape: &Shape, api: &Api, words: &[String], around: &mut Surroundings<'_>) -> u8 {
    let outcome = run_over(shape, api, words, around);
    finish(outcome, words, around)
}

/// Tells of a failure; the exit code.
pub fn finish(outcome: Result<(), Failure>, words: &[String], around: &mut Surroundings<'_>) -> u8 {
    let Err(failure) = outcome else {
        return Exit::Done.code();
    };
    if failure.message.is_empty() {
        return failure.exit.code();
    }
    let text = if option(words, "output", Some('o')) == Some("json") {
        failure.to_json()
    } else {
        format!("error: {failure}")
    };
    // Where not even this can be said, the exit code has to do.
    let _ = writeln!(around.stderr, "{text}");
    failure.exit.code()
}

/// The value of an option before the command is known: the last one counts.
pub fn option<'w>(words: &'w [String], long: &str, short: Option<char>) -> Option<&'w str> {
    let mut found = None;
    let mut all = words.iter();
    while let Some(word) = all.next() {
        if word == "--" {
            break;
        }
        let short_word = short.and_then(|short| word.strip_prefix('-')?.strip_prefix(short));
        if let Some(rest) = word.strip_prefix("--").and_then(|it| it.strip_prefix(long)) {
            if let Some(value) = rest.strip_prefix('=') {
                found = Some(value);
            } else if rest.is_empty() {
                found = all.next().map(String::as_str);
            }
        } else if let Some(rest) = short_word {
            found = match rest.strip_prefix('=').unwrap_or(rest) {
                "" => all.next().map(String::as_str),
                value => Some(value),
            };
        }
    }
    found
}

/// The tables that `--api` names, or the first.
fn chosen(tables: &Tables<'_>, words: &[String]) -> Result<Api, Failure> {
    let names = tables.inside.iter().map(|(name, _)| *name);
    let found = match option(words, "api", None) {
        None => tables.inside.first(),
        Some(name) => {
            let found = tables.inside.iter().find(|(other, _)| *other == name);
            if found.is_none() {
                let like = near(name, names.clone());
                let all: Vec<&str> = names.collect();
                let remedy = match like.as_slice() {
                    [] => format!("there are {}", all.join(", ")),
                    like => did_you_mean(like),
                };
                return Err(
                    Failure::usage(format!("--api: there is no API `{name}`")).remedy(remedy)
                );
            }
            found
        }
    };
    let (name, text) = found.ok_or_else(|| Failure::usage("this program has no tables"))?;
    Api::from_text(text)
        .map_err(|message| Failure::usage(format!("the tables of {name}: {message}")))
}

fn run_over(
    shape: &Shape,
    api: &Api,
    words: &[String],
    around: &mut Surroundings<'_>,
) -> Result<(), Failure> {
    let command = command::command(shape, api, words).map_err(Failure::usage)?;
    let named = std::iter::once(&shape.name).chain(words);
    let matches = match command.try_get_matches_from(named) {
        Ok(matches) => matches,
        Err(error) => return misread(shape, &error, around),
    };
    let (group, method, matches) = found(api, &matches)?;
    let operation = method.operation().map_err(Failure::usage)?;
    let command = format!("{group} {}", method.name);
    if operation.body.is_some()
        && matches.try_get_one::<bool>("example").ok().flatten() == Some(&true)
    {
        return example(&command, &operation, around);
    }
    let request = request(&operation, matches, around.stdin)?;
    let client = client(api, method, &operation, matches, around)?;
    let mut call = send::call(&client, &method.id, &operation, &request)?;
    if let Some(limit) = seconds(matches)? {
        call = call.deadline(limit);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::new(Exit::Network, format!("no clock and no network: {error}"))
        })?;
    let fail = |error: &verbatim_runtime::Error<()>| outcome::failure(api, &command, error);
    runtime.block_on(async {
        let response = call.send().await.map_err(|error| fail(&error))?;
        let received = response.value;
        let wants_json = operation.result.is_some() && operation.success == Success::Whole;
        outcome::readable(&command, &received, wants_json)?;
        print(around, &received.body)
    })
}

/// The group, the method, and what was given to it.
fn found<'a, 'm>(
    api: &'a Api,
    matches: &'m ArgMatches,
) -> Result<(&'a str, &'a Method, &'m ArgMatches), Failure> {
    let nothing = || Failure::usage("no method is named").remedy("--help lists them");
    let (group, below) = matches.subcommand().ok_or_else(nothing)?;
    let (method, below) = below.subcommand().ok_or_else(nothing)?;
    let group = api.group(group).ok_or_else(nothing)?;
    let method = group.method(method).ok_or_else(nothing)?;
    Ok((&group.name, method, below))
}

/// Help and version go to the standard output; everything else is a failure in one line.
fn misread(
    shape: &Shape,
    error: &clap::Error,
    around: &mut Surroundings<'_>,
) -> Result<(), Failure> {
    let text = error.render();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = text.to_string();
            return print(around, text.as_bytes());
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = write!(around.stderr, "{text}");
            return Err(Failure::usage(""));
        }
        _ => {}
    }
    let text = text.to_string();
    let mut message = String::new();
    let mut remedy = String::new();
    for paragraph in text.split("\n\n") {
        let words = one_line(paragraph);
        if let Some(rest) = words.strip_prefix("error: ") {
            message = rest.replace("subcommand", "command");
        } else if let Some(tip) = words.strip_prefix("tip: ") {
            remedy = tip.replace("subcommand", "command");
        }
    }
    if remedy.is_empty() {
        remedy = format!("`{} --help` tells more", shape.name);
    }
    Err(Failure::usage(message).remedy(remedy))
}

fn example(
    command: &str,
    operation: &Operation,
    around: &mut Surroundings<'_>,
) -> Result<(), Failure> {
    let example = operation
        .body
        .as_ref()
        .and_then(|body| body.example.as_ref());
    let example = example.ok_or_else(|| {
        Failure::usage(format!(
            "{command}: the document has no example of its body"
        ))
        .remedy("--help names its members")
    })?;
    let node =
        crate::value::parse("example", example.as_str().to_owned()).map_err(Failure::usage)?;
    let text = verbatim_source::write::pretty(&node.value);
    print(around, format!("{}\n", text.trim_end()).as_bytes())
}

/// Writes to the standard output. A reader that has gone away has seen what it wanted.
fn print(around: &mut Surroundings<'_>, bytes: &[u8]) -> Result<(), Failure> {
    let write = |around: &mut Surroundings<'_>| {
        around.stdout.write_all(bytes)?;
        if around.stdout_is_terminal && !bytes.is_empty() && !bytes.ends_with(b"\n") {
            around.stdout.write_all(b"\n")?;
        }
        around.stdout.flush()
    };
    match write(around) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == Io::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::new(
            Exit::Network,
            format!("the standard output cannot be written: {error}"),
        )),
    }
}

fn seconds(matches: &ArgMatches) -> Result<Option<Duration>, Failure> {
    let Some(text) = matches.get_one::<String>("timeout") else {
        return Ok(None);
    };
    let seconds: Option<f64> = text.trim_end_matches('s').parse().ok();
    let limit = seconds.filter(|it| *it > 0.0);
    let limit = limit.and_then(|it| Duration::try_from_secs_f64(it).ok());
    limit.map(Some).ok_or_else(|| {
        Failure::usage(format!(
            "--timeout: `{text}` is no number of seconds above 0"
        ))
    })
}

fn client(
    api: &Api,
    method: &Method,
    operation: &Operation,
    matches: &ArgMatches,
    around: &Surroundings<'_>,
) -> Result<Client, Failure> {
    let mut ids = vec![method.id.as_str()];
    ids.extend(operation.wait.as_ref().map(|wait| wait.poll.as_str()));
    let service = service::service(api, &ids).map_err(Failure::usage)?;
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let mut builder = Client::builder(service);
    if let Some(transport) = &around.transport {
        builder = builder.shared_transport(Arc::clone(transport));
    }
    if let Some(url) = text("base-url") {
        builder = builder.base_url(url);
    }
    if matches.get_flag("plain-http") {
        builder = builder.danger_allow_http();
    }
    for pair in matches.get_many::<String>("variable").into_iter().flatten() {
        let Some((name, value)) = pair.split_once('=') else {
            return Err(Failure::usage(format!(
                "--variable {pair}: it has no equals sign"
            )));
        };
        builder = builder.server_variable(name, value);
    }
    builder = match (text("auth-token"), text("auth-user"), text("auth-password")) {
        (Some(token), _, _) => builder.token(token),
        (None, Some(user), Some(password)) => builder.basic(user, password),
        (None, Some(_), None) | (None, None, Some(_)) => {
            return Err(Failure::usage(
                "--auth-user and --auth-password go together",
            ));
        }
        (None, None, None) => builder,
    };
    let needs =
        !operation.security.is_empty() && operation.security.iter().all(|it| !it.is_empty());
    let environment = |name: &str| (around.environment)(name);
    let builder = if needs {
        builder.from_lookup(environment).map_err(|error| {
            Failure::new(Exit::Credentials, error.to_string()).remedy(outcome::ways(api))
        })?
    } else {
        match (around.environment)(api.variable(Setting::Url)) {
            Some(url) if text("base-url").is_none() => builder.base_url(url),
            _ => builder,
        }
    };
    builder
        .build()
        .map_err(|error| Failure::usage(error.to_string()))
}

/// Runs a command in the surroundings of this process: the body of a `main`.
///
/// Words that are no text are refused, since none of them could be sent as it is.
pub fn main(
    words: impl IntoIterator<Item = OsString>,
    command: impl FnOnce(&[String], &mut Surroundings<'_>) -> u8,
) -> ExitCode {
    let mut stdin = std::io::stdin().lock();
    let mut stdout = std::io::stdout().lock();
    let mut stderr = std::io::stderr();
    let stdout_is_terminal = stdout.is_terminal();
    let mut around = Surroundings {
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        environment: &|name| std::env::var(name).ok(),
        transport: None,
        stdout_is_terminal,
    };
    let words: Result<Vec<String>, OsString> =
        words.into_iter().map(OsString::into_string).collect();
    let code = match words {
        Ok(words) => command(&words, &mut around),
        Err(word) => {
            let message = format!("`{}` is not UTF-8 text", word.display());
            finish(Err(Failure::usage(message)), &[], &mut around)
        }
    };
    ExitCode::from(code)
}
