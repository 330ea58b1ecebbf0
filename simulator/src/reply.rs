//! The replies of success.

use bytes::Bytes;
use http::Response;
use verbatim_contract::value::{at, set};
use verbatim_contract::{Direction, Media, Operation, Reply, Schema};
use verbatim_source::Value;

use crate::accept;
use crate::act::Made;
use crate::check::{self, ReceivedRequest};
use crate::fault::{InjectedFaults, Kind};
use crate::form::Form;
use crate::oneway;
use crate::place::{NodePath, Place};
use crate::refuse::Refusal;
use crate::repair::{repair, sample};
use crate::respond::{put, respond};
use crate::simulator::Simulator;
use crate::stored::Stored;
use crate::view::{self, Page, Query, Shown};
use crate::world::{World, key_of};

impl Simulator {
    /// What a reply shows.
    pub(crate) fn shown(
        &self,
        world: &World,
        operation: &Operation,
        form: &Form,
        nodes: &[NodePath],
        made: Option<&Made>,
    ) -> Shown {
        let reading = matches!(operation.method.as_str(), "GET" | "HEAD");
        if let Some(grouped) = self.grouped(world, nodes).filter(|_| reading) {
            return Shown::Thing(grouped);
        }
        let shown = view::choose(&self.contract, &self.map, world, form, nodes, made);
        // A reply that is about something else than the item is answered as documented.
        match (&shown, &form.schema) {
            (Shown::Thing(value), Some(schema)) if !reading => {
                if self.contract.accepts(schema, value, Direction::Reply)
                    && !self.is_foreign(nodes, made, form)
                {
                    shown
                } else {
                    Shown::Nothing
                }
            }
            _ => shown,
        }
    }

    /// Whether the kind of a reply is named and is that of nothing on the way.
    fn is_foreign(&self, nodes: &[NodePath], made: Option<&Made>, form: &Form) -> bool {
        let Some(wanted) = form.name() else {
            return false;
        };
        let on_the_way = nodes
            .iter()
            .filter_map(|node_path| crate::place::schema_of(&self.contract, &self.map, node_path))
            .any(|schema| schema.name().as_ref() == Some(&wanted));
        !on_the_way && made.and_then(|made| made.name.as_ref()) != Some(&wanted)
    }

    /// Answers a request that only reads.
    pub(crate) fn reading(
        &self,
        world: &World,
        operation: &Operation,
        form: &Form,
        nodes: &[NodePath],
        received: &ReceivedRequest<'_>,
        injected: &InjectedFaults,
    ) -> Result<Response<Bytes>, Refusal> {
        let mut shown = Shown::Nothing;
        let mut page = None;
        let mut whole = None;
        let collected;
        let found = match nodes.last().map(|last| &last.place) {
            Some(Place::Collection { collection, owners })
                if form.list && owners.is_empty() && self.shows_all(*collection, injected) =>
            {
                whole = world.stores.get(*collection);
                Some(Vec::new())
            }
            Some(Place::Collection { collection, owners }) if form.list => {
                Some(view::items(&self.map, world, *collection, owners).collect())
            }
            _ => match self.shown(world, operation, form, nodes, None) {
                Shown::List(items) => {
                    collected = items.into_iter().map(Stored::from).collect::<Vec<_>>();
                    Some(collected.iter().collect::<Vec<&Stored>>())
                }
                mut other => {
                    if let Shown::Thing(value) = &mut other {
                        self.sum_up(world, nodes, received, value);
                    }
                    shown = other;
                    None
                }
            },
        };
        if let Some(mut items) = found {
            self.within(nodes, received, &mut items);
            if injected.has(Kind::NotListed) {
                items.pop();
            }
            let mut query = Query::read(operation, &received.query);
            query.misread(injected);
            let keep = self.required(form);
            let mut cut = match whole {
                Some(store) => query.apply_to(store, &keep),
                None => query.apply(items, &keep),
            };
            cut.next = cut.more.then(|| {
                next_page(
                    operation,
                    (
                        &self.origin(received.headers),
                        self.contract.base_of(&received.raw_path),
                    ),
                    &query,
                    received,
                )
            });
            shown = Shown::List(cut.items.clone());
            page = Some(cut);
        }
        if self.is_absent(operation, form, &shown) {
            let level = nodes.len();
            return Err(Refusal::of(operation, &[404], "there is nothing here").example(level));
        }
        let mut response = self.reply(operation, form, shown, page.as_ref(), None, received);
        if let (Some(page), Some(name)) = (
            &page,
            operation
                .pagination
                .as_ref()
                .and_then(|pagination| pagination.total_header.as_ref()),
        ) {
            put(response.headers_mut(), name, &page.total.to_string());
        }
        Ok(response)
    }

