//! Waiting until what calls began is complete, with progress on the standard error.

mod board;
mod together;

use crate::failure::Failure;
use crate::send::Raw;
use crate::table::{Among, Wait};
use crate::value;
use clap::ArgMatches;
use std::time::Duration;
use verbatim_runtime::codegen::WaitAmong;
use verbatim_runtime::policy::wait::WaitPolicy;
use verbatim_runtime::{Client, PendingOperation, RawResponse, WaitToken, Waiting};

pub use together::{Together, interrupt};

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

/// A wait of a command: the last poll is kept as it came.
pub type Pending = PendingOperation<(), RawResponse>;

/// Sends a call, and begins to wait for what it began.
///
/// # Errors
/// Those of the call.
pub async fn begin(
    call: Raw,
    rule: &Wait,
    (limit, is_rehearsed): (Duration, bool),
) -> Result<Pending, verbatim_runtime::Error<()>> {
    let mut waiting = Waiting::new(call, whole).policy(policy(limit, is_rehearsed));
    if let Some(among) = &rule.among {
        waiting = waiting.among(kept(among));
    }
    waiting.begin().await
}

/// What is printed when a wait is over, where that is the reply of the call: the last poll does not show the
/// resource itself.
pub fn reply(rule: &Wait, begun: &Pending) -> Option<RawResponse> {
    let shows_itself = rule.among.is_none() && !rule.gone;
    begun.reply().filter(|_| !shows_itself).cloned()
}

/// Goes on with waits that were begun before, all at once. What each ended with, in their order.
///
/// # Errors
/// An interrupt.
pub async fn resume(
    mut together: Together<'_>,
    client: &Client,
    tokens: &[(WaitToken, Option<Among>)],
    (limit, is_rehearsed): (Option<Duration>, bool),
    around: &mut crate::around::Surroundings<'_>,
) -> Result<Vec<Result<RawResponse, Failure>>, Failure> {
    for (token, among) in tokens {
        let name = token.operation();
        let Some(operation) = client.service().operation(name) else {
            together.failed(name, Failure::usage(format!("wait: there is no `{name}`")));
            continue;
        };
        let mut waiting = Waiting::<(), (), RawResponse>::resume(client, operation, token, whole);
        if let Some(among) = among {
            waiting = waiting.among(kept(among));
        }
        if is_rehearsed {
            let usual = WaitPolicy::default().deadline;
            waiting = waiting.policy(policy(limit.unwrap_or(usual), true));
        } else if let Some(limit) = limit {
            waiting = waiting.deadline(limit);
        }
        together.add(name, Some(token.to_string()), None, waiting.updates());
    }
    together.end(&mut interrupt(), around).await
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
