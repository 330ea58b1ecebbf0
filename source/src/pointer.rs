//! JSON Pointer (RFC 6901).

use std::borrow::Cow;
use std::fmt;

use crate::node::{Node, Value};
use crate::text::Span;

/// A path from the root of a tree to one value, as text: `/paths/~1servers/get`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer {
    text: String,
}

impl Pointer {
    /// The pointer to the root.
    pub fn root() -> Self {
        Self::default()
    }

    /// A pointer from its text; `None` where the text is no pointer.
    pub fn parse(text: &str) -> Option<Self> {
        is_pointer(text).then(|| Self {
            text: text.to_owned(),
        })
    }

    /// Goes down to the member of a key or, with a number in it, to an item.
    pub fn push(&mut self, token: &str) {
        self.text.push('/');
        for character in token.chars() {
            match character {
                '~' => self.text.push_str("~0"),
                '/' => self.text.push_str("~1"),
                other => self.text.push(other),
            }
        }
    }

    /// The pointer one level down.
    #[must_use]
    pub fn join(&self, token: &str) -> Self {
        let mut longer = self.clone();
        longer.push(token);
        longer
    }

    /// The pointer to an item.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        self.join(&index.to_string())
    }

    /// The text of the pointer.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The tokens from the root on, with escapes resolved.
    pub fn tokens(&self) -> impl Iterator<Item = String> + '_ {
        self.text
            .split('/')
            .skip(1)
            .map(|token| unescape(token).into_owned())
    }

    /// The pointer one level up; `None` at the root.
    pub fn parent(&self) -> Option<Self> {
        self.text.rsplit_once('/').map(|(text, _)| Self {
            text: text.to_owned(),
        })
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// The value that a pointer names; `None` where there is none or the text is no pointer.
pub fn resolve<'a>(root: &'a Node, pointer: &str) -> Option<&'a Node> {
    if !is_pointer(pointer) {
        return None;
    }
    pointer.split('/').skip(1).try_fold(root, |node, token| {
        let token = unescape(token);
        match &node.value {
            Value::Object(object) => object.get(&token),
            Value::Array(items) => items.get(index(&token)?),
            _ => None,
        }
    })
}

/// The place of what a pointer names, or of the nearest thing around it that is there: of a member it is the key.
pub fn nearest(root: &Node, pointer: &Pointer) -> Span {
    let mut found = (root, root.span.at_start());
    for token in pointer.tokens() {
        let next = match &found.0.value {
            Value::Object(object) => object
                .member(&token)
                .map(|member| (&member.value, member.key_span)),
            Value::Array(items) => index(&token)
                .and_then(|at| items.get(at))
                .map(|item| (item, item.span)),
            _ => None,
        };
        match next {
            Some(next) => found = next,
            None => break,
        }
    }
    found.1
}

/// The value that a pointer names, to be changed.
pub fn resolve_mut<'a>(root: &'a mut Node, pointer: &str) -> Option<&'a mut Node> {
    if !is_pointer(pointer) {
        return None;
    }
    pointer.split('/').skip(1).try_fold(root, |node, token| {
        let token = unescape(token);
        match &mut node.value {
            Value::Object(object) => object.get_mut(&token),
            Value::Array(items) => items.get_mut(index(&token)?),
            _ => None,
        }
    })
}

/// The text behind the `#` of a URI reference with its percent escapes resolved; `None` where an
/// escape is broken or does not give UTF-8.
pub fn from_fragment(fragment: &str) -> Option<String> {
    if !fragment.contains('%') {
        return Some(fragment.to_owned());
    }
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let (&[high, low], behind) = rest.split_first_chunk::<2>()?;
        let high = char::from(high).to_digit(16)?;
        let low = char::from(low).to_digit(16)?;
        bytes.push(u8::try_from(high * 16 + low).ok()?);
        rest = behind;
    }
    String::from_utf8(bytes).ok()
}

fn is_pointer(text: &str) -> bool {
    let escapes_hold = || {
        text.split('~')
            .skip(1)
            .all(|after| after.starts_with('0') || after.starts_with('1'))
    };
    (text.is_empty() || text.starts_with('/')) && escapes_hold()
}

fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

/// An array index as RFC 6901 writes it: no sign, no leading zero.
fn index(token: &str) -> Option<usize> {
    let plain = token == "0" || !token.starts_with('0');
    let digits = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
    (plain && digits).then(|| token.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, Source, Sources};

    fn tree(text: &str) -> Node {
        let mut sources = Sources::new();
        let id = sources.add(Source::new("a.json", text.to_owned()));
        crate::parse(&sources, id, &Limits::default()).unwrap()
    }

    #[test]
    fn pointers_find_values() {
        let root = tree(r#"{"a/b": [10, {"~": "x", "": "empty"}]}"#);
        assert_eq!(
            resolve(&root, "/a~1b/0").and_then(Node::as_number),
            Some("10")
        );
        assert_eq!(
            resolve(&root, "/a~1b/1/~0").and_then(Node::as_str),
            Some("x")
        );
        assert_eq!(
            resolve(&root, "/a~1b/1/").and_then(Node::as_str),
            Some("empty")
        );
        assert!(resolve(&root, "").is_some());
        for wrong in [
            "a",
            "/a~1b/00",
            "/a~1b/2",
            "/a~1b/+0",
            "/a~2b",
            "/a~",
            "/a~1b/0/x",
        ] {
            assert!(resolve(&root, wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn pointers_are_built_and_taken_apart() {
        let mut pointer = Pointer::root();
        pointer.push("paths");
        pointer.push("/a~{id}");
        let pointer = pointer.item(3);
        assert_eq!(pointer.to_string(), "/paths/~1a~0{id}/3");
        assert_eq!(
            pointer.tokens().collect::<Vec<_>>(),
            ["paths", "/a~{id}", "3"]
        );
        assert_eq!(pointer.parent().unwrap().as_str(), "/paths/~1a~0{id}");
        assert!(Pointer::root().parent().is_none());
    }

    #[test]
    fn fragments_lose_their_percent_escapes() {
        assert_eq!(
            from_fragment("/a%7Bid%7d/%C3%A4").as_deref(),
            Some("/a{id}/ä")
        );
        for wrong in ["%", "%4", "%zz", "%ff"] {
            assert!(from_fragment(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn values_can_be_changed_in_place() {
        let mut root = tree(r#"{"a": [1]}"#);
        resolve_mut(&mut root, "/a/0").unwrap().value = Value::Null;
        assert!(matches!(resolve(&root, "/a/0").unwrap().value, Value::Null));
    }
}
