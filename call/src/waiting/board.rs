//! How far things are: a line for each, written over on a terminal, and a line for each change elsewhere.

use crate::around::Surroundings;
use crate::failure::one_line;
use std::fmt::Write as _;
use std::time::Duration;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};
use verbatim_runtime::Progress;

/// The lines of several waits.
pub struct Board {
    rows: Vec<Row>,
    /// How many lines stand on the terminal.
    drawn: usize,
}

/// One wait.
struct Row {
    name: String,
    /// Its state and percentage, empty before the first poll.
    state: String,
    elapsed: Duration,
    is_over: bool,
}

impl Board {
    /// Of waits with these names.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let rows = names.into_iter().map(|name| Row {
            name,
            state: String::new(),
            elapsed: Duration::ZERO,
            is_over: false,
        });
        Self {
            rows: rows.collect(),
            drawn: 0,
        }
    }

    /// Tells how far one is.
    pub fn show(&mut self, place: usize, progress: &Progress, around: &mut Surroundings<'_>) {
        let Some(row) = self.rows.get_mut(place) else {
            return;
        };
        let state = progress.state.as_deref().unwrap_or("under way");
        let percent = match progress.percent {
            Some(percent) => format!(", {percent} %"),
            None => String::new(),
        };
        let state = one_line(&format!("{state}{percent}"));
        let is_news = state != row.state;
        row.state = state;
        row.elapsed = progress.elapsed;
        if around.stderr_is_terminal {
            self.draw(around);
        } else if is_news {
            let text = row.text();
            // What cannot be told is no reason to give up the wait.
            let _ = writeln!(around.stderr, "{text}");
        }
    }

    /// Tells that one is done.
    pub fn done(&mut self, place: usize, around: &mut Surroundings<'_>) {
        self.clear(around);
        self.over(place);
        if let Some(row) = self.rows.get(place) {
            let (name, elapsed) = (one_line(&row.name), row.elapsed.as_secs());
            let _ = writeln!(around.stderr, "{name}: done after {elapsed} s");
        }
        if around.stderr_is_terminal {
            self.draw(around);
        }
    }

    /// One is over, and is not shown any more.
    pub fn over(&mut self, place: usize) {
        if let Some(row) = self.rows.get_mut(place) {
            row.is_over = true;
        }
    }

    /// Takes the lines off the terminal.
    pub fn clear(&mut self, around: &mut Surroundings<'_>) {
        if self.drawn > 0 {
            let _ = write!(around.stderr, "{}\x1b[J", self.to_the_first());
            let _ = around.stderr.flush();
        }
        self.drawn = 0;
    }

    /// Moves to where the first line begins.
    fn to_the_first(&self) -> String {
        match self.drawn {
            0 | 1 => "\r".to_owned(),
            more => format!("\r\x1b[{}A", more - 1),
        }
    }

    fn draw(&mut self, around: &mut Surroundings<'_>) {
        let (width, height) = size();
        let rows = self.rows.iter();
        let rows: Vec<&Row> = rows
            .filter(|row| !row.is_over && !row.state.is_empty())
            .collect();
        let room = if rows.len() < height {
            rows.len()
        } else {
            height.saturating_sub(2).max(1)
        };
        let mut lines: Vec<String> = rows
            .iter()
            .take(room)
            .map(|row| cut(&row.text(), width))
            .collect();
        if rows.len() > room {
            lines.push(format!("and {} more", rows.len() - room));
        }
        if lines.is_empty() {
            return;
        }
        let mut text = self.to_the_first();
        for (place, line) in lines.iter().enumerate() {
            let end = if place > 0 { "\n" } else { "" };
            let _ = write!(text, "{end}\x1b[K{line}");
        }
        text.push_str("\x1b[J");
        self.drawn = lines.len();
        let _ = around.stderr.write_all(text.as_bytes());
        let _ = around.stderr.flush();
    }
}

impl Row {
    fn text(&self) -> String {
        let name = one_line(&self.name);
        format!("{name}: {}, {} s", self.state, self.elapsed.as_secs())
    }
}

/// Columns and lines of the terminal.
fn size() -> (usize, usize) {
    match terminal_size::terminal_size_of(std::io::stderr()) {
        Some((width, height)) if width.0 > 0 && height.0 > 0 => {
            (usize::from(width.0), usize::from(height.0))
        }
        _ => (80, 24),
    }
}

/// As much of a line as stays in one line of the terminal.
fn cut(text: &str, width: usize) -> String {
    if text.width() < width {
        return text.to_owned();
    }
    let mut used = 0;
    let fits = |each: &char| {
        used += each.width().unwrap_or(0);
        used + 2 <= width
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_in_a_line_of_the_terminal() {
        assert_eq!(cut("servers get: BUSY", 20), "servers get: BUSY");
        assert_eq!(cut("servers get: BUSY", 12), "servers ge…");
        assert_eq!(cut("日本語日本語", 8).width(), 7);
    }
}
