//! Operations: parameters, bodies, replies.

use verbatim_source::Value;

use super::{Lowering, extension, service, text};
use crate::document::{self, Document, Endpoint, Id, Media, StatusMatch};
use crate::ir::{
    Api, Body, Content, Header, Kind, Name, Operation, Parameter, PartRule, Place, Reason, Refusal,
    Reply, Scheme, Server, Status, Style, Use, media_word,
};
use crate::origin::Origin;
use crate::problem::Scope;

/// How many values an example may hold to be carried into documentation.
const EXAMPLE: usize = 60;

impl<'d> Lowering<'d> {
    /// Lowers every operation; one with errors is refused, the others go on.
    pub(super) fn operations(&mut self, api: &mut Api) {
        let document = self.document;
        for endpoint in document.endpoints() {
            if let Some(reason) = self.reason_against(&endpoint) {
                let operation = endpoint.operation;
                let origin = self.origin(&operation.location, operation.span);
                let subject = format!("{} {}", operation.method.as_str(), endpoint.template.value);
                api.refusals.push(Refusal {
                    origin,
                    subject,
                    reason,
                });
                continue;
            }
            let operation = self.operation(&endpoint, api);
            api.operations.push(operation);
        }
        service::shorten(&mut api.operations);
    }

    /// Why an operation cannot be supported.
    fn reason_against(&self, endpoint: &Endpoint<'d>) -> Option<String> {
        let document = self.document;
        if let Some(problem) = document.errors_of_endpoint(endpoint).first() {
            return Some(problem.diagnostic.message.clone());
        }
        let mut parameters = document
            .parameters(endpoint)
            .into_iter()
            .map(|used| &document[used.id]);
        let is_form = |media: &Media| kind(&media.range.value, true) == Kind::Form;
        let whole = parameters.find(|parameter| {
            parameter.place == document::Place::QueryString
                && !parameter.value.content.first().is_some_and(is_form)
        });
        whole.map(|parameter| {
            format!(
                "the parameter `{}` is the whole query, and no form",
                parameter.name.value
            )
        })
    }

    fn operation(&mut self, endpoint: &Endpoint<'d>, api: &Api) -> Operation {
        let document = self.document;
        let operation = endpoint.operation;
        let index = api.operations.len();
        let declared = &operation.extensions;
        let own = (
            text(operation.summary.as_ref()),
            text(operation.description.as_ref()),
        );
        Operation {
            origin: self.origin(&operation.location, operation.span),
            id: operation.operation_id.as_ref().map(|id| id.value.clone()),
            short_id: None,
            method: operation.method.as_str().to_owned(),
            path: endpoint.template.value.clone(),
            tags: operation.tags.iter().map(|tag| tag.value.clone()).collect(),
            summary: own.0,
            description: own.1,
            deprecated: operation.deprecated,
            group: extension::word(declared, "x-verbatim-group"),
            name: extension::word(declared, "x-verbatim-method"),
            idempotent: extension::truth(declared, "x-verbatim-idempotent"),
            safe: extension::truth(declared, "x-verbatim-safe"),
            keeps_unexpected: extension::truth(declared, "x-verbatim-keep-unexpected"),
            parameters: self.parameters(endpoint, index, api),
            idempotency_key: idempotency_key(document, operation),
            scopes: scopes(document.security(operation)),
            body: operation
                .request_body
                .as_ref()
                .map(|used| self.body(used.id, index)),
            replies: self.replies(&operation.responses, index),
            security: security(document, document.security(operation)),
            servers: self.servers(endpoint),
            pagination: extension::pagination(declared),
            wait: extension::wait(declared),
        }
    }

    /// The addresses of an operation, or of its path, where it has its own.
    fn servers(&self, endpoint: &Endpoint<'d>) -> Vec<Server> {
        let own = [&endpoint.operation.servers, &endpoint.item.servers];
        let own = own.into_iter().find(|servers| !servers.is_empty());
        let url = |server: &'d document::Server| &server.url.value;
        let all = self.document.servers.iter().map(url);
        let own = own.filter(|own| !own.iter().map(url).eq(all));
        own.into_iter()
            .flatten()
            .map(super::service::server)
            .collect()
    }

