//! The shape of a type, from what its schemas say together.

use std::collections::BTreeSet;

use verbatim_source::{Decimal, Node, Value};

use super::alternative::word;
use super::merge::{Flat, type_of};
use super::width::width;
use super::{Key, Lowering, Part, View, json, text};
use crate::document::{Id, Schema, Type};
use crate::ir::{
    Bounds, Branch, Enum, FreeForm, Name, Reason, Secrecy, Shape, TypeId, Union, Use, Width,
};

impl<'d> Lowering<'d> {
    /// Gives a type its shape.
    pub(super) fn shape(&mut self, id: TypeId, key: &Key) {
        if let [
            Part {
                schema,
                view: View::Whole,
            },
        ] = key.as_slice()
            && let Some((inner, nullable)) = self.wrapped(*schema)
        {
            return self.further_name(id, *schema, inner, nullable);
        }
        self.see_annotations(id, key);
        let mut flat = self.merge(key);
        let has_alternatives = !flat.alternatives.is_empty();
        let shape = self.decide(id, key, &mut flat);
        if let Shape::Any(reason) = shape {
            let origin = self.types[id.index()].origin.clone();
            self.fallbacks.push(FreeForm { origin, reason });
            if reason == Reason::OnlyNull {
                // The type takes any value; a request is held to the only one.
                self.types[id.index()].bounds.one_of = vec!["null".to_owned()];
            }
        }
        let rules = if matches!(shape, Shape::Alias(_)) {
            // Whoever holds a further name sees what it stands for.
            let beside = flat.beside.iter().map(|(group, _)| word(group));
            flat.unbound.extend(beside);
            None
        } else {
            self.rules(&mut flat)
        };
        for keyword in std::mem::take(&mut flat.unbound) {
            self.unbound.push((id, keyword));
        }
        let def = &mut self.types[id.index()];
        let is_text = matches!(shape, Shape::Text(_));
        let is_password = flat.format == Some("password");
        def.secrecy = match flat.secret {
            Some(false) => Secrecy::Shown,
            said if is_text && (said.is_some() || is_password) => Secrecy::Secret,
            _ => Secrecy::Unsaid,
        };
        // A list of values says of what kind they are.
        let is_listed = !def.bounds.one_of.is_empty() || matches!(shape, Shape::Enum(_));
        // An object of which something is a mistake may well say that it is one.
        let is_spoiled = flat.unresolved && matches!(shape, Shape::Object(_));
        def.inferred = flat.types.is_none() && !is_listed && !has_alternatives && !is_spoiled;
        def.shape = shape;
        def.nullable |= flat.nullable;
        def.title = flat.title;
        def.description = flat.description;
        def.deprecated = flat.deprecated;
        def.open = flat.open;
        def.xml_name = flat.xml_name;
        let one_of = std::mem::take(&mut def.bounds.one_of);
        def.bounds = Bounds {
            one_of,
            rules,
            ..flat.bounds
        };
    }

    /// A schema that is nothing but another one, under a further name or with "or null".
    fn further_name(&mut self, id: TypeId, schema: Id<Schema>, inner: Id<Schema>, nullable: bool) {
        let used = self.use_of(inner, Name::Within(id, "value".to_owned()));
        let annotations = &self.document[schema].annotations;
        let def = &mut self.types[id.index()];
        def.title = text(annotations.title.as_ref());
        def.description = text(annotations.description.as_ref());
        def.deprecated = annotations.deprecated.as_ref().is_some_and(|it| it.value);
        def.nullable = nullable || used.nullable;
        def.shape = Shape::Alias(used.id);
    }

