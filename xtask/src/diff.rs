//! `diff`: what a new document changes on the wire, and for programs that use the generated client.

use crate::arguments::Arguments;
use crate::codegen::Format;
use crate::settings::{Chosen, Read};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use verbatim_codegen::diff::{Change, Effect, diff, json, markdown, text};
use verbatim_codegen::model::Package;
use verbatim_codegen::{Layout, Options, Requests, package};
use verbatim_compare::{Exceptions, Filtered, Finding, Severity, compare};
use verbatim_source::Sources;

/// How the exit code says that programs may no longer compile.
const BREAKING: u8 = 2;

/// What both comparisons found.
struct Differences {
    contract: Filtered,
    rust: Vec<Change>,
}

/// Compares two documents: what goes over the wire, and the Rust that is made of it.
pub fn run(mut arguments: Arguments) -> Result<ExitCode> {
    let chosen = Chosen::from(&mut arguments)?;
    let format = arguments.option("--format")?;
    let only = arguments.option("--only")?;
    let exceptions = exceptions(arguments.path("--exceptions")?)?;
    let root = arguments.path("--root")?;
    let old = arguments.positional("the old document")?;
    let new = arguments.positional("the new document")?;
    arguments.end()?;
    let complaints = match format.as_deref() {
        Some("json") => Format::Json,
        None | Some("text" | "markdown") => Format::Text,
        Some(other) => bail!("--format is text, json or markdown, not {other:?}"),
    };
    if let Some(other) = only
        .as_deref()
        .filter(|it| !["contract", "rust"].contains(it))
    {
        bail!("--only is contract or rust, not {other:?}");
    }
    let read = |path: &str| decided(&chosen, Path::new(path), root.as_deref(), complaints);
    let (Some((old, before)), Some((new, after))) = (read(&old)?, read(&new)?) else {
        return Ok(ExitCode::FAILURE);
    };
    let contract = if only.as_deref() == Some("rust") {
        Vec::new()
    } else {
        findings(&old, &new)
    };
    let rust = if only.as_deref() == Some("contract") {
        Vec::new()
    } else {
        diff(&before, &after)
    };
    let differences = Differences {
        contract: exceptions.apply(contract),
        rust,
    };
    let sources = (old.input.sources(), new.input.sources());
    print!("{}", printed(&differences, format.as_deref(), sources));
    for unused in &differences.contract.unused {
        eprintln!("error: the file of exceptions, {unused}");
    }
    Ok(differences.exit_code())
}

/// The file of exceptions, where one is given.
fn exceptions(path: Option<PathBuf>) -> Result<Exceptions> {
    let Some(path) = path else {
        return Ok(Exceptions::default());
    };
    let text = crate::files::read(&path)?;
    Exceptions::read(&text).with_context(|| path.display().to_string())
}

/// What changes on the wire. Documents that cannot be read have been complained about before.
fn findings(old: &Read, new: &Read) -> Vec<Finding> {
    let read = |of: &Read| verbatim_codegen::document::read(&of.input);
    match (read(old), read(new)) {
        (Ok(old), Ok(new)) => compare(&old, &new),
        _ => Vec::new(),
    }
}

fn printed(found: &Differences, format: Option<&str>, (old, new): (&Sources, &Sources)) -> String {
    let Differences { contract, rust } = found;
    let findings = &contract.findings;
    match format {
        Some("json") => format!(
            "{{\"contract\":{},\"rust\":{}}}\n",
            verbatim_compare::json(findings, old, new).trim_end(),
            json(rust, old, new).trim_end()
        ),
        Some("markdown") => format!(
            "## On the wire\n\n{}\n## In Rust\n\n{}",
            verbatim_compare::markdown(findings),
            markdown(rust)
        ),
        _ => {
            let accepted = match contract.accepted.len() {
                0 => String::new(),
                many => format!("{many} more accepted by exceptions\n"),
            };
            format!(
                "On the wire\n{}{accepted}\nIn Rust\n{}",
                verbatim_compare::text(findings, old, new),
                text(rust, old, new)
            )
        }
    }
}

impl Differences {
    /// 2 where something breaks, 1 where an exception matches nothing.
    fn exit_code(&self) -> ExitCode {
        let on_the_wire = |finding: &Finding| finding.severity == Severity::Breaking;
        let in_rust = |change: &Change| change.effect == Effect::Breaking;
        if self.contract.findings.iter().any(on_the_wire) || self.rust.iter().any(in_rust) {
            ExitCode::from(BREAKING)
        } else if self.contract.unused.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

/// A document and the package that is made of it; problems are printed, and then there is none.
fn decided(
    chosen: &Chosen,
    path: &Path,
    root: Option<&Path>,
    format: Format,
) -> Result<Option<(Read, Package)>> {
    let Some(read) = chosen.read(path, root, format)? else {
        return Ok(None);
    };
    let options = Options {
        name: "api".to_owned(),
        layout: Layout::Module {
            krate: "clients".to_owned(),
        },
        command: "cargo xtask diff".to_owned(),
        emit: verbatim_codegen::Emit::default(),
        requests: read.requests.unwrap_or(Requests::Open),
        settings: read.settings.clone(),
    };
    match package(&read.input, &options) {
        Ok(package) => Ok(Some((read, package))),
        Err(problems) => {
            for problem in &problems {
                format.print(&problem.diagnostic, read.input.sources());
            }
            Ok(None)
        }
    }
}
