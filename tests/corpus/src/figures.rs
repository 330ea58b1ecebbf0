//! What a judge found, as lines of text: `figure`, a name and a number, or `note`, a kind, a count,
//! a place and a sentence, with tabs between.

use std::collections::BTreeMap;
use std::fmt;

/// Counts by name, and remarks.
#[derive(Debug, Default)]
pub struct Figures {
    counts: BTreeMap<&'static str, usize>,
    notes: BTreeMap<(&'static str, String, String), (usize, String)>,
}

impl Figures {
    /// Adds to a count.
    pub fn add(&mut self, name: &'static str, number: usize) {
        *self.counts.entry(name).or_default() += number;
    }

    /// A count; zero where nothing was counted.
    pub fn count(&self, name: &str) -> usize {
        self.counts.get(name).copied().unwrap_or_default()
    }

    /// A remark of a kind about a place. Remarks of one kind, place and sentence are counted, and
    /// the first text is kept.
    pub fn note(&mut self, kind: &'static str, place: &str, sentence: &str, text: &str) {
        let key = (kind, place.to_owned(), sentence.to_owned());
        let (times, _) = self
            .notes
            .entry(key)
            .or_insert_with(|| (0, text.to_owned()));
        *times += 1;
    }

    /// The remarks of a kind: place, sentence and first text of each.
    pub fn notes(&self, kind: &str) -> impl Iterator<Item = (&str, &str, &str)> {
        self.notes
            .iter()
            .filter(move |((is, _, _), _)| *is == kind)
            .map(|((_, place, sentence), (_, text))| (&**place, &**sentence, &**text))
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, number) in &self.counts {
            writeln!(f, "figure\t{name}\t{number}")?;
        }
        for ((kind, place, sentence), (times, text)) in &self.notes {
            let plain = |text: &str| text.replace(['\t', '\n', '\r'], " ");
            let (place, sentence, text) = (plain(place), plain(sentence), plain(text));
            writeln!(f, "note\t{kind}\t{times}\t{place}\t{sentence}\t{text}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fact_is_a_line() {
        let mut figures = Figures::default();
        figures.add("samples", 2);
        figures.add("samples", 3);
        figures.note("refused", "/a", "is\tno number", "{\n}");
        figures.note("refused", "/a", "is\tno number", "[]");
        let text = figures.to_string();
        assert_eq!(
            text,
            "figure\tsamples\t5\nnote\trefused\t2\t/a\tis no number\t{ }\n"
        );
        assert_eq!(figures.count("samples"), 5);
        assert_eq!(figures.notes("refused").count(), 1);
    }
}