    /// The parameters a caller gives: those of the path in its order, then the others. What the transport or the
    /// credentials of the operation set is not among them.
    fn parameters(&mut self, endpoint: &Endpoint<'d>, index: usize, api: &Api) -> Vec<Parameter> {
        let document = self.document;
        let used = document.parameters(endpoint);
        let carried = document.security(endpoint.operation).iter().flatten();
        let carried: Vec<&str> = carried.map(|used| used.name.value.as_str()).collect();
        let mut parameters: Vec<Parameter> = used
            .into_iter()
            .map(|used| &document[used.id])
            .filter(|parameter| !is_set_elsewhere(parameter, api, &carried))
            .map(|parameter| self.parameter(parameter, index))
            .collect();
        // The client makes one where the caller gives none.
        let key = idempotency_key(document, endpoint.operation);
        let is_key = |it: &Parameter| {
            let same = |key: &String| key.eq_ignore_ascii_case(&it.name);
            it.place == Place::Header && key.as_ref().is_some_and(same)
        };
        for parameter in parameters.iter_mut().filter(|it| is_key(it)) {
            parameter.required = false;
        }
        let names = template_names(&endpoint.template.value);
        let place = |parameter: &Parameter| names.iter().position(|name| *name == parameter.name);
        parameters.retain(|parameter| parameter.place != Place::Path || place(parameter).is_some());
        for name in &names {
            let is_declared = |it: &Parameter| it.place == Place::Path && it.name == *name;
            if !parameters.iter().any(is_declared) {
                parameters.push(self.undeclared(name, endpoint));
            }
        }
        parameters.sort_by_key(|parameter| {
            (
                parameter.place,
                match parameter.place {
                    Place::Path => place(parameter),
                    _ => None,
                },
            )
        });
        parameters
    }

    fn parameter(&mut self, parameter: &'d document::Parameter, index: usize) -> Parameter {
        let value = &parameter.value;
        let content = value.content.first().filter(|_| value.schema.is_none());
        let schema = value
            .schema
            .or(content.and_then(|media| self.schema_of(media)));
        let name = Name::Operation(index, parameter.name.value.clone());
        let origin = self.origin(&parameter.location, parameter.span);
        let ty = match schema {
            Some(schema) => self.use_of(schema, name),
            None if content.is_none() => self.any_text(),
            None => self.any_use(origin.clone(), Reason::Unspecified),
        };
        let example = value.example.as_ref().map(|node| &node.value);
        let default = schema.and_then(|schema| self.document[schema].annotations.default.as_ref());
        let is_json = content.is_some_and(|media| kind(&media.range.value, true) == Kind::Json);
        // A form that is the whole query has a pair for each of its properties.
        let is_whole = parameter.place == document::Place::QueryString;
        Parameter {
            origin,
            name: parameter.name.value.clone(),
            place: place(parameter.place),
            description: text(value.description.as_ref()),
            required: parameter.required,
            deprecated: value.deprecated,
            style: if is_json {
                Style::Json
            } else {
                style(value.style)
            },
            explode: value.explode || is_whole,
            allow_reserved: value.allow_reserved,
            ty,
            example: example.filter(|example| is_small(example)).cloned(),
            default: default.map(|node| verbatim_source::write::compact(&node.value)),
        }
    }

    /// A variable of the path that no parameter declares: any text.
    fn undeclared(&mut self, name: &str, endpoint: &Endpoint<'d>) -> Parameter {
        let operation = endpoint.operation;
        let origin = self.origin(&operation.location, operation.span);
        let ty = self.any_text();
        Parameter {
            origin,
            name: name.to_owned(),
            place: Place::Path,
            description: String::new(),
            required: true,
            deprecated: false,
            style: Style::Simple,
            explode: false,
            allow_reserved: false,
            ty,
            example: None,
            default: None,
        }
    }

    fn schema_of(&self, media: &Media) -> Option<Id<document::Schema>> {
        let part = &self.document[media.media_type.id];
        part.schema.or(part.item_schema)
    }

    fn body(&mut self, id: Id<document::RequestBody>, index: usize) -> Body {
        let body = &self.document[id];
        let contents = body
            .content
            .iter()
            .map(|media| self.content(media, index, "body"));
        let contents: Vec<Content> = contents.collect();
        for (media, content) in body.content.iter().zip(&contents) {
            if content.ty.is_none() {
                self.untyped(self.schema_of(media));
            }
        }
        Body {
            description: text(body.description.as_ref()),
            required: body.required,
            contents,
        }
    }