    /// Whether a list of a collection has all of its items, whatever a request says.
    fn shows_all(&self, collection: usize, injected: &InjectedFaults) -> bool {
        let name = &self.map.collections[collection].name;
        !injected.has(Kind::NotListed) && !self.rules.series.contains_key(name)
    }

    /// Whether what is shown is nothing, and the reply has no way to say so.
    fn is_absent(&self, operation: &Operation, form: &Form, shown: &Shown) -> bool {
        let empty = matches!(shown, Shown::Nothing | Shown::Thing(Value::Null));
        let documented = operation.reply(404).is_some();
        let Some(schema) = form.schema.as_ref().filter(|_| empty && documented) else {
            return false;
        };
        let whole = operation
            .success()
            .and_then(|(_, reply)| reply.json()?.schema.clone());
        let says_so = |schema: &Schema| {
            [Value::Null, Value::Array(Vec::new())]
                .iter()
                .any(|value| self.contract.accepts(schema, value, Direction::Reply))
        };
        !says_so(schema) && !whole.as_ref().is_some_and(says_so)
    }

    /// Members that stay in a list entry whatever fields were asked for.
    fn required(&self, form: &Form) -> Vec<String> {
        form.schema
            .as_ref()
            .map(|schema| self.contract.shape(schema).required.into_iter().collect())
            .unwrap_or_default()
    }

    /// The documented reply of success around what is shown.
    pub(crate) fn reply(
        &self,
        operation: &Operation,
        form: &Form,
        shown: Shown,
        page: Option<&Page>,
        made: Option<&Made>,
        received: &ReceivedRequest<'_>,
    ) -> Response<Bytes> {
        let declared = self.rules.operations.get(&operation.id);
        let declared = declared.and_then(|effect| effect.status);
        let declared = declared.and_then(|status| Some((status, operation.reply(status)?)));
        let chosen = declared.or_else(|| chosen(operation, made.is_some()));
        let Some((status, reply)) = chosen else {
            return respond(200, "", String::new());
        };
        let mut response = self.body_of(operation, form, shown, page, received, status, reply);
        self.locate(reply, made, received, &mut response);
        self.documented_headers(reply, &mut response);
        response
    }

