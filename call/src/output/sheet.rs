//! Rows under columns, as a table or as CSV, written while they come.

use super::cell;
use super::column::{Column, Documented, Kind, found};
use super::grid::{self, Preferred};
use super::screen::{Reader, Screen, Writer};
use crate::failure::{Exit, Failure};
use crate::names::IDENTIFIERS;
use verbatim_source::{Node, Value, one_line, printable};

/// Rows by which the widths of a table are chosen.
const SAMPLE: usize = 100;

/// How columns are chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Those that are asked for; the program chooses where there are none.
    pub asked: Vec<Column>,
    /// What the document says.
    pub documented: Documented,
}

/// A table or CSV that is being written.
pub struct Sheet {
    is_csv: bool,
    screen: Screen,
    choice: Choice,
    /// Rows that came before it was decided what is shown.
    sample: Vec<Node>,
    layout: Option<Layout>,
}

/// What is shown, and how wide.
struct Layout {
    columns: Vec<Column>,
    widths: Vec<usize>,
    is_number: Vec<bool>,
    hidden: Vec<String>,
}

impl Sheet {
    /// Without rows.
    pub fn new(is_csv: bool, screen: &Screen, choice: Choice) -> Self {
        Self {
            is_csv,
            screen: screen.clone(),
            choice,
            sample: Vec::new(),
            layout: None,
        }
    }