    /// The replies, of which the first good one with a content is called so without its status.
    fn replies(
        &mut self,
        all: &[(StatusMatch, document::Use<document::Response>)],
        index: usize,
    ) -> Vec<Reply> {
        let is_good =
            |status| matches!(status, StatusMatch::Code(200..=299) | StatusMatch::Range(2));
        let document = self.document;
        let first = all
            .iter()
            .position(|(status, used)| is_good(*status) && !document[used.id].content.is_empty());
        let replies = all.iter().enumerate();
        let replies = replies
            .map(|(at, (status, used))| self.reply((*status, first == Some(at)), used.id, index));
        replies.collect()
    }

    fn reply(
        &mut self,
        (status, is_first): (StatusMatch, bool),
        id: Id<document::Response>,
        index: usize,
    ) -> Reply {
        let response = &self.document[id];
        let status = match status {
            StatusMatch::Code(code) => Status::Code(code),
            StatusMatch::Range(class) => Status::Range(class),
            StatusMatch::Default => Status::Default,
        };
        let word = match status {
            Status::Code(200..=299) | Status::Range(2) if is_first => "reply".to_owned(),
            Status::Code(code) => format!("reply {code}"),
            Status::Range(class) => format!("reply {class}xx"),
            Status::Default => "error".to_owned(),
        };
        let contents = response.content.iter().enumerate();
        let contents = contents.map(|(place, media)| {
            let word = match place {
                0 => word.clone(),
                _ => format!("{word} {}", media_word(&media.range.value)),
            };
            self.content(media, index, &word)
        });
        let mut contents: Vec<Content> = contents.collect();
        if status.is_bodiless() {
            // HTTP has no body there; the document was told.
            contents.clear();
        }
        self.alternates(response, &mut contents);
        let unclear = self.document.is_spoiled(Scope::Response(id));
        let unread = response.unread && contents.is_empty() && !status.is_bodiless();
        if unclear || unread {
            contents.clear();
            let origin = self.origin(&response.location, response.span);
            contents.push(whole_reply(origin));
        }
        // The content type is said by `content`; the specification tells to ignore it here.
        let names = response.headers.iter();
        let names = names.filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        let document = self.document;
        let headers = names.map(|(name, used)| self.header(name, &document[used.id], index));
        Reply {
            headers: headers.collect(),
            contents,
            origin: self.origin(&response.location, response.span),
            status,
            description: text(response.description.as_ref().or(response.summary.as_ref())),
        }
    }

    /// Marks the contents that say what JSON beside them says: those with the schema of a value that is no text,
    /// and texts where the JSON is one too.
    fn alternates(&self, response: &document::Response, contents: &mut [Content]) {
        let texts: Vec<Option<bool>> = response
            .content
            .iter()
            .map(|media| self.schema_of(media).map(|schema| self.is_text(schema)))
            .collect();
        let is_json = |content: &Content| content.kind == Kind::Json;
        let mut json = contents.iter().zip(&texts).filter(|(it, _)| is_json(it));
        let Some((_, first)) = json.next() else {
            return;
        };
        let json_is_text = *first == Some(true) || json.any(|(_, text)| *text == Some(true));
        for (content, text) in contents.iter_mut().zip(&texts) {
            let is_same = text.is_some_and(|is_text| !is_text || json_is_text);
            content.alternate = content.is_raw() && is_same;
        }
    }

    /// Whether a schema is that of bytes as they are.
    fn is_bytes(&self, schema: Id<document::Schema>) -> bool {
        let schema = &self.document[self.strip_wrappers(schema).0];
        let format = schema.format.as_ref().map(|format| format.value.as_str());
        format == Some("binary") || schema.string.media_of_bytes().is_some()
    }

    /// Whether a schema is that of a text, or of anything.
    fn is_text(&self, schema: Id<document::Schema>) -> bool {
        let schema = &self.document[self.strip_wrappers(schema).0];
        let mut types = schema.types.iter();
        let is_text =
            |kind: document::Type| matches!(kind, document::Type::String | document::Type::Null);
        schema.is_anything()
            || (!schema.types.is_empty() && types.all(|kind| is_text(kind.value)))
            || (schema.types.is_empty() && schema.string.content_media_type.is_some())
    }

    fn header(&mut self, name: &str, header: &'d document::Header, index: usize) -> Header {
        let origin = self.origin(&header.location, header.span);
        let known = Name::Operation(index, name.to_owned());
        self.header_of(name, &header.value, origin, known)
    }

