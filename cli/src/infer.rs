//! `infer`: a first document from recorded traffic.

use std::fs::File;
use std::io::{BufReader, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow, bail};
use conformance::infer::{Draft, Options};
use conformance::recording;
use verbatim_source::{one_line, write};

use crate::arguments::Infer;

/// Bytes that are read at once.
const BUFFER: usize = 1 << 16;

/// Writes the document that recordings speak for.
///
/// # Errors
/// Where a recording cannot be read, there is nothing of an API in it, or the document cannot be written.
pub fn run(given: &Infer) -> Result<ExitCode> {
    if let Some(out) = given
        .out
        .as_deref()
        .filter(|out| out.exists() && !given.force)
    {
        bail!(
            "{} is there already; name another file, or replace it with --force",
            out.display()
        );
    }
    let mut draft = Draft::new(Options {
        title: given.title.clone(),
        server: given.server.clone(),
        host: given.host.clone(),
    });
    for path in &given.recording {
        crate::document::present(path)?;
        let name = path.display().to_string();
        let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
        let source = BufReader::with_capacity(BUFFER, file);
        recording::read(&name, source, &mut |entry| draft.entry(entry))
            .map_err(|error| anyhow!("{error}"))?;
    }
    let inferred = draft.finish().map_err(|message| anyhow!(message))?;
    for note in &inferred.notes {
        eprintln!("note: {}", one_line(note));
    }
    let is_json = |path: &Path| path.extension().is_some_and(|ending| ending == "json");
    let text = if given.out.as_deref().is_some_and(is_json) {
        write::pretty(&inferred.document)
    } else {
        write::yaml(&inferred.document)
    };
    match &given.out {
        None => print!("{text}"),
        Some(out) => {
            save(out, &text)?;
            eprintln!(
                "{}: {} paths from {} exchanges",
                out.display(),
                inferred.paths,
                inferred.exchanges
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a file as a whole, or not at all.
fn save(path: &Path, text: &str) -> Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    let folder = path.parent().filter(|own| !own.as_os_str().is_empty());
    let mut draft =
        tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).with_context(cannot)?;
    draft.write_all(text.as_bytes()).with_context(cannot)?;
    draft.persist(path).with_context(cannot)?;
    Ok(())
}