    /// Takes a row.
    ///
    /// # Errors
    /// An output that cannot be written.
    pub fn push(&mut self, row: Node, writer: &mut Writer<'_, '_>) -> Result<Reader, Failure> {
        if let Some(layout) = &self.layout {
            let text = self.row(layout, &row)?;
            return writer.write(text.as_bytes());
        }
        self.sample.push(row);
        if self.sample.len() < SAMPLE {
            return Ok(Reader::Reads);
        }
        self.begin(writer)
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// An output that cannot be written.
    pub fn end(mut self, writer: &mut Writer<'_, '_>) -> Result<(), Failure> {
        if self.layout.is_none() {
            if self.sample.is_empty() && !self.is_csv {
                writer.tell("there is nothing to show");
                return Ok(());
            }
            self.begin(writer)?;
        }
        writer.end()?;
        let hidden = self.layout.map(|layout| layout.hidden).unwrap_or_default();
        if !hidden.is_empty() {
            let told = format!(
                "{} columns more, by --columns: {}",
                hidden.len(),
                hidden.join(", ")
            );
            let width = self.screen.width.unwrap_or(usize::MAX);
            writer.tell(&grid::cut(&one_line(&told), width));
        }
        Ok(())
    }

    /// Decides what is shown, and writes the rows that there are.
    fn begin(&mut self, writer: &mut Writer<'_, '_>) -> Result<Reader, Failure> {
        let sample = std::mem::take(&mut self.sample);
        let layout = if self.is_csv {
            self.of_csv(&sample)
        } else {
            self.of_table(&sample)
        };
        let titles: Vec<String> = layout
            .columns
            .iter()
            .map(|it| one_line(&it.title()))
            .collect();
        let mut text = if self.is_csv {
            csv_line(&titles)?
        } else {
            let titles = cut(&titles, &layout.widths);
            let line = grid::line(&titles, &layout.widths, &layout.is_number);
            self.screen.bold(&line) + "\n"
        };
        for row in &sample {
            text.push_str(&self.row(&layout, row)?);
        }
        self.layout = Some(layout);
        writer.write(text.as_bytes())
    }

    fn row(&self, layout: &Layout, row: &Node) -> Result<String, Failure> {
        if !self.is_csv {
            let cells: Vec<String> = layout.columns.iter().map(|it| text(row, it)).collect();
            let cells = if self.screen.width.is_some() {
                cut(&cells, &layout.widths)
            } else {
                cells
            };
            return Ok(grid::line(&cells, &layout.widths, &layout.is_number) + "\n");
        }
        let cells: Vec<String> = layout.columns.iter().map(|it| exact(row, it)).collect();
        let line = csv_line(&cells)?;
        Ok(if self.screen.is_terminal {
            printable(&line)
        } else {
            line
        })
    }

    fn of_csv(&self, sample: &[Node]) -> Layout {
        let mut columns = self.choice.asked.clone();
        if columns.is_empty() {
            let documented = self.choice.documented.columns.iter();
            let documented = documented.filter(|column| column.kind != Kind::Within);
            columns = with_values(documented.cloned().collect(), sample);
        }
        Layout {
            columns,
            widths: Vec::new(),
            is_number: Vec::new(),
            hidden: Vec::new(),
        }
    }

    fn of_table(&self, sample: &[Node]) -> Layout {
        let is_asked = !self.choice.asked.is_empty();
        let mut columns = self.choice.asked.clone();
        if !is_asked {
            columns = with_values(self.choice.documented.columns.clone(), sample);
            columns.retain(|column| {
                matches!(column.kind, Kind::Scalar | Kind::Words)
                    && sample.iter().any(|row| !text(row, column).is_empty())
            });
            columns.sort_by_key(|column| column.rank);
        }
        let preferred: Vec<Preferred> = columns
            .iter()
            .map(|column| preference(column, sample))
            .collect();
        let fit = match self.screen.width {
            None => grid::free(&preferred),
            Some(limit) if is_asked => grid::squeeze(&preferred, limit),
            Some(limit) => grid::choose(&preferred, limit),
        };
        let hidden = fit.hidden.iter().map(|place| columns[*place].title());
        let shown = fit.shown.iter().map(|(place, _)| columns[*place].clone());
        let shown: Vec<Column> = shown.collect();
        Layout {
            widths: fit.shown.iter().map(|(_, width)| *width).collect(),
            is_number: shown
                .iter()
                .map(|it| !names_things(it) && has_numbers(it, sample))
                .collect(),
            hidden: hidden.collect(),
            columns: shown,
        }
    }
}

/// The columns of the document, or of the rows where they have none of these.
fn with_values(documented: Vec<Column>, sample: &[Node]) -> Vec<Column> {
    let has_value = |column: &Column| sample.iter().any(|row| !text(row, column).is_empty());
    if sample.is_empty() || documented.iter().any(has_value) {
        return documented;
    }
    match found(sample) {
        none if none.is_empty() && sample.iter().all(is_scalar) => vec![Column::whole()],
        none if none.is_empty() => documented,
        found => found,
    }
}

fn preference(column: &Column, sample: &[Node]) -> Preferred {
    let cells = sample.iter().map(|row| grid::width(&text(row, column)));
    let title = grid::width(&column.title());
    Preferred {
        width: cells.max().unwrap_or(0).max(title),
        rank: column.rank,
    }
}

fn text(row: &Node, column: &Column) -> String {
    let value = cell::at(row, &column.path).map(cell::Found::value);
    cell::shown(value.as_ref())
}

fn exact(row: &Node, column: &Column) -> String {
    let value = cell::at(row, &column.path).map(cell::Found::value);
    cell::exact(value.as_ref())
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node.value, Value::Array(_) | Value::Object(_))
}

/// Whether a column holds identifiers, which are texts whatever they are written with.
fn names_things(column: &Column) -> bool {
    let name = column.path.last();
    name.is_some_and(|name| IDENTIFIERS.contains(&name.as_str()))
}

/// Whether every value of a column is a number.
fn has_numbers(column: &Column, sample: &[Node]) -> bool {
    let values = sample.iter().filter_map(|row| cell::at(row, &column.path));
    let mut values = values.flat_map(cell::Found::all).peekable();
    let says_number = |node: &Node| matches!(node.value, Value::Number(_) | Value::Null);
    values.peek().is_some() && values.all(says_number)
}

fn cut(cells: &[String], widths: &[usize]) -> Vec<String> {
    let cells = cells.iter().zip(widths);
    cells.map(|(cell, width)| grid::cut(cell, *width)).collect()
}

/// One record of CSV.
fn csv_line(cells: &[String]) -> Result<String, Failure> {
    let failed = || Failure::new(Exit::Refused, "a row has no form in CSV");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).map_err(|_| failed())?;
    let bytes = writer.into_inner().map_err(|_| failed())?;
    String::from_utf8(bytes).map_err(|_| failed())
}