    fn decide(&mut self, id: TypeId, key: &Key, flat: &mut Flat<'d>) -> Shape {
        if flat.too_many {
            return Shape::Any(Reason::Multiplied);
        }
        if flat.conflict {
            return Shape::Any(Reason::Conflict);
        }
        if let Some(shape) = self.enumerated(id, flat) {
            let groups = std::mem::take(&mut flat.alternatives).into_iter();
            flat.beside.extend(groups.map(|group| (group, false)));
            return shape;
        }
        if let Some(shape) = self.alternatives(id, key, flat) {
            return shape;
        }
        let types = flat.types.clone().unwrap_or_else(|| inferred(flat));
        let mut each = types.iter().copied();
        match (each.next(), each.next()) {
            (None, _) if flat.types.is_none() => Shape::Any(self.why_any(key, flat)),
            (None, _) if flat.nullable => Shape::Any(Reason::OnlyNull),
            (None, _) => Shape::Any(Reason::Conflict),
            (Some(only), None) => self.of_type(id, only, flat),
            (Some(Type::Integer), Some(Type::Number)) if types.len() == 2 => Shape::Number,
            _ => self.of_types(id, key, &types),
        }
    }

    /// Why nothing is known about a value.
    fn why_any(&self, key: &Key, flat: &Flat<'d>) -> Reason {
        let is_true = |part: &Part| self.document[part.schema].boolean == Some(true);
        let is_unclear = |part: &Part| self.document[part.schema].unclear;
        if key.iter().all(is_true) {
            Reason::Everything
        } else if key.iter().any(is_unclear) {
            Reason::Unclear
        } else if flat.unresolved {
            Reason::Unresolved
        } else {
            Reason::Unspecified
        }
    }

    /// A value of one of several types: a union of them.
    fn of_types(&mut self, id: TypeId, key: &Key, types: &BTreeSet<Type>) -> Shape {
        let is_covered = |each: &Type| *each == Type::Integer && types.contains(&Type::Number);
        let branches = types.iter().filter(|each| !is_covered(each)).map(|only| {
            let view = View::Only(*only);
            let key = key
                .iter()
                .map(|part| Part {
                    schema: part.schema,
                    view,
                })
                .collect();
            let id = self.intern(key, Name::Within(id, only.as_str().to_owned()));
            let ty = Use {
                id,
                nullable: false,
                description: String::new(),
            };
            Branch {
                ty,
                tags: Vec::new(),
            }
        });
        Shape::Union(Union {
            branches: branches.collect(),
            tag: None,
            otherwise: None,
        })
    }

    pub(super) fn of_type(&mut self, id: TypeId, only: Type, flat: &Flat<'d>) -> Shape {
        match only {
            Type::Null => Shape::Any(Reason::OnlyNull),
            Type::Boolean => Shape::Boolean,
            Type::Integer => Shape::Integer(width(flat.format, &flat.bounds)),
            Type::Number => Shape::Number,
            Type::String => Shape::Text(flat.format.unwrap_or_default().to_owned()),
            Type::Array => self.array(id, flat),
            Type::Object => self.object(id, flat),
        }
    }

    /// A value that is one of a list.
    fn enumerated(&mut self, id: TypeId, flat: &mut Flat<'d>) -> Option<Shape> {
        let values = flat.values.take()?;
        let is_null = |node: &&Node| matches!(node.value, Value::Null);
        flat.nullable |= values.iter().any(is_null);
        let fitting: Vec<&Node> = values
            .iter()
            .filter(|node| fits(&node.value, flat.types.as_ref()))
            .copied()
            .collect();
        let is_whole = speaks_of(flat, Type::Integer) && !speaks_of(flat, Type::Number);
        if fitting.is_empty() {
            // Values that the type does not allow are a mistake of the document; the type is what
            // can be relied on.
            let all_null = !values.is_empty() && values.iter().all(is_null);
            if !all_null {
                flat.unbound.insert("enum");
            }
            return all_null.then_some(Shape::Any(Reason::OnlyNull));
        }
        let kind = |node: &&Node| match type_of(&node.value) {
            // `1.0` is a whole number, however it is written.
            Type::Number if is_whole => Type::Integer,
            kind => kind,
        };
        let kinds: BTreeSet<Type> = fitting.iter().map(kind).collect();
        if kinds.len() == 1 && kinds.contains(&Type::String) {
            return Some(Shape::Enum(Enum {
                values: texts(&fitting),
                open: false,
            }));
        }
        let written = |node: &&Node| {
            let whole = if is_whole { whole(&node.value) } else { None };
            whole.unwrap_or_else(|| json(&node.value))
        };
        let mut one_of: Vec<String> = fitting.iter().map(written).collect();
        let numeric = kinds
            .iter()
            .all(|kind| matches!(kind, Type::Integer | Type::Number));
        let speaks_of_numbers = speaks_of(flat, Type::Number);
        let shape = match kinds.first() {
            Some(Type::Boolean) if kinds.len() == 1 => Shape::Boolean,
            Some(Type::Integer) if kinds.len() == 1 && !speaks_of_numbers => {
                Shape::Integer(width_of(flat, &one_of))
            }
            _ if numeric => Shape::Number,
            _ => Shape::Any(Reason::MixedEnum),
        };
        if matches!(shape, Shape::Any(_)) && values.iter().any(is_null) {
            one_of.push("null".to_owned());
        }
        self.types[id.index()].bounds.one_of = one_of;
        Some(shape)
    }
}

