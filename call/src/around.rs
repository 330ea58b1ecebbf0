//! What a command meets: its streams, its environment, and the network.

use crate::failure::{Exit, Failure};
use crate::home::Home;
use crate::rehearsal::Simulators;
use std::io::{ErrorKind, Read, Write};
use std::sync::Arc;
use verbatim_runtime::transport::Transport;

/// What a command meets: its streams, its environment, and the network.
pub struct Surroundings<'s> {
    /// The standard input.
    pub stdin: &'s mut dyn Read,
    /// The standard output.
    pub stdout: &'s mut dyn Write,
    /// The standard error.
    pub stderr: &'s mut dyn Write,
    /// Environment variables.
    pub environment: &'s dyn Fn(&str) -> Option<String>,
    /// What is kept for the user of the program.
    pub home: &'s Home,
    /// How requests are sent; by HTTP where there is none.
    pub transport: Option<Arc<dyn Transport>>,
    /// Simulators that can take the place of the API, where the program has some.
    pub simulators: Option<&'s mut dyn Simulators>,
    /// Whether the standard input is a terminal, so that somebody can be asked.
    pub stdin_is_terminal: bool,
    /// Whether the standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Whether the standard error is a terminal.
    pub stderr_is_terminal: bool,
}

impl Surroundings<'_> {
    /// The same with simulators that can take the place of the API.
    pub fn with_simulators<'t>(
        &'t mut self,
        simulators: &'t mut dyn Simulators,
    ) -> Surroundings<'t> {
        Surroundings {
            stdin: &mut *self.stdin,
            stdout: &mut *self.stdout,
            stderr: &mut *self.stderr,
            environment: self.environment,
            home: self.home,
            transport: self.transport.clone(),
            simulators: Some(simulators),
            ..*self
        }
    }
}

/// Writes to the standard output. A reader that has gone away has seen what it wanted.
pub(crate) fn print(around: &mut Surroundings<'_>, bytes: &[u8]) -> Result<(), Failure> {
    let write = |around: &mut Surroundings<'_>| {
        around.stdout.write_all(bytes)?;
        if around.stdout_is_terminal && !bytes.is_empty() && !bytes.ends_with(b"\n") {
            around.stdout.write_all(b"\n")?;
        }
        around.stdout.flush()
    };
    match write(around) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::new(
            Exit::Refused,
            format!("the standard output cannot be written: {error}"),
        )),
    }
}
