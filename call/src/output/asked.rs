//! What a command line says about its output.

use super::cell;
use super::chunks::ChunkFilter;
use super::column::{Column, Documented};
use super::form::Form;
use super::jq::Expression;
use super::screen::{Screen, Writer};
use super::types;
use crate::around::Surroundings;
use crate::failure::{Exit, Failure, did_you_mean};
use crate::list;
use crate::names;
use crate::table::{Operation, Success};
use clap::ArgMatches;
use verbatim_source::{Node, Value, one_line, printable_json};

/// What holds at a terminal where the command line says nothing.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// The form.
    pub form: Option<Form>,
    /// The columns of tables, each by the names between dots.
    pub columns: Vec<String>,
}

/// What a command line says about its output.
#[derive(Debug)]
pub struct Output {
    pub(super) form: Form,
    /// Whether the form was asked for.
    pub(super) is_asked: bool,
    /// Those that are asked for.
    pub(super) columns: Vec<Column>,
    pub(super) filter: Option<Expression>,
    shows_secrets: bool,
    pub(super) screen: Screen,
}

impl Output {
    /// Reads what the command line says, for the reply of an operation.
    ///
    /// # Errors
    /// An expression that is none, and columns that the document does not have.
    pub fn of(
        operation: &Operation,
        matches: &ArgMatches,
        around: &Surroundings<'_>,
        defaults: &Defaults,
    ) -> Result<Self, Failure> {
        let text = |name: &str| {
            let given = matches.try_get_one::<String>(name).ok().flatten();
            given.map(String::as_str)
        };
        let screen = Screen::of(matches, around);
        let asked = text("output").and_then(Form::of);
        let filter = text("jq").map(Expression::read).transpose()?;
        let mut columns = text("columns").map_or_else(Vec::new, between_commas);
        let is_shaped = filter.is_some() || !columns.is_empty();
        if operation.success == Success::Stream
            && (is_shaped || asked.is_some_and(|form| form != Form::Json))
        {
            let message =
                "what the API sends here is printed while it arrives, and has no other form";
            return Err(Failure::usage(message).remedy("leave -o, --jq and --columns out"));
        }
        let form = asked.unwrap_or(match (&filter, columns.is_empty()) {
            (_, false) => Form::Table,
            (None, true) if screen.is_terminal => defaults.form.unwrap_or(Form::Table),
            _ => Form::Json,
        });
        if columns.is_empty() && form == Form::Table && filter.is_none() {
            let documented = documented(operation);
            columns = defaults
                .columns
                .iter()
                .map(|it| Column::asked(it))
                .collect();
            // A profile may have columns for all commands; what a reply does not have is left out.
            columns.retain(|column| documented.knows(&column.path));
        }
        if !columns.is_empty() && !matches!(form, Form::Table | Form::Csv) {
            return Err(Failure::usage("--columns is for -o table and -o csv")
                .remedy("--jq picks from every other form"));
        }
        if filter.is_none() {
            check(
                operation,
                "--columns",
                columns.iter().map(|it| it.path.as_slice()),
            )?;
        }
        let shows_secrets = matches.try_get_one::<bool>("show-secrets");
        Ok(Self {
            form,
            is_asked: asked.is_some(),
            columns,
            filter,
            shows_secrets: shows_secrets.ok().flatten() == Some(&true),
            screen,
        })
    }

    /// Whether secrets are masked: wherever a person reads, unless they are asked for.
    pub(super) fn is_masked(&self) -> bool {
        !self.shows_secrets && (self.form != Form::Json || self.screen.is_terminal)
    }

    /// Whether the bytes of the server are printed as they are.
    pub(super) fn is_as_sent(&self) -> bool {
        self.form == Form::Json && self.filter.is_none() && !self.screen.is_terminal
    }

    /// Where it is written.
    pub fn writer<'w, 's>(&self, around: &'w mut Surroundings<'s>) -> Writer<'w, 's> {
        Writer::new(&self.screen, around)
    }

    /// How the chunks of a body that arrives over time are written.
    pub fn chunks(&self) -> ChunkFilter {
        ChunkFilter::new(self.screen.is_terminal)
    }

    /// JSON or YAML in which nothing acts on a terminal.
    pub(super) fn safe(&self, text: String) -> String {
        if self.screen.is_terminal {
            printable_json(&text)
        } else {
            text
        }
    }
}

/// What tells a thing apart, as it may be printed.
pub(super) fn name(node: &Node) -> Result<String, Failure> {
    let own = match &node.value {
        Value::Array(_) | Value::Null => None,
        Value::Object(_) => names::identifier(node),
        value => Some(cell::line(value)),
    };
    let own = own.ok_or_else(|| {
        Failure::new(
            Exit::Refused,
            "-o name: a thing of the reply has neither identifier nor name",
        )
        .remedy("--jq picks what tells it apart")
    })?;
    Ok(one_line(&own))
}

/// The columns of `--columns`.
fn between_commas(words: &str) -> Vec<Column> {
    let words = words.split(',').map(str::trim);
    let words = words.filter(|word| !word.is_empty());
    words.map(Column::asked).collect()
}

/// Checks that the document has what is asked for by the names between dots.
///
/// # Errors
/// A name that it does not have.
pub fn check<'p>(
    operation: &Operation,
    flag: &str,
    paths: impl IntoIterator<Item = &'p [String]>,
) -> Result<(), Failure> {
    let documented = documented(operation);
    for path in paths {
        if !documented.knows(path) {
            return Err(unknown(flag, &path.join("."), &documented));
        }
    }
    Ok(())
}

/// What the document says of the things that a reply is about.
fn documented(operation: &Operation) -> Documented {
    let items = list::pointer(operation).map(|pointer| types::items(operation, &pointer));
    let ty = items.unwrap_or(operation.result.as_ref());
    Documented::of(operation, ty.map(|ty| types::unwrapped(operation, ty).1))
}

/// The complaint about a name that the document does not have.
fn unknown(flag: &str, name: &str, documented: &Documented) -> Failure {
    let titles = documented.titles();
    let titles = || titles.iter().map(String::as_str);
    let near = verbatim_source::near(name, titles());
    let remedy = if near.is_empty() {
        let some: Vec<&str> = titles().take(12).collect();
        format!("there are {}", some.join(", "))
    } else {
        did_you_mean(&near)
    };
    Failure::usage(format!("{flag}: the document has no `{name}` here")).remedy(remedy)
}
