//! `suggest`: what a document does not declare, proposed as an overlay.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use verbatim_suggest::{Suggestions, overlay, suggest, text};

use crate::arguments::Suggest;
use crate::report::{Format, Reporter};

/// Prints what is proposed, and writes it where a file is named.
///
/// # Errors
/// Where a file cannot be read, or another one stands where the overlay should be.
pub fn run(given: &Suggest) -> Result<ExitCode> {
    let reporter = Reporter::new(Format::Text);
    let Some(read) = given.chosen.decided().read(&given.spec, &reporter)? else {
        return Ok(ExitCode::FAILURE);
    };
    let sources = read.input.sources();
    let found = match suggest(&read.input) {
        Ok(found) => found,
        Err(problems) => {
            for problem in &problems {
                reporter.problem(&problem.diagnostic, sources);
            }
            return Ok(ExitCode::FAILURE);
        }
    };
    print!("{}", text(&found, sources));
    println!("\n{}", counted(&found));
    match (overlay(&found, sources), &given.write) {
        (Some(overlay), Some(path)) => write(path, &overlay)?,
        (Some(_), None) => {
            println!("`--write overlay.yaml` writes them down, to be read and corrected.");
        }
        (None, _) => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the overlay where nothing else stands: what somebody corrected is not lost.
fn write(path: &Path, overlay: &str) -> Result<()> {
    let is_other = match std::fs::read(path) {
        Ok(bytes) => bytes != overlay.as_bytes(),
        Err(error) => error.kind() != std::io::ErrorKind::NotFound,
    };
    if is_other {
        bail!(
            "{} is there already and says something else; name another file, or take it away first",
            path.display()
        );
    }
    verbatim_files::put(path, overlay)?;
    let shown = path.display();
    println!(
        "{shown} written; `overlays = [{:?}]` in verbatim.toml, or `--overlay {shown}`, applies it",
        path.to_string_lossy()
    );
    Ok(())
}

/// How much is proposed, as a sentence.
pub fn counted(found: &Suggestions) -> String {
    let many = |count: usize, one: &str, more: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {more}"),
    };
    let proposals = many(
        found.proposals.len(),
        "declaration is proposed",
        "declarations are proposed",
    );
    match found.remarks.len() {
        0 => format!("{proposals}."),
        count => format!(
            "{proposals}; {} left to a person.",
            many(count, "thing is", "things are")
        ),
    }
}

/// What `init` says of a document that could declare more.
pub fn offer(spec: &Path) -> Option<String> {
    let input = crate::document::whole(spec, None).ok()?;
    let found = suggest(&input)
        .ok()
        .filter(|found| !found.proposals.is_empty())?;
    Some(format!(
        "{} The document declares nothing about them; `verbatim suggest --spec {}` shows each with its reason.",
        counted(&found),
        spec.display()
    ))
}
