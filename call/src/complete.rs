//! Completions while a shell is typed in: commands, flags, values, and the names of what there is.
//!
//! `COMPLETE=bash panel` prints what a shell needs to know once. Names of resources are asked for by
//! one request of at most two seconds, kept for a minute, and left out without a word where that
//! does not work.

use crate::around::Surroundings;
use crate::client::{Reach, Within, client, runtime};
use crate::command;
use crate::flag::{Flag, flags};
use crate::home::Home;
use crate::list;
use crate::names::{self, Listed, Named};
use crate::profile;
use crate::program::{self, Tables};
use crate::shape::Shape;
use crate::table::Api;
use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use verbatim_runtime::RawResponse;

/// How long names may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long names are kept.
const CACHED_FOR: Duration = Duration::from_secs(60);

/// Answers a shell that asks for completions; none where no shell asks.
pub fn run(shape: &Shape, tables: &Tables<'_>, args: Vec<OsString>) -> Option<ExitCode> {
    if !is_asked() {
        return None;
    }
    let words = words(&args);
    let api = program::chosen(tables, &words).or_else(|_| program::chosen(tables, &[]));
    let command = api.map(|api| completed(shape, &Arc::new(api), &words));
    let Ok(Ok(command)) = command else {
        return Some(ExitCode::FAILURE);
    };
    Some(answer(command, &shape.name, args))
}

/// As [`run`], for a program of which the operations are one command among others: `inner` is called like the last word
/// of the shape's name, and gets the words behind it to tell which API is meant.
pub fn run_within(
    outer: clap::Command,
    shape: &Shape,
    api: impl FnOnce(&[String]) -> Option<Api>,
    args: Vec<OsString>,
) -> Option<ExitCode> {
    if !is_asked() {
        return None;
    }
    let program = outer.get_name().to_owned();
    let words = words(&args);
    let inner = shape.name.rsplit(' ').next().unwrap_or_default().to_owned();
    let mut command = outer;
    if let Some((first, behind)) = words.split_first()
        && *first == inner
    {
        let api = api(behind).unwrap_or_else(Api::nothing);
        if let Ok(found) = completed(shape, &Arc::new(api), behind) {
            command = command.mut_subcommand(&inner, |_| found.name(inner.clone()));
        }
    }
    Some(answer(command, &program, args))
}

fn is_asked() -> bool {
    std::env::var_os("COMPLETE").is_some_and(|shell| !shell.is_empty() && shell != "0")
}

/// What is written in the shell so far, without the name of the program.
fn words(args: &[OsString]) -> Vec<String> {
    let words = args.iter().skip_while(|word| *word != "--").skip(2);
    words.map(|it| it.to_string_lossy().into_owned()).collect()
}

fn answer(command: clap::Command, name: &str, args: Vec<OsString>) -> ExitCode {
    let here = std::env::current_dir().ok();
    let done = CompleteEnv::with_factory(move || command.clone())
        .completer(name)
        .try_complete(args, here.as_deref());
    match done {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = error.print();
            ExitCode::FAILURE
        }
    }
}

/// The command with the names of what there is.
fn completed(shape: &Shape, api: &Arc<Api>, words: &[String]) -> Result<clap::Command, String> {
    let command = command::command(shape, api, words)?;
    let named = std::iter::once(shape.name.clone()).chain(words.iter().cloned());
    let tried = command
        .clone()
        .ignore_errors(true)
        .try_get_matches_from(named);
    let Ok(matches) = tried else {
        return Ok(command);
    };
    let Some((group, method)) = matches.subcommand().and_then(|(group, below)| {
        let (method, _) = below.subcommand()?;
        Some((group.to_owned(), method.to_owned()))
    }) else {
        return Ok(command);
    };
    let Some(found) = api.group(&group).and_then(|it| it.method(&method)) else {
        return Ok(command);
    };
    let operation = found.operation()?;
    let worded: Vec<Flag> = flags(&operation)
        .into_iter()
        .filter(|flag| !flag.words.is_empty())
        .collect();
    let listed: Vec<(String, usize)> = names::listed(api, found, &operation)
        .iter()
        .filter_map(|it| {
            let parameter = operation.parameters.get(it.place)?;
            let id = format!("parameter:{:?}:{}", parameter.place, parameter.name);
            Some((id, it.place))
        })
        .collect();
    let matches = Arc::new(matches);
    Ok(command.mut_subcommand(&group, |command| {
        command.mut_subcommand(&method, |mut command| {
            for (id, place) in listed {
                let of = (Arc::clone(api), Arc::clone(&matches), place, shape.clone());
                let candidates = move || candidates(&of.3, &of.0, &of.1, of.2);
                command = command.mut_arg(id, |arg| arg.add(ArgValueCandidates::new(candidates)));
            }
            for flag in worded {
                let words = flag.words;
                let all = move || {
                    words
                        .iter()
                        .map(CompletionCandidate::new)
                        .collect::<Vec<_>>()
                };
                command = command.mut_arg(flag.id, |arg| arg.add(ArgValueCandidates::new(all)));
            }
            command
        })
    }))
}

