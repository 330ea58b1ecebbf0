//! What is said of a type of which the document says nothing: where it is used.

use super::bounds::quoted;
use super::docs::plain_words;
use super::naming::Names;
use crate::ir::{Additional, Api, Name, Operation, Place, Shape, Status, TypeId};

/// How many lists, maps and further names without a name of their own are gone through.
const MOST_STEPS: usize = 8;

/// For each type, where it is used.
pub struct Roles {
    uses: Vec<Uses>,
}

/// The first place where a type is used, and how many there are.
#[derive(Clone, Default)]
struct Uses {
    first: Option<Role>,
    count: usize,
}

/// Where a type is used.
#[derive(Clone)]
enum Role {
    /// At a place of an operation, or as a part of a type with a name: in words.
    Said(String),
    /// As a part of a type without a name, such as an item: the words before what that one is.
    Within(&'static str, TypeId),
}

impl Roles {
    /// Looks at all operations and types.
    pub fn of(api: &Api, names: &Names) -> Self {
        let mut roles = Self {
            uses: vec![Uses::default(); api.types.len()],
        };
        api.operations.iter().for_each(|it| roles.operation(it));
        for index in 0..api.types.len() {
            roles.parts(api, names, TypeId::new(index));
        }
        roles
    }

    fn add(&mut self, id: TypeId, role: impl FnOnce() -> Option<Role>) {
        let uses = &mut self.uses[id.index()];
        if uses.count == 0 {
            uses.first = role();
        }
        uses.count += 1;
    }

    fn operation(&mut self, operation: &Operation) {
        let line = format!("{} {}", operation.method, operation.path);
        let Some(line) = quoted(&line) else {
            return;
        };
        let body = operation.body.iter().flat_map(|body| &body.contents);
        for ty in body.filter_map(|content| content.ty.as_ref()) {
            self.add(ty.id, || Some(Role::Said(format!("the body of `{line}`"))));
        }
        for reply in &operation.replies {
            let status = match reply.status {
                Status::Code(code) => code.to_string(),
                Status::Range(class) => format!("{class}xx"),
                Status::Default => "any other status".to_owned(),
            };
            for ty in reply.contents.iter().filter_map(|it| it.ty.as_ref()) {
                let said = || format!("the reply of `{line}` ({status})");
                self.add(ty.id, || Some(Role::Said(said())));
            }
            for header in &reply.headers {
                let said = || {
                    Some(format!(
                        "the header `{}` of `{line}`",
                        quoted(&header.name)?
                    ))
                };
                self.add(header.ty.id, || said().map(Role::Said));
            }
        }
        for parameter in &operation.parameters {
            let kind = match parameter.place {
                Place::Path => "the path parameter",
                Place::Query => "the query parameter",
                Place::Header => "the header",
                Place::Cookie => "the cookie",
            };
            let said = || Some(format!("{kind} `{}` of `{line}`", quoted(&parameter.name)?));
            self.add(parameter.ty.id, || said().map(Role::Said));
        }
    }

    /// Notes what a type holds.
    fn parts(&mut self, api: &Api, names: &Names, holder: TypeId) {
        let name = names.get(holder);
        let part = |what: &'static str| match name {
            Some(name) => Role::Said(format!("{what} of `{name}`")),
            None => Role::Within(what, holder),
        };
        match &api.get(holder).shape {
            Shape::Object(object) => {
                for property in &object.properties {
                    let said = || {
                        Some(format!(
                            "the property `{}` of `{}`",
                            quoted(&property.name)?,
                            name?
                        ))
                    };
                    self.add(property.ty.id, || said().map(Role::Said));
                }
                if let Additional::Typed(ty) = &object.additional {
                    self.add(ty.id, || Some(part("a further property")));
                }
            }
            Shape::Array(item) => self.add(item.id, || Some(part("an item"))),
            Shape::Map(value) => self.add(value.id, || Some(part("a value"))),
            Shape::Tuple(tuple) => {
                for item in tuple.items.iter().chain(&tuple.rest) {
                    self.add(item.id, || Some(part("an item")));
                }
            }
            Shape::Union(union) => {
                for branch in &union.branches {
                    self.add(branch.ty.id, || Some(part("a kind")));
                }
            }
            Shape::Alias(inner) => self.alias(holder, *inner),
            Shape::Root(_, inner) => self.alias(holder, inner.id),
            _ => {}
        }
    }

    /// A further name is used where the type is.
    fn alias(&mut self, holder: TypeId, inner: TypeId) {
        self.add(inner, || Some(Role::Within("", holder)));
    }

    /// What is said of a type, in words that end a sentence: where it is used first, and in how many places more.
    pub fn words(&self, api: &Api, id: TypeId) -> String {
        let uses = &self.uses[id.index()];
        let Some(words) = self.first(id) else {
            return match &api.get(id).name {
                Name::Component(name) => match quoted(name) {
                    Some(name) => format!("the schema `{name}` of the document."),
                    None => String::new(),
                },
                Name::Hook(words) => format!("sent by the server: {}.", plain_words(words)),
                _ => String::new(),
            };
        };
        match uses.count - 1 {
            0 => format!("{words}."),
            1 => format!("{words}, and used in one more place."),
            more => format!("{words}, and used in {more} more places."),
        }
    }

    fn first(&self, mut id: TypeId) -> Option<String> {
        let mut before = String::new();
        for _ in 0..MOST_STEPS {
            match self.uses[id.index()].first.as_ref()? {
                Role::Said(words) => return Some(format!("{before}{words}")),
                Role::Within("", holder) => id = *holder,
                Role::Within(what, holder) => {
                    before.push_str(what);
                    before.push_str(" of ");
                    id = *holder;
                }
            }
        }
        None
    }
}
