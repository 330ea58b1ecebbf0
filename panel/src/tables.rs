// Made by `cargo xtask codegen`. Do not edit.

/// The tables of each API by its name; the first is the default.
pub const TABLES: &[(&str, &str)] = &[
    ("cloudpanel", include_str!("../tables/cloudpanel.json")),
    ("cloudflow", include_str!("../tables/cloudflow.json")),
    ("cloudsfor", include_str!("../tables/cloudsfor.json")),
];
