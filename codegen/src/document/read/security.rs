//! Security schemes and requirements.

use indexmap::IndexMap;
use verbatim_source::Value;

use super::fields::Fields;
use super::{NodeRef, Reader};
use crate::document::{
    Flow, Place, Requirement, SchemeKind, SchemeUse, SecurityScheme, Spanned, Text, Version,
};
use crate::problem::kind;

impl<'a> Reader<'a> {
    pub(super) fn security(&mut self, fields: &mut Fields<'a>) -> Option<Vec<Requirement>> {
        let node = fields.node("security")?;
        let items = fields.list(self, "security");
        // What cannot be understood does not take back what is said elsewhere.
        node.as_array()?;
        Some(items.iter().map(|item| self.requirement(item)).collect())
    }

    fn requirement(&mut self, spot: &NodeRef<'a>) -> Requirement {
        let mut requirement = Vec::new();
        for entry in self.entries_of(spot, "the security requirement") {
            let items = self.items_of(&entry.spot, entry.key);
            let scopes = items
                .iter()
                .filter_map(|item| self.text_of(item.node, "the scope"))
                .collect();
            requirement.push(SchemeUse {
                name: entry.name(),
                scopes,
            });
        }
        requirement
    }

    pub(super) fn read_scheme(&mut self, spot: &NodeRef<'a>) -> SecurityScheme {
        let mut fields = self.fields(spot, "the security scheme");
        let mut scheme = SecurityScheme {
            location: self.location(spot),
            span: spot.span(),
            description: fields.text(self, "description"),
            deprecated: fields.is(self, "deprecated"),
            kind: self.scheme_kind(&mut fields),
            ..SecurityScheme::default()
        };
        (scheme.extensions, scheme.other) = fields.rest(self);
        scheme
    }

    fn scheme_kind(&mut self, fields: &mut Fields<'a>) -> SchemeKind {
        let kind = fields.needed(self, "type");
        match (kind.value.as_str(), self.version) {
            ("apiKey", _) => self.api_key(fields),
            ("basic", Version::V2) => {
                let scheme = Spanned {
                    value: "basic".to_owned(),
                    span: kind.span,
                };
                SchemeKind::Http {
                    scheme,
                    bearer_format: None,
                }
            }
            ("oauth2", Version::V2) => self.swagger_flow(fields),
            ("oauth2", _) => self.flows(fields),
            ("http", Version::V3_0 | Version::V3_1 | Version::V3_2) => {
                let scheme = fields.needed(self, "scheme");
                let scheme = Spanned {
                    value: scheme.value.to_ascii_lowercase(),
                    span: scheme.span,
                };
                SchemeKind::Http {
                    scheme,
                    bearer_format: fields.text(self, "bearerFormat"),
                }
            }
            ("openIdConnect", _) => SchemeKind::OpenIdConnect {
                url: fields.needed(self, "openIdConnectUrl"),
            },
            ("mutualTLS", _) => SchemeKind::MutualTls,
            ("", _) => SchemeKind::Unknown,
            (other, _) => {
                let message = format!("`type: {other}` is not a kind of security scheme");
                let label = "must be apiKey, http, oauth2, openIdConnect or mutualTLS";
                self.error(&kind::UNKNOWN_VALUE, message, kind.span, label);
                SchemeKind::Unknown
            }
        }
    }

    fn api_key(&mut self, fields: &mut Fields<'a>) -> SchemeKind {
        let name = fields.needed(self, "name");
        let place = fields.needed(self, "in");
        let found = Place::of(&place.value);
        match found.filter(|found| matches!(found, Place::Header | Place::Query | Place::Cookie)) {
            Some(place) => SchemeKind::ApiKey { name, place },
            None if place.value.is_empty() => SchemeKind::Unknown,
            None => {
                let message = format!("`in: {}` is not a place of a key", place.value);
                self.error(
                    &kind::UNKNOWN_VALUE,
                    message,
                    place.span,
                    "must be header, query or cookie",
                );
                SchemeKind::Unknown
            }
        }
    }

    fn flows(&mut self, fields: &mut Fields<'a>) -> SchemeKind {
        let metadata_url = fields.text(self, "oauth2MetadataUrl");
        let mut flows = IndexMap::new();
        let Some(spot) = fields.spot("flows") else {
            let at = fields.spot.span().at_start();
            self.error(&kind::MISSING, "`flows` is missing", at, "needs `flows`");
            return SchemeKind::Unknown;
        };
        for entry in self.parts_of(&spot, "flows") {
            flows.insert(entry.key.to_owned(), self.flow(&entry.spot));
        }
        SchemeKind::OAuth2 {
            flows,
            metadata_url,
        }
    }

    fn flow(&mut self, spot: &NodeRef<'a>) -> Flow {
        let mut fields = self.fields(spot, "the flow");
        self.flow_of(&mut fields)
    }

    fn flow_of(&mut self, fields: &mut Fields<'a>) -> Flow {
        let mut flow = Flow {
            span: fields.spot.span(),
            authorization_url: fields.text(self, "authorizationUrl"),
            device_authorization_url: fields.text(self, "deviceAuthorizationUrl"),
            token_url: fields.text(self, "tokenUrl"),
            refresh_url: fields.text(self, "refreshUrl"),
            ..Flow::default()
        };
        for entry in fields.map(self, "scopes") {
            let meaning = match &entry.spot.node.value {
                Value::String(text) => text.clone(),
                _ => String::new(),
            };
            flow.scopes.insert(entry.key.to_owned(), meaning);
        }
        flow.extensions = fields.extensions();
        flow
    }

    /// The one flow of an `OAuth` 2.0 scheme of Swagger 2.0, under its later name.
    fn swagger_flow(&mut self, fields: &mut Fields<'a>) -> SchemeKind {
        let name: Text = fields.needed(self, "flow");
        let later = match name.value.as_str() {
            "implicit" => "implicit",
            "password" => "password",
            "application" => "clientCredentials",
            "accessCode" => "authorizationCode",
            other => {
                let message = format!("`flow: {other}` is not a flow");
                let label = "must be implicit, password, application or accessCode";
                self.error(&kind::UNKNOWN_VALUE, message, name.span, label);
                return SchemeKind::Unknown;
            }
        };
        let flow = self.flow_of(fields);
        SchemeKind::OAuth2 {
            flows: IndexMap::from([(later.to_owned(), flow)]),
            metadata_url: None,
        }
    }
}
