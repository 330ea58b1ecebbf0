//! The groups of operations as features of a crate, so that a program compiles what it uses.

use std::collections::{BTreeMap, BTreeSet};

use super::types::view;
use crate::ir::{Api, Content, Format, Kind, Operation, Scheme};
use crate::settings::{self, Unused};
use crate::{Layout, Options, Runtime};

/// From how many operations or types on a document counts as large.
const OPERATIONS: usize = 250;
const TYPES: usize = 2_000;

/// The feature of the types that no operation uses.
pub const UNUSED: &str = "unused-types";

/// The feature that stands for all groups.
pub const ALL: &str = "all-groups";

/// The feature of the list of all bodies.
pub const PAYLOADS: &str = "payloads";

/// The feature of the command line, and what it brings in.
pub const COMMAND_LINE: &str = "cli";
pub const ENGINE: &str = "verbatim-call";

/// A feature of the runtime that users of a client turn on.
pub struct Feature {
    /// Its name.
    pub name: &'static str,
    /// What it gives.
    pub words: &'static str,
}

/// The features, as manifest and README list them.
pub const FEATURES: &[Feature] = &[
    Feature {
        name: "rustls",
        words: "TLS by rustls, with the roots of the system.",
    },
    Feature {
        name: "rustls-no-provider",
        words: "TLS by rustls; the program installs the cryptography provider.",
    },
    Feature {
        name: "native-tls",
        words: "TLS of the operating system.",
    },
    Feature {
        name: "http2",
        words: "HTTP/2 where the server offers it.",
    },
    Feature {
        name: "blocking",
        words: "Calls without an asynchronous runtime.",
    },
    Feature {
        name: "tracing",
        words: "Spans of operations, attempts and waits.",
    },
    Feature {
        name: "fetch",
        words: "The transport of browsers and workers, for `wasm32-unknown-unknown`.",
    },
    Feature {
        name: "tower",
        words: "Layers of tower around the transport.",
    },
    Feature {
        name: "profiles",
        words: "Profiles read from a TOML file.",
    },
    Feature {
        name: "schemars",
        words: "`JsonSchema` of every type.",
    },
    Feature {
        name: "webhooks",
        words: "Signatures of webhooks and callbacks.",
    },
    Feature {
        name: "axum",
        words: "Extractors of webhooks and callbacks, for servers over axum.",
    },
    Feature {
        name: "xml",
        words: "Bodies as XML, chosen by `ClientBuilder::format`.",
    },
];

/// Whether a feature of the runtime is one that users of a client turn on.
pub fn is_public(name: &str) -> bool {
    FEATURES.iter().any(|feature| feature.name == name)
}

/// Features and parts of the runtime for which a document has no use, and which its crate does not have.
pub fn unused(api: &Api) -> Vec<&'static str> {
    let speaks_xml = !api.formats.iter().all(Format::is_json);
    let mut unused = if speaks_xml { vec![] } else { vec!["xml"] };
    if api.hooks.is_empty() {
        unused.extend(["axum", "webhooks"]);
    }
    let is_oauth = |scheme: &Scheme| matches!(scheme, Scheme::OAuth2(_) | Scheme::OpenIdConnect(_));
    if !api.schemes.iter().any(|(_, scheme)| is_oauth(scheme)) {
        unused.push("oauth");
    }
    let mut built = api.types.iter().filter(|def| view(def).built);
    if built.all(|def| def.bounds.rules.is_none()) {
        unused.push("keywords");
    }
    unused.extend(unused_parts(api));
    unused
}

/// Parts of the runtime that serve operations of a kind of which the document has none.
fn unused_parts(api: &Api) -> Vec<&'static str> {
    let has = |is: fn(&Operation) -> bool| api.operations.iter().any(is);
    let waits = has(|it| it.wait.is_some());
    // A wait looks through the pages of a list.
    let pages = waits || has(|it| it.pagination.is_some());
    let multipart = has(|it| {
        let mut bodies = it.body.iter().flat_map(|body| &body.contents);
        bodies.any(|content| content.kind == Kind::Multipart)
    });
    let sequences = has(|it| {
        let mut contents = it.replies.iter().flat_map(|reply| &reply.contents);
        contents.any(Content::is_sequence)
    });
    let parts = [
        ("waits", waits),
        ("pages", pages),
        ("multipart", multipart),
        ("sequences", sequences),
    ];
    let unused = parts.into_iter().filter(|(_, is_used)| !is_used);
    unused.map(|(part, _)| part).collect()
}

/// What no group can be called: the features of every crate, and its dependencies.
fn taken(options: &Options, runtime: &Runtime) -> BTreeSet<String> {
    let own = ["default", PAYLOADS, UNUSED, ALL, "verbatim-runtime"];
    let shared = FEATURES.iter().map(|feature| feature.name);
    let mut taken: BTreeSet<String> = own.into_iter().chain(shared).map(str::to_owned).collect();
    if let Runtime::Embedded(embedding) = runtime {
        taken.extend(embedding.features.keys().cloned());
        taken.extend(embedding.dependencies.keys().cloned());
    }
    if options.settings.program.is_some() {
        taken.extend([COMMAND_LINE, ENGINE].map(str::to_owned));
    }
    let dependencies = options.settings.dependencies.iter();
    taken.extend(dependencies.map(|(name, _)| name.clone()));
    taken
}

/// The feature of each group, by its word; empty where groups are no features.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupFeatures {
    by_word: BTreeMap<String, String>,
    /// Whether there are types that no operation uses.
    pub unused: Unused,
}

impl GroupFeatures {
    /// Whether groups are features at all.
    pub fn are_on(&self) -> bool {
        !self.by_word.is_empty()
    }

    /// The feature of a group.
    pub fn of(&self, word: &str) -> Option<&String> {
        self.by_word.get(word)
    }

    /// All features with the words of their groups.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &String)> {
        self.by_word.iter().map(|(word, feature)| (feature, word))
    }
}

/// Decides which groups are features, and how these are called.
pub fn features(api: &Api, words: &[String], options: &Options) -> GroupFeatures {
    let settings = &options.settings;
    let mut features = GroupFeatures {
        unused: settings.unused,
        ..GroupFeatures::default()
    };
    let words: BTreeSet<&String> = words.iter().collect();
    let is_large = api.operations.len() > OPERATIONS || api.types.len() > TYPES;
    let wanted = match settings.features {
        settings::Features::Always => true,
        settings::Features::Large => is_large && words.len() > 1,
        settings::Features::Never => false,
    };
    let Layout::Crate { runtime } = &options.layout else {
        return features;
    };
    if !wanted {
        return features;
    }
    let mut taken = taken(options, runtime);
    for word in words {
        let plain = word.trim_matches('_').replace('_', "-");
        let numbered = (2..).map(|number| format!("{plain}-{number}"));
        let mut names = std::iter::once(plain.clone()).chain(numbered);
        if let Some(name) = names.find(|name| !taken.contains(name)) {
            taken.insert(name.clone());
            features.by_word.insert(word.clone(), name);
        }
    }
    features
}
