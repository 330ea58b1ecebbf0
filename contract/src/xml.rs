//! Between XML and JSON by the conventions of Rails, with a schema to say what is meant.
//!
//! `type="array"` marks lists, `type="integer"` and the like values, `nil="true"` null; words are
//! joined by underscores or dashes. An object under a root key (`{"server": {...}}`) is the element
//! `server` itself. Document types and entities of their own are refused, never expanded.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use verbatim_source::{Node, Object, Value};

use crate::contract::Contract;
use crate::schema::{Direction, Schema};
use crate::shape::Shape;
use crate::wire;

/// Elements inside one another that are read.
const DEEPEST: usize = 128;

/// An element with what is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its attributes.
    pub attributes: Vec<(String, String)>,
    /// Elements in it.
    pub children: Vec<Element>,
    /// Text in it. Beside elements, spaces around it mean nothing and are left out.
    pub text: String,
}

/// Reads an XML text.
///
/// # Errors
/// A sentence with the place, where the text is not well-formed, nests too deep, or declares a
/// document type.
pub fn parse(text: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = vec![Element::default()];
    loop {
        let place = reader.buffer_position();
        let at = |message: &str| {
            format!("the body is not XML that is read here: {message} (byte {place})")
        };
        match reader
            .read_event()
            .map_err(|error| at(&error.to_string()))?
        {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return Err(at("elements nest too deep"));
                }
                open.push(element(&start).map_err(|message| at(&message))?);
            }
            Event::Empty(start) => {
                let element = element(&start).map_err(|message| at(&message))?;
                if let Some(parent) = open.last_mut() {
                    parent.children.push(element);
                }
            }
            Event::End(_) => {
                let Some(mut element) = open.pop() else {
                    return Err(at("an end without a beginning"));
                };
                if !element.children.is_empty() {
                    let trimmed = element.text.trim().to_owned();
                    element.text = trimmed;
                }
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Err(at("an end without a beginning")),
                }
            }
            Event::Text(text) => {
                add(&mut open, &text);
            }
            Event::CData(text) => {
                add(&mut open, &text);
            }
            Event::GeneralRef(reference) => {
                let character =
                    entity(&reference).ok_or_else(|| at("an entity that is not known"))?;
                add(&mut open, &character.to_string());
            }
            Event::DocType(_) => return Err(at("a document type is declared")),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    let (Some(root), true) = (open.pop(), open.is_empty()) else {
        return Err("the body is not XML that is read here: an element is not closed".to_owned());
    };
    let mut children = root.children.into_iter();
    match (children.next(), children.next(), root.text.trim()) {
        (Some(only), None, "") => Ok(only),
        _ => {
            Err("the body is not XML that is read here: there must be one root element".to_owned())
        }
    }
}

fn add(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let name = start.name().as_ref().to_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let key = attribute.key.as_ref().to_owned();
        attributes.push((key, attribute.value.to_string()));
    }
    Ok(Element {
        name,
        attributes,
        ..Element::default()
    })
}

/// The character of an entity that every reader knows, or of a number.
fn entity(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn key(&self) -> String {
        self.name.replace('-', "_")
    }
}

/// The value that a root element stands for.
pub fn to_value(contract: &Contract, schema: &Schema, root: &Element) -> Value {
    let shape = first_shape(contract, schema, &root.key());
    match wrapper_key(&shape) {
        Some((key, inner)) if key == root.key() => {
            wrapped(&key, convert(contract, Some(&inner), root))
        }
        _ => convert(contract, Some(schema), root),
    }
}

fn wrapped(key: &str, value: Value) -> Value {
    Value::Object(std::iter::once((key, value)).collect())
}

/// The shape of a schema, or of that of its alternatives which a root element is of.
fn first_shape<'a>(contract: &'a Contract, schema: &Schema, root: &str) -> Shape<'a> {
    let shape = contract.shape(schema);
    let fitting = shape
        .alternatives
        .iter()
        .map(|inner| contract.shape(inner))
        .find(|inner| wrapper_key(inner).is_some_and(|(key, _)| key == root));
    fitting.unwrap_or(shape)
}

