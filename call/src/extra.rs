//! Commands that are no operation: `search`, and `wait` with the token of an earlier wait.

use crate::around::{Surroundings, print};
use crate::client::{Reach, Within, client, runtime};
use crate::failure::{Exit, Failure};
use crate::flag::flags;
use crate::invoke::each;
use crate::names;
use crate::outcome::is_json;
use crate::output::{Defaults, Output};
use crate::profile;
use crate::shape::{APART, Shape, called};
use crate::table::{Among, Api, Operation};
use crate::value;
use crate::waiting::{self, Together};
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::collections::BTreeSet;
use verbatim_runtime::{RawResponse, WaitToken};
use verbatim_source::printable;

/// The commands. A group of the document goes before one with its name, which gets another.
pub fn commands(shape: &Shape, api: &Api) -> Vec<Command> {
    let wait = Command::new("wait")
        .about("Go on with waits that were begun by --wait")
        .arg(
            Arg::new("tokens")
                .value_name("TOKEN")
                .help("What --wait told when it ended early")
                .required(true)
                .action(ArgAction::Append),
        )
        .arg(
            Arg::new("limit")
                .long("limit")
                .value_name("TIME")
                .help("No longer than this, instead of what is left: 90s, 10m, 1h"),
        );
    let search = Command::new("search")
        .about("Find commands, flags and properties of replies by a word")
        .arg(
            Arg::new("words")
                .value_name("WORD")
                .help("What the name or the description has in it")
                .required(true)
                .action(ArgAction::Append),
        );
    let word = |name: &'static str, about: &'static str| Command::new(name).about(about);
    let simulate = Command::new("simulate")
        .about("The simulator that --simulate calls instead of the API")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(word("start", "Begin a state in this folder"))
        .subcommand(word("stop", "Forget the state"))
        .subcommand(word("reset", "Forget the state, and begin a new one"));
    let simulate = shape.can_simulate.then_some(simulate);
    let man = Command::new("man")
        .about("Write man pages into a folder")
        .arg(
            Arg::new("folder")
                .value_name("DIR")
                .help("The folder; it is made where it is not there")
                .required(true),
        );
    let man = cfg!(feature = "man").then_some(man);
    let of_profiles = [profile::login_command(), profile::profiles_command()];
    let all = [search, wait]
        .into_iter()
        .chain(of_profiles)
        .chain(simulate)
        .chain(man);
    all.map(|command| {
        let name = called(api, command.get_name());
        command.name(name).disable_help_subcommand(true)
    })
    .collect()
}

/// Runs the command that was named, where it is one of these.
pub fn run(
    shape: &Shape,
    api: &Api,
    matches: &ArgMatches,
    around: &mut Surroundings<'_>,
) -> Option<Result<(), Failure>> {
    let (name, matches) = matches.subcommand()?;
    if api.group(name).is_some() {
        return None;
    }
    match name.strip_prefix(APART).unwrap_or(name) {
        "wait" => Some(wait(shape, api, matches, around)),
        "login" => Some(profile::login(shape, api, matches, around)),
        "profiles" => Some(profile::manage(shape, api, matches, around)),
        "simulate" => Some(simulate(api, matches, around)),
        #[cfg(feature = "man")]
        "man" => Some(man(shape, api, matches)),
        "search" => Some(search(shape, api, matches, around)),
        _ => None,
    }
}

