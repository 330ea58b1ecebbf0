//! Whether two JSON texts say the same.
//!
//! Objects are unordered collections of name and value, in which a name may stand more than once;
//! arrays are ordered; strings are equal by code point; numbers by exact decimal value.

use std::fmt;
use verbatim_source::Decimal;

/// A string as UTF-16, in which lone surrogates can be told apart too.
type Text = Vec<u16>;

/// A JSON value in a form in which equal values are equal trees.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tree {
    Word(&'static str),
    Number(Decimal),
    Text(Text),
    Array(Vec<Tree>),
    Object(Vec<(Text, Tree)>),
}

/// Why a text could not be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// Bytes before the place.
    pub offset: usize,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no JSON at byte {}", self.offset)
    }
}

/// Whether two JSON texts say the same.
///
/// # Errors
/// One of them is no JSON.
pub fn equal(left: &str, right: &str) -> Result<bool, Malformed> {
    Ok(left == right || tree(left)? == tree(right)?)
}

fn tree(text: &str) -> Result<Tree, Malformed> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
    };
    let tree = reader.value()?;
    reader.space();
    if reader.at < text.len() {
        return Err(reader.malformed());
    }
    Ok(tree)
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

/// A container that is being read: its finished items, and the name of the one to come.
enum Open {
    Array(Vec<Tree>),
    Object(Vec<(Text, Tree)>, Text),
}

impl Reader<'_> {
    fn malformed(&self) -> Malformed {
        Malformed { offset: self.at }
    }

    fn space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        self.space();
        let found = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), Malformed> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(self.malformed())
        }
    }

    /// Reads a value with a stack of its own; only dropping and comparing trees recurses.
    fn value(&mut self) -> Result<Tree, Malformed> {
        let mut stack: Vec<Open> = Vec::new();
        loop {
            let Some(mut done) = self.open(&mut stack)? else {
                continue;
            };
            loop {
                match stack.pop() {
                    None => return Ok(done),
                    Some(Open::Array(mut items)) => {
                        items.push(done);
                        if self.take(b',') {
                            stack.push(Open::Array(items));
                            break;
                        }
                        self.expect(b']')?;
                        done = Tree::Array(items);
                    }
                    Some(Open::Object(mut members, name)) => {
                        members.push((name, done));
                        if self.take(b',') {
                            let name = self.name()?;
                            stack.push(Open::Object(members, name));
                            break;
                        }
                        self.expect(b'}')?;
                        members.sort();
                        done = Tree::Object(members);
                    }
                }
            }
        }
    }

    /// Reads a value up to its first item; a value without items is finished.
    fn open(&mut self, stack: &mut Vec<Open>) -> Result<Option<Tree>, Malformed> {
        if self.take(b'[') {
            if self.take(b']') {
                return Ok(Some(Tree::Array(Vec::new())));
            }
            stack.push(Open::Array(Vec::new()));
            return Ok(None);
        }
        if self.take(b'{') {
            if self.take(b'}') {
                return Ok(Some(Tree::Object(Vec::new())));
            }
            let name = self.name()?;
            stack.push(Open::Object(Vec::new(), name));
            return Ok(None);
        }
        self.scalar().map(Some)
    }

    fn name(&mut self) -> Result<Text, Malformed> {
        self.expect(b'"')?;
        let name = self.text()?;
        self.expect(b':')?;
        Ok(name)
    }

    fn scalar(&mut self) -> Result<Tree, Malformed> {
        if self.take(b'"') {
            return self.text().map(Tree::Text);
        }
        for word in ["null", "true", "false"] {
            if self.bytes[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(Tree::Word(word));
            }
        }
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .take_while(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte))
            .count();
        let literal = std::str::from_utf8(&rest[..length]).unwrap_or_default();
        let number = Decimal::parse(literal).ok_or_else(|| self.malformed())?;
        self.at += length;
        Ok(Tree::Number(number))
    }

    /// Reads a string after its opening quote.
    fn text(&mut self) -> Result<Text, Malformed> {
        let mut units = Text::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.find(['"', '\\']).ok_or_else(|| self.malformed())?;
            units.extend(rest[..plain].encode_utf16());
            self.at += plain + 1;
            if self.bytes[self.at - 1] == b'"' {
                return Ok(units);
            }
            units.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Result<u16, Malformed> {
        let letter = *self.bytes.get(self.at).ok_or_else(|| self.malformed())?;
        self.at += 1;
        Ok(match letter {
            b'b' => 8,
            b'f' => 12,
            b'n' => 10,
            b'r' => 13,
            b't' => 9,
            b'"' | b'\\' | b'/' => letter.into(),
            b'u' => self.unit()?,
            _ => return Err(self.malformed()),
        })
    }

    fn unit(&mut self) -> Result<u16, Malformed> {
        let digits = self.text.get(self.at..self.at + 4);
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| self.malformed())?;
        self.at += 4;
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_the_same_is_equal() {
        for (left, right) in [
            (r#"{"a":1,"b":[2]}"#, r#" { "b" : [ 2.0 ] , "a" : 1e0 } "#),
            (r#""\u00e9\ud83d\ude00\/""#, "\"\u{e9}\u{1F600}/\""),
            (r#"{"a":1,"a":2}"#, r#"{"a":2,"a":1}"#),
            ("60.50", "60.5"),
            ("-0", "0"),
        ] {
            assert_eq!(equal(left, right), Ok(true), "{left} {right}");
        }
    }

    #[test]
    fn what_differs_is_unequal() {
        let values = [
            "null",
            "false",
            "0",
            "\"\"",
            "[]",
            "{}",
            "\"0\"",
            "[null]",
            r#"{"a":null}"#,
            r#"{"a":1}"#,
            r#"{"a":1,"a":1}"#,
            "0.1",
            "0.10000000000000001",
            "1e400",
            "1e401",
            "9007199254740993",
            "9007199254740992",
            "\"\u{e9}\"",
            "\"e\u{301}\"",
            r#""\ud800""#,
            "[1,2]",
            "[2,1]",
        ];
        for (i, left) in values.iter().enumerate() {
            for (j, right) in values.iter().enumerate() {
                assert_eq!(equal(left, right), Ok(i == j), "{left} {right}");
            }
        }
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        for text in [
            "",
            "[1,]",
            "{\"a\"}",
            "01x",
            "\"a",
            "[1]]",
            "nul",
            "\"\\u12\"",
            "+1",
        ] {
            assert!(equal(text, "[7]").is_err(), "{text}");
        }
        let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
        assert_eq!(equal(&deep, &format!(" {deep}")), Ok(true));
    }
}
