//! Server-sent events, as the HTML standard defines them.

use std::time::Duration;

/// An event as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Raw {
    /// The lines of data, joined.
    pub(crate) data: String,
    pub(crate) name: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) retry: Option<Duration>,
}

/// Puts events together from lines.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    event: Raw,
    has_data: bool,
    /// Whether a line was no text.
    damaged: bool,
    begun: bool,
}

/// An event with a line that is not UTF-8.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Damaged;

impl Assembly {
    /// How many bytes of data are held.
    pub(super) fn held(&self) -> usize {
        self.event.data.len()
    }

    /// Takes a line; an empty one ends the event.
    pub(super) fn line(&mut self, line: &[u8]) -> Option<Result<Raw, Damaged>> {
        let mark: &[u8] = b"\xef\xbb\xbf";
        let line = if self.begun {
            line
        } else {
            line.strip_prefix(mark).unwrap_or(line)
        };
        self.begun = true;
        if line.is_empty() {
            return self.end();
        }
        let Ok(line) = std::str::from_utf8(line) else {
            self.damaged = true;
            return None;
        };
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if self.has_data {
                    self.event.data.push('\n');
                }
                self.has_data = true;
                self.event.data.push_str(value);
            }
            "event" => self.event.name = Some(value.to_owned()),
            "id" if !value.contains('\0') => self.event.id = Some(value.to_owned()),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.event.retry = value.parse().ok().map(Duration::from_millis);
            }
            // A comment, or a field that the standard does not know, which it tells to pass over.
            _ => {}
        }
        None
    }

    /// The event so far. One without data is none by the standard; what it says is handed on.
    pub(super) fn end(&mut self) -> Option<Result<Raw, Damaged>> {
        let damaged = std::mem::take(&mut self.damaged);
        if damaged {
            *self = Self {
                begun: true,
                ..Self::default()
            };
            return Some(Err(Damaged));
        }
        if !std::mem::take(&mut self.has_data) {
            self.event.name = None;
            return None;
        }
        Some(Ok(std::mem::take(&mut self.event)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &[u8]) -> Vec<Result<Raw, Damaged>> {
        let mut assembly = Assembly::default();
        let lines = text.split(|byte| *byte == b'\n');
        let mut events: Vec<_> = lines.filter_map(|line| assembly.line(line)).collect();
        events.extend(assembly.end());
        events
    }

    #[test]
    fn fields_are_read_as_the_standard_says() {
        let text = "\u{feff}: hello\nid: 1\nevent: add\ndata:  a\ndata\ndata:b: c\nretry: 250\n\nevent: lost\n\n\
                    retry: x\nid\ndata: d\nother: e\n\ndata: last";
        let found = events(text.as_bytes());
        let event = |data: &str, name: Option<&str>, id: Option<&str>, retry: Option<u64>| {
            Ok(Raw {
                data: data.to_owned(),
                name: name.map(ToOwned::to_owned),
                id: id.map(ToOwned::to_owned),
                retry: retry.map(Duration::from_millis),
            })
        };
        assert_eq!(
            found,
            [
                event(" a\n\nb: c", Some("add"), Some("1"), Some(250)),
                event("d", None, Some(""), None),
                event("last", None, None, None),
            ]
        );
    }

    #[test]
    fn what_is_no_text_is_an_error_of_its_event() {
        let found = events(b"data: a\n\ndata: \xff\ndata: b\n\ndata: c\n\n");
        assert!(found[0].is_ok() && found[2].is_ok(), "{found:?}");
        assert_eq!((found.len(), &found[1]), (3, &Err(Damaged)));
    }
}
