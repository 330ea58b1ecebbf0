//! From the tree of a document to its operations.

use std::collections::BTreeSet;
use std::sync::Arc;

use verbatim_source::{Diagnostic, Node, Object, Pointer, Value};

use crate::contract::{Contract, Scheme, SchemeKind, path_of};
use crate::extension::{Pagination, Wait, text};
use crate::operation::{
    Body, Example, Header, Media, Operation, Parameter, Place, Reply, StatusMatch, Style,
};
use crate::template::Template;

/// Addresses of one server that are read, where it has variables.
const MOST_ADDRESSES: usize = 100;

const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// The member of a path item that has further methods by their names, since OpenAPI 3.2.
const FURTHER: &str = "additionalOperations";

pub(crate) fn operations(contract: &Contract) -> Result<Vec<Operation>, Vec<Diagnostic>> {
    let root = contract.root();
    let Some(paths) = root.get("paths").and_then(Node::as_object) else {
        // A document of webhooks or of schemas alone has no operations.
        if root.get("webhooks").or(root.get("components")).is_some() {
            return Ok(Vec::new());
        }
        return Err(vec![
            Diagnostic::error("C0005", "the document has no paths")
                .at(root.span.at_start(), "there is no object `paths` here"),
        ]);
    };
    let mut operations = Vec::new();
    for member in paths.iter().filter(|member| member.key.starts_with('/')) {
        let place = contract.target(&Pointer::root().join("paths").join(&member.key));
        let Some(item) = contract.node(&place) else {
            continue;
        };
        let at = |method: &str, own: Pointer| operation(contract, &member.key, &place, method, own);
        for method in METHODS {
            if item.get(method).is_some() {
                operations.push(at(method, place.join(method)));
            }
        }
        let further = item.get(FURTHER).and_then(Node::as_object);
        for other in further.into_iter().flatten() {
            let own = place.join(FURTHER).join(&other.key);
            operations.push(at(&other.key, own));
        }
    }
    Ok(operations)
}

fn operation(
    contract: &Contract,
    path: &str,
    item: &Pointer,
    method: &str,
    place: Pointer,
) -> Operation {
    let nothing = Node::made(Value::Null);
    let node = contract.node(&place).unwrap_or(&nothing);
    let upper = method.to_ascii_uppercase();
    let tags = node
        .get("tags")
        .and_then(Node::as_array)
        .unwrap_or_default();
    let safe = matches!(method, "get" | "head" | "options" | "trace" | "query");
    let idempotent = safe || matches!(method, "put" | "delete");
    let flag = |key: &str| node.get(key).and_then(Node::as_bool);
    Operation {
        id: text(node, "operationId").unwrap_or_else(|| format!("{upper} {path}")),
        method: upper,
        path: path.to_owned(),
        bases: bases(contract, item, node),
        template: Template::parse(path),
        tags: tags
            .iter()
            .filter_map(Node::as_str)
            .map(str::to_owned)
            .collect(),
        summary: text(node, "summary").unwrap_or_default(),
        deprecated: flag("deprecated").unwrap_or(false),
        parameters: parameters(contract, item, &place),
        query: whole_query(contract, item, &place),
        body: body(contract, &place.join("requestBody")),
        replies: replies(contract, &place.join("responses")),
        security: security(
            node.get("security")
                .or_else(|| contract.root().get("security")),
        ),
        pagination: node.get("x-verbatim-pagination").and_then(Pagination::read),
        wait: node.get("x-verbatim-wait").and_then(Wait::read),
        safe: flag("x-verbatim-safe").unwrap_or(safe),
        idempotent: flag("x-verbatim-idempotent").unwrap_or(idempotent),
        group: text(node, "x-verbatim-group"),
        action: text(node, "x-verbatim-method"),
        pointer: place,
    }
}

