//! Operations as methods: groups, names, arguments, and the table of constants.

mod shown;

use indexmap::IndexMap;

use super::endpoint::{
    Among, Argument, CallType, Decode, Endpoint, FormField, Group, Table, Taken, Via, Waits,
};
use super::example::Examples;
use super::fit::fitting;
use super::group_file::GroupFile;
use super::name::{Clash, Ident, Scope, Usage, identifier};
use super::overrides::key;
use super::replies::{Extent, Outcome, extent};
use super::reserved::{CALL_WORDS, CLIENT_WORDS};
use super::types::Types;
use super::wording::{
    Cut, bodies, call_word, group_words, method_word, operation_id, path_word, readable, spoken_id,
    wanted_names, whole_word,
};
use super::{Docs, File, Item, Type, plain_words, table};
use crate::ir::{self, Content, Kind, Operation, Place};
use crate::origin::Origin;

/// Decides on all operations.
pub struct Calls<'a> {
    /// The types they are made of.
    pub types: &'a Types<'a>,
    /// The operations by identifier, for those that are polled.
    pub by_id: IndexMap<&'a str, &'a Operation>,
    /// The headers of the replies of each operation that has some of its own, by its place in the API.
    headers: &'a [Option<Ident>],
    /// Values for examples.
    examples: Examples<'a>,
    /// Where examples find the client.
    home: Home,
}

/// Where examples find the client.
pub struct Home {
    /// The module of the client as a path.
    pub root: String,
    /// The client.
    pub client: Ident,
}

/// An operation with its place in the API.
type Numbered<'o> = (usize, &'o Operation);

/// All operations, decided on.
pub struct Operations {
    /// The groups.
    pub groups: Vec<GroupFile>,
    /// The table.
    pub table: Table,
}

impl<'a> Calls<'a> {
    /// Decides on the operations of an API.
    pub fn new(types: &'a Types<'a>, headers: &'a [Option<Ident>], home: Home) -> Self {
        let operations = types.api.operations.iter();
        let by_id = operations
            .filter_map(|it| it.id.as_deref().map(|id| (id, it)))
            .collect();
        Self {
            types,
            by_id,
            headers,
            examples: Examples::new(types),
            home,
        }
    }

    /// All operations by group, in the order of the document.
    pub fn operations(&self, clashes: &mut Vec<Clash>) -> Operations {
        let mut groups: IndexMap<String, Vec<Numbered<'_>>> = IndexMap::new();
        let operations = self.types.api.operations.iter().enumerate();
        let words = group_words(self.types.api, &self.types.overrides.groups);
        for (operation, word) in operations.zip(words) {
            groups.entry(word).or_default().push(operation);
        }
        // Types, groups, calls and replies share one namespace: no two public names of a client are alike.
        let mut names = self.type_names();
        let mut accessors = Scope::new();
        for word in CLIENT_WORDS {
            accessors.reserve(word);
        }
        let mut constants = Scope::new();
        constants.reserve("OPERATIONS");
        let mut table = Table {
            operations: Vec::new(),
        };
        let mut files = Vec::new();
        let claimed = groups
            .keys()
            .map(|word| names.claim_any(&group_names(word), Usage::Type, &Origin::default()));
        let claimed: Vec<Ident> = claimed.collect();
        for ((word, operations), name) in groups.into_iter().zip(claimed) {
            let origin = operations[0].1.origin.clone();
            let accessor = accessors.claim_any(&group_names(&word), Usage::Module, &origin);
            let methods = self.method_names(&word, &accessor, &operations, clashes);
            let mut naming = Naming {
                word: &word,
                accessor,
                name,
                methods: methods.into_iter(),
                names: &mut names,
                constants: &mut constants,
            };
            files.push(self.group(&mut naming, &operations, &mut table));
        }
        clashes.extend(accessors.take_clashes());
        clashes.extend(names.take_clashes());
        Operations {
            groups: files,
            table,
        }
    }

    /// The namespace of types, with what stands in it before any operation.
    fn type_names(&self) -> Scope {
        let mut names = Scope::new();
        self.types.names.all().for_each(|name| names.reserve(name));
        names.reserve(self.home.client.as_str());
        names
    }

