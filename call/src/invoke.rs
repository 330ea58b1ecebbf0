//! One operation, from what was given to it to what is printed.

mod several;

pub use several::each;

use crate::around::{Surroundings, print};
use crate::client::{Reach, Within, client, limit, runtime};
use crate::edit;
use crate::failure::Failure;
use crate::list::{self, Wanted};
use crate::output::{self, Output, Reader, Rows};
use crate::profile::{self, Chosen};
use crate::rehearsal::{Rehearsal, Simulators};
use crate::request::{self, Content, Request};
use crate::shape::Shape;
use crate::table::{Api, Method, Operation, Success};
use crate::{names, outcome, send, waiting};
use clap::ArgMatches;
use verbatim_runtime::codegen::{Call, reply};
use verbatim_runtime::{Client, Error, RawResponse};

/// An operation that is to be called.
pub struct Invocation<'a> {
    /// The program.
    pub shape: &'a Shape,
    /// The API.
    pub api: &'a Api,
    /// The operation as lists of operations have it.
    pub method: &'a Method,
    /// Everything else about it.
    pub operation: Operation,
    /// Group and method, for messages.
    pub command: String,
    /// What was given.
    pub matches: &'a ArgMatches,
}

impl Invocation<'_> {
    /// Does what is asked.
    ///
    /// # Errors
    /// Whatever keeps it from being done.
    pub fn run(&self, around: &mut Surroundings<'_>) -> Result<(), Failure> {
        if self.flag("example") {
            return self.example(around);
        }
        let mut requests = request::read_all(&self.operation, self.matches, around.stdin)?;
        let profile = if self.flag("simulate") {
            None
        } else {
            profile::chosen(self.shape, self.api, self.matches, around)?
        };
        let output = self.output(profile.as_ref(), around)?;
        self.allowed(profile.as_ref(), around)?;
        if self.flag("edit") {
            let begun = requests.first().and_then(|request| request.body.as_ref());
            let body = self.edited(begun, around)?;
            for request in &mut requests {
                request.body = Some(body.clone());
            }
        }
        let rehearsal = self.rehearsal(around)?;
        let Reach { client, pace } = self.client(Within {
            around,
            rehearsal: rehearsal.as_ref(),
            profile: profile.as_ref(),
        })?;
        if let Some(pace) = pace.filter(|_| !self.flag("dry-run")) {
            pace.wait();
        }
        let runtime = runtime()?;
        let done = runtime.block_on(async {
            let said: Vec<String> = requests.iter().map(values).collect();
            if !self.flag("dry-run") && !self.flag("exact") {
                let of = (self.command.as_str(), self.method, &self.operation);
                let mut known = names::Known::default();
                for request in &mut requests {
                    names::resolve(self.api, &client, of, request, &mut known).await?;
                }
            }
            let mut calls = Vec::new();
            if let Some(request) = requests.first().filter(|_| around.stderr_is_terminal) {
                for note in request::unknown_names(&self.operation, request) {
                    let note = crate::failure::one_line(&note);
                    let _ = writeln!(around.stderr, "note: {note}");
                }
            }
            for request in &requests {
                if !self.flag("unchecked") {
                    request::check(&self.operation, request)?;
                }
                calls.push(send::call(
                    &client,
                    &self.method.id,
                    &self.operation,
                    request,
                )?);
            }
            if self.flag("dry-run") {
                for call in calls {
                    let text = call.to_curl().map_err(|error| self.failure(&error))?;
                    print(around, format!("{text}\n").as_bytes())?;
                }
                return Ok(());
            }
            self.confirmed(&said, &requests, around)?;
            match (calls.len(), requests.as_slice()) {
                (1, [request]) => {
                    let call = calls.remove(0);
                    self.send(&client, call, request, &output, around).await
                }
                _ => {
                    self.several(said.into_iter().zip(calls), &output, around)
                        .await
                }
            }
        });
        // What was changed stays, also where the command failed afterwards.
        let kept = around
            .simulators
            .as_deref_mut()
            .map_or(Ok(()), Simulators::end);
        done.and(kept)
    }

    /// What is asked of the output, before anything is sent.
    fn output(
        &self,
        profile: Option<&Chosen>,
        around: &Surroundings<'_>,
    ) -> Result<Output, Failure> {
        let wanted = list::wanted(&self.operation, self.matches)?;
        let paths = wanted.iter().flat_map(Wanted::paths);
        output::check(&self.operation, "--filter", paths)?;
        let defaults = profile::defaults(profile, &self.command);
        Output::of(&self.operation, self.matches, around, &defaults)
    }

    /// The body as it was written in an editor.
    fn edited(
        &self,
        begun: Option<&Content>,
        around: &Surroundings<'_>,
    ) -> Result<Content, Failure> {
        let begun = match begun {
            Some(Content::Json(bytes)) => Some(bytes.as_ref()),
            _ => None,
        };
        let judge = |body: &edit::Edited| {
            let request = Request {
                body: Some(Content::Json(body.clone().into())),
                ..Request::default()
            };
            if self.flag("unchecked") {
                return Ok(());
            }
            request::check(&self.operation, &request)
        };
        let body = edit::edit(&self.command, &self.operation, begun, around, &judge)?;
        Ok(Content::Json(body.into()))
    }

    /// The simulator that takes the place of the API, where one is wanted.
    fn rehearsal(&self, around: &mut Surroundings<'_>) -> Result<Option<Rehearsal>, Failure> {
        match around.simulators.as_deref_mut() {
            Some(simulators) if self.flag("simulate") => simulators.begin(&self.api.name).map(Some),
            _ => Ok(None),
        }
    }

    fn flag(&self, name: &str) -> bool {
        let given = self.matches.try_get_one::<bool>(name);
        given.ok().flatten() == Some(&true)
    }

    fn failure(&self, error: &Error<()>) -> Failure {
        outcome::failure(self.api, &self.command, error)
    }

    /// Whether calls that change something may be sent.
    fn allowed(&self, profile: Option<&Chosen>, around: &Surroundings<'_>) -> Result<(), Failure> {
        let variable = format!("{}_READ_ONLY", self.api.environment);
        let is_set = |text: String| !matches!(text.trim(), "" | "0" | "false" | "no");
        let by_environment = (around.environment)(&variable).is_some_and(is_set);
        if self.operation.safe || self.flag("dry-run") {
            return Ok(());
        }
        let profile = profile.map(|it| &it.profile).filter(|it| it.read_only);
        let by = match (self.flag("read-only"), by_environment, profile) {
            (true, ..) => "--read-only".to_owned(),
            (false, true, _) => variable,
            (false, false, Some(profile)) => format!("the profile `{}`", profile.name),
            (false, false, None) => return Ok(()),
        };
        let message = format!(
            "{}: it changes something, and {by} forbids that",
            self.command
        );
        Err(Failure::usage(message).remedy("--dry-run shows the request"))
    }

    fn client(&self, within: Within<'_, '_>) -> Result<Reach, Failure> {
        let mut ids = Vec::new();
        if let Some(rule) = &self.operation.wait {
            ids.extend(names::polled(self.api, rule)?);
        }
        ids.extend(names::ids(self.api, self.method, &self.operation));
        ids.sort_unstable();
        ids.dedup();
        let called = (self.method, &self.operation);
        client(self.api, &ids, Some(&called), self.matches, within)
    }

    /// Asks before something is removed, where there is somebody to ask.
    fn confirmed(
        &self,
        said: &[String],
        requests: &[Request],
        around: &mut Surroundings<'_>,
    ) -> Result<(), Failure> {
        let is_asked = around.stdin_is_terminal && around.stderr_is_terminal;
        if self.method.verb != "DELETE" || self.operation.safe || self.flag("yes") || !is_asked {
            return Ok(());
        }
        // A name as it was said, with what it stands for.
        let all = said.iter().zip(requests).map(|(said, request)| {
            let meant = values(request);
            if *said == meant {
                meant
            } else {
                format!("{said} ({meant})")
            }
        });
        let all: Vec<String> = all.collect();
        let what = crate::failure::one_line(&format!("{} {}", self.command, all.join(", ")));
        let _ = write!(around.stderr, "{what}: go on? [y/N] ");
        let _ = around.stderr.flush();
        let mut answer = Vec::new();
        let mut byte = [0];
        while matches!(around.stdin.read(&mut byte), Ok(1)) && byte != *b"\n" {
            answer.extend(byte);
        }
        let answer = String::from_utf8_lossy(&answer).trim().to_lowercase();
        if answer == "y" || answer == "yes" {
            return Ok(());
        }
        let message = format!("{}: not confirmed; nothing was sent", self.command);
        Err(Failure::usage(message).remedy("--yes goes on without asking"))
    }

    async fn send(
        &self,
        client: &Client,
        call: send::Raw,
        request: &Request,
        output: &Output,
        around: &mut Surroundings<'_>,
    ) -> Result<(), Failure> {
        let call = self.limited(call)?;
        if self.flag("verbose")
            && let Ok(explanation) = call.explain()
        {
            let _ = writeln!(around.stderr, "{explanation}");
        }
        if self.operation.success == Success::Stream {
            let bytes = send::call_as(
                client,
                (&self.method.id, &self.operation),
                request,
                reply::bytes,
            )?;
            return self.stream(self.limited(bytes)?, output, around).await;
        }
        if let Some(wanted) = list::wanted(&self.operation, self.matches)? {
            let of = (self.method.id.as_str(), &self.operation);
            let call = self.limited(send::call_as(client, of, request, list::page)?)?;
            return self.list(&wanted, call, output, around).await;
        }
        let limit = waiting::wanted(self.matches)?;
        let received = if let (Some(rule), Some(limit)) = (&self.operation.wait, limit) {
            self.waited(call, (rule, limit), around).await?
        } else {
            let response = call.send().await;
            response.map_err(|error| self.failure(&error))?.value
        };
        if self.flag("verbose") {
            told(&received, around);
        }
        let wants_json = self.operation.result.is_some();
        outcome::readable(&self.command, &received, wants_json)?;
        self.printed(&received, output, around)
    }

    /// Prints a reply as the operation documents it that it is of.
    fn printed(
        &self,
        received: &RawResponse,
        output: &Output,
        around: &mut Surroundings<'_>,
    ) -> Result<(), Failure> {
        let shown = self.shown(received)?;
        let shown = shown.as_ref().unwrap_or(&self.operation);
        output.reply(shown, received, &mut output.writer(around))
    }

    /// The operation whose reply is shown, where that is another one: what a wait has polled.
    fn shown(&self, received: &RawResponse) -> Result<Option<Operation>, Failure> {
        let id = received.operation().id;
        match self.api.operation(id) {
            Some((_, method)) if id != self.method.id => {
                method.operation().map(Some).map_err(Failure::usage)
            }
            _ => Ok(None),
        }
    }

    /// Shows the items that are wanted while their pages come.
    async fn list(
        &self,
        wanted: &Wanted,
        call: send::Raw,
        output: &Output,
        around: &mut Surroundings<'_>,
    ) -> Result<(), Failure> {
        let pointer = list::pointer(&self.operation).unwrap_or_default();
        let mut rows = Rows::new(output, &self.operation, &pointer);
        let mut writer = output.writer(around);
        let failure = |error: &Error<()>| self.failure(error);
        let mut take = |item| rows.push(&item, &mut writer);
        wanted
            .each(&self.operation, call, &failure, &mut take)
            .await?;
        output.end(rows, &mut writer)
    }

    fn limited<T>(&self, call: Call<T, ()>) -> Result<Call<T, ()>, Failure> {
        Ok(match limit(self.matches)? {
            Some(limit) => call.deadline(limit),
            None => call,
        })
    }

    /// Writes a body as it arrives.
    async fn stream(
        &self,
        call: Call<bytes::Bytes, ()>,
        output: &Output,
        around: &mut Surroundings<'_>,
    ) -> Result<(), Failure> {
        let response = call.stream().send().await;
        let mut stream = response.map_err(|error| self.failure(&error))?.value;
        let mut writer = output.writer(around);
        let mut filter = output.chunks();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|error| self.failure(&error.widen()))?;
            if writer.write(&filter.next(&chunk))? == Reader::Gone {
                break;
            }
        }
        writer.write(&filter.end())?;
        writer.end()
    }

    /// Prints a body to start from.
    fn example(&self, around: &mut Surroundings<'_>) -> Result<(), Failure> {
        let node = crate::example::body(&self.operation).ok_or_else(|| {
            let message = format!("{}: nothing is known of its body", self.command);
            Failure::usage(message).remedy("--help names its members")
        })?;
        let text = verbatim_source::write::pretty(&node.value);
        print(around, format!("{}\n", text.trim_end()).as_bytes())
    }
}

/// The values of the parameters of a request.
fn values(request: &Request) -> String {
    let values = request.parameters.iter();
    let values: Vec<String> = values.map(|(_, node)| crate::value::text(node)).collect();
    values.join(" ")
}

/// Status and body of a reply, without secrets.
fn told(received: &RawResponse, around: &mut Surroundings<'_>) {
    let id = received.request_id().unwrap_or("none");
    let body = verbatim_source::printable(&received.excerpt(4096));
    let id = crate::failure::one_line(id);
    let _ = writeln!(
        around.stderr,
        "{} after {} attempts, request {id}\n{body}",
        received.status,
        received.exchange().attempts().len(),
    );
}
