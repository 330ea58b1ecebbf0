//! From JSON to XML.

use super::{DEEPEST, Error, Layouts, step, to_json, xml_type};
use crate::layout::{Format, Layout};
use crate::parameter::Members;
use serde_json::value::RawValue;

/// The XML text of a JSON text of a type.
///
/// # Errors
///
/// The place of a value that would not come back equal.
pub fn from_json(json: &str, name: &str, format: &Format) -> Result<String, Error> {
    let (layout, root) = xml_type(format, name);
    let layouts = Layouts(format);
    let layout = layouts.choices(layout);
    let mut out = Out {
        layouts,
        xml: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"),
        pointer: String::new(),
    };
    let json = json.trim_ascii();
    match out.under(json, &layout)? {
        Some((key, inner, value)) => {
            out.within(key, |out| out.element(key, &value, &inner, 0))?;
        }
        None if root.is_empty() => out.element("value", json, &layout, 0)?,
        None => out.element(root, json, &layout, 0)?,
    }
    // What a reader makes of it decides, not what was meant.
    let back = to_json(&out.xml, name, format)?;
    match difference(json, &back)? {
        None => Ok(out.xml),
        Some(pointer) => {
            let message = format!("the value would change on its way through {}", format.name);
            Err(Error::new(pointer, message))
        }
    }
}

struct Out<'f> {
    layouts: Layouts<'f>,
    xml: String,
    pointer: String,
}