/// The only property of a shape that is nothing but a root key.
fn wrapper_key(shape: &Shape<'_>) -> Option<(String, Schema)> {
    let only = shape.properties.first();
    let only = only.filter(|_| shape.properties.len() == 1 && shape.flag("x-verbatim-wrapper"));
    only.map(|(key, inner)| (key.clone(), inner.clone()))
}

fn convert(contract: &Contract, schema: Option<&Schema>, element: &Element) -> Value {
    if element.attribute("nil") == Some("true") {
        return Value::Null;
    }
    let shape = schema
        .map(|schema| contract.shape(schema))
        .unwrap_or_default();
    // Without the mark of a list, an element with nothing in it is nothing, or a list without items
    // where the document does not allow nothing.
    let is_list = element.attribute("type") == Some("array")
        || (shape.is("array") && !shape.is("object") && !element.children.is_empty());
    let only_list = shape.is("array") && !shape.is("string") && !shape.is("object");
    if !is_list && only_list && element.text.trim().is_empty() {
        let nothing =
            schema.is_none_or(|schema| contract.accepts(schema, &Value::Null, Direction::Request));
        return if nothing {
            Value::Null
        } else {
            Value::Array(Vec::new())
        };
    }
    if is_list {
        // Of several alternatives, the one that is a list says what its items are.
        let mut others = shape.alternatives.iter();
        let other = || others.find_map(|inner| contract.shape(inner).items.clone());
        let of = shape.items.clone().or_else(other);
        let items = element.children.iter().map(|child| {
            let value = match &of {
                Some(items) => to_value(contract, items, child),
                None => convert(contract, None, child),
            };
            Node::made(value)
        });
        return Value::Array(items.collect());
    }
    if !element.children.is_empty() {
        return object(contract, &shape, element);
    }
    let kinds = schema
        .map(|schema| wire::kinds(contract, schema))
        .unwrap_or_default();
    let may_be = |kind: &str| kinds.iter().any(|known| known == kind);
    let is_empty = element.text.trim().is_empty() && element.attribute("type").is_none();
    if is_empty && may_be("object") {
        return Value::Object(Object::new());
    }
    match element.attribute("type") {
        // Without a mark, what may be a text is one.
        None if may_be("string") => Value::from(element.text.as_str()),
        _ => scalar(contract, schema, element),
    }
}

fn object(contract: &Contract, shape: &Shape<'_>, element: &Element) -> Value {
    let mut object = Object::new();
    for child in &element.children {
        let key = if shape.property(&child.name).is_some() {
            child.name.clone()
        } else {
            child.key()
        };
        let property = property(contract, shape, &key, Some(child));
        let value = convert(
            contract,
            property.as_ref().or(shape.additional.as_ref()),
            child,
        );
        // An element that comes again makes a list.
        let value = match object.remove(&key).map(|member| member.value.value) {
            None => value,
            Some(Value::Array(mut items)) => {
                match value {
                    Value::Array(more) => items.extend(more),
                    single => items.push(Node::made(single)),
                }
                Value::Array(items)
            }
            Some(before) => Value::Array(vec![Node::made(before), Node::made(value)]),
        };
        object.insert(key, Node::made(value));
    }
    Value::Object(object)
}

/// The schema of a property, the one that fits an element best where alternatives differ in it.
fn property(
    contract: &Contract,
    shape: &Shape<'_>,
    key: &str,
    element: Option<&Element>,
) -> Option<Schema> {
    let others = shape.alternatives.iter();
    let others = others.filter_map(|inner| contract.shape(inner).property(key).cloned());
    let all: Vec<Schema> = shape
        .property(key)
        .cloned()
        .into_iter()
        .chain(others)
        .collect();
    let fits = |schema: &&Schema| {
        let shape = contract.shape(schema);
        element.is_none_or(|element| match element.attribute("type") {
            Some("array") => shape.is("array"),
            _ => !shape.is("array") || shape.is("object") || shape.is("string"),
        })
    };
    all.iter().find(fits).or(all.first()).cloned()
}

fn scalar(contract: &Contract, schema: Option<&Schema>, element: &Element) -> Value {
    let text = element.text.as_str();
    match element.attribute("type") {
        Some("integer" | "float" | "decimal") if verbatim_source::decimal::is_json_number(text) => {
            Value::Number(text.to_owned())
        }
        Some("boolean") if text == "true" || text == "false" => Value::Bool(text == "true"),
        Some(_) => Value::from(text),
        None => wire::typed(contract, schema, text),
    }
}

