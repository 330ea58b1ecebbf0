//! Bodies that arrive in chunks.

use verbatim_source::printable;

/// Makes the chunks of a body safe for where they are written.
pub struct ChunkFilter {
    is_terminal: bool,
    /// The beginning of a character whose end has not come.
    rest: Vec<u8>,
    ends_line: bool,
}

impl ChunkFilter {
    /// Of a body that is not begun.
    pub fn new(is_terminal: bool) -> Self {
        Self {
            is_terminal,
            rest: Vec::new(),
            ends_line: true,
        }
    }

    /// What is written for a chunk: itself, and on a terminal its text without what acts there.
    pub fn next(&mut self, chunk: &[u8]) -> Vec<u8> {
        if !self.is_terminal {
            return chunk.to_vec();
        }
        let bytes = [std::mem::take(&mut self.rest).as_slice(), chunk].concat();
        let whole = match std::str::from_utf8(&bytes) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => bytes.len(),
        };
        self.rest = bytes[whole..].to_vec();
        self.text(&bytes[..whole])
    }

    /// What is written at the end of the body.
    pub fn end(&mut self) -> Vec<u8> {
        let rest = std::mem::take(&mut self.rest);
        let mut last = self.text(&rest);
        if !self.ends_line {
            last.push(b'\n');
        }
        last
    }

    fn text(&mut self, bytes: &[u8]) -> Vec<u8> {
        if !bytes.is_empty() {
            self.ends_line = !self.is_terminal || bytes.ends_with(b"\n");
        }
        printable(&String::from_utf8_lossy(bytes)).into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_across_chunks_stay_whole_and_nothing_acts() {
        let mut filter = ChunkFilter::new(true);
        let mut out = filter.next(b"a\x1b[2J\xc3");
        out.extend(filter.next(b"\xa4\xff"));
        out.extend(filter.end());
        assert_eq!(String::from_utf8_lossy(&out), "a\\u{1b}[2Jä\u{fffd}\n");
        let mut plain = ChunkFilter::new(false);
        assert_eq!(plain.next(b"\x1b\xff"), b"\x1b\xff");
        assert!(plain.end().is_empty());
    }
}
