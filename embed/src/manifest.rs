//! What a manifest needs for the runtime. The tables are compared with the manifests of the
//! workspace by a test.

use std::collections::BTreeMap;

use verbatim_codegen::Embedding;

type Features = &'static [(&'static str, &'static [&'static str])];
type Dependencies = &'static [(&'static str, &'static str)];

/// The features of the values layer.
pub(crate) const JSON_FEATURES: Features = &[("schemars", &["dep:schemars"])];

/// The features of the runtime.
pub(crate) const RUNTIME_FEATURES: Features = &[
    ("axum", &["webhooks", "dep:axum-core"]),
    ("blocking", &["dep:ureq", "dep:rustls"]),
    ("http2", &["reqwest", "reqwest/http2"]),
    (
        "native-tls",
        &["reqwest", "reqwest/native-tls", "dep:native-tls"],
    ),
    ("profiles", &["dep:toml"]),
    ("reqwest", &["dep:reqwest", "dep:http-body", "tokio/rt"]),
    ("rustls", &["reqwest", "reqwest/rustls"]),
    (
        "rustls-no-provider",
        &["reqwest", "reqwest/rustls-no-provider"],
    ),
    ("schemars", &["dep:schemars"]),
    ("tracing", &["dep:tracing"]),
    (
        "webhooks",
        &["dep:data-encoding", "dep:hmac", "dep:sha2", "dep:subtle"],
    ),
    ("xml", &["dep:quick-xml"]),
];

/// What the values layer depends on.
pub(crate) const JSON: Dependencies = &[
    ("regex-lite", r#""0.1.9""#),
    ("schemars", r#"{ version = "1.2.3", optional = true }"#),
    ("serde", r#"{ version = "1.0.229", features = ["derive"] }"#),
    (
        "serde_json",
        r#"{ version = "1.0.154", features = ["raw_value"] }"#,
    ),
    ("serde_path_to_error", r#""0.1.20""#),
];

/// What the runtime depends on beside.
pub(crate) const RUNTIME: Dependencies = &[
    ("aho-corasick", r#""1.1.4""#),
    ("axum-core", r#"{ version = "0.5.2", optional = true }"#),
    ("bytes", r#""1.10""#),
    ("data-encoding", r#"{ version = "2.9", optional = true }"#),
    ("fastrand", r#""2.3""#),
    ("flate2", r#""1.1""#),
    ("futures-core", r#""0.3.34""#),
    (
        "hmac",
        r#"{ version = "0.13.0", default-features = false, optional = true }"#,
    ),
    ("http", r#""1.3""#),
    ("http-body", r#"{ version = "1", optional = true }"#),
    ("httpdate", r#""1.0.3""#),
    ("native-tls", r#"{ version = "0.2.18", optional = true }"#),
    ("percent-encoding", r#""2.3""#),
    ("quick-xml", r#"{ version = "0.42.0", optional = true }"#),
    (
        "reqwest",
        r#"{ version = "0.13.5", default-features = false, optional = true }"#,
    ),
    (
        "rustls",
        r#"{ version = "0.23.46", default-features = false, features = ["std", "tls12"], optional = true }"#,
    ),
    ("secrecy", r#""0.10.3""#),
    (
        "sha2",
        r#"{ version = "0.11.1", default-features = false, optional = true }"#,
    ),
    (
        "subtle",
        r#"{ version = "2.6", default-features = false, optional = true }"#,
    ),
    (
        "tokio",
        r#"{ version = "1.54.1", default-features = false, features = ["sync", "time"] }"#,
    ),
    ("toml", r#"{ version = "1.2.1", optional = true }"#),
    ("tracing", r#"{ version = "0.1.44", optional = true }"#),
    (
        "ureq",
        r#"{ version = "3.5.1", default-features = false, features = ["rustls", "platform-verifier"], optional = true }"#,
    ),
    ("url", r#""2.5.8""#),
];

pub(crate) fn embedding(features: Features, dependencies: &[Dependencies]) -> Embedding {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let features = features
        .iter()
        .map(|(name, on)| ((*name).to_owned(), owned(on)));
    let all = dependencies.iter().copied().flatten();
    let dependencies = all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Embedding {
        features: features.collect(),
        dependencies: dependencies.collect::<BTreeMap<String, String>>(),
    }
}
