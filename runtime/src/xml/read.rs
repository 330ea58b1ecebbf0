//! From XML to JSON, event by event.

use super::{DEEPEST, Error, Layouts, is_named, may_be_plain, roots, step, xml_type};
use crate::json::Number;
use crate::layout::{Format, Layout};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// The JSON text that an XML text of a type says.
///
/// # Errors
///
/// The place of what is not well-formed, not of this type's root, or has no meaning as JSON.
pub fn to_json(text: &str, name: &str, format: &Format) -> Result<String, Error> {
    let (layout, root) = xml_type(format, name);
    let mut reader = Reader::from_str(text);
    let layouts = Layouts(format);
    let mut body = Body {
        layouts,
        layout: layouts.choices(layout),
        root,
        open: Vec::new(),
        json: String::with_capacity(text.len()),
        is_over: false,
    };
    loop {
        // Where the event begins, which is what a reader of the message looks for.
        let byte = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let error = Error::new(body.pointer(), format!("not well-formed: {error}"));
                let byte = usize::try_from(reader.error_position()).unwrap_or(byte);
                return Err(error.at(text, byte));
            }
        };
        let is_end = matches!(event, Event::Eof);
        body.take(event).map_err(|error| error.at(text, byte))?;
        if is_end {
            return Ok(body.json);
        }
    }
}

/// What is read so far.
struct Body<'f> {
    layouts: Layouts<'f>,
    /// Those that the body as a whole may have.
    layout: Vec<Layout>,
    root: &'static str,
    /// The elements that are open, outermost first.
    open: Vec<Open>,
    json: String,
    /// Whether the root element is closed.
    is_over: bool,
}

/// An element that is open.
struct Open {
    /// The steps that lead to it in JSON, for messages.
    steps: String,
    /// What it is.
    kind: Kind,
    /// The layouts that it may have.
    layout: Vec<Layout>,
    /// What `type` says of a scalar.
    mark: Mark,
    /// Text in it so far.
    text: String,
    /// Items or properties so far.
    count: usize,
    /// Whether an object of its root key is still to be closed.
    is_under: bool,
}

/// What a new element is to those around it: the steps to it, the layouts it may have, and whether it
/// is a root key.
type Place = (String, Vec<Layout>, bool);

/// What an element is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It has no element in it yet, and may be a scalar or an object.
    Undecided,
    Object,
    List,
    Null,
}

/// What the attribute `type` says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    Array,
    Number,
    Boolean,
    /// A text of some kind: a date, a symbol.
    Text,
}