    /// The reply in the form that the caller takes.
    #[expect(
        clippy::too_many_arguments,
        reason = "all of them describe one reply, and each comes from elsewhere"
    )]
    fn body_of(
        &self,
        operation: &Operation,
        form: &Form,
        shown: Shown,
        page: Option<&Page>,
        received: &ReceivedRequest<'_>,
        status: u16,
        reply: &Reply,
    ) -> Response<Bytes> {
        let wanted = if self.contract.formats.is_empty() {
            accept::chosen(received.headers, reply).flatten()
        } else {
            None
        };
        let as_xml = wanted.filter(|media| check::is_xml(&media.name) && media.schema.is_some());
        if let Some(media) = wanted.filter(|media| !media.is_json() && as_xml.is_none()) {
            return self.plain(status, media, received);
        }
        let Some(media) = wanted.filter(|media| media.is_json()).or(reply.json()) else {
            return match wanted.or(reply.media.first()) {
                Some(media) => self.plain(status, media, received),
                None => respond(status, "", String::new()),
            };
        };
        let Some(schema) = &media.schema else {
            let value = media
                .evidence()
                .next()
                .map(|example| (*example.value).clone());
            let text = value
                .map(|value| verbatim_source::write::compact(&value))
                .unwrap_or_default();
            return respond(status, if text.is_empty() { "" } else { &media.name }, text);
        };
        let mut value = match shown {
            Shown::List(items) => {
                let items = items.into_iter().map(verbatim_source::Node::made).collect();
                form.wrap(Value::Array(items))
            }
            Shown::Thing(value) => form.wrap(value),
            Shown::Nothing => self.documented(media, schema),
        };
        if let Some(page) = page {
            Self::page_data(operation, &mut value, page);
        }
        self.settle_null(schema, &mut value);
        if self.one_way.write_only {
            oneway::without(&self.contract, schema, &mut value, "writeOnly");
        }
        repair(&self.contract, schema, &mut value, None);
        if let Some(xml) = as_xml {
            let schema = xml.schema.as_ref().unwrap_or(schema);
            let text = verbatim_contract::xml::from_value(&self.contract, schema, &value);
            return respond(status, &xml.name, text);
        }
        respond(status, &media.name, verbatim_source::write::compact(&value))
    }

    /// The headers that a reply must have, and where a redirection leads: the documented value,
    /// else a sample. What is there already stays.
    pub(crate) fn documented_headers(&self, reply: &Reply, response: &mut Response<Bytes>) {
        let redirects = leads_elsewhere(response.status().as_u16());
        for header in &reply.headers {
            let needed =
                header.required || (redirects && header.name.eq_ignore_ascii_case("location"));
            if !needed || response.headers().contains_key(header.name.as_str()) {
                continue;
            }
            let documented = header.example.as_ref().and_then(|value| key_of(value));
            let of_schema = || {
                let schema = header.schema.as_ref()?;
                let shape = self.contract.shape(schema);
                let example = shape.examples.first().and_then(|value| key_of(value));
                example.or_else(|| key_of(&sample(&self.contract, schema)?))
            };
            if let Some(value) = documented.or_else(of_schema) {
                put(response.headers_mut(), &header.name, &value);
            }
        }
        // Clients take no redirection that leads nowhere.
        if redirects && !response.headers().contains_key("location") {
            let root = format!("{}/", self.contract.base_path);
            put(response.headers_mut(), "location", &root);
        }
    }

    /// Where nothing is there, a list says so by being empty.
    fn settle_null(&self, schema: &Schema, value: &mut Value) {
        let empty = Value::Array(Vec::new());
        if matches!(value, Value::Null)
            && !self.contract.accepts(schema, value, Direction::Reply)
            && self.contract.accepts(schema, &empty, Direction::Reply)
        {
            *value = empty;
        }
    }

    /// The documented body of a reply, else a sample.
    fn documented(&self, media: &Media, schema: &Schema) -> Value {
        let example = media
            .evidence()
            .map(|example| (*example.value).clone())
            .next();
        let empty = Value::Object(verbatim_source::Object::new());
        example
            .or_else(|| {
                self.contract
                    .accepts(schema, &empty, Direction::Reply)
                    .then_some(empty)
            })
            .or_else(|| sample(&self.contract, schema))
            .unwrap_or(Value::Null)
    }

    /// A reply that is not JSON: its documented text, or nothing.
    fn plain(&self, status: u16, media: &Media, received: &ReceivedRequest<'_>) -> Response<Bytes> {
        let documented = media.evidence().find_map(|example| key_of(&example.value));
        let sampled = || {
            media
                .schema
                .as_ref()
                .and_then(|schema| key_of(&sample(&self.contract, schema)?))
        };
        respond(
            status,
            &accept::concrete(received.headers, &media.name),
            documented.or_else(sampled).unwrap_or_default(),
        )
    }

    /// The number of all items and the address of the next page, where the document has them.
    fn page_data(operation: &Operation, value: &mut Value, page: &Page) {
        let Some(pagination) = &operation.pagination else {
            return;
        };
        if let Some(pointer) = &pagination.total {
            set(value, pointer, Value::from(page.total));
        }
        if let Some(pointer) = pagination.next.as_ref().filter(|_| page.more)
            && at(value, pointer).is_none()
        {
            let address = page.next.clone().unwrap_or_default();
            set(value, pointer, Value::String(address));
        }
    }
}

/// The address of the page after the one that was asked for.
fn next_page(
    operation: &Operation,
    (origin, base): (&str, &str),
    query: &Query,
    received: &ReceivedRequest<'_>,
) -> String {
    let name = operation
        .pagination
        .as_ref()
        .map(|pagination| pagination.page.clone())
        .unwrap_or_default();
    let mut pairs: Vec<(String, String)> = received
        .query
        .iter()
        .filter(|(known, _)| *known != name)
        .cloned()
        .collect();
    let next = query.page.unwrap_or(query.first).saturating_add(1);
    pairs.push((name, next.to_string()));
    let path = operation.template.fill(|wanted| {
        received
            .path
            .iter()
            .find(|(known, _)| known == wanted)
            .map(|(_, value)| value.clone())
    });
    let query = verbatim_contract::wire::write_query(&pairs);
    format!("{origin}{base}{}?{query}", path.unwrap_or_default())
}

/// The status and reply of success: 201 for what was made and 202 for what goes on, where they are
/// documented with a body.
fn chosen(operation: &Operation, made: bool) -> Option<(u16, &Reply)> {
    let code = |status: u16| {
        let exact = verbatim_contract::StatusMatch::Code(status);
        operation
            .replies
            .iter()
            .find(|reply| reply.status == exact)
            .map(|reply| (status, reply))
    };
    let first = operation.usual();
    if operation.wait.is_some()
        && let Some(found) = code(202)
    {
        return Some(found);
    }
    if made && let Some(found) = code(201) {
        return Some(found);
    }
    if made
        && first.is_some_and(|(_, reply)| {
            matches!(reply.status, verbatim_contract::StatusMatch::Range(_))
        })
    {
        return first.map(|(_, reply)| (201, reply));
    }
    first
}

/// Whether a status is a redirection that tells where to (RFC 9110, section 15.4).
fn leads_elsewhere(status: u16) -> bool {
    matches!(status, 300..=303 | 307 | 308)
}
