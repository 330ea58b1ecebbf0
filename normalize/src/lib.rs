//! Documentation text to `documented.json` to an `OpenAPI` document.

pub mod evidence;
pub mod import;
pub mod openapi;
pub mod overlay;
mod unify;
