//! A list, written item by item while its pages come.

use super::asked::{Output, name};
use super::column::Documented;
use super::form::Form;
use super::jq::Expression;
use super::screen::{Reader, Screen, Writer};
use super::sheet::{Choice, Sheet};
use super::{mask, types};
use crate::failure::{Exit, Failure};
use crate::table::Operation;
use crate::value;
use verbatim_json::Json;
use verbatim_source::write::{pretty, yaml};
use verbatim_source::{Node, Value};

/// A list that is being written.
pub struct Rows<'o> {
    output: &'o Output,
    screen: Screen,
    /// The keys that wrap each item.
    keys: Vec<String>,
    /// Secret places within an item.
    secrets: Vec<Vec<String>>,
    sheet: Option<Sheet>,
    count: usize,
    /// What an expression is given.
    held: Vec<String>,
}

impl<'o> Rows<'o> {
    /// The list at a pointer in the reply of an operation.
    pub fn new(output: &'o Output, operation: &Operation, pointer: &str) -> Self {
        let ty = types::items(operation, pointer);
        let unwrapped = ty.map(|ty| types::unwrapped(operation, ty));
        let (keys, ty) = unwrapped.map_or((Vec::new(), None), |(keys, ty)| (keys, Some(ty)));
        let documented = Documented::of(operation, ty);
        let secrets = mask::steps(&operation.secrets, Some(pointer));
        Self::of(output, documented, keys, secrets)
    }

    /// Things of which nothing is known.
    pub fn bare(output: &'o Output) -> Self {
        Self::of(output, Documented::default(), Vec::new(), Vec::new())
    }

    /// Things of which this is known, without keys that wrap them.
    pub fn about(output: &'o Output, documented: Documented) -> Self {
        Self::of(output, documented, Vec::new(), Vec::new())
    }

    fn of(
        output: &'o Output,
        documented: Documented,
        keys: Vec<String>,
        secrets: Vec<Vec<String>>,
    ) -> Self {
        let choice = Choice {
            asked: output.columns.clone(),
            documented,
        };
        let is_csv = output.form == Form::Csv;
        let is_sheet = is_csv || output.form == Form::Table;
        let sheet = is_sheet.then(|| Sheet::new(is_csv, &output.screen, choice));
        Self {
            output,
            screen: output.screen.clone(),
            keys,
            secrets,
            sheet,
            count: 0,
            held: Vec::new(),
        }
    }

    /// Takes an item as it was sent.
    ///
    /// # Errors
    /// An item that cannot be shown in this form, and an output that cannot be written.
    pub fn push(&mut self, item: &Json, writer: &mut Writer<'_, '_>) -> Result<Reader, Failure> {
        let is_plain = self.output.form == Form::Json && !self.screen.is_terminal;
        if is_plain && self.output.filter.is_none() {
            let text = format!("{}{item}", self.separator(), item = item.as_str());
            return writer.write(text.as_bytes());
        }
        let mut node = value::parse("the item", item.as_str().to_owned())
            .map_err(|problem| unreadable(&problem))?;
        if self.output.is_masked() {
            mask::mask(&mut node, &self.secrets);
        }
        if self.output.filter.is_some() {
            self.held.push(verbatim_source::write::compact(&node.value));
            return Ok(Reader::Reads);
        }
        self.node(node, writer)
    }

    /// Takes an item that is masked already.
    ///
    /// # Errors
    /// As [`Rows::push`].
    pub fn node(&mut self, node: Node, writer: &mut Writer<'_, '_>) -> Result<Reader, Failure> {
        let thing = types::below(&node, &self.keys);
        if let Some(sheet) = &mut self.sheet {
            return sheet.push(thing.clone(), writer);
        }
        let text = match self.output.form {
            Form::Name => name(thing)? + "\n",
            Form::Yaml => {
                self.count += 1;
                let text = yaml(&Value::Array(vec![node]));
                self.output.safe(text)
            }
            _ => {
                let lines = pretty(&node.value);
                let lines = lines.trim_end().replace('\n', "\n  ");
                let text = format!("{}  {lines}", self.separator());
                self.output.safe(text)
            }
        };
        writer.write(text.as_bytes())
    }

    /// What stands before the next item in JSON.
    fn separator(&mut self) -> &'static str {
        self.count += 1;
        if self.count == 1 { "[\n" } else { ",\n" }
    }

    /// The whole list, where an expression is to be run over it.
    pub fn for_expression(&self) -> Option<(&'o Expression, String)> {
        let filter = self.output.filter.as_ref()?;
        Some((filter, format!("[{}]", self.held.join(","))))
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// An output that cannot be written.
    pub fn end(self, writer: &mut Writer<'_, '_>) -> Result<(), Failure> {
        if let Some(sheet) = self.sheet {
            return sheet.end(writer);
        }
        let text = match (self.output.form, self.count) {
            (Form::Json | Form::Yaml, 0) => "[]\n",
            (Form::Json, _) => "\n]\n",
            _ => "",
        };
        writer.write(text.as_bytes())?;
        writer.end()
    }
}

fn unreadable(problem: &str) -> Failure {
    Failure::new(Exit::Refused, format!("an item cannot be read: {problem}"))
        .remedy("-o json in a pipe prints it as it was sent")
}
