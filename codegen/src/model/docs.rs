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
