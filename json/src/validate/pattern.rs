use super::Checker;
use super::known::Known;
use regex_lite::Regex;

static KNOWN: Known<Regex> = Known::new();

/// Spaces that `\s` of ECMA-262 knows and that of `regex_lite` does not.
const FURTHER_SPACES: [char; 9] = [
    '\u{a0}', '\u{1680}', '\u{2028}', '\u{2029}', '\u{202f}', '\u{205f}', '\u{3000}', '\u{feff}',
    '\u{200a}',
];

impl Checker {
    /// `pattern`, in the syntax of `regex_lite`, which emitted code translates from that of the
    /// document. A text with spaces beyond ASCII is not looked at, since the two know other ones.
    pub fn pattern(&mut self, text: &str, pattern: &str) {
        if !fits(pattern, text) {
            self.violation(
                "pattern",
                format!("{text:?} does not fit the pattern {pattern}"),
            );
        }
    }
}

/// Whether a text fits a pattern, as far as it can be looked at.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let is_further = |letter: char| {
        FURTHER_SPACES.contains(&letter) || ('\u{2000}'..='\u{2009}').contains(&letter)
    };
    let regex = KNOWN.get(pattern, |pattern| Regex::new(pattern).ok());
    regex.is_none_or(|regex| regex.is_match(text) || text.contains(is_further))
}
