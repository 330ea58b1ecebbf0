//! Checks: documented bounds as calls on the checker of the runtime.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Piece, leaf};
use crate::model::{
    Check, Choice, Edge, Field, Ident, Item, Mode, ObjectCheck, Rest, Rules, Struct, Tagged, Tuple,
    Type, Union, UnionVariant,
};

/// The statements of a `validate` function.
pub struct Checks {
    statements: Vec<TokenStream>,
    /// Whether a statement is a `match`, which takes lines of its own.
    has_match: bool,
}

impl Checks {
    /// Whether there is nothing to check.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }
}

/// The `Validate` of a type that has something to check; the others of a file share one line, see
/// [`unconstrained`].
pub fn validate(name: &Ident, checks: &Checks) -> Option<Piece> {
    let statements = &checks.statements;
    if statements.is_empty() {
        return None;
    }
    let head = quote!(impl Validate for #name);
    let body = quote!(fn validate(&self, at: &mut Checker) { #(#statements)* });
    if checks.has_match {
        return Some(Piece::Item(quote!(#head { #body })));
    }
    Some(Piece::Methods {
        head,
        members: vec![body],
    })
}

/// The types of a file that requests hold and of which the document bounds nothing.
pub fn unconstrained(items: &[Item]) -> Vec<&Ident> {
    let idle = items.iter().filter_map(|item| match item {
        Item::Struct(it) => (it.built && of_struct(it).is_empty()).then_some(&it.name),
        Item::Tuple(it) => (it.built && of_tuple(it).is_empty()).then_some(&it.name),
        Item::Union(it) => (it.built && of_union(it).is_empty()).then_some(&it.name),
        _ => None,
    });
    idle.collect()
}

/// The checks of an object, property by property.
pub fn of_struct(item: &Struct) -> Checks {
    let mut statements: Vec<TokenStream> = item.fields.iter().filter_map(of_field).collect();
    statements.extend(item.choices.iter().map(|choice| of_choice(choice, item)));
    statements.extend(item.checks.iter().map(|check| of_object(check, item)));
    Checks {
        statements,
        has_match: false,
    }
}

fn of_field(field: &Field) -> Option<TokenStream> {
    let wire = leaf::text(&field.wire);
    let Field { name, .. } = field;
    if let Mode::Required = field.mode {
        let body = body(&field.ty, &field.checks, &quote!(self.#name), Hold::Place)?;
        return Some(quote!(at.property(#wire, |at| #body);));
    }
    let body = body(&field.ty, &field.checks, &quote!(value), Hold::Reference)?;
    Some(quote!(at.optional(#wire, self.#name.as_ref(), |at, value| #body);))
}

/// Whether an expression is a place or a reference to one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hold {
    Place,
    Reference,
}

/// The checks of a value as an expression, a block where there are several.
fn body(ty: &Type, checks: &[Check], value: &TokenStream, hold: Hold) -> Option<TokenStream> {
    let calls: Vec<TokenStream> = checks
        .iter()
        .map(|check| call(ty, check, value, hold))
        .collect();
    match calls.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        _ => {
            let statements = calls.iter().map(statement);
            Some(quote!({ #(#statements)* }))
        }
    }
}

/// An expression as a statement; those that end in a block need no semicolon.
fn statement(call: &TokenStream) -> TokenStream {
    let first = call.clone().into_iter().next();
    let is_block = first.is_some_and(|first| ["for", "if"].contains(&first.to_string().as_str()));
    if is_block {
        call.clone()
    } else {
        quote!(#call;)
    }
}

fn call(ty: &Type, check: &Check, value: &TokenStream, hold: Hold) -> TokenStream {
    match ty {
        Type::Alias(_, inner) | Type::Root(_, inner) => call(inner, check, value, hold),
        Type::Nullable(inner) => {
            let body = call(inner, check, &quote!(value), Hold::Reference);
            quote!(if let Some(value) = #value.as_ref() { #body })
        }
        Type::Box(inner) | Type::As(inner) if *check != Check::Nested => {
            let deref = if hold == Hold::Place {
                quote!(*#value)
            } else {
                quote!(**#value)
            };
            call(inner, check, &deref, Hold::Place)
        }
        Type::SecretString => {
            let body = of_plain(ty, check, value, &quote!(#value.expose()));
            quote!(at.secret(|at| #body))
        }
        _ if hold == Hold::Place => of_plain(ty, check, value, &quote!(&#value)),
        _ => of_plain(ty, check, value, value),
    }
}

/// The call for a value that has nothing around it; `reference` is what refers to it.
fn of_plain(ty: &Type, check: &Check, value: &TokenStream, reference: &TokenStream) -> TokenStream {
    match check {
        Check::MinLength(bound) => bounded(&quote!(min_length), reference, *bound),
        Check::MaxLength(bound) => bounded(&quote!(max_length), reference, *bound),
        Check::Pattern(pattern) => {
            let pattern = leaf::text(pattern);
            quote!(at.pattern(#reference, #pattern))
        }
        Check::MinItems(bound) => bounded(&quote!(min_items), reference, *bound),
        Check::MaxItems(bound) => bounded(&quote!(max_items), reference, *bound),
        Check::UniqueItems => quote!(at.unique_items(#reference)),
        Check::Minimum(bound, edge) => {
            edged(reference, bound, *edge, ["minimum", "exclusive_minimum"])
        }
        Check::Maximum(bound, edge) => {
            edged(reference, bound, *edge, ["maximum", "exclusive_maximum"])
        }
        Check::MultipleOf(step) => {
            let step = leaf::text(step);
            quote!(at.multiple_of(#reference, #step))
        }
        Check::OneOf(values) => {
            let values = values.iter().map(|value| leaf::text(value));
            quote!(at.one_of_json(#reference, &[#(#values),*]))
        }
        Check::Schema(rules) => of_rules(rules, reference),
        Check::Nested => quote!(#value.validate(at)),
        Check::MinProperties(bound) => counted(&quote!(min_properties), value, *bound),
        Check::MaxProperties(bound) => counted(&quote!(max_properties), value, *bound),
        Check::Each(checks) => each(ty, checks, reference),
    }
}

/// The check of a value against a JSON Schema.
fn of_rules(rules: &Rules, reference: &TokenStream) -> TokenStream {
    let text = leaf::json(&rules.text);
    quote!(at.schema(#reference, #text))
}

fn bounded(method: &TokenStream, value: &TokenStream, bound: u64) -> TokenStream {
    let bound = Literal::u64_unsuffixed(bound);
    quote!(at.#method(#value, #bound))
}

fn counted(method: &TokenStream, value: &TokenStream, bound: u64) -> TokenStream {
    bounded(method, &quote!(#value.len()), bound)
}

fn edged(value: &TokenStream, bound: &str, edge: Edge, methods: [&'static str; 2]) -> TokenStream {
    let method = Ident::fixed(methods[usize::from(edge == Edge::Excluded)]);
    let bound = leaf::text(bound);
    quote!(at.#method(#value, #bound))
}

/// The checks of the items of a list, or of the values of a map.
fn each(ty: &Type, checks: &[Check], value: &TokenStream) -> TokenStream {
    let (Type::Vec(item) | Type::Map(item)) = ty else {
        return misfit();
    };
    let body = body(item, checks, &quote!(value), Hold::Reference);
    if let Type::Map(_) = ty {
        quote!(for (name, value) in #value { at.property(name, |at| #body); })
    } else {
        quote!(at.items(#value, |at, value| #body))
    }
}

/// Sets of properties of which one must be complete.
fn of_choice(choice: &Choice, item: &Struct) -> TokenStream {
    let sets = choice.sets.iter().map(|set| {
        let names = set.iter().map(|name| leaf::text(name));
        let present = set.iter().map(|name| presence(name, item));
        quote!((&[#(#names),*], #(#present)&&*))
    });
    let method = if choice.exactly_one {
        quote!(exactly_one_required)
    } else {
        quote!(any_required)
    };
    quote!(at.#method(&[#(#sets),*]);)
}

/// Whether a property is present, as an expression.
fn presence(wire: &str, item: &Struct) -> TokenStream {
    let Some(Field { name, mode, .. }) = item.fields.iter().find(|field| field.wire == wire) else {
        let wire = leaf::text(wire);
        return match &item.rest {
            Rest::Closed | Rest::Parts(_) => quote!(false),
            Rest::Extra(name) => quote!(self.#name.get(#wire).is_some()),
            Rest::Typed(name, _) => quote!(self.#name.contains_key(#wire)),
        };
    };
    match mode {
        Mode::Required | Mode::Nullable => quote!(true),
        Mode::Optional => quote!(self.#name.is_some()),
        Mode::Maybe | Mode::Tolerant => quote!(!self.#name.is_absent()),
    }
}

fn of_object(check: &ObjectCheck, item: &Struct) -> TokenStream {
    match (check, &item.rest) {
        (ObjectCheck::Requires(one, other), _) => {
            let (one_present, other_present) = (presence(one, item), presence(other, item));
            let (one, other) = (leaf::text(one), leaf::text(other));
            quote!(at.dependent_required((#one, #one_present), (#other, #other_present));)
        }
        (ObjectCheck::MinProperties(bound), _) => {
            let count = count(item);
            statement(&bounded(&quote!(min_properties), &count, *bound))
        }
        (ObjectCheck::MaxProperties(bound), _) => {
            let count = count(item);
            statement(&bounded(&quote!(max_properties), &count, *bound))
        }
        (ObjectCheck::Rest(checks), Rest::Typed(name, ty)) => {
            let body = body(ty, checks, &quote!(value), Hold::Reference);
            quote!(for (name, value) in &self.#name { at.property(name, |at| #body); })
        }
        (ObjectCheck::NoAdditional, Rest::Extra(name)) => {
            quote!(at.no_additional(self.#name.iter().map(|(name, _)| name));)
        }
        (ObjectCheck::Schema(rules), _) => statement(&of_rules(rules, &quote!(self))),
        (ObjectCheck::Rest(_) | ObjectCheck::NoAdditional, _) => misfit(),
    }
}

/// What the model rules out: better code that does not compile than a check that is not made.
fn misfit() -> TokenStream {
    quote!(compile_error!("a check that the type cannot be held to");)
}

/// How many properties there are.
fn count(item: &Struct) -> TokenStream {
    let present = item.fields.iter().map(|field| presence(&field.wire, item));
    let rest = rest_count(item);
    quote!([#(#present),*].iter().filter(|present| **present).count() #rest)
}

fn rest_count(item: &Struct) -> TokenStream {
    match &item.rest {
        Rest::Closed | Rest::Parts(_) => quote!(),
        Rest::Extra(name) => quote!(+ self.#name.iter().count()),
        Rest::Typed(name, _) => quote!(+ self.#name.len()),
    }
}

/// The checks of a tuple, item by item.
pub fn of_tuple(item: &Tuple) -> Checks {
    let statements = item.fields.iter().enumerate().filter_map(|(index, field)| {
        let name = &field.name;
        let body = body(&field.ty, &field.checks, &quote!(self.#name), Hold::Place)?;
        let index = leaf::text(&index.to_string());
        Some(quote!(at.property(#index, |at| #body);))
    });
    let rules = item.rules.iter();
    let rules = rules.map(|rules| statement(&of_rules(rules, &quote!(self))));
    Checks {
        statements: statements.chain(rules).collect(),
        has_match: false,
    }
}

/// The checks of a value in a place of its own, such as an argument; `None` where there are none.
///
/// The value is owned, or a reference.
pub fn of_value(
    ty: &Type,
    checks: &[Check],
    value: &TokenStream,
    is_owned: bool,
) -> Option<TokenStream> {
    let hold = if is_owned {
        Hold::Place
    } else {
        Hold::Reference
    };
    body(ty, checks, value, hold)
}

/// The property that says the branch of a union, as a statement.
fn of_tag(variant: &UnionVariant, tag: &str) -> Option<TokenStream> {
    let tags = variant.tags.iter().map(|tag| leaf::text(tag));
    let tag = leaf::text(tag);
    let value = match variant.tagged.as_ref()? {
        Tagged::Field(field, Mode::Required) => quote!(Some(&value.#field)),
        Tagged::Field(field, _) => quote!(value.#field.as_ref()),
        Tagged::Extra(field) => quote!(value.#field.get(#tag)),
    };
    Some(quote!(at.tag(#tag, #value, &[#(#tags),*])))
}

/// The checks of a union: those of the branch it holds.
pub fn of_union(item: &Union) -> Checks {
    let mut unchecked = item.unknown.is_some() && !item.known_only;
    let arms: Vec<(&Ident, TokenStream)> = item
        .variants
        .iter()
        .filter_map(|variant| {
            let body = body(
                &variant.ty,
                &variant.checks,
                &quote!(value),
                Hold::Reference,
            );
            let tag = item.tag.as_deref().and_then(|tag| of_tag(variant, tag));
            let body = match (tag, body) {
                (Some(tag), Some(body)) => Some(quote!({ #tag; #body })),
                (tag, body) => tag.or(body),
            };
            unchecked |= body.is_none();
            body.map(|body| (&variant.name, quote!(#body)))
        })
        .collect();
    let unknown = item.unknown.as_ref().filter(|_| item.known_only);
    let rules = item.rules.iter();
    let rules = rules.map(|rules| statement(&of_rules(rules, &quote!(self))));
    if arms.is_empty() && unknown.is_none() {
        return Checks {
            statements: rules.collect(),
            has_match: false,
        };
    }
    let matched = match arms.as_slice() {
        [(name, body)] if unchecked && unknown.is_none() => {
            quote!(if let Self::#name(value) = self { #body })
        }
        [] if unchecked => quote!(if let Self::#unknown(_) = self { at.no_branch(); }),
        _ => {
            let arms = arms
                .iter()
                .map(|(name, body)| quote!(Self::#name(value) => #body,));
            let otherwise = unchecked.then(|| quote!(_ => {}));
            let unknown = unknown.map(|name| quote!(Self::#name(_) => at.no_branch(),));
            quote!(match self { #(#arms)* #unknown #otherwise })
        }
    };
    Checks {
        statements: std::iter::once(matched).chain(rules).collect(),
        has_match: true,
    }
}
