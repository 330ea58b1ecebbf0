//! A group of operations as a file.

use super::name::Ident;
use super::{Docs, File};

/// A group as a file, and what the client says about it.
pub struct GroupFile {
    /// The word it is made from.
    pub word: String,
    /// The file below the folder of the module.
    pub file: File,
    /// The method of the client, and the module.
    pub accessor: Ident,
    /// The struct.
    pub name: Ident,
    /// A line about it.
    pub docs: Docs,
}
