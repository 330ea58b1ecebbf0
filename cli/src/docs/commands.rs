//! The commands that call the operations: those of the program that is named, else of `verbatim call`.

use anyhow::Result;
use verbatim_reference::Command;

use crate::arguments::Docs;
use crate::settings::Read;

/// The commands of a document; none where it has none for a command line.
///
/// A program of a crate has the names that the settings choose. `verbatim call` knows the document alone, so it is read
/// as that reads it: where it cannot, no command is shown.
///
/// # Errors
/// A name that is none for a crate.
#[cfg(feature = "calls")]
pub fn of(given: &Docs, read: &Read) -> Result<Vec<Command>> {
    use verbatim_call::table::document;

    let tables = match &given.program {
        Some(_) => document::tables_of(&read.input, &super::options(given, read)?).ok(),
        None if given.spec.as_os_str() == "-" => None,
        None => {
            let input = crate::document::whole(&given.spec, None).ok();
            input.and_then(|input| document::tables(&input, None).ok())
        }
    };
    let program = given.program.clone().unwrap_or_else(|| of_call(given));
    let commands = tables.map(|api| verbatim_call::commands::of(&program, &api));
    let commands = commands.transpose().map_err(anyhow::Error::msg)?;
    let commands = commands.unwrap_or_default().into_iter();
    let commands = commands.map(|it| Command {
        method: it.verb,
        path: it.path,
        group: it.group,
        name: it.name,
        about: it.about,
        lines: it.lines,
    });
    Ok(commands.collect())
}

/// The words before the group; the document is named without its folder, as whoever has the page beside it has it.
#[cfg(feature = "calls")]
fn of_call(given: &Docs) -> String {
    let file = given.spec.file_name().unwrap_or_default();
    let word = verbatim_call::commands::word(&file.to_string_lossy());
    format!("verbatim call --spec {word}")
}

#[cfg(not(feature = "calls"))]
pub fn of(_: &Docs, _: &Read) -> Result<Vec<Command>> {
    Ok(Vec::new())
}
