//! Objects and lists.

use std::collections::BTreeSet;

use super::merge::Flat;
use super::{Lowering, Part, View, blank, json};
use crate::document::{Id, Schema};
use crate::ir::{
    Additional, Branch, ITEM, Name, Object, Property, Reason, Shape, Tuple, TypeDef, TypeId, Union,
    Use, ordinal,
};
use crate::origin::Origin;

impl<'d> Lowering<'d> {
    pub(super) fn array(&mut self, id: TypeId, flat: &Flat<'d>) -> Shape {
        let item_name = || Name::Within(id, ITEM.to_owned());
        if flat.prefix.is_empty() {
            if flat.items.is_empty() {
                let origin = self.types[id.index()].origin.clone();
                return Shape::Array(self.any_use(origin, Reason::FreeItems));
            }
            return Shape::Array(self.use_of_all(&flat.items, item_name()));
        }
        let items = flat
            .prefix
            .iter()
            .enumerate()
            .map(|(index, item)| self.use_of(*item, Name::Within(id, ordinal(index))));
        let items = items.collect();
        let none = |schema: &Id<Schema>| self.document[*schema].boolean == Some(false);
        let rest = match flat.items.as_slice() {
            schemas if schemas.iter().any(none) => None,
            [] => Some(Use {
                id: self.anything(),
                nullable: false,
                description: String::new(),
            }),
            schemas => Some(self.use_of_all(schemas, item_name())),
        };
        let tuple = Shape::Tuple(Tuple { items, rest });
        // A list that is as long as its beginning holds all of it; another one may end before.
        let whole = u64::try_from(flat.prefix.len()).unwrap_or(u64::MAX);
        if flat.bounds.min_items.is_some_and(|least| least >= whole) {
            return tuple;
        }
        self.perhaps_short(id, tuple)
    }

    /// A list that may end before its described beginning does: complete, or any shorter list.
    fn perhaps_short(&mut self, id: TypeId, tuple: Shape) -> Shape {
        let origin = self.types[id.index()].origin.clone();
        let list = Shape::Array(self.any_use(origin.clone(), Reason::FreeItems));
        let branches = [("complete", tuple), ("short", list)].map(|(word, shape)| {
            let name = Name::Within(id, word.to_owned());
            let branch = TypeId::new(self.types.len());
            self.types.push(TypeDef {
                shape,
                ..blank(origin.clone(), name)
            });
            let ty = Use {
                id: branch,
                nullable: false,
                description: String::new(),
            };
            Branch {
                ty,
                tags: Vec::new(),
            }
        });
        Shape::Union(Union {
            branches: Vec::from(branches),
            tag: None,
            otherwise: None,
        })
    }

    pub(super) fn object(&mut self, id: TypeId, flat: &Flat<'d>) -> Shape {
        let properties = flat.properties.iter();
        let mut properties: Vec<Property> = properties
            .map(|(name, schemas)| self.property(id, name, schemas, flat))
            .collect();
        for name in flat
            .required
            .iter()
            .filter(|name| !flat.properties.contains_key(**name))
        {
            let origin = self.types[id.index()].origin.clone();
            let ty = self.any_use(origin.clone(), Reason::Unspecified);
            properties.push(required_only(name, origin, ty));
        }
        let additional = self.additional(id, flat, properties.is_empty());
        if properties.is_empty() {
            match additional {
                Additional::Typed(value) => return Shape::Map(value),
                Additional::Any | Additional::Unspecified => {
                    let origin = self.types[id.index()].origin.clone();
                    return Shape::Map(self.any_use(origin, Reason::FreeObject));
                }
                Additional::None => {}
            }
        }
        let wrapper = flat.wrapper && properties.len() == 1;
        // With nothing beside it the root can be left to the codec; otherwise it is an object that keeps the rest.
        if wrapper && properties[0].required && matches!(additional, Additional::None) {
            let root = properties.swap_remove(0);
            return Shape::Root(root.name, root.ty);
        }
        let requires = flat.requires.clone();
        Shape::Object(Object {
            properties,
            additional,
            choices: Vec::new(),
            requires,
            wrapper,
        })
    }

