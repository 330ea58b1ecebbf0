//! Documentation text to `documented.json` to an OpenAPI document.

pub mod import;
