//! Strings of JSON and their escapes.

use super::Reader;
use crate::catalogue::{self, problem};
use crate::diagnostic::Diagnostic;

impl Reader<'_> {
    /// Reads a string whose opening quote comes next.
    pub(super) fn string(&mut self) -> Result<String, Diagnostic> {
        let quote = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let run = self.plain_run();
            let plain = self.text.get(self.at..self.at + run).unwrap_or("");
            self.at += run;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    if text.is_empty() {
                        return Ok(plain.to_owned());
                    }
                    text.push_str(plain);
                    return Ok(text);
                }
                Some(b'\\') => {
                    text.push_str(plain);
                    self.escape(&mut text)?;
                }
                Some(control) => {
                    text.push_str(plain);
                    self.control(control)?;
                    text.push(char::from(control));
                }
                None => {
                    let opened = self.span(quote, quote + 1);
                    return Err(problem(catalogue::CUT_OFF, "the text ends inside a string")
                        .at(self.here(), "ends here")
                        .seen(opened, "the string starts here"));
                }
            }
        }
    }

    /// How many bytes of the string follow that stand for themselves.
    fn plain_run(&self) -> usize {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or(&[]);
        let stops = |&byte: &u8| byte == b'"' || byte == b'\\' || byte < 0x20;
        rest.iter().position(stops).unwrap_or(rest.len())
    }

    fn control(&mut self, control: u8) -> Result<(), Diagnostic> {
        let message = format!("the control character U+{control:04X} stands in a string");
        let found = problem(catalogue::CONTROL_CHARACTER, message)
            .at(self.here(), "must be written as an escape");
        self.at += 1;
        self.report(found)
    }

    fn escape(&mut self, text: &mut String) -> Result<(), Diagnostic> {
        let start = self.at;
        self.at += 1;
        let character = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(start, text),
            // The end of the text is reported where the string is found to be open.
            None => return Ok(()),
            Some(_) => {
                let end = self.here().end as usize;
                let shown = self.text.get(start..end).unwrap_or("\\");
                let message = format!("JSON has no escape `{}`", shown.escape_debug());
                let found = problem(catalogue::BAD_ESCAPE, message)
                    .at(self.span(start, end), "not an escape of JSON");
                return self.report(found);
            }
        };
        self.at += 1;
        text.push(character);
        Ok(())
    }

    /// Reads the rest of `\uXXXX`, and its second half where it is a surrogate pair.
    fn unicode(&mut self, start: usize, text: &mut String) -> Result<(), Diagnostic> {
        self.at += 1;
        let Some(unit) = self.hex() else {
            let span = self.span(start, self.at);
            let found = problem(catalogue::BAD_ESCAPE, "`\\u` needs four hexadecimal digits")
                .at(span, "digits are missing behind this");
            return self.report(found);
        };
        if let Some(character) = char::from_u32(unit) {
            text.push(character);
            return Ok(());
        }
        let behind = self.at;
        let rest = self.text.get(behind..).unwrap_or("");
        if unit < 0xDC00 && rest.starts_with("\\u") {
            self.at += 2;
            if let Some(low @ 0xDC00..=0xDFFF) = self.hex() {
                let scalar = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                text.extend(char::from_u32(scalar));
                return Ok(());
            }
            self.at = behind;
        }
        let message = format!("`\\u{unit:04X}` is half of a surrogate pair");
        let found = problem(catalogue::LONE_SURROGATE, message)
            .at(self.span(start, behind), "the other half is missing");
        self.report(found)
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}
