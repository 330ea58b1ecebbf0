// Made by `cargo xtask codegen`. Do not edit.

use verbatim_call::rehearsal::Document;

/// The tables of each API by its name; the first is the default.
pub const TABLES: &[(&str, &str)] = &[
    ("cloudpanel", include_str!("../tables/cloudpanel.json")),
    ("cloudflow", include_str!("../tables/cloudflow.json")),
    ("cloudsfor", include_str!("../tables/cloudsfor.json")),
];

/// The documents that simulators are made from.
pub const DOCUMENTS: &[Document<'static>] = &[
    Document {
        api: "cloudpanel",
        text: include_str!("../../spec/cloudpanel/openapi.json"),
        rules: include_str!("../../spec/cloudpanel/simulator.yaml"),
    },
    Document {
        api: "cloudflow",
        text: include_str!("../../spec/cloudflow/openapi.yaml"),
        rules: include_str!("../../spec/cloudflow/simulator.yaml"),
    },
    Document {
        api: "cloudsfor",
        text: include_str!("../../spec/cloudsfor/openapi.yaml"),
        rules: "",
    },
];
