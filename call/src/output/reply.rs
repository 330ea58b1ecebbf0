//! A reply in the form that is asked for.

use super::asked::{Output, name};
use super::column::Documented;
use super::form::Form;
use super::jq::Expression;
use super::rows::Rows;
use super::screen::{Reader, Writer};
use super::{cell, grid, mask, types};
use crate::failure::{Exit, Failure};
use crate::list;
use crate::table::Operation;
use crate::value;
use verbatim_runtime::RawResponse;
use verbatim_source::write::{compact, pretty, yaml};
use verbatim_source::{Node, Value, one_line, printable};

impl Output {
    /// Writes what is left of a list.
    ///
    /// # Errors
    /// An expression that fails, and an output that cannot be written.
    pub fn end(&self, rows: Rows<'_>, writer: &mut Writer<'_, '_>) -> Result<(), Failure> {
        match rows.for_expression() {
            Some((filter, json)) => self.results(filter, &json, writer),
            None => rows.end(writer),
        }
    }

    /// Shows the reply of an operation.
    ///
    /// # Errors
    /// A reply that has no such form, and an output that cannot be written.
    pub fn reply(
        &self,
        operation: &Operation,
        received: &RawResponse,
        writer: &mut Writer<'_, '_>,
    ) -> Result<(), Failure> {
        let body = received.body.as_ref();
        if body.is_empty() {
            writer.tell(&format!("done: {}, without a body", received.status));
            return writer.end();
        }
        if self.is_as_sent() {
            writer.write(body)?;
            return writer.end();
        }
        let text = std::str::from_utf8(body).ok();
        let read = text.map(|text| value::parse("the reply", text.to_owned()));
        let mut node = match read {
            Some(Ok(node)) => node,
            Some(Err(problem))
                if operation.result.is_some() && (self.is_asked || self.filter.is_some()) =>
            {
                return Err(self.unreadable(&problem));
            }
            _ if self.filter.is_some() => return Err(self.unreadable("it is no JSON")),
            _ => return self.text(received, writer),
        };
        if self.is_masked() {
            mask::mask(&mut node, &mask::steps(&operation.secrets, None));
        }
        if let Some(filter) = &self.filter {
            return self.results(filter, &compact(&node.value), writer);
        }
        self.node(operation, &node, writer)
    }

    fn unreadable(&self, problem: &str) -> Failure {
        let what = if self.filter.is_some() { "--jq" } else { "-o" };
        Failure::new(
            Exit::Refused,
            format!("{what}: the reply cannot be read: {problem}"),
        )
        .remedy("-o json in a pipe prints it as it was sent")
    }

    /// A reply that is no JSON, as far as it can be shown.
    fn text(&self, received: &RawResponse, writer: &mut Writer<'_, '_>) -> Result<(), Failure> {
        if !self.screen.is_terminal {
            writer.write(received.body.as_ref())?;
            return writer.end();
        }
        let text = if self.is_masked() {
            received.excerpt(usize::MAX)
        } else {
            String::from_utf8_lossy(&received.body).into_owned()
        };
        let mut text = printable(&text);
        if !text.ends_with('\n') {
            text.push('\n');
        }
        writer.write(text.as_bytes())?;
        writer.end()
    }

    /// A masked reply in a form that is asked for.
    fn node(
        &self,
        operation: &Operation,
        node: &Node,
        writer: &mut Writer<'_, '_>,
    ) -> Result<(), Failure> {
        match self.form {
            Form::Json => return self.whole(&pretty(&node.value), writer),
            Form::Yaml => return self.whole(&yaml(&node.value), writer),
            Form::Csv | Form::Table | Form::Name => {}
        }
        let items = list::pointer(operation).and_then(|pointer| {
            let list = types::below(node, &types::steps(&pointer));
            Some((pointer, list.as_array()?))
        });
        if let Some((pointer, items)) = items {
            let mut rows = Rows::new(self, operation, &pointer);
            for item in items {
                if rows.node(item.clone(), writer)? == Reader::Gone {
                    break;
                }
            }
            return rows.end(writer);
        }
        let result = operation.result.as_ref();
        let unwrapped = result.map(|ty| types::unwrapped(operation, ty));
        let (keys, ty) = unwrapped.map_or((Vec::new(), None), |(keys, ty)| (keys, Some(ty)));
        let thing = types::below(node, &keys);
        match (self.form, &thing.value) {
            (Form::Name, _) => self.whole(&(name(thing)? + "\n"), writer),
            (Form::Table, Value::Object(_)) => self.thing(thing, writer),
            _ => {
                let documented = Documented::of(operation, ty);
                let mut rows = Rows::about(self, documented);
                rows.node(thing.clone(), writer)?;
                rows.end(writer)
            }
        }
    }