    /// A header with a value, its type called `known` where it has no name of its own.
    pub(super) fn header_of(
        &mut self,
        name: &str,
        value: &'d document::ParameterValue,
        origin: Origin,
        known: Name,
    ) -> Header {
        let content = value.content.first();
        let schema = value
            .schema
            .or(content.and_then(|media| self.schema_of(media)));
        let ty = match schema {
            Some(schema) => self.use_of(schema, known),
            None => self.any_use(origin.clone(), Reason::Unspecified),
        };
        Header {
            origin,
            name: name.to_owned(),
            description: text(value.description.as_ref()),
            ty,
            is_json: content.is_some_and(|media| kind(&media.range.value, true) == Kind::Json),
        }
    }

    fn content(&mut self, media: &Media, index: usize, word: &str) -> Content {
        let document = self.document;
        let part = &document[media.media_type.id];
        let described = part.schema.or(part.item_schema);
        let kind = kind(
            &media.range.value,
            described.is_some_and(|schema| !self.is_bytes(schema)),
        );
        let (schema, word) = match kind {
            Kind::Events => (self.item_schema(kind, part), format!("{word} event")),
            Kind::Lines => (self.item_schema(kind, part), format!("{word} line")),
            _ => (part.schema.or(part.item_schema), word.to_owned()),
        };
        let typed = matches!(
            kind,
            Kind::Json | Kind::Form | Kind::Multipart | Kind::Events | Kind::Lines
        );
        let origin = self.origin(&part.location, part.span);
        let ty: Option<Use> = match schema {
            Some(schema) if typed => {
                Some(self.use_of(schema, Name::Operation(index, word.clone())))
            }
            None if kind == Kind::Json => Some(self.any_use(origin.clone(), Reason::Unspecified)),
            _ => None,
        };
        let named = part
            .examples
            .values()
            .filter_map(|used| document[used.id].value.as_ref());
        let examples = part.example.iter().chain(named).map(|node| &node.value);
        let examples: Vec<&Value> = examples.collect();
        for (example, ty) in examples.iter().zip(ty.iter().cycle()) {
            self.see(ty.id, example);
        }
        let example = examples.first().copied();
        let example = example
            .filter(|example| word == "body" && is_small(example))
            .cloned();
        Content {
            origin,
            media: media.range.value.clone(),
            kind,
            ty,
            parts: part.encoding.iter().map(part_rule).collect(),
            alternate: false,
            example,
        }
    }
}

fn part_rule((name, encoding): (&String, &document::Encoding)) -> PartRule {
    PartRule {
        name: name.clone(),
        media: encoding
            .content_type
            .as_ref()
            .map(|media| media.value.clone()),
        style: encoding.style.map(style),
        explode: encoding.explode,
    }
}

/// Alternatives that a client can meet. Schemes that are not declared, or of which it knows nothing,
/// are the caller's, as certificates are a matter of the transport: they count only where each
/// alternative needs one, and then are left out.
fn security(document: &Document, requirements: &[document::Requirement]) -> Vec<Vec<String>> {
    let is_known = |name: &str| {
        let kind = document
            .scheme(name)
            .map(|scheme| service::scheme(&scheme.kind));
        kind.is_some_and(|kind| !matches!(kind, Scheme::Other(_)))
    };
    let names = |requirement: &document::Requirement| {
        let names = requirement.iter().map(|scheme| scheme.name.value.clone());
        names.collect::<Vec<_>>()
    };
    let all: Vec<Vec<String>> = requirements.iter().map(names).collect();
    let met = |names: &&Vec<String>| names.iter().all(|name| is_known(name));
    let whole: Vec<Vec<String>> = all.iter().filter(met).cloned().collect();
    if !whole.is_empty() {
        return whole;
    }
    let known = |names: Vec<String>| names.into_iter().filter(|name| is_known(name)).collect();
    let mut partly: Vec<Vec<String>> = all.into_iter().map(known).collect();
    partly.sort_by_key(Vec::is_empty);
    partly.dedup();
    partly
}

/// The scopes that an operation needs, by scheme.
fn scopes(requirements: &[document::Requirement]) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    for used in requirements.iter().flatten() {
        let name = &used.name.value;
        let place = all.iter().position(|(known, _)| known == name);
        let place = place.unwrap_or_else(|| {
            all.push((name.clone(), Vec::new()));
            all.len() - 1
        });
        for scope in &used.scopes {
            if !all[place].1.contains(&scope.value) {
                all[place].1.push(scope.value.clone());
            }
        }
    }
    all.retain(|(_, scopes)| !scopes.is_empty());
    all
}

