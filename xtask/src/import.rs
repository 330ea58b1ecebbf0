//! `import`: documentation text to `documented.json`.

use crate::arguments::Arguments;
use crate::files::{Mode, put, read};
use crate::root;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::ExitCode;
use verbatim_build::document::source;
use verbatim_normalize::import;

/// Reads a documentation text and writes the facts in it.
pub fn run(mut arguments: Arguments) -> Result<ExitCode> {
    let api = arguments.positional("the API")?;
    let file = arguments.positional("the file")?;
    arguments.end()?;
    let folder = root::workspace()?.join("spec").join(&api);
    let ledger = folder.join("defects.yaml");
    if !ledger.is_file() {
        bail!(
            "{} is missing; it lists the defects of the text, and may be an empty list",
            ledger.display()
        );
    }
    let text = source(Path::new(&file))?;
    let ledger = verbatim_source::Source::new(ledger.display().to_string(), read(&ledger)?);
    match import::import(text, ledger) {
        Ok(imported) => {
            let path = folder.join("documented.json");
            let written = put(&path, &imported.documented, Mode::Write, "")?;
            println!("{}", imported.counts);
            let done = if written { "written" } else { "is current" };
            println!("{} {done}", path.display());
            Ok(ExitCode::SUCCESS)
        }
        Err(refused) => {
            eprint!("{refused}");
            eprintln!("nothing was written");
            Ok(ExitCode::FAILURE)
        }
    }
}