impl Body<'_> {
    fn take(&mut self, event: Event<'_>) -> Result<(), Error> {
        match event {
            Event::Start(start) => self.begin(&start),
            Event::Empty(start) => {
                self.begin(&start)?;
                self.end()
            }
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(&lines(&text)),
            Event::CData(text) => self.text(&lines(&text)),
            Event::GeneralRef(name) => match character(&name) {
                Some(character) => self.text(character.encode_utf8(&mut [0; 4])),
                None => Err(self.error(format!("the entity `&{};` is not known", &*name))),
            },
            Event::DocType(_) => Err(self.error("a document type is declared, which is not read")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Ok(()),
            Event::Eof => match (self.open.last(), self.is_over) {
                (Some(_), _) => Err(self.error("the text ends before this element does")),
                (None, true) => Ok(()),
                (None, false) => Err(self.error("there is no element")),
            },
        }
    }

    fn begin(&mut self, start: &BytesStart<'_>) -> Result<(), Error> {
        if self.open.len() >= DEEPEST {
            return Err(self.error(format!("more than {DEEPEST} elements inside one another")));
        }
        let name = start.name().as_ref().to_owned();
        let (steps, layout, is_under) = self.place(&name)?;
        self.open.push(Open {
            steps,
            kind: Kind::Undecided,
            layout,
            mark: Mark::None,
            text: String::new(),
            count: 0,
            is_under,
        });
        let (mark, is_null) = self.marks(start)?;
        let Some(open) = self.open.last_mut() else {
            return Ok(());
        };
        open.mark = mark;
        if is_null {
            open.kind = Kind::Null;
            self.json.push_str("null");
        } else if mark == Mark::Array {
            open.kind = Kind::List;
            self.json.push('[');
        }
        Ok(())
    }

    /// Finds the place of a new element.
    fn place(&mut self, name: &str) -> Result<Place, Error> {
        let layouts = self.layouts;
        let Some(parent) = self.open.last_mut() else {
            return self.root(name);
        };
        if parent.kind == Kind::Undecided && parent.mark == Mark::None {
            // A list that is not marked as one, or an object.
            let is_list = is(&parent.layout, |it| matches!(it, Layout::List(_)))
                && !is(&parent.layout, |it| matches!(it, Layout::Object(..)));
            parent.kind = if is_list { Kind::List } else { Kind::Object };
            self.json.push(if is_list { '[' } else { '{' });
        }
        let has_text = !parent.text.trim_ascii().is_empty();
        let (kind, count) = (parent.kind, parent.count);
        parent.count += 1;
        if has_text || matches!(kind, Kind::Undecided | Kind::Null) {
            return Err(self.error(format!("the element `{name}` stands where none can")));
        }
        if count > 0 {
            self.json.push(',');
        }
        if kind == Kind::List {
            let item = layouts.items(&parent.layout);
            if let Some((key, inner)) = layouts.root(&item, |key| is_named(name, key)) {
                self.open_root(key);
                return Ok((steps(&[&count.to_string(), key]), inner, true));
            }
            if may_be_plain(&item) {
                return Ok((steps(&[&count.to_string()]), item, false));
            }
            return Err(self.error(format!("expected {}, found `{name}`", keys(&roots(&item)))));
        }
        let (key, property) = if let Some(property) = layouts.property(&parent.layout, name) {
            (name.to_owned(), property)
        } else {
            let key = name.replace('-', "_");
            let property = layouts.property(&parent.layout, &key);
            (key, property.unwrap_or_else(|| vec![Layout::Any]))
        };
        self.json.push_str(&quoted(&key));
        self.json.push(':');
        Ok((steps(&[&key]), property, false))
    }

    /// The root element.
    fn root(&mut self, name: &str) -> Result<Place, Error> {
        if self.is_over {
            return Err(self.error(format!("the element `{name}` stands after the root")));
        }
        if let Some((key, inner)) = self.layouts.root(&self.layout, |key| is_named(name, key)) {
            self.open_root(key);
            return Ok((steps(&[key]), inner, true));
        }
        let is_plain = may_be_plain(&self.layout);
        if is_plain && (self.root.is_empty() || is_named(name, self.root)) {
            return Ok((String::new(), self.layout.clone(), false));
        }
        let mut expected = roots(&self.layout);
        if is_plain {
            expected.push(self.root);
        }
        Err(self.error(format!(
            "expected the root {}, found `{name}`",
            keys(&expected)
        )))
    }

    fn open_root(&mut self, key: &str) {
        self.json.push('{');
        self.json.push_str(&quoted(key));
        self.json.push(':');
    }

    /// What the attributes of an element say. One that has no place in JSON is refused, since it
    /// would be lost.
    fn marks(&self, start: &BytesStart<'_>) -> Result<(Mark, bool), Error> {
        let (mut mark, mut is_null) = (Mark::None, false);
        for attribute in start.attributes() {
            let attribute =
                attribute.map_err(|error| self.error(format!("not well-formed: {error}")))?;
            match (attribute.key.as_ref(), &*attribute.value) {
                ("nil", "true") => is_null = true,
                ("nil", "false") => {}
                ("type", kind) => {
                    mark = match kind {
                        "array" => Mark::Array,
                        "integer" | "float" | "decimal" => Mark::Number,
                        "boolean" => Mark::Boolean,
                        _ => Mark::Text,
                    }
                }
                (key, _) => {
                    return Err(self.error(format!("the attribute `{key}` means nothing here")));
                }
            }
        }
        Ok((mark, is_null))
    }

    fn text(&mut self, text: &str) -> Result<(), Error> {
        match self.open.last_mut() {
            Some(open) if open.kind == Kind::Undecided => {
                open.text.push_str(text);
                Ok(())
            }
            _ if text.trim_ascii().is_empty() => Ok(()),
            Some(_) => Err(self.error("there is text between elements")),
            None => Err(self.error("there is text outside of the root")),
        }
    }

    fn end(&mut self) -> Result<(), Error> {
        let Some(open) = self.open.last() else {
            return Err(self.error("an element ends that has not begun"));
        };
        match open.kind {
            Kind::Object => self.json.push('}'),
            Kind::List => self.json.push(']'),
            Kind::Null => {}
            Kind::Undecided => {
                let scalar = self.scalar(open)?;
                self.json.push_str(&scalar);
            }
        }
        if open.is_under {
            self.json.push('}');
        }
        self.open.pop();
        self.is_over = self.open.is_empty();
        Ok(())
    }

    /// The JSON text of an element without elements in it.
    fn scalar(&self, open: &Open) -> Result<String, Error> {
        let text = open.text.as_str();
        let is = |kind: fn(&Layout) -> bool| is(&open.layout, kind);
        let is_number = || text.parse::<Number>().is_ok();
        let is_boolean = || matches!(text, "true" | "false");
        match open.mark {
            Mark::Number if is_number() => Ok(text.to_owned()),
            Mark::Number => Err(self.error(format!("{text:?} is no number"))),
            Mark::Boolean if is_boolean() => Ok(text.to_owned()),
            Mark::Boolean => Err(self.error(format!("{text:?} is neither true nor false"))),
            Mark::None if is(|it| *it == Layout::Number) && is_number() => Ok(text.to_owned()),
            Mark::None if is(|it| *it == Layout::Boolean) && is_boolean() => Ok(text.to_owned()),
            Mark::None
                if is(|it| matches!(it, Layout::Object(..) | Layout::Under(..)))
                    && text.trim_ascii().is_empty() =>
            {
                Ok("{}".to_owned())
            }
            Mark::None | Mark::Text | Mark::Array => Ok(quoted(text)),
        }
    }

    fn pointer(&self) -> String {
        self.open.iter().map(|open| open.steps.as_str()).collect()
    }

    fn error(&self, message: impl Into<String>) -> Error {
        Error::new(self.pointer(), message)
    }
}

/// Steps of a JSON pointer.
fn steps(names: &[&str]) -> String {
    let mut pointer = String::new();
    for name in names {
        step(&mut pointer, name);
    }
    pointer
}

/// The keys that were expected, in words.
fn keys(roots: &[&str]) -> String {
    let keys: Vec<String> = roots.iter().map(|key| format!("{key:?}")).collect();
    keys.join(" or ")
}

/// Whether one of the layouts is of a kind.
fn is(layouts: &[Layout], kind: fn(&Layout) -> bool) -> bool {
    layouts.iter().any(kind)
}

/// A text as a JSON string.
fn quoted(text: &str) -> String {
    // Writing a text to a string does not fail.
    serde_json::to_string(text).unwrap_or_default()
}

/// A text with the ends of its lines as XML has them.
fn lines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}

/// The character of an entity that every reader knows, or of a number.
fn character(name: &str) -> Option<char> {
    let code = match name {
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "amp" => return Some('&'),
        "apos" => return Some('\''),
        "quot" => return Some('"'),
        other => other.strip_prefix('#')?,
    };
    let code = match code.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => code.parse().ok()?,
    };
    char::from_u32(code).filter(|each| super::write::is_allowed(*each))
}
