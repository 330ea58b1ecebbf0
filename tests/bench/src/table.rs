//! What is printed: one row per figure, with its target and whether it is met.

use std::fmt::Write as _;

/// Whether a figure meets its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Met,
    /// It does not.
    Missed,
    /// The machine was too busy with other work to tell.
    Unsteady,
    /// There is no target, or nothing to compare with.
    Open,
}

impl Verdict {
    /// Met where the condition holds.
    pub fn of(met: bool) -> Self {
        if met { Self::Met } else { Self::Missed }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "MISSED",
            Self::Unsteady => "unsteady",
            Self::Open => "-",
        }
    }
}

/// One figure.
#[derive(Clone, Debug)]
pub struct Row {
    /// What is measured.
    pub what: String,
    /// Our figure.
    pub ours: String,
    /// The figure it is compared with.
    pub other: String,
    /// Ours to the other.
    pub ratio: Option<f64>,
    /// What is to be reached.
    pub target: String,
    /// Whether it is.
    pub verdict: Verdict,
}

impl Row {
    /// A row without rival, target and verdict.
    pub fn plain(what: impl Into<String>, ours: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            ours: ours.into(),
            other: String::new(),
            ratio: None,
            target: String::new(),
            verdict: Verdict::Open,
        }
    }

    /// The same row beside a rival's figure.
    #[must_use]
    pub fn beside(mut self, other: impl Into<String>, ratio: f64) -> Self {
        self.other = other.into();
        self.ratio = Some(ratio);
        self
    }

    /// The same row with its target.
    #[must_use]
    pub fn aiming(mut self, target: impl Into<String>, met: bool) -> Self {
        self.target = target.into();
        self.verdict = Verdict::of(met);
        self
    }

    /// The same row, whose verdict only counts if the figures are to be relied on.
    #[must_use]
    pub fn relying(mut self, steady: bool) -> Self {
        if !steady && self.verdict != Verdict::Open {
            self.verdict = Verdict::Unsteady;
        }
        self
    }

    fn cells(&self) -> [String; 6] {
        [
            self.what.clone(),
            self.ours.clone(),
            self.other.clone(),
            self.ratio
                .map_or(String::new(), |ratio| format!("{ratio:.2}")),
            self.target.clone(),
            self.verdict.word().to_owned(),
        ]
    }
}

/// Rows about one subject, and remarks under them.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// The subject.
    pub title: String,
    /// The figures.
    pub rows: Vec<Row>,
    /// What a reader must know: a tool that is missing, a condition of the measurement.
    pub notes: Vec<String>,
}

impl Section {
    /// A section without rows.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }
}

/// All sections as one aligned text.
pub fn render(sections: &[Section]) -> String {
    let head = ["", "ours", "other", "ratio", "target", "verdict"].map(str::to_owned);
    let cells = sections
        .iter()
        .flat_map(|section| section.rows.iter().map(Row::cells));
    let mut widths = head.each_ref().map(|cell| cell.chars().count());
    for row in cells {
        for (width, cell) in widths.iter_mut().zip(&row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    push_line(&mut text, &head, &widths);
    for section in sections {
        let _ = writeln!(text, "\n{}", section.title);
        for row in &section.rows {
            push_line(&mut text, &row.cells(), &widths);
        }
        for note in &section.notes {
            let _ = writeln!(text, "  ({note})");
        }
    }
    text
}

fn push_line(text: &mut String, cells: &[String; 6], widths: &[usize; 6]) {
    let mut line = String::from("  ");
    for (index, (cell, width)) in cells.iter().zip(widths).enumerate() {
        // Words stand to the left, figures to the right.
        let _ = match index {
            0 | 4 | 5 => write!(line, "{cell:<width$}  "),
            _ => write!(line, "{cell:>width$}  "),
        };
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let mut section = Section::new("a subject");
        section.rows = vec![
            Row::plain("short", "1 s"),
            Row::plain("rather long", "10 s")
                .beside("20 s", 0.5)
                .aiming("<= 0.50", true),
        ];
        section.notes.push("a remark".to_owned());
        let expected = "               ours  other  ratio  target   verdict

a subject
  short         1 s                         -
  rather long  10 s   20 s   0.50  <= 0.50  met
  (a remark)
";
        assert_eq!(render(&[section]), expected);
    }
}