    fn property(
        &mut self,
        id: TypeId,
        name: &str,
        schemas: &[Id<Schema>],
        flat: &Flat<'d>,
    ) -> Property {
        let home = self.home_of(schemas, id);
        let ty = self.use_of_all(schemas, Name::Within(home, name.to_owned()));
        let document = self.document;
        let says = |look: fn(&Schema) -> bool| {
            let both =
                |id: &Id<Schema>| look(&document[*id]) || look(&document[document.follow(*id)]);
            schemas.iter().any(both)
        };
        let defaults = schemas
            .iter()
            .map(|schema| document[*schema].annotations.default.as_ref());
        Property {
            origin: self.origin_of(schemas[0]),
            name: name.to_owned(),
            required: flat.required.contains(name),
            deprecated: says(|it| {
                it.annotations
                    .deprecated
                    .as_ref()
                    .is_some_and(|it| it.value)
            }),
            read_only: says(|it| it.annotations.read_only.as_ref().is_some_and(|it| it.value)),
            write_only: says(|it| {
                it.annotations
                    .write_only
                    .as_ref()
                    .is_some_and(|it| it.value)
            }),
            default: defaults.flatten().next().map(|value| json(&value.value)),
            ty,
            hidden: false,
        }
    }

    /// The use of schemas that a value must fit all together.
    pub(super) fn use_of_all(&mut self, schemas: &[Id<Schema>], name: Name) -> Use {
        let is_telling = |schema: &Id<Schema>| !self.document[*schema].is_anything();
        let mut telling: Vec<Id<Schema>> = schemas.iter().copied().filter(is_telling).collect();
        let targets: BTreeSet<Id<Schema>> = telling
            .iter()
            .map(|it| self.strip_wrappers(*it).0)
            .collect();
        if targets.len() == 1 {
            telling.truncate(1);
        }
        match (telling.as_slice(), schemas) {
            ([], [first, ..]) => self.use_of(*first, name),
            ([], []) => Use {
                id: self.anything(),
                nullable: false,
                description: String::new(),
            },
            ([only], _) => self.use_of(*only, name),
            (several, _) => {
                let parts = several.iter().map(|it| Part {
                    schema: *it,
                    view: View::Whole,
                });
                let id = self.intern(parts.collect(), name);
                Use {
                    id,
                    nullable: false,
                    description: String::new(),
                }
            }
        }
    }

    fn additional(&mut self, id: TypeId, flat: &Flat<'d>, no_properties: bool) -> Additional {
        let word = || Name::Within(id, "value".to_owned());
        let boolean = |schema: &Id<Schema>| self.document[*schema].boolean;
        let closed = flat
            .additional
            .iter()
            .any(|schema| boolean(schema) == Some(false));
        let silent = flat.additional.is_empty();
        if let [pattern] = flat.patterns.as_slice()
            && (closed || (no_properties && silent))
        {
            return Additional::Typed(self.use_of(*pattern, word()));
        }
        if !flat.patterns.is_empty() {
            return Additional::Any;
        }
        if closed {
            return Additional::None;
        }
        let is_telling = |schema: &&Id<Schema>| !self.document[**schema].is_anything();
        match flat.additional.iter().find(is_telling) {
            Some(schema) => Additional::Typed(self.use_of(*schema, word())),
            None if silent => Additional::Unspecified,
            None => Additional::Any,
        }
    }
}

/// A property that is required and of which nothing else is said.
fn required_only(name: &str, origin: Origin, ty: Use) -> Property {
    Property {
        origin,
        name: name.to_owned(),
        required: true,
        deprecated: false,
        read_only: false,
        write_only: false,
        default: None,
        ty,
        hidden: false,
    }
}
