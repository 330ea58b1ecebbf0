//! Single-step mutations of a payload.
//!
//! Each mutation changes one place of a text. It may stay a valid payload or become one that must
//! be refused; what it may not do is come back as something else.

use std::fmt::Write as _;
use verbatim_source::{Limits, Member, Node, Source, Sources, Value, json, write};

/// A changed payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutation {
    /// What was done.
    pub operator: &'static str,
    /// Where: the JSON pointer of the value that was changed.
    pub pointer: String,
    /// The whole changed text.
    pub text: String,
}

/// The operator that replaces an object of one property by its value.
pub const ROOT_TAKEN_OFF: &str = "root taken off";

/// Numbers whose spelling or size tempts a reader to change them.
const NUMBERS: &[(&str, &str)] = &[
    ("2.0", "2.0"),
    ("60.50", "60.50"),
    ("2^53+1", "9007199254740993"),
    ("2^63", "9223372036854775808"),
    ("2^64", "18446744073709551616"),
    ("30 digits", "123456789012345678901234567890"),
    ("-0", "-0"),
    ("1e400", "1e400"),
    ("1E2", "1E2"),
    ("long fraction", "0.10000000000000001"),
    ("0.1 + 0.2", "0.30000000000000004"),
];

/// Values of every other type.
const SWAPS: &[(&str, &str)] = &[
    ("null", "null"),
    ("boolean", "true"),
    ("number", "7"),
    ("text", "\"7\""),
    ("empty text", "\"\""),
    ("empty array", "[]"),
    ("array", "[\"7\"]"),
    ("empty object", "{}"),
    ("object", "{\"unforeseen\":7}"),
];

/// Texts that a reader may normalise, cut or mistake.
const TEXTS: &[(&str, &str)] = &[
    ("unknown text", "\"SOMETHING_NEW\""),
    ("NUL", "\"a\\u0000b\""),
    ("composed", "\"\u{e9}\""),
    ("decomposed", "\"e\u{301}\""),
    ("lone surrogate", "\"\\ud800\""),
    ("astral", "\"\\ud83d\\ude00\""),
    ("white space", "\" \\t \""),
    ("escaped slash", "\"\\/\""),
];

/// Replacements of the whole text.
const WHOLES: &[(&str, &str)] = &[
    ("empty body", ""),
    ("blank body", " "),
    ("HTML body", "<html><body>502</body></html>"),
    ("two values", "{} {}"),
];

/// All mutations of a payload in compact JSON, in the order of its values.
///
/// # Panics
/// The text is no JSON.
pub fn mutations(text: &str) -> Vec<Mutation> {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("payload", text.to_owned()));
    let root = match json::parse(&sources, id, &Limits::default()) {
        Ok(root) => root,
        Err(problems) => panic!("the payload is no JSON: {problems:?}"),
    };
    let mut list = List {
        text,
        found: Vec::new(),
    };
    list.whole();
    list.value(&root, &verbatim_source::Pointer::root());
    list.found
}

struct List<'t> {
    text: &'t str,
    found: Vec<Mutation>,
}

