//! One line for the tests of others.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use verbatim_contract::{Contract, Problems};

use crate::http::Http;
use crate::live::{self, LiveError, Options};
use crate::report::Report;
use crate::transport::block_on;
use crate::{Expected, Severity};

/// Time for one request.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a server does not pass a check.
pub enum CheckError {
    /// The document cannot be used.
    Document(Problems),
    /// The server cannot be driven.
    Server(LiveError),
    /// The server does not do what the document says.
    Disagreement(Box<Report>),
}

/// Drives the server at a base URL by the document in a file, and gives the report where nothing disagrees but what is
/// only worth knowing.
///
/// ```no_run
/// # fn start_my_server() -> String { String::new() }
/// # fn main() -> Result<(), conformance::CheckError> {
/// let url = start_my_server();
/// conformance::check("openapi.yaml", &url)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Where the document cannot be read, nobody answers, or there is a finding of severity error or warning; then the
/// error shows the whole report.
pub fn check(spec: impl AsRef<Path>, url: &str) -> Result<Report, CheckError> {
    check_with(spec, url, &Options::default())
}

/// As [`check`], with credentials or other options.
///
/// # Errors
/// As [`check`].
pub fn check_with(
    spec: impl AsRef<Path>,
    url: &str,
    options: &Options,
) -> Result<Report, CheckError> {
    let contract = Contract::open(spec.as_ref()).map_err(CheckError::Document)?;
    let origin = live::origin(url).map_err(CheckError::Server)?;
    let transport = Http::new(&origin, PATIENCE);
    let run = live::judge(&contract, url, &transport, options);
    let report = block_on(run).map_err(CheckError::Server)?;
    let verdict = report.verdict(&Expected::default(), Severity::Warning);
    if verdict.is_clean() {
        Ok(report)
    } else {
        Err(CheckError::Disagreement(Box::new(report)))
    }
}

/// Ends the test it stands in, with the whole report, unless the server at a base URL does what the document in a file
/// says. A third argument is [`live::Options`](crate::live::Options), for credentials.
///
/// ```no_run
/// # fn start_my_server() -> String { String::new() }
/// let url = start_my_server();
/// conformance::assert_conforms!("openapi.yaml", &url);
///
/// let options = conformance::live::Options {
///     token: Some("a-token-for-tests".to_owned()),
///     ..Default::default()
/// };
/// conformance::assert_conforms!("openapi.yaml", &url, &options);
/// ```
#[macro_export]
macro_rules! assert_conforms {
    ($spec:expr, $url:expr $(,)?) => {
        if let Err(error) = $crate::check($spec, $url) {
            panic!("{error}");
        }
    };
    ($spec:expr, $url:expr, $options:expr $(,)?) => {
        if let Err(error) = $crate::check_with($spec, $url, $options) {
            panic!("{error}");
        }
    };
}

impl fmt::Display for CheckError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document(problems) => problems.fmt(formatter),
            Self::Server(error) => error.fmt(formatter),
            Self::Disagreement(report) => report.fmt(formatter),
        }
    }
}

/// As it is displayed, since this is what a test prints that ends with the error.
impl fmt::Debug for CheckError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl std::error::Error for CheckError {}