/// The base paths of the servers that stand nearest to an operation.
fn bases(contract: &Contract, item: &Pointer, operation: &Node) -> Vec<String> {
    let item = contract.node(item);
    let own = [Some(operation), item].into_iter().flatten();
    let urls = own.map(all_servers).find(|urls| !urls.is_empty());
    let urls = urls.unwrap_or_else(|| contract.addresses.clone());
    let mut seen = BTreeSet::new();
    let paths = urls.iter().map(|url| path_of(url));
    let mut bases: Vec<String> = paths.filter(|path| seen.insert(path.clone())).collect();
    if bases.is_empty() {
        bases.push(String::new());
    }
    bases
}

/// The parameters of the path item, replaced by those of the operation of the same name and place.
fn parameters(contract: &Contract, item: &Pointer, operation: &Pointer) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for owner in [item, operation] {
        let list = owner.join("parameters");
        let count = contract
            .node(&list)
            .and_then(Node::as_array)
            .map_or(0, <[Node]>::len);
        for at in 0..count {
            let Some(read) = parameter(contract, &contract.target(&list.item(at))) else {
                continue;
            };
            parameters.retain(|known| (&known.name, known.place) != (&read.name, read.place));
            parameters.push(read);
        }
    }
    parameters
}

/// The parameter that is the whole query, since OpenAPI 3.2; that of the operation before that of the path.
fn whole_query(contract: &Contract, item: &Pointer, operation: &Pointer) -> Option<Media> {
    let list = [operation, item].map(|owner| owner.join("parameters"));
    let all = list.iter().flat_map(|list| {
        let count = contract
            .node(list)
            .and_then(Node::as_array)
            .map_or(0, <[Node]>::len);
        (0..count).map(move |at| contract.target(&list.item(at)))
    });
    let is_whole = |place: &Pointer| {
        let place = contract
            .node(place)
            .and_then(|node| node.get("in")?.as_str());
        place == Some("querystring")
    };
    let mut all = all;
    let place = all.find(is_whole)?;
    media(contract, &place.join("content")).into_iter().next()
}

fn parameter(contract: &Contract, place: &Pointer) -> Option<Parameter> {
    let node = contract.node(place)?;
    let stands = match node.get("in")?.as_str()? {
        "path" => Place::Path,
        "query" => Place::Query,
        "header" => Place::Header,
        "cookie" => Place::Cookie,
        _ => return None,
    };
    let name = text(node, "name")?;
    if stands == Place::Header && is_described_elsewhere(&name) {
        return None;
    }
    let style = match node.get("style").and_then(Node::as_str) {
        Some("label") => Style::Label,
        Some("matrix") => Style::Matrix,
        Some("spaceDelimited") => Style::SpaceDelimited,
        Some("pipeDelimited") => Style::PipeDelimited,
        Some("deepObject") => Style::DeepObject,
        Some("simple") => Style::Simple,
        Some("form") => Style::Form,
        _ if matches!(stands, Place::Path | Place::Header) => Style::Simple,
        _ => Style::Form,
    };
    let content = node
        .get("content")
        .and_then(Node::as_object)
        .and_then(|content| content.iter().next());
    let schema = match content {
        Some(media) => Some(place.join("content").join(&media.key).join("schema")),
        None => Some(place.join("schema")),
    };
    let flag = |key: &str| node.get(key).and_then(Node::as_bool);
    Some(Parameter {
        name,
        place: stands,
        required: flag("required").unwrap_or(false) || stands == Place::Path,
        style,
        explode: flag("explode").unwrap_or(style == Style::Form || style == Style::DeepObject),
        allows_empty: flag("allowEmptyValue").unwrap_or(false) && stands == Place::Query,
        content: content.map(|media| media.key.clone()),
        schema: schema
            .filter(|place| contract.node(place).is_some())
            .map(|place| contract.schema(&place)),
        examples: examples(contract, place),
        pointer: place.clone(),
    })
}

