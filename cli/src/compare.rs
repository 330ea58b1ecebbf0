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
use verbatim_compare::{Exceptions, ExceptionsError, Filtered, Finding, Severity, compare};
use verbatim_source::{Remark, Sources};

/// How the exit code says that programs may no longer compile.
const BREAKING: u8 = 2;

/// What the comparisons found, none where one was not asked for.
struct Differences {
    contract: Option<Filtered>,
    rust: Option<Vec<Change>>,
    /// Whether all of both documents was read, so that nothing remained uncompared.
    is_whole: bool,
}

/// Compares two documents: what goes over the wire, and the Rust that is made of it.
///
/// # Errors
/// Where a file cannot be read.
pub fn run(given: &Diff) -> Result<ExitCode> {
    let chosen = given.chosen.decided();
    let exceptions = exceptions(given.exceptions.clone())?;
    let complaints = match given.format {
        // The standard output holds the differences alone.
        DiffFormat::Json | DiffFormat::Text | DiffFormat::Markdown => Format::Text,
        DiffFormat::Github => Format::Github,
        DiffFormat::Sarif => Format::Sarif,
    };
    let reporter = Reporter::new(complaints);
    let read = |path: &Path| decided(&chosen, path, &reporter);
    let (Some((old, before)), Some((new, after))) = (read(&given.old)?, read(&given.new)?) else {
        reporter.finish(&rules());
        return Ok(ExitCode::FAILURE);
    };
    let wants = |one: Only| given.only.is_none_or(|only| only == one);
    let is_whole = [&old, &new].map(|read| is_read(read, &reporter)) == [true, true];
    let differences = Differences {
        contract: wants(Only::Contract).then(|| exceptions.apply(findings(&old, &new))),
        rust: wants(Only::Rust).then(|| diff(&before, &after)),
        is_whole,
    };
    let sources = (old.input.sources(), new.input.sources());
    let is_marked = matches!(complaints, Format::Github | Format::Sarif);
    if is_marked {
        differences.remark(&reporter, sources);
    } else {
        print!("{}", printed(&differences, given.format, sources));
    }
    for unused in differences.unused() {
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

/// Whether all of a document could be read; what could not, and so is not compared, is complained about.
fn is_read(read: &Read, reporter: &Reporter) -> bool {
    let Ok(document) = verbatim_codegen::document::read(&read.input) else {
        return false;
    };
    let errors = document.problems.iter().map(|problem| &problem.diagnostic);
    let errors = errors.filter(|it| it.severity == verbatim_source::Severity::Error);
    let errors: Vec<_> = errors.collect();
    for error in &errors {
        reporter.problem(error, read.input.sources());
    }
    errors.is_empty()
}

fn printed(found: &Differences, format: DiffFormat, (old, new): (&Sources, &Sources)) -> String {
    let contract = found.contract.as_ref();
    let findings = contract.map(|contract| contract.findings.as_slice());
    let rust = found.rust.as_deref();
    let parts = match format {
        DiffFormat::Json => {
            let findings = findings.map(|it| verbatim_compare::json(it, old, new));
            let rust = rust.map(|it| json(it, old, new));
            let parts = [("contract", findings), ("rust", rust)].into_iter();
            let parts = parts.filter_map(|(name, text)| {
                let text = text?;
                Some(format!("\"{name}\":{}", text.trim_end()))
            });
            return format!("{{{}}}\n", parts.collect::<Vec<_>>().join(","));
        }
        DiffFormat::Markdown => [
            findings.map(|it| format!("## On the wire\n\n{}", verbatim_compare::markdown(it))),
            rust.map(|it| format!("## In Rust\n\n{}", markdown(it))),
        ],
        _ => {
            let accepted = match contract.map_or(0, |contract| contract.accepted.len()) {
                0 => String::new(),
                many => format!("{many} more accepted by exceptions\n"),
            };
            let on_the_wire = findings.map(|it| verbatim_compare::text(it, old, new));
            [
                on_the_wire.map(|text| format!("On the wire\n{text}{accepted}")),
                rust.map(|it| format!("In Rust\n{}", text(it, old, new))),
            ]
        }
    };
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

impl Differences {
    fn findings(&self) -> &[Finding] {
        let contract = self.contract.as_ref();
        contract.map_or(&[], |contract| &contract.findings)
    }

    /// The entries of the file of exceptions that accept nothing.
    fn unused(&self) -> &[ExceptionsError] {
        let contract = self.contract.as_ref();
        contract.map_or(&[], |contract| &contract.unused)
    }

    /// Tells of every difference at its place; accepted ones are told as such.
    fn remark(&self, reporter: &Reporter, (old, new): (&Sources, &Sources)) {
        let on_the_wire = verbatim_compare::remarks(self.findings(), old, new);
        let rust = self.rust.as_deref().unwrap_or_default();
        let in_rust = verbatim_codegen::diff::remarks(rust, old, new);
        let accepted = self.contract.iter().flat_map(|contract| &contract.accepted);
        let accepted = accepted.map(|(finding, _)| finding.clone());
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

    /// 2 where something breaks, 1 where an exception matches nothing or a part of a document cannot be read.
    fn exit_code(&self) -> ExitCode {
        let on_the_wire = |finding: &Finding| finding.severity == Severity::Breaking;
        let in_rust = |change: &Change| change.effect == Effect::Breaking;
        let in_rust = self.rust.iter().flatten().any(in_rust);
        if in_rust || self.findings().iter().any(on_the_wire) {
            ExitCode::from(BREAKING)
        } else if self.is_whole && self.unused().is_empty() {
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
