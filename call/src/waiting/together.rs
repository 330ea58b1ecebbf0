//! Waits that are waited for together: one display, and polls that share the list in which things stand.

use super::board::Board;
use crate::around::Surroundings;
use crate::failure::{Exit, Failure};
use crate::outcome;
use crate::table::Api;
use crate::value;
use std::future::Future;
use std::io;
use std::pin::Pin;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use verbatim_runtime::{Error, Progress, RawResponse, Update, Updates};

/// The exit code of a program that was interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

/// Ends when somebody interrupts the program.
pub type Interrupt = Pin<Box<dyn Future<Output = io::Result<()>>>>;

/// From now on an interrupt ends this future, and not the program.
pub fn interrupt() -> Interrupt {
    Box::pin(tokio::signal::ctrl_c())
}

/// From now on an interrupt ends the program at once again: what comes after a wait may take as long as it likes.
fn end_by_interrupt() {
    std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build();
        let interrupted = runtime.map(|runtime| runtime.block_on(tokio::signal::ctrl_c()));
        if matches!(interrupted, Ok(Ok(()))) {
            std::process::exit(INTERRUPTED);
        }
    });
}

/// What a wait ended with; none where it ended without an outcome.
type Ended = Option<Result<RawResponse, Error<()>>>;

/// Waits that are under way.
pub struct Together<'a> {
    api: &'a Api,
    all: Vec<One>,
    tasks: JoinSet<(usize, Ended)>,
    sender: UnboundedSender<(usize, Progress)>,
    news: UnboundedReceiver<(usize, Progress)>,
}

struct One {
    name: String,
    token: Option<String>,
    /// What is printed in the place of the last poll.
    reply: Option<RawResponse>,
    outcome: Option<Result<RawResponse, Failure>>,
}

impl<'a> Together<'a> {
    /// None as yet.
    pub fn new(api: &'a Api) -> Self {
        let (sender, news) = unbounded_channel();
        Self {
            api,
            all: Vec::new(),
            tasks: JoinSet::new(),
            sender,
            news,
        }
    }

    /// One more, which goes on from now.
    pub fn add(
        &mut self,
        name: &str,
        token: Option<String>,
        reply: Option<RawResponse>,
        mut updates: Updates<RawResponse, ()>,
    ) {
        let place = self.all.len();
        self.all.push(One {
            name: name.to_owned(),
            token,
            reply,
            outcome: None,
        });
        let sender = self.sender.clone();
        self.tasks.spawn(async move {
            while let Some(update) = updates.next().await {
                match update {
                    // Nobody listens any more after an interrupt.
                    Ok(Update::Progress(progress)) => drop(sender.send((place, progress))),
                    Ok(Update::Done(received)) => return (place, Some(Ok(received))),
                    Err(error) => return (place, Some(Err(error))),
                }
            }
            (place, None)
        });
    }

    /// One that is over before it was waited for.
    pub fn failed(&mut self, name: &str, failure: Failure) {
        self.all.push(One {
            name: name.to_owned(),
            token: None,
            reply: None,
            outcome: Some(Err(failure)),
        });
    }

    /// Waits for all of them; what each ended with, in the order in which they were added.
    ///
    /// # Errors
    /// An interrupt, with the tokens of those that are not over.
    pub async fn end(
        mut self,
        interrupt: &mut Interrupt,
        around: &mut Surroundings<'_>,
    ) -> Result<Vec<Result<RawResponse, Failure>>, Failure> {
        let mut board = Board::new(self.all.iter().map(|one| one.name.clone()));
        loop {
            tokio::select! {
                biased;
                Ok(()) = &mut *interrupt => {
                    board.clear(around);
                    return Err(self.interrupted());
                }
                Some((place, progress)) = self.news.recv() => board.show(place, &progress, around),
                joined = self.tasks.join_next() => match joined {
                    None => break,
                    Some(Ok((place, ended))) => self.over(place, ended, &mut board, around),
                    Some(Err(error)) => return Err(Failure::new(Exit::Wait, error.to_string())),
                },
            }
        }
        end_by_interrupt();
        let outcomes = self.all.into_iter().map(|one| {
            let nothing = || Err(without_outcome(&one.name));
            one.outcome.unwrap_or_else(nothing)
        });
        Ok(outcomes.collect())
    }

    fn over(
        &mut self,
        place: usize,
        ended: Ended,
        board: &mut Board,
        around: &mut Surroundings<'_>,
    ) {
        let Some(one) = self.all.get_mut(place) else {
            return;
        };
        one.outcome = Some(match ended {
            Some(Ok(received)) => {
                board.done(place, around);
                Ok(one.reply.take().unwrap_or(received))
            }
            Some(Err(error)) => {
                board.clear(around);
                board.over(place);
                let failure = outcome::failure(self.api, &one.name, &error);
                Err(to_go_on(
                    self.api,
                    failure,
                    one.token.iter().cloned().collect(),
                ))
            }
            None => {
                board.over(place);
                Err(without_outcome(&one.name))
            }
        });
    }

    /// With the tokens of what is not over.
    pub fn interrupted(&self) -> Failure {
        let left: Vec<&One> = self
            .all
            .iter()
            .filter(|one| one.outcome.is_none())
            .collect();
        let message = match left.as_slice() {
            [one] if self.all.len() == 1 => {
                format!("{}: no longer waited for; it goes on by itself", one.name)
            }
            [one] => format!("{} is no longer waited for; it goes on by itself", one.name),
            left => format!(
                "{} of {} are no longer waited for; they go on by themselves",
                left.len(),
                self.all.len()
            ),
        };
        let tokens = left.iter().filter_map(|one| one.token.clone());
        to_go_on(
            self.api,
            Failure::new(Exit::Wait, message),
            tokens.collect(),
        )
    }
}

fn without_outcome(name: &str) -> Failure {
    Failure::new(
        Exit::Wait,
        format!("{name}: the wait ended without an outcome"),
    )
}

/// With the tokens of waits that somebody may go on with.
fn to_go_on(api: &Api, mut failure: Failure, tokens: Vec<String>) -> Failure {
    if failure.exit == Exit::Wait && !failure.message.contains("it failed") && !tokens.is_empty() {
        let words: Vec<String> = tokens.iter().map(|token| value::quoted(token)).collect();
        failure = failure.remedy(format!(
            "go on with `{} {}`",
            crate::shape::called(api, "wait"),
            words.join(" ")
        ));
    }
    failure.details.tokens = tokens;
    failure
}
