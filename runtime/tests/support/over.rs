//! The same call over either transport.

use crate::api::{self, NewVm, Problem, Vm};
use std::time::{Duration, Instant};
use verbatim_runtime::error::FailedReason;
use verbatim_runtime::transport::{Stage, TransportErrorKind};
use verbatim_runtime::{Client, ClientBuilder, Error, RetryPolicy};

/// What a call came to, and how long it took.
pub struct Came<T> {
    pub result: Result<T, Error<Problem>>,
    pub took: Duration,
}

impl<T> Came<T> {
    pub fn error(self) -> Error<Problem> {
        match self.result {
            Ok(_) => panic!("an error was due"),
            Err(error) => error,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Over {
    Reqwest,
    Ureq,
}

pub const BOTH: [Over; 2] = [Over::Reqwest, Over::Ureq];

fn builder(url: &str) -> ClientBuilder {
    Client::builder(&api::SERVICE)
        .base_url(url)
        .token("t0ken")
        .connect_timeout(Duration::from_millis(400))
        .read_timeout(Duration::from_millis(400))
        .attempt_timeout(Duration::from_millis(900))
        .body_limit(100_000)
        .retry(RetryPolicy {
            base: Duration::from_millis(20),
            ..RetryPolicy::default()
        })
}

fn client(over: Over, builder: ClientBuilder) -> Client {
    match over {
        Over::Reqwest => builder.build().unwrap(),
        Over::Ureq => builder.blocking().build().unwrap(),
    }
}

pub fn run<T>(
    over: Over,
    url: &str,
    call: impl AsyncFnOnce(&Client) -> Result<T, Error<Problem>>,
    block: impl FnOnce(&Client) -> Result<T, Error<Problem>>,
) -> Came<T> {
    let began = Instant::now();
    let result = match over {
        Over::Reqwest => tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(async { call(&client(over, builder(url))).await }),
        Over::Ureq => block(&client(over, builder(url))),
    };
    Came {
        result,
        took: began.elapsed(),
    }
}

pub fn get(over: Over, url: &str) -> Came<Vm> {
    run(
        over,
        url,
        async |client| api::get(client, "a").await,
        |client| api::get(client, "a").block(),
    )
}

pub fn post(over: Over, url: &str) -> Came<Vm> {
    run(
        over,
        url,
        async |client| api::create(client, &NewVm::named("web")).await,
        |client| api::create(client, &NewVm::named("web")).block(),
    )
}

pub fn broken(error: &Error<Problem>) -> (TransportErrorKind, Stage) {
    match error {
        Error::Failed(failed) => match &failed.reason {
            FailedReason::Transport(broken) => (broken.kind(), broken.stage()),
            other => panic!("{other}"),
        },
        Error::OutcomeUnknown(unknown) => match &unknown.reason {
            FailedReason::Transport(broken) => (broken.kind(), broken.stage()),
            other => panic!("{other}"),
        },
        other => panic!("{other}"),
    }
}
