//! Requests that the API makes of its callers: callbacks of operations, and webhooks that are asked for over the
//! control path. They are sent when virtual time has come to them, again where the receiver did not take them, and
//! to this machine alone where nothing else is allowed.

mod plan;
mod send;