/// The XML text of a value.
pub fn from_value(contract: &Contract, schema: &Schema, value: &Value) -> String {
    let mut writer = Writer {
        contract,
        text: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"),
    };
    match single_member(contract, schema, value) {
        Some((key, inner)) => {
            let root = first_shape(contract, schema, key);
            let within = wrapper_key(&root).map(|(_, within)| within);
            writer.element(key, inner, within.as_ref(), 0);
        }
        None => writer.element(&root_name(contract, schema), value, Some(schema), 0),
    }
    writer.text
}

/// The member of a value that is nothing but a root key.
fn single_member<'v>(
    contract: &Contract,
    schema: &Schema,
    value: &'v Value,
) -> Option<(&'v str, &'v Value)> {
    let Value::Object(object) = value else {
        return None;
    };
    let member = object.iter().next().filter(|_| object.len() == 1)?;
    let shape = first_shape(contract, schema, &member.key);
    (wrapper_key(&shape)?.0 == member.key).then_some((member.key.as_str(), &member.value.value))
}

/// The name the document gives the root element: `xml.name`, else `hash`.
fn root_name(contract: &Contract, schema: &Schema) -> String {
    let shape = contract.shape(schema);
    let name = shape
        .keyword("xml")
        .and_then(|xml| xml.get("name"))
        .and_then(Node::as_str);
    name.unwrap_or(if shape.is("array") { "objects" } else { "hash" })
        .to_owned()
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    use std::fmt::Write;
    // Writing to a string does not fail.
    let _ = text.write_fmt(arguments);
}

/// Writes elements, with schemas that say which items stand under a root key.
struct Writer<'c> {
    contract: &'c Contract,
    text: String,
}

