//! Waiting until what a call began is complete, with progress on the standard error.

use crate::around::Surroundings;
use crate::failure::{Exit, Failure};
use crate::outcome;
use crate::send::Raw;
use crate::table::{Among, Api, Wait};
use crate::value;
use clap::ArgMatches;
use std::time::Duration;
use verbatim_runtime::codegen::WaitAmong;
use verbatim_runtime::policy::wait::WaitPolicy;
use verbatim_runtime::{
    Client, PendingOperation, Progress, RawResponse, Update, WaitToken, Waiting,
};

/// How long is to be waited; none where no wait is wanted.
///
/// # Errors
/// A time that is none.
pub fn wanted(matches: &ArgMatches) -> Result<Option<Duration>, Failure> {
    let given = matches.try_get_one::<String>("wait").ok().flatten();
    match given.map(String::as_str) {
        None => Ok(None),
        Some("") => Ok(Some(WaitPolicy::default().deadline)),
        Some(text) => match value::duration(text) {
            Some(limit) => Ok(Some(limit)),
            None => Err(Failure::usage(format!("--wait: `{text}` is no time"))
                .remedy("write --wait=90s, --wait=10m or --wait=1h")),
        },
    }
}

/// Sends a call, and waits for what it began. The body to print: of the last poll where that shows
/// the resource itself, else of the call.
///
/// # Errors
/// Those of the call, and a wait that ends without its goal, with the token to go on with.
pub async fn run(
    (api, command): (&Api, &str),
    call: Raw,
    (rule, limit, is_rehearsed): (&Wait, Duration, bool),
    around: &mut Surroundings<'_>,
) -> Result<RawResponse, Failure> {
    let mut waiting = Waiting::new(call, whole).policy(policy(limit, is_rehearsed));
    if let Some(among) = &rule.among {
        waiting = waiting.among(kept(among));
    }
    let begun = waiting.begin().await;
    let begun = begun.map_err(|error| outcome::failure(api, command, &error))?;
    let first = begun.reply().cloned();
    let last = finish((api, command), begun, around).await?;
    let shows_itself = rule.among.is_none() && !rule.gone;
    Ok(match first {
        Some(first) if !shows_itself => first,
        _ => last,
    })
}

/// A simulator needs no time, and no patience.
fn policy(limit: Duration, is_rehearsed: bool) -> WaitPolicy {
    let usual = WaitPolicy {
        deadline: limit,
        ..WaitPolicy::default()
    };
    let short = Duration::from_millis(20);
    if !is_rehearsed {
        return usual;
    }
    WaitPolicy {
        first: Duration::ZERO,
        shortest: short,
        longest: short,
        confirm: short,
        ..usual
    }
}

#[expect(clippy::unnecessary_wraps, reason = "decoders of the runtime may fail")]
fn whole(received: &RawResponse) -> Result<RawResponse, verbatim_runtime::DecodeError> {
    Ok(received.clone())
}

async fn finish(
    (api, command): (&Api, &str),
    begun: PendingOperation<(), RawResponse>,
    around: &mut Surroundings<'_>,
) -> Result<RawResponse, Failure> {
    let token = begun.token().map(|token| token.to_string());
    let mut updates = begun.updates();
    let with_token = |mut failure: Failure| {
        if let Some(token) = &token {
            failure.details.token = Some(token.clone());
            if failure.exit == Exit::Wait && !failure.message.contains("it failed") {
                failure = failure.remedy(format!("go on with `wait {}`", value::quoted(token)));
            }
        }
        failure
    };
    let mut line = Line::default();
    loop {
        let update = tokio::select! {
            update = updates.next() => update,
            Ok(()) = tokio::signal::ctrl_c() => {
                line.end(around);
                let message = format!("{command}: no longer waited for; it goes on by itself");
                return Err(with_token(Failure::new(Exit::Wait, message)));
            }
        };
        match update {
            Some(Ok(Update::Progress(progress))) => line.show(command, &progress, around),
            Some(Ok(Update::Done(received))) => {
                line.summary(command, around);
                return Ok(received);
            }
            Some(Err(error)) => {
                line.end(around);
                return Err(with_token(outcome::failure(api, command, &error)));
            }
            None => {
                let message = format!("{command}: the wait ended without an outcome");
                return Err(with_token(Failure::new(Exit::Wait, message)));
            }
        }
    }
}

