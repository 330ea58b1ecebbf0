//! Byte order marks within a text.
//!
//! One that was copied along with a text is a part of it to every reader, though the letter of YAML forbids it. The
//! parser sees another character of the same length in its place.

use std::borrow::Cow;

/// The mark.
const MARK: char = '\u{feff}';

/// Characters of private use, which take three bytes as the mark does.
const PRIVATE: std::ops::RangeInclusive<char> = '\u{e000}'..='\u{f8ff}';

/// What stands for the marks, where they are hidden.
#[derive(Clone, Copy, Default)]
pub(super) struct Marks(Option<char>);

impl Marks {
    /// Hides the marks within a text; false where they are hidden already, or nothing is free to stand for them.
    pub fn hide(&mut self, text: &str) -> bool {
        let was_hidden = self.0.is_some();
        self.0 = self
            .0
            .or_else(|| PRIVATE.clone().find(|each| !text.contains(*each)));
        !was_hidden && self.0.is_some()
    }

    /// The text with the marks hidden; one at its beginning stays.
    pub fn hidden(self, text: Cow<'_, str>) -> Cow<'_, str> {
        let Some(stand_in) = self.0 else {
            return text;
        };
        let (first, rest) = match text.strip_prefix(MARK) {
            Some(rest) => ("\u{feff}", rest),
            None => ("", &*text),
        };
        Cow::Owned(format!(
            "{first}{}",
            rest.replace(MARK, stand_in.encode_utf8(&mut [0; 4]))
        ))
    }

    /// A part of the text with its marks.
    pub fn shown(self, text: &str) -> Cow<'_, str> {
        match self.0 {
            Some(stand_in) if text.contains(stand_in) => {
                Cow::Owned(text.replace(stand_in, MARK.encode_utf8(&mut [0; 4])))
            }
            _ => Cow::Borrowed(text),
        }
    }
}
