//! Complaints of reading a document.

use super::Entry;

/// All entries in the order of their codes.
pub const ENTRIES: &[Entry] = &[];
