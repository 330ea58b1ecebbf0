//! From JSON to XML.

use super::{DEEPEST, Error, Layouts, laid, step, to_json};
use crate::layout::{Format, Layout};
use crate::parameter::Members;
use serde_json::value::RawValue;

/// The XML text of a JSON text of a type.
///
/// # Errors
///
/// The place of a value that would not come back equal.
pub fn from_json(json: &str, name: &str, format: &Format) -> Result<String, Error> {
    let (layout, root) = laid(format, name);
    let layouts = Layouts(format);
    let mut out = Out {
        layouts,
        xml: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"),
        pointer: String::new(),
    };
    let json = json.trim_ascii();
    match out.under(json, layout)? {
        Some((key, inner, value)) => {
            out.within(key, |out| out.element(key, &value, inner, 0))?;
        }
        None if root.is_empty() => out.element("value", json, layout, 0)?,
        None => out.element(root, json, layout, 0)?,
    }
    // What a reader makes of it decides, not what was meant.
    let back = to_json(&out.xml, name, format)?;
    let (wanted, back) = (plain(json)?, plain(&back)?);
    if wanted != back {
        let at = wanted
            .bytes()
            .zip(back.bytes())
            .take_while(|(one, other)| one == other)
            .count();
        let before = &wanted.as_bytes()[at.saturating_sub(40)..at];
        let message = format!(
            "the value would change on its way through {}, after `{}`",
            format.name,
            String::from_utf8_lossy(before)
        );
        return Err(Error::new(String::new(), message));
    }
    Ok(out.xml)
}

struct Out<'f> {
    layouts: Layouts<'f>,
    xml: String,
    pointer: String,
}

impl Out<'_> {
    /// The root key that a value stands under, where it does.
    fn under(
        &self,
        json: &str,
        layout: Layout,
    ) -> Result<Option<(&'static str, Layout, String)>, Error> {
        let roots = self.layouts.roots(layout);
        if roots.is_empty() || !json.starts_with('{') {
            return Ok(None);
        }
        let members = self.members(json)?;
        let [(name, value)] = members.as_slice() else {
            return Ok(None);
        };
        let root = roots.into_iter().find(|(key, _)| key == name);
        Ok(root.map(|(key, inner)| (key, inner, value.get().to_owned())))
    }

    fn element(
        &mut self,
        name: &str,
        json: &str,
        layout: Layout,
        depth: usize,
    ) -> Result<(), Error> {
        if !is_name(name) {
            return Err(self.error(format!("{name:?} cannot be the name of an element")));
        }
        if depth >= DEEPEST {
            return Err(self.error(format!("more than {DEEPEST} elements inside one another")));
        }
        let kind = match json.as_bytes().first() {
            Some(b'{') => "",
            Some(b'[') => r#" type="array""#,
            Some(b'"') => "",
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
            Some(b'{') => self.properties(json, layout, depth)?,
            Some(b'[') => self.items(name, json, layout, depth)?,
            Some(b'"') => {
                let text: String = serde_json::from_str(json).map_err(|error| self.json(&error))?;
                self.text(&text)?;
            }
            _ => self.xml.push_str(json),
        }
        self.push(&["</", name, ">"]);
        Ok(())
    }

    fn properties(&mut self, json: &str, layout: Layout, depth: usize) -> Result<(), Error> {
        for (name, value) in self.members(json)? {
            let property = self.layouts.property(layout, &name).unwrap_or(Layout::Any);
            self.within(&name, |out| {
                out.element(&name, value.get(), property, depth + 1)
            })?;
        }
        Ok(())
    }

    fn items(&mut self, name: &str, json: &str, layout: Layout, depth: usize) -> Result<(), Error> {
        let items: Vec<&RawValue> =
            serde_json::from_str(json).map_err(|error| self.json(&error))?;
        let item = self.layouts.items(layout);
        let single = name
            .strip_suffix('s')
            .filter(|name| is_name(name))
            .unwrap_or("item");
        for (index, value) in items.into_iter().enumerate() {
            self.within(&index.to_string(), |out| {
                match out.under(value.get(), item)? {
                    Some((key, inner, value)) => {
                        out.within(key, |out| out.element(key, &value, inner, depth + 1))
                    }
                    None => out.element(single, value.get(), item, depth + 1),
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

/// A JSON text in one spelling: without white space, strings escaped in one way, numbers as they are.
fn plain(json: &str) -> Result<String, Error> {
    let wrong = |error: serde_json::Error| Error::new(String::new(), format!("no JSON: {error}"));
    match json.as_bytes().first() {
        Some(b'{') => {
            let Members(members) = serde_json::from_str(json).map_err(wrong)?;
            let members = members.into_iter().map(|(name, value)| {
                let name = serde_json::to_string(&name).map_err(wrong)?;
                Ok(format!("{name}:{}", plain(value.get())?))
            });
            let members: Vec<String> = members.collect::<Result<_, Error>>()?;
            Ok(format!("{{{}}}", members.join(",")))
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(json).map_err(wrong)?;
            let items = items.into_iter().map(|item| plain(item.get()));
            let items: Vec<String> = items.collect::<Result<_, Error>>()?;
            Ok(format!("[{}]", items.join(",")))
        }
        Some(b'"') => {
            let text: String = serde_json::from_str(json).map_err(wrong)?;
            serde_json::to_string(&text).map_err(wrong)
        }
        _ => Ok(json.to_owned()),
    }
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