/// Whether a schema names a type.
fn speaks_of(flat: &Flat<'_>, kind: Type) -> bool {
    let types = flat.types.as_ref();
    types.is_some_and(|types| types.contains(&kind))
}

/// The range of a whole number of which all values are listed.
fn width_of(flat: &Flat<'_>, values: &[String]) -> Width {
    let fits = |width: &Width| {
        values.iter().all(|value| match width {
            Width::Signed => value.parse::<i64>().is_ok(),
            Width::Unsigned => value.parse::<u64>().is_ok(),
            Width::Any => true,
        })
    };
    let said = width(flat.format, &flat.bounds);
    let wider = [said, Width::Unsigned, Width::Any];
    wider.into_iter().find(fits).unwrap_or(Width::Any)
}

/// Whether a value is of one of the types; null is told apart elsewhere.
fn fits(value: &Value, types: Option<&BTreeSet<Type>>) -> bool {
    match (types, type_of(value)) {
        (_, Type::Null) => false,
        (None, _) => true,
        (Some(types), Type::Integer) => {
            types.contains(&Type::Integer) || types.contains(&Type::Number)
        }
        (Some(types), Type::Number) => {
            types.contains(&Type::Number)
                || types.contains(&Type::Integer) && whole(value).is_some()
        }
        (Some(types), kind) => types.contains(&kind),
    }
}

/// The digits of a whole number that is written with a fraction or an exponent.
fn whole(value: &Value) -> Option<String> {
    match value {
        Value::Number(lexeme) if lexeme.contains(['.', 'e', 'E']) => {
            Some(Decimal::parse(lexeme)?.to_i128()?.to_string())
        }
        _ => None,
    }
}

/// The texts of an enumeration, each once.
fn texts(nodes: &[&Node]) -> Vec<(String, String)> {
    let mut seen = BTreeSet::new();
    let texts = nodes
        .iter()
        .filter_map(|node| node.as_str())
        .filter(|text| seen.insert(*text));
    texts.map(|text| (text.to_owned(), String::new())).collect()
}

/// The type that keywords speak of, where no type is given.
fn inferred(flat: &Flat<'_>) -> BTreeSet<Type> {
    let bounds = &flat.bounds;
    let object = !flat.properties.is_empty()
        || !flat.required.is_empty()
        || !flat.additional.is_empty()
        || !flat.patterns.is_empty();
    let array = !flat.items.is_empty() || !flat.prefix.is_empty();
    let text =
        bounds.min_length.is_some() || bounds.max_length.is_some() || bounds.pattern.is_some();
    let numbers = [
        &bounds.minimum,
        &bounds.maximum,
        &bounds.exclusive_minimum,
        &bounds.exclusive_maximum,
        &bounds.multiple_of,
    ];
    let kind = match flat.format {
        _ if object => Some(Type::Object),
        _ if array => Some(Type::Array),
        Some("int32" | "int64" | "uint32" | "uint64") => Some(Type::Integer),
        Some("float" | "double" | "decimal") => Some(Type::Number),
        Some(_) => Some(Type::String),
        None if text => Some(Type::String),
        None if numbers.iter().any(|bound| bound.is_some()) => Some(Type::Number),
        None => None,
    };
    kind.into_iter().collect()
}
