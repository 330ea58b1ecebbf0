//! Names that emitted code has taken already.

/// What a method of a client is called by emitted code already.
pub(super) const CLIENT_WORDS: [&str; 6] =
    ["new", "builder", "from_env", "client", "clone", "from"];

/// What a call can do already.
pub(super) const CALL_WORDS: [&str; 21] = [
    "new",
    "map",
    "call",
    "timeout",
    "deadline",
    "retry",
    "unchecked",
    "credential",
    "extra_header",
    "send",
    "or_gone",
    "explain",
    "to_curl",
    "block",
    "pages",
    "items",
    "wait",
    "wait_until",
    "resume",
    "events",
    "clone",
];
