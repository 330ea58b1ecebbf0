//! Documentation before it is cleaned.

/// Documentation as the document has it; `emit` alone makes it fit for rustdoc.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// Paragraphs of Markdown written by the author of the document.
    pub foreign: Vec<String>,
    /// A sentence of the generator that goes on where the document ended; proper rustdoc.
    pub remark: String,
    /// Lines of the generator, which are proper rustdoc already.
    pub own: Vec<String>,
    /// Arguments of a method with what the document says about them, as a list.
    pub arguments: Vec<(String, String)>,
    /// Lines of the generator after the arguments.
    pub after: Vec<String>,
}

/// A text of the document as plain words for a line of the generator: no mark of Markdown survives.
pub fn plain_words(text: &str) -> String {
    let plain = |each: char| {
        if each.is_alphanumeric() || " -_/{}.,:;?=&()'".contains(each) {
            each
        } else {
            ' '
        }
    };
    // An address would want brackets of its own.
    let text: String = text.replace("://", " ").chars().map(plain).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first sentence of a text, or its first paragraph where that is shorter.
pub fn first_sentence(text: &str) -> &str {
    let text = text.trim();
    let paragraph = text.split("\n\n").next().unwrap_or(text);
    let ends = paragraph.match_indices(['.', '!', '?']).find(|(at, _)| {
        let mut after = paragraph[at + 1..].chars();
        after.next().is_some_and(char::is_whitespace)
            && after
                .find(|each| !each.is_whitespace())
                .is_some_and(char::is_uppercase)
    });
    ends.map_or(paragraph, |(at, _)| &paragraph[..=at])
}

impl Docs {
    /// One paragraph of the generator.
    pub fn own(text: impl Into<String>) -> Self {
        Self {
            own: vec![text.into()],
            ..Self::default()
        }
    }

    /// The text of the document, where there is any.
    pub fn foreign<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let foreign = texts
            .into_iter()
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned)
            .collect();
        Self {
            foreign,
            ..Self::default()
        }
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.foreign.is_empty() && self.remark.is_empty() && self.own.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::first_sentence;

    #[test]
    fn a_sentence_ends_before_a_capital_letter_or_a_blank_line() {
        let cases = [
            ("One. Two.", "One."),
            ("Sizes, e.g. 4. Larger ones exist.", "Sizes, e.g. 4."),
            ("A title\n\nMore.", "A title"),
            ("Ends at 1.5 GB", "Ends at 1.5 GB"),
            ("  ", ""),
            ("Größe. Über alles.", "Größe."),
        ];
        for (text, wanted) in cases {
            assert_eq!(first_sentence(text), wanted);
        }
    }
}
