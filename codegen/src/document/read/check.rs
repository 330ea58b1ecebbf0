//! What can be checked only when everything is read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use verbatim_source::Span;

use super::Reader;
use super::about::variables_of;
use crate::document::{Endpoint, Id, Place, Requirement, Schema, StatusMatch, Type};
use crate::problem::{Scope, kind};

impl Reader<'_> {
    pub(super) fn check(&mut self) {
        self.follow_references();
        self.find_heirs();
        self.check_operation_ids();
        self.check_templates();
        self.check_variables();
        self.check_security();
        self.check_bodiless();
        self.check_declarations();
        self.scope = Scope::Document;
    }

    /// Finds the schemas that discriminators choose from where no `oneOf` or `anyOf` lists them.
    fn find_heirs(&mut self) {
        let document = &self.document;
        let lists_none = |schema: &Schema| schema.one_of.is_empty() && schema.any_of.is_empty();
        let may_be_object = |schema: &Schema| {
            schema.types.is_empty() || schema.types.iter().any(|it| it.value == Type::Object)
        };
        let bases = document.schemas().filter_map(|(id, schema)| {
            let discriminator = schema.discriminator.as_ref()?;
            let mapped = discriminator.mapping.values().filter_map(|it| it.target);
            let mapped = mapped.map(|target| document.follow(target));
            let mapped: Vec<Id<Schema>> = mapped.filter(|target| *target != id).collect();
            (lists_none(schema) && may_be_object(schema)).then_some((id, mapped))
        });
        let mut heirs: BTreeMap<Id<Schema>, Vec<Id<Schema>>> = bases.collect();
        if heirs.is_empty() {
            return;
        }
        for component in document.components.schemas.values() {
            let heir = document.follow(*component);
            for base in self.taken_in(heir) {
                if let Some(list) = heirs.get_mut(&base) {
                    list.push(heir);
                }
            }
        }
        for list in heirs.values_mut() {
            let mut seen = BTreeSet::new();
            list.retain(|heir| seen.insert(*heir));
        }
        heirs.retain(|_, list| !list.is_empty());
        self.document.heirs = heirs;
    }

    /// The schemas that a schema takes in by `allOf`, and what those take in.
    fn taken_in(&self, heir: Id<Schema>) -> BTreeSet<Id<Schema>> {
        let document = &self.document;
        let parts = |id: Id<Schema>| {
            document[id]
                .all_of
                .iter()
                .map(|part| document.follow(*part))
        };
        let mut taken = BTreeSet::new();
        let mut open: Vec<Id<Schema>> = parts(heir).collect();
        while let Some(id) = open.pop() {
            if id != heir && taken.insert(id) {
                open.extend(parts(id));
            }
        }
        taken
    }

    /// Finds the schema behind each bare reference, and circles of such references.
    fn follow_references(&mut self) {
        let schemas = &self.document.arenas.schemas;
        let target = |id: Id<Schema>| {
            let schema = schemas.get(id);
            let reference = schema
                .reference
                .as_ref()
                .filter(|_| schema.is_bare_reference());
            reference.and_then(|reference| reference.target)
        };
        let mut ends: Vec<Option<Id<Schema>>> = vec![None; schemas.len()];
        let mut circles = Vec::new();
        for (start, _) in schemas.iter() {
            let mut passed = Vec::new();
            let mut on_way = BTreeSet::new();
            let mut at = start;
            let end = loop {
                if let Some(Some(end)) = ends.get(at.index()) {
                    break *end;
                }
                if !on_way.insert(at) {
                    circles.extend(passed.iter().copied());
                    break at;
                }
                passed.push(at);
                match target(at) {
                    Some(further) => at = further,
                    None => break at,
                }
            };
            for id in passed {
                if let Some(place) = ends.get_mut(id.index()) {
                    *place = Some(end);
                }
            }
        }
        self.document.ends = schemas
            .iter()
            .map(|(id, _)| ends.get(id.index()).copied().flatten().unwrap_or(id))
            .collect();
        for id in circles {
            self.scope = Scope::Schema(id);
            let span = self.document[id]
                .reference
                .as_ref()
                .map_or(Span::NONE, |reference| reference.text.span);
            let message = "references of schemas lead in a circle";
            self.error(
                &kind::REFERENCE_CIRCLE,
                message,
                span,
                "leads back to itself",
            );
            // Whoever follows it would go through the whole circle, for nothing.
            let schemas = &mut self.document.arenas.schemas;
            let schema = schemas.get_mut(id);
            if let Some(reference) = schema.and_then(|schema| schema.reference.as_mut()) {
                reference.target = None;
            }
        }
    }

    fn check_operation_ids(&mut self) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let mut repeated = Vec::new();
        for (id, operation) in self.document.arenas.operations.iter() {
            let Some(name) = &operation.operation_id else {
                continue;
            };
            let first = *seen.entry(&name.value).or_insert(name.span);
            if first != name.span {
                repeated.push((id, name.clone(), first));
            }
        }
        for (id, name, first) in repeated {
            self.scope = Scope::Operation(id);
            let message = format!("two operations are called `{}`", name.value);
            self.warn(
                &kind::REPEATED_OPERATION_ID,
                message,
                name.span,
                "named again here",
            );
            self.also_at(first, "first named here");
        }
    }

    /// Adds a place to the problem reported last.
    fn also_at(&mut self, span: Span, text: &str) {
        if let Some(problem) = self.document.problems.last_mut() {
            let diagnostic = problem.diagnostic.clone().seen(span, text);
            problem.diagnostic = diagnostic;
        }
    }

    fn check_templates(&mut self) {
        let mut shapes: BTreeMap<String, Span> = BTreeMap::new();
        for (template, item) in self.document.paths.clone() {
            self.scope = Scope::PathItem(item);
            if let Some(fault) = template_fault(&template.value) {
                let message = format!("the path `{}` cannot be used: {fault}", template.value);
                self.error(&kind::BAD_PATH, message, template.span, fault);
                continue;
            }
            if let Some((oddity, label)) = template_oddity(&template.value) {
                let message = format!("the path `{}` {oddity}", template.value);
                self.warn(&kind::BAD_PATH, message, template.span, label);
            }
            if let Some(first) = shapes.insert(shape(&template.value), template.span) {
                let message = format!("the path `{}` is there already", template.value);
                self.warn(
                    &kind::SAME_PATHS,
                    message,
                    template.span,
                    "differs only in names",
                );
                self.also_at(first, "first described here");
            }
        }
    }

    /// Compares the variables of paths with the path parameters of their operations.
    fn check_variables(&mut self) {
        let mut found = Vec::new();
        for endpoint in self.document.endpoints() {
            if template_fault(&endpoint.template.value).is_none() {
                self.faults_of(&endpoint, &mut found);
            }
        }
        for fault in found {
            self.scope = fault.scope;
            self.warn(fault.entry, fault.message, fault.span, fault.label);
        }
    }

    fn faults_of(&self, endpoint: &Endpoint, found: &mut Vec<Fault>) {
        let scope = Scope::Operation(endpoint.id);
        let variables: BTreeSet<&str> = variables_of(&endpoint.template.value).collect();
        let parameters = self.document.all_parameters(endpoint);
        let names: BTreeSet<&str> = parameters
            .iter()
            .map(|used| &self.document[used.id])
            .filter(|parameter| parameter.place == Place::Path)
            .map(|parameter| parameter.name.value.as_str())
            .collect();
        for variable in variables
            .iter()
            .filter(|variable| !names.contains(*variable))
        {
            found.push(Fault {
                entry: &kind::PATH_VARIABLE,
                scope,
                message: format!(
                    "the variable `{variable}` of `{}` has no parameter",
                    endpoint.template.value
                ),
                span: endpoint.operation.method_span,
                label: "does not describe it, so that it is taken as a text",
            });
        }
        for used in parameters {
            let parameter = &self.document[used.id];
            let name = parameter.name.value.as_str();
            let fault = |entry, message, label| Fault {
                entry,
                scope,
                message,
                span: parameter.name.span,
                label,
            };
            if parameter.place == Place::Path && !variables.contains(&name) {
                let message = format!("`{}` has no variable `{name}`", endpoint.template.value);
                found.push(fault(
                    &kind::PATH_PARAMETER,
                    message,
                    "does not stand in the path",
                ));
            }
            if self.document.is_described_elsewhere(endpoint, parameter) {
                let message = format!("the header `{name}` is not described by a parameter");
                found.push(fault(&kind::RESERVED_HEADER, message, "is left out"));
            }
        }
    }

    /// Contents of replies that HTTP has none for.
    fn check_bodiless(&mut self) {
        let mut found = Vec::new();
        for (id, operation) in self.document.arenas.operations.iter() {
            for (status, used) in &operation.responses {
                let StatusMatch::Code(code @ (..=199 | 204 | 205 | 304)) = status else {
                    continue;
                };
                if let Some(media) = self.document[used.id].content.first() {
                    found.push((Scope::Operation(id), *code, media.range.span));
                }
            }
        }
        for (scope, code, span) in found {
            self.scope = scope;
            let message = format!("a reply of status {code} has no content");
            self.warn(&kind::BODILESS, message, span, "never arrives");
        }
    }

    fn check_security(&mut self) {
        let mut found: Vec<(Scope, &Requirement)> = Vec::new();
        let known = &self.document.components.security_schemes;
        let unknown = |requirement: &&Requirement| {
            requirement
                .iter()
                .any(|used| !known.contains_key(&used.name.value))
        };
        let of_document = self.document.security.iter().flatten().filter(unknown);
        found.extend(of_document.map(|requirement| (Scope::Document, requirement)));
        for (id, operation) in self.document.arenas.operations.iter() {
            let own = operation.security.iter().flatten().filter(unknown);
            found.extend(own.map(|requirement| (Scope::Operation(id), requirement)));
        }
        let mut names = Vec::new();
        for (scope, requirement) in found {
            let missing = requirement
                .iter()
                .filter(|used| !known.contains_key(&used.name.value));
            names.extend(missing.map(|used| (scope, used.name.clone())));
        }
        for (scope, name) in names {
            self.scope = scope;
            let message = format!("there is no security scheme `{}`", name.value);
            self.warn(&kind::UNKNOWN_SCHEME, message, name.span, "names no scheme");
        }
    }
}

