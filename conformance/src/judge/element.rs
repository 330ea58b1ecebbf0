//! XML as values, by what the document says with `xml`: names, attributes, wrapped lists.

use verbatim_contract::xml::Element;
use verbatim_contract::{Schema, wire};
use verbatim_source::{Node, Object, Value};

use super::Shapes;

/// The value that an element stands for.
pub fn value(shapes: &Shapes<'_>, schema: &Schema, element: &Element) -> Value {
    if is_nil(element) {
        return Value::Null;
    }
    let all = shapes.every(schema);
    let wants = |kind: &str| all.iter().any(|one| shapes.get(one).is(kind));
    if wants("array") && !wants("object") {
        let items = all.iter().find_map(|one| shapes.get(one).items.clone());
        return list(
            shapes,
            items.as_ref(),
            &element.children.iter().collect::<Vec<_>>(),
        );
    }
    let plain = element.attributes.iter().all(|(name, _)| is_of_xml(name));
    let composed =
        !element.children.is_empty() || (wants("object") && element.text.trim().is_empty());
    if composed || (wants("object") && !plain) {
        return object(shapes, &all, element);
    }
    let text = if wants("string") {
        element.text.as_str()
    } else {
        element.text.trim()
    };
    wire::typed(shapes.contract(), Some(schema), text)
}

/// The name of a root element and the one that is documented, where they differ.
pub fn other_root(
    shapes: &Shapes<'_>,
    schema: &Schema,
    root: &Element,
) -> Option<(String, String)> {
    let node = shapes.contract().node(&schema.target)?;
    let documented = node.get("xml")?.get("name")?.as_str()?;
    let sent = local(&root.name);
    (sent != documented).then(|| (sent.to_owned(), documented.to_owned()))
}

fn list(shapes: &Shapes<'_>, items: Option<&Schema>, elements: &[&Element]) -> Value {
    let values = elements.iter().map(|element| match items {
        Some(items) => value(shapes, items, element),
        None => free(element),
    });
    Value::Array(values.map(Node::made).collect())
}

fn object(shapes: &Shapes<'_>, schemas: &[Schema], element: &Element) -> Value {
    let mut object = Object::new();
    let mut known: Vec<String> = Vec::new();
    for schema in schemas {
        let shape = shapes.get(schema);
        for (name, property) in &shape.properties {
            let written = Written::of(shapes, name, property);
            known.extend(written.names());
            if object.contains_key(name) {
                continue;
            }
            if let Some(value) = written.read(shapes, property, element) {
                object.insert(name.clone(), Node::made(value));
            } else if written.is_bare_list && shape.required.contains(name) {
                // A list without items and without an element of its own leaves no trace.
                object.insert(name.clone(), Node::made(Value::Array(Vec::new())));
            }
        }
    }
    let additional = schemas
        .iter()
        .find_map(|schema| shapes.get(schema).additional.clone());
    for child in &element.children {
        let name = local(&child.name);
        if known.iter().any(|known| known == name) {
            continue;
        }
        let made = match &additional {
            Some(additional) => value(shapes, additional, child),
            None => free(child),
        };
        object.insert(name.to_owned(), Node::made(made));
    }
    for (name, text) in &element.attributes {
        if !is_of_xml(name) && !known.iter().any(|known| known == local(name)) {
            object.insert(local(name).to_owned(), Node::made(text.as_str()));
        }
    }
    Value::Object(object)
}

/// How a property is written.
struct Written {
    name: String,
    item: String,
    is_attribute: bool,
    is_list: bool,
    /// Whether the items stand beside the other properties.
    is_bare_list: bool,
}

impl Written {
    fn of(shapes: &Shapes<'_>, name: &str, property: &Schema) -> Self {
        let shape = shapes.get(property);
        let is_list = shape.is("array") && !shape.is("object");
        let named = |schema: &Schema| xml_text(shapes, schema, "name");
        let own = named(property).unwrap_or_else(|| name.to_owned());
        let is_wrapped = is_list && xml_flag(shapes, property, "wrapped");
        let item = shape.items.as_ref().and_then(named);
        Self {
            // Without an element of its own, the name of a list is that of its items.
            item: item.unwrap_or_else(|| {
                if is_wrapped {
                    name.to_owned()
                } else {
                    own.clone()
                }
            }),
            name: own,
            is_attribute: xml_flag(shapes, property, "attribute"),
            is_list,
            is_bare_list: is_list && !is_wrapped,
        }
    }

    fn names(&self) -> Vec<String> {
        vec![self.name.clone(), self.item.clone()]
    }

    fn read(&self, shapes: &Shapes<'_>, property: &Schema, element: &Element) -> Option<Value> {
        if self.is_attribute {
            let mut attributes = element.attributes.iter();
            let (_, text) = attributes.find(|(name, _)| local(name) == self.name)?;
            return Some(wire::typed(shapes.contract(), Some(property), text));
        }
        let of = |name: &str| -> Vec<&Element> {
            let children = element.children.iter();
            children
                .filter(|child| local(&child.name) == name)
                .collect()
        };
        let items = shapes.get(property).items.clone();
        if self.is_bare_list {
            let found = of(&self.item);
            let found = if found.is_empty() {
                of(&self.name)
            } else {
                found
            };
            return (!found.is_empty()).then(|| list(shapes, items.as_ref(), &found));
        }
        let found = of(&self.name);
        match found.as_slice() {
            [] => None,
            [only] if self.is_list => Some(value(shapes, property, only)),
            [only] => Some(value(shapes, property, only)),
            // One that comes again where no list is meant: the schema shall refuse it.
            many => Some(list(shapes, Some(property), many)),
        }
    }
}

/// An element that the document says nothing about.
fn free(element: &Element) -> Value {
    if is_nil(element) {
        return Value::Null;
    }
    if element.children.is_empty() {
        return Value::from(element.text.as_str());
    }
    let members = element.children.iter();
    Value::Object(
        members
            .map(|child| (local(&child.name).to_owned(), free(child)))
            .collect(),
    )
}

fn is_nil(element: &Element) -> bool {
    let mut attributes = element.attributes.iter();
    attributes.any(|(name, value)| local(name) == "nil" && value == "true")
}

/// Whether an attribute is a matter of XML itself.
fn is_of_xml(name: &str) -> bool {
    let prefix = name.split(':').next().unwrap_or("");
    ["xmlns", "xml", "xsi"].contains(&prefix)
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn xml_node<'c>(shapes: &Shapes<'c>, schema: &Schema, key: &str) -> Option<&'c Node> {
    let contract = shapes.contract();
    let here = contract.node(&schema.pointer);
    let here = here.and_then(|node| node.get("xml")?.get(key));
    here.or_else(|| shapes.get(schema).keyword("xml")?.get(key))
}

fn xml_text(shapes: &Shapes<'_>, schema: &Schema, key: &str) -> Option<String> {
    xml_node(shapes, schema, key)?.as_str().map(str::to_owned)
}

fn xml_flag(shapes: &Shapes<'_>, schema: &Schema, key: &str) -> bool {
    xml_node(shapes, schema, key).and_then(Node::as_bool) == Some(true)
}
