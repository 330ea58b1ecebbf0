//! A simulator in the place of the API, for commands that are only tried.

use crate::failure::Failure;
use std::sync::Arc;
use verbatim_runtime::transport::Transport;

/// How calls reach a simulator.
#[derive(Clone)]
pub struct Rehearsal {
    /// Carries the calls.
    pub transport: Arc<dyn Transport>,
    /// The address that they are made for; nothing listens there.
    pub base_url: String,
    /// What it takes as a token, and as a password.
    pub token: String,
}

/// Gives simulators whose state stays from one command to the next.
pub trait Simulators {
    /// A simulator of an API in the state that it was left in; a new one where there is none.
    ///
    /// # Errors
    /// A state that cannot be read, or that another command holds.
    fn begin(&mut self, api: &str) -> Result<Rehearsal, Failure>;

    /// Keeps the state of the simulators that were begun.
    ///
    /// # Errors
    /// A state that cannot be written.
    fn end(&mut self) -> Result<(), Failure>;

    /// Forgets the state; whether there was one.
    ///
    /// # Errors
    /// A state that cannot be removed.
    fn forget(&mut self, api: &str) -> Result<bool, Failure>;

    /// Where the state is kept.
    fn place(&self, api: &str) -> String;
}

#[cfg(feature = "simulate")]
pub use folder::{Document, Folder};

#[cfg(feature = "simulate")]
mod folder {
    use super::{Rehearsal, Simulators};
    use crate::failure::{Exit, Failure};
    use std::path::PathBuf;
    use std::sync::Arc;
    use verbatim_contract::Contract;
    use verbatim_simulator::{InProcess, Keeper, Pace, Rules, Settings, Simulator};

    /// A document from which a simulator is made.
    #[derive(Clone, Copy, Debug)]
    pub struct Document<'d> {
        /// The name of the API.
        pub api: &'d str,
        /// The text of the document.
        pub text: &'d str,
        /// The rules of its simulator; empty where there are none.
        pub rules: &'d str,
    }

    /// Simulators in this process, whose states are files of one folder.
    pub struct Folder<'d> {
        documents: &'d [Document<'d>],
        home: PathBuf,
        keepers: Vec<Keeper>,
    }

    impl<'d> Folder<'d> {
        /// Simulators of these documents; the states are kept in this folder.
        pub fn new(documents: &'d [Document<'d>], folder: impl Into<PathBuf>) -> Self {
            Self {
                documents,
                home: folder.into(),
                keepers: Vec::new(),
            }
        }

        fn file(&self, api: &str) -> PathBuf {
            self.home.join(format!(".simulator-{api}.json"))
        }

        fn simulator(&self, api: &str) -> Result<Simulator, Failure> {
            let wrong = |message: String| Failure::usage(format!("the simulator: {message}"));
            let document = self.documents.iter().find(|it| it.api == api);
            let document =
                document.ok_or_else(|| wrong(format!("there is no document of `{api}`")))?;
            let contract = Contract::parse(api, document.text)
                .map_err(|problems| wrong(format!("{api}: {problems}")))?;
            let rules = match document.rules {
                "" => Rules::default(),
                text => Rules::parse(api, text).map_err(|error| wrong(error.to_string()))?,
            };
            let settings = Settings {
                rate_limit: false,
                pace: Pace::Instant,
                ..Settings::default()
            };
            Simulator::new(contract, rules, settings).map_err(|error| wrong(error.to_string()))
        }
    }

    impl Simulators for Folder<'_> {
        fn begin(&mut self, api: &str) -> Result<Rehearsal, Failure> {
            let simulator = Arc::new(self.simulator(api)?);
            let keeper = Keeper::open(&self.file(api), vec![Arc::clone(&simulator)])
                .map_err(|error| Failure::new(Exit::Network, format!("the simulator: {error}")))?;
            self.keepers.push(keeper);
            Ok(Rehearsal {
                base_url: format!(
                    "https://simulator.invalid{}",
                    simulator.contract().base_path
                ),
                token: simulator.token().to_owned(),
                transport: Arc::new(InProcess::new(simulator)),
            })
        }

        fn end(&mut self) -> Result<(), Failure> {
            for mut keeper in self.keepers.drain(..) {
                keeper
                    .save()
                    .map_err(|message| Failure::new(Exit::Network, message))?;
            }
            Ok(())
        }

        fn forget(&mut self, api: &str) -> Result<bool, Failure> {
            let file = self.file(api);
            match std::fs::remove_file(&file) {
                Ok(()) => Ok(true),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
                Err(error) => Err(Failure::usage(format!(
                    "{} cannot be removed: {error}",
                    file.display()
                ))),
            }
        }

        fn place(&self, api: &str) -> String {
            self.file(api).display().to_string()
        }
    }
}