/// A problem found while the document is borrowed.
struct Fault {
    entry: &'static crate::problem::Entry,
    scope: Scope,
    message: String,
    span: Span,
    label: &'static str,
}

/// Why a text is no path template: where its variables stand is not clear.
fn template_fault(template: &str) -> Option<&'static str> {
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (brace, behind) = rest.split_at(at).1.split_at(1);
        if brace == "}" {
            return Some("closes a brace that is not open");
        }
        let Some((name, behind)) = behind.split_once('}') else {
            return Some("has a brace that is not closed");
        };
        if name.is_empty() || name.contains('{') {
            return Some("has a variable without a name");
        }
        rest = behind;
    }
    None
}

/// What a path template should not have although it is clear what is meant, and how it is taken.
fn template_oddity(template: &str) -> Option<(&'static str, &'static str)> {
    if !template.starts_with('/') {
        return Some(("does not start with `/`", "is taken as if it did"));
    }
    if template.contains('#') {
        let label = "tells operations apart and is not sent";
        return Some(("has a fragment", label));
    }
    if template.contains('?') {
        return Some(("has a query", "is sent with every request"));
    }
    let mut names = BTreeSet::new();
    let is_repeated = variables_of(template).any(|name| !names.insert(name));
    is_repeated.then_some(("has a variable twice", "takes one value in all places"))
}

/// A path template without the names of its variables.
fn shape(template: &str) -> String {
    let mut parts = template.split('{');
    let mut shape = parts.next().unwrap_or("").to_owned();
    for part in parts {
        shape.push_str("{}");
        shape.push_str(part.split_once('}').map_or("", |(_, behind)| behind));
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_checked() {
        for good in ["/", "/a", "/{a}/b/{c}.json", "/{a}{b}", "/a:b({c})"] {
            assert_eq!(template_fault(good), None, "{good}");
        }
        for bad in ["/{", "/}", "/{}", "/{a{b}}"] {
            assert!(template_fault(bad).is_some(), "{bad}");
        }
        for odd in ["", "a", "/{a}/{a}", "/a?b=c", "/a#b"] {
            assert_eq!(template_fault(odd), None, "{odd}");
            assert!(template_oddity(odd).is_some(), "{odd}");
        }
        assert_eq!(shape("/{a}/b{c}"), "/{}/b{}");
    }
}
