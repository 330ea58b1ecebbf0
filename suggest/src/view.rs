//! What the finders ask of an API.

use verbatim_codegen::ir::{
    Api, Content, Kind, Object, Operation, Parameter, Place, Property, Reply, Shape, Status,
    TypeDef, TypeId, Use,
};

/// How many further names of a type are followed.
const NAMES: usize = 32;

/// How deep within a reply something is looked for.
const DEPTH: usize = 3;

/// An API, as the finders look at it.
pub struct View<'a> {
    /// The API.
    pub api: &'a Api,
}

/// A property somewhere within a value.
#[derive(Clone)]
pub struct Member<'a> {
    /// The pointer to it, from the value.
    pub pointer: String,
    /// The property.
    pub property: &'a Property,
    /// What it is.
    pub def: &'a TypeDef,
}

impl<'a> View<'a> {
    /// A view of an API.
    pub fn new(api: &'a Api) -> Self {
        Self { api }
    }

    /// The type behind all further names.
    pub fn resolve(&self, id: TypeId) -> (TypeId, &'a TypeDef) {
        let mut id = id;
        for _ in 0..NAMES {
            match self.api.get(id).shape {
                Shape::Alias(next) => id = next,
                _ => break,
            }
        }
        (id, self.api.get(id))
    }

    /// The type of a use.
    pub fn of(&self, used: &Use) -> &'a TypeDef {
        self.resolve(used.id).1
    }

    /// The type of a JSON body among some forms.
    pub fn json(&self, contents: &'a [Content]) -> Option<(TypeId, &'a TypeDef)> {
        let mut all = contents.iter();
        let json = all.find(|content| content.kind == Kind::Json)?;
        Some(self.resolve(json.ty.as_ref()?.id))
    }

    /// The type of the JSON body of the good reply.
    pub fn body(&self, operation: &'a Operation) -> Option<(TypeId, &'a TypeDef)> {
        self.json(&good(operation)?.1.contents)
    }

    /// The properties within a value, and within its objects; lists are not entered.
    pub fn members(&self, def: &'a TypeDef) -> Vec<Member<'a>> {
        let mut members = Vec::new();
        self.gather(def, "", DEPTH, &mut members);
        members
    }

    fn gather(&self, def: &'a TypeDef, above: &str, depth: usize, members: &mut Vec<Member<'a>>) {
        let Some(object) = object(def).filter(|_| depth > 0) else {
            return;
        };
        let first = members.len();
        for property in &object.properties {
            let name = property.name.replace('~', "~0").replace('/', "~1");
            members.push(Member {
                pointer: format!("{above}/{name}"),
                property,
                def: self.of(&property.ty),
            });
        }
        for at in first..first + object.properties.len() {
            let Member { pointer, def, .. } = members[at].clone();
            self.gather(def, &pointer, depth - 1, members);
        }
    }

    /// The operations with a method, with their paths.
    pub fn with_method(&self, method: &'a str) -> impl Iterator<Item = &'a Operation> {
        let operations = self.api.operations.iter();
        operations.filter(move |operation| operation.method == method)
    }
}

impl Member<'_> {
    /// Whether it stands at the top of the value.
    pub fn is_top(&self) -> bool {
        self.pointer.matches('/').count() == 1
    }

    /// The name of the property around it.
    pub fn parent(&self) -> &str {
        let mut names = self.pointer.rsplit('/');
        names.nth(1).unwrap_or_default()
    }
}

/// The object that a type is.
fn object(def: &TypeDef) -> Option<&Object> {
    match &def.shape {
        Shape::Object(object) => Some(object),
        _ => None,
    }
}

/// The reply with which an operation says that all is well, and its status: 202 before all others.
pub fn good(operation: &Operation) -> Option<(u16, &Reply)> {
    let mut good: Vec<(u16, &Reply)> = operation
        .replies
        .iter()
        .filter_map(|reply| match reply.status {
            Status::Code(code @ 200..=299) => Some((code, reply)),
            Status::Range(2) => Some((200, reply)),
            _ => None,
        })
        .collect();
    good.sort_by_key(|(code, _)| (*code != 202, *code));
    good.first().copied()
}

/// What is said of a property: at its place, and of its type.
pub fn description(member: &Member<'_>) -> String {
    format!(
        "{} {}",
        member.property.ty.description, member.def.description
    )
}

/// `GET /pets`
pub fn subject(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

/// The parameters of the query.
pub fn query(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    in_place(operation, Place::Query)
}

/// The parameters at a place.
pub fn in_place(operation: &Operation, place: Place) -> impl Iterator<Item = &Parameter> {
    let parameters = operation.parameters.iter();
    parameters.filter(move |parameter| parameter.place == place)
}

/// The fixed part at the end of a path, and the variable behind it.
pub fn ends(path: &str) -> (Option<&str>, Option<&str>) {
    let mut parts = path.rsplit('/').filter(|part| !part.is_empty()).peekable();
    let variable = parts
        .next_if(|part| part.starts_with('{'))
        .map(|part| part.trim_matches(['{', '}']));
    (parts.next().filter(|part| !part.starts_with('{')), variable)
}
