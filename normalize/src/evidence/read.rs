//! Reading `documented.json`.

use verbatim_source::{Node, Object, Value};

use super::{Body, Documented, Example, Operation, Parameter, Side};
use crate::overlay::field::{Reading, array, boolean, form, member, object, text, whole};

impl Documented {
    /// Reads the tree of `documented.json`.
    ///
    /// # Errors
    /// Where the tree has not the form that an import writes.
    pub fn read(root: &Node) -> Reading<Self> {
        let what = "the documentation";
        let statuses = array(member(root, "statuses", what)?, "the list of statuses")?;
        let source = member(root, "source", what)?;
        let limit = member(root, "rateLimit", what)?;
        let headers = array(
            member(limit, "headers", "the rate limit")?,
            "the list of headers",
        )?;
        let operations = array(member(root, "operations", what)?, "the list of operations")?;
        Ok(Self {
            title: text(member(root, "title", what)?, "the title")?.to_owned(),
            server: text(member(root, "server", what)?, "the server")?.to_owned(),
            lines: whole(
                member(source, "lines", "the source")?,
                "the number of lines",
            )?,
            statuses: statuses.iter().map(read_status).collect::<Reading<_>>()?,
            headers: headers.iter().map(read_header).collect::<Reading<_>>()?,
            operations: operations
                .iter()
                .map(read_operation)
                .collect::<Reading<_>>()?,
        })
    }
}

fn read_status(node: &Node) -> Reading<(u16, u32)> {
    Ok((
        whole(member(node, "status", "a status")?, "a status")?,
        line(node)?,
    ))
}

fn read_header(node: &Node) -> Reading<(String, u32)> {
    let name = text(member(node, "name", "a header")?, "the name of a header")?;
    Ok((name.to_owned(), line(node)?))
}

fn line(node: &Node) -> Reading<u32> {
    whole(member(node, "line", "an entry")?, "a line")
}

fn read_operation(node: &Node) -> Reading<Operation> {
    let what = "an operation";
    let method = text(member(node, "method", what)?, "the method")?.to_owned();
    let path = text(member(node, "path", what)?, "the path")?.to_owned();
    let parameters = array(member(node, "parameters", what)?, "the list of parameters")?;
    let responses = array(member(node, "responses", what)?, "the list of responses")?;
    let mut bodies = Vec::with_capacity(responses.len() + 1);
    let request = member(node, "requestBody", what)?;
    if !matches!(request.value, Value::Null) {
        bodies.push(read_body(request, Side::Request)?);
    }
    for response in responses {
        let status = whole(member(response, "status", "a response")?, "a status")?;
        if bodies
            .iter()
            .any(|body: &Body| body.side == Side::Status(status))
        {
            let message = format!("the status {status} is documented twice for {method} {path}");
            return Err(form(response, message, "the second one"));
        }
        bodies.push(read_body(response, Side::Status(status))?);
    }
    Ok(Operation {
        key: format!("{} {path}", method.to_uppercase()),
        line: line(node)?,
        parameters: parameters
            .iter()
            .map(read_parameter)
            .collect::<Reading<_>>()?,
        bodies,
        extra: Object::new(),
        corrections: Vec::new(),
        method,
        path,
    })
}

fn read_parameter(node: &Node) -> Reading<Parameter> {
    let what = "a parameter";
    let documented = text(member(node, "type", what)?, "the type of a parameter")?;
    let mut schema = Object::new();
    schema.insert("type", Node::made(documented));
    if let Some(values) = object(node, what)?.get("enum") {
        schema.insert(
            "enum",
            Node::made(Value::Array(array(values, "an enumeration")?.to_vec())),
        );
    }
    Ok(Parameter {
        place: text(member(node, "in", what)?, "the place of a parameter")?.to_owned(),
        name: text(member(node, "name", what)?, "the name of a parameter")?.to_owned(),
        required: boolean(member(node, "required", what)?, "`required`")?,
        schema,
        line: line(node)?,
        corrections: Vec::new(),
    })
}

fn read_body(node: &Node, side: Side) -> Reading<Body> {
    let what = "a body";
    let schema = node
        .get("schema")
        .filter(|schema| !matches!(schema.value, Value::Null));
    let examples = match node.get("examples") {
        Some(list) => array(list, "the list of examples")?,
        None => &[],
    };
    let media = match node.get("mediaType") {
        Some(media) if media.as_str().is_some() => media.as_str().map(str::to_owned),
        Some(media) if !matches!(media.value, Value::Null) => {
            return Err(form(
                media,
                "a media type has to be a text or null",
                "found here",
            ));
        }
        _ => None,
    };
    Ok(Body {
        side,
        line: line(node)?,
        media,
        schema: schema.cloned(),
        schema_line: match schema {
            Some(_) => whole(member(node, "schemaLine", what)?, "the line of a schema")?,
            None => 0,
        },
        examples: examples.iter().map(read_example).collect::<Reading<_>>()?,
        optional: false,
        like: None,
        corrections: Vec::new(),
    })
}

fn read_example(node: &Node) -> Reading<Example> {
    let value = member(node, "value", "an example")?.clone();
    Ok(Example {
        line: line(node)?,
        value,
        excluded: None,
    })
}