fn wait(
    shape: &Shape,
    api: &Api,
    matches: &ArgMatches,
    around: &mut Surroundings<'_>,
) -> Result<(), Failure> {
    let limit = match matches.get_one::<String>("limit") {
        None => None,
        Some(text) => Some(value::duration(text).ok_or_else(|| {
            Failure::usage(format!("--limit: `{text}` is no time"))
                .remedy("write --limit 90s, --limit 10m or --limit 1h")
        })?),
    };
    let mut tokens: Vec<(WaitToken, Option<Among>)> = Vec::new();
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for text in matches.get_many::<String>("tokens").into_iter().flatten() {
        let token: WaitToken = text.parse().map_err(|error| {
            Failure::usage(format!("wait: {error}"))
                .remedy("give the whole token as --wait told it, in single quotes")
        })?;
        let Some((_, method)) = api.operation(token.operation()) else {
            let message = format!("wait: {} has no `{}`", api.title, token.operation());
            return Err(Failure::usage(message).remedy("--api chooses the API that it is from"));
        };
        let rule = method.operation().map_err(Failure::usage)?.wait;
        ids.insert(method.id.clone());
        if let Some(rule) = &rule {
            let polled = names::polled(api, rule)?;
            ids.extend(polled.into_iter().map(str::to_owned));
        }
        tokens.push((token, rule.and_then(|rule| rule.among)));
    }
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    // What is wrong with the options of the output is said before anything is sent.
    Output::of(&Operation::default(), matches, around, &Defaults::default())?;
    let is_rehearsed = matches.try_get_one::<bool>("simulate").ok().flatten() == Some(&true);
    let rehearsal = match around.simulators.as_deref_mut() {
        Some(simulators) if is_rehearsed => Some(simulators.begin(&api.name)?),
        _ => None,
    };
    let profile = match &rehearsal {
        Some(_) => None,
        None => profile::chosen(shape, api, matches, around)?,
    };
    let within = Within {
        around,
        rehearsal: rehearsal.as_ref(),
        profile: profile.as_ref(),
    };
    let Reach { client, pace } = client(api, &ids, None, matches, within)?;
    if let Some(pace) = pace {
        pace.wait();
    }
    let resume = waiting::resume(
        Together::new(api),
        &client,
        &tokens,
        (limit, is_rehearsed),
        around,
    );
    let ended = runtime()?.block_on(resume);
    let kept = match around.simulators.as_deref_mut() {
        Some(simulators) => simulators.end(),
        None => Ok(()),
    };
    let ended = ended.and_then(|ended| kept.map(|()| ended))?;
    let mut print_one = |received: &RawResponse, around: &mut Surroundings<'_>| {
        let polled = api.operation(received.operation().id);
        let polled = polled.map(|(group, method)| (group, method, method.operation()));
        let (command, polled) = match polled {
            Some((group, method, operation)) => (
                format!("{} {}", group.name, method.name),
                operation.map_err(Failure::usage)?,
            ),
            None => Default::default(),
        };
        let defaults = profile::defaults(profile.as_ref(), &command);
        let output = Output::of(&polled, matches, around, &defaults)?;
        output.reply(&polled, received, &mut output.writer(around))
    };
    let of = ("wait", is_json(matches));
    each(ended, of, &mut print_one, around)
}

fn simulate(api: &Api, matches: &ArgMatches, around: &mut Surroundings<'_>) -> Result<(), Failure> {
    let Some(simulators) = around.simulators.as_deref_mut() else {
        return Err(Failure::usage("this program has no simulator"));
    };
    let word = matches.subcommand_name().unwrap_or_default();
    let was_there = match word {
        "start" => false,
        _ => simulators.forget(&api.name)?,
    };
    let place = simulators.place(&api.name);
    let told = match (word, was_there) {
        ("stop", true) => format!("the state of {} is forgotten\n", api.title),
        ("stop", false) => format!("there was no state of {}\n", api.title),
        _ => {
            simulators.begin(&api.name)?;
            simulators.end()?;
            format!(
                "--simulate calls a simulator of {}; its state is {place}\n",
                api.title
            )
        }
    };
    print(around, told.as_bytes())
}

#[cfg(feature = "man")]
fn man(shape: &Shape, api: &Api, matches: &ArgMatches) -> Result<(), Failure> {
    let folder = matches.get_one::<String>("folder");
    let folder = std::path::Path::new(folder.map_or(".", String::as_str));
    let written = |error: std::io::Error| {
        let message = format!("man: {} cannot be written: {error}", folder.display());
        Failure::new(Exit::Refused, message)
    };
    std::fs::create_dir_all(folder).map_err(written)?;
    for (file, text) in crate::man::pages(shape, api).map_err(Failure::usage)? {
        std::fs::write(folder.join(file), text).map_err(written)?;
    }
    Ok(())
}

/// Every word must be found.
fn search(
    shape: &Shape,
    api: &Api,
    matches: &ArgMatches,
    around: &mut Surroundings<'_>,
) -> Result<(), Failure> {
    let words = matches.get_many::<String>("words").into_iter().flatten();
    let words: Vec<String> = words.map(|word| word.to_lowercase()).collect();
    let fits = |texts: &[&str]| {
        let text = texts.join("\n").to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let name = shape.program(api);
    let mut lines = Vec::new();
    for (group, method) in api.methods() {
        let command = format!("{name} {} {}", group.name, method.name);
        let texts = [
            &group.name,
            &method.name,
            &method.about,
            &method.path,
            &method.id,
        ];
        if fits(&texts.map(String::as_str)) {
            lines.push(format!("{command}\n    {}\n", method.about));
            continue;
        }
        let operation = method.operation().map_err(Failure::usage)?;
        for flag in flags(&operation) {
            let long = flag.shown();
            if fits(&[&long, &flag.aliases.join(" "), &flag.about]) {
                let about = crate::failure::one_line(&flag.about);
                lines.push(format!("{command} {long}\n    {about}\n"));
            }
        }
        for (path, about) in crate::output::properties(&operation) {
            if fits(&[&path, about]) {
                let about = crate::failure::one_line(about);
                lines.push(format!("{command} replies with {path}\n    {about}\n"));
            }
        }
    }
    if lines.is_empty() {
        let message = format!(
            "nothing of {} has `{}` in it",
            api.title,
            words.join("` and `")
        );
        return Err(Failure::new(Exit::NotFound, message).remedy("--help lists the groups"));
    }
    print(around, printable(&lines.concat()).as_bytes())
}
