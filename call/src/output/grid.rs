//! Texts in columns that fit a terminal.

use unicode_width::UnicodeWidthStr as _;

/// Between two columns.
const GAP: usize = 2;
/// A column of a table whose columns are not asked for is at first no wider than this.
const CAP: usize = 36;
/// What a column that is made narrower keeps.
const LEAST: usize = 8;

/// A column before it is known how wide it may be.
#[derive(Clone, Debug)]
pub struct Preferred {
    /// The columns of the terminal that its widest text takes.
    pub width: usize,
    /// How much it says: the least says most.
    pub rank: u8,
}

/// Columns and their widths, in the order in which they are shown, and those that do not fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// The place of each column that is shown, and its width.
    pub shown: Vec<(usize, usize)>,
    /// The places of the others.
    pub hidden: Vec<usize>,
}

/// The columns that a text takes on a terminal.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Fits columns into a line: those that say most come first, and what does not fit is hidden.
pub fn choose(preferred: &[Preferred], limit: usize) -> Fit {
    let mut order: Vec<usize> = (0..preferred.len()).collect();
    order.sort_by_key(|place| preferred[*place].rank);
    let mut fit = Fit::default();
    let mut left = limit;
    for place in order {
        let gap = if fit.shown.is_empty() { 0 } else { GAP };
        let preference = &preferred[place];
        let room = left.saturating_sub(gap);
        let wanted = preference.width.min(CAP);
        let least = wanted.min(if preference.rank <= 2 { LEAST } else { wanted });
        if room < least && !fit.shown.is_empty() {
            fit.hidden.push(place);
            continue;
        }
        let width = wanted.min(room.max(1));
        left -= (width + gap).min(left);
        fit.shown.push((place, width));
    }
    // What is left goes to those that were cut.
    for (place, width) in &mut fit.shown {
        let more = (preferred[*place].width - *width).min(left);
        *width += more;
        left -= more;
    }
    fit.hidden.sort_unstable();
    fit
}

/// Fits all columns into a line by making the widest narrower, as far as they can be.
pub fn squeeze(preferred: &[Preferred], limit: usize) -> Fit {
    let mut widths: Vec<usize> = preferred
        .iter()
        .map(|preference| preference.width)
        .collect();
    let gaps = GAP * widths.len().saturating_sub(1);
    loop {
        let total: usize = widths.iter().sum::<usize>() + gaps;
        let widest = widths.iter_mut().max();
        match widest {
            Some(widest) if total > limit && *widest > LEAST => {
                *widest = LEAST.max(*widest - (total - limit).min(*widest - 1).min(4));
            }
            _ => break,
        }
    }
    Fit {
        shown: widths.into_iter().enumerate().collect(),
        hidden: Vec::new(),
    }
}

/// All columns at their full width.
pub fn free(preferred: &[Preferred]) -> Fit {
    let widths = preferred.iter().map(|preference| preference.width);
    Fit {
        shown: widths.enumerate().collect(),
        hidden: Vec::new(),
    }
}

/// A text that is no wider than this; where it was cut it ends with `…`.
pub fn cut(text: &str, limit: usize) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    let room = limit.saturating_sub(1);
    let ends = text.char_indices().map(|(at, each)| at + each.len_utf8());
    // What has no width of its own belongs to the character before it.
    let end = ends.take_while(|end| width(&text[..*end]) <= room).last();
    format!("{}…", &text[..end.unwrap_or(0)])
}

/// One line of texts in columns, without spaces at its end.
pub fn line(cells: &[String], widths: &[usize], is_number: &[bool]) -> String {
    let mut out = String::new();
    let cells = cells.iter().zip(widths).zip(is_number);
    for (place, ((cell, width), is_number)) in cells.enumerate() {
        if place > 0 {
            out.extend(std::iter::repeat_n(' ', GAP));
        }
        let space = width.saturating_sub(self::width(cell));
        let space = std::iter::repeat_n(' ', space);
        if *is_number {
            out.extend(space);
            out.push_str(cell);
        } else {
            out.push_str(cell);
            out.extend(space);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preferred(all: &[(usize, u8)]) -> Vec<Preferred> {
        let of = |(width, rank): &(usize, u8)| Preferred {
            width: *width,
            rank: *rank,
        };
        all.iter().map(of).collect()
    }

    #[test]
    fn texts_are_cut_by_their_width_and_the_cut_is_seen() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdefg", 6), "abcde…");
        // Each of these takes two columns.
        assert_eq!(cut("日本語日本語", 6), "日本…");
        assert_eq!(width(&cut("日本語日本語", 7)), 7);
        // A mark above a letter stays with the letter.
        assert_eq!(cut("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(cut("ab", 0), "…");
    }

    #[test]
    fn what_says_most_is_shown_and_what_does_not_fit_is_hidden() {
        let all = preferred(&[(100, 7), (32, 0), (10, 1), (4, 3)]);
        let fit = choose(&all, 60);
        assert_eq!(fit.shown, [(1, 32), (2, 10), (3, 4)]);
        assert_eq!(fit.hidden, [0]);
        let fit = choose(&all, 200);
        assert_eq!(fit.shown, [(1, 32), (2, 10), (3, 4), (0, 100)]);
        // The first column is cut rather than nothing shown.
        assert_eq!(choose(&all, 10).shown, [(1, 10)]);
    }

    #[test]
    fn columns_that_are_asked_for_are_all_shown() {
        let fit = squeeze(&preferred(&[(100, 7), (32, 0), (4, 3)]), 60);
        let total: usize = fit.shown.iter().map(|(_, width)| width + GAP).sum();
        assert!(total - GAP <= 60 && fit.shown.len() == 3, "{fit:?}");
        assert_eq!(
            squeeze(&preferred(&[(9, 0), (9, 0)]), 3).shown,
            [(0, 8), (1, 8)]
        );
    }

    #[test]
    fn lines_have_columns_by_width_and_numbers_to_the_right() {
        let cells = ["日本", "7", "x"].map(str::to_owned);
        assert_eq!(
            line(&cells, &[6, 3, 5], &[false, true, false]),
            "日本      7  x"
        );
    }
}
