//! Proof that the generated clients lose nothing.
//!
//! The judges here share no code with what they judge: a body that was written back is compared
//! with the one that was read by [`compare`], which works on the tokens of both texts.
//!
//! A request without one of its required parts does not compile:
//!
//! ```compile_fail
//! use cloud_panels::cloudpanel::types::{CreateServer, CreateServerHardware};
//! let request = CreateServer::new("web", CreateServerHardware::default());
//! ```
//!
//! With all of them it does:
//!
//! ```
//! use cloud_panels::cloudpanel::types::{CreateServer, CreateServerHardware};
//! let request = CreateServer::new("web", CreateServerHardware::default(), "B5F7");
//! ```

#[path = "../../require.rs"]
mod require;

pub mod compare;
pub mod example;
pub mod mutate;
pub mod recording;
pub mod round;

use std::path::{Path, PathBuf};
use std::process::Command;

/// Every API of the client crate, with the bodies of its operations.
#[cfg(feature = "clients")]
pub fn apis() -> &'static [(&'static str, &'static [verbatim_runtime::json::Payload])] {
    cloud_panels::PAYLOADS
}

/// The text of an API's OpenAPI document as JSON.
///
/// # Panics
/// The document is not in `spec/`, or cannot be read.
pub fn document(api: &str) -> String {
    let folder = workspace().join("spec").join(api);
    for name in ["openapi.json", "openapi.yaml"] {
        let Ok(text) = std::fs::read_to_string(folder.join(name)) else {
            continue;
        };
        let mut sources = verbatim_source::Sources::new();
        let id = sources.add(verbatim_source::Source::new(name, text));
        let limits = verbatim_source::Limits::default();
        return match verbatim_source::parse(&sources, id, &limits) {
            Ok(root) => verbatim_source::write::compact(&root.value),
            Err(problems) => panic!("spec/{api}/{name}: {problems:?}"),
        };
    }
    panic!("spec/{api} has no OpenAPI document");
}

/// The top folder of the workspace.
///
/// # Panics
/// The crate was moved out of it.
pub fn workspace() -> &'static Path {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    folder.unwrap_or_else(|| panic!("the crate stands two folders below the workspace"))
}

/// Cargo for what is built outside the workspace, as users build it, with warnings denied. All such
/// builds share a folder and a profile, so that what they depend on is compiled once.
pub fn outside() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .env("CARGO_TARGET_DIR", workspace().join("target/outside"))
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("CARGO_INCREMENTAL", "0")
        .env("RUSTFLAGS", "-D warnings")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    cargo
}

/// A folder of test inputs beside the repository, if it is there.
///
/// Where it is not, a line says that the test skips it.
pub fn shared(name: &str) -> Option<PathBuf> {
    let folder = workspace().parent()?.join("shared").join(name);
    if folder.exists() {
        return Some(folder);
    }
    require::skipped("shared", &format!("../shared/{name} is not here"));
    None
}
