//! Commands that are no operation: `search`, and `wait` with the token of an earlier wait.
//!
//! A group of the document with the same name goes before them.

use crate::around::{Surroundings, print};
use crate::client::{Reach, Within, client, runtime};
use crate::failure::{Exit, Failure};
use crate::flag::flags;
use crate::output::Output;
use crate::profile;
use crate::shape::Shape;
use crate::table::{Among, Api};
use crate::value;
use crate::waiting;
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::collections::BTreeSet;
use verbatim_runtime::WaitToken;

/// The commands that no group is called like.
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
        .about("Find commands and flags by a word")
        .arg(
            Arg::new("words")
                .value_name("WORD")
                .help("What its name, its description or a flag has in it")
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
    let of_profiles = [profile::login_command(), profile::profiles_command()];
    let all = [search, wait]
        .into_iter()
        .chain(of_profiles)
        .chain(simulate);
    all.filter(|command| api.group(command.get_name()).is_none())
        .map(|command| command.disable_help_subcommand(true))
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
    match name {
        "wait" => Some(wait(shape, api, matches, around)),
        "login" => Some(profile::login(shape, api, matches, around)),
        "profiles" => Some(profile::manage(shape, api, matches, around)),
        "simulate" => Some(simulate(api, matches, around)),
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
        ids.extend(rule.as_ref().map(|rule| rule.poll.clone()));
        tokens.push((token, rule.and_then(|rule| rule.among)));
    }
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
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
    let resume = waiting::resume(api, &client, &tokens, (limit, is_rehearsed), around);
    let done = runtime()?.block_on(resume);
    let kept = match around.simulators.as_deref_mut() {
        Some(simulators) => simulators.end(),
        None => Ok(()),
    };
    for received in done.and_then(|done| kept.map(|()| done))? {
        let polled = api.operation(received.operation().id);
        let polled = polled.map(|(_, method)| method.operation());
        let polled = polled
            .transpose()
            .map_err(Failure::usage)?
            .unwrap_or_default();
        let output = Output::of(&polled, matches, around)?;
        output.reply(&polled, &received, &mut output.writer(around))?;
    }
    Ok(())
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
    }
    if lines.is_empty() {
        let message = format!(
            "nothing of {} has `{}` in it",
            api.title,
            words.join("` and `")
        );
        return Err(Failure::new(Exit::NotFound, message).remedy("--help lists the groups"));
    }
    print(around, lines.concat().as_bytes())
}
