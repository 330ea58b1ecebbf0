//! The root of an `OpenAPI` 3 document, and what it says about itself.

use indexmap::IndexMap;

use super::fields::{Entry, Fields};
use super::{NodeRef, Part, Reader};
use crate::document::{
    About, Components, ExternalDocs, Id, PathItem, Server, ServerVariable, Spanned, Tag, Text, Use,
    Version,
};
use crate::problem::kind;

/// Dialects whose keywords are read as they are meant.
const DIALECTS: [&str; 11] = [
    "http://json-schema.org/draft-04/schema",
    "http://json-schema.org/draft-06/schema",
    "http://json-schema.org/draft-07/schema",
    "http://json-schema.org/schema",
    "https://json-schema.org/draft-04/schema",
    "https://json-schema.org/draft-07/schema",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
    "https://spec.openapis.org/oas/3.1/dialect/base",
    "https://spec.openapis.org/oas/3.1/dialect/",
    "https://spec.openapis.org/oas/3.2/dialect/",
];

impl<'a> Reader<'a> {
    /// Reads the root of `OpenAPI` 3.
    pub(super) fn openapi(&mut self, root: &NodeRef<'a>) {
        let mut fields = self.fields(root, "the document");
        fields.node("openapi");
        self.document.info = self.info(&mut fields);
        self.document.dialect = fields.text(self, "jsonSchemaDialect");
        if let Some(dialect) = self.document.dialect.clone() {
            self.check_dialect(&dialect);
        }
        self.document.self_uri = fields.text(self, "$self");
        self.document.servers = self.servers(&mut fields);
        self.document.tags = self.tags(&mut fields);
        self.document.external_docs = self.external_docs(&mut fields);
        self.document.paths = self.path_items(&mut fields, "paths");
        self.document.webhooks = self.path_items(&mut fields, "webhooks");
        // As documents of 3.0 say it, which has no word of its own.
        let own = self.path_items(&mut fields, "x-webhooks");
        self.document.webhooks.extend(own);
        if let Some(components) = fields.spot("components") {
            self.document.components = self.components(&components);
        }
        self.document.security = self.security(&mut fields);
        (self.document.extensions, self.document.other) = fields.rest(self);
    }

    pub(super) fn check_dialect(&mut self, dialect: &Text) {
        let known = DIALECTS
            .iter()
            .any(|known| dialect.trim_end_matches('#').starts_with(known));
        if !known {
            let message = format!("the dialect `{}` is not known", dialect.value);
            self.warn(&kind::DIALECT, message, dialect.span, "is read as 2020-12");
        }
    }

    pub(super) fn info(&mut self, fields: &mut Fields<'a>) -> About {
        let Some(spot) = fields.spot("info") else {
            let at = fields.spot.span().at_start();
            self.warn(&kind::MISSING, "`info` is missing", at, "needs `info`");
            return About::default();
        };
        let mut fields = self.fields(&spot, "info");
        let mut about = About {
            span: spot.span(),
            title: fields.text(self, "title").unwrap_or_default(),
            version: fields.text(self, "version").unwrap_or_default(),
            summary: fields.text(self, "summary"),
            description: fields.text(self, "description"),
            terms_of_service: fields.text(self, "termsOfService"),
            contact: fields.node("contact").cloned(),
            license: fields.node("license").cloned(),
            ..About::default()
        };
        (about.extensions, about.other) = fields.rest(self);
        about
    }

    pub(super) fn external_docs(&mut self, fields: &mut Fields<'a>) -> Option<ExternalDocs> {
        let spot = fields.spot("externalDocs")?;
        let mut fields = self.fields(&spot, "externalDocs");
        let url = fields.text(self, "url").unwrap_or_default();
        let description = fields.text(self, "description");
        let extensions = fields.rest(self).0;
        Some(ExternalDocs {
            span: spot.span(),
            url,
            description,
            extensions,
        })
    }

    pub(super) fn tags(&mut self, fields: &mut Fields<'a>) -> Vec<Tag> {
        fields
            .list(self, "tags")
            .iter()
            .map(|spot| self.tag(spot))
            .collect()
    }

    fn tag(&mut self, spot: &NodeRef<'a>) -> Tag {
        let mut fields = self.fields(spot, "the tag");
        Tag {
            span: spot.span(),
            name: fields.needed(self, "name"),
            summary: fields.text(self, "summary"),
            description: fields.text(self, "description"),
            parent: fields.text(self, "parent"),
            kind: fields.text(self, "kind"),
            external_docs: self.external_docs(&mut fields),
            extensions: fields.rest(self).0,
        }
    }

    pub(super) fn servers(&mut self, fields: &mut Fields<'a>) -> Vec<Server> {
        fields
            .list(self, "servers")
            .iter()
            .map(|spot| self.server(spot))
            .collect()
    }

