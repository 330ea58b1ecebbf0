use std::fmt;

/// Why a request is not taken to be what the service signed. None of them quotes the request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureError {
    /// A header that the scheme needs is not there.
    Missing(String),
    /// A header is there, and not written as the scheme has it; or it is there twice.
    Malformed(String),
    /// No signature is that of a known secret: the body, the identifier or the timestamp was
    /// changed, or it was signed with another secret.
    Mismatch,
    /// It was signed longer ago than is tolerated.
    TooOld {
        /// What is tolerated, in seconds.
        tolerance: u64,
    },
    /// It was signed further in the future than is tolerated.
    TooNew {
        /// What is tolerated, in seconds.
        tolerance: u64,
    },
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(header) => write!(f, "the header `{header}` is missing"),
            Self::Malformed(header) => write!(f, "the header `{header}` is malformed"),
            Self::Mismatch => f.write_str("the signature does not match the request"),
            Self::TooOld { tolerance } => {
                write!(f, "it was signed more than {tolerance} seconds ago")
            }
            Self::TooNew { tolerance } => write!(
                f,
                "it was signed more than {tolerance} seconds in the future"
            ),
        }
    }
}

impl std::error::Error for SignatureError {}

/// Why a [`Verifier`](super::Verifier) cannot be built. It quotes no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierError(String);

impl VerifierError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for VerifierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for VerifierError {}
