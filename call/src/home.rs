//! What a program keeps for its user: folders of the platform, the keyring, questions without echo.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// What a program keeps for its user, and how it asks for what is not shown.
pub struct Home {
    /// The folder of configurations, such as `~/.config`; none where the system names no home.
    pub config: Option<PathBuf>,
    /// The folder of caches, such as `~/.cache`.
    pub cache: Option<PathBuf>,
    /// The keyring.
    pub keyring: Box<dyn Keyring>,
    /// Asks for a line on the terminal without showing it.
    pub ask: Box<Ask>,
    /// Tells something while a call is under way.
    pub tell: Arc<dyn Fn(&str) + Send + Sync>,
}

impl Home {
    /// Without folders, without a keyring, without a terminal, and silent.
    pub fn nothing() -> Self {
        Self {
            config: None,
            cache: None,
            keyring: Box::new(NoKeyring),
            ask: Box::new(|_| Err(io::Error::other("there is no terminal to ask on"))),
            tell: Arc::new(|_| {}),
        }
    }

    /// That of the user of this process.
    pub fn of_user() -> Self {
        use etcetera::BaseStrategy;
        let folders = etcetera::choose_base_strategy().ok();
        Self {
            config: folders.as_ref().map(BaseStrategy::config_dir),
            cache: folders.as_ref().map(BaseStrategy::cache_dir),
            keyring: system(),
            ask: Box::new(|question| rpassword::prompt_password(question)),
            tell: Arc::new(|text| eprintln!("{text}")),
        }
    }
}

/// Asks a question; the answer is not shown while it is written.
pub type Ask = dyn Fn(&str) -> io::Result<String>;

/// A keyring: secrets by the program and the name under which it keeps them.
pub trait Keyring {
    /// A secret; none where nothing is kept under this name.
    ///
    /// # Errors
    /// Why the keyring cannot be used.
    fn get(&self, program: &str, name: &str) -> Result<Option<String>, String>;

    /// Keeps a secret, in the place of what was kept before.
    ///
    /// # Errors
    /// Why the keyring cannot be used.
    fn put(&self, program: &str, name: &str, secret: &str) -> Result<(), String>;

    /// Forgets a secret; one that is not there is forgotten already.
    ///
    /// # Errors
    /// Why the keyring cannot be used.
    fn forget(&self, program: &str, name: &str) -> Result<(), String>;
}

/// Where there is no keyring.
struct NoKeyring;

const NONE: &str = "this program was built without one";

impl Keyring for NoKeyring {
    fn get(&self, _: &str, _: &str) -> Result<Option<String>, String> {
        Err(NONE.to_owned())
    }

    fn put(&self, _: &str, _: &str, _: &str) -> Result<(), String> {
        Err(NONE.to_owned())
    }

    fn forget(&self, _: &str, _: &str) -> Result<(), String> {
        Err(NONE.to_owned())
    }
}

#[cfg(not(feature = "keyring"))]
fn system() -> Box<dyn Keyring> {
    Box::new(NoKeyring)
}

#[cfg(feature = "keyring")]
fn system() -> Box<dyn Keyring> {
    Box::new(system::OfSystem)
}

#[cfg(feature = "keyring")]
mod system {
    use super::Keyring;
    use keyring::{Entry, Error};

    /// The keyring of the system.
    pub(super) struct OfSystem;

    fn entry(program: &str, name: &str) -> Result<Entry, String> {
        if let Err(error) = Entry::store_status() {
            return Err(told(error));
        }
        Entry::new(program, name).map_err(|error| told(&error))
    }

    /// The words of an error without what is kept: two kinds have the kept bytes in them, and their
    /// own words leave those out.
    fn told(error: &Error) -> String {
        error.to_string()
    }

    impl Keyring for OfSystem {
        fn get(&self, program: &str, name: &str) -> Result<Option<String>, String> {
            match entry(program, name)?.get_password() {
                Ok(secret) => Ok(Some(secret)),
                Err(Error::NoEntry) => Ok(None),
                Err(error) => Err(told(&error)),
            }
        }

        fn put(&self, program: &str, name: &str, secret: &str) -> Result<(), String> {
            let entry = entry(program, name)?;
            entry.set_password(secret).map_err(|error| told(&error))
        }

        fn forget(&self, program: &str, name: &str) -> Result<(), String> {
            match entry(program, name)?.delete_credential() {
                Ok(()) | Err(Error::NoEntry) => Ok(()),
                Err(error) => Err(told(&error)),
            }
        }
    }
}