    fn server(&mut self, spot: &NodeRef<'a>) -> Server {
        let mut fields = self.fields(spot, "the server");
        let url = fields.needed(self, "url");
        let name = fields.text(self, "name");
        let description = fields.text(self, "description");
        let mut variables = IndexMap::new();
        for entry in fields.map(self, "variables") {
            let variable = self.server_variable(&entry.spot, &entry.name());
            variables.insert(entry.key.to_owned(), variable);
        }
        for name in variables_of(&url.value) {
            if !variables.contains_key(name) {
                let message = format!("the variable `{name}` of the URL is not described");
                self.warn(
                    &kind::SERVER_VARIABLE,
                    message,
                    url.span,
                    "has this variable",
                );
            }
        }
        Server {
            span: spot.span(),
            url,
            name,
            description,
            variables,
            extensions: fields.rest(self).0,
        }
    }

    fn server_variable(&mut self, spot: &NodeRef<'a>, name: &Text) -> ServerVariable {
        let mut fields = self.fields(spot, "the variable");
        let variable = ServerVariable {
            span: spot.span(),
            default: fields.needed(self, "default"),
            values: fields.texts(self, "enum"),
            description: fields.text(self, "description"),
            extensions: fields.rest(self).0,
        };
        let default = &variable.default;
        let listed = variable
            .values
            .iter()
            .any(|value| value.value == default.value);
        if !variable.values.is_empty() && !listed {
            let message = format!("the default of `{}` is none of its values", name.value);
            self.warn(
                &kind::SERVER_VARIABLE,
                message,
                default.span,
                "is not among `enum`",
            );
        }
        variable
    }

    pub(super) fn path_items(
        &mut self,
        fields: &mut Fields<'a>,
        key: &'static str,
    ) -> Vec<(Text, Id<PathItem>)> {
        let Some(spot) = fields.spot(key) else {
            return Vec::new();
        };
        let entries = self.parts_of(&spot, key);
        entries
            .iter()
            .filter_map(|entry| Some((entry.name(), self.path_item(&entry.spot)?)))
            .collect()
    }

    fn components(&mut self, spot: &NodeRef<'a>) -> Components {
        let mut fields = self.fields(spot, "components");
        let mut schemas = IndexMap::new();
        for entry in fields.map(self, "schemas") {
            schemas.insert(entry.key.to_owned(), self.place(entry.spot));
        }
        let mut path_items = IndexMap::new();
        for entry in fields.map(self, "pathItems") {
            if let Some(id) = self.path_item(&entry.spot) {
                path_items.insert(entry.key.to_owned(), id);
            }
        }
        let mut components = Components {
            schemas,
            responses: self.named(&mut fields, "responses"),
            parameters: self.named(&mut fields, "parameters"),
            examples: self.named(&mut fields, "examples"),
            request_bodies: self.named(&mut fields, "requestBodies"),
            headers: self.named(&mut fields, "headers"),
            security_schemes: self.named(&mut fields, "securitySchemes"),
            links: self.named(&mut fields, "links"),
            callbacks: self.named(&mut fields, "callbacks"),
            path_items,
            media_types: self.named(&mut fields, "mediaTypes"),
            ..Components::default()
        };
        (components.extensions, components.other) = fields.rest(self);
        components
    }

    fn named<T: Part>(
        &mut self,
        fields: &mut Fields<'a>,
        key: &'static str,
    ) -> IndexMap<String, Use<T>> {
        let entries = fields.map(self, key);
        let named = |entry: &Entry<'a>| Some((entry.key.to_owned(), self.used(&entry.spot)?));
        entries.iter().filter_map(named).collect()
    }

    /// Addresses of Swagger 2.0: each scheme with the host and the base path.
    pub(super) fn swagger_servers(&mut self, fields: &mut Fields<'a>) -> Vec<Server> {
        let host = fields.text(self, "host");
        let base = fields.text(self, "basePath");
        let schemes = fields.texts(self, "schemes");
        let path = base
            .as_ref()
            .map_or("", |base| base.value.as_str())
            .trim_end_matches('/');
        let Some(host) = host else {
            // Without a host the API is where the document is.
            return base
                .as_ref()
                .map(|base| server(path, base))
                .into_iter()
                .collect();
        };
        if schemes.is_empty() {
            // Without schemes it is the one by which the document came; there is no safer guess.
            return vec![server(&format!("https://{}{path}", host.value), &host)];
        }
        schemes
            .iter()
            .map(|scheme| server(&format!("{}://{}{path}", scheme.value, host.value), &host))
            .collect()
    }

    pub(super) fn is(&self, version: Version) -> bool {
        self.version == version
    }
}

fn server(url: &str, at: &Text) -> Server {
    let value = if url.is_empty() {
        "/".to_owned()
    } else {
        url.to_owned()
    };
    Server {
        span: at.span,
        url: Spanned {
            value,
            span: at.span,
        },
        ..Server::default()
    }
}

/// The names in braces of a template.
pub(crate) fn variables_of(template: &str) -> impl Iterator<Item = &str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
}