/// A root key, the layouts of what stands under it, and its JSON text.
type Rooted = (&'static str, Vec<Layout>, String);

impl Out<'_> {
    /// The root key that a value stands under, where it does.
    fn under(&self, json: &str, layouts: &[Layout]) -> Result<Option<Rooted>, Error> {
        if !json.starts_with('{') {
            return Ok(None);
        }
        let members = self.members(json)?;
        let [(name, value)] = members.as_slice() else {
            return Ok(None);
        };
        let root = self.layouts.root(layouts, |key| key == name);
        Ok(root.map(|(key, inner)| (key, inner, value.get().to_owned())))
    }

    fn element(
        &mut self,
        name: &str,
        json: &str,
        layouts: &[Layout],
        depth: usize,
    ) -> Result<(), Error> {
        if !is_name(name) {
            return Err(self.error(format!("{name:?} cannot be the name of an element")));
        }
        if depth >= DEEPEST {
            return Err(self.error(format!("more than {DEEPEST} elements inside one another")));
        }
        let kind = match json.as_bytes().first() {
            Some(b'{' | b'"') => "",
            Some(b'[') => r#" type="array""#,
            Some(b'n') => {
                self.push(&["<", name, r#" nil="true"/>"#]);
                return Ok(());
            }
            Some(b't' | b'f') => r#" type="boolean""#,
            _ if json.contains(['.', 'e', 'E']) => r#" type="decimal""#,
            _ => r#" type="integer""#,
        };
        self.push(&["<", name, kind, ">"]);
        match json.as_bytes().first() {
            Some(b'{') => self.properties(json, layouts, depth)?,
            Some(b'[') => self.items(name, json, layouts, depth)?,
            Some(b'"') => {
                let text: String = serde_json::from_str(json).map_err(|error| self.json(&error))?;
                self.text(&text)?;
            }
            _ => self.xml.push_str(json),
        }
        self.push(&["</", name, ">"]);
        Ok(())
    }

    fn properties(&mut self, json: &str, layouts: &[Layout], depth: usize) -> Result<(), Error> {
        for (name, value) in self.members(json)? {
            let property = self.layouts.property(layouts, &name).unwrap_or_default();
            self.within(&name, |out| {
                out.element(&name, value.get(), &property, depth + 1)
            })?;
        }
        Ok(())
    }

    fn items(
        &mut self,
        name: &str,
        json: &str,
        layouts: &[Layout],
        depth: usize,
    ) -> Result<(), Error> {
        let items: Vec<&RawValue> =
            serde_json::from_str(json).map_err(|error| self.json(&error))?;
        let item = self.layouts.items(layouts);
        let single = name
            .strip_suffix('s')
            .filter(|name| is_name(name))
            .unwrap_or("item");
        for (index, value) in items.into_iter().enumerate() {
            self.within(&index.to_string(), |out| {
                match out.under(value.get(), &item)? {
                    Some((key, inner, value)) => {
                        out.within(key, |out| out.element(key, &value, &inner, depth + 1))
                    }
                    None => out.element(single, value.get(), &item, depth + 1),
                }
            })?;
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Error> {
        for each in text.chars() {
            match each {
                '<' => self.xml.push_str("&lt;"),
                '>' => self.xml.push_str("&gt;"),
                '&' => self.xml.push_str("&amp;"),
                // A reader would take it for the end of a line.
                '\r' => self.xml.push_str("&#13;"),
                _ if is_allowed(each) => self.xml.push(each),
                _ => return Err(self.error(format!("XML has no way to write {each:?}"))),
            }
        }
        Ok(())
    }

    fn members<'j>(&self, json: &'j str) -> Result<Vec<(String, &'j RawValue)>, Error> {
        let Members(members) = serde_json::from_str(json).map_err(|error| self.json(&error))?;
        Ok(members)
    }

    fn within(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let length = self.pointer.len();
        step(&mut self.pointer, name);
        write(self)?;
        self.pointer.truncate(length);
        Ok(())
    }

    fn push(&mut self, texts: &[&str]) {
        for text in texts {
            self.xml.push_str(text);
        }
    }

    fn json(&self, error: &serde_json::Error) -> Error {
        self.error(format!("the value is no JSON: {error}"))
    }

    fn error(&self, message: impl Into<String>) -> Error {
        Error::new(self.pointer.clone(), message)
    }
}

/// The place of the first difference between two JSON texts, where they do not say the same. Numbers
/// are compared as they are written, since nothing writes them anew.
fn difference(one: &str, other: &str) -> Result<Option<String>, Error> {
    let wrong = |error: serde_json::Error| Error::new(String::new(), format!("no JSON: {error}"));
    let here = Some(String::new());
    match (one.as_bytes().first(), other.as_bytes().first()) {
        (Some(b'{'), Some(b'{')) => {
            let Members(one) = serde_json::from_str(one).map_err(wrong)?;
            let Members(other) = serde_json::from_str(other).map_err(wrong)?;
            if one.len() != other.len() {
                return Ok(here);
            }
            for ((name, one), (known, other)) in one.into_iter().zip(other) {
                let inner = difference(one.get(), other.get())?;
                let inner = inner.or_else(|| (name != known).then(String::new));
                if let Some(inner) = inner {
                    return Ok(Some(below(&name, &inner)));
                }
            }
            Ok(None)
        }
        (Some(b'['), Some(b'[')) => {
            let one: Vec<&RawValue> = serde_json::from_str(one).map_err(wrong)?;
            let other: Vec<&RawValue> = serde_json::from_str(other).map_err(wrong)?;
            if one.len() != other.len() {
                return Ok(here);
            }
            for (index, (one, other)) in one.into_iter().zip(other).enumerate() {
                if let Some(inner) = difference(one.get(), other.get())? {
                    return Ok(Some(below(&index.to_string(), &inner)));
                }
            }
            Ok(None)
        }
        (Some(b'"'), Some(b'"')) => {
            let one: String = serde_json::from_str(one).map_err(wrong)?;
            let other: String = serde_json::from_str(other).map_err(wrong)?;
            Ok(here.filter(|_| one != other))
        }
        _ => Ok(here.filter(|_| one != other)),
    }
}

fn below(name: &str, inner: &str) -> String {
    let mut pointer = String::new();
    step(&mut pointer, name);
    pointer.push_str(inner);
    pointer
}

/// Whether a text can name an element. Names with a prefix are left out: nothing declares it.
fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    let first = characters.next();
    first.is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|each| each.is_alphanumeric() || "_-.".contains(each))
}

/// Whether XML 1.0 has the character.
pub(super) fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
