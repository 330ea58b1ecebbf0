//! Version 2.0 written as 3.0, as far as JSON bodies go.

use verbatim_source::{Node, Object, Value};

const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch"];

/// Maps of the root, and where version 3 has them.
const MOVED: &[(&str, &str)] = &[("definitions", "schemas"), ("responses", "responses")];

/// A document of version 2.0 as one of version 3.0: paths, bodies and schemas.
pub fn upgraded(root: &Object) -> Value {
    let mut made = Object::new();
    made.insert("openapi", text("3.0.3"));
    for name in ["info", "x-files"] {
        if let Some(node) = root.get(name) {
            made.insert(name, node.clone());
        }
    }
    let types = Media {
        consumes: list(root.get("consumes")),
        produces: list(root.get("produces")),
    };
    let mut components = Object::new();
    for (old, new) in MOVED {
        if let Some(Value::Object(parts)) = root.get(old).map(|node| &node.value) {
            let parts: Object = parts
                .iter()
                .map(|member| {
                    let part = if *old == "responses" {
                        response(&member.value, &types)
                    } else {
                        member.value.value.clone()
                    };
                    (member.key.clone(), part)
                })
                .collect();
            components.insert(*new, Node::made(parts));
        }
    }
    made.insert("components", Node::made(components));
    let mut paths = Object::new();
    for member in root
        .get("paths")
        .and_then(Node::as_object)
        .into_iter()
        .flatten()
    {
        let item = path_item(root, &member.value, &types);
        paths.insert(member.key.clone(), Node::made(item));
    }
    made.insert("paths", Node::made(paths));
    let mut made = Node::made(made);
    references(&mut made);
    made.value
}

/// The media types of bodies where an operation names none.
struct Media {
    consumes: Vec<String>,
    produces: Vec<String>,
}

fn path_item(root: &Object, item: &Node, types: &Media) -> Value {
    let mut made = Object::new();
    let shared = item.get("parameters");
    for method in METHODS {
        if let Some(operation) = item.get(method) {
            let operation = self::operation(root, operation, shared, types);
            made.insert(*method, Node::made(operation));
        }
    }
    Value::Object(made)
}

fn operation(root: &Object, node: &Node, shared: Option<&Node>, types: &Media) -> Value {
    let mut made = Object::new();
    if let Some(id) = node.get("operationId") {
        made.insert("operationId", id.clone());
    }
    let own = |name: &str, common: &[String]| match node.get(name) {
        Some(node) => list(Some(node)),
        None => common.to_vec(),
    };
    let types = Media {
        consumes: own("consumes", &types.consumes),
        produces: own("produces", &types.produces),
    };
    let parameters = [shared, node.get("parameters")].into_iter().flatten();
    for parameter in parameters.filter_map(Node::as_array).flatten() {
        let parameter = named(root, parameter, "#/parameters/", "parameters");
        let place = parameter.get("in").and_then(Node::as_str);
        if let (Some("body"), Some(schema)) = (place, parameter.get("schema")) {
            let mut body = Object::new();
            if let Some(required) = parameter.get("required") {
                body.insert("required", required.clone());
            }
            body.insert("content", content(&types.consumes, schema, None));
            made.insert("requestBody", Node::made(body));
        }
    }
    let mut responses = Object::new();
    for member in node
        .get("responses")
        .and_then(Node::as_object)
        .into_iter()
        .flatten()
    {
        let reply = named(root, &member.value, "#/responses/", "responses");
        responses.insert(member.key.clone(), Node::made(response(reply, &types)));
    }
    made.insert("responses", Node::made(responses));
    Value::Object(made)
}

/// What a reference to a map of the root names.
fn named<'a>(root: &'a Object, node: &'a Node, prefix: &str, map: &str) -> &'a Node {
    let name = node.get("$ref").and_then(Node::as_str);
    let name = name.and_then(|name| name.strip_prefix(prefix));
    name.and_then(|name| root.get(map)?.get(name))
        .unwrap_or(node)
}

fn response(node: &Node, types: &Media) -> Value {
    let mut made = Object::new();
    if let Some(schema) = node.get("schema") {
        made.insert(
            "content",
            content(&types.produces, schema, node.get("examples")),
        );
    }
    Value::Object(made)
}

fn content(types: &[String], schema: &Node, examples: Option<&Node>) -> Node {
    let standard = ["application/json".to_owned()];
    let types = if types.is_empty() { &standard } else { types };
    let mut made = Object::new();
    for name in types {
        let mut media = Object::new();
        media.insert("schema", schema.clone());
        if let Some(example) = examples.and_then(|examples| examples.get(name)) {
            media.insert("example", example.clone());
        }
        made.insert(name.clone(), Node::made(media));
    }
    Node::made(made)
}

fn references(node: &mut Node) {
    match &mut node.value {
        Value::Array(items) => items.iter_mut().for_each(references),
        Value::Object(object) => {
            if let Some(nullable) = object.get("x-nullable").cloned() {
                object.insert("nullable", nullable);
            }
            if let Some(Value::String(reference)) =
                object.get_mut("$ref").map(|node| &mut node.value)
                && let Some(name) = reference.strip_prefix("#/definitions/")
            {
                *reference = format!("#/components/schemas/{name}");
            }
            object.values_mut().for_each(references);
        }
        _ => {}
    }
}

fn list(node: Option<&Node>) -> Vec<String> {
    let items = node.and_then(Node::as_array).unwrap_or_default();
    let texts = items.iter().filter_map(Node::as_str);
    texts.map(str::to_owned).collect()
}

fn text(text: &str) -> Node {
    Node::made(Value::String(text.to_owned()))
}
