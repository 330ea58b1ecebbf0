//! Names of files below the folder of a run.

use std::collections::BTreeMap;

use crate::Tree;
use crate::error::Error;

/// The name of the list in the folder.
pub const MANIFEST: &str = ".verbatim.json";

/// The folder, below the target, in which a run works. Nothing of it is left at the end.
pub(crate) const WORK: &str = ".verbatim.tmp";
/// Refuses a name that would leave the folder or that is ours to use.
pub(crate) fn check(name: &str) -> Result<(), Error> {
    let plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    let first = name.split('/').next().unwrap_or_default();
    let is_ours = first == WORK || first == MANIFEST;
    if !name.split('/').all(plain) || name.contains(['\\', '\0', ':']) || is_ours {
        return Err(Error::Name(format!(
            "{name:?} cannot be the name of a generated file"
        )));
    }
    Ok(())
}

/// Refuses names that leave the folder, and names that are one on systems where case does not count.
pub(crate) fn check_all(tree: &Tree) -> Result<(), Error> {
    let mut folded: BTreeMap<String, &str> = BTreeMap::new();
    for each in tree.keys() {
        check(each)?;
        if let Some(other) = folded.insert(each.to_lowercase(), each) {
            return Err(Error::Name(format!(
                "{other:?} and {each:?} are one file where case does not count"
            )));
        }
    }
    Ok(())
}
