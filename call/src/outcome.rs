//! Errors of calls in one line each, with what to try next.

use crate::failure::{Exit, Failure};
use crate::table::{Api, Setting};
use ::http::StatusCode;
use clap::ArgMatches;
use verbatim_runtime::error::{FailedReason, InvalidReason, WaitReason};
use verbatim_runtime::{Error, RawResponse};

/// The failure that an error of a call is; `command` is the group and method that were called.
pub fn failure<E>(api: &Api, command: &str, error: &Error<E>) -> Failure {
    let said = |text: String| format!("{command}: {text}");
    match error {
        Error::Api(inner) => refused(api, command, error, &inner.received),
        Error::Undocumented(inner) => refused(api, command, error, &inner.received),
        Error::Decode(inner) => {
            let message = said(format!("the reply cannot be read: {}", inner.error));
            with_reply(Failure::new(Exit::Refused, message), error)
        }
        Error::Invalid(inner) => invalid(api, command, &inner.reason),
        Error::Failed(inner) => {
            let message = said(no_answer(&inner.reason));
            let remedy = match &inner.reason {
                FailedReason::Deadline { .. } => "--timeout SECONDS allows more",
                _ => "nothing was changed; check the network and --base-url",
            };
            Failure::new(Exit::Network, message).remedy(remedy)
        }
        Error::OutcomeUnknown(inner) => {
            let reason = no_answer(&inner.reason);
            let message = said(format!("{reason}; the request may have taken effect"));
            Failure::new(Exit::Unknown, message)
                .remedy("look for its effect before it is sent again")
        }
        Error::Wait(inner) => wait(command, &inner.reason, inner.state.as_deref()),
        other => Failure::new(Exit::Refused, said(other.to_string())),
    }
}

fn no_answer(reason: &FailedReason) -> String {
    match reason {
        FailedReason::Transport(broken) => format!("no answer: {broken}"),
        FailedReason::Deadline { allowed, during } => {
            let seconds = allowed.as_secs_f64();
            format!("no answer within {seconds} s, while {during}")
        }
        other => format!("no answer: {other:?}"),
    }
}

fn refused<E>(api: &Api, command: &str, error: &Error<E>, received: &RawResponse) -> Failure {
    let status = received.status;
    let exit = match status {
        401 | 403 => Exit::Credentials,
        404 | 410 => Exit::NotFound,
        _ => Exit::Refused,
    };
    let reason = StatusCode::from_u16(status).ok();
    let reason = reason.and_then(|status| status.canonical_reason());
    let mut message = format!("{command}: {status}");
    if let Some(reason) = reason {
        message = format!("{message} {reason}");
    }
    let words = error.body().filter(|body| !body.is_empty());
    match words {
        Some(body) => message = format!("{message}: {body}"),
        None if is_page(received) => {
            let media = received.media().unwrap_or_default();
            message =
                format!("{message}: the answer is {media}, as from a proxy or another server");
        }
        None => {}
    }
    let remedy = match status {
        401 => {
            let names = credential_variables(api);
            let login = crate::shape::called(api, "login");
            format!("check the credentials: {names}, or what `{login}` keeps")
        }
        403 => "the account of these credentials may not do this".to_owned(),
        404 | 410 => other_names(api, command),
        429 => match error.retry_after() {
            Some(after) => format!("the API asks to wait {} s", after.as_secs()),
            None => "the API asks for fewer requests".to_owned(),
        },
        300..=399 => "the API is at another address: --base-url".to_owned(),
        500.. => "the fault is on the side of the API; try again later".to_owned(),
        _ => String::new(),
    };
    with_reply(Failure::new(exit, message).remedy(remedy), error)
}

/// The command that lists what a command did not find.
fn other_names(api: &Api, command: &str) -> String {
    let group = command.split(' ').next().unwrap_or_default();
    let list = api.group(group).and_then(|group| group.method("list"));
    match list {
        Some(_) => format!("`{group} list` shows what there is"),
        None => String::new(),
    }
}

fn is_page(received: &RawResponse) -> bool {
    received
        .media()
        .is_some_and(|media| media.eq_ignore_ascii_case("text/html"))
}

