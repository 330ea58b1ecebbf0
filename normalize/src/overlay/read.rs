//! Reading `overlay.yaml`.

use indexmap::IndexMap;
use verbatim_source::{Diagnostic, Member, Node, Object};

use super::field::{Reading, array, boolean, form, member, object, only, text, whole};
use super::target::read_side;
use super::{
    Action, Behaviours, Bound, Change, Declined, Entry, Errors, Kind, Link, OperationWords,
    Overlay, Partial, SchemaWords, Security, Shape, Target, Wait,
};

/// The sections of an overlay.
const SECTIONS: [&str; 13] = [
    "overlay",
    "document",
    "tags",
    "security",
    "headers",
    "errors",
    "behaviours",
    "bodies",
    "schemas",
    "actions",
    "declined",
    "operations",
    "parameters",
];

impl Overlay {
    /// Reads the tree of an overlay.
    ///
    /// # Errors
    /// Where the tree has not the form of an overlay.
    pub fn read(root: &Node) -> Reading<Self> {
        let what = "the overlay";
        let mut known = SECTIONS.to_vec();
        known.push("words");
        only(object(root, what)?, &known, what)?;
        let section = |key: &str| member(root, key, what);
        Ok(Self {
            document: object(section("document")?, "`document`")?.clone(),
            tags: texts(section("tags")?, "a tag")?,
            security: read_security(section("security")?)?,
            headers: each(section("headers")?, "`headers`", |member| {
                Ok(object(&member.value, "a header")?.clone())
            })?,
            errors: read_errors(section("errors")?)?,
            behaviours: read_behaviours(section("behaviours")?)?,
            bodies: each(section("bodies")?, "`bodies`", read_bound)?,
            schemas: each(section("schemas")?, "`schemas`", read_entry)?,
            actions: list(section("actions")?, "`actions`", read_action)?,
            declined: list(section("declined")?, "`declined`", read_declined)?,
            operations: each(section("operations")?, "`operations`", read_operation)?,
            parameters: texts(section("parameters")?, "a parameter")?,
            words: each(section("words")?, "`words`", read_words)?,
        })
    }
}

fn each<T>(
    node: &Node,
    what: &str,
    read: impl Fn(&Member) -> Reading<T>,
) -> Reading<IndexMap<String, T>> {
    object(node, what)?
        .iter()
        .map(|member| Ok((member.key.clone(), read(member)?)))
        .collect()
}

fn list<T>(node: &Node, what: &str, read: impl Fn(&Node) -> Reading<T>) -> Reading<Vec<T>> {
    array(node, what)?.iter().map(read).collect()
}

fn texts(node: &Node, what: &str) -> Reading<IndexMap<String, String>> {
    each(node, what, |member| {
        Ok(text(&member.value, what)?.to_owned())
    })
}

fn strings(node: &Node, what: &str) -> Reading<Vec<String>> {
    list(node, what, |item| Ok(text(item, what)?.to_owned()))
}

fn owned(parent: &Node, key: &str, what: &str) -> Reading<String> {
    Ok(text(member(parent, key, what)?, &format!("`{key}` of {what}"))?.to_owned())
}

fn read_security(node: &Node) -> Reading<Security> {
    let what = "`security`";
    only(
        object(node, what)?,
        &["scheme", "header", "description"],
        what,
    )?;
    Ok(Security {
        scheme: owned(node, "scheme", what)?,
        header: owned(node, "header", what)?,
        description: owned(node, "description", what)?,
    })
}

fn read_errors(node: &Node) -> Reading<Errors> {
    let what = "`errors`";
    only(object(node, what)?, &["body", "responses", "headers"], what)?;
    Ok(Errors {
        shape: Shape::read(member(node, "body", what)?)?,
        span: member(node, "body", what)?.span,
        responses: object(member(node, "responses", what)?, "`responses`")?
            .iter()
            .map(|member| {
                let name = owned(&member.value, "name", "an error")?;
                let description = owned(&member.value, "description", "an error")?;
                Ok((status_of(member)?, (name, description)))
            })
            .collect::<Reading<_>>()?,
        headers: strings(member(node, "headers", what)?, "a header")?,
    })
}

fn status_of(member: &Member) -> Reading<u16> {
    let status = member
        .key
        .parse()
        .ok()
        .filter(|status| (100..600).contains(status));
    status.ok_or_else(|| {
        Diagnostic::error(super::field::FORM, format!("`{}` is no status", member.key))
            .at(member.key_span, "a number from 100 to 599 is expected")
    })
}