    fn whole(&self, text: &str, writer: &mut Writer<'_, '_>) -> Result<(), Failure> {
        writer.write(self.safe(text.to_owned()).as_bytes())?;
        writer.end()
    }

    /// One thing: a line for each of its values.
    fn thing(&self, node: &Node, writer: &mut Writer<'_, '_>) -> Result<(), Failure> {
        let mut lines = Vec::new();
        if self.columns.is_empty() {
            flatten(node, &mut Vec::new(), &mut lines);
        }
        for column in &self.columns {
            let found = cell::at(node, &column.path).map(cell::Found::value);
            lines.push((one_line(&column.title()), cell::shown(found.as_ref())));
        }
        let widest = lines.iter().map(|(name, _)| grid::width(name)).max();
        let widest = widest.unwrap_or(0);
        for (name, value) in &lines {
            let space = " ".repeat(widest - grid::width(name));
            let line = format!("{}{space}  {value}", self.screen.bold(name));
            if writer.write(format!("{}\n", line.trim_end()).as_bytes())? == Reader::Gone {
                break;
            }
        }
        writer.end()
    }

    /// What an expression finds in a JSON text; as JSON, each result is written when it is found.
    fn results(
        &self,
        filter: &Expression,
        json: &str,
        writer: &mut Writer<'_, '_>,
    ) -> Result<(), Failure> {
        if self.form == Form::Json {
            let found = filter.each(json, &mut |text| {
                let text = self.result(&parsed(&text)?, false);
                writer.write(text.as_bytes())
            });
            return writer.end().and(found);
        }
        let mut nodes = Vec::new();
        filter.each(json, &mut |text| {
            nodes.push(parsed(&text)?);
            Ok(Reader::Reads)
        })?;
        match self.form {
            Form::Yaml | Form::Json => {
                let is_several = nodes.len() > 1;
                for node in &nodes {
                    let text = self.result(node, is_several);
                    if writer.write(text.as_bytes())? == Reader::Gone {
                        break;
                    }
                }
                writer.end()
            }
            Form::Csv | Form::Table | Form::Name => {
                let items = match nodes.as_slice() {
                    [only] => only.as_array().map(<[Node]>::to_vec),
                    _ => None,
                };
                if let ([only], None, Form::Table) = (nodes.as_slice(), &items, self.form)
                    && only.as_object().is_some()
                {
                    return self.thing(only, writer);
                }
                let mut rows = Rows::bare(self);
                for item in items.unwrap_or(nodes) {
                    if rows.node(item, writer)? == Reader::Gone {
                        break;
                    }
                }
                rows.end(writer)
            }
        }
    }

    /// One result in JSON or YAML; a text as it is, where no form was asked for.
    fn result(&self, node: &Node, is_several: bool) -> String {
        match (&node.value, self.form) {
            (Value::String(text), Form::Json) if !self.is_asked => {
                let text = if self.screen.is_terminal {
                    printable(text)
                } else {
                    text.clone()
                };
                text + "\n"
            }
            (value, Form::Yaml) if is_several => self.safe(format!("---\n{}", yaml(value))),
            (value, Form::Yaml) => self.safe(yaml(value)),
            (value, _) if self.screen.is_terminal => self.safe(pretty(value)),
            (value, _) => compact(value) + "\n",
        }
    }
}

/// A result of an expression.
fn parsed(text: &str) -> Result<Node, Failure> {
    value::parse_short(text).map_err(|_| {
        let text = grid::cut(&one_line(text), 60);
        Failure::new(
            Exit::Refused,
            format!("--jq: the result `{text}` is no JSON"),
        )
    })
}

/// Every value of a thing with the names that lead to it.
fn flatten(node: &Node, path: &mut Vec<String>, lines: &mut Vec<(String, String)>) {
    match &node.value {
        Value::Object(object) if !object.is_empty() => {
            for member in object {
                path.push(member.key.clone());
                flatten(&member.value, path, lines);
                path.pop();
            }
        }
        Value::Array(items) if items.iter().any(is_container) => {
            for (place, item) in items.iter().enumerate() {
                path.push(place.to_string());
                flatten(item, path, lines);
                path.pop();
            }
        }
        Value::Array(items) if !items.is_empty() => {
            lines.push((one_line(&path.join(".")), cell::shown(Some(node))));
        }
        value => lines.push((one_line(&path.join(".")), cell::line(value))),
    }
}

fn is_container(node: &Node) -> bool {
    matches!(node.value, Value::Array(_) | Value::Object(_))
}
