//! `init`: a file of settings for a document, and the first run.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use verbatim_codegen::document;

use crate::arguments::Init;
use crate::project::Project;
use crate::report::{Format, Reporter};
use crate::settings::FILE;

/// Writes the file where there is none, and says what to generate from it.
///
/// # Errors
/// Where the document cannot be read, or a file is there that names other clients.
pub fn run(init: &Init) -> Result<Option<ExitCode>> {
    let reporter = Reporter::new(Format::Text);
    let input = crate::document::whole(&init.spec, None)?;
    let title = match document::read(&input) {
        Ok(document) => document.info.title.value.clone(),
        Err(problems) => {
            for problem in &problems {
                reporter.problem(&problem.diagnostic, input.sources());
            }
            return Ok(Some(ExitCode::FAILURE));
        }
    };
    let path = Path::new(FILE);
    if path.exists() {
        let Some(project) = Project::open(Some(path), &reporter)? else {
            return Ok(Some(ExitCode::FAILURE));
        };
        if project.has(&init.spec) {
            return Ok(None);
        }
        let (name, out) = names(init, &title)?;
        bail!(
            "{FILE} is there already; add these lines to it:\n\n{}",
            table(&init.spec, &out, &name)
        );
    }
    let (name, out) = names(init, &title)?;
    if out == "." {
        bail!("the crate needs a folder of its own; give --out");
    }
    verbatim_files::put(path, &text(&table(&init.spec, &out, &name)))?;
    println!("{FILE} written");
    Ok(None)
}

/// The name of the crate and its folder.
fn names(init: &Init, title: &str) -> Result<(String, String)> {
    let name = match &init.name {
        Some(name) => name.clone(),
        None => kebab(title),
    };
    let out = match &init.out {
        Some(out) => out
            .to_str()
            .context("the name of the folder is not Unicode")?
            .replace('\\', "/"),
        None => name.clone(),
    };
    Ok((name, out))
}

/// A title as the name of a crate: `Pet Store API` is `pet-store-client`.
pub fn kebab(title: &str) -> String {
    let words = title.split(|each: char| !each.is_ascii_alphanumeric());
    let words = words
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase);
    let mut words: Vec<String> = words.take(4).collect();
    if words
        .last()
        .is_some_and(|last| last == "api" || last == "client")
    {
        words.pop();
    }
    let starts = |word: &String| word.starts_with(|first: char| first.is_ascii_alphabetic());
    if !words.first().is_some_and(starts) {
        words.insert(0, "api".to_owned());
    }
    words.push("client".to_owned());
    words.join("-")
}

fn table(spec: &Path, out: &str, name: &str) -> String {
    let spec = spec.to_string_lossy().replace('\\', "/");
    format!("[[client]]\nspec = {spec:?}\nout = {out:?}\nname = {name:?}\n")
}

fn text(table: &str) -> String {
    format!(
        "# What `verbatim generate` writes and `verbatim check` compares. Paths are relative to this file.\n\n{table}\
         # runtime = \"shared\"            # depend on the published runtime; by default it lies in the crate\n\
         # client = \"Shop\"               # the struct of the client; by default made of the title\n\
         # requests = \"closed\"           # requests hold what the document names, and nothing else\n\
         # overlays = [\"fixes.yaml\"]     # corrections of the document, applied first\n\
         # unused-types = \"drop\"         # no types that no operation uses\n\
         #\n\
         # [client.rename.types]\n\
         # Pet = \"Animal\"\n\
         #\n\
         # [client.package]\n\
         # license = \"MIT\"\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_names() {
        for (title, name) in [
            ("Pet Store API", "pet-store-client"),
            ("Redocly Museum API", "redocly-museum-client"),
            ("", "api-client"),
            ("3scale", "api-3scale-client"),
        ] {
            assert_eq!(kebab(title), name);
        }
    }
}
