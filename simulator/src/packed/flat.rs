//! A value as a list of its parts, and its scalars beside them.

use verbatim_source::{Node, Object, Value};

/// What a scalar is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool,
    Number,
    Text,
}

/// A scalar: what it is, and how it is written without quotes or escapes; nothing for null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scalar<'a> {
    pub kind: Kind,
    pub text: &'a str,
}

impl<'a> Scalar<'a> {
    /// The scalar that a value is; `None` for lists and objects.
    pub fn of(value: &'a Value) -> Option<Self> {
        let (kind, text) = match value {
            Value::Null => (Kind::Null, ""),
            Value::Bool(true) => (Kind::Bool, "true"),
            Value::Bool(false) => (Kind::Bool, "false"),
            Value::Number(lexeme) => (Kind::Number, lexeme.as_str()),
            Value::String(text) => (Kind::Text, text.as_str()),
            Value::Array(_) | Value::Object(_) => return None,
        };
        Some(Self { kind, text })
    }

    /// The text by which something is looked up; `None` for null.
    pub fn key(self) -> Option<&'a str> {
        (self.kind != Kind::Null).then_some(self.text)
    }

    fn value(self) -> Value {
        match self.kind {
            Kind::Null => Value::Null,
            Kind::Bool => Value::Bool(self.text == "true"),
            Kind::Number => Value::Number(self.text.to_owned()),
            Kind::Text => Value::String(self.text.to_owned()),
        }
    }
}

/// One part of a value, in the order of its text. Keys are told by where they end among the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Object(u32),
    Array(u32),
    Key(u32),
    Scalar,
}

/// A value without its scalars.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    parts: Box<[Part]>,
    keys: Box<str>,
}

/// The scalars of a value, one after another.
#[derive(Debug, Clone, Default)]
pub(super) struct Scalars {
    /// What each is, and where it ends among the texts.
    ends: Box<[(Kind, u32)]>,
    texts: Box<str>,
}

impl Scalars {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// About how many bytes they take.
    pub fn weight(&self) -> usize {
        self.ends.len() * size_of::<(Kind, u32)>() + self.texts.len()
    }

    pub fn get(&self, at: usize) -> Option<Scalar<'_>> {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = start.map_or(0, |(_, end)| *end as usize);
        let (kind, end) = *self.ends.get(at)?;
        let text = self.texts.get(start..end as usize)?;
        Some(Scalar { kind, text })
    }
}

impl Shape {
    /// About how many bytes it takes.
    pub fn weight(&self) -> usize {
        self.parts.len() * size_of::<Part>() + self.keys.len()
    }

    /// Which of the scalars a pointer names; `None` where it names none.
    pub fn find(&self, pointer: &str) -> Option<usize> {
        let mut tokens = pointer.split('/');
        if tokens.next() != Some("") {
            return None;
        }
        let mut walk = Walk::new(self);
        for token in tokens {
            let token = token.replace("~1", "/").replace("~0", "~");
            match walk.next()? {
                Part::Object(members) => walk.seek_member(members, &token)?,
                Part::Array(items) => {
                    let wanted: u32 = token.parse().ok().filter(|at| *at < items)?;
                    (0..wanted).for_each(|_| walk.skip());
                }
                Part::Key(_) | Part::Scalar => return None,
            }
        }
        (walk.next() == Some(Part::Scalar)).then(|| walk.scalars - 1)
    }

    /// The value again, with scalars in the order of the text.
    pub fn filled<'s>(&self, mut scalar: impl FnMut(usize) -> Option<Scalar<'s>>) -> Value {
        Walk::new(self).value(&mut scalar)
    }
}

/// A way through the parts of a shape.
struct Walk<'a> {
    shape: &'a Shape,
    at: usize,
    key: usize,
    /// How many scalars were passed.
    scalars: usize,
}

impl<'a> Walk<'a> {
    fn new(shape: &'a Shape) -> Self {
        Self {
            shape,
            at: 0,
            key: 0,
            scalars: 0,
        }
    }

    fn next(&mut self) -> Option<Part> {
        let part = *self.shape.parts.get(self.at)?;
        self.at += 1;
        self.scalars += usize::from(part == Part::Scalar);
        Some(part)
    }

    fn key(&mut self) -> &'a str {
        let Some(Part::Key(end)) = self.next() else {
            return "";
        };
        let start = std::mem::replace(&mut self.key, end as usize);
        self.shape.keys.get(start..self.key).unwrap_or_default()
    }

    /// Goes on to the value of a member.
    fn seek_member(&mut self, members: u32, name: &str) -> Option<()> {
        for _ in 0..members {
            if self.key() == name {
                return Some(());
            }
            self.skip();
        }
        None
    }

    fn skip(&mut self) {
        match self.next() {
            Some(Part::Object(members)) => {
                for _ in 0..members {
                    self.key();
                    self.skip();
                }
            }
            Some(Part::Array(items)) => (0..items).for_each(|_| self.skip()),
            Some(Part::Key(_) | Part::Scalar) | None => {}
        }
    }

    fn value<'s>(&mut self, scalar: &mut impl FnMut(usize) -> Option<Scalar<'s>>) -> Value {
        match self.next() {
            Some(Part::Object(members)) => {
                let mut object = Object::new();
                for _ in 0..members {
                    let key = self.key();
                    object.insert(key, Node::made(self.value(scalar)));
                }
                Value::Object(object)
            }
            Some(Part::Array(items)) => {
                let items = (0..items).map(|_| Node::made(self.value(scalar)));
                Value::Array(items.collect())
            }
            Some(Part::Scalar) => scalar(self.scalars - 1).map_or(Value::Null, Scalar::value),
            Some(Part::Key(_)) | None => Value::Null,
        }
    }
}

/// Takes a value apart; `None` where it is too large for places of 32 bits.
pub(super) fn flat(value: &Value) -> Option<(Shape, Scalars)> {
    let mut builder = Builder::default();
    builder.add(value)?;
    let shape = Shape {
        parts: builder.parts.into(),
        keys: builder.keys.into(),
    };
    let scalars = Scalars {
        ends: builder.ends.into(),
        texts: builder.texts.into(),
    };
    Some((shape, scalars))
}

#[derive(Default)]
struct Builder {
    parts: Vec<Part>,
    keys: String,
    ends: Vec<(Kind, u32)>,
    texts: String,
}

impl Builder {
    fn add(&mut self, value: &Value) -> Option<()> {
        match value {
            Value::Object(object) => {
                self.parts.push(Part::Object(small(object.len())?));
                for member in object {
                    self.keys.push_str(&member.key);
                    self.parts.push(Part::Key(small(self.keys.len())?));
                    self.add(&member.value.value)?;
                }
            }
            Value::Array(items) => {
                self.parts.push(Part::Array(small(items.len())?));
                for item in items {
                    self.add(&item.value)?;
                }
            }
            scalar => {
                let scalar = Scalar::of(scalar)?;
                self.texts.push_str(scalar.text);
                self.parts.push(Part::Scalar);
                self.ends.push((scalar.kind, small(self.texts.len())?));
            }
        }
        Some(())
    }
}

pub(super) fn small(number: usize) -> Option<u32> {
    u32::try_from(number).ok()
}
