//! Why a call is not sent, and why one that was sent has no reply.

use crate::credential::CredentialError;
use crate::json::validate::Violations;
use crate::transport::TransportError;
use std::time::Duration;

/// Why a request was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidReason {
    /// A parameter that cannot be sent as it is: its name and what is wrong.
    Parameter {
        /// The name of the parameter.
        name: String,
        /// What is wrong with it.
        message: String,
    },
    /// A parameter that the operation requires.
    MissingParameter(&'static str),
    /// A body that the operation requires.
    MissingBody,
    /// A body outside its documented bounds.
    Body(Violations),
    /// A body that cannot be serialised, or an operation given in another way than the document says.
    Request(String),
    /// No credential for the operation: the names of the schemes, one set for each alternative.
    MissingCredential {
        /// The alternatives of the operation.
        alternatives: &'static [&'static [&'static str]],
        /// How to give one.
        help: String,
    },
    /// An address the client does not call: another origin, or plain HTTP to another machine.
    Address(String),
    /// The client cannot make this kind of call, for example a blocking one.
    Unsupported(String),
}

/// Why there is no reply.
#[derive(Debug)]
#[non_exhaustive]
pub enum FailedReason {
    /// The connection or the reply broke; the last of the attempts.
    Transport(TransportError),
    /// The deadline of the call passed.
    Deadline {
        /// The time that was allowed.
        allowed: Duration,
        /// What the call was doing.
        during: &'static str,
    },
    /// There is no credential for the call: its provider gave none.
    Credential(CredentialError),
    /// The quota is used up for longer than the policy of the call has patience.
    Quota {
        /// When to come back, from now on.
        wait: Duration,
    },
}