/// Whether OpenAPI describes a header field by other means, so that a parameter of its name says nothing.
fn is_described_elsewhere(name: &str) -> bool {
    ["accept", "content-type", "authorization"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

fn body(contract: &Contract, place: &Pointer) -> Option<Body> {
    contract.node(place)?;
    let place = contract.target(place);
    let node = contract.node(&place)?;
    Some(Body {
        required: node
            .get("required")
            .and_then(Node::as_bool)
            .unwrap_or(false),
        media: media(contract, &place.join("content")),
    })
}

fn media(contract: &Contract, place: &Pointer) -> Vec<Media> {
    let content = contract.node(place).and_then(Node::as_object);
    content
        .into_iter()
        .flatten()
        .map(|member| {
            let pointer = place.join(&member.key);
            let schema = |key: &str| {
                let place = pointer.join(key);
                let is_there = contract.node(&place).is_some();
                is_there.then(|| contract.schema(&place))
            };
            Media {
                name: member.key.clone(),
                schema: schema("schema"),
                item: schema("itemSchema"),
                examples: examples(contract, &pointer),
                pointer,
            }
        })
        .collect()
}

/// `example` and `examples` beside a schema.
fn examples(contract: &Contract, owner: &Pointer) -> Vec<Example> {
    let mut examples = Vec::new();
    let single = owner.join("example");
    if let Some(node) = contract.node(&single) {
        examples.push(Example {
            name: "example".to_owned(),
            value: Arc::new(node.value.clone()),
            pointer: single,
            not_evidence: None,
        });
    }
    let list = owner.join("examples");
    let named = contract.node(&list).and_then(Node::as_object);
    for member in named.into_iter().flatten() {
        let place = contract.target(&list.join(&member.key));
        let Some(node) = contract.node(&place) else {
            continue;
        };
        let Some(value) = node.get("value") else {
            continue;
        };
        examples.push(Example {
            name: member.key.clone(),
            value: Arc::new(value.value.clone()),
            pointer: place.join("value"),
            not_evidence: text(node, "x-verbatim-not-evidence"),
        });
    }
    examples
}

fn replies(contract: &Contract, place: &Pointer) -> Vec<Reply> {
    let responses = contract.node(place).and_then(Node::as_object);
    responses
        .into_iter()
        .flatten()
        .filter_map(|member| {
            let status = status(&member.key)?;
            let pointer = contract.target(&place.join(&member.key));
            Some(Reply {
                status,
                media: media(contract, &pointer.join("content")),
                headers: headers(contract, &pointer.join("headers")),
                pointer,
            })
        })
        .collect()
}

fn status(key: &str) -> Option<StatusMatch> {
    if key == "default" {
        return Some(StatusMatch::Default);
    }
    match key.as_bytes() {
        [digit @ b'1'..=b'5', b'X' | b'x', b'X' | b'x'] => Some(StatusMatch::Range(digit - b'0')),
        [b'1'..=b'5', _, _] => key.parse().ok().map(StatusMatch::Code),
        _ => None,
    }
}

fn headers(contract: &Contract, place: &Pointer) -> Vec<Header> {
    let object = contract.node(place).and_then(Node::as_object);
    let members = object.into_iter().flatten();
    members
        .map(|member| header(contract, &member.key, &place.join(&member.key)))
        .collect()
}

/// The header field that is described at a place.
pub(crate) fn header(contract: &Contract, name: &str, place: &Pointer) -> Header {
    let pointer = contract.target(place);
    let node = contract.node(&pointer);
    let flag = |key: &str| node.and_then(|node| node.get(key)?.as_bool());
    let content = node.and_then(|node| node.get("content")?.as_object()?.members().first());
    let schema = match content {
        Some(media) => pointer.join("content").join(&media.key).join("schema"),
        None => pointer.join("schema"),
    };
    let example = examples(contract, &pointer).into_iter().next();
    Header {
        name: name.to_owned(),
        required: flag("required").unwrap_or(false),
        explode: flag("explode").unwrap_or(false),
        content: content.map(|media| media.key.clone()),
        schema: contract
            .node(&schema)
            .is_some()
            .then(|| contract.schema(&schema)),
        example: example.map(|example| example.value),
        pointer,
    }
}

fn security(node: Option<&Node>) -> Vec<Vec<String>> {
    let names = |object: &Object| {
        object
            .iter()
            .map(|member| member.key.clone())
            .collect::<Vec<_>>()
    };
    let list: Vec<Vec<String>> = node
        .and_then(Node::as_array)
        .unwrap_or_default()
        .iter()
        .filter_map(Node::as_object)
        .map(names)
        .collect();
    // An alternative that asks for nothing makes the others needless.
    if list.iter().any(Vec::is_empty) {
        Vec::new()
    } else {
        list
    }
}

pub(crate) fn schemes(root: &Node) -> Vec<Scheme> {
    let schemes = root
        .get("components")
        .and_then(|node| node.get("securitySchemes"));
    schemes
        .and_then(Node::as_object)
        .into_iter()
        .flatten()
        .map(|member| Scheme {
            name: member.key.clone(),
            kind: scheme_kind(&member.value),
        })
        .collect()
}

fn scheme_kind(node: &Node) -> SchemeKind {
    let kind = text(node, "type").unwrap_or_default();
    let name = text(node, "name").unwrap_or_default();
    match (
        kind.as_str(),
        text(node, "in").as_deref(),
        text(node, "scheme"),
    ) {
        ("apiKey", Some("header"), _) => SchemeKind::Header(name),
        ("apiKey", Some("query"), _) => SchemeKind::Query(name),
        ("apiKey", Some("cookie"), _) => SchemeKind::Cookie(name),
        ("http", _, Some(scheme)) if scheme.eq_ignore_ascii_case("basic") => SchemeKind::Basic,
        ("http", _, Some(scheme)) if scheme.eq_ignore_ascii_case("bearer") => SchemeKind::Bearer,
        ("oauth2" | "openIdConnect", _, _) => SchemeKind::Bearer,
        _ => SchemeKind::Other(kind),
    }
}

/// The addresses of the servers of a node, with the defaults of their variables.
pub(crate) fn servers(root: &Node) -> Vec<String> {
    let list = root.get("servers").and_then(Node::as_array);
    let list = list.unwrap_or_default().iter();
    list.filter_map(|server| addresses(server)?.into_iter().next())
        .collect()
}

/// All addresses of the servers of a node, with every listed value of their variables; a variable without a list
/// may have any value, and stands in one of them by its name in braces.
pub(crate) fn all_servers(root: &Node) -> Vec<String> {
    let list = root.get("servers").and_then(Node::as_array);
    let list = list.unwrap_or_default().iter();
    list.filter_map(addresses).flatten().collect()
}

/// The addresses of a server, that with all defaults first, and of a variable without a list also that with its
/// name.
fn addresses(server: &Node) -> Option<Vec<String>> {
    let mut urls = vec![text(server, "url")?];
    let variables = server.get("variables").and_then(Node::as_object);
    for variable in variables.into_iter().flatten() {
        let name = format!("{{{}}}", variable.key);
        let listed = variable.value.get("enum").and_then(Node::as_array);
        let mut values = vec![text(&variable.value, "default").unwrap_or_default()];
        if listed.is_none() {
            values.push(name.clone());
        }
        values.extend(
            listed
                .into_iter()
                .flatten()
                .filter_map(|value| value.as_str().map(str::to_owned)),
        );
        let filled = values
            .iter()
            .flat_map(|value| urls.iter().map(|url| url.replace(&name, value)));
        let mut seen = BTreeSet::new();
        urls = filled
            .filter(|url| seen.insert(url.clone()))
            .take(MOST_ADDRESSES)
            .collect();
    }
    Some(urls)
}
