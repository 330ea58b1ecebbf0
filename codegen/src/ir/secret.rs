//! Values that are secret by the names of their properties.

use std::collections::BTreeMap;

use verbatim_json::is_secret_name;

use super::{Api, Bounds, Name, Secrecy, Shape, TypeDef, TypeId};

/// Makes secrets of what stands in properties whose names mean so: texts, free values, and lists,
/// maps and alternatives of them. What the document says of a value counts more. Everything else that such a property
/// may hold, objects and numbers, keeps its type, and is hidden where the object around it is printed.
pub fn hide(api: &mut Api) {
    let mut hidden = Hidden {
        twins: BTreeMap::new(),
    };
    for index in 0..api.types.len() {
        for (place, id) in named_secret(&api.types[index].shape) {
            let twin = hidden.twin(api, id);
            let shows = twin == id && shows(api, id);
            match &mut api.types[index].shape {
                Shape::Object(object) => {
                    object.properties[place].ty.id = twin;
                    object.properties[place].hidden = shows;
                }
                Shape::Root(_, inner) => inner.id = twin,
                _ => {}
            }
        }
    }
}

/// The properties with such names, by their places, and their types.
fn named_secret(shape: &Shape) -> Vec<(usize, TypeId)> {
    match shape {
        Shape::Object(object) => {
            let properties = object.properties.iter().enumerate();
            let secret = properties.filter(|(_, property)| is_secret_name(&property.name));
            secret.map(|(place, it)| (place, it.ty.id)).collect()
        }
        Shape::Root(name, inner) if is_secret_name(name) => vec![(0, inner.id)],
        _ => Vec::new(),
    }
}

/// Whether values of a type are printed, and say more than yes or no.
fn shows(api: &Api, mut id: TypeId) -> bool {
    // A list may hold lists of its own kind without end; those show.
    for _ in 0..api.types.len() {
        let def = api.get(id);
        id = match &def.shape {
            _ if def.secrecy != Secrecy::Unsaid => return false,
            Shape::Boolean | Shape::Text(_) => return false,
            Shape::Alias(inner) => *inner,
            Shape::Array(inner) | Shape::Map(inner) => inner.id,
            _ => return true,
        };
    }
    true
}

/// The types that were seen, each with the one that stands in its place where it is a secret. A type
/// may be used elsewhere, under a name that means none.
struct Hidden {
    twins: BTreeMap<TypeId, TypeId>,
}

impl Hidden {
    fn twin(&mut self, api: &mut Api, id: TypeId) -> TypeId {
        if let Some(twin) = self.twins.get(&id) {
            return *twin;
        }
        // What holds itself is no text.
        self.twins.insert(id, id);
        let twin = self.made(api, id);
        self.twins.insert(id, twin);
        twin
    }

    fn made(&mut self, api: &mut Api, id: TypeId) -> TypeId {
        let def = api.get(id);
        let mut copy = TypeDef {
            name: Name::Unnamed,
            ..def.clone()
        };
        match &mut copy.shape {
            _ if def.secrecy != Secrecy::Unsaid => return id,
            // The contents of files are not printed either.
            Shape::Text(format) if format == "binary" || format.contains('/') => return id,
            Shape::Text(_) => copy.secrecy = Secrecy::Secret,
            Shape::Any(_) if def.bounds == Bounds::default() => copy.secrecy = Secrecy::Secret,
            Shape::Array(inner) | Shape::Map(inner) => {
                let before = inner.id;
                inner.id = self.twin(api, before);
                if inner.id == before {
                    return id;
                }
            }
            Shape::Alias(inner) => return self.twin(api, *inner),
            // One without a name of its own is used here alone, and keeps the name that it has.
            Shape::Union(union) if !matches!(def.name, Name::Component(_)) => {
                for branch in &mut union.branches {
                    branch.ty.id = self.twin(api, branch.ty.id);
                }
                api.types[id.index()].shape = copy.shape;
                return id;
            }
            _ => return id,
        }
        let twin = TypeId::new(api.types.len());
        api.types.push(copy);
        twin
    }
}