impl Writer<'_> {
    fn element(&mut self, name: &str, value: &Value, schema: Option<&Schema>, depth: usize) {
        let indent = "  ".repeat(depth);
        let shape = schema
            .map(|schema| self.contract.shape(schema))
            .unwrap_or_default();
        match value {
            Value::Null => line(
                &mut self.text,
                format_args!("{indent}<{name} nil=\"true\"/>\n"),
            ),
            Value::Array(items) if items.is_empty() => {
                line(
                    &mut self.text,
                    format_args!("{indent}<{name} type=\"array\"/>\n"),
                );
            }
            Value::Array(items) => {
                line(
                    &mut self.text,
                    format_args!("{indent}<{name} type=\"array\">\n"),
                );
                let item = shape.items.clone().or_else(|| {
                    let mut others = shape.alternatives.iter();
                    others.find_map(|inner| self.contract.shape(inner).items.clone())
                });
                for each in items {
                    self.item(name, &each.value, item.as_ref(), depth + 1);
                }
                line(&mut self.text, format_args!("{indent}</{name}>\n"));
            }
            Value::Object(object) => {
                line(&mut self.text, format_args!("{indent}<{name}>\n"));
                for member in object {
                    let property = property(self.contract, &shape, &member.key, None);
                    let property = property.as_ref().or(shape.additional.as_ref());
                    self.element(&member.key, &member.value.value, property, depth + 1);
                }
                line(&mut self.text, format_args!("{indent}</{name}>\n"));
            }
            Value::Bool(value) => line(
                &mut self.text,
                format_args!("{indent}<{name} type=\"boolean\">{value}</{name}>\n"),
            ),
            Value::Number(lexeme) => {
                let kind = if lexeme.contains(['.', 'e', 'E']) {
                    "decimal"
                } else {
                    "integer"
                };
                line(
                    &mut self.text,
                    format_args!("{indent}<{name} type=\"{kind}\">{lexeme}</{name}>\n"),
                );
            }
            Value::String(inner) => {
                let escaped = quick_xml::escape::escape(inner.as_str());
                line(
                    &mut self.text,
                    format_args!("{indent}<{name}>{escaped}</{name}>\n"),
                );
            }
        }
    }

    /// An item of a list: under its root key it is the element of that name.
    fn item(&mut self, list: &str, value: &Value, schema: Option<&Schema>, depth: usize) {
        let member = schema.and_then(|schema| single_member(self.contract, schema, value));
        if let (Some((key, inner)), Some(schema)) = (member, schema) {
            let root = first_shape(self.contract, schema, key);
            let within = wrapper_key(&root).map(|(_, within)| within);
            return self.element(key, inner, within.as_ref(), depth);
        }
        let single = list.strip_suffix('s').unwrap_or("item");
        self.element(single, value, schema, depth);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"
openapi: 3.1.0
info: {title: a, version: "1"}
paths: {}
components:
  schemas:
    Wrapped: {type: object, x-verbatim-wrapper: true, properties: {disk: {$ref: '#/components/schemas/Disk'}}}
    Disk:
      type: object
      properties:
        id: {type: integer}
        label: {type: string}
        built: {type: boolean}
        note: {type: [string, "null"]}
        tags: {type: array, items: {type: string}}
        notes: {type: [array, "null"], items: {type: string}}
        limits: {type: object}
    List: {type: array, xml: {name: disks}, items: {$ref: '#/components/schemas/Wrapped'}}
    Either: {oneOf: [{$ref: '#/components/schemas/Wrapped'}, {$ref: '#/components/schemas/List'}]}
    Loose: {type: [object, array]}
"#;

    fn json(text: &str) -> Value {
        let mut sources = verbatim_source::Sources::new();
        let id = sources.add(verbatim_source::Source::new("a", text.to_owned()));
        verbatim_source::parse(&sources, id, &verbatim_source::Limits::default())
            .unwrap()
            .value
    }

    #[test]
    fn values_survive_the_way_to_xml_and_back() {
        let contract = Contract::parse("a.yaml", DOCUMENT).unwrap();
        for (name, text) in [
            (
                "Wrapped",
                r#"{"disk":{"id":7,"label":"a <b> & \"c\"","built":true,"note":null,"tags":["x","y"]}}"#,
            ),
            (
                "Wrapped",
                r#"{"disk":{"label":"12","note":"true","tags":[]}}"#,
            ),
            ("List", r#"[{"disk":{"id":1}},{"disk":{"id":2}}]"#),
            ("List", "[]"),
            ("Either", r#"{"disk":{"limits":{}}}"#),
            ("Either", r#"[{"disk":{"limits":{}}}]"#),
            ("Loose", "{}"),
            ("Loose", "[]"),
        ] {
            let schema = contract.named(name).unwrap();
            let value = json(text);
            let written = from_value(&contract, &schema, &value);
            let back = to_value(&contract, &schema, &parse(&written).unwrap());
            assert!(
                crate::value::same(&value, &back),
                "{text}\n{written}\n{back:?}"
            );
        }
    }

    #[test]
    fn other_writings_mean_the_same() {
        let contract = Contract::parse("a.yaml", DOCUMENT).unwrap();
        let schema = contract.named("Wrapped").unwrap();
        let wanted = json(r#"{"disk":{"id":7,"label":"x"}}"#);
        for text in [
            "<disk><id>7</id><label>x</label></disk>",
            "<disk><id type=\"integer\">7</id><label><![CDATA[x]]></label></disk>",
            "<wrapped><disk><id>7</id><label>&#120;</label></disk></wrapped>",
        ] {
            let back = to_value(&contract, &schema, &parse(text).unwrap());
            assert!(crate::value::same(&wanted, &back), "{text}\n{back:?}");
        }
        let empty = parse("<disk><tags></tags><notes/></disk>").unwrap();
        let back = to_value(&contract, &schema, &empty);
        let wanted = json(r#"{"disk":{"tags":[],"notes":null}}"#);
        assert!(crate::value::same(&wanted, &back), "{back:?}");
    }

    #[test]
    fn what_is_not_xml_is_refused() {
        let deep = "<a>".repeat(1000);
        for text in [
            "",
            "x",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "</a>",
            "<!DOCTYPE a><a/>",
            "<a>&b;</a>",
            "<a b></a>",
            &deep,
        ] {
            assert!(parse(text).is_err(), "{}", &text[..text.len().min(20)]);
        }
    }
}