fn read_behaviours(node: &Node) -> Reading<Behaviours> {
    let what = "`behaviours`";
    let sections = object(node, what)?;
    let known = ["pagination", "partial", "waits", "links", "nullInRequests"];
    only(sections, &known, what)?;
    let pagination = sections.get("pagination").map(|node| {
        let parameters = strings(member(node, "parameters", "`pagination`")?, "a parameter")?;
        Ok((parameters, member(node, "declare", "`pagination`")?.clone()))
    });
    let partial = sections.get("partial").map(|node| {
        let parameter = owned(node, "parameter", "`partial`")?;
        Ok(Partial {
            parameter,
            keep: strings(member(node, "keep", "`partial`")?, "a property")?,
        })
    });
    let waits = match sections.get("waits") {
        Some(waits) => list(waits, "`waits`", read_wait)?,
        None => Vec::new(),
    };
    let links = match sections.get("links") {
        Some(links) => list(links, "`links`", read_link)?,
        None => Vec::new(),
    };
    let null_in_requests = match sections.get("nullInRequests") {
        Some(node) => {
            let what = "`nullInRequests`";
            only(object(node, what)?, &["reason", "evidence"], what)?;
            owned(node, "reason", what)?;
            member(node, "evidence", what)?;
            true
        }
        None => false,
    };
    Ok(Behaviours {
        null_in_requests,
        pagination: pagination.transpose()?,
        partial: partial.transpose()?,
        waits,
        links,
    })
}

fn read_link(node: &Node) -> Reading<Link> {
    let what = "a link";
    only(object(node, what)?, &["from", "to", "parameters"], what)?;
    let parameters = member(node, "parameters", what)?;
    Ok(Link {
        from: operations(member(node, "from", what)?, "`from`")?,
        to: operations(member(node, "to", what)?, "`to`")?,
        parameters: object(parameters, "`parameters`")?.clone(),
    })
}

/// Operations, each as method and path, with where they are named.
fn operations(node: &Node, what: &str) -> Reading<Vec<(String, verbatim_source::Span)>> {
    let items = array(node, what)?.iter();
    items
        .map(|item| Ok((text(item, "an operation")?.to_owned(), item.span)))
        .collect()
}

fn read_wait(node: &Node) -> Reading<Wait> {
    let what = "a rule of waiting";
    only(
        object(node, what)?,
        &["poll", "declare", "operations"],
        what,
    )?;
    let poll = member(node, "poll", what)?;
    Ok(Wait {
        poll: text(poll, "`poll`")?.to_owned(),
        span: poll.span,
        declare: object(member(node, "declare", what)?, "`declare`")?.clone(),
        operations: operations(member(node, "operations", what)?, "`operations`")?,
    })
}

fn read_bound(entry: &Member) -> Reading<Bound> {
    let sides = object(&entry.value, "the bodies of an operation")?
        .iter()
        .map(|member| {
            let side = read_side(&member.key).ok_or_else(|| {
                form(
                    &member.value,
                    format!("`{}` is no body", member.key),
                    "bound here",
                )
                .help("write `request` or a status")
            })?;
            Ok((side, (Shape::read(&member.value)?, member.value.span)))
        });
    Ok(Bound {
        span: entry.key_span,
        sides: sides.collect::<Reading<_>>()?,
    })
}

fn read_entry(entry: &Member) -> Reading<Entry> {
    let what = "a schema";
    let node = &entry.value;
    only(
        object(node, what)?,
        &["kind", "shared", "cases", "properties"],
        what,
    )?;
    let kind = match (node.get("kind"), node.get("cases")) {
        (None, None) => Kind::Object,
        (Some(kind), None) if kind.as_str() == Some("enum") => Kind::Enum,
        (None, Some(cases)) => Kind::Cases(texts(cases, "a case")?),
        _ => {
            return Err(form(
                node,
                "`kind` can be `enum`, and excludes `cases`",
                "found here",
            ));
        }
    };
    let properties = match node.get("properties") {
        Some(properties) => each(properties, "`properties`", |member| {
            Ok((Shape::read(&member.value)?, member.value.span))
        })?,
        None => IndexMap::new(),
    };
    let shared = node.get("shared").map(|shared| boolean(shared, "`shared`"));
    Ok(Entry {
        span: entry.key_span,
        kind,
        shared: shared.transpose()? == Some(true),
        properties,
    })
}

fn read_action(node: &Node) -> Reading<Action> {
    let what = "a correction";
    let members = object(node, what)?;
    let (change, key) = read_change(node, members)?;
    only(
        members,
        &["target", "targets", key, "reason", "evidence"],
        what,
    )?;
    let targets = match (members.get("target"), members.get("targets")) {
        (Some(one), None) => vec![read_target(one)?],
        (None, Some(many)) => list(many, "`targets`", read_target)?,
        _ => {
            return Err(form(
                node,
                "a correction has either `target` or `targets`",
                "found here",
            ));
        }
    };
    let evidence = member(node, "evidence", what)?;
    only(
        object(evidence, "`evidence`")?,
        &["lines", "facts"],
        "`evidence`",
    )?;
    let lines = match evidence.get("lines") {
        Some(lines) => list(lines, "`lines`", |line| whole(line, "a line"))?,
        None => Vec::new(),
    };
    let facts = match evidence.get("facts") {
        Some(facts) => strings(facts, "a fact")?,
        None => Vec::new(),
    };
    if lines.is_empty() && facts.is_empty() {
        return Err(form(
            evidence,
            "a correction needs evidence",
            "neither lines nor facts",
        ));
    }
    let reason = owned(node, "reason", what)?;
    Ok(Action {
        span: node.span,
        targets,
        change,
        reason,
        lines,
        facts,
    })
}

