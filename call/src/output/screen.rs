//! The terminal that output is read on, and the pager before it.

use crate::around::Surroundings;
use crate::failure::{Exit, Failure};
use clap::ArgMatches;
use std::io::{ErrorKind, Write as _};
use std::process::{Child, Command, Stdio};

/// What is known of where output goes.
#[derive(Clone, Debug, Default)]
pub struct Screen {
    /// Whether it is a terminal.
    pub is_terminal: bool,
    /// Its columns; none where lines may have any length.
    pub width: Option<usize>,
    /// Whether it has colours, and they are wanted.
    pub has_colour: bool,
    /// Its lines.
    height: usize,
    /// The command of the pager, where one is wanted.
    pager: Option<String>,
}

impl Screen {
    /// The standard output of a command.
    pub fn of(matches: &ArgMatches, around: &Surroundings<'_>) -> Self {
        if !around.stdout_is_terminal {
            return Self::default();
        }
        let variable = |name: &str| (around.environment)(name);
        let number = |name: &str| {
            let text = variable(name)?;
            text.trim().parse().ok().filter(|number| *number > 0)
        };
        let size = terminal_size::terminal_size();
        let size = size.map(|(width, height)| (usize::from(width.0), usize::from(height.0)));
        let (width, height) = size
            .filter(|size| size.0 > 0 && size.1 > 0)
            .unwrap_or((80, 24));
        let is_dumb = variable("TERM").as_deref() == Some("dumb");
        let no_colour = variable("NO_COLOR").is_some_and(|text| !text.is_empty());
        let pager = variable("VERBATIM_PAGER").or_else(|| variable("PAGER"));
        let pager = pager.filter(|command| !matches!(command.trim(), "" | "cat"));
        Self {
            is_terminal: true,
            width: Some(number("COLUMNS").unwrap_or(width)),
            has_colour: !is_dumb && !no_colour,
            height: number("LINES").unwrap_or(height),
            pager: pager.filter(|_| !is_dumb && !flag(matches, "no-pager")),
        }
    }

    /// A text that stands out, where there are colours.
    pub fn bold(&self, text: &str) -> String {
        if self.has_colour {
            format!("\x1b[1m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

fn flag(matches: &ArgMatches, name: &str) -> bool {
    matches.try_get_one::<bool>(name).ok().flatten() == Some(&true)
}

/// Whether more is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// It reads on.
    Reads,
    /// It has gone, having seen what it wanted.
    Gone,
}

/// Writes to the standard output; through the pager what is longer than the terminal.
pub struct Writer<'w, 's> {
    around: &'w mut Surroundings<'s>,
    pager: Option<String>,
    height: usize,
    /// What is kept back until it is known whether it fits.
    held: Vec<u8>,
    child: Option<Child>,
    reader: Reader,
}

impl<'w, 's> Writer<'w, 's> {
    /// Of one output.
    pub fn new(screen: &Screen, around: &'w mut Surroundings<'s>) -> Self {
        Self {
            around,
            pager: screen.pager.clone(),
            height: screen.height,
            held: Vec::new(),
            child: None,
            reader: Reader::Reads,
        }
    }

    /// Writes a piece.
    ///
    /// # Errors
    /// An output that cannot be written, other than by its reader's leaving.
    pub fn write(&mut self, bytes: &[u8]) -> Result<Reader, Failure> {
        if self.reader == Reader::Gone {
            return Ok(Reader::Gone);
        }
        if self.child.is_none() && self.pager.is_some() {
            self.held.extend(bytes);
            let lines = self.held.split(|byte| *byte == b'\n').count() - 1;
            if lines < self.height {
                return Ok(Reader::Reads);
            }
            self.begin();
            let held = std::mem::take(&mut self.held);
            return self.pass_on(&held);
        }
        self.pass_on(bytes)
    }

    /// Starts the pager; without one, the output goes to the terminal.
    fn begin(&mut self) {
        let Some(command) = self.pager.take() else {
            return;
        };
        match spawn(&command, self.around) {
            Ok(child) => self.child = Some(child),
            Err(error) => {
                let _ = writeln!(
                    self.around.stderr,
                    "the pager `{command}` does not start: {error}"
                );
            }
        }
    }

    fn pass_on(&mut self, bytes: &[u8]) -> Result<Reader, Failure> {
        let pipe = self.child.as_mut().and_then(|child| child.stdin.as_mut());
        let written = match pipe {
            Some(pipe) => pipe.write_all(bytes),
            None => self
                .around
                .stdout
                .write_all(bytes)
                .and_then(|()| self.around.stdout.flush()),
        };
        match written {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.reader = Reader::Gone,
            Err(error) => return Err(unwritable(&error)),
        }
        Ok(self.reader)
    }

    /// Writes what was kept back, and waits until the reader has left the pager.
    ///
    /// # Errors
    /// As [`Writer::write`].
    pub fn end(&mut self) -> Result<(), Failure> {
        self.pager = None;
        let held = std::mem::take(&mut self.held);
        if !held.is_empty() && self.reader == Reader::Reads {
            self.pass_on(&held)?;
        }
        if let Some(mut child) = self.child.take() {
            drop(child.stdin.take());
            // How the pager ends says nothing of the command.
            let _ = child.wait();
        }
        Ok(())
    }

    /// Tells the person at the terminal something beside the output.
    pub fn tell(&mut self, text: &str) {
        if self.around.stderr_is_terminal {
            let _ = writeln!(self.around.stderr, "{text}");
        }
    }
}

/// The failure of an output that cannot be written.
pub fn unwritable(error: &std::io::Error) -> Failure {
    Failure::new(
        Exit::Refused,
        format!("the standard output cannot be written: {error}"),
    )
}

fn spawn(command: &str, around: &Surroundings<'_>) -> std::io::Result<Child> {
    let (shell, option) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let mut process = Command::new(shell);
    process.args([option, command]).stdin(Stdio::piped());
    // A pager that is told nothing else ends by itself, and lets colours through.
    for (name, value) in [("LESS", "FRX"), ("LV", "-c")] {
        if (around.environment)(name).is_none() {
            process.env(name, value);
        }
    }
    let child = process.spawn()?;
    // Ctrl-C is for the pager from here on.
    #[cfg(unix)]
    if tokio::runtime::Handle::try_current().is_ok() {
        let interrupt = tokio::signal::unix::SignalKind::interrupt();
        drop(tokio::signal::unix::signal(interrupt));
    }
    Ok(child)
}