fn with_reply<E>(mut failure: Failure, error: &Error<E>) -> Failure {
    failure.details.status = error.status();
    failure.details.request_id = error.request_id().map(str::to_owned);
    if let Some(body) = error.body() {
        failure.details.kind = body.kind;
        failure.details.fields = body.fields;
    }
    failure
}

fn invalid(api: &Api, command: &str, reason: &InvalidReason) -> Failure {
    match reason {
        InvalidReason::MissingCredential { .. } => Failure::new(
            Exit::Credentials,
            format!("{command}: no credential for {}", api.title),
        )
        .remedy(ways(api)),
        InvalidReason::Parameter { name, message } => {
            Failure::usage(format!("{command}: `{name}`: {message}"))
        }
        InvalidReason::MissingParameter(name) => {
            Failure::usage(format!("{command}: `{name}` is needed"))
        }
        InvalidReason::MissingBody => Failure::usage(format!("{command}: a body is needed"))
            .remedy("give its members by flags, or --body FILE"),
        InvalidReason::Body(violations) => Failure::usage(format!("{command}: {violations}")),
        InvalidReason::Request(message) | InvalidReason::Unsupported(message) => {
            Failure::usage(format!("{command}: {message}"))
        }
        InvalidReason::Address(message) => Failure::usage(format!("{command}: {message}")).remedy(
            format!("check --base-url and {}", api.variable(Setting::Url)),
        ),
        other => Failure::usage(format!("{command}: {other:?}")),
    }
}

/// How a credential is given.
fn ways(api: &Api) -> String {
    match credential_variables(api) {
        none if none.is_empty() => "the document names no credential that can be sent".to_owned(),
        names => format!(
            "set {names}, or keep one by `{}`",
            crate::shape::called(api, "login")
        ),
    }
}

/// The variables that hold credentials, as the rest of a sentence.
fn credential_variables(api: &Api) -> String {
    let tokens = api.variables(Setting::Token).take(1);
    let mut ways: Vec<String> = tokens.map(str::to_owned).collect();
    let users = api.variables(Setting::User);
    let pair = users.zip(api.variables(Setting::Password)).next();
    ways.extend(pair.map(|(user, password)| format!("{user} and {password}")));
    ways.join(", or ")
}

fn wait(command: &str, reason: &WaitReason, state: Option<&str>) -> Failure {
    let seen = state.map_or_else(String::new, |state| format!(", last seen `{state}`"));
    let (message, remedy) = match reason {
        WaitReason::FailedState(state) => (format!("it failed, in the state `{state}`"), ""),
        WaitReason::Deadline(limit) => (
            format!("not done within {} s{seen}", limit.as_secs()),
            "--wait=SECONDS allows more",
        ),
        WaitReason::Poll(failure) => (format!("it cannot be seen how far it is: {failure}"), ""),
        WaitReason::NoState(message) => (format!("its state cannot be seen: {message}"), ""),
        WaitReason::Undeclared(message) => (message.clone(), ""),
        other => (format!("{other:?}"), ""),
    };
    Failure::new(Exit::Wait, format!("{command}: {message}")).remedy(remedy)
}

/// Whether failures are told to programs.
pub fn is_json(matches: &ArgMatches) -> bool {
    let form = matches.try_get_one::<String>("output").ok().flatten();
    form.is_some_and(|form| form == "json")
}

/// A success that is not what the document says.
///
/// # Errors
/// Where JSON is documented and something else came.
pub fn readable(command: &str, received: &RawResponse, wants_json: bool) -> Result<(), Failure> {
    let body = received.body.as_ref();
    if !wants_json || body.is_empty() {
        return Ok(());
    }
    let is_json = std::str::from_utf8(body)
        .is_ok_and(|text| serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok());
    if is_json {
        return Ok(());
    }
    let media = received.media().unwrap_or("no media type");
    let mut failure = Failure::new(
        Exit::Refused,
        format!("{command}: the answer is {media}, and no JSON"),
    )
    .remedy("check --base-url: another server may have answered");
    failure.details.status = Some(received.status);
    failure.details.request_id = received.request_id().map(str::to_owned);
    Err(failure)
}
