//! Schemas without a name that say the same become one type.
//!
//! Two are alike where no reader could tell their types apart: the same shape, bounds and titles, the same direction,
//! and parts that are alike in turn. What they say of themselves may differ, since it stands at each place. Small ones
//! also play the same role: a choice of texts under `status` is no `mode`, though the texts are the same. The first
//! names the type: that of a named schema, then that of the first operation, so that what is added behind it renames
//! nothing. Types that the document names stay apart.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Additional, Api, ITEM, Name, Object, Shape, TypeDef, TypeId, Use};

/// Lets every use of a type without a name speak of the first one that is alike.
pub fn merge(api: &mut Api) {
    let firsts = firsts(api, Apart::Sides);
    let descriptions: Vec<Option<String>> = moved(api, &firsts);
    let speak_of_first = |used: &mut Use| {
        if let Some(description) = &descriptions[used.id.index()] {
            if used.description.is_empty() {
                used.description.clone_from(description);
            }
            used.id = firsts[used.id.index()];
        }
    };
    for def in &mut api.types {
        def.shape.each_use(speak_of_first);
    }
    for operation in &mut api.operations {
        operation.each_use(speak_of_first);
    }
    let sent = api
        .hooks
        .iter_mut()
        .flat_map(|hook| &mut hook.body.contents);
    sent.filter_map(|content| content.ty.as_mut())
        .for_each(speak_of_first);
    for (index, first) in firsts.iter().enumerate() {
        if descriptions[index].is_some() {
            if let Some(shared) = shared_name(api, &firsts, *first, TypeId::new(index)) {
                api.types[first.index()].name = shared;
            }
            api.types[index].shape = Shape::Alias(*first);
        }
    }
}

/// What keeps types apart that are otherwise alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Apart {
    /// The sides that hold them, their names, and what is said of them.
    Sides,
    /// Nothing but what their values are.
    Values,
}

/// For each type the first one that it is alike to.
pub(super) fn firsts(api: &Api, apart: Apart) -> Vec<TypeId> {
    let mut classes = Classes {
        api,
        apart,
        first: vec![None; api.types.len()],
        known: HashMap::new(),
    };
    let roots = roots(api);
    let mut ids: Vec<TypeId> = (0..api.types.len()).map(TypeId::new).collect();
    ids.sort_by_key(|id| roots[id.index()]);
    for id in &ids {
        classes.first_of(*id);
    }
    ids.sort_unstable();
    ids.into_iter().map(|id| classes.first_of(id)).collect()
}

/// Where the type stands in which each begins: in a named type, in an operation by its place, or elsewhere.
fn roots(api: &Api) -> Vec<(u8, usize)> {
    let mut roots: Vec<Option<(u8, usize)>> = vec![None; api.types.len()];
    for index in 0..api.types.len() {
        let mut way = vec![index];
        let root = loop {
            let at = way[way.len() - 1];
            if let Some(root) = roots[at] {
                break root;
            }
            match &api.types[at].name {
                Name::Within(holder, _) | Name::RequestOf(holder)
                    if !way.contains(&holder.index()) =>
                {
                    way.push(holder.index());
                }
                Name::Component(_) => break (0, 0),
                Name::Operation(place, _) => break (1, *place),
                _ => break (2, 0),
            }
        };
        for at in way {
            roots[at] = Some(root);
        }
    }
    roots
        .into_iter()
        .map(|root| root.unwrap_or((2, 0)))
        .collect()
}

/// The name of two properties of one type that end with the same words, as `billing_address` and `shipping_address` do.
fn shared_name(api: &Api, firsts: &[TypeId], first: TypeId, other: TypeId) -> Option<Name> {
    let (Name::Within(holder, word), Name::Within(other_holder, other_word)) =
        (&api.get(first).name, &api.get(other).name)
    else {
        return None;
    };
    let is_one = firsts[holder.index()] == firsts[other_holder.index()];
    if !is_one || word == other_word {
        return None;
    }
    let (words, others) = (words(word), words(other_word));
    let pairs = words.iter().rev().zip(others.iter().rev());
    let count = pairs.take_while(|(one, other)| one == other).count();
    (count > 0).then(|| Name::Within(*holder, words[words.len() - count..].join(" ")))
}

