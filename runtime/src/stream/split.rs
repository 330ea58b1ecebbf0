use bytes::{Bytes, BytesMut};

/// What ends a part of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// A carriage return, a line feed, or both: the lines of server-sent events.
    Line,
    /// A line feed: the lines of a JSON text for each line.
    Feed,
    /// A record separator, which stands before each text of RFC 7464.
    Record,
}

/// Cuts a stream into parts, whatever pieces it arrives in.
#[derive(Debug)]
pub(super) struct Split {
    ends: Ends,
    buffer: BytesMut,
    /// How much of the buffer is known to hold no end.
    looked: usize,
    /// Whether a line feed at the beginning belongs to the end before.
    half: bool,
}

impl Split {
    pub(super) fn new(ends: Ends) -> Self {
        Self {
            ends,
            buffer: BytesMut::new(),
            looked: 0,
            half: false,
        }
    }

    /// Takes a further piece.
    pub(super) fn push(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
    }

    /// How many bytes are held.
    pub(super) fn held(&self) -> usize {
        self.buffer.len()
    }

    /// The next part that is complete, without its end.
    pub(super) fn next(&mut self) -> Option<Bytes> {
        if self.half && !self.buffer.is_empty() {
            self.half = false;
            if self.buffer[0] == b'\n' {
                let _ = self.buffer.split_to(1);
                self.looked = 0;
            }
        }
        let is_end = |byte: &u8| match self.ends {
            Ends::Line => matches!(byte, b'\r' | b'\n'),
            Ends::Feed => *byte == b'\n',
            Ends::Record => *byte == 0x1e,
        };
        let Some(at) = self.buffer[self.looked..].iter().position(is_end) else {
            self.looked = self.buffer.len();
            return None;
        };
        let mut part = self.buffer.split_to(self.looked + at + 1);
        self.looked = 0;
        self.half = part.last() == Some(&b'\r');
        part.truncate(part.len() - 1);
        Some(part.freeze())
    }

    /// What stands after the last end.
    pub(super) fn rest(&mut self) -> Bytes {
        self.looked = 0;
        self.half = false;
        self.buffer.split().freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts of a text that arrives in pieces of one size.
    fn parts(ends: Ends, text: &str, size: usize) -> Vec<String> {
        let mut split = Split::new(ends);
        let mut parts = Vec::new();
        for piece in text.as_bytes().chunks(size) {
            split.push(piece);
            while let Some(part) = split.next() {
                parts.push(part);
            }
        }
        parts.push(split.rest());
        let text = |part: &Bytes| String::from_utf8(part.to_vec()).unwrap();
        parts.iter().map(text).collect()
    }

    #[test]
    fn the_parts_do_not_depend_on_the_pieces() {
        for size in 1..9 {
            let lines = parts(Ends::Line, "a\r\nb\rc\n\n\r\n\rd", size);
            assert_eq!(lines, ["a", "b", "c", "", "", "", "d"], "{size}");
            let lines = parts(Ends::Feed, "a\r\nb\rc\n\nd\n", size);
            assert_eq!(lines, ["a\r", "b\rc", "", "d", ""], "{size}");
            let records = parts(Ends::Record, "\u{1e}{\n}\n\u{1e}2\n", size);
            assert_eq!(records, ["", "{\n}\n", "2\n"], "{size}");
        }
    }
}