fn read_target(node: &Node) -> Reading<(Target, verbatim_source::Span)> {
    let notation = text(node, "a target")?;
    let target = Target::read(notation).ok_or_else(|| {
        form(node, format!("`{notation}` is no target"), "found here").help(
            "write `GET /path`, `GET /path query name`, `GET /path 200`, `GET /path request`, \
             `GET /path 200 example 1`, `GET /path 200 schema /items`, `Name` or `Name.property`",
        )
    })?;
    Ok((target, node.span))
}

/// The keys that say what a correction does.
const CHANGES: [&str; 11] = [
    "add",
    "widen",
    "set",
    "replace",
    "rename",
    "remove",
    "optional",
    "notEvidence",
    "like",
    "also",
    "known",
];

fn read_change(node: &Node, members: &Object) -> Reading<(Change, &'static str)> {
    let mut keys = CHANGES.into_iter().filter(|key| members.contains_key(key));
    let (Some(key), None) = (keys.next(), keys.next()) else {
        return Err(form(node, "a correction changes one thing", "found here")
            .help(format!("give exactly one of {}", CHANGES.join(", "))));
    };
    let value = member(node, key, "a correction")?;
    let change = match key {
        "add" => Change::Add(value.clone()),
        "widen" => Change::Widen(value.clone()),
        "set" => Change::Set(object(value, "`set`")?.clone()),
        "replace" => Change::Replace(value.clone()),
        "rename" => {
            let from = owned(value, "from", "`rename`")?;
            Change::Rename(from, owned(value, "to", "`rename`")?)
        }
        "remove" => Change::Remove(text(value, "`remove`")?.to_owned()),
        "like" => Change::Like(whole(value, "`like`")?),
        "also" => Change::Also(text(value, "`also`")?.to_owned()),
        "known" => Change::Known(strings(value, "`known`")?),
        "optional" | "notEvidence" if !boolean(value, "the change")? => {
            return Err(form(
                value,
                format!("`{key}` can only be true"),
                "leave the correction out",
            ));
        }
        "optional" => Change::Optional,
        _ => Change::NotEvidence,
    };
    Ok((change, key))
}

fn read_declined(node: &Node) -> Reading<Declined> {
    let what = "a declined fact";
    only(object(node, what)?, &["fact", "reason"], what)?;
    Ok(Declined {
        fact: owned(node, "fact", what)?,
        reason: owned(node, "reason", what)?,
    })
}

fn read_operation(entry: &Member) -> Reading<OperationWords> {
    let what = "the words of an operation";
    let node = &entry.value;
    let known = [
        "operationId",
        "tag",
        "group",
        "method",
        "summary",
        "description",
        "parameters",
        "requestBody",
        "responses",
    ];
    only(object(node, what)?, &known, what)?;
    let responses = object(member(node, "responses", what)?, "`responses`")?;
    Ok(OperationWords {
        span: entry.key_span,
        id: owned(node, "operationId", what)?,
        tag: owned(node, "tag", what)?,
        group: owned(node, "group", what)?,
        method: owned(node, "method", what)?,
        summary: owned(node, "summary", what)?,
        description: owned(node, "description", what)?,
        request: node
            .get("requestBody")
            .map(|_| owned(node, "requestBody", what))
            .transpose()?,
        parameters: match node.get("parameters") {
            Some(parameters) => texts(parameters, "a parameter")?,
            None => IndexMap::new(),
        },
        responses: responses
            .iter()
            .map(|member| {
                Ok((
                    status_of(member)?,
                    text(&member.value, "a response")?.to_owned(),
                ))
            })
            .collect::<Reading<_>>()?,
    })
}

fn read_words(entry: &Member) -> Reading<SchemaWords> {
    let what = "the words of a schema";
    let node = &entry.value;
    only(
        object(node, what)?,
        &["description", "properties", "values"],
        what,
    )?;
    let described = |key: &str| match node.get(key) {
        Some(members) => each(members, "the words", |member| {
            let words = text(&member.value, "a description")?;
            Ok((words.to_owned(), member.key_span))
        }),
        None => Ok(IndexMap::new()),
    };
    Ok(SchemaWords {
        span: entry.key_span,
        description: owned(node, "description", what)?,
        properties: described("properties")?,
        values: described("values")?,
    })
}
