//! A command line, from its words to its exit code.

use crate::around::print;
use crate::command;
use crate::extra;
use crate::failure::{Exit, Failure, did_you_mean, one_line};
use crate::home::Home;
use crate::invoke::Invocation;
use crate::table::{Api, Method};
use clap::ArgMatches;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use verbatim_source::near;

pub use crate::around::Surroundings;
use crate::shape::Shape;

/// Where the tables of a program are.
pub struct Tables<'t> {
    /// The texts of the tables by the name of the API, the default first.
    pub inside: &'t [(&'t str, &'t str)],
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
    let text = failure.told(option(words, "output", Some('o')) == Some("json"));
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
pub(crate) fn chosen(tables: &Tables<'_>, words: &[String]) -> Result<Api, Failure> {
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
        Err(error) => return misread((shape, api), &error, words, around),
    };
    if let Some(done) = extra::run(shape, api, &matches, around) {
        return done;
    }
    let (group, method, matches) = found(api, &matches)?;
    let invocation = Invocation {
        shape,
        api,
        method,
        operation: method.operation().map_err(Failure::usage)?,
        command: format!("{group} {}", method.name),
        matches,
    };
    invocation.run(around)
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
    (shape, api): (&Shape, &Api),
    error: &clap::Error,
    words: &[String],
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
    let tips = tips(error);
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
    if !tips.is_empty() {
        remedy = did_you_mean(&tips);
    }
    if let Some((flag, value)) = mistaken(error, words) {
        remedy = format!("a value that begins with a hyphen is written `{flag}={value}`");
    }
    if remedy.is_empty() {
        remedy = format!("`{} --help` tells more", named(shape, api, words));
    }
    Err(Failure::usage(message).remedy(remedy))
}

/// A value that was taken for a flag, and the flag before it.
fn mistaken<'w>(error: &clap::Error, words: &'w [String]) -> Option<(&'w str, &'w str)> {
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let Some(ContextValue::String(said)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    words.windows(2).find_map(|pair| {
        let [flag, value] = pair else { return None };
        let is_value = value.starts_with(said.as_str()) && !value.starts_with("--");
        let is_flag = flag.starts_with("--") && flag.len() > 2 && !flag.contains('=');
        (is_value && is_flag).then_some((flag.as_str(), value.as_str()))
    })
}

/// The program with group and method, as far as they are among the words.
fn named(shape: &Shape, api: &Api, words: &[String]) -> String {
    let mut name = shape.program(api);
    let group = words.iter().find_map(|word| api.group(word));
    if let Some(group) = group {
        name = format!("{name} {}", group.name);
        if let Some(method) = words.iter().find_map(|word| group.method(word)) {
            name = format!("{name} {}", method.name);
        }
    }
    name
}

/// The body of the `main` of a program whose tables are inside and that does nothing else: it answers shells
/// that ask for completions, and runs commands.
pub fn main_over(shape: &Shape, tables: &Tables<'_>) -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    #[cfg(feature = "complete")]
    if let Some(code) = crate::complete::run(shape, tables, args.clone()) {
        return code;
    }
    main(args.into_iter().skip(1), |words, around| {
        run(shape, tables, words, around)
    })
}

/// The names that are like what was written, three at most: what a text is like is of little help where it is like
/// everything.
fn tips(error: &clap::Error) -> Vec<&str> {
    let kinds = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    let found = kinds.into_iter().find_map(|kind| error.get(kind));
    let all: Vec<&str> = match found {
        Some(ContextValue::String(one)) => vec![one.as_str()],
        Some(ContextValue::Strings(several)) => several.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    // The best stand last.
    all.into_iter().rev().take(3).collect()
}

/// Runs a command in the surroundings of this process: the body of a `main`.
///
/// Words that are no text are refused, since none of them could be sent as it is.
pub fn main(
    words: impl IntoIterator<Item = OsString>,
    command: impl FnOnce(&[String], &mut Surroundings<'_>) -> u8,
) -> ExitCode {
    let home = Home::of_user();
    let mut stdin = std::io::stdin().lock();
    let stdin_is_terminal = stdin.is_terminal();
    let mut stdout = std::io::stdout().lock();
    let mut stderr = std::io::stderr();
    let stdout_is_terminal = stdout.is_terminal();
    let stderr_is_terminal = stderr.is_terminal();
    let mut around = Surroundings {
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        environment: &|name| std::env::var(name).ok(),
        home: &home,
        transport: None,
        simulators: None,
        stdin_is_terminal,
        stdout_is_terminal,
        stderr_is_terminal,
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