fn candidates(
    shape: &Shape,
    api: &Api,
    matches: &clap::ArgMatches,
    place: usize,
) -> Vec<CompletionCandidate> {
    let items = live(shape, api, matches, place)
        .unwrap_or_default()
        .into_iter();
    // What acts on a terminal is offered to none.
    let is_plain = |text: &str| verbatim_source::one_line(text) == text;
    let items = items.filter(|item| is_plain(&item.id));
    let items = items.map(|mut item| {
        item.names.retain(|name| is_plain(name));
        let names = item.names.join(", ");
        // What has a space in it would need quotes, which a shell may or may not add.
        match item.names.first() {
            Some(name) if !name.contains(char::is_whitespace) => {
                CompletionCandidate::new(name.clone()).help(Some(item.id.into()))
            }
            _ => CompletionCandidate::new(item.id).help(Some(names.into())),
        }
    });
    items.collect()
}

/// Names as they were a short while ago.
#[derive(Serialize, Deserialize)]
struct CachedNames {
    items: Vec<(String, Vec<String>)>,
}

fn live(shape: &Shape, api: &Api, matches: &clap::ArgMatches, place: usize) -> Option<Vec<Named>> {
    let (group, below) = matches.subcommand()?;
    let (name, below) = below.subcommand()?;
    let method = api.group(group)?.method(name)?;
    let operation = method.operation().ok()?;
    let listed = names::listed(api, method, &operation);
    let listed = listed.iter().find(|it| it.place == place)?;
    let environment = |name: &str| std::env::var(name).ok();
    let mut nothing = std::io::empty();
    let request = crate::request::read(&operation, below, &mut nothing).unwrap_or_default();
    let home = Home::of_user();
    let around = Surroundings {
        home: &home,
        stdin: &mut nothing,
        stdout: &mut std::io::sink(),
        stderr: &mut std::io::sink(),
        environment: &environment,
        transport: None,
        simulators: None,
        stdin_is_terminal: false,
        stdout_is_terminal: false,
        stderr_is_terminal: false,
    };
    let profile = profile::chosen(shape, api, below, &around).ok()?;
    let within = Within {
        around: &around,
        rehearsal: None,
        profile: profile.as_ref(),
    };
    let Reach { client, pace } = client(api, &[&listed.list.id], None, below, within).ok()?;
    let call = names::listing(&client, listed, &operation, &request)
        .ok()
        .flatten()?;
    let target = call.explain().ok()?.url;
    let account = profile.as_ref().map(|it| it.profile.name.as_str());
    let file = home
        .cache
        .as_deref()
        .map(|folder| cache_file(folder, &target, account));
    if let Some(items) = file.as_ref().and_then(recent) {
        return Some(items);
    }
    // Nobody waits for a turn while a shell is typed in.
    if pace.is_some_and(|pace| !pace.is_free()) {
        return None;
    }
    let items = runtime().ok()?.block_on(async {
        let page = tokio::time::timeout(PATIENCE, call.send()).await;
        page.ok()?.ok().map(|page| of_page(listed, &page.value))
    })?;
    if let Some(file) = file {
        keep(&file, &items);
    }
    Some(items)
}

/// What one page of a list names.
fn of_page(listed: &Listed<'_>, page: &RawResponse) -> Vec<Named> {
    let Ok(of_list) = listed.list.operation() else {
        return Vec::new();
    };
    let pointer = list::pointer(&of_list).unwrap_or_default();
    let items = list::items_at(page, &pointer);
    items.iter().filter_map(names::named).collect()
}

/// The file of a list of this account.
fn cache_file(folder: &Path, target: &str, account: Option<&str>) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    (target, account).hash(&mut hasher);
    for (name, value) in std::env::vars() {
        if name.ends_with("_TOKEN") || name.ends_with("_USER") {
            (name, value).hash(&mut hasher);
        }
    }
    let name = format!("{:016x}.json", hasher.finish());
    folder.join("verbatim-names").join(name)
}

fn recent(file: &PathBuf) -> Option<Vec<Named>> {
    let written = std::fs::metadata(file).ok()?.modified().ok()?;
    let age = SystemTime::now().duration_since(written).ok()?;
    if age > CACHED_FOR {
        return None;
    }
    let kept: CachedNames = serde_json::from_str(&std::fs::read_to_string(file).ok()?).ok()?;
    let items = kept.items.into_iter();
    Some(items.map(|(id, names)| Named { id, names }).collect())
}

/// What cannot be kept is asked for again.
fn keep(file: &PathBuf, items: &[Named]) {
    let items = items.iter();
    let kept = CachedNames {
        items: items.map(|it| (it.id.clone(), it.names.clone())).collect(),
    };
    let Ok(text) = serde_json::to_string(&kept) else {
        return;
    };
    if let Some(folder) = file.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    let draft = file.with_extension(std::process::id().to_string());
    if std::fs::write(&draft, text).is_ok() {
        let _ = std::fs::rename(&draft, file);
    }
}
