//! Texts of the document in HTML.

use std::fmt::{self, Write as _};

/// A text, escaped for the contents and the attributes of HTML.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a>(pub &'a str);

/// A text, escaped for the contents of HTML alone: quotation marks stay, of which code has many.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a>(pub &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(self.0, is_special, formatter)
    }
}

impl fmt::Display for Code<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_special = |each| is_special(each) && !matches!(each, '"' | '\'');
        escape(self.0, is_special, formatter)
    }
}

fn escape(
    text: &str,
    is_special: impl Fn(char) -> bool,
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(&is_special) {
        let (plain, tail) = rest.split_at(at);
        formatter.write_str(plain)?;
        let mut characters = tail.chars();
        match characters.next() {
            Some('&') => formatter.write_str("&amp;")?,
            Some('<') => formatter.write_str("&lt;")?,
            Some('>') => formatter.write_str("&gt;")?,
            Some('"') => formatter.write_str("&quot;")?,
            Some('\'') => formatter.write_str("&#39;")?,
            // What cannot be seen is shown by its number.
            Some(other) => write!(formatter, "\\u{{{:x}}}", u32::from(other))?,
            None => {}
        }
        rest = characters.as_str();
    }
    formatter.write_str(rest)
}

/// Whether a character means something in HTML, has no place in it, or turns the direction of reading.
fn is_special(each: char) -> bool {
    matches!(each, '&' | '<' | '>' | '"' | '\'') || is_unseen(each)
}

/// Whether a character is not seen, or changes how others are.
pub fn is_unseen(each: char) -> bool {
    (each.is_control() && !matches!(each, '\n' | '\t'))
        || matches!(
            each,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

/// HTML that is written piece by piece.
///
/// Writing to a string cannot fail, so the results of `write!` are dropped here once.
#[derive(Debug, Default)]
pub struct Html {
    text: String,
}

impl Html {
    /// Writes markup; texts of the document go through [`Text`].
    pub fn put(&mut self, markup: fmt::Arguments<'_>) {
        let _ = self.text.write_fmt(markup);
    }

    /// Writes markup of the page itself.
    pub fn raw(&mut self, markup: &str) {
        self.text.push_str(markup);
    }

    /// What was written.
    pub fn into_string(self) -> String {
        self.text
    }
}

/// Writes markup into an [`Html`].
macro_rules! put {
    ($out:expr, $($format:tt)*) => { $out.put(format_args!($($format)*)) };
}

pub(crate) use put;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped() {
        let hostile = "<script>&\"'\u{202e}\u{0}\r\n";
        assert_eq!(
            Text(hostile).to_string(),
            "&lt;script&gt;&amp;&quot;&#39;\\u{202e}\\u{0}\\u{d}\n"
        );
        assert_eq!(
            Code(hostile).to_string(),
            "&lt;script&gt;&amp;\"'\\u{202e}\\u{0}\\u{d}\n"
        );
    }
}