/// The header of a key of repetitions: declared by the operation, or for all that may not be repeated.
fn idempotency_key(document: &Document, operation: &document::Operation) -> Option<String> {
    let name = "x-verbatim-idempotency-key";
    let own = extension::word(&operation.extensions, name);
    let is_for_all = ["POST", "PATCH"].contains(&operation.method.as_str());
    let common = || extension::word(&document.extensions, name).filter(|_| is_for_all);
    own.or_else(common).filter(|name| !name.is_empty())
}

/// A reply of which the document says nothing that can be understood: its bytes.
fn whole_reply(origin: Origin) -> Content {
    Content {
        origin,
        media: "*/*".to_owned(),
        kind: Kind::Bytes,
        ty: None,
        parts: Vec::new(),
        alternate: false,
        example: None,
    }
}

/// Whether the transport or a credential that the operation takes gives a parameter its value.
fn is_set_elsewhere(parameter: &document::Parameter, api: &Api, carried: &[&str]) -> bool {
    let name = parameter.name.value.as_str();
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    let is_header = parameter.place == document::Place::Header;
    let is_scheme = |scheme: &Scheme| match scheme {
        Scheme::ApiKeyHeader(header) => is_header && is(header),
        Scheme::ApiKeyQuery(key) => parameter.place == document::Place::Query && key == name,
        Scheme::ApiKeyCookie(key) => parameter.place == document::Place::Cookie && key == name,
        _ => false,
    };
    let is_reserved = ["accept", "content-type", "authorization"]
        .into_iter()
        .any(is);
    let mut carried = api
        .schemes
        .iter()
        .filter(|(scheme, _)| carried.contains(&scheme.as_str()));
    is_header && is_reserved || carried.any(|(_, scheme)| is_scheme(scheme))
}

/// The names between braces.
fn template_names(template: &str) -> Vec<String> {
    let parts = template.split('{').skip(1);
    let mut names = Vec::new();
    for name in parts
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name.to_owned())
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn place(place: document::Place) -> Place {
    match place {
        document::Place::Path => Place::Path,
        document::Place::Query | document::Place::QueryString => Place::Query,
        document::Place::Header => Place::Header,
        document::Place::Cookie => Place::Cookie,
    }
}

fn style(style: document::Style) -> Style {
    match style {
        document::Style::Matrix => Style::Matrix,
        document::Style::Label => Style::Label,
        document::Style::Simple => Style::Simple,
        document::Style::Form | document::Style::Cookie => Style::Form,
        document::Style::SpaceDelimited => Style::SpaceDelimited,
        document::Style::PipeDelimited => Style::PipeDelimited,
        document::Style::DeepObject => Style::DeepObject,
    }
}

/// What bodies of a media type are made of.
pub(super) fn kind(media: &str, has_schema: bool) -> Kind {
    let essence = media
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match essence.as_str() {
        "application/json" | "text/json" => Kind::Json,
        "*/*" | "application/*" if has_schema => Kind::Json,
        "application/x-www-form-urlencoded" => Kind::Form,
        "text/event-stream" => Kind::Events,
        "application/x-ndjson"
        | "application/ndjson"
        | "application/jsonl"
        | "application/x-jsonl"
        | "application/jsonlines"
        | "application/x-jsonlines"
        | "application/json-lines"
        | "application/json-seq"
        | "application/geo+json-seq"
        | "application/stream+json" => Kind::Lines,
        "application/xml" | "application/yaml" | "application/x-yaml" => Kind::Text,
        other if other.ends_with("+json") => Kind::Json,
        other if other.starts_with("multipart/") => Kind::Multipart,
        other
            if other.starts_with("text/")
                || other.ends_with("+xml")
                || other.ends_with("+yaml") =>
        {
            Kind::Text
        }
        _ => Kind::Bytes,
    }
}

/// Whether an example is small enough for documentation.
fn is_small(example: &Value) -> bool {
    let mut work = vec![example];
    let mut count = 0;
    while let Some(value) = work.pop() {
        count += 1;
        match value {
            Value::Array(items) => work.extend(items.iter().map(|item| &item.value)),
            Value::Object(object) => work.extend(object.iter().map(|member| &member.value.value)),
            _ => {}
        }
        if count > EXAMPLE {
            return false;
        }
    }
    true
}
