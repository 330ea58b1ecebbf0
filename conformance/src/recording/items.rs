//! The items of a list inside a JSON text, one at a time, so that a text may be larger than memory.
//!
//! Only what separates items is read here: strings and brackets. Whether an item is JSON, its
//! reader says, so that a broken one spoils no other.

use std::io::{self, BufReader, Read};

/// What comes next.
pub enum Next {
    /// The bytes of an item.
    Item(Vec<u8>),
    /// An item longer than the limit, which was passed over.
    TooLong,
    /// The list is over.
    End,
}

/// A text that is read up to and through one list.
pub struct Items<R> {
    bytes: io::Bytes<BufReader<R>>,
    limit: usize,
    is_over: bool,
}

/// Brackets and strings as they go by.
#[derive(Default)]
struct Lexer {
    depth: usize,
    string: bool,
    escaped: bool,
}

impl Lexer {
    fn take(&mut self, byte: u8) {
        if self.string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.string = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

impl<R: Read> Items<R> {
    /// A reader whose items have at most so many bytes.
    pub fn new(reader: R, limit: usize) -> Self {
        Self {
            bytes: BufReader::new(reader).bytes(),
            limit,
            is_over: false,
        }
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        self.bytes.next().transpose()
    }

    /// Goes to the list at a path of names; `false` where there is none.
    pub fn enter(&mut self, path: &[&str]) -> io::Result<bool> {
        let mut lexer = Lexer::default();
        let mut key = Vec::new();
        let mut found = 0;
        // What the last string was, until a colon makes it a name.
        let mut name: Option<Vec<u8>> = None;
        while let Some(byte) = self.byte()? {
            let inside = lexer.string;
            lexer.take(byte);
            if inside {
                if lexer.string {
                    // Names are short; the rest of a long text is of no interest.
                    if key.len() < 64 {
                        key.push(byte);
                    }
                } else {
                    name = Some(std::mem::take(&mut key));
                }
                continue;
            }
            match byte {
                b'{' | b'[' => {
                    let wanted = path.get(found).map(|name| name.as_bytes());
                    let here = name.take();
                    if lexer.depth == found + 2 && wanted.is_some() && here.as_deref() == wanted {
                        found += 1;
                        if found == path.len() {
                            return Ok(byte == b'[');
                        }
                    }
                }
                b'}' | b']' if lexer.depth <= found => return Ok(false),
                b',' => name = None,
                _ => {}
            }
        }
        Ok(false)
    }

    /// The next item of the list that was entered.
    ///
    /// # Errors
    /// Where the text ends before the list does.
    pub fn next(&mut self) -> io::Result<Next> {
        let mut item = Vec::new();
        let mut lexer = Lexer::default();
        let mut long = false;
        if self.is_over {
            return Ok(Next::End);
        }
        while let Some(byte) = self.byte()? {
            if !lexer.string && lexer.depth == 0 {
                match byte {
                    b']' if item.is_empty() && !long => return Ok(Next::End),
                    // Behind a bare value, which is no entry.
                    b']' => {
                        self.is_over = true;
                        return Ok(Next::Item(item));
                    }
                    b',' | b' ' | b'\n' | b'\r' | b'\t' if item.is_empty() => continue,
                    _ => {}
                }
            }
            lexer.take(byte);
            if item.len() < self.limit {
                item.push(byte);
            } else {
                long = true;
            }
            if !lexer.string && lexer.depth == 0 && matches!(byte, b'}' | b']' | b'"') {
                return Ok(if long {
                    Next::TooLong
                } else {
                    Next::Item(item)
                });
            }
            // Anything but an object is no entry; it ends where the next one begins.
            if !lexer.string && lexer.depth == 0 && byte == b',' {
                item.pop();
                return Ok(Next::Item(item));
            }
        }
        Err(io::Error::from(io::ErrorKind::UnexpectedEof))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut items = Items::new(text.as_bytes(), 20);
        if !items.enter(&["log", "entries"]).expect("it can be read") {
            return vec!["none".to_owned()];
        }
        let mut found = Vec::new();
        loop {
            match items.next() {
                Ok(Next::Item(item)) => found.push(String::from_utf8(item).expect("UTF-8")),
                Ok(Next::TooLong) => found.push("long".to_owned()),
                Ok(Next::End) => return found,
                Err(_) => {
                    found.push("cut".to_owned());
                    return found;
                }
            }
        }
    }

    #[test]
    fn items_are_found_one_by_one() {
        let text = r#"{"a":{"entries":[7]},"log":{"x":["entries",{"entries":[1]}],"entries" : [ {"a":"]}\""}, 5,null , {"b":[{}]}, {"c":"1234567890123456789012"},{"d":1}], "y":1}}"#;
        assert_eq!(
            all(text),
            [
                "{\"a\":\"]}\\\"\"}",
                "5",
                "null ",
                "{\"b\":[{}]}",
                "long",
                "{\"d\":1}"
            ]
        );
        assert_eq!(
            all(r#"{"log":{"entries":[{"a":1},{"b"#),
            ["{\"a\":1}", "cut"]
        );
        assert_eq!(all(r#"{"log":{"pages":[]}}"#), ["none"]);
        assert_eq!(all(r#"{"log":{"entries":[]}}"#), Vec::<String>::new());
        assert_eq!(all(r#"{"log":{"entries":[7,8], "y": "z"}}"#), ["7", "8"]);
    }
}