/// The words of a name, in small letters.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for each in name.chars() {
        let begins = !before.is_alphanumeric() || (before.is_lowercase() && each.is_uppercase());
        if each.is_alphanumeric() {
            match words.last_mut() {
                Some(word) if !begins => word.extend(each.to_lowercase()),
                _ => words.push(each.to_lowercase().collect()),
            }
        }
        before = each;
    }
    words
}

/// From how many properties on an object says enough of itself to be known in any role.
const TELLING: usize = 2;

/// The role that a type plays where it stands: the last word of its property, or that of the operation's part. None for
/// an object that says enough of itself.
fn role(api: &Api, def: &TypeDef) -> String {
    if matches!(&def.shape, Shape::Object(object) if object.properties.len() >= TELLING) {
        return String::new();
    }
    let mut items = 0;
    let mut name = &def.name;
    while let Name::Within(holder, word) = name
        && word == ITEM
    {
        items += 1;
        name = &api.get(*holder).name;
    }
    let last = match name {
        Name::Within(_, word) => words(word).pop().unwrap_or_default(),
        Name::Operation(_, word) if word.starts_with("reply") || word.starts_with("error") => {
            "reply".to_owned()
        }
        Name::Operation(_, word) => word.clone(),
        Name::Hook(_) => "hook".to_owned(),
        Name::Component(_) | Name::RequestOf(_) | Name::Unnamed => String::new(),
    };
    format!("{last} {items}")
}

/// The descriptions of the types that give way to another, by their places.
fn moved(api: &Api, firsts: &[TypeId]) -> Vec<Option<String>> {
    let pairs = api.types.iter().zip(firsts).enumerate();
    let moved = pairs.map(|(index, (def, first))| {
        let gives_way = first.index() != index && has_parts(def);
        gives_way.then(|| {
            let is_new = def.description != api.get(*first).description;
            if is_new {
                def.description.clone()
            } else {
                String::new()
            }
        })
    });
    moved.collect()
}

/// Whether a type becomes an item of its own whatever it is called.
fn has_parts(def: &TypeDef) -> bool {
    matches!(
        def.shape,
        Shape::Enum(_) | Shape::Object(_) | Shape::Tuple(_) | Shape::Union(_)
    )
}

/// The types by what they are alike to.
struct Classes<'a> {
    api: &'a Api,
    apart: Apart,
    /// The first type that each is alike to; one that is being looked at is like itself alone.
    first: Vec<Option<TypeId>>,
    /// The first types, by a digest of what they say.
    known: HashMap<u64, Vec<TypeId>>,
}