    fn group(
        &self,
        naming: &mut Naming<'_>,
        operations: &[Numbered<'_>],
        table: &mut Table,
    ) -> GroupFile {
        let word = naming.word;
        let (accessor, name) = (naming.accessor.clone(), naming.name.clone());
        let mut endpoints = Vec::new();
        let mut further = Vec::new();
        let mut resumes = Scope::new();
        for name in naming.methods.as_slice() {
            resumes.reserve(name.as_str());
        }
        for (index, operation) in operations {
            let id = operation_id(operation);
            let wanted = wanted_names(word, operation, "");
            let constant = naming
                .constants
                .claim_any(&wanted, Usage::Constant, &operation.origin);
            let told = (*operation, extent(operation));
            let outcome = self.types.outcome(told, word, naming.names, &mut further);
            table.operations.push(table::operation(
                self.types,
                operation,
                &id,
                constant.clone(),
            ));
            for content in bodies(self.types.api, operation) {
                let Some(method) = naming.methods.next() else {
                    continue;
                };
                let call = self.endpoint(
                    operation,
                    content,
                    &outcome,
                    &further,
                    (&name, method, constant.clone()),
                );
                let (mut endpoint, call) = call;
                if let Some(mut call) = call {
                    let call_word = call_word(self.types.api, content, operation);
                    let wanted = wanted_names(word, operation, &call_word);
                    let name = naming
                        .names
                        .claim_any(&wanted, Usage::Type, &operation.origin);
                    endpoint.call = Some(name.clone());
                    if let Some(waits) = &mut call.waits {
                        let resume = &mut waits.resumed.1;
                        *resume = resumes.claim_identifier(resume.clone(), &operation.origin);
                    }
                    further.push(Item::CallType(CallType { name, ..call }));
                }
                super::words::headers(&mut endpoint.docs, self.headers[*index].as_ref());
                endpoints.push(endpoint);
            }
        }
        let tag = operations[0].1.tags.first();
        let described = self
            .types
            .api
            .tags
            .iter()
            .find(|(name, _)| Some(name) == tag);
        let docs = Docs::foreign(described.map(|(_, text)| text.as_str()));
        let docs = if docs.is_empty() {
            Docs::own(format!("The group `{word}`."))
        } else {
            docs
        };
        let origin = operations[0].1.origin.clone();
        let group = Group {
            origin,
            docs: docs.clone(),
            name: name.clone(),
            accessor: accessor.clone(),
            root: self.home.root.clone(),
            client: self.home.client.clone(),
            endpoints,
        };
        let mut items = vec![Item::Group(group)];
        items.append(&mut further);
        let path = format!("api/{accessor}.rs");
        let origin = Origin::new(operations[0].1.origin.file.clone(), "/paths", None);
        let file = File {
            path,
            origin,
            docs: Docs::own(format!("The operations of the group `{word}`.")),
            items,
        };
        GroupFile {
            word: word.to_owned(),
            file,
            accessor,
            name,
            docs,
        }
    }

    /// The names of the methods of a group, one for each operation and kind of body; those that the caller names are
    /// claimed first, since the others give way.
    fn method_names(
        &self,
        word: &str,
        accessor: &Ident,
        operations: &[Numbered<'_>],
        clashes: &mut Vec<Clash>,
    ) -> Vec<Ident> {
        let mut scope = Scope::new();
        scope.reserve("new");
        let mut wanted = Vec::new();
        for (_, operation) in operations {
            let wished = self.types.overrides.methods.get(&key(operation));
            let id = spoken_id(operation);
            let api = self.types.api;
            for content in bodies(api, operation) {
                let text = method_word(api, operation, word, &id, content, wished);
                let text = identifier(&text, Usage::Value);
                let claimed = wished
                    .is_some()
                    .then(|| scope.claim_identifier(text.clone(), &operation.origin));
                let whole = (wished.is_none() && operation.name.is_none())
                    .then(|| whole_word(api, operation, &id, content));
                let by_path = path_word(api, operation, content);
                let cut = Cut {
                    text,
                    whole,
                    by_path,
                };
                wanted.push((operation, cut, claimed));
            }
        }
        let texts = readable(wanted.iter().map(|(_, cut, _)| cut));
        let names = wanted
            .into_iter()
            .zip(texts)
            .map(|((operation, cut, claimed), text)| {
                let by_path = identifier(&cut.by_path, Usage::Value);
                let other = Some(by_path).filter(|name| scope.is_free(name));
                claimed.unwrap_or_else(|| scope.take(text, other, &operation.origin))
            });
        let names = names.collect();
        let within = format!("{accessor}().");
        clashes.extend(scope.take_clashes().into_iter().map(|clash| Clash {
            within: within.clone(),
            ..clash
        }));
        names
    }

    /// One operation with one kind of body.
    fn endpoint(
        &self,
        operation: &Operation,
        content: Option<&Content>,
        outcome: &Outcome,
        further: &[Item],
        (group, method, constant): (&Ident, Ident, Ident),
    ) -> (Endpoint, Option<CallType>) {
        let mut scope = Scope::new();
        scope.reserve("call");
        let mut setters = Scope::new();
        let mut arguments = Vec::new();
        let mut options = Vec::new();
        for parameter in &operation.parameters {
            if parameter.required {
                arguments.push(self.argument(operation, parameter, &mut scope));
            } else {
                options.push(self.argument(operation, parameter, &mut setters));
            }
        }
        let required = operation.body.as_ref().is_some_and(|body| body.required);
        if let Some(content) = content {
            let (list, scope) = if required {
                (&mut arguments, &mut scope)
            } else {
                (&mut options, &mut setters)
            };
            list.push(self.body(operation, content, scope));
        }
        for option in &mut options {
            if CALL_WORDS.contains(&option.name.as_str()) {
                option.name = identifier(&format!("{} parameter", option.name), Usage::Value);
            }
        }
        let items = operation
            .pagination
            .as_ref()
            .and_then(|rule| self.types.paged_item(rule, &outcome.success));
        if let (Some(rule), Some((item, _))) = (&operation.pagination, &items) {
            for option in &mut options {
                by_properties(option, rule, item);
            }
        }
        let resume = identifier(&format!("resume {method}"), Usage::Value);
        let resumed = (group.clone(), resume);
        let waits = operation.wait.as_ref();
        let waits = waits.and_then(|rule| self.waits(rule, resumed));
        let waits = waits.map(Box::new);
        let has_more =
            !options.is_empty() || items.is_some() || waits.is_some() || outcome.events.is_some();
        let call = has_more.then(|| CallType {
            origin: operation.origin.clone(),
            docs: Docs::own(format!("A call of [`{group}::{method}`].")),
            name: Ident::fixed("CallType"),
            success: outcome.success.clone(),
            refusal: outcome.refusal.clone(),
            options,
            items,
            waits,
            constant: constant.clone(),
            events: outcome.events.clone(),
        });
        let by_items = match &outcome.success {
            Decode::Replies(name) => further.iter().any(|item| match item {
                Item::Replies(replies) if replies.name == *name => replies.has_sequence(),
                _ => false,
            }),
            decode => decode.is_sequence(),
        };
        let endpoint = Endpoint {
            origin: operation.origin.clone(),
            docs: super::words::endpoint(operation, &arguments, outcome),
            deprecated: operation.deprecated,
            method,
            constant,
            arguments,
            call: None,
            success: outcome.success.clone(),
            refusal: outcome.refusal.clone(),
            by_items,
            example: self.example(operation, content),
        };
        (endpoint, call)
    }

    /// What is polled by a rule; one whose polled replies are of several types cannot be awaited.
    fn waits(&self, rule: &ir::Wait, resumed: (Ident, Ident)) -> Option<Waits> {
        let polled = self.by_id.get(rule.poll.as_str())?;
        let told = (*polled, Extent::Json);
        let outcome = self
            .types
            .outcome(told, "", &mut Scope::new(), &mut Vec::new());
        let is_awaited =
            |decode: &Decode| !matches!(decode, Decode::Replies(_)) && !decode.is_sequence();
        let decode = Some(outcome.success).filter(is_awaited)?;
        // What is gone is no value of the polled type.
        let decode = if rule.gone { Decode::Empty } else { decode };
        let among = rule.among.as_ref().map(|among| Among {
            items: among.items.clone(),
            identity: among.identity.clone(),
            baseline: among.baseline,
            matches: among.matches.clone(),
        });
        Some(Waits {
            decode,
            among,
            resumed,
        })
    }

    fn argument(
        &self,
        operation: &Operation,
        parameter: &ir::Parameter,
        scope: &mut Scope,
    ) -> Argument {
        let name = parameter.name.clone();
        let choices = &self.types.overrides.arguments;
        let wanted = (!choices.is_empty())
            .then(|| choices.get(&(key(operation), name.clone())))
            .flatten()
            .cloned()
            .unwrap_or_else(|| identifier(&parameter.name, Usage::Value));
        let target = self.types.api.get(self.types.resolved(parameter.ty.id).0);
        let (via, place) = match parameter.place {
            Place::Path => (Via::Path(name), "path"),
            Place::Query => (Via::Query(name), "query"),
            Place::Header => (Via::Header(name), "header"),
            Place::Cookie => (Via::Cookie(name), "cookie"),
        };
        let placed = identifier(&format!("{} {place}", parameter.name), Usage::Value);
        let placed = Some(placed).filter(|name| scope.is_free(name));
        let texts = [
            &parameter.description,
            &parameter.ty.description,
            &target.description,
        ];
        let text = texts
            .into_iter()
            .find(|text| !text.is_empty())
            .map(String::as_str);
        let mut docs = Docs::foreign(text);
        docs.remark = super::bounds::parameter_docs(parameter, target, text.unwrap_or_default());
        Argument {
            docs,
            deprecated: parameter.deprecated,
            name: match placed {
                Some(placed) => scope.take(wanted, Some(placed), &parameter.origin),
                None => {
                    scope.claim_apart(wanted, (&parameter.name, Usage::Value), &parameter.origin)
                }
            },
            taken: self.taken(parameter),
            via,
            form: None,
            checks: {
                let ty = self.types.named(parameter.ty.id).carried();
                let checks = fitting(self.types.checks(parameter.ty.id), &ty);
                let checks = super::bounds::beyond_table(&checks);
                (!checks.is_empty()).then_some((ty, checks))
            },
        }
    }

    /// How a parameter is taken: texts and lists borrowed, small values as they are.
    fn taken(&self, parameter: &ir::Parameter) -> Taken {
        let ty = self.types.named(parameter.ty.id).carried();
        let target = self.types.api.get(self.types.resolved(parameter.ty.id).0);
        match (ty.plain(), &target.shape) {
            (Type::String | Type::SecretString, _) => Taken::Text,
            (Type::Json, _) if parameter.place == Place::Path => Taken::Text,
            (Type::Bool | Type::I64 | Type::U64, _) | (_, ir::Shape::Enum(_)) => Taken::Value(ty),
            (Type::Vec(item), _) => Taken::Slice((**item).clone()),
            _ => Taken::Reference(ty),
        }
    }

    fn body(&self, operation: &Operation, content: &Content, scope: &mut Scope) -> Argument {
        let whole = content.media.trim().to_owned();
        let essence = whole
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned();
        // The boundary of parts is chosen anew for each body.
        let media = if content.kind == Kind::Multipart {
            &essence
        } else {
            &whole
        };
        let exact = |otherwise: &str| {
            if essence.contains('*') {
                otherwise.to_owned()
            } else {
                media.clone()
            }
        };
        // Neither fields nor parts can say that the body as a whole is null.
        let is_said = |used: &ir::Use| match content.kind {
            Kind::Form | Kind::Multipart => self.types.named(used.id),
            _ => self.types.used(used),
        };
        let ty = content.ty.as_ref().map(is_said);
        let form = ty.as_ref().filter(|_| content.kind == Kind::Json);
        let form = form.and_then(Type::form);
        let (taken, via) = match (content.kind, ty) {
            (Kind::Json, ty) => {
                let ty = ty.unwrap_or(Type::Json);
                let taken = match ty.bare() {
                    Type::Vec(item) => Taken::Slice((**item).clone()),
                    Type::String => Taken::Text,
                    _ => Taken::Reference(ty),
                };
                (taken, Via::Json(exact("application/json")))
            }
            (Kind::Form, ty) => {
                let ty = ty.unwrap_or_else(|| Type::Json.map()).carried();
                (Taken::Reference(ty), Via::Form(self.form_fields(content)))
            }
            (Kind::Multipart, Some(ty)) if self.is_form(content) => (
                Taken::Reference(ty),
                Via::Parts(exact("multipart/form-data")),
            ),
            (Kind::Multipart, _) => (Taken::Form, Via::Multipart(exact("multipart/form-data"))),
            (Kind::Text | Kind::Events | Kind::Lines, _) => {
                (Taken::Upload, Via::Text(whole.clone()))
            }
            (Kind::Bytes, _) => (Taken::Upload, Via::Bytes(whole.clone())),
        };
        let description = operation
            .body
            .as_ref()
            .map(|body| body.description.as_str());
        let checks = content.ty.as_ref().map(|used| {
            let ty = is_said(used);
            let checks = fitting(self.types.checks(used.id), &ty);
            let checks = super::bounds::beyond_types(&checks);
            (ty, checks)
        });
        let checks = checks.filter(|(_, checks)| !checks.is_empty());
        let words = ["body", "request body", "whole body"].map(str::to_owned);
        let name = scope.claim_any(&words, Usage::Value, &content.origin);
        let remark = match &via {
            Via::Bytes(media) | Via::Text(media) if media.contains('*') => {
                let media = plain_words(media);
                format!("The request body, of one of `{media}`: `Upload::content_type` says which.")
            }
            _ => "The request body.".to_owned(),
        };
        let docs = Docs {
            remark,
            ..Docs::foreign(description)
        };
        Argument {
            docs,
            deprecated: false,
            name,
            taken,
            via,
            form,
            checks,
        }
    }

    /// The fields of a form of which the document says how they are written, or that are required and may be
    /// empty.
    fn form_fields(&self, content: &Content) -> Vec<FormField> {
        let api = self.types.api;
        let whole = content.ty.as_ref().map(|ty| self.types.resolved(ty.id).0);
        let required = whole.map_or_else(Vec::new, |id| match &api.get(id).shape {
            ir::Shape::Object(object) => object.properties.iter().collect(),
            _ => Vec::new(),
        });
        let may_vanish = |property: &&&ir::Property| {
            let shape = &api.get(self.types.resolved(property.ty.id).0).shape;
            let is_scalar = matches!(
                shape,
                ir::Shape::Boolean
                    | ir::Shape::Integer(_)
                    | ir::Shape::Number
                    | ir::Shape::Text(_)
                    | ir::Shape::Enum(_)
                    | ir::Shape::Foreign
            );
            property.required && !is_scalar
        };
        let required: Vec<&str> = required
            .iter()
            .filter(may_vanish)
            .map(|property| property.name.as_str())
            .collect();
        let mut fields: Vec<FormField> = Vec::new();
        for rule in &content.parts {
            let json = rule.media.as_deref().is_some_and(super::forms::is_json);
            // By the specification a style, where there is one, counts and the media type does not.
            let style = rule.style.or(json.then_some(ir::Style::Json));
            fields.extend(style.map(|style| FormField {
                name: rule.name.clone(),
                style,
                explode: rule.explode.unwrap_or(style == ir::Style::Form),
                required: required.contains(&rule.name.as_str()),
            }));
        }
        for name in required {
            if !fields.iter().any(|field| field.name == name) {
                fields.push(FormField {
                    name: name.to_owned(),
                    style: ir::Style::DeepObject,
                    explode: true,
                    required: true,
                });
            }
        }
        fields
    }

    /// Whether a multipart body has a struct.
    fn is_form(&self, content: &Content) -> bool {
        let ty = content.ty.as_ref();
        ty.is_some_and(|ty| self.types.api.get(ty.id).form.is_some())
    }
}

/// What a group may be called, the best first.
fn group_names(word: &str) -> [String; 4] {
    let with = |more: &str| format!("{word}{more}");
    [
        with(""),
        with(" group"),
        with(" operations"),
        with(" calls"),
    ]
}

/// What a group and its operations are called, and the names that are taken.
struct Naming<'n> {
    word: &'n str,
    accessor: Ident,
    name: Ident,
    methods: std::vec::IntoIter<Ident>,
    names: &'n mut Scope,
    constants: &'n mut Scope,
}

/// Lets an option that names properties of the items of a list take their constants.
fn by_properties(option: &mut Argument, rule: &ir::Pagination, item: &Type) {
    let Via::Query(wire) = &option.via else {
        return;
    };
    if option.taken != Taken::Text || !matches!(item, Type::Named(_)) {
        return;
    }
    if *wire == rule.sort {
        option.taken = Taken::SortBy(item.clone());
    } else if *wire == rule.fields {
        option.taken = Taken::Fields(item.clone());
    }
}
