//! One operation on several things, and what is waited for.

use super::Invocation;
use crate::around::{Surroundings, print};
use crate::failure::Failure;
use crate::outcome;
use crate::output::Output;
use crate::send::Raw;
use crate::table::Wait;
use crate::waiting::{self, Together, interrupt};
use std::time::Duration;
use verbatim_runtime::RawResponse;

impl Invocation<'_> {
    /// Sends a call, and waits for what it began. What is to be printed: the last poll where that shows the
    /// resource itself, else the reply of the call.
    ///
    /// # Errors
    /// Those of the call, and a wait that ends without its goal, with the token to go on with.
    pub(super) async fn waited(
        &self,
        call: Raw,
        (rule, limit): (&Wait, Duration),
        around: &mut Surroundings<'_>,
    ) -> Result<RawResponse, Failure> {
        let begun = waiting::begin(call, rule, (limit, self.flag("simulate"))).await;
        let begun = begun.map_err(|error| self.failure(&error))?;
        let mut together = Together::new(self.api);
        let token = begun.token().map(|token| token.to_string());
        let reply = waiting::reply(rule, &begun);
        together.add(&self.command, token, reply, begun.updates());
        let ended = together.end(&mut interrupt(), around).await?;
        let nothing = || {
            Err(Failure::usage(format!(
                "{}: nothing was waited for",
                self.command
            )))
        };
        ended.into_iter().next().unwrap_or_else(nothing)
    }

    /// Sends calls one after the other, and waits for all of them together. Each reply is printed in the order of the
    /// calls; one that fails keeps the others from nothing.
    ///
    /// # Errors
    /// The worst of what failed, and an interrupt, with the tokens of what was not done yet.
    pub(super) async fn several(
        &self,
        calls: impl Iterator<Item = (String, Raw)>,
        output: &Output,
        around: &mut Surroundings<'_>,
    ) -> Result<(), Failure> {
        let limit = waiting::wanted(self.matches)?;
        let wait = self.operation.wait.as_ref().zip(limit);
        let mut ended = Vec::new();
        if let Some(wait) = wait {
            ended = self.all_waited(calls, wait, around).await?;
        } else {
            for (said, call) in calls {
                let response = self.limited(call)?.send().await;
                let named = format!("{} {said}", self.command);
                let failure = |error| outcome::failure(self.api, &named, &error);
                ended.push(response.map(|response| response.value).map_err(failure));
            }
        }
        self.shown_all(ended, output, around)
    }

    async fn all_waited(
        &self,
        calls: impl Iterator<Item = (String, Raw)>,
        (rule, limit): (&Wait, Duration),
        around: &mut Surroundings<'_>,
    ) -> Result<Vec<Result<RawResponse, Failure>>, Failure> {
        let mut interrupted = interrupt();
        let mut together = Together::new(self.api);
        for (said, call) in calls {
            let named = format!("{} {said}", self.command);
            let begun = tokio::select! {
                begun = waiting::begin(self.limited(call)?, rule, (limit, self.flag("simulate"))) => begun,
                Ok(()) = &mut interrupted => {
                    let mut failure = together.interrupted();
                    failure.message = format!("{named} may have been sent, and nothing after it; {}", failure.message);
                    return Err(failure);
                }
            };
            match begun {
                Ok(begun) => {
                    let token = begun.token().map(|token| token.to_string());
                    let reply = waiting::reply(rule, &begun);
                    together.add(&named, token, reply, begun.updates());
                }
                Err(error) => {
                    together.failed(&named, outcome::failure(self.api, &named, &error));
                }
            }
        }
        together.end(&mut interrupted, around).await
    }

    fn shown_all(
        &self,
        ended: Vec<Result<RawResponse, Failure>>,
        output: &Output,
        around: &mut Surroundings<'_>,
    ) -> Result<(), Failure> {
        let is_verbose = self.flag("verbose");
        let wants_json = self.operation.result.is_some();
        let mut print_one = |received: &RawResponse, around: &mut Surroundings<'_>| {
            if is_verbose {
                super::told(received, around);
            }
            outcome::readable(&self.command, received, wants_json)?;
            self.printed(received, output, around)
        };
        each(
            ended,
            (&self.command, outcome::is_json(self.matches)),
            &mut print_one,
            around,
        )
    }
}

/// Prints replies, and tells of failures; the worst of them is what the command ends with.
///
/// # Errors
/// The worst failure, where there are any.
pub fn each(
    ended: Vec<Result<RawResponse, Failure>>,
    (command, is_json): (&str, bool),
    print_one: &mut dyn FnMut(&RawResponse, &mut Surroundings<'_>) -> Result<(), Failure>,
    around: &mut Surroundings<'_>,
) -> Result<(), Failure> {
    let count = ended.len();
    let mut failures = Vec::new();
    for ended in ended {
        let printed = ended.and_then(|received| {
            print_one(&received, around)?;
            let ends = received.body.is_empty() || received.body.ends_with(b"\n");
            if count > 1 && !ends && !around.stdout_is_terminal {
                // Each stands in a line of its own.
                print(around, b"\n")?;
            }
            Ok(())
        });
        failures.extend(printed.err());
    }
    if count == 1 {
        return failures.pop().map_or(Ok(()), Err);
    }
    for failure in &failures {
        let _ = writeln!(around.stderr, "{}", failure.told(is_json));
    }
    let Some(worst) = failures.iter().max_by_key(|failure| failure.exit.badness()) else {
        return Ok(());
    };
    let message = format!("{command}: {} of {count} failed", failures.len());
    let mut failure = Failure::new(worst.exit, message);
    failure.details.tokens = failures
        .iter()
        .flat_map(|it| it.details.tokens.clone())
        .collect();
    Err(failure)
}