impl Classes<'_> {
    /// The first type that one is alike to.
    fn first_of(&mut self, id: TypeId) -> TypeId {
        if let Some(first) = self.first[id.index()] {
            return first;
        }
        self.first[id.index()] = Some(id);
        let api = self.api;
        let def = api.get(id);
        let is_named = matches!(def.name, Name::Component(_) | Name::RequestOf(_));
        let stays = (self.apart == Apart::Sides && is_named)
            || def.form.is_some()
            || matches!(def.shape, Shape::Foreign);
        if stays {
            return id;
        }
        def.shape.each_part(|part| {
            self.first_of(part);
        });
        let digest = self.digest(def);
        let alike = self.known.get(&digest).and_then(|known| {
            let mut known = known.iter();
            known
                .find(|other| self.are_alike(def, api.get(**other)))
                .copied()
        });
        let first = alike.unwrap_or(id);
        if first == id {
            self.known.entry(digest).or_default().push(id);
        }
        self.first[id.index()] = Some(first);
        first
    }

    /// A number that is the same for types that are alike.
    fn digest(&self, def: &TypeDef) -> u64 {
        let mut hasher = DefaultHasher::new();
        std::mem::discriminant(&def.shape).hash(&mut hasher);
        if self.apart == Apart::Sides {
            def.title.hash(&mut hasher);
            (def.direction.request, def.direction.response).hash(&mut hasher);
        }
        match &def.shape {
            Shape::Object(object) => {
                for property in &object.properties {
                    (&property.name, property.required).hash(&mut hasher);
                }
            }
            Shape::Enum(values) => values.values.hash(&mut hasher),
            Shape::Text(format) => format.hash(&mut hasher),
            _ => {}
        }
        def.shape.each_part(|part| {
            self.first[part.index()].hash(&mut hasher);
        });
        hasher.finish()
    }

    fn are_alike(&self, one: &TypeDef, other: &TypeDef) -> bool {
        let rest = |def: &TypeDef| (def.nullable, def.secrecy, def.inferred, def.open);
        let sides = |def: &TypeDef| (def.deprecated, def.direction);
        let same_values = rest(one) == rest(other)
            && one.bounds == other.bounds
            && self.shapes(&one.shape, &other.shape);
        if self.apart == Apart::Values || !same_values {
            return same_values;
        }
        let words = |def: &TypeDef| (def.title.clone(), def.xml_name.clone());
        // What a type with parts says of itself goes to its places.
        let described = if has_parts(one) {
            role(self.api, one) == role(self.api, other)
        } else {
            one.description == other.description
        };
        described && words(one) == words(other) && sides(one) == sides(other)
    }

    fn shapes(&self, one: &Shape, other: &Shape) -> bool {
        match (one, other) {
            (Shape::Object(one), Shape::Object(other)) => self.objects(one, other),
            (Shape::Map(one), Shape::Map(other)) | (Shape::Array(one), Shape::Array(other)) => {
                self.uses(one, other)
            }
            (Shape::Root(key, one), Shape::Root(other_key, other)) => {
                key == other_key && self.uses(one, other)
            }
            (Shape::Alias(one), Shape::Alias(other)) => {
                self.first[one.index()] == self.first[other.index()]
            }
            (Shape::Tuple(one), Shape::Tuple(other)) => {
                one.items.len() == other.items.len()
                    && one.rest.is_some() == other.rest.is_some()
                    && one
                        .items
                        .iter()
                        .zip(&other.items)
                        .all(|(one, other)| self.uses(one, other))
                    && one
                        .rest
                        .iter()
                        .zip(&other.rest)
                        .all(|(one, other)| self.uses(one, other))
            }
            (Shape::Union(one), Shape::Union(other)) => {
                let mut branches = one.branches.iter().zip(&other.branches);
                (&one.tag, one.otherwise) == (&other.tag, other.otherwise)
                    && one.branches.len() == other.branches.len()
                    && branches
                        .all(|(one, other)| one.tags == other.tags && self.uses(&one.ty, &other.ty))
            }
            (one, other) => one == other,
        }
    }

    fn objects(&self, one: &Object, other: &Object) -> bool {
        let additional = match (&one.additional, &other.additional) {
            (Additional::Typed(one), Additional::Typed(other)) => self.uses(one, other),
            (one, other) => one == other,
        };
        let mut properties = one.properties.iter().zip(&other.properties);
        let same = properties.all(|(one, other)| {
            let flags =
                |it: &super::Property| (it.required, it.deprecated, it.read_only, it.write_only);
            one.name == other.name
                && flags(one) == flags(other)
                && one.default == other.default
                && self.uses(&one.ty, &other.ty)
        });
        same && additional
            && one.properties.len() == other.properties.len()
            && one.choices == other.choices
            && one.requires == other.requires
            && one.wrapper == other.wrapper
    }

    /// Whether two uses are of types that are alike, and say the same of them.
    fn uses(&self, one: &Use, other: &Use) -> bool {
        self.first[one.id.index()] == self.first[other.id.index()]
            && one.nullable == other.nullable
            && self.said(one) == self.said(other)
    }

    fn said<'u>(&'u self, used: &'u Use) -> &'u str {
        if self.apart == Apart::Values {
            return "";
        }
        let def = self.api.get(used.id);
        if used.description.is_empty() {
            &def.description
        } else {
            &used.description
        }
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_have_words() {
        assert_eq!(words("billing_address"), ["billing", "address"]);
        assert_eq!(words("shippingAddress"), ["shipping", "address"]);
        assert_eq!(words("x-Rate-2"), ["x", "rate", "2"]);
        assert!(words("").is_empty());
    }
}
