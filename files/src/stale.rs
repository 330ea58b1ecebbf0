//! The first difference between what stands and what should.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::error::{Error, Stale};
use crate::name::MANIFEST;
use crate::survey::Plan;

/// How much of a line is shown.
const SHOWN: usize = 160;

pub(crate) fn first(folder: &Path, plan: &Plan<'_>) -> Result<(), Error> {
    for (name, text) in plan.tree {
        if plan.written.contains(name.as_str()) {
            compare(&folder.join(name), text)?;
        }
    }
    let stale = |name: &str, difference: &str| {
        Err(Error::Stale(Stale {
            path: folder.join(name),
            line: 0,
            difference: difference.to_owned(),
        }))
    };
    if let Some(name) = plan.removed.first() {
        return stale(name, "should not be there any more");
    }
    if plan.listed {
        Ok(())
    } else {
        stale(MANIFEST, "is missing or not current")
    }
}

pub(crate) fn compare(path: &Path, wanted: &str) -> Result<(), Error> {
    let present = match fs::read(path) {
        Ok(bytes) if bytes == wanted.as_bytes() => return Ok(()),
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(Error::Stale(Stale {
                path: path.to_owned(),
                line: 0,
                difference: "is missing".to_owned(),
            }));
        }
        Err(error) => return Err(Error::disk(path, error)),
    };
    let (line, has, should) = differing(&present, wanted);
    let clip = |text: &str| -> String { text.chars().take(SHOWN).collect() };
    Err(Error::Stale(Stale {
        path: path.to_owned(),
        line,
        difference: format!("  has:    {}\n  should: {}", clip(has), clip(should)),
    }))
}

/// The first line that differs; where one text ends first, that is the line after its last.
fn differing<'t>(present: &'t str, wanted: &'t str) -> (usize, &'t str, &'t str) {
    let mut pairs = present.lines().zip(wanted.lines()).zip(1..);
    if let Some(((has, should), line)) = pairs.find(|((has, should), _)| has != should) {
        return (line, has, should);
    }
    let shared = present.lines().count().min(wanted.lines().count());
    let after = |text: &'t str| text.lines().nth(shared).unwrap_or("(end of file)");
    (shared + 1, after(present), after(wanted))
}
