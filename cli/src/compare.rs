//! `diff`: what a new document changes on the wire, and for programs that use the generated client.

use crate::arguments::{Diff, DiffFormat, Only};
use crate::report::{Format, Reporter};
use crate::settings::{Chosen, Read};
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use verbatim_codegen::diff::{Change, Effect, diff, json, markdown, text};
use verbatim_codegen::model::Package;
use verbatim_codegen::{Layout, Options, package};
use verbatim_compare::{Exceptions, Filtered, Finding, Severity, compare};
use verbatim_source::{Remark, Sources};

/// How the exit code says that programs may no longer compile.
const BREAKING: u8 = 2;

/// What both comparisons found.
struct Differences {
    contract: Filtered,
    rust: Vec<Change>,
}

/// Compares two documents: what goes over the wire, and the Rust that is made of it.
///
/// # Errors
/// Where a file cannot be read.
pub fn run(given: &Diff) -> Result<ExitCode> {
    let chosen = given.chosen.decided();
    let exceptions = exceptions(given.exceptions.clone())?;
    let complaints = match given.format {
        DiffFormat::Json => Format::Json,
        DiffFormat::Text | DiffFormat::Markdown => Format::Text,
        DiffFormat::Github => Format::Github,
        DiffFormat::Sarif => Format::Sarif,
    };
    let reporter = Reporter::new(complaints);
    let read = |path: &Path| decided(&chosen, path, &reporter);
    let (Some((old, before)), Some((new, after))) = (read(&given.old)?, read(&given.new)?) else {
        reporter.finish(&rules());
        return Ok(ExitCode::FAILURE);
    };
    let contract = if given.only == Some(Only::Rust) {
        Vec::new()
    } else {
        findings(&old, &new)
    };
    let rust = if given.only == Some(Only::Contract) {
        Vec::new()
    } else {
        diff(&before, &after)
    };
    let differences = Differences {
        contract: exceptions.apply(contract),
        rust,
    };
    let sources = (old.input.sources(), new.input.sources());
    let is_marked = matches!(complaints, Format::Github | Format::Sarif);
    if is_marked {
        differences.remark(&reporter, sources);
    } else {
        print!("{}", printed(&differences, given.format, sources));
    }
    for unused in &differences.contract.unused {
        let message = format!("the file of exceptions, {unused}");
        if is_marked {
            reporter.failure(&message);
        } else {
            eprintln!("error: {message}");
        }
    }
    reporter.finish(&rules());
    Ok(differences.exit_code())
}

/// The rules of the comparison, each with what it means.
fn rules() -> Vec<(&'static str, &'static str)> {
    let groups = verbatim_compare::rule::RULES.iter();
    let rules = groups.flat_map(|(_, rules)| rules.iter());
    rules.map(|rule| (rule.code, rule.why)).collect()
}

/// The file of exceptions, where one is given.
fn exceptions(path: Option<PathBuf>) -> Result<Exceptions> {
    let Some(path) = path else {
        return Ok(Exceptions::default());
    };
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
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

fn printed(found: &Differences, format: DiffFormat, (old, new): (&Sources, &Sources)) -> String {
    let Differences { contract, rust } = found;
    let findings = &contract.findings;
    match format {
        DiffFormat::Json => format!(
            "{{\"contract\":{},\"rust\":{}}}\n",
            verbatim_compare::json(findings, old, new).trim_end(),
            json(rust, old, new).trim_end()
        ),
        DiffFormat::Markdown => format!(
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
    /// Tells of every difference at its place; accepted ones are told as such.
    fn remark(&self, reporter: &Reporter, (old, new): (&Sources, &Sources)) {
        let Self { contract, rust } = self;
        let on_the_wire = verbatim_compare::remarks(&contract.findings, old, new);
        let in_rust = verbatim_codegen::diff::remarks(rust, old, new);
        let accepted = contract.accepted.iter().map(|(finding, _)| finding.clone());
        let accepted = accepted.collect::<Vec<_>>();
        let accepted = verbatim_compare::remarks(&accepted, old, new).into_iter();
        let accepted = accepted.map(|remark| Remark {
            accepted: true,
            ..remark
        });
        for remark in on_the_wire.into_iter().chain(in_rust).chain(accepted) {
            reporter.remark(remark);
        }
    }

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
fn decided(chosen: &Chosen, path: &Path, reporter: &Reporter) -> Result<Option<(Read, Package)>> {
    let Some(read) = chosen.read(path, reporter)? else {
        return Ok(None);
    };
    let options = Options {
        name: "api".to_owned(),
        layout: Layout::Module {
            krate: "clients".to_owned(),
        },
        command: "verbatim diff".to_owned(),
        emit: verbatim_codegen::Emit::default(),
        requests: read.requests.unwrap_or_default(),
        settings: read.settings.clone(),
    };
    match package(&read.input, &options) {
        Ok(package) => Ok(Some((read, package))),
        Err(problems) => {
            for problem in &problems {
                reporter.problem(&problem.diagnostic, read.input.sources());
            }
            Ok(None)
        }
    }
}