impl List<'_> {
    fn whole(&mut self) {
        for (operator, text) in WHOLES {
            self.push(operator, "", (*text).to_owned());
        }
        self.push("byte order mark", "", format!("\u{feff}{}", self.text));
        self.push("cut off", "", self.text[..self.text.len() - 1].to_owned());
        self.push("trailing text", "", format!("{}x", self.text));
        self.push("positional", "", format!("[{}]", self.text));
    }

    fn push(&mut self, operator: &'static str, pointer: &str, text: String) {
        if text != self.text {
            self.found.push(Mutation {
                operator,
                pointer: pointer.to_owned(),
                text,
            });
        }
    }

    fn splice(&mut self, operator: &'static str, pointer: &str, range: (usize, usize), new: &str) {
        let text = [&self.text[..range.0], new, &self.text[range.1..]].concat();
        self.push(operator, pointer, text);
    }

    fn value(&mut self, node: &Node, pointer: &verbatim_source::Pointer) {
        let at = pointer.as_str();
        let range = range(node);
        for (operator, new) in SWAPS {
            self.splice(operator, at, range, new);
        }
        match &node.value {
            Value::Number(_) => {
                for (operator, new) in NUMBERS {
                    self.splice(operator, at, range, new);
                }
            }
            Value::String(text) => self.string(text, range, at),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(item, &pointer.item(index));
                }
                self.array(items, range, at);
            }
            Value::Object(object) => {
                for member in object.members() {
                    self.value(&member.value, &pointer.join(&member.key));
                }
                self.object(object.members(), range, at);
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn string(&mut self, text: &str, range: (usize, usize), at: &str) {
        for (operator, new) in TEXTS {
            self.splice(operator, at, range, new);
        }
        for (operator, new) in [
            ("lower case", text.to_lowercase()),
            ("upper case", text.to_uppercase()),
            ("trailing space", format!("{text} ")),
        ] {
            self.splice(operator, at, range, &write::quoted(&new));
        }
    }

    fn array(&mut self, items: &[Node], (start, end): (usize, usize), at: &str) {
        let comma = if items.is_empty() { "" } else { "," };
        self.splice("item null", at, (end - 1, end - 1), &format!("{comma}null"));
        self.splice("trailing comma", at, (end - 1, end - 1), ",");
        let depth = |n: usize| format!("{comma}{}{}", "[".repeat(n), "]".repeat(n));
        self.splice("depth 127", at, (end - 1, end - 1), &depth(127));
        self.splice("depth 128", at, (end - 1, end - 1), &depth(128));
        if let [first, .., last] = items {
            let texts = [range(last), range(first)].map(|(from, to)| &self.text[from..to]);
            let middle = &self.text[range(first).1..range(last).0];
            let swapped = ["[", texts[0], middle, texts[1], "]"].concat();
            self.splice("items swapped", at, (start, end), &swapped);
        }
    }

    fn object(&mut self, members: &[Member], (start, end): (usize, usize), at: &str) {
        let inside = (end - 1, end - 1);
        let comma = if members.is_empty() { "" } else { "," };
        for (operator, new) in [
            ("unknown property", "\"x-new\":{\"a\":[1.50,null,\"\"]}"),
            ("unknown null", "\"x-new\":null"),
            ("unknown deep", "\"x\":{\"x\":{\"x\":{\"x\":[[[]]]}}}"),
            ("unknown twice", "\"x-new\":1,\"x-new\":2"),
            ("unknown twice within", "\"x-new\":{\"a\":1,\"a\":2}"),
            ("unknown escaped twice", "\"a-new\":1,\"\\u0061-new\":2"),
        ] {
            self.splice(operator, at, inside, &format!("{comma}{new}"));
        }
        self.splice("trailing comma", at, inside, ",");
        let values: Vec<&str> = members
            .iter()
            .map(|member| range(&member.value))
            .map(|(from, to)| &self.text[from..to])
            .collect();
        let positional = format!("[{}]", values.join(","));
        self.splice("object as array", at, (start, end), &positional);
        let mut pairs: Vec<String> = members.iter().map(|member| self.pair(member)).collect();
        pairs.reverse();
        let reversed = format!("{{ {} }}", pairs.join(" ,\n\t"));
        self.splice("order reversed", at, (start, end), &reversed);
        self.root(members, (start, end), at);
        for (index, member) in members.iter().enumerate() {
            self.member(members, index, (start, end), at);
            let pair = self.pair(member);
            let (_, value_end) = range(&member.value);
            let after = (value_end, value_end);
            self.splice("property twice", at, after, &format!(",{pair}"));
            let key = write::quoted(&member.key);
            self.splice(
                "property twice, other",
                at,
                after,
                &format!(",{key}:\"other\""),
            );
            self.splice(
                "property twice, escaped",
                at,
                after,
                &format!(",{}:1", escaped(&member.key)),
            );
        }
    }

    /// Roots around objects: one too many, one too few, another one.
    fn root(&mut self, members: &[Member], (start, end): (usize, usize), at: &str) {
        let whole = &self.text[start..end];
        let under = format!("{{\"x-root\":{whole}}}");
        self.splice("under a root", at, (start, end), &under);
        let [only] = members else { return };
        let (from, to) = range(&only.value);
        let (inner, key) = (&self.text[from..to], write::quoted(&only.key));
        self.splice(ROOT_TAKEN_OFF, at, (start, end), inner);
        let twice = format!("{{{key}:{whole}}}");
        self.splice("root twice", at, (start, end), &twice);
        let other = format!("{{\"x-root\":{inner}}}");
        self.splice("another root", at, (start, end), &other);
        let beside = format!("{{{key}:{inner},\"x-root\":{inner}}}");
        self.splice("two roots", at, (start, end), &beside);
    }

    fn member(&mut self, members: &[Member], index: usize, (start, end): (usize, usize), at: &str) {
        let kept: Vec<String> = members
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index)
            .map(|(_, member)| self.pair(member))
            .collect();
        let without = format!("{{{}}}", kept.join(","));
        self.splice("property dropped", at, (start, end), &without);
        let member = &members[index];
        let key = (member.key_span.start as usize, member.key_span.end as usize);
        let upper = write::quoted(&member.key.to_uppercase());
        self.splice("name in upper case", at, key, &upper);
        self.splice("name escaped", at, key, &escaped(&member.key));
    }

    fn pair(&self, member: &Member) -> String {
        let (_, end) = range(&member.value);
        self.text[member.key_span.start as usize..end].to_owned()
    }
}

fn range(node: &Node) -> (usize, usize) {
    (node.span.start as usize, node.span.end as usize)
}

/// A name as a JSON string in which every character is escaped.
fn escaped(name: &str) -> String {
    let mut escaped = "\"".to_owned();
    for unit in name.encode_utf16() {
        let _ = write!(escaped, "\\u{unit:04x}");
    }
    escaped.push('"');
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_changes_the_text() {
        let text = r#"{"a":[1,{"b":"x"}],"c":null,"d":{}}"#;
        let mutations = mutations(text);
        assert!(mutations.len() > 140, "{}", mutations.len());
        assert!(mutations.iter().all(|mutation| mutation.text != text));
        let find = |operator: &str, pointer: &str| {
            let mut found = mutations.iter();
            let found = found.find(|m| m.operator == operator && m.pointer == pointer);
            found.map(|m| m.text.as_str()).unwrap_or_default()
        };
        assert_eq!(find("null", "/a/1"), r#"{"a":[1,null],"c":null,"d":{}}"#);
        assert_eq!(
            find("unknown null", "/d"),
            r#"{"a":[1,{"b":"x"}],"c":null,"d":{"x-new":null}}"#
        );
        assert_eq!(find("property dropped", ""), r#"{"c":null,"d":{}}"#);
        assert_eq!(
            find("items swapped", "/a"),
            r#"{"a":[{"b":"x"},1],"c":null,"d":{}}"#
        );
        assert_eq!(
            find("object as array", "/a/1"),
            r#"{"a":[1,["x"]],"c":null,"d":{}}"#
        );
    }
}