/// Goes on with waits that were begun before, all at once; each body is printed when it is done.
///
/// # Errors
/// The first wait that ends without its goal.
pub async fn resume(
    api: &Api,
    client: &Client,
    tokens: &[(WaitToken, Option<Among>)],
    (limit, is_rehearsed): (Option<Duration>, bool),
    around: &mut Surroundings<'_>,
) -> Result<Vec<RawResponse>, Failure> {
    let (sender, mut news) = tokio::sync::mpsc::unbounded_channel();
    let mut tasks = tokio::task::JoinSet::new();
    let mut names = Vec::new();
    for (place, (token, among)) in tokens.iter().enumerate() {
        names.push(token.operation().to_owned());
        let mut waiting = client.resume(token);
        if let Some(among) = among {
            waiting = waiting.among(kept(among));
        }
        if is_rehearsed {
            let usual = WaitPolicy::default().deadline;
            waiting = waiting.policy(policy(limit.unwrap_or(usual), true));
        } else if let Some(limit) = limit {
            waiting = waiting.deadline(limit);
        }
        let sender = sender.clone();
        tasks.spawn(async move {
            let mut updates = waiting.updates();
            while let Some(update) = updates.next().await {
                match update {
                    // Nobody listens any more where another wait has failed.
                    Ok(Update::Progress(progress)) => drop(sender.send((place, progress))),
                    Ok(Update::Done(received)) => return (place, Some(Ok(received))),
                    Err(error) => return (place, Some(Err(error))),
                }
            }
            (place, None)
        });
    }
    drop(sender);
    let mut line = Line::default();
    let mut done: Vec<Option<RawResponse>> = vec![None; names.len()];
    loop {
        tokio::select! {
            Some((place, progress)) = news.recv() => line.show(&names[place], &progress, around),
            joined = tasks.join_next() => match joined {
                None => break,
                Some(Ok((place, Some(Ok(received))))) => {
                    line.summary(&names[place], around);
                    done[place] = Some(received);
                }
                Some(Ok((place, Some(Err(error))))) => {
                    line.end(around);
                    let failure = outcome::failure(api, &names[place], &error);
                    return Err(to_go_on(failure, tokens, &done));
                }
                Some(Ok((place, None))) => {
                    let message = format!("{}: the wait ended without an outcome", names[place]);
                    return Err(Failure::new(Exit::Wait, message));
                }
                Some(Err(error)) => return Err(Failure::new(Exit::Wait, error.to_string())),
            },
            Ok(()) = tokio::signal::ctrl_c() => {
                line.end(around);
                let message = "no longer waited for; it goes on by itself";
                return Err(to_go_on(Failure::new(Exit::Wait, message), tokens, &done));
            }
        }
    }
    Ok(done.into_iter().flatten().collect())
}

/// With the tokens of what is not done yet.
fn to_go_on(
    mut failure: Failure,
    tokens: &[(WaitToken, Option<Among>)],
    done: &[Option<RawResponse>],
) -> Failure {
    let left = tokens.iter().zip(done).filter(|(_, done)| done.is_none());
    let left: Vec<String> = left.map(|((token, _), _)| token.to_string()).collect();
    if let [one] = left.as_slice() {
        failure.details.token = Some(one.clone());
    }
    if failure.exit == Exit::Wait && failure.remedy.is_empty() {
        let words: Vec<String> = left.iter().map(|token| value::quoted(token)).collect();
        failure = failure.remedy(format!("go on with `wait {}`", words.join(" ")));
    }
    failure
}

/// The rule as the runtime has it.
fn kept(among: &Among) -> WaitAmong {
    let text = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    let pairs = among.matches.iter();
    let pairs: Vec<(&'static str, &'static str)> = pairs
        .map(|(pointer, value)| (text(pointer), text(value)))
        .collect();
    WaitAmong {
        items: text(&among.items),
        identity: text(&among.identity),
        baseline: among.baseline,
        matches: Box::leak(pairs.into_boxed_slice()),
    }
}

/// The line of progress: written over on a terminal, a line for each change elsewhere.
#[derive(Default)]
struct Line {
    shown: String,
    last: Option<Progress>,
}

impl Line {
    fn show(&mut self, command: &str, progress: &Progress, around: &mut Surroundings<'_>) {
        let state = progress.state.as_deref().unwrap_or("under way");
        let percent = match progress.percent {
            Some(percent) => format!(", {percent} %"),
            None => String::new(),
        };
        let what = format!("{command}: {state}{percent}");
        let elapsed = progress.elapsed.as_secs();
        // What cannot be told is no reason to give up the wait.
        let _ = if around.stderr_is_terminal {
            write!(around.stderr, "\r\x1b[K{what}, {elapsed} s")
                .and_then(|()| around.stderr.flush())
        } else if what == self.shown {
            Ok(())
        } else {
            writeln!(around.stderr, "{what}, {elapsed} s")
        };
        self.shown = what;
        self.last = Some(progress.clone());
    }

    fn summary(&mut self, command: &str, around: &mut Surroundings<'_>) {
        self.end(around);
        let elapsed = self.last.as_ref().map_or(0, |it| it.elapsed.as_secs());
        let _ = writeln!(around.stderr, "{command}: done after {elapsed} s");
    }

    fn end(&mut self, around: &mut Surroundings<'_>) {
        if around.stderr_is_terminal && !self.shown.is_empty() {
            let _ = write!(around.stderr, "\r\x1b[K");
        }
        self.shown.clear();
    }
}
